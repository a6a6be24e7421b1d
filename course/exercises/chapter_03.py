"""Exercises of chapter 3: the forward pass in two dimensions."""

from collections.abc import Iterator

import numpy as np

from convlib import conv2d, output_size
from course.exercises.exercise import Array, Call, Exercise


def _sizes(P: int = 5, stride: int = 3) -> set[int]:
    """Every size of an axis that gives P outputs under a window of four cells."""
    return {n for n in range(4, 40) if output_size(n, 4, stride=stride) == P}


def _counts() -> Iterator[Call]:
    """Four layers of numbers, and one of symbols."""
    import sympy as sp

    yield from ((sizes, {}) for sizes in [(4, 1, 3, 3), (4, 3, 3, 3), (6, 2, 5, 3), (1, 7, 1, 2)])
    yield sp.symbols("K C R S", integer=True, positive=True), {}


def _shift(row: int, column: int) -> Array:
    kernel = np.zeros((3, 3), int)
    kernel[row, column] = 1
    return kernel


def _odd_kernels() -> Iterator[Call]:
    """Kernels with an odd number of rows, the last one in symbols: R = 2n + 1."""
    import sympy as sp

    yield from (((R, dilation), {}) for R, dilation in [(3, 1), (3, 2), (5, 1), (7, 3)])
    n, dilation = sp.symbols("n dilation", integer=True, positive=True)
    yield (2 * n + 1, dilation), {}


def _forward(x: Array, w: Array, b: int, stride: int) -> Array:
    return conv2d(x, w, b, stride=stride)


def _layers() -> Iterator[Call]:
    rng = np.random.default_rng(3)
    for x, w, stride in [((5, 8), (2, 3), 1), ((7, 10), (3, 2), 2), ((8, 6), (2, 4), 3)]:
        yield (rng.integers(1, 10, x), rng.integers(1, 10, w), 7, stride), {}


EXERCISES = {
    "3.1": Exercise(
        answer=_sizes,
        wrong={"H = 16 uses every cell, but an axis may also have cells that are not read":
                   lambda: {16},
               "this is for a stride of 1": lambda: _sizes(stride=1),
               "these axes give six outputs: the first window is one of the five":
                   lambda: _sizes(6),
               "these axes give four outputs: four further windows come after the first":
                   lambda: _sizes(4)},
        hints=("The first window takes four cells, each further window three more.",
               "H = 16 uses every cell. How many more cells can there be at the end?"),
        why="Up to two cells at the end are not read, so three sizes in a row give the same P."),
    "3.2": Exercise(
        answer=lambda: lambda K, C, R, S: K * (C * R * S + 1), cases=lambda: list(_counts()),
        wrong={"the biases are missing": lambda: lambda K, C, R, S: K * C * R * S,
               "every filter has a bias of its own, not the layer as a whole":
                   lambda: lambda K, C, R, S: K * C * R * S + 1,
               "a filter has a slice of taps for every channel that it reads":
                   lambda: lambda K, C, R, S: K * (R * S + 1),
               "a filter has one bias, not one for each channel that it reads":
                   lambda: lambda K, C, R, S: K * C * (R * S + 1)},
        hints=("How many parameters does one filter have? Does the size of the image matter?",
               "One filter has C slices of R times S taps, and one bias."),
        why="H and W do not appear, because all positions share the same parameters."),
    "3.3": Exercise(
        answer=lambda: (_shift(1, 2), _shift(1, 1)),
        wrong={"the first one moves the photograph to the right":
                   lambda: (_shift(1, 0), _shift(1, 1)),
               "the first one moves the photograph down": lambda: (_shift(0, 1), _shift(1, 1)),
               "the first one moves the photograph up; columns come second":
                   lambda: (_shift(2, 1), _shift(1, 1)),
               'these are for a window with its corner at (p, q); "same" puts zeros before it':
                   lambda: (_shift(0, 1), _shift(0, 0))},
        hints=('With padding="same" the middle tap meets x[p, q]. All taps but one are 0.',
               "The tap to the right of the middle meets x[p, q + 1]."),
        why="A single 1 copies the image, and its position decides how far the copy moves."),
    "3.4": Exercise(
        answer=lambda: lambda R, dilation: dilation * (R - 1) / 2,
        cases=lambda: list(_odd_kernels()),
        wrong={"the dilation is missing: R taps span dilation * (R - 1) + 1 cells":
                   lambda: lambda R, dilation: (R - 1) / 2,
               "that is the number of zeros for both ends together":
                   lambda: lambda R, dilation: dilation * (R - 1),
               "the span is dilation * (R - 1) + 1, not dilation * R":
                   lambda: lambda R, dilation: (dilation * R - 1) / 2},
        hints=("Set P = H, stride = 1 and before = after in (3.5), and solve.",
               "H = H + 2 * before - span + 1, so before is half of span - 1."),
        why='This is what padding="same" adds at each end.'),
    "3.5": Exercise(
        answer=lambda: ((0, 3), (2, 0)),
        wrong={"these are the taps of the formula itself, w[0, R-1] and w[H-1, 0]":
                   lambda: ((0, 2), (5, 0)),
               "these count from 1; the formula counts from 0": lambda: ((1, 4), (3, 1)),
               "w[R-1, S-1] belongs to the very last product; which tap begins that row?":
                   lambda: ((0, 3), (2, 3))},
        hints=("In y[0,0] each tap meets the cell that has the same two indices.",
               "The kernel has 3 rows and 4 columns. In which column does its first row end, and "
               "in which row does its last row begin?"),
        why="With a square kernel as large as the image, both mistakes would go unnoticed."),
    "3.6": Exercise(
        answer=lambda: _forward, cases=lambda: list(_layers()),
        wrong={"the kernel is flipped: this is a true convolution":
                   lambda: lambda x, w, b, stride: _forward(x, w[::-1, ::-1], b, stride),
               "the bias is missing": lambda: lambda x, w, b, stride: _forward(x, w, 0, stride),
               "the windows move by one cell; they should move by the stride":
                   lambda: lambda x, w, b, stride: _forward(x, w, b, 1),
               "the last row and the last column are missing: there are (H - R) // stride + 1 rows":
                   lambda: lambda x, w, b, stride: _forward(x, w, b, stride)[:-1, :-1],
               "the bias is added once for every tap; it belongs to the whole sum":
                   lambda: lambda x, w, b, stride: _forward(x, w, b * w.size, stride)},
        hints=("P = (H - R) // stride + 1 and Q = (W - S) // stride + 1. Start from zeros.",
               "The window of y[p, q] is x[p*stride : p*stride + R, q*stride : q*stride + S]."),
        why="Each output is the dot product of its window with the kernel, plus the bias."),
}
