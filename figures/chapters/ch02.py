"""The flip: where each convention puts it, and when nobody can see that it is missing."""

from typing import NamedTuple

import numpy as np
from matplotlib.patches import Rectangle

from convlib import conv2d_backward, kernel_map
from course.mistakes.catalogue import no_flip
from figures.drawing import style
from figures.drawing.grids import board, pad_with_ghosts
from figures.widgets.live import kept

FORWARDS = ("cross-correlation", "true convolution")


class Sums(NamedTuple):
    """The three sums of one table."""

    y: np.ndarray
    dw: np.ndarray
    dx: np.ndarray


def three_sums(x, w, dy, forward):
    """y, dw and dx of a layer whose forward pass is `forward`, one of FORWARDS."""
    table = kernel_map(np.shape(x), np.shape(w), mirrored=forward == FORWARDS[1])
    return Sums(table.forward(x, w), table.grad_w(dy, x), table.grad_x(dy, w))


def convention_scene(x, w, dy):
    """draw(fig, forward) for `live`: y, dw and dx of one axis under either forward pass.

    Each line is a sliding sum of two rows, and w is drawn as it lies there: with true convolution
    the flip leaves dx and enters y, and dw comes out in the order in which w is stored.
    """
    x, w, dy = (np.asarray(a) for a in (x, w, dy))
    last = len(w) - 1
    values, real, first = pad_with_ghosts(dy, [(last, last)])
    slid = len(values) + 2.4
    made = slid + max(len(w), len(dy)) + 1.5
    wide, tall = made + len(x) + 5.6, 9.9

    def build(fig):
        sheet, lines = board(wide, tall, fig), {}
        for n, (name, sums) in enumerate(zip(Sums._fields, three_sums(x, w, dy, FORWARDS[0]),
                                             strict=True)):
            top = 1.5 + 2.9 * n
            if name == "dx":
                sheet.grid(values, "dy", (0.8, top), first=first, real=real, label="dy, padded")
            else:
                sheet.grid(x, "x", (0.8, top))
            if name == "dw":
                over, taps = sheet.grid(dy, "dy", (slid, top)), []
            else:
                over = sheet.grid(w, "w", (slid, top), indices=False)
                taps = [sheet.text(slid + r + 0.5, top + 1.27, "", size=0.68, color=style.orange)
                        for r in range(len(w))]
            sheet.text(slid - 0.8, top + 0.5, "⋆", size=1.8)
            sheet.text(made - 0.75, top + 0.5, "=", size=1.3)
            note = sheet.text(made + len(x) + 0.4, top + 0.5, "", ha="left", size=0.85)
            lines[name] = over, taps, sheet.grid(sums, name, (made, top)), note
        return lines, sheet.text(0.8, tall - 0.6, "", ha="left", fontweight="bold")

    def draw(fig, forward):
        lines, rule = kept(fig, build)
        mirrored, sums = forward == FORWARDS[1], three_sums(x, w, dy, forward)
        for name, result in zip(Sums._fields, sums, strict=True):
            over, taps, made_grid, note = lines[name]
            made_grid.set(result)
            if name == "dw":
                made_grid.mark(range(len(w)) if mirrored else ())
                note.set_text("⇄ stored mirrored" if mirrored else "no flip")
            else:
                flipped = mirrored == (name == "y")
                _lay(over, taps, w, flipped)
                note.set_text("⇄ w lies flipped" if flipped else "w lies as stored")
        index = f"i = p + ({last} − r)" if mirrored else "i = p + r"
        rule.set_text(f"Forward pass by {forward}: {index}")
        where, else_where = ("y", "dx") if mirrored else ("dx", "y")
        return (f"Forward pass by {forward}, {index}. y = {sums.y.tolist()}, "
                f"dw = {sums.dw.tolist()}{', stored mirrored' if mirrored else ''}, "
                f"dx = {sums.dx.tolist()}. The kernel lies flipped in {where} and as stored in "
                f"{else_where}.")

    draw.size = (9.6, 9.6 * tall / wide)
    return draw


def _lay(grid, taps, w, flipped):
    """Show w as it lies under the other row, each tap under its own index."""
    order = list(range(len(w)))[:: -1 if flipped else 1]
    grid.set(w[order])
    grid.mark(order if flipped else ())
    for words, r in zip(taps, order, strict=True):
        words.set_text(f"w[{r}]")


def verdicts(w, dy):
    """The right dx, a dx without the flip, and what popular checks say: {check: (passes, words)}.

    The interior are the cells that every tap reaches.
    """
    w, dy = np.asarray(w), np.asarray(dy)
    x = np.zeros(np.add(dy.shape, w.shape) - 1, int)
    right, wrong = conv2d_backward(dy, x, w).dx, no_flip(dy, x, w).dx
    inside = tuple(slice(r - 1, p) for r, p in zip(w.shape, dy.shape, strict=True))
    missed, deep = right != wrong, right[inside] != wrong[inside]
    return right, wrong, {
        "every cell": (not missed.any(), f"{missed.sum()} of {missed.size} differ"),
        "the interior": (not deep.any(), f"{deep.sum()} of {deep.size} differ"),
        "the mean": (right.sum() == wrong.sum(), f"{right.mean():.4g} and {wrong.mean():.4g}")}


