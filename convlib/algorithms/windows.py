"""Windows: a view that shows every window without copying a cell, and one sum over its indices.

The three sums differ in nothing but the letters that the result keeps.
"""

import numpy as np

from convlib.algorithms import views


def y(x, w, axes):
    """Keep the places: sum over c, r, s."""
    return np.einsum("ngcrspq,gkcrs->ngkpq", views.windows(x, axes), w)


def dw(dy, x, axes):
    """Keep the taps: sum over n, p, q."""
    return np.einsum("ngkpq,ngcrspq->gkcrs", dy, views.windows(x, axes))

