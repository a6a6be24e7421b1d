"""Exercises of appendix A: name the mistake by its digits."""

from functools import cache

import numpy as np

from course.exercises.exercise import Array, Exercise
from course.mistakes import MISTAKES
from course.mistakes.check_matrix import verdicts

X, W = np.arange(1, 10).reshape(3, 3), np.array([[1000, 100], [10, 1]])
DY = np.array([[1, 2], [3, 4]])


def specimen(n: int) -> Array:
    """The gradient of exercise A.n, spoilt by its mistake, on the readable example of chapter 5."""
    mistake = MISTAKES[EXERCISES[f"A.{n}"].answer()]
    return mistake(DY, X, W).dx if "dx" in mistake.parts else mistake(DY, X, W).dw


@cache
def _missed(check: str) -> list[str]:
    return verdicts(checks=[check]).missed_by(check)


EXERCISES = {
    "A.1": Exercise(
        answer=lambda: "transpose_for_rot180",
        wrong={"without the flip the middle would be 1234": lambda: "no_flip",
               "one flipped axis gives 3412 in the middle": lambda: "one_axis_flip",
               "the other flipped axis gives 2143 in the middle": lambda: "other_axis_flip"},
        hints=("Read the middle: 1324. Which price stands in which place?",
               "The prices 2 and 3 have changed places, 1 and 4 have not moved."),
        why="The transpose swaps the two taps off the diagonal and leaves w[0,0] in its corner."),
    "A.2": Exercise(
        answer=lambda: "assign_for_add",
        wrong={"that mistake spoils dw and db; this is dx": lambda: "mean_for_sum",
               "without the flip the middle would be 1234": lambda: "no_flip"},
        hints=("The corners are right; the middle has one digit only.",
               "4·1000 is the last of four products."),
        why="The last stamp erased the three before it."),
    "A.3": Exercise(
        answer=lambda: "other_axis_flip",
        wrong={"with its first axis flipped alone the middle would be 3412":
                   lambda: "one_axis_flip",
               "without any flip the middle would be 1234": lambda: "no_flip"},
        hints=("Right is 4321. Which pairs of digits have changed places?",
               "2143: the columns are in the right order, the rows are not."),
        why="Flipped along the columns only."),
    "A.4": Exercise(
        answer=lambda: "dw_flipped",
        wrong={"nothing is wrong with the input's gradient here; this is dw": lambda: "no_flip",
               "y in the place of x would give far larger numbers": lambda: "y_for_x"},
        hints=("dw[0,0] should read the window 1, 2, 4, 5 under the prices 1, 2, 3, 4.",
               "1 + 4 + 12 + 20 = 37; find it in the printed array."),
        why="The entries are right, and stand in the opposite corners."),
    "A.5": Exercise(
        answer=lambda: len(_missed("mean_of_gradient")),
        wrong={"this is how many it notices": lambda: len(MISTAKES) - len(_missed(
            "mean_of_gradient")),
               "this counts the flips only": lambda: len([n for n in _missed("mean_of_gradient")
                                                          if "flip" in n])},
        hints=("`verdicts(...)` has a method for this.", 'table.missed_by("mean_of_gradient")'),
        why="A mean forgets where things stand, and most mistakes are about where."),
    "A.6": Exercise(
        answer=lambda: "channels_summed",
        wrong={"the sum over filters is in place; look at the channels": lambda: "one_filter_only",
               "no axis is flipped in this formula": lambda: "channels_flipped_too"},
        hints=("The filter has a weight for each channel. How many numbers does the sum have?",
               "A sum over j leaves one slice; the gradient needs three."),
        why="Stack over what the weight carries, sum over what it does not."),
}
