"""Exercises of appendix A: name a mistake by its digits, and write a check that catches it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.exercises.exercise import Array, Call, Exercise
from course.mistakes import MISTAKES
from course.mistakes.check_matrix import CHECKS, RIGHT

X, W = np.arange(1, 10).reshape(3, 3), np.array([[1000, 100], [10, 1]])
DY = np.array([[1, 2], [3, 4]])


def specimen(n: int) -> Array:
    """The gradient of exercise A.n, spoilt by its mistake, on the readable example of chapter 5."""
    mistake = MISTAKES[EXERCISES[f"A.{n}"].answer()]
    return mistake(DY, X, W).dx if "dx" in mistake.parts else mistake(DY, X, W).dw


def _gap(flipped: bool = False, middle: bool = True) -> list[Any]:
    """Unflipped minus right dx for two taps and two entries of dy, in symbols."""
    from convlib.symbolic import symbols

    a, b = symbols("w", 2)[:: -1 if flipped else 1]
    first, second = symbols("dy", 2)
    return [(b - a) * first, ((a - b) * (first - second)) if middle else 0, (a - b) * second]


def _trials() -> list[Call]:
    """Every wrong gradient of a convolution, and the right one."""
    return [((f,), {}) for f in (RIGHT["conv"], *(
        f for f in MISTAKES.values() if f.replaces == "conv"))]


def _check(name: str) -> Callable[..., Any]:
    """One of the book's checks, for a convolution."""
    return lambda backward: CHECKS[name](backward, "conv")


def _catches(backward: Callable[..., Any]) -> bool | None:
    """What A.7 asks for."""
    return CHECKS["dot_product"](backward, "conv")


EXERCISES = {
    "A.1": Exercise(
        answer=lambda: "transpose_for_rot180",
        wrong={"without the flip the middle would be 1234": lambda: "no_flip",
               "with only the first axis flipped, the middle would be 3412":
                   lambda: "one_axis_flip",
               "with only the last axis flipped, the middle would be 2143":
                   lambda: "other_axis_flip"},
        hints=("The middle is 1324. Which entry of dy is at which digit?",
               "The entries 2 and 3 have changed places; 1 and 4 have not moved."),
        why="Without any flip, it would be 1234; the transpose exchanges w[0,1] and w[1,0]."),
    "A.2": Exercise(
        answer=lambda: "assign_for_add",
        wrong={"this mistake spoils dw and db, but the array is dx": lambda: "mean_for_sum",
               "without the flip the middle would be 1234": lambda: "no_flip"},
        hints=("The corners are right, and the middle has only one digit that is not 0.",
               "4·1000 is the last of four products."),
        also=("windows_overwrite",),
        why="4000 is 4·1000 alone: the last stamp overwrote the others. With a single filter, "
            "assign_for_add and windows_overwrite are the same."),
    "A.3": Exercise(
        answer=lambda: "other_axis_flip",
        wrong={"with its first axis flipped instead, the middle would be 3412":
                   lambda: "one_axis_flip",
               "without any flip the middle would be 1234": lambda: "no_flip"},
        hints=("The right middle is 4321. Which pairs of digits have changed places?",
               "Each row of dy is reversed, but the rows have kept their order."),
        why="In 2143, each row of dy is reversed: only the last axis was flipped."),
    "A.4": Exercise(
        answer=lambda: "dw_flipped",
        wrong={"this mistake spoils dx, but the array is dw": lambda: "no_flip",
               "with y instead of x, the numbers would be far larger": lambda: "y_for_x"},
        hints=("dw[0,0] should multiply the window 1, 2, 4, 5 by dy, 1, 2, 3, 4.",
               "1 + 4 + 12 + 20 = 37. Find it in the printed array."),
        why="The entries are right, but each is in the opposite corner."),
    "A.5": Exercise(
        answer=_gap,
        wrong={"this is the right dx minus the unflipped one": lambda: _gap(flipped=True),
               "the middle entry receives two products, and both are exchanged":
                   lambda: _gap(middle=False)},
        hints=("The right dx is [w0·d0, w1·d0 + w0·d1, w1·d1]. Exchange the taps, then subtract.",
               "The first entry is (w1 - w0)·d0."),
        why="Each entry has the factor w1 - w0: a symmetric kernel hides the mistake, and the "
            "three entries add up to 0, so the mean hides it as well."),
    "A.6": Exercise(
        answer=lambda: "channels_summed",
        wrong={"no filter is left out in this formula; look at the channels":
                   lambda: "one_filter_only",
               "no axis is flipped in this formula": lambda: "channels_flipped_too"},
        hints=("A filter has a slice of weights for each channel. How many slices does the sum "
               "have?",
               "The sum over c leaves one slice, and the gradient needs three."),
        why="The sum is one slice, not three. Stack over the indices that w carries, and sum "
            "over those that it lacks."),
    "A.7": Exercise(
        answer=lambda: _catches, cases=_trials,
        wrong={"the sizes are all alike and no option is on; most mistakes pass":
                   lambda: _check("square_and_plain"),
               "shapes alone catch few mistakes": lambda: _check("shapes"),
               "a mean forgets where the numbers are": lambda: _check("mean_of_gradient"),
               "with a symmetric kernel the flips pass": lambda: _check("symmetric_kernel")},
        hints=("Compare the shapes of dx, dw and db first. Then (dy * y).sum(), for y without a "
               "bias, should equal (dx * x).sum() and (dw * w).sum().",
               "For db, let y be nothing but the bias.",
               "Use a batch of two, four channels in two groups, and unequal sides.",
               "One case needs groups and a stride together, another a stride with two leftover "
               "inputs, and one no padding at all."),
        why="Your check accepts the right gradient and catches every wrong one of a convolution."),
}
