"""Convolution as a matrix product: windows as columns, and the two matrices of the kernel map."""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlib.axis import expect_room
from convlib.geometry import Geometry
from convlib.kernel_map import kernel_map
from convlib.operands import exact, expect_shape, operands
from convlib.options import Ints, Padding, in_words, integers, per_axis


def vec(a: ArrayLike) -> NDArray[Any]:
    """The array as a vector in C order: columns fastest, then rows, channels, filters or images.

    With it image_matrix @ vec(w) = vec(y) and filter_matrix @ vec(x) = vec(y).

    Parameters
    ----------
    a : array_like
        An array of any shape.

    Returns
    -------
    NDArray
        (a.size,), a view where NumPy can make one.

    Raises
    ------
    ValueError, TypeError
        For masked cells, and for what is not numeric.
    """
    operands(a=a)
    return np.asarray(a).ravel()


@in_words
def im2col(x: ArrayLike, kernel_size: Ints, *, stride: Ints = 1, padding: Padding = 0,
           dilation: Ints = 1) -> NDArray[Any]:
    """Every window of x as a column, with zeros where it reads padding.

    ::

        columns[(c,r,s), (p,q)] = x[c, p*stride + r*dilation - padding, q*stride + s*dilation - ...]

    Parameters
    ----------
    x : array_like
        (H, W), (C, H, W) or (N, C, H, W).
    kernel_size : int or pair of int
        R = S, or (R, S).
    stride, padding, dilation
        As in conv2d.

    Returns
    -------
    NDArray
        (R*S, P*Q), (C*R*S, P*Q) or (N, C*R*S, P*Q), in the order of PyTorch's unfold.

    Raises
    ------
    ValueError
        As conv2d does.
    """
    (x,) = operands(x=x)
    g, shape = _windows(x.shape, kernel_size, stride, padding, dilation)
    columns, (image,) = np.zeros(shape, x.dtype), g.lift(x=x)
    for tap, out, inp in g.taps():
        columns[(slice(None), slice(None), *tap[1:], *out[1:])] = image[inp][:, 0]
    return columns.reshape(_flat_shape(x.shape, shape))


@in_words
def col2im(columns: ArrayLike, x_shape: Sequence[int], kernel_size: Ints, *, stride: Ints = 1,
           padding: Padding = 0, dilation: Ints = 1) -> NDArray[Any]:
    """Add every column back to its window: the adjoint of im2col, not its inverse.

    ::

        x[i,j] = sum columns[(r,s), (p,q)]   over all windows (p,q) that read (i,j) through (r,s)

    Parameters
    ----------
    columns : array_like
        In the shape that im2col gives.
    x_shape : sequence of int
        (H, W), (C, H, W) or (N, C, H, W).
    kernel_size, stride, padding, dilation
        As in im2col.

    Returns
    -------
    NDArray
        An array of shape x_shape.

    Raises
    ------
    ValueError
        If columns does not have the shape that im2col gives; else as conv2d does.
    """
    (columns,) = operands(columns=columns)
    g, shape = _windows(integers("x_shape", x_shape), kernel_size, stride, padding, dilation)
    flat_shape = _flat_shape(g.x_shape, shape)
    expect_shape("columns", columns, flat_shape, f"im2col of x {g.x_shape}")
    (columns,) = exact(lambda size: shape[2] * shape[3] * size, columns)  # a cell is in R*S columns
    x = np.zeros(g.x_shape, columns.dtype)
    (image,), columns = g.lift(x=x), columns.reshape(shape)
    for tap, out, inp in g.taps():
        image[inp][:, 0] += columns[(slice(None), slice(None), *tap[1:], *out[1:])]
    return x


def image_matrix(x: ArrayLike, w_shape: Sequence[int], **options: Any) -> NDArray[Any]:
    """The matrix of the image, M_x @ vec(w) = vec(conv(x, w)).

    Parameters
    ----------
    x : array_like
        The image, in any shape that kernel_map knows.
    w_shape : sequence of int
        The shape of w.
    **options
        As in kernel_map.

    Returns
    -------
    NDArray
        (y.size, w.size), dense.
    """
    return kernel_map(np.shape(x), w_shape, **options).image_matrix(x)


def filter_matrix(w: ArrayLike, x_shape: Sequence[int], **options: Any) -> NDArray[Any]:
    """The matrix of the kernel, M_w @ vec(x) = vec(conv(x, w)).

    Parameters
    ----------
    w : array_like
        The kernel, in any shape that kernel_map knows.
    x_shape : sequence of int
        The shape of x.
    **options
        As in kernel_map.

    Returns
    -------
    NDArray
        (y.size, x.size), dense.
    """
    return kernel_map(x_shape, np.shape(w), **options).filter_matrix(w)


def _windows(x_shape: tuple[int, ...], kernel_size: Ints, stride: Ints, padding: Padding,
             dilation: Ints) -> tuple[Geometry, tuple[int, ...]]:
    """The geometry of one filter over x, and the shape (N, C, R, S, P, Q) of all its windows."""
    r, s = per_axis("kernel_size", kernel_size, 2)
    if len(x_shape) not in (2, 3, 4):
        raise ValueError(f"x must be (H, W), (C, H, W) or (N, C, H, W), not {x_shape}")
    channels = x_shape[-3:-2]
    w_shape = (1, *channels, r, s) if channels else (r, s)
    g = Geometry.of(x_shape, w_shape, ndim=2, stride=stride, padding=padding, dilation=dilation)
    shape = g.lifted.x[0], g.lifted.x[2], r, s, *(a.out for a in g.axes)
    expect_room("im2col", prod(shape), x_shape)
    return g, shape


def _flat_shape(x_shape: tuple[int, ...], shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of the columns: windows (N, C, R, S, P, Q) with the leading axes that x has."""
    c, r, s, p, q = shape[1:]
    return (*x_shape[:-3], c * r * s, p * q)
