"""The scripts and styles of the site: npm's packages, and what pages load of them."""

import shutil
import subprocess
import sys
import time

from executed_copies import digest, say
from run_chapters import ROOT

PACKAGES = ROOT / "node_modules"
# the script that pages load (formulas are spoken from MathML), and what it fetches: glyphs,
# rare TeX commands, English
MATHJAX = ("tex-mml-chtml.js", "output/chtml/fonts/woff-v2", "input/tex/extensions", "a11y",
           "sre/mathmaps/base.json", "sre/mathmaps/en.json")
NO_NODE = """make book needs npm, which comes with Node.js. Install it with one of
    sudo apt-get install nodejs npm        (Debian, Ubuntu)
    brew install node                      (macOS)
    conda install -c conda-forge nodejs    (conda)"""


def install_packages():
    """The npm packages of package-lock.json, installed once for each state of the lock."""
    stamp = PACKAGES / ".lock-digest"
    wanted = digest(ROOT / "package-lock.json")
    if stamp.exists() and stamp.read_text() == wanted:
        return
    npm = shutil.which("npm") or sys.exit(NO_NODE)
    start = time.perf_counter()
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=ROOT, check=True)
    stamp.write_text(wanted)
    say("npm packages installed", start)


def gather_assets(folder):
    """Copy what the pages load: our own style, the host of the widgets, and MathJax."""
    folder.mkdir(parents=True)
    own = [*ROOT.glob("site/styles/*"), *ROOT.glob("site/scripts/*")]
    for file in [*own, ROOT / "site/icon.svg", ROOT / "site/references.bib"]:
        shutil.copy(file, folder)
    for name in MATHJAX:
        origin, copy = PACKAGES / "mathjax/es5" / name, folder / "mathjax" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if origin.is_dir() else shutil.copy)(origin, copy)
