"""What stands in a widget's place where no kernel runs it: a picture or a table, and words."""

import base64
import io
import struct
from html import escape

import numpy as np
import pytest
from PIL import Image

from course.audit import claims
from course.gallery.reports import reports
from course.questions import all_questions, asked
from figures import ask, draw_explored, explore, live
from figures.chapters import ch05
from figures.widgets import shown as module
from figures.widgets.gallery import bug_gallery
from figures.widgets.probe import probe
from figures.widgets.shown import ENDED, VIEW
from figures.widgets.table import audit_table

X, W, DY = np.arange(1, 10).reshape(3, 3), np.array([[1000, 100], [10, 1]]), [[1, 2], [3, 4]]
PHOTO = np.random.default_rng(0).uniform(0, 100, (24, 30)).round()
WIDGETS = {
    "live": lambda: live(ch05.stamping(np.array(DY), W), alt="", p=range(2), q=range(2)),
    "explore": lambda: explore(X, W, DY, start="dx[1,1]"),
    "probe": lambda: probe(PHOTO, np.array([[-1, 0, 1]] * 3), at=(3, 4)),
    "ask": lambda: ask("Q5.3"),
    "gallery": bug_gallery,
    "audit": audit_table,
}


def pixels(data):
    return Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).convert("RGB")


def chunks(png):
    at = 8
    while at < len(png):
        yield png[at + 4:at + 8]
        at += 12 + struct.unpack(">I", png[at:at + 4])[0]


@pytest.fixture
def shown(monkeypatch):
    """shown(widget): the bundles of what a cell shows that ends in the widget."""
    bundles = []
    monkeypatch.setattr(module, "display", lambda data, **_: bundles.append(data))

    def shown(widget):
        bundles.clear()
        widget._ipython_display_()
        return [*bundles]

    return shown


@pytest.mark.parametrize("make", WIDGETS.values(), ids=WIDGETS)
def test_a_widget_is_stored_as_a_picture_or_a_table_and_words(make, shown, monkeypatch):
    monkeypatch.setenv("FLIPPED_KERNEL_STORED", "1")
    seen, how = shown(make())
    assert VIEW not in seen | how and {"image/png", "text/html"} & {*seen}
    assert len(seen["text/plain"].split()) > 2
    assert "Run All Above Selected Cell" in how["text/markdown"]
    assert "](" not in how["text/markdown"]  # no link, while the site has no address
    assert shown(make())[0] == seen  # the same bytes each time
    if "image/png" in seen:
        png = base64.b64decode(seen["image/png"])
        assert {*chunks(png)} <= {b"IHDR", b"PLTE", b"IDAT", b"IEND"} and len(png) < 100_000
    monkeypatch.setenv("FLIPPED_KERNEL_PAGE", "https://book.example/chapters/05.html")
    assert "(https://book.example/chapters/05.html)" in shown(make())[1]["text/markdown"]


@pytest.mark.parametrize("make", WIDGETS.values(), ids=WIDGETS)
def test_a_kernel_shows_the_widget_and_a_note_for_the_time_without_one(make, shown, monkeypatch):
    widget = make()
    monkeypatch.setattr(type(widget), "stored", None)  # a reader does not wait for a picture
    seen, note = shown(widget)
    assert {*seen} == {VIEW, "text/plain"} and seen[VIEW]["model_id"] == widget.model_id
    assert f'hidden>{ENDED} {widget.to_use}, run the cells above again (' in note["text/html"]
    monkeypatch.setenv("FLIPPED_KERNEL_FRAMES", "1")
    assert {*shown(widget)[-1]} == {VIEW, "text/plain"}  # a page has no kernel to lose


def test_a_figure_is_stored_and_printed_as_it_is(shown, monkeypatch):
    scene = ch05.stamping(np.array(DY), W)
    widget = live(scene, alt="", p=range(2), q=range(2), start={"p": 1})
    data, words = widget.stored()
    assert words.startswith("3 of 4 stamps") and pixels(data).size == (688, 308)
    monkeypatch.setenv("FLIPPED_KERNEL_FRAMES", "1")
    picture, caption, view = shown(widget)
    assert [*map(round, picture.get_size_inches() * 100)] == [688, 308]
    assert caption["text/plain"] == words and VIEW in view
    assert f'<p class="live-caption">{escape(words)}' in caption["text/html"]
    assert live(lambda fig, n: None, alt="n is {n}.", n=[3]).stored()[1] == "n is 3."


def test_an_explorer_is_stored_with_its_sum_and_without_what_it_hides():
    _, words = explore(X, W, DY, start="dx[1,1]", show=("dy", "w", "dx")).stored()
    assert words == "The explorer with the grids dy, w, dx. " + draw_explored(X, W, DY,
                                                                             start="dx[1,1]")
    pictures = [pixels(explore(X, W, DY, show=("w", "dx"), hide=hide).stored()[0])
                for hide in ((), ("dx[1,1]",), "dx")]
    ink = [int((np.asarray(picture).max(-1) < 120).sum()) for picture in pictures]
    assert ink[0] > ink[1] > ink[2]
    assert explore(X, W, DY, mirrored=True, start="y[0,0]").stored()[1] == \
        "The explorer with the grids x, w, dy"
    padded = explore([1, 2, 3], [1, 1], stride=2, padding=(0, 1), start="y[1]").stored()[1]
    assert padded.endswith("= 3·1 = 3")


@pytest.mark.parametrize("number", all_questions())
def test_a_question_is_stored_with_empty_blanks_and_all_options(number):
    data, words = ask(number).stored()
    question = asked(number)
    lines = data["text/html"].split("<p>")[2:]
    assert len(lines) == len(question.blanks)
    for blank, line in zip(question.blanks, lines, strict=True):
        assert line.startswith(f"{escape(blank.name)} = ")
        assert line.split("<ul>")[0].count("?") == np.size(blank.answers)
    assert data["text/html"].count("<li>") == len(question.options)
    assert all(escape(option) in data["text/html"] for option in question.options)
    assert question.why not in words or not question.why


def test_tables_are_stored_whole():
    data, words = bug_gallery().stored()
    assert data["text/html"].count("<tr>") == len(reports()) + 1 and str(len(reports())) in words
    assert all(escape(report.url) in data["text/html"] for report in reports())
    data, words = audit_table().stored()
    assert data["text/html"].count("<tr>") == len(claims()) + 1 and "<sub>" in data["text/html"]
