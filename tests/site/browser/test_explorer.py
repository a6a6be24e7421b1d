"""The explorer on a page without a kernel: what it says is compared with convlib, cell by cell."""

from itertools import product

import numpy as np
import pytest
from explorers import LIT, POINT, READ, ROOT, cell, expected, host, number, settled, sum_of
from playwright.sync_api import expect

from convlib import conv2d, kernel_map
from convlib.axis import read_axes
from figures.explorer import CONTROLS, PANELS, explore
from figures.explorer.maps import RANGES, packed
from figures.explorer.presets import EXAMPLES

BARE = True
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_error")]
RNG = np.random.default_rng(4)
X, W = RNG.integers(-4, 10, (5, 6)), RNG.integers(-4, 10, (2, 3))
OPTIONS = {"stride": (2, 1), "padding": (1, 2), "dilation": (2, 1)}
DY = RNG.integers(-4, 10, conv2d(X, W, **OPTIONS).shape)
ARRAYS = {"x": X, "w": W, "dy": DY}
TABLE = kernel_map(X.shape, W.shape, **OPTIONS)
GRADIENTS = [f"{name}[{i},{j}]" for name, shape in (("y", DY.shape), ("dw", W.shape),
                                                    ("dx", X.shape)) for i, j in np.ndindex(shape)]
LETTERS, NUMBERS, ALERT = ".explorer-letters", ".explorer-numbers", ".explorer-alert"


def minus(n):
    return str(n).replace("-", "−")


def value(page, key):
    return cell(page, key).locator(".explorer-value")


# ------------------------------------------------------------------ pointing
def test_every_cell_says_its_sum(page):
    host(page, explore(X, W, DY, **OPTIONS))
    for key in GRADIENTS:
        assert tuple(page.evaluate(POINT, key)) == sum_of(key, ARRAYS, TABLE)
    assert {key: number(text) for key, text in page.evaluate(READ).items()} == expected(
        **ARRAYS, **OPTIONS)


def test_every_cell_lights_its_partners_and_no_others(page):
    host(page, explore(X, W, DY, **OPTIONS))
    columns = {"out": ("y", "dy"), "tap": ("w", "dw"), "inp": ("x", "dx")}
    for name, index in [("dx", (3, 3)), ("dx", (0, 0)), ("dx", (1, 5)), ("y", (1, 2)),
                        ("dw", (1, 0)), ("x", (4, 5)), ("w", (0, 2)), ("dy", (2, 1))]:
        key = f"{name}[{index[0]},{index[1]}]"
        page.evaluate(POINT, key)
        column = next(c for c, names in columns.items() if name in names)
        rows = [row for row in TABLE.rows() if getattr(row, column) == index]
        partners = {f"{n}[{at[0]},{at[1]}]" for row in rows
                    for c, names in columns.items() for n in names for at in [getattr(row, c)]}
        lit = page.evaluate(LIT)
        assert {cell for cell, _ in lit} - {"ghost"} == partners | {key}
        assert sum(cell == "ghost" for cell, _ in lit) == len(ghosts(column, index))
        # the small numbers: for an input cell the taps over the outputs, and so on
        third = {"out": ("inp", "tap"), "inp": ("out", "tap"), "tap": ("inp", "out")}[column]
        for row in rows:
            for n in columns[third[0]]:
                at, tag = getattr(row, third[0]), getattr(row, third[1])
                assert [f"{n}[{at[0]},{at[1]}]", f"{tag[0]},{tag[1]}"] in lit


def ghosts(column, index):
    """The cells outside x, or outside y for a cell of x, under the kernel laid on a cell."""
    found = set()
    axes = read_axes(X.shape, W.shape, **OPTIONS)
    for out in product(range(-4, 9), range(-4, 12)):
        for tap in np.ndindex(W.shape):
            inp = tuple(a.read_by(p, r) for a, p, r in zip(axes, out, tap, strict=True))
            born = all(0 <= p < a.out for a, p in zip(axes, out, strict=True))
            real = all(0 <= i < a.size for a, i in zip(axes, inp, strict=True))
            if column == "inp" and inp == index and not born:
                found.add(out)
            if column != "inp" and born and not real and {"out": out, "tap": tap}[column] == index:
                found.add(inp)
    return found


def test_the_kernel_sticks_out_over_ghosts(page):
    host(page, explore([1, 2, 3, 5], [10, 1], [2, 4, 7], show=("x", "w", "y", "dy", "dx")))
    page.evaluate(POINT, "dx[0]")
    assert ["ghost", "1"] in page.evaluate(LIT) and ["dy[0]", "0"] in page.evaluate(LIT)
    host(page, explore([1, 2, 3, 5], [10, 1], padding=1, show=("x", "w", "y")))
    page.evaluate(POINT, "y[0]")
    assert ["ghost", "0"] in page.evaluate(LIT) and ["x[0]", "1"] in page.evaluate(LIT)


