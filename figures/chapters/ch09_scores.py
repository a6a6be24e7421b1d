"""Chapter 9's first link: four scores, their probabilities, and the gradient that they get."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.text import Text
from numpy.typing import ArrayLike

from convlib import softmax
from convlib.losses import softmax_cross_entropy, softmax_cross_entropy_backward
from figures.drawing import style
from figures.widgets.scene import Scene, scene

PAGE = 6.88  # inches
SMALL = 8.0  # points: 11 pixels on the page


def pushing(y: ArrayLike, c: int, values: range = range(-4, 9)) -> Scene:
    """draw(fig, score, value) for `live`: softmax and dy when one of the scores y is moved.

    c is the correct class; score is a word such as "y[2]", the other scores keep their values.
    """
    y = np.asarray(y)
    names = [f"y[{k}]" for k in range(len(y))]

    def build(fig: Figure) -> list[tuple[Axes, BarContainer, list[Text]]]:
        rows = [(r"scores $y$: click one", style.green, (values[0], values[-1])),
                (r"probabilities $\hat t$", style.green, (0, 1)),
                (r"gradient $dy = \hat t - t$", style.purple, (-1, 1))]
        panels = []
        for n, (title, hue, (low, high)) in enumerate(rows):
            ax = fig.add_axes((0.05 + 0.325 * n, 0.13, 0.28, 0.69))
            room = 0.13 * (high - low)
            ax.set(xlim=(-0.6, len(y) - 0.4), ylim=(low - room * (low < 0), high + room),
                   xticks=range(len(y)), yticks=[low, 0, high] if low else [0, 0.5, 1])
            ax.tick_params(labelsize=SMALL, length=0)
            ax.set_xticklabels([f"{k} ✓" if k == c else f"class {k}" if k == 0 else str(k)
                                for k in range(len(y))], fontsize=SMALL)
            ax.set_title(title, fontsize=9.5, color=hue, pad=7)
            ax.axhline(0, color=style.muted, lw=0.8)
            bars = ax.bar(range(len(y)), np.zeros(len(y)), width=0.62, ec=hue, lw=1.4)
            texts = [ax.text(k, 0, "", ha="center", fontsize=SMALL) for k in range(len(y))]
            panels.append((ax, bars, texts))
        target = np.arange(len(y)) == c
        panels[1][0].bar(range(len(y)), target, width=0.82, fill=False, ec=style.ink, lw=1.2,
                         ls=(0, (3, 2)))
        panels[1][0].text(c + 0.45, 0.93, "$t$", fontsize=9.5)
        return panels

    @scene(size=(PAGE, 2.5), build=build, scores=names)
    def draw(fig: Any, parts: Any, score: str, value: int) -> str:
        panels, moved = parts, names.index(score)
        now = np.where(np.arange(len(y)) == moved, value, y)
        p, dy = softmax(now), softmax_cross_entropy_backward(now, c)
        for (ax, bars, texts), heights, form in zip(
                panels, (now, p, dy), ("{:d}", "{:.3f}", "{:+.3f}"), strict=True):
            reach = np.ptp(ax.get_ylim())
            for k, (bar, text, height) in enumerate(zip(bars, texts, heights, strict=True)):
                bar.set(height=height, facecolor=style.tint(
                    bar.get_edgecolor(), 0.45 if ax is panels[0][0] and k == moved else 0.15))
                text.set(text=form.format(height).replace("-", "−"),
                         y=height + 0.02 * reach * (1 if height >= 0 else -1),
                         va="bottom" if height >= 0 else "top")
        fig.click = (panels[0][0], "score", "value")
        loss = softmax_cross_entropy(now, c)
        return (f"Scores {now.tolist()}: the correct class {c} has probability {p[c]:.3f}, so "
                f"L = {loss:.3f}. dy = {dy.round(3).tolist()}, with sum 0.").replace("-", "−")

    return draw
