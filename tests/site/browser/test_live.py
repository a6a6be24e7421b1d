"""The proofs in a reader's browser: JupyterLite and Pyodide, from a local server, asking nobody.

    make live && python -m pytest -m browser tests/site/browser/test_live.py
"""

import ast
import json
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


@pytest.fixture
def live(page, server, no_error):
    """live(view) -> (the page with the first proof and a kernel that is ready, what was asked)"""
    asked = set()
    page.context.on("request", lambda request: asked.add(request.url))

    def live(view):
        page.goto(f"{server}/{view}/index.html?path={PROOFS[0]}")
        until(page, f"{READY} === 'idle'", patience=PATIENCE)
        return page, asked

    return live


def outputs(page):
    """What each code cell shows when all are run."""
    page.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")
    until(page, f"{CODE}.every(c => c.model.executionCount)", patience=PATIENCE)
    shown = page.evaluate(f"{CODE}.map(c => c.model.sharedModel.outputs)")
    kinds = {output["output_type"] for cell in shown for output in cell}
    assert kinds == {"execute_result", "stream"}, shown
    assert "".join(shown[-1][0]["text"]).startswith("checked: ["), shown[-1]
    return shown


def is_own(asked, server):
    """Pyodide was fetched, and all that was asked for from the site."""
    assert any(url.endswith("pyodide.asm.wasm") for url in asked)
    assert {url for url in asked if not url.startswith((server, "data:", "blob:"))} == set()


def test_a_proof_runs_by_itself_and_the_site_alone_is_asked(live, server):
    page, asked = live("notebooks")
    outputs(page)
    is_own(asked, server)


# in the kernel that is there, which forgets: Pyodide takes longer to start than all of them to run
OPEN = """async path => {
    const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
    await kernel.requestExecute({ code: "%reset -f" }).done;
    const shown = await jupyterapp.commands.execute(
        'docmanager:open', { path, kernel: kernel.model });
    await shown.context.ready;
    await shown.sessionContext.ready; }"""


def result(source, names):
    """What a cell shows when Python runs it here: the value of its last line."""
    *lines, last = ast.parse(source).body
    exec(compile(ast.Module(lines, []), "cell", "exec"), names)
    if isinstance(last, ast.Expr):
        return eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    return exec(compile(ast.Module([last], []), "cell", "exec"), names)


def test_every_proof_runs_and_derives_the_formulas_that_python_derives_here(live, server):
    page, asked = live("lab")
    for name in PROOFS:
        if name != PROOFS[0]:
            page.evaluate(OPEN, name)
        cells = nbformat.read(LIVE / "files" / name, as_version=4).cells
        names, found = {}, []
        sources = [cell.source for cell in cells if cell.cell_type == "code"]
        for source, shown in zip(sources, outputs(page), strict=True):
            if isinstance(value := result(source, names), sp.Basic):
                found.append(sp.latex(value))
                assert found[-1] in "".join(shown[0]["data"]["text/latex"]), (name, source)
        assert any(r"\sum" in formula for formula in found), name
    is_own(asked, server)
