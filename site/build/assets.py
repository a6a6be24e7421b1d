"""The scripts and styles of the site, and npm's packages."""

import shutil
import subprocess
import sys
import time

from executed_copies import digest, say
from run_chapters import ROOT

PACKAGES = ROOT / "node_modules"
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
    """Copy what the pages load: our own styles and scripts, the host of the widgets among them."""
    folder.mkdir(parents=True)
    own = [*ROOT.glob("site/styles/*"), *ROOT.glob("site/scripts/*")]
    for file in [*own, ROOT / "site/icon.svg", ROOT / "course/references.bib"]:
        shutil.copy(file, folder)