def test_inputs_prices_and_the_bias_say_where_they_go(page):
    host(page, explore([1, 2, 3, 5], [10, 1], [2, 4, 7]))
    assert page.evaluate(POINT, "dy[1]") == [
        "dy[1] = 4 is multiplied by w[0] for dx[1], w[1] for dx[2]",
        "2 products of the table use it."]
    assert page.evaluate(POINT, "x[3]")[0] == "x[3] = 5 is multiplied by w[1] for y[2]"
    assert page.evaluate(POINT, "w[0]")[0] == (
        "w[0] = 10 is multiplied by x[0] for y[0], x[1] for y[1], x[2] for y[2]")
    assert page.evaluate(POINT, "db") == ["db = dy[0] + dy[1] + dy[2]", "= 2 + 4 + 7 = 13"]


def test_channels_groups_and_filters(page):
    x, w = RNG.integers(-4, 9, (4, 3, 3)), RNG.integers(-4, 9, (2, 2, 2, 2))
    dy = RNG.integers(1, 9, (2, 2, 2))
    host(page, explore(x[None], w, dy, groups=2))
    table, arrays = kernel_map(x.shape, w.shape, groups=2), {"x": x, "w": w, "dy": dy}
    assert {k: number(v) for k, v in page.evaluate(READ).items()} == expected(**arrays, groups=2)
    for key in ("y[1,0,1]", "dw[1,0,1,1]", "dx[3,2,0]", "dx[1,1,1]"):
        assert tuple(page.evaluate(POINT, key)) == sum_of(key, arrays, table)
    prices = " + ".join(f"dy[1,{p},{q}]" for p, q in np.ndindex(2, 2))
    assert page.evaluate(POINT, "db[1]")[0] == f"db[1] = {prices}"
    expect(page.locator(".explorer-w table")).to_have_count(4)


def test_by_mouse_a_cell_is_pinned_and_let_go(page):
    host(page, explore(X, W, DY, start="dx[1,1]", **OPTIONS))
    expect(page.locator(LETTERS)).to_have_text(sum_of("dx[1,1]", ARRAYS, TABLE)[0])
    cell(page, "dw[1,2]").hover()
    expect(page.locator(NUMBERS)).to_have_text(sum_of("dw[1,2]", ARRAYS, TABLE)[1])
    page.mouse.move(5, 5)
    expect(page.locator(LETTERS)).to_have_text(sum_of("dx[1,1]", ARRAYS, TABLE)[0])
    cell(page, "y[0,3]").click()
    page.mouse.move(5, 5)
    page.locator("h1").click()
    expect(page.locator(LETTERS)).to_have_text(sum_of("y[0,3]", ARRAYS, TABLE)[0])
    expect(cell(page, "y[0,3]")).to_have_attribute("aria-selected", "true")
    assert page.evaluate("model.get('selected')") == "y[0,3]"
    cell(page, "y[0,3]").press("Escape")
    page.mouse.move(5, 5)
    page.locator("h1").click()
    expect(page.locator(NUMBERS)).to_contain_text("Point at a cell")
    assert page.evaluate("model.get('selected')") == ""


def test_by_touch(chromium):
    context = chromium.new_context(has_touch=True, viewport={"width": 360, "height": 800})
    page = context.new_page()
    host(page, explore(X, W, DY, **OPTIONS))
    cell(page, "dx[3,2]").tap()
    expect(page.locator(LETTERS)).to_have_text(sum_of("dx[3,2]", ARRAYS, TABLE)[0])
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


def test_by_keyboard(page):
    host(page, explore(X, W, DY, **OPTIONS))
    page.keyboard.press("Tab")
    grids = []
    for _ in range(7):
        grids.append(page.evaluate("document.activeElement.dataset.key"))
        page.keyboard.press("Tab")
    assert grids == ["x[0,0]", "w[0,0]", "y[0,0]", "dy[0,0]", "dx[0,0]", "dw[0,0]", "db"]
    cell(page, "dx[0,0]").focus()
    for key in ("ArrowUp", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)  # the first one stays: there is no row above
    expect(page.locator(LETTERS)).to_have_text(sum_of("dx[1,1]", ARRAYS, TABLE)[0])
    page.keyboard.press("Enter")
    assert page.evaluate("model.get('selected')") == "dx[1,1]"
    style = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert style == "3px"


