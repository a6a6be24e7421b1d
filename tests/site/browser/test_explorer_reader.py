"""What a reader meets: one screen, undo, Python, play, challenge, drawing, forced colours."""

import re

import numpy as np
import pytest
from explorers import (
    MAIN,
    POINT,
    READ,
    ROOT,
    W,
    X,
    cell,
    expected,
    host,
    number,
    press,
    settled,
)
from playwright.sync_api import expect

from convlib import kernel_map
from figures.explorer import CONTROLS, PANELS, explore
from figures.explorer.presets import EXAMPLES

BARE = True
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_error")]
LINE = ([1, 2, 3, 5], [10, 1], [2, 4, 7])
LETTERS, ALERT = ".explorer-letters", ".explorer-alert"


def bare(page, width, height):
    """A window of this size, in which only the explorer stands."""
    page.set_viewport_size({"width": width, "height": height})
    page.add_style_tag(content="h1 {display: none} body {margin: 0 8px}")
    page.evaluate("dispatchEvent(new Event('resize'))")
    settled(page)


# ------------------------------------------------------------------ one screen
IN_SIGHT = """selector => [...document.querySelectorAll(selector)].filter(e => e.checkVisibility())
    .map(e => [e, e.getBoundingClientRect()])
    .filter(([, r]) => r.top < -1 || r.bottom > innerHeight + 1 || r.right > innerWidth + 1)
    .map(([e]) => e.outerHTML.slice(0, 60))"""


@pytest.mark.parametrize("size", [(960, 752), (1264, 800), (1384, 900)])
def test_controls_grids_sum_and_walk_are_on_one_screen(page, size):
    host(page, explore(X, W, **MAIN))
    bare(page, *size)
    for part in (".explorer-controls *", ".explorer-grids td", ".explorer-said",
                 ".explorer-view button", ".explorer-table .explorer-scroll"):
        assert page.evaluate(IN_SIGHT, part) == [], part
    table, grids = (page.locator(f".explorer-{name}").bounding_box() for name in ("side", "grids"))
    assert table["x"] >= grids["x"] + grids["width"]  # beside, not below


@pytest.mark.parametrize("panels", [
    ("x", "w", "y"), ("w", "dy", "dx", "table"), ("x", "dy", "dw", "db"),
    ("table", "x", "w", "y", "dy", "dw", "dx")])
def test_in_a_chapter_a_control_and_what_it_changes_are_on_one_screen(page, panels):
    host(page, explore(*LINE) if "x" in panels[1:2] else explore(
        X[:4], W, show=panels, controls=("stride", "steps")))
    bare(page, 690, 752)  # the column of a chapter at 1280 x 800, below the site's header
    page.evaluate("document.querySelector('.explorer').scrollIntoView()")
    for part in (".explorer-controls *", ".explorer-grids td", ".explorer-said",
                 ".explorer-view button"):
        assert page.evaluate(IN_SIGHT, part) == [], part


