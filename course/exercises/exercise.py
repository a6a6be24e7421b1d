"""One exercise: its answer, its hints, and its known mistakes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Answer = Callable[[], Any]
Call = tuple[tuple[Any, ...], dict[str, Any]]  # the arguments and the options of a function


@dataclass(frozen=True, eq=False)
class Exercise:
    """What the notebook leaves out: the right answer, known wrong ones, and the hints.

    Attributes
    ----------
    answer : callable
        () -> the right answer: a number, word, tuple, set, array, dictionary, expression, function.
    hints : tuple of str
        At least two, from a nudge to nearly the solution.
    wrong : dict
        The mistake, as feedback to the reader -> () -> the answer that it leads to.
    also : tuple
        Other answers that are right.
    why : str
        One sentence for the reader who is right.
    digits : int, optional
        To how many decimals the answer may be rounded.
    cases : callable, optional
        For a function: () -> (arguments, options), ... on which it is compared.
    """

    answer: Answer
    hints: tuple[str, ...]
    wrong: dict[str, Answer] = field(default_factory=dict)
    why: str = ""
    also: tuple[Any, ...] = ()
    digits: int | None = None
    cases: Callable[[], Iterable[Call]] | None = None


def random_calls(seed: int, *cases: tuple[Any, ...],
                 forward: Callable[..., Array] | None = None) -> list[Call]:
    """Calls with integers from 1 to 9, for cases that end in options: (x_shape, w_shape, {}).

    With `forward`, dy comes first, in the shape of forward(x, w, **options).
    """
    rng, calls = np.random.default_rng(seed), []
    for *shapes, options in cases:
        arrays = [rng.integers(1, 10, shape) for shape in shapes]
        if forward:
            arrays.insert(0, rng.integers(1, 10, forward(*arrays, **options).shape))
        calls.append((tuple(arrays), options))
    return calls
