"""Notebooks to hand out: every chapter without its solutions and without outputs.

    python site/build/handouts.py FOLDER    writes them there, and all of them in one zip
"""

import re
import sys
import zipfile
from pathlib import Path

import nbformat
from nbconvert.preprocessors import TagRemovePreprocessor

ROOT = Path(__file__).resolve().parents[2]
ALL = "flipped_kernel_handouts.zip"
THE_SAME_DAY = (1980, 1, 1, 0, 0, 0)  # the first one a zip knows: equal files make equal bytes
SOLUTION = re.compile(r"#+ Solution\b")


def handout(notebook):
    """A copy without outputs, and without what is tagged solution; every other cell keeps its id.

    Raises ValueError for a cell that begins like a solution and has no such tag.
    """
    remover = TagRemovePreprocessor(remove_cell_tags={"solution"}, enabled=True)
    copy, _ = remover.preprocess(nbformat.from_dict(notebook), {})
    for cell in copy.cells:
        if SOLUTION.match(cell.source):
            raise ValueError(f"cell {cell.id} begins like a solution and is not tagged as one")
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    copy.metadata.pop("widgets", None)
    return copy


def write_handouts(chapters, folder):
    """One notebook for each path of `chapters` in `folder`, and a zip of all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / ALL, "w", zipfile.ZIP_DEFLATED) as everything:
        for chapter in chapters:
            name = f"{chapter.stem}.ipynb"
            notebook = handout(nbformat.read(chapter.with_suffix(".ipynb"), as_version=4))
            text = nbformat.writes(notebook) + "\n"
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
            entry = zipfile.ZipInfo(name, THE_SAME_DAY)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            everything.writestr(entry, text)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write_handouts(sorted((ROOT / "chapters").glob("*.ipynb")), Path(sys.argv[1]))
