"""Windows and the places they have: on one axis, on a grid, in padding, in the block of a layer."""

import numpy as np
from matplotlib.patches import FancyBboxPatch, Rectangle

from convlib import conv2d, output_size
from convlib.options import read_padding
from figures.drawing import style
from figures.drawing.grids import Board, board, pad_with_ghosts
from figures.widgets.live import kept


def stairs(R, stride, sizes):
    """draw(fig, H) for `live`: every window on an axis of H cells, and P over all the sizes."""
    sizes = list(sizes)
    places = [output_size(H, R, stride=stride) for H in sizes]
    longest, most = max(sizes), max(places)
    wide, tall = longest + stride + 2.2, most + 4.6

    def build(fig):
        panel = Board(fig.add_axes((0, 0, 0.66, 1)), wide, tall)
        cells = [_rectangle(panel, 1 + i, 1.3, 1, style.blue) for i in range(longest)]
        names = [panel.text(1.5 + i, 1.05, i, size=0.62, color=style.muted)
                 for i in range(longest)]
        bars = [_rectangle(panel, 1 + p * stride, 2.7 + p, R, style.orange) for p in range(most)]
        words = [panel.text(1 + p * stride + R / 2, 3.1 + p, f"p = {p}", size=0.8)
                 for p in range(most)]
        outside = _rectangle(panel, 0, 0, R, style.muted)
        outside.set(linestyle="--", facecolor="none")
        no = panel.text(0, 0, "does not fit", size=0.7, color=style.muted)
        panel.text(1, 0.45, f"x, an axis of H cells; R = {R}, stride = {stride}", ha="left",
                   color=style.blue, fontweight="bold", size=0.85)
        chart = fig.add_axes((0.73, 0.2, 0.25, 0.66))
        chart.step([*sizes, longest + 1], [*places, places[-1]], where="post",
                   color=style.green, lw=1.6)
        chart.set(xticks=sizes, yticks=range(most + 2), xlim=(sizes[0] - 0.6, longest + 1),
                  ylim=(0, most + 0.7))
        chart.set_title("P, the number of places", fontsize=11)
        chart.set_xlabel("H", fontsize=10)
        chart.tick_params(labelsize=8)
        (dot,) = chart.plot([], [], "o", color=style.ink, ms=8)
        return cells, names, bars, words, outside, no, dot

    def draw(fig, H):
        cells, names, bars, words, outside, no, dot = kept(fig, build)
        P = output_size(H, R, stride=stride)
        starts = [p * stride for p in range(P)]
        unread = sorted(set(range(H)) - {start + r for start in starts for r in range(R)})
        for i, (cell, name) in enumerate(zip(cells, names, strict=True)):
            cell.set_visible(i < H)
            name.set_visible(i < H)
            cell.set(facecolor=style.faint if i in unread else style.tint(style.blue, 0.15),
                     hatch="///" if i in unread else None,
                     edgecolor=style.muted if i in unread else style.blue)
        for p, (bar, word) in enumerate(zip(bars, words, strict=True)):
            bar.set_visible(p < P)
            word.set_visible(p < P)
        outside.set_xy((1 + P * stride, 2.74 + P))
        no.set_position((1 + P * stride + R / 2, 3.14 + P))
        dot.set_data([H], [P])
        left = ("every cell is read" if not unread
                else f"unread: {', '.join(f'x[{i}]' for i in unread)}")
        return f"H = {H}: the window starts at {', '.join(map(str, starts))}. P = {P}; {left}."

    draw.size = (9.6, 9.6 * 0.66 * tall / wide)
    return draw


def _rectangle(panel, left, top, width, hue):
    height = 1 if width == 1 else 0.8
    return panel.ax.add_patch(Rectangle((left, top), width, height, edgecolor=hue,
                                        facecolor=style.tint(hue, 0.22), lw=1.2))


