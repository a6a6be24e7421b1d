"""One JupyterLab and one Chromium a worker; each test has a page and a kernel of its own."""

import sys

import pytest
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


@pytest.fixture
def page(chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    # a kernelspec of another environment would test another code
    python = get_kernel_spec("python3").argv[0]
    assert python in ("python", sys.executable), f"the python3 kernel is {python}"
    lab = Lab(tmp_path_factory.mktemp("lab"))
    yield lab
    lab.stop()


@pytest.fixture
def lab(server, page):
    """The worker's JupyterLab, in a page and a workspace of this test's own."""
    server.page = page
    yield server
    server.close()
