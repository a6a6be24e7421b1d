"""The ideas of the fast methods: strides, columns, shifted images, a Fourier circle, four products.
"""

from collections.abc import Sequence

import numpy as np
from matplotlib.patches import FancyBboxPatch
from numpy.typing import ArrayLike

from convlib import conv2d, im2col, output_size
from figures.drawing import style
from figures.drawing.board import board
from figures.drawing.grids import Shape


def draw_strides(x_shape: Shape, kernel_size: Shape, place: tuple[int, int]) -> None:
    """An image whose cells hold their addresses, the memory as one line, and a window in both."""
    (H, W), (R, S), (p, q) = x_shape, kernel_size, place
    sheet, top = board(H * W + 1.6, H + 6.2), H + 2.9
    addresses = np.arange(H * W).reshape(H, W)
    window = [(p + r, q + s) for r, s in np.ndindex(R, S)]
    sheet.grid(addresses, "x", (0.8, 1.4)).mark(window)
    line = sheet.grid(addresses.ravel(), "x", (0.8, top), indices=False, label="")
    line.mark([addresses[cell] for cell in window])
    sheet.text(W + 1.6, 1.9, "Each cell holds its address in memory.", ha="left", size=0.85)
    sheet.text(W + 1.6, 2.7, f"The window of y[{p},{q}] lies at "
               + ", ".join(str(addresses[cell]) for cell in window) + ".", ha="left", size=0.85)
    first = 1.3 + addresses[window[0]]
    for step, words, bend, at, ha in ((1, "next tap or next place in a row: 1 on", 0.8,
                                       (first - 0.4, top + 1.75), "right"),
                                      (W, f"next row: {W} on", 0.3, (first + W / 2, top + 2.5),
                                       "center")):
        sheet.arrow((first, top + 1.05), (first + step, top + 1.05), bend=bend,
                    color=style.orange)
        sheet.text(*at, words, ha=ha, color=style.orange, size=0.8)


def draw_columns(x: ArrayLike, w: ArrayLike, cell: tuple[int, int]) -> None:
    """w as a row times the windows of x as columns, is y as a row; one pixel marked everywhere."""
    x, w = np.asarray(x), np.asarray(w)
    columns, y = im2col(x, w.shape), conv2d(x, w)
    where = im2col(np.arange(x.size).reshape(x.shape), w.shape) == np.ravel_multi_index(
        cell, x.shape)
    (depth, places), tall = columns.shape, max(x.shape[0], w.size)
    sheet = board(x.shape[1] + depth + 2 * places + 8.2, tall + 2.4)
    left, middle = 0.8, 1.5 + tall / 2
    sheet.grid(x, "x", (left, middle - x.shape[0] / 2)).mark([cell])
    left += x.shape[1] + 2
    sheet.grid(w.ravel(), "w", (left, middle - 0.5), indices=False, label="w, a row")
    sheet.text(left + depth + 0.8, middle, "@", size=1.3)
    left += depth + 1.6
    sheet.grid(columns, "x", (left, middle - depth / 2), indices=False,
               label="windows, as columns").mark(zip(*np.nonzero(where), strict=True))
    sheet.text(left + places + 0.8, middle, "=", size=1.3)
    sheet.grid(y.ravel(), "y", (left + places + 1.6, middle - 0.5), indices=False,
               label="y, a row")


def draw_shifted(x: ArrayLike, w: ArrayLike) -> None:
    """One copy of x a tap, the rectangle that this tap meets marked; all of them add up to y."""
    x, w = np.asarray(x), np.asarray(w)
    (H, W), (P, Q), gap = x.shape, conv2d(x, w).shape, 1.7
    sheet = board(0.8 + w.size * (W + gap) + Q + 0.6, H + 2.0)
    for n, ((r, s), tap) in enumerate(np.ndenumerate(w)):
        left = 0.8 + n * (W + gap)
        grid = sheet.grid(x, "x", (left, 1.4), indices=False, label=f"w[{r},{s}] = {tap}  times")
        grid.title.set_color(style.orange)
        grid.mark([(p + r, q + s) for p, q in np.ndindex(P, Q)])
        sheet.text(left + W + gap / 2, 1.4 + H / 2, "+" if n + 1 < w.size else "=", size=1.3)
    left = 0.8 + w.size * (W + gap)
    sheet.grid(conv2d(x, w), "y", (left, 1.4 + (H - P) / 2), indices=False)


