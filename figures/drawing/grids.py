"""Grids of numbers, with marks, padding and indices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from numpy.typing import ArrayLike, NDArray

from figures.drawing import style

if TYPE_CHECKING:
    from figures.drawing.board import Board

Cell = int | Sequence[int]  # of a row, or (row, column)
Values = ArrayLike | Sequence[Any]  # None leaves a cell empty
Point = tuple[float, float]
Shape = tuple[int, ...]


class Grid:
    """A 1-D or 2-D array as cells with their numbers; its artists are kept and can be changed.

    Parameters
    ----------
    board : Board
        Where it is drawn.
    values : array_like
        (columns,) or (rows, columns).
    name : str
        Of the quantity, which chooses the colour.
    at : tuple
        The top left corner on the board.
    first : int or sequence of int
        The index of the first cell (negative where padding is shown).
    indices : bool or tuple
        Write the index along the edges; a shape: of so many rows and columns only.
    real : array_like of bool, optional
        Shaped like values: cells where it is False (padding) are drawn as ghosts.
    label : str, optional
        Stands over the grid instead of the name.
    form : callable, optional
        Writes a value.
    """

    def __init__(self, board: Board, values: Values, name: str, at: Point, *,
                 first: int | Sequence[int] = 0, indices: bool | Shape = True,
                 real: ArrayLike | None = None, label: str | None = None,
                 form: Callable[[Any], str] | None = None) -> None:
        values = np.asarray(values)
        self.ndim, self.form = values.ndim, form
        self.shape = np.atleast_2d(values).shape
        self.board, self.name, self.at = board, name, at
        self.hue = style.colour(name)
        self.first = (0, first) if self.ndim == 1 else tuple(np.broadcast_to(first, 2).tolist())
        self.real = np.ones(self.shape, bool) if real is None else np.atleast_2d(real)
        self.boxes: dict[tuple[int, ...], Rectangle] = {}
        self.numbers: dict[tuple[int, ...], Text] = {}
        for cell in np.ndindex(self.shape):
            self._draw_cell(cell)
        columns = self.shape[1]
        self.title = board.text(at[0] + columns / 2, at[1] - (0.85 if indices else 0.4),
                                name if label is None else label, color=self.hue,
                                fontweight="bold", size=1.05)
        if indices:
            self._draw_indices(*(self.shape if isinstance(indices, bool) else indices))
        self.set(values)
        self.mark()

    def _draw_cell(self, cell: tuple[int, ...]) -> None:
        ghost = not self.real[cell]
        box = Rectangle((self.at[0] + cell[1], self.at[1] + cell[0]), 1, 1, lw=0.9,
                        edgecolor=style.faint if ghost else style.muted,
                        linestyle=":" if ghost else "-")
        self.board.ax.add_patch(box)
        self.boxes[cell], (x, y) = box, box.get_center()
        self.numbers[cell] = self.board.text(x, y, "", color=style.muted if ghost else style.ink)

    def _draw_indices(self, rows: int, columns: int) -> None:
        for n in range(columns):
            self.board.text(self.at[0] + n + 0.5, self.at[1] - 0.25, style.minus(n + self.first[1]),
                            size=0.62, color=style.muted)
        for n in range(rows if self.ndim == 2 else 0):
            self.board.text(self.at[0] - 0.1, self.at[1] + n + 0.5, style.minus(n + self.first[0]),
                            size=0.62, color=style.muted, ha="right")

    def _place(self, cell: Cell) -> tuple[int, int]:
        row, column = (0, *np.ravel(cell))[-2:]
        return int(row) - self.first[0], int(column) - self.first[1]

    def set(self, values: Values) -> None:
        """Put other numbers into the cells, all in one size; None leaves a cell empty."""
        values = np.atleast_2d(np.asarray(values, dtype=object))
        for cell, text in self.numbers.items():
            text.set_text("" if values[cell] is None else self._write(values[cell]))
        widest = max(3 if "$" in text.get_text() else len(text.get_text())
                     for text in self.numbers.values())
        for text in self.numbers.values():
            text.set_fontsize(self.board.font(min(1, 3.1 / max(1, widest))))

    def _write(self, value: Any) -> str:
        if self.form:
            return self.form(value)
        return style.minus(f"{value:.2g}" if isinstance(value, float) else value)

    def mark(self, cells: Iterable[Cell] = (), amount: float = 0.34,
             also: Iterable[Cell] = ()) -> None:
        """Fill some cells with the colour of the grid, framed; `also` more faintly; others not."""
        strong, weak = {self._place(c) for c in cells}, {self._place(c) for c in also}
        for cell, box in self.boxes.items():
            shade = amount if cell in strong else 0.1 if cell in weak else 0.0
            box.set_facecolor(style.tint(self.hue, shade) if self.real[cell] or shade
                              else style.tint(style.faint, 0.25))
            box.set_linewidth(2.2 if cell in strong else 0.9)
            box.set_zorder(2.5 if cell in strong else 1)
            edge = style.muted if self.real[cell] else style.faint
            box.set_edgecolor(self.hue if cell in strong else edge)
            self.numbers[cell].set_fontweight("bold" if cell in strong else "normal")

    def centre(self, cell: Cell) -> Point:
        """The middle of a cell, on the board."""
        x, y = self.boxes[self._place(cell)].get_center()
        return x, y

    @cached_property
    def click_axes(self) -> Axes:
        """An invisible Axes over the grid, in which cell (p, q) is the point x = q, y = p."""
        return self.board.click_axes(self.at, self.shape[1], self.shape[0])

    def edge(self, cell: Cell, side: str) -> Point:
        """The middle of a cell's "top", "bottom", "left" or "right" side."""
        x, y = self.centre(cell)
        dx, dy = {"top": (0, -0.5), "bottom": (0, 0.5), "left": (-0.5, 0), "right": (0.5, 0)}[side]
        return x + dx, y + dy


def pad_with_ghosts(x: ArrayLike, pads: Sequence[tuple[int, int]],
                    ) -> tuple[NDArray[Any], NDArray[np.bool], int | list[int]]:
    """x inside its padding, for a Grid.

    Parameters
    ----------
    x : array_like
        (columns,) or (rows, columns).
    pads : sequence of tuple
        (before, after) of each axis.

    Returns
    -------
    values : NDArray
        x with its padding.
    real : NDArray
        Shaped like values: False in the padding, whose zeros are no cells of x.
    first : int or list of int
        The index of the first cell, of each axis if x has two.
    """
    x = np.asarray(x)
    values = np.pad(x, pads)
    real = np.pad(np.ones(x.shape, bool), pads)
    first = [-before for before, _ in pads]
    return values, real, first if x.ndim > 1 else first[0]
