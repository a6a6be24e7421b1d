"""The probe on a page without a kernel: every output is reached, and its extremes are told."""

import inspect
import json
import re
from pathlib import Path

import numpy as np
import pytest
from explorers import HOST
from playwright.sync_api import expect

from convlib import conv2d
from convlib.data import photograph
from figures.widgets.probe import probe

BARE = True
pytestmark = pytest.mark.browser
PHOTO = np.rint(100 * photograph(size=(72, 96))).astype(int)
SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
SKEW = np.array([[1, -2, 0, 3], [3, 4, -5, 0]])  # two rows and four columns
Y = conv2d(PHOTO, SOBEL)
EXTREMES = {"highest": np.unravel_index(Y.argmax(), Y.shape),
            "lowest": np.unravel_index(Y.argmin(), Y.shape)}
RECTANGLE = """e => { const r = e.getBoundingClientRect();
    const area = e.parentElement.getBoundingClientRect();
    return [(r.top - area.top) / area.height, (r.left - area.left) / area.width,
            r.height / area.height, r.width / area.width]; }"""


def host(page, widget, theme="light"):
    names = [name for name in widget.trait_names(sync=True)
             if not name.startswith("_") and name not in ("layout", "tabbable", "tooltip")]
    state = {name: getattr(widget, name) for name in names}
    page.set_content("<html lang='en'><head><title>probe</title></head>"
                     "<body><main><h1>Probe</h1></main></body></html>")
    file = Path(inspect.getfile(probe))
    code, css = (file.with_suffix(end).read_text() for end in (".js", ".css"))
    page.evaluate(HOST, [code, css, json.loads(json.dumps(state)), theme])


def go(page, p, q):
    """Choose an output as the keyboard does: from the start of each slider, cell by cell."""
    for name, n in (("row p", p), ("column q", q)):
        slider = page.get_by_label(name)
        slider.press("Home")
        for _ in range(n):
            slider.press("ArrowRight")


def click(page, area, rows, columns, p, q):
    box = page.locator(f".probe-{area} .probe-area").bounding_box()
    page.mouse.click(box["x"] + (q + 0.5) / columns * box["width"],
                     box["y"] + (p + 0.5) / rows * box["height"])


@pytest.mark.parametrize("w", [SOBEL, SKEW], ids=["sobel", "skew"])
def test_the_sum_that_is_written_is_that_of_the_library(page, w):
    host(page, probe(PHOTO, w, at=(51, 31)))
    y = conv2d(PHOTO, w)
    said = page.locator(".probe-sum")
    for p, q in [(51, 31), (0, 0), (y.shape[0] - 1, y.shape[1] - 1), (9, 40)]:
        page.evaluate("at => model.set('at', at)", [p, q])
        left, products, total = said.text_content().replace("−", "-").split(" = ")
        assert left == f"y[{p},{q}]" and int(total) == y[p, q]
        assert eval(products.replace("·", "*")) == y[p, q]
        shown = [int(v) for v in page.locator(".probe-cells td").all_text_contents()]
        assert shown == PHOTO[p:p + w.shape[0], q:q + w.shape[1]].ravel().tolist()


def test_the_sliders_end_at_the_last_output(page):
    host(page, probe(PHOTO, SKEW))
    for name in ("row p", "column q"):
        page.get_by_label(name).press("End")
    rows, columns = conv2d(PHOTO, SKEW).shape
    expect(page.locator(".probe-sum")).to_contain_text(f"y[{rows - 1},{columns - 1}] =")
    page.get_by_label("column q").press("ArrowLeft")
    expect(page.locator(".probe-sum")).to_contain_text(f"y[{rows - 1},{columns - 2}] =")


