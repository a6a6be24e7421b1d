"""Gradient descent to look at: a slider for the learning rate, a scrubber through the steps."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from convlib.activations import sigmoid
from figures.chapters.ch06_graph import PAGE
from figures.drawing import style
from figures.drawing.board import Board
from figures.drawing.tables import index
from figures.widgets.scene import Scene, scene

REACH = 10  # the sigmoid is drawn from -REACH to REACH; a y beyond it is drawn at the edge
LOWEST = 1e-4  # the least loss that a chart shows


def learning_rates(runs: dict[float, tuple[Any, Any]], t: ArrayLike) -> Scene:
    """draw(fig, lr) for `live`: the loss of each run, and where its outputs end on the sigmoid.

    runs: {lr: (losses, outputs)}, losses (steps + 1,), outputs the last y. t like y.
    """
    t = np.asarray(t)
    steps = len(next(iter(runs.values()))[0]) - 1
    cells = list(np.ndindex(t.shape))

    def build(fig: Figure) -> tuple[Any, ...]:
        chart = _loss_chart(fig, (0.085, 0.16, 0.4, 0.72), steps)
        (line,) = chart.plot([], [], color=style.ink, lw=1.8)
        last = chart.text(0, 0, "", fontsize=9.5, fontweight="bold", ha="right", va="bottom")
        curve = fig.add_axes((0.555, 0.16, 0.435, 0.72))
        z = np.linspace(-REACH, REACH, 121)
        curve.plot(z, sigmoid(z), color=style.green, lw=1.4)
        curve.set(xlim=(-REACH - 1, REACH + 1), ylim=(-0.09, 1.12), yticks=(0, 0.5, 1),
                  xticks=(-10, -5, 0, 5, 10))
        curve.set_xlabel("y", fontsize=9.5)
        curve.set_title("a = σ(y)   filled: a, open: target", fontsize=9.5)
        curve.tick_params(labelsize=8.5)
        dots = [_output(curve) for _ in cells]
        table = curve.text(-REACH - 0.7, 1.06, "", fontsize=8, va="top", family="monospace")
        return line, last, dots, table

    @scene(size=(PAGE, 3.4), build=build)
    def draw(fig: Figure, parts: Any, lr: float) -> str:
        line, last, dots, table = parts
        losses, y = runs[lr]
        y = np.asarray(y)
        a = sigmoid(y)
        line.set_data(range(len(losses)), losses)
        last.set(position=(steps, losses[-1] * 1.15), text=f"{losses[-1]:.4f}")
        lines = ["          y    a t"]
        for cell, (gap, dot, goal) in zip(cells, dots, strict=True):
            at = float(np.clip(y[cell], -REACH, REACH))
            gap.set_data([at, at], [a[cell], t[cell]])
            dot.set_data([at], [a[cell]])
            dot.set_marker("o" if at == y[cell] else ">" if at > 0 else "<")
            goal.set_data([at], [t[cell]])
            lines.append(style.minus(f"[{cell[0]},{cell[1]}] {y[cell]:5.1f} "
                                     f"{a[cell]:.2f} {t[cell]:g}"))
        table.set_text("\n".join(lines))
        ended = ", ".join(f"a{index(cell)} = {a[cell]:.2f} ({t[cell]:g})" for cell in cells)
        return (f"lr = {lr:g}: the loss goes from {losses[0]:.4f} to {losses[-1]:.4f} in {steps} "
                f"steps. In the end, with the targets in parentheses: {ended}.")

    return draw


def scrubber(losses: Sequence[float], kernels: NDArray[Any], gradients: NDArray[Any],
             outputs: NDArray[Any], t: ArrayLike) -> Scene:
    """draw(fig, step) for `live`: kernel, gradient, output at each step of one run of descent.

    losses (n,), kernels and gradients (n, R, S), outputs (n, P, Q) are a before each step.
    """
    t = np.asarray(t)
    (R, S), (P, Q) = np.shape(kernels[0]), t.shape
    wide, tall, share = 2 * max(S, Q) + 2.2, R + P + 3.1, 0.44
    high = PAGE * (1 - share) * tall / wide

    def build(fig: Figure) -> tuple[Any, ...]:
        chart = _loss_chart(fig, (0.085, 0.15, share - 0.11, 0.75), len(losses) - 1)
        chart.plot(losses, color=style.ink, lw=1.6)
        (dot,) = chart.plot([], [], "o", color=style.purple, ms=9)
        panel = Board(fig.add_axes((share, 0, 1 - share, 1)), wide, tall)
        right, low = max(S, Q) + 1.5, R + 2.7
        places = {"w": (0.5, 1.4), "dw": (right, 1.4), "a": (0.5, low), "t": (right, low)}
        first = {"w": kernels[0], "dw": gradients[0], "a": outputs[0], "t": t}
        grids = {name: panel.grid(first[name], name, at, form=_two, indices=False)
                 for name, at in places.items()}
        words = panel.text(0.5, 0.35, "", ha="left", fontweight="bold", size=0.55)
        return dot, grids, words, panel

    @scene(size=(PAGE, high), build=build)
    def draw(fig: Figure, parts: Any, step: int) -> str:
        dot, grids, words, panel = parts
        dot.set_data([step], [losses[step]])
        for name, arrays in (("w", kernels), ("dw", gradients), ("a", outputs)):
            grids[name].set(np.round(arrays[step], 2) + 0.0)  # no -0.00
        for grid in grids.values():  # one size for all: −0.23 as large as 0.55
            grid.title.set_fontsize(panel.font(0.6))
            for number in grid.numbers.values():
                number.set_fontsize(panel.font(0.55))
        largest = np.unravel_index(np.abs(gradients[step]).argmax(), (R, S))
        grids["dw"].mark([largest])
        words.set_text(f"step {step}: L = {losses[step]:.4f}")
        return (f"Step {step}: L = {losses[step]:.4f}. w = {_rows(kernels[step])}, "
                f"dw = {_rows(gradients[step])}; steepest at w[{largest[0]},{largest[1]}].")

    return draw


def _two(value: float) -> str:
    return style.minus(f"{value:.2f}")


def _loss_chart(fig: Figure, place: tuple[float, float, float, float], steps: int) -> Axes:
    chart = fig.add_axes(place)
    chart.set(yscale="log", xlim=(-0.03 * steps, 1.02 * steps), ylim=(LOWEST, 4))
    chart.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    chart.minorticks_off()
    chart.set_title("loss L (log scale)", fontsize=9.5)
    chart.set_xlabel("step", fontsize=9.5)
    chart.tick_params(labelsize=8.5)
    return chart


def _output(curve: Axes) -> tuple[Line2D, Line2D, Line2D]:
    """The artists of one output: the gap to its target, itself, the target."""
    (gap,) = curve.plot([], [], color=style.purple, lw=1.6)
    (dot,) = curve.plot([], [], "o", color=style.green, ms=8)
    (goal,) = curve.plot([], [], "o", mfc="none", mec=style.ink, ms=10)
    return gap, dot, goal


def _rows(array: NDArray[Any]) -> list[Any]:
    return (np.round(array, 2) + 0.0).tolist()
