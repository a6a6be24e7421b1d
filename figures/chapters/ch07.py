"""The two matrices of a convolution: columns that are blocks, taps on diagonals."""

from collections.abc import Iterable, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from convlib import kernel_map
from figures.drawing import style
from figures.drawing.board import Board, board
from figures.drawing.grids import Shape
from figures.drawing.tables import index
from figures.widgets.scene import Scene, scene

PAGE = 6.88  # inches: a picture is as wide as the page


def page_board(wide: float, tall: float, fig: Figure | None = None) -> Board:
    """A board as wide as the page."""
    return board(wide, tall, fig or plt.figure(figsize=(PAGE, PAGE * tall / wide)))


def _names(sheet: Board, at: tuple[float, float], step: tuple[float, float],
           cells: Iterable[Sequence[int]], hue: str, size: float, lead: str = "") -> None:
    """The indices of cells, one after another; a row of them begins with `lead`."""
    for n, cell in enumerate(cells):
        words = index(cell)[1:-1] if lead else "y" + index(cell)
        sheet.text(at[0] + n * step[0], at[1] + n * step[1], words, size=size, color=hue,
                   ha="center" if lead else "right")
    if lead:
        sheet.text(at[0] - 0.8, at[1], lead, size=size, color=hue, ha="right")


def column_scene(x: ArrayLike, w_shape: Shape) -> Scene:
    """draw(fig, column) for `live`: one column of M_x is a block of x, read row by row."""
    x = np.asarray(x)
    table = kernel_map(x.shape, w_shape)
    (P, Q), S, (H, W) = table.y_shape, w_shape[1], x.shape
    M = table.image_matrix(x)
    (rows, columns), flat = M.shape, 0.8  # the matrix is tall, so its cells are flatter
    left, top = W + 3.6, 1.8
    wide, tall = left + columns + 0.4, max(rows * flat, H + 1.4) + top + 0.4

    def build(fig: Figure) -> tuple[Any, ...]:
        sheet = page_board(wide, tall, fig)
        image = sheet.grid(x, "x", (0.7, top))
        box = fig.add_axes((left / wide, 1 - (top + rows * flat) / tall, columns / wide,
                            rows * flat / tall))
        inner = Board(box, columns, rows)
        inner.ax.set_aspect("auto")
        matrix = inner.grid(M, "x", label="$M_x$", indices=False)
        matrix.title.set_visible(False)  # the sheet has room for it, the inner board has none
        sheet.text(left + columns / 2, 0.7, "$M_x$", size=1.05, color=style.blue)
        _names(sheet, (left + 0.5, top - 0.4), (1, 0), np.ndindex(*w_shape), style.orange, 0.85,
               "w")
        _names(sheet, (left - 0.2, top + flat / 2), (0, flat), np.ndindex(P, Q), style.green, 0.85)
        words = sheet.text(0.7 + W / 2, top + H + 0.8, "", size=0.95, color=style.orange)
        return image, matrix, words

    @scene(size=(PAGE, PAGE * tall / wide), build=build)
    def draw(fig: Figure, parts: Any, column: int) -> str:
        image, matrix, words = parts
        r, s = divmod(column, S)
        image.mark([(r + p, s + q) for p, q in np.ndindex(P, Q)])
        matrix.mark([(m, column) for m in range(rows)])
        words.set_text(f"column {column}: tap w[{r},{s}]")
        return (f"Column {column} of M_x, for w[{r},{s}], is the {P} by {Q} block of x that "
                f"starts at {x[r, s]}.")

    return draw


def draw_filter_matrix(x_shape: Shape, w: ArrayLike) -> None:
    """M_w as a band of bands: each cell the tap that it holds, nothing where there is none."""
    w = np.asarray(w)
    table = kernel_map(x_shape, w.shape)
    M, reads = table.filter_matrix(w), table.filter_matrix(np.ones(w.shape, int))
    rows, columns = M.shape
    Q, W = table.y_shape[1], x_shape[1]
    sheet = page_board(columns + 4.0, rows + 3.4)
    sheet.frame((3.2, 3), columns, rows, style.muted, lw=0.9, zorder=1)
    for m, n in zip(*np.nonzero(reads), strict=True):
        tap_row = n // W - m // Q
        sheet.ax.add_patch(Rectangle((3.2 + n, 3 + m), 1, 1, lw=0.6, ec=style.orange,
                                     fc=style.tint(style.orange, 0.12 + 0.2 * tap_row)))
        sheet.text(3.7 + n, 3.5 + m, M[m, n], size=1.5)
    for n in range(0, columns + 1, W):  # the rows of x, and of y
        sheet.ax.plot([3.2 + n, 3.2 + n], [3, 3 + rows], color=style.muted, lw=0.9)
    for m in range(0, rows + 1, Q):
        sheet.ax.plot([3.2, 3.2 + columns], [3 + m, 3 + m], color=style.muted, lw=0.9)
    for n in range(0, columns, W):
        sheet.text(3.2 + n + W / 2, 2.2, f"row {n // W} of x", size=1.6, color=style.blue)
    for m in range(0, rows, Q):
        sheet.text(2.9, 3 + m + Q / 2, f"row {m // Q}\nof y", size=1.6, ha="right",
                   color=style.green)
    sheet.text(3.2 + columns / 2, 0.8, "$M_w$", size=2.2, color=style.orange)
