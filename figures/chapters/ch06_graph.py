"""Computational graphs: the paths from one tap to the loss, and a whole pass there and back."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Patch
from matplotlib.text import Text
from numpy.typing import ArrayLike

from convlib import conv2d, conv2d_backward
from convlib.activations import sigmoid, sigmoid_backward
from convlib.losses import squared_error, squared_error_backward
from figures.drawing import style
from figures.drawing.board import Board, board
from figures.drawing.tables import index
from figures.widgets.live import kept
from figures.widgets.scene import Scene, scene

STEP = 2.15  # from one output to the next, in cells


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
    wide, tall = 19.9 + max(4.7, x.shape[1] + 1), 1.9 + STEP * max(rows, 4) + 1.7
    heights = {k: [1.9 + STEP * (n + (rows - len(k)) / 2) for n in range(len(k))]
               for k in (tuple(outs), tuple(taps))}
    ends, starts = heights[tuple(outs)], heights[tuple(taps)]
    goal = 1.9 + STEP

    def build(fig: Figure) -> tuple[Any, ...]:
        sheet = board(wide, tall, fig)
        grid = sheet.grid(x, "x", (20.2, goal + 3.1))
        _node(sheet, 21.9, goal, f"L = {squared_error(a, t):.3f}", style.ink)
        nodes = {tap: _node(sheet, 2.2, height, f"w{index(tap)} = {w[tap]:g}", style.orange)
                 for tap, height in zip(taps, starts, strict=True)}
        edges = {}
        for n, (p, height) in enumerate(zip(outs, ends, strict=True)):
            for tap, start in zip(taps, starts, strict=True):
                edges[tap, n] = sheet.arrow((4.0, start), (8.0, height), color=style.faint)
            _node(sheet, 9.8, height, f"y{index(p)} = {y[p]:.2f}", style.green)
            _node(sheet, 15.6, height, f"a{index(p)} = {a[p]:.3f}", style.green)
            sheet.text(15.6, height + 0.83, f"wanted: t{index(p)} = {t[p]:g}", size=0.66,
                       color=style.muted)
            sheet.arrow((11.6, height), (13.8, height), color=style.purple, width=2)
            sheet.text(12.65, height - 0.38, f"× {slope[p]:.3f}", size=0.78, color=style.purple)
            end = 20.15, goal + 0.24 * (n - (len(outs) - 1) / 2)
            sheet.arrow((17.4, height), end, color=style.purple, width=2)
            _label(sheet, 18.5, height + (end[1] - height) * 0.38, f"× {price[p]:.3f}",
                   style.purple)
        for at, words in ((6.2, "a cell of x"), (12.65, "a(1 − a)"), (18.5, "2(a − t)")):
            sheet.text(at, 0.6, words, size=0.82, color=style.muted)
        marks = [_label(sheet, 6.5, 0, "", style.blue) for _ in outs]
        lines = [sheet.text(0.5, tall - 1.5 + 0.9 * n, "", ha="left", size=0.88,
                            color=style.purple, fontweight="bold") for n in (0, 1)]
        return grid, nodes, edges, marks, lines

    @scene(size=(9.8, 9.8 * tall / wide), taps=[f"w{index(tap)}" for tap in taps])
    def draw(fig: Figure, tap: str) -> str:
        grid, nodes, edges, marks, lines = kept(fig, build)
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
            mark.set_text(f"× {x[cell]:g}")
            mark.set_position((6.9, height + 0.27 * (start - height)))
        parts = [price[p] * slope[p] * x[cell] for p, cell in zip(outs, read, strict=True)]
        chains = " + ".join(f"({price[p]:.3f}·{slope[p]:.3f}·{x[cell]:g})"
                            for p, cell in zip(outs, read, strict=True))
        sums = f"d{tap} = " + " + ".join(f"({part:.3f})" for part in parts)
        lines[0].set_text(f"d{tap} = {chains}")
        lines[1].set_text(f"{sums} = {sum(parts):.4f}")
        return f"{len(outs)} paths lead from {tap} to L. {sums} = {sum(parts):.4f}"

    return draw


def draw_pass(x: ArrayLike, w: ArrayLike, b: float, t: ArrayLike) -> None:
    """One pass in numbers, values above, their gradients below: a new figure."""
    x, w, t = (np.asarray(v) for v in (x, w, t))
    y = conv2d(x, w, b)
    a = sigmoid(y)
    da = squared_error_backward(a, t)
    dy = sigmoid_backward(da, y)
    dx, dw, db = conv2d_backward(dy, x, w)
    columns = [("x", x, dx, "⋆", ""), ("w", w, dw, "+ b", "windows"), ("y", y, dy, "σ", "a(1 − a)"),
               ("a", a, da, "−", "2(a − t)"), ("t", t, None, "", "")]
    rows, gap = max(len(x), len(w), len(y)), 2.2
    sheet = board(sum(c[1].shape[1] + gap for c in columns) + 0.4, 2 * rows + 6.2)
    left, below = 0.9, rows + 4.1
    high, low = 2.2 + rows / 2, below + rows / 2
    for name, value, price, sign, back in columns:
        start, left = left, left + value.shape[1] + gap
        drop = (rows - len(value)) / 2
        sheet.grid(value, name, (start, 1.5 + drop), form=_two)
        if price is not None:
            sheet.grid(price, f"d{name}", (start, below + drop), form=_two)
            sheet.text(left - 1.2, high - 0.75, sign, size=2 if sign == "⋆" else 1.1)
            sheet.arrow((left - 1.85, high), (left - 0.5, high), color=style.ink, width=2)
        if back:
            sheet.text(left - 1.2, low - 0.55, back, size=0.72, color=style.purple)
            sheet.arrow((left - 0.5, low), (left - 1.85, low), color=style.purple, dashed=True)
    end = start + t.shape[1] / 2  # L stands below t: forward runs down to it, backward sets out
    sheet.arrow((end, 1.7 + (rows + len(t)) / 2), (end, low - 0.55), color=style.ink, width=2)
    sheet.text(end + 0.2, below - 0.75, "squares,\nadded", size=0.72, color=style.muted, ha="left")
    sheet.text(end, low, f"L = {squared_error(a, t):.4f}", fontweight="bold")
    to_w, to_y = 0.9 + x.shape[1] + gap, 0.9 + x.shape[1] + w.shape[1] + 2 * gap
    sheet.text(to_w + w.shape[1] / 2, below + rows + 0.6, f"b = {b:g}    db = {db:.4f}", size=0.9,
               color=style.purple, fontweight="bold")
    sheet.arrow((to_y - 0.2, below - 0.7), (to_w - gap + 0.1, below - 0.7), color=style.purple,
                dashed=True, bend=0.22)
    sheet.text(to_w + w.shape[1] / 2 - 0.6, below - 1.95, "flipped w", size=0.72,
               color=style.purple)


def _two(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _node(sheet: Board, x: float, y: float, words: str, hue: str) -> tuple[Patch, Text]:
    box = sheet.ax.add_patch(FancyBboxPatch((x - 1.65, y - 0.42), 3.3, 0.84,
                                            boxstyle="round,pad=0.08", edgecolor=hue,
                                            facecolor=style.tint(hue, 0.12), lw=1.3, zorder=3))
    return box, sheet.text(x, y, words, size=0.85, color=hue, fontweight="bold", zorder=5)


def _label(sheet: Board, x: float, y: float, words: str, hue: str) -> Text:
    return sheet.text(x, y, words, size=0.78, color=hue, zorder=6,
                      bbox={"facecolor": style.paper, "edgecolor": "none", "pad": 1.2})
