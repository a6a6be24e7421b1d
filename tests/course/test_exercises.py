"""Every exercise knows its answer and its mistakes, and check says what is right and what not."""

import sys
from itertools import count

import numpy as np
import pytest
import sympy as sp

from convlib import conv1d_backward, conv2d, conv2d_backward
from course import exercises
from course.exercises import chapter_A, check, exercise, grading, hint, same
from course.exercises.differences import short
from course.exercises.equivalence import MAX_ENTRIES
from course.exercises.exercise import Exercise
from course.mistakes import MISTAKES, diagnosis

ALL = exercises.all_exercises()
X = sp.Symbol("x")


def asking(right, **more):
    """An exercise with this answer."""
    return Exercise(answer=lambda: right, hints=("a", "b"), why="So it is.", **more)


def message(right, answer, **more):
    """What is said to a wrong answer."""
    verdict = grading.judge(asking(right, **more), answer)
    assert not verdict.right
    return verdict.message


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
            x, w = rng.integers(1, 10, (4, 6)), rng.integers(1, 10, (2, 3))
            dy = rng.integers(1, 10, conv2d(x, w, padding=padding).shape)
            right = conv2d_backward(dy, x, w, padding=padding)
            if not same(MISTAKES[name](dy, x, w, padding=padding), right):
                return True
        return False

    told = set(ALL["5.6"].wrong)
    seen = {name for name, f in MISTAKES.items() if f.replaces == "conv" and of_one_channel(name)}
    seen.remove("windows_overwrite")  # with one filter it is assign_for_add, which is told
    assert told == {diagnosis(name) for name in seen} > {diagnosis("negative_index")}


def test_with_one_filter_two_mistakes_are_the_same_and_either_name_is_right(capsys):
    both = [MISTAKES[name](dy, x, w).dx for name in ("assign_for_add", "windows_overwrite")
            for dy, x, w in [(np.array([[1, 2], [3, 4]]), np.ones((3, 3)), np.ones((2, 2)))]]
    assert np.array_equal(*both)
    for name in ("assign_for_add", "windows_overwrite"):
        assert "A.2 is right." in told(capsys, "A.2", name)
    assert "A.2 is not right" in told(capsys, "A.2", "wrong_loop_index")


# ------------------------------------------------------------------ what is told
def told(capsys, number, answer):
    check(number, answer)
    return " ".join(capsys.readouterr().out.split())


def test_check_waits_tells_and_confirms(capsys):
    assert told(capsys, "5.5", ...) == "5.5 is waiting for your answer."
    assert told(capsys, "5.5", (3, 0)).startswith("5.5 is right. The forward padding")
    wrong = told(capsys, "5.5", (4, 2))
    assert wrong == ('5.5 is not right yet: these are the zeros without forward padding. '
                     'hint("5.5") gives a hint.')
    assert "1 of 2 entries differ, the first at [1]" in told(capsys, "5.5", (3, 9))
    assert "the shape is (3,), and should be (2,)" in told(capsys, "5.5", (3, 0, 0))


def test_a_number_without_quotes_is_found(capsys):
    assert told(capsys, 5.5, (3, 0)).startswith("5.5 is right.")
    assert told(capsys, np.float64(5.5), (3, 0)).startswith("5.5 is right.")
    assert told(capsys, " 5.5 ", 3).endswith('hint("5.5") gives a hint.')


@pytest.mark.parametrize("number, shown", [
    ("5.9", "'5.9'; chapter 5 has 5.1, "), ("99.1", "'99.1'; no such chapter"), ("x", "'x'; no"),
    ("../5.1", "'../5.1'; no"), (5, "'5'; chapter 5 has 5.1"), ("a" * 10**6, "'aaaaaa"),
    (10**5000, "'<int"), (None, "'None'; no"), ([1], ""), ("", "''; no"),
    ("²", "'²'; no"), ("5.\0", "; chapter 5 has"), ("exercise", "'exercise'; no")], ids=short)
def test_an_unknown_exercise_says_which_there_are(number, shown):
    for ask in lambda: check(number, 1), lambda: hint(number), lambda: exercise(number):
        with pytest.raises(ValueError, match=r"^there is no exercise ") as raised:
            ask()
        assert shown in str(raised.value) and len(str(raised.value)) < 200


