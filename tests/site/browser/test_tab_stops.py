"""How often Tab is pressed from the beginning of an article to its end, as the page opens."""

import pytest
from crawl import pages

pytestmark = pytest.mark.browser
MOST = 150
# What has the focus is told by its kind, so that a page above MOST says why.
KIND = """at => `${at.localName}.${at.className.split?.(" ")[0] || at.type || ""}`"""
NEXT = f"""() => {{
    const at = document.activeElement, article = document.querySelector("article");
    return article.contains(at) ? ({KIND})(at) : null; }}"""
START = """() => {
    const start = document.createElement("span");
    start.tabIndex = -1;
    document.querySelector("article").prepend(start);
    start.focus(); }"""
# The same without pressing: a group of radio buttons is one stop, what is inert or unseen is none.
STOPS = f"""() => {{
    const all = [...document.querySelectorAll("article *")].filter(at =>
        at.tabIndex >= 0 && !at.disabled && !at.closest("[inert]") &&
        at.checkVisibility({{ visibilityProperty: true, contentVisibilityAuto: false }}) &&
        (at.matches("a[href], button, input, select, textarea, summary, [tabindex], iframe")));
    const groups = new Set();
    return all.filter(at => {{
        if (at.type !== "radio") return true;
        const seen = groups.has(at.name);
        groups.add(at.name);
        return !seen; }}).map({KIND}); }}"""


def pressed(page):
    """What Tab meets in the article, in its order."""
    page.evaluate(START)
    met = []
    while True:
        page.keyboard.press("Tab")
        kind = page.evaluate(NEXT)
        if kind is None:
            return met
        met.append(kind)
        assert len(met) < 400, "Tab does not leave the article"


@pytest.mark.parametrize("name", [name for name in pages() if name != "genindex.html"])
def test_few_tab_stops_in_an_article(visit, address, name):
    page, _ = visit(f"{address}/{name}")
    met = page.evaluate(STOPS)
    counts = sorted(((met.count(kind), kind) for kind in set(met)), reverse=True)
    assert len(met) <= MOST, f"{len(met)} stops: {counts}"


@pytest.mark.parametrize("name", ["chapters/00_start_here.html", "chapters/07_matrix.html"])
def test_the_count_is_that_of_a_reader_who_presses_tab(visit, address, name):
    page, _ = visit(f"{address}/{name}")
    counted = page.evaluate(STOPS)
    assert counted and abs(len(pressed(page)) - len(counted)) <= 2  # boxes that scroll are, too
