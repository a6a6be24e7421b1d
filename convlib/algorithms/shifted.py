"""Shifted products: columns for one row of taps; the next row of taps reads the same, one row on.

    columns[(c,s), (i,q)] = x[c, i, q*stride + s*dilation - padding]

    y    = sum over r of  w[r] @ columns[:, rows r to r + P]
    dw[r] = dy @ columns[:, rows r to r + P].T
    dx[:, rows r to r + P] += w[r].T @ columns of dy

Each cell is copied S times, not R*S times, and a shift by whole rows is no copy at all. With a
stride the rows are dealt out first, every stride-th to the same pile, so that the rows that one
tap reads lie together again.
"""

import numpy as np

from convlib.algorithms import views
from convlib.shapes import Axis


def y(x, w, axes):
    """Sum over the rows of taps: one matrix product each, over channels and one row."""
    if views.short(x, axes):
        found = y(views.interleave(x), w, views.interleaved(axes, len(x)))
        return views.apart(found, len(x))
    columns = _columns(x, axes)
    result = part = None
    for weights, (pile, rows) in zip(_rows(w), _reads(axes[0]), strict=True):
        part = np.matmul(weights, _flat(columns[pile][:, :, rows]), out=part)
        if result is None:
            result, part = part, None
        else:
            result += part
    return _images(result, axes[0].out, len(x))


def dw(dy, x, axes):
    """One matrix product for each row of taps, over images and places."""
    if views.short(x, axes):
        return dw(views.interleave(dy), views.interleave(x), views.interleaved(axes, len(x)))
    columns, prices = _columns(x, axes), _prices(dy)
    (g, k), c, (r, s) = dy.shape[1:3], x.shape[2], (a.kernel for a in axes)
    result = np.empty((g, k, c, r, s), x.dtype)
    for r, (pile, rows) in enumerate(_reads(axes[0])):
        result[:, :, :, r] = (prices @ _flat(columns[pile][:, :, rows]).mT).reshape(g, k, c, s)
    return result


def dx(dy, w, axes):
    """One product for all rows of taps; then each row of taps adds where it was read.

    Along a row dx gathers dy, as the convolution that runs backwards does.
    """
    if views.short(dy, axes):
        return views.apart(dx(views.interleave(dy), w, views.interleaved(axes, len(dy))), len(dy))
    (n, g, _, p, _), (c, r), (h, v) = dy.shape, w.shape[2:4], axes
    result = np.zeros((n, g, c, h.size, v.size), dy.dtype)
    for cells, taps, back in views.backwards(v):
        columns = _columns(dy, (Axis(p, 1, out=p), back))[0]
        weights = w[..., taps].transpose(0, 2, 3, 1, 4).reshape(g, c * r, columns.shape[1])
        part = (weights @ _flat(columns)).reshape(g, c, r, p, n, back.out)
        total = np.zeros((g, c, h.size, n, back.out), dy.dtype)
        for tap in range(r):
            out, inp = h.slices(tap)
            total[:, :, inp] += part[:, :, tap, out]
        result[..., cells] = total.transpose(3, 0, 1, 2, 4)
    return result


def scratch(channels, filters, axes):
    """Cells of memory for one output row: its columns, and a product of w with them twice."""
    return (channels * axes[1].kernel * axes[0].stride + 2 * filters) * axes[1].out


def scratch_dx(channels, filters, axes):
    """The columns of dy for one row, and its product with every row of taps."""
    return filters * axes[1].kernel * axes[1].out + channels * axes[0].kernel * axes[1].size


def _columns(x, axes):
    """(piles, groups, C*S, rows, N*Q): the cells under each tap of a row of taps, copied."""
    h, v = axes
    x = views.padded(x, (h._replace(after=h.after + _piled(h) * h.stride - _length(h)), v))
    one = h._replace(size=x.shape[3], kernel=1, before=0, after=0, out=x.shape[3]), v._replace(
        size=x.shape[4], before=0, after=0)
    view = views.windows(x, (one[0]._replace(stride=1), one[1]))[:, :, :, 0]
    n, g, c, s, rows, q = view.shape
    view = view.reshape(n, g, c, s, rows // h.stride, h.stride, q) if h.stride > 1 else view[
        ..., None, :]
    return np.ascontiguousarray(view.transpose(5, 1, 2, 3, 4, 0, 6)).reshape(
        h.stride, g, c * s, rows // h.stride, n * q)


def _length(a):
    """Cells with their padding."""
    return a.before + a.size + a.after


def _piled(a):
    """Rows in each pile."""
    return -(-_length(a) // a.stride)


def _reads(a):
    """For each tap r, which pile and which rows of it: r*dilation = stride*first + pile."""
    for r in range(a.kernel):
        first, pile = divmod(r * a.dilation, a.stride)
        yield pile, slice(first, first + a.out)


def _rows(w):
    """w[r] as a matrix (groups, K, C*S), r after r."""
    g, k, c, r, s = w.shape
    return np.ascontiguousarray(w.transpose(3, 0, 1, 2, 4)).reshape(r, g, k, c * s)


def _flat(a):
    return a.reshape(*a.shape[:2], a.shape[2] * a.shape[3])


def _prices(dy):
    """dy as (groups, K, P*N*Q), in the order of the columns."""
    n, g, k, p, q = dy.shape
    return np.ascontiguousarray(dy.transpose(1, 2, 3, 0, 4)).reshape(g, k, p * n * q)


def _images(a, p, n):
    """(groups, K, P*N*Q) as (N, groups, K, P, Q)."""
    return a.reshape(*a.shape[:2], p, n, -1).transpose(3, 0, 1, 2, 4)