def bug_scene(kernels, prices):
    """draw(fig, w, dy) for `live`: the right dx beside one without the flip, and three checks.

    kernels, prices: name -> array, all kernels of one shape and all prices of one shape.
    """
    some_w, some_dy = (np.asarray(next(iter(named.values()))) for named in (kernels, prices))
    right, wrong, checks = verdicts(some_w, some_dy)
    left = max(some_w.shape[1], some_dy.shape[1]) + 2.4
    beside, below = left + right.shape[1] + 1.6, max(right.shape[0], len(some_w) + 2.2) + 2.3
    wide, tall = beside + right.shape[1] + 0.6, below + len(checks) + 0.3

    def build(fig):
        sheet = board(wide, tall, fig)
        grids = [sheet.grid(some_w, "w", (0.8, 1.5)),
                 sheet.grid(some_dy, "dy", (0.8, len(some_w) + 3.6)),
                 sheet.grid(right, "dx", (left, 1.5)),
                 sheet.grid(wrong, "dx", (beside, 1.5), label="dx without the flip")]
        return grids, [[sheet.text(left + at, below + n, "", ha="left", size=0.9)
                        for at in (0, 5.6, 10.2)] for n in range(len(checks))]

    def draw(fig, w, dy):
        grids, lines = kept(fig, build)
        right, wrong, checks = verdicts(kernels[w], prices[dy])
        for grid, array in zip(grids, (kernels[w], prices[dy], right, wrong), strict=True):
            grid.set(array)
        grids[-1].mark(list(zip(*np.nonzero(right != wrong), strict=True)))
        for line, (check, (passes, said)) in zip(lines, checks.items(), strict=True):
            verdict = "○ the bug passes" if passes else "● the bug is caught"
            for text, part in zip(line, (f"compare {check}:", said, verdict), strict=True):
                text.set(text=part, color=style.purple if not passes else style.ink,
                         fontweight="normal" if passes else "bold")
        told = "; ".join(f"compare {check}: {said}, the bug {'passes' if passes else 'is caught'}"
                         for check, (passes, said) in checks.items())
        return f"w {w}, dy {dy}: {told}."

    draw.size = (9.6, 9.6 * tall / wide)
    return draw


def draw_product(a, b, names=("dy", "w", "dx")):
    """a * b as a long multiplication without carrying, digits under digits: a new figure.

    Under column i stand the products a[p]*b[r] with p + r = i; their sum is (a * b)[i].
    """
    a, b = np.asarray(a), np.asarray(b)
    wide = len(a) + len(b) - 1
    sheet, left = board(wide + 7.6, len(b) + 5.5), 1.6
    sheet.grid(a, names[0], (left + len(b) - 1, 0.4), indices=False, label="")
    sheet.grid(b, names[1], (left + wide - len(b), 1.5), indices=False, label="")
    sheet.text(left + wide - len(b) - 0.6, 2.0, "×", size=1.2)
    for name, y in ((names[0], 0.9), (names[1], 2.0)):
        sheet.text(left + wide + 0.4, y, name, color=style.colour(name), ha="left",
                   fontweight="bold")
    for n, r in enumerate(range(len(b))[::-1]):
        top = 3.1 + n
        sheet.grid(a * b[r], names[0], (left + r, top), indices=False, label="")
        sheet.text(left + wide + 0.4, top + 0.5, f"{names[1]}[{r}] = {b[r]} times {names[0]}",
                   ha="left", size=0.85)
    total = sheet.grid(np.convolve(a, b), names[2], (left, 4.1 + len(b)), label="")
    total.mark(range(wide))
    sheet.text(left + wide + 0.4, 4.6 + len(b), f"{names[2]}, column by column", ha="left",
               color=style.colour(names[2]), fontweight="bold", size=0.9)
    sheet.text(left - 0.5, 3.85 + len(b), "i =", size=0.62, color=style.muted)


def draw_anchors(x, w_shape, cell):
    """The window of output `cell`, hung by its corner and by its centre, on x: a new figure."""
    x = np.asarray(x)
    half = [n // 2 for n in w_shape]
    values, real, first = pad_with_ghosts(x, [(n, n) for n in half])
    sheet = board(2 * values.shape[1] + 3, len(values) + 3)
    for n, (title, back) in enumerate((("corner", (0, 0)), ("centre", half))):
        at = 1 + n * (values.shape[1] + 1.2), 1.7
        label = f"window hung by its {title}"
        grid = sheet.grid(values, "x", at, first=first, real=real, label=label)
        start = [c - b for c, b in zip(cell, back, strict=True)]
        window = [(start[0] + r, start[1] + s) for r, s in np.ndindex(*w_shape)]
        grid.mark([cell], also=window)
        corner = at[0] + start[1] - first[1], at[1] + start[0] - first[0]
        sheet.ax.add_patch(Rectangle(corner, w_shape[1], w_shape[0], fill=False, lw=3,
                                     edgecolor=style.orange, zorder=4))
        ends = [s + n - 1 for s, n in zip(start, w_shape, strict=True)]
        sheet.text(at[0] + values.shape[1] / 2, len(values) + 2.3, size=0.85,
                   words=f"rows {start[0]} to {ends[0]}, columns {start[1]} to {ends[1]}")
