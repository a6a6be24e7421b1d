"""Windows: a view that shows every window without copying a cell, and one sum over its indices.

The sums differ in nothing but the letters that the result keeps.
"""

import numpy as np

from convlib.algorithms.decompositions import in_gradient_phases
from convlib.algorithms.method import Array, Axes, Method, Size
from convlib.algorithms.padding import padded


def y(x: Array, w: Array, axes: Axes) -> Array:
    """Keep the places: sum over c, r, s."""
    places: Array = np.einsum("ngcrspq,gkcrs->ngkpq", sliding_windows(x, axes), w)
    return places


def dw(dy: Array, x: Array, axes: Axes) -> Array:
    """Keep the taps: sum over n, p, q."""
    taps: Array = np.einsum("ngkpq,ngcrspq->gkcrs", dy, sliding_windows(x, axes))
    return taps


def sliding_windows(x: Array, axes: Axes) -> Array:
    """Every window of x, and no copy: [..., r, s, p, q] is the cell that place p, q reads by r, s.

    The next tap and the next place are fixed steps in memory, so a few strides say it all.
    """
    x = np.ascontiguousarray(padded(x, axes))
    *lead, i, j = x.strides
    h, v = axes
    return np.ndarray((*x.shape[:-2], h.kernel, v.kernel, h.out, v.out), x.dtype, x, 0,
                      (*lead, i * h.dilation, j * v.dilation, i * h.stride, j * v.stride))


def cost(z: Size) -> float:
    """One product after another, and nothing to begin with."""
    k, c, p, q, r, s = z.sizes
    return 5 * z.images * (k * c * r * s * p * q) * z.width


METHOD = Method("windows", y, dw, cost=cost, decompositions=[in_gradient_phases])
