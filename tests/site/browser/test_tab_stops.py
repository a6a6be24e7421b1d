"""How often Tab is pressed from the beginning of an article to its end, as the page opens."""

import pytest
from crawl import pages

pytestmark = pytest.mark.browser
MOST = 150
# A reader presses Tab until the focus has left the article; radio buttons of a group are one stop
# for a browser already. What has the focus is told by its kind, so that a page above says why.
NEXT = """() => {
    const at = document.activeElement, article = document.querySelector("article");
    if (!article.contains(at)) return null;
    return `${at.localName}.${at.className.split(" ")[0] || at.type || ""}`; }"""
START = """() => {
    const start = document.createElement("span");
    start.tabIndex = -1;
    document.querySelector("article").prepend(start);
    start.focus(); }"""


def kinds(page):
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
    met = kinds(page)
    counts = sorted(((met.count(kind), kind) for kind in set(met)), reverse=True)
    assert len(met) <= MOST, f"{len(met)} stops: {counts}"
