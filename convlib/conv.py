"""Convolution in one and two dimensions, each with its gradients directly below.

"Convolution" is cross-correlation here, as in every deep-learning library: the kernel is not
flipped in the forward pass. It is flipped, seen from the input, in the backward pass.

Whole numbers stay exact: where a sum of int64 or uint64 may leave 64 bits, the result holds
Python's own integers, with dtype object.

Source: Chetlur et al., cuDNN: Efficient primitives for deep learning (2014), for the letters.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlib import algorithms
from convlib.geometry import Geometry
from convlib.operands import exact, expect_shape, operands
from convlib.options import Ints, Padding, in_words


class Gradients(NamedTuple):
    """dL/dx, dL/dw and dL/db, each with the shape of what it is the gradient of."""

    dx: NDArray[Any]
    dw: NDArray[Any]
    db: NDArray[Any]


@in_words
def conv1d(x: ArrayLike, w: ArrayLike, b: ArrayLike | None = None, *, stride: Ints = 1,
           padding: Padding = 0, dilation: Ints = 1, groups: SupportsIndex = 1,
           method: str = "auto") -> NDArray[Any]:
    """Cross-correlate x with w along one axis.

    ::

        y[n,k,p] = b[k] + sum_{c,r} w[k,c,r] x[n,c, p*stride + r*dilation - padding]

    Parameters
    ----------
    x : array_like
        (H,), (C, H) or (N, C, H).
    w : array_like
        (R,), or with channels (K, C/groups, R).
    b : array_like, optional
        (), or with channels (K,).
    stride : int
        Cells from one place of the window to the next.
    padding : int, pair of int or str
        Zeros at both ends, or (before, after); or "valid", "same", "full".
    dilation : int
        Cells from one tap to the next.
    groups : int
        Parts of the channels, each seen by its own part of the filters.
    method : str
        "auto", or a name of `convlib.algorithms.METHODS`.

    Returns
    -------
    NDArray
        (P,), (K, P) or (N, K, P), where P is output_size(H, R, ...).

    Raises
    ------
    ValueError
        For shapes and options that do not go together.
    TypeError
        For what is not numeric.
    """
    return forward(1, x, w, b, method, stride=stride, padding=padding, dilation=dilation,
                   groups=groups)


@in_words
def conv1d_backward(dy: ArrayLike, x: ArrayLike, w: ArrayLike, *, stride: Ints = 1,
                    padding: Padding = 0, dilation: Ints = 1, groups: SupportsIndex = 1,
                    method: str = "auto") -> Gradients:
    """Gradients of a loss through conv1d, given dy = dL/dy.

    For one channel and stride 1 they are ::

        dw[r] = sum_p dy[p] x[p + r]        correlate the input with dy
        dx[i] = sum_r dy[i - r] w[r]        a true convolution: the kernel is flipped
        db    = sum_p dy[p]

    Parameters
    ----------
    dy : array_like
        dL/dy, in the shape of y.
    x, w, stride, padding, dilation, groups, method
        As in conv1d.

    Returns
    -------
    Gradients
        dx like x, dw like w, db () or (K,).

    Raises
    ------
    ValueError
        If dy is not the shape that conv1d(x, w) has; else as conv1d does.
    """
    return backward(1, dy, x, w, method, stride=stride, padding=padding, dilation=dilation,
                    groups=groups)


@in_words
def conv2d(x: ArrayLike, w: ArrayLike, b: ArrayLike | None = None, *, stride: Ints = 1,
           padding: Padding = 0, dilation: Ints = 1, groups: SupportsIndex = 1,
           method: str = "auto") -> NDArray[Any]:
    """Cross-correlate x with w along rows and columns.

    ::

        y[n,k,p,q] = b[k] + sum_{c,r,s} w[k,c,r,s] x[n,c, p*stride + r*dilation - padding,
                                                          q*stride + s*dilation - padding]

    Parameters
    ----------
    x : array_like
        (H, W), (C, H, W) or (N, C, H, W).
    w : array_like
        (R, S), or with channels (K, C/groups, R, S).
    b : array_like, optional
        (), or with channels (K,).
    stride : int or pair of int
        Cells from one place of the window to the next, one int an axis.
    padding : int, pair of int, pair of pairs or str
        Zeros at both ends, one int or one pair (before, after) an axis; or "valid", "same", "full".
    dilation : int or pair of int
        Cells from one tap to the next, one int an axis.
    groups : int
        Parts of the channels, each seen by its own part of the filters.
    method : str
        "auto", or a name of `convlib.algorithms.METHODS`.

    Returns
    -------
    NDArray
        (P, Q), (K, P, Q) or (N, K, P, Q), where P is output_size(H, R, ...), Q likewise.

    Raises
    ------
    ValueError
        For shapes and options that do not go together.
    TypeError
        For what is not numeric.
    """
    return forward(2, x, w, b, method, stride=stride, padding=padding, dilation=dilation,
                   groups=groups)


@in_words
def conv2d_backward(dy: ArrayLike, x: ArrayLike, w: ArrayLike, *, stride: Ints = 1,
                    padding: Padding = 0, dilation: Ints = 1, groups: SupportsIndex = 1,
                    method: str = "auto") -> Gradients:
    """Gradients of a loss through conv2d, given dy = dL/dy.

    For one channel and stride 1 they are ::

        dw[r,s] = sum_{p,q} dy[p,q] x[p + r, q + s]      correlate the input with dy
        dx[i,j] = sum_{r,s} dy[i - r, j - s] w[r,s]      a true convolution: w is flipped
        db      = sum_{p,q} dy[p,q]

    Parameters
    ----------
    dy : array_like
        dL/dy, in the shape of y.
    x, w, stride, padding, dilation, groups, method
        As in conv2d.

    Returns
    -------
    Gradients
        dx like x, dw like w, db () or (K,).

    Raises
    ------
    ValueError
        If dy is not the shape that conv2d(x, w) has; else as conv2d does.
    """
    return backward(2, dy, x, w, method, stride=stride, padding=padding, dilation=dilation,
                    groups=groups)


def forward(ndim: int, x: Any, w: Any, b: Any, method: str,
            read: Callable[..., Geometry] = Geometry.of, **options: Any) -> NDArray[Any]:
    """y of a layer over `ndim` axes, whose shapes and options are read by `read`."""
    x, w, b = operands(x=x, w=w, b=b)
    g = read(x.shape, w.shape, ndim=ndim, **options)
    if b is not None and b.shape != g.bias_shape:
        expect_shape("b", b, g.bias_shape, f"the bias of w {w.shape}")
    if x.dtype.kind in "iu":
        x, w, b = exact(lambda x, w, b: g.terms.y * x * w + b, x, w, b)
    y = algorithms.y(x, w, g, method)
    if b is not None:  # one more tap, which always reads a cell holding 1
        y += b.reshape(b.shape + (1,) * ndim * b.ndim)
    return y


def backward(ndim: int, dy: Any, x: Any, w: Any, method: str,
             read: Callable[..., Geometry] = Geometry.of, **options: Any) -> Gradients:
    """dx, dw and db of a layer: the other sums of the same table."""
    dy, x, w, g = _read_backward(ndim, dy, x, w, read, options)
    return Gradients(algorithms.dx(dy, w, g, method), algorithms.dw(dy, x, g, method),
                     _bias_gradient(dy, ndim))


def weight_gradients(ndim: int, dy: Any, x: Any, w: Any, method: str = "auto", **options: Any,
                     ) -> tuple[NDArray[Any], NDArray[Any]]:
    """(dw, db) without dx: all that a network's first layer is asked for."""
    dy, x, w, g = _read_backward(ndim, dy, x, w, Geometry.of, options)
    return algorithms.dw(dy, x, g, method), _bias_gradient(dy, ndim)


def _read_backward(ndim: int, dy: Any, x: Any, w: Any, read: Callable[..., Geometry],
                   options: dict[str, Any]) -> tuple[Any, Any, Any, Geometry]:
    """The operands as arrays, and the layer's geometry."""
    dy, x, w = operands(dy=dy, x=x, w=w)
    g = read(x.shape, w.shape, ndim=ndim, **options)
    if dy.shape != g.y_shape:  # the words would take longer than the question
        layer = "transposed convolution" if g.is_transposed else "convolution"
        expect_shape("dy", dy, g.y_shape, f"the {layer} of x {x.shape} with w {w.shape}")
    if x.dtype.kind in "iu":
        n = g.terms
        dy, x, w = exact(lambda dy, x, w: dy * max(n.dx * w, n.dw * x, n.db), dy, x, w)
    return dy, x, w, g


def _bias_gradient(dy: NDArray[Any], ndim: int) -> NDArray[Any]:
    """db[k] = sum of dy over everything but k."""
    if dy.ndim == ndim:
        return np.asarray(dy.sum(), dy.dtype)
    channel = dy.ndim - ndim - 1
    db: NDArray[Any] = dy.sum(axis=tuple(a for a in range(dy.ndim) if a != channel))
    return db
