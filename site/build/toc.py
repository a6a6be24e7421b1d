"""What _toc.yml lists: the parts of the book and their pages."""

from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


def contents(wanted=()):
    """{caption of the part: its pages}, as _toc.yml has them; those that begin as `wanted` says."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    parts = {  # the site's cover is left out: a book on paper or in a file has its own
        part["caption"]: [entry["file"] for entry in part["chapters"]] for part in toc["parts"]}
    chosen = {caption: [file for file in files if Path(file).name.startswith(tuple(wanted) or "")]
              for caption, files in parts.items()}
    return {caption: files for caption, files in chosen.items() if files}
