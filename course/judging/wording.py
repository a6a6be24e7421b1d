"""Sentences about one part of the answers that is wrong."""

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.judging.calls import Trial
from course.judging.circumstances import described
from course.judging.comparison import wrong_cells
from course.judging.interface import named
from course.judging.layers import Case
from course.judging.resemblance import sum_words
from course.mistakes import diagnosis

Array = NDArray[Any]
MAX_NUMBERS = 40  # an example of more is not read


def first_wrong(trial: Trial, case: Case, part: str, answer: Array, right: Array) -> list[str]:
    """The first cell that is wrong, with both numbers and the sum; or the two shapes."""
    if answer.shape != right.shape:
        return [f"There {part} has the shape {answer.shape}, and should have {right.shape}."]
    off = np.argwhere(wrong_cells(answer, right))
    cell = tuple(map(int, off[0]))
    where = f"{part}[{', '.join(map(str, cell))}]" if cell else part
    number = f"There {len(off)} of {right.size} cells {'is' if len(off) == 1 else 'are'} wrong. " \
        if right.size > 1 else ""
    lines = [f"{number}{'The first, ' if len(off) > 1 else ''}{where}{',' * (len(off) > 1)} is "
             f"{answer[cell]:.8g}, and should be {right[cell]:.8g}."]
    words = sum_words(part, cell, case, trial.layout)
    return lines + [f"{right[cell]:.8g} is {words}."] * bool(words)


def mistake_words(names: list[str], number: int, part: str) -> list[str]:
    """The mistakes that agree with all of the wrong answers; the first has no rival, mostly."""
    several = f"in all {number} of them" if number > 1 else "there"
    return [f"The mistake is {names[0]}, which gives your {part} {several}.",
            f"{diagnosis(names[0])}.",
            *(f"These cases cannot tell it from {name}: {diagnosis(name)}." for name in names[1:3])]


def same_cause(other: str, cause: str) -> str:
    """That a part is wrong for the reason that another was told."""
    name = cause.split(", as")[0] if cause.startswith("it is") else f"the mistake is {cause}"
    return f"for the same reason as {other}: {name}"


def example_lines(trial: Trial, case: Case, part: str, right: Array | None) -> list[str]:
    """Lines to paste that show it, if the arrays are small enough to be read."""
    arrays = {name: trial.layout.turn(name, array) for name, array in case.arrays.items()}
    if sum(array.size for array in arrays.values()) > MAX_NUMBERS:
        return ["To see it, take the arrays and options from .example of this answer."]
    make = "np.array" if trial.array is np.asarray else named(trial.array)
    taken = [what for _, what in trial.interface.parameters]
    places: dict[str, Any] = {what: _Name(what) for what in taken}
    places |= trial.sizes(case)
    args, by_name = trial.arguments(case, places)
    given = ", ".join([*map(repr, args), *(f"{name}={value!r}" for name, value in by_name.items())])
    call = trial.function.shown({**trial.layer.neutral, **by_name}, arrays) if hasattr(
        trial.function, "shown") else f"{named(trial.function)}({given})"
    if "w" in arrays and re.search(r"\bb\b", call.replace("b=", "")):
        arrays["b"] = np.zeros(case.right["db"].shape)
        taken.append("b")
    used = [name for name in arrays if name in taken]
    numbers = ", ".join(f"{make}({written(arrays[name])})" for name in used)
    should = "" if right is None or right.size > MAX_NUMBERS else (
        f"    # {part} should be {written(right)}")
    return ["To see it:", f"    {', '.join(used)} = {numbers}",
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
