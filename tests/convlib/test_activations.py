"""Activations and losses against SymPy, finite differences, exact values; refusals by name."""

import re

import numpy as np
import pytest
import sympy as sp

from convlib import (
    conv2d,
    conv2d_backward,
    l2_penalty,
    l2_penalty_backward,
    linear,
    linear_backward,
    numerical_gradient,
    relu,
    relu_backward,
    sigmoid,
    sigmoid_backward,
    softmax,
    softmax_backward,
    softmax_cross_entropy,
    softmax_cross_entropy_backward,
    squared_error,
    squared_error_backward,
)
from convlib.symbolic import gradient, symbols

RNG = np.random.default_rng(6)
X, DY = RNG.normal(size=(3, 5)) * 4, RNG.normal(size=(3, 5))
A, TARGET = RNG.normal(size=(2, 4)), RNG.normal(size=(2, 4))
LAYERS = [(relu, relu_backward), (sigmoid, sigmoid_backward)]


@pytest.mark.parametrize("layer, backward", LAYERS)
def test_gradient_is_the_slope_of_the_loss(layer, backward):
    slope = numerical_gradient(lambda v: (DY * layer(v)).sum(), X)
    assert np.allclose(backward(DY, X), slope, rtol=1e-7, atol=1e-9)


def test_sigmoid_and_its_slope_equal_sympy_at_30_digits():
    z = sp.Symbol("z")
    curve = 1 / (1 + sp.exp(-z))
    for value in (-40.0, -1.25, 0.0, 0.3, 2.75, 40.0):
        right = [float(e.subs(z, sp.Float(value, 30)).evalf(30)) for e in (curve, curve.diff(z))]
        found = sigmoid(value), sigmoid_backward(3.0, value) / 3
        assert np.allclose(found, right, rtol=1e-14, atol=0)


def test_sigmoid_of_huge_numbers_and_of_integers():
    with np.errstate(over="raise", invalid="raise"):
        assert sigmoid([-1000, 1000, 0]).tolist() == [0, 1, 0.5]
        assert sigmoid([-np.inf, np.inf]).tolist() == [0, 1]
        assert sigmoid_backward([5, -5], [-1000, 1000]).tolist() == [0, 0]
    assert sigmoid_backward([1], [3]).dtype == np.float64


def test_relu_keeps_the_positive_and_is_flat_at_0():
    assert relu([-2, 0, 3]).tolist() == [0, 0, 3]
    assert relu_backward([5, 6, -7], [-2, 0, 3]).tolist() == [0, 0, -7]
    for price in (np.inf, -np.inf, np.nan):  # nothing comes through a shut gate
        assert relu_backward([price, 2.5], [-1, 1]).tolist() == [0, 2.5]
    assert not np.signbit(relu_backward([-1.5], [-1]))


@pytest.mark.parametrize("given, computed", [
    (np.bool_, np.int64), (np.uint8, np.int64), (np.int32, np.int64), (np.float32, np.float32)])
def test_dtypes_are_those_of_the_kernels(given, computed):
    one = np.ones(2, given)
    assert {relu(one).dtype, relu_backward(one, one).dtype,
            squared_error(one, one).dtype, squared_error_backward(one, one).dtype} == {
                np.dtype(computed)}
    smooth = np.float32 if given is np.float32 else np.float64
    assert {sigmoid(one).dtype, sigmoid_backward(one, one).dtype} == {np.dtype(smooth)}


@pytest.mark.parametrize("unsigned", [np.uint8, np.uint64])
def test_a_difference_of_unsigned_integers_has_a_sign(unsigned):
    y, target = np.array([3, 250], unsigned), np.array([5, 0], unsigned)
    assert squared_error(y, target) == 4 + 62500
    assert squared_error_backward(y, target).tolist() == [-4, 500]


def test_nan_goes_through_and_stays_in_its_cell():
    x = np.array([np.nan, 1, -1])
    for layer, backward in LAYERS:
        assert np.isnan(layer(x)).tolist() == [True, False, False]
        assert np.isnan(backward([1, 1, 1], x)).tolist() == [True, False, False]
        assert np.isnan(backward([1, np.nan, 1], np.abs(x))).tolist() == [True, True, False]
    assert np.isnan(squared_error(x, [0, 0, 0]))
    assert np.isnan(squared_error_backward(x, [0, 0, 0])).tolist() == [True, False, False]


def test_squared_error_is_a_sum_and_writes_its_formula():
    assert squared_error([[1, 2, 3]], [[3, 2, 0]]) == 4 + 0 + 9
    slope = numerical_gradient(lambda v: squared_error(v, TARGET), A, eps=1)
    assert np.allclose(squared_error_backward(A, TARGET), slope, rtol=1e-12)
    a, t = symbols("a", (2, 3)), symbols("t", (2, 3))
    right = gradient(squared_error(a, t), a)
    assert (squared_error_backward(a, t) - right == 0).all()


