"""One nudge: a cell of x or w moves in whole steps, some outputs follow, and the loss with them."""

import numpy as np

from convlib import conv1d, conv1d_backward
from figures.drawing import style
from figures.drawing.grids import Board, board
from figures.widgets.live import kept


def nudging(x, w, dy, steps=range(-3, 4)):
    """draw(fig, cell, step) for `live`: cell is "x[1]" or "w[0]", step a whole number."""
    x, w, dy = (np.asarray(a) for a in (x, w, dy))
    slopes = conv1d_backward(dy, x, w)
    y = conv1d(x, w)
    loss = int((dy * y).sum())
    reach = max(abs(slopes.dx).max(), abs(slopes.dw).max()) * max(abs(s) for s in steps)

    def build(fig):
        panel = Board(fig.add_axes((0, 0, 0.66, 1)), 14.4, 6.4)
        grids = {"x": panel.grid(x, "x", (0.5, 1.6)), "w": panel.grid(w, "w", (5.9, 1.6)),
                 "y": panel.grid(y, "y", (9.6, 1.6)),
                 "dy": panel.grid(dy, "dy", (9.6, 4.0), label="dy, the prices", indices=False)}
        panel.text(5.2, 2.1, "with", size=0.85)
        panel.text(8.75, 2.1, "=", size=1.3)
        panel.text(9.1, 4.5, "×", size=1.2)
        words = panel.text(0.5, 5.75, "", ha="left", size=0.95, fontweight="bold")
        chart = fig.add_axes((0.74, 0.2, 0.24, 0.66))
        chart.set(xlim=(min(steps) - 0.4, max(steps) + 0.4), ylim=(loss - reach * 1.1,
                                                                   loss + reach * 1.1))
        chart.set_title("loss L", fontsize=11)
        chart.set_xlabel("step", fontsize=10)
        chart.tick_params(labelsize=9)
        chart.axhline(loss, color=style.faint, lw=1, zorder=0)
        (line,) = chart.plot(list(steps), [loss] * len(steps), "-", color=style.purple, lw=1.6)
        (dot,) = chart.plot([0], [loss], "o", color=style.ink, ms=8)
        return grids, words, chart, line, dot

    def draw(fig, cell, step):
        grids, words, chart, line, dot = kept(fig, build)
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
        words.set_text(f"L = {products} = {now}")
        line.set_ydata([loss + slope * s for s in steps])
        dot.set_data([step], [now])
        outputs = ", ".join(f"y[{p}]" for p in touched) or "no output"
        return (f"{cell} {step:+d}: {outputs} changed. L went from {loss} to {now}, "
                f"that is {slope} a step.")

    draw.size = (9.6, 2.9)
    draw.cells = [f"x[{i}]" for i in range(len(x))] + [f"w[{r}]" for r in range(len(w))]
    return draw


def draw_paths(x, w, dy, cell):
    """Every path from x[cell] to the loss: one arrow a tap, one arrow a price. A new figure."""
    x, w, dy = (np.asarray(a) for a in (x, w, dy))
    y = conv1d(x, w)
    touched = {p: cell - p for p in range(len(y)) if 0 <= cell - p < len(w)}
    sheet, left = board(len(x) + 9, 8.6), 1.8
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
    terms = " + ".join(f"{dy[p]}·{w[r]}" for p, r in touched.items())
    total = sum(dy[p] * w[r] for p, r in touched.items())
    sheet.text(left + len(x) + 0.6, 4.9, f"dx[{cell}] = {terms} = {total}", ha="left",
               color=style.purple, fontweight="bold", size=0.95)


def _step(sheet, start, end, words, side, hue):
    """An arrow with words on its left (side -1) or right (side 1)."""
    sheet.arrow(start, end, color=hue, width=2)
    middle = (start[0] + end[0]) / 2 + 0.35 * side, (start[1] + end[1]) / 2
    sheet.text(*middle, words, size=0.85, color=hue, ha="left" if side > 0 else "right")
