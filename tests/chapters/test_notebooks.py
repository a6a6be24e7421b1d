"""Rules of form that every chapter keeps."""

import ast
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from statistics import median

import nbformat
import nbformat.v4 as v4
import pytest
from alt_text import complaint

from course.exercises import all_exercises
from course.questions import all_questions
from tests.chapters.sliders import calls

FOLDER = Path(__file__).parents[2] / "chapters"
PATHS = sorted(FOLDER.glob("*.ipynb"))
NOTEBOOKS = {path.stem: nbformat.read(path, as_version=4) for path in PATHS}
VOLATILE = "nbval-ignore-output"
VIEW = "application/vnd.jupyter.widget-view+json"
WIDGETS = {"live", "ask", "explore", "audit_table", "bug_gallery", "probe", "interact"}
FOLDED = {"source_hidden": True, "outputs_hidden": True}
FIRST_LINE = "# Solution 4.2"
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]*)[^)]*\)")
FENCED = re.compile(r"^```python\n(.*?)^```", re.S | re.M)
TAG = re.compile(r"\\tag\{([^}]*)\}")


def of_type(nb, kind):
    return [cell for cell in nb.cells if cell.cell_type == kind]


def tags(cell):
    return cell.metadata.get("tags", [])


def pictures(cell):
    return [out for out in cell.outputs if "image/png" in out.get("data", {})]


def alt(cell):
    """What the author wrote for a picture, or what a widget says of itself."""
    own = [out.metadata.get("image/png", {}).get("alt", "") for out in pictures(cell)]
    return cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "") or " ".join(own)


def proves(cell):
    asserts = any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(cell.source)))
    return asserts or any("text/latex" in out.get("data", {}) for out in cell.outputs)


def opens_with_its_title(nb, name):
    if not nb.cells[0].source.startswith("# "):
        yield "the first cell is no title"


def was_run_from_top_to_bottom(nb, name):
    for count, cell in enumerate(of_type(nb, "code"), 1):
        if cell.execution_count != count:
            yield f"{cell.id} has the count {cell.execution_count}, not {count}: make chapters"


def stores_what_a_widget_shows(nb, name):
    """A picture or a table with words, no view, and a sentence that says what to run."""
    for cell in of_type(nb, "code"):
        shown = calls(cell) & (WIDGETS | {"tqdm", "trange"})
        if VOLATILE in tags(cell) and not (shown or "measured" in tags(cell)):
            yield f"{cell.id} is tagged {VOLATILE} but shows no widget and measures nothing"
        if VOLATILE not in tags(cell) and calls(cell) & WIDGETS:
            yield f"{cell.id} shows a widget: tag it {VOLATILE}"
        if VOLATILE not in tags(cell):
            continue
        if VIEW in str(cell.outputs):
            yield f"{cell.id} stores a view, which is nothing without a kernel: make chapters"
        seen = [out for out in cell.outputs if {"image/png", "text/html"} & {*out.get("data", {})}]
        if "measured" in tags(cell) and (seen or "'stream'" in str(cell.outputs)):
            yield f"{cell.id} stores what was measured, which is another each time"
        elif shown & WIDGETS and "measured" not in tags(cell):
            words = [out.data.get("text/plain", "") for out in seen]
            if not words or not all(len(text.split()) > 2 for text in words):
                yield f"{cell.id} shows a widget and stores no picture with words: make chapters"
        if shown & WIDGETS - {"interact"} and "Run All Above" not in str(cell.outputs):
            yield f"{cell.id} does not say what to run: make chapters"


def has_plain_code(nb, name):
    for cell in of_type(nb, "code"):
        if cell.source.rstrip().endswith(";"):
            yield f"{cell.id}: end a plot with plt.show(), not with a semicolon"
        if "sys.path" in cell.source:
            yield f"{cell.id} touches sys.path"


def has_short_cells(nb, name):
    lines = [len([x for x in c.source.splitlines() if x.strip()]) for c in of_type(nb, "code")]
    if median(lines) > 4:
        yield f"half of the code cells have {median(lines)} lines or more"


def shown_code(nb):
    """(id, code) that a reader sees: in cells, solutions and the text."""
    for cell in of_type(nb, "code"):
        hidden = cell.metadata.get("jupyter", {}).get("source_hidden")
        if "solution" in tags(cell) or not (hidden or {"hide-input", "hide-cell"} & {*tags(cell)}):
            yield cell.id, cell.source
    for cell in of_type(nb, "markdown"):
        yield from ((cell.id, code) for code in FENCED.findall(cell.source))


