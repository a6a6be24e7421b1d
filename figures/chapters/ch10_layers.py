"""Two layers in two dimensions: the paths into the maps between them, pooling, learning."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import FancyBboxPatch, Rectangle
from numpy.typing import ArrayLike, NDArray

from convlib import avg_pool2d, avg_pool2d_backward, max_pool2d, max_pool2d_backward
from convlib.networks import History
from figures.drawing import style
from figures.drawing.board import Board, board
from figures.drawing.grids import Shape


def draw_three_paths(x: NDArray[Any], w1: NDArray[Any], w2: NDArray[Any], y1: NDArray[Any],
                     y2: NDArray[Any]) -> None:
    """The graph of two convolutional layers, biases left out, every path into x⁽¹⁾ drawn back.

    Shapes and counts are those of the arrays: x (C, H, W), w1, w2, y1, y2.
    """
    step, most = 2.8, max(len(w1), len(w2))
    sheet, middle = board(26.4, step * most + 2.0, inches=10), 0.6 + step * most / 2
    heights = [[middle + step * (n - (len(w) - 1) / 2) for n in range(len(w))] for w in (w1, w2)]
    _box(sheet, 1.8, middle, "x", x.shape, style.blue)
    _box(sheet, 13.2, middle, "x⁽¹⁾", y1.shape, style.blue)
    _box(sheet, 24.7, middle, "L", None, style.ink)
    for n, at in enumerate(heights[0]):
        _box(sheet, 7.6, at, f"y⁽¹⁾[{n}]", y1.shape[1:], style.green)
        sheet.text(7.6, at - 1.05, f"filter w⁽¹⁾[{n}]", size=0.85, color=style.orange)
        sheet.arrow((3.3, middle), (6.1, at))
        sheet.arrow((9.1, at), (11.7, middle))
    for n, at in enumerate(heights[1]):
        _box(sheet, 19.2, at, f"y⁽²⁾[{n}]", y2.shape[1:], style.green)
        sheet.text(19.2, at - 1.05, f"filter w⁽²⁾[{n}]", size=0.85, color=style.orange)
        sheet.arrow((14.7, middle - 0.1), (17.7, at - 0.4))
        sheet.arrow((17.7, at + 0.35), (14.7, middle + 0.35), color=style.purple, dashed=True,
                    width=2)
        sheet.arrow((20.7, at - 0.25), (23.2, middle - 0.2))
        sheet.arrow((23.2, middle + 0.3), (20.7, at + 0.25), color=style.purple, dashed=True,
                    width=2)
    sheet.text(13.2, middle - 1.05, "stacked, ReLU", size=0.85, color=style.muted)
    sheet.text(13.2, middle + 1.15, "added here", size=0.85, color=style.purple)
    for left, words, hue in ((0.5, "solid: forward, every map reads all of x⁽¹⁾", style.muted),
                             (14.4, "dashed: back, every map pays into all of it", style.purple)):
        sheet.text(left, step * most + 1.4, words, ha="left", size=0.95, color=hue)


def draw_pooling(x: ArrayLike, size: tuple[int, int], dy: ArrayLike) -> None:
    """Maximum and mean of the same windows, and where each sends the prices dy. A new figure."""
    x, dy = np.asarray(x), np.asarray(dy)
    (H, W), (P, Q), (R, S) = x.shape, dy.shape, size
    rows = (("maximum", max_pool2d(x, size), max_pool2d_backward(dy, x, size)),
            ("mean", avg_pool2d(x, size), avg_pool2d_backward(dy, x, size)))
    at = {"x": 4.0, "y": W + 6.4, "dy": W + Q + 8.2, "dx": W + 2 * Q + 10.6}
    step = H + 2.4
    sheet = board(at["dx"] + W + 0.7, 2 * step + 0.6, inches=10)
    for n, (name, y, dx) in enumerate(rows):
        top, low = 1.8 + n * step, 1.8 + n * step + (H - P) / 2
        sheet.text(0.4, top + H / 2, name, ha="left", fontweight="bold")
        image = sheet.grid(x, "x", (at["x"], top))
        winners = [cell for cell in np.ndindex(H, W)
                   if max_pool2d_backward(np.ones_like(dy), x, size)[cell]]
        image.mark(winners if n == 0 else (), also=() if n == 0 else np.ndindex(H, W))
        sheet.grid(y, "y", (at["y"], low), form=_short)
        sheet.grid(dy, "dy", (at["dy"], low))
        prices = sheet.grid(dx, "dx", (at["dx"], top), form=_short)
        paid = [cell for cell in np.ndindex(H, W) if dx[cell]]
        prices.mark(paid if n == 0 else (), also=() if n == 0 else paid)
        for left, hue in ((at["x"], style.green), (at["dx"], style.purple)):
            for p, q in np.ndindex(P, Q):
                sheet.ax.add_patch(Rectangle((left + q * S, top + p * R), S, R, fill=False, lw=2.4,
                                             ec=hue, zorder=4))
        sheet.text(at["y"] - 1.2, top + H / 2, "→", size=1.4)
        sheet.text(at["dx"] - 1.2, top + H / 2, "→", size=1.4)


def draw_learning(histories: dict[str, History]) -> None:
    """Loss and share of test images read right after each pass, for some histories by name."""
    _, charts = plt.subplots(1, 2, figsize=(9.4, 3.4), layout="constrained")
    looks = ((style.muted, "--", "o"), (style.purple, "-", "s"))
    for (name, history), (hue, dash, mark) in zip(histories.items(), looks, strict=True):
        for chart, part in zip(charts, ("loss", "accuracy"), strict=True):
            values = [getattr(epoch, part) for epoch in history.epochs]
            chart.plot(range(1, len(values) + 1), values, dash, color=hue, marker=mark, ms=5,
                       label=name)
    charts[0].set(yscale="log", title="loss in training, L2 included", xlabel="pass")
    charts[1].set(ylim=(0.84, 1), title="share of test digits read right", xlabel="pass")
    charts[0].yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    charts[0].legend(frameon=False)


def _box(sheet: Board, x: float, y: float, name: str, shape: Shape | None, hue: str) -> None:
    sheet.ax.add_patch(FancyBboxPatch((x - 1.4, y - 0.6), 2.8, 1.2, boxstyle="round,pad=0.1",
                                      ec=hue, fc=style.tint(hue, 0.12), lw=1.5, zorder=3))
    sheet.text(x, y - (0.24 if shape else 0), name, color=hue, fontweight="bold", zorder=5,
               size=0.95)
    if shape:
        sheet.text(x, y + 0.36, "×".join(map(str, shape)), color=hue, size=0.68, zorder=5)


def _short(value: float) -> str:
    return f"{value:.3g}"
