"""Exercises of chapter 4: the kernel's gradient."""

import numpy as np

from convlib import conv2d
from course.exercises.exercise import Exercise

X = np.array([[1, 2, 0, -1], [3, 1, -2, 2], [0, 4, 1, 5]])
W = np.array([[1, -1, 2], [0, 3, -2]])
DY = np.array([[1, 2], [-1, 3]])
RAMP, PLACES = np.arange(1, 10).reshape(3, 3), np.array([[1000, 100], [10, 1]])
IMPULSE = np.array([[0, 0], [1, 0]])


def _error(of=W):
    """The error of 0.001·w relative to the largest entry of dw."""
    return np.abs(of).max() / 1000 / np.abs(conv2d(X, DY)).max()


def _dw(dy, x):
    return conv2d(x, dy)


def _cases():
    rng = np.random.default_rng(4)
    for dy, x in [((3, 4), (4, 6)), ((4, 2), (6, 4)), ((2, 3), (2, 6)), ((3, 3), (5, 5))]:
        yield (rng.integers(1, 10, dy), rng.integers(1, 10, x)), {}


def _untied(rows, columns):
    return rows * columns


EXERCISES = {
    "4.1": Exercise(
        answer=lambda: conv2d(X, IMPULSE),
        wrong={"this is the window of y[0,1]: rows come first": lambda: X[0:2, 1:4],
               "this window is turned by 180 degrees; dw has no flip":
                   lambda: conv2d(X, IMPULSE)[::-1, ::-1]},
        hints=("Which window does the output in row 1, column 0 read?",
               "Rows 1 and 2 of x, columns 0 to 2."),
        why="A single price of 1 picks a single window."),
    "4.2": Exercise(
        answer=lambda: conv2d(RAMP, PLACES),
        wrong={"these are the prices flipped: x is read backwards, but dw has no flip":
                   lambda: conv2d(RAMP, PLACES[::-1, ::-1]),
               "this is a mean over the four outputs; every use pays in full":
                   lambda: conv2d(RAMP, PLACES) / 4},
        hints=("dw[0,0] reads the window 1, 2, 4, 5 under the prices.",
               "1·1000 + 2·100 + 4·10 + 5·1, then move the window."),
        why="1245 and its neighbours read each window forwards."),
    "4.3": Exercise(
        answer=lambda: (_error(), bool(_error() > 1e-3)), digits=6,
        wrong={"that is the error itself; divide it by the largest entry of dw":
                   lambda: (np.abs(W).max() / 1000, True),
               "the error is right, but it is below the tolerance, so the check passes":
                   lambda: (_error(), True)},
        hints=("The largest error is 0.001 times the largest weight.",
               "The largest entry of dw is 17."),
        why="An error below the tolerance is an error that is never seen."),
    "4.4": Exercise(
        answer=lambda: (_untied(24, 18) * 15, 15, _untied(24, 18)),
        wrong={"the kernel fits 28-5+1 and 20-3+1 times": lambda: (560 * 15, 15, 560),
               "the kernel fits once more than 28-5 and 20-3 times":
                   lambda: (_untied(23, 17) * 15, 15, _untied(23, 17))},
        hints=("How many outputs are there?", "24 times 18 outputs, 15 weights each."),
        why="Tying turns 432 gradients into one sum."),
    "4.5": Exercise(
        answer=lambda: ((7 - 2 + 1) * (5 - 3 + 1), (5 - 3 + 1) ** 2),
        wrong={"the pair is in the other order": lambda: (9, 18),
               "the rows of y are U-S+1, not V-T+1": lambda: (9, 9),
               "the range begins at 1, so it covers V-T+1 rows and columns":
                   lambda: (18, 4)},
        hints=("y has U-S+1 rows and V-T+1 columns.", "6 times 3 outputs; the range is 3 times 3."),
        why="Where U-S and V-T are equal, nobody would notice."),
    "4.6": Exercise(
        answer=lambda: _dw, cases=lambda: list(_cases()),
        wrong={"the prices are flipped; dw is x correlated with dy, both read forwards":
                   lambda: lambda dy, x: conv2d(x, dy[::-1, ::-1]),
               "the result is flipped; the tap (r, s) belongs to the window that starts at (r, s)":
                   lambda: lambda dy, x: conv2d(x, dy)[::-1, ::-1],
               "this is a mean over the outputs; every use of a weight pays in full":
                   lambda: lambda dy, x: conv2d(x, dy) / dy.size,
               "the prices are missing: this adds the windows as they are":
                   lambda: lambda dy, x: conv2d(x, np.ones_like(dy)),
               "rows and columns are exchanged": lambda: lambda dy, x: conv2d(x, dy).T},
        hints=("The kernel has H-P+1 rows and W-Q+1 columns.",
               "Start from zeros and add dy[p,q] * x[p:p+R, q:q+S] for every output."),
        why="Windows, prices, a sum: that is all there is."),
}