def test_on_a_phone_controls_and_sum_stay_beside_each_grid(chromium):
    context = chromium.new_context(has_touch=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    host(page, explore(X, W, **MAIN))
    bare(page, 390, 844)
    for name in ("x", "y", "dx", "dw"):
        page.locator(f".explorer-{name}").evaluate("e => e.scrollIntoView({block: 'center'})")
        box = page.locator(f".explorer-{name} table").bounding_box()
        controls, said = (page.locator(f".explorer-{part}").bounding_box()
                          for part in ("controls", "dock"))
        assert 0 <= controls["y"] and controls["y"] + controls["height"] <= box["y"]
        assert box["y"] + box["height"] <= said["y"] + 1 and said["y"] + said["height"] <= 845
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = page.evaluate("""[...document.querySelectorAll(
        '.explorer :is(button, select, input[type=range])')].filter(e => e.checkVisibility())
        .filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)""")
    assert small == []
    cell(page, "dx[1,2]").tap()  # a cell is smaller than a finger: it grows under it
    settled(page)
    grown = cell(page, "dx[1,2]").bounding_box()
    assert min(grown["width"], grown["height"]) >= 40
    context.close()


def test_on_a_phone_four_digits_and_all_columns_fit(page):
    page.set_viewport_size({"width": 360, "height": 740})
    host(page, explore(X * 1000, W, show=("x", "dx", "table"), controls="steps"))
    bare(page, 360, 740)
    wide = page.evaluate("""[...document.querySelectorAll('.explorer-plane td[data-key]')]
        .filter(td => {
        const range = document.createRange();
        range.selectNodeContents(td.querySelector('.explorer-value'));
        return range.getBoundingClientRect().width > td.getBoundingClientRect().width; }).length""")
    assert wide == 0
    assert page.locator(".explorer-table .explorer-scroll").evaluate(
        "box => box.scrollWidth <= box.clientWidth")


def test_the_sum_never_moves_the_grids_and_its_place_is_small(page):
    host(page, explore(X, W, **MAIN))
    bare(page, 1264, 800)
    before = page.locator(".explorer-dx").bounding_box()
    for key in ("dx[0,0]", "dw[1,1]", "x[2,2]", "db", "row[3]"):
        page.evaluate(POINT, key)
        assert page.locator(".explorer-dx").bounding_box() == before
    assert page.locator(".explorer-said").bounding_box()["height"] < 90


def test_the_sum_is_printed_whole(page):
    host(page, explore(X, W, **MAIN))
    bare(page, 720, 900)
    page.evaluate(POINT, "dx[0,0]")
    page.emulate_media(media="print")
    place, words = (page.locator(f".explorer-{part}").bounding_box() for part in ("said", "sum"))
    assert place["height"] >= words["height"] > 20


def test_a_sum_longer_than_its_place_is_scrolled_by_keys(page):
    page.set_viewport_size({"width": 360, "height": 740})
    host(page, explore(X, np.ones((3, 3)), show=("y", "dx"), start="dx[0,0]"))
    settled(page)
    page.evaluate(POINT, "dx[2,2]")
    settled(page)
    assert page.locator(".explorer-said").get_attribute("tabindex") == "0"
    page.set_viewport_size({"width": 1264, "height": 800})
    page.evaluate(POINT, "dx[0,0]")
    settled(page)
    assert page.locator(".explorer-said").get_attribute("tabindex") is None


# ------------------------------------------------------------------ undo, reset, Python
def axes(page, place=2):
    return page.evaluate("n => model.get('axes').map(a => a[n])", place)


def test_changes_are_undone_and_redone(page):
    host(page, explore(X, W, **MAIN))
    opened = page.evaluate(READ)
    page.get_by_label("stride", exact=True).press("ArrowRight")
    cell(page, "x[0,0]").press("7")
    page.keyboard.press("Enter")
    assert page.evaluate("model.get('x')[0][0]") == 7
    cell(page, "y[0,0]").click()  # looking is no change
    press(page, "undo")
    assert page.evaluate("model.get('x')[0][0]") == 1 and axes(page) == [2, 2]
    press(page, "undo")
    assert page.evaluate(READ) == opened
    press(page, "redo")
    press(page, "redo")
    assert page.evaluate("model.get('x')[0][0]") == 7 and axes(page) == [2, 2]
    press(page, "reset")
    assert page.evaluate(READ) == opened
    press(page, "undo")
    assert axes(page) == [2, 2]


def test_a_move_of_a_slider_is_one_change(page):
    host(page, explore(X, W, **MAIN))
    box = page.get_by_label("input size").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.35, box["y"] + 12)
    page.mouse.down()
    for part in (0.5, 0.7, 0.98):
        page.mouse.move(box["x"] + box["width"] * part, box["y"] + 12)
    page.mouse.up()
    assert axes(page, 0) == [9, 9]
    press(page, "undo")
    assert axes(page, 0) == [5, 5]


def copied(page):
    page.evaluate("""Object.defineProperty(navigator, 'clipboard', {configurable: true,
        value: {writeText: async text => { window.copied = text }}})""")
    press(page, "Copy as Python")
    expect(page.get_by_text("Copied: paste it")).to_be_visible()
    return page.evaluate("copied")


def test_copy_as_python_runs_and_shows_the_same(page):
    host(page, explore(X, W, padding=((0, 1), (2, 0)), **MAIN))
    page.get_by_label("true convolution").check()
    page.get_by_label("per axis").check()
    page.get_by_label("stride width").press("ArrowRight")
    cell(page, "w[0,1]").press("-")
    page.keyboard.type("2.5")
    page.keyboard.press("Enter")
    press(page, "add up by tap")
    press(page, "heat")
    press(page, "forward")
    cell(page, "dw[1,0]").press("Enter")
    code, before = copied(page), page.evaluate(READ)
    assert "mirrored=True" in code and 'start="dw[1,0]"' in code and "stride=(1, 2)" in code
    names = {}
    exec(re.sub(r"^explore\(", "again = explore(", code, flags=re.M), names)
    host(page, names["again"])
    settled(page)
    assert page.evaluate(READ) == before
    for name in ("add up by tap", "heat"):
        expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
    expect(cell(page, "dw[1,0]")).to_have_attribute("aria-selected", "true")


