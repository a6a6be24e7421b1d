"""The frame keeps its word: one set of packages everywhere, imports run one way, nothing leaks."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import date
from importlib.metadata import packages_distributions, version
from itertools import chain
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
# {package: (floor, date, why)}
SECURITY_FLOORS = {name: tuple(rest) for name, *rest in re.findall(
    r"^\| ([\w-]+) \| ([\d.]+) \| (\d{4}-\d\d-\d\d) \| (.*) \|$", SECURITY, re.M)}


def by_name(lines):
    """{canonical name: specifiers}: `jupyter_server` of conda is `jupyter-server` of PyPI."""
    return {canonicalize_name(r.name): r.specifier for r in map(Requirement, lines)}


def wanted(*extras):
    """{canonical name: specifiers} of the core and of these extras, with those that they name."""
    lines = list(PROJECT["dependencies"])
    for requirement in chain(*(map(Requirement, EXTRAS[extra]) for extra in extras)):
        if requirement.name == PROJECT["name"]:
            assert not requirement.specifier
            lines += map("{0[0]}{0[1]}".format, wanted(*requirement.extras).items())
        else:
            lines.append(str(requirement))
    return by_name(lines)


def pins(lock):
    """{canonical name: (version, number of hashes)} of a lock file."""
    text = (ROOT / lock).read_text()
    entry = r"^([\w.-]+)==([^ ;\\]+)[^\\\n]*((?:\\\n +--hash=sha256:[0-9a-f]{64} ?)*)"
    found = re.findall(entry, text, re.M)
    return {canonicalize_name(name): (version, h.count("--hash")) for name, version, h in found}


def run(*command, **kwargs):
    # Under `make test` the variables of that make would make a nested one chatty.
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    env |= kwargs.pop("env", {})
    return subprocess.run(
        command, cwd=kwargs.pop("cwd", ROOT), env=env, capture_output=True, text=True, **kwargs
    )


# One set of packages


def test_environment_yml_names_the_packages_of_pyproject():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())
    assert conda["name"] == PROJECT["name"] and conda["channels"] == ["conda-forge"]
    packages = by_name(line for line in conda["dependencies"] if isinstance(line, str))
    assert str(packages.pop("python")) == PROJECT["requires-python"]
    assert not packages.pop("pip")
    assert packages == wanted("lab")
    assert conda["dependencies"][-1] == {"pip": ["-e ."]}


READERS, DEVELOPERS = ("lab", "setup"), ("lab", "setup", "test", "book")
LOCKS = {"requirements.lock": READERS, "requirements-dev.lock": DEVELOPERS,
         "requirements-oldest.lock": DEVELOPERS}


@pytest.mark.parametrize("lock, extras", LOCKS.items())
def test_a_lock_satisfies_pyproject_with_hashes_and_no_address(lock, extras):
    locked = pins(lock)
    for name, specifier in wanted(*extras).items():
        assert specifier.contains(locked[name][0]), (name, locked[name][0], str(specifier))
    text = (ROOT / lock).read_text()
    entries = re.findall(r"^[^\s#].*", text, re.M)
    assert {canonicalize_name(line.split("==")[0]) for line in entries} == set(locked)
    assert all(hashes for _, hashes in locked.values())
    assert "://" not in text and "torch" not in locked


def test_the_oldest_lock_holds_the_floors_themselves():
    oldest = pins("requirements-oldest.lock")
    floors = {name: Version(floor.version)
              for name, specifier in wanted(*DEVELOPERS).items() for floor in specifier}
    assert {name: Version(oldest[name][0]) for name in floors} == floors
    assert floors["numpy"] < Version(pins("requirements.lock")["numpy"][0])


def test_readers_and_developers_have_the_same_versions():
    readers, developers = pins("requirements.lock"), pins("requirements-dev.lock")
    assert readers == {name: developers[name] for name in readers}


@pytest.mark.parametrize("name", SECURITY_FLOORS)
def test_security_floors(name):
    floor, day, why = SECURITY_FLOORS[name]
    (bound,) = wanted("lab").get(name, [None])
    assert not bound or str(bound) == f">={floor}"
    for lock in LOCKS:
        assert Version(pins(lock)[name][0]) >= Version(floor), lock
    assert date.fromisoformat(day) <= date.today()
    assert re.search(r"CVE-\d{4}-\d{4,}|GHSA(-\w{4}){3}", why)


def test_the_list_of_security_floors_is_read_whole():
    rows = re.findall(r"^\| (?!package|-)", SECURITY.split("## Security floors")[1], re.M)
    assert len(rows) == len(SECURITY_FLOORS) >= 2 and "jupyterlab" in SECURITY_FLOORS


def test_build_backend_and_torch_have_one_version():
    backend = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    assert set(backend) <= set(EXTRAS["setup"])
    (torch,) = EXTRAS["oracle"]
    assert torch in EXTRAS["bench"]
    for file in ".ci/run", ".github/workflows/ci.yml", "tools/env.py":
        assert set(re.findall(r"torch==[\w.]+", (ROOT / file).read_text())) == {torch}, file


def test_the_version_is_written_in_one_place_and_told_where_readers_look():
    version = PROJECT["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert str(citation["version"]) == version
    first = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.M)[1]
    assert first.rstrip(",") == version
    elsewhere = [path for path in tracked_files() if path.suffix == ".py"
                 and f'"{version}"' in path.read_text(encoding="utf-8")]
    assert elsewhere == [] and PROJECT["readme"] == "README.md"


def test_readers_are_told_the_address_of_the_book_once_there_is_one():
    address = PROJECT.get("urls", {}).get("Homepage")
    readme = (ROOT / "README.md").read_text()
    first = readme.split("\n\n")[1]
    assert ("](http" in first) == bool(address) and (not address or f"]({address})" in first)
    assert ("There is no hosted edition yet" in readme) == (not address)
    page = (ROOT / "site/pages/run.md").read_text(encoding="utf-8")
    assert ("has no public address yet" in page) == (not address)


# One command each


def test_binder_installs_what_make_lab_installs():
    folder = ROOT / ".binder"
    lines = (folder / "requirements.txt").read_text().splitlines()
    (included,) = (line.removeprefix("-r ") for line in lines if not line.startswith("#"))
    assert (folder / included).resolve() == ROOT / "requirements.lock"
    python = (folder / "runtime.txt").read_text().strip().removeprefix("python-")
    assert f"Programming Language :: Python :: {python}" in PROJECT["classifiers"]
    mode = run("git", "ls-files", "--stage", ".binder/postBuild", check=True).stdout
    assert mode.startswith("100755") and "--no-deps" in (folder / "postBuild").read_text()


def test_the_container_of_editors_runs_what_is_there():
    said = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text())
    python, tool, kind = said["postCreateCommand"].split()
    assert python == "python" and (ROOT / tool).exists() and f"env.py {kind} " in (
        ROOT / tool).read_text()
    image = re.fullmatch(r"python:(3\.\d+)-\w+", said["image"])[1]
    assert f"Programming Language :: Python :: {image}" in PROJECT["classifiers"]


def test_make_help_lists_every_target():
    makefile = (ROOT / "Makefile").read_text()
    phony = set(re.search(r"^\.PHONY: (.*)", makefile, re.M).group(1).split())
    targets = set(re.findall(r"^([a-z][\w-]*):(?! export)", makefile, re.M))
    shown = run("make", "help", check=True).stdout
    assert targets == phony == set(re.findall(r"^make ([\w-]+) +\S", shown, re.M))
    assert run("make").stdout == shown


def test_the_workflow_runs_every_python_and_the_floors():
    workflow = (ROOT / ".github/workflows/ci.yml").read_text()
    named = set(re.findall(r'"(3\.\d+)"', workflow))
    claimed = {c.rsplit(" ", 1)[1] for c in PROJECT["classifiers"] if "Python ::" in c}
    assert named == claimed and "target: test-oldest" in workflow
    oldest = min(claimed, key=Version)
    assert PROJECT["requires-python"] == f">={oldest}"
    assert f'python: "{oldest}", target: test-oldest' in workflow


@pytest.mark.parametrize("file", ["ci.yml", "nightly.yml"])
def test_workflow_actions_are_pinned_by_commit(file):
    workflow = (ROOT / ".github/workflows" / file).read_text()
    assert yaml.safe_load(workflow)["permissions"] == {"contents": "read"}
    used = re.findall(r"uses: (\S+)", workflow)
    assert used and all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action) for action in used)


def test_pip_configuration_is_handed_on_to_uv():
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        from env import uv_environment
    finally:
        sys.path.pop(0)
    listing = (
        "global.cert='/a.pem'\nglobal.index-url='mirror'\nglobal.extra-index-url='\\none\\ntwo'\n"
        "install.index-url='nearer'\n:env:.find-links='x y'\n:env:.timeout='9'\n"
    )
    assert uv_environment(listing, {"SSL_CERT_FILE": "/mine.pem"}) == {
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_DEFAULT_INDEX": "nearer",
        "UV_INDEX": "one two",
        "UV_FIND_LINKS": "x,y",
        "SSL_CERT_FILE": "/mine.pem",
    }


def test_mistakes_reach_every_xdist_worker(tmp_path):
    (tmp_path / "convlib").mkdir()
    (tmp_path / "convlib/__init__.py").write_text("right = True\n")
    (tmp_path / "course").mkdir()
    (tmp_path / "course/__init__.py").touch()
    (tmp_path / "course/mistakes.py").write_text(
        "import convlib\nMISTAKES = {'a': 0, 'b': 0}\n"
        "def plant(name): convlib.right = name != 'a'\n"
    )
    shutil.copy(ROOT / "tests/conftest.py", tmp_path)
    test = "from convlib import right\n\ndef test_right():\n    assert right\n"
    for name in "test_one.py", "test_two.py":
        (tmp_path / name).write_text(test)

    def pytest_with(mistake, *options):
        command = sys.executable, "-m", "pytest", "-q", *options, "--mistake", mistake
        return run(*command, cwd=tmp_path, env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})

    assert "2 failed" in pytest_with("a", "-p", "xdist", "-n", "2").stdout
    assert "2 passed" in pytest_with("b").stdout
    unknown = pytest_with("c")
    assert unknown.returncode == pytest.ExitCode.USAGE_ERROR
    assert "no mistake 'c'; there are a, b" in unknown.stderr


# Imports run one way


ROOMS = "convlib", "course", "figures", "chapters"  # each may import what stands before it
OUTSIDE = {"tests", "tools", "site", "benchmarks"}


def upward_imports(folder):
    """Every import of a room from one above it, as "file:line imports name"."""
    for file in sorted(folder.rglob("*.py")):
        place = file.relative_to(folder)
        if place.parts[0] not in ROOMS:
            continue
        above = OUTSIDE | set(ROOMS[ROOMS.index(place.parts[0]) + 1 :])
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""] if node.level == 0 else ["a relative name"]
            yield from (f"{place.as_posix()}:{node.lineno} imports {name}" for name in names
                        if name.split(".")[0] in above | {"a relative name"})


def test_imports_run_one_way():
    assert list(upward_imports(ROOT)) == []


def test_an_import_against_the_way_is_named_with_its_file_and_line(tmp_path):
    (tmp_path / "convlib").mkdir()
    (tmp_path / "convlib/conv.py").write_text("import numpy\n\nfrom course.audit import claims\n")
    (tmp_path / "figures").mkdir()
    wrong = "from course import check\nimport tests.strategies\n"
    (tmp_path / "figures/grids.py").write_text(wrong)
    assert list(upward_imports(tmp_path)) == [
        "convlib/conv.py:3 imports course.audit", "figures/grids.py:2 imports tests.strategies"]


def test_convlib_is_tested_with_course_and_figures_hidden(tmp_path):
    makefile = (ROOT / "Makefile").read_text()
    assert "-p tests.convlib.alone tests/convlib" in makefile
    (tmp_path / "test_outside.py").write_text("def test_one():\n    import course\n")
    command = sys.executable, "-m", "pytest", "-q", "-p", "tests.convlib.alone", str(tmp_path)
    said = run(*command, "-p", "no:cacheprovider", env={"PYTHONPATH": str(ROOT)}).stdout
    assert "course is hidden" in said and "1 failed" in said


def imported(code):
    """The outermost names that a piece of Python imports; lines of IPython's own are left out."""
    lines = [line for line in code.splitlines() if not line.lstrip().startswith(("%", "!"))]
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.split(".")[0]


