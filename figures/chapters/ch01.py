"""The stamps of a kernel, one for each output, and their sum."""

import numpy as np
from numpy.typing import ArrayLike

from figures.drawing import style
from figures.drawing.board import board


def draw_stamps(w: ArrayLike, dy: ArrayLike, *, mark: int | None = None) -> None:
    """Draw the stamps dy[p]·w, one cell further each time, and dx, their sum: a new figure.

    Under each number is its tap: in order along a stamp, in reverse down a column.

    Parameters
    ----------
    w, dy : array_like
        (R,) and (P,).
    mark : int, optional
        The column of dx[mark] is coloured.
    """
    w, dy = np.asarray(w), np.asarray(dy)
    length = len(dy) + len(w) - 1
    sheet = board(length + 3.3, len(dy) + 2.7)
    left, kernel = 3.2, ", ".join(map(str, w))
    for n in range(length):
        sheet.text(left + n + 0.5, 0.42, f"dx[{n}]", size=0.72,
                   color=style.purple if n == mark else style.muted,
                   fontweight="bold" if n == mark else "normal")
    total = np.zeros(length, dtype=dy.dtype)
    for p, price in enumerate(dy):
        stamp = sheet.grid(price * w, "dx", (left + p, 0.8 + p), indices=False, label="")
        stamp.mark([r for r in range(len(w)) if mark in (None, p + r)], amount=0.22,
                   also=range(len(w)))
        for r, number in enumerate(stamp.numbers.values()):
            number.set_y(1.2 + p)
            sheet.text(left + p + r + 0.5, 1.62 + p, f"w[{r}]", size=0.68, color=style.orange,
                       zorder=4)
        sheet.text(left - 0.25, 1.3 + p, f"dy[{p}]·w = {price}·[{kernel}]", ha="right", size=0.85)
        total[p : p + len(w)] += price * w
    sheet.ax.plot([left, left + length], [1.05 + len(dy)] * 2, color=style.ink, lw=1.4)
    grid = sheet.grid(total, "dx", (left, 1.3 + len(dy)), indices=False, label="")
    grid.mark([n for n in range(length) if mark in (None, n)], also=range(length))
    sheet.text(left - 0.25, 1.8 + len(dy), "dx", ha="right", color=style.purple, fontweight="bold")
