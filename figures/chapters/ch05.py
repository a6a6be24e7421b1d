"""The input's gradient in two dimensions: stamped from the outputs, or gathered at a pixel."""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from convlib import conv2d_backward, kernel_map
from figures.drawing import style
from figures.drawing.board import Board, board
from figures.drawing.grids import Grid, Shape, pad_with_ghosts
from figures.widgets.scene import Scene, scene

PAGE = 6.88  # inches, the width of the page: no picture is scaled down there


def _sheet(wide: float, tall: float) -> Board:
    """A new board as wide as the page."""
    return board(wide, tall, plt.figure(figsize=(PAGE, PAGE * tall / wide)))


def _even(grid: Grid, values: ArrayLike) -> None:
    """One type size for a whole grid, which fits the longest of the values."""
    longest = max(len(str(value)) for value in np.ravel(np.asarray(values)))
    for number in grid.numbers.values():
        number.set_fontsize(grid.board.font(min(1, 3.2 / longest)))


def stamping(dy: ArrayLike, w: ArrayLike) -> Scene:
    """draw(fig, p, q) for `live`: the stamps dy[p, q]·w added to dx, in reading order up to p, q.

    A click on an entry of dy chooses it. Controls: p over the rows of dy, q over its columns.
    """
    dy, w = np.asarray(dy), np.asarray(w)
    (P, Q), (R, S) = dy.shape, w.shape
    H, W = P + R - 1, Q + S - 1
    at = {"dy": 1.0, "stamp": Q + 3.3, "dx": Q + S + 5.6}
    wide, tall = at["dx"] + W + 0.8, H + 3.0
    whole = conv2d_backward(dy, np.zeros((H, W), dy.dtype), w).dx

    def build(fig: Figure) -> tuple[Any, ...]:
        sheet = board(wide, tall, fig)
        middle = 1.5 + H / 2
        prices = sheet.grid(dy, "dy", (at["dy"], middle - P / 2), label="dy: click an entry")
        stamp = sheet.grid(w, "dx", (at["stamp"], middle - R / 2), indices=False, label="stamp")
        dx = sheet.grid(np.zeros((H, W), int), "dx", (at["dx"], 1.5), label="dx so far")
        frame = sheet.frame((0, 0), S, R, style.purple)
        sheet.text(at["stamp"] - 0.8, middle, "→", size=1.2)
        sheet.text(at["dx"] - 1.2, middle, "→", size=1.2)
        for grid in (prices, stamp, dx):
            grid.title.set_fontsize(sheet.font(0.8))
        return prices, stamp, dx, frame, sheet.text(wide / 2, tall - 0.6, "", size=0.66)

    @scene(size=(PAGE, PAGE * tall / wide), build=build)
    def draw(fig: Any, parts: Any, p: int, q: int) -> str:
        prices, stamp, dx, frame, words = parts
        laid = [cell for cell in np.ndindex(P, Q) if cell <= (p, q)]
        seen = np.zeros_like(dy)
        for cell in laid:
            seen[cell] = dy[cell]
        total = conv2d_backward(seen, np.zeros((H, W), dy.dtype), w).dx
        prices.mark([(p, q)], also=laid)
        stamp.set(dy[p, q] * w)
        _even(stamp, dy.max() * w)
        stamp.mark(np.ndindex(R, S))
        dx.set(total)
        _even(dx, whole)
        dx.mark(also=[c for c in np.ndindex(H, W) if total[c]])
        frame.set_xy((at["dx"] + q, 1.5 + p))
        words.set_text(f"dy[{p},{q}] = {dy[p, q]}: the stamp {dy[p, q]}·w is added at dx[{p},{q}]")
        fig.click = (prices.click_axes, "q", "p")
        return (f"{len(laid)} of {P * Q} stamps: dy[{p},{q}] = {dy[p, q]} adds {dy[p, q]}·w = "
                f"{(dy[p, q] * w).tolist()}, with its corner at dx[{p},{q}]. "
                f"dx so far: {total.tolist()}.")

    return draw


