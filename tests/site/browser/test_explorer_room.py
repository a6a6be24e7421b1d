"""What stays in place and in sight: on a phone, at play, magnified; and what is heard."""

import numpy as np
import pytest
from explorers import MAIN, POINT, W, X, cell, host, press, settled
from playwright.sync_api import expect

from figures.explorer import explore

BARE = True
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_error")]
LETTERS, NUMBERS = ".explorer-letters", ".explorer-numbers"


def bare(page, widget, width, height):
    """A window of this size, in which only the explorer stands."""
    page.set_viewport_size({"width": width, "height": height})
    host(page, widget)
    page.add_style_tag(content="h1 {display: none} body {margin: 0 8px}")
    settled(page)


# ------------------------------------------------------------------ a phone
WHOLE = """() => {
  const [said, letters, numbers] = ['said', 'letters', 'numbers']
      .map(c => document.querySelector(`.explorer-${c}`).getBoundingClientRect());
  return [numbers.top >= said.top && numbers.bottom <= said.bottom, numbers.top < letters.top];
}"""


@pytest.mark.parametrize("width", [360, 390, 430])
def test_on_a_phone_the_numbers_of_a_sum_come_first_and_whole(page, width):
    large = explore(X, 111 * np.arange(1, 10).reshape(3, 3), **MAIN)
    bare(page, large, width, 844)
    for key in ("dx[2,2]", "dx[0,0]", "y[1,1]", "dw[0,2]"):
        page.evaluate(POINT, key)
        assert page.evaluate(WHOLE) == [True, True], key
        name = page.locator(NUMBERS).evaluate("e => getComputedStyle(e, '::before').content")
        assert key in name
        # the legend of the tags stands elsewhere
        expect(page.locator(".explorer-said .explorer-note")).to_be_hidden()
        expect(page.locator(".explorer-below")).to_contain_text("Small numbers")
    page.evaluate(POINT, "x[1,1]")  # no sum: the words come first
    assert page.evaluate(WHOLE)[1] is False


