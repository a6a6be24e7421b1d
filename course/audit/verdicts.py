"""What each verdict means, how many claims have it, and which are a matter of judgement."""

from html import escape
from textwrap import fill

from course.audit import MEANINGS, VERDICTS, Claim, claims, totals


class Verdicts(dict[str, int]):
    """The number of claims of each verdict."""

    def __repr__(self) -> str:
        return "\n".join(fill(f"{VERDICTS[name]} ({n} claims): {MEANINGS[name]}", 84,
                              subsequent_indent="    ") for name, n in self.items())

    def _repr_html_(self) -> str:
        lines = (f"<li><strong>{VERDICTS[name]}</strong> ({n} claims): {_set(MEANINGS[name])}</li>"
                 for name, n in self.items())
        return f"<ul>{''.join(lines)}</ul>"


class Doubts(tuple[Claim, ...]):
    """Claims whose verdict is a matter of judgement, together where the reason is the same."""

    def lines(self) -> list[str]:
        """A line for each reason: "002-60 and 002-61 (wrong: a slip). ..."."""
        numbers: dict[tuple[str, str], list[str]] = {}
        for claim in self:
            numbers.setdefault((VERDICTS[claim.verdict], claim.doubt), []).append(claim.number)
        return [f"{' and '.join(found)} ({verdict}). {doubt}"
                for (verdict, doubt), found in numbers.items()]

    def __repr__(self) -> str:
        return "\n".join(fill(line, 84, subsequent_indent="    ") for line in self.lines())

    def _repr_html_(self) -> str:
        return f"<ul>{''.join(f'<li>{_set(line)}</li>' for line in self.lines())}</ul>"


def _set(words: str) -> str:
    """HTML with the apostrophes of the text around it."""
    return escape(words, quote=False).replace("'", "\u2019")


def verdicts() -> Verdicts:
    """How many claims have each verdict."""
    return Verdicts({name: totals().counts["all"][name] for name in VERDICTS})


def doubts() -> Doubts:
    """The claims whose verdict is a matter of judgement."""
    return Doubts(claim for claim in claims() if claim.doubt)
