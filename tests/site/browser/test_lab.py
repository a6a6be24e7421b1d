"""The widgets in a real JupyterLab: keys move pictures, and never cells."""

import re
from pathlib import Path

import numpy as np
import pytest
from explorers import sum_of, sweep
from lab import write_notebook
from playwright.sync_api import expect

from convlib import kernel_map
from figures.explorer import CONTROLS, explore

CHAPTERS = Path(__file__).parents[3] / "chapters"
FOCUSABLE = ":is(.live, .blanks, .audit) :is(input, button, select)"
pytestmark = pytest.mark.browser

WORKSHOP = '''
import time
from figures import live, scene, stops
drawn = []
@scene(size=(7, 3), build=lambda fig: (ax := fig.subplots(), ax.plot([0, 9], [0, 9])[0]))
def draw(fig, parts, H):
    ax, line = parts
    time.sleep(0.3)
    drawn.append(H)
    if H == 20:
        raise ValueError("20 does not fit")
    line.set_ydata([0, H])
    fig.click = (ax, "H", None)
    return f"H is {H}."
live(draw, alt="", H=stops(range(21), start=0, late=16))
---
print(len(drawn), drawn[-1])
'''


def answered(live, control, key):
    """Both the picture and the caption change when the key is pressed."""
    image, text = live.locator("img"), live.locator(".live-text")
    source, caption = image.get_attribute("src"), text.text_content()
    control.press(key)
    expect(image).not_to_have_attribute("src", source)
    expect(text).not_to_have_text(caption)
    expect(image).to_have_attribute("alt", text.text_content())


def shows_what_is_veiled(page):
    """A reader who gives up on every question: nothing below one is hidden any more."""
    page.evaluate("""() => { for (const button of document.querySelectorAll(".blanks button"))
        if (button.textContent === "Show me") button.click(); }""")
    expect(page.locator(".jp-Cell[data-veiled]")).to_have_count(0)


def points_and_pins(explorer):
    """A cell of the last grid says its sum under the keyboard, and lets go."""
    said = explorer.locator(".explorer-letters")
    cell = explorer.locator("td[data-key]:not([aria-label$=', closed'])").last  # closed cells open
    cell.press("Enter")
    expect(said).to_contain_text(cell.get_attribute("data-key"))
    expect(cell).to_have_attribute("aria-selected", "true")
    cell.press("Escape")
    expect(cell).not_to_have_attribute("aria-selected", "true")


def no_key_reaches_the_notebook(page):
    """What is typed into a control moves, adds and deletes no cell."""
    cells = page.locator(".jp-Notebook .jp-Cell")
    before = cells.count()
    for control in page.locator(FOCUSABLE).all():
        assert control.get_attribute("data-lm-suppress-shortcuts") == "true"
        control.focus()
        for key in ("x", "d", "d", "ArrowDown", "ArrowUp", "ArrowRight", "Enter", "a", "b"):
            page.keyboard.press(key)
    assert cells.count() == before


TYPED = {"00_start_here", "01_one_dimension", "A2_bugs_in_the_wild", "B_audit"}  # of each kind one
WIDGET = re.compile(r'"(?:\w+ = |\w+\.)?(?:live|ask|explore|audit_table|bug_gallery|probe)\(')


@pytest.mark.parametrize("chapter", sorted(path.stem for path in CHAPTERS.glob("*.ipynb")))
def test_a_chapter_runs_and_its_widgets_answer_the_keyboard(lab, chapter):
    page = lab.open(CHAPTERS / f"{chapter}.ipynb")
    lab.run_all()
    expect(page.locator('[data-mime-type="application/vnd.jupyter.error"]')).to_have_count(0)
    lives = page.locator(".live")
    promised = WIDGET.search((CHAPTERS / f"{chapter}.ipynb").read_text(encoding="utf-8"))
    shown = page.locator(":is(.live, .blanks, .audit, .explorer, .probe)").count()
    assert (shown > 0) == bool(promised)
    shows_what_is_veiled(page)
    for explorer in page.locator(".explorer").all():
        points_and_pins(explorer)
    for probe in page.locator(".probe").all():
        probe.get_by_label("row p").press("End")
        last = probe.get_by_label("row p").get_attribute("max")
        expect(probe.locator(".probe-sum")).to_contain_text(f"y[{last},")
    for live in lives.all():
        expect(live.locator("img")).to_have_attribute("src", re.compile("^blob:"))
        for control in live.locator(".live-slider input").all():
            at_end = control.evaluate("e => e.value === e.max")
            for key in ("Home", "ArrowRight") if at_end else ("End", "ArrowLeft"):
                answered(live, control, key)
        for group in live.locator(".live-radios").all():
            answered(live, group.locator("input:checked"), "ArrowDown")
        for menu in live.locator(".live-menu select").all():
            answered(live, menu, "ArrowDown")
    if chapter in TYPED:
        no_key_reaches_the_notebook(page)


