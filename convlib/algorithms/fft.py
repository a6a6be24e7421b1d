"""Fourier: in frequencies the sum over taps is one product. ::

    y = correlate(x, w)        Y = X conj(W)
    dw = correlate(x, dy)      DW = X conj(DY)
    dx = convolve(dy, w)       DX = DY W

A stride puts zeros between the cells of dy, a dilation between those of w. The transform goes
round in a circle as long as the padded input: that is long enough, for no window of a
correlation leaves it and a full convolution just fills it.
"""

from collections.abc import Iterator
from math import inf, log2, prod
from typing import Any

import numpy as np

from convlib.algorithms.blocking import Workspace, Workspaces, in_blocks
from convlib.algorithms.method import Array, Axes, Method, Problem, Size
from convlib.algorithms.padding import padded
from convlib.parallel import each

BLOCK = 2**25  # bytes: long transforms waste fewer cells where blocks overlap
CHUNK = 2**19  # bytes: what one thread transforms before it takes more
MAX_SPECTRA = 2**22  # cells: the transform of w, which no block makes smaller


def y(x: Array, w: Array, axes: Axes) -> Array:
    """Y = X conj(W), summed over channels; a stride keeps every stride-th cell."""
    plane = Frequencies(x, axes)
    W = plane.spectrum(_spread(w, "dilation", axes))
    Y = plane.products("ngcij,gkcij->ngkij", plane.spectrum(padded(x, axes)), np.conj(W, out=W))
    p, q = (slice(0, (a.out - 1) * a.stride + 1, a.stride) for a in axes)
    return plane.cells(Y, p, q)


def dw(dy: Array, x: Array, axes: Axes) -> Array:
    """DW = X conj(DY), summed over images; a dilation keeps every dilation-th tap."""
    plane = Frequencies(x, axes)
    Y = plane.spectrum(_spread(dy, "stride", axes))
    W = plane.products("ngkij,ngcij->gkcij", np.conj(Y, out=Y), plane.spectrum(padded(x, axes)))
    r, s = (slice(0, a.span, a.dilation) for a in axes)
    return plane.cells(W, r, s)


def dx(dy: Array, w: Array, axes: Axes) -> Array:
    """DX = DY W, summed over filters: no conjugate, the kernel is flipped."""
    plane = Frequencies(dy, axes)
    Y = plane.spectrum(_spread(dy, "stride", axes))
    X = plane.products("ngkij,gkcij->ngcij", Y, plane.spectrum(_spread(w, "dilation", axes)))
    i, j = (slice(a.before, a.before + a.size) for a in axes)
    return plane.cells(X, i, j)


class Frequencies:
    """rfft2 of padded planes and its inverse, a CHUNK at a time."""

    def __init__(self, a: Array, axes: Axes) -> None:
        self.high, self.wide = (_length(axis.padded) for axis in axes)
        self.dtype, self.workspaces = a.dtype, Workspaces(np.result_type(a, np.complex64))

    def spectrum(self, a: Array) -> Array:
        """Along rows, then along columns, with zeros up to their lengths."""
        workspace = Workspace(self.workspaces.dtype)  # free again at the end of this function
        half = workspace(prod(a.shape[:-1]), self.wide // 2 + 1)
        lines = a.reshape(len(half), a.shape[-1])

        def along_rows(run: slice) -> None:
            np.fft.rfft(lines[run], self.wide, out=half[run])

        each(along_rows, _runs(len(lines), half[:1].nbytes))
        return self.along_columns(np.fft.fft, half.reshape(*a.shape[:-1], half.shape[-1]))

    def cells(self, spectra: Array, rows: slice, columns: slice) -> Array:
        """Back along columns, then along these rows; of them these columns are kept."""
        half = self.along_columns(np.fft.ifft, spectra)[..., rows, :]
        lines = half.reshape(prod(half.shape[:-1]), half.shape[-1])
        result = np.empty((len(lines), len(range(self.wide)[columns])), self.dtype)

        def along_rows(run: slice) -> None:
            result[run] = np.fft.irfft(lines[run], self.wide)[:, columns]

        each(along_rows, _runs(len(lines), lines[:1].nbytes))
        return result.reshape(*half.shape[:-1], result.shape[-1])

    def along_columns(self, transform: Any, a: Array) -> Array:
        """Some columns of all planes at a time."""
        result = self.workspaces(*a.shape[:-2], self.high, a.shape[-1])

        def fill(run: slice) -> None:
            transform(a[..., run], self.high, axis=-2, out=result[..., run])

        each(fill, _runs(a.shape[-1], result[..., :1].nbytes))
        return result

    def products(self, letters: str, a: Array, b: Array) -> Array:
        """Their sum for each frequency, some rows of frequencies at a time."""
        factors, _, left = letters.partition("->")
        sizes = dict(zip(factors.replace(",", ""), (*a.shape, *b.shape), strict=True))
        result = self.workspaces(*(sizes[letter] for letter in left))

        def fill(rows: slice) -> None:
            np.einsum(letters, a[..., rows, :], b[..., rows, :], out=result[..., rows, :])

        each(fill, _runs(self.high, a[..., 0, :].nbytes + b[..., 0, :].nbytes))
        return result


def _runs(size: int, each_bytes: int) -> Iterator[slice]:
    """Cut an axis into runs that hold a CHUNK."""
    step = max(CHUNK // max(each_bytes, 1), 1)
    return (slice(i, min(i + step, size)) for i in range(0, size, step))


def _spread(a: Array, option: str, axes: Axes) -> Array:
    """Zeros between the cells: cell n moves to n*stride, or n*dilation."""
    steps = [getattr(axis, option) for axis in axes]
    if steps == [1, 1]:
        return a
    sizes = [(size - 1) * step + 1 for size, step in zip(a.shape[-2:], steps, strict=True)]
    wide = np.zeros((*a.shape[:-2], *sizes), a.dtype)
    wide[..., :: steps[0], :: steps[1]] = a
    return wide


def _length(size: int) -> int:
    """The next size that has no prime factor but 2, 3 and 5: there the transform is fast."""
    while True:
        rest = size
        for prime in (2, 3, 5):
            while rest % prime == 0 and rest > 1:
                rest //= prime
        if rest <= 1:
            return size
        size += 1


def in_blocks_of_spectra(problem: Problem) -> list[Problem]:
    """Blocks of output rows: padded cells and spectra of x, of w and of y take a BLOCK."""
    k, c = problem.w.shape[1:3]
    rows, columns = problem.axes
    planes = 3 * (c + k) + c * k
    return in_blocks(problem, planes * _length(columns.padded) * rows.stride, BLOCK)


def cost(z: Size) -> float:
    """A product is a step of a butterfly here.

    NumPy's transform gains nothing by numbers half as wide, as products of matrices do.
    """
    k, c, *_ = z.sizes
    height, width = (a.padded for a in z.axes)
    if k * c * z.axes[0].span * width > MAX_SPECTRA:
        return inf
    cells = height * width
    products = cells * (2 * k * c + 2.5 * (k + c + k * c) * log2(cells))
    work = z.images * (0.25 * products + 3 * (c + k) * cells)
    return 1e5 + work * (1 if z.itemsize == 8 else 1.2)


METHOD = Method("fft", y, dw, dx, cost=cost, exact=False, decompositions=[in_blocks_of_spectra])
