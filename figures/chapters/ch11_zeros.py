"""Zeros put between prices, the blocks that groups leave, and how evenly stamps cover the cells."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlib import conv_transpose2d, kernel_map
from course.size_formulas import dx_by_zeros, stretch
from figures.drawing import style
from figures.drawing.board import board
from figures.drawing.grids import Shape


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
    rest = (H + 2 * padding - span) % stride
    inner = stretch(dy, stride, rest)
    line = np.pad(inner, span - 1)
    left, at = 4.6, i + padding
    sheet = board(left + len(line) + 0.6, 9.6)
    price = np.isin(np.arange(len(line)), span - 1 + stride * np.arange(len(dy)))
    prices = sheet.grid(line, "dy", (left, 1.9), real=price, indices=False, label="")
    prices.mark([at + n for n in range(span) if price[at + n]])
    parts = [(0, span - 1, "around"), (span - 1, len(inner) - rest, "prices, zeros between")]
    parts += [(span - 1 + len(inner) - rest, rest, "rest")] if rest else []
    for first, size, words in (*parts, (span - 1 + len(inner), span - 1, "around")):
        sheet.ax.plot([left + first + 0.15, left + first + size - 0.15], [1.6] * 2,
                      color=style.muted, lw=1)
        sheet.text(left + first + size / 2, 1.2, words, size=0.66, color=style.muted)
    taps = np.isin(np.arange(span), dilation * np.arange(len(w)))[::-1]
    kernel = sheet.grid(gapped, "w", (left + at, 4.0), real=taps, indices=False, label="")
    kernel.mark(np.flatnonzero(taps))
    result = sheet.grid(dx, "dx", (left + padding + (span - 1), 7.2), label="")
    result.mark([i])
    for n in range(span):
        if taps[n] and price[at + n]:
            sheet.ax.plot([left + at + n + 0.5] * 2, [2.95, 3.95], color=style.purple, lw=1.6)
    x, y = result.edge(i, "top")
    sheet.arrow((x, 5.1), (x, y - 0.45), color=style.muted)
    for y, words, hue in ((2.4, "dy with zeros", style.purple),
                          (4.5, "w, gaps, flipped", style.orange), (7.7, "dx", style.purple)):
        sheet.text(left - 0.4, y, words, color=hue, ha="right", fontweight="bold", size=0.85)
    terms = [f"{line[at + n]}·{gapped[n]}" for n in range(span) if taps[n] and price[at + n]]
    return f"dx[{i}] = {' + '.join(terms) or 0} = {dx[i]}"


def draw_groups(C: int, K: int, choices: Sequence[int]) -> None:
    """Which filter reads which channel, for several numbers of groups: a new figure."""
    sheet = board(len(choices) * (C + 3.2) + 0.6, K + 4.2)
    for n, groups in enumerate(choices):
        table = kernel_map((C, 1), (K, C // groups, 1), groups=groups)
        reads = np.zeros((K, C), int)
        reads[table.out[0], table.inp[0]] = 1
        grid = sheet.grid(np.where(reads, "•", ""), "w", (2.2 + n * (C + 3.2), 2.4),
                          label=f"groups = {groups}")
        grid.mark(zip(*np.nonzero(reads), strict=True))
        sheet.text(2.2 + n * (C + 3.2) + C / 2, K + 3.1, f"{reads.sum()} pairs", size=0.8,
                   color=style.muted)
    sheet.text(1.1, 2.4 + K / 2, "filter k", rotation=90, color=style.green, size=0.85)
    sheet.text(2.2 + C / 2, K + 3.8, "channel c", color=style.blue, size=0.85)


def covered(stride: int, kernel_size: Shape, places: Shape = (4, 4)) -> NDArray[Any]:
    """How many stamps land on each cell of a transposed convolution."""
    return conv_transpose2d(np.ones(places, int), np.ones(kernel_size, int), stride=stride)


def draw_covered(stride: int, kernel_sizes: Sequence[tuple[int, int]]) -> None:
    """The counts of `covered` for several kernels side by side: a new figure."""
    counts = [covered(stride, size) for size in kernel_sizes]
    tall = max(len(c) for c in counts)
    sheet = board(sum(c.shape[1] + 1.6 for c in counts) + 0.4, tall + 2.0)
    left = 1.0
    for (R, S), c in zip(kernel_sizes, counts, strict=True):
        grid = sheet.grid(c, "dx", (left, 1.4), indices=False,
                          label=f"kernel {R} × {S}, stride {stride}")
        for cell, box in grid.boxes.items():
            box.set_facecolor(style.tint(style.purple, 0.14 * (c[cell] - 1)))
        left += c.shape[1] + 1.6
