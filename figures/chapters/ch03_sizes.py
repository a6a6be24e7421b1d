"""Windows and the positions they have: on one axis, on a grid, in padding."""

from collections.abc import Iterable, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from numpy.typing import ArrayLike

from convlib import conv2d, output_size
from convlib.options import Padding, read_padding
from figures.drawing import style
from figures.drawing.board import Board, board
from figures.drawing.grids import Grid, pad_with_ghosts
from figures.widgets.scene import Scene, scene

PAGE = 6.88  # inches
LEGIBLE = 1.25  # of a type in the stairs, whose cells are a quarter of an inch


def stairs(R: int, stride: int, sizes: Iterable[int]) -> Scene:
    """draw(fig, H) for `live`: every window on an axis of H cells, and P over all the sizes."""
    sizes = list(sizes)
    places = [output_size(H, R, stride=stride) for H in sizes]
    longest, most = max(sizes), max(places)
    wide, tall = longest + stride + 1.6, 1.1 * most + 5.4

    def build(fig: Figure) -> tuple[Any, ...]:
        panel = Board(fig.add_axes((0, 0, 0.66, 1)), wide, tall)
        cells = [_rectangle(panel, 0.5 + i, 2.2, 1, style.blue) for i in range(longest)]
        names = [panel.text(1 + i, 1.75, i, size=LEGIBLE, color=style.muted)
                 for i in range(longest)]
        bars = [_rectangle(panel, 0.5 + p * stride, 3.7 + 1.1 * p, R, style.orange)
                for p in range(most)]
        words = [panel.text(0.5 + p * stride + R / 2, 4.15 + 1.1 * p, f"p = {p}", size=LEGIBLE)
                 for p in range(most)]
        outside = _rectangle(panel, 0, 0, R, style.muted)
        outside.set(linestyle="--", facecolor="none")
        no = panel.text(0, 0, "does not fit", size=LEGIBLE, color=style.muted)
        panel.text(0.5, 0.7, f"x, an axis of H cells;  R = {R}, stride {stride}", ha="left",
                   color=style.blue, fontweight="bold", size=LEGIBLE)
        chart = fig.add_axes((0.71, 0.19, 0.28, 0.68))
        chart.step([*sizes, longest + 1], [*places, places[-1]], where="post",
                   color=style.green, lw=1.6)
        chart.set(xticks=sizes[::2], yticks=range(most + 2), xlim=(sizes[0] - 0.6, longest + 1),
                  ylim=(0, most + 0.7))
        chart.set_title("P, the number of outputs", fontsize=9.5)
        chart.set_xlabel("H", fontsize=9.5)
        chart.tick_params(labelsize=8.2)
        (dot,) = chart.plot([], [], "o", color=style.ink, ms=7)
        return cells, names, bars, words, outside, no, dot

    @scene(size=(PAGE, PAGE * 0.66 * tall / wide), build=build)
    def draw(fig: Figure, parts: Any, H: int) -> str:
        cells, names, bars, words, outside, no, dot = parts
        P = output_size(H, R, stride=stride)
        starts = [p * stride for p in range(P)]
        unread = sorted(set(range(H)) - {start + r for start in starts for r in range(R)})
        for i, (cell, name) in enumerate(zip(cells, names, strict=True)):
            cell.set_visible(i < H)
            name.set_visible(i < H)
            cell.set(facecolor=style.faint if i in unread else style.tint(style.blue, 0.15),
                     hatch="///" if i in unread else None,
                     edgecolor=style.muted if i in unread else style.blue)
        for p, (bar, word) in enumerate(zip(bars, words, strict=True)):
            bar.set_visible(p < P)
            word.set_visible(p < P)
        outside.set_xy((0.5 + P * stride, 3.74 + 1.1 * P))
        no.set_position((0.5 + P * stride + R / 2, 4.19 + 1.1 * P))
        dot.set_data([H], [P])
        left = f"{_listed([f'x[{i}]' for i in unread]) or 'every cell'} " \
               f"{'is' if len(unread) < 2 else 'are'} {'not ' if unread else ''}read"
        return (f"H = {H}: {'the window starts' if P == 1 else 'the windows start'} at "
                f"{_listed(starts)}, so P = {P}; {left}.")

    return draw