def test_softmax_of_four_scores_and_its_loss():
    scores = [1, 2, 0, -1]
    p = [0.2368828181, 0.6439142599, 0.0871443187, 0.0320586033]
    assert np.allclose(softmax(scores), p, atol=1e-10)
    assert abs(softmax_cross_entropy(scores, 2) - 2.4401896986) < 1e-10
    dy = softmax_cross_entropy_backward(scores, 2)
    assert np.allclose(dy, np.subtract(p, [0, 0, 1, 0]), atol=1e-10) and abs(dy.sum()) < 1e-15


def test_the_loss_is_a_mean_over_the_batch_and_takes_probabilities():
    scores, classes = RNG.normal(size=(3, 5)), [4, 0, 2]
    alone = [softmax_cross_entropy(s, c) for s, c in zip(scores, classes, strict=True)]
    assert np.isclose(softmax_cross_entropy(scores, classes), np.mean(alone), rtol=1e-14)
    one_hot = np.eye(5)[classes]
    for f in (softmax_cross_entropy, softmax_cross_entropy_backward):
        assert np.allclose(f(scores, one_hot), f(scores, classes), rtol=1e-14)
    soft = softmax(RNG.normal(size=(3, 5)))
    slope = numerical_gradient(lambda s: softmax_cross_entropy(s, soft), scores)
    assert np.allclose(softmax_cross_entropy_backward(scores, soft), slope, atol=1e-9)


def test_no_score_is_too_large():
    assert np.allclose(softmax(np.array([1, 2], np.uint64)), softmax([1.0, 2.0]))
    assert softmax(np.array([2**62, -(2**63) + 1])).tolist() == [1, 0]
    with np.errstate(over="raise", invalid="raise"):
        huge = [[1e4, 0, -1e4], [-1e300, 0, 1]]
        assert softmax(huge)[0].tolist() == [1, 0, 0]
        assert softmax_cross_entropy(huge, [2, 1]) == pytest.approx((2e4 + 1.3132616875) / 2)
        assert np.isfinite(softmax_cross_entropy_backward(huge, [2, 1])).all()
    barred = [1.0, 2.0, -np.inf]  # a class that is ruled out
    assert softmax_cross_entropy(barred, 1) == pytest.approx(np.log(1 + np.exp(-1)))
    assert softmax_cross_entropy_backward(barred, 1)[2] == 0
    shifted = softmax(np.array([1.5, -2, 0.25]) + 64)  # a power of two loses no digit here
    assert np.allclose(softmax([1.5, -2, 0.25]), shifted, rtol=1e-14)
    assert softmax_cross_entropy([0.0, 40.0], 1) == pytest.approx(np.exp(-40), rel=0.1)


def test_a_dense_layer_is_a_convolution_as_large_as_its_input():
    x, w = RNG.integers(-9, 9, (2, 3, 4, 5)), RNG.integers(-9, 9, (6, 3, 4, 5))
    b, dy = RNG.integers(-9, 9, 6), RNG.integers(-9, 9, (2, 6))
    rows, matrix = x.reshape(2, -1), w.reshape(6, -1)
    assert (linear(rows, matrix, b) == conv2d(x, w, b)[..., 0, 0]).all()
    dense, right = linear_backward(dy, rows, matrix), conv2d_backward(dy[..., None, None], x, w)
    for found, wanted in zip(dense, right, strict=True):
        assert (found.ravel() == wanted.ravel()).all()
    one = linear_backward(dy[0], rows[0], matrix)
    assert one.dx.shape == (60,) and (one.dw == np.outer(dy[0], rows[0])).all()


def test_the_penalty_pulls_towards_0_and_keeps_the_dtype():
    w = np.array([[1, -2, 3]], np.float32)
    assert l2_penalty(w, 0.5) == 7 and l2_penalty_backward(w, 0.5).tolist() == [[1, -2, 3]]
    assert l2_penalty_backward(w, 0.5).dtype == np.float32
    letter, strength = symbols("w", 2), sp.Symbol("lambda")
    right = gradient(l2_penalty(letter, strength), letter)
    assert (l2_penalty_backward(letter, strength) - right == 0).all()


