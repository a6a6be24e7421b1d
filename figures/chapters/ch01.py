"""One row under a kernel: forward it reads x unflipped, backward it reads dy flipped."""

import numpy as np

from convlib import conv1d, conv1d_backward
from figures.drawing import style
from figures.drawing.grids import board, pad_with_ghosts


def draw_readings(x, w, dy, *, p, i):
    """Above, the window of output p under w; below, the prices around input i under flipped w."""
    x, w, dy = (np.asarray(a) for a in (x, w, dy))
    y, dx, taps = conv1d(x, w), conv1d_backward(dy, x, w).dx, len(w)
    prices, real, first = pad_with_ghosts(dy, [(taps - 1, taps - 1)])
    shift = taps - 1
    right = 3.4 + max(len(prices), len(x) + shift) + 0.7
    sheet = board(right + 6.6, 8.0)
    row = sheet.grid(x, "x", (3.4 + shift, 2.3), indices=False, label="")
    _reading(sheet, right, 0.8, "forward", row, x, w, range(p, p + taps), range(taps),
             f"y[{p}]", y[p], style.green)
    row = sheet.grid(prices, "dy", (3.4, 6.3), first=first, real=real, indices=False, label="")
    padded = dict(enumerate(prices, start=first))
    _reading(sheet, right, 4.8, "backward", row, padded, w, range(i - shift, i + 1),
             range(taps)[::-1], f"dx[{i}]", dx[i], style.purple)


def _reading(sheet, right, top, words, grid, values, w, cells, taps, name, result, hue):
    cells = list(cells)
    grid.mark([c for c in cells if grid.real[grid._place(c)]],
              also=[c for c in cells if not grid.real[grid._place(c)]])
    sheet.text(1.2, top + 1.5, words, fontweight="bold", size=0.95)
    sheet.text(2.9, top + 2, grid.name, color=grid.hue, fontweight="bold", size=1.05)
    sheet.text(2.9, top + 0.6, "w", color=style.orange, fontweight="bold", size=1.05)
    for cell, tap in zip(cells, taps, strict=True):
        x, _ = grid.centre(cell)
        tile = sheet.grid([w[tap]], "w", (x - 0.5, top + 0.1), indices=False, label="")
        tile.mark([0])
        sheet.text(x, top - 0.25, f"w[{tap}]", size=0.72, color=style.orange)
        sheet.arrow((x, top + 1.1), (x, top + 1.5), color=style.orange)
    products = " + ".join(f"{values[c]}·{w[t]}" for c, t in zip(cells, taps, strict=True))
    sheet.text(right, top + 2, f"{name} = {products} = {result}", ha="left",
               color=hue, fontweight="bold")


def draw_stamps(w, dy):
    """Each price stamps its multiple of w into dx, one cell further each time; columns add up."""
    w, dy = np.asarray(w), np.asarray(dy)
    length = len(dy) + len(w) - 1
    sheet = board(length + 6.2, len(dy) + 3.9)
    left = 5.2
    for n in range(length):
        sheet.text(left + n + 0.5, 1.0, n, size=0.62, color=style.muted)
    total = np.zeros(length, dtype=dy.dtype)
    for p, price in enumerate(dy):
        stamp = sheet.grid(price * w, "dx", (left + p, 1.3 + p), indices=False, label="")
        stamp.mark(range(len(w)), amount=0.15)
        sheet.text(left - 0.5, 1.8 + p, f"dy[{p}] = {price}  stamps  {price}·w", ha="right",
                   size=0.85)
        total[p : p + len(w)] += price * w
    sheet.ax.plot([left, left + length], [1.6 + len(dy)] * 2, color=style.ink, lw=1.4)
    grid = sheet.grid(total, "dx", (left, 1.9 + len(dy)), indices=False, label="")
    grid.mark(range(length))
    sheet.text(left - 0.5, 2.4 + len(dy), "dx", ha="right", color=style.purple, fontweight="bold")
