"""Chapter C and what points at it: glossary, sources, figures, and the links that a build makes."""

import re
from pathlib import Path

import nbformat
import nbformat.v4 as v4
import pytest
import references
from pybtex.database import parse_file

from course.audit import DOCUMENTS
from course.sources import bibliography

ROOT = Path(__file__).parents[2]
CHAPTERS = {path.stem: nbformat.read(path, as_version=4)
            for path in sorted((ROOT / "chapters").glob("*.ipynb"))}
BY_NUMBER = {re.sub("^0(?=.)", "", name.split("_")[0]): chapter
             for name, chapter in CHAPTERS.items()}
C = CHAPTERS["C_notation"]
ENTRIES = [(word, said, where) for cell in references.texts(C)
           for words, said, where in references.ENTRY.findall(cell.source)
           for word in words.split(references.OR)]
SOURCES = bibliography()
NAMED = re.compile(r"\b([A-Z]\w+(?: and [A-Z]\w+| et al\.)? \(\d{4}\))")
DOCSTRING = re.compile(r"([A-Z]\w+ (?:and [A-Z]\w+|et al\.)), [^()]*\((\d{4})\)")


def words_of(notebook):
    """All that a chapter says, code included, in lower case and with single spaces."""
    said = " ".join(cell.source for cell in notebook.cells)
    return re.sub(r"\s+", " ", said).lower()


def test_the_glossary_is_in_order_and_short():
    words = [word for word, _, _ in ENTRIES]
    text = "\n".join(cell.source for cell in references.texts(C))
    first = re.findall(r"^\*\*(.+?)\*\*", text, re.M)  # of the words for one thing
    assert first == sorted(set(first), key=str.lower) != []
    assert words == re.findall(r"(?:^|(?<=or ))\*\*(.+?)\*\*", text, re.M)
    assert len(set(words)) == len(words)
    assert [word for word, said, _ in ENTRIES if len(re.findall(r"\.(?:\s|$)", said)) > 2] == []


def test_a_second_name_is_found_in_its_own_place():
    text = "\n".join(cell.source for cell in references.texts(C))
    lines = re.findall(r"^(\*\*?)(.+?)\*\*?(?:: see \*(.+)\*\.)?", text.split("## Glossary")[1]
                       .split("## Checks")[0], re.M)
    places = [word for _, word, _ in lines]
    assert places == sorted(places, key=str.lower)
    first = {word for mark, word, _ in lines if mark == "**"}
    seen = {word: entry for mark, word, entry in lines if mark == "*"}
    assert set(seen.values()) <= first and len(seen) + len(first) == len(lines)
    second = {word for word, _, _ in ENTRIES} - first
    assert {word for word in second if word not in seen and word.split()[0] not in first} == set()


@pytest.mark.parametrize("word, said, where", ENTRIES, ids=[word for word, _, _ in ENTRIES])
def test_a_word_is_built_where_the_glossary_says(word, said, where):
    numbers = re.findall(r"\b(\d+|[A-Z])\b", re.sub(r"\]\(.*?\)|\(\w+\.\d+\)", "", where))
    chapters = [BY_NUMBER[number] for number in numbers]
    assert chapters and re.findall(r"\]\((\w+)\.ipynb\)", where) == [
        name for name, chapter in CHAPTERS.items() if chapter is chapters[0]]
    for chapter in chapters:
        text = words_of(chapter)
        assert [part for part in re.findall(r"\w+", word.lower()) if part not in text] == []
    tags = {tag for chapter in chapters for cell in references.texts(chapter)
            for tag in references.TAGGED.findall(cell.source)}
    assert set(references.CITED.findall(where)) <= tags


def test_an_operator_is_first_used_where_the_table_says():
    (cell,) = (cell for cell in C.cells if cell.id == "signs")
    rows = re.findall(r"^\| (\$.*?\$) \|.*\| (\d+) \|$", cell.source, re.M)
    signs = {sign: number for row, number in rows
             for sign in re.findall(r"\\mathrm\{\w+\}|\\mathcal\{F\}|\\[a-z]{3,}", row)
             if sign != r"\cdot"}
    assert len(signs) >= 10
    first = {sign: next(number for number, chapter in BY_NUMBER.items()
                        if any(sign in text.source for text in references.texts(chapter)))
             for sign in signs}
    assert first == signs


