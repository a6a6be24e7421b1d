"""The sources that the book cites: the list of chapter C, and the address of each paper."""

import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from pybtex.database import parse_file

BIBLIOGRAPHY = Path(__file__).parents[1] / "references.bib"


class Source(NamedTuple):
    """One entry of the .bib."""

    key: str
    line: str  # of the list in chapter C
    paper: str  # its address


def bibliography(path=BIBLIOGRAPHY):
    """The .bib as chapter C lists it: {"Lavin and Gray (2016)": Source}."""
    sources = {}
    for key, entry in parse_file(str(path)).entries.items():
        fields = {name: re.sub("[{}]", "", text) for name, text in entry.fields.items()}
        people = [" ".join(person.last_names) for person in entry.persons.get("author", [])]
        who = " and ".join(people) if len(people) < 3 else f"{people[0]} et al."
        venue = next(fields[f] for f in ("journal", "booktitle", "howpublished", "series",
                                         "publisher") if f in fields)
        if people:
            name = f"{who} ({fields['year']})"
            title, address = f"*{fields['title']}*", paper(fields)
            sources[name] = Source(
                key, f"- {name}. [{title}]({address}). {venue}{part(fields)}.", address)
        else:
            sources[key] = Source(key, f"- *{fields['title']}*: {venue}.", "")
    return sources


def paper(fields):
    """The address of a source: of its DOI, or where it has none its own."""
    return f"https://doi.org/{quote(fields['doi'])}" if "doi" in fields else fields["url"]


def part(fields):
    """Volume, number and pages, as far as a source has them: " 4(5), 1\u201317"."""
    volume = " " + fields["volume"] if "volume" in fields else ""
    number = f"({fields['number']})" if "number" in fields else ""
    pages = ", " + fields["pages"].replace("--", "\u2013") if "pages" in fields else ""
    return volume + number + pages


def listed(entries, documents):
    """The lines of chapter C: the five documents, or all the others by name."""
    lines = [entry.line for entry in entries.values()
             if entry.key.startswith("document") == documents]
    return "\n".join(lines if documents else sorted(lines, key=str.casefold))
