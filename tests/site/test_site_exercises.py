"""What the build makes of questions and exercises, told without building."""

import json
import re
from pathlib import Path

import nbformat
import nbformat.v4 as v4
import pytest
import site_exercises
import veils
from exercise_folds import fold_exercises

CHAPTERS = sorted((Path(__file__).parents[2] / "chapters").glob("*.ipynb"))
ASKS = 'ask("Q0.1", veil=2)'


def book():
    return {path.stem: nbformat.read(path, as_version=4) for path in CHAPTERS}


def veiled(*cells):
    notebook = v4.new_notebook(cells=list(cells))
    veils.veil_answers({"00": notebook})
    marks = {veils.CLOSE: "]", veils.OPEN.format(number="Q0.1"): "["}
    return [marks.get(cell.source, cell.source) for cell in notebook.cells]


def test_a_veil_covers_the_cells_that_a_question_names():
    code, text = v4.new_code_cell, v4.new_markdown_cell
    assert veiled(code(ASKS), code("y"), text("So 403."), text("on")) == [
        ASKS, "[", "y", "So 403.", "]", "on"]
    assert veiled(code(ASKS), code("y"), text("## New\n\nSo 403."), text("on")) == [
        ASKS, "[", "y", "]", "## New", "[", "So 403.", "]", "on"]
    assert veiled(code(ASKS), text("So\n\n### New\n\n403."), text("## On"), text("on")) == [
        ASKS, "[", "So", "]", "### New", "[", "403.", "]", "## On", "on"]
    assert veiled(code('ask("Q0.1")'), code("y")) == ['ask("Q0.1")', "y"]


def test_a_veil_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match=r"Q0\.1 veils 1 cells more"):
        veiled(v4.new_code_cell(ASKS), v4.new_code_cell("y"))
    with pytest.raises(ValueError, match="where another question veils"):
        veiled(*(v4.new_code_cell(ASKS) for _ in range(4)))


def test_every_exercise_is_answered_on_its_page_or_says_where():
    notebooks = book()
    fold_exercises(notebooks)
    site_exercises.place_exercises(notebooks)
    for name, notebook in notebooks.items():
        lines = [n for n in site_exercises.numbers(name) if not n.startswith("Q")]
        ids = [cell.id for cell in notebook.cells]
        assert [i for i in ids if i.startswith("ask-") and i[4].isalnum() and "remove-input"
                in notebook.cells[ids.index(i)].metadata.get("tags", [])] == [
            f"ask-{n.replace('.', '-')}" for n in lines]
        text = "\n".join(cell.source for cell in notebook.cells)
        waiting = [n for n in re.findall(r'^check\("([\w.]+)", (?!.*solution=True)', text, re.M)
                   if n not in lines]
        assert text.count("Write it in the notebook") >= len(set(waiting)) or not waiting
        states = notebook.metadata.get("widgets", {}).get(site_exercises.STATE, {}).get("state", {})
        for number in lines:
            state = states[f"ask-{number.replace('.', '-')}"]["state"]
            assert state["number"] == number and state["entry"]["form"]
            assert state["mark"] == {} and state["told"] == []  # nothing of who builds the site
            json.dumps(state)


def test_a_gathered_solution_comes_back_below_its_exercise():
    notebooks = book()
    fold_exercises(notebooks)
    for notebook in notebooks.values():
        asked = None
        for cell in notebook.cells:
            asked = cell.id if cell.id.startswith("hints-") else asked
            if found := re.match(r"# Solution (\S+)", cell.source):
                assert asked == f"hints-{found[1].replace('.', '-')}"
        assert "## Solutions" not in [cell.source[:12] for cell in notebook.cells]


def test_the_review_holds_every_question_and_recall_of_the_book():
    notebooks = book()
    page = site_exercises.review("# Review", notebooks)
    items = re.findall(r'data-number="([\w.]+)"', "\n".join(c.source for c in page.cells))
    assert items == [number for name in notebooks for number in site_exercises.numbers(name)]
    opened = sum(cell.source.count("<div") for cell in page.cells)
    assert opened == sum(cell.source.count("</div>") for cell in page.cells) == len(items)
    assert all("\n#" not in cell.source for cell in page.cells)  # a heading would cut an item
    recalled = [cell for cell in page.cells if "<summary>Recall</summary>" in cell.source]
    assert len(recalled) == sum(any(c.id == "recall" for c in n.cells) for n in notebooks.values())
    nbformat.validate(page)


def test_every_question_of_the_book_veils_what_follows_it():
    for name, notebook in book().items():
        wanted = [number for cell in notebook.cells if (found := veils.ASKED.match(cell.source))
                  for number in [found[1]]]
        veils.veil_answers({name: notebook})
        text = "\n".join(cell.source for cell in notebook.cells)
        covered = re.findall(r'<div class="veil" data-question="(.*?)">', text)
        assert list(dict.fromkeys(covered)) == wanted
        assert text.count("<div") - text.count("</div>") == 0
