"""The claims of the source documents as a table that a reader can search and filter.

Everything happens in the page: no kernel is needed.
"""

from html import escape
from pathlib import Path

import traitlets

from convlib.html_table import html_table
from course.audit import DOCUMENTS, VERDICTS, claims, totals
from course.audit.formulas import Runs, runs
from figures.drawing import style
from figures.drawing.board import board
from figures.widgets.shown import Shown, Stored

SIGNS = {"correct": "✓", "convention": "✓*", "ambiguous": "?", "slip": "✗", "conceptual": "✗✗"}


def audit_table() -> "AuditTable":
    """All claims, with a search field and a choice of document, verdict and chapter."""
    return AuditTable(
        rows=[{"number": c.number, "document": c.document, "verdict": c.verdict,
               "says": runs(c.says), "correct": runs(c.correct), "check": c.check,
               "chapters": [str(n) for n in c.chapters]} for c in claims()],
        documents=list(DOCUMENTS.items()),
        verdicts=[[name, SIGNS[name], words] for name, words in VERDICTS.items()],
        chapters=[str(n) for n in sorted({n for c in claims() for n in c.chapters})])


class AuditTable(Shown):
    """The widget `audit_table` returns."""

    _esm = Path(__file__).with_name("table.js")
    _css = Path(__file__).with_name("table.css")
    rows = traitlets.List().tag(sync=True)
    documents = traitlets.List().tag(sync=True)  # [number, words]
    verdicts = traitlets.List().tag(sync=True)  # [name, sign, words]
    chapters = traitlets.List().tag(sync=True)

    to_use = "To search and filter this table"

    def stored(self) -> Stored:
        """Every claim, in a line."""
        signs = {name: f"{sign} {words}" for name, sign, words in self.verdicts}
        head = ["claim", "the document says", "verdict", "what is correct", "chapter"]
        rows = [[row["number"], _marked(row["says"]), escape(signs[row["verdict"]]),
                 _marked(row["correct"]), ", ".join(row["chapters"])] for row in self.rows]
        title = f"The {len(rows)} claims of the source documents"
        return {"text/html": html_table(title, head, rows, align="left")}, f"{title}, with verdicts"

    def __repr__(self) -> str:
        return f"audit_table() of {len(self.rows)} claims"


def _marked(sentence: Runs) -> str:
    return "".join(f"<{style}>{escape(text)}</{style}>" if style else escape(text)
                   for style, text in sentence)


def draw_totals() -> None:
    """A bar for each document, its claims by verdict: a new figure."""
    counts = totals().counts
    hues = dict(zip(VERDICTS, (style.green, style.blue, style.muted, style.orange, style.purple),
                    strict=True))
    scale, left = 0.25, 4.2  # cells a claim
    sheet = board(left + 69 * scale + 1.2, 11.4, inches=7.6)
    for n, (document, row) in enumerate(list(counts.items())[:-1]):
        x, y = left, 0.7 + 1.3 * n
        sheet.text(left - 0.3, y + 0.45, f"document {document}", ha="right", size=0.85)
        for verdict, hue in hues.items():
            if not row[verdict]:
                continue
            width = row[verdict] * scale
            sheet.ax.barh(y + 0.45, width, height=0.9, left=x, color=style.tint(hue, 0.35),
                          edgecolor=hue, lw=1.2)
            height = 0.45 if row[verdict] > 1 else -0.2  # too narrow for its number
            sheet.text(x + width / 2, y + height, row[verdict], size=0.8)
            x += width
    for n, (verdict, hue) in enumerate(hues.items()):
        x, y = 0.7, 7.5 + 0.8 * n
        sheet.ax.barh(y, 0.6, height=0.6, left=x, color=style.tint(hue, 0.35), edgecolor=hue)
        sheet.text(x + 0.9, y, f"{SIGNS[verdict]} {VERDICTS[verdict]}", ha="left", size=0.72)
