"""The chapters, run afresh for the site: each is executed again when what it depends on changed."""

import hashlib
import re
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import nbformat
import yaml
from run_chapters import ROOT, execute, kernel_environment, two_at_a_time

EXECUTED = ROOT / "_build/executed"


def say(text, start):
    print(f"{text} ({time.perf_counter() - start:.1f} s)", flush=True)


def digest(*paths):
    """One hash of the names and bytes of files and folders."""
    total = hashlib.sha256(sys.version.encode())
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                total.update(f"{file.relative_to(ROOT).as_posix()}\n".encode())
                total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()[:16]


def chapters():
    """The notebooks that _toc.yml lists, in its order, as paths without suffix."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return [ROOT / name for name in re.findall(r"'(?:root|file)': '(chapters/[^']+)'", str(toc))]


def executed_copy(chapter):
    """Where the executed notebook is kept: its name changes with all that its outputs depend on."""
    notebook = chapter.with_suffix(".ipynb")
    locks = sorted(ROOT.glob("requirements*.lock"))
    rooms = [ROOT / name for name in ("convlib", "course", "figures")]
    code = [*rooms, Path(__file__), ROOT / "tools/run_chapters.py"]
    return EXECUTED / f"{chapter.name}-{digest(notebook, *code, *locks)}.ipynb"


def run(chapter, environment):
    start = time.perf_counter()
    notebook = nbformat.read(chapter.with_suffix(".ipynb"), as_version=4)
    notebook.metadata.pop("widgets", None)
    execute(notebook, environment, chapter.parent)
    for stale in EXECUTED.glob(f"{chapter.name}-*.ipynb"):
        stale.unlink()
    nbformat.write(notebook, executed_copy(chapter))
    say(f"{chapter.name}: executed", start)


def configure(scratch):
    """Kernels that take their settings from this folder draw each picture for paper, too."""
    profile = Path(scratch, "profile_default")
    profile.mkdir()
    (profile / "ipython_kernel_config.py").write_text(
        'c.InlineBackend.figure_formats = {"png", "svg"}\n')


def run_all():
    EXECUTED.mkdir(parents=True, exist_ok=True)
    stale = [chapter for chapter in chapters() if not executed_copy(chapter).exists()]
    print(f"{len(stale)} of {len(chapters())} chapters have changed", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        environment = kernel_environment(scratch, FLIPPED_KERNEL_FRAMES="1")
        configure(scratch)
        two_at_a_time(partial(run, environment=environment), stale)
