"""Chapter 4: ever fewer weights, windows that add up to dw, a kernel recovered."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from convlib import conv2d, conv2d_backward
from figures.drawing import style
from figures.drawing.board import Board, board
from figures.drawing.grids import Shape
from figures.widgets.scene import Scene, scene

WIDTH, PAGE = 20.6, 6.88  # cells and inches of every picture: type of size 0.95 has 11 pixels
PHONE = 10.1  # cells of a picture that a phone shows whole
SMALL = 0.95
ALL = "all"
STROKES = {"-": "——", "--": "– –", ":": "· · ·"}  # the lines of three taps, and their keys


def _sheet(tall: float, fig: Figure | None = None, width: float = WIDTH) -> Board:
    """A board, as wide as the page unless its width is given; its cells have one size."""
    size = PAGE * width / WIDTH, PAGE * tall / WIDTH
    return board(width, tall, fig or plt.figure(figsize=size))


def draw_sharing(inputs: int = 5, taps: int = 3) -> None:
    """One layer three times: every pair joined, a window for each output, the same taps for all."""
    outputs, sheet = inputs - taps + 1, _sheet(8.6)
    near = [(p, p + r) for p in range(outputs) for r in range(taps)]
    panels: tuple[tuple[str, Iterable[Sequence[int]], str], ...] = (
        ("dense", np.ndindex(outputs, inputs), f"{outputs} · {inputs} = {outputs * inputs}"),
        ("locally connected", near, f"{outputs} · {taps} = {outputs * taps}"),
        ("shared weights", near, f"{taps}"))
    strokes = list(STROKES)[:taps]
    for n, (name, pairs, count) in enumerate(panels):
        left = 1.4 + 6.9 * n  # the middle of x[0]; y[p] is below the middle of its window
        for p, i in pairs:
            shared = name == "shared weights"  # else each line is a weight of its own
            sheet.ax.plot([left + i, left + p + (taps - 1) / 2], [2.2, 5.6],
                          strokes[i - p] if shared else "-", lw=1.6 if shared else 1,
                          color=style.orange if shared else style.muted, zorder=2)
        _row(sheet, left, inputs, 2, "x")
        _row(sheet, left + (taps - 1) / 2, outputs, 5.8, "y")
        middle = left + (inputs - 1) / 2
        sheet.text(middle, 0.7, name, fontweight="bold")
        sheet.text(middle, 7.1, f"{count} weights", size=SMALL, color=style.orange)
    keys = "   ".join(f"{STROKES[stroke]} w[{r}]" for r, stroke in enumerate(strokes))
    sheet.text(middle, 8, keys, size=SMALL, color=style.orange)


def _row(sheet: Board, left: float, cells: int, y: float, name: str) -> None:
    hue = style.colour(name)
    for n in range(cells):
        sheet.ax.add_patch(Rectangle((left + n - 0.4, y - 0.4), 0.8, 0.8, ec=hue, lw=1.2, zorder=3,
                                     fc=style.tint(hue, 0.15)))
    sheet.text(left - 0.8, y, name, color=hue, fontweight="bold")


def adding(x: ArrayLike, dy: ArrayLike, w_shape: Shape) -> Scene:
    """draw(fig, row, column) for `live`: dw as the sum of the windows whose dy is included.

    dy has at most four cells. row and column each are an index of dy or "all"; a click on a cell,
    or on the margin of "all", chooses both.
    """
    x, dy = np.asarray(x), np.asarray(dy)
    (R, S), (P, Q), top = w_shape, dy.shape, 1.5
    low = top + max(len(x), P + 1) + 2.2
    tall = low + R + 0.5
    margin = np.full((P + 1, Q + 1), ALL, object)
    margin[:P, :Q] = dy
    real = margin != ALL
    windows = {(p, q): x[p : p + R, q : q + S] for p, q in np.ndindex(P, Q)}

    def build(fig: Figure) -> tuple[Any, ...]:
        sheet = _sheet(tall, fig)
        sheet.grid(x, "x", (1.3, top), form=style.minus)
        prices = sheet.grid(margin, "dy", (8.6, top), real=real, label="dy: click a cell",
                            form=style.minus, indices=dy.shape)
        total = sheet.grid(np.zeros((R, S), int), "dw", (15.6, top), label="part of dw",
                           form=style.minus)
        total.mark(np.ndindex(R, S), amount=0.2)
        frames, blocks = {}, {}
        for n, ((p, q), window) in enumerate(windows.items()):
            inset = 0.05 * (n + 1)  # or frames that overlap would hide each other
            frames[p, q] = sheet.ax.add_patch(Rectangle(
                (1.3 + q + inset, top + p + inset), S - 2 * inset, R - 2 * inset, fill=False,
                ec=style.purple, lw=1.6, zorder=4))
            left = 2.1 + n * (WIDTH - 0.6) / len(windows)
            block = sheet.grid(window, "x", (left, low), label=f"window of y[{p},{q}]",
                               form=style.minus, indices=False)
            block.title.set_fontsize(sheet.font(SMALL))
            blocks[p, q] = block, sheet.text(left - 0.2, low + R / 2, "", ha="right",
                                             fontweight="bold")
        return prices, total, frames, blocks

    @scene(size=(PAGE, PAGE * tall / WIDTH), build=build)
    def draw(fig: Any, parts: Any, row: int | str, column: int | str) -> str:
        prices, total, frames, blocks = parts
        chosen = {(p, q) for p, q in windows if row in (p, ALL) and column in (q, ALL)}
        included = np.where([[(p, q) in chosen for q in range(Q)] for p in range(P)], dy, 0)
        dw = conv2d_backward(included, x, np.zeros(w_shape, x.dtype)).dw
        total.set(dw)
        prices.mark(chosen)
        for cell, (block, sign) in blocks.items():
            on = cell in chosen
            block.mark(np.ndindex(R, S) if on else (), amount=0.22)
            for number in block.numbers.values():
                number.set_alpha(1 if on else 0.6)
            sign.set_text(f"{style.minus(format(dy[cell], '+d'))} ·" if on else "0 ·")
            sign.set_color(style.purple if on else style.muted)
            frames[cell].set_visible(on)
        fig.click = (prices.click_axes, "column", "row")
        terms = " + ".join(f"{dy[cell]}·{windows[cell].tolist()}" for cell in sorted(chosen))
        whole = len(chosen) == P * Q
        total.title.set_text("dw" if whole else "part of dw")
        return f"{'dw' if whole else 'Part of dw'} = {terms.replace('+ -', '- ')} = {dw.tolist()}."

    return draw


def draw_recovery(photo: ArrayLike, guesses: Mapping[int, ArrayLike], hidden: ArrayLike) -> None:
    """{step: guess} and the hidden kernel, and below each kernel what it makes of the photo.

    All kernels are in one scale of greys, and so are all filtered photos.
    """
    photo, hidden = np.asarray(photo), np.asarray(hidden)
    kernels = {f"step {step}": np.asarray(guess) for step, guess in guesses.items()}
    kernels["hidden"] = hidden
    (rows, columns), across = hidden.shape, 3
    filtered = {words: conv2d(photo, kernel) for words, kernel in kernels.items()}
    tall, wide = filtered["hidden"].shape
    height, reach = columns * tall / wide, 3 * filtered["hidden"].std()
    pitch, deep = (PHONE - 0.3) / across, rows + height + 1.7
    lines = -(-len(kernels) // across)
    sheet = _sheet(1.2 + deep * lines, width=PHONE)
    for n, (words, kernel) in enumerate(kernels.items()):
        left = 0.15 + (n % across + 0.5) * pitch - columns / 2
        top = 1.2 + deep * (n // across)
        sheet.text(left + columns / 2, top - 0.4, words, size=SMALL, fontweight="bold",
                   color=style.orange if kernel is hidden else style.ink)
        for (r, s), tap in np.ndenumerate(kernel):
            grey = 0.5 + 0.45 * tap / np.abs(hidden).max()
            sheet.ax.add_patch(Rectangle((left + s, top + r), 1, 1, fc=str(grey), ec="none"))
            number = f"{tap + 0:g}" if kernel is hidden else f"{np.round(tap, 1) + 0:.1f}"
            sheet.text(left + s + 0.5, top + r + 0.5, style.minus(number), size=SMALL,
                       color="black" if grey > 0.4 else "white")
        sheet.frame((left, top), columns, rows, style.orange if kernel is hidden else style.muted,
                    lw=1.6)
        below = top + rows + 0.25
        sheet.ax.imshow(filtered[words], extent=(left, left + columns, below + height, below),
                        cmap="gray", vmin=-reach, vmax=reach)
    sheet.ax.set(xlim=(0, PHONE), ylim=(1.2 + deep * lines, 0))
    sheet.text(PHONE / 2, 0.6 + deep * lines, "under each kernel: what it makes of a photograph",
               size=SMALL, color=style.muted)
