"""Handwritten digits, and which of them a network confuses."""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import NDArray

from figures.drawing import style
from figures.drawing.board import Board

PAGE = 6.88  # inches


def draw_digits(images: NDArray[Any], titles: Sequence[str], columns: int = 10) -> None:
    """Images (N, 1, H, W) in rows, dark ink on light paper, each under its title: a new figure."""
    rows = max(1, -(-len(images) // columns))
    fig = plt.figure(figsize=(PAGE, 9.4 / columns * rows))
    for n in range(rows * columns):  # as many places however many images there are
        row, column = divmod(n, columns)
        ax = fig.add_axes(((column + 0.05) / columns, 1 - (row + 0.95) / rows,
                           0.9 / columns, 0.72 / rows))
        ax.axis("off")
        if n < len(images):
            ax.imshow(images[n][0], cmap="gray_r", vmin=0, vmax=1)
            ax.set_title(titles[n], fontsize=9, pad=3)


def confusion(said: NDArray[Any], true: NDArray[Any], classes: int = 10) -> NDArray[Any]:
    """How often class `true` (row) was predicted to be `said` (column): whole numbers."""
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (true, said), 1)
    return counts


def draw_confusion(counts: NDArray[Any]) -> None:
    """The confusion matrix as a grid; errors are framed: a new figure."""
    fig = plt.figure(figsize=(5.6, 5.2))
    size = len(counts)
    sheet = Board(fig.add_axes((0, 0, 1, 1)), size + 3.2, size + 2.2)
    shown = [[n or None for n in row] for row in counts.tolist()]
    grid = sheet.grid(shown, "t", (2.8, 1.8), label="predicted class")
    for cell in np.argwhere(counts).tolist():
        right = cell[0] == cell[1]
        box = grid.boxes[tuple(cell)]
        box.set_facecolor(style.tint(style.green if right else style.orange, 0.22))
        box.set_linewidth(0.9 if right else 2)
        box.set_edgecolor(style.muted if right else style.orange)
        box.set_zorder(1 if right else 2.5)
    sheet.text(0.9, 1.8 + size / 2, "true\nclass", color=style.green, fontweight="bold")
