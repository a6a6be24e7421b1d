"""Chapter 4: one tap, its uses in every output, and the gradients that come back from them."""

import numpy as np
from matplotlib.patches import FancyBboxPatch
from numpy.typing import ArrayLike

from figures.drawing import style
from figures.drawing.board import Board, board
from figures.drawing.grids import Point
from figures.drawing.tables import index

WIDTH, INCHES = 10.1, 3.373  # a phone shows the picture whole, and its type has 11 pixels
SMALL, PITCH = 0.95, 2.1
TAP, FORK, PRODUCT, OUTPUT = 1.05, 3.2, 5.5, 9.05  # from left to right
HALF = 0.95  # of a box, with its rounding


def draw_fork(x: ArrayLike, w: ArrayLike, dy: ArrayLike, tap: tuple[int, int]) -> None:
    """One tap and the products that use it: values above each wire, gradients below it."""
    x, w, dy = np.asarray(x), np.asarray(w), np.asarray(dy)
    name, outs = index(tap), list(np.ndindex(dy.shape))
    rows = [2.35 + PITCH * n for n in range(len(outs))]
    middle = (rows[0] + rows[-1]) / 2
    sheet = board(WIDTH, rows[-1] + 2.85, inches=INCHES)
    for at, rule in ((TAP, "reuse"), (PRODUCT, "multiply"), (OUTPUT, "add")):
        sheet.text(at, 0.6, rule, size=SMALL, fontweight="bold")
    shares = []
    for y, (p, q) in zip(rows, outs, strict=True):
        pixel = p + tap[0], q + tap[1]
        shares.append(dy[p, q] * x[pixel])
        _box(sheet, (PRODUCT, y), f"× {x[pixel]}", f"x{index(pixel)}", style.blue)
        _box(sheet, (OUTPUT, y), f"y{index((p, q))}", "+= t", style.green)
        sheet.arrow((FORK, y), (PRODUCT - HALF, y))
        sheet.arrow((PRODUCT + HALF, y), (OUTPUT - HALF, y))
        _on_wire(sheet, ((FORK + PRODUCT - HALF) / 2, y), shares[-1])
        _on_wire(sheet, ((PRODUCT + OUTPUT) / 2, y), dy[p, q], f"t = {w[tap] * x[pixel]}",
                 style.green)
    _box(sheet, (TAP, middle), f"w{name}", f"= {w[tap]}", style.orange)
    sheet.ax.plot([TAP + HALF, FORK], [middle, middle], color=style.muted, lw=1.4, zorder=2)
    sheet.ax.plot([FORK, FORK], [rows[0], rows[-1]], color=style.muted, lw=1.4, zorder=2)
    _on_wire(sheet, ((TAP + HALF + FORK) / 2, middle), sum(shares), str(w[tap]), style.orange)
    terms = " + ".join(map(str, shares)).replace("+ -", "- ")
    for n, words in enumerate((f"dw{name} =", terms, f"= {sum(shares)}")):
        sheet.text(0.15, middle + 1.4 + 0.75 * n, style.minus(words), size=SMALL, ha="left",
                   color=style.purple, fontweight="bold")
    for n, words in enumerate(("above a wire: the value, forward",
                               "below it: ← the gradient, backward")):
        sheet.text(WIDTH / 2, rows[-1] + 1.75 + 0.65 * n, words, size=SMALL, color=style.muted)


def _box(sheet: Board, at: Point, first: str, second: str, hue: str) -> None:
    x, y = at
    sheet.ax.add_patch(FancyBboxPatch((x - 0.87, y - 0.6), 1.74, 1.2, ec=hue, lw=1.3, zorder=3,
                                      boxstyle="round,pad=0.08", fc=style.tint(hue, 0.12)))
    for aside, words, weight in ((-0.28, first, "bold"), (0.28, second, "normal")):
        sheet.text(x, y + aside, style.minus(words), size=SMALL, color=hue, fontweight=weight,
                   zorder=5)


def _on_wire(sheet: Board, at: Point, back: object, value: str = "", hue: str = "") -> None:
    """The gradient that comes back below a wire, and perhaps the value that goes on above it."""
    labels = [(0.42, f"← {back}", style.purple)] + ([(-0.4, value, hue)] if value else [])
    for aside, words, colour in labels:
        sheet.text(at[0], at[1] + aside, style.minus(words), size=SMALL, color=colour,
                   fontweight="bold", zorder=6)
