"""Every exercise knows its answer and its mistakes; check, hint and progress say so."""

import json
import re

import numpy as np
import pytest
import sympy as sp
from IPython.core.interactiveshell import InteractiveShell

from convlib import Gradients, conv2d, conv2d_backward
from course import exercises
from course.exercises import check, exercise, grading, hint, progress, record, same
from course.exercises.exercise import Exercise
from course.mistakes import MISTAKES, diagnosis

ALL = exercises.all_exercises()
X = sp.Symbol("x")


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("FLIPPED_KERNEL_PROGRESS", str(tmp_path / "mine" / "progress.json"))
    monkeypatch.setattr(record, "_hints_here", {})
    return tmp_path / "mine" / "progress.json"


# ------------------------------------------------------------------ the exercises of the book
@pytest.mark.parametrize("number", ALL)
def test_the_right_answer_is_right(number):
    verdict = grading.judge(ALL[number], ALL[number].answer())
    assert verdict.right and verdict.message == ALL[number].why


@pytest.mark.parametrize("number,message", [(n, m) for n, e in ALL.items() for m in e.wrong])
def test_each_listed_mistake_is_told(number, message):
    verdict = grading.judge(ALL[number], ALL[number].wrong[message]())
    assert not verdict.right and message in verdict.message


@pytest.mark.parametrize("number", ALL)
def test_it_is_complete(number):
    asked = ALL[number]
    assert len(asked.hints) >= 2 and asked.wrong and asked.why.endswith(".")
    assert all(hint.strip() and not hint.endswith(" ") for hint in asked.hints)


def test_the_capstone_names_every_mistake_that_can_be_made_there():
    def of_one_channel(name):
        """Whether the mistake shows on one image, one channel, stride 1 and dilation 1."""
        rng = np.random.default_rng(1)
        for padding in (0, 1):
            x, w = rng.integers(1, 10, (4, 6)), rng.integers(1, 10, (3, 3))
            dy = rng.integers(1, 10, conv2d(x, w, padding=padding).shape)
            right = conv2d_backward(dy, x, w, padding=padding)
            if not same(MISTAKES[name](dy, x, w, padding=padding), right):
                return True
        return False

    told = set(ALL["5.6"].wrong)
    seen = {name for name, f in MISTAKES.items() if f.replaces == "conv" and of_one_channel(name)}
    assert told == {diagnosis(name) for name in seen}


# ------------------------------------------------------------------ equivalence
@pytest.mark.parametrize("answer,right", [
    (42, 42.0), (1 / 3, sp.Rational(1, 3)), ([1, 2], np.array([1, 2])), ((1, 2), [1, 2]),
    (np.array([[1, 2], [3, 4]]), ((1, 2), (3, 4))), (X * (X + 1), X**2 + X), ([2 * X], [X + X]),
    (sp.Matrix([[1, X]]), np.array([[1, X]])), ("  No  FLIP", "no flip"), ({1, 2}, {2, 1}),
    (sp.sin(X) ** 2 + sp.cos(X) ** 2, 1), (True, 1), ([(0, 1), (1, 0)], {(1, 0), (0, 1)}),
    (Gradients(np.ones((2, 2)), np.ones(3), 1.0), (np.ones((2, 2)), np.ones(3), 1)),
    (sp.Max(0, X), sp.Max(X, 0)), (0.1 + 0.2, 0.3), ({"dx": 1}, {"dx": 1.0}),
])
def test_the_same(answer, right):
    assert same(answer, right)


@pytest.mark.parametrize("answer,right", [
    (42, 43), ([1, 2], [[1, 2]]), ([2, 1], [1, 2]), (X + 1, X), ("flip", "no flip"), (1, "1"),
    ({1}, {1, 2}), (np.nan, 1.0), (1.0, np.nan), (0.300001, 0.3), ({"dx": 1}, {"dw": 1}),
    ((np.ones(2), np.ones(3)), (np.ones(3), np.ones(2))), (sp.Symbol("y"), X), (1e-3, 0),
])
def test_not_the_same(answer, right):
    assert not same(answer, right)


def test_digits_allow_rounding_and_no_more():
    assert same(0.667, 2 / 3, digits=3) and same([0.667], [2 / 3], digits=3)
    assert not same(0.668, 2 / 3, digits=3) and not same(0.66, 2 / 3, digits=3)


# ------------------------------------------------------------------ what is told
def told(capsys, number, answer):
    check(number, answer)
    return " ".join(capsys.readouterr().out.split())


def test_check_waits_tells_and_confirms(capsys):
    assert told(capsys, "5.5", ...) == "5.5 waits for your answer."
    assert told(capsys, "5.5", (3, 0)).startswith("5.5 is right. Forward padding")
    wrong = told(capsys, "5.5", (4, 2))
    assert wrong == ('5.5 is not right yet: these are the zeros without forward padding. '
                     'hint("5.5") gives a hint.')
    assert "1 of 2 entries differ, the first at [1]" in told(capsys, "5.5", (3, 9))
    assert "the shape is (3,), and should be (2,)" in told(capsys, "5.5", (3, 0, 0))


