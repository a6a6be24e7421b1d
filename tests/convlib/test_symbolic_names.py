"""Symbols that a sum runs over are never captured, and what is missing is named."""

import re

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from convlib import conv1d, conv1d_backward, conv2d_backward
from convlib import symbolic as s

N = {"P": 3, "R": 2, "w": [10, 1], "x": [1, 2, 3, 4], "dy": [1, 2, 3]}
Y, GRADIENTS = conv1d(N["x"], N["w"]), conv1d_backward(N["dy"], N["x"], N["w"])
INDICATOR = s.input_indicator(1)
OTHER_R, OTHER_I = sp.Symbol("r"), sp.Symbol("i")

CAPTURED = [
    (lambda: s.loss(1).diff(s.w[s.r]), "the cell w[r] holds r, which this sum runs over"),
    (lambda: s.loss(1).diff(s.dy[s.p]), "the cell dy[p] holds p"),
    (lambda: s.loss(1).diff(s.x[s.p + s.r]), "the cell x[p + r] holds p, r"),
    (lambda: s.loss(2).diff(s.w[s.a, s.s]), "the cell w[a, s] holds s"),
    (lambda: s.loss(1).diff(s.w[OTHER_R]), "the cell w[r] holds r"),
    (lambda: INDICATOR.sum_out(s.p).substitute(s.i, s.r), "r in place of i holds r"),
    (lambda: INDICATOR.substitute(s.i, s.m + s.p), "holds p, which this sum runs over"),
    (lambda: INDICATOR.substitute(s.p, s.m), "p, which is to be replaced, holds p"),
    (lambda: INDICATOR.substitute(s.j, s.m), "this sum has no j"),
    (lambda: INDICATOR.substitute(OTHER_I, s.m), "another symbol of the same name"),
    (lambda: INDICATOR.reindex(s.p, s.r, s.r, 0, s.P - 1), "r in place of p holds r"),
    (lambda: INDICATOR.reindex(s.p, s.i, s.i, 0, s.P - 1), "i in place of p has a meaning"),
    (lambda: INDICATOR.reindex(s.p, s.R, s.R, 0, s.P - 1), "R in place of p has a meaning"),
    (lambda: INDICATOR.reindex(s.p, s.m, s.m + s.r, 0, s.P - 1), "p = m + r holds r"),
    (lambda: INDICATOR.reindex(s.i, s.m, s.m, 0, s.P - 1), "i is not summed, only p, r"),
    (lambda: INDICATOR.between(s.p, 0, s.r), "the limit r holds r"),
    (lambda: INDICATOR.between(s.p, s.p - 1, s.P), "the limit p - 1 holds p"),
    (lambda: INDICATOR.sum_out(s.i), "i is not summed, only p, r"),
    (lambda: INDICATOR.sum_out(OTHER_R), "the r given is another symbol of the same name"),
    (lambda: s.loss(1).at(**N, r=1), "r is summed and takes no value"),
    (lambda: s.loss(1, stride=s.p), "stride = p holds p, which the loss sums over"),
    (lambda: s.kernel_gradient(2, padding=s.q + 1), "padding = q + 1 holds q"),
    (lambda: s.kernel_gradient(1).at(**N), "no value for a: at() needs one"),
    (lambda: s.loss(1).at(P=3, R=2, w=[1, 2], x=[1, 2]), "no value for dy"),
    (lambda: s.loss(1).at(**{**N, "R": s.t}), "R must be a number, not t"),
    (lambda: s.loss(1).at(**{**N, "x": np.eye(3)}), "x has shape (3, 3), but the sum reads x[0]"),
    (lambda: s.loss(1).diff(s.w[s.a, s.b]), "an array like dy[p], w[r], x[p + r], not w[a, b]"),
    (lambda: s.loss(1).diff(3), "cell must be an entry of an array like"),
    (lambda: s.loss(3), "ndim must be 1 or 2, not 3"),
    (lambda: s.input_gradient(over="p"), "over must be 'out' or 'tap', not 'p'"),
    (lambda: s.evaluate(s.symbols("x", 3), {"x": [1, 2]}), "no number for x_2; there are numbers"),
    (lambda: s.evaluate([1 / s.symbols("x", 1)[0]], {"x": [0]}), "which is not a real number"),
]


