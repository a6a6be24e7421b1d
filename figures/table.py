"""The table of products as a panel: the same rows, sorted by output, by tap or by input cell."""

import numpy as np
from matplotlib.patches import Rectangle

from figures import style
from figures.grids import CELL, Board, board
from figures.live import kept

WIDTH = 15.5  # of the panel, in cells
GAP = 0.55  # between groups, in rows
GROUPED = {"out": ("y", "x", "w"), "tap": ("dw", "dy", "x"), "inp": ("dx", "dy", "w")}
BY = {"out": "output cell", "tap": "tap", "inp": "input cell"}


def index(cell):
    """A cell as it is written: (1,) is [1], (0, 2) is [0,2]."""
    return f"[{','.join(map(str, cell))}]"


def sums(table, arrays, by):
    """The groups of the table: [(name of the sum, rows, factors, total), ...]."""
    name, first, second = GROUPED[by]
    groups = {}
    for row in table.rows(by=by):
        groups.setdefault(getattr(row, by), []).append(row)
    where = {"x": "inp", "w": "tap", "dy": "out"}
    found = []
    for cell, rows in groups.items():
        factors = [(arrays[first][getattr(row, where[first])],
                    arrays[second][getattr(row, where[second])]) for row in rows]
        found.append((name + index(cell), rows, factors, sum(a * b for a, b in factors)))
    return found


def sentence(table, arrays, by):
    """What the picture says, in words and numbers."""
    parts = []
    for name, _, factors, total in sums(table, arrays, by):
        parts.append(f"{name} = {' + '.join(f'{a}·{b}' for a, b in factors)} = {total}")
    return f"Sorted by {BY[by]}: " + "; ".join(parts) + "."


def table_scene(table, *, x, w, dy, stops=(0, 10, 20)):
    """draw(fig, at) for `live`: the rows travel from one order to the next as `at` grows.

    At the three stops the table is sorted by output, tap and input, and each group has its sum.
    """
    arrays = {"x": np.asarray(x), "w": np.asarray(w), "dy": np.asarray(dy)}
    orders = {by: _heights(table, arrays, by) for by in BY}
    tall = max(max(h.values()) for h in orders.values()) + 1

    def build(fig):
        panel = Board(fig.add_axes((0, 0, 1, 1)), WIDTH, tall + 2)
        for n, (label, name) in enumerate((("output p", "y"), ("tap r", "w"), ("input i", "x"))):
            panel.text(2.2 + 2 * n, 0.75, label, color=style.colour(name), fontweight="bold",
                       size=0.85)
        head = panel.text(9.3, 0.75, "", size=0.85, fontweight="bold")
        artists = {row: _draw_row(panel, row, n) for n, row in enumerate(table.rows())}
        groups = max(len(sums(table, arrays, by)) for by in BY)
        totals = [panel.text(11.5, 0, "", ha="left", size=0.95, fontweight="bold")
                  for _ in range(groups)]
        braces = [panel.ax.plot([], [], color=style.muted, lw=1.2)[0] for _ in range(groups)]
        return head, artists, totals, braces

    def draw(fig, at):
        head, artists, totals, braces = kept(fig, build)
        leg = 0 if at <= stops[1] else 1
        here, there = list(BY)[leg], list(BY)[leg + 1]
        part = (at - stops[leg]) / (stops[leg + 1] - stops[leg])
        smooth = part * part * (3 - 2 * part)
        for row, parts in artists.items():
            start, end = orders[here][row], orders[there][row]
            # rows on their way down swing to the right, rows on their way up to the left
            swing = np.sin(np.pi * smooth) * np.clip((end - start) / 2, -1, 1)
            _move(parts, swing, start + smooth * (end - start) + 1.6)
        by = here if part == 0 else there if part == 1 else None
        _close(by, sums(table, arrays, by) if by else [], artists, totals, braces, orders.get(by))
        head.set_text("·".join(GROUPED[by][1:]) if by else "")
        if by is None:
            return f"The rows are on their way from the order by {BY[here]} to that by {BY[there]}."
        return sentence(table, arrays, by)

    draw.size = (WIDTH * CELL * 0.9, (tall + 2) * CELL * 0.9)
    return draw


def draw_table(table, *, x, w, dy, by="out", fig=None):
    """The still of `table_scene`: the table sorted by "out", "tap" or "inp", on a figure."""
    draw = table_scene(table, x=x, w=w, dy=dy)
    fig = fig or board(1, 1).ax.figure
    for ax in fig.axes:
        ax.remove()
    fig.set_size_inches(draw.size)
    return draw(fig, (0, 10, 20)[list(BY).index(by)])


def _heights(table, arrays, by):
    heights, y = {}, 0.0
    for _, rows, _, _ in sums(table, arrays, by):
        for row in rows:
            heights[row] = y
            y += 1
        y += GAP
    return heights


def _draw_row(panel, row, n):
    """One row's artists with their places, a later row above an earlier one."""
    parts = []
    for column, (cell, name) in enumerate(zip(row, ("y", "w", "x"), strict=True)):
        hue, left = style.colour(name), 1.45 + 2 * column
        box = Rectangle((left, 0), 1.5, 0.84, facecolor=style.tint(hue, 0.22), edgecolor=hue,
                        zorder=2 + n / 50)
        panel.ax.add_patch(box)
        words = panel.text(left + 0.75, 0, ",".join(map(str, cell)), fontweight="bold",
                           zorder=2 + n / 50)
        parts += [(box, left, 0.08), (words, left + 0.75, 0.5)]
    return [*parts, (panel.text(9.3, 0, ""), 9.3, 0.5)]


def _move(parts, swing, y):
    for artist, left, offset in parts:
        artist.set(x=left + swing, y=y + offset)
    parts[-1][0].set_text("")


def _close(by, groups, artists, totals, braces, heights):
    """Write the products and close each group with a brace and its sum."""
    for text, brace in zip(totals, braces, strict=True):
        text.set_text("")
        brace.set_data([], [])
    for text, brace, (label, rows, factors, total) in zip(totals, braces, groups, strict=False):
        for row, (a, b) in zip(rows, factors, strict=True):
            artists[row][-1][0].set_text(f"{a}·{b} = {a * b}")
        first, last = (heights[row] + 1.6 for row in (rows[0], rows[-1]))
        brace.set_data([10.9, 11.15, 11.15, 10.9], [first + 0.12, first + 0.12, last + 0.88,
                                                    last + 0.88])
        text.set_text(f"{label} = {total}")
        text.set_y((first + last + 1) / 2)
        text.set_color(style.colour(GROUPED[by][0]))
