"""A dense layer: a convolution whose kernel is as large as its input, written as one matrix."""

import numpy as np

from convlib.conv import Gradients
from convlib.operands import expect_shape, operands


def linear(x, w, b=None):
    """A dense layer: every output sees every input.

        y[n,k] = b[k] + sum_d w[k,d] x[n,d]

    x (D,) or (N, D), w (M, D), b (M,) -> y (M,) or (N, M); letters give the formula.
    Raises ValueError for shapes that do not go together, TypeError for what is not numeric.
    """
    x, w, b = operands(x=x, w=w, b=b)
    _expect_dense(x, w)
    if b is not None:
        expect_shape("b", b, w.shape[:1], f"the bias of w {w.shape}")
    y = x @ w.T
    return y if b is None else y + b


def linear_backward(dy, x, w):
    """Gradients of a loss through linear, given dy = dL/dy.

        dx[n,d] = sum_k dy[n,k] w[k,d]    dw[k,d] = sum_n dy[n,k] x[n,d]    db[k] = sum_n dy[n,k]

    dy like y, x, w -> Gradients(dx like x, dw like w, db (M,)).
    Raises ValueError if dy is not y's shape, else as linear does.
    """
    dy, x, w = operands(dy=dy, x=x, w=w)
    _expect_dense(x, w)
    expect_shape("dy", dy, (*x.shape[:-1], len(w)), f"linear of x {x.shape} with w {w.shape}")
    rows = np.atleast_2d(dy)
    return Gradients(dy @ w, rows.T @ np.atleast_2d(x), rows.sum(axis=0))


def _expect_dense(x, w):
    if w.ndim != 2 or x.ndim not in (1, 2) or x.shape[-1] != w.shape[1]:
        raise ValueError(f"x of shape {x.shape} and w of shape {w.shape} do not go together: "
                         "want x (D,) or (N, D) with w (M, D)")
