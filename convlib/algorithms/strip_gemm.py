"""Shifted products: columns for one row of taps; the next row of taps reads the same, one row on.

    columns[(c,s), (i,q)] = x[c, i, q*stride + s*dilation - padding]

    y    = sum over r of  w[r] @ columns[:, rows r to r + P]
    dw[r] = dy @ columns[:, rows r to r + P].T
    dx[:, rows r to r + P] += w[r].T @ columns of dy

Each cell is copied S times, not R*S times, and a shift by whole rows is no copy at all. With a
stride the rows are dealt out first, every stride-th to the same pile, so that the rows that one
tap reads lie together again.
"""

from math import prod

import numpy as np

from convlib.algorithms import pieces, views
from convlib.shapes import Axis


def y(x, w, axes):
    """Sum over the rows of taps: one matrix product each, over channels and one row."""
    g, k, c, taps, s = w.shape
    result = np.empty((len(x), g, k, *(a.out for a in axes)), x.dtype)
    weights = np.ascontiguousarray(w.transpose(3, 0, 1, 2, 4)).reshape(taps, g, k, c * s)
    room = pieces.Room(x.dtype)
    for images, rows, columns in _columns(x, k, axes):
        place = _flat(result[images, :, :, rows])
        for r, (pile, read) in enumerate(_reads(axes[0], rows)):
            cells = _flat(columns[:, :, :, pile, read])
            if r == 0:
                pieces.multiply(weights[r], cells, place)
            else:
                place += pieces.multiply(weights[r], cells, room(*place.shape))
    return result


def dw(dy, x, axes):
    """One matrix product for each row of taps, over images and places."""
    (g, k), c, (taps, s) = dy.shape[1:3], x.shape[2], (a.kernel for a in axes)
    result = np.zeros((taps, g, c * s, k), x.dtype)
    for images, rows, columns in _columns(x, k, axes):
        prices = _flat(np.ascontiguousarray(dy[images, :, :, rows]))
        for r, (pile, read) in enumerate(_reads(axes[0], rows)):
            result[r] += pieces.multiply_and_sum(_flat(columns[:, :, :, pile, read]), prices)
    return result.reshape(taps, g, c, s, k).transpose(1, 4, 2, 0, 3)


def dx(dy, w, axes):
    """One product for all rows of taps; then each row of taps adds where it was read.

    Along a row dx gathers dy, as the convolution that runs backwards does: columns of dy.
    """
    g, k, c, r, _ = w.shape
    result = np.zeros((len(dy), g, c, *(a.size for a in axes)), dy.dtype)
    room, sums = pieces.Room(dy.dtype), pieces.Room(dy.dtype)
    for cells, taps, back in views.backwards(axes[1]):
        weights = w[..., taps].transpose(0, 2, 3, 1, 4).reshape(g, c * r, k * back.kernel)
        row = g * (k * back.kernel + c * r) * back.out * dy.itemsize
        for images, out, inp, (h, _) in pieces.blocks(len(dy), axes, row, limit=2 * pieces.BLOCK):
            view = views.windows(dy[images, :, :, out], (Axis(h.out, 1, out=h.out), back))
            n = len(view)  # its axes: n, g, k, one row of taps, s, p, q
            columns = view[:, :, :, 0].transpose(1, 2, 3, 4, 0, 5).reshape(
                g, k * back.kernel, h.out * n * back.out)
            part = pieces.multiply(weights, columns[None], room(1, g, c * r, columns.shape[-1]))
            part = part.reshape(g, c, r, h.out, n, back.out)
            total = sums(g, c, h.size, n, back.out)
            total[...] = 0
            for tap in range(r):
                price, place = h.slices(tap)
                total[:, :, place] += part[:, :, tap, price]
            found, place = total.transpose(3, 0, 1, 2, 4), result[images, :, :, inp]
            if h is axes[0]:
                place[..., cells] = found
            else:
                place[..., cells] += found  # neighbouring blocks share rows
    return result


def _columns(x, filters, axes):
    """Block by block which images, which output rows, and (N, groups, C*S, piles, rows, Q).

    Those are the cells under each tap of a row of taps, copied.
    """
    view, room = _strips(x, axes), pieces.Room(x.dtype)
    n, g, c, s, piles, rows, q = view.shape
    reach = rows - axes[0].out
    row = g * (c * s * piles + filters) * q * x.itemsize
    for images, out in pieces.cut(n, axes[0].out, q, row):
        part = view[images, ..., out.start : out.stop + reach, :]
        columns = room(*part.shape)
        columns[...] = part
        yield images, out, columns.reshape(len(part), g, c * s, piles, -1, q)


def _strips(x, axes):
    """A view of x, padded: [n, g, c, s, pile, i, q] is the cell under tap s of place q in a row."""
    h, v = axes
    rows = (h.out - 1) + (h.kernel - 1) * h.dilation // h.stride + 1
    x = views.padded(x, (h._replace(after=rows * h.stride - h.before - h.size), v))
    whole = Axis(x.shape[-2], 1, out=x.shape[-2]), v._replace(
        size=x.shape[-1], before=0, after=0)
    view = views.windows(x, whole)[:, :, :, 0]
    return view.reshape(*view.shape[:4], rows, h.stride, -1).swapaxes(4, 5)


def _reads(a, rows):
    """For each tap r, which pile and which of its rows: r*dilation = stride*first + pile."""
    for r in range(a.kernel):
        first, pile = divmod(r * a.dilation, a.stride)
        yield pile, slice(first, first + rows.stop - rows.start)


def _flat(a):
    """The last two axes as one."""
    return a.reshape(*a.shape[:-2], prod(a.shape[-2:]))
