"""Activations, each with its gradient directly below.

They work cell by cell (softmax along the last axis), so they need no table of products.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlib.losses import probabilities
from convlib.operands import expect_shape, floats, numbers
from convlib.options import in_words

SIGMOID, SOFTMAX = "1 / (1 + sympy.exp(-x))", "exp(x_k) / sum exp(x_m)"


@in_words
def relu(x: ArrayLike) -> NDArray[Any]:
    """Keep what is positive, and put 0 for the rest.

    ::

        a[...] = max(x[...], 0)

    Parameters
    ----------
    x : array_like
        Any shape.

    Returns
    -------
    NDArray
        a, like x.

    Raises
    ------
    TypeError
        For what is not numeric, and for symbols.
    """
    (x,) = numbers("relu", "sympy.Max(x, 0)", x=x)
    # zeros for one image, not one zero: NumPy compares row with row four times as fast
    a: NDArray[Any] = np.maximum(x, np.zeros(x.shape[1:], x.dtype))
    return a


@in_words
def relu_backward(dy: ArrayLike, x: ArrayLike) -> NDArray[Any]:
    """Gradient of a loss through relu, given dy = dL/da: open where x > 0, shut at 0 and below.

    ::

        dx[...] = dy[...] if x[...] > 0 else 0      (NaN where x is NaN)

    Parameters
    ----------
    dy, x : array_like
        Arrays of one shape.

    Returns
    -------
    NDArray
        dx, like x.

    Raises
    ------
    ValueError
        If the shapes differ.
    TypeError
        As relu does.
    """
    dy, x = numbers("relu", "sympy.Max(x, 0)", dy=dy, x=x)
    expect_shape("dy", dy, x.shape, "relu(x)")
    if _finite(dy):  # a product is ten times as fast as a choice, but inf * 0 is nan
        dx = (x > 0).astype(dy.dtype)
        dx *= dy
        dx += 0  # no -0
    else:
        dx = np.where(x > 0, dy, 0)
    if not _finite(x):
        dx = np.where(np.isnan(x), x, dx)  # an unknown x has an unknown gradient
    return dx


@in_words
def sigmoid(x: ArrayLike) -> NDArray[Any]:
    """Squeeze every number into the range from 0 to 1.

    ::

        a[...] = 1 / (1 + exp(-x[...]))

    Parameters
    ----------
    x : array_like
        Any shape, and no number is too large: exp sees -abs(x) only.

    Returns
    -------
    NDArray
        a, like x; integers become float64.

    Raises
    ------
    TypeError
        For what is not numeric, and for symbols.
    """
    (x,) = numbers("sigmoid", SIGMOID, x=x)
    x = floats(x)
    small = np.exp(-np.abs(x))
    a: NDArray[Any] = np.where(x < 0, small, 1) / (1 + small)  # times exp(x) / exp(x) where x < 0
    return a


@in_words
def sigmoid_backward(dy: ArrayLike, x: ArrayLike) -> NDArray[Any]:
    """Gradient of a loss through sigmoid, given dy = dL/da.

    ::

        dx[...] = dy[...] a[...] (1 - a[...])      with a = sigmoid(x) and 1 - a = sigmoid(-x)

    Parameters
    ----------
    dy, x : array_like
        Arrays of one shape.

    Returns
    -------
    NDArray
        dx, like x.

    Raises
    ------
    ValueError
        If the shapes differ.
    TypeError
        As sigmoid does.
    """
    dy, x = numbers("sigmoid", SIGMOID, dy=dy, x=x)
    expect_shape("dy", dy, x.shape, "sigmoid(x)")
    x = floats(x)
    dx: NDArray[Any] = dy * sigmoid(x) * sigmoid(-x)  # 1 - a would round to 0 where a is near 1
    return dx


@in_words
def softmax(x: ArrayLike) -> NDArray[Any]:
    """Turn scores into probabilities, along the last axis.

    ::

        p[...,k] = exp(x[...,k]) / sum_m exp(x[...,m])

    The same number added to all scores changes nothing, so the largest is subtracted first and
    no x is too large.

    Parameters
    ----------
    x : array_like
        (..., M).

    Returns
    -------
    NDArray
        p, like x; integers become float64.

    Raises
    ------
    ValueError
        If there is no score on the last axis.
    TypeError
        For what is not numeric, and for symbols.
    """
    (x,) = numbers("softmax", SOFTMAX, x=x)
    return probabilities(_some_scores(x))


@in_words
def softmax_backward(dy: ArrayLike, x: ArrayLike) -> NDArray[Any]:
    """Gradient of a loss through softmax, given dy = dL/dp.

    ::

        dx[...,k] = p[...,k] (dy[...,k] - sum_m dy[...,m] p[...,m]),   dx = dy (diag p - p p^T)

    Parameters
    ----------
    dy, x : array_like
        Arrays of one shape (..., M).

    Returns
    -------
    NDArray
        dx, like x.

    Raises
    ------
    ValueError
        If the shapes differ; else as softmax does.
    """
    dy, x = numbers("softmax", SOFTMAX, dy=dy, x=x)
    expect_shape("dy", dy, x.shape, "softmax(x)")
    p = probabilities(_some_scores(x))
    dx: NDArray[Any] = p * (dy - (dy * p).sum(axis=-1, keepdims=True))
    return dx


def _finite(a: NDArray[Any]) -> bool:
    """Whether all entries are finite, by the sum of their squares: True is never wrong."""
    return bool(np.isfinite(np.vdot(a, a)))


def _some_scores(x: NDArray[Any]) -> NDArray[Any]:
    if not x.ndim or not x.shape[-1]:
        raise ValueError(f"x must hold at least one score on its last axis, not {x.shape}")
    return x
