"""The verdict on an answer: right, which mistake, or where it differs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from inspect import signature
from traceback import format_exception_only
from typing import Any, NamedTuple

import numpy as np

from course.exercises.differences import FAILURES, alike, cut, difference, short
from course.exercises.equivalence import TooManyEntriesError, read_once
from course.exercises.exercise import Exercise


class Verdict(NamedTuple):
    """Whether an answer is right, and the feedback for the reader."""

    right: bool
    message: str


class Case(NamedTuple):
    """The arguments of one call of a reader's function, and their sizes in words."""

    args: tuple[Any, ...]
    options: dict[str, Any]
    sizes: str


UNANSWERED = Verdict(False, "the function returns nothing yet")


def judge(exercise: Exercise, answer: Any) -> Verdict:
    """The verdict on an answer that is not `...`, with a message for any answer whatsoever.

    Parameters
    ----------
    exercise : Exercise
        What was asked.
    answer : object
        What the reader hands in.

    Returns
    -------
    Verdict
        Whether it is right, and a message: why, or which mistake it is, or where it differs.
    """
    if exercise.cases is not None:
        return _judge_function(exercise, answer)
    right, digits = exercise.answer(), exercise.digits
    if callable(answer):
        return Verdict(False, "this is a function; call it, and hand in what it returns")
    try:
        answer = read_once(answer)
    except FAILURES as error:
        return Verdict(False, _told(error))
    if any(alike(answer, one, digits) for one in (right, *exercise.also)):
        return Verdict(True, exercise.why)
    for message, wrong in exercise.wrong.items():
        if alike(answer, wrong(), digits):
            return Verdict(False, message)
    return Verdict(False, difference(answer, right, digits))


def _judge_function(exercise: Exercise, function: Any) -> Verdict:
    if not callable(function):
        return Verdict(False, f"hand in the function itself, not {short(function)}")
    (cases, expected), digits = _expected(exercise), exercise.digits
    results = _results(function, cases)
    if isinstance(results, Verdict):
        return results
    if all(result is None for result in results):
        return UNANSWERED
    if alike(results, expected, digits):
        return Verdict(True, exercise.why)
    wrong = _mistaken(exercise)
    fields = getattr(expected[0], "_fields", None)
    if fields is None:
        return Verdict(False, _diagnose(results, expected, wrong, cases, digits))
    if not all(isinstance(r, (tuple, list)) and len(r) == len(fields) for r in results):
        return Verdict(False, f"return the {len(fields)} arrays {', '.join(fields)}")
    told = []
    for name, part, right_part, *wrong_parts in zip(
            fields, *(zip(*each, strict=True) for each in (results, expected, *wrong.values())),
            strict=True):
        if not alike(part, right_part, digits):
            told.append(f"{name}: " + _diagnose(
                part, right_part, dict(zip(wrong, wrong_parts, strict=True)), cases, digits))
    return Verdict(False, "; ".join(told))


@cache
def _expected(exercise: Exercise) -> tuple[list[Case], list[Any]]:
    """On what a function is compared, and what the right one returns there."""
    right = exercise.answer()
    names = list(signature(right).parameters)
    cases = [Case(args, options, _sizes(names, args, options))
             for args, options in (exercise.cases or list)()]
    return cases, [right(*case.args, **case.options) for case in cases]


@cache
def _mistaken(exercise: Exercise) -> dict[str, list[Any]]:
    """What the functions with a known mistake return there, by what is told of it."""
    cases, _ = _expected(exercise)
    return {message: like for message, f in exercise.wrong.items()
            if isinstance(like := _results(f(), cases), list)}


def _results(function: Callable[..., Any], cases: list[Case]) -> list[Any] | Verdict:
    """What a function returns in each case; or what to say where it raises."""
    results = []
    for case in cases:
        copies = [arg.copy() if isinstance(arg, np.ndarray) else arg for arg in case.args]
        try:
            results.append(read_once(function(*copies, **case.options)))
        except FAILURES as error:
            return Verdict(False, f"{_told(error)}, for {case.sizes}")
    return results


def _told(error: BaseException) -> str:
    words = format_exception_only(error)[-1]
    return str(error) if isinstance(error, TooManyEntriesError) else f"it raised {cut(words, 200)}"


def _diagnose(results: Sequence[Any], expected: Sequence[Any], wrong: Mapping[str, Sequence[Any]],
              cases: list[Case], digits: int | None) -> str:
    """The known mistake, or where the first wrong result differs."""
    for message, like in wrong.items():
        if not alike(like, expected, digits) and alike(results, like, digits):
            return message
    result, right, case = next(three for three in zip(results, expected, cases, strict=True)
                               if not alike(three[0], three[1], digits))
    return f"{difference(result, right, digits)}, for {case.sizes}"


def _sizes(names: Iterable[str], args: tuple[Any, ...], options: dict[str, Any]) -> str:
    """A case in the reader's terms: dy (3, 3), x (4, 5), padding=1."""
    sizes = [f"{name} {arg.shape}" if isinstance(arg, np.ndarray) else f"{name}={short(arg)}"
             for name, arg in zip(names, args, strict=False)]
    return ", ".join(sizes + [f"{name}={value}" for name, value in options.items()])
