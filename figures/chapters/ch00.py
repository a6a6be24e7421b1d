"""One nudge: a cell of x or w moves in whole steps, some outputs follow, and the loss with them."""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from convlib import conv1d, conv1d_backward
from figures.drawing import style
from figures.drawing.board import Board, board
from figures.drawing.grids import Point
from figures.widgets.scene import Scene, scene


def nudging(x: ArrayLike, w: ArrayLike, dy: ArrayLike,
            steps: Sequence[int] = range(-3, 4)) -> Scene:
    """Nudge one cell of x or w, for `live`: some outputs follow, and the loss with them.

    Parameters
    ----------
    x, w, dy : array_like
        (H,), (R,) and (P,), of whole numbers; the loss is the sum of dy[p]·y[p].
    steps : sequence of int
        By which a cell may be moved.

    Returns
    -------
    Scene
        draw(fig, cell, step): cell is a name such as "x[1]" or "w[0]", step one of the steps.
        Its attribute `cells` lists the names.
    """
    x, w, dy = (np.asarray(a) for a in (x, w, dy))
    slopes = conv1d_backward(dy, x, w)
    y = conv1d(x, w)
    loss = int((dy * y).sum())
    reach = max(abs(slopes.dx).max(), abs(slopes.dw).max()) * max(abs(s) for s in steps)

    def build(fig: Figure) -> tuple[Any, ...]:
        panel = Board(fig.add_axes((0, 0, 1, 1)), 13.2, 7.6)
        grids = {"x": panel.grid(x, "x", (0.5, 1.4)), "w": panel.grid(w, "w", (5.9, 1.4)),
                 "y": panel.grid(y, "y", (9.6, 1.4)),
                 "dy": panel.grid(dy, "dy", (9.6, 3.9), label="dy", indices=False)}
        panel.text(5.2, 1.9, "with", size=0.85)
        panel.text(8.75, 1.9, "=", size=1.3)
        panel.text(9.1, 4.4, "×", size=1.2)
        words = [panel.text(12.6, height, "", ha="right", fontweight="bold", size=size)
                 for height, size in ((5.7, 0.95), (6.6, 1.05))]
        chart = fig.add_axes((0.1, 0.13, 0.5, 0.42))
        chart.set(xlim=(min(steps) - 0.4, max(steps) + 0.4), ylim=(loss - reach * 1.1,
                                                                   loss + reach * 1.1))
        chart.set_title("loss L", fontsize=11)
        chart.set_xlabel("step", fontsize=10)
        chart.tick_params(labelsize=9)
        chart.axhline(loss, color=style.faint, lw=1, zorder=0)
        (line,) = chart.plot(list(steps), [loss] * len(steps), "-", color=style.purple, lw=1.6)
        (dot,) = chart.plot([0], [loss], "o", color=style.ink, ms=8)
        return grids, words, line, dot

    @scene(size=(6.88, 6.88 * 7.6 / 13.2), build=build,
           cells=[f"x[{i}]" for i in range(len(x))] + [f"w[{r}]" for r in range(len(w))])
    def draw(fig: Figure, parts: Any, cell: str, step: int) -> str:
        grids, words, line, dot = parts
        name, place = cell[0], int(cell[2:-1])
        moved = {"x": x.copy(), "w": w.copy()}
        moved[name][place] += step
        after = conv1d(moved["x"], moved["w"])
        touched = [p for p in range(len(y)) if after[p] != y[p]]
        slope = int(getattr(slopes, f"d{name}")[place])
        now = int((dy * after).sum())
        for key, values in (("x", moved["x"]), ("w", moved["w"]), ("y", after)):
            grids[key].set(values)
            grids[key].mark([place] if key == name else touched if key == "y" else [])
        grids["dy"].mark(touched)
        products = " + ".join(f"{d}·{v}" for d, v in zip(dy, after, strict=True))
        words[0].set_text(products)
        words[1].set_text(f"L = {now}")
        line.set_ydata([loss + slope * s for s in steps])
        dot.set_data([step], [now])
        outputs = ", ".join(f"y[{p}]" for p in touched) or "no output"
        return (f"{cell} {step:+d}: {outputs} changed. L went from {loss} to {now}; "
                f"the slope is {slope}.")

    return draw


def draw_paths(x: ArrayLike, w: ArrayLike, dy: ArrayLike, cell: int) -> None:
    """Draw every path from x[cell] to the loss, an arrow for each gradient: a new figure.

    Parameters
    ----------
    x, w, dy : array_like
        (H,), (R,) and (P,).
    cell : int
        The index i of the input cell. An arrow to y[p] is its local gradient w[i - p], an arrow
        from y[p] to the loss the upstream gradient dy[p].
    """
    x, w, dy = (np.asarray(a) for a in (x, w, dy))
    y = conv1d(x, w)
    touched = {p: cell - p for p in range(len(y)) if 0 <= cell - p < len(w)}
    left, wide, tall = 1.8, len(x) + 9.2, 8.6
    sheet = board(wide, tall, plt.figure(figsize=(6.88, 6.88 * tall / wide)))
    top = sheet.grid(x, "x", (left, 1.3))
    middle = sheet.grid(y, "y", (left + (len(x) - len(y)) / 2, 4.4), indices=False, label="")
    sheet.text(middle.at[0] - 0.5, 4.9, "y", color=style.green, fontweight="bold", size=1.05)
    top.mark([cell])
    middle.mark(touched)
    end = left + len(x) / 2
    sheet.text(end, 7.9, f"L = {(dy * y).sum()}", fontweight="bold", size=1.1)
    for n, (p, r) in enumerate(touched.items()):
        side = -1 if n == 0 and len(touched) > 1 else 1
        _step(sheet, top.edge(cell, "bottom"), middle.edge(p, "top"), f"w[{r}] = {w[r]}", side,
              style.orange)
        _step(sheet, middle.edge(p, "bottom"), (end + 0.4 * side, 7.45), f"dy[{p}] = {dy[p]}", side,
              style.purple)
    notes = ((3.35, "local gradient: how fast\nan output changes with x", style.orange),
             (6.45, "upstream gradient: how fast\nL changes with an output",
              style.purple))
    for height, words, hue in notes:
        sheet.text(left + len(x) + 1.1, height, words, ha="left", size=0.8, color=hue)
    terms = " + ".join(f"{dy[p]}·{w[r]}" for p, r in touched.items())
    total = sum(dy[p] * w[r] for p, r in touched.items())
    sheet.text(left + len(x) + 1.1, 7.9, f"dx[{cell}] = {terms} = {total}", ha="left",
               color=style.purple, fontweight="bold")


def _step(sheet: Board, start: Point, end: Point, words: str, side: int, hue: str) -> None:
    """An arrow with words on its left (side -1) or right (side 1)."""
    sheet.arrow(start, end, color=hue, width=2)
    middle = (start[0] + end[0]) / 2 + 0.35 * side, (start[1] + end[1]) / 2
    sheet.text(*middle, words, size=0.85, color=hue, ha="left" if side > 0 else "right")
