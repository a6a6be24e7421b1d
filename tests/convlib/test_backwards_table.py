"""Every gradient of convlib, by SymPy and by finite differences; none may be left out."""

import importlib
import pkgutil

import numpy as np
import pytest
import sympy as sp

import convlib
from convlib import numerical_gradient
from convlib.symbolic import symbols
from tests.convlib.backwards import TABLE, Sizes

TINY = Sizes()
LARGER = Sizes(N=3, C=1, K=6, H=7, W=5)
every = pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry.name)


def test_no_gradient_is_missing_from_the_table():
    found = set()
    for module in pkgutil.walk_packages(convlib.__path__, "convlib."):
        names = vars(importlib.import_module(module.name))
        found |= {name for name, value in names.items() if name.endswith("_backward")
                  and callable(value) and not name.startswith("_")}
    assert found == {f"{entry.name}_backward" for entry in TABLE}


def loss_of(entry, dy, sizes, function=None):
    """The loss as a function of the inputs: prices times outputs, or what the function says."""
    function = function or (lambda *a: entry.forward(*a, **entry.options))
    if entry.loss:
        return lambda *arrays: function(*arrays, *entry.fixed(sizes))
    return lambda *arrays: (dy[0] * function(*arrays)).sum()


@every
def test_equal_to_sympy_on_a_tiny_case(entry):
    arrays = entry.inputs(TINY)
    dy = entry.prices(arrays, TINY)
    variables = [symbols(name, a.shape) for name, a in zip("xwb", arrays, strict=False)]
    loss = sp.sympify(loss_of(entry, dy, TINY, entry.formula)(*variables))
    point = {s: sp.Integer(int(v)) for names, a in zip(variables, arrays, strict=True)
             for s, v in zip(names.flat, a.flat, strict=True)}
    found = entry.gradients(dy, arrays, TINY)
    assert len(found) == len(arrays)
    for names, gradient in zip(variables, found, strict=True):
        right = [float(loss.diff(s).xreplace(point).evalf(30)) for s in names.flat]
        assert gradient.shape == names.shape
        assert np.allclose(gradient.ravel(), right, rtol=1e-13, atol=1e-15)
        assert np.ptp(right) > 0  # a gradient that is the same everywhere would prove little


@every
@pytest.mark.parametrize("sizes", [TINY, LARGER], ids=["tiny", "larger"])
def test_equal_to_finite_differences(entry, sizes):
    arrays = [a / 4 if entry.step < 0.1 else a.astype(float) for a in entry.inputs(sizes, 1)]
    dy, smooth = entry.prices(arrays, sizes), entry.step < 0.1
    loss, found = loss_of(entry, dy, sizes), entry.gradients(dy, arrays, sizes)
    for n, gradient in enumerate(found):
        slope = numerical_gradient(lambda v, n=n: loss(*arrays[:n], v, *arrays[n + 1 :]),
                                   arrays[n], eps=entry.step)
        bound = 1e-7 * np.abs(slope).max() + 1e-9 if smooth else 1e-10 * np.abs(slope).max()
        assert np.abs(gradient - slope).max() <= bound
