"""Depth along one axis: every path from a cell to the loss, and what cuts it."""

from typing import NamedTuple

import numpy as np
from matplotlib.patches import Rectangle

from convlib import avg_pool2d, conv1d, kernel_map, max_pool2d, relu
from figures.drawing import style
from figures.drawing.grids import CELL, board
from figures.widgets.live import kept

WIDE, TALL = 2.0, 2.6  # from cell to cell and from row to row, in cells of the board
FIRST = 2.0  # the top of the row x


class Edge(NamedTuple):
    """A cell of one row feeds a cell of the next one by a factor, unless the edge is cut."""

    start: int
    end: int
    factor: float
    open: bool = True
    told: bool = True  # whether the factor is written down: a ReLU's 1 is not


def net(x, w1, w2, pool=1, mode="no ReLU"):
    """The rows of a small net and, between them, its edges: x ⋆ w1, ReLU, pooling, ⋆ w2."""
    y1, linear = conv1d(x, w1), "no ReLU" in mode
    a = y1 if linear else relu(y1)
    rows = {"x": x, "y⁽¹⁾": y1, "a": a}
    steps = [_taps(x, w1),
             [Edge(p, p, 1, linear or y1[p] > 0, told=False) for p in range(len(a))]]
    if pool > 1:
        mean = "mean" in mode
        rows["a, pooled"] = (avg_pool2d if mean else max_pool2d)(a[None], (1, pool))[0]
        windows = [range(m * pool, (m + 1) * pool) for m in range(len(rows["a, pooled"]))]
        winner = [max(cells, key=lambda p: (a[p], -p)) for cells in windows]  # a tie: the first
        steps.append([Edge(p, m, 1 / pool if mean else 1, mean or p == winner[m], mean)
                      for m, cells in enumerate(windows) for p in cells])
    last = list(rows.values())[-1]
    return rows | {"y⁽²⁾": conv1d(last, w2)}, steps + [_taps(last, w2)]


def paths(steps, cell):
    """All chains of edges from a cell of the first row to the last one."""
    if not steps:
        return [()]
    return [(edge, *rest) for edge in steps[0] if edge.start == cell
            for rest in paths(steps[1:], edge.end)]


def price(path, dy):
    """What a path pays: the price at its end times all factors on the way, 0 if it is cut."""
    return dy[path[-1].end] * np.prod([e.factor if e.open else 0 for e in path])


def cone_scene(x, w1, w2, dy, pool=1):
    """draw(fig, pixel, between) for `live`: the paths from x[pixel] to L = sum dy·y⁽²⁾.

    between: one of draw.modes; cut paths are dashed. A click on a cell of x chooses the pixel.
    """
    x, w1, w2, dy = map(np.asarray, (x, w1, w2, dy))
    modes = ["no ReLU", "ReLU"] if pool == 1 else [
        "no ReLU, mean", "ReLU, mean", "no ReLU, maximum", "ReLU, maximum"]
    nets = {mode: net(x, w1, w2, pool, mode) for mode in modes}
    rows, steps = nets[modes[0]]
    places = [3.6 + WIDE * np.arange(len(x))]
    for step in steps:  # a cell stands over the middle of what it reads
        places.append([np.mean([places[-1][e.start] for e in step if e.end == m])
                       for m in range(1 + max(e.end for e in step))])
    wide = max(float(places[0][-1]) + 1.6, 12)
    tall = FIRST + TALL * len(steps) + 3.6

    def build(fig):
        sheet = board(wide, tall, fig)
        prices = _Row(sheet, "dx", places[0], 0.5)
        drawn = [_Row(sheet, name, at, FIRST + TALL * n)
                 for n, (name, at) in enumerate(zip(rows, places, strict=True))]
        for at, d in zip(places[-1], dy, strict=True):
            sheet.text(at, tall - 2.2, f"dy = {d}", size=0.8, color=style.purple)
        edges = {}
        for n, step in enumerate(steps):
            top = FIRST + TALL * n
            for e in step:
                ends = (places[n][e.start], top + 1.05), (places[n + 1][e.end], top + TALL - 0.05)
                (line,) = sheet.ax.plot(*zip(*ends, strict=True))
                middle = np.mean(ends, axis=0)
                edges[n, e.start, e.end] = line, sheet.text(
                    *middle, "", size=0.72, zorder=6,
                    bbox={"facecolor": style.paper, "edgecolor": "none", "pad": 0.6})
        words = sheet.text(0.4, tall - 0.8, "", ha="left", size=0.85, color=style.purple,
                           fontweight="bold")
        return prices, drawn, edges, words

    def draw(fig, pixel, between):
        prices, drawn, edges, words = kept(fig, build)
        rows, steps = nets[between]
        found = paths(steps, pixel)
        live = [path for path in found if all(e.open for e in path)]
        dx = [sum(price(path, dy) for path in paths(steps, i)) for i in range(len(x))]
        prices.set(dx, {pixel})
        for n, (row, values) in enumerate(zip(drawn, rows.values(), strict=True)):
            row.set(values, *({path[n].start if n < len(path) else path[-1].end for path in some}
                              | ({pixel} if n == 0 else set()) for some in (live, found)))
        for n, step in enumerate(steps):
            for e in step:
                on, reached = (any(path[n] == e for path in some) for some in (live, found))
                _light(*edges[n, e.start, e.end], e, on, reached)
        terms = [" · ".join([f"{e.factor:g}" for e in path if e.told]
                            + [f"{dy[path[-1].end]}"]) for path in live]
        total = " = ".join([f"dx[{pixel}]", *([" + ".join(terms)] if terms else []),
                            f"{dx[pixel]:g}"])
        words.set_text(total)
        fig.click = (drawn[0].click_axes(fig), "pixel", None)
        return (f"{between}: {len(found)} paths lead from x[{pixel}] to L, "
                f"{len(found) - len(live)} of them cut. {total}. "
                f"All of dx: {', '.join(f'{v:g}' for v in dx)}.")

    draw.size = (CELL * wide, CELL * tall)
    draw.modes = modes
    return draw


