"""The built site in Chromium, served over http and opened as files: it needs nobody else."""

import functools
import http.server
import threading
from pathlib import Path

import pytest

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
        page.wait_for_function(  # the manager puts each widget before the script that names it
            """[...document.querySelectorAll('script[type$="widget-view+json"]')].every(script =>
                script.previousElementSibling?.innerText)""", timeout=15000)
        return page, wrong

    yield open_page
    for context in contexts:
        context.close()


def test_the_root_leads_to_the_first_chapter(open_page):
    page, wrong = open_page("index.html")
    page.wait_for_url("**/chapters/00_start_here.html")
    page.wait_for_load_state("networkidle")
    assert wrong == []


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
    page.wait_for_load_state("networkidle")
    assert wrong == []
