"""What only some pages of the built site do: the way in, downloads, the explorer's page in full."""

import re

import nbformat
import numpy as np
import pytest
from crawl import ROOT, SITE
from explorers import sum_of, sweep
from playwright.sync_api import expect
from visits import SHOWN, until

from convlib import conv1d, conv1d_backward, conv2d, kernel_map
from figures.explorer import CONTROLS, explore

pytestmark = pytest.mark.browser
CHAPTERS = sorted(path.stem for path in (ROOT / "chapters").glob("*.ipynb"))


@pytest.mark.parametrize("way", ["http", "file"])
def test_the_cover_groups_its_products_and_leads_to_the_first_chapter(visit, address, way):
    page, wrong = visit(f"{address if way == 'http' else SITE.as_uri()}/index.html")
    table = page.locator(".cover-table")
    x, w, dy = np.array([1, 2, 3, 5]), np.array([10, 1]), np.array([2, 4, 7])
    sums = conv1d_backward(dy, x, w)._asdict() | {"y": conv1d(x, w)}
    for name, of in [("x", "dx"), ("w", "dw"), ("y", "y")]:
        table.locator(f"button[data-by={of}]").press("Enter")
        expect(table.locator("button[aria-pressed=true]")).to_contain_text(of)
        said = [words for words in table.locator(".sum").all_text_contents() if words]
        assert said == [f"{of}[{n}] = {value}" for n, value in enumerate(sums[of])], name
        opens = table.locator("tr.opens").evaluate_all("rows => rows.map(row => row.rowIndex)")
        assert len(opens) == len(sums[of]) and opens == sorted(opens) and opens[0] == 1
    page.get_by_role("link", name="Start reading").click()
    page.wait_for_url("**/chapters/00_start_here.html")
    page.wait_for_load_state("networkidle")
    assert wrong == []


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_the_first_screen_of_the_cover_says_for_whom_the_book_is(visit, address, size):
    page, _ = visit(f"{address}/index.html")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    parts = [page.get_by_text("This book is for you if"), page.get_by_text("Start reading"),
             page.get_by_text("Every product in a convolutional layer")]
    for part in parts:  # and what the book is about is still seen there
        box = part.bounding_box()
        assert box["y"] > 0 and box["y"] + box["height"] <= size[1]
    assert parts[0].count() == 1


def test_every_chapter_has_its_card_with_a_drawing_and_the_minutes_it_states(visit, address):
    page, _ = visit(f"{address}/index.html")
    cards = page.locator(".cover-cards a")
    minutes = {}
    for name in CHAPTERS:
        text = nbformat.read(ROOT / "chapters" / f"{name}.ipynb", as_version=4).cells[0].source
        if said := re.search(r"\*\*Time\*\* \| (\d+) minutes", text):
            minutes[f"chapters/{name}.html"] = f"{said[1]} min"
    shown = {card.get_attribute("href"): card.locator(".cover-time").text_content()
             for card in cards.all() if card.locator(".cover-time").count()}
    assert shown == minutes and len(minutes) > 12
    assert all(card.locator("svg > *").count() > 2 for card in cards.all())


def test_a_chapter_is_downloaded_as_it_is_kept():
    for name in CHAPTERS:
        page = SITE / "chapters" / f"{name}.html"
        (offered,) = set(re.findall(rf'href="([^"]*{name}\.ipynb)"', page.read_text("utf-8")))
        kept = ROOT / "chapters" / f"{name}.ipynb"
        assert (page.parent / offered).read_bytes() == kept.read_bytes()


@pytest.mark.parametrize("way", ["http", "file"])
def test_the_explorer_lives_without_a_kernel(visit, address, way):
    """Pointed at by mouse, walked by keyboard, stepped, edited, resized; checked with convlib."""
    page, wrong = visit(
        f"{address if way == 'http' else SITE.as_uri()}/chapters/explorer.html")
    explorer = page.locator(".explorer").first
    x, w = np.arange(1, 26).reshape(5, 5) % 10, np.array([[1000, 100], [10, 1]])
    dy = np.arange(1, 17).reshape(4, 4)
    table, arrays = kernel_map(x.shape, w.shape), {"x": x, "w": w, "dy": dy}
    said = [explorer.locator(f".explorer-{part}") for part in ("letters", "numbers")]

    def cell(key):
        return explorer.locator(f'[data-key="{key}"]')

    def says(key):
        for place, words in zip(said, sum_of(key, arrays, table), strict=True):
            expect(place).to_have_text(words)

    says("dx[2,2]")  # it opens with this cell
    cell("dw[0,1]").hover()
    says("dw[0,1]")
    cell("y[1,1]").focus()
    page.keyboard.press("ArrowRight")
    says("y[1,2]")
    if way == "http":  # the same script
        sweep(explorer, explore(x, w, dy, controls=CONTROLS))
    x[1, 2] = 42
    cell("x[1,2]").press("4")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    cell("y[1,2]").focus()
    says("y[1,2]")
    explorer.get_by_role("button", name="restart").click()
    explorer.get_by_role("button", name="forward").click()
    expect(cell("dx[0,0]").locator(".explorer-value")).to_have_text(f"{dy[0, 0] * w[0, 0]}")
    explorer.get_by_role("button", name="all").click()
    explorer.get_by_label("stride", exact=True).press("ArrowRight")
    strided = conv2d(x, w, stride=2)
    expect(cell("y[1,1]").locator(".explorer-value")).to_have_text(str(strided[1, 1]))
    matrices = page.locator(".explorer:has(.explorer-M_w)")
    matrices.locator('[data-key="M_w[0,5]"]').hover()
    expect(matrices.locator(".explorer-letters")).to_have_text(
        "M_w[0,5], row of y[0,0], column of x[1,1]: w[1,1]")
    assert wrong == []


@pytest.mark.parametrize("name", ["index", "chapters/explorer", "chapters/04_kernel_gradient"])
def test_a_phone_shows_a_page_in_its_own_width(chromium, address, name):
    """What lies beside a page, seen or not, makes a phone show all of it smaller."""
    context = chromium.new_context(has_touch=True, is_mobile=True,
                                   viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{address}/{name}.html")
    until(page, SHOWN)
    assert page.evaluate("innerWidth") == 390
    context.close()
