"""Chapter 1: one table sorted three ways."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from convlib.kernel_map import KernelMap, Product
from figures.drawing import style
from figures.drawing.board import Board, board
from figures.drawing.tables import BY, GROUPED, Sum, sentence, sums

FACTORS = {"dy": "out", "w": "tap", "x": "inp"}  # of a row: the array, and which index reads it
STEP, GAP = 0.62, 0.26  # of the table: from row to row, and between groups

Arrays = Mapping[str, NDArray[Any]]  # x, w and dy by name


def draw_three_sums(table: KernelMap, *, x: ArrayLike, w: ArrayLike, dy: ArrayLike) -> str:
    """The table sorted by output, by tap and by input, side by side; returns its words.

    Each row shows its three factors; the one that the sum does without is crossed out.
    """
    arrays = {"x": np.asarray(x), "w": np.asarray(w), "dy": np.asarray(dy)}
    groups = {by: sums(table, arrays, by) for by in BY}
    sheet = board(17.0, STEP * len(table) + GAP * max(map(len, groups.values())) + 1.6)
    for n, by in enumerate(BY):
        _panel(sheet, 0.25 + 5.7 * n, groups[by], arrays, by)
    return " ".join(sentence(groups[by], by) for by in BY)


def _panel(sheet: Board, left: float, groups: list[Sum], arrays: Arrays, by: str) -> None:
    sheet.text(left, 0.5, f"by {BY[by].removesuffix(' cell')}", ha="left", fontweight="bold",
               size=0.9)
    for n, (letter, role) in enumerate(zip("pri", "ywx", strict=True)):
        sheet.text(left + 0.25 + 0.56 * n, 1.2, letter, color=style.colour(role), size=0.8,
                   fontweight="bold")
    for n, name in enumerate(FACTORS):
        sheet.text(left + 1.98 + 0.5 * n, 1.2, name, color=style.colour(name), size=0.8,
                   fontweight="bold")
    top = 1.6
    for label, rows, _, total in groups:
        for n, row in enumerate(rows):
            _row(sheet, left, top + STEP * n, row, arrays, kept=GROUPED[by][1:])
        end = top + STEP * len(rows)
        sheet.ax.plot(left + np.array([3.22, 3.34, 3.34, 3.22]),
                      [top + 0.06, top + 0.06, end - 0.12, end - 0.12], color=style.muted, lw=1.2)
        sheet.text(left + 3.44, (top + end) / 2 - 0.03, f"{label} = {total}", ha="left",
                   color=style.colour(GROUPED[by][0]), fontweight="bold", size=0.8)
        top = end + GAP


def _row(sheet: Board, left: float, top: float, row: Product, arrays: Arrays,
         kept: Sequence[str]) -> None:
    middle = top + 0.28
    for n, (cell, role) in enumerate(zip(row, "ywx", strict=True)):
        hue = style.colour(role)
        sheet.ax.add_patch(Rectangle((left + 0.56 * n, top), 0.5, 0.56, edgecolor=hue,
                                     facecolor=style.tint(hue, 0.22)))
        sheet.text(left + 0.25 + 0.56 * n, middle, ",".join(map(str, cell)), size=0.8)
    for n, (name, column) in enumerate(FACTORS.items()):
        at, used = left + 1.98 + 0.5 * n, name in kept
        sheet.text(at, middle, arrays[name][getattr(row, column)], size=0.85,
                   color=style.ink if used else style.muted,
                   fontweight="bold" if used else "normal")
        if not used:
            sheet.ax.plot([at - 0.22, at + 0.22], [middle + 0.14, middle - 0.14],
                          color=style.muted, lw=1.4)
