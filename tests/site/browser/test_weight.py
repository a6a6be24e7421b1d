"""What a reader waits for, and carries home; the crawl weighs each page."""

import re

import pytest
from visits import SHOWN, SITE, served, until

pytestmark = pytest.mark.browser
FIRST = "chapters/00_start_here.html"
MB = 1_000_000


def test_the_style_sheet_holds_only_rules_that_pages_use():
    sheets = {name for page in SITE.glob("chapters/*.html") for name in re.findall(
        r"_static/styles/\w+\.css", page.read_text(encoding="utf-8"))}
    (sheet,) = sheets
    rules = (SITE / sheet).read_text(encoding="utf-8")
    assert len(rules) < 0.2 * MB and ".form-floating" not in rules
    assert all(name in rules for name in (".headerlink", ".highlight", ".cell_output", "dialog"))


def test_formulas_are_set_before_the_reader_comes():
    assert not list(SITE.rglob("*athjax*.js"))
    for page in SITE.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "window.MathJax" not in text and "mathjax.js" not in text, page.name
        assert text.count("<mjx-container") == text.count("</mjx-assistive-mml>"), page.name


def test_the_site_fits_where_it_is_carried():
    assert sum(file.stat().st_size for file in SITE.rglob("*") if file.is_file()) < 40 * MB


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_text_comes_first_and_in_the_theme_of_the_system(page, theme):
    """Whatever paints first: widgets are not even fetched, and nothing flashes."""
    page.emulate_media(color_scheme=theme)
    page.add_init_script("""window.themes = new Set();
        (function frame() {
            const { theme } = document.documentElement?.dataset ?? {};
            if (document.body) themes.add(theme);
            requestAnimationFrame(frame); })()""")
    with served() as address:
        page.goto(f"{address}/{FIRST}")
        until(page, SHOWN)
        fcp, *fetched = page.evaluate("""[
            performance.getEntriesByName('first-contentful-paint')[0].startTime,
            ...performance.getEntriesByType('resource').filter(({ name }) =>
                /widgets|states/.test(name)).map(({ startTime }) => startTime)]""")
        assert len(fetched) > 1 and min(fetched) > fcp - 20  # painting ends when it is seen
        assert page.evaluate("[...themes]") == [theme]