def test_a_slow_picture_queues_nothing_and_an_error_is_shown(lab, tmp_path):
    page = lab.open(write_notebook(tmp_path / "workshop.ipynb", WORKSHOP.split("---")))
    lab.run_all()
    live, text = page.locator(".live"), page.locator(".live-text")
    slider = live.locator("input")
    slider.focus()
    for _ in range(15):
        page.keyboard.press("ArrowRight")
    expect(text).to_have_text("H is 15.")
    slider.press("End")
    expect(text).to_contain_text("ValueError: 20 does not fit")
    live.get_by_role("button", name="late").click()  # walks there, one picture after the other
    expect(text).to_have_text("H is 16.")
    box = live.locator("img").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(text).not_to_have_text("H is 16.")
    drawn = page.locator(".jp-OutputArea-output pre").last
    page.locator(".jp-Notebook .jp-CodeCell").last.click()
    page.keyboard.press("Control+Enter")
    expect(drawn).not_to_have_text("1 0\n")
    count, last = map(int, drawn.text_content().split())
    assert text.text_content() == f"H is {last}."
    # 1 at first, at most 3 ahead, 4 for fifteen quick presses, 20, four steps to 16, a click
    assert count <= 1 + 3 + 4 + 1 + 4 + 1


EXPLORER = '''
from figures import explore
from figures.explorer import CONTROLS, PANELS
e = explore([1, 2, 3, 5], [10, 1], [2, 4, 7], show=PANELS, controls=CONTROLS, hide="db")
e
---
print(e.x.tolist(), e.selected, e.axes[0][2])
---
e.dy, e.selected = [1, 0], "dx[1]"
'''


def run_cell(page, number):
    page.locator(".jp-Notebook .jp-CodeCell").nth(number).locator(".cm-content").click()
    page.keyboard.press("Control+Enter")


def test_the_explorer_talks_with_python_and_keeps_its_keys(lab, tmp_path):
    page = lab.open(write_notebook(tmp_path / "explorer.ipynb", EXPLORER.split("---")))
    run_cell(page, 0)
    letters, numbers = page.locator(".explorer-letters"), page.locator(".explorer-numbers")
    expect(letters).to_have_count(1)
    arrays = {"x": np.array([1, 2, 3, 5]), "w": np.array([10, 1]), "dy": np.array([2, 4, 7])}
    table = kernel_map((4,), (2,))
    for key in ("y[1]", "dw[0]", "dx[2]"):
        page.locator(f'[data-key="{key}"]').hover()
        expect(letters).to_have_text(sum_of(key, arrays, table)[0])
        expect(numbers).to_have_text(sum_of(key, arrays, table)[1])
    page.locator('[data-key="M_w[1,2]"]').hover()
    expect(numbers).to_have_text("= 1; y[1] gets x[2]·w[1] = 3·1 = 3")
    page.get_by_role("button", name="restart", exact=True).click()
    page.get_by_role("button", name="forward").click()
    expect(page.locator('[data-key="y[0]"] .explorer-value')).to_have_text("12")
    page.get_by_role("button", name="all", exact=True).click()
    sweep(page.locator(".explorer"), explore(**arrays, controls=CONTROLS))
    cell = page.locator('[data-key="x[1]"]')
    cell.press("8")
    page.keyboard.press("Enter")
    expect(page.locator('[data-key="y[1]"] .explorer-value')).to_have_text("83")
    page.get_by_label("stride", exact=True).press("ArrowRight")
    page.locator('[data-key="dw[1]"]').press("Enter")
    run_cell(page, 1)
    expect(page.locator(".jp-OutputArea-output pre").last).to_have_text(
        "[1, 8, 3, 5] dw[1] 2\n")
    run_cell(page, 2)
    expect(letters).to_have_text("dx[1] = dy[0]·w[1]")
    expect(page.locator('[data-key="dx[1]"] .explorer-value')).to_have_text("1")
    # one of each kind of thing that takes the focus: no key of theirs reaches the notebook
    count = page.locator(".jp-Notebook .jp-Cell").count()
    kinds = ["td[data-key]", "tr[data-key]", "button", "input[type=range]", "input[type=radio]",
             "select", "summary", '[data-key="db"]']
    for kind in kinds:
        control = page.locator(f".explorer {kind}").first
        for key in ("x", "d", "d", "ArrowDown", "ArrowUp", "ArrowRight", "a", "b", "Enter"):
            control.press(key)
    assert page.locator(".jp-Notebook .jp-Cell").count() == count
