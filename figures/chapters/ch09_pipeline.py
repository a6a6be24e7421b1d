"""A network as a row: every array drawn to size, the weights between them."""

from collections.abc import Sequence

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from convlib import softmax
from convlib.networks import forward
from convlib.networks.layers import Layer, Relu
from figures.drawing import style
from figures.drawing.board import Board, board
from figures.drawing.grids import Shape

PAGE = 6.88  # inches
UNIT = 0.22  # an entry, in cells


def draw_pipeline(network: Sequence[Layer], x: ArrayLike) -> list[Shape]:
    """Every array of a network for one image x (C, H, W), drawn to size, the weights between.

    Softmax comes last. A new figure; returns the shapes in their order.
    """
    arrays = [v[0] for v in forward(network, np.asarray(x)[None])]
    arrays.append(softmax(arrays[-1]))
    pitch, number, name = 5.0, 0, "$x$"
    several = "^{{({})}}" if sum(isinstance(layer, Relu) for layer in network) > 1 else ""
    wide = pitch * (len(arrays) - 1) + 4.2
    sheet = board(wide, 7.6, inches=max(PAGE, wide * 0.28))
    halves = [_width(value.shape) / 2 for value in arrays]
    for n, (value, layer) in enumerate(zip(arrays, [*network, None, None], strict=True)):
        at, hue = 2.1 + n * pitch, style.green if n else style.blue
        _volume(sheet, value.shape, at, hue)
        sheet.text(at, 6.2, name, color=hue, size=1.3)
        sheet.text(at, 7.1, " × ".join(map(str, value.shape)), color=hue, size=1.1)
        if n + 1 < len(arrays):
            words = type(layer).__name__ if layer else "softmax"
            start, end = at + halves[n], at + pitch - halves[n + 1]  # of the gap before the next
            middle, half = (start + end) / 2, min(0.9, (end - start) / 2 - 0.12)
            sheet.arrow((middle - half, 3.2), (middle + half, 3.2), color=style.ink, width=2)
            sheet.text(middle, 2.5, words, fontweight="bold", size=1.05)
            weights = layer.weights if layer else {}
            number += bool(weights)
            for m, (key, w) in enumerate(weights.items()):
                sheet.text(middle, 0.4 + 0.95 * m, color=style.orange, size=1.08,
                           words=f"${key}^{{({number})}}$: {' × '.join(map(str, w.shape))}")
            name = (f"$y^{{({number})}}$" if weights else f"$a{several.format(number)}$"
                    if words == "Relu" else "" if layer else r"$\hat t$")
    return [value.shape for value in arrays]


def _width(shape: Shape) -> float:
    """Of the cards of an array, one behind the other."""
    C, _, W = shape if len(shape) == 3 else (1, 0, 1)
    return W * UNIT + _depth(C)


def _depth(channels: int) -> float:
    return min(0.25 * (channels - 1), 1.7)


def _volume(sheet: Board, shape: Shape, x: float, hue: str) -> None:
    """Channels as cards behind each other; a vector as a column of cells."""
    (C, H, W), unit = shape if len(shape) == 3 else (1, shape[0], 1), UNIT
    depth = _depth(C)
    left, top = x - _width(shape) / 2, 3.4 - (H * unit - depth) / 2
    for c in range(C - 1, -1, -1):
        back = depth * c / max(C - 1, 1)
        corner = left + back, top - back
        sheet.ax.add_patch(Rectangle(corner, W * unit, H * unit, fc=style.tint(hue, 0.15), ec=hue,
                                     lw=0.9, zorder=3))
    for row in range(1, H if W == 1 else 1):
        height = top + row * unit
        sheet.ax.plot([left, left + unit], [height, height], color=hue, lw=0.6, zorder=4)
