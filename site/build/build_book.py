"""Build the site: run every chapter afresh, keep the widgets' states, let Jupyter Book print it.

    python site/build/build_book.py           -> _build/html/index.html
    python site/build/build_book.py --force   executes the chapters even if nothing has changed

The site loads nothing from another host: its scripts are copied from npm's packages.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError

# What a contributor runs: the canonical run of the chapters.
sys.path += [str(Path(__file__).resolve().parents[2] / part) for part in ("tools", "")]

from assets import PACKAGES, gather_assets, install_packages
from cover import write_cover
from css_bundle import join_sheets, keep_used
from decks import write_decks
from executed_copies import EXECUTED, chapters, executed_copy, run_all, say
from exercise_folds import fold_exercises, name_folds
from handouts import write_handouts
from line_ends import keep_lines
from minify import minify, only_anywidgets, stored
from narrow_tables import label_cells
from page_checks import complaints, loads_elsewhere, unsealed
from policy import seal
from references import link
from section_folds import fold_sections, mark_questions
from set_formulas import set_formulas
from site_exercises import place_exercises, review, write_numbers
from svg_assets import set_aside, show_vectors
from veils import veil_answers

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "_build"
SOURCE, SITE = BUILD / "book-src", BUILD / "html"


def gather_source():
    """Lay out the folder that Jupyter Book reads."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    (SOURCE / "chapters").mkdir(parents=True)
    for name in ("_config.yml", "_toc.yml"):
        shutil.copy(ROOT / name, SOURCE)
    shutil.copytree(ROOT / "site/templates", SOURCE / "templates")
    shutil.copytree(ROOT / "site/pages", SOURCE / "pages")  # those that no notebook makes
    gather_assets(SOURCE / "site")
    notebooks = {c.name: nbformat.read(executed_copy(c), as_version=4) for c in chapters()}
    write_numbers(SOURCE / "site", notebooks)
    page = SOURCE / "pages/review.md"
    nbformat.write(review(page.read_text("utf-8"), notebooks), page.with_suffix(".ipynb"))
    page.unlink()
    link(notebooks)
    veil_answers(notebooks)
    fold_exercises(notebooks)
    place_exercises(notebooks)
    fold_sections(notebooks)
    mark_questions(notebooks)
    set_aside(notebooks, BUILD / "vectors")
    template, readme = ((ROOT / name).read_text("utf-8") for name in ("site/index.md", "README.md"))
    (SOURCE / "index.md").write_text(write_cover(template, readme, notebooks), "utf-8")
    for name, notebook in notebooks.items():
        only_anywidgets(notebook)
        nbformat.write(notebook, SOURCE / "chapters" / f"{name}.ipynb")
    return notebooks


def print_book():
    """Jupyter Book with warnings as errors; its words are shown only when it fails."""
    shutil.rmtree(SITE, ignore_errors=True)
    shutil.rmtree(BUILD / ".doctrees", ignore_errors=True)
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build"]
    command += [str(SOURCE), "-W", "-n", "--keep-going", "--path-output", str(ROOT)]
    # the reference reads convlib's docstrings, through an extension that stands beside this file
    imports = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "site/build")))}
    done = subprocess.run(command, cwd=ROOT, env=imports, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{done.stdout[-3000:]}\n{done.stderr[-6000:]}\nthe book was not built")


def offer_notebooks():
    """What a reader downloads is the chapter as it is kept: widget states are for pages only."""
    for chapter in chapters():
        shutil.copy(chapter.with_suffix(".ipynb"), SITE / "_sources/chapters")


def check(notebooks):
    """Every chapter has its page, every page keeps to itself; exits with what is wrong."""
    problems = []
    for name, notebook in notebooks.items():
        page = SITE / "chapters" / f"{name}.html"
        heading = re.search(r"^# (.*)$", notebook.cells[0].source, re.M)[1].strip()
        if not page.exists():
            problems.append(f"{name}: has no page")
            continue
        words = complaints(page.read_text(encoding="utf-8"), heading, stored(page))
        problems += [f"{name}: {word}" for word in words]
        print(f"{name}.html: {page.stat().st_size / 1e6:.2f} MB")
    for file in [*SITE.rglob("*.html"), *SITE.rglob("*.css")]:
        text = file.read_text(encoding="utf-8")
        words = loads_elsewhere(text) + (unsealed(text) if file.suffix == ".html" else [])
        problems += [f"{file.relative_to(SITE)}: {word}" for word in words]
    if not (SITE / "index.html").exists():
        problems.append("the site has no index.html")
    if problems:
        sys.exit("\n".join(problems))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--force", action="store_true", help="execute every chapter again")
    start = time.perf_counter()
    if parser.parse_args().force:
        shutil.rmtree(EXECUTED, ignore_errors=True)
    install_packages()
    try:
        run_all()
    except CellExecutionError as error:
        sys.exit(f"{error}\nthe book was not built")
    notebooks = gather_source()
    printing = time.perf_counter()
    print_book()
    say("pages printed", printing)
    show_vectors(SITE, BUILD / "vectors")
    setting = time.perf_counter()
    set_formulas(SITE, PACKAGES)
    say("formulas set", setting)
    keep_lines(SITE)
    label_cells(SITE)
    minify(SITE)
    write_decks(SITE, PACKAGES)
    join_sheets(SITE)
    keep_used(SITE, PACKAGES)
    offer_notebooks()
    write_handouts(chapters(), SITE / "handouts")
    name_folds(SITE)
    seal(SITE)
    check(notebooks)
    size = sum(file.stat().st_size for file in SITE.rglob("*") if file.is_file())
    say(f"{(SITE / 'index.html').relative_to(ROOT)}: the site has {size / 1e6:.0f} MB", start)


if __name__ == "__main__":
    main()
