"""Sentences about one part of the answers that is wrong."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.judging.calls import Trial
from course.judging.circumstances import described
from course.judging.comparison import wrong_cells
from course.judging.interface import named
from course.judging.layers import Case
from course.mistakes import diagnosis

Array = NDArray[Any]
MAX_NUMBERS = 40  # an example of more is not read


def first_wrong(part: str, answer: Array, right: Array) -> str:
    """The first cell that is wrong, with both numbers; or the two shapes."""
    if answer.shape != right.shape:
        return f"{part} has the shape {answer.shape}, and should have {right.shape}"
    off = np.argwhere(wrong_cells(answer, right))
    cell = tuple(map(int, off[0]))
    where = f"{part}[{', '.join(map(str, cell))}]" if cell else part
    number = f"{len(off)} of {right.size} cells are wrong; the first: " if right.size > 1 else ""
    return f"{number}{where} is {answer[cell]:.8g}, and should be {right[cell]:.8g}"


def mistake_words(agreeing: Mapping[str, list[int]], wrong: list[int], part: str) -> list[str]:
    """The mistake that agrees, or may be part of it."""
    names = list(agreeing)
    if not names:
        return []
    if len(agreeing[names[0]]) == len(wrong):
        several = f"in all {len(wrong)} of them" if len(wrong) > 1 else "in this one"
        lines = [f"The mistake is {names[0]}, which gives your {part} {several}.",
                 f"{diagnosis(names[0])}."]
        for name in names[1:3]:
            lines.append(f"These cases cannot tell it from {name}: {diagnosis(name)}.")
        return lines
    number = len(agreeing[names[0]])
    if number < 2 or 3 * number < len(wrong) or len(names) > 2:
        return ["No mistake of the catalogue gives these numbers."]
    return [f"In {number} of the {len(wrong)} this is what {names[0]} gives; a second mistake may "
            f"be on top of it. {diagnosis(names[0])}."]


def example_lines(trial: Trial, case: Case, part: str, right: Array | None) -> list[str]:
    """Lines to paste that show it, if the arrays are small enough to be read."""
    arrays = {name: trial.layout.turn(name, array) for name, array in case.arrays.items()}
    if sum(array.size for array in arrays.values()) > MAX_NUMBERS:
        return ["To see it, take the arrays and options from .example of this answer."]
    make = "np.array" if trial.array is np.asarray else named(trial.array)
    taken = [what for _, what in trial.interface.parameters]
    numbers = ", ".join(f"{make}({written(array)})" for name, array in arrays.items()
                        if name in taken)
    names = ", ".join(name for name in arrays if name in taken)
    places: dict[str, Any] = {what: _Name(what) for what in taken}
    places |= {name: value for name, value in trial.values(case).items() if name not in arrays
               and name != "b"}
    args, by_name = trial.arguments(case, places)
    given = ", ".join([*map(repr, args), *(f"{name}={value!r}" for name, value in by_name.items())])
    call = trial.function.shown({**trial.layer.neutral, **by_name}) if hasattr(
        trial.function, "shown") else f"{named(trial.function)}({given})"
    should = "" if right is None or right.size > MAX_NUMBERS else (
        f"    # {part} should be {written(right)}")
    return ["To see it:", f"    {names} = {numbers}",
            f"    {call}{should}"]


class _Name(str):
    """A variable in an example: shows without quotation marks."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def written(array: Array) -> str:
    """An array as it is typed, on one line."""
    return " ".join(np.array2string(array, separator=", ", threshold=10_000).split()).replace(
        "[ ", "[")


def case_line(trial: Trial, case: Case, several: bool) -> str:
    """The case that is shown."""
    return f"{'The smallest' if several else 'The case'}: {described(case, trial.layout.turn)}."
