"""Sliders in a real JupyterLab: what was drawn is shown at once, and nobody waits for the rest."""

import re

import pytest
from lab import drag, write_notebook
from playwright.sync_api import expect
from questions import Talk

pytestmark = pytest.mark.browser

HEAD = '''
import threading, time
from figures import live, scene
took, factor, drawn = 0, 1, []
@scene(size=(3, 2), build=lambda fig: fig.add_subplot().plot([0, 9], [0, 9])[0])
def draw(fig, line, H, word="so"):
    time.sleep(took)
    drawn.append((time.monotonic(), threading.current_thread() is threading.main_thread()))
    line.set_ydata([0, H])
    return f"{factor * H} {word}."
---
'''


def opened(lab, tmp_path, *cells):
    """The page, its first live figure, and what they say; the cells have run."""
    talk = Talk(lab.page)
    text = HEAD + "\n---\n".join(cells)
    page = lab.open(write_notebook(tmp_path / "frames.ipynb", text.split("---")))
    lab.run_all()
    return page, page.locator(".live").first, talk


def run_cell(page, number):
    """Go to a cell and run it, as a reader does."""
    page.locator(".jp-Notebook .jp-CodeCell").nth(number).locator(".cm-content").click()
    page.keyboard.press("Control+Enter")


def start_cell(page, number):
    """Run a cell while the reader stays in the slider."""
    page.evaluate("""number => {
        shown.content.activeCellIndex = number;
        jupyterapp.commands.execute("notebook:run-cell"); }""", number)


def printed(page, number):
    return page.locator(".jp-Notebook .jp-CodeCell").nth(number).locator(
        ".jp-OutputArea-output pre")


def shows(live, words):
    expect(live.locator(".live-text")).to_have_text(words)
    expect(live.locator("img")).to_have_attribute("alt", words)


def test_a_position_that_was_drawn_is_shown_without_a_message(lab, tmp_path, no_error):
    page, live, talk = opened(
        lab, tmp_path, 'slider = live(draw, alt="", H=range(5), start={"H": 2})\nslider',
        "print(slider.values)", "time.sleep(4); print('slept')")
    talk.rest()
    assert talk.neighbours == [[1], [3], [0], [4]]  # the nearest first
    assert talk.wishes == [] and talk.most_pending == 1
    talk.clear()
    pictures = set()
    slider = live.locator("input")
    for key, words in (("End", "4 so."), ("ArrowLeft", "3 so."), ("Home", "0 so."),
                       ("ArrowRight", "1 so."), ("ArrowRight", "2 so.")):
        slider.press(key)
        assert live.locator(".live-text").text_content() == words  # in the same breath
        shows(live, words)
        pictures.add(live.locator("img").get_attribute("src"))
        expect(slider).to_have_attribute("aria-valuetext", words[0])
    slider.press("End")
    page.wait_for_timeout(500)
    assert talk.sent == 0 and len(pictures) == 5
    run_cell(page, 2)  # to leave is to tell
    expect(printed(page, 2)).to_have_text("{'H': 4}\n")
    talk.rest()
    run_cell(page, 3)
    expect(page.locator(".jp-CodeCell").nth(3).locator(".jp-InputPrompt")).to_have_text("[*]:")
    talk.clear()
    slider.press("ArrowLeft")
    assert live.locator(".live-text").text_content() == "3 so."  # and a running cell is no matter
    assert talk.wishes == [] and printed(page, 3).count() == 0
    expect(printed(page, 3)).to_have_text("slept\n")


def test_both_axes_are_drawn_ahead_and_python_may_move(lab, tmp_path, no_error):
    _, live, talk = opened(
        lab, tmp_path,
        'slider = live(draw, alt="", H=range(30), word=["so", "no"], start={"H": 9})\nslider',
        'slider.set(H=20, word="no")')
    shows(live, "20 no.")
    talk.rest()
    assert talk.wishes == [] and {(19, 1), (21, 1), (20, 0)} <= {*map(tuple, talk.neighbours)}
    assert len(talk.neighbours) <= 16 < 60  # not all of them
    talk.clear()
    live.get_by_label("so", exact=True).press("Space")
    assert live.locator(".live-text").text_content() == "20 so."
    live.locator("input[type=range]").press("Home")  # nobody drew that
    shows(live, "0 so.")
    assert talk.wishes == [[0, 0]]


