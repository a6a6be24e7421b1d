"""Chapter 1: a signal, the kernel at some of its positions, and the response."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlib import conv1d
from figures.drawing import style
from figures.drawing.board import Board, board

INCHES = 4.4  # so that a phone shows both beats
LEFT, UNIT = 1.0, 0.17  # of the first column, and of a trace, in cells


def draw_response(x: ArrayLike, w: ArrayLike, at: Sequence[int]) -> None:
    """x as a trace and as numbers, the kernel at the positions `at`, and y alike: a new figure.

    An output is drawn below the middle of its window; arrows lead from peak to equal peak.
    """
    x, w = np.asarray(x), np.asarray(w)
    y, taps = conv1d(x, w), len(w)
    sheet = board(len(x) + LEFT + 0.8, 9.8, inches=INCHES)
    aside = LEFT + (taps - 1) / 2
    _trace(sheet, x, LEFT, 1.6, "x")
    inputs = sheet.grid(x, "x", (LEFT, 2.6), label="")
    inputs.mark([p + r for p in at for r in range(taps)], also=np.flatnonzero(x).tolist())
    outputs = sheet.grid(y, "y", (aside, 5.7), label="")
    outputs.mark(at, also=np.flatnonzero(y).tolist())
    _trace(sheet, y, aside, 8.25, "y")
    for name, row in (("x", 3.1), ("w", 4.5), ("y", 6.2)):
        sheet.text(LEFT - 0.25, row, name, color=style.colour(name), fontweight="bold", ha="right")
    for p in at:
        sheet.grid(w, "w", (LEFT + p, 4.0), indices=False, label="").mark(range(taps))
        terms = " + ".join(f"{tap}·{value}" for tap, value in zip(w, x[p:], strict=False))
        sheet.text(LEFT + p + taps + 0.2, 4.5, style.minus(f"{terms} = {y[p]}"), ha="left",
                   size=0.8)


def _trace(sheet: Board, values: NDArray[np.int_], left: float, zero: float, name: str) -> None:
    """Values as heights over the middles of their cells, a line at 0, and the way between peaks."""
    hue, across = style.colour(name), left + 0.5 + np.arange(len(values))
    sheet.ax.plot([across[0] - 0.5, across[-1] + 0.5], [zero, zero], color=style.faint, lw=1)
    sheet.ax.plot(across, zero - UNIT * values, "o-", color=hue, lw=1.8, ms=4)
    top = zero - UNIT * values.max()
    for one, other in pairwise(np.flatnonzero(values == values.max())):
        sheet.arrow((across[one] + 0.2, top), (across[other] - 0.2, top))
        sheet.text((across[one] + across[other]) / 2, top - 0.35, f"{other - one} samples later",
                   size=0.75, color=style.muted)
