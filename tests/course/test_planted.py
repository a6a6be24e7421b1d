"""The planted gradients of appendix A2: each can be told apart from its neighbours."""

from pathlib import Path

import numpy as np
import pytest

from convlib import conv2d, conv2d_backward
from course.exercises.chapter_A2 import EXERCISES, compare, planted
from course.exercises.grading import judge
from course.mistakes import MISTAKES

CASES = {"A2.1": ((1, 4), (1, 2), {"stride": (1, 3)}), "A2.2": ((4, 3, 4), (2, 2, 2, 2),
         {"groups": 2}), "A2.3": ((3, 6), (2, 2), {})}


@pytest.mark.parametrize("number", CASES)
def test_a_plant_is_what_it_is_and_hides_it(number):
    backward = planted(int(number[-1]))
    assert EXERCISES[number].answer() not in (backward.__name__, str(backward.__doc__))
    x_shape, w_shape, options = CASES[number]
    rng = np.random.default_rng(1)
    x, w = rng.integers(1, 10, x_shape), rng.integers(1, 10, w_shape)
    dy = rng.integers(1, 10, conv2d(x, w, **options).shape)
    found, right = backward(dy, x, w, **options), conv2d_backward(dy, x, w, **options)
    assert any(not np.array_equal(*pair) for pair in zip(found, right, strict=True))
    for other in (f for f in MISTAKES.values() if f.replaces == "conv"):  # no other gives the same
        if other.__name__ != EXERCISES[number].answer():
            assert any(not np.array_equal(*pair) for pair in zip(
                found, other(dy, x, w, **options), strict=True)), other.__name__


STEP_2 = {  # what the chapter says to look for, by what is wrong
    ("dx",): "a flip, padding cut off wrongly, overlapping windows (`=` for `+=`), leftover "
             "inputs, groups, or a wrong index where $dx$ is written",
    ("dw",): "a flip, leftover inputs, a sum over the wrong axes (channels, groups, images) or a "
             "wrong factor",
    ("db",): "only $db$ | the axes of its sum, or a factor",
    ("dx", "dw"): "$dx$ and $dw$ | the index formula",
    ("dw", "db"): "the sum over the images, which may be missing or a mean",
    ("dx", "dw", "db"): "all three, by the same factor | $dy$"}


def _wrong_parts(backward, x_shape, w_shape, options):
    """The parts of the gradient that come out wrong."""
    rng = np.random.default_rng(1)
    x, w = rng.integers(1, 10, x_shape), rng.integers(1, 10, w_shape)
    dy = rng.integers(1, 10, conv2d(x, w, **options).shape)
    right, found = (f(dy, x, w, **options) for f in (conv2d_backward, backward))
    return tuple(part for part, a, b in zip(right._fields, right, found, strict=True)
                 if not np.array_equal(a, b))


@pytest.mark.parametrize(("number", "clue"), [
    ("A2.1", "leftover inputs"), ("A2.2", "groups"), ("A2.3", "index formula")])
def test_the_second_step_of_the_diagnosis_leads_to_the_plant(number, clue):
    text = Path("chapters/A2_bugs_in_the_wild.ipynb").read_text(encoding="utf-8")
    assert all(words in text for words in STEP_2.values())
    assert clue in STEP_2[_wrong_parts(planted(int(number[-1])), *CASES[number])]


def test_the_example_of_the_appendix_shows_with_a_stride_and_leads_to_the_index_formula():
    assert not _wrong_parts(planted(0), (3, 5), (2, 2), {})
    assert "index formula" in STEP_2[_wrong_parts(planted(0), (3, 5), (2, 2), {"stride": 2})]
    assert "stride" not in planted(0).__name__ + str(planted(0).__doc__)


def _mean_of_images(dy, x, w, **options):
    right = conv2d_backward(dy, x, w, **options)
    return right._replace(dw=right.dw / len(x), db=right.db / len(x))


def _mean_twice(dy, x, w, **options):
    return conv2d_backward(dy / len(x), x, w, **options)


@pytest.mark.parametrize(("backward", "clue"), [
    (MISTAKES["groups_lost_when_strided"], "groups"), (_mean_of_images, "sum over the images"),
    (MISTAKES["bias_over_wrong_axes"], "axes of its sum"), (_mean_twice, "by the same factor")])
def test_the_second_step_finds_what_is_not_planted(backward, clue):
    case = (2, 4, 5, 7), (4, 2, 2, 3), {"groups": 2, "stride": 2}
    assert clue in STEP_2[_wrong_parts(backward, *case)]


def test_what_a2_4_says_to_the_function_of_the_chapter_and_to_its_cure():
    exercise = EXERCISES["A2.4"]
    for message, wrong in exercise.wrong.items():
        assert judge(exercise, wrong()) == (False, message)
    assert judge(exercise, exercise.answer()).right
    assert not judge(exercise, lambda dout, x, w, stride=1, pad=0: (x, w)).right


def test_compare_says_shapes_entries_and_what_is_right(capsys):
    compare(planted(1), (1, 4), (1, 2), stride=(1, 3))
    assert capsys.readouterr().out.startswith("dx: 4 of 4 entries are wrong, the first at [0, 0]")
    compare(MISTAKES["remainder_lost"], (1, 4), (1, 2), stride=(1, 3))
    assert capsys.readouterr().out == (
        "dx: shape (1, 2), and should be (1, 4)\ndw: right\ndb: right\n")
