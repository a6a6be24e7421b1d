"""Twenty moves of a reader at random, on the site and in JupyterLab: no mark is lost, no lock.

What the reader has done is known to `Reader`, by three sentences; every page must agree.
"""

import json
import random
import re

import pytest
from playwright.sync_api import expect
from test_lab_reader import notebook
from visits import KEPT, SHOWN, until

pytestmark = pytest.mark.browser

# (number, label of its field, wrong answer, right answer); a question can be shown, too
ASKED = {
    "00_start_here": [("Q0.1", "L", "363", "403"),
                      ("0.2", "Your answer", "(5, [0], [1, 2, 3])", "7, [0], [1, 2, 3]"),
                      ("0.4", "Your answer", "(361, [1, 2, 3])", "(361, [2, 3, 5])")],
    "04_kernel_gradient": [("4.2", "Your answer", "[[1, 2]]", "[[1245, 2356], [4578, 5689]]"),
                           ("4.5", "Your answer", "(9, 18)", "(18, 9)")],
}
NAMES = {"Q0.1": "x becomes [1, 3, 3, 5]"}
LOCKED = """() => [...document.querySelectorAll('.blanks button, .blanks input')].filter(one =>
    one.disabled || (one.closest('[inert]') && !one.closest('.veil, [data-veiled]')))
    .map(one => one.outerHTML)"""


class Reader:
    """What is solved stays solved; what was wrong or shown before is missed; the last guess counts.
    """

    def __init__(self):
        self.solved, self.shown, self.missed, self.guesses = set(), set(), set(), {}

    def did(self, number, outcome, text=None):
        if outcome != "right" and number not in self.solved:
            self.missed.add(number)
        {"right": self.solved, "shown": self.shown, "wrong": set()}[outcome].add(number)
        if text is not None:
            self.guesses[number] = text

    def agrees(self, kept):
        guesses = {number: guess["texts"][0] for number, guess in kept.get("guesses", {}).items()}
        lists = {name: set(kept.get(name, [])) for name in ("solved", "shown", "missed")}
        return {**lists, "guesses": guesses} == vars(self)


def until_agreed(page, reader, move):
    """A tab hears of another one's marks a moment later."""
    for _ in range(100):
        if reader.agrees(page.evaluate(KEPT)):
            return
        page.wait_for_timeout(50)
    raise AssertionError((move, page.evaluate(KEPT), vars(reader)))


def group(page, number):
    return page.get_by_role("group", name=NAMES.get(number, f"Exercise {number}")).first


def answers(page, reader, asked, rightly):
    number, label, wrong, right = asked
    field, text = group(page, number).get_by_label(label), right if rightly else wrong
    field.fill(text)
    field.press("Enter")
    reader.did(number, "right" if rightly else "wrong", text)
    said = group(page, number).get_by_role("status").first
    expect(said).to_have_text(re.compile("^Right\\." if rightly else "^(?!Right).+"))
    expect(field).to_have_value(text)


def gives_up(page, reader, number):
    group(page, number).get_by_role("button", name="Show me").press("Enter")
    group(page, number).get_by_role("button", name="Try again").press("Enter")
    reader.did(number, "shown")


@pytest.mark.parametrize("seed", [1, 2])
def test_twenty_moves_on_the_site(chromium, address, seed):
    chance, reader = random.Random(seed), Reader()
    context = chromium.new_context()
    errors, tabs = [], []

    def go(page, chapter):
        page.goto(f"{address}/chapters/{chapter}.html")
        until(page, SHOWN)

    def opens():
        tabs.append([context.new_page(), chance.choice([*ASKED])])
        tabs[-1][0].on("pageerror", lambda error: errors.append(str(error)))
        go(*tabs[-1])

    opens()
    moves = ["right", "wrong", "wrong", "shown", "skip", "reload", "go", "tab"]
    for move in ["wrong", "tab", "right", *chance.choices(moves, k=17)]:
        tab = chance.choice(tabs)
        page, chapter = tab
        asked = chance.choice(ASKED[chapter])
        if move in ("right", "wrong"):
            answers(page, reader, asked, move == "right")
        elif move == "shown" and asked[0] in NAMES:
            gives_up(page, reader, asked[0])
        elif move == "skip":  # types, and goes on without asking
            group(page, asked[0]).get_by_label(asked[1]).fill("7")
        elif move == "reload":
            page.reload()
            until(page, SHOWN)
        elif move == "go":
            tab[1] = chance.choice([*ASKED])
            go(*tab)
        elif len(tabs) == 1:
            opens()
        else:
            tabs.remove(tab)
            page.close()
        for page, chapter in tabs:
            until_agreed(page, reader, move)
            assert page.evaluate(LOCKED) == []
            if chapter == "00_start_here":
                is_open = "Q0.1" in reader.solved | reader.shown
                until(page, "open => ('opened' in document.querySelector("
                            "'.veil[data-question=\"Q0.1\"]').dataset) === open", is_open)
    assert errors == [] and reader.solved and reader.missed
    context.close()


