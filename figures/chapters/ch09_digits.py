"""Digits and a network that learns to read them: samples, curves, filters, a scrubber, errors."""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from convlib import conv2d, relu
from convlib.networks import History
from figures.chapters.ch09_panels import level
from figures.drawing import style
from figures.drawing.board import Board
from figures.widgets.live import kept
from figures.widgets.scene import Scene, scene

Layer = tuple[NDArray[Any], NDArray[Any]]  # its w and b
MEAN = 20  # mini-batches, of which a chart shows the mean


def draw_digits(images: NDArray[Any], titles: Sequence[str], columns: int = 10) -> None:
    """Images (N, 1, H, W) in rows, dark ink on light paper, each under its title: a new figure."""
    rows = max(1, -(-len(images) // columns))
    fig = plt.figure(figsize=(9.6, 1.25 * rows))
    for n in range(rows * columns):  # as many places however many images there are
        row, column = divmod(n, columns)
        ax = fig.add_axes(((column + 0.05) / columns, 1 - (row + 0.95) / rows,
                           0.9 / columns, 0.72 / rows))
        ax.axis("off")
        if n < len(images):
            ax.imshow(images[n][0], cmap="gray_r", vmin=0, vmax=1)
            ax.set_title(titles[n], fontsize=9, pad=4)


def draw_curves(history: History, changed: int | None = None) -> None:
    """The loss of every step and the mean of each epoch; the accuracy after each: a new figure.

    changed: the number of the epoch after which the learning rate was changed.
    """
    _, (chart, shares) = plt.subplots(1, 2, figsize=(9.6, 3.2), layout="constrained")
    steps_per_epoch = len(history.losses) / len(history.epochs)
    numbers = [epoch.number for epoch in history.epochs]
    chart.plot(np.arange(1, len(history.losses) + 1) / steps_per_epoch, history.losses, lw=0.6,
               color=style.muted, label="each mini-batch")
    chart.plot(numbers, [epoch.loss for epoch in history.epochs], "o-", color=style.ink, ms=4,
               label="mean of the epoch")
    _scale(chart)
    chart.set_title("loss", fontsize=11)
    chart.legend(edgecolor="none", framealpha=1, fontsize=9)
    shares.plot(numbers, 100 * np.array([epoch.accuracy for epoch in history.epochs], float),
                "s-", ms=5, color=style.green)
    shares.axhline(97, color=style.muted, lw=0.8, ls=":")
    shares.set_title("test images read rightly, in %", fontsize=11)
    for ax in (chart, shares):
        ax.set_xlabel("epoch", fontsize=10)
        ax.tick_params(labelsize=9)
        if changed:
            ax.axvline(changed, color=style.orange, lw=1.2, ls="--")
    shares.text(changed or 0, shares.get_ylim()[0], " smaller steps", color=style.orange,
                fontsize=9, va="bottom")


def draw_filters(image: NDArray[Any], before: Layer, after: Layer) -> None:
    """Filters and their maps a for one image, before and after training, a column each.

    before, after: (w (K, 1, R, S), b (K,)). Red is negative, grey positive. A new figure.
    """
    maps = [relu(conv2d(image, *weights, padding=1)) for weights in (before, after)]
    reach, bright = max(np.abs(w).max() for w, _ in (before, after)), max(map(np.max, maps))
    rows = [("w before", before[0][:, 0], "RdGy", -reach), ("a before", maps[0], "gray", 0),
            ("w after", after[0][:, 0], "RdGy", -reach), ("a after", maps[1], "gray", 0)]
    fig, axes = plt.subplots(4, 1, figsize=(9.8, 2.9))
    fig.subplots_adjust(left=0.08, right=0.995, top=0.98, bottom=0.02, hspace=0.15)
    for ax, (name, planes, cmap, low) in zip(axes, rows, strict=True):
        ax.imshow(_strip(planes), cmap=cmap, vmin=low, vmax=bright if low == 0 else reach)
        ax.axis("off")
        ax.text(-0.006, 0.5, name, transform=ax.transAxes, ha="right", va="center", fontsize=10,
                color=style.colour(name))


def _strip(planes: NDArray[Any], side: int = 72, gap: int = 8) -> NDArray[Any]:
    """Planes (K, n, n) side by side, each drawn `side` wide: n must divide it."""
    times = side // planes.shape[1]
    large = planes.repeat(times, axis=1).repeat(times, axis=2)
    return np.hstack([*np.pad(large, ((0, 0), (0, 0), (0, gap)), constant_values=np.nan)])


def scrubber(history: History, k: int, image: NDArray[Any]) -> Scene:
    """draw(fig, step) for `live`: filter k, its gradient, and its map of one image in training.

    image (1, H, W); step: a key of history.snapshots.
    """
    losses = history.losses
    snapshots = history.snapshots
    first = snapshots[0].weights["w1"][k, 0]
    (R, S), wide = first.shape, 2 * first.shape[1] + 2.6
    bright = max(_response(image, s.weights, k).max() for s in snapshots.values())

    def build(fig: Figure) -> tuple[Any, ...]:
        chart = fig.add_axes((0.05, 0.17, 0.28, 0.69))
        mean = np.convolve(losses, np.ones(MEAN) / MEAN, "valid")
        chart.plot(np.arange(len(mean)) + MEAN / 2, mean, color=style.ink, lw=1.4)
        _scale(chart)
        chart.set_xlabel("step", fontsize=10)
        chart.tick_params(labelsize=9)
        chart.set(xlim=(-0.03 * len(losses), 1.03 * len(losses)),
                  ylim=(0.8 * min(losses), 1.2 * max(losses)))
        chart.set_title(f"loss: mean of {MEAN} batches, and of this one", fontsize=10)
        (dot,) = chart.plot([], [], "o", color=style.purple, ms=9)
        panel = Board(fig.add_axes((0.35, 0, 0.44, 1)), wide, R + 3.2)
        grids = {name: panel.grid(first, name, (at, 1.9), label=f"{name}$^{{(1)}}$[{k}]",
                                  form=form)
                 for name, at, form in (("w", 0.6, "{:.2f}".format),
                                        ("dw", S + 1.9, "{:.3f}".format))}
        words = panel.text(wide / 2, R + 2.7, "", fontweight="bold", size=0.8)
        view = fig.add_axes((0.81, 0.2, 0.18, 0.6))
        seen = view.imshow(np.zeros(image[0].shape), cmap="gray", vmin=0, vmax=bright)
        view.set(xticks=[], yticks=[])
        view.set_title(f"a[{k}] of one digit", fontsize=10, color=style.green)
        return dot, grids, words, seen

    @scene(size=(9.8, 3.3))
    def draw(fig: Figure, step: int) -> str:
        dot, grids, words, seen = kept(fig, build)
        weights, gradient = snapshots[step]
        w, dw = weights["w1"][k, 0], gradient["w1"][k, 0]
        dot.set_data([step], [losses[step]])
        grids["w"].set(np.round(w, 2) + 0.0)  # no -0.00
        grids["dw"].set(np.round(dw, 3) + 0.0)
        for grid in grids.values():
            level(grid)
        steepest = np.unravel_index(np.abs(dw).argmax(), dw.shape)
        grids["dw"].mark([steepest])
        seen.set_data(_response(image, weights, k))
        words.set_text(f"step {step}: L = {losses[step]:.2f}")
        return (f"Step {step}: the loss of its mini-batch is {losses[step]:.2f}; filter {k} is "
                f"{(np.round(w, 2) + 0.0).tolist()}, its gradient is steepest at "
                f"[{steepest[0]},{steepest[1]}], {dw[steepest]:.3f}.")

    return draw


def _scale(chart: Axes) -> None:
    """A logarithmic axis for losses, in plain numbers."""
    marks = (0.1, 0.2, 0.5, 1, 2)
    chart.set(yscale="log", yticks=marks, yticklabels=[f"{mark:g}" for mark in marks])
    chart.minorticks_off()


def _response(image: NDArray[Any], weights: dict[str, NDArray[Any]], k: int) -> NDArray[Any]:
    w, b = (weights[name][k : k + 1] for name in ("w1", "b1"))
    return relu(conv2d(image, w, b, padding=1))[0]


def confusion(said: NDArray[Any], true: NDArray[Any], classes: int = 10) -> NDArray[Any]:
    """How often class `true` (row) was read as class `said` (column): whole numbers."""
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (true, said), 1)
    return counts


def draw_confusion(counts: NDArray[Any]) -> None:
    """The confusion matrix as a grid; errors are framed: a new figure."""
    fig = plt.figure(figsize=(5.6, 5.2))
    size = len(counts)
    sheet = Board(fig.add_axes((0, 0, 1, 1)), size + 3.2, size + 2.2)
    shown = [[n or None for n in row] for row in counts.tolist()]
    grid = sheet.grid(shown, "t", (2.6, 1.8), label="read as")
    for cell in np.argwhere(counts).tolist():
        right = cell[0] == cell[1]
        box = grid.boxes[tuple(cell)]
        box.set_facecolor(style.tint(style.green if right else style.orange, 0.22))
        box.set_linewidth(0.9 if right else 2)
        box.set_edgecolor(style.muted if right else style.orange)
        box.set_zorder(1 if right else 2.5)
    sheet.text(0.9, 1.8 + size / 2, "is", color=style.green, fontweight="bold")