def fits_its_boxes(nb, name):
    """A box of the site and of a laptop's JupyterLab shows 84 columns."""
    printed = [(cell.id, out.text) for cell in of_type(nb, "code") for out in cell.outputs
               if out.output_type == "stream"]
    for id, text in [*shown_code(nb), *printed]:
        for line in text.splitlines():
            if len(line) > 84:
                yield f"{id} shows a line of {len(line)} columns, more than 84: {line}"


def describes_each_picture(nb, name):
    cells = [cell for cell in of_type(nb, "code") if pictures(cell)]
    for cell in cells:
        if len(pictures(cell)) > 1:
            yield f"{cell.id} stores {len(pictures(cell))} pictures for one alt text"
        if wrong := complaint(alt(cell), cell.source):
            yield f"{cell.id}: metadata mystnb.image.alt says what the picture shows; {wrong}"


def stores_words_with_each_picture(nb, name):
    """JupyterLab and code hosts look for them beside the picture, not in the cell's metadata."""
    for cell in of_type(nb, "code"):
        for picture in pictures(cell):
            if not picture.metadata.get("image/png", {}).get("alt"):
                yield f"{cell.id} stores a picture without its words: make chapters"


def proves_each_formula(nb, name):
    code = {cell.id: cell for cell in of_type(nb, "code")}
    for cell in of_type(nb, "markdown"):
        ids = cell.metadata.get("proved_by", [])
        if "$$" in cell.source and not ids:
            yield f"{cell.id} displays a formula; metadata proved_by names no cell that proves it"
        wrong = [i for i in ids if i not in code or not proves(code[i])]
        yield from (f"{cell.id}: {i} neither asserts nor derives a formula" for i in wrong)


def breaks_no_displayed_line(nb, name):
    for cell in of_type(nb, "markdown"):
        if any("\\\\" in display for display in re.findall(r"\$\$.*?\$\$", cell.source, re.S)):
            yield f"{cell.id}: a displayed formula with \\\\ and a tag is not set by the site"


def names_claims_well(nb, name):
    for cell in nb.cells:
        for claim in cell.metadata.get("claims", []):
            if not re.fullmatch(r"00[0-4]-\d\d", claim):
                yield f"{cell.id}: {claim!r} is no claim such as 002-36"


def solves_its_exercises(nb, name):
    chapter = name.split("_")[0].lstrip("0") or "0"
    if chapter in ("B", "C", "explorer"):  # these ask nothing
        return
    asked = {found for cell in of_type(nb, "markdown")
             for found in re.findall(rf"Exercise ({chapter}\.\d+)", cell.source)}
    solved = set()
    for cell in of_type(nb, "code"):
        first = re.match(r"# Solution (\S+)", cell.source)
        if not first and "solution" not in tags(cell):
            continue
        if not (first and {"solution", "hide-cell"} <= set(tags(cell))
                and cell.metadata.get("jupyter") == FOLDED):
            yield f"{cell.id}: a solution begins with {FIRST_LINE!r}, has the tags solution and " \
                  f"hide-cell, and the metadata jupyter: {FOLDED}"
        solved |= {first[1]} if first else set()
        if first and f"{first[1]} is right." not in str(cell.outputs):
            yield f"{cell.id}: a solution ends in check({first[1]!r}, answer), and is right"
    waiting = {found for cell in of_type(nb, "code") if "solution" not in tags(cell)
               for found in re.findall(r'^check\("([^"]+)", ', cell.source, re.M)}
    defined = {n for n in all_exercises() if n.split(".")[0] == chapter}
    for what, found in (("solved", solved), ("waiting for an answer", waiting),
                        ("defined in course.exercises", defined)):
        if asked != found:
            yield f"asked and {what} differ by {sorted(asked ^ found)}"
    if len(asked) < (4 if chapter == "A2" else 6):
        yield f"{len(asked)} exercises; a chapter has at least six"


def folds_its_solutions(nb, name):
    """JupyterLab shows what a cell prints when it runs, but not in a section that is collapsed.

    The last section would be opened by Run All, which ends with the last cell selected.
    """
    where = [n for n, cell in enumerate(nb.cells) if "solution" in tags(cell)]
    if not where:
        return
    head = nb.cells[where[0]]
    if not (head.source.startswith("## Solutions")
            and head.metadata.get("jp-MarkdownHeadingCollapsed")):
        yield "the solutions are in a section of their own, '## Solutions', which is collapsed"
    if where != [*range(where[0], where[0] + len(where))]:
        yield "other cells are among the solutions"
    if not any(cell.source.startswith("## ") for cell in nb.cells[where[-1] + 1:]):
        yield "a section follows the solutions: Run All opens the last one"


def says_which_answers_are_the_books(nb, name):
    for cell in of_type(nb, "code"):
        if "solution" in tags(cell) and "solution=True)" not in cell.source:
            yield f"{cell.id}: a solution ends in check(number, answer, solution=True), which " \
                  "notes nothing as solved"


