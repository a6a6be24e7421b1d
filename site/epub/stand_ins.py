"""What stands in a book without scripts where a page has a widget: words, a table, a still."""

import io
from html import escape

import matplotlib as mpl
import matplotlib.pyplot as plt

from figures import draw_explored, draw_grids
from figures.drawing import style
from figures.explorer.cells import QUANTITIES
from figures.explorer.maps import OPTIONS
from figures.explorer.still import ORDER

mpl.use("agg")
MOVES = '<p class="moves">On the site and in JupyterLab {}.</p>'
SHARED = ("stride", "padding", "dilation")  # of the explorer's options and of conv2d's
CLAIM = ("claim", "the document says", "verdict", "what is correct", "chapter", "what is compared")


def stand_in(state, file, count):
    """(HTML, <li> of the answer or "", {file: SVG}) for the widget with this state."""
    kind = state["_anywidget_id"].split(".")[-1]
    if kind == "Blanks":
        return (*question(state, count), {})
    if kind == "Explorer":
        return explorer(state, file)
    words = {"Live": MOVES.format("this picture moves"),
             "Probe": MOVES.format("you can lay the window anywhere on the photograph")}
    tables = {"AuditTable": claims, "BugGallery": reports}
    return words[kind] if kind in words else tables[kind](state), "", {}


def question(state, count):
    """A question as text, and its answer for the chapter's end; nothing for an exercise's line."""
    if state["entry"]:
        return "", ""
    options = "".join(f"<li>{escape(option)}</li>" for option in state["options"])
    blanks = [(label, answer) for blank in state["blanks"]
              for labels, answers in zip(blank["labels"], blank["answers"], strict=True)
              for label, answer in zip(labels, answers, strict=True)]
    asked = ", ".join(f"{label} = ___" for label, _ in blanks)
    shown = (f'<div class="question"><p><strong>Question {count}.</strong> '
             f"{escape(state['question'])}</p>" + (options and f"<ul>{options}</ul>")
             + (asked and f"<p>{escape(asked)}</p>") + "</div>")
    found = [f"{label} = {answer}" for label, answer in blanks] + [state["answer"]] * bool(options)
    words = f"{', '.join(map(str, found))}. {state['why']}".strip()
    return shown, f"<li>{escape(words)}</li>"


def explorer(state, file):
    """The explorer's still twin, drawn from the numbers that it opens with."""
    arrays = {name: state[name] for name in ("x", "w", "dy")}
    axes = [dict(zip(OPTIONS, axis, strict=True)) for axis in state["axes"]]
    options = {name: tuple(axis[name] for axis in axes) for name in SHARED}
    if state["selected"]:
        start = state["selected"]
        start = start if start.partition("[")[0] in ORDER else None  # x, w and dy are only read
        words = draw_explored(
            **arrays, start=start, groups=state["groups"], **options,
            show=[name for name in state["show"] if name in QUANTITIES])
    else:  # what is to be found is not drawn
        given = {name: array for name, array in arrays.items() if name in state["show"]}
        draw_grids(**given)
        words = "; ".join(f"{name} = {array}" for name, array in given.items())
    alt = escape(f"The grids of {', '.join(state['show'])}. {words}")
    return (f'<figure><img src="{file}" alt="{alt}"/></figure>'
            + MOVES.format("each cell of this picture answers when it is pointed at"), "",
            {file: drawn()})


def drawn():
    """The current figure as SVG, the same bytes each time; it is closed."""
    text = io.StringIO()
    with plt.rc_context({"svg.hashsalt": "the-flipped-kernel"}):
        plt.savefig(text, format="svg", facecolor=style.paper, metadata={"Date": None})
    plt.close()
    return text.getvalue()


def claims(state):
    """The audit as a table, every claim of it."""
    verdicts = {name: f"{sign} {words}" for name, sign, words in state["verdicts"]}
    return table("Claims of the source documents", CLAIM, [
        [escape(row["number"]), runs(row["says"]), escape(verdicts[row["verdict"]]),
         runs(row["correct"]), ", ".join(row["chapters"]), escape(row["check"] or "a definition")]
        for row in state["rows"]])


def reports(state):
    """The gallery of bug reports as a table; a pair is a link."""
    def paragraph(part):
        words = escape(part if isinstance(part, str) else part[0])
        return f"<p>{words}</p>" if isinstance(part, str) else (
            f'<p><a href="{escape(part[1])}">{words}</a></p>')

    return table(state["caption"], state["columns"], [
        ["".join(map(paragraph, cell)) for cell in row["cells"]] for row in state["rows"]])


def runs(parts):
    """Runs of [style, text], the style being "", "sub" or "sup"."""
    return "".join(f"<{style}>{escape(text)}</{style}>" if style else escape(text)
                   for style, text in parts)


def table(caption, columns, rows):
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    lines = "".join(f'<tr><th scope="row">{first}</th>'
                    + "".join(f"<td>{cell}</td>" for cell in others) + "</tr>"
                    for first, *others in rows)
    return (f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{lines}</tbody></table>")
