"""The explorer's still twin, for print: the same grids with one cell pinned, and its sum."""

from collections.abc import Iterable, Mapping, Sequence
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from convlib import conv1d, conv1d_backward, conv2d, conv2d_backward, kernel_map
from convlib.kernel_map import KernelMap
from figures.drawing import style
from figures.drawing.board import board
from figures.drawing.grids import Grid, Point
from figures.drawing.tables import GROUPED, index, sums
from figures.explorer.cells import QUANTITIES, cell, chosen, numbers

ORDER = {name: by for by, (name, *_) in GROUPED.items()}  # the sums, and how the table is sorted
COLUMN = {"x": "inp", "w": "tap", "dy": "out"}
THIRD = {"out": "tap", "tap": "out", "inp": "tap"}  # whose index the small numbers of a sum are
WIDEST = 24  # cells; then a new line of grids begins

Lit = dict[str, dict[tuple[int, ...], tuple[int, ...]]]  # grid -> cell -> its small numbers


def draw_explored(x: ArrayLike, w: ArrayLike, dy: ArrayLike, *, start: str | None = None,
                  show: str | Iterable[str] = QUANTITIES, hide: Iterable[str] = (),
                  **options: Any) -> str:
    """Draw what `explore` opens with: the grids, the products of one cell, and its sum.

    Parameters
    ----------
    x, w, dy : array_like
        As for `explore`, without a batch.
    start : str, optional
        A cell of y, dw or dx, such as "dx[1,1]"; if None, no sum is drawn.
    show : str or iterable of str
        The grids that are drawn: x, w, y, dy, dx, dw, db.
    hide : iterable of str
        Cells, or the names of whole grids, that are drawn without their numbers.
    **options
        stride, padding, dilation and groups, as for `explore`.

    Returns
    -------
    str
        The sum, for a caption or an alt text; "" without one.
    """
    values = _values(numbers("x", x), numbers("w", w), numbers("dy", dy), options)
    words: str = ""
    lit: Lit = {}
    third = hue = ""
    if start is not None:
        pinned = cell("start", start, {name: np.shape(values[name]) for name in ORDER})
        table = kernel_map(values["x"].shape, values["w"].shape, **options)
        words, lit = _sum(pinned, values, table)
        third = {"out": "output", "tap": "tap"}[THIRD[ORDER[pinned.split("[")[0]]]]
        hue = style.colour({"output": "y", "tap": "w"}[third])
    names = chosen("show", show, QUANTITIES)
    places, width, tall = _layout(names, values)
    unbroken = words.replace("+ ", "+\N{NO-BREAK SPACE}").replace("= ", "=\N{NO-BREAK SPACE}")
    words_below = fill(unbroken, int(3.4 * width))  # a line breaks before its sign
    lines = words_below.count("\n") + 1
    below = 0.5 * lines + 1.3 if words else 0
    sheet = board(width, tall + below)
    for name, plane, at in places:
        array = _closed(name, np.asarray(values[name]), hide)[plane]
        label = name + index(plane) if plane else name
        grid = sheet.grid(array, name, at, label=label, indices=array.ndim > 0)
        part = {whole[len(plane):]: small for whole, small in lit.get(name, {}).items()
                if whole[:len(plane)] == plane}
        grid.mark(part)
        for place, small in part.items():
            _tag(grid, place, small, hue)
    sheet.text(0.7, tall + 0.2, words_below, ha="left", va="top", size=0.9, linespacing=1.4)
    if any(small for cells in lit.values() for small in cells.values()):
        sheet.text(0.7, tall + below - 0.4, f"Small numbers: the {third} that meets the cell.",
                   ha="left", va="bottom", size=0.8, color=style.muted)
    return words


