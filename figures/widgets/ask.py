"""Blanks: the reader fills in numbers or chooses a word before the book tells.

    ask("Q5.1")                                     a question of the book, by its number
    ask("What is dx?", dx=[20, 42, 74, 7], wrong={"the kernel was not flipped": [2, 24, 47, 70]},
        hint="x[1] is read by two outputs.")        one of your own

Everything runs in the page: no kernel is needed.
"""

import re
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from course.questions import asked, question

NUMBER = re.compile(r"Q\w+\.\d+")


def ask(number: str, *, veil: int = 0, **parts: Any) -> "Blanks":
    """Ask a question with blanks, *Check* and *Reveal*.

    Parameters
    ----------
    number : str
        The number of a question of the book, such as "Q5.1"; or, together with `parts`, the
        text of your own.
    veil : int
        How many of the cells below tell the answer: they are veiled until the reader has
        answered or asked to be shown.
    **parts
        Answers by name, `options`, `answer`, `wrong`, `hint`, `why` and `tolerance`, as
        `course.questions.question` takes them.

    Returns
    -------
    Blanks
        The widget.

    Raises
    ------
    ValueError
        For a number that no question has, and for parts that `question` refuses.
    """
    of_the_book = NUMBER.fullmatch(number) and not parts
    asks = asked(number) if of_the_book else question(number, **parts)
    return Blanks(
        number=number if of_the_book else "", question=asks.text,
        blanks=[vars(blank) for blank in asks.blanks], options=list(asks.options),
        answer=asks.answer, wrong=list(asks.wrong), hint=asks.hint, why=asks.why,
        tolerance=asks.tolerance, veil=veil)


class Blanks(anywidget.AnyWidget):
    """The widget `ask` returns."""

    _esm = Path(__file__).with_name("ask.js")
    _css = Path(__file__).with_name("ask.css")
    number = traitlets.Unicode().tag(sync=True)
    question = traitlets.Unicode().tag(sync=True)
    blanks = traitlets.List().tag(sync=True)  # [{name, labels, answers}], both lists of rows
    options = traitlets.List().tag(sync=True)
    answer = traitlets.Unicode().tag(sync=True)
    wrong = traitlets.List().tag(sync=True)  # [{name, answers: {name: rows}, answer}]
    hint = traitlets.Unicode().tag(sync=True)
    why = traitlets.Unicode().tag(sync=True)
    tolerance = traitlets.Float().tag(sync=True)
    veil = traitlets.Int().tag(sync=True)

    def __repr__(self) -> str:
        return f"ask({(self.number or self.question)!r})"
