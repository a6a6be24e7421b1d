"""Chapter 12: the same products in a better order: strides, columns, rows of taps."""

import numpy as np
from numpy.typing import ArrayLike

from convlib import conv2d, im2col
from figures.drawing import style
from figures.drawing.board import board
from figures.drawing.grids import Shape

PAGE = 6.88  # inches


def draw_strides(x_shape: Shape, kernel_size: Shape, output: tuple[int, int]) -> None:
    """An image whose cells hold their addresses, the memory as one line, and a window in both."""
    (H, W), (R, S), (p, q) = x_shape, kernel_size, output
    sheet, top = board(H * W + 1.6, H + 6.2, inches=PAGE), H + 2.9
    addresses = np.arange(H * W).reshape(H, W)
    window = [(p + r, q + s) for r, s in np.ndindex(R, S)]
    sheet.grid(addresses, "x", (0.8, 1.4)).mark(window)
    line = sheet.grid(addresses.ravel(), "x", (0.8, top), indices=False, label="")
    line.mark([addresses[cell] for cell in window])
    sheet.text(W + 1.6, 1.9, "Each cell holds its address in memory.", ha="left", size=0.85)
    sheet.text(W + 1.6, 2.7, f"The window of y[{p},{q}] is at "
               + ", ".join(str(addresses[cell]) for cell in window) + ".", ha="left", size=0.85)
    first = 1.3 + addresses[window[0]]
    for step, words, bend, at, ha in ((1, "next tap, or next position in a row: +1", 0.8,
                                       (first - 0.4, top + 1.75), "right"),
                                      (W, f"next row: +{W}", 0.3, (first + W / 2, top + 2.5),
                                       "center")):
        sheet.arrow((first, top + 1.05), (first + step, top + 1.05), bend=bend,
                    color=style.orange)
        sheet.text(*at, words, ha=ha, color=style.orange, size=0.8)


def draw_columns(x: ArrayLike, w: ArrayLike, cell: tuple[int, int]) -> None:
    """w as a row times the windows of x as columns, is y as a row; one pixel marked everywhere.

    Arranged as a matrix product: w on the left, the columns above, y where they meet.
    """
    x, w = np.asarray(x), np.asarray(w)
    columns, y = im2col(x, w.shape), conv2d(x, w)
    where = im2col(np.arange(x.size).reshape(x.shape), w.shape) == np.ravel_multi_index(
        cell, x.shape)
    depth, windows = columns.shape
    below, right = 1.4 + max(depth, x.shape[0]) + 1.4, 0.8 + max(x.shape[1], depth) + 1.2
    sheet = board(right + windows + 0.8, below + 1.5)
    sheet.grid(x, "x", (right - 1.2 - x.shape[1], 1.4), indices=False).mark([cell])
    sheet.grid(columns, "x", (right, 1.4), indices=False,
               label="windows, as columns").mark(zip(*np.nonzero(where), strict=True))
    sheet.grid(w.ravel(), "w", (right - 1.2 - depth, below), indices=False, label="w, as a row")
    sheet.grid(y.ravel(), "y", (right, below), indices=False, label="y, as a row")


def draw_rows(x: ArrayLike, w: ArrayLike) -> None:
    """Columns for one row of taps, and the part of them that each row of taps multiplies."""
    x, w = np.asarray(x), np.asarray(w)
    (H, W), (R, S), (P, Q) = x.shape, w.shape, conv2d(x, w).shape
    strips, wide = im2col(x, (1, S)), H * Q
    tall = R * (S + 1.3) - 0.3
    sheet = board(W + S + wide + 4.0, tall + P + 3.8, inches=PAGE)
    middle = 1.4 + tall / 2
    sheet.grid(x, "x", (0.8, middle - H / 2), indices=False)
    left = W + 2.2
    for r in range(R):
        top = 1.4 + r * (S + 1.3)
        sheet.grid(w[r], "w", (left, top + S / 2 - 0.5), indices=False, label=f"w[{r}]")
        sheet.text(left + S + 0.5, top + S / 2, "@", size=1.2)
        grid = sheet.grid(strips, "x", (left + S + 1, top), indices=False,
                          label="columns for one row of taps" if r == 0 else "the same columns")
        grid.mark([cell for cell in np.ndindex(S, wide) if r * Q <= cell[1] < (r + P) * Q])
    down = 1.4 + tall + 1.6
    sheet.text(left + S + 0.4, down + P / 2, "sum:", size=1.0)
    sheet.grid(conv2d(x, w), "y", (left + S + 1, down), indices=False)
