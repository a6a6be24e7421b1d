"""The table of products as a panel: the same rows, sorted by output, by tap or by input cell."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from convlib.kernel_map import KernelMap, Product
from figures.drawing import style
from figures.drawing.board import CELL, Board

WIDTH = 15.5  # of the panel, in cells
GAP = 0.55  # between groups, in rows
GROUPED = {"out": ("y", "x", "w"), "tap": ("dw", "dy", "x"), "inp": ("dx", "dy", "w")}
BY = {"out": "output cell", "tap": "tap", "inp": "input cell"}


Sum = tuple[str, list[Product], list[tuple[Any, Any]], Any]  # name, rows, factors, total


def index(cell: Sequence[int]) -> str:
    """A cell as it is written: (1,) is [1], (0, 2) is [0,2]."""
    return f"[{','.join(map(str, cell))}]"


def sums(table: KernelMap, arrays: Mapping[str, NDArray[Any]], by: str) -> list[Sum]:
    """The groups of the table, each with its sum."""
    name, first, second = GROUPED[by]
    groups: dict[tuple[int, ...], list[Product]] = {}
    for row in table.rows(by=by):
        groups.setdefault(getattr(row, by), []).append(row)
    where = {"x": "inp", "w": "tap", "dy": "out"}
    totals = []
    for cell, rows in groups.items():
        factors = [(arrays[first][getattr(row, where[first])],
                    arrays[second][getattr(row, where[second])]) for row in rows]
        totals.append((name + index(cell), rows, factors, sum(a * b for a, b in factors)))
    return totals


def sentence(groups: list[Sum], by: str) -> str:
    """What the picture says, in words and numbers."""
    parts = [f"{name} = {' + '.join(f'{a}·{b}' for a, b in factors)} = {total}"
             for name, _, factors, total in groups]
    return f"Sorted by {BY[by]}: {'; '.join(parts)}."


def draw_table(table: KernelMap, *, x: ArrayLike, w: ArrayLike, dy: ArrayLike, by: str = "out",
               fig: Figure | None = None) -> str:
    """Draw the table of products in groups, each closed by its sum.

    Parameters
    ----------
    table : KernelMap
        Of the layer.
    x, w, dy : array_like
        Shaped as the table says: x_shape, w_shape, y_shape.
    by : str
        "out", "tap" or "inp": by what the rows are sorted.
    fig : Figure, optional
        Which the table has for itself; if None, a new one.

    Returns
    -------
    str
        What the picture says, in words and numbers.
    """
    arrays = {"x": np.asarray(x), "w": np.asarray(w), "dy": np.asarray(dy)}
    groups = sums(table, arrays, by)
    most = max(len(sums(table, arrays, order)) for order in BY)  # the three orders fill one panel
    tall = len(table) + GAP * most + 2.4
    fig = fig or plt.figure()
    fig.clear()
    fig.set_size_inches(WIDTH * CELL * 0.9, tall * CELL * 0.9)
    panel = Board(fig.add_axes((0, 0, 1, 1)), WIDTH, tall)
    for n, (label, name) in enumerate((("output p", "y"), ("tap r", "w"), ("input i", "x"))):
        panel.text(2.2 + 2 * n, 0.75, label, color=style.colour(name), fontweight="bold", size=0.85)
    panel.text(9.3, 0.75, "·".join(GROUPED[by][1:]), size=0.85, fontweight="bold")
    top = 1.6
    for label, rows, factors, total in groups:
        for n, (row, (a, b)) in enumerate(zip(rows, factors, strict=True)):
            _draw_row(panel, row, top + n)
            panel.text(9.3, top + n + 0.5, f"{a}·{b} = {a * b}")
        end = top + len(rows)
        panel.ax.plot([10.9, 11.15, 11.15, 10.9], [top + 0.12, top + 0.12, end - 0.12, end - 0.12],
                      color=style.muted, lw=1.2)
        panel.text(11.5, (top + end) / 2, f"{label} = {total}", ha="left", size=0.95,
                   fontweight="bold", color=style.colour(GROUPED[by][0]))
        top = end + GAP
    return sentence(groups, by)


def _draw_row(panel: Board, row: Product, y: float) -> None:
    for column, (cell, name) in enumerate(zip(row, ("y", "w", "x"), strict=True)):
        hue, left = style.colour(name), 1.45 + 2 * column
        panel.ax.add_patch(Rectangle((left, y + 0.08), 1.5, 0.84, facecolor=style.tint(hue, 0.22),
                                     edgecolor=hue))
        panel.text(left + 0.75, y + 0.5, ",".join(map(str, cell)), fontweight="bold")
