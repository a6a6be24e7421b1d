"""Pooling: the rule for ties, padding that never wins, dtypes, NaN, letters, refusals by name."""

import re
import tracemalloc

import numpy as np
import pytest
import sympy as sp

from convlib import (
    avg_pool2d,
    avg_pool2d_backward,
    conv2d,
    conv2d_backward,
    max_pool2d,
    max_pool2d_backward,
    numerical_gradient,
)
from convlib.networks import MaxPool
from convlib.symbolic import gradient, symbols

X = np.array([[1, 5, 2, 8, 0], [7, 3, 9, 4, 6], [2, 2, 1, 1, 3]])


def test_the_largest_of_each_window_and_where_its_price_goes():
    assert max_pool2d(X, (2, 2)).tolist() == [[7, 9]]
    assert max_pool2d(X, 2, stride=1).tolist() == [[7, 9, 9, 8], [7, 9, 9, 6]]
    assert max_pool2d_backward([[10, 1]], X, 2).tolist() == [
        [0, 0, 0, 0, 0], [10, 0, 1, 0, 0], [0, 0, 0, 0, 0]]
    overlapping = max_pool2d_backward([[1, 2, 4, 8], [16, 32, 64, 128]], X, 2, stride=1)
    assert overlapping.tolist() == [[0, 0, 0, 8, 0], [17, 0, 102, 0, 128], [0, 0, 0, 0, 0]]


def test_a_tie_goes_to_the_first_cell_row_by_row():
    same = np.full((1, 2, 4, 3), 6)
    dx = max_pool2d_backward(np.array([3, 5, 7, 9]).reshape(1, 2, 2, 1), same, 2)
    assert dx[0, 0].tolist() == [[3, 0, 0], [0, 0, 0], [5, 0, 0], [0, 0, 0]]
    assert max_pool2d_backward([[4]], [[1, 6], [6, 6]], 2).tolist() == [[0, 4], [0, 0]]


def test_padding_never_wins_and_counts_as_zero_in_the_mean():
    low = -X - 1
    assert max_pool2d(low, (3, 2), padding=(1, 1), stride=2).max() < 0
    assert (max_pool2d(np.full((3, 3), -np.inf), 3, padding=1) == -np.inf).all()
    assert max_pool2d_backward([[5]], [[-np.inf, -np.inf]], (1, 2)).tolist() == [[5, 0]]
    assert avg_pool2d(X, (2, 4), padding=(1, 1), stride=(2, 2))[0].tolist() == [8 / 8, 15 / 8]


def test_average_pooling_is_a_convolution_with_equal_weights():
    rng = np.random.default_rng(0)
    x, options = rng.integers(-9, 9, (2, 3, 6, 7)), {"stride": (1, 2), "padding": (1, 0)}
    w = np.full((3, 1, 2, 4), 1 / 8)
    y = avg_pool2d(x, (2, 4), **options)
    assert np.allclose(y, conv2d(x, w, groups=3, **options), rtol=1e-14)
    dy = rng.normal(size=y.shape)
    dx = conv2d_backward(dy, x, w, groups=3, **options).dx
    assert np.allclose(avg_pool2d_backward(dy, x, (2, 4), **options), dx, rtol=1e-13)


@pytest.mark.parametrize("padding, stride", [((1, 0), (1, 2)), ((1, 2), (2, 3)), (0, 2)])
def test_a_mean_that_does_not_count_the_padding(padding, stride):
    options = {"padding": padding, "stride": stride}
    x, window = X.astype(float), (2, 4)
    y = avg_pool2d(x, window, count_include_pad=False, **options)
    share = avg_pool2d(np.ones_like(x), window, **options)  # of each window inside x
    assert np.allclose(y, avg_pool2d(x, window, **options) / share, rtol=1e-14)
    dy = np.random.default_rng(2).normal(size=y.shape)
    dx = avg_pool2d_backward(dy, x, window, count_include_pad=False, **options)
    slope = numerical_gradient(lambda v: (dy * avg_pool2d(
        v, window, count_include_pad=False, **options)).sum(), x, eps=1)
    assert np.allclose(dx, slope, atol=1e-12)
    assert (share < 1).any() == (padding != 0)


