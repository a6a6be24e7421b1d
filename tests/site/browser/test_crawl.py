"""Every page of the built site, light and dark, wide and narrow: it works, and for everybody."""

import re
from collections import Counter
from fnmatch import fnmatch
from html import unescape
from pathlib import Path

import nbformat
import pytest
import yaml
from alt_text import complaint
from crawl import (
    EVERYWHERE,
    LOOKS,
    ROOT,
    SITE,
    axe,
    by_keyboard,
    complaints,
    heavy,
    look,
    pages,
    small_type,
    unmoved,
    unresolved,
)
from cuts import cut
from minify import stored
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
FEWEST = 20  # pages; the book only grows
# bytes; the pages that everyone opens first
LIGHT = {"index.html": 500_000, "chapters/00_start_here.html": 1_000_000}
# what a page of each kind says; the last pattern is for all the others
EXPECTED = {
    "chapters/[01][0-9]_*": ["You will learn", "In practice", "Exercise", "Now you can", "print("],
    "chapters/A_*": ["Exercise", "Now you can", "mistake"],
    "chapters/B_*": ["205 claims", "How a verdict was reached"],
    "chapters/explorer.html": ["explorer", "kernel", "dx"],
    "chapters/C_*": ["tap", "receptive field", "Dumoulin", "cuDNN"],
    "pages/run.html": ["make lab", "Python 3.11"],
    "pages/for_teachers.html": ["90 minutes", "three hours", "project"],
    "pages/review.html": ["How far you are", "to be asked again", "Recall"],
    "pages/reference*": ["convlib", "(", "import"],
    "index.html": ["Start reading", "Play with a gradient", "y[2] = 35", "mistake lab"],
    "genindex.html": ["Index"],
    "search.html": ["Search"],
    "*": [],
}
WIDGET = re.compile(r"^(?:\w+ = |\w+\.)?(?:live|ask|explore|audit_table|bug_gallery|probe)\(", re.M)
LOADS = re.compile(r'<(?:script|link)\b[^>]*?(?:src|href)="[./]*([^"?#]*\.(?:js|css))')
IMAGE = re.compile(r"<img\b[^>]*>", re.S)


def promised(name):
    """How many of each thing the chapter's notebook brings to its page, by selector."""
    path = ROOT / Path(name).with_suffix(".ipynb")
    if not path.exists():
        return {}
    cells = nbformat.read(path, as_version=4).cells
    code, text = ([cell.source for cell in cells if cell.cell_type == kind]
                  for kind in ("code", "markdown"))
    return {".cell": len(code) - code.count("bibliography()"),  # the site prints that list itself
            ".live, .blanks, .explorer, .audit, .probe": len(WIDGET.findall("\n".join(code))),
            "mjx-container[display]": "".join(text).count("$$") // 2}


def listed(entry):
    """The files of _toc.yml, wherever they stand in it."""
    if isinstance(entry, dict):
        return [v for k, v in entry.items() if k in ("file", "root")] + listed(list(entry.values()))
    return [file for part in entry for file in listed(part)] if isinstance(entry, list) else []


def kinds():
    """The first page of each kind: what it loads, and which widgets it shows."""
    found = {}
    for name in pages():
        loads = {file for file in LOADS.findall((SITE / name).read_text(encoding="utf-8"))
                 if not file.endswith(".states.js")}
        widgets = {model["state"].get("_anywidget_id") for model in stored(SITE / name).values()}
        found.setdefault((frozenset(loads), frozenset(widgets)), name)
    return [*found.values()]


KINDS = kinds()


def looks(name):
    """Two looks of a page, and where axe is asked: of the first page of each kind in both."""
    n = pages().index(name)
    seen = LOOKS[n % 2]
    return seen, seen if name in KINDS else [seen[n // 2 % 2]]


def test_the_site_is_whole():
    assert SITE.exists(), "the site is not built: run make book"
    contents = listed(yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8")))
    built = pages()
    assert {f"{file}.html" for file in contents} <= set(built)
    assert len(built) >= max(FEWEST, len(contents) + 2)  # search and index
    assert len(KINDS) > 6  # their widgets tell chapters apart
    for of in KINDS, built:
        assert {look for name in of for look in looks(name)[1]} == {*LOOKS[0], *LOOKS[1]}


@pytest.mark.parametrize("name", pages())
def test_page(visit, address, name):
    """One load; then two looks, its links, its widgets by keyboard, and axe."""
    page, wrong = visit(f"{address}/{name}")
    wrong += [] if page.evaluate("crawl.ready()") else ["was waited for in vain"]
    wrong += complaints(page, "jumps") + list(heavy(page, address, LIGHT.get(name, 2_000_000)))
    wrong += complaints(page, *([] if name == "genindex.html" else ["manyStops"]))
    said = page.evaluate("crawl.text()")
    wanted = next(words for kind, words in EXPECTED.items() if fnmatch(name, kind))
    wrong += [f"does not say {word!r}" for word in wanted if word.lower() not in said.lower()]
    wrong += [f"has {page.locator(what).count()} of {count} {what}"
              for what, count in promised(name).items() if page.locator(what).count() < count]
    wrong += complaints(page, "outline") + list(by_keyboard(page))
    wrong += unresolved(page, address)
    page.evaluate("crawl.unfold()")
    seen, asked = looks(name)
    for theme, width in seen:
        look(page, theme, width)
        found = complaints(page, *EVERYWHERE) + cut(page) + list(small_type(page))
        if (theme, width) == seen[-1]:
            found += unmoved(page)  # not before: a sum that is pinned may be cut
        if (theme, width) in asked:
            found += axe(page)
        wrong += [f"{theme}, {width} pixels: {words}" for words in found]
    page.wait_for_load_state("networkidle")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", KINDS)
def test_page_opened_as_a_file(visit, name):
    page, wrong = visit(f"{SITE.as_uri()}/{name}")
    page.evaluate("crawl.unfold()")  # a widget in a closed fold shows nothing yet
    assert wrong + complaints(page, *EVERYWHERE) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_a_phone_opens_over_the_page(visit, address, theme):
    """The theme's contents and search are the same on each page."""
    page, wrong = visit(f"{address}/pages/run.html")
    look(page, theme, 360)
    for opener, opens in ((".primary-toggle", "primary-sidebar-modal"),
                          (".secondary-toggle", "secondary-sidebar-modal"),
                          (".search-button", "search-dialog")):
        dialog = page.locator(f"dialog#pst-{opens}[open]")
        page.locator(f"button{opener}").locator("visible=true").first.click()
        expect(dialog).to_be_visible()
        page.evaluate("crawl.settled()")  # it slides in
        wrong += complaints(page, "sideways") + axe(page)
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
    assert not wrong, "\n".join(wrong)


def test_every_stored_picture_has_words_of_its_own():
    texts = [(SITE / name).read_text(encoding="utf-8") for name in pages()]
    alts = {}
    for image in (image for text in texts for image in IMAGE.findall(text)):
        source, alt = (re.search(rf'\s{key}="(.*?)"', image, re.S) for key in ("src", "alt"))
        if "_static/" not in source[1]:  # signs of the index
            alts[source[1].rsplit("/")[-1]] = unescape(alt[1]) if alt else ""
    assert len(alts) > 75
    assert {source: words for source, alt in alts.items() if (words := complaint(alt))} == {}
    assert [alt for alt, times in Counter(alts.values()).items() if times > 1] == []
