"""The first page: the table of products that sorts itself, and a card for each chapter.

The products come from convlib, the ideas from the README's map, the minutes from the chapters:
the cover repeats what the book says elsewhere, so it is made and not written.
"""

import re
from html import escape

import numpy as np
from pictograms import DRAWINGS

from convlib import conv1d, conv1d_backward, kernel_map
from course.audit import claims
from course.exercises import all_exercises

X, W, DY = np.array([1, 2, 3, 5]), np.array([10, 1]), np.array([2, 4, 7])
GROUPINGS = (("y", "output", "out"), ("dw", "weight", "tap"), ("dx", "input", "inp"))
MAP_ROW = re.compile(r"^\| \[.+?\]\(chapters/(\w+)\.ipynb\) \| (.+?) \|", re.M)
TITLE = re.compile(r"# (.+)")
MINUTES = re.compile(r"\| \*\*Time\*\* \| (\d+) minutes")


def write_cover(template, readme, notebooks):
    """The page's Markdown with table, cards and counts in the places that it leaves for them."""
    parts = {"table": product_table(), "cards": cards(readme, notebooks),
             "exercises": str(len(all_exercises())), "claims": str(len(claims()))}
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], template)


def product_table():
    """The six products dy[p] w[r] x[i], and for each grouping the order of rows and the sums."""
    table = kernel_map(X.shape, W.shape)
    back = conv1d_backward(DY, X, W)
    sums = {"y": conv1d(X, W), "dw": back.dw, "dx": back.dx}
    indices = {name: getattr(table, column)[0] for name, _, column in GROUPINGS}
    places = {name: np.lexsort((indices["dw"], indices["y"], indices[name])).argsort()
              for name in indices}
    rows = []
    for row, (p, r, i) in enumerate(zip(*indices.values(), strict=True)):
        at = " ".join(f'data-{name}="{places[name][row]}"' for name in places)
        heads = " ".join(
            f'data-sum-{name}="{heading(name, indices[name], places[name], row, sums)}"'
            for name in places)
        rows.append(
            f'<tr {at} {heads}><td class="out">{p}</td><td class="tap">{r}</td>'
            f'<td class="in">{i}</td><td class="dy">{DY[p]}</td><td class="w">{W[r]}</td>'
            f'<td class="x">{X[i]}</td><td class="sum"></td></tr>')
    rows.sort(key=lambda text: int(re.search(r'data-y="(\d)"', text)[1]))
    rows = [re.sub(r'(data-sum-y="(.*?)".*<td class="sum">)', r"\1\2", text) for text in rows]
    buttons = "".join(
        f'<button type="button" data-by="{name}" aria-pressed="'
        f'{str(name == "y").lower()}">by {word}: <i>{name}</i></button>'
        for name, word, _ in GROUPINGS)
    return (f'<div class="cover-table" data-by="y">'
            f'<div class="cover-sorts" role="group" aria-label="Group the products" hidden>'
            f'{buttons}</div><table><caption>The six products of a small layer, with '
            f'x&nbsp;=&nbsp;{listed(X)}, w&nbsp;=&nbsp;{listed(W)} and upstream gradient '
            f'dy&nbsp;=&nbsp;{listed(DY)}; a sum leaves out the factor that is struck through'
            f'</caption>'
            f'<thead><tr><th scope="col">output p</th><th scope="col">weight r</th>'
            f'<th scope="col">input i</th><th scope="col">dy[p]</th><th scope="col">w[r]</th>'
            f'<th scope="col">x[i]</th><th scope="col">sum</th></tr></thead>'
            f'<tbody>{"".join(rows)}</tbody></table></div>')


def heading(name, indices, places, row, sums):
    """What the first row of a group says, "dx[1] = 42"; the other rows say nothing."""
    group = np.flatnonzero(indices == indices[row])
    first = group[places[group].argmin()]
    return f"{name}[{indices[row]}] = {sums[name][indices[row]]}" if row == first else ""


def listed(values):
    return f"[{',&nbsp;'.join(map(str, values))}]"


def cards(readme, notebooks):
    """A link for each chapter: drawing, title, idea, minutes; the appendices B and C have none."""
    made = []
    for stem, idea in MAP_ROW.findall(readme):
        key = stem.split("_")[0]
        if key not in DRAWINGS:
            continue
        name = TITLE.match(notebooks[stem].cells[0].source)[1]
        minutes = MINUTES.search(notebooks[stem].cells[0].source)
        time = f'<span class="cover-time">{minutes[1]} min</span>' if minutes else ""
        made.append(
            f'<li><a href="chapters/{stem}.html">{DRAWINGS[key]()}<span class="cover-name">'
            f'{escape(name)}</span><span class="cover-idea">{escape(idea)}</span>{time}</a></li>')
    words = "".join(made).replace(escape("'"), "’")
    return f'<ul class="cover-cards">{words}</ul>'
