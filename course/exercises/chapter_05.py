"""Exercises of chapter 5: the input's gradient."""


import numpy as np
import sympy as sp

from convlib import conv2d, conv2d_backward, kernel_map
from convlib.symbolic import P, R, i
from course.exercises.exercise import Array, Exercise, random_calls
from course.mistakes import wrong_answers

X = np.arange(1, 10).reshape(3, 3)
PLACES = np.array([[1000, 100], [10, 1]])
W = np.array([[1, 2], [3, 4]])
IMPULSE = np.array([[0, 0, 0], [1, 0, 0]])
CASES = (((4, 5), (2, 3), {"padding": 0}), ((5, 4), (3, 2), {"padding": 1}),
         ((3, 6), (3, 3), {"padding": 2}), ((4, 6), (2, 2), {"padding": 0}))
CONCERNED = ("no_flip", "one_axis_flip", "other_axis_flip", "transpose_for_rot180", "dw_flipped",
             "assign_for_add", "padding_one_sided", "crop_by_minus_zero", "mean_for_sum", "y_for_x",
             "decay_left_in", "bias_over_wrong_axes")


def _reads(w_shape: tuple[int, int]) -> Array:
    counts = np.zeros((4, 5), dtype=int)
    np.add.at(counts, kernel_map((4, 5), w_shape).inp, 1)
    return counts


def _dx(w: Array) -> Array:
    return conv2d_backward(IMPULSE, np.zeros((3, 4), int), w).dx


def _window(column: int) -> int:
    """The output of X under PLACES at the corner, the column index of x being r or s."""
    return sum(X[r, (r, s)[column]] * PLACES[r, s] for r, s in np.ndindex(PLACES.shape))


EXERCISES = {
    "5.1": Exercise(
        answer=lambda: _reads((3, 2)),
        wrong={"these are the counts for a kernel of 2 rows and 3 columns": lambda: _reads((2, 3)),
               "no cell is read by all six taps here, since there are only two rows of outputs":
                   lambda: np.full((4, 5), 6)},
        hints=("How many outputs are there, and which of them read the corner?",
               "Count along each axis: rows 1, 2, 2, 1; then columns; then multiply."),
        why="At the border fewer outputs exist, and no other rule is needed."),
    "5.2": Exercise(
        answer=lambda: _dx(W),
        wrong={"this stamp is turned by 180 degrees: a stamp lies as the kernel is stored":
                   lambda: _dx(W[::-1, ::-1]),
               "this stamp is transposed": lambda: _dx(W.T)},
        hints=("One price leaves one stamp.", "Its corner is at (1, 0): row 1, column 0."),
        why="An impulse shows the stamp itself, unflipped."),
    "5.3": Exercise(
        answer=lambda: (sp.Max(0, i - P + 1), sp.Min(R - 1, i)),
        wrong={"one end is off by one: the last price is dy[P-1]":
                   lambda: (sp.Max(0, i - P), sp.Min(R - 1, i)),
               "one end is off by one: the last tap is w[R-1]":
                   lambda: (sp.Max(0, i - P + 1), sp.Min(R, i)),
               "these are the limits of the output p, not of the tap r":
                   lambda: (sp.Max(0, i - R + 1), sp.Min(P - 1, i))},
        hints=("Two conditions: 0 <= r <= R-1, and 0 <= i-r <= P-1.",
               "The second says i-P+1 <= r <= i. Take the larger first end, the smaller last one."),
        why="At the border the limits, not a rule of their own, cut the sum short."),
    "5.4": Exercise(
        answer=lambda: (_window(0), _window(1)),
        wrong={"the pair is in the other order: printed first": lambda: (_window(1), _window(0)),
               "this counts each diagonal cell once: u and v still run over all four pairs":
                   lambda: (X[0, 0] * PLACES[0, 0] + X[1, 1] * PLACES[1, 1], _window(1))},
        hints=("In the printed formula v appears with K only.",
               "u = 0 reads I[0,0] under two taps; u = 1 reads I[1,1] under two taps."),
        why="y+u should be y+v; a kernel of two columns is enough to show it."),
    "5.5": Exercise(
        answer=lambda: (5 - 1 - 1, 3 - 1 - 2),
        wrong={"these are the zeros without forward padding": lambda: (4, 2),
               "rows and columns are exchanged": lambda: (0, 3),
               "this is R - padding; one less: R - 1 - padding": lambda: (4, 1)},
        hints=("Without padding it would be R - 1 rows and S - 1 columns.",
               "Each zero of the forward pass takes one away, on its own axis."),
        why="Forward padding has already made dy longer."),
    "5.6": Exercise(
        answer=lambda: conv2d_backward, cases=lambda: random_calls(5, *CASES, forward=conv2d),
        wrong=wrong_answers(*CONCERNED),
        hints=("Begin with zeros of the shape of the padded x, and stamp.",
               "dx[p:p+R, q:q+S] += dy[p,q]*w, and dw += dy[p,q] * that window of the padded x.",
               "Cut the padding off with [padding:padding+H]; with [padding:-padding] you would "
               "cut everything off at padding 0."),
        why="Your backward pass agrees with the book's on every size that was tried."),
}