def draw_window(x, w, p, q, **options):
    """The window of y[p, q] in x, the kernel beside it, and the sum: a new figure."""
    x, w = np.asarray(x), np.asarray(w)
    y = conv2d(x, w, **options)
    (H, W), (R, S), (P, Q) = x.shape, w.shape, y.shape
    sheet = board(W + S + Q + 4.6, max(H, R, P) + 3.2)
    grids, left = {}, 0.8
    for name, array, sign in (("x", x, "⋆"), ("w", w, "="), ("y", y, "")):
        rows, columns = array.shape
        grids[name] = sheet.grid(array, name, (left, 1.4 + (max(H, R, P) - rows) / 2))
        left += columns + 1.5
        sheet.text(left - 0.85, 1.4 + max(H, R, P) / 2, sign, size=1.3)
    window = [(p + r, q + s) for r, s in np.ndindex(w.shape)]
    grids["x"].mark(window)
    grids["w"].mark(np.ndindex(w.shape))
    grids["y"].mark([(p, q)])
    products = " + ".join(f"{x[cell]}·{tap}" for cell, tap in zip(window, w.flat, strict=True))
    sheet.text(0.8, max(H, R, P) + 2.4, f"y[{p},{q}] = {products} = {y[p, q]}", ha="left",
               color=style.green, fontweight="bold", size=0.95)


def draw_paddings(x, kernel_size, paddings):
    """x inside each padding, the first window marked: a new figure. Added zeros are dotted."""
    x = np.asarray(x)
    pads = [read_padding(padding, kernel_size, (1, 1)) for padding in paddings]
    tall = max(x.shape[0] + sum(rows) for rows, _ in pads)
    sheet = board(sum(x.shape[1] + sum(columns) + 1.8 for _, columns in pads) + 0.4, tall + 3.4)
    left = 1.0
    for padding, pad in zip(paddings, pads, strict=True):
        values, real, first = pad_with_ghosts(x, pad)
        grid = sheet.grid(values, "x", (left, 1.9), real=real, first=first, label=f"{padding!r}")
        grid.mark([(first[0] + r, first[1] + s) for r, s in np.ndindex(tuple(kernel_size))])
        P, Q = (output_size(n, k, padding=ends)
                for n, k, ends in zip(x.shape, kernel_size, pad, strict=True))
        sheet.text(left + values.shape[1] / 2, tall + 2.6, f"y: {P} × {Q}", color=style.green,
                   fontweight="bold", size=0.95)
        left += values.shape[1] + 1.8


def draw_layer(shapes, *, activation=None):
    """A layer as a block: x in, w and b from above, y out, prices coming back: a new figure.

    shapes: {"x": ..., "w": ..., "b": ..., "y": ...} as they are to be written.
    """
    sheet = board(21 if activation else 15.5, 7.6)
    blocks = {5.2: "⋆ w", 9.0: "+ b"} | ({16.2: activation} if activation else {})
    for at, words in blocks.items():
        sheet.ax.add_patch(FancyBboxPatch((at - 1, 3.4), 2, 1.6, boxstyle="round,pad=0.05",
                                          facecolor=style.tint(style.faint, 0.35),
                                          edgecolor=style.muted))
        sheet.text(at, 4.2, words, fontweight="bold")
    values = {"x": 1.5, "y": 12.7} | ({"a": 19.6} if activation else {})
    for name, at in values.items():
        _quantity(sheet, name, shapes.get(name, shapes["y"]), at, 4.2)
    for name, at in (("w", 5.2), ("b", 9.0)):
        _quantity(sheet, name, shapes[name], at, 0.8)
        sheet.arrow((at - 0.3, 1.7), (at - 0.3, 3.3), color=style.colour(name), width=2)
        sheet.arrow((at + 0.3, 3.3), (at + 0.3, 1.7), color=style.purple, dashed=True)
        sheet.text(at + 0.6, 2.5, f"d{name}", color=style.purple, ha="left")
    ways = [(2.5, 4.1, "dx"), (6.3, 7.9, "dy"), (10.1, 11.5, "dy")]
    ways += [(13.9, 15.1, "dy"), (17.3, 18.6, "da")] if activation else []
    for start, end, price in ways:
        sheet.arrow((start, 3.9), (end, 3.9), color=style.ink, width=2)
        sheet.arrow((end, 4.6), (start, 4.6), color=style.purple, dashed=True)
        sheet.text((start + end) / 2, 5.15, price, color=style.purple)
    sheet.text(0.4, 6.8, "forward: solid arrows", ha="left", size=0.85)
    sheet.text(9.0, 6.8, "backward: dashed arrows, prices from the right", size=0.85,
               color=style.purple, ha="left" if activation else "center")
    if not activation:
        sheet.arrow((14.9, 4.6), (13.9, 4.6), color=style.purple, dashed=True)
        sheet.text(14.7, 5.15, "dy", color=style.purple)


def _quantity(sheet, name, shape, x, y):
    sheet.text(x, y - 0.3, name, color=style.colour(name), fontweight="bold", size=1.2)
    sheet.text(x, y + 0.45, shape, size=0.7, color=style.muted)
