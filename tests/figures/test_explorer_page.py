"""The explorer's page as it is written: bundle, types, format and tests of what has no page."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from figures.explorer import explore

ROOT = Path(__file__).parents[2]
SOURCE, TESTS = ROOT / "figures/explorer/src", ROOT / "tests/figures/explorer"
PURE = ("arrays", "names", "table", "sums", "words", "longest", "symbols", "state", "history",
        "links", "python", "layout")
node = pytest.mark.skipif(not (ROOT / "node_modules/esbuild").exists() or not shutil.which("npx"),
                          reason="needs Node.js and `npm ci`")


def npx(*command):
    return subprocess.run(["npx", "--no-install", *command], cwd=ROOT, capture_output=True,
                          text=True, check=False)


def given(widget):
    """What the page of a widget gets, as JSON."""
    names = [name for name in widget.keys if not name.startswith("_")]
    state = {name: getattr(widget, name) for name in names
             if name not in ("layout", "tabbable", "tooltip", "comm")}
    return {name: value.tolist() if isinstance(value, np.ndarray) else value
            for name, value in state.items()}


def fixtures():
    """Layers for the tests in Node: one axis, two axes, channels and groups."""
    line = explore([1, 2, 3, 5], [10, 1], [2, 4, 7], start="dx[1]", hide="db",
                   show=("x", "w", "y", "dy", "dx", "dw", "db", "table", "lattice", "M_x", "M_w"),
                   controls=("stride", "padding", "convention", "labels", "edit", "steps", "heat",
                             "symbols", "challenge"))
    plane = explore([[1, 2, 0, -1], [3, 1, -2, 2], [0, 4, 1, 5]], [[1, -1, 2], [0, 3, -2]],
                    [[1, 2], [-1, 3]], controls=("stride", "padding", "presets", "edit"))
    groups = explore(np.arange(36).reshape(4, 3, 3) - 9, np.arange(16).reshape(2, 2, 2, 2) - 5,
                     groups=2, stride=(2, 1), padding=((0, 1), (1, 1)))
    return {name: given(widget) for name, widget in
            (("line", line), ("plane", plane), ("groups", groups))}


def test_the_fixtures_of_the_node_tests_are_what_python_sends():
    assert json.loads((TESTS / "given.json").read_text()) == json.loads(json.dumps(fixtures()))


def test_no_module_is_long_and_pure_ones_know_no_page():
    for path in SOURCE.glob("*.js"):
        text = path.read_text()
        assert text.count("\n") <= 200, path.name
        if path.stem in PURE:
            assert not re.search(r"\b(document|window|matchMedia)\.|from \"./dom.js\"", text), path


@node
def test_the_bundle_is_what_the_modules_make(tmp_path):
    script = json.loads((ROOT / "package.json").read_text())["scripts"]["explorer"]
    target = "figures/explorer/explorer.js"
    assert f"--outfile={target}" in script
    banner = re.search(r'"(--banner:js=)|--banner:js="(.*?)"', script)[2]
    plain = re.sub(r' --banner:js=".*?"', "", script).replace(target, str(tmp_path / "made.js"))
    done = npx(*plain.split(), f"--banner:js={banner}")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "made.js").read_bytes() == (ROOT / target).read_bytes(), (
        "figures/explorer/src has changed: npm run explorer")


@node
def test_types_and_format_are_checked():
    types = npx("tsc", "-p", "figures/explorer/src")
    assert types.returncode == 0, types.stdout
    form = npx("biome", "check", "figures/explorer/src", "tests/figures/explorer")
    assert form.returncode == 0, form.stdout + form.stderr


@node
def test_the_pure_modules_in_node_with_nearly_all_of_their_lines():
    files = sorted(str(path.relative_to(ROOT)) for path in TESTS.glob("*.test.js"))
    done = subprocess.run(["node", "--test", "--test-reporter=tap", "--experimental-test-coverage",
                           *files], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    covered = dict(re.findall(r"^# +(?:\S*/)?(\w+)\.js +\| +([\d.]+) ", done.stdout, re.M))
    assert set(PURE) <= set(covered)
    assert {name: share for name, share in covered.items() if float(share) < 95} == {}
