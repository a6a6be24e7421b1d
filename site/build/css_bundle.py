"""The style sheets of the finished site, joined: a page waits for one file instead of ten."""

import hashlib
import os
import re
import subprocess

SHEET = re.compile(r'<link\b[^>]*rel="stylesheet"[^>]*>')
HREF = re.compile(r'href="([^"?]+)')
IMPORT = re.compile(r'@import "([^"]+)";')
LOCAL = re.compile(r"url\((?![\"']?data:)")


def join_sheets(site):
    """The style sheets of a page as one, but for print: ten requests are slower than one."""
    joined = {}
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        every = SHEET.findall(text)
        if not every:
            continue
        links = [link for link in every if 'media="print"' not in link]
        files = tuple((page.parent / HREF.search(link)[1]).resolve() for link in links)
        if files not in joined:
            rules = "\n".join(sheet(file, site / "_static/styles") for file in files)
            joined[files] = written(rules, site / "_static/styles")
        address = os.path.relpath(joined[files], page.parent)
        last = [f'<link rel="stylesheet" href="{address}">', *(set(every) - set(links)), "</head>"]
        # fetched first, but behind the scripts: they would wait for it, and the text for them
        early = f'<link rel="preload" as="style" href="{address}">\n<title>'
        text = SHEET.sub("", text).replace("</head>", "\n".join(last), 1)
        page.write_text(text.replace("<title>", early, 1), encoding="utf-8")
    for file in {file for files in joined for file in files}:
        file.unlink()


def sheet(file, folder):
    """A style sheet's text, with what it imports, as it must be in another folder."""
    text = IMPORT.sub(lambda found: sheet(file.parent / found[1], file.parent),
                      file.read_text(encoding="utf-8").replace('@charset "UTF-8";', ""))
    way = os.path.relpath(file.parent, folder)
    return text if way == "." else LOCAL.sub(f"url({way}/", text)


def written(rules, folder):
    """The file that holds them: a new sheet has a new address."""
    file = folder / f"{hashlib.sha256(rules.encode()).hexdigest()[:16]}.css"
    file.write_text(rules, encoding="utf-8")
    return file


def keep_used(site, packages):
    """Of the joined sheets the rules whose classes a page or a script names: a third."""
    content = [f"{site.as_posix()}/{files}" for files in ("**/*.html", "**/*.js")]
    for file in list((site / "_static/styles").glob("*.css")):
        subprocess.run(["node", packages / "purgecss/bin/purgecss.js", "--css", file, "--content",
                        *content, "--output", file], check=True, capture_output=True)
        fewer = written(file.read_text(encoding="utf-8"), file.parent)
        file.unlink()
        for page in site.rglob("*.html"):
            text = page.read_text(encoding="utf-8")
            page.write_text(text.replace(file.name, fewer.name), encoding="utf-8")
