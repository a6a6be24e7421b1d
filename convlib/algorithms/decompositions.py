"""One convolution seen as others: in windows, interleaved, combed, run backwards.

Arrays are lifted (Geometry.lift): x (N, groups, C, H, W), w (groups, K, C, R, S) and
y (N, groups, K, P, Q), where C and K count the channels and filters of one group. `axes` is the
pair of Axis that says how output cells, taps and input cells meet:
i = p*stride + r*dilation - before.
"""

from functools import lru_cache
from math import gcd

import numpy as np

SHORT, TURN = 8, 64  # cells of a row; images that are interleaved


def padded(x, axes):
    """x with its zeros around it, in new memory if there are any; negative padding cuts off."""
    if not any(a.before or a.after for a in axes):
        return x
    room = np.zeros((*x.shape[:-2], *(a.before + a.size + a.after for a in axes)), x.dtype)
    fill(room, x, axes)
    return room


def fill(room, x, axes):
    """Put the cells of x into the middle of their padded room."""
    (here, i), (there, j) = (_inside(a) for a in axes)
    room[..., here, there] = x[..., i, j]


def _inside(a):
    """Where the cells of x lie in the padded axis, and which cells they are."""
    first = max(-a.before, 0)
    last = max(a.size + min(a.after, 0), first)
    return slice(first + a.before, last + a.before), slice(first, last)


def windows(x, axes):
    """Every window of x, and no copy: [..., r, s, p, q] is the cell that place p, q reads by r, s.

    The next tap and the next place are fixed steps in memory, so a few strides say it all.
    """
    x = np.ascontiguousarray(padded(x, axes))
    *lead, i, j = x.strides
    h, v = axes
    return np.ndarray((*x.shape[:-2], h.kernel, v.kernel, h.out, v.out), x.dtype, x, 0,
                      (*lead, i * h.dilation, j * v.dilation, i * h.stride, j * v.stride))


def short(a, axes):
    """Short rows are slow to copy; images that are interleaved have long ones."""
    return len(a) > 1 and axes[1].stride == 1 and axes[1].out < SHORT


def by_turns(job, axes, *arrays):
    """What job(*arrays, axes) makes of interleaved images, some at a time; and of how many."""
    for i in range(0, len(arrays[0]), TURN):
        parts = [a[i : i + TURN] for a in arrays]
        n = len(parts[0])
        yield job(*map(interleave, parts), interleaved(axes, n)), n


def interleave(a):
    """N images as one, cell by cell in turn: [n, g, c, i, j] moves to [0, g, c, i, j*N + n]."""
    n, g, c, i, j = a.shape
    return np.ascontiguousarray(a.transpose(1, 2, 3, 4, 0)).reshape(1, g, c, i, j * n)


def interleaved(axes, n):
    """The convolution of N interleaved images: a kernel dilated by N never mixes two of them.

        j = q + s*dilation - before   =>   j*N + n = (q*N + n) + s*(dilation*N) - before*N
    """
    rows, a = axes
    return rows, a._replace(size=a.size * n, before=a.before * n, after=a.after * n,
                            dilation=a.dilation * n, out=a.out * n)


def apart(a, n):
    """Undo interleave."""
    return a.reshape(*a.shape[1:4], a.shape[4] // n, n).transpose(4, 0, 1, 2, 3)


@lru_cache(1024)
def combs(a):
    """A dilated convolution of stride 1 is `dilation` convolutions of neighbouring teeth.

    i = p + r*d - before ties the outputs p = d*m + t to the inputs that leave one remainder, too:
    there i = d*(m + r - before') + u. For each t: the outputs, the inputs, and the Axis.
    """
    d, found = a.dilation, []
    for t in range(min(d, a.out)):
        start = a.read_by(t, 0)
        u, m = start % d, len(range(t, a.out, d))
        size, before = len(range(u, a.size, d)), -(start // d)
        found.append((slice(t, None, d), slice(u, None, d),
                      a._replace(size=size, stride=1, dilation=1, before=before, out=m,
                                 after=m + a.kernel - 1 - size - before)))
    return found


def _turned(taps):
    """Equally spaced taps from the last to the first, as a slice."""
    step = taps[1] - taps[0] if len(taps) > 1 else 1
    return slice(taps[-1], taps[0] - 1 if taps[0] else None, -step)


@lru_cache(1024)
def backwards(a):
    """The convolutions of stride 1 that give the input's gradient on one axis.

    Output p touched cell i through tap r where i + before = p*stride + r*dilation. Cells that
    leave one remainder, i = first + stride*m, meet only every few taps r = r0 + u*(stride/gcd):

        p = m + shift - u*(dilation/gcd)          gcd = gcd(stride, dilation)

    p runs against u: with the taps turned round this is a correlation of dy. For each class of
    cells that some tap meets: the cells, the taps turned round, and the Axis.
    """
    dilation, found = a.dilation // gcd(a.stride, a.dilation), []
    for first in range(min(a.stride, a.size)):
        taps = [r for r in range(a.kernel) if (first - a.read_by(0, r)) % a.stride == 0]
        if taps:
            m, reach = len(range(first, a.size, a.stride)), (len(taps) - 1) * dilation
            before = reach - (first - a.read_by(0, taps[0])) // a.stride
            found.append((slice(first, None, a.stride), _turned(taps),
                          a._replace(size=a.out, kernel=len(taps), stride=1, dilation=dilation,
                                     out=m, before=before, after=m + reach - before - a.out)))
    return found
