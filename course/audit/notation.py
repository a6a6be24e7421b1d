"""What the source documents write for the book's symbols, as a table and in a line."""

import re
import tomllib
from functools import cache
from html import escape
from importlib import resources
from typing import NamedTuple

from course.audit.formulas import plain

# Document 002 changes its symbols at its claim 36.
COLUMNS = {"000": "000", "001": "001", "002-01": "002, to claim 35", "002-36": "002, from claim 36",
           "003": "003", "004": "004"}

NO_BREAK = "\u00a0"  # a space at which no line ends


class Notation(NamedTuple):
    """A row for each symbol of the book, with its name in each column that has one."""

    rows: tuple[dict[str, str], ...]

    def of(self, number: str) -> str:
        """Where the document of a claim, or its part, differs: "x = X; w = K; counts from 1"."""
        column = max(first for first in COLUMNS if first <= number)
        said = (f"{plain(row['book'])}{' =' if '$' in row['book'] else ''} {plain(row[column])}"
                for row in self.rows if column in row and not row["book"].endswith(row[column]))
        spaced = (re.sub(r",(?=\S)", ", ", words) for words in said)
        return "; ".join(words.replace(" ", NO_BREAK) for words in spaced)

    def __repr__(self) -> str:
        return "\n".join(f"{name}: {self.of(first)}" for first, name in COLUMNS.items())

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{name}</th>' for name in ("this book", *COLUMNS.values()))
        body = "".join("<tr>" + "".join(f"<td><p>{_set(row.get(column, ''))}</p></td>"
                                        for column in ("book", *COLUMNS)) + "</tr>"
                       for row in self.rows)
        # the classes that the site gives a table of Markdown
        return ('<div class="pst-scrollable-table-container" style="overflow-x:auto">'
                f'<table class="table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
                "</div>")


@cache
def notation() -> Notation:
    """The table of all symbols."""
    text = resources.files(__package__).joinpath("symbols.toml").read_text(encoding="utf-8")
    return Notation(tuple(tomllib.loads(text)["symbol"]))


def _set(words: str) -> str:
    """HTML in which each $formula$ is one that MathJax sets."""
    return re.sub(r"\$(.*?)\$", r'<span class="math">\\(\1\\)</span>', escape(words, quote=False))
