"""`python -m course cards`: every recall question of the book is a card, and reads as one."""

import csv
import json
import re
from pathlib import Path

import pytest

from course import __main__ as command
from course.recall_cards import HEADER, Card, anki, cards, text

CHAPTERS = Path(__file__).parents[2] / "chapters"
DECK = cards(CHAPTERS)


def written(capsysbinary, *words):
    command._main(["cards", *map(str, words)])
    return capsysbinary.readouterr().out.decode()


def test_no_recall_question_is_missing():
    items, answers = 0, 0
    for path in CHAPTERS.glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            if source.startswith("## Before you start"):
                items += len(re.findall(r"^\d\. ", source, re.M))
                answers += source.count("<summary>Answer</summary>")
    assert len(DECK) == items == answers > 30
    assert {card.chapter for card in DECK} >= {"01", "05", "12", "A"}


def test_anki_reads_two_fields_and_the_tags(capsysbinary):
    lines = written(capsysbinary, CHAPTERS).splitlines()
    assert tuple(lines[:5]) == HEADER and not any(line.startswith("#") for line in lines[5:])
    rows = list(csv.reader(lines[5:], delimiter="\t", quoting=csv.QUOTE_NONE))
    assert [len(row) for row in rows] == [3] * len(DECK)
    fronts, backs, tags = zip(*rows, strict=True)
    assert len(set(fronts)) == len(DECK)  # Anki knows a note by its front
    assert set(tags) == {f"flipped-kernel chapter-{card.chapter}" for card in DECK}
    for field in (*fronts, *backs):
        assert field.strip() and field.count(r"\(") == field.count(r"\)")
        bare = re.sub(r"<code>.*?</code>|</?(?:small|i|b)>|<br>|\\\(.*?\\\)", "", field)
        bare = re.sub("&lt;|&gt;|&amp;", "", bare)
        assert not re.search(r"[`$<>&\t]|\*\S", bare), field


def test_signs_of_markdown_and_of_html_become_those_of_a_card():
    deck = [Card("05", "From chapter 4:", r"Is `a < b` in $x \star w$ *always* **so**?",
                 "<code>u * v * w</code>: $p&q$")]
    assert anki(deck).splitlines()[-1] == (
        r"<small>From chapter 4:</small><br>Is <code>a &lt; b</code> in \(x \star w\) <i>always</i>"
        "\x20<b>so</b>?\t<code>u * v * w</code>: \\(p&amp;q\\)\tflipped-kernel chapter-05")
    assert text(deck) == ("Chapter 05. From chapter 4:\n"
                          "Q: Is a < b in x ⋆ w always so?\nA: u * v * w: p&q\n")


def test_the_plain_text_has_no_markup_and_the_same_questions(capsysbinary):
    plain = written(capsysbinary, CHAPTERS, "--text")
    assert len(re.findall(r"^Q: .*\nA: .*$", plain, re.M)) == len(DECK)
    assert not re.search(r"[`$\\<>&]|\w\*|\*\w", plain)
    assert "(dy * y).sum()" in plain  # code stays as it is


def test_a_folder_without_questions_is_refused_with_the_cure(tmp_path, capsys):
    with pytest.raises(SystemExit):
        command._main(["cards", str(tmp_path)])
    assert "give the folder `chapters` of the book" in capsys.readouterr().err


def test_an_item_without_an_answer_is_refused(tmp_path):
    cell = {"id": "recall", "source": ["## Before you start\n\nFrom chapter 1:\n\n1. Why?\n"]}
    (tmp_path / "02_b.ipynb").write_text(json.dumps({"cells": [cell]}))
    with pytest.raises(ValueError, match=r"02_b\.ipynb: an item .* no question with a folded"):
        cards(tmp_path)