@pytest.mark.parametrize("right, answer, words", [
    ((3, 0), "three", "'three' cannot be compared with an array of shape (2,)"),
    ((3, 0), {"a": 1}, "{'a': 1} cannot be compared with an array of shape (2,)"),
    ((3, 0), print, "this is a function; call it, and hand in what it returns"),
    ((3, 0), object, "this is a function; call it, and hand in what it returns"),
    ((3, 0), [[1], [2, 3]], "[[1], [2, 3]] cannot be compared with an array of shape (2,)"),
    ((3, 0), [[3, 0]], "the shape is (1, 2), and should be (2,)"),
    ((3, 0), (), "the shape is (0,), and should be (2,)"),
    ((3, 0), 3, "the shape is (), and should be (2,)"),
    ((3, 0), ("a", 0), "('a', 0) cannot be compared with an array of shape (2,)"),
    (np.eye(2), np.ones((2, 2)), "2 of 4 entries differ, the first at [0, 1]"),
    (np.eye(2), [(1, 0), [0, np.array(2)]], "1 of 4 entries differ, the first at [1, 1]"),
    (7, 8, "this number is too large"), (7, np.array(6.5), "this number is too small"),
    (7, 10**5000, "this number is too large"), (7, float("nan"), "this is wrong"),
    (7, 7j, "this is wrong"), (7, sp.Integer(9), "this number is too large"),
    (True, 0, "this is wrong"), (X + 1, X, "this is wrong"),
    (7, [7], "the shape is (1,), and should be ()"),
    (7, "seven", "'seven' cannot be compared with a number or an expression"),
    ("flip", "no flip", "this word is wrong"), ("flip", 3, "the answer is a word"),
    ({1, 2}, 3, "3 cannot be compared with a set"), ({1, 2}, {1}, "1 is missing"),
    ({1, 2}, {1: 2}, "{1: 2} cannot be compared with a set"),
    ({1, 2, 3}, {1, 2, 3, 4}, "1 of your 4 members is wrong"),
    ({1, 2, 3}, [1, 2, 9], "1 of your 3 members is wrong and 1 is missing"),
    ({1, 2, 3}, {8, 9}, "2 of your 2 members are wrong and 3 are missing"),
    (([0], [2]), ([1], [2]), "part 1 of your answer is wrong, the rest is right"),
    ((7, [0], [1, 2, 3]), (7, [0, 3], [2, 1]), "parts 2 and 3 of your answer are wrong"),
    ((7, [0], [1, 2, 3]), (8, [1], [3]), "parts 1, 2 and 3 of your answer are wrong"),
    ((7, [0], [1, 2, 3]), 7, "give 3 parts"), ((7, "x"), (7, "y", "x"), "give 2 parts"),
    ((np.eye(2), np.ones(3)), (np.eye(2), np.zeros(3)),
     "part 2 of your answer is wrong, the rest is right"),
    ((361, "x"), (361, "w"), "part 2 of your answer is wrong, the rest is right"),
    ({"w": (4, 3), "b": 4}, {"w": (4, 2), "b": 4}, "the entry for 'w' is wrong"),
    ({"w": (4, 3), "b": 4}, {"w": (4, 2)}, "the entries for 'w', 'b' are wrong"),
    ({"w": (4, 3), "b": 4}, {"dz": 1}, "'dz' is no key of the answer; they are 'w', 'b'"),
    ({"w": (4, 3), "b": 4}, [1, 2], "give a dictionary with the keys 'w', 'b'"),
], ids=short)
def test_what_is_said_to_a_wrong_answer(right, answer, words):
    assert message(right, answer) == words


def test_an_entry_that_is_right_when_rounded_is_no_difference():
    assert message((2 / 3, 1.5), (0.667, 1.6), digits=3) == \
        "1 of 2 entries differ, the first at [1]"
    assert message((2 / 3, [1.5]), (0.667, [1.6]), digits=3) == \
        "part 2 of your answer is wrong, the rest is right"
    assert message({"a": 2 / 3, "b": 1}, {"a": 0.667, "b": 2}, digits=3) == \
        "the entry for 'b' is wrong"


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
    assert "dx: " in words
    assert "db: this number is too large, for dy (3, 3), x (4, 5)" in words
    assert "dw:" not in words
    # 2 of 4 entries off, and where
    off = backward_with(dw=lambda dy, x, w, g: g.dw + np.eye(*g.dw.shape, dtype=int))
    assert "dw: 2 of 6 entries differ, the first at [0, 0], for dy" in told(capsys, "5.6", off)


