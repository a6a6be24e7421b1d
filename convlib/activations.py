"""Activations, each with its gradient directly below.

They work cell by cell (softmax along the last axis), so they need no table of products.
"""

import numpy as np

from convlib.losses import probabilities
from convlib.operands import expect_shape, numbers


def relu(x):
    """Keep what is positive, put 0 for the rest.

        a[...] = max(x[...], 0)

    x of any shape -> a like x. Raises TypeError for what is not numeric, and for letters.
    """
    (x,) = numbers("relu", "sympy.Max(x, 0)", x=x)
    # zeros for one image, not one zero: NumPy compares row with row four times as fast
    return np.maximum(x, np.zeros(x.shape[1:], x.dtype))


def relu_backward(dy, x):
    """Gradient of a loss through relu, given dy = dL/da: open where x > 0, shut at 0 and below.

        dx[...] = dy[...] if x[...] > 0 else 0      (NaN where x is NaN)

    dy, x of one shape -> dx. Raises ValueError if the shapes differ, TypeError as relu does.
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
        dx = np.where(np.isnan(x), x, dx)  # an unknown x has an unknown price
    return dx


def sigmoid(x):
    """Squeeze every number into 0 to 1.

        a[...] = 1 / (1 + exp(-x[...]))

    x of any shape -> a like x; integers become float64. No x is too large: exp sees -|x| only.
    Raises TypeError for what is not numeric, and for letters.
    """
    (x,) = numbers("sigmoid", "1 / (1 + sympy.exp(-x))", x=x)
    x = x if x.dtype.kind == "f" else x.astype(np.float64)
    small = np.exp(-np.abs(x))
    return np.where(x < 0, small, 1) / (1 + small)  # above and below times exp(x) where x < 0


def sigmoid_backward(dy, x):
    """Gradient of a loss through sigmoid, given dy = dL/da.

        dx[...] = dy[...] a[...] (1 - a[...])      with a = sigmoid(x) and 1 - a = sigmoid(-x)

    dy, x of one shape -> dx. Raises ValueError if the shapes differ, TypeError as sigmoid does.
    """
    dy, x = numbers("sigmoid", "1 / (1 + sympy.exp(-x))", dy=dy, x=x)
    expect_shape("dy", dy, x.shape, "sigmoid(x)")
    x = x if x.dtype.kind == "f" else x.astype(np.float64)
    return dy * sigmoid(x) * sigmoid(-x)  # 1 - a would round to 0 where a is near 1


def softmax(x):
    """Scores as probabilities, along the last axis.

        p[...,k] = exp(x[...,k]) / sum_m exp(x[...,m])

    x (..., M) -> p like x; integers become float64. The same number added to all scores changes
    nothing, so the largest is taken off first and no x is too large.
    Raises ValueError for no scores, TypeError for what is not numeric, and for letters.
    """
    (x,) = numbers("softmax", SOFTMAX, x=x)
    return probabilities(_some_scores(x))


def softmax_backward(dy, x):
    """Gradient of a loss through softmax, given dy = dL/dp.

        dx[...,k] = p[...,k] (dy[...,k] - sum_m dy[...,m] p[...,m]),   dx = dy (diag p - p p^T)

    dy, x of one shape -> dx. Raises ValueError if the shapes differ, else as softmax does.
    """
    dy, x = numbers("softmax", SOFTMAX, dy=dy, x=x)
    expect_shape("dy", dy, x.shape, "softmax(x)")
    p = probabilities(_some_scores(x))
    return p * (dy - (dy * p).sum(axis=-1, keepdims=True))


def _finite(a):
    """Whether all entries are finite, by the sum of their squares: True is never wrong."""
    return np.isfinite(np.vdot(a, a))


SOFTMAX = "exp(x_k) / sum exp(x_m)"


def _some_scores(x):
    if not x.ndim or not x.shape[-1]:
        raise ValueError(f"x must hold at least one score on its last axis, not {x.shape}")
    return x
