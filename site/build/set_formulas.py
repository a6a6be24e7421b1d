"""Set the formulas of the finished site: a reader's browser has nothing left to set.

MathJax runs in Node, once for each formula of the book. Its output replaces the TeX in the pages,
with MathML beside it for screen readers; its rules and fonts lie with the other style sheets.
"""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

# span, div, and p from docstrings; the TeX in them is between \( and \), or \[ and \]
FORMULA = re.compile(r'(<(span|div|p)\b[^>]*class="[^"]*\bmath\b[^"]*"[^>]*>)(.*?)(</\2>)', re.S)
TEX = re.compile(r"\s*\\([(\[])(.*)\\[)\]]\s*", re.S)
# what would fetch and start MathJax in the page
LOADER = re.compile(r'<script\b[^>]*mathjax[^>]*></script>|<script>window\.MathJax = .*?</script>',
                    re.S)
WRONG = re.compile(r'data-mjx-error="([^"]*)"')
QUOTED = re.compile(r'url\("(.*?)"\)')  # the joined sheet finds addresses without quotes
SHEET = "_static/formulas.css"
FONTS = "mathjax/es5/output/chtml/fonts/woff-v2"


def set_formulas(site, packages):
    """Replace every formula of every page; ValueError names the page and the formula that fails."""
    pages = {page: page.read_text(encoding="utf-8") for page in site.rglob("*.html")}
    wanted = list(dict.fromkeys(key for text in pages.values() for key in formulas(text)))
    drawn, css = typeset(wanted)
    by_key = dict(zip(wanted, drawn, strict=True))
    for page, text in pages.items():
        for key in formulas(text):
            if error := WRONG.search(by_key[key]):
                raise ValueError(f"{page.name}: {error[1]} in {key[0]}")
        text = FORMULA.sub(lambda found: placed(found, by_key), LOADER.sub("", text))
        way = "../" * (len(page.relative_to(site).parts) - 1)
        # on every page, so that all pages share one joined sheet
        link = f'<link rel="stylesheet" href="{way}{SHEET}">\n</head>'
        page.write_text(text.replace("</head>", link, 1), encoding="utf-8")
    (site / SHEET).write_text(css, encoding="utf-8")
    shutil.copytree(packages / FONTS, site / "_static/mathjax-fonts")


def formulas(text):
    """The formulas of a page: (TeX, whether it is displayed), as often as they occur."""
    return [key for found in FORMULA.finditer(text) if (key := read(found[3]))]


def read(inside):
    """(TeX, displayed) of what stands in an element; None for one that holds no formula."""
    found = TEX.fullmatch(html.unescape(inside))
    return (found[2].strip(), found[1] == "[") if found else None


def placed(found, by_key):
    """The element with its formula set; a number beside it and a link to it stay."""
    key = read(found[3])
    return f"{found[1]}{by_key[key]}{found[4]}" if key else found[0]


def typeset(wanted):
    """([HTML], the style sheet) of all formulas, from one run of Node."""
    asked = json.dumps([{"tex": tex, "display": display} for tex, display in wanted])
    done = subprocess.run(["node", Path(__file__).with_suffix(".cjs")], input=asked, text=True,
                          capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise ValueError(f"the formulas were not set: {done.stderr.strip()}")
    answer = json.loads(done.stdout)
    # a numbered formula gets its height from its label: MathJax without a page cannot measure it
    drawn = [one.replace(' style="height: NaNem;"', "") for one in answer["formulas"]]
    return drawn, QUOTED.sub(r"url(\1)", answer["css"])
