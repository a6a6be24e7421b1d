"""Build a JupyterLab that runs in the reader's browser, without a server: JupyterLite and Pyodide.

    python site/live/build_live.py                  -> _build/live/index.html: proofs in SymPy
    python site/live/build_live.py --wheels FOLDER  with NumPy, Matplotlib and all chapters

A reader's browser asks only the site itself: Pyodide comes from npm, the wheels by the hashes of
requirements.lock, and those of NumPy and Matplotlib by the hashes of Pyodide's own lock.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path += [str(ROOT / part) for part in ("site/live", "site/build", "tools", "")]

from assets import NO_NODE
from executed_copies import say
from proofs import write_proofs
from wheels import compiled, entry, to_download, verified, write_lock

SITE, FETCHED = ROOT / "_build/live", ROOT / "_build/live-wheels"
PYODIDE = HERE / "node_modules/pyodide"
RUNTIME = "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"
# These build the site; all the other wheels are served.
TOOLS = "doit", "jupyterlite_core", "jupyterlite_pyodide_kernel", "pkginfo"
EXTENSIONS = "@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager", "anywidget"


def pip(*args):
    command = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", *map(str, args)]
    subprocess.run(command, check=True)


def fetch():
    """Everything that is pinned: wheels for the browser's Python, and Pyodide."""
    npm = shutil.which("npm") or sys.exit(NO_NODE.replace("make book", "make live"))
    subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
                   cwd=HERE, check=True)
    python = json.loads((PYODIDE / "pyodide-lock.json").read_text())["info"]["python"]
    shutil.rmtree(FETCHED, ignore_errors=True)
    pip("download", "--require-hashes", "--no-deps", "--only-binary=:all:", "--platform=any",
        f"--python-version={python}", "-d", FETCHED, "-r", HERE / "requirements.lock")


def book_wheel(folder):
    """The book's own three packages, from a copy: a build folder may hold what was deleted."""
    with tempfile.TemporaryDirectory() as copy:
        for name in ("convlib", "course", "figures"):
            shutil.copytree(ROOT / name, Path(copy, name),
                            ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-TEXT"):
            shutil.copy(ROOT / name, copy)
        pip("wheel", "--no-deps", "--no-build-isolation", "-w", folder, copy)


def gather_runtime(folder, tools, wheels):
    """Pyodide with a lock of what is here, and the wheels; True with NumPy and Matplotlib."""
    folder.mkdir(parents=True)
    for name in RUNTIME:
        shutil.copy(PYODIDE / name, folder)
    full = json.loads((PYODIDE / "pyodide-lock.json").read_text())
    version = json.loads((PYODIDE / "package.json").read_text())["version"]
    book_wheel(folder)
    kernel = tools / "share/jupyter/labextensions" / EXTENSIONS[0] / "static/pypi"
    for wheel in [*FETCHED.glob("*.whl"), *kernel.glob("*.whl")]:
        if not wheel.name.startswith(TOOLS):
            shutil.copy(wheel, folder)
    python = ".".join(full["info"]["python"].split(".")[:2])
    # of two widgetsnbextensions the kernel's, which is the later one and empty
    served = {one["name"]: one for one in (entry(w, python) for w in sorted(folder.glob("*.whl")))}
    extra = compiled(full["packages"], served)
    if wheels:
        for path in verified(extra, wheels, version):
            shutil.copy(path, folder)
        served |= extra
    else:
        print(to_download(extra, version))
    write_lock(folder / "pyodide-lock.json", full["info"], served)


def build(wheels):
    start = time.perf_counter()
    fetch()
    with tempfile.TemporaryDirectory() as scratch:
        lite, tools = Path(scratch, "lite"), Path(scratch, "tools")
        named = (*TOOLS, "jupyterlab_widgets", "anywidget")
        pip("install", "--no-deps", "--no-index", "--no-compile", "--target", tools,
            *(w for w in FETCHED.glob("*.whl") if w.name.startswith(named)))
        gather_runtime(lite / "static/pyodide", tools, wheels)
        shutil.copy(HERE / "jupyter-lite.json", lite)
        (lite / "files").mkdir()
        write_proofs(lite / "files")
        for chapter in ROOT.glob("chapters/*.ipynb") if wheels else ():
            shutil.copy(chapter, lite / "files")
        shutil.rmtree(SITE, ignore_errors=True)
        extensions = [str(tools / "share/jupyter/labextensions" / name) for name in EXTENSIONS]
        (lite / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": {
            "apps": ["lab"], "contents": ["files"], "federated_extensions": extensions,
            "ignore_sys_prefix": True, "no_sourcemaps": True, "no_unused_shared_packages": True,
            "output_dir": str(SITE)}}))
        subprocess.run([sys.executable, "-m", "jupyterlite_core", "build"], cwd=lite, check=True,
                       env=os.environ | {"PYTHONPATH": str(tools)})
    say(f"{SITE.relative_to(ROOT)} built", start)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheels", type=Path, metavar="FOLDER")
    build(parser.parse_args().wheels)
