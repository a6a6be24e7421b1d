"""Exercises of appendix A2: a wrong gradient is planted, and the reader finds out what it is."""

from collections.abc import Callable
from typing import Any

import numpy as np

from convlib.conv import conv2d_backward
from convlib.geometry import Geometry
from course.exercises.exercise import Exercise
from course.gallery import reports
from course.mistakes import MISTAKES


def planted(n: int) -> Callable[..., Any]:
    """The wrong backward pass of exercise A2.n, to be called like conv2d_backward."""
    mistake = MISTAKES[EXERCISES[f"A2.{n}"].answer()]

    def backward(dy: Any, x: Any, w: Any, **options: Any) -> Any:
        """Something is wrong here, at some sizes."""
        return mistake(dy, x, w, **options)

    return backward


def compare(backward: Callable[..., Any], x: tuple[int, ...], w: tuple[int, ...],
            **options: Any) -> None:
    """Say which gradients of a backward pass are wrong for a case, and where the first entry is.

    Parameters
    ----------
    backward : callable
        Called as backward(dy, x, w, **options); it returns dx, dw and db.
    x, w : tuple of int
        Shapes; the numbers are drawn.
    **options
        As for conv2d.
    """
    rng = np.random.default_rng(0)
    dy = rng.integers(1, 10, Geometry.of(x, w, **options).y_shape)
    arrays = dy, rng.integers(1, 10, x), rng.integers(1, 10, w)
    for name, right, found in zip(("dx", "dw", "db"), conv2d_backward(*arrays, **options),
                                  backward(*arrays, **options), strict=True):
        if np.shape(found) != np.shape(right):
            print(f"{name}: shape {np.shape(found)}, and should be {np.shape(right)}")
        elif (wrong := np.argwhere(np.not_equal(found, right))).size:
            where = ", ".join(map(str, wrong[0]))
            print(f"{name}: {len(wrong)} of {np.size(right)} entries are wrong, the first "
                  f"at [{where}]")
        else:
            print(f"{name}: right")


def _told(name: str) -> Callable[[], str]:
    return lambda: name


EXERCISES = {
    "A2.1": Exercise(
        answer=_told("remainder_in_front"),
        wrong={"then dx would be too short": _told("remainder_lost"),
               "this one needs a second axis; compare with w of shape (1, 2) as well":
                   _told("remainder_shifts_rows"),
               "dx is wrong at stride 1 with padding then": _told("padding_one_sided")},
        hints=("Shapes are right everywhere, so try one option after the other.",
               "Only a stride that leaves cells over shows it. Print dx for x of shape (1, 4).",
               "The zeros are in dx, but where?"),
        why="The leftover cells are at the end of x, and so are their zeros."),
    "A2.2": Exercise(
        answer=_told("groups_interleaved"),
        wrong={"then dx would be wrong as well": _told("groups_swapped"),
               "then dw would be wrong without groups, too": _told("dw_shuffled"),
               "then dx would be wrong, and only with a stride": _told("groups_lost_when_strided")},
        hints=("Try groups with two channels, and with four.",
               "With one channel per group dw is right. Which channels does a group read?"),
        why="The channels were dealt out in turn, so only blocks of two or more show it."),
    "A2.3": Exercise(
        answer=_told("height_for_width"),
        wrong={"only dx would be wrong then": _told("wrong_loop_index"),
               "a kernel that is not square would give dx another shape":
                   _told("turned_into_wrong_shape"),
               "it is wrong without a stride and a dilation as well":
                   _told("stride_and_dilation_swapped")},
        hints=("Compare a square image with a wide one, without any option.",
               "Which numbers does the first row of dy contribute? And the second?"),
        why="The rows of dy were read at the distance of its height."),
    "A2.4": Exercise(
        answer=lambda: {report.number for report in reports()
                        if report.mistake == "assign_for_add"},
        wrong={"these two pools did assign; look for code that was right":
                   lambda: {report.number for report in reports()
                            if report.mistake == "pool_assigns"},
               "a wrong picture is wrong": lambda: {
                   report.number for report in reports() if "picture" in report.symptom}},
        hints=("Search the table for the word *proposed*.",
               "Both are about col2im."),
        why="In both the proposal would have been the bug: col2im adds."),
}
