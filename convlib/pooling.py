"""Pooling: a window slides as a convolution's does, and its largest cell or its mean comes out.

The table of products is that of a convolution whose channels stay apart. Average pooling sums
over all of its rows; max pooling lets one row of each output survive, and values choose which.
"""

from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlib.geometry import Geometry
from convlib.operands import exact, expect_shape, floats, numbers, operands
from convlib.options import Ints, in_words, per_axis

FORMULA = "sympy.Max over each window"


@in_words
def max_pool2d(x: ArrayLike, kernel_size: Ints, *, stride: Ints | None = None,
               padding: Ints = 0) -> NDArray[Any]:
    """The largest cell under each window.

    ::

        y[n,c,p,q] = max_{r,s} x[n,c, p*stride + r - padding, q*stride + s - padding]

    Parameters
    ----------
    x : array_like
        (H, W), (C, H, W) or (N, C, H, W). Windows slide over the last two axes, whatever they
        are: images with channels last, (N, H, W, C), come in by np.moveaxis(x, -1, 1).
    kernel_size, stride, padding : int or pair of int
        An int, or one int per axis; stride None is the kernel size. Padding never wins, NaN
        always does.

    Returns
    -------
    NDArray
        y, with as many axes as x.

    Raises
    ------
    ValueError
        For sizes that do not go together, and for padding above half the window.
    TypeError
        For what is not numeric, for symbols, and for an option that does not exist.
    """
    (x,) = numbers("max_pool2d", FORMULA, x=x)
    return _winners(x, _windows(x, kernel_size, stride, padding))[0]


@in_words
def max_pool2d_backward(dy: ArrayLike, x: ArrayLike, kernel_size: Ints, *,
                        stride: Ints | None = None, padding: Ints = 0) -> NDArray[Any]:
    """Gradient of a loss through max_pool2d, given dy = dL/dy: all of dy goes to the winner.

    ::

        dx[winner of (p,q)] += dy[p,q]      a tie goes to the first cell, row by row

    Parameters
    ----------
    dy, x : array_like
        dy like y, x as in max_pool2d.
    kernel_size, stride, padding
        As in max_pool2d.

    Returns
    -------
    NDArray
        dx, like x.

    Raises
    ------
    ValueError
        If dy does not have the shape of y; else as max_pool2d does.
    TypeError
        As max_pool2d does.
    """
    dy, x = numbers("max_pool2d", FORMULA, dy=dy, x=x)
    windows = _windows(x, kernel_size, stride, padding)
    expect_shape("dy", dy, windows.y_shape, f"max_pool2d of x {x.shape}")
    (dy,) = exact(lambda largest: largest * len(windows.taps), dy)  # one cell may win every window
    _, winner = _winners(x, windows)
    dx, dy = np.zeros(windows.planes, dy.dtype), dy.reshape(winner.shape)
    for number, (_, out, inp) in enumerate(windows.taps):
        dx[inp] += np.where(winner[out] == number, dy[out], 0)
    return dx.reshape(x.shape)


@in_words
def avg_pool2d(x: ArrayLike, kernel_size: Ints, *, stride: Ints | None = None,
               padding: Ints = 0, count_include_pad: bool = True) -> NDArray[Any]:
    """The mean of each window; padding counts as zeros, unless count_include_pad is False.

    ::

        y[n,c,p,q] = 1/(R S) sum_{r,s} x[n,c, p*stride + r - padding, q*stride + s - padding]

    Parameters
    ----------
    x : array_like
        As in max_pool2d; integers become float64, symbols give the formula.
    kernel_size, stride, padding
        As in max_pool2d.
    count_include_pad : bool
        False divides by the number of cells that a window has inside x, not by R S.

    Returns
    -------
    NDArray
        y, with as many axes as x.

    Raises
    ------
    ValueError
        As max_pool2d does.
    TypeError
        For what is not numeric.
    """
    (x,) = operands(x=x)
    windows = _windows(x, kernel_size, stride, padding)
    planes = floats(x).reshape(windows.planes)
    y = np.zeros((*windows.planes[:-2], *windows.y_shape[-2:]), planes.dtype)
    for _, out, inp in windows.taps:
        y[out] += planes[inp]
    y /= _counts(windows, count_include_pad)
    return y.reshape(windows.y_shape)


