"""The sources that the book cites, as appendix C lists them: references.bib.

Of the many forms of a .bib, the file keeps to one, a field per line in braces, so that readers
need no library for it.
"""

import re
from functools import cache
from importlib import resources
from typing import NamedTuple
from urllib.parse import quote

ENTRY = re.compile(r"^@\w+\{(\w+),\n(.*?)^\}", re.M | re.S)
FIELD = re.compile(r"^ +(\w+) *= \{(.*)\},?$", re.M)
VENUES = "journal", "booktitle", "howpublished", "series", "publisher"


class Source(NamedTuple):
    """One entry of the .bib."""

    key: str
    line: str  # of the list in appendix C
    paper: str  # its address


class Sources(dict[str, Source]):
    """Every source by the name that chapters cite; a notebook shows the list."""

    def __repr__(self) -> str:
        return "\n".join(sorted((source.line for source in self.values()), key=str.casefold))

    _repr_markdown_ = __repr__


@cache
def bibliography() -> Sources:
    """The .bib as appendix C lists it."""
    text = resources.files(__package__).joinpath("references.bib").read_text(encoding="utf-8")
    sources = Sources()
    for key, body in ENTRY.findall(text):
        fields = {name: re.sub("[{}]", "", value) for name, value in FIELD.findall(body)}
        people = [_last_name(person) for person in fields["author"].split(" and ")]
        who = " and ".join(people) if len(people) < 3 else f"{people[0]} et al."
        venue = next(fields[field] for field in VENUES if field in fields)
        name, address = f"{who} ({fields['year']})", _paper(fields)
        line = f"- {name}. [*{fields['title']}*]({address}). {venue}{_part(fields)}."
        sources[name] = Source(key, line, address)
    return sources


def _last_name(person: str) -> str:
    """Of "Lavin, Andrew" or "Andrew Lavin"."""
    return person.split(",")[0] if "," in person else person.split()[-1]


def _paper(fields: dict[str, str]) -> str:
    """The address of a source: of its DOI, or where it has none its own."""
    return f"https://doi.org/{quote(fields['doi'])}" if "doi" in fields else fields["url"]


def _part(fields: dict[str, str]) -> str:
    """Volume, number and pages, as far as a source has them: " 4(5), 1\u201317"."""
    volume = " " + fields["volume"] if "volume" in fields else ""
    number = f"({fields['number']})" if "number" in fields else ""
    pages = ", " + fields["pages"].replace("--", "\u2013") if "pages" in fields else ""
    return volume + number + pages
