"""Exercises that give feedback: `check("4.1", answer)`, `hint("4.1")`, `progress()`, `review()`.

Answers are compared by meaning. If a wrong answer is a known mistake, the feedback names the
mistake; otherwise it says where the answer differs. chapter_NN.py holds a chapter's exercises.
"""

from importlib import import_module
from pathlib import Path
from textwrap import fill
from typing import Any

from course.exercises import grading, record
from course.exercises.differences import short
from course.exercises.equivalence import same
from course.exercises.exercise import Exercise
from course.questions import all_questions

__all__ = ["Exercise", "all_exercises", "check", "exercise", "hint", "progress", "review", "same"]
WIDTH = 84
STEMS = sorted(path.stem for path in Path(__file__).parent.glob("chapter_*.py"))


def check(number: str | float, answer: Any, *, solution: bool = False) -> None:
    """Say whether an answer is right and, if not, which mistake it is (where that is known).

    Parameters
    ----------
    number : str
        The exercise, such as "4.1".
    answer : object
        A number, a word, a tuple, set, dictionary or array, a SymPy expression, or a function;
        `...` waits.
    solution : bool
        The answer is the book's own, so the exercise does not count as solved.

    Raises
    ------
    ValueError
        For an exercise that does not exist.
    """
    number, asked = _asked(number)
    verdict = grading.UNANSWERED
    if answer is not ... and answer is not None:
        verdict = grading.judge(asked, answer)
    if verdict is grading.UNANSWERED:
        _say(f"{number} is waiting for your answer.")
    elif verdict.right:
        if not solution:
            record.note(number, "right")
        _say(f"{number} is right. {verdict.message}")
    else:
        if not solution:
            record.note(number, "wrong")
        _say(f"{number} is not right yet: {verdict.message}.")
        _say(f'hint("{number}") gives a hint.')


def hint(number: str | float) -> None:
    """Show one hint more than last time.

    Parameters
    ----------
    number : str
        The exercise, such as "4.1".

    Raises
    ------
    ValueError
        For an exercise that does not exist.
    """
    number, asked = _asked(number)
    shown = record.next_hint(number, len(asked.hints))
    for n, text in enumerate(asked.hints[:shown], 1):
        _say(f"{number}, hint {n} of {len(asked.hints)}: {text}")


def progress() -> None:
    """Show which questions and exercises of each chapter are solved, and where that is kept."""
    solved, numbers = set(record.load()["solved"]), [*all_questions(), *all_exercises()]
    for chapter in dict.fromkeys(map(_chapter, all_exercises())):
        own = [number for number in numbers if _chapter(number) == chapter]
        marks = " ".join(f"{n}{'*' if n in solved else ' '}" for n in own)
        print(f"chapter {chapter:>2}: {len(solved & set(own))} of {len(own)}   {marks.rstrip()}")
    print(f"(* is solved, Q a question; kept in {record.path()})")


def review() -> None:
    """List what you first answered wrongly or had shown; a right answer takes it off the list."""
    missed = record.load().get("missed", [])
    known = [number for number in (*all_questions(), *all_exercises()) if number in missed]
    if not known:
        return _say("There is nothing to review: all your answers were right the first time.")
    record.reviewed(known)
    _say(f"Answer these again: {', '.join(known)}.")
    _say('Use ask("Q0.1") for a question and check("0.1", answer) for an exercise. What you get '
         "right this time comes off the list.")
    return None


def _chapter(number: str) -> str:
    return number.removeprefix("Q").split(".")[0]


def exercise(number: str | float) -> Exercise:
    """The exercise of a number such as "4.1"; ValueError if there is none."""
    return _asked(number)[1]


def all_exercises() -> dict[str, Exercise]:
    """Every exercise of the book, by number."""
    return {number: ex for stem in STEMS for number, ex in _of_chapter(stem).items()}


def _asked(number: str | float) -> tuple[str, Exercise]:
    """The number as it is written in the book, also where it was given as 4.1; and its exercise."""
    name = str(number).strip() if isinstance(number, (str, float)) else short(number)
    chapter = name.split(".")[0]
    known = _of_chapter(f"chapter_{chapter.zfill(2) if chapter.isdigit() else chapter}")
    if name not in known:
        there = f"chapter {chapter} has {', '.join(known)}" if known else "no such chapter"
        raise ValueError(f"there is no exercise {short(name)}; {there}")
    return name, known[name]


def _of_chapter(stem: str) -> dict[str, Exercise]:
    if stem not in STEMS:
        return {}
    exercises: dict[str, Exercise] = import_module(f"course.exercises.{stem}").EXERCISES
    return exercises


def _say(words: str) -> None:
    print(fill(words.strip(), WIDTH))
