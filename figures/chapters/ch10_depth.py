"""Depth along one axis: every path from a cell to the loss, what cuts it, what nothing cuts."""

from collections.abc import Collection, Iterable
from functools import cached_property
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from numpy.typing import ArrayLike, NDArray

from figures.chapters.ch10_paths import Edge, Net, over_paths, paths, plain_net, residual_net
from figures.drawing import style
from figures.drawing.board import CELL, Board, board
from figures.widgets.scene import Scene, scene

WIDE, TALL = 2.0, 2.6  # from cell to cell and from row to row, in cells of the board
FIRST, LEFT = 2.0, 3.9  # the top of the row x, the middle of its first cell
PAGE = 6.88  # inches


def cone_scene(x: ArrayLike, w1: ArrayLike, w2: ArrayLike, dy: ArrayLike, pool: int = 1) -> Scene:
    """draw(fig, pixel, between) for `live`: the paths from x[pixel] to L = sum dy·y⁽²⁾.

    between: one of draw.modes; cut paths are dashed. A click on a cell of x chooses the pixel.
    """
    x, w1, w2, dy = (np.asarray(a) for a in (x, w1, w2, dy))
    modes = ["no ReLU", "ReLU"] if pool == 1 else [
        "no ReLU, mean", "ReLU, mean", "no ReLU, maximum", "ReLU, maximum"]
    draw = _path_scene({mode: plain_net(x, w1, w2, pool, mode) for mode in modes}, dy)

    @scene(size=draw.size, modes=modes)
    def between_layers(fig: Figure, pixel: int, between: str) -> str:
        return str(draw(fig, pixel, between))

    return between_layers


def identity_scene(x: ArrayLike, w: ArrayLike, dy: ArrayLike, layers: int = 2) -> Scene:
    """draw(fig, pixel, layers) for `live`: the paths of x[pixel] with and without the identity.

    layers: one of draw.modes. A click on a cell of x chooses the pixel.
    """
    x, w, dy = (np.asarray(a) for a in (x, w, dy))
    draw = _path_scene({"plain": residual_net(x, w, layers, identity=False),
                        "residual": residual_net(x, w, layers)}, dy)

    @scene(size=draw.size, modes=["plain", "residual"])
    def of_layers(fig: Figure, pixel: int, layers: str) -> str:
        return str(draw(fig, pixel, layers))

    return of_layers


def _path_scene(nets: dict[str, Net], dy: np.ndarray[Any, Any]) -> Scene:
    """draw(fig, pixel, mode): nets with the same cells, whose edges may be cut or missing."""
    most = max(nets.values(), key=lambda net: sum(map(len, net.steps)))
    places = [LEFT + WIDE * at for at in most.places]
    wide = max(max(float(at[-1]) for at in places) + 1.3, 12)
    tall = FIRST + TALL * (len(places) - 1) + 3.6

    def build(fig: Figure) -> tuple[Any, ...]:
        sheet = board(wide, tall, fig)
        gradient = _Row(sheet, "dx", places[0], 0.5)
        drawn = [_Row(sheet, name, at, FIRST + TALL * n)
                 for n, (name, at) in enumerate(zip(most.rows, places, strict=True))]
        for at, d in zip(places[-1], dy, strict=True):
            sheet.text(at, tall - 2.2, f"dy = {d}", size=0.85, color=style.purple)
        edges = {}
        for e in (edge for step in most.steps for edge in step):
            ends = ((places[e.row][e.start], FIRST + TALL * e.row + 1.05),
                    (places[e.to][e.end], FIRST + TALL * e.to - 0.05))
            (line,) = sheet.ax.plot(*zip(*ends, strict=True))
            across, down = np.mean(ends, axis=0)
            if e.to > e.row + 1:  # the identity: its label just above the row that it passes
                down = FIRST + TALL * e.row + 2.2
            edges[_key(e)] = line, sheet.text(
                across, down, "", size=0.8, zorder=6,
                # along a line that it is written on, a label needs more room
                bbox={"facecolor": style.paper, "edgecolor": "none",
                      "pad": 3 if e.to > e.row + 1 else 0.6})
        words = sheet.text(0.3, tall - 0.8, "", ha="left", size=0.9, color=style.purple,
                           fontweight="bold")
        return gradient, drawn, edges, words

    width = min(CELL * wide, PAGE)

    @scene(size=(width, width * tall / wide), build=build, modes=list(nets))
    def draw(fig: Any, parts: Any, pixel: int, mode: str) -> str:
        gradient, drawn, edges, words = parts
        net = nets[mode]
        reached = paths(net.steps, pixel)
        live = [path for path in reached if all(e.open for e in path)]
        dx = over_paths(net, dy)
        gradient.set(dx, {pixel})
        for n, (row, values) in enumerate(zip(drawn, net.rows.values(), strict=True)):
            row.set(values, *({cell for path in some for e in path
                               for at, cell in ((e.row, e.start), (e.to, e.end)) if at == n}
                              | ({pixel} if n == 0 else set()) for some in (live, reached)))
        for line, label in edges.values():
            line.set_visible(False)
            label.set_text("")
        for e in (edge for step in net.steps for edge in step):
            line, label = edges[_key(e)]
            _light(line, label, e, on=any(e in path for path in live),
                   reached=any(e in path for path in reached))
        terms = ["·".join([f"{e.factor:g}" for e in path if e.told] + [f"{dy[path[-1].end]}"])
                 for path in live]
        total = " = ".join([f"dx[{pixel}]", *([" + ".join(terms)] if terms else []),
                            f"{dx[pixel]:g}"])
        words.set_text(total)
        fig.click = (drawn[0].click_axes, "pixel", None)
        return (f"{mode}: {_counted(len(reached), len(reached) - len(live), pixel)}. {total}. "
                f"All of dx: {', '.join(f'{v:g}' for v in dx)}.")

    return draw


