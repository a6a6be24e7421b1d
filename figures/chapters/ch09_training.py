"""A network that learns: its curves, its filters step by step, and the control without them."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from convlib.networks import History, Layer, accuracy, set_weights, weights
from figures.drawing import style
from figures.drawing.board import Board
from figures.widgets.scene import Scene, scene

PAGE = 6.88  # inches
MEAN = 20  # mini-batches, of which a chart shows the mean
WORDS = 9.0  # points: 12.5 pixels on the page


def epoch_accuracies(network: Sequence[Layer], history: History, x: ArrayLike,
                     t: ArrayLike) -> list[float]:
    """The accuracy on other images after each epoch, from the snapshots of the next step."""
    own, per_epoch = weights(network), len(history.losses) // len(history.epochs)
    try:
        shares = []
        for epoch in history.epochs:
            step = per_epoch * epoch.number
            snapshot = history.snapshots.get(step, history.state)
            set_weights(network, snapshot.weights)
            shares.append(accuracy(network, x, t))
    finally:
        set_weights(network, own)
    return shares


def draw_curves(history: History, training: Sequence[float], changed: int) -> None:
    """The loss of every step and each epoch's mean; training and validation accuracy.

    training: the accuracy on the training set after each epoch; changed: the epoch after which
    the learning rate was changed. A new figure.
    """
    _, (chart, shares) = plt.subplots(1, 2, figsize=(PAGE, 2.9), layout="constrained")
    steps_per_epoch = len(history.losses) / len(history.epochs)
    numbers = [epoch.number for epoch in history.epochs]
    chart.plot(np.arange(1, len(history.losses) + 1) / steps_per_epoch, history.losses, lw=0.6,
               color=style.muted, label="each mini-batch")
    chart.plot(numbers, [epoch.loss for epoch in history.epochs], "o-", color=style.ink, ms=4,
               label="mean of an epoch")
    _scale(chart)
    chart.set_title("loss", fontsize=10)
    chart.legend(edgecolor="none", framealpha=1, fontsize=WORDS)
    validation = [epoch.accuracy for epoch in history.epochs]
    for values, name, mark, hue in ((training, "training set", "o-", style.orange),
                                    (validation, "validation set", "s-", style.green)):
        shares.plot(numbers, 100 * np.array(values, float), mark, ms=4, color=hue, label=name)
    shares.set_title("accuracy in %", fontsize=10)
    shares.legend(edgecolor="none", framealpha=1, fontsize=WORDS, loc="lower right")
    for ax in (chart, shares):
        ax.set_xlabel("epoch", fontsize=WORDS)
        ax.tick_params(labelsize=WORDS)
        ax.axvline(changed, color=style.muted, lw=1.2, ls="--")
    chart.text(changed - 0.15, 0.62, "smaller steps →", color=style.muted, fontsize=WORDS,
               ha="right", va="center", transform=chart.get_xaxis_transform())


def draw_accuracies(results: Mapping[str, float]) -> None:
    """Test accuracies (name of a network -> its share), a dot for each: a new figure."""
    _, ax = plt.subplots(figsize=(3.38, 1.9), layout="constrained")  # fits a telephone
    percent = [100 * share for share in results.values()]
    ax.plot(percent, list(results), "o", color=style.green, ms=8)
    for row, value in enumerate(percent):
        ax.annotate(f"{value:.0f}", (value, row), (8, 0), textcoords="offset points",
                    fontsize=WORDS, va="center")
    ax.set(xlim=(90, 100), ylim=(len(percent) - 0.5, -0.5))
    ax.grid(axis="y", color=style.faint)
    ax.set_title("test accuracy in %", fontsize=10)
    ax.tick_params(labelsize=WORDS)


def draw_control(results: Mapping[str, Sequence[float]]) -> None:
    """Test accuracies (name of a training -> one share for each seed): a new figure."""
    _, ax = plt.subplots(figsize=(PAGE, 2.9), layout="constrained")
    looks = (("o", style.green), ("s", style.muted), ("X", style.orange))
    for (name, shares), (mark, hue) in zip(results.items(), looks, strict=False):
        percent = 100 * np.asarray(shares)
        ax.plot(range(len(percent)), percent, mark, color=hue, ms=8)
        ax.plot([-0.3, len(percent) - 0.7], 2 * [percent.mean()], color=hue, lw=1, ls=":")
        ax.text(len(percent) - 0.6, percent.mean(), f"{name}:\n{percent.mean():.0f} on average",
                color=hue, fontsize=WORDS, va="center")
    seeds = range(len(percent))
    ax.set(xlim=(-0.4, len(percent) + 1.1), xticks=seeds, ylim=(45, 100))
    ax.set_title("test accuracy in %", fontsize=10)
    ax.set_xticklabels([f"seed {n}" for n in seeds], fontsize=WORDS)
    ax.tick_params(labelsize=WORDS)


def draw_filters(before: NDArray[Any], after: NDArray[Any]) -> None:
    """Filters (K, 1, R, S) before and after training, a column each: a new figure.

    White is positive, black negative, mid-grey 0; every filter has a scale of its own.
    """
    fig, axes = plt.subplots(2, len(before), figsize=(PAGE, 2.9))
    fig.subplots_adjust(left=0.1, right=0.99, top=0.9, bottom=0.02, hspace=0.1, wspace=0.15)
    for row, planes in zip(axes, (before, after), strict=True):
        for ax, plane in zip(row, planes[:, 0], strict=True):
            reach = np.abs(plane).max()
            ax.imshow(plane, cmap="gray", vmin=-reach, vmax=reach)
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set_visible(True)
    for k, ax in enumerate(axes[0]):
        ax.set_title(f"filter {k}", fontsize=WORDS, color=style.orange)
    for (ax, *_), words in zip(axes, ("start", "trained"), strict=True):
        ax.set_ylabel(words, fontsize=WORDS, rotation=0, ha="right", va="center")


def scrubber(history: History, k: int) -> Scene:
    """draw(fig, step) for `live`: the loss, and filter k with its gradient, during training.

    step: a key of history.snapshots.
    """
    losses, snapshots = history.losses, history.snapshots
    first = snapshots[0].weights["w1"][k, 0]
    (R, S), wide = first.shape, 2 * first.shape[1] + 4.8

    def build(fig: Figure) -> tuple[Any, ...]:
        chart = fig.add_axes((0.08, 0.67, 0.9, 0.26))
        mean = np.convolve(losses, np.ones(MEAN) / MEAN, "valid")
        chart.plot(np.arange(len(mean)) + MEAN / 2, mean, color=style.ink, lw=1.4)
        _scale(chart, (0.02, 0.1, 0.5, 2))
        chart.set_xlabel("step", fontsize=WORDS)
        chart.tick_params(labelsize=WORDS)
        chart.set(xlim=(-0.03 * len(losses), 1.03 * len(losses)),
                  ylim=(0.9 * min(losses), 1.1 * max(losses)))
        chart.set_title(f"loss: line, mean of {MEAN} mini-batches; dot, this one", fontsize=10)
        (dot,) = chart.plot([], [], "o", color=style.purple, ms=9, clip_on=False)
        panel = Board(fig.add_axes((0, 0, 1, 0.56)), wide, R + 1.7)
        grids = {name: panel.grid(first, name, (at, 1.3), label=f"${name}^{{(1)}}[{k}]$",
                                  indices=False, form=_two)
                 for name, at in (("w", 1.2), ("dw", S + 3.6))}
        return dot, grids

    @scene(size=(PAGE, 4.6), build=build)
    def draw(fig: Figure, parts: Any, step: int) -> str:
        dot, grids = parts
        stored, gradient = snapshots[step]
        w, dw = stored["w1"][k, 0], gradient["w1"][k, 0]
        dot.set_data([step], [losses[step]])
        for name, values in (("w", w), ("dw", dw)):
            grids[name].set(np.round(values, 2) + 0.0)  # no -0.00
            for number in grids[name].numbers.values():
                number.set_fontsize(grids[name].board.font(0.66))
        steepest = np.unravel_index(np.abs(dw).argmax(), dw.shape)
        grids["dw"].mark([steepest])
        return (f"Step {step}: the loss of its mini-batch is {losses[step]:.2f}; the gradient of "
                f"filter {k} is largest at [{steepest[0]},{steepest[1]}], {_two(dw[steepest])}.")

    return draw


def _two(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _scale(chart: Axes, marks: Sequence[float] = (0.1, 0.2, 0.5, 1, 2)) -> None:
    """A logarithmic axis for losses, in plain numbers."""
    chart.set(yscale="log", yticks=marks, yticklabels=[f"{mark:g}" for mark in marks])
    chart.minorticks_off()