def test_a_layer_learns_its_fit_from_shapes_alone(monkeypatch):
    monkeypatch.setattr("convlib.pooling._winners", lambda *a: pytest.fail("an image was read"))
    tracemalloc.start()
    assert repr(MaxPool(6000)) == "MaxPool(kernel_size=6000)"
    assert tracemalloc.get_traced_memory()[1] < 1e6
    tracemalloc.stop()


def test_cells_that_no_window_reads_get_no_price():
    dx = max_pool2d_backward(np.ones((1, 2)), X, 2)
    assert not dx[2].any() and not dx[:, 4].any() and dx.shape == X.shape
    assert not avg_pool2d_backward(np.ones((1, 2)), X, 2)[2].any()


def test_average_pooling_writes_its_formula():
    x, dy = symbols("x", (3, 4)), symbols("p", (2, 2))
    y = avg_pool2d(x, (2, 3), stride=1)
    assert y[0, 0] == sum(x[:2, :3].flat) / sp.Integer(6)
    found = avg_pool2d_backward(dy, x, (2, 3), stride=1)
    assert (np.vectorize(sp.expand)(found - gradient((dy * y).sum(), x)) == 0).all()


@pytest.mark.parametrize("given, largest, mean", [
    (np.uint8, np.int64, np.float64), (np.bool_, np.int64, np.float64),
    (np.float32, np.float32, np.float32), (np.float64, np.float64, np.float64)])
def test_dtypes(given, largest, mean):
    x = np.ones((4, 4), given)
    dy = np.ones((2, 2), given)
    assert {max_pool2d(x, 2).dtype, max_pool2d_backward(dy, x, 2).dtype} == {np.dtype(largest)}
    assert {avg_pool2d(x, 2).dtype, avg_pool2d_backward(dy, x, 2).dtype} == {np.dtype(mean)}


def test_nan_wins_its_windows_and_takes_their_price():
    x = X.astype(float)
    x[1, 1] = np.nan
    assert np.isnan(max_pool2d(x, 2)).tolist() == [[True, False]]
    assert max_pool2d_backward([[5, 6]], x, 2)[1].tolist() == [0, 5, 6, 0, 0]


def test_nothing_is_written_into_and_an_empty_batch_comes_back_empty():
    x = np.arange(24.0).reshape(2, 3, 4)
    x.flags.writeable = False
    for pool in (max_pool2d, avg_pool2d):
        pool(x, 2)
        assert pool(np.empty((0, 3, 4, 4)), 2).shape == (0, 3, 2, 2)
    assert max_pool2d_backward(np.empty((0, 3, 2, 2)), np.empty((0, 3, 4, 4)), 2).size == 0


REFUSED = [
    (lambda: max_pool2d(X, 3, padding=2), ValueError, "padding must be at most half"),
    (lambda: avg_pool2d(X, (2, 3), padding=(1, 2)), ValueError, "not 2 for kernel_size 3"),
    (lambda: max_pool2d(X, (4, 2)), ValueError, "spanning 4 does not fit on an axis of 3"),
    (lambda: max_pool2d(X, 0), ValueError, "kernel_size must be at least 1, not 0"),
    (lambda: max_pool2d(X, 1.5), TypeError, "kernel_size must be an integer"),
    (lambda: max_pool2d(X, 2, stride=0), ValueError, "stride must be at least 1"),
    (lambda: max_pool2d(X[0], 2), ValueError, "x must be (H, W), (C, H, W) or (N, C, H, W)"),
    (lambda: max_pool2d(symbols("x", (2, 2)), 2), TypeError, "x holds symbols"),
    (lambda: max_pool2d(X, 2, padding="same"), ValueError, "an int or two, not 'same'"),
    (lambda: max_pool2d_backward([[1]], X, 2), ValueError,
     "dy has shape (1, 1), but max_pool2d of x (3, 5) has shape (1, 2)"),
    (lambda: avg_pool2d_backward([[1]], X, 2), ValueError, "avg_pool2d of x (3, 5)"),
    (lambda: avg_pool2d(X.astype(complex), 2), TypeError, "x must hold real numbers"),
]


@pytest.mark.parametrize("call, error, words", REFUSED)
def test_refused_by_name(call, error, words):
    with pytest.raises(error, match=re.escape(words)):
        call()