def test_keys_point_on_when_the_page_scrolls_under_a_resting_pointer(page):
    page.set_viewport_size({"width": 500, "height": 600})
    host(page, explore(X, W, DY, **OPTIONS))
    cell(page, "x[1,1]").hover()
    cell(page, "x[1,1]").press("ArrowRight")
    cell(page, "dx[1,1]").focus()  # far below: the page scrolls
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    expect(page.locator(LETTERS)).to_have_text(sum_of("dx[1,2]", ARRAYS, TABLE)[0])
    cell(page, "dw[0,0]").hover()
    expect(page.locator(LETTERS)).to_have_text(sum_of("dw[0,0]", ARRAYS, TABLE)[0])


def test_the_sum_stands_as_a_table_too(page):
    host(page, explore(X, W, DY, start="dx[3,3]", **OPTIONS))
    page.locator(".explorer-listing summary").click()
    expect(page.locator(".explorer-listing tbody tr")).not_to_have_count(0)
    text = page.locator(".explorer-listing tbody").inner_text()
    rows = [line.split("\t") for line in text.split("\n")]
    right = [row for row in TABLE.rows() if row.inp == (3, 3)]
    assert [r[:3] for r in rows] == [[",".join(map(str, at)) for at in row] for row in right]
    total = sum(number(r[4].split("= ")[1]) for r in rows)
    assert total == expected(**ARRAYS, **OPTIONS)["dx[3,3]"]


# ------------------------------------------------------------------ the table, sorted and stepped
def lines(page):
    return [tuple(line) for line in page.evaluate("""
        [...document.querySelectorAll('.explorer-table tbody tr')]
            .map(tr => [...tr.children].map(td => td.textContent))""")]


def test_the_same_rows_travel_and_each_group_is_closed_by_its_sum(page):
    host(page, explore([1, 2, 3, 5], [10, 1], [2, 4, 7], show=("table",)))
    assert [line[3:] for line in lines(page)][:2] == [("1·10 = 10", "10"), ("2·1 = 2", "y[0] = 12")]
    elements = page.locator(".explorer-table tbody tr").element_handles()
    page.get_by_role("button", name="add up by input").click()
    table = kernel_map((4,), (2,))
    assert [tuple(map(int, line[:3])) for line in lines(page)] == [
        (p[0], r[0], i[0]) for p, r, i in table.rows(by="inp")]
    assert [line[4] for line in lines(page)] == [
        "dx[0] = 20", "2", "dx[1] = 42", "4", "dx[2] = 74", "dx[3] = 7"]
    assert all(page.evaluate("tr => tr.isConnected", element) for element in elements)
    page.get_by_role("button", name="add up by tap").click()
    assert [line[4] for line in lines(page)] == ["2", "10", "dw[0] = 31", "4", "16", "dw[1] = 51"]
    expect(page.get_by_role("button", name="add up by tap")).to_have_attribute(
        "aria-pressed", "true")


def test_a_line_of_the_table_lights_its_three_cells(page):
    host(page, explore(X, W, DY, show=PANELS, **OPTIONS))
    row = TABLE.rows()[7]
    page.evaluate(POINT, "row[7]")
    lit = {key for key, _ in page.evaluate(LIT)}
    for name, column in (("y", row.out), ("w", row.tap), ("x", row.inp), ("dx", row.inp)):
        assert f"{name}[{column[0]},{column[1]}]" in lit
    assert sum(key.startswith("M_") for key in lit) == 2


def test_arrows_walk_the_table(page):
    host(page, explore([1, 2, 3, 5], [10, 1], [2, 4, 7], show=("table", "y")))
    cell(page, "row[0]").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(LETTERS)).to_contain_text("y[0] gets x[1]·w[1]")


@pytest.mark.parametrize("by,name", [("output", "y"), ("tap", "dw"), ("input", "dx")])
def test_stepping_fills_a_grid_product_by_product(page, by, name):
    host(page, explore(X, W, DY, controls=("steps",), **OPTIONS))
    page.get_by_role("button", name=f"add up by {by}").click()
    page.get_by_label("each step").select_option("one product")
    page.get_by_role("button", name="restart").click()
    order = TABLE.rows(by={"output": "out", "tap": "tap", "input": "inp"}[by])
    sums = {}
    for n, row in enumerate(order[:25], 1):
        page.get_by_role("button", name="forward").click()
        key = f"{name}[{','.join(map(str, getattr(row, COLUMN_OF[name])))}]"
        sums[key] = sums.get(key, 0) + FACTORS_OF[name](row)
        shown = {k: v for k, v in page.evaluate(READ).items() if k.startswith(f"{name}[") and v}
        assert {k: number(v) for k, v in shown.items()} == sums
        expect(page.locator(".explorer-count")).to_have_text(f"{n} of {len(order)} products")
    page.get_by_role("button", name="back").click()
    expect(page.locator(".explorer-count")).to_have_text(f"24 of {len(order)} products")
    page.get_by_role("button", name="all").click()
    assert number(page.evaluate(READ)[key]) == expected(**ARRAYS, **OPTIONS)[key]


