"""Convolution as a matrix product: windows as columns, and the two matrices of the kernel map."""

import numpy as np

from convlib.geometry import Geometry
from convlib.kernel_map import kernel_map
from convlib.operands import expect_shape, operands
from convlib.options import per_axis


def vec(a):
    """The array as a vector in C order: columns fastest, then rows, channels, filters or images.

    With it  image_matrix @ vec(w) = vec(y)  and  filter_matrix @ vec(x) = vec(y).
    """
    return np.asarray(a).ravel()


def im2col(x, kernel_size, *, stride=1, padding=0, dilation=1):
    """Every window of x as a column, zeros where it reads padding.

        columns[(c,r,s), (p,q)] = x[c, p*stride + r*dilation - padding, q*stride + s*dilation - ...]

    x (H, W) -> (R*S, P*Q), (C, H, W) -> (C*R*S, P*Q), (N, C, H, W) -> (N, C*R*S, P*Q); the order
    is that of PyTorch's unfold. kernel_size: an int or (R, S). Raises ValueError as conv2d does.
    """
    (x,) = operands(x=x)
    g, shape = _windows(x.shape, kernel_size, stride, padding, dilation)
    columns, (image,) = np.zeros(shape, x.dtype), g.lift(x=x)
    for tap, out, inp in g.taps():
        columns[(slice(None), slice(None), *tap[1:], *out[1:])] = image[inp][:, 0]
    return columns.reshape(_flat_shape(x.shape, shape))


def col2im(columns, x_shape, kernel_size, *, stride=1, padding=0, dilation=1):
    """Add every column back to the window it came from: the adjoint of im2col, not its inverse.

        x[i,j] = sum columns[(r,s), (p,q)]   over all windows (p,q) that read (i,j) through (r,s)

    columns as im2col makes them -> an array of shape x_shape. Raises ValueError as conv2d does,
    and if columns has not the shape that im2col gives.
    """
    (columns,) = operands(columns=columns)
    g, shape = _windows(tuple(x_shape), kernel_size, stride, padding, dilation)
    flat_shape = _flat_shape(g.x_shape, shape)
    expect_shape("columns", columns, flat_shape, f"im2col of x {g.x_shape}")
    x = np.zeros(g.x_shape, columns.dtype)
    (image,), columns = g.lift(x=x), columns.reshape(shape)
    for tap, out, inp in g.taps():
        image[inp][:, 0] += columns[(slice(None), slice(None), *tap[1:], *out[1:])]
    return x


def image_matrix(x, w_shape, **options):
    """M_x of the kernel map:  M_x @ vec(w) = vec(conv(x, w)). Options as kernel_map's."""
    return kernel_map(np.shape(x), w_shape, **options).image_matrix(x)


def filter_matrix(w, x_shape, **options):
    """M_w of the kernel map:  M_w @ vec(x) = vec(conv(x, w)). Options as kernel_map's."""
    return kernel_map(x_shape, np.shape(w), **options).filter_matrix(w)


def _windows(x_shape, kernel_size, stride, padding, dilation):
    """The geometry of one filter over x, and the shape (N, C, R, S, P, Q) of all its windows."""
    r, s = per_axis("kernel_size", kernel_size, 2)
    if len(x_shape) not in (2, 3, 4):
        raise ValueError(f"x must be (H, W), (C, H, W) or (N, C, H, W), not {x_shape}")
    channels = x_shape[-3:-2]
    w_shape = (1, *channels, r, s) if channels else (r, s)
    g = Geometry.of(x_shape, w_shape, ndim=2, stride=stride, padding=padding, dilation=dilation)
    (lifted,) = g.lift(x=np.broadcast_to(0, x_shape))
    return g, (lifted.shape[0], lifted.shape[2], r, s, *(a.out for a in g.axes))


def _flat_shape(x_shape, shape):
    n, c, r, s, p, q = shape
    return (*x_shape[:-3], c * r * s, p * q)
