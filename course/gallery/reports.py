"""Public reports of wrong gradients, and what our small version of each gives.

reports.toml holds them; what a report says is told in our own words, its title is the thread's.
"""

import tomllib
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib.resources import files
from textwrap import fill
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlib.conv import conv2d_backward
from convlib.geometry import Geometry
from course.mistakes import MISTAKES, diagnosis
from course.mistakes.smallest_input import Example, smallest_example

Array = NDArray[Any]


@dataclass(frozen=True)
class Report:
    """One public report.

    Attributes
    ----------
    number, library, thread, title, date : str and date
        W01 and so on; whose code it is; owner/name#number of the thread, and its title.
    symptom, saw : str
        What was noticed, in one or two words, and in a sentence or two.
    mistake : str
        The name of our small version in the catalogue.
    caught_by, missed_by : str
        A check of the lab that notices the mistake, and a popular one that lets it pass, or
        "nothing" where none does.
    read : str
        "whole", or "opening" where only the first post was at hand.
    ours : str
        How our version differs from the report, if it does.
    english : str
        The title in English, if it is in another language.
    happened : bool
        False where nobody made the mistake by accident: a change was only proposed, or code was
        broken to try a test.
    case : dict
        Sizes that the thread names: x, w, options, and the shape or the value of a part by our
        version. Empty where it names none.
    """

    number: str
    library: str
    thread: str
    title: str
    date: date
    symptom: str
    saw: str
    mistake: str
    caught_by: str
    missed_by: str
    read: str
    ours: str = ""
    english: str = ""
    happened: bool = True
    case: dict[str, Any] | None = None

    @property
    def url(self) -> str:
        """Where the thread is. An issue's address leads to a pull request as well."""
        repository, number = self.thread.split("#")
        return f"https://github.com/{repository}/issues/{number}"

    @property
    def example(self) -> Example:
        """The smallest input that shows the mistake."""
        return smallest_example(self.mistake)

    def __repr__(self) -> str:
        return f"{self.number} {self.thread}: {self.title} ({self.date:%Y-%m-%d})"


@dataclass(frozen=True)
class Question:
    """A public question about code that is right: where is the flip?"""

    thread: str
    title: str
    date: date
    english: str = ""

    url = Report.url


@cache
def reports() -> tuple[Report, ...]:
    """All reports, oldest first."""
    return tuple(Report(**entry) for entry in _read()["report"])


@cache
def questions() -> tuple[Question, ...]:
    """The questions, oldest first."""
    return tuple(Question(**entry) for entry in _read()["question"])


def _read() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(files("course.gallery").joinpath("reports.toml").read_text("utf-8"))


class Pair(NamedTuple):
    """One part of the gradient, as it should be and as it comes out."""

    part: str
    right: Array
    wrong: Array


def reproduced(number: str) -> Pair:
    """Run our version of a report.

    Parameters
    ----------
    number : str
        Such as "W01".

    Returns
    -------
    Pair
        At the sizes that the thread names, with x, w and dy of ones; else at the smallest input.

    Raises
    ------
    ValueError
        For a number that no report has.
    """
    for report in reports():
        if report.number == number:
            break
    else:
        raise ValueError(f"number must be one of W01 to {reports()[-1].number}, not {number!r}")
    if report.case is None:
        return Pair(*report.example[-3:])
    options: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value
               for name, value in report.case["options"].items()}
    x, w = (np.ones(report.case[name], np.int64) for name in "xw")
    dy = np.ones(Geometry.of(x.shape, w.shape, **options).y_shape, np.int64)
    part = report.case["part"]
    return Pair(part, *(getattr(f(dy, x, w, **options), part)
                        for f in (conv2d_backward, MISTAKES[report.mistake])))


def show(number: str) -> None:
    """Print the input of a report, the gradient right and wrong, and what the mistake is.

    Parameters
    ----------
    number : str
        Such as "W01".

    Raises
    ------
    ValueError
        For a number that no report has.
    """
    part, right, wrong = reproduced(number)
    report = next(report for report in reports() if report.number == number)
    if report.case is None:
        example = report.example
        arrays = {"x": example.x, "w": example.w, "dy": example.dy}
        options = example.options
        given = [f"{name} = {a.tolist()}" for name, a in arrays.items() if a is not None]
    else:
        options = report.case["options"]
        given = [f"{name} of shape {tuple(report.case[name])}" for name in "xw"] + ["all ones"]
    print(", ".join(given))
    if options:
        print(", ".join(f"{name} = {value}" for name, value in options.items()))
    print(f"right {part}: {_shown(right)}\nwrong {part}: {_shown(wrong)}")
    print(fill(f"{report.mistake}: {diagnosis(report.mistake)}", 84))


def _shown(array: Array) -> str:
    return str(np.asarray(array).tolist() if np.size(array) < 20 else f"shape {np.shape(array)}")


FIELDS = tuple(field.name for field in fields(Report))
