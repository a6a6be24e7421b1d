"""The backward pass through the graph of a one-layer net, one factor lit at each step."""

from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Patch
from matplotlib.text import Text
from numpy.typing import ArrayLike, NDArray

from convlib import conv2d, conv2d_backward, linear, linear_backward, relu, relu_backward, softmax
from figures.chapters.ch09_panels import PANELS
from figures.drawing import style
from figures.drawing.board import Board
from figures.widgets.scene import Scene, scene

CHAIN = {"x": 1.7, "y1": 6.0, "a": 10.3, "y2": 14.6, "L": 18.9}
ABOVE = {"w1": (4.6, "y1"), "b1": (7.4, "y1"), "w2": (13.2, "y2"), "b2": (16.0, "y2"),
         "t": (18.9, "L")}
SIGNS = {"x": "⋆", "y1": "ReLU", "a": "dense", "y2": "loss"}
MATH = {"x": "$x$", "y1": "$y^{(1)}$", "a": "$a$", "y2": "$y^{(2)}$", "L": "$L$",
        "w1": "$w^{(1)}$", "b1": "$b^{(1)}$", "w2": "$w^{(2)}$", "b2": "$b^{(2)}$", "t": "$t$"}
BACK = [  # the stops of the slider: name, where from, and the factor on the way to each
    ("loss", "L", {}),
    ("scores", "L", {"y2": r"$\hat t-t$"}),
    ("dense_weights", "y2", {"w2": r"$\mathrm{vec}(a)$", "b2": "1"}),
    ("activations", "y2", {"a": "$w^{(2)}$"}),
    ("maps", "a", {"y1": "mask"}),
    ("filters", "y1", {"w1": "windows", "b1": "sum"}),
    ("image", "y1", {"x": "flipped $w^{(1)}$"}),
]
PAGE, WIDTH = 6.88, 20.6  # inches; cells, so that type of size 0.95 is 11 pixels on the page
LINE, TOP = 5.2, 1.5  # heights of the chain and of the weights


def backward_scene(x: ArrayLike, t: ArrayLike, w1: NDArray[Any], b1: NDArray[Any],
                   w2: NDArray[Any], b2: NDArray[Any]) -> Scene:
    """draw(fig, step) for `live`: the graph of a one-layer net, and each backward factor.

    x (H, W), t (M,), w1 (K, 1, R, S), b1 (K,), w2 (M, K P Q), b2 (M,). draw.stops names the steps.
    """
    x, t = np.asarray(x), np.asarray(t)
    y1 = conv2d(x[None], w1, b1)
    a = relu(y1)
    y2 = linear(a.ravel(), w2, b2)
    p = softmax(y2)
    dy2 = p - t
    da, dw2, db2 = linear_backward(dy2, a.ravel(), w2)
    dy1 = relu_backward(da.reshape(a.shape), y1)
    dx, dw1, db1 = conv2d_backward(dy1, x[None], w1)
    v = {"x": x, "y1": y1, "a": a, "y2": y2, "p": p, "t": t, "L": -np.log(t @ p), "w1": w1,
         "b1": b1, "w2": w2, "b2": b2, "dy2": dy2, "dw2": dw2, "db2": db2, "dy1": dy1,
         "da": da.reshape(a.shape), "dw1": dw1, "db1": db1, "dx": dx[0]}

    def build(fig: Figure) -> tuple[Any, ...]:
        graph = Board(fig.add_axes((0, 0.45, 1, 0.55)), WIDTH, 8.4)
        nodes = {name: _node(graph, name, v[name], at, LINE) for name, at in CHAIN.items()}
        nodes |= {name: _node(graph, name, v[name], at, TOP) for name, (at, _) in ABOVE.items()}
        for start, end in pairwise(CHAIN):
            graph.arrow((CHAIN[start] + 1.5, LINE), (CHAIN[end] - 1.5, LINE), color=style.ink)
            graph.text((CHAIN[start] + CHAIN[end]) / 2, LINE - 0.5, SIGNS[start],
                       size=1.6 if start == "x" else 0.9)
        for at, end in ABOVE.values():
            graph.arrow((at, TOP + 1.15), ((at + 2 * CHAIN[end]) / 3, LINE - 0.85), color=style.ink)
        edges = {(start, end): _way_back(graph, start, end, words)
                 for _, start, ends in BACK for end, words in ends.items()}
        return nodes, edges, {}  # a panel of numbers is drawn when its step is first seen

    @scene(size=(PAGE, 5.1), build=build, values=v,
           stops={name: n for n, (name, _, _) in enumerate(BACK)})
    def draw(fig: Figure, parts: Any, step: int) -> str:
        nodes, edges, panels = parts
        now = {(BACK[step][1], end) for end in BACK[step][2]}
        before = {(start, end) for _, start, ends in BACK[:step] for end in ends}
        for edge, (arrow, words) in edges.items():
            lit, known = edge in now, edge in before
            hue = style.purple if lit or known else style.faint
            arrow.set(color=hue, linewidth=3 if lit else 1.2)
            words.set(color=style.muted if hue == style.faint else hue,
                      fontweight="bold" if lit else "normal")
            words.get_bbox_patch().set(edgecolor=hue if lit else "none",
                                       facecolor=style.tint(style.purple, 0.15 * lit))
        reached = {end for _, end in now} or {"L"}
        for name, box in nodes.items():
            box.set_linewidth(3 if name in reached else 1.2)
        if step not in panels:
            panels[step] = Board(fig.add_axes((0, 0, 1, 0.44)), 22, 6.4)
            PANELS[step](panels[step], v)
        for n, panel in panels.items():
            panel.ax.set_visible(n == step)
        return _caption(step, v)

    return draw


