"""In a browser without NumPy, the proofs of `convlib.symbolic` still run and can be read."""

import subprocess
import sys

WITHOUT = """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "numpy":
            raise ModuleNotFoundError("No module named 'numpy'", name="numpy")

sys.meta_path.insert(0, Hidden())
"""
PROOF = """
from convlib import symbolic as sym

chosen = sym.input_indicator(1).sum_out(sym.p)          # dx[i] = sum_r dy[i - r] w[r]
expected = sym.dy[sym.i - sym.r] * sym.w[sym.r]
assert chosen.summand == expected and chosen.limits == ((sym.r, 0, sym.R - 1),)
dy, w = [2, 4, 7], (10, 1)
found = [chosen.at(dy=dy, w=w, R=2, P=3, i=i) for i in range(4)]
assert found == [20, 42, 74, 7], found
plane = sym.input_gradient(2)
dy, w = [[1, 2], [-1, 3]], [[1, -1, 2], [0, 3, -2]]
found = [[plane.at(dy=dy, w=w, R=2, S=3, P=2, Q=2, i=i, j=j) for j in range(4)] for i in range(3)]
assert found == [[1, 1, 0, 4], [-1, 7, -1, 2], [0, -3, 11, -6]], found
assert "numpy" not in sys.modules
"""
REFUSALS = """
import convlib, convlib.symbolic as sym

def said(call):
    try:
        call()
    except (ImportError, AttributeError) as error:
        return str(error)

assert said(lambda: convlib.conv2d) == "conv2d needs NumPy", said(lambda: convlib.conv2d)
assert said(lambda: convlib.conv9d) == "module 'convlib' has no attribute 'conv9d'"
for call in (lambda: sym.symbols("x", 3), lambda: sym.formula([sym.p]),
             lambda: sym.gradient(sym.p, [sym.p]), lambda: sym.jacobian([sym.p], [sym.p]),
             lambda: sym.evaluate([sym.p], {})):
    assert said(call) == "No module named 'numpy'", said(call)
"""


def run(script, check=True):
    return subprocess.run([sys.executable, "-c", WITHOUT + script], check=check, timeout=120,
                          stderr=None if check else subprocess.PIPE, text=True)


def test_proofs_run_and_are_read_at_numbers():
    run(PROOF)


def test_what_needs_numpy_says_so():
    run(REFUSALS)
