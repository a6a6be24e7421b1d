"""Exercises of chapter 5: the input's gradient."""

from collections.abc import Iterator

import numpy as np
import sympy as sp

from convlib import conv2d, conv2d_backward, kernel_map
from convlib.symbolic import P, R, i, j, s, symbols
from course.exercises.exercise import Array, Call, Exercise, random_calls
from course.mistakes import wrong_answers

PLACES, DY = np.array([[1000, 100], [10, 1]]), np.array([[1, 2], [3, 4]])
HIDDEN = np.array([[1, 2], [3, 4]])
CASES = (((4, 5), (2, 3), {"padding": 0}), ((5, 4), (3, 2), {"padding": 1}),
         ((3, 6), (3, 3), {"padding": 2}), ((4, 6), (2, 2), {"padding": 0}))
CONCERNED = ("no_flip", "one_axis_flip", "other_axis_flip", "transpose_for_rot180", "dw_flipped",
             "assign_for_add", "padding_one_sided", "crop_by_minus_zero", "mean_for_sum", "y_for_x",
             "decay_left_in", "bias_over_wrong_axes", "turned_into_wrong_shape",
             "padding_not_cropped", "wrong_loop_index", "negative_index", "height_for_width",
             "height_in_both_loops", "nothing_computed")


def _reads(w_shape: tuple[int, int]) -> Array:
    counts = np.zeros((4, 5), dtype=int)
    np.add.at(counts, kernel_map((4, 5), w_shape).inp, 1)
    return counts


def _middle(second: int) -> int:
    """dx[1,1] = sum of dy[1 - r, 1 - (r or s)] w[r, s]: the second index has s if second is 1."""
    taps = np.indices(PLACES.shape)
    return int((DY[1 - taps[0], 1 - taps[second]] * PLACES).sum())


def _stride_two(taps: tuple[int, ...] = (0, 1, 2), stride: int = 2, overlap: bool = True) -> Array:
    """dx of seven inputs, three taps and three outputs, with stamps `stride` apart."""
    dy, w, dx = symbols("dy", 3), symbols("w", 3), np.zeros(7, dtype=object)
    for p in range(3):
        for n, tap in enumerate(taps):
            before = dx[stride * p + n] if overlap else 0
            dx[stride * p + n] = before + dy[p] * w[tap]
    return dx


def _cases() -> Iterator[Call]:
    """Integers; then the same with a dy of decimals, as it comes from a loss."""
    calls = random_calls(5, *CASES, forward=conv2d)
    yield from calls
    for (dy, x, w), options in calls[:2]:
        yield (dy / 8, x, w), options


EXERCISES = {
    "5.1": Exercise(
        answer=lambda: _reads((3, 2)),
        wrong={"these are the counts for a kernel of 2 rows and 3 columns": lambda: _reads((2, 3)),
               "no pixel is used by all six taps here, since there are only two rows of outputs":
                   lambda: np.full((4, 5), 6)},
        hints=("How many outputs are there, and which of them use the corner?",
               "Count along each axis: rows 1, 2, 2, 1; then columns; then multiply."),
        why="Near the border, fewer outputs use a pixel."),
    "5.2": Exercise(
        answer=lambda: HIDDEN,
        wrong={"this is rotated by 180 degrees; a stamp shows the kernel as it is stored":
                   lambda: HIDDEN[::-1, ::-1],
               "rows and columns are exchanged": lambda: HIDDEN.T,
               "this is the stamp, which is scaled by dy[1,0]; divide by it": lambda: 2 * HIDDEN},
        hints=("A single nonzero entry of dy leaves a single stamp.",
               "Its corner is at (1, 0), and it is scaled by dy[1,0] = 2."),
        why="One backward pass with a single 1 in dy reads out the whole kernel, unflipped."),
    "5.3": Exercise(
        answer=lambda: (sp.Max(0, i - P + 1), sp.Min(R - 1, i)),
        wrong={"one limit is off by one: the last output is y[P-1]":
                   lambda: (sp.Max(0, i - P), sp.Min(R - 1, i)),
               "one limit is off by one: the last tap is w[R-1]":
                   lambda: (sp.Max(0, i - P + 1), sp.Min(R, i)),
               "these are the limits of the output p, not of the tap r":
                   lambda: (sp.Max(0, i - R + 1), sp.Min(P - 1, i))},
        hints=("There are two conditions: 0 <= r <= R-1 and 0 <= i-r <= P-1.",
               "The second says i-P+1 <= r <= i. Take the larger of the two lower limits and the "
               "smaller of the two upper ones."),
        why="With these limits no index is ever negative, so the border needs no special rule."),
    "5.4": Exercise(
        answer=lambda: (_middle(0), j - s),
        wrong={"the index is right, but this is dx[1,1] by the correct formula":
                   lambda: (_middle(1), j - s),
               "the number is right, but the first index of dy is correct":
                   lambda: (_middle(0), i - s),
               "the number is right, but in the index the sign is wrong: q + s = j":
                   lambda: (_middle(0), j + s),
               "this counts each entry of dy once; r and s still run over all four pairs":
                   lambda: (int(DY[1, 1] * PLACES[0, 0] + DY[0, 0] * PLACES[1, 1]), j - s)},
        hints=("In this formula s appears with w only.",
               "r = 0 reads dy[1,1] for two taps, and r = 1 reads dy[0,0] for two taps."),
        why="The formula reads only a diagonal of each window."),
    "5.5": Exercise(
        answer=lambda: (5 - 1 - 1, 3 - 1 - 2),
        wrong={"these are the zeros without forward padding": lambda: (4, 2),
               "rows and columns are exchanged": lambda: (0, 3),
               "this is the padding of the forward pass": lambda: (1, 2),
               "this is R - padding; one less: R - 1 - padding": lambda: (4, 1)},
        hints=("Which padding does the forward pass use? Without it, y would be 4 × 4.",
               "Or ask what the padded dy must measure, so that a 5 × 3 kernel gives an 8 × 6 dx."),
        why="The forward padding has already enlarged dy, so on the left and right it needs no "
            "zeros."),
    "5.6": Exercise(
        answer=lambda: conv2d_backward, cases=_cases,
        wrong=wrong_answers(*CONCERNED),
        hints=("Begin with np.zeros of the shape of the padded x, and add stamps; "
               "zeros_like(x) would have the type of x, perhaps an integer.",
               "dx[p:p+R, q:q+S] += dy[p,q]*w, and dw += dy[p,q] * that window of the padded x.",
               "Cut the padding off with [padding:padding+H]; with [padding:-padding] you would "
               "cut everything off at padding 0."),
        why="Your backward pass agrees with the book's on every size that was tried."),
    "5.7": Exercise(
        answer=_stride_two,
        wrong={"here the kernel is flipped in each stamp; a stamp is not flipped":
                   lambda: _stride_two((2, 1, 0)),
               "where two windows overlap, both outputs contribute":
                   lambda: _stride_two(overlap=False),
               "this is for stride 1; with stride 2, the stamp of output p starts at 2p":
                   lambda: _stride_two(stride=1)},
        hints=("Write out the three outputs. Which of them contain x[2]?",
               "The stamps start at 0, 2 and 4, so only x[2] and x[4] are in two of them."),
        why="Even-numbered entries of dx use only w[0] and w[2], odd-numbered ones only w[1]; "
            "chapter 11 builds on this."),
}
