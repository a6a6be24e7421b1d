"""The EPUB of the built site: whole, accessible, and right in the eyes of epubcheck."""

import collections
import functools
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from crawl import SITE
from toc import contents

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[3]
FILES = [file for part in contents().values() for file in part if file != "pages/review"]
BRIEFLY = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # a run too short for what Java optimizes
NAMES = {"opf": "http://www.idpf.org/2007/opf", "dc": "http://purl.org/dc/elements/1.1/",
         "h": "http://www.w3.org/1999/xhtml", "m": "http://www.w3.org/1998/Math/MathML"}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("epub") / "book.epub"
    done = subprocess.run([sys.executable, ROOT / "site/epub/build_epub.py", "--site", SITE,
                           "--output", path], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture(scope="module")
def book(path):
    """{name: content} of the file."""
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist()[0] == "mimetype"
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def chapters(book):
    return {file: ET.fromstring(book[f"book/{Path(file).name}.xhtml"]) for file in FILES}


@functools.cache
def on_the_site(file):
    return BeautifulSoup((SITE / f"{file}.html").read_text("utf-8"), "html.parser").select_one(
        "article.bd-article")


def words(element):
    return re.sub(r"\W", "", "".join(element.itertext()) if hasattr(element, "itertext")
                  else element.get_text())


def test_epubcheck_has_no_complaint(path):
    program = shutil.which("epubcheck")
    if not program:
        pytest.skip("epubcheck is not installed: apt-get install epubcheck")
    jar = Path(program).read_bytes()[:2] == b"PK"  # as Debian has it, for a kernel that runs jars
    done = subprocess.run([*(("java", "-jar") if jar else ()), program, path],
                          env=os.environ | {"JAVA_TOOL_OPTIONS": BRIEFLY},
                          capture_output=True, text=True)
    assert "0 fatals / 0 errors / 0 warnings" in done.stdout, done.stdout + done.stderr


def test_every_chapter_is_there_and_found_from_the_contents(book, chapters):
    listed = ET.fromstring(book["book/contents.xhtml"]).find(".//h:nav", NAMES)
    links = {link.get("href"): words(link) for link in listed.iterfind(".//h:a", NAMES)}
    spine = ET.fromstring(book["book/package.opf"]).iterfind("opf:spine/opf:itemref", NAMES)
    assert [item.get("idref") for item in spine] == [
        f"f-{name}-xhtml" for name in ["title", "contents", *(Path(f).name for f in FILES)]]
    for file, chapter in chapters.items():
        heading = re.sub("#$", "", on_the_site(file).h1.get_text())
        assert words(chapter.find(".//h:h1", NAMES)) == re.sub(r"\W", "", heading)
        assert links[f"{Path(file).name}.xhtml"] == re.sub(r"\W", "", heading)


def test_every_picture_is_there_with_its_alternative_text(book, chapters):
    for file, chapter in chapters.items():
        pictures = chapter.findall(".//h:img", NAMES)
        assert all(len(picture.get("alt")) > 10 for picture in pictures)
        assert all(f"book/{picture.get('src')}" in book for picture in pictures)
        wanted = collections.Counter(image["alt"] for image in on_the_site(file).select("img"))
        assert not wanted - collections.Counter(picture.get("alt") for picture in pictures), file


def test_every_formula_is_mathml_with_its_number(chapters):
    for file, chapter in chapters.items():
        article = on_the_site(file)
        assert len(chapter.findall(".//m:math", NAMES)) == len(article.select("mjx-container"))
        numbers = {label.get_text() for label in article.select("mlabeledtr > mtd:first-child")}
        shown = {words.text for words in chapter.iterfind(".//h:span[@class='number']", NAMES)}
        assert numbers == shown, file
        left = ET.tostring(chapter, encoding="unicode")
        assert "\\(" not in left and "mjx" not in left and "mlabeledtr" not in left


def test_nothing_needs_a_script_and_nothing_is_folded(book, chapters):
    for file, chapter in chapters.items():
        for screen_only in ("script", "button", "details", "input", "iframe"):
            assert chapter.find(f".//h:{screen_only}", NAMES) is None, (file, screen_only)
    assert not [name for name in book if name.endswith(".js")]
    ending = chapters["chapters/01_one_dimension"].findall(".//h:section[@id='answers']/*", NAMES)
    assert [part.text for part in ending if part.tag.endswith(("h2", "h3"))] == [
        "Answers", "Before you start", "Questions", "Hints", "Exercises"]


def test_the_book_says_what_it_is_and_who_can_read_it(book):
    said = ET.fromstring(book["book/package.opf"]).find("opf:metadata", NAMES)
    texts = {name: said.findtext(f"dc:{name}", namespaces=NAMES)
             for name in ("title", "language", "creator")}
    assert texts == {"title": "The Flipped Kernel", "language": "en",
                     "creator": "The Flipped Kernel contributors"}
    access = {(meta.get("property"), meta.text) for meta in said.iterfind("opf:meta", NAMES)}
    assert access >= {("schema:accessMode", "textual"), ("schema:accessMode", "visual"),
                      ("schema:accessModeSufficient", "textual"),
                      ("schema:accessibilityFeature", "MathML"),
                      ("schema:accessibilityFeature", "alternativeText"),
                      ("schema:accessibilityHazard", "none")}
