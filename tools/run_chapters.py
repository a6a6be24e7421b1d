"""Run the chapters canonically: text and pictures stored, byte-identical when repeated.

    python tools/run_chapters.py                every notebook of chapters/
    python tools/run_chapters.py --chapter 03   those whose names begin with 03
    python tools/run_chapters.py --check        run, compare with the stored bytes, write nothing

Cells tagged nbval-ignore-output are executed and never compared. A widget is stored as a picture
or a table, and how to make it move (figures/widgets/shown.py). Of a cell tagged measured, only the
latter is kept: what it draws or prints is another each time.
A notebook is written only when it ran without an error, a warning or an address in its outputs.
"""

import argparse
import base64
import os
import re
import struct
import sys
import tempfile
import time
import tomllib
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parents[1]
VOLATILE, MEASURED = "nbval-ignore-output", "measured"
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}
CELL_METADATA = {
    "tags", "claims", "mystnb", "proved_by", "jupyter", "jp-MarkdownHeadingCollapsed"}
WIDGET = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
FROM_CONTROLS = "The picture that this cell draws before its controls are moved"
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}")
MACHINE_PATH = re.compile(r"/(home|Users|root|tmp|var/folders)/|\b[A-Z]:\\Users|site-packages")


def kernel_environment(scratch, **extra):
    """The environment of a kernel that no setting of this machine's user reaches."""
    (Path(scratch) / "matplotlibrc").touch()
    modes = {f"FLIPPED_KERNEL_{name}" for name in ("FRAMES", "STORED", "PAGE")}
    environment = {k: v for k, v in os.environ.items() if k not in modes}
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return environment | {
        "PYTHONPATH": path,
        "IPYTHONDIR": str(scratch),
        "FLIPPED_KERNEL_PROGRESS": str(Path(scratch) / "progress.json"),
        "MATPLOTLIBRC": str(Path(scratch) / "matplotlibrc"),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        **extra,
    }


