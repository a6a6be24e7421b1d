"""Chapter 1: the reversed kernel at each of its positions along dy, one for each entry of dx."""

import numpy as np
from numpy.typing import ArrayLike

from convlib import conv1d
from figures.drawing import style
from figures.drawing.board import board
from figures.drawing.grids import pad_with_ghosts

INCHES = 3.38  # so that a phone shows it whole
LEFT = 1.1  # of the padded dy, in cells


def draw_slide(dy: ArrayLike, w: ArrayLike, *, mark: int) -> None:
    """dy between its zeros, below it w reversed at each position, and dx[i] beside: a new figure.

    dx[i] = sum_k w[R-1-k]·padded[i+k], where padded is dy with R-1 zeros at each end; the position
    of dx[mark] is drawn in full colour.
    """
    taps = np.asarray(w)[::-1]
    zeros = len(taps) - 1
    padded, real, first = pad_with_ghosts(dy, [(zeros, zeros)])
    dx = conv1d(padded, taps)
    sheet = board(LEFT + len(padded) + 7.2, len(dx) + 3.2, inches=INCHES)
    above = sheet.grid(padded, "dy", (LEFT, 0.9), first=first, real=real, label="")
    above.mark(range(mark - zeros, mark + 1))
    sheet.text(LEFT - 0.2, 1.4, "dy", color=style.purple, fontweight="bold", ha="right")
    sheet.text(LEFT, 2.75 + len(dx), "w, reversed", color=style.orange, fontweight="bold",
               ha="left", size=0.85)
    for i, entry in enumerate(dx):
        strong = i == mark
        row = sheet.grid(taps, "w", (LEFT + i, 2.3 + i), indices=False, label="")
        row.mark(range(len(taps)), amount=0.34 if strong else 0.1)
        terms = " + ".join(f"{tap}·{value}" for tap, value in zip(taps, padded[i:], strict=False))
        sheet.text(LEFT + len(padded) + 0.3, 2.8 + i, style.minus(f"dx[{i}] = {terms} = {entry}"),
                   ha="left", size=0.85, color=style.purple if strong else style.ink,
                   fontweight="bold" if strong else "normal")