COLUMN_OF = {"y": "out", "dw": "tap", "dx": "inp"}
FACTORS_OF = {"y": lambda row: X[row.inp] * W[row.tap], "dw": lambda row: DY[row.out] * X[row.inp],
              "dx": lambda row: DY[row.out] * W[row.tap]}


def test_play_walks_to_the_end_and_can_be_paused(page):
    host(page, explore([1, 2, 3, 5], [10, 1], [2, 4, 7], controls=("steps",)))
    speed = page.get_by_label("steps per second")
    speed.press("ArrowRight")
    play = page.locator(".explorer-steps button", has_text="pl")
    play.click()
    page.wait_for_function(
        "/^2 of 6/.test(document.querySelector('.explorer-count').textContent)")
    page.get_by_role("button", name="pause").click()
    shown = page.locator(".explorer-count").inner_text()
    page.wait_for_timeout(600)
    assert page.locator(".explorer-count").inner_text() == shown != "6 of 6 products"
    page.get_by_role("button", name="play").click()
    expect(page.locator(".explorer-count")).to_have_text("6 of 6 products")
    expect(page.get_by_role("button", name="play")).to_be_visible()


# ------------------------------------------------------------------ controls
TRY = """combos => {
  const slide = (label, value) => {
    const names = [...document.querySelectorAll('.explorer-slider label')];
    const input = document.getElementById(names.find(l => l.textContent === label).htmlFor);
    if (Number(input.value) === value) return '';
    input.value = value;
    input.dispatchEvent(new Event('input'));
    input.dispatchEvent(new Event('change'));
    return document.querySelector('.explorer-alert').textContent;
  };
  const read = () => Object.fromEntries([...document.querySelectorAll('td[data-key]')]
    .map(td => [td.dataset.key, td.querySelector('.explorer-value').textContent]));
  return combos.map(([axes, mirrored]) => {
    const words = axes.length === 1 ? [{size: 'input size', kernel: 'kernel size', stride: 'stride',
      padding: 'padding', dilation: 'dilation'}]
      : ['height', 'width'].map(w => ({size: `input ${w}`, kernel: `kernel ${w}`,
        stride: `stride ${w}`, padding: `padding ${w}`, dilation: `dilation ${w}`}));
    // by way of what always fits; only the last step of each axis can be refused
    words.forEach(w => slide(w.kernel, 0));
    for (const name of ['size', 'stride', 'padding', 'dilation'])
      words.forEach((w, k) => slide(w[name], axes[k][name]));
    const alerts = words.map((w, k) => slide(w.kernel, axes[k].kernel));
    const choice = document.querySelectorAll('.explorer-controls .explorer-choice input')[mirrored];
    if (!choice.checked) choice.click();
    return [read(), alerts.join(' ')];
  });
}"""


def settings(choice):
    """Slider positions of one axis, and what they mean."""
    at = dict(zip(RANGES, choice, strict=True))
    return at, {name: RANGES[name][k] for name, k in at.items()}


def compare(page, combos, store):
    """Set every combination by the sliders; what the page shows must be what convlib computes."""
    found = page.evaluate(TRY, [[[settings(c)[0] for c in axes], m] for axes, m in combos])
    refused = 0
    for (axes, mirrored), (shown, alert) in zip(combos, found, strict=True):
        values = [settings(c)[1] for c in axes]
        sizes, kernel = ([v[n] for v in values] for n in ("size", "kernel"))
        options = {n: tuple(v[n] for v in values) for n in ("stride", "padding", "dilation")}
        x, w = (store[n][tuple(map(slice, shape))] for n, shape in (("x", sizes), ("w", kernel)))
        try:
            table = kernel_map(x.shape, w.shape, **options)
        except ValueError as error:
            refused += 1
            assert str(error) in alert
            continue
        dy = store["dy"][tuple(map(slice, table.y_shape))]
        if len(table) > 2500:
            assert "more than" in alert
            continue
        right = expected(x, w, dy, mirrored, **options)
        assert {k: number(v) for k, v in shown.items()} == right, (values, mirrored)
    return refused


