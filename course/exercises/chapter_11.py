"""Exercises of chapter 11: stride, padding, dilation, groups, transposed convolution."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from convlib import Gradients, conv1d, conv1d_backward, conv_transpose1d, output_size
from course.exercises.exercise import Array, Call, Exercise, random_calls
from course.mistakes import wrong_answers

CASES = (((4, 12), (6, 2, 3), {"stride": 3, "padding": 2, "dilation": 2, "groups": 2}),
         ((2, 10), (3, 2, 4), {"stride": 2, "padding": 1}),
         ((3, 9), (3, 1, 2), {"dilation": 3, "groups": 3}), ((2, 8), (2, 2, 3), {"stride": 2}))
CONCERNED = ("no_flip", "channels_flipped_too", "dw_flipped", "stride_dropped",
             "dilation_off_by_one", "padding_one_sided", "crop_by_minus_zero", "remainder_lost",
             "groups_swapped", "assign_for_add", "windows_overwrite", "one_filter_only",
             "channels_summed", "mean_for_sum", "y_for_x", "decay_left_in",
             "bias_over_wrong_axes", "dw_shuffled",
             "padding_not_cropped", "dilation_dropped", "size_without_dilation",
             "stride_and_dilation_swapped", "wrong_loop_index", "negative_index",
             "remainder_in_front", "remainder_shifts_rows", "zeros_after_last", "dw_over_remainder",
             "end_taken_for_padding", "groups_interleaved", "groups_lost_when_strided",
             "nothing_computed")


def _sharing(span: int, padding: int = 1) -> set[int]:
    """The sizes with four outputs at stride 3, for a window with this span."""
    return {size for size in range(1, 60) if size + 2 * padding >= span
            and output_size(size, span, stride=3, padding=padding) == 4}


def _derived(stride: int = 2, padding: int = 1, flipped: bool = False,
             assign: bool = False) -> list[Any]:
    """dx of six inputs, three taps and three outputs, in symbols; or what a mistake makes of it."""
    from convlib.symbolic import symbols

    w, dy = symbols("w", 3)[:: -1 if flipped else 1], symbols("dy", 3)
    dx: list[Any] = [0] * 10
    for p, r in np.ndindex(3, 3):
        dx[p * stride + r] = dy[p] * w[r] + (0 if assign else dx[p * stride + r])
    return dx[padding : padding + 6]


def _even(stride: int = 3, taps: int = 6) -> set[int]:
    """The dilations for which thirty equal stamps add up to the same everywhere inside."""
    def interior(dilation: int) -> Array:
        stamps = conv_transpose1d(np.ones(30, int), np.ones(taps, int), stride=stride,
                                  dilation=dilation)
        return stamps[dilation * (taps - 1) : 29 * stride + 1]
    return {dilation for dilation in range(1, 7) if np.ptp(interior(dilation)) == 0}


def _fewer(pair: int = 32 * 15 + 64 * 32, taps: int = 15) -> set[int]:
    """The numbers of groups for which 64 filters on 32 channels have fewer weights than `pair`."""
    return {groups for groups in (1, 2, 4, 8, 16, 32) if 64 * 32 // groups * taps < pair}


def _unrounded(size: int, padding: int = 2) -> Fraction:
    return Fraction(size - 4 + padding, 3) + 1


def _round_robin(dy: Array, x: Array, w: Array, groups: int = 1, **options: Any) -> Gradients:
    """conv1d_backward as if filter k belonged to group k % groups."""
    order = np.argsort(np.arange(len(w)) % groups, kind="stable")
    dx, dw, db = conv1d_backward(dy[order], x, w[order], groups=groups, **options)
    back = np.argsort(order)
    return Gradients(dx, dw[back], db[back])


def _cases() -> Iterator[Call]:
    """Integers; then the same with a dy of decimals, as it comes from a loss."""
    calls = random_calls(11, *CASES, forward=conv1d)
    yield from calls
    for (dy, x, w), options in calls[:2]:
        yield (dy / 8, x, w), options


EXERCISES = {
    "11.1": Exercise(
        answer=lambda: _sharing(7),
        wrong={"you left out the dilation; four taps at distance 2 span seven positions":
                   lambda: _sharing(4),
               "you read a dilation of 2 as two gaps; it is the distance between neighbouring "
               "taps, so there is one gap": lambda: _sharing(10),
               "you left out the padding": lambda: _sharing(7, padding=0),
               "you counted the padding once, but there is a zero at each end":
                   lambda: {size + 1 for size in _sharing(7)},
               "you found the size with nothing left over; the floor allows two more":
                   lambda: {min(_sharing(7))}},
        hints=("How many positions does the kernel span, with its gaps?",
               "The span is 2·3 + 1 = 7, and four windows need 7 + 3·3 = 16 positions.",
               "Two of the 16 positions are padding. How many more may be left over?"),
        why="Three sizes share P = 4, with 0, 1 and 2 leftover positions."),
    "11.2": Exercise(
        answer=_derived,
        wrong={"you left out the padding; x[0] is at position 1, after the zero":
                   lambda: _derived(padding=0),
               "you moved the stamps by one position instead of two": lambda: _derived(stride=1),
               "you reversed the kernel; the window of output p puts w[r] at position 2p + r":
                   lambda: _derived(flipped=True),
               "where stamps overlap, you kept only the last; add them":
                   lambda: _derived(assign=True)},
        hints=("By (11.1), i = 2p + r - 1. Which pairs p, r give i = 0?",
               "An even i needs r = 1, so it has one product. An odd i has r = 0 and r = 2.",
               "dx[1] = dys[1]·ws[0] + dys[0]·ws[2]. For which odd i is there only one product?"),
        why="Inputs with an even index meet only the middle tap; x[5] meets only w[2], because "
            "output 3 does not exist."),
    "11.3": Exercise(
        answer=lambda: (2, 3, 5),
        wrong={"you left out the leftover positions; (14 + 2 - 5) mod 3 = 2 more zeros come after":
                   lambda: (2, 3, 3),
               "the distance between neighbours is the stride, so there is one zero fewer between":
                   lambda: (3, 3, 5),
               "each zero of the forward padding removes one here": lambda: (2, 4, 6),
               "the kernel has gaps, so it spans five positions, not three": lambda: (2, 1, 3),
               "the leftover zeros come after the last entry, not before the first":
                   lambda: (2, 5, 3)},
        hints=("First work out the span by (11.2) and the leftover by (11.4).",
               "Between: the entries of dy are as far apart as the windows were.",
               "Before: span - 1 - padding, with a span of 2·2 + 1.",
               "After: as many as before, and one for each leftover position."),
        why="3 + 1 + 3·3 + 5 = 18 positions, in which a span of 5 fits 14 times."),
    "11.4": Exercise(
        answer=_even,
        wrong={"with dilation 3 or 6, all taps are in one class, although the stride divides 6":
                   lambda: set(range(1, 7)),
               "even dilations do no harm; ask which have a common factor with the stride":
                   lambda: {1, 3, 5},
               "it does not matter whether the dilation divides the number of taps":
                   lambda: {1, 2, 3, 6},
               "dilation 1 is not the only one": lambda: {1}},
        hints=("Tap r belongs to the class of r·dilation modulo 3.",
               "Dilation 2: modulo 3, the positions 0, 2, 4, 6, 8, 10 are 0, 2, 1, 0, 2, 1.",
               "What about dilation 3?"),
        why="The stride divides the number of taps and has no common factor with the dilation."),
    "11.5": Exercise(
        answer=_fewer,
        wrong={"you left out the pointwise layer with its 64·32 weights":
                   lambda: _fewer(32 * 15),
               "you gave each depthwise filter all 32 channels, but it reads one":
                   lambda: _fewer(32 * 32 * 15 + 64 * 32),
               "you gave the pair 64 depthwise filters; there is one per channel, and then the "
               "pointwise layer": lambda: _fewer(64 * 15 + 64 * 64),
               "you chose the numbers for which the pair is smaller":
                   lambda: {1, 2, 4, 8}},
        hints=("With groups, w has the shape (64, 32/groups, 3, 5).",
               "The pair has 32·1·3·5 weights, and then 64·32·1·1.",
               "That is 2528. Without groups, the layer has 30,720."),
        why="With 16 groups, a filter reads only two channels, while the pair mixes all of them."),
    "11.6": Exercise(
        answer=lambda: (6, _unrounded(6), output_size(6, 4, stride=3, padding=1)), digits=2,
        wrong={"you rounded up, but a window that does not fit gives no output":
                   lambda: (6, _unrounded(6), 3),
               "at H = 5 the stride divides, and the formula is right":
                   lambda: (5, _unrounded(5), 2),
               "you counted the padding once, but there is a zero at each end":
                   lambda: (5, _unrounded(5, padding=1), 1),
               "there is a smaller one; try 6": lambda: (7, _unrounded(7), 2)},
        hints=("When does the formula not give an integer?",
               "At H = 6, the numerator is 6 - 4 + 2."),
        why="The floor is missing: 4 is not a multiple of 3, and only two windows fit."),
    "11.7": Exercise(
        answer=lambda: conv1d_backward, cases=_cases,
        wrong=wrong_answers(*CONCERNED) | {
            "you gave filter k to group k % groups; groups are blocks of neighbours, "
            "k // (K // groups)": lambda: _round_robin},
        hints=("Begin with np.zeros of the shapes of the padded x and of w; zeros_like(x) would "
               "have the type of x, perhaps an integer. Loop over k, c, r and p: each "
               "combination adds one product to dx and one to dw.",
               "Filter k belongs to group k // (K // groups); its slice c reads channel "
               "k // (K // groups) * (C // groups) + c of x.",
               "Tap r of output p reads the padded position p*stride + r*dilation. At the end, "
               "crop dx with [:, padding:padding + H]."),
        why="Your backward pass handles every stride, padding, dilation and number of groups."),
}
