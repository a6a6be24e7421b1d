"""Open a page as a reader does, and say in words what is wrong with it."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag

from playwright.sync_api import Error
from type_sizes import VECTORS, type_sizes
from visits import sent

ROOT = Path(__file__).parents[3]
SITE = ROOT / "_build/html"
HELPERS = Path(__file__).with_name("crawl.js")
AXE = ROOT / "node_modules/axe-core/axe.min.js"
OWN = ("http://127.0.0.1:", "file://", "data:", "blob:", "about:")
# a page is seen in two of the four looks: in each theme and in each width
LOOKS = [[("light", 1400), ("dark", 360)], [("dark", 1400), ("light", 360)]]
EVERYWHERE = ("widgets", "formulas", "pictures", "sideways", "cutOff")
SMALLEST, SMALLEST_INDEX = 11, 7.5  # CSS pixels; indices and exponents are 0.7 of their text
PATIENCE = 60_000  # ms; two cores may be busy
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
SLIDES_IN = """async () => {
    for (let wait = 0; wait < 50; wait++) {
        if (document.activeElement.getBoundingClientRect().top >= 0) return true;
        await new Promise(done => setTimeout(done, 20)); } }"""
# rule -> what it is wrong about, and where that is told
UPSTREAM = {"empty-table-header": (":has(mjx-assistive-mml)", "dequelabs/axe-core#3285: MathML")}
RUN_AXE = """async ([run, upstream]) => (await crawl.thinned(() => axe.run({exclude: 'mjx-math'},
    {resultTypes: ['violations'], elementRef: true, runOnly: run}))).violations
    .flatMap(v => v.nodes.filter(n => !(v.id in upstream && n.element.matches(upstream[v.id][0])))
        .map(n => `${v.id}: ${n.html.slice(0, 110)} ${n.failureSummary}`))"""


def pages():
    """The path in the site of every page: ["chapters/00_start_here.html", ...]

    Lectures are no pages: test_slides.py turns them.
    """
    return sorted(str(path.relative_to(SITE)) for path in SITE.rglob("*.html")
                  if not {"_static", "slides"} & {*path.parts})


def opened(context, address, patience=PATIENCE):
    """(page, wrong): the page at rest; what goes wrong is added to the list as long as it is open.

    Whether all of it came is for `complaints` to say: here nothing is waited for in vain.
    """
    context.add_init_script(path=HELPERS)
    page, wrong = context.new_page(), []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1400, "height": 900})
    page.on("request", lambda r: r.url.startswith(OWN) or wrong.append(f"asks {r.url}"))
    page.on("requestfailed", lambda r: wrong.append(f"does not get {r.url}"))
    page.on("pageerror", lambda error: wrong.append(f"stumbles: {error}"))
    page.on("console", lambda m: m.type != "error" or "favicon.ico" in m.location["url"]
            or wrong.append(f"complains: {m.text} {m.location['url']}"))
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    try:
        page.evaluate("patience => crawl.until(crawl.ready, patience)", patience)
    except Error as error:
        if "navigation" not in str(error):
            raise
        page.evaluate("patience => crawl.until(crawl.ready, patience)", patience)  # it led on
    page.wait_for_load_state("networkidle")
    return page, wrong


def look(page, theme, width):
    """The reader's system turns light or dark, the window wide or narrow."""
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("""theme => crawl.until(
        () => document.documentElement.dataset.theme === theme, 10000)""", theme), "keeps its theme"
    page.evaluate("crawl.settled()")


def complaints(page, *checks):
    """What the checks of crawl.js have to say, in one list."""
    return [words for check in checks for words in page.evaluate(f"crawl.{check}()")]


def axe(page):
    """What axe finds against WCAG 2.2 AA and best practice."""
    for name, script in (("axe", AXE), ("crawl", HELPERS)):
        if not page.evaluate(f"'{name}' in window"):
            page.evaluate(script.read_text(encoding="utf-8"))
    # what is fixed to the window, such as the button back to the top, covers what is below it
    page.evaluate("crawl.top()")
    return page.evaluate(RUN_AXE, [TAGS, UPSTREAM])