def test_every_map_of_an_axis_through_the_page(page):
    widget = explore([1, 2, 3, 5, 8], [10, 1], [2, 4, 7, 1], controls=CONTROLS)
    host(page, widget)
    combos = [[[choice], m] for m in (0, 1)
              for choice in product(*(range(len(r)) for r in RANGES.values()))]
    store = {name: np.array(array) for name, array in widget.reserve.items()}
    assert len(combos) == 2 * 756 and 0 < compare(page, combos, store) < 400


def test_two_hundred_combinations_of_two_axes_through_the_page(page):
    widget = explore(X, W, controls=CONTROLS)
    host(page, widget)
    page.get_by_label("per axis").check()
    choices = [*product(*(range(len(r)) for r in RANGES.values()))]
    picks = np.random.default_rng(200).integers(0, len(choices), (200, 2))
    combos = [[[choices[a], choices[b]], n % 2] for n, (a, b) in enumerate(picks)]
    store = {name: np.array(array) for name, array in widget.reserve.items()}
    assert 0 < compare(page, combos, store) < 100


def test_what_does_not_fit_is_said_and_the_last_good_state_stays(page):
    host(page, explore(X[:3, :3], W[:2, :2], controls=("size", "kernel", "dilation")))
    before = page.evaluate(READ)
    page.get_by_label("dilation", exact=True).press("End")
    expect(page.locator(ALERT)).to_have_text(
        "Not possible: a window spanning 4 does not fit on an axis of 3 padded by 0 and 0. "
        "Nothing was changed.")
    assert page.evaluate(READ) == before
    assert page.get_by_label("dilation", exact=True).input_value() == "0"
    page.get_by_label("input size", exact=True).press("End")
    expect(page.locator(ALERT)).to_have_text("")
    assert "x[8,8]" in page.evaluate(READ)


def test_a_smaller_grid_forgets_nothing(page):
    host(page, explore([1, 2, 3, 5, 8], [10, 1], controls=("size", "edit")))
    cell(page, "x[4]").focus()
    page.keyboard.press("9")
    page.keyboard.press("Enter")
    size = page.get_by_label("input size")
    size.press("ArrowLeft")
    size.press("ArrowRight")
    assert page.evaluate(READ)["x[4]"] == "9"


def test_height_and_width_per_axis_and_together(page):
    host(page, explore(X, W, controls=("kernel", "stride")))
    expect(page.get_by_label("kernel height", exact=True)).to_be_visible()  # 2 and 3 differ
    expect(page.get_by_label("stride height", exact=True)).to_be_hidden()
    page.get_by_label("per axis").check()
    page.get_by_label("stride width", exact=True).press("ArrowRight")
    assert page.evaluate("model.get('axes').map(a => a[2])") == [1, 2]
    page.get_by_label("per axis").uncheck()
    expect(page.get_by_label("stride height", exact=True)).to_be_visible()  # 1 and 2 differ now
    page.get_by_label("stride width", exact=True).press("ArrowLeft")
    page.get_by_label("stride", exact=True).press("ArrowRight")
    assert page.evaluate("model.get('axes').map(a => a[2])") == [2, 2]


def test_labels_count_from_one(page):
    host(page, explore(X, W, DY, controls=("labels",), start="dx[1,1]", **OPTIONS))
    page.get_by_label("1", exact=True).check()
    expect(page.locator(LETTERS)).to_contain_text("dx[2,2] = dy[")
    assert page.locator(".explorer-y th").first.inner_text() == "1"
    assert page.evaluate("model.get('selected')") == "dx[1,1]"  # Python counts from 0


def test_presets_and_the_books_examples(page):
    host(page, explore(X, W, controls=("presets",)))
    for name, x, w, dy in EXAMPLES[1:]:
        page.get_by_label("examples").select_option(name)
        right = expected(*map(np.array, (x, w, dy)))
        assert {k: number(v) for k, v in page.evaluate(READ).items()} == right
    page.get_by_label("examples").select_option("ramp in x")
    assert page.evaluate(READ)["x[1,2]"] == "23"


# ------------------------------------------------------------------ typing
def test_a_value_is_edited_in_place_by_mouse(page):
    host(page, explore(X, W, DY, controls=("edit",), **OPTIONS))
    cell(page, "w[1,0]").click()
    cell(page, "w[1,0]").click()
    page.get_by_label("new value of w[1,0]").fill("-2.5")
    page.keyboard.press("Enter")
    w = W.astype(float)
    w[1, 0] = -2.5
    assert {k: number(v) for k, v in page.evaluate(READ).items()} == expected(
        X, w, DY, **OPTIONS)
    assert page.evaluate("[model.get('w'), window.saved > 0]") == [w.tolist(), True]


