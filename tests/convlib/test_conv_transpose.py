"""Transposed convolution is the input gradient of a convolution; output_padding chooses H."""

from itertools import product

import numpy as np
import pytest

from convlib import (
    conv1d,
    conv1d_backward,
    conv2d,
    conv2d_backward,
    conv_transpose1d,
    conv_transpose1d_backward,
    conv_transpose2d,
    conv_transpose2d_backward,
)
from convlib.symbolic import gradient, symbols

RNG = np.random.default_rng(0)
GRID = [(s, p, e, d, g) for s, p, e, d, g in product((1, 2, 3), (0, 1, (1, 2)), (0, 1, 2), (1, 2),
                                                     (1, 2)) if e < s]


@pytest.mark.parametrize("stride, padding, extra, dilation, groups", GRID)
def test_it_is_the_input_gradient_and_its_gradient_is_a_convolution(stride, padding, extra,
                                                                   dilation, groups):
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    x, w = RNG.integers(-9, 10, (2, 4, 4, 5)), RNG.integers(-9, 10, (4, 3, 3, 2))
    y = conv_transpose2d(x, w, output_padding=extra, **options)
    pads = np.broadcast_to(padding, 2)
    assert y.shape == (2, 3 * groups, *((n - 1) * stride + dilation * (k - 1) + 1 - 2 * p + extra
                                        for n, k, p in zip((4, 5), (3, 2), pads, strict=True)))
    assert np.array_equal(y, conv2d_backward(x, np.zeros_like(y), w, **options).dx)
    dy = RNG.integers(-9, 10, y.shape)
    grads = conv_transpose2d_backward(dy, x, w, output_padding=extra, **options)
    assert np.array_equal(grads.dx, conv2d(dy, w, **options))
    assert np.array_equal(grads.dw, conv2d_backward(x, dy, w, **options).dw)
    assert np.array_equal(grads.db, dy.sum(axis=(0, 2, 3)))


def test_one_axis_by_hand():
    assert conv_transpose1d([2, 4, 7], [10, 1]).tolist() == [20, 42, 74, 7]
    assert conv_transpose1d([1, 2], [100, 10, 1], stride=2).tolist() == [100, 10, 201, 20, 2]
    assert conv_transpose1d([1, 2], [100, 10, 1], stride=2, output_padding=1).tolist() == [
        100, 10, 201, 20, 2, 0]
    assert conv_transpose1d([1, 2], [100, 10, 1], padding=(1, 2), stride=2).tolist() == [10, 201]
    assert conv_transpose1d([1, 2], [10, 1], dilation=2, output_padding=1).tolist() == [
        10, 20, 1, 2, 0]  # more than the stride allows, but not more than the dilation


def test_the_output_padding_picks_one_of_the_sizes_that_share_an_output():
    for size in range(3, 9):
        y = conv1d(np.ones(size), np.ones(3), stride=2)
        back = conv_transpose1d(y, np.ones(3), stride=2, output_padding=(size - 3) % 2)
        assert back.shape == (size,)


def test_every_rank_and_the_bias():
    w = RNG.integers(-9, 10, (2, 3, 2))
    one = conv_transpose1d(np.arange(8).reshape(2, 4), w, np.array([100, 200, 300]))
    many = conv_transpose1d(np.arange(8).reshape(1, 2, 4), w, np.array([100, 200, 300]))
    assert np.array_equal(one, many[0]) and one.shape == (3, 5)
    assert np.array_equal(conv_transpose2d([[1, 2]], [[3], [4]], 10), [[13, 16], [14, 18]])


def test_letters():
    x, w = symbols("x", 3), symbols("w", 2)
    y = conv_transpose1d(x, w, stride=2, padding=1, output_padding=1)
    dy = symbols("g", y.shape)
    grads = conv_transpose1d_backward(dy, x, w, stride=2, padding=1, output_padding=1)
    for found, of in ((grads.dx, x), (grads.dw, w)):
        assert found.tolist() == gradient((dy * y).sum(), of).tolist()


def test_it_is_not_the_inverse():
    x, w = np.array([1, 2, 3, 5]), np.array([10, 1])
    assert not np.array_equal(conv_transpose1d(conv1d(x, w), w), x)
    assert np.array_equal(conv1d_backward(conv1d(x, w), x, w).dx, conv_transpose1d(conv1d(x, w), w))