@pytest.mark.parametrize("answer,words", [
    ("three", "'three' cannot be compared with|'three' is not an array"), (print, "is a function"),
    ({"a": 1}, "cannot be compared"),
    (object, "is a function"), ([[1], [2, 3]], "cannot be compa")])
def test_an_answer_of_another_kind(capsys, answer, words):
    assert re.search(words, told(capsys, "5.5", answer))


def test_an_unknown_exercise_says_which_there_are():
    for number in ("5.9", "99.1", "x", "../5.1"):
        with pytest.raises(ValueError, match=f"no exercise '{number}'; (chapter 5 has 5|no such)"):
            check(number, 1)


def backward_with(**parts):
    def mine(dy, x, w, padding=0):
        grads = conv2d_backward(dy, x, w, padding=padding)
        return grads._replace(**{part: f(dy, x, w, grads) for part, f in parts.items()})

    return mine


def test_a_function_is_graded_part_by_part(capsys):
    two = backward_with(dx=lambda dy, x, w, g: MISTAKES["no_flip"](dy, x, w).dx
                        if g.dx.shape == np.add(dy.shape, w.shape).tolist() else g.dx * 0,
                        db=lambda dy, x, w, g: g.db + 1)
    words = told(capsys, "5.6", two)
    assert "dx: " in words and "db: not this one, for dy (3, 3), x (4, 5)" in words
    assert "dw:" not in words
    # 2 of 4 entries off, and where
    off = backward_with(dw=lambda dy, x, w, g: g.dw + np.eye(*g.dw.shape, dtype=int))
    assert "dw: 2 of 6 entries differ, the first at [0, 0], for dy" in told(capsys, "5.6", off)


def test_a_function_that_fails_or_is_empty(capsys):
    def fails(dy, x, w, padding=0):
        return x[99]

    assert "it raised IndexError: index 99 is out" in told(capsys, "5.6", fails)
    assert "give the function itself, not 3" in told(capsys, "5.6", 3)
    assert "waits" in told(capsys, "5.6", lambda *args, **options: None)
    for answer in (7, {"dx": 1}, "dx", (1, 2, 3, 4), {0: 1, 1: 2, 2: 3}, (1, 2)):
        words = told(capsys, "5.6", lambda *args, answer=answer, **options: answer)
        assert "return the 3 arrays dx, dw, db" in words


def test_a_function_cannot_spoil_the_cases(capsys):
    def greedy(dy, x, w, padding=0):
        grads = conv2d_backward(dy, x, w, padding=padding)
        for array in (dy, x, w):
            array[:] = 0
        return grads

    assert "5.6 is right" in told(capsys, "5.6", greedy)


def test_a_function_of_one_result_is_diagnosed():
    def shifted(n):
        return n + 1

    asked = Exercise(answer=lambda: (lambda n: 2 * n), wrong={"plus": lambda: shifted},
                     hints=("a", "b"), cases=lambda: [((1,), {}), ((3,), {})])
    assert grading.judge(asked, lambda n: n + n).right
    assert grading.judge(asked, lambda n: 1 + n).message == "plus"
    assert grading.judge(asked, lambda n: n).message == "not this one, for n=1"


ODD = ["x", b"x", float("nan"), float("inf"), [], (), {}, set(), range(3), np.array("a"), len,
       [[1], [2, 3]], object(), sp.nan, sp.oo, 1 + 2j, 10**400, sp.Eq(X, 1), [X, "b"], slice(1)]


@pytest.mark.parametrize("number", ALL)
def test_no_answer_is_so_odd_that_the_grader_breaks(number):
    for odd in ODD:
        for answer in (odd, [1, odd], [odd, 1], (odd,), iter([odd]), np.array([odd, 1], object)):
            assert not grading.judge(ALL[number], answer).right


@pytest.mark.parametrize("number,answer", [
    ("0.2", (7, np.array([0]), (1, 2, 3))), ("0.2", [7, [0], np.arange(1, 4)]),
    ("0.4", (361.0, " X ")), ("0.5", (101, 130)),
    ("3.1", (n for n in ALL["3.1"].answer())), ("3.1", np.array(sorted(ALL["3.1"].answer()))),
    ("A.1", " Transpose for  ROT180"), ("6.5", np.array(sorted(ALL["6.5"].answer()))),
    ("4.3", (ALL["4.3"].answer()[0], sp.false)),
])
def test_the_right_answer_in_another_form_is_right(number, answer):
    assert grading.judge(ALL[number], answer).right


def test_parts_of_a_wrong_length_do_not_give_the_length_away(capsys):
    words = told(capsys, "0.2", (7, [0, 3], [2, 1]))
    assert "0.2 is not right yet: parts 2 and 3 of your answer are wrong." in words
    words = told(capsys, "0.2", (7, [1], [1, 2, 3]))
    assert "0.2 is not right yet: part 2 of your answer is wrong, the rest is right." in words
    words = told(capsys, "0.2", (8, [1], [3]))
    assert "parts 1, 2 and 3 of your answer are wrong" in words
    assert "give 3 parts" in told(capsys, "0.2", 7)


