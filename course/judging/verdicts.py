"""From what the calls gave to what a reader is told."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.judging.calls import Answer, Trial
from course.judging.circumstances import counted, where
from course.judging.comparison import resembling, same
from course.judging.layers import Case
from course.judging.resemblance import resemblance
from course.judging.returned import by_name, part_names
from course.judging.sandbox import Outcome
from course.judging.wording import (
    case_line,
    example_lines,
    first_wrong,
    mistake_words,
    same_cause,
)
from course.mistakes import diagnosis

Array = NDArray[Any]


class Verdicts:
    """Collects the faults of a trial, part by part.

    Parameters
    ----------
    trial : Trial
        The function.
    layer : str
        Name of its layer.
    cases : sequence of Case
        All of them.
    numbers : sequence of int
        Which of them were called, in the order of the outcome.
    outcome : Outcome
        What became of the calls.
    returns : tuple of str or None
        What the parts are, if the caller says so.
    """

    def __init__(self, trial: Trial, layer: str, cases: Sequence[Case], numbers: Sequence[int],
                 outcome: Outcome, returns: tuple[str, ...] | None) -> None:
        self.trial, self.layer, self.cases = trial, layer, tuple(cases)
        self.causes: dict[str, str] = {}  # what was said of the numbers -> of which part
        self.died = {numbers[n]: words for n, words in outcome.died.items()}
        self.answers: dict[int, Answer] = {numbers[n]: a for n, a in outcome.values.items()}
        self.faults: dict[str, str] = {}
        self.mistakes: dict[str, tuple[str, ...]] = {}
        self.first: int | None = None  # the smallest case that went wrong
        self.not_taken = self._set_aside()
        self.returned = {n: a for n, a in self.answers.items() if not a.raised}
        self.right = {n: {part: trial.layout.turn(part, np.asarray(array, float))
                          for part, array in cases[n].right.items()} for n in self.returned}
        self.order = part_names(((a.parts, self.right[n]) for n, a in self.returned.items()),
                                returns)
        self.parts = {n: by_name(a.parts, self.order) for n, a in self.returned.items()}
        self._deaths()
        self._exceptions()
        self._changes()
        self.seen = [p for p in ("dx", "dw", "db") if any(p in a for a in self.parts.values())]
        for part in self.seen:
            self._part(part)

    def _set_aside(self) -> list[str]:
        """Take out what it raised for options that it need not know: what was not tried."""
        differing = {n for n in self.answers if any(
            isinstance(v, tuple) and len(set(v)) > 1 for name, v in self.cases[n].options.items()
            if name != "kernel_size")}
        known = {name for n in self.answers if n not in differing and not self.answers[n].raised
                 for name in self.cases[n].options}
        unequal = {n for n in differing if self.answers[n].raised
                   and known >= {*self.cases[n].options}}
        told = []
        if unequal:
            told.append(f"options that differ between height and width ({len(unequal)} of "
                        f"{len(self.cases)} cases), because {self.answers[min(unequal)].raised}")
        unknown = {n for n, a in self.answers.items() if a.no_option and self.cases[n].options}
        told += sorted({f"{', '.join(self.cases[n].options)}, because {self.answers[n].raised}"
                        for n in unknown if len(self.cases[n].options) == 1})
        if len(unequal | unknown) < len(self.answers):
            for n in unequal | unknown:
                del self.answers[n]
        return told

    def _tell(self, part: str, wrong: list[int], lines: list[str]) -> None:
        self.faults[part] = "\n".join(lines)
        if self.first is None or wrong[0] < self.first:
            self.first = wrong[0]

    def _deaths(self) -> None:
        if not self.died:
            return
        n, tried = min(self.died), sorted({*self.died, *self.answers})
        lines = [f"{self.died[n][0].upper()}{self.died[n][1:]}",
                 f"This happened {counted(sorted(self.died), tried, self.cases)}.",
                 case_line(self.trial, self.cases[n], len(self.died) > 1)]
        self._tell("the process", [n], lines + example_lines(self.trial, self.cases[n], "", None))

    def _exceptions(self) -> None:
        raised = sorted(n for n, a in self.answers.items() if a.raised)
        if not raised:
            return
        n = raised[0]
        words = self.answers[n].raised
        lines = [f"{words[0].upper()}{words[1:]}.", *filter(None, [self.answers[n].line]),
                 f"This happened {counted(raised, sorted(self.answers), self.cases)}.",
                 case_line(self.trial, self.cases[n], len(raised) > 1)]
        if len(raised) == len(self.answers) and "ndarray" in words:
            lines.append("It was given arrays of NumPy; array=torch.tensor, or what makes the "
                         "arrays of your library, gives it others.")
        if "fork" in words:
            lines.append("PyTorch cannot differentiate in a forked process once it has done so "
                         "before: restart Python, or say isolated=False.")
        self._tell("the call", raised, lines + example_lines(self.trial, self.cases[n], "", None))

    def _changes(self) -> None:
        changed = sorted(n for n, a in self.returned.items() if a.changed)
        if not changed:
            return
        names = " and ".join(sorted({name for n in changed for name in self.returned[n].changed}))
        self._tell("the arguments", changed, [
            f"It writes into its argument {names}, "
            f"{counted(changed, sorted(self.returned), self.cases)}: whoever uses that array "
            "afterwards gets other numbers. Work on a copy.",
            case_line(self.trial, self.cases[changed[0]], len(changed) > 1)])

    def _part(self, part: str) -> None:
        answers = {n: parts[part] for n, parts in self.parts.items() if part in parts}
        wrong = sorted(n for n, answer in answers.items()
                       if not same(answer, self.right[n][part]))
        if not wrong:
            return
        n, tried = wrong[0], sorted(answers)
        alike = resembling(part, answers, wrong, self.layer, self.cases, self.trial.layout.turn)
        names, some = [like.name for like in alike], alike[0].agreeing if alike else []
        right = self.right[n][part]
        lines = [f"{part} is wrong {counted(wrong, tried, self.cases)}.",
                 *self._seen(part, n, wrong)]
        if len(some) == len(wrong) and (alike[0].is_elsewhere or len(wrong) > 2):
            self.mistakes[part] = tuple(names)
            if alike[0].is_elsewhere and self._told_before(part, names[0], wrong, tried):
                return
            lines += mistake_words(names, len(wrong), part)
            if not alike[0].is_elsewhere:
                lines.append(f"Elsewhere this mistake would show as well, and there your {part} is "
                             "right: look for what your code does in these cases only.")
        elif len(some) > 1 and 3 * len(some) >= len(wrong) and len(names) < 3:
            rest = sorted({*wrong} - {*some})
            under = where(some, wrong, self.cases)
            lines += [
                f"The mistake {names[0]} is part of it, and gives your {part} in {len(some)} of "
                f"these {len(wrong)} cases{f', {under}' if under else ''}. {diagnosis(names[0])}.",
                f"In the other{f' {len(rest)}' if len(rest) > 1 else ' case'} there is something "
                "else, or more.",
                *self._seen(part, rest[0], rest)]
        else:
            like = resemblance(part, [answers[m] for m in wrong],
                               [self.right[m][part] for m in wrong], [self.cases[m] for m in wrong])
            if like.startswith("it is the right one") and self._told_before(
                    part, like, wrong, tried):
                return
            lines.append("No mistake of the catalogue gives these numbers" + (
                f", but in all of these cases {like}." if like else "."))
        self._tell(part, wrong, lines + example_lines(self.trial, self.cases[n], part, right))

    def _told_before(self, part: str, cause: str, wrong: list[int], tried: list[int]) -> bool:
        """Tell in one line what another part was told at length; False if none was."""
        other = self.causes.setdefault(cause, part)
        if other != part:
            self._tell(part, wrong, [f"{part} is wrong {counted(wrong, tried, self.cases)}, and "
                                     f"{same_cause(other, cause)}."])
        return other != part

    def _seen(self, part: str, n: int, among: list[int]) -> list[str]:
        """A case, and what is wrong in it."""
        return [case_line(self.trial, self.cases[n], len(among) > 1),
                *first_wrong(self.trial, self.cases[n], part, self.parts[n][part],
                             self.right[n][part])]

    def share_right(self) -> float:
        """How much of what was asked came out right, from 0 to 1."""
        right = sum(same(answer, self.right[n][part]) for n, parts in self.parts.items()
                    for part, answer in parts.items())
        return right / max(1, len(self.seen) * len(self.answers))

    def example(self) -> dict[str, Any]:
        """The arrays and options of the smallest case that went wrong."""
        if self.first is None:
            return {}
        case = self.cases[self.first]
        arrays: dict[str, Any] = {name: self.trial.layout.turn(name, array)
                                  for name, array in case.arrays.items()}
        return {**arrays, "options": dict(case.options)}
