"""The proofs for the browser run without NumPy, and only wheels of the right hash are served."""

import re
import zipfile

import pytest
from build_live import COMPILED
from proofs import PROOFS, notebook
from wheels import entry, needed, sha256, to_download, verified

from tests.convlib.test_without_numpy import run
from tests.tools.test_frame import ROOT, pins, wanted


@pytest.mark.parametrize("chapter", PROOFS)
def test_a_proof_runs_without_numpy_and_notices_a_wrong_formula(chapter):
    cells = [cell.source for cell in notebook(chapter).cells if cell.cell_type == "code"]
    run("\n".join(cells))
    *proof, check = cells
    spoilt = re.sub(r"(\w+)\.at\(", r"\1._replace(summand=-\1.summand).at(", check)
    assert spoilt != check
    failed = run("\n".join([*proof, spoilt]), check=False)
    assert failed.returncode and "AssertionError" in failed.stderr


def wheel(folder, name, *requires, files=("pkg/__init__.py",)):
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for file in files:
            archive.writestr(file, "")
        archive.writestr(f"{name}-1.0.dist-info/METADATA", "\n".join(
            ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0",
             *(f"Requires-Dist: {line}" for line in requires)]))
    return path


def test_a_wheel_is_described_as_the_browser_sees_it(tmp_path):
    path = wheel(tmp_path, "My_Book", "SymPy>=1", "psutil; sys_platform != 'emscripten'",
                 "old; python_version < '3.12'", "Pillow; extra == 'course'",
                 "lab; extra == 'lab'", "my-book[course]; extra == 'figures'",
                 files=("pkg/__init__.py", "pkg/deep/__init__.py", "one.py", "data/x.png"))
    told = entry(path, "3.14")
    assert told["name"] == "my-book" and told["version"] == "1.0"
    assert told["depends"] == ["pillow", "sympy"] and told["imports"] == ["one", "pkg"]
    assert told["file_name"] == path.name and told["sha256"] == sha256(path)


def test_what_is_needed_is_followed_to_its_end():
    packages = {name: {"name": name, "depends": depends} for name, depends in {
        "a": ["B_1"], "b-1": ["c"], "c": ["a"], "d": []}.items()}
    assert [*needed(packages, ["a"])] == ["a", "b-1", "c"]
    assert [*needed(packages, ["a"], besides={"b-1"})] == ["a"]
    with pytest.raises(SystemExit, match="no wheel of e"):
        needed(packages | {"d": {"depends": ["e"]}}, ["d"])


def test_a_missing_wheel_and_another_one_are_refused_by_name(tmp_path):
    right, wrong = wheel(tmp_path, "right"), wheel(tmp_path, "wrong")
    entries = {name: {"file_name": path.name, "sha256": sha256(path)}
               for name, path in {"right": right, "wrong": wrong}.items()}
    assert verified(entries, tmp_path, "1.2.3") == [right, wrong]
    wrong.write_bytes(b"another")
    entries["absent"] = {"file_name": "absent-1.0-py3-none-any.whl", "sha256": "0" * 64}
    with pytest.raises(SystemExit) as refused:
        verified(entries, tmp_path, "1.2.3")
    said, listed = str(refused.value).split("\n\n")
    assert "absent-1.0-py3-none-any.whl is missing" in said and "right" not in said
    assert f"{wrong.name} has the hash {sha256(wrong)}" in said
    assert listed == to_download(entries, "1.2.3") and "pyodide-1.2.3.tar.bz2" in listed
    assert [line.split() for line in listed.splitlines()[1:]] == [
        [one["sha256"], one["file_name"]] for one in entries.values()]


def test_the_pins_are_hashed_and_meet_the_floors_of_pyproject():
    locked = pins("site/live/requirements.lock")
    floors = {name: floor for name, floor in wanted("figures").items() if name not in COMPILED}
    assert {name for name, floor in floors.items() if not floor.contains(locked[name][0])} == set()
    assert all(hashes for _, hashes in locked.values())
    assert "://" not in (ROOT / "site/live/requirements.lock").read_text()
