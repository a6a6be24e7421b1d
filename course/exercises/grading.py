"""What to tell a reader about an answer: right, which mistake, or where it differs."""

from collections.abc import Iterator
from inspect import signature
from typing import NamedTuple

import numpy as np

from course.exercises.exercise import as_array, is_several, same


class Verdict(NamedTuple):
    right: bool
    message: str


# what comparing two kinds of things may raise
UNLIKE = (TypeError, ValueError, ArithmeticError, AttributeError, RuntimeError)
UNANSWERED = Verdict(False, "the function returns nothing yet")


class Case(NamedTuple):
    """The arguments of one call of a reader's function, and their sizes in words."""

    args: tuple
    options: dict
    sizes: str


class Failed(NamedTuple):
    """A reader's function raised: what to say about it. Equal to no answer."""

    message: str


def judge(exercise, answer):
    """The verdict on an answer that is not `...`."""
    right = exercise.answer()
    if exercise.cases is not None:
        return _judge_function(exercise, answer, right)
    if callable(answer):
        return Verdict(False, "this is a function; call it and give what it returns")
    try:
        answer = list(answer) if isinstance(answer, Iterator) else answer  # it runs only once
        if same(answer, right, exercise.digits):
            return Verdict(True, exercise.why)
        for message, wrong in exercise.wrong.items():
            if same(answer, wrong(), exercise.digits):
                return Verdict(False, message)
    except UNLIKE:
        return Verdict(False, f"{_short(answer)} cannot be compared with {_kind(right)}")
    return Verdict(False, _difference(answer, right))


def _judge_function(exercise, function, right):
    if not callable(function):
        return Verdict(False, f"give the function itself, not {_short(function)}")
    names = list(signature(right).parameters)
    cases = [Case(args, options, _sizes(names, args, options))
             for args, options in exercise.cases()]
    expected = [right(*case.args, **case.options) for case in cases]
    found = [_call(function, case) for case in cases]
    if all(result is None for result in found):
        return UNANSWERED
    failed = next((f for f in found if isinstance(f, Failed)), None)
    if failed:
        return Verdict(False, failed.message)
    if same_all(found, expected, exercise.digits):
        return Verdict(True, exercise.why)
    wrong = {message: [_call(f(), case) for case in cases]
             for message, f in exercise.wrong.items()}
    parts = getattr(expected[0], "_fields", None)
    if parts is None:
        return Verdict(False, _diagnose(found, expected, wrong, cases, exercise.digits))
    if not all(isinstance(f, (tuple, list)) and len(f) == len(parts) for f in found):
        return Verdict(False, f"return the {len(parts)} arrays {', '.join(parts)}")
    told = []
    for n, part in enumerate(parts):
        of = lambda results, n=n: [result[n] for result in results]  # noqa: E731
        columns = of(found), of(expected)
        if not same_all(*columns, exercise.digits):
            known = {m: of(w) for m, w in wrong.items() if not any(isinstance(r, Failed)
                                                                   for r in w)}
            told.append(f"{part}: " + _diagnose(*columns, known, cases, exercise.digits))
    return Verdict(False, "; ".join(told))


def same_all(found, expected, digits=None):
    try:
        return all(same(*pair, digits) for pair in zip(found, expected, strict=True))
    except UNLIKE:
        return False


def _diagnose(found, expected, wrong, cases, digits):
    for message, results in wrong.items():
        if not same_all(results, expected, digits) and same_all(found, results, digits):
            return message
    for result, right, case in zip(found, expected, cases, strict=True):
        if not same_all([result], [right], digits):
            return f"{_difference(result, right)}, for {case.sizes}"


def _call(function, case):
    copies = [arg.copy() if isinstance(arg, np.ndarray) else arg for arg in case.args]
    try:
        return function(*copies, **case.options)
    except Exception as error:
        return Failed(f"it raised {type(error).__name__}: {error}, for {case.sizes}")


def _difference(answer, right):
    """Where two arrays part, without telling what is right."""
    if isinstance(right, dict):
        return _keys(answer, right)
    if isinstance(right, (str, set, frozenset)):
        return "not this one"
    if is_several(right):
        if not isinstance(answer, (tuple, list)) or len(answer) != len(right):
            return f"give {len(right)} parts"
        off = [n for n, pair in enumerate(zip(answer, right, strict=True), 1)
               if not same_all(*([part] for part in pair))]
        return f"{'part' if len(off) == 1 else 'parts'} {' and '.join(map(str, off))} " + (
            "is another" if len(off) == 1 else "are others")
    try:
        answer, right = as_array(answer), as_array(right)
    except UNLIKE:
        return f"{_short(answer)} is not {_kind(right)}"
    if answer.shape != right.shape:
        return f"the shape is {answer.shape}, and should be {right.shape}"
    if right.ndim == 0:
        return "not this one"
    off = [cell for cell in np.ndindex(right.shape) if not same_all([answer[cell]], [right[cell]])]
    where = f"[{', '.join(map(str, off[0]))}]"
    return f"{len(off)} of {right.size} entries differ, the first at {where}"


def _keys(answer, right):
    """Which entries of a dictionary are wrong or missing."""
    if not isinstance(answer, dict):
        return f"give a dictionary with the keys {', '.join(map(repr, right))}"
    if extra := [key for key in answer if key not in right]:
        return f"{extra[0]!r} is no key of the answer; they are {', '.join(map(repr, right))}"
    off = [repr(key) for key in right if key not in answer
           or not same_all([answer[key]], [right[key]])]
    return f"the entry for {off[0]} is another" if len(off) == 1 else (
        f"the entries for {', '.join(off)} are others")


def _sizes(names, args, options):
    """A case as a reader knows it: dy (3, 3), x (4, 5), padding=1."""
    sizes = [f"{name} {arg.shape}" if isinstance(arg, np.ndarray) else f"{name}={_short(arg)}"
             for name, arg in zip(names, args, strict=False)]
    return ", ".join(sizes + [f"{name}={value}" for name, value in options.items()])


def _kind(value):
    if isinstance(value, str):
        return "a word"
    if isinstance(value, (set, frozenset, dict)):
        return f"a {type(value).__name__}"
    if is_several(value):
        return f"{len(value)} answers in parentheses"
    shape = np.shape(value)
    return f"an array of shape {shape}" if shape else "a number or an expression"


def _short(value):
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."
