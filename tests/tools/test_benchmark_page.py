"""The page of `make bench`: figures are kept as they are told, marked by their aim, compared."""

import copy
import json
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def tools(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    import aims
    import page

    yield aims, page
    for name in ("aims", "page"):
        sys.modules.pop(name)


@pytest.fixture
def found(tools, tmp_path, monkeypatch):
    aims, page = tools
    monkeypatch.setenv(aims.FILE, str(tmp_path / "kept"))
    aims.aim("a step to PyTorch's", 0.5, 1)
    aims.aim("a kernel at its end", 230.0, 200, "MB")
    lines = (tmp_path / "kept").read_text(encoding="utf-8").splitlines()
    return {"machine": page.machine(), "figures": {"steps": [json.loads(line) for line in lines]}}


def test_a_figure_above_its_aim_is_told_and_marked(tools, found, capsys):
    tools[0].aim("a kernel at its end", 230.0, 200, "MB")
    assert capsys.readouterr().out == "not reached  a kernel at its end: 230 MB, aim 200\n"
    first, second = tools[1].page(found)[-2:]
    assert "not reached" not in first and second.endswith("not reached") and "230" in second


def test_two_runs_show_what_changed_by_more_than_noise(tools, found):
    new = copy.deepcopy(found)
    new["figures"]["steps"][0]["value"] = 0.8
    new["figures"]["steps"][1]["value"] = 231.0
    new["machine"]["processor"] = "another"
    told = tools[1].compared(found, new)
    assert told[0].endswith(", another") and told[-2].endswith("+60%") and "%" not in told[-1]


def test_every_benchmark_is_on_the_page(tools):
    apart = {"aims", "page", "hub", "hub_reader"}  # the last two need a JupyterHub
    scripts = {file.stem for file in FOLDER.glob("*.py")} - apart
    assert scripts == {*tools[1].SCRIPTS}
    assert all("from aims import aim" in (FOLDER / f"{name}.py").read_text() for name in scripts)
