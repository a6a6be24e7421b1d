"""The kernel over one row: in its own order over x, in reverse order over dy; and its stamps."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlib import conv1d, conv1d_backward
from figures.drawing import style
from figures.drawing.board import Board, board
from figures.drawing.grids import Grid, pad_with_ghosts


def draw_readings(x: ArrayLike, w: ArrayLike, dy: ArrayLike, *, p: int, i: int) -> None:
    """Draw the kernel over x in its own order, and over dy in reverse order: a new figure.

    Parameters
    ----------
    x, w, dy : array_like
        (H,), (R,) and (P,).
    p : int
        The output whose window lies under w, above.
    i : int
        The input around which dy lies under the reversed w, below.
    """
    x, w, dy = (np.asarray(a) for a in (x, w, dy))
    y, dx, taps = conv1d(x, w), conv1d_backward(dy, x, w).dx, len(w)
    prices, real, first = pad_with_ghosts(dy, [(taps - 1, taps - 1)])
    shift = taps - 1
    right = 3.4 + max(len(prices), len(x) + shift) + 0.7
    sheet = board(right + 6.3, 7.8)
    row = sheet.grid(x, "x", (3.4 + shift, 2.3), indices=False, label="")
    _reading(sheet, right, 0.8, "forward", row, x, w, range(p, p + taps), range(taps),
             f"y[{p}]", y[p], style.green)
    row = sheet.grid(prices, "dy", (3.4, 6.3), first=first, real=real, indices=False, label="")
    padded = dict(enumerate(prices, start=-shift))
    _reading(sheet, right, 4.8, "backward", row, padded, w, range(i - shift, i + 1),
             range(taps)[::-1], f"dx[{i}]", dx[i], style.purple)


def _reading(sheet: Board, right: float, top: float, words: str, grid: Grid,
             values: NDArray[Any] | Mapping[int, Any], w: NDArray[Any], cells: Sequence[int],
             taps: Sequence[int], name: str, result: Any, hue: str) -> None:
    grid.mark([c for c in cells if grid.real[grid._place(c)]],
              also=[c for c in cells if not grid.real[grid._place(c)]])
    sheet.text(0.6, top - 0.3, words, ha="left", fontweight="bold", size=0.95)
    sheet.text(3.1, top + 2, grid.name, ha="right", color=grid.hue, fontweight="bold", size=1.05)
    kernel = "w" if taps[0] == 0 else "w reversed"
    sheet.text(3.1, top + 0.6, kernel, ha="right", color=style.orange, fontweight="bold")
    for cell, tap in zip(cells, taps, strict=True):
        x, _ = grid.centre(cell)
        tile = sheet.grid([w[tap]], "w", (x - 0.5, top + 0.1), indices=False, label="")
        tile.mark([0])
        sheet.text(x, top - 0.25, f"w[{tap}]", size=0.78, color=style.orange)
        sheet.arrow((x, top + 1.1), (x, top + 1.5), color=style.orange)
    products = " + ".join(f"{w[t]}·{values[c]}" for c, t in zip(cells, taps, strict=True))
    sheet.text(right, top + 2, f"{name} = {products} = {result}", ha="left",
               color=hue, fontweight="bold")


def draw_stamps(w: ArrayLike, dy: ArrayLike) -> None:
    """Draw the stamps dy[p]·w, one cell further each time, and dx, their sum: a new figure.

    Under each number is its tap: in order along a stamp, in reverse down a column.

    Parameters
    ----------
    w, dy : array_like
        (R,) and (P,).
    """
    w, dy = np.asarray(w), np.asarray(dy)
    length = len(dy) + len(w) - 1
    sheet = board(length + 5.4, len(dy) + 2.7)
    left, kernel = 5.0, ", ".join(map(str, w))
    for n in range(length):
        sheet.text(left + n + 0.5, 0.45, f"[{n}]", size=0.72, color=style.muted)
    total = np.zeros(length, dtype=dy.dtype)
    for p, price in enumerate(dy):
        stamp = sheet.grid(price * w, "dx", (left + p, 0.8 + p), indices=False, label="")
        stamp.mark(range(len(w)), amount=0.15)
        for r, number in enumerate(stamp.numbers.values()):
            number.set_y(1.2 + p)
            sheet.text(left + p + r + 0.5, 1.62 + p, f"w[{r}]", size=0.68, color=style.orange,
                       zorder=4)
        sheet.text(left - 0.4, 1.3 + p, f"dy[{p}]·w = {price}·[{kernel}]", ha="right", size=0.85)
        total[p : p + len(w)] += price * w
    sheet.ax.plot([left, left + length], [1.05 + len(dy)] * 2, color=style.ink, lw=1.4)
    grid = sheet.grid(total, "dx", (left, 1.3 + len(dy)), indices=False, label="")
    grid.mark(range(length))
    sheet.text(left - 0.4, 1.8 + len(dy), "dx", ha="right", color=style.purple, fontweight="bold")
