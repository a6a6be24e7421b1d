"""The public bug reports as a table that a reader can search and filter.

Everything happens in the page: no kernel is needed.
"""

from html import escape
from pathlib import Path
from typing import Any

import traitlets

from convlib.html_table import html_table
from course.gallery.reports import Report, reports
from figures.widgets.shown import Shown, Stored

FILTERS = {"Symptom": "symptom", "Library": "library", "Mistake": "mistake", "Year": "year"}
COLUMNS = ["report", "what a user saw", "mistake", "noticed by", "let through by"]


def bug_gallery() -> "BugGallery":
    """All reports, with a search field and a choice of symptom, library, mistake and year."""
    rows = [{"filters": _filters(report), "cells": _cells(report)} for report in reports()]
    filters = [[name, key, sorted({_filters(report)[key] for report in reports()}, key=str.lower)]
               for name, key in FILTERS.items()]
    return BugGallery(rows=rows, filters=filters, columns=COLUMNS, noun="reports",
                      caption="Public reports about gradients, oldest first")


def _filters(report: Report) -> dict[str, str]:
    return {"symptom": report.symptom, "library": report.library, "year": str(report.date.year),
            "mistake": _words(report.mistake)}


def _cells(report: Report) -> list[list[Any]]:
    """The paragraphs of each column; a pair is a link."""
    title = f"{report.thread}: {report.title}"
    english = f"In English: {report.english}." if report.english else ""
    return [
        [report.number, report.date.isoformat()],
        [report.library, [title, report.url], *filter(None, (english, report.saw, report.ours))],
        [_words(report.mistake)], [_words(report.caught_by)],
        ["no check of ours" if report.missed_by == "nothing" else _words(report.missed_by)]]


def _paragraphs(cell: list[Any]) -> str:
    """The HTML of what `_cells` gives for a column."""
    lines = (escape(part) if isinstance(part, str) else
             f"<a href='{escape(part[1])}'>{escape(part[0])}</a>" for part in cell if part)
    return "<br>".join(lines)


def _words(name: str) -> str:
    return name.replace("_", " ")


class BugGallery(Shown):
    """The widget `bug_gallery` returns."""

    _esm = Path(__file__).with_name("gallery.js")
    _css = Path(__file__).with_name("table.css")
    rows = traitlets.List().tag(sync=True)
    filters = traitlets.List().tag(sync=True)  # [name, key, values]
    columns = traitlets.List().tag(sync=True)
    caption = traitlets.Unicode().tag(sync=True)
    noun = traitlets.Unicode().tag(sync=True)

    to_use = "To search and filter this table"

    def stored(self) -> Stored:
        """Every report, in a line."""
        rows = [[_paragraphs(cell) for cell in row["cells"]] for row in self.rows]
        return ({"text/html": html_table(self.caption, self.columns, rows, align="left")},
                f"{self.caption}: {len(rows)} {self.noun}")

    def __repr__(self) -> str:
        return f"bug_gallery() of {len(self.rows)} reports"
