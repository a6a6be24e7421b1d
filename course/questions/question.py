"""One question with blanks: what is asked, what is right, which wrong answers have a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Blank:
    """A number, a row or a grid that the reader fills in: one label and one answer per cell."""

    name: str
    labels: list[list[str]]
    answers: list[list[float]]


@dataclass(frozen=True)
class Question:
    """What `question` returns: checked, and plain enough to travel as JSON."""

    text: str
    blanks: tuple[Blank, ...]
    options: tuple[str, ...]
    answer: str
    wrong: tuple[dict[str, Any], ...]  # {name, answers: {blank: rows}, answer}
    hint: str
    why: str
    tolerance: float


def question(text: str, *, wrong: dict[str, Any] | None = None, hint: str = "",
             options: Sequence[Any] | None = None, answer: str | None = None, why: str = "",
             tolerance: float = 1e-6, **answers: ArrayLike) -> Question:
    """Ask for numbers by name, or for one of several options.

    Parameters
    ----------
    text : str
        What is asked.
    wrong : dict, optional
        Name of a mistake -> what a reader types (or chooses) who makes it; with several
        answers {answer name: array}. It is named when all that was typed agrees with it.
    hint : str
        Shown after the first wrong check.
    options : sequence, optional
        Words to choose one from.
    answer : str, optional
        The right one of the options.
    why : str
        Shown when all is right.
    tolerance : float
        Relative, of the numbers.
    **answers : array_like
        Name -> a number, a row (1-D) or a grid (2-D): one labelled input per cell.

    Returns
    -------
    Question
        The question, checked.

    Raises
    ------
    ValueError
        For nothing to ask, an answer that is not a finite number or has more than two axes, an
        `answer` not among the options, a mistake of another shape or equal to the answer.
    """
    grids = {name: _grid(name, value) for name, value in answers.items()}
    if options is not None:
        options = [str(option) for option in options]
        if answer not in options or len(set(options)) < max(2, len(options)):
            raise ValueError(f"answer {answer!r} is not one of two or more options {options}")
    elif answer is not None:
        raise ValueError(f"answer={answer!r} needs options; a number is asked by name: dx=...")
    if not grids and options is None:
        raise ValueError("nothing to ask: give an answer by name, or options")
    return Question(
        text=str(text), hint=hint, why=why, tolerance=float(tolerance),
        blanks=tuple(Blank(name, _labels(name, np.shape(answers[name])), grid.tolist())
                     for name, grid in grids.items()),
        options=tuple(options or ()), answer=answer or "",
        wrong=tuple(_mistake(name, value, grids, options, answer)
                    for name, value in (wrong or {}).items()))


def _grid(name: str, value: ArrayLike) -> NDArray[Any]:
    """The value as rows of numbers; integers stay integers."""
    array = np.asarray(value)
    if array.ndim > 2 or array.size == 0 or array.dtype.kind not in "iuf":
        raise ValueError(f"{name} must be a number, a row or a grid, not {value!r}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} has cells that are no finite number: {value!r}")
    return np.atleast_2d(array)


def _labels(name: str, shape: tuple[int, ...]) -> list[list[str]]:
    cells = ["".join([name, f"[{','.join(map(str, at))}]" if at else ""])
             for at in np.ndindex(shape)]
    labels: list[list[str]] = np.reshape(cells, (1, -1) if len(shape) < 2 else shape).tolist()
    return labels


def _mistake(name: str, value: Any, grids: dict[str, NDArray[Any]], options: Sequence[str] | None,
             answer: str | None) -> dict[str, Any]:
    """One known mistake; a mistake the answer itself would fall under is refused."""
    if options is not None and isinstance(value, str):
        if value not in options or value == answer:
            raise ValueError(f"mistake {name!r}: {value!r} is not a wrong option of {options}")
        return {"name": name, "answers": {}, "answer": value}
    by_name = value if isinstance(value, dict) else dict.fromkeys(list(grids)[:1], value)
    if not by_name or not set(by_name) <= set(grids) or (len(grids) > 1 and by_name is not value):
        raise ValueError(f"mistake {name!r} must say what it answers for {list(grids)}")
    wrong = {key: _grid(f"mistake {name!r}", grid) for key, grid in by_name.items()}
    for key, grid in wrong.items():
        if grid.shape != grids[key].shape:
            raise ValueError(f"mistake {name!r} has shape {grid.shape}, {key} {grids[key].shape}")
    if all(np.array_equal(grid, grids[key]) for key, grid in wrong.items()):
        raise ValueError(f"mistake {name!r} equals the answer")
    return {"name": name, "answers": {key: g.tolist() for key, g in wrong.items()}, "answer": ""}
