"""The printed book: two chapters, printed here, and the whole book where make pdf left one."""

import collections
import html
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import expect
from pypdf import PdfReader

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[3]
SITE, BOOK = ROOT / "_build/html", ROOT / "_build/the-flipped-kernel.pdf"
TOC = re.findall(r"'(?:root|file)': '([^']+)'", str(yaml.safe_load(
    (ROOT / "_toc.yml").read_text(encoding="utf-8"))))
TWO = [file for file in TOC if re.search("/0[15]_", file)]


def run(*arguments):
    return subprocess.run([sys.executable, ROOT / "site/pdf/print_pdf.py", *map(str, arguments)],
                          capture_output=True, text=True)


@pytest.fixture(scope="module", params=["two chapters", "whole book"])
def book(request, tmp_path_factory):
    """(the pages that are in it, the PDF, the text of each sheet)"""
    if request.param == "two chapters":
        files, path = TWO, tmp_path_factory.mktemp("print") / "two.pdf"
        done = run("01_", "05_", "--output", path)
        assert done.returncode == 0, done.stdout + done.stderr
    else:
        files, path = [file for file in TOC if file != "index"], BOOK  # a cover is for the screen
        newest = max((SITE / f"{file}.html").stat().st_mtime for file in files)
        if not path.exists() or path.stat().st_mtime < newest:
            pytest.skip("make pdf has not printed this site")
    pdf = PdfReader(path)
    return files, pdf, [sheet.extract_text() for sheet in pdf.pages]


def of_the_site(file):
    """(heading, alt texts) of a page."""
    text = (SITE / f"{file}.html").read_text(encoding="utf-8")
    heading = re.sub("<[^>]*>", "", re.search(
        r'<h1>((?:(?!</h1>).)*)<a class="headerlink"', text, re.S)[1])
    return html.unescape(heading), [html.unescape(alt) for alt in re.findall(
        r'<img alt="([^"]*)"[^>]*_images', text)]


def symbols(text):
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", text))  # ligatures are letters


def drawings(pdf):
    """What the tags say of each picture."""
    for number in range(1, len(pdf.xref[0]) + 1):
        thing = pdf.get_object(number)
        if isinstance(thing, dict) and thing.get("/S") == "/Figure":
            yield thing.get("/Alt", "")


def test_every_chapter_is_there_and_found_from_the_contents_and_the_bookmarks(book):
    files, pdf, sheets = book
    marks = [mark for mark in pdf.outline if not isinstance(mark, list)]
    titles = [of_the_site(file)[0] for file in files]
    assert [symbols(mark.title) for mark in marks] == [
        symbols(title) for title in ["The Flipped Kernel", "Contents", *titles]]
    contents = "\n".join(sheets[1:pdf.get_destination_page_number(marks[2])])
    for mark, title in zip(marks[2:], titles, strict=True):
        number = pdf.get_destination_page_number(mark) + 1
        assert symbols(title) in symbols(sheets[number - 1])
        assert re.search(rf"\b{number}\b", contents)
    assert 8 * len(files) < len(sheets) < 25 * len(files)
    assert all(symbols(sheet) for sheet in sheets)


def test_the_paper_and_what_the_file_says_of_itself(book):
    _, pdf, sheets = book
    for sheet in pdf.pages:
        assert [float(side) for side in sheet.mediabox] == pytest.approx([0, 0, 595, 842], abs=1)
    assert pdf.metadata.title == "The Flipped Kernel"
    assert pdf.metadata.author == "The Flipped Kernel contributors"
    assert pdf.root_object["/Lang"] == "en"
    for screen_only in ("VBox(", "Loading widget", "cannot be shown", "cell content", "Show me"):
        assert not [number for number, text in enumerate(sheets, 1)
                    if screen_only in text and "Parameters:" not in text]  # a docstring may name it


def test_every_picture_is_printed(book):
    files, pdf, _ = book
    wanted = collections.Counter(symbols(alt) for file in files for alt in of_the_site(file)[1])
    assert wanted and not wanted - collections.Counter(symbols(alt) for alt in drawings(pdf))


