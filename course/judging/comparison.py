"""Where an answer is wrong, and which mistake of the catalogue it agrees with."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from course.judging.layers import Case
from course.mistakes import MISTAKES

Array = NDArray[Any]
ROUNDING = 32  # times the precision of the numbers, relative to the largest of the array
LEAST = 1e-9  # what a Fourier transform in float64 stays below


def same(answer: Array, right: Array) -> bool:
    """Whether two arrays have the same shape, and the same numbers up to rounding."""
    return answer.shape == right.shape and not wrong_cells(answer, right).any()


def wrong_cells(answer: Array, right: Array) -> Array:
    """Which cells of an array of the right shape are wrong; nan and infinity always are."""
    precision = ROUNDING * np.finfo(answer.dtype).eps if answer.dtype.kind == "f" else 0.0
    room = max(precision, LEAST) * max(1.0, np.abs(right).max(initial=0))
    gap = np.abs(answer.astype(float) - right)
    return ~(gap <= room)  # not "greater": nan is nowhere near


@cache
def mistaken(name: str, every: tuple[Case, ...]) -> tuple[Mapping[str, Array] | None, ...]:
    """What a mistake of the catalogue gives in each case of its layer; None where it raises."""
    return tuple(_parts(name, case.arrays, case.options) for case in every)


def _parts(name: str, arrays: Mapping[str, Array], options: Mapping[str, Any]
           ) -> Mapping[str, Array] | None:
    options = dict(options)
    window = [options.pop("kernel_size")] if "kernel_size" in options else []
    try:
        given = MISTAKES[name](*arrays.values(), *window, **options)
    except (ValueError, IndexError, TypeError):  # too small a case for this mistake
        return None
    parts = given._asdict() if hasattr(given, "_asdict") else {"dx": given}
    return {part: np.asarray(array, dtype=float) for part, array in parts.items()}


class Likeness(NamedTuple):
    """A mistake that agrees with an answer.

    Attributes
    ----------
    name : str
        Of the mistake.
    agreeing : list of int
        Those of the wrong cases in which the two agree.
    is_elsewhere : bool
        Whether they agree in all other cases as well, in which the answer is right.
    """

    name: str
    agreeing: list[int]
    is_elsewhere: bool


def resembling(part: str, answers: Mapping[int, Array], wrong: Sequence[int], layer: str,
               every: tuple[Case, ...], turn: Any) -> list[Likeness]:
    """The mistakes that agree with an answer in the most of the cases where it is wrong.

    Parameters
    ----------
    part : str
        dx, dw or db.
    answers : Mapping
        number of a case -> what the function under trial gave.
    wrong : sequence of int
        The cases in which it is wrong.
    layer : str
        Of the cases.
    every : tuple of Case
        All of them.
    turn : callable
        turn(name, array), from the order of the book into that of the function.

    Returns
    -------
    list of Likeness
        Those that agree elsewhere as well, if there are any; else the others.
    """
    def agrees(name: str, n: int) -> bool:
        theirs = mistaken(name, every)[n]
        return theirs is not None and same(answers[n], turn(part, theirs[part]))

    agreeing = {name: [n for n in wrong if agrees(name, n)] for name, mistake in MISTAKES.items()
                if mistake.replaces == layer and part in mistake.parts}
    most = max(map(len, agreeing.values()), default=0)
    best = [Likeness(name, numbers, all(agrees(name, n) for n in answers if n not in wrong
                                        and mistaken(name, every)[n] is not None))
            for name, numbers in agreeing.items() if numbers and len(numbers) == most]
    return [like for like in best if like.is_elsewhere] or best
