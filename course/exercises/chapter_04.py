"""Exercises of chapter 4: the kernel's gradient."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from convlib import conv2d
from course.exercises.exercise import Array, Call, Exercise

X = np.array([[1, 2, 0, -1], [3, 1, -2, 2], [0, 4, 1, 5]])
W = np.array([[1, -1, 2], [0, 3, -2]])
DY = np.array([[1, 2], [-1, 3]])
RAMP, PLACES = np.arange(1, 10).reshape(3, 3), np.array([[1000, 100], [10, 1]])


def _error(of: Array = W) -> Any:
    """The error of 0.001·w relative to the largest entry of dw."""
    return np.abs(of).max() / 1000 / np.abs(conv2d(X, DY)).max()


def _parameters(filters: int = 8, bias: int = 1, outputs: int = 24 * 18) -> tuple[int, int, int]:
    """(dense, locally connected, convolutional) for a 28 × 20 image under 5 × 3 taps."""
    every = filters * outputs
    return every * (28 * 20 + bias), every * (5 * 3 + bias), filters * (5 * 3 + bias)


def _dw(dy: Array, x: Array, padding: int) -> Array:
    return conv2d(np.pad(x, padding), dy)


def _cases() -> Iterator[Call]:
    rng = np.random.default_rng(4)
    for dy, x, padding in [((3, 4), (4, 6), 0), ((4, 2), (5, 3), 1), ((3, 6), (2, 6), 2),
                           ((5, 5), (6, 6), 1)]:
        yield (rng.integers(1, 10, dy), rng.integers(1, 10, x), padding), {}


def _without_padding(dy: Array, x: Array, padding: int) -> Array:
    """What comes out if the zeros are forgotten; the kernel still has its size."""
    rows, columns = np.add(x.shape, 2 * padding) - dy.shape + 1
    return conv2d(np.pad(x, (0, 2 * padding)), dy)[:rows, :columns]


def _symmetric(uses: Sequence[int] = (0, 2), flip: bool = False, scale: float = 1) -> Any:
    """de of the kernel e, c, e on five pixels: the windows of the taps in `uses`, added."""
    from convlib.symbolic import symbols

    x, dy = symbols("x", 5), symbols("dy", 3)
    dy = dy[::-1] if flip else dy
    return sum(dy[p] * x[p + r] for p in range(3) for r in uses) * scale


EXERCISES = {
    "4.1": Exercise(
        answer=lambda: (1, 0, 2),
        wrong={"the row comes first: this is the window of the output in row 1, column 0":
                   lambda: (0, 1, 2),
               "the output is right, but its window appears in dw more than once":
                   lambda: (1, 0, 1),
               "these indices count from 1; rows and columns of outputs count from 0":
                   lambda: (2, 1, 2)},
        hints=("dw is one window of x, multiplied by one entry of dy.",
               "Halve dw and find the result in x; its top left corner has the output's index."),
        why="A single entry of dy selects a single window, which starts at the output's index."),
    "4.2": Exercise(
        answer=lambda: conv2d(RAMP, PLACES),
        wrong={"here dy is flipped, but dw needs no flip":
                   lambda: conv2d(RAMP, PLACES[::-1, ::-1]),
               "this is a mean over the four outputs, but dw is their sum":
                   lambda: conv2d(RAMP, PLACES) / 4,
               "rows and columns are exchanged": lambda: conv2d(RAMP, PLACES).T},
        hints=("For dw[0,0], multiply the window 1, 2, 4, 5 by the four entries of dy.",
               "1·1000 + 2·100 + 4·10 + 5·1, then move the window."),
        why="The digits of each entry, such as 1245, are the pixels of its window in order."),
    "4.3": Exercise(
        answer=lambda: (_error(), bool(_error() > 1e-3)), digits=6,
        wrong={"this is the error itself; divide it by the largest entry of dw":
                   lambda: (np.abs(W).max() / 1000, True),
               "the error is right, but is it above 0.001?": lambda: (_error(), True)},
        hints=("The largest error is 0.001 times the largest weight.",
               "The largest entry of dw is 17."),
        why="This check does not detect the bug; a step of 1 with a tolerance of 1e-10 does."),
    "4.4": Exercise(
        answer=lambda: _parameters(),
        wrong={"the weights are right, but the biases are missing": lambda: _parameters(bias=0),
               "this is for one filter; there are eight": lambda: _parameters(filters=1),
               "the kernel fits 28-5+1 times down and 20-3+1 times across":
                   lambda: _parameters(outputs=23 * 17),
               "without padding there are fewer outputs than pixels":
                   lambda: _parameters(outputs=28 * 20),
               "the numbers are right, but the dense layer comes first":
                   lambda: _parameters()[::-1]},
        hints=("How many outputs does one filter have, and how many have all eight?",
               "Each of the 3,456 outputs has a bias, and 560 weights if dense, 15 if local."),
        why="Local windows divide the number of parameters by about 35, and sharing divides it "
            "again, by 432."),
    "4.5": Exercise(
        answer=lambda: ((7 - 2 + 1) * (5 - 3 + 1), (5 - 3 + 1) ** 2),
        wrong={"the pair is in the other order": lambda: (9, 18),
               "there are more outputs: y has H-R+1 rows and W-S+1 columns": lambda: (9, 9),
               "from 0 to Q-1 there are Q values": lambda: (18, 4),
               "the sum leaves out some outputs here; compare P with Q": lambda: (18, 18)},
        hints=("y has P = H-R+1 rows and Q = W-S+1 columns.",
               "There are 6 times 3 outputs, and the sum includes 3 times 3 of them."),
        why="With square images and kernels P equals Q, so no such test can detect it."),
    "4.6": Exercise(
        answer=lambda: _dw, cases=lambda: list(_cases()),
        wrong={"the zeros are missing; the kernel also slides over them": lambda: _without_padding,
               "here dy is flipped, but dw needs no flip":
                   lambda: lambda dy, x, padding: _dw(dy[::-1, ::-1], x, padding),
               "the result is flipped; the tap (r, s) belongs to the window that starts at (r, s)":
                   lambda: lambda dy, x, padding: _dw(dy, x, padding)[::-1, ::-1],
               "this is a mean over the outputs, but dw is their sum":
                   lambda: lambda dy, x, padding: _dw(dy, x, padding) / dy.size,
               "dy is missing: this adds the windows as they are":
                   lambda: lambda dy, x, padding: _dw(np.ones_like(dy), x, padding),
               "rows and columns are exchanged":
                   lambda: lambda dy, x, padding: _dw(dy, x, padding).T},
        hints=("Which image does the kernel slide over?",
               "If the padded image is H × W, the kernel has H-P+1 rows and W-Q+1 columns.",
               "Start from zeros and add dy[p,q] * x[p:p+R, q:q+S] for every output."),
        why="Padding changes the pixels under the taps, and nothing else."),
    "4.7": Exercise(
        answer=_symmetric,
        wrong={"this is the gradient of the first tap only, but e is the last tap as well":
                   lambda: _symmetric((0,)),
               "this is the gradient of the last tap only, but e is the first tap as well":
                   lambda: _symmetric((2,)),
               "this is a mean over the two uses, but de is their sum":
                   lambda: _symmetric(scale=0.5),
               "the middle tap is c, which does not change with e": lambda: _symmetric((0, 1, 2)),
               "here dy is flipped, but the gradient of a kernel needs no flip":
                   lambda: _symmetric(flip=True)},
        hints=("Write out y[p] with the taps e, c, e. Which pixels does e multiply?",
               "The local gradient of y[p] with respect to e is x[p] + x[p+2].",
               "Multiply it by dy[p] and add over the three outputs."),
        why="The gradient of a weight that is used twice is the sum over both uses."),
}
