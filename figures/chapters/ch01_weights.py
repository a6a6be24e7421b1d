"""Chapter 1: the matrix of a layer, as dense, with shared weights, and with two of them left."""

from collections.abc import Callable

import numpy as np
from matplotlib.patches import Rectangle

from figures.drawing import style
from figures.drawing.board import board

INCHES = 5.0  # so that the names of neighbouring columns stay apart
LEFT, TOP, GAP = 1.5, 2.0, 0.8  # of the first matrix, and between two, in cells


def draw_weights(outputs: int = 3, taps: int = 2) -> None:
    """V[p, i] three times: no two entries alike, alike along diagonals, taps near p: a new figure.

    V[p, i] is weight i - p where weights are shared; a dot is a 0.
    """
    inputs = outputs + taps - 1
    panels: tuple[tuple[str, Callable[[int, int], bool]], ...] = (
        ("dense", lambda *_: True), ("shared", lambda *_: True),
        ("shared, local", lambda p, i: 0 <= i - p < taps))
    sheet = board(LEFT + 3 * inputs + 2 * GAP + 0.2, TOP + outputs + 1.1, inches=INCHES)
    for n, (name, has) in enumerate(panels):
        left, seen = LEFT + n * (inputs + GAP), set()
        for p, i in np.ndindex(outputs, inputs):
            weight = f"V_{{{p}{i}}}" if name == "dense" else f"w_{{{i - p}}}"
            at, inside = (left + i, TOP + p), has(p, i)
            alike = 0.08 if name == "dense" else 0.14 + 0.18 * ((i - p) % 2)
            sheet.ax.add_patch(Rectangle(at, 1, 1, ec=style.faint, lw=0.7, zorder=2,
                                         fc=style.tint(style.orange, alike if inside else 0)))
            sheet.text(at[0] + 0.5, at[1] + 0.5, f"${weight}$" if inside else "·",
                       color=style.ink if inside else style.muted)
            seen |= {weight} if inside else set()
        for i in range(inputs):
            sheet.text(left + i + 0.5, TOP - 0.4, f"x[{i}]", color=style.blue, size=0.8)
        middle = left + inputs / 2
        sheet.text(middle, 0.6, name, fontweight="bold")
        sheet.text(middle, TOP + outputs + 0.6, f"{len(seen)} weights", color=style.orange)
    for p in range(outputs):
        sheet.text(LEFT - 0.3, TOP + p + 0.5, f"y[{p}]", color=style.green, ha="right", size=0.8)
