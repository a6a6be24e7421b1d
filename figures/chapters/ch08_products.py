"""Chapter 8: the products of one pixel in a grid; slices that are reversed, channels that are not.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from convlib import conv2d_backward
from figures.drawing import style
from figures.drawing.board import Board, board

WIDE, TALL = 2.0, 1.4  # a cell of the grid
PAGE = 6.88  # inches


def draw_products(x: ArrayLike, w: ArrayLike, dy: ArrayLike) -> None:
    """The products of one pixel at (filter k, channel c), three times: rows add up to y, columns
    to dx, and dw keeps every cell by itself."""
    x, w, dy = (np.asarray(a) for a in (x, w, dy))
    (K, C), top = w.shape, 1.9
    lefts = 1.2, 1.2 + C * WIDE + 4.2, 1.2 + 2 * C * WIDE + 6.1
    sheet = board(lefts[2] + C * WIDE + 0.4, top + K * TALL + 1.9, inches=PAGE)
    for k, value in enumerate(w @ x):
        y = top + (k + 0.5) * TALL
        _band(sheet, (lefts[0] + 0.4, y), (lefts[0] + C * WIDE + 0.2, y), "y")
        sheet.text(lefts[0] + C * WIDE + 0.8, y, f"y[{k}]\n= {value}", ha="left", size=0.9,
                   color=style.green, fontweight="bold", linespacing=1.3)
    for c, value in enumerate(dy @ w):
        at = lefts[1] + (c + 0.5) * WIDE
        _band(sheet, (at, top + 0.4), (at, top + K * TALL + 0.2), "dx")
        sheet.text(at, top + K * TALL + 1.2, f"dx[{c}]\n= {value}", size=0.9, color=style.purple,
                   fontweight="bold", linespacing=1.3)
    for k, c in np.ndindex(K, C):
        at = lefts[2] + (c + 0.5) * WIDE, top + (k + 0.5) * TALL
        _band(sheet, (at[0] - 0.5, at[1]), (at[0] + 0.5, at[1]), "dw")
    _cells(sheet, lefts[0], top, "rows: y", lambda k, c: f"{w[k, c]}·{x[c]}", (K, C))
    _cells(sheet, lefts[1], top, "columns: dx", lambda k, c: f"{dy[k]}·{w[k, c]}", (K, C))
    _cells(sheet, lefts[2], top, "single cells: dw", lambda k, c: f"{dy[k]}·{x[c]}", (K, C))


def _band(sheet: Board, start: Sequence[float], end: Sequence[float], role: str) -> None:
    """A band under the cells that one sum adds."""
    sheet.ax.plot(*zip(start, end, strict=True), color=style.tint(style.colour(role), 0.28), lw=14,
                  solid_capstyle="round", zorder=1)


def _cells(sheet: Board, left: float, top: float, title: str, words: Callable[[int, int], str],
           shape: Sequence[int]) -> None:
    K, C = shape
    sheet.text(left + C * WIDE / 2, 0.5, title, color=style.colour(title.split(": ")[1]),
               fontweight="bold")
    for c in range(C):
        sheet.text(left + (c + 0.5) * WIDE, top - 0.4, f"c={c}", size=0.85, color=style.muted)
    for k in range(K):
        sheet.text(left - 0.15, top + (k + 0.5) * TALL, f"k={k}", ha="right", size=0.85,
                   color=style.muted)
    for k, c in np.ndindex(K, C):
        corner = left + c * WIDE, top + k * TALL
        sheet.ax.add_patch(Rectangle(corner, WIDE, TALL, fill=False, ec=style.muted, lw=0.9,
                                     zorder=2))
        sheet.text(corner[0] + WIDE / 2, corner[1] + TALL / 2, words(k, c), size=0.9,
                   fontweight="bold")


def draw_slices(w: ArrayLike, dy: ArrayLike, j: int = 1) -> NDArray[Any]:
    """Filters (K, C, 1, S) on dy (K, 1, Q): each slice as stored, reversed, and dx[c] below.

    Column j of dx is marked: there the reversed slices lie on all of dy. Returns dx.
    """
    w, dy = np.asarray(w), np.asarray(dy)
    (K, C, _, S), Q = w.shape, dy.shape[2]
    dx = conv2d_backward(dy, np.zeros((C, 1, Q + S - 1), dy.dtype), w).dx
    pitch, first, column = 2.2, 2.4, 2 * S + 4.2
    lefts = [1.3 + Q * 1.4 + 1.8 + c * column for c in range(C)]
    below = first + K * pitch + 0.3
    sheet = board(lefts[-1] + column - 1.0, below + 1.6, inches=PAGE)
    sheet.text(1.3 + Q * 1.4 / 2, 0.5, "dy", color=style.purple, fontweight="bold", size=1.05)
    for k in range(K):
        top = first + k * pitch
        sheet.text(1.1, top + 0.5, f"k={k}", ha="right", size=0.85, color=style.muted)
        for q in range(Q):
            sheet.ax.add_patch(Rectangle((1.3 + 1.4 * q, top), 1.4, 1, ec=style.muted, lw=0.9,
                                         fc=style.tint(style.purple, 0.12)))
            sheet.text(2.0 + 1.4 * q, top + 0.5, dy[k, 0, q])
        for c, left in enumerate(lefts):
            stored = sheet.grid(w[k, c], "w", (left, top), indices=False, label="")
            stored.mark(also=np.ndindex(1, S))
            sheet.arrow((left + S + 0.25, top + 0.5), (left + S + 1.55, top + 0.5))
            flipped = sheet.grid(w[k, c, :, ::-1], "w", (left + S + 1.8, top), indices=False,
                                 label="")
            flipped.mark(np.ndindex(1, S), amount=0.25)
            sheet.text(left + S + 0.9, top - 0.4, f"w[{k},{c}]", size=0.85, color=style.orange)
    for c, left in enumerate(lefts):
        sheet.text(left + S + 0.9, 0.5, f"channel c={c}", fontweight="bold", size=1.05)
        for word, at in (("stored", left + S / 2), ("reversed", left + 1.5 * S + 1.8)):
            sheet.text(at, first - 0.5, word, size=0.85, color=style.muted)
        for n, value in enumerate(dx[c, 0]):
            corner = left + S + 0.9 + (n - (Q + S - 1) / 2) * 1.7, below
            sheet.ax.add_patch(Rectangle(
                corner, 1.7, 1, ec=style.purple if n == j else style.muted,
                lw=2.4 if n == j else 0.9, zorder=3 if n == j else 2,
                fc=style.tint(style.purple, 0.34 if n == j else 0)))
            sheet.text(corner[0] + 0.85, below + 0.5, value, zorder=4,
                       fontweight="bold" if n == j else "normal")
        sheet.text(left + S + 0.9 - (Q + S - 1) * 0.85 - 0.2, below + 0.5, f"dx[{c}]", ha="right",
                   color=style.purple, fontweight="bold")
    return dx
