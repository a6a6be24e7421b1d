"""The built site in Chromium, served over http and opened as files: it needs nobody else."""

import functools
import http.server
import re
import threading
from pathlib import Path

import numpy as np
import pytest
from explorers import sum_of, sweep
from playwright.sync_api import expect

from convlib import conv2d, kernel_map
from figures.explorer import CONTROLS, explore

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build/html"
CHAPTERS = sorted(path.stem for path in (ROOT / "chapters").glob("*.ipynb"))
OWN = ("http://127.0.0.1:", "file://", "data:", "blob:")
CUT_OFF = """[...document.querySelectorAll('.bd-article :is(mjx-container, table, pre, img)')]
    .filter(wide => wide.getBoundingClientRect().right > innerWidth)
    .filter(wide => {
        for (let box = wide; box.className !== 'bd-article'; box = box.parentElement)
            if (/auto|scroll/.test(getComputedStyle(box).overflowX)
                && getComputedStyle(box).display !== 'inline') return false;
        return true; })
    .map(wide => wide.outerHTML.slice(0, 100))"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def addresses():
    """Where the site's folder is found: served, and on the disk."""
    assert SITE.exists(), "the site is not built: run make book"
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield {"http": f"http://127.0.0.1:{server.server_port}", "file": SITE.as_uri()}
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["http", "file"])
def open_page(request, chromium, addresses):
    """open_page(name) -> (page, what went wrong): the page has loaded and drawn its widgets."""
    contexts = []

    def open_page(name, **options):
        contexts.append(chromium.new_context(**options))
        page, wrong = contexts[-1].new_page(), []
        page.on("request", lambda r: r.url.startswith(OWN) or wrong.append(f"asked {r.url}"))
        page.on("requestfailed", lambda r: wrong.append(f"did not get {r.url}"))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda m: m.type != "error" or "favicon.ico" in m.location["url"]
                or wrong.append(f"{m.text} {m.location['url']}"))
        page.goto(f"{addresses[request.param]}/{name}")
        page.wait_for_function("!document.querySelector('.math') || "
                               "window.MathJax?.startup?.promise?.then(() => true)")
        page.wait_for_function("!document.querySelector('script[type$=\"widget-view+json\"]') || "
                               "window.widgets?.then(() => true)")
        return page, wrong

    yield open_page
    for context in contexts:
        context.close()


def test_the_root_leads_to_the_first_chapter(open_page):
    page, wrong = open_page("index.html")
    page.wait_for_url("**/chapters/00_start_here.html")
    page.wait_for_load_state("networkidle")
    assert wrong == []


def test_a_chapter_is_downloaded_as_it_is_kept():
    for name in CHAPTERS:
        page = SITE / "chapters" / f"{name}.html"
        (offered,) = set(re.findall(rf'href="([^"]*{name}\.ipynb)"', page.read_text("utf-8")))
        kept = ROOT / "chapters" / f"{name}.ipynb"
        assert (page.parent / offered).read_bytes() == kept.read_bytes()


@pytest.mark.parametrize("name", CHAPTERS)
def test_page(open_page, name):
    page, wrong = open_page(f"chapters/{name}.html", viewport={"width": 400, "height": 800})
    formulas = page.locator(".math").count()
    assert page.locator("mjx-container").count() >= formulas
    assert page.locator("mjx-merror").count() == 0
    assert page.locator(".bd-article img:not([alt]), .bd-article img[alt='']").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert page.evaluate(CUT_OFF) == []
    for live in page.locator(".live").all():
        for slider in live.locator("input[type=range]").all():
            slider.focus()
            looks = []
            for key in ("Home", "End"):
                page.keyboard.press(key)
                page.wait_for_timeout(100)
                looks.append(live.locator("img").screenshot())
            assert looks[0] != looks[1], "the picture does not follow its slider"
    for explorer in page.locator(".explorer").all():
        cell = explorer.locator("td[data-key]:not([aria-label$='?'])").last
        cell.press("Enter")
        key = cell.get_attribute("data-key")
        assert key in explorer.locator(".explorer-letters").text_content()
    page.wait_for_load_state("networkidle")
    assert wrong == []


def test_the_explorer_lives_without_a_kernel(open_page):
    """Pointed at by mouse, walked by keyboard, stepped, edited, resized; checked with convlib."""
    page, wrong = open_page("chapters/explorer.html", viewport={"width": 1280, "height": 900})
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
    sweep(explorer, explore(x, w, dy, controls=CONTROLS))
    x[1, 2] = 42
    cell("x[1,2]").press("4")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    cell("y[1,2]").focus()
    says("y[1,2]")
    explorer.get_by_role("button", name="to the start").click()
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


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_explorers_of_the_book(chromium, addresses, theme):
    context = chromium.new_context(color_scheme=theme)
    page = context.new_page()
    page.goto(f"{addresses['http']}/chapters/explorer.html")
    page.wait_for_function("document.querySelectorAll('.explorer').length === 5")
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    page.add_script_tag(content=(ROOT / "node_modules/axe-core/axe.min.js").read_text())
    found = page.evaluate("async () => (await axe.run({include: ['.explorer']})).violations")
    assert [f"{v['id']}: {n['html'][:90]} {n['failureSummary']}" for v in found
            for n in v["nodes"][:3]] == []
    context.close()
