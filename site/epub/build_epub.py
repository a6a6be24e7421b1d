"""Bind the built site as an EPUB 3 with MathML: _build/the-flipped-kernel.epub.

    python site/epub/build_epub.py                 after make book
    python site/epub/build_epub.py --site FOLDER --output FILE

Every page of _toc.yml becomes a chapter but the review, which only scripts can ask.
"""

import argparse
import re
import sys
import time
import tomllib
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import yaml

sys.path += [str(Path(__file__).resolve().parents[2] / part)
             for part in ("site/build", "tools", "")]

from chapter import chapter
from minify import stored
from package import archive, navigation, package, page
from toc import contents

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "_build/the-flipped-kernel.epub"
LEFT_OUT = {"pages/review"}
NOT_READ = re.compile(r"<!DOCTYPE.*?>\s*|<metadata>.*?</metadata>\s*", re.S)
BLANK = re.compile(r'(<path id="[^"]+" )(?=transform=)')  # the glyph of a space has no outline
COVER_ALT = "One table of six products, sorted by output, by tap and by input: y, dw and dx."
TITLE_PAGE = """<section class="title-page">
<h1>{title}</h1>
<p>{description}</p>
<img src="images/cover.png" alt="{alt}"/>
<p>{author}, {year}</p>
<p>Text and figures: CC BY 4.0. Code: BSD-3-Clause.</p>
</section>"""


def bound(site):
    """{file name: content} of the book, the package document among them."""
    parts = {caption: [file for file in files if file not in LEFT_OUT]
             for caption, files in contents().items()}
    known = {Path(file).name for files in parts.values() for file in files}
    chapters = {caption: [read(site / f"{file}.html", known) for file in files]
                for caption, files in parts.items()}
    said = description(site)
    title = {key: escape(words) for key, words in said.items()}
    files = {"book.css": Path(__file__).with_name("book.css").read_text("utf-8"),
             "images/cover.png": (ROOT / "figures/stills/draw_table.png").read_bytes(),
             "title.xhtml": page(said["title"], TITLE_PAGE.format(**title, alt=COVER_ALT), "cover"),
             "contents.xhtml": navigation(chapters)}
    every = [one for part in chapters.values() for one in part]
    keep_places(every)
    for one in every:
        files[f"{one.name}.xhtml"] = page(one.title, one.body, "bodymatter")
        files |= {f"images/{name}": picture(drawing) for name, drawing in one.drawn.items()}
        files |= {f"images/{name}": picture((site / "_images" / name).read_bytes())
                  for name in one.pictures}
    spine = ["title", "contents", *(one.name for one in every)]
    return files | {"package.opf": package(files, spine, said)}


def read(path, known):
    return chapter(path.stem, path.read_text("utf-8"), stored(path), known)


def keep_places(chapters):
    """A link to a place that only the site has leads to the beginning of its chapter."""
    places = {one.name: set(re.findall(r'\bid="([^"]+)"', one.body)) for one in chapters}
    for one in chapters:
        one.body = re.sub(
            r'href="(\w+)\.xhtml#([^"]+)"',
            lambda at: at[0] if at[2] in places[at[1]] else f'href="{at[1]}.xhtml"', one.body)


def picture(content):
    """A drawing as the standard has it, without what no reader reads."""
    if content[:4] == b"\x89PNG":
        return content
    text = content if isinstance(content, str) else content.decode("utf-8")
    return BLANK.sub(r'\1d="M0 0" ', NOT_READ.sub("", text))


def description(site):
    """What the book says of itself; its time is that of the site."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    built = datetime.fromtimestamp((site / "index.html").stat().st_mtime, UTC)
    return {"title": config["title"], "author": config["author"], "year": config["copyright"],
            "description": project["description"], "version": project["version"],
            "modified": built.strftime("%Y-%m-%dT%H:%M:%SZ")}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", type=Path, default=ROOT / "_build/html")
    parser.add_argument("--output", type=Path, default=BOOK)
    wanted, start = parser.parse_args(), time.perf_counter()
    if not (wanted.site / "index.html").exists():
        sys.exit(f"{wanted.site} has no index.html: run make book")
    files = bound(wanted.site)
    archive(wanted.output, files)
    print(f"{wanted.output}: {sum(name.endswith('.xhtml') for name in files)} documents, "
          f"{wanted.output.stat().st_size / 1e6:.1f} MB ({time.perf_counter() - start:.1f} s)")


if __name__ == "__main__":
    main()
