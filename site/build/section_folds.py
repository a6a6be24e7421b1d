"""Sections that a first reader may skip: folded in JupyterLab, folded on the site.

JupyterLab marks the heading of a collapsed section in its cell's metadata. The build copy of a
chapter gets a native disclosure element in its place, which works without a script.
"""

import re
from html import escape

import nbformat.v4 as v4

MARK = "jp-MarkdownHeadingCollapsed"
HEADING = re.compile(r"(#+) (.*)")
# links, which an earlier step of the build may have set, and what only marks a word
MARKUP = re.compile(r"\[([^\]]*)\]\([^)]*\)|<[^>]+>|[*`]")
BY_NUMBER = re.compile(r'ask\("Q[\w.]+"(, veil=\d+)?\)')
OPEN = '<details class="section-fold" id="{id}"><summary>{title}</summary>'


def fold_sections(notebooks):
    """Wrap each collapsed section, up to the next heading of its level or above; in place."""
    for notebook in notebooks.values():
        cells, depth = [], 0
        for cell in notebook.cells:
            heading = HEADING.match(cell.source) if cell.cell_type == "markdown" else None
            if depth and heading and len(heading[1]) <= depth:
                cells.append(v4.new_markdown_cell("</details>"))
                depth = 0
            if heading and cell.metadata.pop(MARK, False):
                if depth:
                    raise ValueError(f"cell {cell.id} folds a section within a folded section")
                depth = len(heading[1])
                title = MARKUP.sub(r"\1", heading[2])
                cells.append(v4.new_markdown_cell(
                    OPEN.format(id=anchor(title), title=escape(title))))
                cell.source = cell.source[heading.end():].lstrip("\n")
                if not cell.source:
                    continue
            elif depth and heading:  # a heading would open a section that the fold's end then cuts
                cell.source = f"**{heading[2]}**{cell.source[heading.end():]}"
            cells.append(cell)
        if depth:
            cells.append(v4.new_markdown_cell("</details>"))
        notebook.cells = cells


def mark_questions(notebooks):
    """Tag the cells that ask something: a question needs less room than a picture.

    One that is asked by number has no source to show.
    """
    for cell in (cell for notebook in notebooks.values() for cell in notebook.cells):
        if cell.cell_type == "code" and cell.source.startswith("ask("):
            tags = [*cell.metadata.get("tags", []), "ask"]
            if BY_NUMBER.fullmatch(cell.source):
                tags = [tag for tag in tags if tag != "hide-input"] + ["remove-input"]
            cell.metadata["tags"] = tags


def anchor(title):
    """The address that the heading would have had."""
    return re.sub(r"[^\w]+", "-", title.replace("$", "").lower()).strip("-")
