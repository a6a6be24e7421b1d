"""The network of chapter 6 as a graph: the paths from one tap to the loss."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Patch
from matplotlib.text import Text
from numpy.typing import ArrayLike

from convlib import conv2d
from convlib.activations import sigmoid, sigmoid_backward
from convlib.losses import squared_error, squared_error_backward
from figures.drawing import style
from figures.drawing.board import Board, board
from figures.drawing.tables import index
from figures.widgets.scene import Scene, scene

WIDTH, PAGE = 21.6, 6.88  # cells and inches: drawn as wide as the page, never shrunk
STEP = 2.15  # from one output to the next, in cells
TAP, OUT, ACT, END = 1.9, 8.4, 14.0, 20.0  # the middles of the four columns of nodes


def tap_paths(x: ArrayLike, w: ArrayLike, t: ArrayLike) -> Scene:
    """draw(fig, tap) for `live`: every path from a tap such as "w[0,1]" through y and a to L.

    The layer is y = x ⋆ w, a = sigmoid(y), L = sum (a - t)^2. A path is a chain of three slopes.
    """
    x, w, t = (np.asarray(v) for v in (x, w, t))
    y = conv2d(x, w)
    a = sigmoid(y)
    price, slope = squared_error_backward(a, t), sigmoid_backward(np.ones(y.shape), y)
    outs, taps = list(np.ndindex(y.shape)), list(np.ndindex(w.shape))
    rows = max(len(outs), len(taps))
    ends, starts = (_heights(len(nodes), rows) for nodes in (outs, taps))
    low, goal = 2.1 + STEP * (rows - 1), 1.9 + STEP
    tall = low + max(4.0, len(x) + 1.6)

    def build(fig: Figure) -> tuple[Any, ...]:
        sheet = board(WIDTH, tall, fig)
        grid = sheet.grid(x, "x", (WIDTH - 0.8 - x.shape[1], low + 1.1), form=style.minus,
                          indices=False)
        _node(sheet, END, goal, f"L = {squared_error(a, t):.3f}", style.ink, 2.8)
        nodes = {tap: _node(sheet, TAP, height, style.minus(f"w{index(tap)} = {w[tap]:g}"),
                            style.orange)
                 for tap, height in zip(taps, starts, strict=True)}
        edges = {}
        for n, (p, height) in enumerate(zip(outs, ends, strict=True)):
            for tap, start in zip(taps, starts, strict=True):
                edges[tap, n] = sheet.arrow((TAP + 1.75, start), (OUT - 1.85, height),
                                            color=style.faint)
            _node(sheet, OUT, height, style.minus(f"y{index(p)} = {y[p]:.2f}"), style.green, 3.5)
            _node(sheet, ACT, height, f"a{index(p)} = {a[p]:.3f}", style.green, 3.5)
            sheet.text(ACT, height + 0.85, style.minus(f"target t{index(p)} = {t[p]:g}"), size=0.85,
                       color=style.muted)
            sheet.arrow((OUT + 1.85, height), (ACT - 1.85, height), color=style.purple, width=2)
            sheet.text((OUT + ACT) / 2, height - 0.45, f"× {slope[p]:.3f}", size=0.9,
                       color=style.purple)
            end = END - 1.5, goal + 0.24 * (n - (len(outs) - 1) / 2)
            sheet.arrow((ACT + 1.85, height), end, color=style.purple, width=2)
            _label(sheet, 17.1, height + (end[1] - height) * 0.48, style.minus(f"× {price[p]:.3f}"),
                   style.purple)
        for at, words in ((5.15, "pixel of x"), (11.2, "a(1 − a)"), (17.1, "2(a − t)")):
            sheet.text(at, 0.6, words, size=0.95, color=style.muted)
        marks = [_label(sheet, 5.4, 0, "", style.blue) for _ in outs]
        lines = [sheet.text(0.3, low + 2.1 + 1.05 * n, "", ha="left", size=0.93,
                            color=style.purple, fontweight="bold") for n in (0, 1)]
        return grid, nodes, edges, marks, lines

    @scene(size=(PAGE, PAGE * tall / WIDTH), build=build, taps=[f"w{index(tap)}" for tap in taps])
    def draw(fig: Figure, parts: Any, tap: str) -> str:
        grid, nodes, edges, marks, lines = parts
        r, s = (int(n) for n in tap[2:-1].split(","))
        read = [(p + r, q + s) for p, q in outs]  # i = p + r, j = q + s
        grid.mark(read)
        start = starts[taps.index((r, s))]
        for other, (box, _) in nodes.items():
            box.set(linewidth=3 if other == (r, s) else 1.2,
                    facecolor=style.tint(style.orange, 0.34 if other == (r, s) else 0.06))
        for (other, _n), edge in edges.items():
            lit = other == (r, s)
            edge.set(color=style.orange if lit else style.tint(style.faint, 0.6),
                     linewidth=2.4 if lit else 1, zorder=4 if lit else 2)
        for mark, cell, height in zip(marks, read, ends, strict=True):
            mark.set_text(style.minus(f"× {x[cell]:g}"))
            mark.set_position((5.4, height + 0.37 * (start - height)))
        parts = [price[p] * slope[p] * x[cell] for p, cell in zip(outs, read, strict=True)]
        chains = " + ".join(f"({price[p]:.3f}·{slope[p]:.3f}·{x[cell]:g})"
                            for p, cell in zip(outs, read, strict=True))
        sums = f"d{tap} = " + " + ".join(f"({part:.3f})" for part in parts)
        lines[0].set_text(style.minus(f"d{tap} = {chains}"))
        lines[1].set_text(style.minus(f"{sums} = {sum(parts):.4f}"))
        return f"{len(outs)} paths lead from {tap} to L. {sums} = {sum(parts):.4f}."

    return draw


def _heights(count: int, rows: int) -> list[float]:
    return [1.9 + STEP * (n + (rows - count) / 2) for n in range(count)]


def _node(sheet: Board, x: float, y: float, words: str, hue: str,
          wide: float = 3.3) -> tuple[Patch, Text]:
    box = sheet.ax.add_patch(FancyBboxPatch((x - wide / 2, y - 0.42), wide, 0.84,
                                            boxstyle="round,pad=0.08", edgecolor=hue,
                                            facecolor=style.tint(hue, 0.12), lw=1.3, zorder=3))
    return box, sheet.text(x, y, words, size=0.9, color=hue, fontweight="bold", zorder=5)


def _label(sheet: Board, x: float, y: float, words: str, hue: str) -> Text:
    return sheet.text(x, y, words, size=0.9, color=hue, zorder=6,
                      bbox={"facecolor": style.paper, "edgecolor": "none", "pad": 1.2})
