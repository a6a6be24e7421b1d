"""Where an answer differs from the right one, without giving the right one away."""

import re
import reprlib
from collections.abc import Sequence
from functools import reduce
from numbers import Real
from typing import Any

import numpy as np

from course.exercises.equivalence import (
    TooManyEntriesError,
    as_set,
    entry,
    few,
    is_sequence,
    opened,
    same,
)

FAILURES = Exception, SystemExit  # what an object of the reader's may raise; not an interrupt


def alike(answer: Any, right: Any, digits: int | None) -> bool:
    """Whether two answers are the same; no kind of answer raises."""
    try:
        return same(answer, right, digits)
    except FAILURES:
        return False


def difference(answer: Any, right: Any, digits: int | None) -> str:
    """Where two answers differ, without giving the right one away."""
    try:
        return _parting(opened(answer), opened(right), digits)
    except TooManyEntriesError as error:
        return str(error)
    except FAILURES:
        return f"{short(answer)} cannot be compared with {_kind(right)}"


def _parting(answer: Any, right: Any, digits: int | None) -> str:
    if isinstance(right, dict):
        return _keys(answer, right, digits)
    if isinstance(right, (set, frozenset)):
        return _members(as_set(answer), as_set(right))
    if isinstance(right, str):
        return "this word is wrong" if isinstance(answer, str) else "the answer is a word"
    if is_several(right):
        return _parts(answer, right, digits)
    given, shape = _shape(answer), np.shape(right)
    if given != shape:
        return f"the shape is {given}, and should be {shape}"
    if not shape:
        return _number(entry(answer), entry(right))
    off = [cell for cell in np.ndindex(shape)
           if not alike(reduce(_part, cell, answer), reduce(_part, cell, right), digits)]
    where = f"[{', '.join(map(str, off[0]))}]"
    return f"{len(off)} of {np.prod(shape)} entries differ, the first at {where}"


def _part(value: Any, n: int) -> Any:
    return opened(value)[n]


def _shape(answer: Any) -> tuple[int, ...]:
    """The shape of an answer; of lists it is read along the first entries."""
    answer = opened(answer)
    if isinstance(answer, np.ndarray):
        return answer.shape
    if not is_sequence(answer):
        entry(answer)
        return ()
    parts = map(opened, few(answer))
    if len({len(part) if is_sequence(part) else None for part in parts}) > 1:
        raise TypeError("rows of different lengths do not form an array")
    return len(answer), *(_shape(answer[0]) if len(answer) else ())


def _number(answer: Any, right: Any) -> str:
    if isinstance(answer, Real) and isinstance(right, Real) and not isinstance(right, bool):
        if answer > right:
            return "this number is too large"
        if answer < right:
            return "this number is too small"
    return "this is wrong"


def _parts(answer: Any, right: Sequence[Any], digits: int | None) -> str:
    """Which parts of an answer are wrong."""
    if not is_sequence(answer) or len(answer) != len(right):
        return f"give {len(right)} parts"
    off = [n for n, pair in enumerate(zip(answer, right, strict=True), 1)
           if not alike(*pair, digits)]
    if len(off) == 1:
        return f"part {off[0]} of your answer is wrong, the rest is right"
    return f"parts {', '.join(map(str, off[:-1]))} and {off[-1]} of your answer are wrong"


def _members(given: set[Any], right: set[Any]) -> str:
    """How many members of a set are wrong and how many are missing, not which."""
    extra, missing = len(given - right), len(right - given)
    wrong = f"{extra} of your {len(given)} members {'is' if extra == 1 else 'are'} wrong"
    lacking = f"{missing} {'is' if missing == 1 else 'are'} missing"
    return " and ".join([wrong] * bool(extra) + [lacking] * bool(missing))


def _keys(answer: Any, right: dict[Any, Any], digits: int | None) -> str:
    """Which entries of a dictionary are wrong or missing."""
    names = ", ".join(map(repr, right))
    if not isinstance(answer, dict):
        return f"give a dictionary with the keys {names}"
    for key in answer:
        if key not in right:
            return f"{short(key)} is no key of the answer; they are {names}"
    off = [repr(key) for key in right
           if key not in answer or not alike(answer[key], right[key], digits)]
    return f"the entry for {off[0]} is wrong" if len(off) == 1 else (
        f"the entries for {', '.join(off)} are wrong")


def is_several(value: Any) -> bool:
    """Parts that make no array together: of several shapes, such as Gradients, words, or lists."""
    return isinstance(value, (tuple, list)) and (
        len({np.shape(part) for part in value}) > 1
        or any(isinstance(part, (str, set)) for part in value)
        or (isinstance(value, tuple) and any(isinstance(part, list) for part in value)))


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return "a word"
    if isinstance(value, (set, frozenset, dict)):
        return "a dictionary" if isinstance(value, dict) else "a set"
    if is_several(value):
        return f"{len(value)} answers in parentheses"
    shape = np.shape(opened(value))
    return f"an array of shape {shape}" if shape else "a number or an expression"


def short(value: Any) -> str:
    """An object as it is written down, in 60 characters at most; or its type, if it cannot be."""
    try:
        text = cut(reprlib.repr(value), 60)
        if not re.search(r"\.\.\.\w*[0-9a-f]{6}>$", text):  # the end of where an object lies
            return text
    except FAILURES:  # an integer of thousands of digits, too
        pass
    return cut(f"<{type(value).__name__}>", 60)


def cut(text: str, length: int) -> str:
    """The beginning of a text, on one line; the address of an object in memory is left out."""
    text = re.sub(r" at 0x[0-9a-f]+", "", " ".join(text.split()), flags=re.I)
    return text if len(text) <= length else f"{text[:length - 3]}..."