def test_links_stay_in_the_book_or_leave_for_the_web(book):
    files, pdf, _ = book
    inside = 0
    for sheet in pdf.pages:
        for link in (note.get_object() for note in sheet.get("/Annots", [])):
            target = link.get("/Dest", link.get("/A", {}).get("/D"))
            if target is None:
                assert re.match("https?://(?!127)", link["/A"]["/URI"])
            else:
                inside += 1
                assert target in pdf.named_destinations
    assert inside > 4 * len(files)


def test_fonts_are_embedded_and_formulas_are_text(book):
    _, pdf, sheets = book
    kinds = set()
    for sheet in pdf.pages:
        for font in sheet["/Resources"].get("/Font", {}).values():
            font = font.get_object()
            font = font.get("/DescendantFonts", [font])[0].get_object()
            kinds.add(font["/Subtype"])
            if font["/Subtype"] != "/Type3":  # this one is drawn in the file itself: MathJax's
                assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(font["/FontDescriptor"])
    assert "/Type3" in kinds
    shown = [text for text in sheets if "(5.6)" in text and "rot180" in text and "pad" in text]
    assert shown and all("⋆" in text for text in shown)


def test_answers_stand_at_the_end_of_the_chapter(book):
    _, _, sheets = book
    (end,) = [n for n, text in enumerate(sheets) if "# Solution 5.1" in text]
    (question,) = [n for n, text in enumerate(sheets) if "Exercise 5.1" in text and n < end]
    (asked,) = [n for n, text in enumerate(sheets)
                if "which number is dx[1,1]?" in text.lower() and n < question]
    answer = symbols("dx = 4321. The first output meets the pixel with its last tap.")
    assert answer in symbols("".join(sheets[question + 1:]))
    assert symbols("The first output meets") not in symbols("".join(sheets[asked:question]))


def test_a_page_of_the_dark_theme_is_printed_black_on_white(page):
    page.goto((SITE / f"{TWO[-1]}.html").as_uri())
    page.evaluate("localStorage.setItem('mode', 'dark'), localStorage.setItem('theme', 'dark')")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator(".live img").first).to_be_attached()
    page.emulate_media(media="print")
    for gone in (".bd-sidebar-primary", ".bd-header-article", ".prev-next-footer", ".bd-footer",
                 "button", ".headerlink", ".live", "details:not(.section-fold)", ".blanks-status"):
        assert page.locator(gone).count() and not page.locator(gone).locator("visible=true").count()
    inks = page.evaluate("""() => [...document.querySelectorAll(
        '.bd-article :is(p, li, td, th, h1, h2, h3, pre, pre span):not(.explorer *)')]
        .filter(element => element.checkVisibility()).map(e => getComputedStyle(e).color)""")
    assert set(inks) == {"rgb(0, 0, 0)"}
    grounds = page.evaluate("""() => [...document.querySelectorAll(
            'html, body, body *:not(.explorer *)')].filter(element => element.checkVisibility())
        .map(e => getComputedStyle(e).backgroundColor.match(/[\\d.]+/g).map(Number))""")
    assert min(min(red, green, blue) for red, green, blue, *alpha in grounds if alpha != [0]) > 200


def test_an_opened_fold_prints_its_code_alone_and_no_code_box_is_cut(page):
    page.goto((SITE / f"{TWO[0]}.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    page.emulate_media(media="print")
    folds = page.locator(".cell details.hide")
    assert folds.count() and folds.locator(".cell_input").first.is_visible()
    assert not folds.locator("summary").locator("visible=true").count()
    breaks = page.evaluate("""() => [...document.querySelectorAll('.cell_input')].map(
        box => getComputedStyle(box).breakInside)""")
    assert set(breaks) == {"avoid"}


def test_what_is_wrong_is_said(tmp_path):
    assert "not in the built site: 99_none" in run("99_none").stderr
    folder = tmp_path / "chapters"
    folder.mkdir()
    (folder / Path(TWO[0]).with_suffix(".html").name).write_text(
        '<article class="bd-article"><section><h1>1</h1><img src="gone.png">'
        '<span class="math">\\(x\\)</span></section></article><script>nowhere()</script>')
    done = run("01_", "--site", tmp_path, "--output", tmp_path / "no.pdf")
    assert done.returncode == 1 and not (tmp_path / "no.pdf").exists()
    for words in ("no picture: ", "gone.png: 404", r"formula not typeset: \(x\)", "nowhere is not"):
        assert [line for line in done.stderr.splitlines()
                if line.startswith("01_one_dimension: ") and words in line], words