def test_where_nothing_may_be_copied_a_field_offers_it(page):
    host(page, explore(*LINE))
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    press(page, "Copy as Python")
    text = page.get_by_label("this state as Python").input_value()
    assert text.startswith("import numpy as np\n") and "x = np.array([1, 2, 3, 5])" in text


def test_python_hears_and_sets_how_it_is_looked_at(page):
    host(page, explore(*LINE, show=PANELS, controls=CONTROLS, state={"heat": "1", "sort": "tap"}))
    expect(page.get_by_role("button", name="heat")).to_have_attribute("aria-pressed", "true")
    cell(page, "x[1]").press("8")
    page.keyboard.press("Enter")
    press(page, "add up by input")
    assert page.evaluate("model.get('state')") == {"sort": "input", "heat": "1"}
    page.evaluate("model.set('state', {sort: 'tap', count: '1'})")
    expect(page.get_by_role("button", name="add up by tap")).to_have_attribute(
        "aria-pressed", "true")
    assert page.evaluate("model.get('x')") == [1, 8, 3, 5]  # numbers are not touched
    assert page.locator(".explorer-y th").first.inner_text() == "1"


def test_state_and_restore_are_inverse(page):
    host(page, explore(X, W, **MAIN))
    page.get_by_label("dilation", exact=True).press("ArrowRight")
    page.get_by_label("examples").select_option("Sobel x")
    press(page, "symbols")
    cell(page, "x[0,0]").press("7")
    page.keyboard.press("Enter")
    texts = page.evaluate("document.querySelector('.explorer').explorer.texts()")
    before = page.evaluate(READ)
    host(page, explore(X, W, **MAIN))
    left = page.evaluate("t => document.querySelector('.explorer').explorer.restore(t)", texts)
    assert left == [] and page.evaluate(READ) == before
    assert page.evaluate("document.querySelector('.explorer').explorer.texts()") == texts


# ------------------------------------------------------------------ play
def test_play_goes_from_sum_to_sum_and_the_outline_lies_over_each_window(page):
    host(page, explore(X, W, show=("x", "w", "y"), controls="steps"))
    settled(page)
    for p, q in ((0, 0), (0, 1), (0, 2)):
        press(page, "forward")
        page.wait_for_timeout(400)
        frame = page.locator(".explorer-x .explorer-outline").bounding_box()
        first, last = (cell(page, f"x[{p + r},{q + r}]").bounding_box() for r in (0, 1))
        assert abs(frame["x"] - first["x"]) < 5 and abs(frame["y"] - first["y"]) < 5
        assert abs(frame["x"] + frame["width"] - last["x"] - last["width"]) < 5
        y = page.evaluate(READ)[f"y[{p},{q}]"]
        assert number(y) == (X[p:p + 2, q:q + 2] * W).sum()
    expect(page.locator(".explorer-count")).to_have_text("12 of 64 products")
    press(page, "restart")
    expect(page.locator(".explorer-count")).to_have_text("0 of 64 products")


def test_the_outline_shows_the_kernel_over_dy_and_dy_over_x(page):
    host(page, explore(X, W, padding=1, show=("x", "w", "y", "dy", "dx", "dw")))
    settled(page)
    for key, grid, first, last in (("dx[2,2]", "dy", "dy[2,2]", "dy[3,3]"),
                                   ("dw[0,0]", "x", None, "x[4,4]")):
        page.evaluate(POINT, key)
        settled(page)
        frame = page.locator(f".explorer-{grid} .explorer-outline").bounding_box()
        if first:
            assert abs(cell(page, first).bounding_box()["x"] - frame["x"]) < 5
        end = cell(page, last).bounding_box()
        assert abs(end["x"] + end["width"] - frame["x"] - frame["width"]) < 5


@pytest.mark.parametrize("motion,moving", [("reduce", False), ("no-preference", True)])
def test_the_outline_glides_unless_the_reader_wants_no_motion(chromium, motion, moving):
    context = chromium.new_context(reduced_motion=motion)
    page = context.new_page()
    host(page, explore(X, W, show=("x", "w", "y"), controls="steps"))
    settled(page)
    press(page, "forward")
    press(page, "forward")
    settled(page)
    time = page.locator(".explorer-x .explorer-outline").evaluate(
        "e => parseFloat(getComputedStyle(e).transitionDuration)")
    assert (time > 0) == moving
    context.close()


