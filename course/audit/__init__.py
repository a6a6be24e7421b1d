"""The audit: 205 claims of five source documents, with a verdict and, where possible, a check.

The claims are in claims.toml, the checks in the modules of PARTS. Reading the claims needs the
standard library only; running a check imports SymPy.
"""

import tomllib
from collections import Counter
from functools import cache
from importlib import import_module, resources
from textwrap import fill
from typing import Any, NamedTuple

from course.audit.formulas import plain
from course.audit.notation import notation

DOCUMENTS = {
    "000": "a proof that the kernel's gradient is a correlation",
    "001": "the same proof, handed in as an assignment",
    "002": "handwritten notes on both gradients",
    "003": "a worked example with a sigmoid",
    "004": "lecture slides on convolutional networks",
}
PARTS = {  # the modules of each document, in the order of its parts; on the slides they take turns
    "000": ["document_000"], "001": ["document_001"], "003": ["document_003"],
    "002": ["notes_kernel", "notes_input", "notes_row", "notes_square"],
    "004": ["slides_layer", "slides_loss", "slides_chain", "slides_filters", "slides_matrix",
            "slides_two"],
}
WRONG = "slip", "conceptual"
VERDICTS = {  # the word in claims.toml, and how it is said
    "correct": "correct", "convention": "correct under a convention", "ambiguous": "ambiguous",
    "slip": "wrong: a slip", "conceptual": "wrong: conceptual",
}
MEANINGS = {
    "correct": "true as written",
    "convention": "true once you supply a convention, such as what an operator stands for",
    "ambiguous": "open to several readings, or resting on an undefined symbol or a step that "
                 "doesn't prove its point",
    "slip": "false, but the lines around it show that something else was meant",
    "conceptual": "false, and meant as written",
}


class Claim(NamedTuple):
    """One statement of a source document, in the words of this book."""

    number: str
    says: str
    verdict: str
    correct: str
    chapters: list[int]
    check: str  # what the program compares; empty for a definition
    doubt: str = ""  # why another verdict might be defended

    @property
    def document(self) -> str:
        return self.number[:3]


class Result(NamedTuple):
    """A claim and what the program found: True as it should be, None where nothing was asked."""

    claim: Claim
    confirmed: bool | None  # the correct statement came out true
    refuted: bool | None  # the original, or a tempting misreading of it, came out false

    @property
    def holds(self) -> bool:
        return self.confirmed is not False and self.refuted is not False

    def __repr__(self) -> str:
        claim = self.claim
        lines = [f"Claim {claim.number}, from {DOCUMENTS[claim.document]}.",
                 f"Says: {plain(claim.says)}",
                 f"Verdict: {VERDICTS[claim.verdict]} ({MEANINGS[claim.verdict]}).",
                 f"Symbols (book = document): {notation().of(claim.number)}.",
                 f"Correct: {plain(claim.correct)}"]
        if self.confirmed is None:
            lines.append("A definition: there is nothing to check.")
        else:
            other = "The original" if claim.verdict in WRONG else "A tempting misreading"
            came = {None: "", True: f" {other} came out false.",
                    False: f" {other.upper()} CAME OUT TRUE."}[self.refuted]
            said = "came out true" if self.confirmed else "CAME OUT FALSE"
            lines.append(f"Computed: {claim.check}. The correct statement {said}.{came}")
        if claim.doubt:
            lines.append(f"A matter of judgement: {claim.doubt}")
        return "\n".join(fill(line, 84, subsequent_indent="    ") for line in lines)


class Audit(NamedTuple):
    """The results of all claims."""

    results: tuple[Result, ...]

    @property
    def failed(self) -> list[str]:
        return [result.claim.number for result in self.results if not result.holds]

    def __repr__(self) -> str:
        asked = [r for r in self.results if r.confirmed is not None]
        wrong = [r for r in asked if r.claim.verdict in WRONG]
        others = sum(r.refuted is not None for r in asked if r not in wrong)
        definitions = len(self.results) - len(asked)
        lines = [f"{len(self.results)} claims"
                 + (f", {definitions} of them definitions" if definitions else ""),
                 f"{sum(r.confirmed is True for r in asked)} of {len(asked)} correct statements "
                 "confirmed"]
        if wrong:
            lines.append(f"{sum(r.refuted is True for r in wrong)} of {len(wrong)} wrong claims "
                         "refuted as written")
        if self.failed:
            lines.append(f"FAILED: {', '.join(self.failed)}")
        elif others:
            lines.append(f"{others} tempting misreadings refuted")
        return "\n".join(lines)


class Totals(NamedTuple):
    """How many claims of each document have which verdict."""

    counts: dict[str, Counter[str]]

    def __repr__(self) -> str:
        lines = [f"{'document':10}" + "".join(f"{v:>12}" for v in (*VERDICTS, "all"))]
        for name, row in self.counts.items():
            numbers = [*(row[v] for v in VERDICTS), row.total()]
            lines.append(f"{name:10}" + "".join(f"{n:>12}" for n in numbers))
        return "\n".join(lines)


@cache
def claims() -> tuple[Claim, ...]:
    """Every claim, in the order of the numbers."""
    text = resources.files(__package__).joinpath("claims.toml").read_text(encoding="utf-8")
    return tuple(Claim(**entry) for entry in tomllib.loads(text)["claim"])


def totals() -> Totals:
    """The claims counted by document and verdict."""
    rows: dict[str, Counter[str]] = {name: Counter() for name in (*DOCUMENTS, "all")}
    for claim in claims():
        rows[claim.document][claim.verdict] += 1
        rows["all"][claim.verdict] += 1
    return Totals(rows)


def check_of(number: str) -> Any:
    """The Check of a claim: right() and perhaps printed(). None for a definition."""
    parts = (import_module(f"course.audit.{part}") for part in PARTS[number[:3]])
    return next((part.CHECKS[number] for part in parts if number in part.CHECKS), None)


def audit(*which: str) -> Result | Audit:
    """Run the checks of the claims named: one number shows its claim, anything else is counted.

    Parameters
    ----------
    *which : str
        Numbers ("004-44"), documents ("002") and verdicts ("slip"); all claims if none is named.

    Returns
    -------
    Result or Audit
        The Result of the one claim whose number is given, otherwise an Audit.

    Raises
    ------
    ValueError
        For a word that names no claim.
    """
    for word in which:
        if not any(word in _names(claim) for claim in claims()):
            raise ValueError(f"{word!r} names no claim; name a number such as 000-01, a document "
                             f"({', '.join(DOCUMENTS)}) or a verdict ({', '.join(VERDICTS)})")
    chosen = [claim for claim in claims() if not which or set(which) & set(_names(claim))]
    if which == (chosen[0].number,):
        return _result(chosen[0])
    return Audit(tuple(map(_result, chosen)))


def _names(claim: Claim) -> tuple[str, ...]:
    return claim.number, claim.document, claim.verdict


def _result(claim: Claim) -> Result:
    check = check_of(claim.number)
    if check is None:
        return Result(claim, None, None)
    return Result(claim, bool(check.right()),
                  None if check.printed is None else not check.printed())
