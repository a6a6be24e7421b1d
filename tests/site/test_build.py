"""What the site's build relies on, told without Node and without building."""

import json
import re
from pathlib import Path

import nbformat.v4 as v4
import page_checks
import pytest
import references
import yaml

ROOT = Path(__file__).parents[2]
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:"
)
VIEW = '<script type="application/vnd.jupyter.widget-view+json">{"model_id": "%s"}</script>'


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_contents_list_every_chapter_and_every_page_once():
    toc = yaml.safe_load(read("_toc.yml"))
    listed = [toc["root"]] + [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    kept = [*ROOT.glob("site/pages/*.md"), *ROOT.glob("chapters/*.ipynb")]
    assert listed[:2] == ["index", "chapters/00_start_here"]
    assert sorted(listed[1:]) == sorted(f"{path.parent.name}/{path.stem}" for path in kept)


def test_the_configuration():
    config = yaml.safe_load(read("_config.yml"))
    sphinx = config["sphinx"]["config"]
    assert config["title"] == "The Flipped Kernel"
    assert config["execute"]["execute_notebooks"] == "off"
    assert "repository" not in config
    assert "sphinx_thebe" not in sphinx["extensions"]
    assert "_static" not in sphinx["html_static_path"]
    assert "//" not in sphinx["mathjax_path"] + str(sphinx["nb_ipywidgets_js"])


def test_npm_packages_are_pinned_by_hash_and_not_by_address():
    wanted, lock = json.loads(read("package.json")), json.loads(read("package-lock.json"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert lock["packages"][""]["dependencies"] == wanted["dependencies"]
    assert all(re.fullmatch(r"[\d.]+", version) for version in wanted["dependencies"].values())
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())


def test_the_content_security_policy():
    assert f'content="{POLICY}"' in read("site/templates/layout.html")


def linked(**sources):
    notebooks = {name: v4.new_notebook(cells=[v4.new_markdown_cell(source)])
                 for name, source in sources.items()}
    references.link_equations(notebooks)
    return [notebook.cells[0].source for notebook in notebooks.values()]


def test_tags_become_anchors_and_citations_links():
    one, two = linked(one="By (2.1) and (9.9):\n$$\na \\tag{1.2}\n$$",
                      two="`(1.2)` is $f(1.2)$ of (1.2).\n\n$$ b \\tag{2.1} $$")
    assert one == "By [(2.1)](#eq-2-1) and (9.9):\n\n(eq-1-2)=\n$$\na \\tag{1.2}\n$$"
    assert two == "`(1.2)` is $f(1.2)$ of [(1.2)](#eq-1-2).\n\n\n(eq-2-1)=\n$$ b \\tag{2.1} $$"


@pytest.mark.parametrize("shown, frames, complaint", [
    ("a1", {"a1": [{}]}, None),
    ("b2", {"a1": [{}]}, "shows the widget b2 without its state"),
    ("a1", {}, "shows the widget a1 without its state"),
    ("a1", {"a1": []}, "has the live figure a1 without the frames that it shows"),
])
def test_complaints_about_a_page(shown, frames, complaint):
    body, states = VIEW % shown, {k: {"state": {"frames": v}} for k, v in frames.items()}
    page = f'<meta content="{POLICY}"><h1>It’s &lt;1&gt;<a href="#">#</a></h1>{body}'
    said = list(page_checks.complaints(page, "It's <1>", POLICY, states))
    assert said == [complaint] * bool(complaint)
    assert len(list(page_checks.complaints(page, "Another", "no such policy", {}))) >= 2


@pytest.mark.parametrize("text, address", [
    ('<script src="https://elsewhere.org/a.js"></script>', "https://elsewhere.org/a.js"),
    ('<img src="//elsewhere.org/a.png">', "//elsewhere.org/a.png"),
    ('<link href="http://elsewhere.org/a.css">', "http://elsewhere.org/a.css"),
    ("a { background: url(https://elsewhere.org/a.png) }", "https://elsewhere.org/a.png"),
    ("@import '//elsewhere.org/a.css'", "//elsewhere.org/a.css"),
    ('<a href="https://elsewhere.org">a source</a><img src="data:image/png;base64,//8=">', None),
])
def test_what_is_loaded_from_elsewhere(text, address):
    assert page_checks.loads_elsewhere(text) == [f"loads {address}"] * bool(address)
