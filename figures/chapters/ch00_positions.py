"""Chapter 00: the kernel at each of its positions along the input."""

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import ArrayLike

from convlib import conv1d
from figures.drawing import style
from figures.drawing.board import board

WIDTH = 6.88  # inches: as wide as the text of a page


def draw_positions(x: ArrayLike, w: ArrayLike, mark: int = 1) -> None:
    """x on top; below it the kernel at each position, the sum, and the output. A new figure.

    The position `mark` is in full colour, the others are pale.
    """
    x, w = np.asarray(x), np.asarray(w)
    y, left = conv1d(x, w), 1.7
    middle = left + len(x) + 4.4  # where the sums end and the outputs begin
    wide, tall = middle + 3, 3.1 + 1.3 * len(y)
    sheet = board(wide, tall, plt.figure(figsize=(WIDTH, WIDTH * tall / wide)))
    sheet.grid(x, "x", (left, 1.35)).mark(range(mark, mark + len(w)))
    sheet.text(middle + 0.9, 1.85, "y", color=style.green, fontweight="bold", size=1.05)
    sheet.text(left - 0.4, 3.35 + 1.3 * mark, "w", color=style.orange, fontweight="bold",
               size=1.05, ha="right")
    for p, value in enumerate(y):
        top, chosen = 2.85 + 1.3 * p, p == mark
        kernel = sheet.grid(w, "w", (left + p, top), indices=False, label="")
        output = sheet.grid([value], "y", (middle + 0.4, top), indices=False, label="")
        for grid in (kernel, output):
            cells = range(grid.shape[1])
            grid.mark(cells if chosen else (), also=() if chosen else cells)
        products = " + ".join(f"{tap}·{entry}" for tap, entry in zip(w, x[p:], strict=False))
        sheet.text(middle, top + 0.5, f"{products}  =", ha="right",
                   color=style.ink if chosen else style.muted,
                   fontweight="bold" if chosen else "normal")
        sheet.text(middle + 1.65, top + 0.5, f"y[{p}]", ha="left", size=0.8, color=style.muted)