@pytest.mark.parametrize("call, words", CAPTURED, ids=[words for _, words in CAPTURED])
def test_refused_by_name(call, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        call()


def test_numbers_are_given_by_the_names_of_arrays():
    with pytest.raises(TypeError, match=r"must be a dictionary of arrays by name, not \[1, 2\]"):
        s.evaluate(s.symbols("x", 2), [1, 2])


@pytest.mark.parametrize("cell", range(-1, 5))
def test_a_number_for_a_cell_is_summed_out(cell):
    def of(array):
        return array[cell] if 0 <= cell < len(array) else 0

    assert s.loss(1).diff(s.w[cell]).sum_out(s.r).at(**N) == of(GRADIENTS.dw)
    assert s.loss(1).diff(s.dy[cell]).sum_out(s.p).at(**N) == of(Y)
    for index in (s.p, s.r):
        assert s.loss(1).diff(s.x[cell]).sum_out(index).at(**N) == of(GRADIENTS.dx)


@settings(max_examples=15, deadline=None)
@given(st.tuples(*[st.one_of(st.integers(-1, 3), st.sampled_from([s.a, s.R - 1, s.S]))] * 2),
       st.sampled_from("wdx"), st.permutations(range(2)), st.integers(1, 2))
def test_summing_out_keeps_the_value_of_any_cell(cell, array, order, spread):
    """A number, a free index or a size in each place; sums carried out in either order."""
    arrays = {"x": np.arange(12).reshape(3, 4) % 5, "w": np.array([[1, 2, 3], [4, 5, 7]]),
              "dy": np.array([[1, 2], [3, 5]])}
    sizes = {"P": 2, "Q": 2, "R": 2, "S": 3, "a": 1}
    base, indices = {"w": (s.w, (s.r, s.s)), "d": (s.dy, (s.p, s.q)), "x": (s.x, (s.p, s.q))}[array]
    kept = s.loss(2, dilation=spread).diff(base[cell])
    away = kept
    for index in (indices[n] for n in order):
        away = away.sum_out(index)
    assert away.at(**sizes, **arrays) == kept.at(**sizes, **arrays)


def test_two_axes_against_the_kernels():
    arrays = {"x": np.arange(12).reshape(3, 4) % 5, "w": np.array([[1, 2, 3], [4, 5, 7]]),
              "dy": np.array([[1, 2], [3, 5]])}
    dw = conv2d_backward(arrays["dy"], arrays["x"], arrays["w"]).dw
    for cell in np.ndindex(2, 3):
        summed = s.loss(2).diff(s.w[cell]).sum_out(s.r).sum_out(s.s)
        assert summed.at(P=2, Q=2, R=2, S=3, **arrays) == dw[cell]


def test_sympy_vectors_are_arrays():
    assert s.loss(1).at(**{**N, "x": sp.Matrix(N["x"])}) == s.loss(1).at(**N)
    assert s.loss(1).at(**{**N, "w": sp.Matrix([N["w"]])}) == s.loss(1).at(**N)


def test_symbols_stand_for_real_numbers_so_a_distance_has_a_slope():
    x = s.symbols("x", 3)
    slope = s.gradient(sum(abs(cell - 3) for cell in x), x)
    assert s.evaluate(slope, {"x": [1, 3, 5]}).tolist() == [-1, 0, 1]
    assert slope.tolist() == [sp.sign(cell - 3) for cell in x]
    assert s.evaluate(s.gradient(sp.sqrt(x[0] ** 2), x[:1]), {"x": [-2]}).tolist() == [-1]
    assert s.jacobian([abs(x[0]), x[1] * x[0]], x[:2]).subs({"x_0": -2, "x_1": 5}) == sp.Matrix(
        [[-1, 0], [5, -2]])


def test_a_symbol_of_ones_own_is_known_by_its_name():
    assert s.evaluate([sp.Symbol("x_1") + 1], {"x": [1, 5]}).tolist() == [6]
