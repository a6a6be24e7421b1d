"""The two matrices of a convolution, with each entry linked to its pixel, tap and output."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from convlib import conv2d, kernel_map
from figures.drawing import style
from figures.drawing.board import Board, board
from figures.drawing.grids import Shape
from figures.drawing.tables import index
from figures.widgets.live import kept
from figures.widgets.scene import Scene, scene


def column_scene(x: ArrayLike, w_shape: Shape) -> Scene:
    """draw(fig, column) for `live`: one column of M_x is a block of x, read row by row."""
    x = np.asarray(x)
    table = kernel_map(x.shape, w_shape)
    (P, Q), S, (H, W) = table.y_shape, w_shape[1], x.shape
    M = table.image_matrix(x)
    rows, columns = M.shape
    scale = 0.62  # of a cell of the image: the matrix is tall
    left = W + 3.4
    wide, tall = left + columns + 1.2, rows * scale + 2.8

    def build(fig: Figure) -> tuple[Any, ...]:
        sheet = board(wide, tall, fig)
        image = sheet.grid(x, "x", (0.9, (tall - H) / 2))
        box = fig.add_axes((left / wide, 1 - (rows * scale + 2.2) / tall,
                            (columns + 1) / wide, (rows * scale + 2.0) / tall))
        matrix = Board(box, columns + 1, rows + 2.0 / scale)
        matrix.ax.set_aspect("auto")
        grid = matrix.grid(M, "x", (0.7, 1.8 / scale), label="$M_x$", indices=True)
        return image, grid, sheet.text(left / 2, tall - 0.7, "", size=0.95)

    @scene(size=(8.6, 8.6 * tall / wide))
    def draw(fig: Figure, column: int) -> str:
        image, matrix, words = kept(fig, build)
        r, s = divmod(column, S)
        image.mark([(r + p, s + q) for p, q in np.ndindex(P, Q)])
        matrix.mark([(m, column) for m in range(rows)])
        words.set_text(f"column {column}: tap w[{r},{s}]")
        return (f"Column {column} of M_x belongs to the tap w[{r},{s}] and holds "
                f"{M[:, column].tolist()}: the {P} by {Q} block of x from ({r},{s}) on.")

    return draw


def entry_scene(x: ArrayLike, w: ArrayLike) -> Scene:
    """draw(fig, row, column) for `live`: one entry of M_w, its output, its pixel and its tap.

    A click on an entry chooses it.
    """
    x, w = np.asarray(x), np.asarray(w)
    y, table = conv2d(x, w), kernel_map(x.shape, w.shape)
    M, (H, W), (R, S), (P, Q) = table.filter_matrix(w), x.shape, w.shape, y.shape
    rows, columns = M.shape
    reads = table.filter_matrix(np.ones_like(w))
    gaps = [2.2, 2.2 + W + 2.0, 2.2 + W + S + 4.0]
    wide, top = max(columns + 3.0, gaps[2] + Q + 0.8), max(H, R, P) + 2.6
    tall = top + rows + 2.6

    def build(fig: Figure) -> tuple[Any, ...]:
        sheet = board(wide, tall, fig)
        high = max(H, R, P)
        grids = [sheet.grid(a, name, (left, 1.5 + (high - len(a)) / 2))
                 for a, name, left in zip((x, w, y), "xwy", gaps, strict=True)]
        entries = np.where(reads, M, np.array(None))
        matrix = sheet.grid(entries, "w", (2.2, top + 1.0), indices=False,
                            label="$M_w$: click an entry")
        for m, cell in enumerate(np.ndindex(P, Q)):
            sheet.text(1.9, top + 1.5 + m, "y" + index(cell), ha="right", size=0.7,
                       color=style.green)
        for n, cell in enumerate(np.ndindex(H, W)):
            sheet.text(2.7 + n, top + 1.25 + rows, index(cell)[1:-1], size=0.6, color=style.blue)
        sheet.text(1.9, top + 1.25 + rows, "x", ha="right", size=0.7, color=style.blue)
        return *grids, matrix, sheet.text(wide / 2, tall - 0.4, "", size=0.9)

    @scene(size=(9.4, 9.4 * tall / wide))
    def draw(fig: Any, row: int, column: int) -> str:
        image, kernel, made, matrix, words = kept(fig, build)
        (p, q), (i, j) = divmod(row, Q), divmod(column, W)
        r, s = i - p, j - q
        hit = 0 <= r < R and 0 <= s < S
        image.mark([(i, j)])
        made.mark([(p, q)])
        kernel.mark([(r, s)] if hit else ())
        matrix.mark([(row, column)], also=[(row, n) for n in range(columns) if reads[row, n]]
                    + [(m, column) for m in range(rows) if reads[m, column]])
        fact = (f"y[{p},{q}] reads x[{i},{j}] with the tap w[{r},{s}] = {w[r, s]}" if hit else
                f"y[{p},{q}] does not read x[{i},{j}]: no tap ({r},{s}), the entry is 0")
        words.set_text(fact)
        fig.click = (matrix.click_axes, "column", "row")
        return f"Row {row}, column {column} of M_w: {fact}."

    return draw


def draw_filter_matrix(x_shape: Shape, w: ArrayLike, fig_width: float = 11.0) -> None:
    """M_w as a band of bands: each cell the tap that stands there, nothing where none does."""
    w = np.asarray(w)
    table = kernel_map(x_shape, w.shape)
    M, reads = table.filter_matrix(w), table.filter_matrix(np.ones(w.shape, int))
    rows, columns = M.shape
    Q, W = table.y_shape[1], x_shape[1]
    sheet = board(columns + 4.0, rows + 3.0, inches=fig_width)
    sheet.frame((3, 2), columns, rows, style.muted, lw=0.9, zorder=1)
    for m, n in zip(*np.nonzero(reads), strict=True):
        tap_row = n // W - m // Q
        sheet.ax.add_patch(Rectangle((3 + n, 2 + m), 1, 1, lw=0.6, ec=style.orange,
                                     fc=style.tint(style.orange, 0.12 + 0.2 * tap_row)))
        sheet.text(3.5 + n, 2.5 + m, M[m, n], size=0.95)
    for n in range(0, columns + 1, W):  # the rows of x, and of y
        sheet.ax.plot([3 + n, 3 + n], [2, 2 + rows], color=style.muted, lw=0.9)
    for m in range(0, rows + 1, Q):
        sheet.ax.plot([3, 3 + columns], [2 + m, 2 + m], color=style.muted, lw=0.9)
    for n in range(0, columns, W):
        sheet.text(3 + n + W / 2, 1.4, f"row {n // W} of x", size=0.95, color=style.blue)
    for m in range(0, rows, Q):
        sheet.text(2.7, 2 + m + Q / 2, f"row {m // Q}\nof y", size=0.95, ha="right",
                   color=style.green)
    sheet.text(3 + columns / 2, 0.6, "$M_w$", size=1.3, fontweight="bold", color=style.orange)
