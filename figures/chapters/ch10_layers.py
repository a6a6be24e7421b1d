"""Two layers in two dimensions: the way back through them, pooling, learning."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import FancyBboxPatch, Rectangle
from numpy.typing import ArrayLike

from convlib import avg_pool2d, avg_pool2d_backward, max_pool2d, max_pool2d_backward
from convlib.networks import History
from figures.drawing import style
from figures.drawing.board import Board, board
from figures.drawing.grids import Grid, Shape

PAGE = 6.88  # inches


def draw_chain(shapes: Sequence[Shape]) -> None:
    """Two convolutional layers forward, and below them the gradients on their way back.

    Shapes of x⁽⁰⁾, y⁽¹⁾, x⁽¹⁾ and y⁽²⁾. A new figure.
    """
    names = ["x⁽⁰⁾", "y⁽¹⁾", "x⁽¹⁾", "y⁽²⁾"]
    forward, back = ["⋆ w⁽¹⁾", "ReLU", "⋆ w⁽²⁾"], ["layer 1", "mask", "layer 2"]
    pitch, top, below = 5.9, 1.9, 5.3
    at = [1.9 + pitch * n for n in range(4)]
    sheet = board(at[-1] + 5.9, below + 3.2, inches=PAGE)
    for n, (name, shape) in enumerate(zip(names, shapes, strict=True)):
        _box(sheet, at[n], top, name, shape, style.colour(name))
        _box(sheet, at[n], below, "d" + name, shape, style.purple)
    for n, (word, word_back) in enumerate(zip(forward, back, strict=True)):
        middle = (at[n] + at[n + 1]) / 2
        sheet.arrow((at[n] + 1.6, top), (at[n + 1] - 1.6, top))
        sheet.arrow((at[n + 1] - 1.6, below), (at[n] + 1.6, below), color=style.purple,
                    dashed=True, width=2)
        hue = style.ink if word == "ReLU" else style.orange
        sheet.text(middle, top - 0.65, word, size=1.1, color=hue, fontweight="bold")
        sheet.text(middle, below - 0.65, word_back, size=1.1, color=style.purple)
        if word == "ReLU":  # what the mask depends on
            sheet.arrow((at[n] + 1.2, top + 0.8), (middle, below - 1.2), color=style.green)
        else:
            sheet.arrow((middle, below + 0.1), (middle, below + 1.5), color=style.purple)
            sheet.text(middle, below + 2.1, f"dw⁽{'¹²'[n // 2]}⁾", color=style.purple, size=1.1,
                       fontweight="bold")
    end = at[-1] + 3.9
    sheet.arrow((at[-1] + 1.6, top), (end - 0.3, top))
    sheet.arrow((end - 0.3, below), (at[-1] + 1.6, below), color=style.purple, dashed=True, width=2)
    for height in (top, below):
        sheet.text(end + 0.75, height, "loss" if height == top else "from\nthe loss", size=1.0)


def draw_pooling(x: ArrayLike, size: tuple[int, int], dy: ArrayLike) -> None:
    """Maximum and mean of the same windows, and where each sends dy. A new figure."""
    x, dy = np.asarray(x), np.asarray(dy)
    (H, W), (P, Q), (R, S) = x.shape, dy.shape, size
    rows = (("maximum", max_pool2d(x, size), max_pool2d_backward(dy, x, size)),
            ("mean", avg_pool2d(x, size), avg_pool2d_backward(dy, x, size)))
    at = {"x": 0.4, "y": W + 2.2, "dy": W + Q + 3.3, "dx": W + 2 * Q + 5.1}
    step = H + 1.9
    sheet = board(at["dx"] + W + 0.4, 2 * step + 0.1, inches=PAGE)
    for n, (name, y, dx) in enumerate(rows):
        top, low = 1.3 + n * step, 1.3 + n * step + (H - P) / 2
        image = sheet.grid(x, "x", (at["x"], top), indices=False,
                           label=f"{name} of x")
        winners = [cell for cell in np.ndindex(H, W)
                   if max_pool2d_backward(np.ones_like(dy), x, size)[cell]]
        image.mark(winners if n == 0 else (), also=() if n == 0 else np.ndindex(H, W))
        _level(sheet.grid(y, "y", (at["y"], low), indices=False, form=_short))
        sheet.grid(dy, "dy", (at["dy"], low), indices=False)
        gradient = _level(sheet.grid(dx, "dx", (at["dx"], top), indices=False, form=_short))
        reached = [cell for cell in np.ndindex(H, W) if dx[cell]]
        gradient.mark(reached if n == 0 else (), also=() if n == 0 else reached)
        for left, hue in ((at["x"], style.green), (at["dx"], style.purple)):
            for p, q in np.ndindex(P, Q):
                sheet.ax.add_patch(Rectangle((left + q * S, top + p * R), S, R, fill=False, lw=2.4,
                                             ec=hue, zorder=4))
        sheet.text(at["y"] - 0.9, top + H / 2, "→", size=1.4)
        sheet.text(at["dx"] - 0.9, top + H / 2, "→", size=1.4)


def draw_learning(histories: dict[str, History]) -> None:
    """Loss and validation accuracy after each epoch, for some histories by name. A new figure."""
    _, charts = plt.subplots(1, 2, figsize=(PAGE, 3.2), layout="constrained")
    looks = ((style.muted, "--", "o"), (style.purple, "-", "s"), (style.orange, ":", "^"),
             (style.blue, "-.", "D"))
    for (name, history), (hue, dash, mark) in zip(histories.items(), looks, strict=False):
        for chart, part in zip(charts, ("loss", "accuracy"), strict=True):
            values = [getattr(epoch, part) * (100 if part == "accuracy" else 1)
                      for epoch in history.epochs]
            chart.plot(range(1, len(values) + 1), values, dash, color=hue, marker=mark, ms=4,
                       label=name)
    for chart in charts:
        chart.set(xlabel="epoch", xticks=range(2, 13, 2))
    charts[0].set(yscale="log", title="loss")
    lowest = min(np.min(line.get_ydata()) for line in charts[1].lines)
    charts[1].set(ylim=(lowest // 10 * 10 - 1, 101), title="validation accuracy (%)")
    charts[0].yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    charts[0].yaxis.set_minor_formatter(lambda value, _: "")
    charts[1].legend(frameon=False, fontsize=9, loc="lower right")


def _box(sheet: Board, x: float, y: float, name: str, shape: Shape, hue: str) -> None:
    sheet.ax.add_patch(FancyBboxPatch((x - 1.4, y - 0.7), 2.8, 1.4, boxstyle="round,pad=0.1",
                                      ec=hue, fc=style.tint(hue, 0.12), lw=1.5, zorder=3))
    sheet.text(x, y - 0.24, name, color=hue, fontweight="bold", zorder=5, size=1.1)
    sheet.text(x, y + 0.38, "×".join(map(str, shape)), color=hue, size=0.9, zorder=5)


def _level(grid: Grid) -> Grid:
    """All numbers of a grid in the smallest type that one of them needs."""
    smallest = min(number.get_fontsize() for number in grid.numbers.values())
    for number in grid.numbers.values():
        number.set_fontsize(smallest)
    return grid


def _short(value: float) -> str:
    return f"{value:.3g}"
