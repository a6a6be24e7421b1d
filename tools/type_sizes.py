"""The smallest type of every picture of the built site, in CSS pixels where a page shows it.

    python tools/type_sizes.py      a line for each picture, smallest first: at 1400 and at 390 wide
"""

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

from chromium import launch
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
SITE, VECTORS = ROOT / "_build/html", ROOT / "_build/vectors"
WIDTHS = (1400, 390)  # a desk's window, a phone's
SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
SCALE = re.compile(r"scale\(([-\d.e]+)")
GLYPH = re.compile(r"#[A-Z].*-[0-9a-f]+")
DRAWN_AT = 100  # Matplotlib draws glyphs of this size, in points, and scales them
OPEN = """() => {
    for (const veil of document.querySelectorAll('.veil')) veil.dataset.opened = '';
    for (const fold of document.querySelectorAll('details')) fold.open = true; }"""
# where a figure moves, it is seen instead of its twin for paper: the same words in other margins
SHOWN = """() => [...document.querySelectorAll(
    'article .cell_output img:is(.drawing, .photograph)')].map((image, n) => {
    const moves = image.closest('.cell_output').querySelector('.live-card img');
    const width = at => at.getBoundingClientRect().width;
    return [image.closest('figure')?.id ?? `${moves ? 'moves, ' : ''}picture ${n}`,
        image.getAttribute('src'), moves
            ? image.getAttribute('width') * width(moves) / moves.getAttribute('width')
            : width(image)]; })"""


def smallest(svg):
    """(smallest type, smallest type with indices and exponents) as parts of the picture's width.

    None for a picture without words.
    """
    root = ET.fromstring(svg)
    found = list(_glyphs(root, 1, False))
    width = float(root.get("viewBox").split()[2])
    return found and tuple(min(sizes) * DRAWN_AT / width for sizes in zip(*found, strict=True))


def _glyphs(element, scale, inside):
    """(scale of the text, scale of the glyph) of each glyph; an index is smaller than its text."""
    inside = inside or element.get("id", "").startswith("text_")
    own = SCALE.search(element.get("transform", ""))
    here = scale * float(own[1]) if own else scale
    if inside and element.tag == SVG + "use" and GLYPH.fullmatch(element.get(LINK, "")):
        yield scale, here
    for child in element:
        yield from _glyphs(child, here, inside)


def type_sizes(page, vectors=VECTORS):
    """{figure: (smallest type, smallest index)} in CSS pixels, as the page is shown now."""
    found = {}
    for figure, source, width in page.evaluate(SHOWN):
        if parts := smallest((vectors / f"{Path(source).stem}.svg").read_text("utf-8")):
            found[figure] = tuple(round(part * width, 1) for part in parts)
    return found


def main():
    if not (SITE / "index.html").exists():
        sys.exit("the site is not built: run make book")
    sizes = {}
    with sync_playwright() as playwright:
        page = launch(playwright).new_page(bypass_csp=True)
        for path in sorted((SITE / "chapters").glob("*.html")):
            page.goto(path.as_uri())
            page.evaluate("window.complete")
            page.evaluate(OPEN)
            for window in WIDTHS:
                page.set_viewport_size({"width": window, "height": 900})
                for figure, measured in type_sizes(page).items():
                    sizes.setdefault((path.stem, figure), {})[window] = measured
    for (name, figure), at in sorted(sizes.items(), key=lambda item: item[1][WIDTHS[0]]):
        words = ", ".join(f"{window}: {text} (indices {index})"
                          for window, (text, index) in at.items())
        print(f"{name} {figure or 'a picture'}: {words}")


if __name__ == "__main__":
    main()