@pytest.mark.parametrize("width", [688, 360])
@pytest.mark.parametrize("name", EXTREMES)
def test_a_click_reaches_the_extreme_and_marks_it(page, name, width):
    page.set_viewport_size({"width": width, "height": 900})
    host(page, probe(PHOTO, SOBEL, at=(51, 31)))
    p, q = EXTREMES[name]
    mark = page.locator(f".probe-mark.probe-{name}")
    expect(mark).to_be_hidden()
    click(page, "y", *Y.shape, p, q)
    expect(page.locator(".probe-sum")).to_contain_text(f"y[{p},{q}] =")
    expect(mark).to_be_visible()
    expect(page.locator(".probe-score")).to_contain_text(f"is the {name} response of the")
    click(page, "y", *Y.shape, 5, 5)  # the mark stays
    expect(mark).to_be_visible()
    top, left, _, _ = mark.evaluate(RECTANGLE)
    assert np.allclose([top, left], [p / Y.shape[0], q / Y.shape[1]], atol=2e-3)


def test_keys_reach_the_lowest_and_its_neighbour_is_not_it(page):
    host(page, probe(PHOTO, SOBEL))
    p, q = EXTREMES["lowest"]
    go(page, p, q - 1)
    score = page.locator(".probe-score")
    expect(score).not_to_contain_text("is the lowest response")
    page.get_by_label("column q").press("ArrowRight")
    expect(score).to_contain_text(f"y[{p},{q}] = −{-Y[p, q]} is the lowest response of the whole")


def test_so_far_counts_what_was_visited(page):
    host(page, probe(PHOTO, SOBEL, at=(0, 0)))
    visited = [(0, 0)]
    for p, q in [(40, 30), (33, 74), (20, 60), (8, 8)]:
        click(page, "y", *Y.shape, p, q)
        visited.append((p, q))
        words = page.locator(".probe-score").text_content().replace("−", "-")
        highest, lowest = (int(n) for n in re.findall(r"= (-?\d+)", words))
        assert highest == max(Y[at] for at in visited)
        assert lowest == min(Y[at] for at in visited)


def test_the_frame_is_the_window_and_a_click_into_x_centres_it(page):
    host(page, probe(PHOTO, SOBEL))
    click(page, "x", *PHOTO.shape, 30, 50)
    expect(page.locator(".probe-sum")).to_contain_text("y[29,49] =")
    found = page.locator(".probe-frame").evaluate(RECTANGLE)
    assert np.allclose(found, [29 / 72, 49 / 96, 3 / 72, 3 / 96], atol=2e-3)
    click(page, "x", *PHOTO.shape, 71, 95)  # in the corner the window stays inside
    expect(page.locator(".probe-sum")).to_contain_text("y[69,93] =")


def test_a_drag_follows_the_pointer(page):
    host(page, probe(PHOTO, SOBEL))
    box = page.locator(".probe-y .probe-area").bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 200, box["y"] + box["height"] / 2)
    expect(page.locator(".probe-sum")).to_contain_text(f"y[35,{Y.shape[1] - 1}] =")
    page.mouse.up()
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    expect(page.locator(".probe-sum")).to_contain_text(f"y[35,{Y.shape[1] - 1}] =")


@pytest.mark.parametrize("array", ["x", "y"])
def test_the_greys_are_those_of_the_array(page, array):
    host(page, probe(PHOTO, SOBEL))
    values = {"x": PHOTO, "y": Y}[array]
    low, high = {"x": (0, 100), "y": (-200, 200)}[array]
    pixels = page.evaluate("""array => { const canvas = document.querySelector(
        `.probe-${array} canvas`); return [...canvas.getContext("2d").getImageData(
        0, 0, canvas.width, canvas.height).data].filter((_, k) => k % 4 === 0); }""", array)
    wanted = np.clip(255 * (values - low) / (high - low), 0, 255)
    assert np.abs(np.reshape(pixels, values.shape) - wanted).max() <= 1


@pytest.mark.parametrize("theme, width", [("light", 688), ("dark", 688), ("light", 320)])
def test_it_fits_and_is_legible(page, theme, width):
    page.set_viewport_size({"width": width, "height": 900})
    host(page, probe(PHOTO, SOBEL, at=(51, 31)), theme)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = page.evaluate("""[...document.querySelectorAll('.probe :is(p, td, caption, label)')]
        .map(e => parseFloat(getComputedStyle(e).fontSize)).filter(size => size < 11)""")
    assert small == []
    for control in page.locator(".probe input").all():
        assert control.get_attribute("data-lm-suppress-shortcuts") == "true"
