"""A dense layer: a convolution whose kernel is as large as its input, written as one matrix."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlib.conv import Gradients
from convlib.operands import exact, expect_shape, operands
from convlib.options import in_words


@in_words
def linear(x: ArrayLike, w: ArrayLike, b: ArrayLike | None = None) -> NDArray[Any]:
    """A dense layer: every output sees every input.

    ::

        y[n,k] = b[k] + sum_d w[k,d] x[n,d]

    Parameters
    ----------
    x, w, b : array_like
        x (D,) or (N, D), w (M, D), b (M,) or None. Symbols give the formula.

    Returns
    -------
    NDArray
        y (M,) or (N, M).

    Raises
    ------
    ValueError
        For shapes that do not go together.
    TypeError
        For what is not numeric.
    """
    x, w, b = operands(x=x, w=w, b=b)
    _expect_dense(x, w)
    inputs = w.shape[1]
    if b is not None:
        expect_shape("b", b, w.shape[:1], f"the bias of w {w.shape}")
    x, w, b = exact(lambda x, w, b: x * w * inputs + b, x, w, b)
    y: NDArray[Any] = x @ w.T
    if b is not None:
        y = y + b
    return y


@in_words
def linear_backward(dy: ArrayLike, x: ArrayLike, w: ArrayLike) -> Gradients:
    """Gradients of a loss through linear, given dy = dL/dy.

    ::

        dx[n,d] = sum_k dy[n,k] w[k,d]    dw[k,d] = sum_n dy[n,k] x[n,d]    db[k] = sum_n dy[n,k]

    Parameters
    ----------
    dy, x, w : array_like
        dy like y, x and w as in linear.

    Returns
    -------
    Gradients
        dx like x, dw like w, db (M,).

    Raises
    ------
    ValueError
        If dy does not have the shape of y; else as linear does.
    """
    dy, x, w = operands(dy=dy, x=x, w=w)
    _expect_dense(x, w)
    expect_shape("dy", dy, (*x.shape[:-1], len(w)), f"linear of x {x.shape} with w {w.shape}")
    images, outputs = dy.size // max(len(w), 1), len(w)
    dy, x, w = exact(lambda dy, x, w: dy * max(w * outputs, x * images, images), dy, x, w)
    rows = np.atleast_2d(dy)
    return Gradients(dy @ w, rows.T @ np.atleast_2d(x), rows.sum(axis=0))


def _expect_dense(x: NDArray[Any], w: NDArray[Any]) -> None:
    if w.ndim != 2 or x.ndim not in (1, 2) or x.shape[-1] != w.shape[1]:
        raise ValueError(f"x of shape {x.shape} and w of shape {w.shape} do not go together: "
                         "want x (D,) or (N, D) with w (M, D)")
