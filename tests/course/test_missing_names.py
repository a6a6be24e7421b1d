"""NameError says which cell defines the name, and is never in its own way."""

import json
import os
import sys

import nbformat.v4 as v4
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyter_client.manager import KernelManager

from course.missing_names import AGAIN, defined, where_defined

CELLS = [
    v4.new_markdown_cell("# Digits\n\nText."), v4.new_code_cell("from course import check"),
    v4.new_code_cell("%matplotlib inline\nimport numpy as np\npixels = np.ones((2, 3))"),
    v4.new_markdown_cell("## Count them"), v4.new_code_cell("count = pixels.sum()\ncount"),
    v4.new_code_cell("pixels, (late, *more) = 2 * pixels, (1, 2)"),
    v4.new_code_cell("for step in range(3):\n    pass\n\ndef double(n):\n    inner = n\n"
                     "    return 2 * inner")]


def where(name, current):
    return where_defined(name, CELLS, current)


def test_the_nearest_cell_above_is_named():
    assert where("pixels", 4) == (
        f"pixels is defined in a cell above under “Digits”:\n    pixels = np.ones((2, 3))\n{AGAIN}")
    assert "under “Count them”:\n    pixels, (late" in where("pixels", 6)
    assert "    import numpy as np\n" in where("np", 5)


def test_a_cell_below_is_named_where_none_is_above():
    assert where("late", 4).startswith("late is defined in a cell further down under “Count them”")
    assert where("late", 4).endswith("Run that cell first.")
    assert where("double", None).startswith("double is defined in a cell under “Count them”:")


def test_a_name_that_no_cell_defines_gets_no_words():
    for name in ("typo", "inner", "sum", "count"):
        assert where(name, 4) == ""  # the cell that misses it does not count


@pytest.mark.parametrize("source, names", [
    ("import a.b, c as d\nfrom e import f as g, h", {"a", "d", "g", "h"}),
    ("a[0] = b.c = d = 1\ne += 1\nf: int = 2", {"d", "e", "f"}),
    ("with open('a') as b:\n    c = [d for d in b]\nif (n := 3):\n    m = n", {"b", "c", "n", "m"}),
    ("class A:\n    inside = 1\nasync def b():\n    pass\nlambda: (c := 1)", {"A", "b"}),
    ("try:\n    a = 1\nexcept ValueError as e:\n    pass\nfor b, (c, *d) in []:\n    pass",
     {"a", "b", "c", "d"}),
    ("!ls\n%timeit x\na = 1", {"a"}), ("def f(:", set()), ("a = " + "(" * 500, set()),
    ("\0", set())])
def test_names_that_a_cell_defines(source, names):
    assert defined(source) - {""} == names


@given(st.text(max_size=60), st.text(max_size=8))
def test_any_text_in_a_cell_is_survived(source, name):
    assert defined(source) is not None
    where_defined(name, [{"cell_type": "code", "source": [source]}, {"cell_type": "raw"}], 0)


@pytest.fixture
def kernel(tmp_path):
    """kernel(notebook) -> run(code) -> the lines of the traceback."""
    started = []

    def start(session):
        manager = KernelManager()
        manager.start_kernel(env=os.environ | {"JPY_SESSION_NAME": str(session), "NO_COLOR": "1"},
                             cwd=str(tmp_path))
        client = manager.blocking_client()
        client.start_channels()
        started.append((manager, client))
        client.wait_for_ready(timeout=60)

        def run(code):
            said = []
            client.execute_interactive(code, timeout=60, output_hook=said.append)
            return "\n".join(line for message in said if message["msg_type"] == "error"
                             for line in message["content"]["traceback"])
        run(f"import sys; sys.path[:0] = {sys.path!r}")
        return run

    yield start
    for manager, client in started:
        client.stop_channels()
        manager.shutdown_kernel()  # not killed: what it ran is measured by make coverage


def test_in_a_kernel_the_traceback_stays_and_ends_with_the_cell(kernel, tmp_path):
    notebook = tmp_path / "pictures.ipynb"
    notebook.write_text(json.dumps(v4.new_notebook(cells=CELLS)))
    run = kernel(notebook)
    assert "defined in" not in run("pixels")  # nothing is installed yet
    assert run("import course") == ""
    said = run(CELLS[4].source)
    assert "count = pixels.sum()" in said and "name 'pixels' is not defined" in said
    assert said.rstrip().endswith(AGAIN) and "cell above under “Digits”" in said
    assert "late is defined in a cell under" in run("late")
    assert "is defined in" not in run("typo")
    assert "is defined in" not in run("def f():\n    print(pixels)\n    pixels = 1\nf()")
    assert "is defined in" not in run("import collections as c\nexec('pixels', vars(c))")
    assert "pixels is defined in a cell" in run("def g():\n    return pixels\ng()")
    notebook.write_text("{")
    assert run("pixels").rstrip().endswith(AGAIN)


def test_where_the_notebook_is_not_known_the_cells_above_are_pointed_at(kernel):
    run = kernel("no-such-file.ipynb")
    run("import course")
    said = run("pixels")
    assert f"If a cell above defines pixels: {AGAIN[0].lower()}{AGAIN[1:]}" in said


def test_outside_a_notebook_nothing_is_changed():
    hook = sys.excepthook
    from course.missing_names import explain_missing_names
    explain_missing_names()
    assert sys.excepthook is hook
