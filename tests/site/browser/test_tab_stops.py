"""A reader who presses Tab stops where the crawler of the pages says that Tab stops."""

import pytest

pytestmark = pytest.mark.browser
AT = """() => document.querySelector("article").contains(document.activeElement)"""
START = """() => {
    const start = document.createElement("span");
    start.tabIndex = -1;
    document.querySelector("article").prepend(start);
    start.focus(); }"""


def pressed(page):
    """How often Tab stops in the article."""
    page.evaluate(START)
    for met in range(400):
        page.keyboard.press("Tab")
        if not page.evaluate(AT):
            return met
    raise AssertionError("Tab does not leave the article")


@pytest.mark.parametrize("name", ["chapters/00_start_here.html", "chapters/07_matrix.html"])
def test_the_count_is_that_of_a_reader_who_presses_tab(visit, address, name):
    page, _ = visit(f"{address}/{name}")
    counted = page.evaluate("crawl.stops()")
    assert counted and abs(pressed(page) - len(counted)) <= 2  # boxes that scroll are, too