def as_stored(name):
    """Variables of a kernel whose widgets show what is stored, with a link once there is a site."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    home = project.get("urls", {}).get("Homepage")
    page = {"FLIPPED_KERNEL_PAGE": f"{home.rstrip('/')}/chapters/{name}.html"} if home else {}
    return {"FLIPPED_KERNEL_STORED": "1"} | page


def two_at_a_time(work, arguments):
    """work(argument) for each, in their order, shared by two processes.

    Two clients at once in one process lose replies: when one closes its sockets, the other may be
    given their file numbers, and the event loop stops watching those.
    """
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        return list(pool.map(work, arguments))


def execute(notebook, environment, folder):
    """Run every code cell in a fresh kernel whose working directory is `folder`."""
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=120,
        record_timing=False,
        store_widget_state=True,
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute(env=environment)
    return notebook


def without_text_chunks(png):
    """The picture without its tEXt chunks: they name the version of Matplotlib, not the picture."""
    kept, at = [png[:8]], 8
    while at < len(png):
        end = at + 12 + struct.unpack(">I", png[at : at + 4])[0]
        if png[at + 4 : at + 8] != b"tEXt":
            kept.append(png[at:end])
        at = end
    return b"".join(kept)


def merged(outputs):
    """Outputs with neighbouring pieces of one stream joined, however the kernel cut them."""
    joined = []
    for output in outputs:
        before = joined[-1] if joined else {}
        if output.output_type == "stream" and before.get("name") == output.name:
            before["text"] += output.text
        else:
            joined.append(output)
    return joined


def of_controls(output, states):
    """What is stored of `interact`: the picture below its controls instead of their view."""
    view = output.get("data", {}).pop(WIDGET, None)
    if view is None:
        return output
    below = [states[child.removeprefix("IPY_MODEL_")]["state"].get("outputs", [])
             for child in states[view["model_id"]]["state"]["children"]]
    (png,) = [one["data"]["image/png"] for outputs in below for one in outputs
              if "image/png" in one.get("data", {})]
    output.data |= {"image/png": png, "text/plain": f"{FROM_CONTROLS}."}
    output.metadata["image/png"] = {"alt": FROM_CONTROLS}
    return output


def describe(output, cell):
    """Give a picture the words that its cell has for it: code hosts and JupyterLab look there."""
    words = cell.metadata.get("mystnb", {}).get("image", {}).get("alt")
    if words:
        said = output.metadata.setdefault("image/png", {})
        if said.get("alt", FROM_CONTROLS) == FROM_CONTROLS:
            said["alt"] = words


def complaints(cell):
    """Why a cell cannot be stored, in words."""
    if not cell.source.strip():
        yield "is empty"
    for output in cell.outputs:
        data = output.get("data", {})
        text = output.get("text", "") + "".join(
            v for k, v in data.items() if isinstance(v, str) and not k.startswith("image/")
        )
        if output.output_type == "error":
            yield f"raises {output.ename}: print the message of a caught error instead"
        if output.get("name") == "stderr":
            yield f"writes to stderr: {text.strip()[:200]}"
        if WIDGET in data:
            yield f"shows a widget: tag it {VOLATILE}"
        for pattern in (ADDRESS, MACHINE_PATH):
            if found := pattern.search(text):
                yield f"prints {found[0]!r}, which differs from machine to machine"


def canonical(notebook):
    """Bring an executed notebook into its stored form; ValueError lists what forbids it."""
    problems = []
    states = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in notebook.cells:
        cell.metadata = {k: v for k, v in cell.metadata.items() if k in CELL_METADATA}
    for count, cell in enumerate(code, 1):
        tags = cell.metadata.get("tags", [])
        cell.outputs = merged(cell.outputs)
        if MEASURED in tags:
            cell.outputs = [o for o in cell.outputs if "text/markdown" in o.get("data", {})]
        elif VOLATILE in tags:
            cell.outputs = [of_controls(output, states) for output in cell.outputs]
        cell.execution_count = count
        problems += [f"  cell {cell.id} [{count}] {words}" for words in complaints(cell)]
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
            if png := output.get("data", {}).get("image/png"):
                png = without_text_chunks(base64.b64decode(png))
                output.data["image/png"] = base64.b64encode(png).decode()
                describe(output, cell)
    if problems:
        raise ValueError("\n".join(problems))
    notebook.metadata, notebook.nbformat_minor = METADATA, 5
    return notebook


def run(path, environment, check):
    """Run one notebook; return whether all is well, having said so."""
    start, stored = time.perf_counter(), path.read_text(encoding="utf-8")
    try:
        notebook = nbformat.reads(stored, as_version=4)
        own = environment | as_stored(path.stem)
        notebook = canonical(execute(notebook, own, path.parent))
        fresh = nbformat.writes(notebook) + "\n"
    except (CellExecutionError, ValueError) as error:
        print(f"{path.stem}: FAILED, left as it was\n{error}", flush=True)
        return False
    same = fresh == stored
    if not same and not check:
        path.write_text(fresh, encoding="utf-8", newline="\n")
    said = "unchanged" if same else "DIFFERS from its stored outputs" if check else "written"
    print(f"{path.stem}: {said} ({time.perf_counter() - start:.1f} s)", flush=True)
    return same or not check


def run_all(paths, check):
    with tempfile.TemporaryDirectory() as scratch:
        environment = kernel_environment(scratch)
        return two_at_a_time(partial(run, environment=environment, check=check), paths)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--chapter", default="", help="the beginning of file names, such as 03")
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    parser.add_argument("--folder", type=Path, default=ROOT / "chapters")
    wanted = parser.parse_args()
    paths = sorted(wanted.folder.glob(f"{wanted.chapter}*.ipynb"))
    if not paths:
        sys.exit(f"no notebook in {wanted.folder.name}/ is called {wanted.chapter}*")
    sys.exit(0 if all(run_all(paths, wanted.check)) else 1)


if __name__ == "__main__":
    main()
