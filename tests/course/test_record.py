"""The progress file: several notebooks write it, and nothing that stands in its place is lost."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

from course.exercises import check, exercise, hint, progress, record, review

ROOT = Path(__file__).parents[2]
MINE = {"solved": ["5.1"], "hints": {"5.2": 1}}
needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")


def stored(place):
    return json.loads(place.read_text(encoding="utf-8"))


def put(place, content):
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content if isinstance(content, bytes) else content.encode())


def test_progress_is_kept_and_shown(capsys, own_progress):
    check("5.5", (3, 0))
    check("5.5", (4, 2))  # solved it stays
    check("5.1", ...)
    hint("5.2")
    assert stored(own_progress) == {"solved": ["5.5"], "hints": {"5.2": 1}}
    capsys.readouterr()
    progress()
    shown = capsys.readouterr().out
    line = next(x for x in shown.splitlines() if x.startswith("chapter  5"))
    assert "1 of 13" in line and "5.5*" in line and "5.1 " in line and str(own_progress) in shown


def test_a_solution_of_the_book_does_not_count(capsys, own_progress):
    check("5.5", (3, 0), solution=True)
    assert "5.5 is right" in capsys.readouterr().out and not own_progress.exists()


def test_a_number_without_quotes_is_noted_as_it_is_written_in_the_book(own_progress):
    check(5.5, (3, 0))
    hint(5.2)
    assert stored(own_progress) == {"solved": ["5.5"], "hints": {"5.2": 1}}


def test_hints_come_one_more_at_a_time_also_in_the_next_session(capsys, monkeypatch):
    hints = exercise("5.6").hints
    for shown in (1, 2, 3, 3):
        monkeypatch.setattr(record, "_hints_here", {})
        hint("5.6")
        words = " ".join(capsys.readouterr().out.split())
        assert [text in words for text in hints] == [n < shown for n in range(3)]


# ------------------------------------------------------------------ several notebooks at once
def python(code, **options):
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, **options)


def test_eight_processes_lose_none_of_their_fifty_answers(own_progress):
    code = ("from course.exercises import record\n"
            "for n in range(50):\n    record.note(f'{WHO}.{n}', 'right')")
    writers = [python(code.replace("WHO", str(n))) for n in range(8)]
    assert [writer.wait() for writer in writers] == [0] * 8
    expected = {f"{who}.{n}" for who in range(8) for n in range(50)}
    assert set(stored(own_progress)["solved"]) == expected
    assert {path.name for path in own_progress.parent.iterdir()} == {
        "progress.json", "progress.json.lock"}


def test_threads_of_one_kernel_lose_none(own_progress):
    def answer(who):
        for n in range(20):
            record.note(f"{who}.{n}", "right")

    threads = [Thread(target=answer, args=(who,)) for who in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = {f"{who}.{n}" for who in range(6) for n in range(20)}
    assert set(stored(own_progress)["solved"]) == expected and record._unsaved == []


def test_a_process_that_dies_leaves_no_lock_behind(own_progress):
    own_progress.parent.mkdir()
    holder = python("import sys, time\nfrom course.exercises import record\n"
                    "with record._alone(record.path()):\n"
                    "    print('held', flush=True)\n    time.sleep(600)", stdout=subprocess.PIPE)
    assert holder.stdout.readline() == b"held\n"
    holder.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    holder.wait()
    holder.stdout.close()
    put(own_progress.with_name("progress.json.draft"), "half a fi")  # and what it was writing
    record.note("5.1", "right")
    assert stored(own_progress)["solved"] == ["5.1"]


def test_who_cannot_get_the_lock_says_so_and_holds_nothing_open(
        capsys, own_progress, monkeypatch):
    put(own_progress, json.dumps(MINE))
    monkeypatch.setattr(record, "LOCK_SECONDS", 0.01)
    opened, connect = [], sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **options: opened.append(
        connect(*args, **options)) or opened[-1])
    with record._alone(own_progress):
        record.note("5.5", "right")
    assert "could not be saved" in capsys.readouterr().out and stored(own_progress) == MINE
    assert len(opened) > 1
    for lock in opened:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            lock.execute("SELECT 1")


def test_who_waits_for_the_lock_waits_as_long_as_is_said(own_progress, monkeypatch):
    waits, connect = [], sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, timeout=5, **options: waits.append(
        timeout) or connect(*args, timeout=timeout, **options))
    record.note("5.1", "right")
    assert waits == [record.LOCK_SECONDS]


# ------------------------------------------------------------------ what stands in its place
def test_a_file_of_a_megabyte_is_read_to_its_end(own_progress, capsys):
    put(own_progress, json.dumps(MINE).ljust(record.MAX_BYTES))
    assert record.load() == MINE and not capsys.readouterr().out


@pytest.mark.parametrize("content", [
    "", "{", "[]", "null", "7", '{"solved": 3, "hints": {}}', '{"solved": ["5.1"]}',
    '{"solved": [[1]], "hints": {}}', '{"solved": ["5.1", 5.2], "hints": {}}',
    '{"solved": [5.2, "5.1"], "hints": {}}', '{"solved": [], "hints": []}',
    '{"solved": [], "hints": {"5.1": "2", "5.2": 1}}', b"\xff\xfe\x00", "[" * 100_000,
    '{"solved": [' + '"5.1", ' * 200_000 + '"5.1"], "hints": {}}',
    json.dumps(MINE) + " " * 2**20], ids=lambda content: str(content[:30]))
def test_a_file_that_is_not_understood_is_kept_aside_and_it_is_said(content, own_progress, capsys):
    put(own_progress, content)
    before = own_progress.read_bytes()
    assert record.load() == {"solved": [], "hints": {}}
    assert "progress.json could not be read; it is kept as progress.json.unreadable" \
        in capsys.readouterr().out
    record.note("5.1", "right")
    assert own_progress.with_name("progress.json.unreadable").read_bytes() == before
    assert stored(own_progress)["solved"] == ["5.1"] and not capsys.readouterr().out
    own_progress.write_text("again")
    record.note("5.2", "right")
    assert own_progress.with_name("progress.json.unreadable").read_bytes() == before
    assert own_progress.with_name("progress.json.unreadable1").read_text() == "again"


@pytest.mark.parametrize("error", [PermissionError, OSError])
def test_a_file_that_the_system_does_not_give_is_kept_aside(error, own_progress, monkeypatch):
    put(own_progress, json.dumps(MINE))
    opened = Path.open

    def closed(path, mode="r", *args, **options):
        if path.name == "progress.json" and "r" in mode:
            raise error("not today")
        return opened(path, mode, *args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", closed)
        record.note("5.5", "right")
    assert stored(own_progress.with_name("progress.json.unreadable")) == MINE
    assert stored(own_progress)["solved"] == ["5.5"]


def a_folder(place):
    place.mkdir()


def a_pipe(place):
    os.mkfifo(place)


def a_device(place):
    place.symlink_to("/dev/zero")


@pytest.mark.parametrize("make", [a_folder, pytest.param(a_pipe, marks=needs_pipes),
                                  pytest.param(a_device, marks=needs_pipes)])
def test_what_is_no_file_is_left_alone_and_hints_go_on(make, capsys, own_progress):
    own_progress.parent.mkdir()
    make(own_progress)
    kind = own_progress.lstat().st_mode
    progress()
    check("5.5", (3, 0))
    assert f"could not be saved: {own_progress} is not a file" in capsys.readouterr().out
    for shown in (1, 2):
        hint("5.6")
        assert f"hint {shown} of" in capsys.readouterr().out
    assert own_progress.lstat().st_mode == kind
    assert {path.name for path in own_progress.parent.iterdir()} <= {
        "progress.json", "progress.json.lock"}


@needs_pipes
@pytest.mark.parametrize("draft", ["a pipe", "a link", "a dangling link"])
def test_what_stands_in_place_of_the_draft_is_not_written_into(draft, own_progress):
    put(own_progress, json.dumps(MINE))
    place = own_progress.with_name("progress.json.draft")
    put(own_progress.with_name("precious"), "precious")
    if draft == "a pipe":
        os.mkfifo(place)
    else:
        place.symlink_to("precious" if draft == "a link" else "nowhere")
    record.note("5.5", "right")
    assert stored(own_progress)["solved"] == ["5.1", "5.5"]
    assert own_progress.with_name("precious").read_text() == "precious"
    assert not own_progress.with_name("nowhere").exists() and not place.exists()


@needs_pipes
def test_a_link_stays_a_link(own_progress, tmp_path):
    put(own_progress.with_name("elsewhere.json"), json.dumps(MINE))
    own_progress.symlink_to("elsewhere.json")
    record.note("5.5", "right")
    assert own_progress.is_symlink()
    assert stored(own_progress.with_name("elsewhere.json"))["solved"] == ["5.1", "5.5"]


def test_what_else_stands_in_the_file_stays(own_progress):
    put(own_progress, '\ufeff{"solved": ["5.1", "99.1"], "hints": {"5.6": -7}, "note": "mine"}')
    record.note("5.2", "right")
    assert record.next_hint("5.6", 3) == 1
    assert stored(own_progress) == {
        "solved": ["5.1", "99.1", "5.2"], "hints": {"5.6": 1}, "note": "mine"}


def test_a_place_that_cannot_be_written_stops_nobody(capsys, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FLIPPED_KERNEL_PROGRESS", str(tmp_path / "file" / "progress.json"))
    check("5.5", (3, 0))
    words = capsys.readouterr().out
    assert "5.5 is right" in words and "could not be saved" in words
    progress()


def test_a_folder_that_cannot_be_written_is_read(own_progress, monkeypatch, capsys):
    put(own_progress, json.dumps(MINE))

    def closed(*args, **options):
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(sqlite3, "connect", closed)
    assert record.load() == MINE and not capsys.readouterr().out
    record.note("5.5", "right")
    assert "could not be saved" in capsys.readouterr().out and stored(own_progress) == MINE


def test_an_answer_that_could_not_be_saved_is_saved_with_the_next_one(
        own_progress, monkeypatch, capsys):
    put(own_progress, json.dumps(MINE))

    def closed(*args, **options):
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", closed)
        check("5.5", (3, 0))
        hint("5.6")
        said = capsys.readouterr().out
        assert "Read-only file system" in said and "FLIPPED_KERNEL_PROGRESS" in said
        assert "as long as this kernel runs" in said
        progress()
        shown = capsys.readouterr().out
        assert "5.5*" in shown and "5.1*" in shown
        assert stored(own_progress) == MINE
    check("5.4", exercise("5.4").answer())
    assert stored(own_progress)["solved"] == ["5.1", "5.5", "5.4"]
    assert stored(own_progress)["hints"] == {"5.2": 1, "5.6": 1}
    assert "could not be saved" not in capsys.readouterr().out
    own_progress.unlink()
    assert record.load()["solved"] == []  # what was saved is the file's alone


# ------------------------------------------------------------------ where it lies
@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home folder, with no other place for the progress named."""
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setattr(record, "user_data_path", lambda app, appauthor: tmp_path / "data" / app)
    monkeypatch.delenv("FLIPPED_KERNEL_PROGRESS")
    return tmp_path