def small_type(page, vectors=VECTORS):
    """Pictures whose words are too small to be read at the width at which the page shows them."""
    for figure, (text, index) in type_sizes(page, vectors).items():
        if text < SMALLEST or index < SMALLEST_INDEX:
            yield f"shows words of {text} pixels, indices of {index}, in {figure}"


def unmoved(page):
    """Flipbooks and probes that do not follow their controls, and explorers that say nothing."""
    for flipbook in page.query_selector_all(".live"):
        for control in flipbook.query_selector_all("input[type=range], fieldset"):
            radio = control.query_selector("input[type=radio]")
            (radio or control).focus()
            page.keyboard.press("Space" if radio else "Home")
            page.evaluate("crawl.settled()")
            first = page.evaluate("flipbook => crawl.looks(flipbook)", flipbook)
            page.keyboard.press("ArrowDown" if radio else "End")
            then = page.evaluate("([a, b]) => crawl.looksAfter(a, b)", [flipbook, first])
            name = (control.query_selector("legend") or flipbook).inner_text()[:60]
            if first["pixels"] == then["pixels"]:
                yield f"shows one picture at both ends of a control: {name}"
            elif first["alt"] == then["alt"]:
                yield f"says the same of two pictures: {first['alt']!r}"
    for probe in page.query_selector_all(".probe"):
        for control in probe.query_selector_all("input[type=range]"):
            said = []
            for key in ("Home", "End"):
                control.press(key)
                said.append(probe.query_selector(".probe-sum").text_content())
            if said[0] == said[1]:
                yield f"has a probe that stays where it was: {said[0]!r}"
    for explorer in page.query_selector_all(".explorer"):
        cells = explorer.query_selector_all("td[data-key]:not([aria-label$=', closed'])")
        if not cells:
            yield "has an explorer without cells"
            continue
        cells[-1].press("Enter")
        key = cells[-1].get_attribute("data-key")
        letters = explorer.query_selector(".explorer-letters")
        if key not in (letters.text_content() if letters else ""):
            yield f"has an explorer that says nothing of {key}"


def by_keyboard(page):
    """The skip link comes first and leads past the contents; what has the focus shows it."""
    page.evaluate("scrollTo(0, 0)")
    page.keyboard.press("Tab")
    inside = "document.querySelector('main')?.contains(document.activeElement)"
    if page.evaluate("document.activeElement.getAttribute('href')") != "#main-content":
        yield "does not begin with a link that skips to the main content"
    elif not page.evaluate(SLIDES_IN):
        yield "does not show its skip link when it has the focus"
    else:
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        if not page.evaluate(inside):
            yield "has a skip link that does not lead into the main content"
    yield from complaints(page, "focus")


def heavy(page, base, most, site=SITE):
    """The bytes of the page and of all that it fetched, each compressed as servers send it."""
    names = page.evaluate("""[location.href, ...performance.getEntriesByType('resource')
                              .map(fetched => fetched.name)]""")
    paths = {unquote(urldefrag(name)[0].removeprefix(base).lstrip("/")).split("?")[0]
             for name in names if name.startswith(base)}
    size = sum(len(sent(site / path)) for path in paths if (site / path).is_file())
    if not most / 40 < size < most:
        yield f"has {size:,} bytes, with all that it fetches: it may have {most:,}"


@cache
def ids(file):
    """The anchors of a page as it is stored."""
    return set(re.findall(r'\s(?:id|name)="([^"]+)"', file.read_text(encoding="utf-8")))


def unresolved(page, base, site=SITE):
    """Links into the site that lead nowhere; `base` is the address of the site's folder."""
    here, own = urldefrag(page.url)[0], set(page.evaluate("crawl.ids()"))
    for link in page.evaluate("crawl.links()"):
        address, anchor = urldefrag(link)
        if not address.startswith(base):
            if not re.match(r"https?://(?!127\.)|mailto:", address):
                yield f"links out of the site to {link}"
            continue
        file = site / unquote(address.removeprefix(base).lstrip("/")).split("?")[0]
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            yield f"links to {link}, which is not there"
        elif anchor and unquote(anchor) not in (own if address == here else ids(file)):
            yield f"links to {link}, which has no such anchor"
