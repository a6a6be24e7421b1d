"""Widgets whose kernel has ended: what JupyterLab shows of them, and that no answer is lost."""

import json
import os
import signal

import nbformat
import nbformat.v4 as v4
import pytest
from playwright.sync_api import expect
from test_lab_reader import notebook

pytestmark = pytest.mark.browser

DRAW = '''def draw(fig, H):
    fig.clf()
    fig.text(0.5, 0.5, str(H))
    return f"H is {H}."
live(draw, alt="", H=range(9))'''
CELLS = ("from figures import ask, explore, live\nfrom figures.widgets.gallery import bug_gallery",
         DRAW, 'ask("Q0.1")', 'explore([1, 2, 3], [10, 1], start="y[1]")', "bug_gallery()",
         "from ipywidgets import interact\ninteract(lambda n: None, n=(1, 9))",
         "import os\nprint(os.getpid())")
ENDED = "The kernel of this cell has ended, or is still busy."
AGAIN = "the cells above again (Run > Run All Above Selected Cell), and then this one."
USES = ["To move this figure", "To answer", "To point at entries and see their sums",
        "To search and filter this table"]


def cells(path):
    return notebook(path, *(("code", text) for text in CELLS))


def outputs(page):
    """What a reader sees below the cells."""
    return page.evaluate("""[...document.querySelectorAll('.jp-OutputArea-child')]
        .filter(child => child.checkVisibility({visibilityProperty: true}))
        .map(child => child.innerText.trim() + getComputedStyle(
            child.querySelector('.lm-Panel') ?? child, '::after').content.replace('none', ''))""")


def says_what_to_run(page):
    seen = page.locator(".kernel-ended:visible")
    expect(seen).to_have_count(4)
    assert [*map(str.strip, seen.all_text_contents())] == [f"{ENDED} {use}, run {AGAIN}"
                                                         for use in USES]


@pytest.fixture
def saved(lab, tmp_path):
    """A notebook that was run, saved and closed together with its kernel."""
    page = lab.open_whole(cells(tmp_path / "saved.ipynb"))
    lab.run_all()
    expect(page.locator(".explorer, .live img, .blanks, .audit")).to_have_count(4)
    expect(page.locator(".kernel-ended:visible")).to_have_count(0)  # nobody needs to be told
    page.evaluate("shown.context.save()")
    lab.close()
    return lab


def test_a_notebook_opened_again_says_what_to_run_and_then_works(saved):
    page = saved.reopen("saved.ipynb")
    says_what_to_run(page)
    told = [text for text in outputs(page) if ENDED in text]
    assert len(told) == 5 and f"{ENDED} Run {AGAIN}" in told[-1]  # interact's
    expect(page.get_by_text("model not found").locator("visible=true")).to_have_count(1)  # size 0
    saved.run_all()
    expect(page.locator(".explorer, .live img, .blanks, .audit")).to_have_count(4)
    expect(page.locator(".kernel-ended:visible")).to_have_count(0)


def test_without_a_kernel_and_without_trust_it_says_the_same(saved):
    page = saved.reopen("saved.ipynb", kernel=False)  # JupyterLab would load for ever
    says_what_to_run(page)
    saved.close()
    unsigned = nbformat.read(saved.folder / "saved.ipynb", as_version=4)
    unsigned.metadata["title"] = "from somebody else"
    nbformat.write(unsigned, saved.folder / "unsigned.ipynb")
    page = saved.reopen("unsigned.ipynb")
    says_what_to_run(page)


def test_a_notebook_as_it_is_stored_shows_pictures_and_no_error(lab, tmp_path):
    picture = {"image/png": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDw"
               "ADhgGAWjR9awAAAABJRU5ErkJggg==", "text/plain": "H is 0."}
    how = {"text/markdown": "*To move this figure, run it.*", "text/plain": "run it"}
    path = cells(tmp_path / "stored.ipynb")
    stored = nbformat.read(path, as_version=4)
    stored.cells[1].outputs = [v4.new_output("display_data", data) for data in (picture, how)]
    nbformat.write(stored, path)
    page = lab.open_whole(path)
    expect(page.locator(".jp-OutputArea-output img")).to_have_count(1)
    expect(page.get_by_text("To move this figure, run it.")).to_be_visible()
    lab.run_all()
    expect(page.locator(".live img")).to_have_count(1)
    expect(page.get_by_text("To move this figure, run it.")).to_have_count(0)


def test_an_answer_that_no_kernel_hears_is_kept_until_one_does(lab, tmp_path):
    page = lab.open_whole(cells(tmp_path / "unheard.ipynb"))
    lab.run_all()
    progress = lab.folder / "unheard-progress.json"
    pid = int(next(text for text in outputs(page) if text.isdigit()))
    os.kill(pid, signal.SIGKILL)
    page.get_by_role("dialog").get_by_role("button", name="Ok").click()  # died, and restarts
    lab.idle()
    blanks = page.locator(".blanks")
    blanks.get_by_label("L").fill("403")
    blanks.get_by_label("L").press("Enter")
    expect(blanks.get_by_text("The kernel has not noted this answer yet")).to_be_visible()
    assert "Run All Above Selected Cell" in blanks.text_content() and not progress.exists()
    lab.run_all()
    expect(page.locator(".blanks").get_by_role("status").first).to_have_text("Right.")
    for _ in range(50):
        if progress.exists() and json.loads(progress.read_text())["solved"] == ["Q0.1"]:
            break
        page.wait_for_timeout(100)
    assert json.loads(progress.read_text())["solved"] == ["Q0.1"]
    expect(page.get_by_text("The kernel has not noted this answer yet")).to_have_count(0)
