"""Grids of numbers on a board that is measured in cells, with marks, padding and arrows."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import FancyArrowPatch, Rectangle

from figures.drawing import style

CELL = 0.46  # inches


class Board:
    """An Axes measured in cells: x to the right, y downwards, (0, 0) at the top left."""

    def __init__(self, ax, width, height):
        ax.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
        ax.axis("off")
        box = ax.get_position()
        inches = ax.figure.get_size_inches()
        self.cell = min(inches[0] * box.width / width, inches[1] * box.height / height)
        self.ax = ax

    def font(self, size=1.0):
        """Type size in points that suits a cell."""
        return 26 * self.cell * size

    def text(self, x, y, words, *, size=1.0, color=style.ink, ha="center", va="center", **kwargs):
        return self.ax.text(x, y, words, fontsize=self.font(size), color=color, ha=ha, va=va,
                            **kwargs)

    def grid(self, values, name, at=(0, 0), **kwargs):
        return Grid(self, values, name, at, **kwargs)

    def arrow(self, start, end, *, color=style.muted, bend=0.0, width=1.4, dashed=False):
        """An arrow from point to point, bent to the left of its way if bend > 0."""
        patch = FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=22 * self.cell,
                                connectionstyle=f"arc3,rad={bend}", color=color, lw=width,
                                linestyle="--" if dashed else "-", shrinkA=2, shrinkB=2, zorder=3)
        return self.ax.add_patch(patch)


class Grid:
    """A 1-D or 2-D array as cells with their numbers; its artists are kept and can be changed.

    first       the index of the first cell (negative where padding is shown)
    indices     write the index along the edges
    Cells outside `real` (rows, columns of the array without padding) are drawn as ghosts.
    """

    def __init__(self, board, values, name, at, *, first=0, indices=True, real=None, label=None,
                 form=None):
        values = np.asarray(values)
        self.ndim, self.form = values.ndim, form
        self.shape = np.atleast_2d(values).shape
        self.board, self.name, self.at = board, name, at
        self.hue = style.colour(name)
        self.first = (0, first) if self.ndim == 1 else tuple(np.broadcast_to(first, 2).tolist())
        self.real = np.ones(self.shape, bool) if real is None else np.atleast_2d(real)
        self.boxes, self.numbers = {}, {}
        for cell in np.ndindex(self.shape):
            self._draw_cell(cell)
        rows, columns = self.shape
        self.title = board.text(at[0] + columns / 2, at[1] - (0.85 if indices else 0.4),
                                name if label is None else label, color=self.hue,
                                fontweight="bold", size=1.05)
        if indices:
            self._draw_indices()
        self.set(values)
        self.mark()

    def _draw_cell(self, cell):
        ghost = not self.real[cell]
        box = Rectangle((self.at[0] + cell[1], self.at[1] + cell[0]), 1, 1, lw=0.9,
                        edgecolor=style.faint if ghost else style.muted,
                        linestyle=":" if ghost else "-")
        self.boxes[cell] = self.board.ax.add_patch(box)
        x, y = box.get_center()
        self.numbers[cell] = self.board.text(x, y, "", color=style.muted if ghost else style.ink)

    def _draw_indices(self):
        rows, columns = self.shape
        for n in range(columns):
            self.board.text(self.at[0] + n + 0.5, self.at[1] - 0.25, n + self.first[1], size=0.62,
                            color=style.muted)
        for n in range(rows if self.ndim == 2 else 0):
            self.board.text(self.at[0] - 0.22, self.at[1] + n + 0.5, n + self.first[0], size=0.62,
                            color=style.muted)

    def _place(self, cell):
        cell = (0, *np.atleast_1d(cell)) if self.ndim == 1 else tuple(cell)
        return cell[-2] - self.first[0], cell[-1] - self.first[1]

    def set(self, values):
        """Put other numbers into the cells; None leaves a cell empty."""
        values = np.atleast_2d(np.asarray(values, dtype=object))
        for cell, text in self.numbers.items():
            words = "" if values[cell] is None else self._write(values[cell])
            text.set_text(words)
            width = len(words.strip("$")) if "$" not in words else 3
            text.set_fontsize(self.board.font(min(1, 3.4 / max(1, width))))

    def _write(self, value):
        if self.form:
            return self.form(value)
        return f"{value:.2g}" if isinstance(value, float) else str(value)

    def mark(self, cells=(), amount=0.34, also=()):
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

    def centre(self, cell):
        return self.boxes[self._place(cell)].get_center()

    def edge(self, cell, side):
        """The middle of a cell's "top", "bottom", "left" or "right" side."""
        x, y = self.centre(cell)
        dx, dy = {"top": (0, -0.5), "bottom": (0, 0.5), "left": (-0.5, 0), "right": (0.5, 0)}[side]
        return x + dx, y + dy


def board(width, height, fig=None):
    """A Board that fills a figure; without one, a new figure with cells of a fixed size."""
    fig = fig or plt.figure(figsize=(width * CELL, height * CELL))
    return Board(fig.add_axes((0, 0, 1, 1)), width, height)


def draw_grids(*, signs=None, marks=None, **arrays):
    """Arrays side by side, each under its name, with signs between them: a new figure.

    signs: one string for each gap, such as ["⋆", "="]; marks: name -> cells to be marked.
    Returns the grids by name.
    """
    shapes = {name: np.atleast_2d(a).shape for name, a in arrays.items()}
    gap, tall = 1.4, max(rows for rows, _ in shapes.values())
    width = sum(columns for _, columns in shapes.values()) + gap * (len(arrays) - 1) + 1.2
    sheet = board(width, tall + 1.7)
    signs = list(signs or [""] * (len(arrays) - 1)) + [""]
    left, grids = 0.6, {}
    for (name, array), sign in zip(arrays.items(), signs, strict=True):
        rows, columns = shapes[name]
        grids[name] = sheet.grid(array, name, (left, 1.4 + (tall - rows) / 2))
        grids[name].mark((marks or {}).get(name, ()))
        left += columns + gap
        sheet.text(left - gap / 2 - 0.05, 1.4 + tall / 2, sign, size=0.8 if len(sign) > 1 else 1.3)
    return grids


def pad_with_ghosts(x, pads):
    """x inside its padding for a Grid: (values, real, first); the zeros are no cells of x."""
    x = np.asarray(x)
    values = np.pad(x, pads)
    real = np.pad(np.ones(x.shape, bool), pads)
    first = [-before for before, _ in pads]
    return values, real, first if x.ndim > 1 else first[0]
