"""The links between pages of the built site, clicked in Chromium."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from visits import SHOWN, until

pytestmark = pytest.mark.browser
SITE = Path(__file__).parents[3] / "_build/html/chapters"
LINKS = [  # page, selector of the link, its target
    ("C_notation", 'p:has(#term-gather) a[href$="#eq-5-2"]', "05_input_gradient.html#eq-5-2"),
    ("05_input_gradient", 'a:text-is("(5.2)")', "05_input_gradient.html#eq-5-2"),
    ("12_fast", 'a.term:text-is("GEMM")', "C_notation.html#term-gemm"),
    ("05_input_gradient", "#fig-5-2 a.headerlink", "05_input_gradient.html#fig-5-2"),
]
BELOW_THE_BAR = """id => {
    const [bar, place] = [".bd-header-article", `[id='${id}']`].map(
        selector => document.querySelector(selector).getBoundingClientRect());
    return place.top >= bar.bottom - 1 && place.top < innerHeight; }"""


@pytest.fixture
def page(chromium):
    context = chromium.new_context(viewport={"width": 400, "height": 900}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name, selector, target", LINKS)
def test_a_link_lands_on_its_target_below_the_bar(page, name, selector, target):
    page.goto((SITE / f"{name}.html").as_uri())
    page.locator(selector).first.evaluate("link => link.click()")  # some show only when hovered
    page.wait_for_url(re.compile(re.escape(target)))
    until(page, SHOWN)  # formulas and widgets have taken their room
    until(page, BELOW_THE_BAR, target.split("#")[1])


def test_figures_are_numbered_in_the_order_of_the_page():
    for path in sorted(SITE.glob("[0-9AB]*.html")):
        chapter, html = path.stem.split("_")[0].lstrip("0") or "0", path.read_text("utf-8")
        figures = re.findall(r'<figure [^>]*id="([^"]*)">(.*?)</figure>', html, re.S)
        shown = [re.sub(r"<[^>]*>", "", figure).strip("# \n") for _, figure in figures]
        assert shown == [f"Figure {chapter}.{n}" for n in range(1, len(figures) + 1)]
        assert [name for name, _ in figures] == [
            text.lower().replace("ure ", "-").replace(".", "-") for text in shown]
        moving = html.count('<p class="live-caption">')  # its picture is for paper, and no figure
        assert len(figures) + moving == len(re.findall(r'src="\.\./_images/', html))
        assert figures or chapter in ("A", "A2")  # all that these show moves


def test_a_citation_leads_to_the_paper_that_chapter_c_lists():
    listed = (SITE / "C_notation.html").read_text("utf-8")
    cited = {address for path in SITE.glob("*.html") for address in re.findall(
        r'<a class="source" href="([^"]+)"', path.read_text(encoding="utf-8"))}
    assert len(cited) > 20
    assert [unquote(address) for address in cited if unquote(address) not in listed] == []


def test_every_word_links_to_an_entry_of_chapter_c():
    found = {address for path in SITE.glob("*.html") for address in re.findall(
        r'href="C_notation\.html#([^"]+)"', path.read_text(encoding="utf-8"))}
    entries = set(re.findall(r'id="([^"]+)"', (SITE / "C_notation.html").read_text("utf-8")))
    assert found <= entries and len(found) > 80
