"""The three sums of a convolution by several methods: y, dx, dw, and who does them.

A method is a module with y(x, w, axes) and dw(dy, x, axes) on lifted arrays (see views), and with
dx(dy, w, axes), or else its y of the convolution that runs backwards serves for it. scratch(...)
is the memory that a row of output takes; `refuses(axes)` says in words what it cannot do.
"""

from itertools import product

import numpy as np

from convlib.algorithms import (
    choose,
    direct,
    fft,
    im2col,
    pieces,
    shifted,
    views,
    windows,
    winograd,
)

METHODS = {"direct": direct, "windows": windows, "im2col": im2col, "shifted": shifted,
           "fft": fft, "winograd": winograd}
BY_ROWS = im2col, shifted  # they copy row by row, and cut their work themselves


def check_method(method):
    """Refuse what is neither "auto" nor the name of a method."""
    if method != "auto" and method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(('auto', *METHODS))}, not {method!r}")


@np.errstate(invalid="ignore")  # inf * 0 is nan, and nan is data
def y(x, w, geometry, method="auto"):
    """The forward pass: the sum over input channels and taps."""
    x, w = geometry.lift(x=x, w=w)
    axes = geometry.plane
    module = _module("y", method, axes, x, w, x.shape[2], w.shape[1])
    return np.ascontiguousarray(_y(module, x, w, axes)).reshape(geometry.y_shape)


@np.errstate(invalid="ignore")
def dx(dy, w, geometry, method="auto"):
    """The input's gradient: the sum over filters and taps."""
    dy, w = geometry.lift(y=dy, w=w)
    axes = geometry.plane
    module = _module("dx", method, axes, dy, w, w.shape[2], w.shape[1])
    if module is not direct and not np.isfinite(w).all():
        module = direct  # a gathered dx would multiply w by zeros that are in no row of the table
    return np.ascontiguousarray(_dx(module, dy, w, axes)).reshape(geometry.x_shape)


@np.errstate(invalid="ignore")
def dw(dy, x, geometry, method="auto"):
    """The kernel's gradient: the sum over images and places."""
    dy, x = geometry.lift(y=dy, x=x)
    axes = geometry.plane
    module = _module("dw", method, axes, x, dy, x.shape[2], dy.shape[2])
    found = _dw(module, dy, x, axes)
    if module is not direct and not np.isfinite(found).all():
        found = _dw(direct, dy, x, axes)  # an infinite dy met the zeros of the padding
    return np.ascontiguousarray(found).reshape(geometry.w_shape)


def _module(what, method, axes, a, b, channels, filters):
    """The chosen method; a method that the caller named may have to refuse."""
    if not (a.size and b.size and axes[0].size and axes[1].size):
        return direct  # nothing to multiply
    if method == "auto":
        return METHODS[choose.method(what, axes, a, b, len(a) * a.shape[1], channels, filters)]
    module = METHODS[method]
    words = getattr(module, "refuses", lambda axes: None)(axes)
    if words:
        raise ValueError(f"method={method!r} cannot do {words}")
    if a.dtype.kind != "f" and module in (fft, winograd):
        raise ValueError(f"method={method!r} rounds: it takes floats, not {a.dtype}")
    return module


def _y(module, x, w, axes):
    """Whole, or block by block, comb by comb; images with short rows are interleaved."""
    if _combed(module, axes):
        result = np.zeros((*x.shape[:2], w.shape[1], *(a.out for a in axes)), x.dtype)
        for (p, i, h), (q, j, v) in product(*map(views.combs, axes)):
            result[..., p, q] = _y(module, x[..., i, j], w, (h, v))
        return result
    if module in BY_ROWS and views.short(x, axes):
        found = views.by_turns(lambda x, axes: module.y(x, w, axes), axes, x)
        return np.concatenate([views.apart(*part) for part in found])
    blocks = _blocks(module, x, w, axes)
    if len(blocks) == 1:
        return module.y(x, w, axes)
    result = np.empty((*x.shape[:2], w.shape[1], *(a.out for a in axes)), x.dtype)
    for images, out, inp, piece in blocks:
        result[images, :, :, out] = module.y(x[images, :, :, inp], w, piece)
    return result


def _dw(module, dy, x, axes):
    """Every block adds to the same few cells, and every comb."""
    if _combed(module, axes):
        return sum(_dw(module, dy[..., p, q], x[..., i, j], (h, v))
                   for (p, i, h), (q, j, v) in product(*map(views.combs, axes)))
    if module in BY_ROWS and views.short(x, axes):
        return sum(found for found, _ in views.by_turns(module.dw, axes, dy, x))
    w = np.broadcast_to(x.dtype.type(0), (x.shape[1], dy.shape[2], x.shape[2], 1, 1))
    return sum(module.dw(dy[images, :, :, out], x[images, :, :, inp], piece)
               for images, out, inp, piece in _blocks(module, x, w, axes))


def _dx(module, dy, w, axes):
    """By the adjoint of y; or gathered, as the y of a convolution that runs backwards."""
    if module in BY_ROWS and views.short(dy, axes):
        found = views.by_turns(lambda dy, axes: module.dx(dy, w, axes), axes, dy)
        return np.concatenate([views.apart(*part) for part in found])
    if hasattr(module, "dx"):
        blocks = [] if module in BY_ROWS else _blocks(module, dy, w, axes)
        if len(blocks) <= 1:
            return module.dx(dy, w, axes)
        result = np.zeros((*dy.shape[:2], w.shape[2], *(a.size for a in axes)), dy.dtype)
        for images, out, inp, piece in blocks:  # neighbouring blocks share rows
            result[images, :, :, inp] += module.dx(dy[images, :, :, out], w, piece)
        return result
    w, rows, columns = w.swapaxes(1, 2), *map(views.backwards, axes)
    if all(a.stride == 1 for a in axes):
        (_, r, h), (_, s, v) = *rows, *columns
        return _y(module, dy, w[..., r, s], (h, v))
    result = np.zeros((*dy.shape[:2], w.shape[1], *(a.size for a in axes)), dy.dtype)
    for (i, r, h), (j, s, v) in product(rows, columns):
        result[..., i, j] = _y(module, dy, w[..., r, s], (h, v))
    return result


def _combed(module, axes):
    """Winograd's tiles hold neighbours; a dilation of stride 1 has them in its combs."""
    return module is winograd and any(a.dilation > 1 for a in axes)


def _blocks(module, x, w, axes):
    """Pieces of a size that the method likes; those by rows only bound what is copied of x."""
    whole = [(slice(None), slice(None), slice(None), axes)]
    if module in BY_ROWS:
        if x.nbytes <= pieces.LARGE:
            return whole
        (h, v), limit, step = axes, pieces.LARGE, 1
        cells = w.shape[2] * h.stride * (v.before + v.size + v.after)
    elif hasattr(module, "scratch"):
        cells, limit = module.scratch(w.shape[2], w.shape[1], axes), module.BLOCK
        step = module.step(axes) if module is winograd else 1
    else:
        return whole
    return list(pieces.blocks(len(x), axes, cells * x.shape[1] * x.itemsize, limit, step=step))
