"""Convolution in one and two dimensions, each with its gradients directly below.

"Convolution" is cross-correlation here, as in every deep-learning library: the kernel is not
flipped in the forward pass. It is flipped, seen from the input, in the backward pass.
"""

from typing import NamedTuple

import numpy as np

from convlib import algorithms
from convlib.geometry import read_geometry
from convlib.operands import expect_shape, operands


class Gradients(NamedTuple):
    """dL/dx, dL/dw and dL/db, each with the shape of what it is the gradient of."""

    dx: np.ndarray
    dw: np.ndarray
    db: np.ndarray


def conv1d(x, w, b=None, *, stride=1, padding=0, dilation=1, groups=1, method="auto"):
    """Cross-correlate x with w along one axis.

        y[n,k,p] = b[k] + sum_{c,r} w[k,c,r] x[n,c, p*stride + r*dilation - padding]

    x (H,) with w (R,) -> y (P,), or x (C, H), (N, C, H) with w (K, C/groups, R) -> y (K, P),
    (N, K, P); b () or (K,). P is output_size(H, R, ...).
    padding: an int, a pair (before, after), or "valid", "same", "full".
    Raises ValueError for shapes and options that do not go together, TypeError for what is not
    numeric. The letters are those of Chetlur et al., cuDNN (2014).
    """
    return forward(1, x, w, b, method, stride=stride, padding=padding, dilation=dilation,
                   groups=groups)


def conv1d_backward(dy, x, w, *, stride=1, padding=0, dilation=1, groups=1, method="auto"):
    """Gradients of a loss through conv1d, given dy = dL/dy. For one channel and stride 1

        dw[r] = sum_p dy[p] x[p + r]        correlate the input with dy
        dx[i] = sum_r dy[i - r] w[r]        a true convolution: the kernel is flipped
        db    = sum_p dy[p]

    dy has the shape of y -> Gradients(dx like x, dw like w, db () or (K,)).
    Raises ValueError if dy is not the shape that conv1d(x, w) has.
    """
    return backward(1, dy, x, w, method, stride=stride, padding=padding, dilation=dilation,
                    groups=groups)


def conv2d(x, w, b=None, *, stride=1, padding=0, dilation=1, groups=1, method="auto"):
    """Cross-correlate x with w along rows and columns.

        y[n,k,p,q] = b[k] + sum_{c,r,s} w[k,c,r,s] x[n,c, p*stride + r*dilation - padding,
                                                          q*stride + s*dilation - padding]

    x (H, W) with w (R, S) -> y (P, Q), or x (C, H, W), (N, C, H, W) with w (K, C/groups, R, S)
    -> y (K, P, Q), (N, K, P, Q); b () or (K,). P is output_size(H, R, ...), Q likewise.
    stride, dilation: an int, or one int an axis. padding: an int, one int an axis, one pair
    (before, after) an axis, or "valid", "same", "full".
    Raises ValueError for shapes and options that do not go together, TypeError for what is not
    numeric. The letters are those of Chetlur et al., cuDNN (2014).
    """
    return forward(2, x, w, b, method, stride=stride, padding=padding, dilation=dilation,
                   groups=groups)


def conv2d_backward(dy, x, w, *, stride=1, padding=0, dilation=1, groups=1, method="auto"):
    """Gradients of a loss through conv2d, given dy = dL/dy. For one channel and stride 1

        dw[r,s] = sum_{p,q} dy[p,q] x[p + r, q + s]      correlate the input with dy
        dx[i,j] = sum_{r,s} dy[i - r, j - s] w[r,s]      a true convolution: w is flipped
        db      = sum_{p,q} dy[p,q]

    dy has the shape of y -> Gradients(dx like x, dw like w, db () or (K,)).
    Raises ValueError if dy is not the shape that conv2d(x, w) has.
    """
    return backward(2, dy, x, w, method, stride=stride, padding=padding, dilation=dilation,
                    groups=groups)


def forward(ndim, x, w, b, method, **options):
    """conv1d and conv2d: y = x correlated with w, plus b."""
    algorithms.check_method(method)
    x, w, b = operands(x=x, w=w, b=b)
    g = read_geometry(x.shape, w.shape, ndim=ndim, **options)
    if b is not None:
        expect_shape("b", b, g.bias_shape, f"the bias of w {w.shape}")
    return add_bias(algorithms.y(x, w, g, method), b, ndim)


def backward(ndim, dy, x, w, method, **options):
    """conv1d_backward and conv2d_backward: the other two sums of the same table."""
    dy, x, w, g = _read_backward(ndim, dy, x, w, method, options)
    return Gradients(algorithms.dx(dy, w, g, method), algorithms.dw(dy, x, g, method),
                     bias_gradient(dy, ndim))


def weight_gradients(ndim, dy, x, w, method="auto", **options):
    """(dw, db) without dx: all that a network's first layer is asked for."""
    dy, x, w, g = _read_backward(ndim, dy, x, w, method, options)
    return algorithms.dw(dy, x, g, method), bias_gradient(dy, ndim)


def _read_backward(ndim, dy, x, w, method, options):
    algorithms.check_method(method)
    dy, x, w = operands(dy=dy, x=x, w=w)
    g = read_geometry(x.shape, w.shape, ndim=ndim, **options)
    expect_shape("dy", dy, g.y_shape, f"the convolution of x {x.shape} with w {w.shape}")
    return dy, x, w, g


def add_bias(y, b, ndim):
    """y[n,k,...] + b[k], into y: a bias is one more tap, which always reads a cell holding 1."""
    if b is not None:
        y += b.reshape(b.shape + (1,) * ndim * b.ndim)
    return y


def bias_gradient(dy, ndim):
    """db[k] = sum of dy over everything but k."""
    if dy.ndim == ndim:
        return np.asarray(dy.sum(), dy.dtype)
    channel = dy.ndim - ndim - 1
    return dy.sum(axis=tuple(a for a in range(dy.ndim) if a != channel))