def test_what_is_no_number_is_refused_and_escape_keeps_the_value(page):
    host(page, explore(X, W, DY, controls=("edit",), **OPTIONS))
    before = page.evaluate(READ)
    cell(page, "x[0,1]").focus()
    page.keyboard.press("7")
    page.get_by_label("new value of x[0,1]").fill("seven")
    page.keyboard.press("Enter")
    expect(page.locator(ALERT)).to_have_text(f"seven is not a number; x[0,1] stays {X[0, 1]}.")
    page.keyboard.press("8")
    page.keyboard.press("Escape")
    assert page.evaluate(READ) == before
    assert page.evaluate("document.activeElement.dataset.key") == "x[0,1]"


def test_nothing_can_be_edited_unless_it_is_named(page):
    host(page, explore(X, W, DY, **OPTIONS))
    cell(page, "x[0,1]").dblclick()
    cell(page, "y[0,1]").press("7")
    expect(page.locator(".explorer input")).to_have_count(0)


def test_closed_cells_open_to_the_right_value_only(page):
    x, w, dy = map(np.array, EXAMPLES[2][1:])
    host(page, explore(x, w, dy, hide="dx", start="dx[1,1]"))
    expect(value(page, "dx[1,1]")).to_have_text("?")
    assert "dy" not in page.locator(LETTERS).inner_text()

    def answer(typed):
        cell(page, "dx[1,1]").press("Enter")
        page.get_by_label("value of dx[1,1]").fill(str(typed))
        page.keyboard.press("Enter")
        return page.locator(ALERT).inner_text()

    assert "dx[1,1] is not 1234. This is the right gradient of the kernel rotated" in answer(1234)
    assert "flips only the first axis" in answer(3412)
    assert "flips only the last axis" in answer(2143)
    assert "transposed the kernel instead of rotating it by 180 degrees" in answer(1324)
    assert answer(7) == "dx[1,1] is not 7. Which products belong to it?"
    assert "stays closed" in answer("dx")
    expect(value(page, "dx[1,1]")).to_have_text("?")
    assert answer(4321) == "dx[1,1] = 4321 is right."
    expect(value(page, "dx[1,1]")).to_have_text("4321")
    expect(value(page, "dx[0,1]")).to_have_text("?")
    expect(page.locator(NUMBERS)).to_have_text("= 1·1 + 2·10 + 3·100 + 4·1000 = 4321")


def test_the_table_does_not_give_a_closed_cell_away(page):
    host(page, explore([1, 2, 3, 5], [10, 1], [2, 4, 7], hide="dx[1]",
                       show=("table", "dx", "dy", "w")))
    page.get_by_role("button", name="add up by input").click()
    assert [line[3:] for line in lines(page)][:4] == [
        ("2·10 = 20", "dx[0] = 20"), ("", ""), ("", "dx[1] = ?"), ("4·1 = 4", "4")]
    assert page.evaluate(POINT, "row[1]")[1] == ""
    page.locator(".explorer-listing summary").click()
    cell(page, "dy[0]").hover()  # its second product goes to the closed cell
    assert page.locator(".explorer-listing tbody tr").all_inner_texts() == [
        "0\t0\t0\tdy[0]·w[0]\t2·10 = 20"]


def test_under_true_convolution_no_flip_is_diagnosed(page):
    x, w, dy = map(np.array, EXAMPLES[2][1:])
    host(page, explore(x, w, dy, hide="dx", controls="convention"))
    page.get_by_label("true convolution").check()
    for typed, words in ((4321, "Which products belong to it?"), (1234, "1234 is right.")):
        cell(page, "dx[1,1]").press("Enter")
        page.get_by_label("value of dx[1,1]").fill(str(typed))
        page.keyboard.press("Enter")
        expect(page.locator(ALERT)).to_contain_text(words)


def test_what_is_shown_is_accepted(page):
    host(page, explore([3.7037037, 1.0], [3.3333333], [1.0, 1.0], hide="y"))
    cell(page, "y[0]").press("Enter")
    page.get_by_label("value of y[0]").fill("12.346")
    page.keyboard.press("Enter")
    expect(page.locator(ALERT)).to_have_text("y[0] = 12.346 is right.")


def test_looking_at_a_value_in_its_field_does_not_round_it(page):
    host(page, explore([0.123456789, 123456.7], [1.0], controls="edit"))
    for key, shown in (("x[0]", "0.12346"), ("x[1]", "123457")):
        expect(value(page, key)).to_have_text(shown)
        cell(page, key).click()
        cell(page, key).click()
        page.keyboard.press("Enter")
    assert page.evaluate("model.get('x')") == [0.123456789, 123456.7]


@pytest.mark.parametrize("typed,stays", [("1,000x", True), ("0x10", True), ("2000000", True),
                                         ("−2,5", False), ("1e2", False)])
