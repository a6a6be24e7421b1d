"""The slope of a loss along one weight by finite differences, and how far it can be trusted.

A difference can disagree with a right gradient for two reasons. The loss has a *kink* within the
step, where a ReLU opens or a maximum changes hands; or its last digits are *rounded*, which a small
step magnifies. Neither depends on the gradient. With the two one-sided slopes ::

    right(h) = (L(w + h) - L(w)) / h        left(h) = (L(w) - L(w - h)) / h
    slope(h) = (right + left) / 2           bend(h) = right - left

half the step leaves the slope of a smooth loss as it is and halves the bend, up to h^2. At a kink
it does neither, and what it changes is the doubt about the slope. Rounding adds to the doubt by the
size of the loss.
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

MISTAKE = 10  # a gap of more than so many doubts is one
UNSURE = 3  # and a right gradient has a gap of fewer; in between nothing is said
BLIND = 2e-5  # a doubt above this share of the largest gradient hides an error of 0.05 %
STEPS = 1, 0.1, 10, 0.01, 100  # times eps
LIMIT = 1e-6  # a right gradient has no larger gap


class Look(NamedTuple):
    """A slope, the doubt about it, and the part of the doubt that is rounding."""

    slope: float
    doubt: float
    rounding: float


def look(loss: Callable[[float], float], w: float, h: float, size: float) -> Look:
    """The slope of the loss at w, in steps h and h/2.

    Parameters
    ----------
    loss : callable
        The loss for a value of this weight.
    w, h : float
        The weight, and how far it is moved.
    size : float
        How large the numbers are that the loss is made of.
    """
    slope, bend = _slope_and_bend(loss, w, h)
    half_slope, half_bend = _slope_and_bend(loss, w, h / 2)
    rounding = 2 * float(np.finfo(float).eps) * size / h
    doubt = abs(slope - half_slope) + abs(bend - 2 * half_bend) + rounding
    return Look(slope, doubt, rounding)


def relative_gap(loss: Callable[[float], float], w: float, backward: float, *, top: float,
                 size: float, eps: float) -> float | None:
    """How far a gradient is from the slope, as a share of the largest gradient of its array.

    Parameters
    ----------
    loss, w, size
        As in `look`.
    backward : float
        The gradient in question.
    top : float
        The largest gradient of the array, by its size.
    eps : float
        The step to begin with.

    Returns
    -------
    float or None
        The gap, at most LIMIT unless it is MISTAKE doubts or more; None at a kink.
    """
    loss = cache(loss)
    gap = abs(backward - _slope_and_bend(loss, w, eps)[0])
    if gap <= LIMIT * top / 2:  # as nearly always: no doubt to be settled
        return gap / top if top else 0.0
    best = None
    for step in STEPS:
        here = look(loss, w, step * eps, size)
        if best is None or here.doubt < best.doubt:
            best, gap = here, abs(backward - here.slope)
        if gap <= LIMIT * top / 2 or best.doubt < 1e-3 * gap:
            break
    assert best is not None
    blind = best.doubt > max(BLIND * top, 2 * best.rounding)
    if gap < MISTAKE * best.doubt and (blind or gap > UNSURE * best.doubt):
        return None
    return float(gap / max(top, best.doubt * MISTAKE / LIMIT))


def _slope_and_bend(loss: Callable[[float], float], w: float, h: float) -> tuple[float, float]:
    up, down = w + h, w - h  # rounded: the steps are what is left of h
    above, here, below = loss(up), loss(w), loss(down)
    return ((above - below) / (up - down),
            (above - here) / (up - w) - (here - below) / (w - down))
