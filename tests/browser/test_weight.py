"""What a reader waits for: the bytes of each page, and of the site that a lecturer carries home."""

import pytest
from crawl import pages
from visits import SITE, served, until, visit

pytestmark = pytest.mark.browser
FIRST = "chapters/00_start_here.html"
MB = 1_000_000


@pytest.fixture(scope="module")
def visits(chromium):
    """What each page sends to a reader who comes for the first time, and how far it jumps."""
    with served() as address:
        yield {name: visit(chromium, f"{address}/{name}") for name in pages()}


def test_the_first_page_is_light(visits):
    assert visits[FIRST]["bytes"] < 1 * MB


def test_no_page_is_heavy(visits):
    sent = {name: visit["bytes"] for name, visit in visits.items()}
    assert len(sent) > 10
    assert {name: size for name, size in sent.items() if not 0.05 * MB < size < 2 * MB} == {}


def test_the_text_does_not_jump_when_formulas_and_widgets_come(visits):
    assert {name: shift for name, v in visits.items() if (shift := v["cls"]) >= 0.1} == {}


def test_the_style_sheet_holds_only_rules_that_pages_use():
    (sheet,) = (SITE / "_static/styles").glob("*.css")
    rules = sheet.read_text(encoding="utf-8")
    assert len(rules) < 0.2 * MB and ".form-floating" not in rules
    assert all(name in rules for name in (".headerlink", ".highlight", ".cell_output", "dialog"))


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