def _values(x: NDArray[Any], w: NDArray[Any], dy: NDArray[Any],
            options: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    flat = w.ndim in (1, 3)
    grads = (conv1d_backward if flat else conv2d_backward)(dy, x, w, **options)
    y = (conv1d if flat else conv2d)(x, w, **options)
    return {"x": x, "w": w, "y": y, "dy": dy} | grads._asdict()


def _sum(pinned: str, values: Mapping[str, NDArray[Any]], table: KernelMap,
         ) -> tuple[str, Lit]:
    """The sum of a cell in symbols and numbers, and the cells of each grid that take part."""
    name = pinned.split("[")[0]
    groups = {label: group for label, *group in sums(table, values, ORDER[name])}
    rows, factors, total = groups.get(pinned, ((), (), 0))
    names = GROUPED[ORDER[name]][1:]
    terms = ["·".join(f + index(getattr(row, COLUMN[f])) for f in names) for row in rows]
    products = ["·".join(map(_factor, pair)) for pair in factors]
    words = [pinned, " + ".join(terms), " + ".join(products), _factor(total).strip("()")]
    third, axes = THIRD[ORDER[name]], 1 if values["w"].ndim in (1, 3) else 2
    lit: Lit = {f: {getattr(row, COLUMN[f]): () if COLUMN[f] == third else
                    getattr(row, third)[-axes:] for row in rows} for f in names}
    lit[name] = {tuple(map(int, pinned.split("[")[1][:-1].split(","))): ()}
    return " = ".join(filter(None, words)), lit


def _tag(grid: Grid, at: tuple[int, ...], small: tuple[int, ...], hue: str) -> None:
    """Small numbers along the lower edge of a cell, as on the page."""
    if not small:
        return
    x, y = grid.centre(at)
    grid.board.ax.add_patch(Rectangle((x - 0.46, y + 0.16), 0.92, 0.3, fc=hue, ec="none", zorder=3))
    grid.board.text(x, y + 0.32, ",".join(map(str, small)), size=0.6, color=style.paper,
                    fontweight="bold", zorder=4)
    grid.numbers[(0, *at)[-2:]].set_y(y - 0.14)


def _layout(names: Sequence[str], values: Mapping[str, NDArray[Any]],
            ) -> tuple[list[tuple[str, tuple[int, ...], Point]], float, float]:
    """[(name, plane, corner)] of every grid from left to right, and the board they need.

    If they need several lines, the lines are as even as they can be: no grid is left alone.
    """
    lowest = _lines(names, values, WIDEST)[2]
    found = (_lines(names, values, limit) for limit in range(1, WIDEST + 1))
    return next(layout for layout in found if layout[2] <= lowest)


def _lines(names: Sequence[str], values: Mapping[str, NDArray[Any]], limit: float,
           ) -> tuple[list[tuple[str, tuple[int, ...], Point]], float, float]:
    """The same, with a new line where `limit` cells are passed."""
    places, left, top, tallest, width = [], 0.9, 1.5, 0, 0
    for name in names:
        nd = 1 if values["w"].ndim in (1, 3) else 2
        shape = np.shape(values[name]) or (1,)
        planes = [()] if name == "db" else list(np.ndindex(shape[:-nd]))
        rows, columns = (1, *shape)[-2:]
        for plane in planes:
            if left > 1 and left + columns > limit:
                left, top, tallest = 0.9, top + tallest + 2.1, 0
            places.append((name, plane, (left, top)))
            left, tallest = left + columns + 1.6, max(tallest, rows)
            width = max(width, left - 0.7)
    return places, width, top + tallest + 0.7


def _closed(name: str, array: NDArray[Any], hide: Iterable[str]) -> NDArray[Any]:
    """The array with nothing in the cells that are hidden."""
    shown = array.astype(object)
    for at in np.ndindex(array.shape):
        if {name, name + index(at)} & set(hide):
            shown[at] = None
    return shown if None in shown.ravel().tolist() else array


def _factor(value: Any) -> str:
    text = f"{value:.4g}" if isinstance(value, float) else str(value)
    return f"({text})" if value < 0 else text
