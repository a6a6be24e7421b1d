"""Exercises of chapter 7: convolution is a matrix."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from convlib.kernel_map import kernel_map
from course.exercises.exercise import Array, Call, Exercise

ONE = kernel_map((3,), (2,)).filter_matrix(np.array([10, 1]))
FOUR = np.array([37, 47, 67, 77])


def _windows(x: Array, R: int, S: int) -> Array:
    return kernel_map(x.shape, (R, S)).image_matrix(x)


def _column_first(x: Array, R: int, S: int) -> Array:
    """Each window read column by column."""
    return np.array([window.reshape(R, S).T.ravel() for window in _windows(x, R, S)])


def _images() -> Iterator[Call]:
    rng = np.random.default_rng(7)
    for shape, taps in [((4, 6), (2, 3)), ((5, 5), (3, 3)), ((3, 7), (1, 4))]:
        yield (rng.permutation(np.prod(shape)).reshape(shape) + 11, *taps), {}


def _spread(dy: Array, n: int) -> Array:
    dx = np.zeros(n, dy.dtype)
    dx[::2] = dy
    return dx


def _signals() -> Iterator[Call]:
    rng = np.random.default_rng(7)
    for n in (5, 6, 9):
        yield (rng.integers(1, 10, (n + 1) // 2), n), {}


def _stride_two(scale: int = 2, offset: int = 1) -> Any:
    from convlib.symbolic import i, p

    return i - scale * p + offset


EXERCISES = {
    "7.1": Exercise(
        answer=lambda: _windows, cases=_images,
        wrong={"each row is right, but reads its window column by column":
                   lambda: _column_first,
               "this is the transpose, as im2col returns it; here each window is a row":
                   lambda: lambda x, R, S: _windows(x, R, S).T,
               "the windows come in the wrong order; q, the column of the output, changes fastest":
                   lambda: lambda x, R, S: _windows(x, R, S)
                   .reshape(len(x) - R + 1, -1, R * S).swapaxes(0, 1).reshape(-1, R * S)},
        hints=("How many outputs are there, and in which order do they come?",
               "np.ndindex(H - R + 1, W - S + 1) runs through them in that order.",
               "The row of y[p,q] is x[p:p+R, q:q+S].ravel()."),
        why="Row Q*p + q is the window of y[p,q], if y has Q columns."),
    "7.2": Exercise(
        answer=lambda: ONE.T @ ONE,
        wrong={"this is the product in the other order, M_w times its transpose":
                   lambda: ONE @ ONE.T,
               "this would be right if the transpose were the inverse":
                   lambda: np.eye(3, dtype=int)},
        hints=("M_w has the rows 10, 1, 0 and 0, 10, 1.",
               "Each entry is the dot product of two columns of M_w."),
        why="This is neither diagonal nor invertible, so the transpose does not undo the layer."),
    "7.3": Exercise(
        answer=lambda: FOUR.reshape(2, 2, order="F"),
        wrong={"this is the correct dw, filled row by row": lambda: FOUR.reshape(2, 2)},
        hints=("Column by column: the first two numbers go into the first column.",
               "The first column is 37, 47."),
        why="It is the transpose of dw and has the same shape, so nothing warns you."),
    "7.4": Exercise(
        answer=_stride_two,
        wrong={"with a stride of 2, the window of y[p] moves by two entries":
                   lambda: _stride_two(scale=1),
               "the padding is missing: the window of y[0] starts at the zero before x[0]":
                   lambda: _stride_two(offset=0),
               "the sign of the padding is wrong: the window of y[0] starts at i = -1":
                   lambda: _stride_two(offset=-1),
               "the signs are reversed: r grows as i grows": lambda: -_stride_two()},
        hints=("Write i in terms of p and r, as chapter 3 did for stride and padding.",
               "The window of y[p] starts at 2p - 1, so i = 2p + r - 1. Solve for r."),
        why="Solving i = 2p + r - 1 for r gives r = i - 2p + 1. If there is no such tap, the "
            "entry is 0."),
    "7.5": Exercise(
        answer=lambda: _spread, cases=_signals,
        wrong={"entries that the layer does not read have the gradient 0; only x[0], x[2], ... "
               "are read": lambda: lambda dy, n: np.repeat(dy, 2)[:n],
               "each dy[p] belongs to x[2p], so there are zeros between the entries":
                   lambda: lambda dy, n: np.concatenate([dy, np.zeros(n - len(dy), int)]),
               "this keeps every second entry, as the forward pass does":
                   lambda: lambda dy, n: dy[::2]},
        hints=("Write the left side of (7.5) as a sum over p. What multiplies x[4]?",
               "The sum of dy[p]·x[2p] contains x[4] once, with dy[2], and never contains x[3].",
               "Start from n zeros, then set dx[::2]."),
        why="x[1], x[3], ... do not appear in the sum of dy[p]·x[2p], so their gradients are 0."),
    "7.6": Exercise(
        answer=lambda: (1, 2),
        wrong={"the pair is in the other order; r comes first": lambda: (2, 1),
               "the indices count from 0": lambda: (2, 3),
               "this is the column of the matrix; which tap does it belong to?": lambda: 6,
               "the pixel of this tap, 22, is still in the row": lambda: (1, 1)},
        hints=("The window of y[0,0] has the rows 11, 12, 13, 14 and 21, 22, 23, 24.",
               "The pixel 23 is missing, so column 4r + s = 6 is lost."),
        why="Each column belongs to one tap, and gives one entry of dw."),
    "7.7": Exercise(
        answer=lambda: [1, 0, -1, 0],
        wrong={"with this input, y[0] = x[0] + x[2] is 2": lambda: [1, 0, 1, 0],
               "y[0] = x[0] + x[2] is 0, but y[1] = x[1] + x[3] is not": lambda: [1, 0, -1, 1]},
        hints=("y[0] = x[0] + x[2], and y[1] = x[1] + x[3].",
               "By (7.6), every wave with w(z) = 1 + z² = 0 is lost. Which z are these?"),
        why="This wave is lost, because w(z) = 1 + z² is 0 for z = i."),
}