# ------------------------------------------------------------------ lattice, symbols, heat
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("stride", [1, 2])
def test_rows_columns_and_diagonals_of_the_lattice_are_the_three_sums(page, mirrored, stride):
    x, w = np.array([1, 2, 3, 5, 8]), np.array([100, 10, 1])
    dy = np.array([2, 4, 7])[:3 - stride // 2]
    host(page, explore(x, w, dy, stride=stride, mirrored=mirrored, show=PANELS, controls=CONTROLS))
    right = expected(x, w, dy, mirrored, stride=stride)
    chips = dict(page.evaluate("""[...document.querySelectorAll('.explorer-end')].map(td =>
        [td.querySelector('b').textContent, td.querySelector('span').textContent])"""))
    assert {k: number(v) for k, v in chips.items()} == {
        k: v for k, v in right.items() if re.match(r"(y|dw|dx)\[", k)}
    lattice = """[...document.querySelectorAll('.explorer-place.explorer-lit')]
        .map(td => td.dataset.key)"""
    table = kernel_map(x.shape, w.shape, stride=stride, mirrored=mirrored).rows()
    for name, column in (("y", "out"), ("dw", "tap"), ("dx", "inp")):
        for n in range(2):
            page.evaluate(POINT, f"{name}[{n}]")
            assert set(page.evaluate(lattice)) == {
                f"lattice[{row.out[0]},{row.tap[0]}]" for row in table
                if getattr(row, column) == (n,)}
    page.evaluate(POINT, "lattice[1,1]")
    assert page.evaluate(lattice) == ["lattice[1,1]"]
    assert page.locator("polyline.explorer-lit").count() == 1


def test_the_lattice_of_two_axes_shows_the_chosen_one(page):
    host(page, explore(X[:3], W, show=("x", "dx", "lattice"), start="dx[1,2]"))
    lit = """[...document.querySelectorAll('.explorer-place.explorer-lit')]
        .map(td => td.dataset.key)"""
    assert page.evaluate(lit) == ["lattice[1,1]", "lattice[2,0]"]  # width: outputs 1 and 2
    page.get_by_label("axis").select_option("height")
    assert page.evaluate(lit) == ["lattice[0,1]", "lattice[1,0]"]


def test_symbols_show_where_the_flip_went(page):
    host(page, explore(X, W, show=("x", "w", "y", "dy", "dx"), controls="symbols", start="dx[1,1]"))
    press(page, "symbols")
    now = page.locator(".explorer-formula.explorer-now")
    expect(now).to_have_text("dx[i, j] = Σr,s dy[i − r, j − s]·w[r, s]")
    page.get_by_label("true convolution").check()
    expect(now).to_have_text("dx[i, j] = Σr,s dy[i + r − 1, j + s − 1]·w[r, s]")
    expect(page.locator(".explorer-flip")).to_contain_text("y reads the kernel backwards")


def test_heat_tints_by_size_and_hatches_what_is_negative(page):
    host(page, explore([[4, -8, 0]], [[1, 1]], show=("x", "y"), controls="heat"))
    press(page, "heat")
    heat = page.evaluate("""[...document.querySelectorAll('.explorer-x td[data-key]')]
        .map(td => [td.style.getPropertyValue('--heat'),
                    td.classList.contains('explorer-minus')])""")
    assert heat == [["50%", False], ["100%", True], ["0%", False]]
    expect(page.locator(".explorer-legend")).to_be_visible()


# ------------------------------------------------------------------ challenge, drawing, hint
def test_a_challenge_hides_counts_and_names_the_mistake(page):
    x, w, dy = map(np.array, EXAMPLES[2][1:])
    host(page, explore(x, w, dy, controls="challenge", show=("x", "w", "dy", "dx", "table")))
    page.get_by_label("challenge").select_option("dx")
    assert {v for k, v in page.evaluate(READ).items() if k.startswith("dx")} == {"?"}
    for typed, words in ((1234, "of the kernel rotated by 180 degrees"), (4321, "4321 is right.")):
        cell(page, "dx[1,1]").press("Enter")
        page.get_by_label("value of dx[1,1]").fill(str(typed))
        page.keyboard.press("Enter")
        expect(page.locator(ALERT)).to_contain_text(words)
    expect(page.locator(".explorer-score")).to_have_text("1 right of 2, 8 closed")
    page.get_by_label("challenge").select_option("off")
    assert "?" not in page.evaluate(READ).values()


def test_x_is_drawn_on_by_pointer_and_by_keys_and_a_stroke_is_undone_at_once(page):
    host(page, explore(X % 3, W, controls=("draw", "edit"), show=("x", "y")))
    press(page, "draw on x")
    boxes = [cell(page, f"x[1,{n}]").bounding_box() for n in range(4)]
    page.mouse.move(boxes[0]["x"] + 9, boxes[0]["y"] + 9)
    page.mouse.down()
    for box in boxes[1:]:
        page.mouse.move(box["x"] + 9, box["y"] + 9)
    page.mouse.up()
    assert page.evaluate("model.get('x')[1].slice(0, 4)") == [9, 9, 9, 9]
    cell(page, "x[3,3]").press(" ")
    cell(page, "x[1,0]").press(" ")  # what is drawn already is wiped out
    assert page.evaluate("[model.get('x')[3][3], model.get('x')[1][0]]") == [9, 0]
    for _ in range(3):
        press(page, "undo")
    assert page.evaluate("model.get('x')") == (X % 3).tolist()


def test_a_first_reader_finds_what_feeds_dx_1_2(page):
    """Without reading: a cell of dx is marked; pointing at dx[1,2] says its products."""
    host(page, explore(X, W, show=("x", "w", "dy", "dx")))
    assert page.locator(".explorer-hint").get_attribute("data-key").startswith("dx[")
    expect(page.locator(".explorer-numbers")).to_contain_text("Point at a cell")
    cell(page, "dx[1,2]").hover()
    expect(page.locator(LETTERS)).to_have_text(
        "dx[1,2] = dy[0,1]·w[1,1] + dy[0,2]·w[1,0] + dy[1,1]·w[0,1] + dy[1,2]·w[0,0]")
    expect(page.locator(".explorer-dy .explorer-lit[data-key]")).to_have_count(4)
    expect(page.locator(".explorer-hint")).to_have_count(0)


def test_no_state_of_a_sort_where_there_is_no_table(page):
    host(page, explore(X, W, show=("x", "w", "y"), controls=("steps", "edit")))
    expect(page.get_by_role("button", name="add up by")).to_have_count(0)
    host(page, explore(*LINE))
    assert page.locator(".explorer-view").is_hidden()
    expect(page.get_by_role("button", name="undo")).to_have_count(0)  # nothing can be changed


# ------------------------------------------------------------------ forced colours, axe
def test_forced_colours_mark_what_is_lit(chromium):
    context = chromium.new_context(forced_colors="active")
    page = context.new_page()
    host(page, explore(X, W, **MAIN))
    page.evaluate(POINT, "dx[1,2]")
    styles = page.evaluate("""key => {
        const td = document.querySelector(`[data-key="${key}"]`);
        const { outlineStyle, outlineWidth } = getComputedStyle(td);
        return [outlineStyle, outlineWidth, getComputedStyle(td, '::after').content]; }""",
                           "w[0,0]")
    assert styles == ["solid", "3px", '"•"']
    active, plain = (page.evaluate("""key => getComputedStyle(document.querySelector(
        `[data-key="${key}"]`)).outlineStyle""", key) for key in ("dx[1,2]", "x[4,4]"))
    assert (active, plain) == ("double", "none")
    mark = page.locator(".explorer-table tr.explorer-lit td:first-child").first.evaluate(
        "td => getComputedStyle(td, '::before').content")
    assert mark == '"▸"'
    context.close()


@pytest.mark.parametrize("forced, width", [("active", 360), ("none", 1400)])
def test_axe_finds_nothing_in_any_view(chromium, forced, width):
    context = chromium.new_context(forced_colors=forced, viewport={"width": width, "height": 900})
    page = context.new_page()
    host(page, explore(X, np.ones((3, 3)), show=PANELS, controls=CONTROLS, start="dx[2,2]"))
    for name in ("heat", "symbols"):
        press(page, name)
    page.get_by_label("challenge").select_option("dw")
    press(page, "Copy as Python")
    page.add_script_tag(path=ROOT / "node_modules/axe-core/axe.min.js")
    found = page.evaluate("async () => (await axe.run()).violations")
    assert [f"{v['id']}: {n['html'][:90]} {n['failureSummary']}" for v in found
            for n in v["nodes"][:3]] == []
    context.close()
