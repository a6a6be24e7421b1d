"""Make the site smaller than Jupyter Book leaves it, and its pages quick to show."""

import re

# Matplotlib brings fontTools
from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
STORED = re.compile(rf'<script type="{re.escape(STATE)}">.*?</script>', re.S)
ICON_SCRIPT = re.compile(r'<script src="[^"]*/fontawesome\.js[^"]*"></script>')
ICON_RULE = re.compile(r'((?:\.fa-[\w-]+:before,?)+)\{content:"\\[0-9a-f]+"\}')
ICON_CODE = re.compile(r'"\\([ef][0-9a-f]{3})"')
WOFF2 = re.compile(r'url\([^)]*/fa-[\w-]+\.woff2\) format\("woff2"\),')


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


def slim(site):
    """Drop from the finished site what no reader needs; what he needs first comes first."""
    for unneeded in {*site.rglob("*.map"), *site.rglob("fontawesome.js*")}:
        unneeded.unlink()
    for page in site.rglob("*.html"):
        page.write_text(quick(page.read_text(encoding="utf-8")), encoding="utf-8")
    keep_icons(site)


def quick(page):
    """The states of widgets, often a megabyte, after the text; the style sheet draws the icons."""
    states = STORED.findall(page)
    page = ICON_SCRIPT.sub("", STORED.sub("", page))
    return page.replace("</body>", "\n".join([*states, "</body>"]))


def keep_icons(site):
    """Of two thousand icons only those that a page or a script names, or a style sheet draws."""
    users = [*site.rglob("*.html"), *site.rglob("*.js")]
    named = {name for user in users if "mathjax" not in user.parts
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
