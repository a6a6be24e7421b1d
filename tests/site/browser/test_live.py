"""The proofs in a reader's browser: JupyterLite and Pyodide, from a local server, asking nobody.

    make live && python -m pytest -m browser tests/site/browser/test_live.py
"""

import json
import time
from pathlib import Path

import nbformat
import pytest
import sympy as sp
from build_live import COMPILED
from visits import served, until

from tests.tools.test_frame import wanted

ROOT = Path(__file__).parents[3]
LIVE = ROOT / "_build/live"
PROOFS = sorted(path.name for path in (LIVE / "files").glob("*_proof.ipynb"))
PATIENCE = 240_000  # ms; two cores may be busy
READY = "window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status"
CODE = "jupyterapp.shell.currentWidget.content.widgets.filter(c => c.model.type === 'code')"
pytestmark = [pytest.mark.browser,
              pytest.mark.skipif(not PROOFS, reason="the live site is not built: run make live")]


@pytest.fixture(scope="module")
def server():
    with served(LIVE) as address:
        yield address


def test_the_kernel_gets_the_pyodide_that_it_was_made_for_with_packages_above_our_floors():
    pyodide = ROOT / "site/live/node_modules/pyodide"
    version = json.loads((pyodide / "package.json").read_text())["version"]
    (schema,) = LIVE.glob("extensions/@jupyterlite/*/static/schema/kernel.v0.schema.json")
    assert f"/v{version}/" in schema.read_text()
    packages = json.loads((pyodide / "pyodide-lock.json").read_text())["packages"]
    floors = wanted("figures")
    assert all(floors[name].contains(packages[name]["version"]) for name in COMPILED)


def outputs(page, server, name, view="lab"):
    """What each code cell shows when all are run, and the seconds until the first result."""
    start = time.perf_counter()
    page.goto(f"{server}/{view}/index.html?path={name}")
    until(page, f"{READY} === 'idle'", patience=PATIENCE)
    page.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")
    until(page, f"{CODE}.some(c => c.model.outputs.length)", patience=PATIENCE)
    seconds = time.perf_counter() - start
    until(page, f"{CODE}.every(c => c.model.executionCount)", patience=PATIENCE)
    return page.evaluate(f"{CODE}.map(c => c.model.sharedModel.outputs)"), seconds


@pytest.mark.parametrize("view, name", [
    *(("lab", name) for name in PROOFS), *(("notebooks", name) for name in PROOFS[:1])])
def test_a_proof_runs_and_the_site_alone_is_asked(view, name, page, server, no_error):
    asked = set()
    page.context.on("request", lambda request: asked.add(request.url))
    shown, seconds = outputs(page, server, name, view)
    print(f"{name}: first result after {seconds:.0f} s")
    kinds = {output["output_type"] for cell in shown for output in cell}
    assert kinds == {"execute_result", "stream"}, shown
    assert "".join(shown[-1][0]["text"]).startswith("checked: ["), shown[-1]
    assert any(url.endswith("pyodide.asm.wasm") for url in asked)
    assert {url for url in asked if not url.startswith((server, "data:", "blob:"))} == set()


def test_the_browser_derives_the_formula_that_python_derives_here(page, server):
    name = "05_input_gradient_proof.ipynb"
    shown, _ = outputs(page, server, name)
    names = {}
    for cell in nbformat.read(LIVE / "files" / name, as_version=4).cells:
        if cell.cell_type == "code":
            exec(cell.source, names)
    formula = sp.latex(names["window"].sum)
    assert r"\sum" in formula and formula in "".join(shown[1][0]["data"]["text/latex"])
