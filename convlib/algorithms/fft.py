"""Fourier: in frequencies the sum over taps is one product. ::

    y = correlate(x, w)        Y = X conj(W)
    dw = correlate(x, dy)      DW = X conj(DY)
    dx = convolve(dy, w)       DX = DY W

A stride puts zeros between the cells of dy, a dilation between those of w. The transform goes
round in a circle as long as the padded input: that is long enough, for no window of a
correlation leaves it and a full convolution just fills it.
"""

from math import inf, log2

import numpy as np

from convlib.algorithms.blocking import in_blocks
from convlib.algorithms.method import Array, Axes, Method, Problem, Size
from convlib.algorithms.padding import padded

BLOCK = 2**25  # bytes: long transforms waste fewer cells where blocks overlap
MAX_SPECTRA = 2**22  # cells: the transform of w, which no block makes smaller


def y(x: Array, w: Array, axes: Axes) -> Array:
    """Y = X conj(W), summed over channels; a stride keeps every stride-th cell."""
    spectra = np.einsum("ngcij,gkcij->ngkij", _spectrum(padded(x, axes), axes),
                        _spectrum(_spread(w, "dilation", axes), axes).conj())
    p, q = (slice(0, (a.out - 1) * a.stride + 1, a.stride) for a in axes)
    return _cells(spectra, axes)[..., p, q].astype(x.dtype, copy=False)


def dw(dy: Array, x: Array, axes: Axes) -> Array:
    """DW = X conj(DY), summed over images; a dilation keeps every dilation-th tap."""
    spectra = np.einsum("ngkij,ngcij->gkcij", _spectrum(_spread(dy, "stride", axes), axes).conj(),
                        _spectrum(padded(x, axes), axes))
    r, s = (slice(0, a.span, a.dilation) for a in axes)
    return _cells(spectra, axes)[..., r, s].astype(x.dtype, copy=False)


def dx(dy: Array, w: Array, axes: Axes) -> Array:
    """DX = DY W, summed over filters: no conjugate, the kernel is flipped."""
    spectra = np.einsum("ngkij,gkcij->ngcij", _spectrum(_spread(dy, "stride", axes), axes),
                        _spectrum(_spread(w, "dilation", axes), axes))
    i, j = (slice(a.before, a.before + a.size) for a in axes)
    return _cells(spectra, axes)[..., i, j].astype(dy.dtype, copy=False)


def _spectrum(a: Array, axes: Axes) -> Array:
    return np.fft.rfft2(a, [_length(axis.padded) for axis in axes])


def _cells(spectra: Array, axes: Axes) -> Array:
    return np.fft.irfft2(spectra, [_length(axis.padded) for axis in axes])


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
