"""Zeros put between the entries of dy, groups of channels, and how evenly stamps cover dx."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlib import conv_transpose2d, kernel_map
from course.size_formulas import dx_by_zeros, stretch
from figures.drawing import style
from figures.drawing.board import CELL, board
from figures.drawing.grids import Shape

PAGE = 6.88  # inches


def draw_zeros(dy: ArrayLike, w: ArrayLike, H: int, i: int, *, stride: int = 1, padding: int = 0,
               dilation: int = 1) -> str:
    """dx[i] as a window on dy with zeros in it, under the flipped kernel with gaps: a new figure.

    Returns the sum in words.
    """
    dy, w = np.asarray(dy), np.asarray(w)
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    dx = dx_by_zeros(dy, w, (H,), **options)
    gapped = stretch(w, dilation)[::-1]
    span = len(gapped)
    leftover = (H + 2 * padding - span) % stride
    inner = stretch(dy, stride, leftover)
    line = np.pad(inner, span - 1)
    left, at = 4.6, i + padding
    width = left + len(line) + 0.6
    sheet = board(width, 8.2, inches=min(PAGE, CELL * width))
    price = np.isin(np.arange(len(line)), span - 1 + stride * np.arange(len(dy)))
    prices = sheet.grid(line, "dy", (left, 1.9), real=price, indices=False, label="")
    prices.mark([at + n for n in range(span) if price[at + n]])
    parts = [(0, span - 1, "zeros around"), (span - 1, len(inner) - leftover, "dy, zeros between")]
    parts += [(span - 1 + len(inner) - leftover, leftover, "leftover")] if leftover else []
    for first, size, words in (*parts, (span - 1 + len(inner), span - 1, "zeros around")):
        sheet.ax.plot([left + first + 0.15, left + first + size - 0.15], [1.6] * 2,
                      color=style.muted, lw=1)
        sheet.text(left + first + size / 2, 1.2, words, size=0.66, color=style.muted)
    taps = np.isin(np.arange(span), dilation * np.arange(len(w)))[::-1]
    kernel = sheet.grid(gapped, "w", (left + at, 4.0), real=taps, indices=False, label="")
    kernel.mark(np.flatnonzero(taps))
    result = sheet.grid(dx, "dx", (left + padding + (span - 1), 6.4), label="")
    result.mark([i])
    for n in range(span):
        if taps[n] and price[at + n]:
            sheet.ax.plot([left + at + n + 0.5] * 2, [2.95, 3.95], color=style.purple, lw=1.6)
    x, y = result.edge(i, "top")
    sheet.arrow((x, 5.1), (x, y - 0.4), color=style.muted)
    for y, words, hue in ((2.4, "dy with zeros", style.purple),
                          (4.5, "w, gaps, flipped", style.orange), (6.9, "dx", style.purple)):
        sheet.text(left - 0.4, y, words, color=hue, ha="right", fontweight="bold", size=0.85)
    terms = [f"{line[at + n]}·{gapped[n]}" for n in range(span) if taps[n] and price[at + n]]
    return f"dx[{i}] = {' + '.join(terms) or 0} = {dx[i]}"


def draw_groups(C: int, K: int, choices: Sequence[int]) -> None:
    """Which filter reads which channel, for several numbers of groups: a new figure."""
    sheet = board(len(choices) * (C + 2.3) + 0.3, K + 3.6, inches=PAGE)
    for n, groups in enumerate(choices):
        table = kernel_map((C, 1), (K, C // groups, 1), groups=groups)
        reads = np.zeros((K, C), int)
        reads[table.out[0], table.inp[0]] = 1
        grid = sheet.grid(np.where(reads, "•", ""), "w", (1.8 + n * (C + 2.3), 2.4),
                          label=f"groups = {groups}")
        grid.mark(zip(*np.nonzero(reads), strict=True))
        sheet.text(1.8 + n * (C + 2.3) + C / 2, K + 3.1, f"{reads.sum()} pairs", size=0.8,
                   color=style.muted)
    sheet.text(0.7, 2.4 + K / 2, "filter k", rotation=90, color=style.green, size=0.85)
    sheet.text(1.8 + C / 2, 0.6, "channel c", color=style.blue, size=0.85)


def covered(stride: int, kernel_size: Shape, places: Shape = (4, 4)) -> NDArray[Any]:
    """How many stamps land on each cell of a transposed convolution."""
    return conv_transpose2d(np.ones(places, int), np.ones(kernel_size, int), stride=stride)


def draw_covered(stride: int, kernel_sizes: Sequence[Shape]) -> None:
    """The counts of `covered` for several kernels side by side, the interior framed: a new figure.

    In the interior, R - stride <= i < P*stride, each tap of a pixel's class has its window.
    """
    places = 4
    counts = [covered(stride, size, (places, places)) for size in kernel_sizes]
    sheet = board(sum(c.shape[1] + 1.4 for c in counts), max(map(len, counts)) + 1.9, inches=PAGE)
    left = 0.7
    for (R, S), c in zip(kernel_sizes, counts, strict=True):
        grid = sheet.grid(c, "dx", (left, 1.3), indices=False,
                          label=f"dx for {R} × {S} taps, stride {stride}")
        for cell, box in grid.boxes.items():
            box.set_facecolor(style.tint(style.purple, 0.14 * (c[cell] - 1)))
        wide, tall = (places * stride - (size - stride) for size in (S, R))
        sheet.frame((left + S - stride, 1.3 + R - stride), wide, tall, style.ink, lw=2)
        left += c.shape[1] + 1.4


def draw_shuffle(maps: NDArray[Any]) -> None:
    """Maps (stride, stride, P, Q), and what a pixel shuffle makes of them: a new figure.

    out[stride*p + a, stride*q + b] = maps[a, b, p, q]
    """
    steps, _, P, Q = maps.shape
    out = maps.transpose(2, 0, 3, 1).reshape(P * steps, Q * steps)
    wide = steps * (Q + 0.9)
    sheet = board(wide + steps * Q + 2.8, steps * (P + 1.1) + 0.7, inches=PAGE)
    top = (sheet.ax.get_ylim()[0] - P * steps) / 2 + 0.3
    grid = sheet.grid(out, "y", (wide + 2.2, top), indices=False, label="shuffled")
    for a, b in np.ndindex(steps, steps):
        hue = style.tint(style.green, 0.06 + 0.5 * (a * steps + b) / (steps**2 - 1))
        one = sheet.grid(maps[a, b], "y", (0.6 + b * (Q + 0.9), 1.1 + a * (P + 1.1)),
                         indices=False, label=f"map {a * steps + b}")
        for (p, q), box in one.boxes.items():
            box.set_facecolor(hue)
            grid.boxes[steps * p + a, steps * q + b].set_facecolor(hue)
    middle = top + P * steps / 2
    sheet.arrow((wide + 0.4, middle), (wide + 1.9, middle))
