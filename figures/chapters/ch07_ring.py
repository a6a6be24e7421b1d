"""A convolution on a ring as a circulant matrix."""

import numpy as np
from matplotlib.patches import Circle, Rectangle
from numpy.typing import ArrayLike

from figures.chapters.ch07 import page_board
from figures.drawing import style


def draw_ring(matrix: ArrayLike, row: int) -> None:
    """n entries on a ring, the window of one output marked; beside it the n x n matrix."""
    M = np.asarray(matrix)
    n = len(M)
    sheet = page_board(17.0, 7.4)
    across, down, radius = 4.7, 3.9, 2.3  # of the ring
    sheet.ax.add_patch(Circle((across, down), radius, fill=False, ec=style.faint, lw=1.6))
    for p in range(n):
        angle = 2 * np.pi * p / n - np.pi / 2  # x[0] at the top, then clockwise
        right, below = np.cos(angle), np.sin(angle)
        used, x, y = M[row, p] != 0, across + radius * right, down + radius * below
        sheet.ax.add_patch(Rectangle((x - 0.75, y - 0.5), 1.5, 1, ec=style.blue, zorder=3,
                                     lw=2.2 if used else 0.9,
                                     fc=style.tint(style.blue, 0.34 if used else 0.05)))
        sheet.text(x, y, f"x[{p}]", size=0.95)
        if used:  # the tap, further out: a box is wider than it is tall
            out = 0.9 + 0.7 * abs(right)
            sheet.text(x + out * right, y + out * below, f"×{M[row, p]}", color=style.orange)
    sheet.text(across, down, f"y[{row}]", size=0.95, color=style.green, fontweight="bold")
    grid = sheet.grid(M, "w", (11.2, 4.0 - n / 2), label="$M_w$", indices=False,
                      form=lambda value: str(value) if value else "·")
    grid.mark(also=[(row, p) for p in range(n)])
    for p in range(n):
        sheet.text(11.0, 4.5 - n / 2 + p, f"y[{p}]", size=0.95, ha="right", color=style.green)
        sheet.text(11.7 + p, 4.4 + n / 2, f"x[{p}]", size=0.8, color=style.blue)
