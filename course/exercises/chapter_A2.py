"""Exercises of appendix A2: a wrong gradient is planted, and the reader finds out what it is."""

from collections.abc import Callable
from functools import partial
from typing import Any

from convlib.conv import conv2d, conv2d_backward
from course.exercises.exercise import Array, Call, Exercise, random_calls
from course.judging.side_by_side import compare
from course.mistakes import MISTAKES, diagnosis

__all__ = ["EXERCISES", "compare", "planted"]


def planted(n: int) -> Callable[..., Any]:
    """The wrong backward pass of exercise A2.n, or of the example if n is 0, to be called like
    conv2d_backward."""
    mistake = MISTAKES[EXERCISES[f"A2.{n}"].answer() if n else "stride_dropped"]

    def backward(dy: Any, x: Any, w: Any, **options: Any) -> Any:
        """Something is wrong here, at some sizes."""
        return mistake(dy, x, w, **options)

    return backward


def _cases() -> list[Call]:
    """With padding and without, at unequal sizes."""
    return random_calls(0, *(((2, 3, 5, 7), (4, 3, 2, 3), options) for options in (
        {}, {"pad": 1}, {"stride": 2}, {"stride": 2, "pad": 1})), forward=lambda x, w, **options:
            conv2d(x, w, stride=options.get("stride", 1), padding=options.get("pad", 0)))


def _like(backward: Callable[..., Any]) -> Callable[..., Any]:
    """A backward pass with the arguments of my_backward in the appendix."""
    def my_backward(dout: Array, x: Array, w: Array, stride: int = 1,
                    pad: int = 0) -> tuple[Array, Array]:
        found = backward(dout, x, w, stride=stride, padding=pad)
        return found.dx, found.dw

    return my_backward


def _told(name: str) -> Callable[[], str]:
    return lambda: name


EXERCISES = {
    "A2.1": Exercise(
        answer=_told("remainder_in_front"),
        wrong={"that would make dx too short": _told("remainder_lost"),
               "that one needs a second axis; compare with w of shape (1, 2) as well":
                   _told("remainder_shifts_rows"),
               "that would make dx wrong at stride 1 with padding": _told("padding_one_sided")},
        hints=("The shapes are right everywhere, so try one option after the other.",
               "Only a stride with leftover inputs shows it. For x of shape (1, 4), w of shape "
               "(1, 2) and dy of shape (1, 1), print planted(1)(dy, x, w, stride=(1, 3)).dx.",
               "The zeros are in dx, but where?"),
        why="The leftover inputs are at the end of x, and so are their zeros."),
    "A2.2": Exercise(
        answer=_told("groups_interleaved"),
        wrong={"that would make dx wrong as well": _told("groups_swapped"),
               "that would make dw wrong even without groups": _told("dw_shuffled"),
               "that would make dx wrong, only with a stride": _told("groups_lost_when_strided")},
        hints=("Try groups with two channels, and with four.",
               "With one channel per group dw is right. Which channels does a group read?"),
        why="The channels were dealt out to the groups in turn, which shows only if a group has "
            "two or more of them."),
    "A2.3": Exercise(
        answer=_told("height_for_width"),
        wrong={"that would make only dx wrong": _told("wrong_loop_index"),
               "with that mistake, a kernel that is not square would give dx another shape":
                   _told("turned_into_wrong_shape"),
               "this one is wrong even without a stride or a dilation":
                   _told("stride_and_dilation_swapped")},
        hints=("Compare a square image with a wide one, without any option.",
               "Which numbers does the first row of dy contribute? And the second?"),
        why="The rows of dy were read as if their length were the height of dy."),
    "A2.4": Exercise(
        answer=lambda: _like(conv2d_backward), cases=_cases,
        wrong={diagnosis(name): partial(_like, MISTAKES[name]) for name in (
            "crop_by_minus_zero", "padding_not_cropped")},
        hints=("Only the last line is wrong: the end of a slice must not be -0.",
               "The inputs of x are at the positions pad, ..., pad + H - 1 of dx, where H is the "
               "height of x.",
               "With H, W = x.shape[2:], cut out pad:pad + H and pad:pad + W."),
        why="The slice now ends at pad + H, which is right at padding 0 as well."),
}
