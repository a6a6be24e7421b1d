"""Cross references of the site: equations, figures, words and sources become anchors and links.

The notebooks in git stay plain, since JupyterLab shows no directive. Here their copies change:

    \\tag{5.3}, (5.3)                       the display gets the anchor eq-5-3, the text a link
    a cell that stores a picture            a figure with its number below; Figure 5.2 is a link
    **tap** ... in the glossary             a definition; the first tap of a chapter is a link
    [Lavin and Gray (2016)](C_notation...)  a link to the paper; the .bib prints the list of C
"""

import html
import re

from nbformat.v4 import new_markdown_cell

from course.sources import bibliography
from figures.widgets.shown import VIEW

HOME = "C_notation"
LIST = "sources-list"  # the cell of chapter C that shows the sources
TAGGED = re.compile(r"^\$\$(?:(?!\$\$).)*?\\tag\{(\w+\.\d+)\}.*?\$\$", re.M | re.S)
NOT_PROSE = (  # code, formulas, links, folded answers, tags
    r"```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$]*\$|\[[^\]]*\]\([^)]*\)"
    r"|<details>.*?</details>|<a .*?</a>|<[^<>\n]*>")
VERBATIM = re.compile(f"({NOT_PROSE})", re.S)
APART = re.compile(rf"({NOT_PROSE}|^[#|][^\n]*)", re.S | re.M)  # headings and tables, too
CITED = re.compile(r"\((\w+\.\d+)\)")
FIGURE = re.compile(r"\bFigure (\w+\.\d+)")
SOURCE = re.compile(r"\[([^\]]* \(\d{4}\))\]\(C_notation\.ipynb\)")
ENTRY = re.compile(r"^\*\*([^*]+(?:\*\* or \*\*[^*]+)*)\*\* ((?:.|\n(?!\n))*)\n"
                   r"((?:Chapter|Appendix)s? \[.*)$", re.M)
OR = "** or **"  # between two words for one thing


def prose(source, change, skipped=VERBATIM):
    """The Markdown with `change` applied to its prose only."""
    pieces = skipped.split(source)
    pieces[::2] = [change(piece) for piece in pieces[::2]]
    return "".join(pieces)


def texts(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def anchor(kind, number):
    return f"{kind}-{number.replace('.', '-').lower()}"


def linked_equation(found):
    return f"[{found[0]}](#{anchor('eq', found[1])})"


def link_equations(notebooks):
    """Anchor each display with \\tag{5.3} as eq-5-3; the first (5.3) of a section links to it.

    `notebooks` maps a page's name to its notebook; they are changed in place.
    """
    cells = [cell for notebook in notebooks.values() for cell in texts(notebook)]
    tags = {tag for cell in cells for tag in TAGGED.findall(cell.source)}

    linked = set()

    def link(found):
        if found[1] not in tags - linked:
            return found[0]
        linked.add(found[1])
        return linked_equation(found)

    for cell in cells:
        if cell.source.startswith("#"):
            linked.clear()
        source = prose(cell.source, lambda text: CITED.sub(link, text))
        cell.source = TAGGED.sub(lambda at: f"\n({anchor('eq', at[1])})=\n{at[0]}", source)


def number_figures(notebooks):
    """Number the stored pictures of each chapter in the order of the page, and link citations.

    What moves has no number: its picture is for paper only.
    """
    known = set()
    for name, notebook in notebooks.items():
        chapter = re.fullmatch(r"0?(\d+|[A-Z])_.*", name)
        pictures = [cell for cell in notebook.cells if cell.cell_type == "code"
                    and any("image/png" in out.get("data", {}) for out in cell.outputs)
                    and not any(VIEW in out.get("data", {}) for out in cell.outputs)]
        for count, cell in enumerate(pictures if chapter else [], 1):
            number = f"{chapter[1]}.{count}"
            known.add(number)
            cell.metadata.setdefault("mystnb", {})["figure"] = {
                "name": anchor("fig", number), "caption": f"Figure {number}"}
    for name, notebook in notebooks.items():
        def link(found, page=name):
            if found[1] not in known:
                raise ValueError(f"{page}: cites {found[0]}, which is no picture of the book")
            return f"[{found[0]}](#{anchor('fig', found[1])})"

        for cell in texts(notebook):
            cell.source = prose(cell.source, lambda text, link=link: FIGURE.sub(link, text))


def link_sources(notebooks):
    """Make each named source a link to its paper, and let the site print the list."""
    papers = {name: source.paper for name, source in bibliography().items()}
    for page, notebook in notebooks.items():
        def link(found, page=page):  # the page of the list needs no second link
            name = found[1]
            return name if page == HOME else f'<a class="source" href="{papers[name]}">{name}</a>'

        for cell in texts(notebook):
            cell.source = SOURCE.sub(link, cell.source)
    cells = notebooks[HOME].cells
    for n, cell in enumerate(cells):
        if cell.id == LIST:
            cells[n] = new_markdown_cell("```{bibliography}\n:list: bullet\n:all:\n```", id=LIST)


def glossary(notebook):
    """What chapter C defines: {word: its definition, as plain text, or "" if it has a formula}."""
    entries = [entry for cell in texts(notebook) for entry in ENTRY.findall(cell.source)]
    return {word: "" if "$" in said else said.replace("\n", " ")
            for words, said, _ in entries for word in words.split(OR)}


def link_terms(notebooks):
    """Make each word's definition an anchor, and the first use of it in a chapter a link."""
    words = glossary(notebooks[HOME])
    by_length = sorted(words, key=len, reverse=True)  # "true convolution" before "convolution"
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, by_length))})(?:s|es)?\b(?!\*+\w)", re.I)
    named = {word.lower(): word for word in words}
    for name, notebook in notebooks.items():
        new = set(words) if name != HOME else set()

        def link(found, new=new):
            word = named[found[1].lower()]
            if word not in new:
                return found[0]
            new.remove(word)
            said = f' title="{html.escape(words[word])}"' if words[word] else ""
            return f'<a class="term" href="{HOME}.html#{identity(word)}"{said}>{found[0]}</a>'

        for cell in texts(notebook):
            cell.source = prose(cell.source, lambda text, link=link: pattern.sub(link, text), APART)
    for cell in texts(notebooks[HOME]):
        cell.source = ENTRY.sub(
            lambda at: f"{defined(at[1])} {at[2]}\n{one_link(at[3])}", cell.source)


def defined(words):
    return " or ".join(f'<dfn id="{identity(word)}">{word}</dfn>' for word in words.split(OR))


def one_link(where):
    """Where a word is built, with one link: to an equation if one is named, or to the chapter."""
    if not CITED.search(where):
        return where
    return CITED.sub(linked_equation, re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", where))


def identity(word):
    return "term-" + re.sub(r"\W+", "-", word.lower())


def link(notebooks):
    """All of it, in an order in which no step reads the links of another."""
    link_sources(notebooks)
    link_terms(notebooks)
    number_figures(notebooks)
    link_equations(notebooks)