def test_forms_of_numbers(page, typed, stays):
    host(page, explore([3, 1], [1], controls="edit"))
    cell(page, "x[0]").press("7")
    page.get_by_label("new value of x[0]").fill(typed)
    page.keyboard.press("Enter")
    assert (page.evaluate("model.get('x')[0]") == 3) == stays
    assert bool(page.locator(ALERT).inner_text()) == stays


def test_rounding_leaves_no_dust(page):
    host(page, explore([0.1, 0.2, 0.3], [1, 1, -1], [1.0]))
    assert page.evaluate(POINT, "y[0]")[1] == "= 0.1·1 + 0.2·1 + 0.3·(−1) = 0"


# ------------------------------------------------------------------ matrices
@pytest.mark.parametrize("name", ["M_x", "M_w"])
def test_matrix_entries_and_cells_light_each_other(page, name):
    host(page, explore(X, W, DY, show=("x", "w", "y", name), **OPTIONS))
    matrix = TABLE.image_matrix(X) if name == "M_x" else TABLE.filter_matrix(W)
    shown = {k: v for k, v in page.evaluate(READ).items() if k.startswith("M_")}
    assert len(shown) == matrix.size
    across, entry = (("tap", W.shape), "inp") if name == "M_x" else (("inp", X.shape), "tap")
    rows = {(np.ravel_multi_index(row.out, DY.shape),
             np.ravel_multi_index(getattr(row, across[0]), across[1])): row
            for row in TABLE.rows()}
    for r, c in np.ndindex(matrix.shape):
        text = shown[f"{name}[{r},{c}]"]
        assert text == (minus(matrix[r, c]) if (r, c) in rows else "")
    for (r, c), row in [*rows.items()][::9]:
        letters, numbers = page.evaluate(POINT, f"{name}[{r},{c}]")
        at = getattr(row, entry)
        assert letters.endswith(f": {'x' if entry == 'inp' else 'w'}[{at[0]},{at[1]}]")
        assert numbers.startswith(f"= {minus(matrix[r, c])}; y[{row.out[0]},{row.out[1]}] gets ")
        lit = {key for key, _ in page.evaluate(LIT)}
        assert lit == {f"{name}[{r},{c}]", *(f"{n}[{a[0]},{a[1]}]" for n, a in (
            ("y", row.out), ("w", row.tap), ("x", row.inp)))}
    empty = next(rc for rc in np.ndindex(matrix.shape) if rc not in rows)
    assert "does not read" in page.evaluate(POINT, f"{name}[{empty[0]},{empty[1]}]")[1]
    page.evaluate(POINT, "y[1,2]")
    line = {key for key, _ in page.evaluate(LIT) if key.startswith("M_")}
    number_of = np.ravel_multi_index((1, 2), DY.shape)
    assert line == {f"{name}[{r},{c}]" for r, c in rows if r == number_of}


# ------------------------------------------------------------------ Python, and everybody else
def test_python_may_set_arrays_and_cells(page):
    host(page, explore(X, W, DY, **OPTIONS))
    page.evaluate("model.set('selected', 'dw[0,0]')")
    expect(page.locator(LETTERS)).to_have_text(sum_of("dw[0,0]", ARRAYS, TABLE)[0])
    page.evaluate("x => model.set('x', x)", (X + 1).tolist())
    page.wait_for_timeout(50)
    assert {k: number(v) for k, v in page.evaluate(READ).items()} == expected(
        X + 1, W, DY, **OPTIONS)


def test_the_table_follows_presets_python_and_a_second_view(page):
    host(page, explore([1, 2, 3, 5], [10, 1], [2, 4, 7], show=("table", "x", "y"),
                       controls=("presets", "steps")))
    page.evaluate("void window.show()")
    page.evaluate("model.set('x', [9, 9, 9, 9])")
    totals = page.locator(".explorer-table tbody tr:nth-child(2)")
    for table in totals.all():
        expect(table).to_contain_text("y[0] = 99")
    first = page.locator(".explorer").first
    first.get_by_label("examples").select_option("ramp in x")
    for table in totals.all():
        expect(table).to_contain_text("y[0] = 12")
    first.get_by_role("button", name="add up by input").click()
    assert page.evaluate("new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size"
                         " === document.querySelectorAll('[id]').length")


def test_python_may_resize_while_the_reader_types(page):
    host(page, explore([1, 2, 3, 5], [10, 1], controls="edit"))
    cell(page, "x[3]").press("7")
    page.evaluate("""map => {
        model.set('maps', {...model.get('maps'), '2/2/1/0/1/0': map});
        model.set('x', [4, 6]);
        model.set('dy', [1]);
        model.set('axes', [[2, 2, 1, 0, 1, 0]]); }""", packed(2, 2, 1, 0, 1, 0))
    expect(value(page, "y[0]")).to_have_text("46")
    expect(page.locator(".explorer-plane input")).to_have_count(0)


