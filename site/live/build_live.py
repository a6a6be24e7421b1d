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

sys.path += [str(Path(__file__).resolve().parents[2] / part)
             for part in ("site/live", "site/build", "tools", "")]

from assets import NO_NODE
from executed_copies import digest, say
from proofs import write_proofs
from wheels import entry, needed, to_download, verified

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "site/live"
SITE, FETCHED = ROOT / "_build/live", ROOT / "_build/live-wheels"
PYODIDE = HERE / "node_modules/pyodide"
RUNTIME = "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"
# These build the site; all the other wheels are served.
TOOLS = "doit", "jupyterlite_core", "jupyterlite_pyodide_kernel", "pkginfo"
KERNEL = "@jupyterlite/pyodide-kernel-extension"
WIDGETS = "@jupyter-widgets/jupyterlab-manager", "anywidget"
COMPILED = "matplotlib", "numpy", "pillow"  # for browsers, by Pyodide
SETTINGS = json.loads((HERE / "jupyter-lite.json").read_text())
STARTED = SETTINGS["jupyter-config-data"]["litePluginSettings"][f"{KERNEL}:kernel"][
    "loadPyodideOptions"]["packages"]  # what a kernel loads first


def pip(*args):
    command = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", *map(str, args)]
    subprocess.run(command, check=True)


def fetch():
    """Everything that is pinned, once for each state of the pins: Pyodide, and wheels."""
    stamp = FETCHED / "digest"
    wanted = digest(HERE / "requirements.lock", HERE / "package-lock.json")
    if stamp.exists() and stamp.read_text() == wanted:
        return
    npm = shutil.which("npm") or sys.exit(NO_NODE.replace("make book", "make live"))
    subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
                   cwd=HERE, check=True)
    python = json.loads((PYODIDE / "pyodide-lock.json").read_text())["info"]["python"]
    shutil.rmtree(FETCHED, ignore_errors=True)
    pip("download", "--require-hashes", "--no-deps", "--only-binary=:all:", "--platform=any",
        f"--python-version={python}", "-d", FETCHED, "-r", HERE / "requirements.lock")
    stamp.write_text(wanted)


def book_wheel(folder):
    """The book's own three packages, from a copy: a build folder may hold what was deleted."""
    with tempfile.TemporaryDirectory() as copy:
        for name in ("convlib", "course", "figures"):
            shutil.copytree(ROOT / name, Path(copy, name),
                            ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-TEXT"):
            shutil.copy(ROOT / name, copy)
        pip("wheel", "--no-deps", "--no-build-isolation", "-w", folder, copy)


def gather_runtime(folder, pure, wheels):
    """Pyodide, the wheels that it may load, and its lock, which lists no others."""
    folder.mkdir(parents=True)
    for name in RUNTIME:
        shutil.copy(PYODIDE / name, folder)
    pyodide = json.loads((PYODIDE / "pyodide-lock.json").read_text())
    version = json.loads((PYODIDE / "package.json").read_text())["version"]
    python = ".".join(pyodide["info"]["python"].split(".")[:2])
    paths = {path.name: path for path in pure}
    packages = {one["name"]: one for one in (entry(path, python) for path in paths.values())}
    compiled = needed(pyodide["packages"], COMPILED, besides=packages)
    if wheels:
        paths |= {path.name: path for path in verified(compiled, wheels, version)}
    else:
        packages["flipped-kernel"]["depends"] = ["sympy"]  # enough for the proofs
        print(to_download(compiled, version))
    served = needed(packages | compiled, STARTED)
    for one in served.values():
        shutil.copy(paths[one["file_name"]], folder)
    (folder / "pyodide-lock.json").write_text(
        json.dumps({"info": pyodide["info"], "packages": served}, indent=1))


def build(wheels):
    start = time.perf_counter()
    fetch()
    with tempfile.TemporaryDirectory() as scratch:
        lite, tools, book = (Path(scratch, name) for name in ("lite", "tools", "book"))
        named = (*TOOLS, "jupyterlab_widgets", "anywidget")
        pip("install", "--no-deps", "--no-index", "--no-compile", "--target", tools,
            *(w for w in FETCHED.glob("*.whl") if w.name.startswith(named)))
        extensions = tools / "share/jupyter/labextensions"
        book_wheel(book)
        # the kernel's own come last: its widgetsnbextension is empty, and the right one here
        pure = [*FETCHED.glob("*.whl"), *book.glob("*.whl"),
                *sorted((extensions / KERNEL / "static/pypi").glob("*.whl"))]
        gather_runtime(lite / "static/pyodide", pure, wheels)
        shutil.copy(HERE / "jupyter-lite.json", lite)
        (lite / "files").mkdir()
        write_proofs(lite / "files")
        for chapter in ROOT.glob("chapters/*.ipynb") if wheels else ():
            shutil.copy(chapter, lite / "files")
        shutil.rmtree(SITE, ignore_errors=True)
        shown = KERNEL, *(WIDGETS if wheels else ())
        (lite / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": {
            "apps": ["lab", "notebooks"], "contents": ["files"], "ignore_sys_prefix": True,
            "federated_extensions": [str(extensions / name) for name in shown],
            "no_sourcemaps": True, "no_unused_shared_packages": True,
            "output_dir": str(SITE)}}))
        done = subprocess.run([sys.executable, "-m", "jupyterlite_core", "build"], cwd=lite,
                              env=os.environ | {"PYTHONPATH": str(tools)},
                              capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stdout + done.stderr)
    say(f"{SITE.relative_to(ROOT)} built", start)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheels", type=Path, metavar="FOLDER")
    build(parser.parse_args().wheels)
