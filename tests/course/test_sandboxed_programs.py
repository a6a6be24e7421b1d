"""The two programs that a sandbox runs, started without one: only what they write comes out."""

import json
import subprocess
import sys

import nbformat.v4 as v4
import pytest

from course.class_grades import no_processes
from course.exercises import exercise
from tests.course.hand_ins import PATIENCE


def program(name, place, given=b"", seconds=16):
    """The lines that a program writes, within 60 s, so many a cell, and 4096 megabytes."""
    limits = "60", str(seconds), "4096"
    command = [sys.executable, "-m", f"course.class_grades.{name}", *limits, str(place)]
    done = subprocess.run(command, input=given, capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def records(tmp_path):
    """records(*cells): what is written down of a notebook with these code cells."""
    def of(*sources, **limit):
        cells = [v4.new_markdown_cell("# Title"), *map(v4.new_code_cell, sources)]
        cells.append(v4.new_code_cell("check(1.1, 5)", metadata={"tags": ["solution"]}))
        notebook = tmp_path / "hand_in.ipynb"
        notebook.write_text(json.dumps(v4.new_notebook(cells=cells)))
        return program("run_notebook", notebook, **limit)
    return of


def test_each_check_is_written_down_and_judged_by_the_other_program(records):
    right = exercise("1.1").answer().tolist()
    found = records("from course import check\nprint('this goes nowhere')", "check(1.1, ...)",
                    f"check(1.1, {right})", "check(1.1, 7, solution=True)")
    assert [record.get("number") for record in found] == ["1.1", "1.1", None]
    assert found[0] == {"number": "1.1"} and found[2] == {"end": True}
    lines = b"\n".join(json.dumps(record).encode() for record in found)
    assert program("judge_answers", "-", lines) == [
        {"grades": {"1.1": "right"}, "failed": [], "ended": True}]


def test_a_cell_that_fails_or_never_ends_is_named_and_the_next_one_runs(records):
    for seconds in PATIENCE:
        found = records("1 / 0", "while True: pass", "import matplotlib.pyplot as p; p.figure()",
                        seconds=seconds)
        if len(found) == 3:  # and not a fourth of an import that took too long
            break
    assert found == [
        {"cell": 1, "why": "raised ZeroDivisionError"},
        {"cell": 2, "why": f"took more than {seconds} s"}, {"end": True}]


def test_what_is_no_notebook_is_named(tmp_path):
    place = tmp_path / "hand_in.ipynb"
    place.write_text("[]")
    assert program("run_notebook", place) == [{"cell": 0, "why": "is no notebook"}]


@pytest.mark.parametrize("machine, calls", [("x86_64", 1), ("aarch64", 1), ("abacus", 0)])
def test_a_filter_is_made_for_machines_whose_system_calls_are_known(monkeypatch, machine, calls):
    monkeypatch.setattr(no_processes.platform, "machine", lambda: machine)
    made = no_processes.program()
    assert len(made) % 8 == 0 if calls else made is None
