"""The proofs in the reader's browser: JupyterLite and Pyodide, from a local server, asking nobody.

    make live && python -m pytest -m browser tests/site/browser/test_live.py
"""

import functools
import http.server
import threading
import time
from pathlib import Path

import pytest
from conftest import Quiet
from nbformat import read

LIVE = Path(__file__).parents[3] / "_build/live"
PROOFS = sorted(path.name for path in (LIVE / "files").glob("*_proof.ipynb"))
START = 180  # s; two cores may be busy
pytestmark = [pytest.mark.browser,
              pytest.mark.skipif(not PROOFS, reason="the live site is not built: run make live")]


@pytest.fixture(scope="module")
def server():
    site = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=LIVE))
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{site.server_port}"
    site.shutdown()
    site.server_close()


def test_a_proof_runs_and_nobody_else_is_asked(page, server):
    asked, failed = set(), []
    page.context.on("request", lambda request: asked.add(request.url))
    page.context.on("requestfailed", lambda request: failed.append(request.url))
    page.goto(f"{server}/lab/index.html?path=05_input_gradient_proof.ipynb")
    page.wait_for_timeout(60000)
    page.screenshot(path="/tmp/live/a.png")
    print(sorted(u for u in asked if not u.startswith(server)), len(asked), failed)
    print([u for u in asked if 'pyodide' in u])
