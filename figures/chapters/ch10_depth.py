"""Depth along one axis: every path from a cell to the loss, and what cuts it."""

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from numpy.typing import ArrayLike, NDArray

from convlib import avg_pool2d, conv1d, kernel_map, max_pool2d, relu
from figures.drawing import style
from figures.drawing.board import CELL, Board, board
from figures.widgets.live import kept
from figures.widgets.scene import Scene, scene

WIDE, TALL = 2.0, 2.6  # from cell to cell and from row to row, in cells of the board
FIRST = 2.0  # the top of the row x


class Edge(NamedTuple):
    """A cell of one row feeds a cell of the next one by a factor, unless the edge is cut."""

    start: int
    end: int
    factor: float
    open: bool = True
    told: bool = True  # whether the factor is written down: a ReLU's 1 is not


Path = tuple[Edge, ...]


def net(x: NDArray[Any], w1: NDArray[Any], w2: NDArray[Any], pool: int = 1, mode: str = "no ReLU",
        ) -> tuple[dict[str, NDArray[Any]], list[list[Edge]]]:
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
    return rows | {"y⁽²⁾": conv1d(last, w2)}, [*steps, _taps(last, w2)]


def paths(steps: Sequence[Sequence[Edge]], cell: int) -> list[Path]:
    """All chains of edges from a cell of the first row to the last one."""
    if not steps:
        return [()]
    return [(edge, *rest) for edge in steps[0] if edge.start == cell
            for rest in paths(steps[1:], edge.end)]


def price(path: Path, dy: NDArray[Any]) -> Any:
    """What a path pays: the price at its end times all factors on the way, 0 if it is cut."""
    return dy[path[-1].end] * np.prod([e.factor if e.open else 0 for e in path])


def cone_scene(x: ArrayLike, w1: ArrayLike, w2: ArrayLike, dy: ArrayLike, pool: int = 1) -> Scene:
    """draw(fig, pixel, between) for `live`: the paths from x[pixel] to L = sum dy·y⁽²⁾.

    between: one of draw.modes; cut paths are dashed. A click on a cell of x chooses the pixel.
    """
    x, w1, w2, dy = (np.asarray(a) for a in (x, w1, w2, dy))
    modes = ["no ReLU", "ReLU"] if pool == 1 else [
        "no ReLU, mean", "ReLU, mean", "no ReLU, maximum", "ReLU, maximum"]
    nets = {mode: net(x, w1, w2, pool, mode) for mode in modes}
    rows, steps = nets[modes[0]]
    places: list[Any] = [3.6 + WIDE * np.arange(len(x))]
    for step in steps:  # a cell stands over the middle of what it reads
        places.append([np.mean([places[-1][e.start] for e in step if e.end == m])
                       for m in range(1 + max(e.end for e in step))])
    wide = max(float(places[0][-1]) + 1.6, 12)
    tall = FIRST + TALL * len(steps) + 3.6

    def build(fig: Figure) -> tuple[Any, ...]:
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
                across, down = np.mean(ends, axis=0)
                edges[n, e.start, e.end] = line, sheet.text(
                    across, down, "", size=0.72, zorder=6,
                    bbox={"facecolor": style.paper, "edgecolor": "none", "pad": 0.6})
        words = sheet.text(0.4, tall - 0.8, "", ha="left", size=0.85, color=style.purple,
                           fontweight="bold")
        return prices, drawn, edges, words

    @scene(size=(CELL * wide, CELL * tall), modes=modes)
    def draw(fig: Any, pixel: int, between: str) -> str:
        prices, drawn, edges, words = kept(fig, build)
        rows, steps = nets[between]
        reached = paths(steps, pixel)
        live = [path for path in reached if all(e.open for e in path)]
        dx = [sum(price(path, dy) for path in paths(steps, i)) for i in range(len(x))]
        prices.set(dx, {pixel})
        for n, (row, values) in enumerate(zip(drawn, rows.values(), strict=True)):
            row.set(values, *({path[n].start if n < len(path) else path[-1].end for path in some}
                              | ({pixel} if n == 0 else set()) for some in (live, reached)))
        for n, step in enumerate(steps):
            for e in step:
                line, label = edges[n, e.start, e.end]
                _light(line, label, e, on=any(path[n] == e for path in live),
                       reached=any(path[n] == e for path in reached))
        terms = [" · ".join([f"{e.factor:g}" for e in path if e.told]
                            + [f"{dy[path[-1].end]}"]) for path in live]
        total = " = ".join([f"dx[{pixel}]", *([" + ".join(terms)] if terms else []),
                            f"{dx[pixel]:g}"])
        words.set_text(total)
        fig.click = (drawn[0].click_axes, "pixel", None)
        return (f"{between}: {len(reached)} paths lead from x[{pixel}] to L, "
                f"{len(reached) - len(live)} of them cut. {total}. "
                f"All of dx: {', '.join(f'{v:g}' for v in dx)}.")

    return draw


class _Row:
    """A row of cells with room between them, for the edges to be told apart."""

    def __init__(self, sheet: Board, name: str, places: Sequence[float], top: float) -> None:
        self.sheet, self.top, self.places, self.hue = sheet, top, places, style.colour(name)
        sheet.text(0.4, top + 0.5, name, ha="left", color=self.hue, fontweight="bold")
        self.boxes = [sheet.ax.add_patch(Rectangle((at - 0.75, top), 1.5, 1, zorder=3))
                      for at in places]
        self.numbers = [sheet.text(at, top + 0.5, "", size=0.9, zorder=4) for at in places]

    def set(self, values: Iterable[Any], on: Collection[int] = (),
            reached: Collection[int] = ()) -> None:
        """New numbers; cells that are on are filled and framed, those only reached are dashed."""
        for n, value in enumerate(values):
            box, number = self.boxes[n], self.numbers[n]
            number.set(text=f"{value:g}", fontweight="bold" if n in on else "normal")
            box.set(facecolor=style.tint(self.hue, 0.3 if n in on else 0),
                    edgecolor=self.hue if n in on or n in reached else style.muted,
                    linewidth=2.2 if n in on or n in reached else 0.8,
                    linestyle="--" if n in reached and n not in on else "-")

    @cached_property
    def click_axes(self) -> Axes:
        """An invisible Axes over the row, in which cell n is the point x = n."""
        at = self.places[0] - WIDE / 2, self.top
        return self.sheet.click_axes(at, len(self.places), 1, pitch=WIDE)


def _taps(x: NDArray[Any], w: NDArray[Any]) -> list[Edge]:
    table = kernel_map(x.shape, w.shape)
    return [Edge(row.inp[0], row.out[0], w[row.tap]) for row in table.rows(by="out")]


def _light(line: Line2D, label: Text, edge: Edge, *, on: bool, reached: bool) -> None:
    """An edge that pays is thick, one that is cut is dashed; its factor stands on it."""
    hue = style.orange if on else style.ink if reached else style.faint
    line.set(color=hue, linewidth=2.4 if on else 1.6 if reached else 0.9, zorder=2 if on else 1,
             linestyle="-" if edge.open else (0, (2, 2)))
    words = "cut" if not edge.open else f"{edge.factor:g}" if edge.told else ""
    label.set(text=words if reached else "", color=hue)
