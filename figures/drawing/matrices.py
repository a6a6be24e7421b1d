"""A Jacobian, or the table of products as its two matrices."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import sympy as sp
from matplotlib.patches import Polygon, Rectangle
from numpy.typing import ArrayLike, NDArray

from convlib.kernel_map import KernelMap
from figures.drawing import style
from figures.drawing.board import Board, board
from figures.drawing.grids import Point
from figures.drawing.tables import index

WIDE = 1.25  # of a cell, so that an entry such as w_1 has room
Paint = tuple[str | None, float]  # a hue and how much of it


def draw_matrix(entries: ArrayLike, rows: Sequence[str], columns: Sequence[str], *,
                mark_row: int | None = None, mark_column: int | None = None,
                name: str = "") -> None:
    """Draw a matrix between the names of its rows and columns: a new figure.

    Parameters
    ----------
    entries : array_like
        Numbers or symbols, (M, N); zeros are drawn as dots.
    rows, columns : sequence of str
        M and N names.
    mark_row, mark_column : int, optional
        The row is framed in the colour of y, the column in purple; where they cross, both are.
    name : str
        Stands over the matrix.
    """
    entries = np.atleast_2d(np.asarray(entries, dtype=object))
    tall, wide = entries.shape
    sheet = board(wide * WIDE + 1.05, tall + 2.2)

    def paint(m: int, n: int) -> Paint:
        hue = style.purple if n == mark_column else style.green if m == mark_row else None
        return hue, 0.3 if entries[m, n] != 0 else 0.1

    left, top = 0.95, 1.7
    _matrix(sheet, (left, top), entries, rows, columns, paint, name)
    if mark_row is not None and mark_column is not None:  # one half of the cell for each
        a, b = left + WIDE * mark_column, top + mark_row
        _, amount = paint(mark_row, mark_column)
        sheet.ax.add_patch(Polygon([(a, b), (a, b + 1), (a + WIDE, b + 1)], lw=0, zorder=2.1,
                                   facecolor=style.tint(style.green, amount)))
        for y in (b, b + 1):
            sheet.ax.plot([a, a + WIDE], [y, y], color=style.green, lw=1.8, zorder=2.2)
        for x in (a, a + WIDE):
            sheet.ax.plot([x, x], [b, b + 1], color=style.purple, lw=1.8, zorder=2.3)
    for place, names, hue in ((mark_column, columns, style.purple), (mark_row, rows, style.green)):
        for text in sheet.ax.texts:
            if place is not None and text.get_text() == names[place]:
                text.set_color(hue)


def draw_matrices(table: KernelMap, x: ArrayLike, w: ArrayLike) -> None:
    """Paste the table into two matrices, x[inp] at (out, tap) and w[tap] at (out, inp).

    A new figure. Each coloured cell is one row of the table, also where it holds a 0; the other
    cells are empty.

    Parameters
    ----------
    table : KernelMap
        Of the layer.
    x, w : array_like
        Shaped as the table says: x_shape, w_shape.
    """
    names = {"y": table.y_shape, "w": table.w_shape, "x": table.x_shape}
    labels = {n: [n + index(cell) for cell in np.ndindex(shape)] for n, shape in names.items()}
    pair = (("M_x", "x", table.image_matrix(x), table.image_matrix(np.ones(table.x_shape)), "w"),
            ("M_w", "w", table.filter_matrix(w), table.filter_matrix(np.ones(table.w_shape)), "x"))
    widths = [entries.shape[1] * WIDE for _, _, entries, _, _ in pair]
    sheet = board(sum(widths) + 6.4, len(labels["y"]) + 2.2)
    left = 2.2
    for (name, role, entries, filled, columns), width in zip(pair, widths, strict=True):
        def paint(m: int, n: int, role: str = role, filled: NDArray[Any] = filled) -> Paint:
            return (style.colour(role), 0.22) if filled[m, n] else (None, 0)

        _matrix(sheet, (left, 1.7), entries, labels["y"], labels[columns], paint, f"${name}$")
        left += width + 3.2


def _matrix(sheet: Board, at: Point, entries: NDArray[Any], rows: Sequence[str],
            columns: Sequence[str], paint: Callable[[int, int], Paint], name: str) -> None:
    """Cells at a place of a board; paint(row, column) gives a cell's hue or None, and a tint."""
    for m, n in np.ndindex(entries.shape):
        hue, tint = paint(m, n)
        corner, zero = (at[0] + WIDE * n, at[1] + m), entries[m, n] == 0
        sheet.ax.add_patch(Rectangle(
            corner, WIDE, 1, facecolor=style.tint(hue or style.paper, tint), zorder=2 if hue else 1,
            edgecolor=hue or style.faint, lw=1.8 if hue else 0.7))
        sheet.text(corner[0] + WIDE / 2, corner[1] + 0.5,
                   "·" if zero and not (hue and tint > 0.2) else _write(entries[m, n]),
                   color=style.muted if zero else style.ink,
                   fontweight="bold" if hue and not zero else "normal")
    for n, label in enumerate(columns):
        sheet.text(at[0] + WIDE * (n + 0.5), at[1] - 0.45, label, size=0.8, color=style.muted)
    for m, label in enumerate(rows):
        sheet.text(at[0] - 0.25, at[1] + m + 0.5, label, size=0.8, ha="right", color=style.muted)
    sheet.text(at[0] + len(columns) * WIDE / 2, 0.55, name, fontweight="bold")


def _write(entry: Any) -> str:
    symbolic = isinstance(entry, sp.Basic) and entry.free_symbols
    return f"${sp.latex(entry)}$" if symbolic else str(entry)
