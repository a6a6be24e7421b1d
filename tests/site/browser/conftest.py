"""One JupyterLab and one Chromium a worker; each test has a page and a kernel of its own."""

import functools
import http.server
import sys
import threading

import pytest
from crawl import SITE, opened
from jupyter_client.kernelspec import get_kernel_spec
from lab import Lab, launch
from playwright.sync_api import expect, sync_playwright

PATIENCE = 60_000  # ms; two cores may be busy


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = launch(playwright)
        expect.set_options(timeout=PATIENCE / 3)
        yield browser
        browser.close()


def blank(chromium):
    """A page in a browser without a past."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    return context.new_page()


@pytest.fixture(scope="module")
def one_page(chromium):
    page = blank(chromium)
    yield page
    page.context.close()


@pytest.fixture
def page(request, chromium):
    """A page without a past; a module of tests that put their own text into it has one (BARE)."""
    if getattr(request.module, "BARE", False):
        page = request.getfixturevalue("one_page")
        page.mouse.move(0, 0)  # in the old document: a new one would not hear what it leaves
        page.goto("about:blank")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(**dict.fromkeys(
            ("media", "color_scheme", "reduced_motion", "forced_colors"), "null"))
        yield page
        return
    page = blank(chromium)
    yield page
    page.context.close()


@pytest.fixture
def no_error(page):
    """No script of the page raised anything."""
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield
    assert errors == []


@pytest.fixture(scope="session")
def jupyterlab(chromium, tmp_path_factory):
    # a kernelspec of another environment would test another code
    python = get_kernel_spec("python3").argv[0]
    assert python in ("python", sys.executable), f"the python3 kernel is {python}"
    lab = Lab(tmp_path_factory.mktemp("lab"), blank(chromium))
    yield lab
    lab.stop()


@pytest.fixture
def lab(jupyterlab):
    """The worker's JupyterLab, with nothing open."""
    yield jupyterlab
    jupyterlab.close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def address():
    """Where the built site is served: in a folder, so that no link may begin at the root."""
    assert SITE.exists(), "the site is not built: run make book"
    site = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=SITE.parent))
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{site.server_port}/{SITE.name}"
    site.shutdown()
    site.server_close()


@pytest.fixture
def visit(chromium):
    """visit(address) -> (page, what goes wrong on it), in a browser without a past."""
    contexts = []

    def visit(address):
        contexts.append(chromium.new_context())
        return opened(contexts[-1], address)

    yield visit
    for context in contexts:
        context.close()
