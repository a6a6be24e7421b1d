"""Tap by tap, straight from the table: exact for integers and symbols, bound to no layout.

All rows of the kernel map that share a tap form a rectangle: a slice of y beside a strided slice
of x. So each sum is one line inside the same loop; `@` sums over the axis that is not carried.
"""

import numpy as np

from convlib.algorithms.method import Array, Axes, Method
from convlib.algorithms.padding import padded
from convlib.axis import taps


def y(x: Array, w: Array, axes: Axes) -> Array:
    """y[out] += w[tap] x[inp], summed over input channels."""
    if w.dtype.kind == "f" and any(a.before or a.after for a in axes) and not np.isfinite(w).all():
        x, axes = padded(x, axes), _unpadded(axes)  # inf * 0 is nan, as in PyTorch
    result = np.zeros((*x.shape[:2], w.shape[1], *(a.out for a in axes)), x.dtype)
    for tap, out, inp in taps(axes):
        result[out] += _unflat(w[tap] @ _flat(x[inp]), result[out])
    return result


def dw(dy: Array, x: Array, axes: Axes) -> Array:
    """dw[tap] = dy[out] x[inp], summed over images and places."""
    shape = x.shape[1], dy.shape[2], x.shape[2], *(a.kernel for a in axes)
    result = np.zeros(shape, x.dtype)
    for tap, out, inp in taps(axes):
        result[tap] = (_flat(dy[out]) @ _flat(x[inp]).mT).sum(axis=0)
    return result


def dx(dy: Array, w: Array, axes: Axes) -> Array:
    """dx[inp] += w[tap] dy[out], summed over filters: each output stamps w, unflipped."""
    result = np.zeros((*dy.shape[:2], w.shape[2], *(a.size for a in axes)), dy.dtype)
    for tap, out, inp in taps(axes):
        result[inp] += _unflat(w[tap].mT @ _flat(dy[out]), result[inp])
    return result


def _unpadded(axes: Axes) -> Axes:
    """The same convolution of an input that carries its zeros with it."""
    rows, columns = (a._replace(size=a.padded, before=0, after=0) for a in axes)
    return rows, columns


def _flat(a: Array) -> Array:
    """(..., P, Q) as (..., P*Q)."""
    return a.reshape(*a.shape[:-2], a.shape[-2] * a.shape[-1])


def _unflat(a: Array, like: Array) -> Array:
    return a.reshape(like.shape)


METHOD = Method("direct", y, dw, dx, skips_padding=True)
