"""What a reader waits for: the bytes of each page, and of the site that a lecturer carries home."""

import pytest
from crawl import pages
from visits import SITE, served, until, visit

pytestmark = pytest.mark.browser
FIRST = "chapters/00_start_here.html"
MB = 1_000_000


@pytest.fixture(scope="module")
def sent(chromium):
    """The bytes that each page makes the server send, to a reader who comes for the first time."""
    with served() as address:
        yield {name: visit(chromium, f"{address}/{name}")["bytes"] for name in pages()}


def test_the_first_page_is_light(sent):
    assert sent[FIRST] < 1 * MB


def test_no_page_is_heavy(sent):
    assert len(sent) > 10
    assert {name: size for name, size in sent.items() if not 0.1 * MB < size < 2 * MB} == {}


def test_the_site_fits_where_it_is_carried():
    assert sum(file.stat().st_size for file in SITE.rglob("*") if file.is_file()) < 40 * MB


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_text_comes_first_and_in_the_theme_of_the_system(page, theme):
    """Whatever paints first: formulas and widgets are not even fetched, and nothing flashes."""
    page.emulate_media(color_scheme=theme)
    page.add_init_script("""window.themes = new Set();
        (function frame() {
            const { theme } = document.documentElement?.dataset ?? {};
            if (document.body) themes.add(theme);
            requestAnimationFrame(frame); })()""")
    with served() as address:
        page.goto(f"{address}/{FIRST}")
        until(page, "window.later?.then(() => window.widgets).then(() => true)")
        fcp, *fetched = page.evaluate("""[
            performance.getEntriesByName('first-contentful-paint')[0].startTime,
            ...performance.getEntriesByType('resource').filter(({ name }) =>
                /mathjax|widgets|states/.test(name)).map(({ startTime }) => startTime)]""")
        assert len(fetched) > 2 and min(fetched) > fcp - 20  # painting ends when it is seen
        assert page.evaluate("[...themes]") == [theme]
