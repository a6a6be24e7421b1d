"""What a reader sees in JupyterLab: what a question veils, and what Run All leaves folded."""

from pathlib import Path

import nbformat
import nbformat.v4 as v4
import pytest
from playwright.sync_api import expect

CHAPTERS = Path(__file__).parents[3] / "chapters"
pytestmark = pytest.mark.browser


def notebook(path, *cells):
    """A notebook of (kind, text) cells."""
    make = {"code": v4.new_code_cell, "markdown": v4.new_markdown_cell}
    nbformat.write(v4.new_notebook(
        cells=[make[kind](text) for kind, text in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}), path)
    return path


def asking(tmp_path, name):
    return notebook(
        tmp_path / f"{name}.ipynb",
        ("code", "from figures import ask\nfrom course import progress"),
        ("code", 'ask("Q0.1", veil=2)'),
        ("code", 'print("the loss is 403")'),
        ("markdown", "So the loss rises by 42, to 403."),
        ("code", 'print("what comes later")'))


def veiled(page):
    """For each cell whether a reader cannot see its output or its text."""
    return page.evaluate("""[...document.querySelectorAll('.jp-Notebook .jp-Cell')]
        .sort((a, b) => a.dataset.windowedListIndex - b.dataset.windowedListIndex).map(cell =>
        !cell.querySelector('.jp-OutputArea-output, .jp-RenderedMarkdown, .blanks')
            ?.checkVisibility({contentVisibilityAuto: true}))""")


def spoken(page):
    """The accessibility tree's texts."""
    tree = page.context.new_cdp_session(page)
    nodes = tree.send("Accessibility.getFullAXTree")["nodes"]
    return " ".join(str(node.get("name", {}).get("value", "")) for node in nodes
                    if not node.get("ignored"))


def test_what_gives_an_answer_away_is_veiled_until_it_is_given(lab, tmp_path):
    page = lab.open_whole(asking(tmp_path, "veil"))
    lab.run_all()  # never waits
    blanks = page.locator(".blanks")
    note = blanks.get_by_text("The 2 cells below are hidden until you have answered.")
    expect(note).to_be_visible()
    assert veiled(page)[2:] == [False, True, True, False]
    assert "403" not in spoken(page) and "hidden until you have answered" in spoken(page)
    show = blanks.get_by_role("button", name="Show me")
    assert show.get_attribute("aria-describedby") == note.get_attribute("id")
    blanks.get_by_label("L").fill("363")
    blanks.get_by_label("L").press("Enter")
    expect(blanks.get_by_role("status")).to_contain_text("only y[0] changes")
    assert veiled(page)[3:5] == [True, True]
    blanks.get_by_label("L").fill("403")
    blanks.get_by_label("L").press("Enter")
    expect(note).to_be_hidden()
    assert veiled(page)[2:] == [False] * 4 and "the loss is 403" in spoken(page)
    page.locator(".jp-Notebook .jp-CodeCell").nth(2).locator(".jp-InputPrompt").click()
    page.keyboard.press("Control+Enter")  # asked again, with the kernel's progress file
    expect(blanks.get_by_role("status")).to_contain_text("Right.")
    expect(blanks.get_by_label("L")).to_have_value("403")
    assert veiled(page)[2:] == [False] * 4


def test_a_reader_who_wants_to_be_shown_is_shown_and_keys_go_on(lab, tmp_path):
    page = lab.open_whole(asking(tmp_path, "shown"), windowing="full")
    page.locator(".jp-Notebook .jp-Cell").nth(0).locator(".jp-InputPrompt").click()
    for _ in range(3):
        page.keyboard.press("Shift+Enter")
    expect(page.locator(".blanks").get_by_text("2 cells below are hidden")).to_be_visible()
    for _ in range(3):
        page.keyboard.press("Shift+Enter")  # through the veiled cells to the last one
    expect(page.locator(".jp-OutputArea-output", has_text="what comes later")).to_be_visible()
    assert veiled(page)[2:6] == [False, True, True, False]
    show = page.locator(".blanks").get_by_role("button", name="Show me")
    show.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".blanks").get_by_label("L")).to_have_value("403")
    assert veiled(page)[2:6] == [False] * 4


def test_run_all_shows_no_solution(lab):
    page = lab.open_whole(CHAPTERS / "04_kernel_gradient.ipynb", "contentVisibility")
    lab.run_all_to_the_end()
    shown = page.evaluate("""[...document.querySelectorAll('.jp-Notebook .jp-OutputArea-output')]
        .filter(output => output.checkVisibility()).map(output => output.textContent)""")
    assert shown and not [text for text in shown if " is right." in text]
    ran = page.evaluate("""shown.content.widgets.filter(cell => cell.model.type === 'code')
        .map(cell => [cell.model.sharedModel.getSource(), cell.model.executionCount])""")
    solutions = [count for source, count in ran if source.startswith("# Solution")]
    assert len(solutions) == 7 and all(solutions)  # they did run


def test_after_a_restart_a_slider_says_what_to_run_and_a_question_still_answers(lab, tmp_path):
    draw = ("def draw(fig, H):\n    fig.clf()\n    fig.text(0.5, 0.5, str(H))\n"
            '    return f"H is {H}."\n')
    page = lab.open_whole(notebook(
        tmp_path / "restart.ipynb", ("code", "from figures import ask, live"),
        ("code", f'{draw}live(draw, alt="", H=range(9))'), ("code", 'ask("Q0.1", veil=1)'),
        ("code", "print(1)")))
    lab.run_all()
    slider, text = page.locator(".live input"), page.locator(".live-text")
    slider.press("ArrowRight")
    expect(text).to_have_text("H is 1.")
    page.evaluate("shown.sessionContext.session.kernel.restart()")
    lab.idle()
    slider.press("ArrowRight")
    expect(text).to_contain_text("run the cells above again (Run > Run All Above Selected Cell)")
    blanks = page.locator(".blanks")
    blanks.get_by_label("L").fill("403")
    blanks.get_by_label("L").press("Enter")
    expect(blanks.get_by_role("status")).to_have_text("Right.")
    expect(blanks.locator(".blanks-veil")).to_be_hidden()
