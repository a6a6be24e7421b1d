"""`python -m course grade`: hand-ins of every kind run in a sandbox, and the table is right."""

import csv
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from course import __main__ as command
from course.class_grades import Limits, hand_ins, refusal, sandbox, table
from course.exercises import exercise
from tests.course.hand_ins import KINDS, LOUD, PATIENCE, RIGHT, hostile, notebook

ROOT = Path(__file__).parents[2]
WHY_NOT = refusal()
needs_sandbox = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)


def grades(capsysbinary, folder, cells, enough):
    """The table, its rows by student, and the seconds a cell, which grow until it is enough.

    A notebook may take as long as so many cells.
    """
    for seconds in PATIENCE:
        limits = "--seconds", str(cells * seconds), "--cell-seconds", str(seconds)
        command._main(["grade", str(folder), *limits, "--csv"])
        text = capsysbinary.readouterr().out
        rows = {row["student"]: row for row in csv.DictReader(text.decode().splitlines())}
        if enough(rows):
            break
    return text, rows, seconds


@needs_sandbox
def test_a_class(tmp_path, capsysbinary):
    precious, folder = tmp_path / "precious.txt", tmp_path / "hand-ins"
    precious.write_text("the only copy")
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.01)
        targets = [precious, folder, ROOT / "course" / "__init__.py"]
        for name, cells in KINDS.items():
            if name == "hostile":
                cells = hostile(server.getsockname()[1], targets)
            (folder / f"{name}.ipynb").write_text(notebook(cells))
        before = {path: path.read_bytes() for path in sorted(tmp_path.rglob("*.*"))}
        _, rows, seconds = grades(capsysbinary, folder, 20, lambda rows: (
            sum("took more" in row["note"] for row in rows.values()) == 1))
        with pytest.raises(TimeoutError):
            server.accept()
    assert {path: path.read_bytes() for path in sorted(tmp_path.rglob("*.*"))} == before
    assert (ROOT / "course" / "__init__.py").stat().st_size > 100
    assert [*rows] == sorted(KINDS)

    flipped = next(words for words in exercise("1.4").wrong if "backward" in words)
    told = {name: (row["1.1"], row["1.4"], row["note"]) for name, row in rows.items()}
    assert told["right"] == ("right", "right", "")
    assert told["empty"] == ("", "", "")
    assert told["hostile"] == ("right", "", "")  # nothing that it tried was done
    assert told["wrong"][0] not in ("", "right") and told["wrong"][1:] == (flipped, "")
    assert told["crashing"][:2] == ("", "right")
    assert told["crashing"][2] == ("crashing.ipynb: cell 2 raised SyntaxError, cell 3 raised "
                                   "NameError, it ended before its last cell")
    assert told["endless"] == ("", "right", f"endless.ipynb: cell 2 took more than {seconds} s")
    assert all(row[f"1.{n}"] == "" for row in rows.values() for n in (2, 3, 5, 6, 7, 8))


@needs_sandbox
def test_what_is_endless_or_loud_as_a_whole_is_stopped_and_a_re_run_gives_the_same_bytes(
        tmp_path, capsysbinary):
    # the deaf one sleeps: it costs no time of a processor
    for name, cells in {"deaf": [*RIGHT, "import signal, time",
                                 "signal.signal(signal.SIGALRM, lambda *_: 0)\n"
                                 "time.sleep(99)"],
                        "loud": [*RIGHT, *LOUD], "=1+1": ["1 +"]}.items():
        (tmp_path / f"{name}.ipynb").write_text(notebook(cells))
    (tmp_path / "later").mkdir()
    (tmp_path / "none.ipynb").write_text("no notebook")
    first, rows, seconds = grades(capsysbinary, tmp_path, 3, lambda rows: (
        rows["deaf"]["1.1"] and rows["loud"]["1.1"]))
    assert rows["deaf"]["1.1"] == "right"
    assert f"stopped after {3 * seconds} s" in rows["deaf"]["note"]
    assert rows["loud"]["1.1"] == "right" and "more than 4 MB" in rows["loud"]["note"]
    assert rows["later"]["note"] == "no notebook" and "is no notebook" in rows["none"]["note"]
    assert "'=1+1" in rows
    (tmp_path / "deaf.ipynb").unlink()
    kept = [line for line in first.splitlines(keepends=True) if not line.startswith(b"deaf")]
    again, _, _ = grades(capsysbinary, tmp_path, 3, lambda rows: rows["loud"]["1.1"])
    assert again == b"".join(kept)


def test_a_folder_a_student_holds_a_notebook_a_chapter_and_links_are_left_out(tmp_path):
    for place in "ada/05.ipynb", "ada/01.ipynb", "ada/.ipynb_checkpoints/05.ipynb", "bo/x.ipynb":
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text("")
    (tmp_path / "eve").mkdir()
    (tmp_path / "eve" / "theirs.ipynb").symlink_to(tmp_path / "bo" / "x.ipynb")
    (tmp_path / "link").symlink_to(tmp_path / "bo")
    found = {name: [path.name for path in paths] for name, paths in hand_ins(tmp_path).items()}
    assert found == {"ada": ["01.ipynb", "05.ipynb"], "bo": ["x.ipynb"], "eve": []}


def test_the_table_has_every_exercise_of_the_chapters_and_no_formula():
    text = table([{"student": "-2+3", "5.6": "=cmd()\n", "note": ""}])
    header, row = csv.reader(text.splitlines())
    assert header == ["student", *(f"5.{n}" for n in range(1, 8)), "note"]
    assert row == ["'-2+3", *[""] * 5, "'=cmd() ", "", ""]


def test_without_a_sandbox_it_refuses_and_says_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit):
        command._main(["grade", str(tmp_path), "--csv"])
    said = capsys.readouterr().err
    assert "no bwrap" in said and "install bubblewrap" in said and "--no-sandbox" in said


@needs_sandbox
def test_a_bwrap_that_may_not_make_a_sandbox_is_refused_with_its_own_words(monkeypatch):
    monkeypatch.setattr(sandbox, "_bwrap", lambda notebook: ["bwrap", "--no-such-flag"])
    assert "no-such-flag" in refusal() and "--no-sandbox" in refusal()


def test_no_sandbox_is_said_aloud_and_bounds_time(tmp_path):
    (tmp_path / "a.ipynb").write_text(notebook([*RIGHT, "while True: pass"]))
    for seconds in PATIENCE:
        done = subprocess.run(
            [sys.executable, "-m", "course", "grade", str(tmp_path), "--csv", "--no-sandbox",
             "--cell-seconds", str(seconds)], cwd=ROOT, capture_output=True, text=True, check=True)
        if "a,right," in done.stdout:
            break
    assert "can read, change and send" in done.stderr and "a,right," in done.stdout
    assert done.stdout.rstrip().endswith(f"a.ipynb: cell 5 took more than {seconds} s")


def test_limits_are_whole_numbers_of_one_notebook():
    assert all(isinstance(limit, int) for limit in Limits())
