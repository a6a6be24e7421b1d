"""Exercises that are answered on the page, and the page that asks again what was missed.

A page has no kernel. Below an exercise whose answer fits in one line the build copy of a chapter
gets the widget that compares it; the others say where they are written.
"""

import json
import re
from pathlib import Path

import nbformat.v4 as v4

from course.exercises import all_exercises
from course.exercises.entry import entry
from course.questions import all_questions
from figures.widgets.ask import Blanks, ask
from figures.widgets.shown import VIEW

STATE = "application/vnd.jupyter.widget-state+json"
WAITS = re.compile(r'^check\("(\w+\.\d+)", .*\)$', re.M)
TEXT = r"\*\*Exercise {}\*\*.*?(?=\n\*\*Exercise |\Z)"
LINK = re.compile(r"\]\((\w+\.ipynb)")
HOW = ("*On this page, type your answer into the line below an exercise. What follows is about the "
       "notebook.*")
IN_A_NOTEBOOK = (
    '<p class="in-a-notebook">Write it in the notebook: '
    '<a href="../_sources/chapters/{name}.ipynb" download>download this chapter</a>, '
    'and <a href="../pages/run.html">run it</a>.</p>')
ITEM = '<div class="review-item" data-number="{number}" hidden>'


def chapter_of(name):
    """04_kernel_gradient is chapter 4, A_mistake_lab is chapter A."""
    first = name.split("_")[0]
    return str(int(first)) if first.isdigit() else first


def numbers(name):
    """What a page asks: the numbers of its questions, and of exercises that it can judge."""
    def own(numbers):
        return [n for n in numbers if n.removeprefix("Q").split(".")[0] == chapter_of(name)]

    lines = [number for number, exercise in all_exercises().items() if entry(exercise)]
    return [*own(all_questions()), *own(lines)]


def shown(number, notebook, **traits):
    """A cell that shows the widget of a number; its state goes into the notebook."""
    widget = ask(number)
    own = [name for name in Blanks.class_own_traits() if not name.startswith("_")]
    state = {name: getattr(widget, name) for name in [*own, "_esm", "_css", "_anywidget_id"]}
    states = notebook.metadata.setdefault("widgets", {}).setdefault(
        STATE, {"version_major": 2, "version_minor": 0, "state": {}})["state"]
    name = f"ask-{number.replace('.', '-')}"
    states[name] = {"model_name": "AnyModel", "model_module": "anywidget", "buffers": [],
                    "state": state | {"mark": {}, "told": []} | traits}
    output = v4.new_output("display_data", {
        VIEW: {"model_id": name, "version_major": 2, "version_minor": 0}, "text/plain": number})
    return v4.new_code_cell(f'ask("{number}")', outputs=[output], id=name,
                            metadata={"tags": ["remove-input", "ask"]})


def place_exercises(notebooks):
    """Put the widget, or where to write, in place of each cell that waits for an answer."""
    for name, notebook in notebooks.items():
        cells = []
        for cell in notebook.cells:
            waits = WAITS.search(cell.source) if cell.cell_type == "code" else None
            number = waits[1] if waits and "solution" not in cell.metadata.get("tags", []) else None
            if number and entry(all_exercises()[number]):
                if waits[0] != cell.source.strip():
                    cells.append(cell)  # with what the answer is made of
                cells.append(shown(number, notebook))
            elif number:
                cells += [cell, v4.new_markdown_cell(IN_A_NOTEBOOK.format(name=name))]
            else:
                if cell.cell_type == "markdown" and cell.source.startswith("## Exercises"):
                    cell.source = cell.source.replace("## Exercises", f"## Exercises\n\n{HOW}", 1)
                cells.append(cell)
        notebook.cells = cells


def review(text, notebooks):
    """The page that asks again, as a notebook: its own text, then each chapter's questions."""
    page = v4.new_notebook(cells=[v4.new_markdown_cell(text)], metadata={
        "kernelspec": {"name": "python3", "display_name": "Python 3"}})
    for name, notebook in notebooks.items():
        recall = [cell.source for cell in notebook.cells if cell.id == "recall"]
        if not recall and not numbers(name):
            continue
        title = re.match(r"# (\S+) (.*)", notebook.cells[0].source)
        page.cells.append(v4.new_markdown_cell(
            f"## Chapter {title[1]}: [{title[2].strip()}](../chapters/{name}.ipynb)"))
        for text in recall:
            body = LINK.sub(r"](../chapters/\1", text.split("\n", 1)[1].strip())
            page.cells += map(v4.new_markdown_cell, (
                '<details class="section-fold"><summary>Recall</summary>', body, "</details>"))
        for number in numbers(name):
            page.cells.append(v4.new_markdown_cell(ITEM.format(number=number)))
            page.cells += map(v4.new_markdown_cell, words(number, notebook))
            page.cells += [shown(number, page, again=True), v4.new_markdown_cell("</div>")]
    return page


def words(number, notebook):
    """The text of an exercise, as its chapter has it; a question brings its own."""
    pattern = re.compile(TEXT.format(re.escape(number)), re.S)
    found = [pattern.search(c.source) for c in notebook.cells if c.cell_type == "markdown"]
    return [LINK.sub(r"](../chapters/\1", text[0]) for text in found if text]


def write_numbers(folder, names):
    """What each page asks, for the contents: a script, because a file may fetch nothing."""
    asked = {name: numbers(name) for name in names if numbers(name)}
    text = f"window.bookNumbers = {json.dumps(asked, separators=(',', ':'))};\n"
    Path(folder, "book_numbers.js").write_text(text, encoding="utf-8")
