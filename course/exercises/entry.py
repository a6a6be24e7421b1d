"""Exercises that are answered in one line of a page: as plain data, which a script compares."""

from collections.abc import Mapping
from itertools import count
from numbers import Real
from typing import Any

import numpy as np

from course.exercises.differences import is_several
from course.exercises.equivalence import is_sequence, opened
from course.exercises.exercise import Exercise

MAX_CELLS = 60  # of an array: more of them nobody types


def entry(exercise: Exercise) -> dict[str, Any] | None:
    """The exercise for `figures/widgets/src/entry.js`; None where only a notebook can judge.

    Parameters
    ----------
    exercise : Exercise
        What is asked.

    Returns
    -------
    dict or None
        right, wrong [[what the reader did, answer], ...], several (parts of a tuple are told
        apart), digits, why and form (how an answer is written); None for a function, an
        expression or a large array.
    """
    if exercise.cases is not None:
        return None
    right = exercise.answer()
    try:
        return {
            "right": plain(right), "several": is_several(opened(right)),
            "digits": exercise.digits, "why": exercise.why, "form": _form(opened(right)),
            "wrong": [[message, plain(wrong())] for message, wrong in exercise.wrong.items()]}
    except TypeError:
        return None


def plain(value: Any) -> Any:
    """A value as JSON; sets and dictionaries say what they are. TypeError for other kinds."""
    value = opened(value)
    if isinstance(value, bool | str | int):
        return value
    if isinstance(value, Real):
        return float(value)
    if isinstance(value, set | frozenset):
        return {"set": sorted((plain(member) for member in value), key=str)}
    if isinstance(value, Mapping):
        return {"dict": [[plain(key), plain(part)] for key, part in value.items()]}
    if is_sequence(value) and (not isinstance(value, np.ndarray) or value.size <= MAX_CELLS):
        return [plain(part) for part in value]
    raise TypeError(f"a {type(value).__name__} is not typed into a line")


def _form(right: Any) -> str:
    """How an answer of this kind is written, by an example that is not the answer."""
    if isinstance(right, str):
        return "one word"
    if isinstance(right, set | frozenset):
        return "a set, such as {7, 8}"
    if isinstance(right, Mapping):
        return f"a dictionary, such as {{'{next(iter(right))}': (1, 2), ...}}"
    if isinstance(right, tuple):
        return f"your answers in parentheses, such as ({', '.join(map(_like, right, count(7)))})"
    if is_sequence(right):
        return ("rows in brackets, such as [[7, 8], [9, 0]]" if np.ndim(right) == 2
                else "a list, such as [7, 8]")
    return "a number, such as 12, 0.5 or 5/3"


def _like(part: Any, number: int) -> str:
    """An example of one answer among several."""
    if isinstance(part, str):
        return '"k"' if number % 2 else '"c"'
    if isinstance(part, tuple):
        return f"({number}, {number + 1})"
    if is_sequence(part):
        return "[[7, 8], [9, 0]]" if np.ndim(part) == 2 else f"[{number}, {number + 1}]"
    return "True" if isinstance(part, bool) else str(number)
