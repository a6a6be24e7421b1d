"""The kernel's gradient: windows of x added up with prices, or one window of x a tap."""

import numpy as np
from matplotlib.patches import FancyBboxPatch, Rectangle

from convlib import conv2d, conv2d_backward
from figures import style
from figures.grids import board
from figures.live import kept
from figures.stamps import click_axes

ON = ("none", "left", "right", "both")


def adding(x, dy, w_shape):
    """draw(fig, top, bottom) for `live`: dw as the sum of those windows that are switched on.

    dy is 2 x 2; each control says which outputs of its row are on, one of ON.
    """
    x, dy = np.asarray(x), np.asarray(dy)
    R, S = w_shape
    (H, W), (P, Q) = x.shape, dy.shape
    step, first = S + 3.9, W + 4.6
    wide, tall = first + Q * step + S + 1.6, P * (R + 1.9) + 1.6

    def build(fig):
        sheet = board(wide, tall, fig)
        middle = (tall - 0.4) / 2
        image = sheet.grid(x, "x", (0.9, middle - H / 2))
        frames, blocks = {}, {}
        for p, q in np.ndindex(P, Q):
            frames[p, q] = sheet.ax.add_patch(Rectangle(
                (0.9 + q, middle - H / 2 + p), S, R, fill=False, ec=style.purple, lw=2, zorder=4))
            left, top = first + q * step, 1.9 + p * (R + 1.9)
            block = sheet.grid(x[p : p + R, q : q + S], "x", (left, top), indices=False,
                               label=f"window of y[{p},{q}]")
            price = sheet.text(left - 0.3, top + R / 2, "", ha="right", fontweight="bold",
                               color=style.purple, size=1.05)
            blocks[p, q] = block, price
        right = first + Q * step
        sheet.text(right - 1.9, middle, "=", size=1.3)
        total = sheet.grid(np.zeros((R, S), int), "dw", (right - 0.6, middle - R / 2))
        total.mark(np.ndindex(R, S), amount=0.2)
        return image, frames, blocks, total

    def draw(fig, top, bottom):
        image, frames, blocks, total = kept(fig, build)
        chosen = np.array([[row in ("left", "both"), row in ("right", "both")]
                           for row in (top, bottom)])
        dw = conv2d_backward(dy * chosen, x, np.zeros(w_shape, x.dtype)).dw
        total.set(dw)
        for cell, (block, price) in blocks.items():
            block.mark(np.ndindex(R, S) if chosen[cell] else (), amount=0.22)
            for number in block.numbers.values():
                number.set_alpha(1 if chosen[cell] else 0.3)
            price.set_text(f"{dy[cell]:+d} ·" if chosen[cell] else "off")
            price.set_color(style.purple if chosen[cell] else style.muted)
            frames[cell].set_visible(bool(chosen[cell]))
        terms = [f"{dy[c]}·{x[c[0]:c[0] + R, c[1]:c[1] + S].tolist()}"
                 for c in np.ndindex(P, Q) if chosen[c]]
        return f"dw = {' + '.join(terms) or 0} = {dw.tolist()}."

    draw.size = (10.4, 10.4 * tall / wide)
    return draw


def tapping(x, dy, w_shape):
    """draw(fig, r, s) for `live`: the P x Q window of x that one tap meets, under the prices.

    A click on a cell of dw chooses the tap.
    """
    x, dy = np.asarray(x), np.asarray(dy)
    (R, S), (H, W), (P, Q) = w_shape, x.shape, dy.shape
    dw = conv2d(x, dy)
    at = {"x": 0.9, "dy": W + 3.2, "dw": W + Q + 6.2}
    wide, tall = at["dw"] + S + 0.9, H + 3.6

    def build(fig):
        sheet = board(wide, tall, fig)
        middle = 1.6 + H / 2
        image = sheet.grid(x, "x", (at["x"], 1.6))
        prices = sheet.grid(dy, "dy", (at["dy"], middle - P / 2))
        prices.mark(np.ndindex(P, Q), amount=0.16)
        made = sheet.grid(dw, "dw", (at["dw"], middle - R / 2), label="dw: click")
        sheet.text(at["dy"] - 1.2, middle, "·", size=2)
        sheet.text(at["dw"] - 1.5, middle, "→", size=1.4)
        return image, made, sheet.text(wide / 2, tall - 0.8, "", size=0.95)

    def draw(fig, r, s):
        image, made, words = kept(fig, build)
        image.mark([(r + p, s + q) for p, q in np.ndindex(P, Q)])
        made.mark([(r, s)])
        terms = " + ".join(f"{_signed(dy[c])}·{_signed(x[r + c[0], s + c[1]])}"
                           for c in np.ndindex(P, Q))
        words.set_text(f"dw[{r},{s}] = {terms} = {dw[r, s]}")
        fig.click = (click_axes(fig, made), "s", "r")
        return (f"dw[{r},{s}] = {terms} = {dw[r, s]}: the {P} by {Q} window of x from ({r},{s}) "
                "on, each cell times the price that lies on it.")

    draw.size = (8.2, 8.2 * tall / wide)
    return draw


def draw_block():
    """The layer with bias and activation: what goes forward above, the prices coming back below."""
    sheet = board(21, 7.4)
    boxes = ((4.2, "⋆ w", style.orange), (10.2, "+ b", style.orange), (16.2, "σ", style.ink))
    for centre, name, hue in boxes:
        sheet.ax.add_patch(FancyBboxPatch((centre - 1.1, 2.2), 2.2, 2, zorder=3, ec=hue, lw=1.6,
                                          fc=style.tint(hue, 0.12), boxstyle="round,pad=0.15"))
        sheet.text(centre, 3.2, name, fontweight="bold", size=1.1, color=hue, zorder=4)
    flows = ((0.6, 2.9, "x", "dx"), (5.5, 8.9, "y", "dy"), (11.5, 14.9, "y + b", "dy"),
             (17.5, 20.4, "a", "da"))
    for start, end, forward, back in flows:
        sheet.arrow((start, 2.7), (end, 2.7), color=style.ink)
        sheet.arrow((end, 3.7), (start, 3.7), color=style.purple)
        sheet.text((start + end) / 2, 2.1, forward, color=style.colour(forward),
                   fontweight="bold")
        sheet.text((start + end) / 2, 4.3, back, color=style.purple, fontweight="bold")
    for centre, name, rule in ((4.2, "dw", "dw = x ⋆ dy"), (10.2, "db", "db = sum of dy"),
                               (16.2, None, "dy = da · σ′(y + b)")):
        if name:
            sheet.arrow((centre, 4.4), (centre, 5.7), color=style.purple)
        sheet.text(centre, 6.2, rule, color=style.purple, size=0.9)
    sheet.text(0.6, 1.0, "forward: values", ha="left", size=0.85)
    sheet.text(20.4, 1.0, "backward: prices", ha="right", size=0.85, color=style.purple)


def _signed(number):
    return f"({number})" if number < 0 else str(number)
