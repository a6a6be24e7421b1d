"""The widgets in a real JupyterLab: keys move pictures, and never cells."""

import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

CHAPTERS = Path(__file__).parents[2] / "chapters"
FOCUSABLE = ":is(.live, .blanks, .audit) :is(input, button, select)"
pytestmark = pytest.mark.browser

WORKSHOP = '''
import time
from figures.live import kept, live, stops
drawn = []
def draw(fig, H):
    ax, line = kept(fig, lambda fig: (ax := fig.subplots(), ax.plot([0, 9], [0, 9])[0]))
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


@pytest.mark.parametrize("chapter", sorted(path.stem for path in CHAPTERS.glob("*.ipynb")))
def test_a_chapter_runs_and_its_widgets_answer_the_keyboard(lab, chapter):
    page = lab.open(CHAPTERS / f"{chapter}.ipynb")
    lab.run_all()
    expect(page.locator('[data-mime-type="application/vnd.jupyter.error"]')).to_have_count(0)
    lives = page.locator(".live")
    assert page.locator(":is(.live, .blanks, .audit)").count() > 0
    for live in lives.all():
        expect(live.locator("img")).to_have_attribute("src", re.compile("^blob:"))
        for control in live.locator(".live-slider input").all():
            at_end = control.evaluate("e => e.value === e.max")
            for key in ("Home", "ArrowRight") if at_end else ("End", "ArrowLeft"):
                answered(live, control, key)
        for group in live.locator(".live-radios").all():
            answered(live, group.locator("input:checked"), "ArrowDown")


@pytest.mark.parametrize("chapter", ["00_start_here", "01_one_dimension", "B_audit"])
def test_keys_in_a_control_never_reach_the_notebook(lab, chapter):
    page = lab.open(CHAPTERS / f"{chapter}.ipynb")
    lab.run_all()
    cells = page.locator(".jp-Notebook .jp-Cell")
    before = cells.count()
    for control in page.locator(FOCUSABLE).all():
        assert control.get_attribute("data-lm-suppress-shortcuts") == "true"
        control.focus()
        for key in ("x", "d", "d", "ArrowDown", "ArrowUp", "ArrowRight", "Enter", "a", "b"):
            page.keyboard.press(key)
    assert cells.count() == before


def test_a_slow_picture_queues_nothing_and_an_error_is_shown(lab, tmp_path):
    cells = map(str.strip, WORKSHOP.split("---"))
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(c) for c in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    nbformat.write(notebook, tmp_path / "workshop.ipynb")
    page = lab.open(tmp_path / "workshop.ipynb")
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
    # 1 at first, at most 4 for fifteen quick presses, 20, four steps to 16, a click
    assert count <= 1 + 4 + 1 + 4 + 1
