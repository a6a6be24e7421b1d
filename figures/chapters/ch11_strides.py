"""Stride and dilation on one axis: which inputs are read how often, and which sizes come back."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from convlib import conv_transpose1d, kernel_map, output_size
from figures.drawing import style
from figures.drawing.board import Board, board
from figures.widgets.scene import Scene, scene

CELL = 0.42  # inches


def touching(H: int, R: int, strides: Iterable[int], dilations: Iterable[int]) -> Scene:
    """draw(fig, stride, dilation) for `live`: the taps of every output on an axis of H inputs,
    and how often each input is read."""
    most = max(output_size(H, R, stride=s, dilation=d) for s in strides for d in dilations)
    left, top, room = 3.0, 1.4, 4.6  # the windows share `room`, few of them further apart
    wide, below = left + H + 0.6, top + 1.4 + room

    def build(fig: Figure) -> tuple[Any, ...]:
        sheet = board(wide, below + 2.2, fig)
        cells = sheet.grid([""] * H, "x", (left, top), label="")
        counts = sheet.grid(np.zeros(H, int), "dx", (left, below), indices=False, label="")
        for y, words, hue in ((top + 0.5, "inputs x[i]", style.blue),
                              (below + 0.5, "read … times", style.purple)):
            sheet.text(left - 0.4, y, words, color=hue, ha="right", size=0.85, fontweight="bold")
        sheet.text(left - 0.4, below + 1.5, "i mod stride", color=style.muted, ha="right",
                   size=0.75)
        classes = [sheet.text(left + i + 0.5, below + 1.5, "", color=style.muted, size=0.75)
                   for i in range(H)]
        return cells, counts, classes, [_taps(sheet, left, R, p) for p in range(most)]

    @scene(size=(CELL * wide, CELL * (below + 2.2)), build=build)
    def draw(fig: Figure, parts: Any, stride: int, dilation: int) -> str:
        cells, counts, classes, rows = parts
        table = kernel_map((H,), (R,), stride=stride, dilation=dilation)
        reads = np.bincount(table.inp[0], minlength=H)
        counts.set(reads)
        unread = np.flatnonzero(reads == 0)
        for i in range(H):
            classes[i].set_text(i % stride)
            for grid in (cells, counts):
                grid.boxes[0, i].set_facecolor(style.tint(grid.hue, 0.13 * reads[i]))
            cells.boxes[0, i].set_hatch("///" if i in unread else None)
        (P,) = table.y_shape
        pitch = min(1.15, room / P)
        for p, (line, boxes, numbers, word) in enumerate(rows):
            for part in (line, *boxes, *numbers, word):
                part.set_visible(p < P)
            at = [left + p * stride + r * dilation for r in range(R)]
            y, tall = top + 1.2 + (p + 0.5) * pitch, min(0.72, 0.86 * pitch)
            line.set_data([at[0] + 0.5, at[-1] + 0.5], [y, y])
            word.set_y(y)
            for x, box, number in zip(at, boxes, numbers, strict=True):
                box.set_bounds(x + 0.1, y - tall / 2, 0.8, tall)
                number.set_position((x + 0.5, y))
        names = ", ".join(f"x[{i}]" for i in unread)
        return (f"stride {stride}, dilation {dilation}: reads {', '.join(map(str, reads))}. "
                f"{f'Never read: {names}' if names else 'Every input is read'}.")

    return draw


def _taps(sheet: Board, left: float, R: int, p: int) -> tuple[Any, ...]:
    """One output: its taps as boxes on a line, each with its number r."""
    (line,) = sheet.ax.plot([left, left], [0, 0], color=style.orange, lw=1.2, zorder=1.5)
    boxes = [sheet.ax.add_patch(Rectangle((left, 0), 0.8, 0.72, edgecolor=style.orange, zorder=2,
                                          facecolor=style.tint(style.orange, 0.22)))
             for _ in range(R)]
    numbers = [sheet.text(left, 0, f"w{r}", size=0.68, zorder=3) for r in range(R)]
    return line, boxes, numbers, sheet.text(left - 0.4, 0, f"p = {p}", ha="right", size=0.8,
                                            color=style.green)


def choosing(dy: ArrayLike, w: ArrayLike, stride: int, paddings: Iterable[int]) -> Scene:
    """draw(fig, output_padding, padding) for `live`: the stamps of a transposed convolution, what
    the padding cuts off, and where output_padding ends the result."""
    dy, w = np.asarray(dy), np.asarray(w)
    P, R = len(dy), len(w)
    full = (P - 1) * stride + R
    left, most = 2.6, full + stride - 1
    wide, tall = left + most + 0.6, 1.2 + P + 4.9
    bottom = 1.2 + P + 1.5

    def build(fig: Figure) -> tuple[Any, ...]:
        sheet = board(wide, tall, fig)
        for p in range(P):
            sheet.text(left - 0.4, 1.7 + p, f"{dy[p]} · w", ha="right", color=style.purple,
                       size=0.9)
            stamp = sheet.grid(dy[p] * w, "w", (left + p * stride, 1.2 + p), indices=False,
                               label="")
            stamp.mark(range(R), amount=0.18)
        sheet.text(left, 0.6, f"stamps, {stride} positions apart", ha="left", color=style.orange,
                   fontweight="bold", size=0.85)
        total = sheet.grid([None] * most, "dx", (left, bottom), indices=False, label="")
        names = [sheet.text(left + n + 0.5, bottom - 0.28, "", size=0.62, color=style.muted)
                 for n in range(most)]
        sheet.text(left - 0.4, bottom + 0.5, "their sum", ha="right", color=style.purple,
                   fontweight="bold", size=0.85)
        return total, names, [sheet.text(left, bottom + 1.8 + 0.75 * n, "", ha="left", size=0.85)
                              for n in range(2)]

    @scene(size=(CELL * wide, CELL * tall), build=build)
    def draw(fig: Figure, parts: Any, output_padding: int, padding: int) -> str:
        total, names, words = parts
        options: dict[str, Any] = {"stride": stride, "padding": padding}
        x = conv_transpose1d(dy, w, output_padding=output_padding, **options)
        H = len(x)
        there = full + output_padding  # entries of the sum, with what the padding cuts off
        whole = conv_transpose1d(dy, w, stride=stride, output_padding=output_padding)
        total.set([*whole.tolist(), *[None] * (most - there)])
        for n in range(most):
            real = padding <= n < padding + H
            total.boxes[0, n].set(visible=n < there, linestyle="-" if real else ":",
                                  facecolor=style.tint(style.purple, 0.2) if real
                                  else style.tint(style.faint, 0.25))
            total.numbers[0, n].set_color(style.ink if real else style.muted)
            names[n].set_text(n - padding if real else "")
        sizes = [H - output_padding + extra for extra in range(stride)]
        assert all(output_size(size, R, **options) == P for size in sizes)
        shared = f"{', '.join(map(str, sizes[:-1]))} and {sizes[-1]} inputs"
        words[0].set_text(f"In the forward direction, {shared} all give {P} outputs.")
        words[1].set_text(f"output_padding = {output_padding} picks H = {H}.")
        return (f"padding {padding}, output_padding {output_padding}: {H} entries, "
                f"{x.tolist()}. In the forward direction, {shared} all give {P} outputs.")

    return draw
