"""Well-known wrong gradients, each with the signature of the conv2d_backward that it replaces.

A check that cannot tell one of these from the right gradient is no check. Each mistake works for
conv1d and conv2d (the rank of w decides) and is wrong only where its name says so: on a symmetric
kernel, at stride 1 or without padding most of them cannot be seen.
"""

import sys

import numpy as np

from convlib import conv
from convlib.kernel_map import kernel_map
from convlib.shapes import read_geometry


def no_flip(dy, x, w, **options):
    """dx gathers with the kernel unflipped: w[r] where w[R-1-r] should stand."""
    return _right(dy, x, w, **options)._replace(
        dx=_right(dy, x, np.flip(w, _space(w)), **options).dx)


def one_axis_flip(dy, x, w, **options):
    """dx flips the rows of the kernel and forgets the columns (in 1-D: forgets its only axis)."""
    return _right(dy, x, w, **options)._replace(dx=_right(dy, x, np.flip(w, -1), **options).dx)


def stride_dropped(dy, x, w, *, stride=1, **options):
    """i = p + r where i = p*stride + r should stand."""
    return _right(*_roomy(dy, x, w, stride=1, **options), stride=1, **options)


def dilation_off_by_one(dy, x, w, *, dilation=1, **options):
    """Taps stand dilation - 1 apart: dilation read as the number of holes between them."""
    narrow = tuple(max(1, d - 1) for d in np.broadcast_to(dilation, len(_space(w))))
    return _right(*_roomy(dy, x, w, dilation=narrow, **options), dilation=narrow, **options)


def assign_for_add(dy, x, w, method="auto", **options):
    """dx[inp] = where dx[inp] += should stand: where windows overlap, the last one wins."""
    table = kernel_map(x.shape, w.shape, **options)
    right = _right(dy, x, w, **options)
    dx = np.zeros_like(right.dx)
    dx[table.inp] = dy[table.out] * w[table.tap]
    return right._replace(dx=dx)


def remainder_lost(dy, x, w, *, stride=1, **options):
    """dx ends with the last cell that a window reads: too short where a stride leaves some."""
    right = _right(dy, x, w, stride=stride, **options)
    axes = read_geometry(x.shape, w.shape, stride=stride, **_shapely(options)).axes
    ends = (min(a.size, a.read_by(a.out - 1, a.kernel - 1) + 1) for a in axes)
    return right._replace(dx=right.dx[(..., *(slice(end) for end in ends))])


def groups_swapped(dy, x, w, *, groups=1, **options):
    """Group g reads the channels of the group before it."""
    shift = w.shape[1] if groups > 1 else 0
    axis = x.ndim - 1 - len(_space(w)) if groups > 1 else 0
    right = _right(dy, np.roll(x, shift, axis), w, groups=groups, **options)
    return right._replace(dx=np.roll(right.dx, -shift, axis))


def padding_one_sided(dy, x, w, *, padding=0, **options):
    """All of the padding stands before the first cell, none behind the last."""
    axes = read_geometry(x.shape, w.shape, padding=padding, **_shapely(options)).axes
    before = [(a.before + a.after, 0) for a in axes]
    return _right(dy, x, w, padding=before, **options)


def bias_over_wrong_axes(dy, x, w, **options):
    """db sums over the filters and keeps a place: dy.sum(axis=...) with the axes off by one."""
    db = dy.sum(axis=tuple(range(dy.ndim - 1)))
    return _right(dy, x, w, **options)._replace(db=db)


MISTAKES = {f.__name__: f for f in (
    no_flip, one_axis_flip, stride_dropped, dilation_off_by_one, assign_for_add, remainder_lost,
    groups_swapped, padding_one_sided, bias_over_wrong_axes)}


def plant(name):
    """Put a mistake where conv1d_backward and conv2d_backward stood, in every loaded module.

    For `pytest --mistake NAME`, which must then fail. Raises ValueError for an unknown name.
    """
    if name not in MISTAKES:
        raise ValueError(f"mistake must be one of {', '.join(MISTAKES)}, not {name!r}")
    right = conv.conv1d_backward, conv.conv2d_backward
    loaded = [m for key, m in sys.modules.items() if key.split(".")[0] in ("convlib", "figures")]
    for module in loaded:
        for attribute, value in list(vars(module).items()):
            if value in right:
                setattr(module, attribute, _reading_arrays(MISTAKES[name]))


def _reading_arrays(mistake):
    def planted(dy, x, w, **options):
        return mistake(*map(np.asarray, (dy, x, w)), **options)

    return planted


def _right(dy, x, w, method="auto", **options):
    return conv.backward(len(_space(w)), dy, x, w, method, **options)


def _space(w):
    """The axes of w along which it slides, counted from behind."""
    return tuple(range(-1 if w.ndim in (1, 3) else -2, 0))


def _roomy(dy, x, w, **options):
    """dy with zeros behind it, as large as the output that the wrong options would give."""
    y_shape = read_geometry(x.shape, w.shape, **_shapely(options)).y_shape
    larger = np.zeros(y_shape, dy.dtype)
    larger[tuple(slice(n) for n in dy.shape)] = dy
    return larger, x, w


def _shapely(options):
    return {name: value for name, value in options.items() if name != "method"}
