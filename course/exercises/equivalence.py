"""When two answers are the same, whatever forms they have."""

from collections.abc import Iterator
from itertools import islice
from numbers import Number
from typing import Any

import numpy as np

CLOSE = 1e-9  # relative, for answers that went through floating point
MAX_ENTRIES = 10_000
POINTS = 25


class TooManyEntriesError(ValueError):
    """An answer with more entries than anybody looks at."""


def same(answer: Any, right: Any, digits: int | None = None) -> bool:
    """Whether two answers are equivalent: x + x and 2*x are, so are [1, 2] and an array of it.

    No more of the answer is looked at than the right one has entries, however long it is.

    Parameters
    ----------
    answer, right : object
        Numbers, words, expressions; sets or dictionaries of them; tuples, lists and arrays.
    digits : int, optional
        Accept what is rounded to so many decimals.

    Returns
    -------
    bool
        Whether they are the same.

    Raises
    ------
    TypeError
        Where the answer is of a kind that cannot be compared with the right one.
    """
    answer, right = opened(answer), opened(right)
    if isinstance(right, str) or isinstance(answer, str):
        return isinstance(right, str) and isinstance(answer, str) and _word(answer) == _word(right)
    if isinstance(right, (set, frozenset)):
        return as_set(answer) == as_set(right)
    if isinstance(right, dict):
        return (isinstance(answer, dict) and answer.keys() == right.keys()
                and all(same(answer[key], right[key], digits) for key in right))
    if is_sequence(answer):
        return is_sequence(right) and len(answer) == len(right) and all(
            same(*pair, digits) for pair in zip(answer, right, strict=True))
    answer = entry(answer)
    return not is_sequence(right) and _same_entry(answer, entry(right), digits)


def read_once(answer: Any) -> Any:
    """The answer with an iterator, or those among its parts, as lists: they can be read only once.

    Raises TooManyEntriesError for more than MAX_ENTRIES of one of them.
    """
    if isinstance(answer, Iterator):
        answer = few(list(islice(answer, MAX_ENTRIES + 1)))
    if isinstance(answer, (tuple, list)) and len(answer) < 10 and any(
            isinstance(part, Iterator) for part in answer):
        return [read_once(part) for part in answer]
    return answer


def opened(value: Any) -> Any:
    """A number out of an array without axes, and lists out of a matrix of SymPy."""
    if isinstance(value, np.ndarray):
        if np.ma.is_masked(value):
            raise TypeError("a masked value cannot be an answer")
        return np.asarray(value) if value.ndim else value.item()
    if isinstance(value, np.generic):
        return value.item()
    if hasattr(value, "tolist"):
        return few(value).tolist()
    return value


def few(values: Any) -> Any:
    """The values, unless there are more than anybody looks at: TooManyEntriesError."""
    if len(values) > MAX_ENTRIES:
        raise TooManyEntriesError(f"this gives more than {MAX_ENTRIES:,} entries")
    return values


def is_sequence(value: Any) -> bool:
    """Whether an opened answer has entries in an order."""
    return isinstance(value, (tuple, list, range, np.ndarray))


def as_set(value: Any) -> set[Any]:
    """The answer as a set, what is a sequence in it as a tuple; TypeError for other kinds."""
    value = opened(value)
    if not is_sequence(value) and not isinstance(value, (set, frozenset)):
        raise TypeError(f"a {type(value).__name__} is not a set")
    return {tuple(map(opened, few(member))) if is_sequence(member) else member
            for member in map(opened, few(value))}


def entry(value: Any) -> Any:
    """An opened answer that is one number or expression; TypeError for anything else."""
    if getattr(value, "is_Boolean", False):  # SymPy's true, from comparing two expressions
        return bool(value)
    if not isinstance(value, Number) and not _is_expression(value):
        raise TypeError(f"a {type(value).__name__} is neither a number nor an expression")
    return value


def _word(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").split())


def _is_expression(value: Any) -> bool:
    return hasattr(value, "free_symbols")


def _same_entry(answer: Any, right: Any, digits: int | None) -> bool:
    if not _is_expression(answer) and not _is_expression(right):
        return _near(answer, right, digits)
    import sympy as sp

    answer, right = sp.sympify(answer), sp.sympify(right)
    if answer.has(sp.Integral, sp.Product):  # to compute one may take for ever
        raise TypeError("an unevaluated integral or product cannot be an answer")
    return answer == right or all(
        _near(_value(answer, point), _value(right, point), digits)
        for point in _points(answer.free_symbols | right.free_symbols))


def _points(symbols: set[Any]) -> Iterator[dict[Any, Any]]:
    """Numbers for the symbols, equal for equal names: integers, or not negative, where one is so.

    Expressions that agree at all of these points are the same, and to compute them is quick, while
    to transform one into the other may be hard.
    """
    import sympy as sp

    rng, names = np.random.default_rng(0), sorted({str(s) for s in symbols})
    whole = {str(s) for s in symbols if s.is_integer}
    positive = {str(s) for s in symbols if s.is_nonnegative}
    for _ in range(POINTS if symbols else 1):
        point = dict(zip(names, rng.uniform(-9, 9, len(names)), strict=True))
        point |= {name: round(point[name]) for name in whole}
        point |= {name: abs(point[name]) for name in positive}
        yield {s: sp.Float(point[str(s)], 30) for s in symbols}


def _value(expression: Any, point: dict[Any, Any]) -> complex:
    return complex(expression.xreplace(point).evalf(30))


def _near(answer: Any, right: Any, digits: int | None) -> bool:
    """Equal, or as near as rounding leaves it; nan is near to nan alone."""
    if answer != answer or right != right:
        return bool(answer != answer) == bool(right != right)
    if answer == right:
        return True
    room = 0.5 * 10.0 ** -digits * 1.02 if digits is not None else CLOSE * (1 + abs(right))
    try:
        return abs(complex(answer) - complex(right)) <= room
    except OverflowError:  # an integer of more than 300 digits
        return False