def gathering(dy: ArrayLike, w: ArrayLike) -> Scene:
    """draw(fig, i, j) for `still`: the rotated w over the padded dy, and the products give dx."""
    dy, w = np.asarray(dy), np.asarray(w)
    (P, Q), (R, S) = dy.shape, w.shape
    H, W = P + R - 1, Q + S - 1
    dx = conv2d_backward(dy, np.zeros((H, W), dy.dtype), w).dx
    values, real, first = pad_with_ghosts(dy, [(R - 1, R - 1), (S - 1, S - 1)])
    rows, columns = values.shape
    at = {"dy": 0.9, "w": columns + 2.2, "dx": columns + 2.2 + 2 * S + 1.7}
    wide, tall = at["dx"] + W + 0.7, max(rows, H) + 3.2

    def build(fig: Figure) -> tuple[Any, ...]:
        sheet = board(wide, tall, fig)
        middle = 1.6 + rows / 2
        prices = sheet.grid(values, "dy", (at["dy"], 1.6), first=first, real=real,
                            label="dy with zeros around it")
        prices.title.set_fontsize(sheet.font(0.8))
        left, top = at["w"], middle - R / 2
        sheet.text(left + S, top - 0.5, "rot180(w)", color=style.orange, fontweight="bold",
                   size=0.8)
        for a, b in np.ndindex(R, S):  # position (a, b) of the window has the tap R-1-a, S-1-b
            r, s = R - 1 - a, S - 1 - b
            sheet.ax.add_patch(Rectangle((left + 2 * b, top + a), 2, 1, lw=0.9, ec=style.orange,
                                         fc=style.tint(style.orange, 0.16)))
            sheet.text(left + 2 * b + 1, top + a + 0.34, w[r, s], fontweight="bold", size=0.8)
            sheet.text(left + 2 * b + 1, top + a + 0.77, f"w[{r},{s}]", size=0.58,
                       color=style.orange)
        made = sheet.grid(dx, "dx", (at["dx"], middle - H / 2), label="dx")
        made.title.set_fontsize(sheet.font(0.8))
        _even(made, dx)
        frame = sheet.frame((0, 0), S, R, style.orange)
        sheet.text(left - 0.65, middle, "⋆", size=1.9)
        sheet.text(at["dx"] - 0.95, middle, "=", size=1.3)
        return prices, made, frame, sheet.text(wide / 2, tall - 0.7, "", size=0.75)

    @scene(size=(PAGE, PAGE * tall / wide), build=build)
    def draw(fig: Figure, parts: Any, i: int, j: int) -> str:
        prices, made, frame, words = parts
        cells = [(i - r, j - s) for r, s in np.ndindex(R, S)]
        inside = [c for c in cells if 0 <= c[0] < P and 0 <= c[1] < Q]
        prices.mark(inside, also=[c for c in cells if c not in inside])
        made.mark([(i, j)])
        frame.set_xy((at["dy"] + j, 1.6 + i))
        terms = [f"{dy[c]}·{w[i - c[0], j - c[1]]}" for c in sorted(inside)]
        total = f"dx[{i},{j}] = {' + '.join(terms)} = {dx[i, j]}"
        words.set_text(total)
        return f"{total}. The framed window ends at dy[{i},{j}], and the kernel over it is rotated."

    return draw


def draw_affected(x_shape: Shape, w_shape: Shape, cells: Sequence[tuple[int, int]]) -> None:
    """For each cell of x the outputs that use it: i-R+1..i and j-S+1..j, cut to the output."""
    (P, Q), (R, S) = kernel_map(x_shape, w_shape).y_shape, w_shape
    real = np.zeros((P + 2 * R - 2, Q + 2 * S - 2), bool)
    real[R - 1 : R - 1 + P, S - 1 : S - 1 + Q] = True
    rows, columns = real.shape
    sheet = _sheet(len(cells) * (columns + 1.3) + 0.6, rows + 2.9)
    for n, (i, j) in enumerate(cells):
        left = 0.9 + n * (columns + 1.3)
        reach = list(product(range(i - R + 1, i + 1), range(j - S + 1, j + 1)))
        inside = [c for c in reach if 0 <= c[0] < P and 0 <= c[1] < Q]
        grid = sheet.grid(np.full(real.shape, "", object), "y", (left, 1.6), real=real,
                          first=(1 - R, 1 - S), label=f"outputs that use x[{i},{j}]")
        grid.title.set_fontsize(sheet.font(0.85))
        grid.mark(inside, also=(missing := [c for c in reach if c not in inside]))
        for cell in missing:  # a frame, because a pale tint is lost on a dark ground
            sheet.frame((left + cell[1] + S - 1, 1.6 + cell[0] + R - 1), 1, 1, grid.hue, lw=1.3,
                        zorder=2, linestyle="--")
        sheet.text(left + columns / 2, rows + 2.2, f"{len(inside)} of {R * S} exist", size=0.8)


def draw_wrapped(dy: ArrayLike, w: ArrayLike) -> None:
    """What dx[0,0] meets at negative indices: zeros in the formula, the other end in Python."""
    dy, w = np.asarray(dy), np.asarray(w)
    (P, Q), (R, S) = dy.shape, w.shape
    around: tuple[tuple[str, dict[str, Any]], ...] = (
        ("the formula: zeros", {}), ("the loop: the other end", {"mode": "wrap"}))
    rows, columns = P + R - 1, Q + S - 1
    wide, tall = 2 * columns + 9.0, rows + 3.3
    sheet = _sheet(wide, tall)
    for n, (label, mode) in enumerate(around):
        values = np.pad(dy, [(R - 1, 0), (S - 1, 0)], **mode)
        real = np.pad(np.ones(dy.shape, bool), [(R - 1, 0), (S - 1, 0)])
        left = 2.4 + n * (columns + 4.2)
        grid = sheet.grid(values, "dy", (left, 1.7), first=(1 - R, 1 - S), real=real, label=label)
        grid.title.set_fontsize(sheet.font(0.72))
        grid.mark([(0, 0)], also=product(range(1 - R, 1), range(1 - S, 1)))
        sheet.frame((left, 1.7), S, R, style.orange)
        sheet.text(left + columns / 2, rows + 2.5, _in_words(values[:R, :S], w), size=0.7)


def _in_words(window: NDArray[Any], w: NDArray[Any]) -> str:
    """The sum of a window of dy under the rotated kernel, without products of zero."""
    pairs: Iterable[tuple[Any, Any]] = zip(window.ravel(), np.flip(w).ravel(), strict=True)
    terms = [(price, tap) for price, tap in pairs if price]
    total = sum(price * tap for price, tap in terms)
    return f"{' + '.join(f'{price}·{tap}' for price, tap in terms)} = {total}"
