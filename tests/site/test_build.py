"""What the site's build relies on, told without Node and without building."""

import json
import re
from pathlib import Path

import nbformat.v4 as v4
import page_checks
import policy
import pytest
import references
import sphinx
import yaml

ROOT = Path(__file__).parents[2]
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
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.POLICY.split("; ")}
    assert rules["script-src"] == ["'self'", "blob:"] and rules["default-src"] == ["'self'"]
    assert rules["base-uri"] == rules["object-src"] == rules["frame-src"] == ["'none'"]
    assert rules["form-action"] == ["'self'"]
    sources = {source for rule in rules.values() for source in rule}
    assert sources == {"'self'", "'none'", "'unsafe-inline'", "blob:", "data:"}
    assert [name for name, rule in rules.items() if "'unsafe-inline'" in rule] == ["style-src"]


THEME = """<!DOCTYPE html><html><head>
  <meta charset="utf-8" /><title>A page</title><script data-cfasync="false">
    document.documentElement.dataset.mode = localStorage.getItem("mode") || "auto";
  </script></head><body><script>
    // Activate the search field on page load
    let searchInput;</script><button onclick="toggleFullScreen()">full</button>
  <button onclick="window.print()">print</button><script type="application/json">{"a": 1}</script>
  <script defer src="a.js"></script><a href="b.html">b</a>BODY</body></html>"""


@pytest.mark.parametrize("page", [
    THEME, '<meta http-equiv="Refresh" content="0; url=chapters/00_start_here.html" />'])
def test_a_sealed_page_holds_to_its_policy(page):
    assert page_checks.unsealed(page)
    sealed = policy.sealed(page)
    assert page_checks.unsealed(sealed) == [] and sealed.count(policy.META) == 1
    assert "charset" in sealed.split(policy.META)[0]  # which must come early


@pytest.mark.parametrize("body, complaint", [
    ("<script>alert(1)</script>", "has a script of its own: alert(1)"),
    ('<script type="module">import "./a.js"</script>', "has a script of its own: import"),
    ("<SCRIPT TYPE=' Text/JavaScript '>alert(2)</SCRIPT>", "has a script of its own: alert(2)"),
    ('<img src="a.png" onerror="alert(3)">', "runs onerror='alert(3)'"),
    ('<svg onload="alert(4)"/>', "runs onload='alert(4)'"),
    ('<a href=" JavaScript:alert(5)">b</a>', "runs href=' JavaScript:alert(5)'"),
    ('<form action="javascript:alert(6)"></form>', "runs action='javascript:alert(6)'"),
    ('<base href="elsewhere/">', "has a base"),
    (policy.META, "has the content security policies"),
])
def test_a_page_that_breaks_its_policy_is_told(body, complaint):
    (said,) = page_checks.unsealed(policy.sealed(THEME.replace("BODY", body)))
    assert said.startswith(complaint)


@pytest.mark.parametrize("old, new, complaint", [
    (policy.META, "", "has the content security policies []"),
    ("script-src 'self'", "script-src 'self' 'unsafe-inline'", "has the content security policies"),
    (policy.META, f'<script src="a.js"></script>{policy.META}', "has <script> before its policy"),
    (policy.META, f'<link href="a.css">{policy.META}', "has <link> before its policy"),
])
def test_a_policy_that_is_missing_weak_or_late_is_told(old, new, complaint):
    said = page_checks.unsealed(policy.sealed(THEME).replace(old, new, 1))
    assert said and said[0].startswith(complaint)


@pytest.mark.parametrize("name", policy.MENDED)
def test_the_scripts_of_sphinx_are_those_that_are_mended(name):
    script = (Path(sphinx.__file__).parent / "themes/basic/static" / name).read_text("utf-8")
    mended = policy.mended(name, script)
    assert all(after in mended for after in policy.MENDED[name].values())
    with pytest.raises(ValueError, match=f"{name} is not what it was"):
        policy.mended(name, mended)


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
    page = f'<h1>It’s &lt;1&gt;<a href="#">#</a></h1>{body}'
    said = list(page_checks.complaints(page, "It's <1>", states))
    assert said == [complaint] * bool(complaint)
    assert len(list(page_checks.complaints(page, "Another", {}))) >= 2


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
