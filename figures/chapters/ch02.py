"""The flip: where each convention puts it, and which checks detect that it is missing."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from numpy.typing import ArrayLike, NDArray

from convlib import conv2d_backward, kernel_map
from course.mistakes.catalogue import no_flip
from figures.drawing import style
from figures.drawing.board import board
from figures.drawing.grids import Grid, Shape, pad_with_ghosts
from figures.widgets.scene import Scene, scene

FORWARDS = ("cross-correlation", "true convolution")


class Sums(NamedTuple):
    """The three sums of one table."""

    y: NDArray[Any]
    dw: NDArray[Any]
    dx: NDArray[Any]


def three_sums(x: ArrayLike, w: ArrayLike, dy: ArrayLike, forward: str) -> Sums:
    """y, dw and dx of a layer whose forward pass is `forward`, one of FORWARDS."""
    table = kernel_map(np.shape(x), np.shape(w), mirrored=forward == FORWARDS[1])
    return Sums(table.forward(x, w), table.grad_w(dy, x), table.grad_x(dy, w))


def convention_scene(x: ArrayLike, w: ArrayLike, dy: ArrayLike) -> Scene:
    """draw(fig, forward) for `live`: y, dw and dx of one axis under either forward pass.

    Each line is a sliding sum of two rows, and w is drawn in the order in which it is read: with
    true convolution the flip leaves dx and enters y, and dw comes out in the order of storage.
    """
    x, w, dy = (np.asarray(a) for a in (x, w, dy))
    last, gap = len(w) - 1, 1.3
    values, real, first = pad_with_ghosts(dy, [(last, last)])
    slid = {name: 0.7 + len(values if name == "dx" else x) + gap for name in Sums._fields}
    made = {name: slid[name] + len(dy if name == "dw" else w) + gap for name in Sums._fields}
    wide, tall = made["dx"] + len(x) + 0.5, 8.9

    def build(fig: Figure) -> tuple[Any, ...]:
        sheet, lines = board(wide, tall, fig), {}
        for n, (name, sums) in enumerate(zip(Sums._fields, three_sums(x, w, dy, FORWARDS[0]),
                                             strict=True)):
            top = 0.9 + 2.6 * n
            if name == "dx":
                sheet.grid(values, "dy", (0.7, top), first=first, real=real, label="dy, padded",
                           indices=False)
            else:
                sheet.grid(x, "x", (0.7, top), indices=False)
            if name == "dw":
                over, taps = sheet.grid(dy, "dy", (slid[name], top), indices=False), []
            else:
                over = sheet.grid(w, "w", (slid[name], top), indices=False)
                taps = [sheet.text(slid[name] + r + 0.5, top + 1.35, "", size=0.72,
                                   color=style.orange) for r in range(len(w))]
            sheet.text(slid[name] - gap / 2, top + 0.5, "⋆", size=1.6)
            sheet.text(made[name] - gap / 2, top + 0.5, "=", size=1.3)
            note = sheet.text(made[name], top + 1.35, "", ha="left", size=0.72)
            lines[name] = over, taps, sheet.grid(sums, name, (made[name], top),
                                                 indices=False), note
        return lines, sheet.text(0.7, tall - 0.5, "", ha="left", fontweight="bold", size=0.9)

    @scene(size=(6.8, 6.8 * tall / wide), build=build)
    def draw(fig: Figure, parts: Any, forward: str) -> str:
        lines, rule = parts
        mirrored, sums = forward == FORWARDS[1], three_sums(x, w, dy, forward)
        for name, result in zip(Sums._fields, sums, strict=True):
            over, taps, made_grid, note = lines[name]
            made_grid.set(result)
            if name == "dw":
                made_grid.mark(range(len(w)) if mirrored else ())
                note.set_text("⇄ stored in reverse" if mirrored else "nothing reversed")
            else:
                flipped = mirrored == (name == "y")
                _order(over, taps, w, flipped)
                note.set_text("⇄ w is read backward" if flipped else "w is read in order")
        index = f"i = p + ({last} − r)" if mirrored else "i = p + r"
        rule.set_text(f"Forward pass by {forward}: {index}")
        where, else_where = ("y", "dx") if mirrored else ("dx", "y")
        return (f"Forward pass by {forward}, {index}. y = {sums.y.tolist()}, "
                f"dw = {sums.dw.tolist()}{', stored in reverse' if mirrored else ''}, "
                f"dx = {sums.dx.tolist()}. The kernel is read backward for {where} and in order "
                f"for {else_where}.")

    return draw


def _order(grid: Grid, taps: list[Text], w: NDArray[Any], flipped: bool) -> None:
    """Show w in the order in which it is read, each tap above its own index."""
    order = list(range(len(w)))[:: -1 if flipped else 1]
    grid.set(w[order])
    grid.mark(order if flipped else ())
    for words, r in zip(taps, order, strict=True):
        words.set_text(f"w[{r}]")


def verdicts(w: ArrayLike, dy: ArrayLike,
             ) -> tuple[NDArray[Any], NDArray[Any], dict[str, tuple[bool, str]]]:
    """The right dx, a dx without the flip, and what popular checks say: {check: (passes, words)}.

    Its interior consists of the entries that every tap reaches.
    """
    w, dy = np.asarray(w), np.asarray(dy)
    x = np.zeros(np.add(dy.shape, w.shape) - 1, int)
    right, wrong = conv2d_backward(dy, x, w).dx, no_flip(dy, x, w).dx
    inside = tuple(slice(r - 1, p) for r, p in zip(w.shape, dy.shape, strict=True))
    missed, deep = right != wrong, right[inside] != wrong[inside]
    return right, wrong, {
        "every entry": (not missed.any(), f"{missed.sum()} of {missed.size} differ"),
        "the interior": (not deep.any(), f"{deep.sum()} of {deep.size} differ"),
        "the mean": (right.sum() == wrong.sum(), f"{right.mean():.4g} and {wrong.mean():.4g}")}


def caught(w: ArrayLike, dy: ArrayLike) -> str:
    """Which of the checks catch the missing flip, in words."""
    seen = [check.split()[-1] for check, (passes, _) in verdicts(w, dy)[2].items() if not passes]
    return " + ".join(seen) or "none"


def bug_scene(kernels: Mapping[str, ArrayLike], dys: Mapping[str, ArrayLike]) -> Scene:
    """draw(fig, w, dy) for `live`: the right dx beside one without the flip, and three checks.

    kernels, dys: name -> array, all kernels of one shape and all dys of one shape. A dashed
    line surrounds the interior of dx; wrong cells are framed.
    """
    some_w, some_dy = (np.asarray(next(iter(named.values()))) for named in (kernels, dys))
    right, wrong, checks = verdicts(some_w, some_dy)
    high = max(len(some_w), len(some_dy))
    beside, top, below = right.shape[1] + 1.5, high + 2.0, high + len(right) + 2.8
    wide, tall = 2 * right.shape[1] + 2.0, below + 0.85 * len(checks)

    def build(fig: Figure) -> tuple[Any, ...]:
        sheet = board(wide, tall, fig)
        grids = [sheet.grid(some_w, "w", (0.5, 0.8), indices=False),
                 sheet.grid(some_dy, "dy", (beside, 0.8), indices=False),
                 sheet.grid(right, "dx", (0.5, top), indices=False),
                 sheet.grid(wrong, "dx", (beside, top), indices=False,
                            label="dx without the flip")]
        taps, outputs = some_w.shape, some_dy.shape
        for left in (0.5, beside):  # rows R-1..P-1, columns S-1..Q-1: all taps reach these cells
            sheet.ax.add_patch(Rectangle(
                (left + taps[1] - 1, top + taps[0] - 1), outputs[1] - taps[1] + 1,
                outputs[0] - taps[0] + 1, fill=False, lw=2, ls="--", ec=style.ink, zorder=4))
        return grids, [[sheet.text(at, below + 0.85 * n, "", ha="left", size=0.8)
                        for at in (0.5, 5.2, 9.2)] for n in range(len(checks))]

    @scene(size=(6.8, 6.8 * tall / wide), build=build)
    def draw(fig: Figure, parts: Any, w: str, dy: str) -> str:
        grids, lines = parts
        right, wrong, checks = verdicts(kernels[w], dys[dy])
        for grid, array in zip(grids, (kernels[w], dys[dy], right, wrong), strict=True):
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

    return draw


def draw_product(a: ArrayLike, b: ArrayLike,
                 names: tuple[str, str, str] = ("dy", "w", "dx")) -> None:
    """a * b as a long multiplication without carrying, digits under digits: a new figure.

    Column i holds the products a[p]*b[r] with p + r = i; their sum is (a * b)[i].
    """
    a, b = np.asarray(a), np.asarray(b)
    wide = len(a) + len(b) - 1
    across, down, left = wide + 6.2, len(b) + 5.2, 1.3
    sheet = board(across, down, plt.figure(figsize=(across * 0.52, down * 0.52)))
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
    sheet.ax.plot([left, left + wide], [3.4 + len(b)] * 2, color=style.ink, lw=1.4)
    total = sheet.grid(np.convolve(a, b), names[2], (left, 4.1 + len(b)), label="")
    total.mark(range(wide))
    sheet.text(left + wide + 0.4, 4.6 + len(b), f"{names[2]}, column by column", ha="left",
               color=style.colour(names[2]), fontweight="bold", size=0.9)
    sheet.text(left - 0.5, 3.85 + len(b), "i =", size=0.62, color=style.muted)


def draw_anchors(x: ArrayLike, w_shape: Shape, cell: tuple[int, int]) -> None:
    """The window of output `cell`, anchored at its corner and at its centre, on one x."""
    x = np.asarray(x)
    half = [n // 2 for n in w_shape]
    values, real, first = pad_with_ghosts(x, [(n, n) for n in half])
    wide, tall = values.shape[1] + 1.4, len(values) + 3.6
    sheet = board(wide, tall, plt.figure(figsize=(6.8, 6.8 * tall / wide)))
    grid = sheet.grid(values, "x", (0.9, 1.5), first=first, real=real, label="x, padded")
    grid.mark([cell])
    for n, (title, back, hue, line) in enumerate((("corner", (0, 0), style.orange, "-"),
                                                  ("centre", half, style.ink, "--"))):
        start = [c - b for c, b in zip(cell, back, strict=True)]
        at = grid.at[0] + start[1] + half[1], grid.at[1] + start[0] + half[0]
        sheet.ax.add_patch(Rectangle(at, w_shape[1], w_shape[0], fill=False, lw=3, ls=line,
                                     edgecolor=hue, zorder=4))
        ends = [s + n - 1 for s, n in zip(start, w_shape, strict=True)]
        y = len(values) + 2.2 + 0.85 * n
        sheet.ax.plot([0.9, 1.9], [y, y], color=hue, lw=3, ls=line)
        sheet.text(2.2, y, f"anchored at its {title}:", ha="left", size=0.72, color=hue)
        words = f"rows {start[0]} to {ends[0]}, columns {start[1]} to {ends[1]}"
        sheet.text(6.9, y, words.replace("-", "−"), ha="left", size=0.72, color=hue)
