"""compare calls a function as judge does, or says what it needs."""

import numpy as np
import pytest

from convlib import conv2d_backward
from course.exercises.chapter_A2 import compare
from course.mistakes import MISTAKES
from tests.course.judged import Foreign, as_class, channels_last, foreign, in_a_dict
from tests.course.test_judge_objects import Layer, with_mistake

ROOMY = {"x": (1, 2, 4, 6), "w": (3, 2, 2, 3)}
RIGHT = "dx: right\ndw: right\ndb: right\n"


def own_default(dy, x, w, stride=2):
    return conv2d_backward(dy, x, w, stride=stride)


def of_the_chapter(dout, x, w, stride=1, pad=0):
    return conv2d_backward(dout, x, w, stride=stride, padding=pad)[:2]


@pytest.mark.parametrize(("backward", "given"), [
    (own_default, {}), (own_default, {"stride": 3}),
    (in_a_dict(conv2d_backward), {"padding": 1, "stride": 2}),
    (in_a_dict(conv2d_backward), {"pad": 1, "strides": 2}),
    (as_class(conv2d_backward), {"padding": (0, 1)}), (Layer, {"padding": 1}),
    (Layer(np.ones((3, 2, 2, 3)), 2), {}), (lambda x, w, dy: conv2d_backward(dy, x, w), {}),
    (foreign(conv2d_backward), {"array": Foreign, "stride": 2}),
    (lambda dy, x, w: conv2d_backward(dy, x, w)[::-1], {})])
def test_it_calls_what_judge_can_call(capsys, backward, given):
    compare(backward, **ROOMY, **given)
    assert capsys.readouterr().out == RIGHT


def test_channels_last_and_parts_that_are_missing(capsys):
    last = channels_last(MISTAKES["remainder_lost"])
    compare(last, x=(1, 4, 6, 2), w=(1, 2, 2, 3), stride=3, layout="NHWC", kernel="HWIO")
    assert capsys.readouterr().out == (
        "dx: shape (1, 4, 5, 2), and should be (1, 4, 6, 2)\ndw: right\ndb: right\n")
    for by_name in ({"padding": 1}, {"pad": 1}):
        compare(of_the_chapter, **ROOMY, **by_name)
        assert capsys.readouterr().out == "dx: right\ndw: right\ndb: not returned\n"
    compare(with_mistake(Layer, "no_flip"), x=(1, 1, 1, 3), w=(1, 1, 1, 2))
    assert "dx: 3 of 3 entries are wrong, the first at [0, 0, 0, 0]" in capsys.readouterr().out


@pytest.mark.parametrize(("backward", "given", "words"), [
    (of_the_chapter, {**ROOMY, "dilation": 2}, "of_the_chapter takes no dilation"),
    (of_the_chapter, {**ROOMY, "border": 2}, "options are stride, padding, dilation, groups, not"),
    (lambda dy, x, w: x[:, :, 0, 0], {"x": (3, 5), "w": (2, 2)},
     r"it takes four axes, give x=\(1, 1, 3, 5\) and w=\(1, 1, 2, 2\)"),
    (of_the_chapter, {"x": (1, 4, 6, 2), "w": (2, 3, 2, 3)}, 'say layout="NHWC"'),
    (of_the_chapter, {"x": (3, 5), "w": (1, 1, 2, 2)}, "four axes, .N, C, H, W., and w four"),
    (Layer(np.ones((1, 1, 1, 2))), ROOMY, r"holds a kernel of shape \(1, 1, 1, 2\), and w is"),
    (Layer(np.ones((3, 2, 2, 3))), {**ROOMY, "stride": 2}, "Layer takes no stride")])
def test_it_says_what_it_needs(backward, given, words):
    with pytest.raises(ValueError, match=words):
        compare(backward, **given)
