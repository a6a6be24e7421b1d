"""How far an output sees through many layers, along one axis, and along how many paths."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from convlib import conv1d_backward
from figures.drawing import style
from figures.drawing.board import board
from figures.widgets.scene import Scene, scene

KINDS = {"R = 2": (2, 1), "R = 3": (3, 1), "R = 4": (4, 1), "R = 2, stride 2": (2, 2)}
PAGE = 6.88  # inches
MOST = 0.95  # of all paths, for the part of a field that counts


def counts(layers: int, size: int, stride: int) -> list[NDArray[Any]]:
    """Paths from each cell to one output, row by row from the output: all taps 1, dx counts them.
    """
    rows = [np.ones(1, int)]
    for _ in range(layers):
        reach = (len(rows[-1]) - 1) * stride + size
        rows.append(conv1d_backward(rows[-1], np.zeros(reach, int), np.ones(size, int),
                                    stride=stride).dx)
    return rows


def field(layers: list[tuple[int, int]]) -> int:
    """(10.8): cells that an output sees through layers of (kernel size, stride), pooling too."""
    before = np.cumprod([1, *(stride for _, stride in layers)])
    return 1 + int(sum((R - 1) * apart for (R, _), apart in zip(layers, before[:-1], strict=True)))


def central(paths: NDArray[Any], part: float = MOST) -> int:
    """The fewest cells in the middle where this part of all paths begins: an odd number."""
    middle = len(paths) // 2
    held = [paths[middle - n : middle + n + 1].sum() for n in range(middle + 1)]
    return 1 + 2 * int(np.argmax(np.array(held) >= part * paths.sum()))


def field_scene(layers: int = 4) -> Scene:
    """draw(fig, layers, kernel) for `live`: the cells that one output sees through many layers.

    kernel: one of draw.kinds. Each cell shows how many paths lead from it to the output.
    """
    paths = {name: counts(layers, *kind) for name, kind in KINDS.items()}
    most = max(len(rows[-1]) for rows in paths.values())
    wide, tall, step = most + 3.5, 2.2 * layers + 3.4, 2.2

    def build(fig: Figure) -> tuple[Any, ...]:
        sheet, drawn = board(wide, tall, fig), {}
        for name, (size, stride) in KINDS.items():
            # the widest row begins beside the words, the others stand over its middle
            lefts = [3.2 + (len(paths[name][-1]) - len(row)) / 2 for row in paths[name]]
            for n, row in enumerate(paths[name]):
                left, top = lefts[n], 0.6 + step * (layers - n)
                grid = sheet.grid(row, "y" if n == 0 else "x", (left, top), indices=False, label="")
                grid.mark(also=range(len(row)))
                parts = [*grid.boxes.values(), *grid.numbers.values()]
                for p in range(len(paths[name][n - 1]) if n else 0):
                    parts += [sheet.ax.plot((lefts[n - 1] + p + 0.5, left + p * stride + r + 0.5),
                                            (top + step, top + 1), color=style.orange, lw=1)[0]
                              for r in range(size)]
                drawn[name, n] = parts
        names = [sheet.text(0.2, 1.1 + step * (layers - n), "", ha="left", size=0.9)
                 for n in range(layers + 1)]
        return drawn, names, sheet.text(0.2, tall - 0.7, "", ha="left", size=0.95,
                                        fontweight="bold")

    @scene(size=(PAGE, PAGE * tall / wide), build=build, kinds=list(KINDS))
    def draw(fig: Figure, parts: Any, layers: int, kernel: str) -> str:
        drawn, names, words = parts
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


def bell_scene(layers: int = 20) -> Scene:
    """draw(fig, layers, kernel) for `live`: the share of all paths that start at each input."""
    paths = {f"R = {size}": [row / row.sum() for row in _shares(layers, size)] for size in (3, 5)}
    edge = max(len(rows[-1]) for rows in paths.values()) // 2

    def build(fig: Figure) -> tuple[Any, ...]:
        ax = fig.add_axes((0.1, 0.2, 0.87, 0.66))
        at = np.arange(-edge, edge + 1)
        bars = ax.bar(at, 0 * at, width=1.0, edgecolor=style.paper, linewidth=0.6)
        ax.set(xlim=(-edge - 1, edge + 1), xlabel="position of the input, from the middle of the "
               "receptive field", ylabel="% of all paths")
        line = ax.axvspan(0, 1, 0, 0.02, color=style.muted)
        return ax, bars, line, ax.set_title("", fontsize=11, loc="left")

    @scene(size=(PAGE, 3.1), build=build, kinds=list(paths))
    def draw(fig: Figure, parts: Any, layers: int, kernel: str) -> str:
        ax, bars, line, title = parts
        share = paths[kernel][layers]
        reach, inner = len(share) // 2, central(share) // 2
        for position, bar in zip(range(-edge, edge + 1), bars, strict=True):
            inside = abs(position) <= reach
            bar.set(height=100 * share[position + reach] if inside else 0,
                    facecolor=style.blue if abs(position) <= inner else style.tint(style.blue, 0.4))
        ax.set_ylim(0, 108 * share.max())
        line.set(x=-reach - 0.5, width=2 * reach + 1)
        held = 100 * share[reach - inner : reach + inner + 1].sum()
        said = (f"field of {len(share)} cells; the middle {2 * inner + 1} account for "
                f"{held:.0f}% of the paths")
        title.set_text(said)
        return f"{kernel}, {layers} layer{'s' * (layers > 1)}: {said}."

    return draw


def _shares(layers: int, size: int) -> list[NDArray[Any]]:
    """As counts, with taps that add up to 1, so that no count overflows."""
    rows = [np.ones(1)]
    for _ in range(layers):
        rows.append(conv1d_backward(rows[-1], np.zeros(len(rows[-1]) + size - 1),
                                    np.full(size, 1 / size)).dx)
    return rows