class _Row:
    """A row of cells with room between them, for the edges to be told apart."""

    def __init__(self, sheet, name, places, top):
        self.sheet, self.top, self.places, self.hue = sheet, top, places, style.colour(name)
        sheet.text(0.4, top + 0.5, name, ha="left", color=self.hue, fontweight="bold")
        self.boxes = [sheet.ax.add_patch(Rectangle((at - 0.75, top), 1.5, 1, zorder=3))
                      for at in places]
        self.numbers = [sheet.text(at, top + 0.5, "", size=0.9, zorder=4) for at in places]

    def set(self, values, on=(), reached=()):
        """New numbers; cells that are on are filled and framed, those only reached are dashed."""
        for n, value in enumerate(values):
            box, number = self.boxes[n], self.numbers[n]
            number.set(text=f"{value:g}", fontweight="bold" if n in on else "normal")
            box.set(facecolor=style.tint(self.hue, 0.3 if n in on else 0),
                    edgecolor=self.hue if n in on or n in reached else style.muted,
                    linewidth=2.2 if n in on or n in reached else 0.8,
                    linestyle="--" if n in reached and n not in on else "-")

    def click_axes(self, fig):
        """An invisible Axes over the row, in which cell n is the point x = n."""
        def build(_):
            half = (self.places[1] - self.places[0]) / 2
            to_figure = self.sheet.ax.transData + fig.transFigure.inverted()
            (left, top), (right, bottom) = to_figure.transform(
                [(self.places[0] - half, self.top), (self.places[-1] + half, self.top + 1)])
            ax = fig.add_axes((left, bottom, right - left, top - bottom))
            ax.set(xlim=(-0.5, len(self.places) - 0.5), ylim=(0, 1))
            ax.axis("off")
            return ax

        return kept(self, build)


def _taps(x, w):
    table = kernel_map(x.shape, w.shape)
    return [Edge(*row.inp, *row.out, w[row.tap]) for row in table.rows(by="out")]


def _light(line, label, edge, on, reached):
    """An edge that pays is thick, one that is cut is dashed; its factor stands on it."""
    hue = style.orange if on else style.ink if reached else style.faint
    line.set(color=hue, linewidth=2.4 if on else 1.6 if reached else 0.9, zorder=2 if on else 1,
             linestyle="-" if edge.open else (0, (2, 2)))
    words = "cut" if not edge.open else f"{edge.factor:g}" if edge.told else ""
    label.set(text=words if reached else "", color=hue)
