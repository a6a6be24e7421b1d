"""Exercises of chapter 11: stride, padding, dilation, groups, transposed convolution."""

from fractions import Fraction
from typing import Any

import numpy as np

from convlib import Gradients, conv1d, conv1d_backward, conv_transpose1d, output_size
from course.exercises.exercise import Array, Exercise, random_calls
from course.mistakes import wrong_answers

CASES = (((4, 12), (6, 2, 3), {"stride": 3, "padding": 2, "dilation": 2, "groups": 2}),
         ((2, 10), (3, 2, 4), {"stride": 2, "padding": 1}),
         ((3, 9), (3, 1, 2), {"dilation": 3, "groups": 3}), ((2, 8), (2, 2, 3), {"stride": 2}))
CONCERNED = ("no_flip", "channels_flipped_too", "dw_flipped", "stride_dropped",
             "dilation_off_by_one", "padding_one_sided", "crop_by_minus_zero", "remainder_lost",
             "groups_swapped", "assign_for_add", "one_filter_only", "channels_summed",
             "mean_for_sum", "y_for_x", "decay_left_in", "bias_over_wrong_axes")


def _sharing(span: int, padding: int = 1) -> set[int]:
    """The sizes with four outputs at stride 3, for a window spanning so many cells."""
    return {size for size in range(1, 60) if size + 2 * padding >= span
            and output_size(size, span, stride=3, padding=padding) == 4}


def _even(stride: int = 3, taps: int = 6) -> set[int]:
    """The dilations for which thirty equal stamps add up to the same everywhere inside."""
    def interior(dilation: int) -> Array:
        stamps = conv_transpose1d(np.ones(30, int), np.ones(taps, int), stride=stride,
                                  dilation=dilation)
        return stamps[dilation * (taps - 1) : 29 * stride + 1]
    return {dilation for dilation in range(1, 7) if np.ptp(interior(dilation)) == 0}


def _weights(depth: int = 1, point: bool = True) -> int:
    return 32 * depth * 15 + point * 64 * 32


def _slip(size: int, padding: int = 2) -> Fraction:
    return Fraction(size - 4 + padding, 3) + 1


def _dealt_round(dy: Array, x: Array, w: Array, groups: int = 1, **options: Any) -> Gradients:
    """conv1d_backward as if filter k belonged to group k % groups."""
    order = np.argsort(np.arange(len(w)) % groups, kind="stable")
    dx, dw, db = conv1d_backward(dy[order], x, w[order], groups=groups, **options)
    back = np.argsort(order)
    return Gradients(dx, dw[back], db[back])


EXERCISES = {
    "11.1": Exercise(
        answer=lambda: _sharing(7),
        wrong={"the dilation is missing: four taps, two apart, span seven cells":
                   lambda: _sharing(4),
               "this counts a dilation of 2 as two holes between the taps; it is the distance from "
               "one tap to the next, so there is one": lambda: _sharing(10),
               "the padding is missing": lambda: _sharing(7, padding=0),
               "the padding stands on both sides":
                   lambda: {size + 1 for size in _sharing(7)},
               "this is the size without a rest; the floor lets two more in":
                   lambda: {min(_sharing(7))}},
        hints=("How many cells does the kernel span, the gaps counted?",
               "The span is 2·3 + 1 = 7. Four windows need 7 + 3·3 = 16 padded cells.",
               "Two of the 16 are padding. How many cells may be left over?"),
        why="Three sizes share four outputs, one for each rest that a stride of 3 can leave."),
    "11.2": Exercise(
        answer=lambda: (2, 3, 5),
        wrong={"the rest is lost: (14 + 2 - 5) mod 3 = 2 more zeros stand behind":
                   lambda: (2, 3, 3),
               "the distance between prices is the stride; one cell less stands between":
                   lambda: (3, 3, 5),
               "each zero of the forward padding takes one away": lambda: (2, 4, 6),
               "the kernel has gaps: it spans five cells, not three": lambda: (2, 1, 3),
               "the rest stands behind, not in front": lambda: (2, 5, 3)},
        hints=("Between: the prices stand as far apart as the windows did.",
               "In front: span - 1 - padding, with a span of 2·2 + 1.",
               "Behind: as in front, and what the stride left over."),
        why="3 + 1 + 2·3 + 3 + 5 = 18 cells, and a span of 5 has 14 places there."),
    "11.3": Exercise(
        answer=_even,
        wrong={"the stride divides 6, but at a dilation of 3 or 6 all taps fall into one class":
                   lambda: set(range(1, 7)),
               "even dilations do no harm here; ask which share a factor with the stride":
                   lambda: {1, 3, 5},
               "a dilation that divides the taps is not what counts": lambda: {1, 2, 3, 6},
               "dilation 1 is not the only one": lambda: {1}},
        hints=("The tap r lands in the class of r·dilation mod 3.",
               "Dilation 2: the remainders of 0, 2, 4, 6, 8, 10 by 3 are 0, 2, 1, 0, 2, 1.",
               "And dilation 3?"),
        why="The stride divides the taps, and the dilation has no factor in common with it."),
    "11.4": Exercise(
        answer=lambda: (64 * 32 * 15, _weights()),
        wrong={"a depthwise filter is C/groups = 1 channel deep, not 32":
                   lambda: (64 * 32 * 15, _weights(depth=32)),
               "the 1 × 1 layer is missing in (b)": lambda: (64 * 32 * 15, _weights(point=False)),
               "the biases are not asked for":
                   lambda: (64 * 32 * 15 + 64, _weights() + 32 + 64),
               "the pair is in the other order": lambda: (_weights(), 64 * 32 * 15)},
        hints=("The shape of w is (K, C/groups, R, S).",
               "(a) 64·32·3·5. (b) 32·1·3·5 and then 64·32·1·1."),
        why="One layer looks around, the other mixes the channels: a sum instead of a product."),
    "11.5": Exercise(
        answer=lambda: (4, _slip(4), output_size(4, 4, stride=3, padding=1)), digits=2,
        wrong={"a part of an output does not exist, so nothing is rounded up":
                   lambda: (4, _slip(4), 2),
               "at 5 the stride divides: the printed formula is right there":
                   lambda: (5, _slip(5), 2),
               "the padding stands on both sides, so it counts twice":
                   lambda: (4, _slip(4, padding=1), 1),
               "there is a smaller one: try 4": lambda: (6, _slip(6), 2)},
        hints=("When does the printed formula give no whole number?",
               "Size 4: the numerator is 4 - 4 + 2."),
        why="The floor is missing: 2 is no multiple of 3, and the window has one place."),
    "11.6": Exercise(
        answer=lambda: conv1d_backward, cases=lambda: random_calls(11, *CASES, forward=conv1d),
        wrong=wrong_answers(*CONCERNED) | {
            "this deals the filters round, k % groups; neighbours share a group, "
            "k // (K // groups)": lambda: _dealt_round},
        hints=("Make dx as long as the padded x, and scatter: every row of the table adds one "
               "product to dx and one to dw.",
               "Filter k belongs to group k // (K // groups); its channel c is the channel "
               "k // (K // groups) * (C // groups) + c of x.",
               "The row of k, c, r, p reads the padded cell p*stride + r*dilation; cut with "
               "[:, padding:padding + H]."),
        why="Your backward pass agrees with the book's for every option that was tried."),
}
