"""JupyterLab as a test drives it: one server over one folder, everything of its own."""

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat

sys.path.append(str(Path(__file__).parents[3] / "tools"))

from chromium import launch  # noqa: F401 - one way to start it, for tests and printing
from open_lab import transport

ROOT = Path(__file__).parents[3]
SELDOM = 200  # ms; Playwright would look at each frame, and make the page draw each frame


def write_notebook(path, cells):
    """A notebook of code cells, each a text."""
    nbformat.write(nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell.strip()) for cell in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}), path)
    return path


def drag(page, slider, back_to):
    """A slider's knob to its end and back to `back_to` percent, in half a second."""
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 5, middle)
    page.mouse.down()
    for share in [*range(0, 101, 4), *range(100, back_to - 1, -4)]:
        page.mouse.move(box["x"] + box["width"] * share / 100, middle)
        page.wait_for_timeout(10)
    page.mouse.up()


class Lab:
    """One server over one folder; `open` shows a notebook in `page`, `close` ends its kernel.

    JupyterLab itself is loaded once: that takes longer than most chapters.
    """

    def __init__(self, folder, page):
        self.page, self.folder, self.token = page, folder / "notebooks", secrets.token_hex(16)
        self.folder.mkdir()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        places = {f"{name}_DIR": str(folder / name) for name in (
            "JUPYTERLAB_WORKSPACES", "JUPYTERLAB_SETTINGS", "JUPYTER_CONFIG", "JUPYTER_DATA",
            "JUPYTER_RUNTIME")}
        settings = folder / "JUPYTERLAB_SETTINGS/@jupyterlab"
        for name, chosen in {
            # every cell stays in the page, so that cells can be counted there
            "notebook-extension/tracker": '{"windowingMode": "none"}',
            "apputils-extension/notification": '{"fetchNews": "false"}',
        }.items():
            path = settings / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(chosen)
        self.log = (folder / "server.log").open("w")
        self.server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.port_retries=0",
             f"--port={self.url.rsplit(':')[-1]}", f"--IdentityProvider.token={self.token}",
             f"--ServerApp.root_dir={self.folder}",
             f"--KernelManager.transport={transport(folder / 'JUPYTER_RUNTIME')}",
             "--LabApp.expose_app_in_browser=True",
             "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
            + ["--allow-root"] * (os.geteuid() == 0),
            env=os.environ | places | {
                "IPYTHONDIR": str(folder / "ipython"), "PYTHONPATH": str(ROOT),
                "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            stdout=self.log, stderr=subprocess.STDOUT)
        self._wait_for_server()
        page.goto(f"{self.url}/lab?token={self.token}")
        self.restored()

    def until(self, expression):
        """Wait for what holds in the page."""
        self.page.wait_for_function(expression, polling=SELDOM)

    def restored(self):
        self.until("window.jupyterapp")  # it is there because of the option above
        self.page.evaluate("jupyterapp.restored.then(() => 0)")

    def idle(self):
        """The kernel of the notebook that is shown has nothing to do."""
        self.until("shown.sessionContext.session?.kernel?.status === 'idle'")

    def _wait_for_server(self):
        for _ in range(240):
            try:
                return self._ask("status")
            except OSError:
                time.sleep(0.25)
        raise TimeoutError("JupyterLab did not start; its log is server.log beside the notebooks")

    def _ask(self, what, method="GET"):
        request = urllib.request.Request(f"{self.url}/api/{what}?token={self.token}", method=method)
        with urllib.request.urlopen(request) as answer:
            return answer.read()

    def open(self, notebook):
        """Open a copy without stored outputs, folds and texts, and wait for its kernel.

        What is seen afterwards was then made by this run, and a folded cell hides nothing.
        Texts and formulas are seen on the site; here they would only be waited for.
        """
        copy = nbformat.read(notebook, as_version=4)
        copy.cells = [cell for cell in copy.cells if cell.cell_type == "code"]
        for cell in copy.cells:
            cell.metadata.pop("jupyter", None)
            cell.outputs, cell.execution_count = [], None
        return self._show(copy, Path(notebook).name)

    def open_whole(self, notebook, windowing="none"):
        """Open a copy as a reader has it, with a progress file of its own.

        An answer that no kernel has noted is kept by the tab for the next one: not for this one.
        """
        self.page.evaluate("sessionStorage.removeItem('flipped-kernel-untold')")
        self.page.evaluate("""async mode => (await jupyterapp.serviceManager.settings.save(
            "@jupyterlab/notebook-extension:tracker", JSON.stringify({windowingMode: mode})))""",
                           windowing)
        copy = nbformat.read(notebook, as_version=4)
        kept = self.folder / f"{Path(notebook).stem}-progress.json"
        copy.cells.insert(0, nbformat.v4.new_code_cell(
            f"import os\nos.environ['FLIPPED_KERNEL_PROGRESS'] = {str(kept)!r}"))
        return self._show(copy, Path(notebook).name)

    def _show(self, copy, name):
        nbformat.write(copy, self.folder / name)
        self.page.evaluate("""async path => {
            window.shown = await jupyterapp.commands.execute('docmanager:open', {path});
            await shown.context.ready;
            await shown.sessionContext.ready; }""", name)
        self.idle()
        return self.page

    def reopen(self, name, kernel=True):
        """Open what was saved, with a new kernel or with none, and run nothing."""
        self.page.evaluate("""async ([path, kernel]) => {
            const kernelPreference = {shouldStart: kernel, canStart: kernel};
            window.shown = await jupyterapp.commands.execute(
                'docmanager:open', {path, kernelPreference});
            await shown.context.ready;
            if (kernel) await shown.sessionContext.ready; }""", [name, kernel])
        return self.page

    def run_all(self):
        """Run > Run All Cells, to the end."""
        self.page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
        self.page.locator('.lm-Menu-itemLabel:text-is("Run All Cells")').click()
        self.until(
            "[...document.querySelectorAll('.jp-Notebook .jp-CodeCell .jp-InputPrompt')]"
            ".every(p => /^\\[\\d+\\]:$/.test(p.textContent))")

    def run_all_to_the_end(self):
        """The same, also where the page holds only the cells near the screen."""
        self.page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
        self.page.locator('.lm-Menu-itemLabel:text-is("Run All Cells")').click()
        self.until("""shown.content.widgets.every(cell =>
            cell.model.type !== 'code' || cell.model.executionCount !== null)""")

    def close(self):
        self.page.evaluate("[...jupyterapp.shell.widgets('main')].forEach(tab => tab.dispose())")
        for session in json.loads(self._ask("sessions")):
            self._ask(f"sessions/{session['id']}", "DELETE")

    def stop(self):
        self.server.terminate()
        self.server.wait(20)
        self.log.close()