def draw_rows(x: ArrayLike, w: ArrayLike) -> None:
    """Columns for one row of taps, and the part of them that each row of taps multiplies."""
    x, w = np.asarray(x), np.asarray(w)
    (H, W), (R, S), (P, Q) = x.shape, w.shape, conv2d(x, w).shape
    strips, wide = im2col(x, (1, S)), H * Q
    tall = R * (S + 1.3) - 0.3
    sheet = board(W + S + wide + Q + 5.9, max(H, tall) + 1.8)
    middle = 1.4 + tall / 2
    sheet.grid(x, "x", (0.8, middle - H / 2))
    left = W + 2.2
    for r in range(R):
        top = 1.4 + r * (S + 1.3)
        sheet.grid(w[r], "w", (left, top + S / 2 - 0.5), indices=False, label=f"w[{r}]")
        sheet.text(left + S + 0.5, top + S / 2, "@", size=1.2)
        grid = sheet.grid(strips, "x", (left + S + 1, top), indices=False,
                          label="columns for one row of taps" if r == 0 else "the same columns")
        grid.mark([cell for cell in np.ndindex(S, wide) if r * Q <= cell[1] < (r + P) * Q])
    left += S + wide + 1.9
    sheet.text(left, middle, "added:", size=0.9)
    sheet.grid(conv2d(x, w), "y", (left + 1.2, middle - P / 2), indices=False)


def draw_circles(x: Sequence[int], w: Sequence[int]) -> None:
    """What a product of spectra adds up, with the conjugate and without: two circulant matrices.

    Row n holds the tap that each cell of x meets; entries that wrapped round the end are dotted.
    """
    n, R = len(x), len(w)
    P = output_size(n, R)
    sheet = board(2 * (n + 4.6) + 1.0, n + 3.9)
    for left, sign, words, reads in (
            (0.8, 1, "with the conjugate", "each output reads forwards"),
            (n + 5.8, -1, "without it", "each output reads backwards")):
        entries, real = np.full((n, n), None, object), np.ones((n, n), bool)
        values = np.zeros(n, int)
        for row, r in np.ndindex(n, R):
            cell = row + sign * r
            entries[row, cell % n] = f"w{r}"
            real[row, cell % n] = 0 <= cell < n
            values[row] += w[r] * x[cell % n]
        grid = sheet.grid(entries, "w", (left, 2.4), real=real, label="", indices=False)
        grid.mark([cell for cell in np.ndindex(n, n) if entries[cell] and real[cell]], amount=0.2)
        sheet.text(left + n / 2, 0.6, words, fontweight="bold")
        for i in range(n):
            sheet.text(left + i + 0.5, 1.95, x[i], color=style.blue)
        sheet.text(left - 0.15, 1.95, "x", color=style.blue, fontweight="bold", ha="right")
        whole = sheet.grid(values[:, None], "y", (left + n + 1.4, 2.4), indices=False, label="")
        whole.mark([(row, 0) for row in (range(P) if sign > 0 else range(R - 1, n))])
        sheet.text(left + n + 0.7, 2.4 + n / 2, "=", size=1.2)
        sheet.text(left + n / 2, n + 3.1, reads, size=0.8)


def draw_winograd() -> None:
    """F(2, 3): four products, each of a mixture of x with one of w, and how they make two sums."""
    sheet = board(24, 7.4)
    parts = (("x0 - x2", "w0"), ("x1 + x2", "(w0 + w1 + w2) / 2"),
             ("x2 - x1", "(w0 - w1 + w2) / 2"), ("x1 - x3", "w2"))
    ends = {"y0": (21.6, 2.5), "y1": (21.6, 5.6)}
    signs = {"y0": "+++ ", "y1": " +--"}
    for n, (of_x, of_w) in enumerate(parts):
        y = 1.3 + 1.6 * n
        sheet.text(0.6, y, f"m{n} =", ha="left", fontweight="bold")
        for left, wide, words, hue in ((2.4, 4.2, of_x, style.blue),
                                       (7.4, 6.6, of_w, style.orange)):
            sheet.ax.add_patch(FancyBboxPatch((left, y - 0.42), wide, 0.84, edgecolor=hue,
                                              boxstyle="round,pad=0.12",
                                              facecolor=style.tint(hue, 0.15)))
            sheet.text(left + wide / 2, y, words, size=0.95)
        sheet.text(7.0, y, "·", size=1.4)
        for name, end in ends.items():
            if signs[name][n] != " ":
                sheet.arrow((14.3, y), (end[0] - 0.95, end[1]), color=style.green,
                            dashed=signs[name][n] == "-")
                share = 0.3 if name == "y0" else 0.42
                sheet.text(14.3 + share * (end[0] - 15.25), y + share * (end[1] - y),
                           signs[name][n].replace("-", "−"), color=style.green, fontweight="bold",
                           size=1.1, bbox={"facecolor": style.paper, "edgecolor": "none", "pad": 2})
    for name, (x, y) in ends.items():
        sheet.ax.add_patch(FancyBboxPatch((x - 0.8, y - 0.5), 1.9, 1.0, boxstyle="round,pad=0.1",
                                          edgecolor=style.green,
                                          facecolor=style.tint(style.green, 0.2)))
        sheet.text(x + 0.15, y, name, fontweight="bold")