Letters, Complex, Half = symbols("x", 2), np.ones(2, complex), np.ones(2, np.float16)
REFUSED = [
    (lambda: relu(Letters), TypeError, "x holds symbols"),
    (lambda: relu(Letters), TypeError, "convlib.symbolic, write sympy.Max(x, 0)"),
    (lambda: relu_backward(symbols("dy", 2), [1, 2]), TypeError, "dy holds symbols"),
    (lambda: sigmoid(Letters), TypeError, "convlib.symbolic, write 1 / (1 + sympy.exp(-x))"),
    (lambda: sigmoid_backward([1, 2], Letters), TypeError, "x holds symbols"),
    (lambda: relu_backward([1], [1, 2]), ValueError,
     "dy has shape (1,), but relu(x) has shape (2,)"),
    (lambda: sigmoid_backward([[1, 2]], [1, 2]), ValueError,
     "dy has shape (1, 2), but sigmoid(x) has shape (2,)"),
    (lambda: squared_error([1, 2], 0), ValueError, "target has shape (), but y has shape (2,)"),
    (lambda: squared_error_backward([1, 2], [1]), ValueError, "target has shape (1,)"),
    (lambda: sigmoid([[1, 2], [3]]), ValueError, "x is not a rectangular array"),
    (lambda: relu(["a"]), TypeError, "x must hold real numbers"),
    (lambda: relu(None), TypeError, "x must hold real numbers"),
    (lambda: softmax(Letters), TypeError, "convlib.symbolic, write exp(x_k)"),
    (lambda: softmax([[]]), ValueError, "at least one score on its last axis, not (1, 0)"),
    (lambda: softmax_backward([1, 2], [1, 2, 3]), ValueError, "dy has shape (2,)"),
    (lambda: linear([1, 2], [[1, 2, 3]]), ValueError, "x of shape (2,) and w of shape (1, 3)"),
    (lambda: linear([1, 2], [1, 2]), ValueError, "want x (D,) or (N, D) with w (M, D)"),
    (lambda: linear([1, 2], [[1, 2]], [1, 2]), ValueError, "b has shape (2,)"),
    (lambda: linear_backward([1, 2], [1, 2], [[1, 2]]), ValueError, "dy has shape (2,)"),
    (lambda: softmax_cross_entropy([1, 2, 3], 3), ValueError,
     "classes from 3 to 3, but the 3 scores are for 0 to 2"),
    (lambda: softmax_cross_entropy([[1, 2], [3, 4]], [0, -1]), ValueError, "from -1 to 0"),
    (lambda: softmax_cross_entropy([[1, 2]], [0, 1]), ValueError, "classes (whole numbers)"),
    (lambda: softmax_cross_entropy([[1, 2]], [0.0]), TypeError, "whole numbers, not float64"),
    (lambda: softmax_cross_entropy([[1, 2]], None), TypeError, "target must hold real numbers"),
    (lambda: softmax_cross_entropy([[1, 2]], [[0], [1, 0]]), ValueError, "rectangular"),
    (lambda: softmax_cross_entropy([[1, 2]], [[0.5, 0.6]]), ValueError, "add up to 1"),
    (lambda: softmax_cross_entropy([[1, 2]], [[1.5, -0.5]]), ValueError, "smallest entry is -0"),
    (lambda: softmax_cross_entropy(np.empty((0, 3)), []), ValueError, "not empty"),
    (lambda: softmax_cross_entropy_backward(Letters, 0), TypeError, "scores holds symbols"),
    (lambda: l2_penalty([1, 2], -1), ValueError, "strength must be a number that is 0 or more"),
    (lambda: l2_penalty([1, 2], [1, 2]), ValueError, "not [1, 2]"),
    (lambda: l2_penalty(["a"], 1), TypeError, "w must hold real numbers"),
] + [(lambda f=f, bad=bad: f(bad), TypeError, "x must hold real numbers (not complex")
     for f in (relu, sigmoid) for bad in (Complex, Half)] + [
    (lambda f=f, bad=bad: f([1, 2], bad), TypeError, "must hold real numbers (not complex")
    for f in (relu_backward, sigmoid_backward, squared_error, squared_error_backward)
    for bad in (Complex, Half)]


@pytest.mark.parametrize("call, error, words", REFUSED)
def test_refused_by_name(call, error, words):
    with pytest.raises(error, match=re.escape(words)):
        call()


def test_a_dense_layer_without_bias_is_the_matrix_alone():
    w = RNG.integers(-9, 10, (3, 5))
    x = RNG.integers(-9, 10, (2, 5))
    assert np.array_equal(linear(x, w), linear(x, w, np.zeros(3, int)))
    assert linear(x[0], w).tolist() == (w @ x[0]).tolist()


def test_infinite_scores_give_nan_without_a_warning():
    assert np.isnan(softmax([np.inf, 1.0])).all()
    assert np.isnan(softmax_cross_entropy_backward([[-np.inf, -np.inf]], [0])).all()


def test_a_penalty_too_strong_for_floats_is_refused():
    with pytest.raises(ValueError, match=r"strength must be at most 1\.8e308"):
        l2_penalty([1.0, 2.0], 10**400)
