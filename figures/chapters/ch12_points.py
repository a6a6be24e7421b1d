"""Chapter 12: evaluate, multiply, interpolate; the four products of Winograd's method."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.patches import FancyBboxPatch

from figures.drawing import style
from figures.drawing.board import Board, board

PAGE = 6.88  # inches
INFINITY = "∞"  # the value of a polynomial there is its leading coefficient


def value_at(point: Any, coefficients: Sequence[float]) -> Any:
    """The polynomial with these coefficients, that of z^0 first, at a number or at infinity."""
    if point == INFINITY:
        return coefficients[-1]
    return sum(c * point**n for n, c in enumerate(coefficients))


def draw_two_ways(a: Sequence[int], b: Sequence[int], points: Sequence[Any],
                names: Sequence[str]) -> None:
    """Two ways from the coefficients of two polynomials to those of their product.

    Along the top every coefficient meets every other; below, the values at each point meet once.
    """
    c, n = np.convolve(a, b), len(points)
    rows = [[value_at(point, f) for point in points] for f in (a, b)]
    rows.append([u * v for u, v in zip(*rows, strict=True)])
    gap, low = 2.6, 6.2
    lefts = [0.8 + side * (n + gap) for side in range(3)]
    sheet = board(lefts[2] + n + 0.8, low + 2.5, inches=PAGE)
    tops = [[int(v) for v in f] for f in (a, b, c)]
    for left, top, values, name, ways in zip(lefts, tops, rows, names, "↓↓↑", strict=True):
        middle, wide = left + n / 2, len(top)
        sheet.grid(top, name, (middle - wide / 2, 1.4), indices=False, form=style.minus)
        sheet.grid(values, name, (left, low), indices=False, label="", form=style.minus)
        for at, point in enumerate(points):
            sheet.text(left + at + 0.5, low + 1.45, style.minus(point), size=0.8,
                       color=style.muted)
        ends = (middle, 2.7), (middle, low - 0.4)
        sheet.arrow(*(ends if ways == "↓" else ends[::-1]))
        sheet.text(middle + 0.25, 4.2, "evaluate" if ways == "↓" else "interpolate", ha="left",
                   size=0.75, color=style.muted)
    sheet.text(lefts[0] + n / 2, low + 2.15, "values at the points z", size=0.75,
               color=style.muted)
    for y, count in ((1.9, len(a) * len(b)), (low + 0.5, n)):
        sheet.text(lefts[1] - gap / 2, y, "×", size=1.3)
        _equals(sheet, lefts[2] - gap / 2, y, f"{count} products")


def _equals(sheet: Board, x: float, y: float, words: str) -> None:
    sheet.text(x, y - 0.15, "=", size=1.3)
    sheet.text(x, y + 0.55, words, size=0.75, fontweight="bold")


def draw_winograd() -> None:
    """F(2, 3): four products, of combinations of x with combinations of w, and their two sums."""
    sheet = board(12.6, 7.4, inches=3.38)  # a telephone's width
    parts = (("x0 - x2", "w0"), ("x1 + x2", "(w0 + w1 + w2) / 2"),
             ("x2 - x1", "(w0 - w1 + w2) / 2"), ("x3 - x1", "w2"))
    ends = {"y0": (11.5, 2.5), "y1": (11.5, 5.6)}
    signs = {"y0": "+++ ", "y1": " +-+"}
    for n, (of_x, of_w) in enumerate(parts):
        y = 1.3 + 1.6 * n
        sheet.text(0.2, y, f"m{n} =", ha="left", fontweight="bold")
        for left, wide, words, hue in ((1.7, 2.1, of_x, style.blue),
                                       (4.3, 4.3, of_w, style.orange)):
            _box(sheet, (left, y - 0.42), (wide, 0.84), hue)
            sheet.text(left + wide / 2, y, style.minus(words))
        sheet.text(4.05, y, "·", size=1.4)
        for name, end in ends.items():
            if signs[name][n] != " ":
                sheet.arrow((8.75, y), (end[0] - 0.55, end[1]), color=style.green,
                            dashed=signs[name][n] == "-")
                share = 0.22 if name == "y0" else 0.6
                sheet.text(8.75 + share * (end[0] - 9.3), y + share * (end[1] - y),
                           style.minus(signs[name][n]), color=style.green, fontweight="bold",
                           size=1.3, bbox={"facecolor": style.paper, "edgecolor": "none", "pad": 1})
    for name, (x, y) in ends.items():
        _box(sheet, (x - 0.4, y - 0.4), (1.1, 0.8), style.green)
        sheet.text(x + 0.15, y, name, fontweight="bold", size=1.1)


def _box(sheet: Board, corner: tuple[float, float], size: tuple[float, float], hue: str) -> None:
    sheet.ax.add_patch(FancyBboxPatch(corner, *size, boxstyle="round,pad=0.1", edgecolor=hue,
                                      facecolor=style.tint(hue, 0.15)))