@pytest.mark.parametrize("number, backward", [("5.6", conv2d_backward), ("11.7", conv1d_backward)])
def test_a_capstone_refuses_gradients_of_the_type_of_the_input(number, backward, capsys):
    """np.zeros_like(x) holds integers, which lose the fractions of a dy that comes from a loss."""
    def rounded(dy, x, w, **options):
        grads = backward(dy, x, w, **options)
        return grads._replace(dx=grads.dx.astype(x.dtype), dw=grads.dw.astype(w.dtype))

    words = told(capsys, number, rounded)
    assert "dx: " in words and "dw: " in words and "db: " not in words


def test_a_function_that_fails_or_is_empty(capsys):
    def fails(dy, x, w, padding=0):
        return x[99]

    assert "it raised IndexError: index 99 is out" in told(capsys, "5.6", fails)
    assert "hand in the function itself, not 3" in told(capsys, "5.6", 3)
    assert "is waiting" in told(capsys, "5.6", lambda *args, **options: None)
    for answer in (7, {"dx": 1}, "dx", (1, 2, 3, 4), {0: 1, 1: 2, 2: 3}, (1, 2)):
        words = told(capsys, "5.6", lambda *args, answer=answer, **options: answer)
        assert "return the 3 arrays dx, dw, db" in words


@pytest.mark.parametrize("ends, words", [
    (lambda: sys.exit(), "it raised SystemExit"), (lambda: sys.exit("done"), "SystemExit: done"),
    (lambda: {}["key"], "it raised KeyError: 'key'"),
    (lambda: [][10**9], "it raised IndexError: list index out of range"),
    (lambda: exec("1 +"), "it raised SyntaxError: invalid syntax"),
    (lambda: int("a" * 10**6), "it raised ValueError: invalid literal for int"),
    (lambda: count(), f"this gives more than {MAX_ENTRIES:,} entries"),
    (lambda: (1 / 0 for _ in range(3)), "it raised ZeroDivisionError: division by zero")])
def test_however_a_function_ends_it_is_said_in_words(ends, words, capsys):
    said = told(capsys, "5.6", lambda *args, **options: ends())
    assert words in said and "for dy (2, 3), x (4, 5), w (3, 3)" not in said and len(said) < 400
    assert ", for dy (3, 3), x (4, 5), w (2, 3), padding=0." in said


def test_an_interrupt_reaches_the_reader():
    def interrupted(*args, **options):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check("5.6", interrupted)


def test_a_function_cannot_spoil_the_cases(capsys):
    def greedy(dy, x, w, padding=0):
        grads = conv2d_backward(dy, x, w, padding=padding)
        for array in (dy, x, w):
            array[:] = 0
        return grads

    assert "5.6 is right" in told(capsys, "5.6", greedy)


def test_the_layer_s_gradients_are_not_of_the_type_of_its_arrays(capsys):
    """Zeros like an integer w lose the fractions of a dy that comes from a loss."""
    def rounded(dy, x, w, padding=0):
        grads = conv2d_backward(dy, x, w, padding=padding)
        return grads._replace(dx=grads.dx.astype(x.dtype), dw=grads.dw.astype(w.dtype))

    words = told(capsys, "8.6", rounded)
    assert "dx: " in words and "dw: " in words and "db: " not in words


def test_a_function_of_one_result_is_diagnosed():
    def shifted(n):
        return n + 1

    asked = Exercise(answer=lambda: (lambda n: 2 * n), wrong={"plus": lambda: shifted},
                     hints=("a", "b"), cases=lambda: [((1,), {}), ((3,), {})])
    assert grading.judge(asked, lambda n: n + n).right
    assert grading.judge(asked, lambda n: 1 + n).message == "plus"
    assert grading.judge(asked, lambda n: n).message == "this number is too small, for n=1"


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_what_the_mistake_lab_shows_is_spoilt_and_has_the_right_shape(n):
    right = conv2d_backward(chapter_A.DY, chapter_A.X, chapter_A.W)
    shown, part = chapter_A.specimen(n), right.dw if n == 4 else right.dx
    assert shown.shape == part.shape and not np.array_equal(shown, part)
