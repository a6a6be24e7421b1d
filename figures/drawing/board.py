"""A board that is measured in cells: words, arrows, frames and grids of numbers on it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Patch, Rectangle
from matplotlib.text import Text
from numpy.typing import ArrayLike

from figures.drawing import style
from figures.drawing.grids import Cell, Grid, Point, Values

CELL = 0.46  # inches


class Board:
    """An Axes measured in cells: x to the right, y downwards, (0, 0) at the top left."""

    def __init__(self, ax: Axes, width: float, height: float) -> None:
        ax.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
        ax.axis("off")
        fig = ax.get_figure(root=True)
        assert fig is not None, "a board is drawn on a figure"
        box, inches = ax.get_position(), fig.get_size_inches()
        self.ax, self.fig = ax, fig
        self.cell = min(inches[0] * box.width / width, inches[1] * box.height / height)

    def font(self, size: float = 1.0) -> float:
        """Type size in points that suits a cell, and can be read."""
        return max(style.SMALLEST, 26 * self.cell * size)

    def text(self, x: float, y: float, words: Any, *, size: float = 1.0, color: Any = style.ink,
             ha: str = "center", va: str = "center", **kwargs: Any) -> Text:
        """Words around a point; `size` is relative to a cell.

        A ⋆ among other words is drawn as ★: at their size it would be a dot.
        """
        if len(str(words)) > 1:
            words = str(words).replace("⋆", "★")
        return self.ax.text(x, y, words, fontsize=self.font(size), color=color, ha=ha, va=va,
                            **kwargs)

    def grid(self, values: Values, name: str, at: Point = (0, 0), **kwargs: Any) -> Grid:
        """An array with its top left corner at a point; `kwargs` as in Grid."""
        return Grid(self, values, name, at, **kwargs)

    def arrow(self, start: Point, end: Point, *, color: Any = style.muted, bend: float = 0.0,
              width: float = 1.4, dashed: bool = False) -> Patch:
        """An arrow from point to point, bent to the left of its way if bend > 0."""
        patch = FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=22 * self.cell,
                                connectionstyle=f"arc3,rad={bend}", color=color, lw=width,
                                linestyle="--" if dashed else "-", shrinkA=2, shrinkB=2, zorder=3)
        return self.ax.add_patch(patch)

    def frame(self, at: Point, width: float, height: float, hue: Any, *, lw: float = 2.6,
              zorder: float = 4, **kwargs: Any) -> Rectangle:
        """An empty rectangle with its top left corner at a point."""
        box = Rectangle(at, width, height, fill=False, ec=hue, lw=lw, zorder=zorder, **kwargs)
        self.ax.add_patch(box)
        return box

    def click_axes(self, at: Point, columns: int, rows: int, pitch: float = 1) -> Axes:
        """An invisible Axes over cells, in which (row p, column q) is the point x = q, y = p.

        `at` is the top left corner of the first cell; `pitch` leads from column to column.
        """
        to_figure = self.ax.transData + self.fig.transFigure.inverted()
        (left, top), (right, bottom) = to_figure.transform(
            [at, (at[0] + pitch * columns, at[1] + rows)])
        ax = self.fig.add_axes((left, bottom, right - left, top - bottom))
        ax.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5))
        ax.axis("off")
        return ax


def board(width: float, height: float, fig: Figure | None = None, *,
          inches: float | None = None) -> Board:
    """A Board that fills a figure.

    Parameters
    ----------
    width, height : float
        Of the board, in cells.
    fig : Figure, optional
        If None, a new figure.
    inches : float, optional
        Width of a new figure; if None, its cells have a fixed size.

    Returns
    -------
    Board
        With methods `text`, `arrow`, `frame` and `grid`.
    """
    size = (inches, inches * height / width) if inches else (width * CELL, height * CELL)
    fig = fig or plt.figure(figsize=size)
    return Board(fig.add_axes((0, 0, 1, 1)), width, height)


def draw_grids(*, signs: Sequence[str] | None = None,
               marks: Mapping[str, Iterable[Cell]] | None = None,
               **arrays: ArrayLike) -> dict[str, Grid]:
    """Draw arrays side by side, each under its name, with signs between them: a new figure.

    Parameters
    ----------
    signs : sequence of str, optional
        One for each gap, such as ["⋆", "="].
    marks : dict, optional
        Name -> cells to be marked.
    **arrays : array_like
        Name -> array (columns,) or (rows, columns).

    Returns
    -------
    dict
        Name -> Grid.
    """
    shapes = {name: np.atleast_2d(a).shape for name, a in arrays.items()}
    gap, tall = 1.4, max(rows for rows, _ in shapes.values())
    width = sum(columns for _, columns in shapes.values()) + gap * (len(arrays) - 1) + 1.2
    sheet = board(width, tall + 1.7)
    signs = [*(signs or [""] * (len(arrays) - 1)), ""]
    left, grids = 0.6, {}
    for (name, array), sign in zip(arrays.items(), signs, strict=True):
        rows, columns = shapes[name]
        grids[name] = sheet.grid(array, name, (left, 1.4 + (tall - rows) / 2))
        grids[name].mark((marks or {}).get(name, ()))
        left += columns + gap
        sheet.text(left - gap / 2 - 0.05, 1.4 + tall / 2, sign, size=0.8 if len(sign) > 1 else 1.3)
    return grids
