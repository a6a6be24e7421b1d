"""Make the site smaller than Jupyter Book leaves it, and its pages quick to show."""

import json
import re

# Matplotlib brings fontTools
from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont

from figures.widgets.shown import VIEW

STATE = "application/vnd.jupyter.widget-state+json"
STORED = re.compile(rf'<script type="{re.escape(STATE)}">(.*?)</script>', re.S)
CALL = "showWidgets(%s);\n"
SHARED = ("_esm", "_css")  # the same texts in many models: stored once, and named by a number
FIRST = re.compile(r'<script blocking="render"[^>]*></script>')
SCRIPT = re.compile(r'<script src=("[^"]*")></script>')
# the icons' script; what no script asks, and would have to be set before the deferred ones; a
# preload of scripts that wait anyway
SET_LATER = re.compile(r'<script [^>]*/fontawesome\.js[^>]*></script>|<link rel="preload"[^>]*>'
                       r"|<script>DOCUMENTATION_OPTIONS\.pagename = .*?</script>")
ICON_RULE = re.compile(r'((?:\.fa-[\w-]+:before,?)+)\{content:"\\[0-9a-f]+"\}')
ICON_CODE = re.compile(r'"\\([ef][0-9a-f]{3})"')
WOFF2 = re.compile(r'url\([^)]*/fa-[\w-]+\.woff2\) format\("woff2"\),')

# The theme looks at every box that may scroll, writes to it, and looks at the next: a hundred
# layouts of the page. site.js does the same work without one.
BOXES = re.compile(r'document\.querySelectorAll\(\[[^\]]*\]\.join\(", "\)\)\.forEach'
                   r"\(\(e=>\{e\.tabIndex=e\.scrollWidth>[^}]*\}\)\)")


def only_anywidgets(notebook):
    """Drop what is no anywidget: layouts, and progress bars, which are stored as they begin."""
    states = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    others = {name for name, model in states.items() if model["model_name"] != "AnyModel"}
    for name in others:
        del states[name]
    for cell in notebook.cells:
        if "outputs" in cell:
            cell.outputs = [output for output in cell.outputs if output.get("data", {}).get(
                VIEW, {}).get("model_id") not in others]


def minify(site):
    """Drop from the finished site what no reader needs; what he needs first comes first."""
    unneeded = ("*.map", "fontawesome.js*", "*macros.html")  # the last are the theme's templates
    for file in {file for pattern in unneeded for file in site.rglob(pattern)}:
        file.unlink()
    for page in site.rglob("*.html"):
        text = set_states_aside(page, page.read_text(encoding="utf-8"))
        page.write_text(quick(text), encoding="utf-8")
    keep_icons(site)
    leave_boxes(site / "_static/scripts/pydata-sphinx-theme.js")


def leave_boxes(script):
    """Spare a page the layouts that the theme's script asks for."""
    text, found = BOXES.subn("0", script.read_text(encoding="utf-8"))
    if found != 1:
        raise ValueError(f"{script.name} has changed: BOXES in site/build/minify.py tells what it "
                         "did with boxes that scroll")
    script.write_text(text, encoding="utf-8")


def set_states_aside(page, text):
    """The states of widgets, often a megabyte, become a script that is fetched after the text."""
    states = {name: model for found in STORED.findall(text)
              for name, model in json.loads(found)["state"].items()}
    if not states:
        return text
    texts = list(dict.fromkeys(model["state"][name] for model in states.values()
                               for name in SHARED if name in model["state"]))
    for model in states.values():
        model["state"] |= {name: texts.index(model["state"][name])
                           for name in SHARED if name in model["state"]}
    beside = page.with_suffix(".states.js")
    kept = json.dumps({"texts": texts, "states": states}, ensure_ascii=False,
                      separators=(",", ":"))
    beside.write_text(CALL % kept, "utf-8")
    return STORED.sub("", text).replace(
        "</body>", f'<script type="later" src="{beside.name}"></script>\n</body>')


def stored(page):
    """The states of a finished page's widgets: {name: model}."""
    beside = page.with_suffix(".states.js")
    before, after = (len(part) for part in CALL.split("%s"))
    if not beside.exists():
        return {}
    kept = json.loads(beside.read_text("utf-8")[before:-after])
    for model in kept["states"].values():
        model["state"] |= {name: kept["texts"][model["state"][name]]
                           for name in SHARED if name in model["state"]}
    return kept["states"]


def quick(page):
    """Only style sheets keep the text from being shown: scripts wait until it is read."""
    page = SET_LATER.sub("", page)
    page = SCRIPT.sub(r"<script defer src=\1></script>", page)
    first = FIRST.findall(page)
    return FIRST.sub("", page).replace("<title>", "\n".join([*first, "<title>"]), 1)


def keep_icons(site):
    """Of two thousand icons only those that a page or a script names, or a style sheet draws."""
    users = [*site.rglob("*.html"), *site.rglob("*.js")]
    named = {name for user in users
             for name in re.findall(r"\bfa-[\w-]+", user.read_text(encoding="utf-8"))}

    def kept(rule):
        return rule[0] if named.intersection(re.findall(r"fa-[\w-]+", rule[1])) else ""

    codes = set()
    for sheet in site.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        fewer = WOFF2.sub("", ICON_RULE.sub(kept, text))
        codes.update(int(code, 16) for code in ICON_CODE.findall(fewer))
        if fewer != text:
            sheet.write_text(fewer, encoding="utf-8")
    for file in site.rglob("fa-*.ttf"):
        file.with_suffix(".woff2").unlink()
        font, few = TTFont(file), Subsetter()
        few.populate(unicodes=codes)
        few.subset(font)
        font.save(file)
