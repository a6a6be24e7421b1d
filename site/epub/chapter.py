"""One page of the built site, made ready to be a chapter of the EPUB.

What a reader has to find first (answers, hints, solutions) goes to the chapter's end; formulas stay
as the MathML that stands in the page for screen readers; nothing is folded, veiled or run.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from bs4 import BeautifulSoup
from site_exercises import HOW
from stand_ins import stand_in

from figures.widgets.shown import VIEW

SCREEN_ONLY = "script, noscript, style, button, .headerlink, .veil-bar, .prev-next-footer"
MATHML = "http://www.w3.org/1998/Math/MathML"
SITE_ONLY = ("hidden", "download")
MOST_COLUMNS = 5  # of a table in the size of the text
NAMED = re.compile(r"(?:https?|mailto):")


@dataclass
class Chapter:
    """`body` is XHTML; `sections` are (address, heading), `pictures` the names of image files."""

    name: str
    title: str = ""
    body: str = ""
    sections: list = field(default_factory=list)
    pictures: list = field(default_factory=list)
    drawn: dict = field(default_factory=dict)  # {file name: SVG} of what stands for a widget


def chapter(name, text, states, known):
    """The page `name` with this HTML and these states of widgets; `known` are the book's pages."""
    soup = BeautifulSoup(text, "html.parser")
    article = soup.select_one("article.bd-article")
    made = Chapter(name)
    answers = stand_ins(article, states, made)
    for element in article.select(SCREEN_ONLY):
        element.decompose()
    recalled = taken_folds(article, "li > details", "li")
    hints = taken_folds(article, "details.hint", "p")
    solutions = [cell.extract() for cell in article.select(".cell.tag_solution")]
    for root in (article, *solutions):
        unfold(root)
    at_the_end(soup, article, {"Before you start": recalled, "Questions": answers, "Hints": hints,
                               "Exercises": solutions})
    set_formulas(soup, article)
    keep_links(article, known)
    plain(article)
    made.title = article.h1.get_text().strip()
    made.sections = [(head.parent["id"], head.get_text().strip())
                     for head in article.select("section[id] > h2")]
    for image in article.select("img"):
        file = image["src"].split("/")[-1]
        image["src"] = f"images/{file}"
        if file not in made.drawn:
            made.pictures.append(file)
    made.body = "".join(part.decode(formatter="minimal") for part in article.find_all(
        "section", recursive=False))
    return made


def stand_ins(article, states, made):
    """Put words and pictures in place of the widgets; [<li>] of the answers to its questions."""
    answers = []
    for script in article.select(f'script[type="{VIEW}"]'):
        state = states[json.loads(script.string)["model_id"]]["state"]
        shown, answer, drawn = stand_in(state, f"{made.name}-{len(made.drawn) + 1}.svg",
                                        len(answers) + 1)
        made.drawn |= drawn
        cell = script.find_parent(class_="cell")
        if "Blanks" in state["_anywidget_id"] and (code := cell.select_one(".cell_input")):
            before_the_call(code)
        script.replace_with(BeautifulSoup(shown, "html.parser"))
        if answer:
            answers.append(BeautifulSoup(answer, "html.parser").contents[0])
    return answers


def before_the_call(code):
    """The call of `ask` holds the answer: of its cell only what stands before it is shown."""
    calls = [span for span in code.select("pre > span") if span.get_text() == "ask"]
    if calls:
        for rest in [*calls[-1].next_siblings]:
            rest.extract()
        calls[-1].decompose()
    if not code.get_text().strip():
        code.decompose()


def taken_folds(article, selector, tag):
    """Take the folded texts out; each becomes an element that names where it was."""
    taken = []
    for fold in article.select(selector):
        label = fold.summary.extract().get_text()
        element = BeautifulSoup(f"<{tag}></{tag}>", "html.parser").contents[0]
        if tag == "li":  # an answer to the question of this place in its list
            item = fold.find_parent("li")
            element["value"] = str(item.parent.find_all("li", recursive=False).index(item) + 1)
        else:
            strong = BeautifulSoup(f"<strong>{label}.</strong>", "html.parser").contents[0]
            element.extend([strong, " "])
        for child in [*(fold.p.contents if tag == "p" else fold.contents)]:
            element.append(child)
        fold.extract()  # the next hint is in it
        taken.append(element)
    return taken


def unfold(root):
    """What is folded on the screen is text here, under the words of its fold."""
    for fold in root.select("details"):
        summary = fold.summary
        if "hide" in fold.get("class", []):
            summary.decompose()
        else:
            summary.name, summary["class"] = "p", "fold-title"
        fold.name = "div"
    for veil in root.select(".veil-content, .veil"):
        veil.unwrap()


def at_the_end(soup, article, parts):
    """A last section, Answers, with what was taken out."""
    if not any(parts.values()):
        return
    section = soup.new_tag("section", id="answers", attrs={"class": "answers"})
    section.append(heading(soup, "h2", "Answers"))
    for title, items in parts.items():
        if items:
            section.append(heading(soup, "h3", title))
            box = soup.new_tag("ol" if items[0].name == "li" else "div")
            box.extend(items)
            section.append(box)
    article.section.append(section)


def heading(soup, tag, words):
    made = soup.new_tag(tag)
    made.string = words
    return made


def set_formulas(soup, article):
    """MathML in place of MathJax's drawing; a number stands beside its formula, not in it.

    Readers do not know mlabeledtr, the element with which MathML numbers a formula.
    """
    for container in article.select("mjx-container"):
        math = container.math.extract()
        numbers = []
        for row in math.select("mlabeledtr"):
            label = row.mtd.extract()
            numbers.append(label.get_text())
            row.name = "mtr"
        rows = math.select("mtr")
        if numbers and len(rows) == len(rows[0].find_all("mtd", recursive=False)) == 1:
            cell = rows[0].mtd
            cell.name = "mrow"
            math.mtable.replace_with(cell)
        for element in (math, *math.select("*")):
            for key in [k for k in element.attrs if k.startswith("data-") or k in ("class", "id")]:
                del element[key]
        math["xmlns"] = MATHML
        container.replace_with(math)
        for number in numbers:
            beside = soup.new_tag("span", attrs={"class": "number"})
            beside.string = number
            math.insert_after(beside)


def keep_links(article, known):
    """A link leads into the book or to the web; one to a file of the site becomes its words."""
    for link in article.select("a[href]"):
        address, _, place = link["href"].partition("#")
        name = PurePosixPath(address.partition("?")[0]).stem
        if NAMED.match(address) or (not address and article.find(id=place)):
            continue
        if address.partition("?")[0].endswith(".html") and name in known:
            link["href"] = f"{name}.xhtml" + (place and f"#{place}")
        else:
            link.unwrap()


def plain(article):
    """Drop what only the site's styles and scripts read, and empty heads of tables."""
    for note in article.select("p"):
        if note.get_text() == HOW.strip("*"):
            note.decompose()
    for head in article.select("thead"):
        if not head.get_text().strip():
            head.decompose()
    for table in article.select("table"):
        if len(table.tr.select("th, td")) > MOST_COLUMNS:
            table["class"] = "wide"
    for element in article.select("*"):
        for key in [k for k in element.attrs if k.startswith("data-") or k in SITE_ONLY]:
            del element[key]
