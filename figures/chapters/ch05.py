"""The input's gradient in two dimensions: stamped from the outputs, or gathered at an input."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from convlib import conv2d_backward, kernel_map
from figures.drawing import style
from figures.drawing.board import board
from figures.drawing.grids import Shape, pad_with_ghosts
from figures.widgets.live import kept
from figures.widgets.scene import Scene, scene


def stamping(dy: ArrayLike, w: ArrayLike) -> Scene:
    """draw(fig, p, q) for `live`: the stamps dy[p, q]·w laid into dx, in reading order up to p, q.

    A click on a cell of dy chooses it. Controls: p over the rows of dy, q over its columns.
    """
    dy, w = np.asarray(dy), np.asarray(w)
    (P, Q), (R, S) = dy.shape, w.shape
    H, W = P + R - 1, Q + S - 1
    at = {"dy": 0.9, "stamp": Q + 3.4, "dx": Q + S + 6.6}
    wide, tall = at["dx"] + W + 0.8, H + 3.3

    def build(fig: Figure) -> tuple[Any, ...]:
        sheet = board(wide, tall, fig)
        middle = 1.5 + H / 2
        prices = sheet.grid(dy, "dy", (at["dy"], middle - P / 2), label="dy: click")
        stamp = sheet.grid(w, "dx", (at["stamp"], middle - R / 2), indices=False, label="stamp")
        dx = sheet.grid(np.zeros((H, W), int), "dx", (at["dx"], 1.5))
        frame = sheet.frame((0, 0), S, R, style.purple)
        sheet.text(at["stamp"] - 1.3, middle, "→", size=1.4)
        sheet.text(at["dx"] - 1.5, middle, "→", size=1.4)
        return prices, stamp, dx, frame, sheet.text(wide / 2, tall - 0.7, "", size=0.95)

    @scene(size=(8.2, 8.2 * tall / wide))
    def draw(fig: Any, p: int, q: int) -> str:
        prices, stamp, dx, frame, words = kept(fig, build)
        laid = [cell for cell in np.ndindex(P, Q) if cell <= (p, q)]
        seen = np.zeros_like(dy)
        for cell in laid:
            seen[cell] = dy[cell]
        total = conv2d_backward(seen, np.zeros((H, W), dy.dtype), w).dx
        prices.mark([(p, q)], also=laid)
        stamp.set(dy[p, q] * w)
        stamp.mark(np.ndindex(R, S))
        dx.set(total)
        dx.mark(also=[c for c in np.ndindex(H, W) if total[c]])
        frame.set_xy((at["dx"] + q, 1.5 + p))
        words.set_text(f"dy[{p},{q}] = {dy[p, q]} stamps {dy[p, q]}·w from dx[{p},{q}] on")
        fig.click = (prices.click_axes, "q", "p")
        return (f"{len(laid)} of {P * Q} stamps: dy[{p},{q}] = {dy[p, q]} adds {dy[p, q]}·w = "
                f"{(dy[p, q] * w).tolist()} from dx[{p},{q}] on. dx so far: {total.tolist()}.")

    return draw


def gathering(dy: ArrayLike, w: ArrayLike) -> Scene:
    """draw(fig, i, j) for `live`: the flipped w lies on the padded dy, and the products give dx.

    Controls: i over the rows of dx, j over its columns.
    """
    dy, w = np.asarray(dy), np.asarray(w)
    (P, Q), (R, S) = dy.shape, w.shape
    H, W = P + R - 1, Q + S - 1
    dx = conv2d_backward(dy, np.zeros((H, W), dy.dtype), w).dx
    values, real, first = pad_with_ghosts(dy, [(R - 1, R - 1), (S - 1, S - 1)])
    rows, columns = values.shape
    at = {"dy": 0.9, "w": columns + 2.6, "dx": columns + 2.6 + 2 * S + 2.2}
    wide, tall = at["dx"] + W + 0.8, max(rows, H) + 3.6

    def build(fig: Figure) -> tuple[Any, ...]:
        sheet = board(wide, tall, fig)
        middle = 1.6 + rows / 2
        prices = sheet.grid(values, "dy", (at["dy"], 1.6), first=first, real=real,
                            label="dy, padded")
        left, top = at["w"], middle - R / 2
        sheet.text(left + S, top - 0.85, "w, flipped", color=style.orange, fontweight="bold",
                   size=1.05)
        for a, b in np.ndindex(R, S):  # place (a, b) of the window holds the tap R-1-a, S-1-b
            r, s = R - 1 - a, S - 1 - b
            sheet.ax.add_patch(Rectangle((left + 2 * b, top + a), 2, 1, lw=0.9, ec=style.orange,
                                         fc=style.tint(style.orange, 0.16)))
            sheet.text(left + 2 * b + 1, top + a + 0.36, w[r, s], fontweight="bold", size=0.9)
            sheet.text(left + 2 * b + 1, top + a + 0.78, f"w[{r},{s}]", size=0.55,
                       color=style.orange)
        made = sheet.grid(dx, "dx", (at["dx"], middle - H / 2), label="dx")
        frame = sheet.frame((0, 0), S, R, style.orange)
        sheet.text(at["dx"] - 1.1, middle, "=", size=1.3)
        return prices, made, frame, sheet.text(wide / 2, tall - 0.8, "", size=0.95)

    @scene(size=(8.8, 8.8 * tall / wide))
    def draw(fig: Figure, i: int, j: int) -> str:
        prices, made, frame, words = kept(fig, build)
        cells = [(i - r, j - s) for r, s in np.ndindex(R, S)]
        inside = [c for c in cells if 0 <= c[0] < P and 0 <= c[1] < Q]
        prices.mark(inside, also=[c for c in cells if c not in inside])
        made.mark([(i, j)])
        frame.set_xy((at["dy"] + j, 1.6 + i))
        terms = [f"{dy[c]}·{w[i - c[0], j - c[1]]}" for c in sorted(inside)]
        total = f"dx[{i},{j}] = {' + '.join(terms)} = {dx[i, j]}"
        words.set_text(total)
        return f"{total}. The window of the padded dy ends at ({i},{j}); w lies on it flipped."

    return draw


def draw_placements(x_shape: Shape, w_shape: Shape, cell: tuple[int, int]) -> None:
    """The kernel on x in three of the places where it covers one cell: first, one between, last."""
    (H, W), (R, S), (i, j) = x_shape, w_shape, cell
    starts = [(i - R + 1, j - S + 1), (i - R // 2, j - S // 2), (i, j)]
    sheet = board(3 * W + 4.4, H + 3.6)
    for n, (name, (p, q)) in enumerate(zip(("first", "in between", "last"), starts, strict=True)):
        left = 0.9 + n * (W + 1.3)
        grid = sheet.grid(np.full((H, W), "", object), "x", (left, 1.9),
                          label=f"{name}: y[{p},{q}]")
        grid.mark([cell], amount=0.5)
        sheet.ax.add_patch(Rectangle((left + q, 1.9 + p), S, R, lw=2.4, ec=style.orange, zorder=4,
                                     fc=(*style.tint(style.orange, 1), 0.12)))
        sheet.text(left + W / 2, H + 2.7, f"x[{i},{j}] under w[{i - p},{j - q}]", size=0.85,
                   color=style.orange)


def draw_affected(x_shape: Shape, w_shape: Shape, cells: Sequence[tuple[int, int]]) -> None:
    """For each cell of x the outputs that read it: i-R+1..i and j-S+1..j, cut to the output."""
    (P, Q), (R, S) = kernel_map(x_shape, w_shape).y_shape, w_shape
    real = np.zeros((P + 2 * R - 2, Q + 2 * S - 2), bool)
    real[R - 1 : R - 1 + P, S - 1 : S - 1 + Q] = True
    rows, columns = real.shape
    sheet = board(len(cells) * (columns + 1.3) + 0.6, rows + 3.4)
    for n, (i, j) in enumerate(cells):
        left = 0.9 + n * (columns + 1.3)
        reach = list(product(range(i - R + 1, i + 1), range(j - S + 1, j + 1)))
        inside = [c for c in reach if 0 <= c[0] < P and 0 <= c[1] < Q]
        grid = sheet.grid(np.full(real.shape, "", object), "y", (left, 1.9), real=real,
                          first=(1 - R, 1 - S), label=f"outputs of x[{i},{j}]")
        grid.mark(inside, also=[c for c in reach if c not in inside])
        sheet.text(left + columns / 2, rows + 2.7, f"{len(inside)} of {R * S} exist", size=0.85)


def draw_factors() -> None:
    """The chain rule for one input cell, its two factors named underneath."""
    sheet = board(19, 5)
    sheet.text(2.6, 1.5, r"$dx[i,j]\;=\;\sum_{p,q}$", size=1.25)
    factors = ((7.0, r"$dy[p,q]$", style.purple, "the price of an output:\nit has arrived"),
               (12.6, r"$\frac{\partial\, y[p,q]}{\partial\, x[i,j]}$", style.orange,
                "the tap between output and input:\nto be found"))
    for centre, words, hue, note in factors:
        sheet.text(centre, 1.45, words, color=hue, size=1.6)
        half = 1.7
        sheet.ax.plot([centre - half, centre - half, centre + half, centre + half],
                      [2.55, 2.75, 2.75, 2.55], color=hue, lw=1.6)
        sheet.text(centre, 3.75, note, color=hue, size=0.85, linespacing=1.4)
    sheet.text(9.6, 1.5, "·", size=1.6)


def draw_turned(w_shape: Shape) -> None:
    """The kernel as stored and turned by rot180: each place with the tap that lies there."""
    R, S = w_shape
    sheet = board(4 * S + 5.4, R + 2.8)
    for left, title, tap in ((0.9, "w as stored", lambda a, b: (a, b)),
                             (2 * S + 4.2, "rot180(w)", lambda a, b: (R - 1 - a, S - 1 - b))):
        sheet.text(left + S, 0.6, title, color=style.orange, fontweight="bold", size=1.05)
        for b in range(S):
            sheet.text(left + 2 * b + 1, 1.25, b, size=0.62, color=style.muted)
        for a, b in np.ndindex(R, S):
            sheet.text(left - 0.25, 2.0 + a, a, size=0.62, color=style.muted)
            marked = tap(a, b) == (0, 0)
            sheet.ax.add_patch(Rectangle((left + 2 * b, 1.5 + a), 2, 1, ec=style.orange,
                                         lw=2.4 if marked else 0.9, zorder=2 + marked,
                                         fc=style.tint(style.orange, 0.34 if marked else 0.12)))
            sheet.text(left + 2 * b + 1, 2.0 + a, "w[{},{}]".format(*tap(a, b)), size=0.85,
                       fontweight="bold" if marked else "normal", zorder=4)
    sheet.text(2 * S + 2.4, 1.5 + R / 2, "→", size=1.4)
