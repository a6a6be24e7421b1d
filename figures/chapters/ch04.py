"""The kernel's gradient: windows of x, added up with their prices."""

import numpy as np
from matplotlib.patches import FancyBboxPatch, Rectangle

from convlib import conv2d_backward
from figures.drawing import style
from figures.drawing.grids import board
from figures.widgets.live import kept

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
