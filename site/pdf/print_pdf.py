"""Print the built site as one book: _build/the-flipped-kernel.pdf, through headless Chromium.

    python site/pdf/print_pdf.py                  every page of _toc.yml
    python site/pdf/print_pdf.py 05_input run     only those whose names begin so

Each page is opened, from a server of this machine, and made ready by print_page.js. All of them
become one document, so that links, bookmarks, tags and page numbers are Chromium's own.
"""

import argparse
import contextlib
import functools
import html
import http.server
import io
import json
import logging
import sys
import threading
import time
import tomllib
from pathlib import Path
from string import Template

import yaml
from playwright.sync_api import Error, sync_playwright
from pypdf import PdfWriter
from pypdf.generic import NameObject

sys.path += [str(Path(__file__).resolve().parents[2] / part) for part in ("tools", "site/build")]

from chromium import launch
from toc import contents

logging.getLogger("pypdf").setLevel(logging.ERROR)  # Chromium counts its objects differently

ROOT = Path(__file__).resolve().parents[2]
SITE, VECTORS = ROOT / "_build/html", ROOT / "_build/vectors"
BOOK = ROOT / "_build/the-flipped-kernel.pdf"
TEXT_WIDTH = 657  # CSS pixels: A4 without the margins of print.css
PATIENCE = 60_000  # ms; the machine may be busy
STARTED = "Promise.resolve(window.complete).then(() => 0)"
FONTS = "document.fonts.ready.then(() => 0)"  # of folds that print_page.js opens
SETTLED = """() => [...document.querySelectorAll('script[type$="widget-view+json"]')].every(
    script => [...script.closest('.cell_output').querySelectorAll(':not(script, noscript, style)')]
        .some(element => !element.closest('noscript') && element.childElementCount == 0
            && (element.textContent.trim() || element.matches('img, input'))))"""
FIT = """() => {
    const wide = (box) => box.scrollWidth > box.clientWidth + 1;
    for (const box of document.querySelectorAll('mjx-container[display], article table'))
        for (let size = 96; size >= 40 && wide(box.parentElement); size -= 4)
            box.style.fontSize = `${size}%`;
    for (const box of document.querySelectorAll('.explorer'))
        for (let zoom = 0.7; zoom >= 0.3 && wide(box); zoom -= 0.05) box.style.zoom = zoom; }"""
LEFT_WRONG = f"""() => [
    ...[...document.images].filter(image => !image.naturalWidth).map(i => `no picture: ${{i.src}}`),
    ...[...document.querySelectorAll('a[href^="#"]')]
        .filter(link => !document.getElementById(decodeURIComponent(link.hash.slice(1))))
        .map(link => `nothing is called ${{link.hash}}`),
    ...[...document.querySelectorAll('article :is(mjx-container, table, pre, img)')]
        .filter(box => box.getBoundingClientRect().right > {TEXT_WIDTH} + 1)
        .map(box => `cut at the margin, in ${{box.closest('article').id}}: ` +
            `${{box.localName}} ${{box.textContent.trim().slice(0, 50)}}`)]"""


@contextlib.contextmanager
def served(folder):
    """The address at which this machine, and nobody else, finds the folder."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def prepare(page, address, files, problems):
    """Open each page and take from it what is printed: {its name: what print_page.js returns}."""
    names = {f"/{file}.html": Path(file).name for file in files}
    script = (ROOT / "site/pdf/print_page.js").read_text(encoding="utf-8")
    chapters = {}
    for path, name in names.items():
        seen = len(problems)
        try:
            page.goto(address + path)
            page.evaluate(STARTED)
            page.wait_for_function(SETTLED)
            chapters[name] = page.evaluate(script, {"name": name, "names": names})
            problems += chapters[name].pop("problems")
            page.evaluate(FONTS)  # to leave before they are here would be to lose them
        except Error as error:
            problems.append(error.message.splitlines()[0])
        problems[seen:] = [f"{name}: {words}" for words in problems[seen:]]
    return chapters


def bound(chapters, parts, address):
    """All chapters as one document, behind a cover and the contents."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    every = {key: dict.fromkeys(entry for chapter in chapters.values() for entry in chapter[key])
             for key in ("sheets", "rules")}
    running = [f"@page p{k} {{ @top-right {{ content: {json.dumps(title, ensure_ascii=False)} }} }}"
               f' article[id="{name}"] {{ page: p{k} }}' for k, (name, title) in enumerate(
                   (name, chapter["title"]) for name, chapter in chapters.items())]
    listed = []
    for caption, files in parts.items():
        lines = "".join(
            f'<li><a href="#{name}">{html.escape(chapters[name]["title"])}</a>'
            f'<span class="number" data-of="{name}"></span></li>\n'
            for name in (Path(file).name for file in files))
        listed.append(f"{caption and f'<h2>{html.escape(caption)}</h2>'}<ol>{lines}</ol>")
    return Template((ROOT / "site/pdf/print_book.html").read_text(encoding="utf-8")).substitute(
        title=html.escape(config["title"]), author=html.escape(config["author"]),
        subtitle=html.escape(project["description"]), year=config["copyright"],
        links="\n".join(f'<link rel="stylesheet" href="{sheet}">' for sheet in every["sheets"]),
        rules="\n".join(every["rules"]), running="\n".join(running), contents="\n".join(listed),
        picture=f"{address}/cover.png", articles="\n".join(c["html"] for c in chapters.values()))