def test_chapter_c_lists_what_the_bib_file_holds():
    """Read by pybtex, as the site does, the file has the same sources, titles and names."""
    (cell,) = (cell for cell in C.cells if cell.id == references.LIST)
    listed = cell.outputs[0].data["text/markdown"]
    lines = {source.key: line for source in SOURCES.values()
             for line in listed.splitlines() if line == source.line}
    entries = parse_file(str(ROOT / "course/references.bib")).entries
    assert lines.keys() == entries.keys() and len(listed.splitlines()) == len(entries) > 30
    for key, entry in entries.items():
        fields = {name: re.sub("[{}]", "", text) for name, text in entry.fields.items()}
        first = " ".join(entry.persons["author"][0].last_names)
        assert lines[key].startswith(f"- {first} ") and f" ({fields['year']}). [" in lines[key]
        assert f"[*{fields['title']}*](" in lines[key]
        assert fields.get("pages", "").replace("--", "\u2013") in lines[key]


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_named_source_is_in_the_list_and_linked(name):
    for cell in CHAPTERS[name].cells:
        if cell.cell_type == "markdown":
            named = set(NAMED.findall(cell.source))
            assert named <= set(SOURCES)
            assert named == set(references.SOURCE.findall(cell.source)), cell.id


def test_every_source_is_cited():
    cells = [cell.source for notebook in CHAPTERS.values() for cell in references.texts(notebook)]
    cited = {found for source in cells for found in references.SOURCE.findall(source)}
    assert cited == set(SOURCES)
    (told,) = (cell.source for cell in CHAPTERS["B_audit"].cells if cell.id == "right")
    assert re.findall(r"\*\*(\d{3})\*\* ", told) == list(DOCUMENTS)


def test_a_source_named_in_a_docstring_is_in_the_list():
    code = "\n".join(path.read_text(encoding="utf-8") for folder in ("convlib", "course")
                     for path in ROOT.glob(f"{folder}/**/*.py"))
    code = re.sub(r"\b[A-Z]\. ", "", code)  # E. Alpaydin
    named = [f"{who} ({year})" for who, year in DOCSTRING.findall(code)]
    assert len(named) == len(re.findall(r"\((?:19|20)\d\d\)", code)) > 0
    assert set(named) <= set(SOURCES)


def book(**cells):
    """A small book: pages of Markdown cells, or of a picture where the cell is 'PNG'."""
    def cell(source):
        if source != "PNG":
            return v4.new_markdown_cell(source)
        picture = v4.new_output("display_data", data={"image/png": ""})
        return v4.new_code_cell("draw()", outputs=[picture])
    return {name: v4.new_notebook(cells=[cell(source) for source in sources])
            for name, sources in cells.items()}


def test_pictures_are_numbered_by_chapter_and_cited():
    pages = book(explorer=["PNG"], **{"05_input": ["PNG", "as in Figure A.1, not `Figure 9.9`",
                                                   "PNG"], "A_lab": ["PNG"]})
    references.number_figures(pages)
    figures = [cell.metadata.get("mystnb", {}).get("figure") for page in pages.values()
               for cell in page.cells if cell.cell_type == "code"]
    assert figures == [None, {"name": "fig-5-1", "caption": "Figure 5.1"},
                       {"name": "fig-5-2", "caption": "Figure 5.2"},
                       {"name": "fig-a-1", "caption": "Figure A.1"}]
    assert pages["05_input"].cells[1].source == "as in [Figure A.1](#fig-a-1), not `Figure 9.9`"


def test_a_figure_that_does_not_exist_is_not_cited():
    with pytest.raises(ValueError, match=r"05_input: cites Figure 5.2, which is no picture"):
        references.number_figures(book(**{"05_input": ["PNG", "see Figure 5.2"]}))


