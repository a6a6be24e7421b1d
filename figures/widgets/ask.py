"""Blanks: the reader fills in numbers or chooses a word before the book tells.

    ask("Q5.1")                                     a question of the book, by its number
    ask("5.1")                                      an exercise that is answered in one line
    ask("What is dx?", dx=[20, 42, 74, 7], wrong={"the kernel was not flipped": [2, 24, 47, 70]},
        hint="x[1] is read by two outputs.")        one of your own

Everything runs in the page: no kernel is needed. What a reader did is kept in the progress file; on
the site, where no Python is, the browser keeps it.
"""

import re
from html import escape
from pathlib import Path
from typing import Any

import traitlets

from course.exercises import exercise, record
from course.exercises.entry import entry
from course.questions import asked, question
from figures.widgets.shown import Shown, Stored

NUMBER = re.compile(r"(Q?)\w+\.\d+")


def ask(number: str, *, veil: int = 0, **parts: Any) -> "Blanks":
    """Ask a question with blanks, *Check* and *Show me*.

    Parameters
    ----------
    number : str
        The number of a question of the book, such as "Q5.1", or of an exercise, such as "5.1"; or,
        together with `parts`, the text of your own.
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
        For a number that no question has, an exercise that only `check` can judge, and for parts
        that `question` refuses.
    """
    of_the_book = None if parts else NUMBER.fullmatch(number)
    if of_the_book and not of_the_book[1]:
        return _line(number)
    asks = asked(number) if of_the_book else question(number, **parts)
    return Blanks(
        number=number if of_the_book else "", question=asks.text,
        blanks=[vars(blank) for blank in asks.blanks], options=list(asks.options),
        answer=asks.answer, wrong=list(asks.wrong), hint=asks.hint, why=asks.why,
        tolerance=asks.tolerance, veil=veil)


def _line(number: str) -> "Blanks":
    asks = entry(exercise(number))
    if asks is None:
        raise ValueError(f'exercise {number} is answered in a notebook: check("{number}", ...)')
    return Blanks(number=number, question=f"Exercise {number}", entry=asks)


class Blanks(Shown):
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
    entry = traitlets.Dict().tag(sync=True)  # of an exercise: what course.exercises.entry gives
    veil = traitlets.Int().tag(sync=True)
    again = traitlets.Bool().tag(sync=True)  # asked again, as if nothing were known
    mark = traitlets.Dict().tag(sync=True)  # {solved, shown, guess}, as the progress file has them
    told = traitlets.List().tag(sync=True)  # [{outcome, guess, name}], by the page, oldest first
    heard = traitlets.List().tag(sync=True)  # the names of those that were noted

    def __init__(self, **traits: Any) -> None:
        known = record.load() if traits.get("number") else {}
        super().__init__(mark=_mark(known, traits.get("number", "")), **traits)
        self.observe(self._note, "told")

    def _note(self, change: Any) -> None:
        for told in change.new:
            if self.number and told.get("outcome") in ("right", "wrong", "shown"):
                record.note(self.number, told["outcome"], told.get("guess"))
        self.heard = [told.get("name") for told in change.new]

    to_use = "To answer"

    def stored(self) -> Stored:
        """What is asked, with its blanks and its options, and no answer."""
        blanks = [f"{blank['name']} = {_unfilled(blank['labels'])}" for blank in self.blanks]
        lines = "".join(f"<p>{escape(line)}</p>" for line in blanks)
        options = "".join(f"<li>{escape(option)}</li>" for option in self.options)
        html = f"<p><b>{escape(self.question)}</b></p>{lines}"
        html += f"<ul>{options}</ul>" if options else ""
        return {"text/html": html}, " ".join([self.question, *blanks, *self.options])

    def __repr__(self) -> str:
        return f"ask({(self.number or self.question)!r})"


def _unfilled(labels: list[list[str]]) -> str:
    """A question mark for each cell, in brackets as Python writes an array."""
    rows = [f"[{', '.join('?' for _ in row)}]" for row in labels]
    return f"[{', '.join(rows)}]" if len(rows) > 1 else rows[0] if len(labels[0]) > 1 else "?"


def _mark(known: dict[str, Any], number: str) -> dict[str, Any]:
    """What the progress file holds of one number, where anything is known of it."""
    if not known:
        return {}
    return {"solved": number in known["solved"], "shown": number in known.get("shown", []),
            "guess": known.get("guesses", {}).get(number)}
