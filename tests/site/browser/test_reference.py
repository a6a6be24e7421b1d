"""The reference as it was built: every name has its anchor, every formula is set, search finds."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

import convlib
import figures
from tests.site.test_reference_pages import MODULES, PAGES, own

pytestmark = pytest.mark.browser
SITE = Path(__file__).parents[3] / "_build/html"
WIDGETS = re.compile(r"require|embed-amd|anywidget|widget")


def test_every_public_name_can_be_linked_to():
    built = "".join((SITE / "pages" / f"{page.stem}.html").read_text("utf-8") for page in PAGES)
    offered = {f"{package.__name__}.{name}" for package in (convlib, figures)
               for name in package.__all__}
    inner = {name for module in MODULES for name in own(module)
             if name.rsplit(".", 1)[1] not in convlib.__all__}
    assert offered | inner <= set(re.findall(r'id="([\w.]+)"', built))


@pytest.mark.parametrize("name", [page.stem for page in PAGES])
def test_a_page_of_the_reference(page, name):
    loaded = []
    page.on("request", lambda request: loaded.append(request.url))
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto((SITE / "pages" / f"{name}.html").as_uri())
    assert page.locator("mjx-container").count() == page.locator(".math").count()
    assert page.locator("mjx-merror").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert [url for url in loaded if WIDGETS.search(url)] == []


def test_search_finds_a_function(page):
    page.goto(f"{(SITE / 'search.html').as_uri()}?q=conv2d_backward")
    found = page.locator("#search-results a[href*='reference.html#convlib.conv2d_backward']")
    expect(found.first).to_be_visible()