def test_of_a_set_the_wrong_and_the_missing_members_are_counted(capsys):
    right = ALL["3.1"].answer()
    few, odd = sorted(right)[:2], {99}
    assert "3.1 is not right yet: 1 is missing." in told(capsys, "3.1", set(few))
    assert "1 of your 4 members is wrong." in told(capsys, "3.1", right | odd)
    assert "1 of your 3 members is wrong and 1 is missing." in told(capsys, "3.1", {*few, *odd})
    assert "2 of your 2 members are wrong and 3 are missing." in told(capsys, "3.1", [98, 99])


def test_of_a_dictionary_the_wrong_entries_are_named(capsys):
    right = ALL["8.3"].answer()
    assert "the entry for 'dw' is wrong" in told(capsys, "8.3", right | {"dw": (4, 3, 2, 3)})
    short = {key: right[key] for key in ("w", "b", "y")}
    assert "the entries for 'dw', 'dx' are wrong" in told(capsys, "8.3", short)
    assert "'dz' is no key of the answer" in told(capsys, "8.3", right | {"dz": 1})
    assert "give a dictionary" in told(capsys, "8.3", [1, 2])


# ------------------------------------------------------------------ hints and progress
def test_hints_come_one_more_at_a_time(capsys):
    hints = exercise("5.6").hints
    for shown in (1, 2, 3, 3):
        hint("5.6")
        words = " ".join(capsys.readouterr().out.split())
        assert [text in words for text in hints] == [n < shown for n in range(3)]


def test_progress_is_kept_and_shown(capsys, own_progress):
    check("5.5", (3, 0))
    check("5.5", (4, 2))  # solved it stays
    check("5.1", ...)
    hint("5.2")
    assert json.loads(own_progress.read_text()) == {"solved": ["5.5"], "hints": {"5.2": 1}}
    capsys.readouterr()
    progress()
    line = next(x for x in capsys.readouterr().out.splitlines() if x.startswith("chapter  5"))
    assert "1 of 6" in line and "5.5*" in line and "5.1 " in line


@pytest.mark.parametrize("store_history", [True, False])
@pytest.mark.parametrize("cell,solved", [("# Solution 5.5\ncheck('5.5', (3, 0))", []),
                                         ("check('5.5', (3, 0))  # Solution", ["5.5"])])
def test_a_solution_of_the_book_does_not_count(cell, solved, store_history):
    shell = InteractiveShell()
    shell.run_cell("from course.exercises import check")
    assert shell.run_cell(cell, store_history=store_history).success
    assert record.load()["solved"] == solved


@pytest.mark.parametrize("content", [
    "{", "[]", '{"solved": 3, "hints": {}}', "null", '{"solved": [[1]], "hints": {}}'])
def test_an_unreadable_file_is_kept_aside(content, own_progress):
    own_progress.parent.mkdir()
    own_progress.write_text(content)
    record.solve("5.1")
    assert own_progress.with_name("progress.json.unreadable").read_text() == content
    assert json.loads(own_progress.read_text())["solved"] == ["5.1"]
    own_progress.write_text("again")
    record.solve("5.2")
    assert own_progress.with_name("progress.json.unreadable").read_text() == content
    assert own_progress.with_name("progress.json.unreadable1").read_text() == "again"


def test_a_file_saved_by_another_editor_is_read(own_progress):
    own_progress.parent.mkdir()
    own_progress.write_text('{"solved": ["5.1"], "hints": {}}', encoding="utf-8-sig")
    record.solve("5.2")
    assert json.loads(own_progress.read_text())["solved"] == ["5.1", "5.2"]


def test_a_folder_in_the_files_place_is_left_alone_and_hints_go_on(capsys, own_progress):
    own_progress.mkdir(parents=True)
    for shown in (1, 2):
        hint("5.6")
        assert f"hint {shown} of" in capsys.readouterr().out
    assert list(own_progress.parent.iterdir()) == [own_progress]


def test_a_place_that_cannot_be_written_stops_nobody(capsys, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FLIPPED_KERNEL_PROGRESS", str(tmp_path / "file" / "progress.json"))
    check("5.5", (3, 0))
    words = capsys.readouterr().out
    assert "5.5 is right" in words and "could not be saved" in words


def test_the_default_place_is_the_readers_home(monkeypatch):
    monkeypatch.delenv("FLIPPED_KERNEL_PROGRESS")
    assert record.path().parts[-2:] == (".flipped-kernel", "progress.json")


def test_several_arrays_of_unequal_size_may_be_the_answer():
    uneven = Exercise(answer=lambda: (np.ones((2, 3)), np.arange(4)), hints=("a", "b"))
    assert grading.judge(uneven, (np.ones((2, 3)), [0, 1, 2, 3])).right
    for odd in (3, [1, 2, 3], {"dx": 1}, None, (np.ones(2), 1), np.ones((2, 2)), "both"):
        verdict = grading.judge(uneven, odd)
        assert not verdict.right and verdict.message
