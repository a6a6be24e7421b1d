"""Fourier: in frequencies the sum over taps is one product.

    y = correlate(x, w)        Y = X conj(W)
    dw = correlate(x, dy)      DW = X conj(DY)
    dx = convolve(dy, w)       DX = DY W

A stride puts zeros between the cells of dy, a dilation between those of w. The transform goes
round in a circle as long as the padded input: that is long enough, for no window of a
correlation leaves it and a full convolution just fills it.
"""

import numpy as np

from convlib.algorithms import views

BLOCK = 2**25  # bytes: long transforms waste fewer cells where blocks overlap


def y(x, w, axes):
    """Y = X conj(W), summed over channels; a stride keeps every stride-th cell."""
    spectra = np.einsum("ngcij,gkcij->ngkij", _spectrum(views.padded(x, axes), axes),
                        _spectrum(_spread(w, "dilation", axes), axes).conj())
    keep = [slice(0, (a.out - 1) * a.stride + 1, a.stride) for a in axes]
    return _cells(spectra, axes)[..., *keep].astype(x.dtype, copy=False)


def dw(dy, x, axes):
    """DW = X conj(DY), summed over images; a dilation keeps every dilation-th tap."""
    spectra = np.einsum("ngkij,ngcij->gkcij", _spectrum(_spread(dy, "stride", axes), axes).conj(),
                        _spectrum(views.padded(x, axes), axes))
    keep = [slice(0, a.span, a.dilation) for a in axes]
    return _cells(spectra, axes)[..., *keep].astype(x.dtype, copy=False)


def dx(dy, w, axes):
    """DX = DY W, summed over filters: no conjugate, the kernel is flipped."""
    spectra = np.einsum("ngkij,gkcij->ngcij", _spectrum(_spread(dy, "stride", axes), axes),
                        _spectrum(_spread(w, "dilation", axes), axes))
    keep = [slice(a.before, a.before + a.size) for a in axes]
    return _cells(spectra, axes)[..., *keep].astype(dy.dtype, copy=False)


def scratch(channels, filters, axes):
    """Cells of memory for one output row: padded cells and spectra of x, of w and of y."""
    planes = 3 * (channels + filters) + channels * filters
    return planes * _length(_padded(axes[1])) * axes[0].stride


def _spectrum(a, axes):
    return np.fft.rfft2(a, [_length(_padded(axis)) for axis in axes])


def _cells(spectra, axes):
    return np.fft.irfft2(spectra, [_length(_padded(axis)) for axis in axes])


def _spread(a, option, axes):
    """Zeros between the cells: cell n moves to n*stride, or n*dilation."""
    steps = [getattr(axis, option) for axis in axes]
    if steps == [1, 1]:
        return a
    sizes = [(size - 1) * step + 1 for size, step in zip(a.shape[-2:], steps, strict=True)]
    wide = np.zeros((*a.shape[:-2], *sizes), a.dtype)
    wide[..., :: steps[0], :: steps[1]] = a
    return wide


def _padded(a):
    return a.before + a.size + a.after


def _length(size):
    """The next size that has no prime factor but 2, 3 and 5: there the transform is fast."""
    while True:
        rest = size
        for prime in (2, 3, 5):
            while rest % prime == 0 and rest > 1:
                rest //= prime
        if rest <= 1:
            return size
        size += 1
