"""Chapter 12: the same products in a better order: strides, columns, gradients of columns."""

import numpy as np
from numpy.typing import ArrayLike

from convlib import col2im, conv2d, im2col
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


def draw_scatter(w: ArrayLike, dy: ArrayLike, x_shape: Shape, cell: tuple[int, int]) -> None:
    """w as a column times dy as a row is the gradient of the columns; added up, that of a pixel.

    Arranged as a matrix product, as in draw_columns: dy above, w on the left. Marked are the
    copies of one pixel, one for each tap that reads it, and their sum in dx.
    """
    w, dy = np.asarray(w), np.asarray(dy)
    columns = np.outer(w, dy)
    pixels = im2col(np.arange(np.prod(x_shape)).reshape(x_shape), w.shape)
    depth, windows = columns.shape
    top, left = 4.1, 3.2
    right = left + windows + 3.0
    sheet = board(right + x_shape[1] + 0.8, top + max(depth, x_shape[0]) + 0.5)
    sheet.grid(dy.ravel(), "dy", (left, 1.4), indices=False, label="dy, as a row")
    sheet.grid(w.reshape(-1, 1), "w", (left - 2.0, top), indices=False, label="w")
    copies = sheet.grid(columns, "dx", (left, top), indices=False,
                        label="gradients of the columns")
    copies.mark(zip(*np.nonzero(pixels == np.ravel_multi_index(cell, x_shape)), strict=True))
    y = top + depth / 2
    sheet.arrow((left + windows + 0.3, y), (right - 0.3, y))
    sheet.text(left + windows + 1.5, y - 0.5, "add up", size=0.8, color=style.muted)
    sheet.grid(col2im(columns, x_shape, w.shape), "dx", (right, y - x_shape[0] / 2),
               indices=False).mark([cell])
