"""The content security policy of every page, and what the theme's pages need so as to keep it.

No page has a script of its own: what the theme writes into pages is done by site/scripts/first.js
and site.js. So whatever a reader's link, or a text that is shown, brings into a page does not run.
"""

import re

POLICY = "; ".join((
    "default-src 'self'",
    "script-src 'self' blob:",  # the modules of the widgets are handed over as blobs
    "style-src 'self' 'unsafe-inline'",  # formulas and widgets place what they draw
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "object-src 'none'",
    "frame-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",  # the search
))
META = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
HEAD = re.compile(r'(<head>\s*(?:<meta charset="utf-8" ?/?>)?)')
BARE = '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">\n{}\n{}</head>\n</html>\n'
# what first.js and site.js do instead (the search's script looked for its field in a closed
# dialog: nobody missed it); a script that is not among these fails the build
INLINE = (
    re.compile(r'<script data-cfasync="false">\s*document\.documentElement\.dataset\.mode = .*?'
               r"</script>", re.S),
    re.compile(r"<script>\s*// Activate the search field on page load\b.*?</script>", re.S),
    re.compile(r' onclick="(?:toggleFullScreen|window\.print)\(\)"'),
)
# Sphinx's scripts: what an address or a word may do to them, before -> after
MENDED = {
    "sphinx_highlight.js": {
        # a word costs a walk through the whole page
        "const terms = highlight.toLowerCase().split(/\\s+/).filter(x => x);":
            "const terms = [...new Set(highlight.slice(0, 400).toLowerCase().split(/\\s+/))]"
            ".filter(x => x).slice(0, 8);",
        # in a frame that has no origin a page may not change its address
        "window.history.replaceState({}, \"\", url);":
            "try { if (url.search !== window.location.search) "
            "window.history.replaceState(window.history.state, \"\", url); } catch {}",
        '<a href="javascript:SphinxHighlight.hideSearchWords()">': '<a href="#">',
    },
    "searchtools.js": {
        'new URLSearchParams(window.location.search).get("q");':
            'new URLSearchParams(window.location.search).get("q")'
            '?.slice(0, 200).split(/\\s+/).slice(0, 12).join(" ");',
        # "constructor" is a word like any other, not what every object inherits
        "Search._index = index;":
            "const own = Object.assign(Object.create(null),\n"
            "      { hasOwnProperty(word) { return Object.hasOwn(this, word); } });\n"
            '    for (const words of ["terms", "titleterms"])\n'
            "      index[words] = Object.assign(Object.create(own), index[words]);\n"
            "    Search._index = index;",
        # a page that is opened as a file may not fetch the others: results without an excerpt
        ".then((responseData) => responseData.text())":
            '.then((responseData) => responseData.text(), () => "")',
    },
}


def sealed(page):
    """A page under the policy, which stands before all that a page loads."""
    for inline in INLINE:
        page = inline.sub("", page)
    if HEAD.search(page):
        return HEAD.sub(lambda head: f"{head[1]}\n    {META}", page, count=1)
    return BARE.format(META, page.strip())


def mended(name, script):
    """A script of Sphinx with the lines above changed; ValueError where it has others."""
    for before, after in MENDED[name].items():
        if script.count(before) != 1:
            raise ValueError(f"{name} is not what it was: look at MENDED in policy.py for {before}")
        script = script.replace(before, after)
    return script


def seal(site):
    """Seal every page of the finished site, and mend its scripts."""
    for page in site.rglob("*.html"):
        page.write_text(sealed(page.read_text("utf-8")), "utf-8", newline="\n")
    for name in MENDED:
        script = site / "_static" / name
        script.write_text(mended(name, script.read_text("utf-8")), "utf-8", newline="\n")
