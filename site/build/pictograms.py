"""One small drawing per chapter for the cover: plain SVG, coloured by role through the page's CSS.

Each function draws on 120 x 72 units. What a drawing shows is computed where it can be: which
products share an input, which entries of the matrix are taps, which pixels a digit has.
"""

from itertools import pairwise

import numpy as np

from convlib import kernel_map, output_size
from convlib.data import digits

SIDE = 14  # of a cell


def svg(*parts):
    return f'<svg viewBox="0 0 120 72" aria-hidden="true" focusable="false">{"".join(parts)}</svg>'


def cell(left, top, role="", side=SIDE):
    return f'<rect class="{role}" x="{left}" y="{top}" width="{side}" height="{side}"/>'


def grid(left, top, rows, columns, role=lambda r, c: "", side=SIDE):
    return "".join(cell(left + c * side, top + r * side, role(r, c), side)
                   for r in range(rows) for c in range(columns))


def path(points, role="", closed=False):
    at = " ".join(f"{x:g},{y:g}" for x, y in points)
    return f'<{"polygon" if closed else "polyline"} class="line {role}" points="{at}"/>'


def frame(left, top, width, height, role):
    return f'<rect class="frame {role}" x="{left}" y="{top}" width="{width}" height="{height}"/>'


def nudge():
    """A curve, and the slope at one point."""
    curve = [(x, 60 - (x - 10) ** 2 / 180) for x in range(10, 111, 4)]
    return svg(path(curve), path([(40, 62), (104, 26)], "grad"),
               '<circle class="grad" cx="75" cy="36.5" r="4"/>')


def lattice():
    """Products in the plane of p and r: those of one input lie on an anti-diagonal."""
    return svg(grid(39, 8, 4, 3, lambda p, r: "grad" if (p + r) % 2 else "", 14))


def reversal():
    roles = "tap", "tap-2", "tap-3"
    return svg(grid(30, 14, 1, 3, lambda r, c: roles[c], 20), grid(30, 40, 1, 3,
               lambda r, c: roles[2 - c], 20))


def window():
    lit = {(r, c) for r in (1, 2) for c in (1, 2)}
    return svg(grid(10, 8, 4, 4, lambda r, c: "in" if (r, c) in lit else ""),
               path([(72, 36), (84, 36)]), cell(90, 28, "out", 16))


def windows_added():
    """The two by two windows that one kernel sees, one after the other."""
    frames = (frame(12 + 14 * q, 8 + 14 * p, 28, 28, "in") for p in (0, 2) for q in (0, 2))
    return svg(grid(12, 8, 4, 4), *frames, path([(74, 36), (84, 36)]),
               grid(90, 25, 2, 2, lambda r, c: "grad", 11))


def stamps():
    """Each output stamps the kernel into dx, one cell further each time."""
    rows = (grid(32 + 14 * p, 4 + 15 * p, 1, 2, lambda r, c: ("tap", "tap-2")[c]) for p in range(3))
    return svg(*rows, path([(30, 51), (90, 51)]), grid(32, 54, 1, 4, lambda r, c: "grad"))


def descent():
    """Steps of plain gradient descent on L = (u^2 + 6 v^2) / 2, and its level lines."""
    points = [np.array([-5.0, 2.0])]
    for _ in range(9):
        points.append(points[-1] - 0.24 * points[-1] * [1, 6])
    levels = (f'<ellipse class="line" cx="62" cy="36" rx="{r * 10}" ry="{r * 10 / 6**0.5:.1f}"/>'
              for r in (1.5, 3, 4.5, 5.7))
    return svg(*levels, path([(62 + 10 * u, 36 + 12 * v) for u, v in points], "grad"))


def matrix():
    table = kernel_map((6,), (2,))
    taps = dict(zip(zip(table.out[0].tolist(), table.inp[0].tolist(), strict=True),
                    table.tap[0].tolist(), strict=True))
    return svg(grid(24, 6, 5, 6, lambda p, i: {0: "tap", 1: "tap-2"}.get(taps.get((p, i)), ""), 12))


def volumes():
    slices = (frame(12 + 7 * c, 6 + 7 * c, 34, 34, "in") for c in range(3))
    maps = (frame(80 + 8 * k, 14 + 8 * k, 22, 22, "out") for k in range(2))
    return svg(*slices, path([(64, 36), (76, 36)]), *maps)


def digit():
    """One of the digits that the book's network learns to read."""
    split = digits()
    image = split.x_train[split.t_train == 3][0, 0]
    return svg(grid(28, 4, *image.shape, lambda r, c: "ink" if image[r, c] > 0.5 else "", 8))


def cone():
    """What one output sees, layer by layer, with three taps in each."""
    at = [[(60 + 14 * (n - (count - 1) / 2), 62 - 18 * depth) for n in range(count)]
          for depth, count in enumerate((7, 5, 3, 1))]
    lines = (path([low[n + r], high[n]]) for low, high in pairwise(at) for n in range(len(high))
             for r in range(3))
    dots = (f'<circle class="{role}" cx="{x:g}" cy="{y:g}" r="4"/>'
            for layer, role in zip(at, ("in", "grad", "grad", "out"), strict=True)
            for x, y in layer)
    return svg(*lines, *dots)


def strides():
    """Windows of three taps, two cells apart, and the cell that none of them reads."""
    size, taps, stride = 8, 3, 2
    outputs = output_size(size, taps, stride=stride)
    read = {p * stride + r for p in range(outputs) for r in range(taps)}
    rows = (frame(4 + 14 * stride * p, 28 + 13 * p, 14 * taps, 11, "tap") for p in range(outputs))
    return svg(grid(4, 8, 1, size, lambda r, c: "in" if c in read else "unread"), *rows)


def butterfly():
    """The last two stages of a fast Fourier transform of eight numbers."""
    def at(column, n):
        return 22 + 38 * column, 8 + 8 * n

    lines = (path([at(column, n), at(column + 1, n ^ bit)], ("in", "grad")[column])
             for column, bit in enumerate((2, 1)) for n in range(8))
    straight = (path([at(0, n), at(2, n)]) for n in range(8))
    return svg(*straight, *lines)


def pointed():
    pointer = path([(70, 40), (70, 62), (75, 57), (79, 65), (83, 63), (79, 55), (86, 55)],
                   "pointer", closed=True)
    return svg(grid(31, 4, 4, 4, lambda r, c: "grad" if (r, c) == (2, 2) else ""), pointer)


def marks():
    """Which check finds which mistake: some rows have a gap."""
    found = ((1, 1, 0, 1), (0, 1, 1, 1), (1, 0, 1, 1), (0, 0, 1, 0))
    return svg(grid(32, 8, 4, 4, lambda r, c: "out" if found[r][c] else "tap"))


def one_wrong():
    """A gradient with one wrong cell, and the glass that found it."""
    glass = '<circle class="line glass" cx="67" cy="43" r="15"/>'
    return svg(grid(32, 8, 4, 4, lambda r, c: "tap" if (r, c) == (2, 2) else "grad"), glass,
               path([(78, 54), (92, 66)], "glass"))


DRAWINGS = {
    "00": nudge, "01": lattice, "02": reversal, "03": window, "04": windows_added, "05": stamps,
    "06": descent, "07": matrix, "08": volumes, "09": digit, "10": cone, "11": strides,
    "12": butterfly, "explorer": pointed, "A": marks,
    "A2": one_wrong,
}
