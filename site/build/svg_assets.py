"""Pictures come twice from a chapter that is executed: drawn as SVG, and as PNG for photographs.

A page shows the SVG, sharp at every size, unless it holds a photograph, whose pixels the PNG keeps
in less room. Paper gets the SVG always.
"""

import base64
import hashlib
import re
import shutil

IMG = re.compile(r'''<img\b((?:"[^"]*"|[^>"])*?)\s*src="([./]*_images/)(\w+)\.png"
                 ([^>]*?)\s*/?>''', re.S | re.X)
PHOTOGRAPH = re.compile(r"<image\b")
BESIDE_LIVE = re.compile(r'<img (?=[^>]*></span>\s*<div[^>]*>\s*<p class="live-caption")')
SIZE = re.compile(r'\bviewBox="0 0 ([\d.]+) ([\d.]+)"')
PIXELS = 100 / 72  # CSS pixels of a point: an inch of a picture is 100 of them


def set_aside(notebooks, folder):
    """Move every SVG out of the notebooks into a file that is named as MyST-NB names its PNG.

    MyST-NB takes a picture's words from its cell.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for notebook in notebooks.values():
        for cell, output in ((c, o) for c in notebook.cells for o in c.get("outputs", [])):
            if drawing := output.get("data", {}).pop("image/svg+xml", None):
                name = hashlib.sha256(base64.b64decode(output.data["image/png"])).hexdigest()
                (folder / f"{name}.svg").write_text(drawing, encoding="utf-8")
                said = output.metadata.pop("image/png", {})  # Sphinx links what has a width
                image = cell.metadata.setdefault("mystnb", {}).setdefault("image", {})
                image.setdefault("alt", said.get("alt", ""))


def show_vectors(site, folder):
    """Let the pages show the SVGs of `folder`; a photograph stays a PNG, in the size of its SVG."""
    drawn = {file.stem for file in folder.glob("*.svg")
             if not PHOTOGRAPH.search(file.read_text(encoding="utf-8"))}

    def shown(found):
        before, way, name, after = found.groups()
        if not (folder / f"{name}.svg").exists():
            return found[0]
        width, height = size((folder / f"{name}.svg").read_text(encoding="utf-8"))
        kind, suffix = ("drawing", "svg") if name in drawn else ("photograph", "png")
        return (f'<span class="picture"><img{before} class="{kind}" width="{width}" '
                f'height="{height}" src="{way}{name}.{suffix}"{after}></span>')

    for page in site.rglob("*.html"):
        text = IMG.sub(shown, page.read_text(encoding="utf-8"))
        # on the screen a live figure stands there, and the picture is not even fetched
        page.write_text(BESIDE_LIVE.sub('<img loading="lazy" ', text), encoding="utf-8")
    for name in drawn:
        if (site / "_images" / f"{name}.png").exists():
            shutil.copy(folder / f"{name}.svg", site / "_images")
            (site / "_images" / f"{name}.png").unlink()


def size(drawing):
    """Width and height in CSS pixels; a PNG has more pixels than that."""
    return tuple(round(float(points) * PIXELS) for points in SIZE.search(drawing).groups())
