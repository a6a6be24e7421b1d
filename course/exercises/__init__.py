"""Exercises that answer: `check("4.1", answer)`, `hint("4.1")`, `progress()`.

An answer is compared by equivalence. A wrong one is told what kind of wrong it is where the
mistake is known, and otherwise where it differs. The exercises of a chapter stand in chapter_NN.py.
"""

import sys
from importlib import import_module
from pathlib import Path
from textwrap import fill

from course.exercises import grading, record
from course.exercises.exercise import Exercise, same

__all__ = ["Exercise", "all_exercises", "check", "exercise", "hint", "progress", "same"]
WIDTH = 88


def check(number, answer):
    """Say whether an answer is right; if not, which mistake it is, where that is known.

    answer: a number, a word, a tuple, set or array, a SymPy expression, or a function;
    `...` waits. Raises ValueError for an exercise that does not exist.
    """
    asked = exercise(number)
    if answer is ... or answer is None:
        return _say(f"{number} waits for your answer.")
    verdict = grading.judge(asked, answer)
    if verdict is grading.UNANSWERED:
        return _say(f"{number} waits for your answer.")
    if verdict.right:
        if not record.shown_by_the_book(sys._getframe(1)):
            record.solve(number)
        return _say(f"{number} is right. {verdict.message}")
    _say(f"{number} is not right yet: {verdict.message}.")
    _say(f'hint("{number}") gives a hint.')


def hint(number):
    """Show one hint more than last time. Raises ValueError for an unknown exercise."""
    hints = exercise(number).hints
    shown = record.next_hint(number, len(hints))
    for n, text in enumerate(hints[:shown], 1):
        _say(f"{number}, hint {n} of {len(hints)}: {text}")


def progress():
    """Show which exercises of each chapter are solved."""
    solved, numbers = set(record.load()["solved"]), list(all_exercises())
    for chapter in dict.fromkeys(number.split(".")[0] for number in numbers):
        own = [number for number in numbers if number.split(".")[0] == chapter]
        marks = " ".join(f"{n}{'*' if n in solved else ' '}" for n in own)
        print(f"chapter {chapter:>2}: {len(solved & set(own))} of {len(own)}   {marks}")
    print("(* is solved)")


def exercise(number):
    """The exercise of a number such as "4.1"; ValueError if there is none."""
    number = str(number)
    chapter = number.split(".")[0]
    stem = chapter.zfill(2) if chapter.isdigit() else chapter
    found = _of_chapter(f"chapter_{stem}") if chapter.isalnum() else {}
    if number not in found:
        known = f"chapter {chapter} has {', '.join(found)}" if found else "no such chapter"
        raise ValueError(f"there is no exercise {number!r}; {known}")
    return found[number]


def all_exercises():
    """Every exercise of the book, by number."""
    stems = sorted(path.stem for path in Path(__file__).parent.glob("chapter_*.py"))
    return {number: ex for stem in stems for number, ex in _of_chapter(stem).items()}


def _of_chapter(stem):
    if not Path(__file__).with_name(f"{stem}.py").exists():
        return {}
    return import_module(f"course.exercises.{stem}").EXERCISES


def _say(words):
    print(fill(words.strip(), WIDTH))