def _caption(step: int, v: dict[str, Any]) -> str:
    rounded = {name: (np.round(a, 3) + 0).tolist() for name, a in v.items()}  # no -0.0
    active = int((v["y1"] > 0).sum())
    return [
        f"Forward: scores {rounded['y2']}, loss L = -log {v['t'] @ v['p']:.3f} = {v['L']:.3f}.",
        f"To the scores: dy⁽²⁾ = t̂ - t = {rounded['dy2']}; its sum is "
        f"{abs(v['dy2'].sum()):.0f}.",
        f"To the dense weights: dw⁽²⁾ has one product for each of the {v['w2'].size}; "
        "db⁽²⁾ is dy⁽²⁾ itself.",
        f"To the activations: dy⁽²⁾ w⁽²⁾, {v['da'].size} sums of {v['t'].size} products.",
        f"To the maps: {active} cells are active and let the gradient pass, "
        f"{v['y1'].size - active} are inactive.",
        f"To the filters: dw⁽¹⁾[k] = x ⋆ dy⁽¹⁾[k], and db⁽¹⁾ = {rounded['db1']}.",
        "To the image: a sum over the filters. No weight needs it here, so training skips it.",
    ][step].replace("-", "−")


def _node(sheet: Board, name: str, value: Any, x: float, y: float) -> Patch:
    hue = style.muted if name == "L" else style.colour(name)
    shape = np.shape(value)
    for n in range(shape[0] if len(shape) > 2 else 1, 0, -1):  # a card for each map or filter
        at = x - 1.15 + 0.14 * (n - 1), y - 0.65 - 0.14 * (n - 1)
        box = sheet.ax.add_patch(FancyBboxPatch(at, 2.3, 1.3, boxstyle="round,pad=0.06",
                                                fc=style.tint(hue, 0.13), ec=hue, zorder=3))
    sheet.text(x, y - 0.22, MATH[name], size=1.25, color=hue, zorder=5)
    words = ("×" if len(shape) > 3 else " × ").join(map(str, shape)) or f"{float(value):.3f}"
    sheet.text(x, y + 0.38, words, size=0.85, color=style.muted, zorder=5)
    return box


def _way_back(sheet: Board, start: str, end: str, words: str) -> tuple[Patch, Text]:
    """A dashed arrow against the forward one, with its factor on a label."""
    if end in CHAIN:
        a, b = (CHAIN[start] - 0.3, LINE + 0.8), (CHAIN[end] + 0.3, LINE + 0.8)
        label, bend = ((a[0] + b[0]) / 2, LINE + 2.15), -0.42
    else:
        side = -1 if end[0] == "w" else 1
        a, b = (CHAIN[start] + 0.95 * side, LINE - 0.8), (ABOVE[end][0] + 0.5 * side, TOP + 0.8)
        label, bend = (ABOVE[end][0] + 0.85 * side, (TOP + LINE) / 2 - 0.05), 0
    arrow = sheet.arrow(a, b, color=style.purple, bend=bend, dashed=True)
    return arrow, sheet.text(*label, words, size=0.95, zorder=7, bbox={
        "facecolor": style.paper, "edgecolor": "none", "boxstyle": "round,pad=0.25"})