@in_words
def avg_pool2d_backward(dy: ArrayLike, x: ArrayLike, kernel_size: Ints, *,
                        stride: Ints | None = None, padding: Ints = 0,
                        count_include_pad: bool = True) -> NDArray[Any]:
    """Gradient of a loss through avg_pool2d, given dy = dL/dy: dy is shared out evenly.

    ::

        dx[i,j] = 1/(R S) sum dy[p,q]   over all windows (p,q) that hold the cell

    Parameters
    ----------
    dy, x : array_like
        dy like y, x as in avg_pool2d.
    kernel_size, stride, padding, count_include_pad
        As in avg_pool2d.

    Returns
    -------
    NDArray
        dx, like x.

    Raises
    ------
    ValueError
        If dy does not have the shape of y; else as avg_pool2d does.
    TypeError
        As avg_pool2d does.
    """
    dy, x = operands(dy=dy, x=x)
    windows = _windows(x, kernel_size, stride, padding)
    expect_shape("dy", dy, windows.y_shape, f"avg_pool2d of x {x.shape}")
    share = floats(dy).reshape(*windows.planes[:-2], *windows.y_shape[-2:])
    share = share / _counts(windows, count_include_pad)
    dx = np.zeros(windows.planes, share.dtype)
    for _, out, inp in windows.taps:
        dx[inp] += share[out]
    return dx.reshape(x.shape)


class Windows(NamedTuple):
    """The table's rows, one rectangle per tap; x and y are seen as (planes, height, width)."""

    taps: list[Any]
    size: int
    planes: tuple[int, ...]
    y_shape: tuple[int, ...]


def window_geometry(sizes: tuple[int, int], kernel_size: Ints, stride: Ints | None = None,
                    padding: Ints = 0) -> Geometry:
    """How a window slides over one plane, from its sizes (H, W) alone.

    Raises
    ------
    ValueError, TypeError
        As max_pool2d does.
    """
    if isinstance(padding, str):
        raise ValueError(f"padding of a pooling window must be an int or two, not {padding!r}")
    kernel = per_axis("kernel_size", kernel_size, 2)
    pads = per_axis("padding", padding, 2, least=0)
    for pad, size in zip(pads, kernel, strict=True):
        if 2 * pad > size:
            raise ValueError(f"padding must be at most half of the window, not {pad} for "
                             f"kernel_size {size}: a window could hold padding alone")
    return Geometry.of(sizes, kernel, stride=kernel if stride is None else stride, padding=pads)


def _windows(x: NDArray[Any], kernel_size: Ints, stride: Ints | None, padding: Ints) -> Windows:
    if x.ndim not in (2, 3, 4):
        raise ValueError(f"x must be (H, W), (C, H, W) or (N, C, H, W), not {x.shape}")
    g = window_geometry(x.shape[-2:], kernel_size, stride, padding)
    return Windows(list(g.taps()), prod(g.w_shape), (prod(x.shape[:-2]), *x.shape[-2:]),
                   x.shape[:-2] + g.y_shape)


def _counts(windows: Windows, with_padding: bool) -> int | NDArray[np.int64]:
    """What a sum is divided by: R S, or the cells of each window inside x (P, Q)."""
    if with_padding:
        return windows.size
    inside = np.zeros(windows.y_shape[-2:], np.int64)
    for _, out, _ in windows.taps:
        inside[out[-2:]] += 1
    return inside


def _winners(x: NDArray[Any], windows: Windows) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """The largest cell of each window, and the number of the tap that holds it."""
    x = x.reshape(windows.planes)
    y = np.zeros((len(x), *windows.y_shape[-2:]), x.dtype)
    winner = np.full(y.shape, -1)
    for number, (_, out, inp) in enumerate(windows.taps):
        best, cell = y[out], x[inp]
        wins = (winner[out] < 0) | (cell > best) | (np.isnan(cell) & ~np.isnan(best))
        y[out], winner[out] = np.where(wins, cell, best), np.where(wins, number, winner[out])
    return y.reshape(windows.y_shape), winner
