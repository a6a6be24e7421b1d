"""The loss of chapter 6 as a landscape over two taps, and the error of a gradient check."""

from collections.abc import Callable, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures.chapters.ch06_graph import PAGE
from figures.drawing import style
from figures.drawing.tables import index
from figures.widgets.scene import Scene, scene

LEVELS = (0.02, 0.05, 0.1, 0.2, 0.24, 0.3, 0.5, 1, 1.5, 2, 2.5, 3)
LABELS = ((0.2, (7.5, -6.6)), (0.24, (9, -6.4)), (0.3, (17, -1)), (0.5, (15, -0.6)), (1, (17, 0)),
          (2, (-2, -3)))  # levels, and where no path crosses their lines
Span = tuple[float, float]


def two_taps(loss: Callable[[NDArray[Any]], float], runs: dict[float, NDArray[Any]],
             taps: Sequence[tuple[int, int]], across: Span, up: Span) -> Scene:
    """draw(fig, lr) for `live`: the contours of the loss over two taps, and a descent's path.

    loss(kernel) is a number; runs: {lr: kernels (steps + 1, R, S)}, in which only `taps` change.
    across and up are what is shown of the first and the second tap.
    """
    first, second = taps
    start = next(iter(runs.values()))[0]
    steps = len(next(iter(runs.values()))) - 1

    def height(a: float, b: float) -> float:
        kernel = np.array(start, float)
        kernel[first], kernel[second] = a, b
        return float(loss(kernel))

    def build(fig: Figure) -> tuple[Any, ...]:
        ax = fig.add_axes((0.09, 0.13, 0.89, 0.78))
        a, b = np.linspace(*across, 131), np.linspace(*up, 71)
        heights = np.array([[height(u, v) for u in a] for v in b])
        shades = [style.tint(style.blue, 0.45 * n / len(LEVELS)) for n in range(len(LEVELS) + 1)]
        ax.contourf(a, b, heights, [0, *LEVELS, 1e9], colors=shades, zorder=0)
        told = dict(LABELS)  # lines of their own: clabel looks for the one next to a point
        for levels in ([level for level in LEVELS if level not in told], list(told)):
            lines = ax.contour(a, b, heights, levels, colors=style.muted, linewidths=0.8)
        ax.clabel(lines, manual=list(told.values()), fontsize=8, fmt=lambda level: f"{level:g}")
        (path,) = ax.plot([], [], "-o", color=style.orange, lw=1.2, ms=3)
        (end,) = ax.plot([], [], "o", color=style.ink, ms=8)
        ax.plot(start[first], start[second], "s", color=style.orange, ms=8)
        ax.set(xlim=across, ylim=up, aspect="equal")  # or a step is not at right angles
        ax.set_xlabel(f"w{index(first)}", fontsize=9.5)
        ax.set_ylabel(f"w{index(second)}", fontsize=9.5)
        ax.tick_params(labelsize=8.5)
        return path, end, ax

    @scene(size=(PAGE, 3.9), build=build)
    def draw(fig: Figure, parts: Any, lr: float) -> str:
        path, end, ax = parts
        way = np.array([(kernel[first], kernel[second]) for kernel in runs[lr]])
        path.set_data(*way.T)
        end.set_data(*way[-1:].T)
        last = float(loss(runs[lr][-1]))
        ax.set_title(f"lr = {lr:g}: square at the start, round dot after {steps} steps, "
                     f"L = {last:.4f}", fontsize=9.5)
        return (f"lr = {lr:g}: from w{index(first)} = {way[0, 0]:.2f}, w{index(second)} = "
                f"{way[0, 1]:.2f} to {way[-1, 0]:.2f}, {way[-1, 1]:.2f}; L = {last:.4f} after "
                f"{steps} steps.")

    return draw


def draw_errors(error: Callable[[float], float], eps: Sequence[float]) -> None:
    """The error of a gradient check over its step, both on a log scale: a new figure."""
    fig = plt.figure(figsize=(PAGE, 3.2))
    ax = fig.add_axes((0.11, 0.17, 0.87, 0.72))
    ax.loglog(eps, [error(step) for step in eps], "o-", color=style.purple, lw=1.6, ms=4)
    ax.set_xlabel("eps, the step of the central difference", fontsize=9.5)
    ax.set_title("largest error of the numerical gradient", fontsize=9.5)
    ax.tick_params(labelsize=8.5)
    ax.text(0.03, 0.1, "rounding: error ~ 1/eps", transform=ax.transAxes, fontsize=9.5)
    ax.text(0.97, 0.1, "cubic part: error ~ eps²", transform=ax.transAxes, fontsize=9.5, ha="right")
