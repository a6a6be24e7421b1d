"""An input with its zeros around it."""

import numpy as np

from convlib.algorithms.method import Array, Axes
from convlib.axis import Axis
from convlib.parallel import each

LARGE, PARTS = 2**20, 8  # bytes; in how many parts they are copied


def padded(x: Array, axes: Axes) -> Array:
    """x with its zeros around it, in new memory if there are any; negative padding cuts off."""
    if not any(a.before or a.after for a in axes):
        return x
    space = np.zeros((*x.shape[:-2], *(a.before + a.size + a.after for a in axes)), x.dtype)
    if space.nbytes < LARGE:
        fill(space, x, axes)
    else:  # by images, or by channels where these are few
        axis = 0 if len(x) >= PARTS else 2
        here, there = x.swapaxes(0, axis), space.swapaxes(0, axis)
        parts = [slice(i, None, PARTS) for i in range(min(PARTS, len(here)))]
        each(lambda part: fill(there[part], here[part], axes), parts)
    return space


def fill(space: Array, x: Array, axes: Axes) -> None:
    """Put the cells of x (..., H, W) into the middle of their padded space."""
    (here, i), (there, j) = (_inside(a) for a in axes)
    space[..., here, there] = x[..., i, j]


def _inside(a: Axis) -> tuple[slice, slice]:
    """Where the cells of x lie on the padded axis, and which cells they are."""
    first = max(-a.before, 0)
    last = max(a.size + min(a.after, 0), first)
    return slice(first + a.before, last + a.before), slice(first, last)