def test_a_view_that_is_gone_hears_nothing(page):
    host(page, explore([1, 2, 3, 5], [10, 1], [2, 4, 7], controls="steps"))
    page.get_by_role("button", name="play").click()
    page.evaluate("() => { window.away(); document.querySelector('.explorer').remove(); }")
    page.evaluate("() => { model.set('x', [1, 1, 1, 1]); model.set('selected', 'y[0]'); }")
    page.wait_for_timeout(700)


def test_the_focus_stays_in_the_table_while_it_plays_and_the_line_is_in_sight(page):
    host(page, explore(X, W, DY, show=("table", "y"), controls="steps", **OPTIONS))
    cell(page, "row[3]").focus()
    page.evaluate("""() => { for (let n = 0; n < 40; n++) [...document.querySelectorAll(
        '.explorer-steps button')].find(b => b.textContent === 'forward').click(); }""")
    assert page.evaluate("document.activeElement.dataset.key") == "row[3]"
    page.evaluate("document.activeElement.blur()")
    page.get_by_role("button", name="forward").click()
    page.wait_for_timeout(100)
    box, line = (page.locator(f".explorer-{c}").bounding_box() for c in (
        "table .explorer-scroll", "table tr.explorer-lit >> nth=0"))
    assert box["y"] <= line["y"] <= box["y"] + box["height"]


def test_it_opens_with_the_pinned_sum_in_sight(page):
    host(page, explore(X, W, DY, start="dx[3,3]", show=("table", "dx"), **OPTIONS))
    page.wait_for_timeout(200)
    box, line = (page.locator(f".explorer-table {c}").first.bounding_box() for c in (
        ".explorer-scroll", "tr.explorer-lit"))
    assert box["y"] <= line["y"] <= box["y"] + box["height"] - line["height"]
    assert page.locator(".explorer-said").bounding_box()["height"] <= 180


def test_nothing_moves_under_the_pointer(page):
    page.set_viewport_size({"width": 360, "height": 900})
    host(page, explore(X * 100, W, DY, show=(*PANELS[:7], "M_x"), controls="edit", **OPTIONS))
    page.wait_for_timeout(100)
    tops = set()
    for key in [*GRADIENTS[::5], "db", "w[0,0]", "x[1,1]", "M_x[3,2]"]:
        page.evaluate(POINT, key)
        tops.add(str(page.locator(".explorer-panels").bounding_box()))
        tops.add(str(page.locator(".explorer-x").bounding_box()))
    assert len(tops) == 2


@pytest.mark.parametrize("theme, width", [("light", 1200), ("dark", 360)])
def test_axe_finds_nothing(page, theme, width):
    page.set_viewport_size({"width": width, "height": 900})
    host(page, explore(X, W, DY, show=PANELS, controls=CONTROLS, start="dx[3,3]", hide="db",
                       **OPTIONS), theme)
    page.locator(".explorer-listing summary").click()
    cell(page, "dx[3,3]").focus()
    page.evaluate("void window.show()")  # two of them on one page
    settled(page)
    page.add_script_tag(path=ROOT / "node_modules/axe-core/axe.min.js")
    found = page.evaluate("async () => (await axe.run()).violations")
    assert [f"{v['id']}: {n['html'][:90]} {n['failureSummary']}" for v in found
            for n in v["nodes"][:3]] == []


def test_every_control_keeps_its_keys(page):
    host(page, explore(X, W, DY, show=PANELS, controls=CONTROLS, **OPTIONS))
    bare = page.evaluate("""[...document.querySelectorAll(
        '.explorer :is(input, button, select, summary, [tabindex])')].filter(
        e => e.dataset.lmSuppressShortcuts !== 'true').map(e => e.outerHTML.slice(0, 80))""")
    assert bare == []


@pytest.mark.parametrize("motion,moving", [("reduce", False), ("no-preference", True)])
def test_rows_travel_unless_the_reader_wants_no_motion(chromium, motion, moving):
    context = chromium.new_context(reduced_motion=motion)
    page = context.new_page()
    host(page, explore([1, 2, 3, 5], [10, 1], [2, 4, 7], show=("table",)))
    moved = page.evaluate("""() => {
        [...document.querySelectorAll('button')].find(b => /tap/.test(b.textContent)).click();
        return document.getAnimations().length; }""")
    assert (moved > 0) == moving
    context.close()
