"""Pooling: a window slides as a convolution's does, and its largest cell or its mean comes out.

The table of products is that of a convolution whose channels stay apart. Average pooling sums
over all of its rows; max pooling lets one row of each output survive, and values choose which.
"""

from math import prod
from typing import NamedTuple

import numpy as np

from convlib.geometry import Geometry
from convlib.operands import expect_shape, numbers, operands
from convlib.options import per_axis

SOURCE = "sympy.Max over each window"


def max_pool2d(x, kernel_size, *, stride=None, padding=0):
    """The largest cell under each window.

        y[n,c,p,q] = max_{r,s} x[n,c, p*stride + r - padding, q*stride + s - padding]

    x (H, W), (C, H, W) or (N, C, H, W) -> y of the same rank. kernel_size, stride, padding: an
    int, or one int an axis; stride None is the kernel size. Padding never wins, NaN always does.
    Raises ValueError for sizes that do not go together and for padding above half the window,
    TypeError for what is not numeric, and for letters.
    """
    (x,) = numbers("max_pool2d", SOURCE, x=x)
    return _winners(x, _windows(x, kernel_size, stride, padding))[0]


def max_pool2d_backward(dy, x, kernel_size, *, stride=None, padding=0):
    """Gradient of a loss through max_pool2d, given dy = dL/dy: each price goes to the winner.

        dx[winner of (p,q)] += dy[p,q]      a tie goes to the first cell, row by row

    dy like y, x -> dx like x. Raises ValueError if dy is not y's shape, else as max_pool2d does.
    """
    dy, x = numbers("max_pool2d", SOURCE, dy=dy, x=x)
    windows = _windows(x, kernel_size, stride, padding)
    expect_shape("dy", dy, windows.y_shape, f"max_pool2d of x {x.shape}")
    _, winner = _winners(x, windows)
    dx, dy = np.zeros(windows.planes, dy.dtype), dy.reshape(winner.shape)
    for number, (_, out, inp) in enumerate(windows.taps):
        dx[inp] += np.where(winner[out] == number, dy[out], 0)
    return dx.reshape(x.shape)


def avg_pool2d(x, kernel_size, *, stride=None, padding=0):
    """The mean of each window; padding counts as zeros.

        y[n,c,p,q] = 1/(R S) sum_{r,s} x[n,c, p*stride + r - padding, q*stride + s - padding]

    x, options and y as in max_pool2d; integers become float64, letters give the formula.
    Raises ValueError as max_pool2d does, TypeError for what is not numeric.
    """
    (x,) = operands(x=x)
    windows = _windows(x, kernel_size, stride, padding)
    planes = _floats(x).reshape(windows.planes)
    y = np.zeros((*windows.planes[:-2], *windows.y_shape[-2:]), planes.dtype)
    for _, out, inp in windows.taps:
        y[out] += planes[inp]
    return (y / windows.size).reshape(windows.y_shape)


def avg_pool2d_backward(dy, x, kernel_size, *, stride=None, padding=0):
    """Gradient of a loss through avg_pool2d, given dy = dL/dy: each price is shared out evenly.

        dx[i,j] = 1/(R S) sum dy[p,q]   over all windows (p,q) that hold the cell

    dy like y, x -> dx like x. Raises ValueError if dy is not y's shape, else as avg_pool2d does.
    """
    dy, x = operands(dy=dy, x=x)
    windows = _windows(x, kernel_size, stride, padding)
    expect_shape("dy", dy, windows.y_shape, f"avg_pool2d of x {x.shape}")
    share = _floats(dy).reshape(*windows.planes[:-2], *windows.y_shape[-2:]) / windows.size
    dx = np.zeros(windows.planes, share.dtype)
    for _, out, inp in windows.taps:
        dx[inp] += share[out]
    return dx.reshape(x.shape)


class Windows(NamedTuple):
    """The table's rows, one rectangle a tap; x and y are seen as (planes, height, width)."""

    taps: list
    size: int
    planes: tuple
    y_shape: tuple


def _windows(x, kernel_size, stride, padding):
    if x.ndim not in (2, 3, 4):
        raise ValueError(f"x must be (H, W), (C, H, W) or (N, C, H, W), not {x.shape}")
    if isinstance(padding, str):
        raise ValueError(f"padding of a pooling window must be an int or two, not {padding!r}")
    kernel = per_axis("kernel_size", kernel_size, 2)
    pads = per_axis("padding", padding, 2, least=0)
    for pad, size in zip(pads, kernel, strict=True):
        if 2 * pad > size:
            raise ValueError(f"padding must be at most half of the window, not {pad} for "
                             f"kernel_size {size}: a window could hold padding alone")
    planes = (prod(x.shape[:-2]), *x.shape[-2:])
    g = Geometry.of(planes[1:], kernel, stride=kernel if stride is None else stride,
                    padding=pads)
    return Windows(list(g.taps()), prod(kernel), planes, x.shape[:-2] + g.y_shape)


def _winners(x, windows):
    """The largest cell of each window, and the number of the tap that holds it."""
    x = x.reshape(windows.planes)
    y = np.zeros((len(x), *windows.y_shape[-2:]), x.dtype)
    winner = np.full(y.shape, -1)
    for number, (_, out, inp) in enumerate(windows.taps):
        best, cell = y[out], x[inp]
        wins = (winner[out] < 0) | (cell > best) | (np.isnan(cell) & ~np.isnan(best))
        y[out], winner[out] = np.where(wins, cell, best), np.where(wins, number, winner[out])
    return y.reshape(windows.y_shape), winner


def _floats(a):
    return a if a.dtype.kind in "fO" else a.astype(np.float64)
