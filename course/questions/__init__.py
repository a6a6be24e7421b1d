"""The questions that chapters ask on the way: `ask("Q5.1")` shows one, its answer stays here.

Those of a chapter are in chapter_NN.py, in the order of the text:

    QUESTIONS = {"Q5.1": question("Which number is dx[1,1]?", value=1030, hint="...")}
"""

from importlib import import_module
from pathlib import Path

from course.questions.question import Blank, Question, question

__all__ = ["Blank", "Question", "all_questions", "asked", "question"]
STEMS = sorted(path.stem for path in Path(__file__).parent.glob("chapter_*.py"))


def asked(number: str) -> Question:
    """The question of a number such as "Q5.1"; ValueError if there is none."""
    chapter = number.removeprefix("Q").split(".")[0]
    known = _of_chapter(f"chapter_{chapter.zfill(2) if chapter.isdigit() else chapter}")
    if number not in known:
        there = f"chapter {chapter} has {', '.join(known)}" if known else "no such chapter"
        raise ValueError(f"there is no question {number}; {there}")
    return known[number]


def all_questions() -> dict[str, Question]:
    """Every question of the book, by number."""
    return {number: asks for stem in STEMS for number, asks in _of_chapter(stem).items()}


def _of_chapter(stem: str) -> dict[str, Question]:
    if stem not in STEMS:
        return {}
    questions: dict[str, Question] = import_module(f"course.questions.{stem}").QUESTIONS
    return questions