def _listed(items: Sequence[Any]) -> str:
    """Items in words: 0, 2 and 4."""
    *most, last = map(str, items) if items else [""]
    return f"{', '.join(most)} and {last}" if most else last


def _rectangle(panel: Board, left: float, top: float, width: float, hue: str) -> Patch:
    height = 1 if width == 1 else 0.8
    return panel.ax.add_patch(Rectangle((left, top), width, height, edgecolor=hue,
                                        facecolor=style.tint(hue, 0.22), lw=1.2))


def draw_window(x: ArrayLike, w: ArrayLike, p: int, q: int, **options: Any) -> None:
    """The window of y[p, q] in x, the kernel, the sum; y's other cells stay open: a new figure."""
    x, w = np.asarray(x), np.asarray(w)
    y = conv2d(x, w, **options)
    (H, W), (R, S), (P, Q) = x.shape, w.shape, y.shape
    only = np.full(y.shape, None, object)
    only[p, q] = y[p, q]
    wide, tall, rows = W + S + Q + 4.6, max(H, R, P) + 3.2, max(H, R, P)
    sheet = board(wide, tall, plt.figure(figsize=(PAGE, PAGE * tall / wide)))
    grids: dict[str, Grid] = {}
    left = 0.8
    for name, array, sign in (("x", x, "⋆"), ("w", w, "="), ("y", only, "")):
        grid = sheet.grid(array, name, (left, 1.4 + (rows - len(array)) / 2))
        smallest = min(number.get_fontsize() for number in grid.numbers.values())
        for number in grid.numbers.values():  # one type size for the whole grid
            number.set_fontsize(smallest)
        grids[name] = grid
        left += array.shape[1] + 1.5
        sheet.text(left - 0.85, 1.4 + rows / 2, sign, size=1.9 if sign == "⋆" else 1.3)
    window = [(p + r, q + s) for r, s in np.ndindex(w.shape)]
    grids["x"].mark(window)
    grids["w"].mark(np.ndindex(w.shape))
    grids["y"].mark([(p, q)])
    products = " + ".join(f"{x[cell]}·{tap}" for cell, tap in zip(window, w.flat, strict=True))
    sheet.text(0.8, rows + 2.4, f"y[{p},{q}] = {products} = {y[p, q]}", ha="left",
               color=style.green, fontweight="bold", size=0.95)


def draw_paddings(x: ArrayLike, kernel_size: tuple[int, int], paddings: Sequence[Padding]) -> None:
    """x inside each padding, the first window marked: a new figure. Added zeros are dotted."""
    x, gap = np.asarray(x), 0.9
    pads = [read_padding(padding, kernel_size, (1, 1)) for padding in paddings]
    most = max(x.shape[0] + sum(rows) for rows, _ in pads)
    wide = sum(x.shape[1] + sum(columns) + gap for _, columns in pads) + gap
    sheet = board(wide, most + 2.6, plt.figure(figsize=(PAGE, PAGE * (most + 2.6) / wide)))
    left = gap
    for padding, pad in zip(paddings, pads, strict=True):
        values, real, first = pad_with_ghosts(x, pad)
        grid = sheet.grid(values, "x", (left, 1.3), real=real, first=first, indices=False,
                          label=f"{padding!r}")
        grid.mark([(r - pad[0][0], s - pad[1][0]) for r, s in np.ndindex(kernel_size)])
        P, Q = (output_size(n, k, padding=ends)
                for n, k, ends in zip(x.shape, kernel_size, pad, strict=True))
        sheet.text(left + values.shape[1] / 2, most + 2.0, f"y: {P} × {Q}", color=style.green,
                   fontweight="bold")
        left += values.shape[1] + gap