def test_readers_import_only_what_they_install():
    ours = "convlib", "course", "figures"
    code = [path.read_text(encoding="utf-8")
            for package in ours for path in (ROOT / package).rglob("*.py")]
    for path in ROOT.glob("chapters/*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code += ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    names = {name for piece in code for name in imported(piece)} - sys.stdlib_module_names
    brought_by, locked = packages_distributions(), pins("requirements.lock")
    assert {*ours, "numpy", "torch"} < names
    assert {name for name in names - {*ours, "torch"}  # PyTorch is compared with where it is there
            if not {canonicalize_name(d) for d in brought_by.get(name, ())} & set(locked)} == set()


FRESH = """
import json, sys, time
start = time.perf_counter()
import numpy
between, before = time.perf_counter(), set(sys.modules)
import convlib
ratio = (time.perf_counter() - between) / (between - start)
print(json.dumps([ratio, sorted({name.split(".")[0] for name in set(sys.modules) - before})]))
"""


def test_importing_convlib_is_quick_and_loads_numpy_only(tmp_path):
    # From another folder and isolated: what is found is what was installed.
    command = sys.executable, "-I", "-c", FRESH
    tries = [json.loads(run(*command, cwd=tmp_path, check=True).stdout) for _ in range(3)]
    assert min(ratio for ratio, _ in tries) < 1  # NumPy's own import takes longer
    loaded = set(tries[0][1]) - sys.stdlib_module_names
    assert loaded - {name for name in loaded if name.startswith("__")} <= {"convlib", "numpy"}


BARE = """
import importlib, pkgutil, sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in hidden:
            raise ModuleNotFoundError(f"{name} is not installed here", name=name)

room, *hidden = sys.argv[1:]
sys.meta_path.insert(0, Missing())
for module in pkgutil.walk_packages([room], room + "."):
    if not module.name.startswith("convlib.symbolic"):
        importlib.import_module(module.name)
"""

TRAINED = """
import numpy as np
from convlib.networks import Dense, train
history = train([Dense(4, 2)], np.ones((1, 1, 2, 2)), [1], epochs=2, progress=False)
assert len(history.losses) == 2
"""


@pytest.mark.parametrize("extra, room", [
    ("", "convlib"), ("course", "course"), ("figures", "figures")])
def test_a_room_needs_only_the_packages_of_its_extra(extra, room):
    later = set(wanted("lab")) - set(wanted(*([extra] if extra else [])))
    hidden = {name for name, brought_by in packages_distributions().items()
              if {canonicalize_name(d) for d in brought_by} & later}
    if extra == "figures":
        hidden.discard("ipywidgets")  # anywidget brings it too
    assert "jupyterlab" in hidden and ("sympy" in hidden) == (room == "convlib")
    code = BARE + (TRAINED if room == "convlib" else "")
    done = run(sys.executable, "-c", code, room, *hidden)
    assert done.returncode == 0, done.stderr


# Nothing of one machine, and nobody's registry


def tracked_files():
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", check=True)
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


LEAK = re.compile(  # jovyan is the user of every image for Zero to JupyterHub
    r"/(?:work|root|home(?!/jovyan\b)|opt|tmp|Users)/|[A-Z]:\\+Users"
    r"|(?:pypi|anaconda)\.org|python[h]osted|registry\.np[m]"
)


def test_no_tracked_file_names_a_machine_or_a_registry():
    leaks = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        if path.suffix == ".ipynb":  # base64 may spell anything
            text = re.sub(r'"(image/(?:png|jpeg))": "[^"]*"', "", text)
        leaks += [(path.name, match.group()) for match in LEAK.finditer(text)]
    assert not leaks


def test_readme_maps_every_chapter_and_every_link_leads_somewhere():
    readme, contributing = ((ROOT / name).read_text() for name in ("README.md", "CONTRIBUTING.md"))
    text = re.sub(r"`[^`\n]*`", "", readme + contributing)  # what is quoted is no link
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    assert [link for link in links if not (ROOT / link).exists()] == []
    assert {f"chapters/{path.name}" for path in ROOT.glob("chapters/*.ipynb")} <= set(links)


def test_what_contributing_points_to_is_there():
    text = (ROOT / "CONTRIBUTING.md").read_text()
    headings = re.findall(r"^## (.*)$", text, re.M)
    slugs = {re.sub(r"[^\w]+", "-", heading.lower()).strip("-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= slugs
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    named = re.findall(r"`([\w.*/]+)`", "\n".join(rows))
    assert len(named) > 20 and [path for path in named if not list(ROOT.glob(path))] == []


def test_the_examples_of_the_readme_run(capsys):
    namespace = {}
    for block in re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.S):
        exec(block, namespace)
    assert namespace["dx"].shape == namespace["x"].shape
    assert max(namespace["errors"].values()) < 1e-6


def test_every_python_recipe_of_contributing_runs(monkeypatch):
    import matplotlib.pyplot as plt

    monkeypatch.setattr(plt, "show", lambda: plt.close("all"))
    text = (ROOT / "CONTRIBUTING.md").read_text()
    blocks = re.findall(r"```python\n(.*?)```", text, re.S)
    namespace = {"plt": plt}
    for block in blocks:
        exec(block, namespace)
    namespace["draw_pair"]([1, 2, 3, 5], [10, 1])
    assert len(blocks) == text.count("```python") and len(plt.gcf().axes) == 1
    plt.close("all")


def test_ruff_finds_nothing():
    run = subprocess.run([sys.executable, "-m", "ruff", "check", "--no-cache", "."], cwd=ROOT,
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


@pytest.mark.skipif(version("numpy") != pins("requirements.lock")["numpy"][0],
                    reason="the types of other editions of NumPy are coarser")
def test_mypy_finds_nothing():
    command = sys.executable, "-m", "mypy", "--cache-dir", os.devnull
    mypy = run(*command)
    assert mypy.returncode == 0, mypy.stdout + mypy.stderr


def test_every_package_and_every_file_it_needs_is_installed():
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    found = {".".join(path.parent.relative_to(ROOT).parts)
             for name in ("convlib", "course", "figures")
             for path in (ROOT / name).rglob("__init__.py")}
    assert set(setuptools["packages"]) == found
    for package in found:
        folder, patterns = ROOT / package.replace(".", "/"), setuptools["package-data"]
        needed = {f.name for f in folder.iterdir() if f.is_file() and f.suffix != ".py"}
        packed = {f.name for p in patterns.get(package, ()) for f in folder.glob(p)}
        assert needed == packed, package