def test_it_lies_where_the_system_keeps_such_files(monkeypatch):
    from platformdirs import user_data_path

    monkeypatch.delenv("FLIPPED_KERNEL_PROGRESS")
    assert record.path().parent == user_data_path("flipped-kernel", appauthor=False)
    monkeypatch.setenv("FLIPPED_KERNEL_PROGRESS", "")
    assert record.path().name == "progress.json" and record.path().parent.name == "flipped-kernel"


@pytest.mark.parametrize("first", [record.load, lambda: record.note("5.5", "right")])
def test_the_file_of_earlier_versions_is_taken_over_once(first, home):
    former = home / ".flipped-kernel" / "progress.json"
    put(former, json.dumps(MINE))
    first()
    assert record.path() == home / "data" / "flipped-kernel" / "progress.json"
    assert record.load()["solved"][0] == "5.1" and record.load()["hints"] == {"5.2": 1}
    assert not former.exists()
    assert stored(former.with_name("progress.json.taken-over")) == MINE
    record.path().unlink()
    assert record.load()["solved"] == []


def test_a_former_file_that_is_not_understood_is_kept_too(home, capsys):
    put(home / ".flipped-kernel" / "progress.json", "{")
    record.note("5.5", "right")
    assert record.path().with_name("progress.json.unreadable").read_text() == "{"
    assert record.load()["solved"] == ["5.5"]


