"""The network of chapter 6 in numbers: values to the right, gradients back to the left."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import ArrayLike

from convlib import conv2d, conv2d_backward
from convlib.activations import sigmoid, sigmoid_backward
from convlib.losses import squared_error, squared_error_backward
from figures.chapters.ch06_graph import PAGE
from figures.drawing import style
from figures.drawing.board import Board
from figures.drawing.grids import Grid, Point

GAP = 2.3  # between the grids of the chain, in cells


def draw_pass(x: ArrayLike, w: ArrayLike, b: float, t: ArrayLike, *, back: bool = True) -> None:
    """The graph of L = sum (sigmoid(x ⋆ w + b) - t)^2 with its numbers: a new figure.

    w, b and t enter from above. With `back` each gradient is below its array, at the end of a
    dashed arrow.
    """
    x, w, t = (np.asarray(v) for v in (x, w, t))
    y = conv2d(x, w, b)
    a = sigmoid(y)
    da = squared_error_backward(a, t)
    dy = sigmoid_backward(da, y)
    dx, dw, db = conv2d_backward(dy, x, w)
    R, S, H, W, Q = *w.shape, *x.shape, y.shape[1]
    columns = {"x": 0.4, "y": 0.4 + W + GAP, "a": 0.4 + W + Q + 2 * GAP}
    end = columns["a"] + Q + 2.7  # the middle of L
    wide, line = end + 1.5, R + 3.0 + H / 2  # the middle of the chain
    low = line + H + 1.2  # and of the gradients under it
    tall = low + H / 2 + R + 2.3 if back else line + H / 2 + 0.3
    sheet = Board(plt.figure(figsize=(PAGE, PAGE * tall / wide)).add_axes((0, 0, 1, 1)), wide, tall)
    over = columns["y"] - GAP / 2 - S / 2 - 0.2  # w and dw are above and below the arrow into y
    for name, value in (("x", x), ("y", y), ("a", a)):
        _grid(sheet, value, name, (columns[name], line - len(value) / 2))
    _grid(sheet, w, "w", (over, 1.1))
    _grid(sheet, t, "t", (end - Q / 2, 1.1))
    sheet.text(columns["y"] + Q / 2 + 0.5, R / 2 + 1.1, style.minus(f"b = {b:g}"),
               color=style.orange, fontweight="bold")
    sheet.text(end, line, f"L = {squared_error(a, t):.4f}", fontweight="bold")
    for left, right, words in ((columns["x"] + W, columns["y"], "⋆"),
                               (columns["y"] + Q, columns["a"], "σ"),
                               (columns["a"] + Q, end - 1.5, "")):
        sheet.arrow((left + 0.2, line), (right - 0.2, line), color=style.ink, width=2)
        sheet.text((left + right) / 2, line - 0.65, words, size=2.2 if words == "⋆" else 1.2)
    for start, stop in (((over + S / 2 + 0.5, R + 1.3), (columns["y"] - 0.1, line - 1.2)),
                        ((columns["y"] + Q / 2 + 0.5, R / 2 + 1.6),
                         (columns["y"] + Q / 2 + 0.2, line - len(y) / 2 - 0.9)),
                        ((end, len(t) + 1.3), (end, line - 0.6))):
        sheet.arrow(start, stop, color=style.ink, width=2)
    sheet.text(end - 0.2, line - 1.3, "squared error", ha="right", size=0.8, color=style.muted)
    if not back:
        return
    for name, value in (("x", dx), ("y", dy), ("a", da)):
        _grid(sheet, value, f"d{name}", (columns[name], low - len(value) / 2))
    bottom = low + H / 2 + 1.5
    _grid(sheet, dw, "dw", (over, bottom))
    sheet.text(columns["y"] + Q / 2 + 0.8, bottom + R / 2, style.minus(f"db = {db:.4f}"),
               color=style.purple, fontweight="bold")
    for start, stop, words, at in (
            ((end, line + 0.6), (columns["a"] + Q + 0.3, low), "2(a − t)", (end - 0.1, low - 0.6)),
            ((columns["a"] - 0.2, low), (columns["y"] + Q + 0.2, low), "a(1 − a)",
             (columns["a"] - GAP / 2, low - 0.5)),
            ((columns["y"] - 0.2, low), (columns["x"] + W + 0.2, low), "flipped w",
             (columns["y"] - GAP / 2, low - 0.5)),
            ((columns["y"] + 0.1, low + len(y) / 2 + 0.2), (over + S + 0.2, bottom + 0.3),
             "windows of x", (over - 0.3, bottom + R / 2)),
            ((columns["y"] + Q / 2 + 0.2, low + len(y) / 2 + 0.2),
             (columns["y"] + Q / 2 + 0.8, bottom + R / 2 - 0.5), "sum",
             (columns["y"] + Q / 2 + 1.4, bottom - 0.1))):
        sheet.arrow(start, stop, color=style.purple, width=1.6, dashed=True)
        sheet.text(*at, words, size=0.8, color=style.purple,
                   ha="right" if words.startswith("windows") else "center")


def _grid(sheet: Board, values: Any, name: str, at: Point) -> Grid:
    grid = sheet.grid(values, name, at, indices=False,
                      form=lambda v: style.minus(f"{v:.2f}" if isinstance(v, float) else v))
    for number in grid.numbers.values():  # one size for all: −1.25 as large as 2.75
        number.set_fontsize(sheet.font(0.72))
    return grid
