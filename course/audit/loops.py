"""Sums by plain loops, for the checks of the source documents.

They follow the definitions and call nothing of convlib, so that they can disagree with it.
"""

from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def array_of(shape: int | tuple[int, ...] | Array, entry: Callable[..., Any]) -> Array:
    """The array with entry(*cell) in each cell."""
    out: Array = np.empty(shape, object)
    for cell in np.ndindex(out.shape):
        out[cell] = entry(*cell)
    return out


def at(a: Array, *cell: int) -> Any:
    """a[cell], and 0 outside of a."""
    inside = all(0 <= n < size for n, size in zip(cell, a.shape, strict=True))
    return a[cell] if inside else 0


def places(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    """How many starting places a window has, counted one by one."""
    return len(range(-padding, size + padding - kernel + 1, stride))


def double_sum(x: Array, w: Array, p: int, q: int, rows: Iterable[int] | None = None,
               columns: Iterable[int] | None = None) -> Any:
    """sum of x[p + r, q + s] w[r, s] over the rows r and columns s (all of w if not given)."""
    rows = range(w.shape[0]) if rows is None else rows
    columns = range(w.shape[1]) if columns is None else columns
    return sum(x[p + r, q + s] * w[r, s] for r, s in product(rows, columns))


def correlate(x: Array, w: Array) -> Array:
    """y[p, q] = sum of x[p + r, q + s] w[r, s]: each window that stays inside x."""
    return array_of(tuple(map(places, x.shape, w.shape)), lambda p, q: double_sum(x, w, p, q))


def one_based(x: Array, w: Array, p: int, q: int, lost: int = 0) -> Any:
    """y_pq = sum of x_{p+r-1, q+s-1} w_rs with every index from 1; `lost` forgets the -1 of x."""
    rows, columns = range(1, w.shape[0] + 1), range(1, w.shape[1] + 1)
    return sum(x[p + r - 2 + lost, q + s - 2 + lost] * w[r - 1, s - 1]
               for r, s in product(rows, columns))


def true_full(x: Array, w: Array) -> Array:
    """The true convolution, each product dropped where its indices add up: i + r, j + s."""
    out = np.zeros(np.add(x.shape, w.shape) - 1, object)
    for (i, j), (r, s) in product(np.ndindex(x.shape), np.ndindex(w.shape)):
        out[i + r, j + s] += x[i, j] * w[r, s]
    return out


def true_valid(x: Array, w: Array) -> Array:
    """The part of the true convolution for which the kernel lies inside x. ::

        y[p, q] = sum of x[p + R-1 - r, q + S-1 - s] w[r, s]
    """
    r, s = w.shape
    return array_of(tuple(map(places, x.shape, w.shape)), lambda p, q: sum(
        x[p + r - 1 - a, q + s - 1 - b] * w[a, b] for a, b in np.ndindex(r, s)))


def backward_sum(dy: Array, w: Array) -> Array:
    """dx[i, j] = sum of dy[i - r, j - s] w[r, s], dy being 0 outside."""
    taps = list(np.ndindex(w.shape))
    return array_of(np.add(dy.shape, w.shape) - 1, lambda i, j: sum(
        at(dy, i - r, j - s) * w[r, s] for r, s in taps))
