"""What gives an answer away is veiled on the site until it is given, as JupyterLab veils it.

The build copy of a chapter gets an element around the cells that `ask(number, veil=n)` names. The
page's scripts close it; on paper, and where no script runs, it is an element like any other.
"""

import re

import nbformat.v4 as v4

ASKED = re.compile(r'^ask\("(Q[\w.]+)", veil=(\d+)\)')
HEADING = re.compile(r"^(?=#+ )|(?<=\n)(?=#+ )")
HEADING_LINE = re.compile(r"#+ .*\n?")
OPEN = """<div class="veil" data-question="{number}">
<p class="veil-bar">Hidden until you have answered. <button type="button">Show me</button></p>
<div class="veil-content">"""
CLOSE = "</div></div>"


def veil_answers(notebooks):
    """Wrap what each question veils; a heading stays seen, and a new veil begins below it."""
    for notebook in notebooks.values():
        cells, number, left, is_open = [], "", 0, False
        for cell in notebook.cells:
            for piece in pieces(cell) if left else [cell]:
                heading = left and piece.cell_type == "markdown" and HEADING.match(piece.source)
                if is_open and heading:
                    cells.append(v4.new_markdown_cell(CLOSE))
                    is_open = False
                if left and not heading and not is_open:
                    cells.append(v4.new_markdown_cell(OPEN.format(number=number)))
                    is_open = True
                cells.append(piece)
            left = max(0, left - 1)
            if is_open and not left:
                cells.append(v4.new_markdown_cell(CLOSE))
                is_open = False
            if asked := ASKED.match(cell.source):
                if left:
                    raise ValueError(f"cell {cell.id} asks where another question veils")
                number, left = asked[1], int(asked[2])
        if left:
            raise ValueError(f"{number} veils {left} cells more than follow it")
        notebook.cells = cells


def pieces(cell):
    """A cell, or a text cut before and after its headings: what a veil may not cross."""
    if cell.cell_type != "markdown":
        return [cell]
    texts = []
    for part in HEADING.split(cell.source):
        line = HEADING_LINE.match(part)
        texts += [part[:line.end()], part[line.end():]] if line else [part]
    texts = [text.strip("\n") for text in texts if text.strip()]
    first, *others = texts
    cell.source = first
    return [cell, *map(v4.new_markdown_cell, others)]