def number_asked(cell):
    """The number in `ask("Q5.1", veil=2)`, a cell with nothing else in it; or None."""
    (first, *more) = ast.parse(cell.source).body
    call = getattr(first, "value", None)
    if more or not isinstance(call, ast.Call) or len(call.args) != 1:
        return None
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    veiled = {keyword.arg for keyword in call.keywords} <= {"veil"}
    plain = all(isinstance(value, ast.Constant) for value in values)
    return call.args[0].value if plain and veiled else None


def tells_no_answer_where_it_asks(nb, name):
    chapter = name.split("_")[0].lstrip("0") or "0"
    known = [number for number in all_questions() if number.startswith(f"Q{chapter}.")]
    numbers = []
    for cell in of_type(nb, "code"):
        if "ask" not in calls(cell):
            continue
        numbers.append(number := number_asked(cell))
        if number not in known:
            yield f'{cell.id}: a question is asked by number, ask("Q{chapter}.1", veil=1), ' \
                  "and by nothing else in its cell; its text and answers are in course/questions"
    if numbers != known:
        yield f"{known} are in course/questions, and {numbers} are asked"


def shows_every_heading(nb, name):
    """What a veil hides is no section: readers see where they are, and the contents lead there."""
    for start, cell in enumerate(nb.cells):
        veil = re.search(r"^ask\(.*veil=(\d+)\)$", cell.source)
        for hidden in nb.cells[start + 1 : start + 1 + int(veil[1])] if veil else ():
            if hidden.cell_type == "markdown" and re.search(r"^#+ ", hidden.source, re.M):
                yield f"{hidden.id}: a heading stands below the veil of {cell.id}"


def drawn_by(cell, call):
    """What `still` or `live` draws in a cell, as its first argument is written."""
    return {ast.unparse(node.args[0]) for node in ast.walk(ast.parse(cell.source))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == call}


def lets_a_live_figure_stand_alone(nb, name):
    """Paper and pages without scripts get its own picture, so a still beside it says nothing new.

    What lies between two states of one figure is a question, which is asked about the first.
    """
    code = of_type(nb, "code")
    for one, other in pairwise(code):
        twice = drawn_by(one, "still") & drawn_by(other, "live")
        twice |= drawn_by(one, "live") & drawn_by(other, "still")
        for figure in twice:
            yield f"{one.id} and {other.id} show {figure} twice: let the live one start there"


def links_to_chapters_that_exist(nb, name):
    for cell in of_type(nb, "markdown"):
        for target in LINK.findall(cell.source):
            if target.removesuffix(".ipynb") not in NOTEBOOKS:
                yield f"{cell.id} links to {target!r}, which is no chapter"


RULES = [opens_with_its_title, was_run_from_top_to_bottom, stores_what_a_widget_shows,
         has_plain_code, has_short_cells, fits_its_boxes, describes_each_picture,
         stores_words_with_each_picture, proves_each_formula,
         breaks_no_displayed_line, names_claims_well, solves_its_exercises,
         folds_its_solutions, says_which_answers_are_the_books, links_to_chapters_that_exist,
         lets_a_live_figure_stand_alone, shows_every_heading]


@pytest.mark.parametrize("name", NOTEBOOKS)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_chapter(rule, name):
    assert not list(rule(NOTEBOOKS[name], name))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_no_cell_tells_the_answer_it_asks_for(name):
    assert not list(tells_no_answer_where_it_asks(NOTEBOOKS[name], name))


def test_a_heading_below_a_veil_is_found():
    asks, head = v4.new_code_cell('ask("Q0.1", veil=1)'), v4.new_markdown_cell("So.\n\n## Why?")
    assert [*shows_every_heading(v4.new_notebook(cells=[asks, head]), "00_wrong")]
    between = v4.new_code_cell("1")
    assert not [*shows_every_heading(v4.new_notebook(cells=[asks, between, head]), "00_right")]


def test_solutions_that_run_all_would_show_are_found():
    def told(*cells, name="00_wrong"):
        return list(folds_its_solutions(v4.new_notebook(cells=cells), name))

    head, end = v4.new_markdown_cell("## Solutions"), v4.new_markdown_cell("## Now you can")
    one, two = (v4.new_code_cell(f"# Solution 0.{n}") for n in (1, 2))
    for cell in (head, one, two):
        cell.metadata["tags"] = ["solution"]
    assert "collapsed" in " ".join(told(one, end))
    assert "collapsed" in " ".join(told(head, one, end))
    head.metadata["jp-MarkdownHeadingCollapsed"] = True
    assert "follows" in " ".join(told(head, one, two))
    other = v4.new_markdown_cell("Something else.")
    assert "among" in " ".join(told(head, one, other, two, end))
    assert told(head, one, two, end) == []


