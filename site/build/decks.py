"""A lecture for each chapter, with reveal.js: made of the chapter's page, so nothing is marked.

The rule: a slide with the title; for each section that every reader reads, its heading, its first
words, and the question or picture that comes first; a slide for every further question and
picture; what you can do now. Formulas and pictures are those of the page.
"""

import json
import re
import shutil
from html import escape

from bs4 import BeautifulSoup
from minify import stored
from run_chapters import ROOT

from figures.widgets.shown import VIEW

FRAME = {"before-you-start", "in-practice", "exercises", "solutions", "on-your-own", "now-you-can"}
FEW_WORDS = 45  # that a listener reads while somebody speaks
TEXT = {"p", "ul", "ol", "blockquote"}
COLON = re.compile(r":(?=</p>\Z)")  # what it leads to is not on the slide
MOVING = {"Live", "Explorer", "Probe"}
MOST = 20  # slides of a lecture
TOLD = "<!-- told -->"  # on a slide that neither asks nor shows anything
FORMULA = re.compile(r"<mjx-container.*?</mjx-container>", re.S)
TAGS = re.compile("<[^>]*>")
MOVES = ('\n<p class="moving"><a href="../chapters/{page}?project#{section}">'
         "The moving picture, on the page</a></p>")
PAGE = """<!DOCTYPE html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}: slides</title>
<link rel="stylesheet" href="../_static/reveal.css">
<link rel="stylesheet" href="../_static/slides.css">
<link rel="stylesheet" href="../_static/formulas.css">
<script defer src="../_static/reveal.js"></script>
<script defer src="../_static/deck.js"></script>
</head>
<body>
<main class="reveal"><div class="slides">
{slides}
</div></main>
</body>
</html>
"""


def write_decks(site, packages):
    """slides/NAME.html in the site for each page of a chapter that asks or shows something."""
    (site / "slides").mkdir(exist_ok=True)
    for page in sorted((site / "chapters").glob("[0-9A]*.html")):
        title, slides = deck(page)
        body = "\n".join(f"<section>\n{slide}\n</section>" for slide in slides)
        (site / "slides" / page.name).write_text(
            PAGE.format(title=escape(title), slides=body), encoding="utf-8")
    for name in ("reveal.css", "reveal.js"):
        shutil.copy(packages / "reveal.js/dist" / name, site / "_static")
    for own in (ROOT / "site/slides").iterdir():
        shutil.copy(own, site / "_static")


def deck(page):
    """(title, [HTML of a slide]) of a chapter's page."""
    article = BeautifulSoup(page.read_text("utf-8"), "html.parser").select_one("article")
    for unwanted in article.select(".headerlink, details, .veil-bar"):
        unwanted.decompose()
    for link in article.select("a[href], dfn"):
        link.unwrap()
    for element in article.select("section [id]:not(section)"):
        del element["id"]
    main, states = article.section, stored(page)
    sections = [of_section(section, states, page.name)
                for section in main.find_all("section", recursive=False)
                if section["id"] not in FRAME]
    if sum(map(len, sections)) >= MOST:  # then those that neither ask nor show anything can wait
        sections = [slides for slides in sections if TOLD not in slides[0]]
    slides = [f"<h1>{main.h1.decode_contents()}</h1>\n{opening(main)}",
              *(slide for slides in sections for slide in slides)]
    ending = main.find("section", id="now-you-can")
    if ending and len(slides) < MOST:
        slides.append(f"<h2>{ending.h2.decode_contents()}</h2>\n{opening(ending)}")
    return main.h1.get_text(), slides


def of_section(section, states, page):
    """The slides of a section: the first with its heading and first words."""
    heading, items, moving = section.h2.decode_contents(), [], ""
    for element in section.select(f'figure:has(img), script[type="{VIEW}"]'):
        if element.name == "figure":
            items.append((before(element) if items else "", picture(element)))
            continue
        state = states[json.loads(element.string)["model_id"]]["state"]
        kind = state["_anywidget_id"].split(".")[-1]
        if kind == "Blanks" and not state["entry"]:
            items.append(("", question(state)))
        elif kind in MOVING:
            moving = MOVES.format(page=page, section=section["id"])
    first, *others = items or [("", TOLD)]
    room = FEW_WORDS if "<figure" in first[1] else FEW_WORDS // 2
    return [f"<h2>{heading}</h2>\n{opening(section, room)}\n{first[1]}{moving}",
            *(f'<p class="of">{heading}</p>\n{words}{item}' for words, item in others)]


def opening(section, most=FEW_WORDS):
    """The first words of a section: whole paragraphs, up to `most` words and one formula."""
    taken, words, formulas = [], 0, 0
    for element in section.find_all(True, recursive=False):
        if element.name in ("h1", "h2"):
            continue
        formula = "math" in element.get("class", [])
        formulas += formula
        words += 0 if formula else len(spoken(element).split())
        if not (formula or element.name in TEXT) or formulas > 1 or (taken and words > most):
            break
        taken.append(str(element))
    return COLON.sub(".", "\n".join(taken))


def before(figure):
    """The paragraph that leads to a picture, where it is short."""
    above = figure.find_parent(class_="cell").find_previous_sibling()
    short = above and above.name == "p" and len(spoken(above).split()) <= FEW_WORDS
    return str(above) if short else ""


def spoken(element):
    """The words of an element, a formula being one of them."""
    return TAGS.sub("", FORMULA.sub("x", str(element)))


def picture(figure):
    return f"<figure>{figure.img}</figure>"


def question(state):
    """What is asked, and the answer, which the next key shows."""
    options = "".join(f"<li>{escape(option)}</li>" for option in state["options"])
    blanks = [f"{label} = {answer}" for blank in state["blanks"]
              for labels, answers in zip(blank["labels"], blank["answers"], strict=True)
              for label, answer in zip(labels, answers, strict=True)]
    answer = ", ".join([*blanks, *filter(None, [state["answer"]])])
    return (f'<p class="asked">{escape(state["question"])}</p>\n'
            + (options and f"<ul>{options}</ul>\n")
            + f'<p class="fragment answer"><strong>{escape(answer)}.</strong> '
              f"{escape(state['why'])}</p>")
