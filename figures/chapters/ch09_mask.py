"""Chapter 9's mask: a map, the cells where its ReLU is active, and the gradients that pass."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from convlib import conv2d, relu_backward
from figures.drawing import style
from figures.drawing.board import board
from figures.widgets.scene import Scene, scene

PAGE, GAP = 6.88, 1.5  # inches; cells between two grids


def gating(x: ArrayLike, w: ArrayLike, da: ArrayLike) -> Scene:
    """draw(fig, bias) for `live`: y = x ⋆ w + bias, its active cells, da, and what passes.

    x (H, W) and w (R, S) hold integers; da is like the map.
    """
    x, w, da = (np.asarray(v) for v in (x, w, da))
    P, Q = da.shape
    wide, tall = 3 * Q + 2 * GAP + 0.8, P + 2.0

    def build(fig: Figure) -> Any:
        sheet = board(wide, tall, fig)
        labels = [("y", "$y$: active where $y > 0$"), ("da", "$da$: from the next layer"),
                  ("dy", "$dy$: what passes")]
        grids = [sheet.grid(np.zeros((P, Q), int), name, (0.4 + n * (Q + GAP), 1.5), indices=False,
                            label=label, form=style.minus)
                 for n, (name, label) in enumerate(labels)]
        for grid in grids:
            grid.title.set_fontsize(9.5)
            grid.title.set_fontweight("normal")
        for n, sign in enumerate(("×", "=")):
            sheet.text(0.4 + (n + 1) * Q + (n + 0.5) * GAP, 1.5 + P / 2, sign, size=1.4)
        return grids

    @scene(size=(PAGE, PAGE * tall / wide), build=build)
    def draw(fig: Figure, parts: Any, bias: int) -> str:
        grids = parts
        y = conv2d(x, w, bias)
        dy = relu_backward(da, y)
        for grid, values in zip(grids, (y, da, dy), strict=True):
            grid.set(values)
            grid.mark(np.argwhere(y > 0).tolist(), amount=0.24)
            for cell, number in grid.numbers.items():
                number.set_fontsize(grid.board.font(0.84))
                number.set_color(style.ink if y[cell] > 0 else style.muted)
        active = int((y > 0).sum())
        words = f"{active} of {y.size} cells are active" if active else \
            "every cell is inactive, so nothing passes"
        return f"Bias {bias}: {words}; db = {dy.sum()}.".replace("-", "−")

    return draw