@pytest.mark.parametrize("columns", [84, 85])
def test_a_line_that_is_wider_than_its_box_is_found(columns):
    line = "x" * columns
    told = v4.new_code_cell("", outputs=[v4.new_output("stream", text=f"checked\n{line}\n")])
    solution, hidden = (v4.new_code_cell(line, metadata={"tags": [*tags, "hide-cell"]})
                        for tags in (["solution"], []))
    fenced = v4.new_markdown_cell(f"In PyTorch:\n\n```python\n{line}\n```\n")
    said = fits_its_boxes(v4.new_notebook(cells=[told, solution, hidden, fenced]), "00_wrong")
    assert len([*said]) == (3 if columns > 84 else 0)


def test_a_still_beside_its_live_figure_is_found():
    still, text, live = (v4.new_code_cell("still(stairs, H=3)"), v4.new_markdown_cell("Move it."),
                         v4.new_code_cell("live(stairs, alt='', H=range(3, 9))"))
    (said,) = lets_a_live_figure_stand_alone(v4.new_notebook(cells=[still, text, live]), "00_wrong")
    assert still.id in said and live.id in said
    asks = v4.new_code_cell('ask("Q0.1")')
    assert [*lets_a_live_figure_stand_alone(v4.new_notebook(cells=[still, asks, live]), "00")] == []


@pytest.mark.parametrize("source", [
    'ask("Q0.1", hint="Two outputs change.")', 'ask("What is L?", L=403)', 'L = 403\nask("Q0.1")',
    'ask("Q0.1", veil=len(x))', 'ask("Q9.1")'])
def test_an_answer_in_a_cell_that_asks_is_found(source):
    nb = v4.new_notebook(cells=[v4.new_code_cell(source)])
    assert any(nb.cells[0].id in said for said in tells_no_answer_where_it_asks(nb, "00_wrong"))


@pytest.mark.parametrize("words", [
    "", "  ", "A curve.", "../_images/0a1b2c3d4e5f.png of chapter 3", "https://elsewhere.example/a",
    "<Figure size 640x480 with 1 Axes>", "draw_grids(x=x, w=w, signs=['with'])",
    "draw_windows(table, x, y)",
])
def test_a_picture_without_words_of_its_own_is_refused(words):
    output = v4.new_output("display_data", {"image/png": "iVBORw0KGgo="})
    cell = v4.new_code_cell("draw_windows(table, x, y)\nplt.show()", outputs=[output])
    cell.metadata["mystnb"] = {"image": {"alt": words}}
    (said,) = describes_each_picture(v4.new_notebook(cells=[cell]), "99_wrong")
    assert cell.id in said
    cell.metadata["mystnb"]["image"]["alt"] = "Two windows of three cells, side by side."
    assert list(describes_each_picture(v4.new_notebook(cells=[cell]), "99_right")) == []


@pytest.mark.parametrize("read", [
    lambda nb: [tag for cell in of_type(nb, "markdown") for tag in TAG.findall(cell.source)],
    lambda nb: [alt(cell) for cell in of_type(nb, "code") if pictures(cell)],
], ids=["equation tags", "alt texts"])
def test_unique_in_the_book(read):
    counted = Counter(found for nb in NOTEBOOKS.values() for found in read(nb))
    assert [found for found, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("source", [
    "interact(draw, n=(1, 9))", "ipywidgets.interact(draw, n=(1, 9))",
    "@interact(n=(1, 9))\ndef draw(n):\n    print(n)", "pictures.probe(photo, w)"])
def test_a_widget_is_tagged_and_stores_a_picture_and_words(source):
    def said(tags, *bundles):
        outputs = [v4.new_output("display_data", bundle) for bundle in bundles]
        cell = v4.new_code_cell(source, outputs=outputs, metadata={"tags": tags})
        return " ".join(stores_what_a_widget_shows(v4.new_notebook(cells=[cell]), ""))

    picture = {"image/png": "iVBORw0KGgo=", "text/plain": "Two windows of three cells."}
    how = {"text/markdown": "*Run All Above Selected Cell*", "text/plain": "Run it."}
    assert "tag it" in said([])
    assert "no picture" in said([VOLATILE])
    assert "no picture" in said([VOLATILE], how, {"text/plain": "explore(x)"})
    assert "no picture" in said([VOLATILE], how, picture | {"text/plain": "explore(x)"})
    assert "a view" in said([VOLATILE], how, picture | {VIEW: {"model_id": "1"}})
    assert "measured" in said([VOLATILE, "measured"], how, picture)
    assert said([VOLATILE], how, picture) == said([VOLATILE, "measured"], how) == ""
    assert ("what to run" in said([VOLATILE], picture)) == ("interact" not in source)
