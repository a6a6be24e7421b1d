"""A convolution on a ring as a circulant matrix, and the filter matrix of an image of real size."""

import numpy as np
from matplotlib.patches import Circle, Polygon, Rectangle
from numpy.typing import ArrayLike

from convlib import kernel_map
from figures.chapters.ch07 import page_board
from figures.drawing import style
from figures.drawing.grids import Shape


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


def draw_spy(x_shape: Shape, w_shape: Shape) -> None:
    """Where M_w is not zero: the whole matrix, and its block of the first rows of y and x."""
    (P, Q), W, (R, S) = kernel_map(x_shape, w_shape).y_shape, x_shape[1], w_shape
    sheet, top = page_board(20.6, 10.4), 1.7
    for left, width, rows, columns, words in ((1.6, 10.4, P * Q, x_shape[0] * W, "$M_w$"),
                                              (13.4, 6.6, Q, W, "its first block, enlarged")):
        size = width / columns  # of an entry
        sheet.frame((left, top), width, rows * size, style.muted, lw=0.9, zorder=1)
        sheet.text(left + width / 2, 0.5, words, color=style.orange)
        sheet.text(left + width / 2, 1.25, f"{columns:,} columns", size=0.85, color=style.blue)
        sheet.text(left - 0.4, top + rows * size / 2, f"{rows:,} rows", size=0.85, rotation=90,
                   color=style.green)
    for p in range(P):
        for r in range(R):  # the block of row p of y and row p + r of x: a band of S diagonals
            at = np.array([1.6, top]) + 10.4 / (x_shape[0] * W) * np.array([(p + r) * W, p * Q])
            band = np.array([(-0.5, 0), (S - 0.5, 0), (Q + S - 0.5, Q), (Q - 0.5, Q)])
            sheet.ax.add_patch(Polygon(at + 10.4 / (x_shape[0] * W) * band, fc=style.orange, lw=0))
    for q in range(Q):
        sheet.ax.add_patch(Rectangle((13.4 + q * size, top + q * size), S * size, size, lw=0.4,
                                     fc=style.tint(style.orange, 0.7), ec=style.paper))
