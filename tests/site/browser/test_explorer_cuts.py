"""Nothing of an explorer is cut: its titles, its sum, the lines of its table, a row of controls."""

import numpy as np
import pytest
from cuts import cut
from explorers import MAIN, POINT, W, X, cell, host, settled

from figures.explorer import explore

BARE = True
pytestmark = pytest.mark.browser
SIZES = [(1280, 800), (390, 844)]


@pytest.mark.parametrize("size", SIZES)
def test_a_long_sum_has_whole_lines_and_says_that_it_goes_on(page, size):
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    host(page, explore(X, W, **MAIN))
    settled(page)
    said = page.locator(".explorer-said")
    shown = said.evaluate("e => (e.clientHeight - parseFloat(getComputedStyle(e).paddingTop)"
                          " - parseFloat(getComputedStyle(e).paddingBottom)) / 20")
    assert shown == round(shown) >= 4
    more = "e => getComputedStyle(e).borderBottomStyle === 'dotted'"
    assert said.evaluate(more) is False
    page.evaluate(POINT, "dw[0,0]")  # sixteen products
    settled(page)
    assert said.evaluate(more) is True
    said.evaluate("e => e.scrollTo(0, 999)")
    settled(page)
    assert said.evaluate(more) is False


# wide and high matrices, a lattice with many rows, a sum whose table is wider than a phone
BEYOND = {
    "matrices": (np.arange(12).reshape(3, 4), W, {"show": ("x", "w", "y", "M_x", "M_w"),
                                                  "start": "y[1,1]"}),
    "lattice": (range(9), [100, 10, 1], {"show": ("x", "w", "y", "lattice"), "start": "y[2]"}),
    "long lattice": (range(9), range(9), {"show": ("x", "w", "y", "lattice"), "padding": 4}),
    "listing": (10_000 * X, 999 * W, {"start": "y[0,0]"}),
    "channels": (np.ones((2, 3, 3)), np.ones((2, 2, 2, 2)), {"start": "dx[0,1,1]"}),
}


@pytest.mark.parametrize("name", BEYOND)
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_a_box_that_scrolls_has_a_dotted_edge_until_its_end(page, name, size):
    x, w, options = BEYOND[name]
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    host(page, explore(x, w, **options))
    assert cut(page) == []
    page.evaluate("""() => document.querySelectorAll('.explorer-plane, .explorer-scroll')
        .forEach(box => box.scrollTo(999, 0))""")
    settled(page)
    assert page.locator(":is(.explorer-plane, .explorer-scroll).explorer-more-right").count() == 0


def test_on_a_phone_the_lattice_is_whole(page):
    page.set_viewport_size({"width": 390, "height": 844})
    x, w, options = BEYOND["lattice"]
    host(page, explore(x, w, **options))
    settled(page)
    box = page.locator(".explorer-lattice-box")
    assert box.evaluate("e => e.scrollHeight - e.clientHeight") == 0


def test_nothing_is_seen_through_the_controls_that_stand_still(page):
    page.set_viewport_size({"width": 390, "height": 844})
    host(page, explore(X, W, **MAIN))
    settled(page)
    strips = page.locator(".explorer-tall :is(.explorer-controls, .explorer-view)")
    assert strips.evaluate_all("""all => all.map(e => getComputedStyle(e))
        .map(s => [s.position, s.maskImage])""") == [["sticky", "none"]] * 2
    # the row that stays above is above the row that scrolls away under it
    above, below = strips.evaluate_all("all => all.map(e => Number(getComputedStyle(e).zIndex))")
    assert above > below


def test_a_cell_that_a_finger_enlarges_is_whole(chromium):
    context = chromium.new_context(has_touch=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    host(page, explore(X, W, **MAIN))
    settled(page)
    for key in ("dx[0,0]", "dx[4,4]", "x[4,0]", "dw[0,1]"):
        cell(page, key).tap()
        settled(page)
        cut = cell(page, key).evaluate("""td => {
            const [a, b] = [td, td.closest('.explorer-plane')].map(e => e.getBoundingClientRect());
            return [b.left - a.left, b.top - a.top, a.right - b.right, a.bottom - b.bottom]; }""")
        assert max(cut) <= 0, key
    context.close()
