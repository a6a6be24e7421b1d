"""Fourier: in frequencies the sum over taps is one product. ::

    y = correlate(x, w)        Y = X conj(W)
    dw = correlate(x, dy)      DW = X conj(DY)
    dx = convolve(dy, w)       DX = DY W

A stride puts zeros between the cells of dy, a dilation between those of w. The transform goes
round in a circle as long as the padded input: that is long enough, for no window of a
correlation leaves it and a full convolution just fills it.
"""

from math import inf, log2, prod

import numpy as np

from convlib.algorithms.blocking import Workspaces, in_blocks, runs
from convlib.algorithms.method import Array, Axes, Method, Problem, Size
from convlib.algorithms.padding import padded
from convlib.parallel import each

BLOCK = 2**25  # bytes: long transforms waste fewer cells where blocks overlap
MAX_SPECTRA = 2**22  # cells: the transform of w, which no block makes smaller


def y(x: Array, w: Array, axes: Axes) -> Array:
    """Y = X conj(W), summed over channels; a stride keeps every stride-th cell."""
    p, q = (slice(0, (a.out - 1) * a.stride + 1, a.stride) for a in axes)
    return _by_spectra("ngcij,gkcij->ngkij", padded(x, axes), _spread(w, "dilation", axes), axes,
                       (p, q), np.conj)


def dw(dy: Array, x: Array, axes: Axes) -> Array:
    """DW = X conj(DY), summed over images; a dilation keeps every dilation-th tap."""
    r, s = (slice(0, a.span, a.dilation) for a in axes)
    return _by_spectra("ngcij,ngkij->gkcij", padded(x, axes), _spread(dy, "stride", axes), axes,
                       (r, s), np.conj)


def dx(dy: Array, w: Array, axes: Axes) -> Array:
    """DX = DY W, summed over filters: no conjugate, the kernel is flipped."""
    i, j = (slice(a.before, a.before + a.size) for a in axes)
    return _by_spectra("ngkij,gkcij->ngcij", _spread(dy, "stride", axes),
                       _spread(w, "dilation", axes), axes, (i, j), np.positive)


def _by_spectra(letters: str, a: Array, b: Array, axes: Axes, kept: tuple[slice, slice],
                turned: np.ufunc) -> Array:
    """irfft2 of a sum of products, rfft2 of a times that of b, turned; these cells are kept.

    Along the rows first. Then all that is done in a column, for some columns at a time.
    """
    high, wide = (_length(axis.padded) for axis in axes)
    workspaces = Workspaces(np.result_type(a, np.complex64))
    A, B = (_along_rows(operand, wide, workspaces) for operand in (a, b))
    factors, _, left = letters.partition("->")
    sizes = dict(zip(factors.replace(",", ""), (*A.shape, *B.shape), strict=True))
    lead = *(sizes[letter] for letter in left[:-2]), len(range(high)[kept[0]])
    Y = workspaces(*lead, wide // 2 + 1)

    def down_and_up(run: slice) -> None:
        down, right = (np.fft.fft(half[..., run], high, axis=-2) for half in (A, B))
        spectra = np.einsum(letters, down, turned(right, out=right))
        Y[..., run] = np.fft.ifft(spectra, axis=-2, out=spectra)[..., kept[0], :]

    each(down_and_up, runs(wide // 2 + 1, A[..., 0].nbytes + B[..., 0].nbytes + Y[..., 0].nbytes))
    lines, cells = _lines(Y), np.empty((*lead, len(range(wide)[kept[1]])), a.dtype)
    places = _lines(cells)

    def back(run: slice) -> None:
        places[run] = np.fft.irfft(lines[run], wide)[:, kept[1]]

    each(back, runs(len(lines), lines[:1].nbytes))
    return cells


def _along_rows(a: Array, wide: int, workspaces: Workspaces) -> Array:
    """rfft, with zeros up to this length."""
    half = workspaces(*a.shape[:-1], wide // 2 + 1)
    lines, ends = _lines(a), _lines(half)

    def transform(run: slice) -> None:
        np.fft.rfft(lines[run], wide, out=ends[run])

    each(transform, runs(len(lines), ends[:1].nbytes))
    return half


def _lines(a: Array) -> Array:
    """All rows of all planes."""
    return a.reshape(prod(a.shape[:-1]), a.shape[-1])


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