def test_a_cell_that_has_run_drops_what_was_drawn(lab, tmp_path, no_error):
    page, live, talk = opened(lab, tmp_path, 'live(draw, alt="", H=range(5))', "factor *= 10")
    talk.rest()
    slider = live.locator("input")
    slider.press("ArrowRight")
    shows(live, "10 so.")
    run_cell(page, 2)
    expect(page.locator(".jp-CodeCell").nth(2).locator(".jp-InputPrompt")).to_have_text(
        re.compile(r"\[4\]:"))
    slider.press("ArrowRight")
    shows(live, "200 so.")
    slider.press("ArrowLeft")
    shows(live, "100 so.")


def test_a_fast_drag_never_queues(lab, tmp_path, no_error):
    page, live, talk = opened(lab, tmp_path, 'took = 0.1\nlive(draw, alt="", H=range(60))')
    talk.rest()
    talk.clear()
    drag(page, live.locator("input"), back_to=30)
    last = live.locator("input").input_value()
    shows(live, f"{last} so.")
    assert talk.wishes and talk.most_pending == 1
    assert len(talk.wishes) < 25  # of some forty positions that were crossed


def test_a_running_cell_comes_first(lab, tmp_path, no_error):
    page, _, talk = opened(
        lab, tmp_path, 'took = 0.05\nlive(draw, alt="", H=range(60), start={"H": 30})',
        "begun = time.monotonic(); time.sleep(3); ended = time.monotonic()",
        "print(sum(begun < at < ended for at, _ in drawn), all(main for _, main in drawn))",
        "print(len(drawn))")
    talk.rest()
    talk.clear()
    run_cell(page, 2)  # what was drawn is dropped at its end
    page.wait_for_timeout(1500)
    assert len(talk.neighbours) <= 1  # on a busy machine one is asked for before the cell begins
    page.wait_for_timeout(2500)
    talk.rest()
    assert len(talk.neighbours) >= 16  # drawn when the cell was over
    run_cell(page, 3)
    expect(printed(page, 3)).to_have_text("0 True\n")
    start_cell(page, 4)  # what was drawn is dropped, and while it is drawn again
    expect(printed(page, 4)).to_have_text(re.compile(r"\d"))
    talk.clear()
    before = int(printed(page, 4).text_content())
    while len(talk.answers) < 3:
        page.wait_for_timeout(20)
    page.evaluate("shown.content.widgets[4].model.clearExecution()")
    start_cell(page, 4)  # a cell waits for one picture at most
    asked = len(talk.neighbours)
    expect(printed(page, 4)).to_have_text(re.compile(r"\d"))
    assert int(printed(page, 4).text_content()) <= before + asked + 1
    assert asked < 14  # it came in between


def test_what_comes_during_a_cell_waits_for_its_end(lab, tmp_path, no_error):
    page, live, talk = opened(
        lab, tmp_path, "begun = time.monotonic(); time.sleep(4); ended = time.monotonic()",
        'live(draw, alt="", H=range(60), start={"H": 30})',
        "print(sum(begun < at < ended for at, _ in drawn))")
    talk.rest()
    talk.clear()
    slider = live.locator("input")
    slider.focus()
    start_cell(page, 1)
    page.wait_for_timeout(700)
    for _ in range(4):
        slider.press("ArrowRight")  # known, and the front of what is known moves on
    page.wait_for_timeout(700)
    assert talk.neighbours and talk.wishes == []
    slider.press("Home")
    shows(live, "0 so.")  # a wish is granted at once, as ever
    page.wait_for_timeout(3500)
    talk.rest()
    run_cell(page, 3)
    expect(printed(page, 3)).to_have_text("1\n")
    assert talk.most_pending == 1


def test_without_its_kernel_a_figure_shows_what_it_has_and_says_what_to_do(lab, tmp_path, no_error):
    page, live, talk = opened(lab, tmp_path, 'live(draw, alt="", H=range(60))')
    talk.rest()
    page.evaluate("shown.sessionContext.session.kernel.restart().then(() => 0)")
    slider = live.locator("input")
    slider.press("ArrowRight")
    shows(live, "1 so.")
    for _ in range(2):
        slider.press("End")
        expect(live.locator(".live-text")).to_contain_text("run the cells above again")
        slider.press("Home")
        shows(live, "0 so.")
    slider.press("ArrowRight")
    page.locator(".jp-CodeCell .cm-content").first.click()  # to leave raises nothing either
    shows(live, "1 so.")
