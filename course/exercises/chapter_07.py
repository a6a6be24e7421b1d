"""Exercises of chapter 7: convolution is a matrix."""

from typing import Any

import numpy as np

from convlib.kernel_map import kernel_map
from convlib.symbolic import symbols
from course.exercises.exercise import Array, Exercise

X = np.add.outer(10 * np.arange(1, 7), np.arange(1, 7))
M_X = kernel_map((6, 6), (3, 3)).image_matrix(X)
ONE = kernel_map((3,), (2,)).filter_matrix(np.array([10, 1]))
FOUR = np.array([37, 47, 67, 77])
TAPS = symbols("w", (2, 3))
M_W = kernel_map((4, 5), (2, 3)).filter_matrix(TAPS)


def _line(entries: Array) -> list[Any]:
    return [entry for entry in entries if entry != 0]


EXERCISES = {
    "7.1": Exercise(
        answer=lambda: M_X[5],
        wrong={"this is row 4, the window of y[1,0]; rows are counted from 0": lambda: M_X[4],
               "this is the window of y[1,1] read column by column":
                   lambda: X[1:4, 1:4].T.ravel()},
        hints=("Which output has the number 5, four outputs to a row?",
               "y[1,1]: its window begins at the pixel 22."),
        why="Row 4p + q is the window of y[p,q]."),
    "7.2": Exercise(
        answer=lambda: ONE.T @ ONE,
        wrong={"this is the product in the other order, M_w times its transpose":
                   lambda: ONE @ ONE.T,
               "the transpose is no inverse": lambda: np.eye(3, dtype=int)},
        hints=("M_w is [[10, 1, 0], [0, 10, 1]].", "Multiply columns with columns."),
        why="Not the identity: the transpose carries prices back, and undoes nothing."),
    "7.3": Exercise(
        answer=lambda: FOUR.reshape(2, 2, order="F"),
        wrong={"this is the right dw, read row by row": lambda: FOUR.reshape(2, 2)},
        hints=("Column by column: the first two numbers go into the first column.",
               "Rows and columns of the right dw change places."),
        why="The transpose of the right one, and of the same shape: nothing warns you."),
    "7.4": Exercise(
        answer=lambda: (58 * 44 * 35, 58 * 44 * 64 * 48),
        wrong={"the kernel fits 64-7+1 and 48-5+1 times":
                   lambda: (57 * 43 * 35, 57 * 43 * 64 * 48),
               "the pair is in the other order": lambda: (58 * 44 * 64 * 48, 58 * 44 * 35)},
        hints=("Both have one row for each output.", "M_x has 35 columns, M_w 64·48."),
        why="35 copies of nearly every pixel, or 3,072 columns of mostly zeros."),
    "7.5": Exercise(
        answer=lambda: _line(M_W[:, 7]),
        wrong={"this order is that of a row: forwards": lambda: _line(M_W[:, 7])[::-1],
               "this is the column of x[2,1]; rows come first": lambda: _line(M_W[:, 11])},
        hints=("Which outputs read x[1,2], in reading order?",
               "y[0,0] reads it with w[1,2], y[0,1] with w[1,1], ..."),
        why="A column reads the kernel backwards, and that is the flip."),
    "7.6": Exercise(
        answer=lambda: M_X[:4, 5],
        wrong={"these are the fifth entries; the sixth ones are missing": lambda: M_X[:4, 4],
               "these would be missing in a window of two columns": lambda: M_X[:4, 2]},
        hints=("Rows 1, 2 and 3 of each window have three pixels each.",
               "The second row of the first window is 21, 22 and ..."),
        why="One column is lost: the tap w[1,2], four pixels of one block of x."),
}