GLOSSARY = ["**convolution** A sum.\nChapter [2](02_x.ipynb).\n\n"
            "**true convolution** A $*$.\nIt flips.\nChapters [2](02_x.ipynb) and [3](03_y.ipynb).",
            "**vec** Written \"out\".\nChapter [2](02_x.ipynb), (2.1).\n\n"
            "**vec product** $1$.\nChapter [2](02_x.ipynb)."]


def terms_in(text):
    pages = book(**{"02_x": [text], "C_notation": GLOSSARY})
    references.link_terms(pages)
    return pages["02_x"].cells[0].source


def test_a_definition_gets_an_anchor():
    pages = book(C_notation=GLOSSARY)
    references.link_terms(pages)
    first = pages["C_notation"].cells[0].source
    assert first.startswith('<dfn id="term-convolution">convolution</dfn> A sum.\nChapter [2](')
    assert '\n\n<dfn id="term-true-convolution">true convolution</dfn> A $*$.\nIt' in first


@pytest.mark.parametrize("text, expected", [
    ("Two convolutions and a convolution.",
     'Two <a class="term" href="C_notation.html#term-convolution" title="A sum.">convolutions</a> '
     "and a convolution."),
    ("A *true convolution*.", 'A *<a class="term" href="C_notation.html#term-true-convolution">'
     "true convolution</a>*."),
    ("A vec product.",
     'A <a class="term" href="C_notation.html#term-vec-product">vec product</a>.'),
    ("Vec.", '<a class="term" href="C_notation.html#term-vec" '
     'title="Written &quot;out&quot;.">Vec</a>.'),
    *[(text, text) for text in (
        "# A convolution", "| a convolution | vec |", "`convolution`, $vec(x)$, $$\nvec\n$$",
        "```\nvec\n# a convolution\n```", "[a vec](02_x.ipynb)", "vector, deconvolution",
        "<details><summary>Why</summary>a vec</details>", "*vec*s")],
])
def test_the_first_use_of_a_word_is_a_link(text, expected):
    assert terms_in(text) == expected


def test_two_words_for_one_thing_share_a_definition():
    pages = book(**{"02_x": ["A mask."], "C_notation": ["**gate** or **mask** It opens.\n"
                                                        "Chapter [2](02_x.ipynb)."]})
    references.link_terms(pages)
    assert 'href="C_notation.html#term-mask" title="It opens."' in pages["02_x"].cells[0].source
    assert pages["C_notation"].cells[0].source.startswith(
        '<dfn id="term-gate">gate</dfn> or <dfn id="term-mask">mask</dfn> It opens.')


def test_an_entry_keeps_one_link():
    assert references.one_link("Chapter [2](02_x.ipynb).") == "Chapter [2](02_x.ipynb)."
    where = "Chapters [2](02_x.ipynb) and 3, (2.1)."
    assert references.one_link(where) == "Chapters 2 and 3, [(2.1)](#eq-2-1)."
    assert {references.one_link(where).count("](")
            for _, _, where in ENTRIES} == {1}


def test_every_source_says_where_its_paper_is():
    for source in SOURCES.values():
        assert source.paper.startswith("https://")
        assert set("() ").isdisjoint(source.paper)


def test_a_source_becomes_a_link_and_the_list_is_printed():
    pages = book(**{"12_fast": ["[Lavin and Gray (2016)](C_notation.ipynb)"], "C_notation": [""]})
    pages["C_notation"].cells = [v4.new_code_cell("bibliography()", id=references.LIST)]
    references.link_sources(pages)
    assert pages["12_fast"].cells[0].source == (
        '<a class="source" href="https://doi.org/10.1109/CVPR.2016.435">Lavin and Gray (2016)</a>')
    (cell,) = pages["C_notation"].cells
    assert cell.cell_type == "markdown"
    assert cell.source == "```{bibliography}\n:list: bullet\n:all:\n```"


def test_git_keeps_plain_chapters():
    for name, notebook in CHAPTERS.items():
        said = " ".join(cell.source for cell in references.texts(notebook))
        assert not re.search(r"\{bibliography\}|class=\"|\(eq-|<dfn", said), name
