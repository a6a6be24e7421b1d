"""What is folded on the site: hints under each exercise, and solutions that say whose they are.

A page has no kernel, so that `hint("5.2")` cannot answer there: the build copy of a chapter, never
the notebook that is kept, gets the same hints as native disclosure elements.
"""

import re
from html import escape

import nbformat.v4 as v4

from course.exercises import exercise

SECTION = "## Solutions"
SOLUTION = re.compile(r"# Solution ([\w.]+)")
EXERCISE = re.compile(r"^\*\*Exercise (\w+\.\d+)", re.M)
# myst-nb names every fold the same, over the words that it shows
NAMELESS = ' aria-label="Toggle hidden content"'


def fold_exercises(notebooks):
    """Give each exercise its hints and its solution, under the solution's name; in place.

    JupyterLab keeps the solutions of a chapter in one folded section: there a cell that is run is
    a cell that is seen, unless its section stays closed.
    """
    for notebook in notebooks.values():
        cells, waiting, gathered = [], None, taken_out(notebook)
        for cell in notebook.cells:
            cells.append(cell)
            if cell.cell_type == "markdown" and (found := EXERCISE.findall(cell.source)):
                waiting = found[-1]
            elif waiting and f'check("{waiting}"' in cell.source:
                cells.append(hints_of(waiting))  # below the cell that asks
                cells += gathered.pop(waiting, [])
                waiting = None
        if gathered:
            raise ValueError(f"no cell asks what {', '.join(gathered)} solve")
        for cell in cells:
            if named := SOLUTION.match(cell.source):
                words = {"code_prompt_show": f"Solution {named[1]}",
                         "code_prompt_hide": f"Solution {named[1]}"}
                cell.metadata["mystnb"] = cell.metadata.get("mystnb", {}) | words
        notebook.cells = cells


def taken_out(notebook):
    """{number: [solution]} of the section that holds the solutions, which leaves the notebook."""
    starts = [n for n, cell in enumerate(notebook.cells) if cell.source.startswith(SECTION)]
    if not starts:
        return {}
    (start,) = starts
    end = start + 1
    while end < len(notebook.cells) and SOLUTION.match(notebook.cells[end].source):
        end += 1
    found = {SOLUTION.match(cell.source)[1]: [cell] for cell in notebook.cells[start + 1:end]}
    del notebook.cells[start:end]
    return found


def hints_of(number):
    """The hints of an exercise: each holds the next, which is met only after it was opened."""
    folds = ""
    for n, text in reversed([*enumerate(exercise(number).hints, 1)]):
        folds = (f'<details class="hint"><summary>Hint {n} for {number}</summary>'
                 f"<p>{escape(text)}</p>{folds}</details>")
    return v4.new_markdown_cell(folds, id=f"hints-{number.replace('.', '-')}")


def name_folds(site):
    """A fold is called what it shows."""
    for page in sorted(site.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        if NAMELESS in text:
            page.write_text(text.replace(NAMELESS, ""), encoding="utf-8", newline="\n")