def test_restart_leaves_no_old_sum(chromium):
    context = chromium.new_context(has_touch=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    host(page, explore(X, W, **MAIN))
    settled(page)
    cell(page, "dx[1,2]").tap()
    expect(page.locator(LETTERS)).to_contain_text("dx[1,2] = ")
    for _ in range(2):  # the walk is spoken of, not the cell that was tapped before
        page.get_by_role("button", name="forward").tap()
    expect(page.locator(LETTERS)).to_contain_text("dx[0,1] = ")
    page.get_by_role("button", name="restart").tap()
    expect(page.locator(LETTERS)).to_have_text("")
    expect(page.locator(NUMBERS)).to_contain_text("No product is added up yet")
    assert page.locator(".explorer-lit, .explorer-active").count() == 0
    page.get_by_role("button", name="all").tap()
    expect(page.locator(LETTERS)).to_contain_text("dx[1,2] = ")  # it is still chosen
    context.close()


def test_the_walk_is_spoken_of_when_the_keys_have_left_a_cell(page):
    host(page, explore(X, W, show=("x", "w", "y"), controls="steps"))
    cell(page, "x[1,1]").focus()
    page.get_by_role("button", name="forward").press("Enter")
    expect(page.locator(LETTERS)).to_contain_text("y[0,0] = ")


# ------------------------------------------------------------------ play
# grids and table on the page, all else within its bar, which may stand still or slide
PLACES = """() => JSON.stringify([...document.querySelectorAll(
    '.explorer :is(.explorer-grids table, .explorer-table, .explorer-said, button, input, select)')]
    .map(e => {
      const [r, bar] = [e.getBoundingClientRect(), e.closest('.explorer-view, .explorer-controls')];
      const from = (bar ?? document.querySelector('.explorer')).getBoundingClientRect();
      const inside = e.matches('.explorer-said') ? 0 : r.top - from.top;
      return [r.left - from.left + (bar?.scrollLeft ?? 0), inside, r.width, r.height];
    }).map(numbers => numbers.map(Math.round)))"""
PLAYED = """async places => {
  const read = eval(places);
  const press = name => [...document.querySelectorAll('.explorer button')]
      .find(b => b.textContent === name).click();
  const seen = new Set();
  press('restart');
  press('play');
  const count = document.querySelector('.explorer-count');
  while (!/^(\\d+) of \\1 /.test(count.textContent)) {
    await new Promise(requestAnimationFrame);
    seen.add(read());
  }
  return [...seen];
}"""


@pytest.mark.parametrize("width, digits", [(1264, 1), (944, 1000), (674, 1), (374, 1000)])
def test_nothing_moves_while_it_plays_with_heat_and_without(page, width, digits):
    x = np.where(X % 2, X, -X) * digits
    bare(page, explore(x, W, **MAIN), width, 800)
    before = page.evaluate(PLACES)
    page.get_by_label("steps per second").press("End")
    assert page.evaluate(PLAYED, PLACES) == [before]
    press(page, "add up by input")
    press(page, "heat")
    settled(page)
    assert page.evaluate(PLAYED, PLACES) == [before]
    press(page, "play")
    press(page, "heat")  # off, in the midst of it
    settled(page)
    assert page.evaluate(PLACES) == before


def test_a_switch_that_is_on_is_as_wide_as_one_that_is_off(page):
    bare(page, explore(X, W, **MAIN), 1264, 800)
    across = """[...document.querySelectorAll('.explorer-view :is(button, input, select)')]
        .map(e => e.getBoundingClientRect()).map(r => [r.left, r.width])"""
    before = page.evaluate(across)
    for name in ("heat", "symbols", "draw on x", "add up by tap", "add up by output", "play"):
        press(page, name)
        settled(page)
        assert page.evaluate(across) == before, name


def test_the_tint_of_a_cell_does_not_change_when_others_are_found(page):
    bare(page, explore([[1, 2, 30]], [[1, 1]], show=("x", "w", "y"), controls=("heat", "steps")),
         1264, 800)
    press(page, "heat")
    heat = """document.querySelector('[data-key="y[0,0]"]').style.getPropertyValue('--heat')"""
    press(page, "restart")
    press(page, "forward")
    assert page.evaluate(heat) == "9%"  # 3 of 32, which is not there yet
    press(page, "forward")
    assert page.evaluate(heat) == "9%"


# ------------------------------------------------------------------ forced colours
def test_heat_is_a_bar_where_colours_are_forced(chromium):
    context = chromium.new_context(forced_colors="active")
    page = context.new_page()
    host(page, explore([[4, -8, 0]], [[1, 1]], show=("x", "y"), controls="heat"))
    bars = """[...document.querySelectorAll('.explorer-x td[data-key]')].map(td => {
        const { backgroundSize, backgroundImage, forcedColorAdjust } = getComputedStyle(td);
        return [backgroundSize, /repeating/.test(backgroundImage), forcedColorAdjust]; })"""
    assert page.evaluate(bars)[0][2] == "auto"
    press(page, "heat")
    assert page.evaluate(bars) == [["50% 5px", False, "none"], ["100% 5px", True, "none"],
                                   ["0% 5px", False, "none"]]
    # the legend has the same stripes, and its colours are the system's
    scale = page.locator(".explorer-scale").evaluate(
        "e => [getComputedStyle(e).forcedColorAdjust, getComputedStyle(e).backgroundImage]")
    assert scale[0] == "none" and "repeating" in scale[1]
    context.close()


# ------------------------------------------------------------------ small windows, 200 %
HIDDEN = """selector => [...document.querySelectorAll(selector)].filter(e => {
    if (!e.checkVisibility()) return false;
    const { left, top, width, height } = e.getBoundingClientRect();
    return !e.contains(document.elementFromPoint(left + width / 2, top + height / 2)); })
    .map(e => e.dataset.key ?? e.outerHTML.slice(0, 60))"""


@pytest.mark.parametrize("size", [(960, 752), (1264, 800), (1384, 900)])
@pytest.mark.parametrize("more", [(), ("heat",), ("symbols",)])
def test_no_cell_is_below_the_sum_or_the_controls(page, size, more):
    bare(page, explore(X, W, **MAIN), *size)
    for name in more:
        press(page, name)
    settled(page)
    assert page.evaluate(HIDDEN, ".explorer-grids td[data-key]") == []
    assert page.evaluate(HIDDEN, ".explorer :is(.explorer-controls, .explorer-view) button") == []


@pytest.mark.parametrize("size", [(1280, 800), (960, 752)])
def test_on_its_own_page_of_the_site_grids_sum_and_controls_are_seen_at_once(visit, address, size):
    page, wrong = visit(f"{address}/chapters/explorer.html")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    first = page.locator(".explorer").first
    expect(first.locator('td[data-key="dx[2,2]"]')).to_be_visible()
    first.evaluate("e => e.classList.add('first')")
    settled(page)
    first.evaluate("e => e.scrollIntoView({behavior: 'instant'})")  # as a link to it does
    assert page.evaluate(HIDDEN, ".first .explorer-grids td[data-key]") == []
    assert page.evaluate(HIDDEN, ".first :is(.explorer-controls, .explorer-view) :is(button, "
                                 "select, input)") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert wrong == []


@pytest.mark.parametrize("way", ["browser", "style"])
def test_magnified_twice_every_cell_and_its_sum_are_seen_together(chromium, way):
    small = way == "browser"
    size = {"width": 640, "height": 400} if small else {"width": 1280, "height": 800}
    context = chromium.new_context(viewport=size, device_scale_factor=2 if small else 1)
    page = context.new_page()
    host(page, explore(X, W, **MAIN))
    if not small:
        page.evaluate("document.body.style.zoom = 2")
    settled(page)
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    said = page.locator(".explorer-said")
    for name in ("x", "w", "y", "dy", "dx", "dw"):
        for key in (f"{name}[0,0]", f"{name}[1,1]"):
            cell(page, key).focus()
            settled(page)
            seen = page.evaluate(HIDDEN, f'[data-key="{key}"]')
            assert seen == [], f"{key} is below another"
            box = said.bounding_box()
            assert 0 <= box["y"] and box["y"] + box["height"] <= size["height"] + 1
            if name in ("y", "dx", "dw"):
                assert page.evaluate(WHOLE) == [True, True], key
    below = page.evaluate("""async hidden => {
        const all = [...document.querySelectorAll('.explorer :is(button, select, input)')];
        const found = all.filter(e => e.checkVisibility()).flatMap(e => {
            e.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
            e.classList.add('tried');
            const below = eval(hidden)('.tried');
            e.classList.remove('tried');
            return below; });
        return found; }""", HIDDEN)
    assert below == []
    context.close()


# ------------------------------------------------------------------ what is heard
def tree(page):
    """(role, name, properties) of what a screen reader meets."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    return [(node["role"]["value"], node.get("name", {}).get("value", ""),
             {one["name"]: one["value"].get("value") for one in node.get("properties", [])})
            for node in nodes if not node["ignored"]]


def test_the_accessibility_tree_has_names_grids_and_one_voice(page):
    host(page, explore(X, W, **MAIN))
    for name in ("add up by output", "restart", "forward"):
        press(page, name)
    cell(page, "dx[1,2]").focus()
    settled(page)
    nodes = tree(page)
    named = {"button", "slider", "combobox", "radio", "checkbox", "grid", "gridcell", "row",
             "columnheader", "rowheader", "DisclosureTriangle"}
    unnamed = [role for role, name, _ in nodes if role in named and not name.strip()]
    assert set(unnamed) <= {"gridcell"}  # what the walk has not written into the table yet
    assert len(unnamed) == page.locator(".explorer-table tbody td:empty").count()
    grids = [name for role, name, _ in nodes if role == "grid"]
    assert grids == ["x", "w", "y", "dy", "dx", "dw", "db", "table of products"]
    cells = [name for role, name, _ in nodes if role == "gridcell"]
    for name, count in (("dx[1,2] = 7632", 1), ("y[0,1], empty", 1), ("db = 136", 1),
                        ("y[0,0] = 1267", 2)):  # in its grid, and at its end in the table
        assert cells.count(name) == count, name
    groups = [name for role, name, _ in nodes if role == "group"]
    for name in ("Gradient explorer", "the layer", "step through the products", "the sum",
                 "order of the products", "dx input gradient"):
        assert groups.count(name) == 1, name
    pressed = {name: more.get("pressed") for role, name, more in nodes if role == "button"}
    assert pressed["add up by output"] == "true" and pressed["heat"] == "false"
    sliders = {name for role, name, _ in nodes if role == "slider"}
    assert {"stride", "padding", "dilation", "steps per second"} <= sliders
    assert page.evaluate("""[...document.querySelectorAll('.explorer-slider')]
        .filter(e => e.querySelector('output')).filter(e => e.querySelector('output').textContent
            !== e.querySelector('input').getAttribute('aria-valuetext')).length""") == 0
    # what speaks: the sum, an alert, and what is said of copying; no slider speaks twice
    voices = [role for role, _, more in nodes if role in ("status", "alert", "log")]
    assert sorted(voices) == ["alert", "status", "status"]
    sums = [name for role, name, _ in nodes if role == "StaticText"
            and name.startswith("dx[1,2] = dy")]
    assert len(sums) == 1


def test_while_it_plays_the_sum_is_not_read_out_and_where_it_stops_it_is_once(page):
    host(page, explore(X[:3], W, show=("x", "w", "y"), controls="steps"))
    page.evaluate("""() => {
        const status = document.querySelector('.explorer-sum');
        window.heard = [];
        new MutationObserver(() => status.getAttribute('aria-live') === 'off'
            || heard.push(status.textContent))
            .observe(status, {childList: true, characterData: true, subtree: true});
    }""")
    page.get_by_label("steps per second").press("End")
    press(page, "play")
    expect(page.get_by_role("button", name="play")).to_be_visible()
    expect(page.locator(".explorer-count")).to_have_text("32 of 32 products")
    expect(page.get_by_role("button", name="play")).to_be_visible()
    heard = page.evaluate("heard")
    assert len(heard) == 1 and heard[0].startswith("y[1,3] = "), heard
    press(page, "back")
    assert page.evaluate("heard.length") == 2
    press(page, "play")
    page.wait_for_function("heard.length > 2")
    assert page.evaluate("heard.length") == 3
