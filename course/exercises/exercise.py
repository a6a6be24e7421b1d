"""What an exercise is, and when two answers are the same."""

from collections.abc import Callable
from dataclasses import dataclass, field
from numbers import Number

import numpy as np

CLOSE = 1e-9  # relative, for answers that went through floating point


@dataclass(frozen=True)
class Exercise:
    """A question's other half: the right answer, the known wrong ones, and the hints.

    answer  () -> the right answer: a number, a word, a tuple, set, array, expression or function
    hints   at least two, from a nudge to nearly the solution
    wrong   what the reader did -> () -> the answer that this gives
    why     one sentence for the reader who is right
    digits  the answer may be rounded to so many decimals
    cases   for a function: () -> [(arguments, options), ...] on which it is compared
    """

    answer: Callable
    hints: tuple
    wrong: dict = field(default_factory=dict)
    why: str = ""
    digits: int | None = None
    cases: Callable | None = None


def same(answer, right, digits=None):
    """Whether two answers are equivalent: x + x and 2*x are, so are [1, 2] and an array of it.

    Raises TypeError where the answer is of a kind that cannot be compared with the right one.
    """
    if isinstance(right, str) or isinstance(answer, str):
        return _words(answer) == _words(right)
    if isinstance(right, (set, frozenset)):
        return _as_set(answer) == _as_set(right)
    if isinstance(right, dict):
        return (isinstance(answer, dict) and answer.keys() == right.keys()
                and all(same(answer[key], right[key], digits) for key in right))
    if is_several(right):
        several = isinstance(answer, (tuple, list, np.ndarray)) and len(answer) == len(right)
        return several and all(same(*pair, digits) for pair in zip(answer, right, strict=True))
    answer, right = as_array(answer), as_array(right)
    return answer.shape == right.shape and all(
        _same_entry(*pair, digits) for pair in zip(answer.flat, right.flat, strict=True))


def as_array(value):
    """The answer as an array of numbers or expressions; TypeError for anything else."""
    array = np.array(value.tolist() if _is_matrix(value) else value, dtype=object)
    for cell, entry in np.ndenumerate(array):
        if getattr(entry, "is_Boolean", False):  # SymPy's true, from comparing two expressions
            array[cell] = bool(entry)
    if not all(isinstance(entry, (Number, np.bool_)) or _is_expression(entry)
               for entry in array.flat):
        raise TypeError(f"{value!r} is no number, array or expression")
    return array


def _same_entry(answer, right, digits):
    if _is_expression(answer) or _is_expression(right):
        import sympy as sp

        answer, right = sp.sympify(answer), sp.sympify(right)
        gap = answer - right
        if gap == 0 or answer.free_symbols | right.free_symbols:
            return gap == 0 or gap.expand() == 0 or sp.simplify(gap) == 0
        answer, right = complex(answer), complex(right)
    if answer != answer or right != right:  # nan is nowhere a number to be near to
        return (answer != answer) == (right != right)
    if answer == right:
        return True
    room = 0.5 * 10.0 ** -digits * 1.02 if digits is not None else CLOSE * (1 + abs(right))
    return bool(abs(answer - right) <= room)


def is_several(value):
    """Parts that make no array together: of several shapes, such as Gradients, words, or lists."""
    return isinstance(value, (tuple, list)) and (
        len({np.shape(part) for part in value if not isinstance(part, set)}) > 1
        or any(isinstance(part, (str, set)) for part in value)
        or isinstance(value, tuple) and any(isinstance(part, list) for part in value))


def _as_set(value):
    if isinstance(value, dict):
        raise TypeError(f"{value!r} is no set")
    items = np.atleast_1d(value).tolist() if isinstance(value, np.ndarray) else value
    return {tuple(np.ravel(n).tolist()) if np.ndim(n) else n for n in items}


def _words(value):
    return " ".join(value.casefold().replace("_", " ").split()) if isinstance(value, str) else value


def _is_matrix(value):
    return hasattr(value, "tolist") and hasattr(value, "rows")  # a SymPy matrix


def _is_expression(value):
    return hasattr(value, "free_symbols")