CELLS = ("from figures import ask", 'ask("Q0.1", veil=1)', "print(403)", 'ask("0.2")', 'ask("0.4")')


class Lesson:
    """A notebook that a reader answers, and everything that can happen to it."""

    def __init__(self, lab, name, reader, chance):
        self.lab, self.page, self.name = lab, lab.page, name
        self.reader, self.chance = reader, chance

    def there(self):
        return self.page.locator(".blanks:visible").count() >= 3

    def right(self):
        if self.there():
            answers(self.page, self.reader, self.chance.choice(ASKED["00_start_here"]), True)

    def wrong(self):
        if self.there():
            answers(self.page, self.reader, self.chance.choice(ASKED["00_start_here"]), False)

    def shown(self):
        if self.there():
            gives_up(self.page, self.reader, "Q0.1")

    def skip(self):
        if self.there():
            group(self.page, "0.4").get_by_label("Your answer").fill("7")

    def run(self):
        self.page.evaluate("""async () => {
            jupyterapp.shell.activateById(shown.id);
            await jupyterapp.commands.execute('notebook:run-all-cells'); }""")
        self.lab.until(
            "shown.content.widgets.every(cell => cell.model.executionCount !== null)")
        self.lab.until("""document.querySelectorAll('.blanks').length ===
            3 * [...jupyterapp.shell.widgets('main')].filter(
                tab => tab.context === shown.context).length""")

    def restart(self):
        self.page.evaluate("shown.sessionContext.session.kernel.restart()")
        self.lab.idle()

    def reopen(self):  # its kernel goes on
        self.page.evaluate("shown.context.save().then(() => shown.dispose())")
        self.lab.reopen(self.name)

    def reload(self):
        self.page.evaluate("shown.context.save()")
        self.page.reload()
        self.lab.restored()
        self.lab.reopen(self.name)

    def two_views(self):
        self.page.evaluate("""() => {
            jupyterapp.shell.activateById(shown.id);
            return jupyterapp.commands.execute('docmanager:clone').then(() => 0); }""")

    def shut_down(self):
        self.page.evaluate("shown.context.save()")
        self.lab.close()
        self.lab.reopen(self.name)


def test_twenty_moves_in_jupyterlab(lab, tmp_path):
    chance, reader = random.Random(4), Reader()
    page = lab.open_whole(notebook(tmp_path / "lesson.ipynb", *(("code", text) for text in CELLS)))
    lesson = Lesson(lab, "lesson.ipynb", reader, chance)
    lesson.run()
    kept = lab.folder / "lesson-progress.json"
    moves = ["right", "wrong", "wrong", "shown", "skip", "run", "restart", "reopen", "reload",
             "two_views", "shut_down"]
    for move in ["wrong", "restart", "right", *chance.choices(moves, k=17)]:
        getattr(lesson, move)()
        assert page.evaluate(LOCKED) == [], move
        expect(page.locator(".blanks:visible, .kernel-ended:visible").nth(2)).to_be_visible()
    lesson.run()
    for _ in range(100):
        if kept.exists() and reader.agrees(json.loads(kept.read_text())):
            break
        page.wait_for_timeout(100)
    assert reader.agrees(json.loads(kept.read_text())), (kept.read_text(), vars(reader))
    assert reader.solved and reader.missed
