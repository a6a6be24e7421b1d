"""Chapter 2: fixed sums run along diagonals, and reversing a kernel is not transposing it."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlib import kernel_map
from figures.drawing import style
from figures.drawing.board import Board, board
from figures.drawing.grids import Point

INCH = 0.5  # a cell's side: index labels stay above 11 pixels on the page


def _board(width: float, height: float) -> Board:
    return board(width, height, plt.figure(figsize=(width * INCH, height * INCH)))


def _sum_grid(sheet: Board, values: NDArray[Any], at: Point, total: int, *,
              rows: tuple[str, str], columns: tuple[str, str],
              first: int = 0) -> list[tuple[int, ...]]:
    """A grid of sums with the cells that hold `total` marked, its two axes named beside it."""
    grid = sheet.grid(values, "x", at, first=(first, first), label="")
    cells = [tuple(cell) for cell in np.argwhere(values == total) + first]
    grid.mark(cells)
    sheet.text(at[0] + values.shape[1] / 2, at[1] - 0.85, columns[0], color=columns[1],
               fontweight="bold", size=0.8)
    sheet.text(at[0] - 0.75, at[1] + len(values) / 2, rows[0], color=rows[1], fontweight="bold",
               size=0.8, rotation=90)
    return cells


def draw_dice(total: int = 5, faces: int = 6) -> None:
    """All outcomes of two dice, those of one total marked: a new figure."""
    face = np.arange(1, faces + 1)
    sheet = _board(faces + 3.9, faces + 1.9)
    cells = _sum_grid(sheet, face[:, None] + face, (1.4, 1.6), total, first=1,
                      rows=("first die", style.green), columns=("second die", style.orange))
    sheet.text(faces + 1.9, 2.1, f"total {total}:", ha="left", fontweight="bold",
               color=style.blue, size=0.9)
    for n, (a, b) in enumerate(cells):
        sheet.text(faces + 1.9, 3.1 + 0.85 * n, f"{a} + {b}", ha="left", size=0.9)


def draw_grids(x_shape: int, w_shape: int, i: int) -> None:
    """One cell per product under either convention: row p, column r, inside the input it reads.

    The products of input i are marked. Correlation: i = p + r, so they run against each other.
    True convolution: i = p + (R-1-r), so p and r rise together. A new figure.
    """
    R, tall = w_shape, x_shape - w_shape + 1
    sheet = _board(2 * R + 5.0, tall + 3.3)
    for n, title in enumerate(("cross-correlation", "true convolution")):
        table = kernel_map((x_shape,), (R,), mirrored=bool(n))
        values = np.empty((tall, R), int)
        values[table.out[0], table.tap[0]] = table.inp[0]
        left = 1.4 + n * (R + 3.0)
        _sum_grid(sheet, values, (left, 2.3), i, rows=("output p", style.green),
                  columns=("tap r", style.orange))
        sheet.text(left + R / 2, 0.5, title, fontweight="bold", size=0.85)
        rule = "i = p + r" if not n else f"i = p + ({R - 1} − r)"
        sheet.text(left + R / 2, tall + 2.8, rule, color=style.blue, size=0.85)


def draw_turned(w: ArrayLike) -> None:
    """w, reversed along both axes, and transposed, with the tap w[0,0] marked in each."""
    w = np.asarray(w)
    rows, columns = w.shape
    tall = max(w.shape)
    sheet = _board(2 * columns + rows + 4.4, tall + 1.6)
    left = 0.8
    for name, array, cell in (("w", w, (0, 0)), ("w reversed", np.flip(w), (rows - 1, columns - 1)),
                              ("w transposed", w.T, (0, 0))):
        grid = sheet.grid(array, "w", (left, 1.4), label=name)
        grid.title.set_fontsize(sheet.font(0.85))
        grid.mark([cell])
        left += array.shape[1] + 1.4
