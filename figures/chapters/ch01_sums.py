"""Chapter 1: one table sorted three ways, and the same rows in a grid of outputs and taps."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from convlib import kernel_map
from convlib.kernel_map import KernelMap, Product
from figures.drawing import style
from figures.drawing.board import Board, board
from figures.drawing.grids import Point
from figures.drawing.tables import BY, GROUPED, Sum, sentence, sums

FACTORS = {"dy": "out", "w": "tap", "x": "inp"}  # of a row: the array, and which index reads it
STEP, GAP = 0.62, 0.26  # of the table: from row to row, and between groups
WIDE, TALL = 1.2, 1.0  # a cell of the grid

Arrays = Mapping[str, NDArray[Any]]  # x, w and dy by name


def draw_three_sums(table: KernelMap, *, x: ArrayLike, w: ArrayLike, dy: ArrayLike) -> str:
    """The table sorted by output, by tap and by input, side by side; returns its words.

    Each row shows its three factors; the one that the sum does without is crossed out.
    """
    arrays = {"x": np.asarray(x), "w": np.asarray(w), "dy": np.asarray(dy)}
    groups = {by: sums(table, arrays, by) for by in BY}
    sheet = board(16.2, STEP * len(table) + GAP * max(map(len, groups.values())) + 1.6)
    for n, by in enumerate(BY):
        _panel(sheet, 0.25 + 5.3 * n, groups[by], arrays, by)
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


def draw_product_grid(x: ArrayLike, w: ArrayLike, dy: ArrayLike) -> None:
    """The products of a 1-D layer at (output p, tap r): rows add up to y, columns to dw,
    anti-diagonals to dx. A small blue number in each cell is its input i = p + r."""
    arrays = {"x": np.asarray(x), "w": np.asarray(w), "dy": np.asarray(dy)}
    table = kernel_map(arrays["x"].shape, arrays["w"].shape)
    (P,), (R,), (H,) = table.y_shape, table.w_shape, table.x_shape
    span, top = R * WIDE, 1.6
    lefts = 1.0, 1.0 + span + 3.6, 1.0 + 2 * span + 6.9
    sheet = board(lefts[2] + span + 1.0, top + (H + 0.75) * TALL)
    for left, by, words in zip(lefts, BY, ("rows: y", "columns: dw", "anti-diagonals: dx"),
                               strict=True):
        name = GROUPED[by][0]
        sheet.text(left + span / 2, 0.5, words, color=style.colour(name), fontweight="bold")
        for label, rows, _, total in sums(table, arrays, by):
            across, down = {"out": (0.2, 0.45), "tap": (0.5, 0.25), "inp": (0.66, 0.29)}[by]
            (p,), (r,), _ = rows[0]  # where the band begins, and the middle of its last cell
            ends = [(left + (r + across) * WIDE, top + (p + down) * TALL)]
            (p,), (r,), _ = rows[-1]
            ends += [(left + (r + 0.5) * WIDE, top + (p + 0.45) * TALL)]
            _sum(sheet, left, span, top, P, ends, by, label, total)
        _cells(sheet, left, top, table, arrays, kept=GROUPED[by][1:])
        for r in range(R):
            sheet.text(left + (r + 0.5) * WIDE, top - 0.35, f"r = {r}", size=0.75,
                       color=style.orange)
        side = left + span + 0.5 if by == "inp" else left - 0.5
        for p in range(P):
            sheet.text(side, top + (p + 0.5) * TALL, f"p = {p}", size=0.75, color=style.green)


def _sum(sheet: Board, left: float, span: float, top: float, P: int, ends: Sequence[Point], by: str,
         label: str, total: Any) -> None:
    """A band through the cells of one sum, which leads out of the grid to its value."""
    (x0, y0), (x1, y1) = ends
    hue = style.colour(label)
    words, align, at = f"{label} = {total}", "left", (left + span + 0.6, y0)
    if by == "tap":
        words, align, at = f"{label}\n= {total}", "center", (x0, top + P * TALL + 0.5)
    elif by == "inp":  # one row down for each column to the left
        x1, y1 = left - 0.35, y1 + (x1 - left + 0.35) * TALL / WIDE
        words, align, at = f"{label} = {total}", "right", (left - 0.65, y1)
    stop = {"out": (left + span + 0.25, y0), "tap": (x0, at[1] - 0.3), "inp": (x1, y1)}[by]
    sheet.ax.plot([x0, stop[0]], [y0, stop[1]], color=style.tint(hue, 0.28), lw=17,
                  solid_capstyle="round", zorder=1)
    sheet.text(*at, words, ha=align, va="top" if by == "tap" else "center", color=hue,
               fontweight="bold", size=0.8, linespacing=1.3)


def _cells(sheet: Board, left: float, top: float, table: KernelMap, arrays: Arrays,
           kept: Sequence[str]) -> None:
    for row in table.rows():
        (p,), (r,), (i,) = row
        corner = left + r * WIDE, top + p * TALL
        sheet.ax.add_patch(Rectangle(corner, WIDE, TALL, fill=False, edgecolor=style.muted, lw=0.9,
                                     zorder=2))
        product = "·".join(str(arrays[name][getattr(row, column)])
                           for name, column in FACTORS.items() if name in kept)
        sheet.text(corner[0] + WIDE / 2, corner[1] + 0.45, product, size=0.9, fontweight="bold")
        sheet.text(corner[0] + WIDE - 0.08, corner[1] + TALL - 0.06, i, ha="right", va="bottom",
                   size=0.74, color=style.blue)