def vector(route):
    """Paper gets the drawing where there is one, else the picture of the page."""
    drawing = VECTORS / Path(route.request.url).with_suffix(".svg").name
    route.fulfill(path=drawing) if drawing.exists() else route.continue_()


def printed(page, book, address, problems):
    """The document as a PDF: printed once to learn where chapters begin, and again to say it."""
    page.route("**/book.html", lambda route: route.fulfill(body=book, content_type="text/html"))
    page.route("**/cover.png", lambda route: route.fulfill(
        path=ROOT / "figures/stills/draw_table.png"))
    page.route("**/_images/*.png", vector)
    page.emulate_media(media="print")
    page.goto(f"{address}/book.html")
    page.evaluate(FIT)
    problems += page.evaluate(LEFT_WRONG)
    sheets = sheets_of(page)
    places = {name.lstrip("/"): sheets.get_destination_page_number(place) + 1
              for name, place in sheets.named_destinations.items()}
    page.evaluate("""places => {
        for (const number of document.querySelectorAll('.number'))
            number.textContent = places[number.dataset.of]; }""", places)
    return sheets_of(page)


def sheets_of(page):
    """The document as it is printed now."""
    return PdfWriter(clone_from=io.BytesIO(page.pdf(
        prefer_css_page_size=True, print_background=True, outline=True, tagged=True)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="*", help="beginnings of page names; none: the whole book")
    parser.add_argument("--site", type=Path, default=SITE)
    parser.add_argument("--output", type=Path, default=BOOK)
    wanted, start, problems = parser.parse_args(), time.perf_counter(), []
    parts = contents(wanted.pages)
    files = [file for part in parts.values() for file in part]
    missing = [file for file in files if not (wanted.site / f"{file}.html").exists()]
    if missing or not files:
        sys.exit(f"not in the built site: {', '.join(missing or wanted.pages)}; run make book")
    with served(wanted.site) as address, sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": TEXT_WIDTH, "height": 900}, bypass_csp=True)
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda r: r.url.startswith((address, "data:", "blob:"))
                or problems.append(f"asks {r.url}"))
        page.on("requestfailed", lambda r: problems.append(f"does not get {r.url}"))
        page.on("response", lambda r: r.status < 400
                or problems.append(f"does not get {r.url}: {r.status}"))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda m: m.type != "error" or problems.append(m.text))
        chapters = prepare(page, address, files, problems)
        if not problems:
            print(f"{len(chapters)} pages read ({time.perf_counter() - start:.1f} s)", flush=True)
            writer = printed(page, bound(chapters, parts, address), address, problems)
        browser.close()
    if problems:
        sys.exit("\n".join([*problems, "the book was not printed"]))
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    writer.metadata = {"/Title": config["title"], "/Author": config["author"]}
    writer.root_object[NameObject("/PageMode")] = NameObject("/UseOutlines")
    writer.write(wanted.output)
    print(f"{wanted.output}: {len(writer.pages)} sheets, "
          f"{wanted.output.stat().st_size / 1e6:.1f} MB ({time.perf_counter() - start:.1f} s)")


if __name__ == "__main__":
    main()
