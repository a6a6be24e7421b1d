r"""The recall questions that open the chapters, as cards to repeat.

A notebook asks them in its cell `recall`: a line that says where they come from, then a list with
folded answers. `anki` writes a file that Anki imports (its "notes in plain text"): front, back and
tags, with tabs between them and formulas as \(...\); `text` writes a page to print or to read out.
"""

import json
import re
from collections.abc import Iterable
from html import escape, unescape
from pathlib import Path
from typing import Any, NamedTuple

HEADER = ("#separator:tab", "#html:true", "#notetype:Basic", "#deck:The Flipped Kernel",
          "#tags column:3")
ASKED = re.compile(r"^\d+\. (.*)\n\s+<details><summary>Answer</summary>(.*)</details>$", re.M)
MARKUP = (  # of Markdown -> of a card
    (r"\$([^$]*)\$", r"\\(\1\\)"),
    (r"\*\*([^*]*)\*\*", r"<b>\1</b>"),
    (r"\*([^*]*)\*", r"<i>\1</i>"),
)
SPOKEN = ((r"[*$]", ""), (r"\\star\b", "⋆"))


class Card(NamedTuple):
    """One question in the Markdown of its notebook, and the chapter that asks it."""

    chapter: str
    source: str  # where the question comes from: "From chapter 3:"
    question: str
    answer: str


def cards(folder: Path) -> list[Card]:
    """The cards of all notebooks in a folder, in the order of the book.

    Raises
    ------
    ValueError
        If no notebook in it asks a recall question, or one is asked in another form.
    """
    found = [card for path in sorted(folder.glob("*.ipynb")) for card in _of_notebook(path)]
    if not found:
        raise ValueError(f"{folder} holds no notebook with recall questions: give the folder "
                         "`chapters` of the book")
    return found


def _of_notebook(path: Path) -> Iterable[Card]:
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell.get("id") == "recall":
            text = "".join(cell["source"])
            source = text.split("\n\n")[1].replace("Three questions on", "On")
            found = ASKED.findall(text)
            if len(found) != len(re.findall(r"^\d+\. ", text, re.M)):
                raise ValueError(f"{path.name}: an item of the cell `recall` is no question with a "
                                 "folded answer below it")
            yield from (Card(path.stem.split("_")[0], source, *pair) for pair in found)


def anki(deck: Iterable[Card]) -> str:
    """Lines that Anki imports; importing them again updates the notes."""
    rows = (f"<small>{_html(card.source)}</small><br>{_html(card.question)}\t{_html(card.answer)}"
            f"\tflipped-kernel chapter-{card.chapter}" for card in deck)
    return "\n".join((*HEADER, *rows)) + "\n"


def text(deck: Iterable[Card]) -> str:
    """Question and answer below each other, without markup."""
    return "\n".join(f"Chapter {card.chapter}. {_plain(card.source)}\nQ: {_plain(card.question)}\n"
                     f"A: {_plain(card.answer)}\n" for card in deck)


def _html(markdown: str) -> str:
    return _translated(escape(unescape(markdown), quote=False), MARKUP, "<code>{}</code>")


def _plain(markdown: str) -> str:
    return _translated(unescape(markdown), SPOKEN, "{}")


def _translated(markdown: str, signs: tuple[tuple[str, str], ...], code: str) -> str:
    """With other signs outside of code, and code as it is."""
    text_and_code = re.split(r"`|</?code>|&lt;/?code&gt;", markdown)
    for n, piece in enumerate(text_and_code):
        if n % 2:
            text_and_code[n] = code.format(piece)
        else:
            for sign, word in signs:
                piece = re.sub(sign, word, piece)
            text_and_code[n] = piece
    return "".join(text_and_code)