def test_a_former_file_stays_where_there_is_a_newer_or_a_chosen_one(home, monkeypatch, tmp_path):
    former = home / ".flipped-kernel" / "progress.json"
    put(record.path(), json.dumps(MINE))
    put(former, '{"solved": ["9.9"], "hints": {}}')
    record.note("5.5", "right")
    assert record.load()["solved"] == ["5.1", "5.5"] and former.exists()
    monkeypatch.setenv("FLIPPED_KERNEL_PROGRESS", str(tmp_path / "chosen.json"))
    record.note("5.6", "right")
    assert record.load()["solved"] == ["5.6"] and former.exists()


def test_without_a_home_folder_nothing_is_written(monkeypatch, tmp_path, capsys):
    def nowhere(path):
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("FLIPPED_KERNEL_PROGRESS")
    monkeypatch.setattr(record, "user_data_path", lambda app, appauthor: Path("~") / app)
    monkeypatch.setattr(Path, "expanduser", nowhere)
    monkeypatch.chdir(tmp_path)
    check("5.5", (3, 0))
    progress()
    assert "could not be saved" in capsys.readouterr().out and not list(tmp_path.iterdir())


def test_review_lists_what_was_missed_until_it_is_right_again(own_progress, capsys):
    review()
    assert "There is nothing to review" in capsys.readouterr().out
    check("4.5", (9, 18))
    check("4.5", (18, 9))  # right, but not at first
    check("4.4", (1938816, 55296, 128))
    check("4.4", (1, 2, 3))  # solved before: not missed
    record.note("Q0.1", "shown")
    capsys.readouterr()
    review()
    assert "Answer these again: Q0.1, 4.5." in " ".join(capsys.readouterr().out.split())
    check("4.5", (18, 9))
    capsys.readouterr()
    review()
    assert "Answer these again: Q0.1." in " ".join(capsys.readouterr().out.split())
    assert set(stored(own_progress)["solved"]) == {"4.4", "4.5"}


def test_the_books_own_answer_is_noted_as_nothing(own_progress):
    check("4.5", (18, 9), solution=True)
    check("4.5", (9, 18), solution=True)
    assert not own_progress.exists()


def test_progress_counts_questions_too(own_progress, capsys):
    record.note("Q4.1", "right")
    progress()
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "chapter  4" in line]
    assert "1 of 13" in line and "Q4.1*" in line and "Q4.2" in line and "4.7" in line
