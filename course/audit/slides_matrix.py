"""Document 004, fifth part: both gradients as one convolution, on its simple examples.

Its 6 x 6 image is our x, its G our dy, its v what a row of numbers times a matrix gives. It counts
from 1 and writes the row first.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Literal

import numpy as np
import sympy as sp

from convlib import conv2d, filter_matrix, image_matrix, numerical_gradient, vec
from convlib.symbolic import gradient, symbols
from course.audit.check import Check, refused, same
from course.audit.cost import maps, numbers
from course.audit.loops import Array, array_of, backward_sum, correlate, one_based, true_valid

IMAGE = array_of((6, 6), lambda i, j: sp.Symbol(f"x{i + 1}{j + 1}"))
KERNEL, G = symbols("f", (3, 3)), symbols("g", (4, 4))
MATRIX = image_matrix(IMAGE, (3, 3))
FIRST_VERSION = """x11 x12 x13 x21 x22 x31 x32 x33
x12 x13 x14 x22 x23 x32 x33 x34
x13 x14 x15 x23 x24 x33 x34 x35
x14 x15 x16 x24 x25 x34 x35 x36
x21 x22 x23 x31 x32 x33 x41 x42 x43
x44 x45 x46 x54 x55 x56 x64 x65 x66"""
LATER_VERSION = """x11 x12 x13 x21 x22 x23 x31 x32 x33
x12 x13 x14 x22 x23 x24 x32 x33 x34
x13 x14 x15 x23 x24 x25 x33 x34 x35
x14 x15 x16 x24 x25 x26 x34 x35 x36
x21 x22 x23 x31 x32 x33 x41 x42 x43
x44 x45 x46 x54 x55 x56 x64 x65 x66"""
SHOWN = [0, 1, 2, 3, 4, 15]  # the rows that are printed
# Several channels and one filter: 6 x 6 x 4 as on the slides, and one with sides that differ.
CASES = [((4, 6, 6), (1, 4, 3, 3)), ((3, 5, 7), (1, 3, 2, 4))]


def table(text: str) -> list[list[Any]]:
    return [list(map(sp.Symbol, line.split())) for line in text.splitlines()]


def restored(row: list[Any], number: int) -> list[Any]:
    """A row with its lost sixth entry put back."""
    return row if len(row) == 9 else [*row[:5], sp.Symbol(f"x2{number + 3}"), *row[5:]]


def is_convolution(x_shape: tuple[int, ...], g_shape: tuple[int, ...],
                   operation: Callable[[Array, Array], Array] = conv2d,
                   order: Literal["C", "F"] = "C") -> bool:
    """g times M_x, filled into a matrix: is it `operation` of the image with g?"""
    x, g = symbols("x", x_shape), symbols("g", g_shape)
    taps = tuple(h - p + 1 for h, p in zip(x_shape, g_shape, strict=True))
    v = g.ravel(order=order) @ image_matrix(x, taps)
    return same(v.reshape(taps, order=order), operation(x, g))


@cache
def four_channels(case: int) -> tuple[Array, Array, Array, Array, Array]:
    """x, w, M_w, g, and the gradient of sum(g y) by x, from the loops: exact, for it is linear."""
    x_shape, w_shape = CASES[case]
    x, w = numbers(x_shape), numbers(w_shape, 5)
    g = numbers(conv2d(x, w)[0].shape, 3)

    def loss(image: Array) -> Any:
        return sum((g * correlate(c, f)).sum() for c, f in zip(image, w[0], strict=True))

    return x, w, filter_matrix(w, x_shape), g, numerical_gradient(loss, x, eps=1)


def option_2(case: int, turn: tuple[int, ...] = (1, 2), rows: int | None = None,
             columns: int | None = None) -> bool:
    """Each slice of v is the padded g correlated with a slice of w, turned by 180 degrees."""
    _, w, _, g, v = four_channels(case)
    rows, columns = (w.shape[2] - 1 if rows is None else rows,
                     w.shape[3] - 1 if columns is None else columns)
    padded = np.pad(g, [(rows, rows), (columns, columns)])
    return same(v, [conv2d(padded, f) for f in np.flip(w[0], turn)])


CHECKS = {
    "004-39": Check(
        right=lambda: conv2d(IMAGE, KERNEL).shape == (4, 4)
        and conv2d(IMAGE[None], KERNEL[None, None]).shape == (1, 4, 4),
        printed=lambda: conv2d(IMAGE, KERNEL).shape == (6, 6)),
    "004-40": Check(
        right=lambda: all(same(one_based(IMAGE, KERNEL, p + 1, q + 1), conv2d(IMAGE, KERNEL)[p, q])
                          for p, q in np.ndindex(4, 4)),
        printed=lambda: same(one_based(IMAGE, KERNEL, 1, 1, lost=1), conv2d(IMAGE, KERNEL)[0, 0])),
    "004-46": Check(
        right=lambda: same([restored(row, n) for n, row in enumerate(table(FIRST_VERSION))],
                           MATRIX[SHOWN]),
        printed=lambda: all(same(row, MATRIX[n]) for n, row in zip(
            SHOWN, table(FIRST_VERSION), strict=True))),
    "004-47": Check(
        right=lambda: same(table(LATER_VERSION), MATRIX[SHOWN]) and all(
            MATRIX[4 * p + q, 3 * r + s] == IMAGE[p + r, q + s]
            for p, q, r, s in np.ndindex(4, 4, 3, 3)),
        printed=lambda: same(table(LATER_VERSION), image_matrix(IMAGE.T, (3, 3))[SHOWN])),
    "004-48": Check(
        right=lambda: (vec(G) @ MATRIX).shape == (9,)
        and same(vec(G) @ MATRIX, vec(gradient((G * conv2d(IMAGE, KERNEL)).sum(), KERNEL))),
        printed=lambda: not refused(lambda: MATRIX @ vec(G))),
    "004-49": Check(  # column 3 r + s is the block with its corner at (r, s)
        right=lambda: all(same(MATRIX[:, 3 * r + s].reshape(4, 4), IMAGE[r:r + 4, s:s + 4])
                          for r, s in np.ndindex(3, 3)),
        printed=lambda: all(same(MATRIX[:, 3 * r + s].reshape(4, 4), IMAGE[s:s + 4, r:r + 4])
                            for r, s in np.ndindex(3, 3))),
    "004-50": Check(
        right=lambda: is_convolution((6, 6), (4, 4)) and is_convolution((5, 6), (4, 3)),
        printed=lambda: is_convolution((5, 6), (4, 3), true_valid)
        or is_convolution((5, 6), (4, 3), order="F")),
    "004-63": Check(  # one filter with four slices, not four filters
        right=lambda: all(conv2d(x, w).shape[0] == 1 and len(w[0]) == len(x)
                          for x, w, *_ in map(four_channels, (0, 1))),
        printed=lambda: conv2d(four_channels(0)[0], numbers((4, 4, 3, 3))).shape == (1, 4, 4)),
    "004-64": Check(
        right=lambda: same(conv2d(*four_channels(0)[:2]), maps(*four_channels(0)[:2]))
        and conv2d(*four_channels(0)[:2])[0].shape == (4, 4),
        # S_1 as the first of several maps, a map for each F_i
        printed=lambda: conv2d(*four_channels(0)[:2]).shape == (4, 4, 4)),
    "004-65": Check(
        right=lambda: all(same(m @ vec(x), vec(conv2d(x, w)))
                          for x, w, m, *_ in map(four_channels, (0, 1)))
        and four_channels(0)[2].shape == (16, 144)
        and filter_matrix(np.ones((1, 4, 3, 3)), (4, 6, 6)).sum(axis=1).tolist() == 16 * [36],
        printed=lambda: four_channels(0)[2].shape == (16, 36)),
    "004-66": Check(
        right=lambda: all(same(vec(g) @ m, vec(v)) for _, _, m, g, v in map(four_channels, (0, 1))),
        printed=lambda: not refused(lambda: four_channels(0)[2] @ vec(four_channels(0)[3]))),
    "004-67": Check(  # the kernel's side less 1 on every side; the channels keep their order
        right=lambda: option_2(0) and option_2(1) and same(
            four_channels(1)[4], [backward_sum(four_channels(1)[3], f)
                                  for f in four_channels(1)[1][0]]),
        printed=lambda: option_2(0, rows=1, columns=1) or option_2(0, rows=0, columns=0)
        or option_2(0, turn=(0, 1, 2)) or option_2(0, turn=())),
}
