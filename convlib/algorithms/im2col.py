"""im2col: write every window down as a column; the sum over channels and taps is a matrix product.

    columns[(c,r,s), (p,q)] = x[c, p*stride + r*dilation - padding, q*stride + s*dilation - ...]

    y = w @ columns          dw = dy @ columns.T          dx = col2im(w.T @ dy)

The columns hold each cell up to R*S times. So they are made a block at a time, and used before
they leave the cache.
"""

import numpy as np

from convlib.algorithms import views


def y(x, w, axes, out=None):
    """y = w @ columns, in place if there is one."""
    shape = len(x), *w.shape[:2], *(a.out for a in axes)
    into = None if out is None else _flat(out, 2)
    return np.matmul(_flat(w, 3), _columns(x, axes), out=into).reshape(shape)


def dw(dy, x, axes):
    """dw = dy @ columns.T, summed over images."""
    g, k, c = *dy.shape[1:3], x.shape[2]
    found = _flat(dy, 2) @ _columns(x, axes).mT
    return found.sum(axis=0).reshape(g, k, c, *(a.kernel for a in axes))


def dx(dy, w, axes):
    """dx = col2im(w.T @ dy): each column is added to the window that it came from.

    First to the row, then to the cell in it: R long additions, then S short ones.
    """
    (n, g, k, p, q), (c, r, s), (h, v) = dy.shape, w.shape[2:], axes
    if views.short(dy, axes, 4 * views.SHORT if c * r * s > k else views.SHORT):
        return views.apart(dx(views.interleave(dy), w, views.interleaved(axes, n)), n)
    columns = (_flat(w, 3).mT @ _flat(dy, 2)).reshape(n, g, c, r, s, p, q)
    in_rows = np.zeros((n, g, c, s, h.size, q), dy.dtype)
    for tap in range(r):
        out, inp = h.slices(tap)
        in_rows[..., inp, :] += columns[:, :, :, tap, :, out]
    result = np.zeros((n, g, c, h.size, v.size), dy.dtype)
    for tap in range(s):
        out, inp = v.slices(tap)
        result[..., inp] += in_rows[:, :, :, tap, :, out]
    return result


def scratch(channels, filters, axes):
    """Cells of memory for one output row: its columns."""
    return channels * axes[0].kernel * axes[1].kernel * axes[1].out


def _columns(x, axes):
    """(n, groups, C*R*S, P*Q): the windows, copied."""
    view = views.windows(x, axes)
    n, g, c, r, s, p, q = view.shape
    return view.reshape(n, g, c * r * s, p * q)


def _flat(a, axes):
    """The last axes as one."""
    return a.reshape(*a.shape[:-axes], int(np.prod(a.shape[-axes:])))
