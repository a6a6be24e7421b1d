"""How far an output sees through many layers, along one axis, and on how many paths."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from convlib import conv1d_backward
from figures.drawing import style
from figures.drawing.board import board
from figures.widgets.live import kept
from figures.widgets.scene import Scene, scene

KINDS = {"R = 2": (2, 1), "R = 3": (3, 1), "R = 4": (4, 1), "R = 2, stride 2": (2, 2)}


def counts(layers: int, size: int, stride: int) -> list[NDArray[Any]]:
    """Paths from each cell to one output, row by row from behind: all taps 1, dx counts them."""
    rows = [np.ones(1, int)]
    for _ in range(layers):
        reach = (len(rows[-1]) - 1) * stride + size
        rows.append(conv1d_backward(rows[-1], np.zeros(reach, int), np.ones(size, int),
                                    stride=stride).dx)
    return rows


def field_scene(layers: int = 4) -> Scene:
    """draw(fig, layers, kernel) for `live`: the cells that one output sees through many layers.

    kernel: one of draw.kinds. Each cell shows how many paths lead from it to the output.
    """
    paths = {name: counts(layers, *kind) for name, kind in KINDS.items()}
    most = max(len(rows[-1]) for rows in paths.values())
    wide, tall, step = most + 4.0, 2.2 * layers + 3.4, 2.2

    def build(fig: Figure) -> tuple[Any, ...]:
        sheet, drawn = board(wide, tall, fig), {}
        for name, (size, stride) in KINDS.items():
            for n, row in enumerate(paths[name]):
                left, top = (wide + 3.0 - len(row)) / 2, 0.6 + step * (layers - n)
                grid = sheet.grid(row, "y" if n == 0 else "x", (left, top), indices=False, label="")
                grid.mark(also=range(len(row)))
                parts = [*grid.boxes.values(), *grid.numbers.values()]
                below = (wide + 3.0 - len(paths[name][n - 1])) / 2
                for p in range(len(paths[name][n - 1]) if n else 0):
                    parts += [sheet.ax.plot((below + p + 0.5, left + p * stride + r + 0.5),
                                            (top + step, top + 1), color=style.orange, lw=1)[0]
                              for r in range(size)]
                drawn[name, n] = parts
        names = [sheet.text(0.2, 1.1 + step * (layers - n), "", ha="left", size=0.9)
                 for n in range(layers + 1)]
        return drawn, names, sheet.text(0.2, tall - 0.7, "", ha="left", size=0.95,
                                        fontweight="bold")

    @scene(size=(9.4, 9.4 * tall / wide), kinds=list(KINDS))
    def draw(fig: Figure, layers: int, kernel: str) -> str:
        drawn, names, words = kept(fig, build)
        rows = paths[kernel][: layers + 1]
        for (name, n), parts in drawn.items():
            for part in parts:
                part.set_visible(name == kernel and n <= layers)
        for n, text in enumerate(names):
            text.set_text("" if n > layers else f"{len(rows[n])} cells" if n else "1 output")
        sizes = ", ".join(str(len(row)) for row in rows)
        words.set_text(f"one output sees {len(rows[-1])} cells of x")
        return (f"{kernel}, {layers} layer{'s' * (layers > 1)}: from the output back to x the "
                f"rows have {sizes} cells. Paths from each cell of x to the output: "
                f"{', '.join(map(str, rows[-1]))}.")

    return draw
