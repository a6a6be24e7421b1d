"""What the site offers to teachers and learners beside the chapters: told without building it."""

import io
import re
import zipfile
from contextlib import redirect_stdout
from itertools import chain
from pathlib import Path

import exercise_folds
import handouts
import nbformat
import nbformat.v4 as v4
import pytest
import section_folds

from course.exercises import all_exercises

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
TEACHERS = (ROOT / "site/pages/for_teachers.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)


def read(path):
    return nbformat.read(path, as_version=4)


def solutions(notebook):
    return [cell for cell in notebook.cells if "solution" in cell.metadata.get("tags", [])]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("handouts")
    handouts.write_handouts(CHAPTERS, folder)
    return folder


# ------------------------------------------------------------------ notebooks without solutions
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_handout_is_the_chapter_without_its_solutions(chapter, folder):
    kept, handed = read(chapter), read(folder / chapter.name)
    nbformat.validate(handed)
    taken = solutions(kept)
    assert all(cell.outputs == [] for cell in handed.cells if cell.cell_type == "code")
    assert [(cell.id, cell.source, cell.metadata) for cell in handed.cells] == [
        (cell.id, cell.source, cell.metadata) for cell in kept.cells if cell not in taken]
    text = (folder / chapter.name).read_text(encoding="utf-8")
    assert "# Solution" not in text and "widget-state" not in text
    others = "\n".join(str(cell) for cell in handed.cells)
    assert all(cell.source.strip() not in others for cell in taken)


def test_every_exercise_still_asks(folder):
    asked = "\n".join(cell.source for path in folder.glob("*.ipynb") for cell in read(path).cells
                      if cell.cell_type == "code")
    assert [number for number in all_exercises() if f'check("{number}", ' not in asked] == []


def test_the_zip_holds_the_same_files_and_always_the_same_bytes(folder, tmp_path):
    handouts.write_handouts(CHAPTERS, tmp_path)
    assert (tmp_path / handouts.ALL).read_bytes() == (folder / handouts.ALL).read_bytes()
    with zipfile.ZipFile(folder / handouts.ALL) as everything:
        held = {name: everything.read(name) for name in everything.namelist()}
    assert held == {path.name: (folder / path.name).read_bytes() for path in CHAPTERS}


def test_a_solution_without_its_tag_is_refused():
    notebook = v4.new_notebook(cells=[v4.new_code_cell("# Solution 1.1\n42")])
    with pytest.raises(ValueError, match="begins like a solution"):
        handouts.handout(notebook)


# ------------------------------------------------------------------ what a page folds
def folded():
    notebooks = {path.stem: read(path) for path in CHAPTERS}
    exercise_folds.fold_exercises(notebooks)
    return notebooks


def test_every_hint_stands_between_its_exercise_and_its_solution():
    missing = set(all_exercises())
    for notebook in folded().values():
        for before, cell, after in zip(notebook.cells, notebook.cells[1:], notebook.cells[2:],
                                       strict=False):
            if not cell.id.startswith("hints-"):
                continue
            number = re.search(r"for ([\w.]+)<", cell.source)[1]
            assert f'check("{number}", ' in before.source
            assert after.source.startswith(f"# Solution {number}\n")
            assert cell.source.count("<details") == len(all_exercises()[number].hints)
            missing.remove(number)
        nbformat.validate(notebook)
    assert missing == set()


def test_a_hint_is_text_and_a_solution_has_a_name(monkeypatch):
    class Asked:
        hints = ("0 <= r & r < R", "(5.2)")

    monkeypatch.setattr(exercise_folds, "exercise", lambda number: Asked)
    notebook = v4.new_notebook(cells=[
        v4.new_markdown_cell("**Exercise 5.2** How?"), v4.new_code_cell('check("5.2", ...)'),
        v4.new_code_cell('# Solution 5.2\ncheck("5.2", 7)')])
    exercise_folds.fold_exercises({"five": notebook})
    assert "<p>0 &lt;= r &amp; r &lt; R</p>" in notebook.cells[2].source
    assert "Hint 2 for 5.2" in notebook.cells[2].source
    assert notebook.cells[3].metadata["mystnb"]["code_prompt_show"] == "Solution 5.2"


def test_a_collapsed_section_is_a_disclosure_that_ends_where_it_ends():
    collapsed = {"jp-MarkdownHeadingCollapsed": True}
    notebook = v4.new_notebook(cells=[
        v4.new_markdown_cell("## Story"),
        v4.new_markdown_cell("### *Proof* of [(1.4)](#eq-1-4) for `R < H`\nText.",
                             metadata=collapsed),
        v4.new_code_cell("1 + 1"), v4.new_markdown_cell("#### A step"),
        v4.new_markdown_cell("### The story goes on"),
        v4.new_markdown_cell("## Last", metadata=collapsed)])
    section_folds.fold_sections({"one": notebook})
    assert [cell.source for cell in notebook.cells] == [
        "## Story",
        '<details class="section-fold" id="proof-of-1-4-for-r-h">'
        "<summary>Proof of (1.4) for R &lt; H</summary>",
        "Text.", "1 + 1", "**A step**", "</details>", "### The story goes on",
        '<details class="section-fold" id="last"><summary>Last</summary>', "</details>"]


def test_a_question_is_tagged_for_its_style():
    notebook = v4.new_notebook(cells=[v4.new_code_cell('ask("How many?", outputs=3)'),
                                      v4.new_code_cell("x = ask")])
    section_folds.mark_questions({"one": notebook})
    assert [cell.metadata.get("tags", []) for cell in notebook.cells] == [["ask"], []]


def test_a_fold_within_a_fold_is_refused():
    cells = [v4.new_markdown_cell(f"{marks} Title", metadata={"jp-MarkdownHeadingCollapsed": True})
             for marks in ("##", "###")]
    with pytest.raises(ValueError, match="within a folded section"):
        section_folds.fold_sections({"one": v4.new_notebook(cells=cells)})


def test_a_fold_is_called_what_it_shows(tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<summary aria-label="Toggle hidden content"><p>Solution 5.2</p></summary>')
    exercise_folds.name_folds(tmp_path)
    assert page.read_text() == "<summary><p>Solution 5.2</p></summary>"


# ------------------------------------------------------------------ the page for teachers
def minutes_of(path):
    found = re.search(r"\*\*Time\*\* \| (\d+) minutes", read(path).cells[0].source)
    return int(found[1]) if found else None


def name_of(path):
    return path.stem.split("_")[0].lstrip("0") or "0"


def table_under(heading):
    section = TEACHERS.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split("|") for line in section.splitlines() if line[:1] == "|"]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_the_minutes_are_those_of_the_chapters():
    stated = {re.match(r"\[(\w+)\]", row[0])[1]: int(row[1])
              for row in table_under("Chapter by chapter")}
    kept = {name_of(path): minutes_of(path) for path in CHAPTERS}
    assert stated == {name: minutes for name, minutes in kept.items() if minutes}
    for row in table_under("A course"):
        linked = re.findall(r"chapters/(\w+)\.ipynb", row[2])
        assert int(row[3]) == sum(minutes_of(ROOT / f"chapters/{stem}.ipynb") for stem in linked)
    linked = re.findall(r"chapters/(\w+)\.ipynb\)", " ".join(r[2] for r in table_under("A course")))
    assert {name_of(Path(stem)) for stem in linked} == set(stated)
    assert f"about {sum(stated.values()) / 60:.0f} hours in all" in TEACHERS


@pytest.mark.parametrize("heading, total", [("90 minutes", 90), ("Three hours", 180)])
def test_a_route_takes_the_time_it_says(heading, total):
    assert sum(int(row[0]) for row in table_under(heading)) == total


def test_the_exercises_that_are_named_exist():
    tables = chain(*map(table_under, ("90 minutes", "Three hours", "A course")))
    named = {number for row in tables for cell in row[4:]
             for number in re.findall(r"\b(?:\d+|A)\.\d\b", cell)}
    assert len(named) > 30 and named <= set(all_exercises())


def test_the_sections_that_are_linked_exist():
    """The build says so, too; a reader of the source learns it at once."""
    links = re.findall(r"\.\./chapters/([\w]+)\.(?:ipynb|html)(?:\?\w+)?#([^):\"]+)", TEACHERS)
    assert len(links) > 50
    for stem, anchor in links:
        text = "\n".join(cell.source for cell in read(ROOT / f"chapters/{stem}.ipynb").cells
                         if cell.cell_type == "markdown")
        headings = re.findall(r"^#+ (.*)$", text, re.M)
        slugs = {re.sub(r"[^\w]+", "-", heading.lower()).strip("-") for heading in headings}
        assert anchor in slugs, f"{stem} has no section {anchor}"


def test_what_is_handed_out_is_linked(folder):
    linked = set(re.findall(r'href="\.\./handouts/([^"]+)"', TEACHERS))
    ask = {path.name for path in CHAPTERS if solutions(read(path))}
    assert ask | {handouts.ALL} <= linked <= {path.name for path in folder.iterdir()}


def test_the_grader_of_the_page_runs():
    (code,) = [code for kind, code in FENCED.findall(TEACHERS) if kind == "python"]
    with redirect_stdout(io.StringIO()) as said:
        exec(code, {})
    assert said.getvalue().startswith("True ")


# ------------------------------------------------------------------ the page for those who run it
def test_the_commands_are_those_of_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    page = (ROOT / "site/pages/run.md").read_text(encoding="utf-8")
    section = readme.split("\n## Read it\n")[1].split("\n## ")[0]
    commands = [code for _, code in FENCED.findall(section)]
    assert len(commands) == 2 and "conda env create" in commands[1]
    assert [code for _, code in FENCED.findall(page) if code in commands] == commands
    told = re.findall(r"^(?:In the book's|The first|`make test`|If you lack).*$", section, re.M)
    assert len(told) == 4 and [sentence for sentence in told if sentence not in page] == []
