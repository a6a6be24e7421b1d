"""Pictures come twice from a chapter that is executed: pages show the PNG, paper the SVG."""

import base64
import hashlib
import shutil


def set_aside(notebooks, folder):
    """Move every SVG out of the notebooks into a file that is named as MyST-NB names its PNG."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for notebook in notebooks.values():
        for output in (o for cell in notebook.cells for o in cell.get("outputs", [])):
            if drawing := output.get("data", {}).pop("image/svg+xml", None):
                name = hashlib.sha256(base64.b64decode(output.data["image/png"])).hexdigest()
                (folder / f"{name}.svg").write_text(drawing, encoding="utf-8")
