"""im2col: write every window down as a column; the sum over channels and taps is a matrix product.

    columns[(c,r,s), (p,q)] = x[c, p*stride + r*dilation - padding, q*stride + s*dilation - ...]

    y = w @ columns          dw = dy @ columns.T          dx = col2im(w.T @ dy)

The columns hold each cell up to R*S times. So they are made a block at a time, and used before
they leave the cache.
"""

from math import prod

import numpy as np

from convlib.algorithms import pieces, views
from convlib.algorithms.col2im import dx

__all__ = ["dw", "dx", "y"]


def y(x, w, axes):
    """y = w @ columns."""
    result = np.empty((len(x), *w.shape[:2], *(a.out for a in axes)), x.dtype)
    for images, rows, columns in _columns(x, axes):
        pieces.multiply(_flat(w, 3), columns, _flat(result[images, :, :, rows], 2))
    return result


def dw(dy, x, axes):
    """dw = dy @ columns.T, summed over images; transposed, for the larger factor goes first."""
    found = sum(pieces.multiply_and_sum(columns, _flat(dy[images, :, :, rows], 2))
                for images, rows, columns in _columns(x, axes))
    return found.mT.reshape(*dy.shape[1:3], x.shape[2], *(a.kernel for a in axes))


def _columns(x, axes):
    """Block by block which images, which output rows, and (N, groups, C*R*S, P*Q): the windows."""
    view, room = views.windows(x, axes), pieces.Room(x.dtype)
    n, g, c, r, s, p, q = view.shape
    for images, rows in pieces.cut(n, p, q, g * c * r * s * q * x.itemsize):
        part = view[images, ..., rows, :]
        columns = room(*part.shape)
        columns[...] = part
        yield images, rows, columns.reshape(len(part), g, c * r * s, -1)


def _flat(a, axes):
    """The last axes as one."""
    return a.reshape(*a.shape[:-axes], prod(a.shape[-axes:]))
