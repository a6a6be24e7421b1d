"""Answers as data: what is judged after the journey is what was given before it."""

import json

import numpy as np
import pytest
import sympy as sp

from course.class_grades.judge_answers import verdicts, words
from course.class_grades.plain import Unknown, from_plain, to_plain
from course.class_grades.run_notebook import answered
from course.exercises import all_exercises, exercise
from course.exercises.grading import judge

k, m = sp.symbols("k m", integer=True)
SEVERAL = [
    sp.Max(0, k - m + 1), sp.Float("0.1") * sp.tanh(k) ** 2, sp.KroneckerDelta(k, m), k < 3,
    sp.Piecewise((1, k < 3), (0, True)), sp.Function("f")(k), sp.Indexed("x", k), sp.true, sp.pi,
    sp.Sum(sp.Indexed("x", k), (k, 0, 3)), (1, 2.5, "word", None), [True, {"a": {(1, 2)}}],
    np.array([[1, 2], [3, 4]]), np.array([k, 2 * m]), np.array(7), 1 + 2j, sp.Rational(1, 3), set()]


def travelled(number, answer):
    """What the table says of an answer, after it was written down and read again."""
    record = {"number": number, **answered(exercise(number), answer)}
    return words(number, json.loads(json.dumps(record)))


@pytest.mark.parametrize("number", all_exercises())
def test_every_right_answer_and_every_known_mistake_is_told_in_the_table(number):
    asked = exercise(number)
    assert travelled(number, asked.answer()) == "right"
    for mistake in asked.wrong.values():
        assert travelled(number, mistake()) == judge(asked, mistake()).message


@pytest.mark.parametrize("value", SEVERAL, ids=str)
def test_a_value_comes_back_as_it_was(value):
    back = from_plain(json.loads(json.dumps(to_plain(value))))
    assert type(back) is type(value) or np.ndim(value) == 0
    assert np.array_equal(back, value) if isinstance(value, np.ndarray) else back == value


def test_what_is_no_data_comes_back_as_words_only():
    class Odd:
        def __repr__(self):
            raise SystemExit

    assert isinstance(from_plain(to_plain(Odd())), Unknown)
    assert travelled("1.2", object()) == judge(exercise("1.2"), object()).message
    assert "<object>" in travelled("1.2", object())  # not where it lies: a re-run says the same
    assert travelled("1.2", print) == judge(exercise("1.2"), print).message
    assert travelled("1.1", iter(int, 1)) == judge(exercise("1.1"), iter(int, 1)).message


def test_a_function_that_raises_or_returns_nothing():
    assert travelled("5.6", lambda dy, x, w, padding: None) == ""
    one = lambda dy: 1  # noqa: E731
    assert travelled("5.6", one) == judge(exercise("5.6"), one).message
    assert "KeyError: 3" in travelled("5.6", lambda *args, **options: {}[3])
    assert travelled("5.6", 3) == "hand in the function itself, not 3"


@pytest.mark.parametrize("text", [
    "__import__('os').system('true')", "Integer.__mro__", "Add('1+1')", "sympify('1+1')",
    "lambdify(1, 2)", "Symbol('x').subs", "[1]", "'text'", "Symbol("])
def test_no_text_is_run_to_build_an_expression(text):
    assert isinstance(from_plain({"expression": text}), Unknown)


def test_records_that_a_hand_in_wrote_itself_do_no_harm():
    lines = [b"[" * 5000, b"{}", b'{"number": "9.9", "value": 1}', b"\xff", b'{"cell": "x"}',
             b'{"number": "1.2", "value": {"set": [{"list": []}]}}',
             b'{"number": "5.6", "called": [{"value": 1}]}', b'{"number": "1.1", "called": 7}']
    said = verdicts(lines)
    assert "right" not in said["grades"].values() and not said["ended"] and said["failed"] == []


def test_the_last_answer_counts_and_a_cell_that_waits_takes_nothing_back():
    right, wrong = (json.dumps({"number": "1.1", "value": {"list": v}}).encode()
                    for v in ([123, 235], [1, 2]))
    waits = b'{"number": "1.1"}'
    assert verdicts([waits, wrong, right, waits])["grades"] == {"1.1": "right"}
    assert verdicts([right, wrong])["grades"]["1.1"] not in ("", "right")
    assert verdicts([waits])["grades"] == {"1.1": ""}