def _counted(paths: int, cut: int, pixel: int) -> str:
    """How many paths there are and how many of them are cut."""
    if paths == 1:
        return f"one path leads from x[{pixel}] to L, and it is {'' if cut else 'not '}cut"
    some = {0: "none", 1: "one", paths: "all"}.get(cut, str(cut))
    return f"{paths} paths lead from x[{pixel}] to L, {some} of them cut"


class _Row:
    """A row of cells with room between them, for the edges to be told apart."""

    def __init__(self, sheet: Board, name: str, places: NDArray[Any], top: float) -> None:
        self.sheet, self.top, self.places, self.hue = sheet, top, places, style.colour(name)
        sheet.text(0.3, top + 0.5, name, ha="left", color=self.hue, fontweight="bold")
        self.boxes = [sheet.ax.add_patch(Rectangle((at - 0.75, top), 1.5, 1, zorder=3))
                      for at in places]
        self.numbers = [sheet.text(at, top + 0.5, "", size=0.9, zorder=4) for at in places]

    def set(self, values: Iterable[Any], on: Collection[int] = (),
            reached: Collection[int] = ()) -> None:
        """New numbers; cells that are on are filled and framed, those only reached are dashed."""
        for n, value in enumerate(values):
            box, number = self.boxes[n], self.numbers[n]
            number.set(text=f"{value:g}".replace("-", "−"),
                       fontweight="bold" if n in on else "normal")
            box.set(facecolor=style.tint(self.hue, 0.3 if n in on else 0),
                    edgecolor=self.hue if n in on or n in reached else style.muted,
                    linewidth=2.2 if n in on or n in reached else 0.8,
                    linestyle="--" if n in reached and n not in on else "-")

    @cached_property
    def click_axes(self) -> Axes:
        """An invisible Axes over the row, in which cell n is the point x = n."""
        at = self.places[0] - WIDE / 2, self.top
        return self.sheet.click_axes(at, len(self.places), 1, pitch=WIDE)


def _key(edge: Edge) -> tuple[int, int, int, int]:
    return edge.row, edge.start, edge.to, edge.end


def _light(line: Line2D, label: Text, edge: Edge, *, on: bool, reached: bool) -> None:
    """An edge of an open path is thick, one that is cut is dashed; its factor is written on it."""
    hue = style.orange if on else style.ink if reached else style.faint
    line.set(color=hue, linewidth=2.4 if on else 1.6 if reached else 0.9, zorder=2 if on else 1,
             linestyle="-" if edge.open else (0, (2, 2)), visible=True)
    words = "cut" if not edge.open else f"{edge.factor:g}" if edge.told else ""
    label.set(text=words if reached else "", color=hue)
