"""judge names every mistake through every interface, and passes what is right."""

import numpy as np
import pytest

from convlib import avg_pool2d_backward, conv2d_backward, max_pool2d_backward, relu_backward
from course import judge
from course.judging.comparison import mistaken
from course.judging.layers import LAYERS, cases
from course.mistakes import MISTAKES, diagnosis
from tests.course.judged import (
    Foreign,
    as_class,
    by_fourier,
    by_matrix,
    by_scatter,
    channels_last,
    foreign,
    in_a_dict,
    only,
)

CONV = [name for name, mistake in MISTAKES.items() if mistake.replaces == "conv"]
ADAPTERS = {  # how the function is wrapped, and what judge is told
    "as it is": (lambda mistake: mistake, {}),
    "channels last": (channels_last, {"layout": "NHWC"}),
    "channels last, not said": (channels_last, {}),
    "foreign arrays": (foreign, {"array": Foreign}),
    "a dict": (in_a_dict, {}),
    "a class": (as_class, {}),
    "dx only": (only("dx"), {}),
    "dw only": (only("dw"), {}),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named(name):
    mistake = MISTAKES[name]
    found = judge(mistake, mistake.replaces)
    assert found.mistakes == dict.fromkeys(sorted(mistake.parts, key="dx dw db".index), (name,))
    assert {*found.faults} == mistake.parts and not found
    assert diagnosis(name) in found.text and "case: x (" in found.text.replace("smallest", "case")


@pytest.mark.parametrize(("adapter", "name", "isolated"), [
    *((adapter, name, False) for name in CONV for adapter in ADAPTERS),
    *((adapter, name, True) for name in ("no_flip", "dw_flipped") for adapter in ADAPTERS)])
def test_a_mistake_is_named_through(adapter, name, isolated):
    """All of them in this process, for a process of their own takes three times as long."""
    wrap, told = ADAPTERS[adapter]
    parts = MISTAKES[name].parts & {adapter[:2]} if "only" in adapter else MISTAKES[name].parts
    found = judge(wrap(MISTAKES[name]), isolated=isolated, **told)
    assert ("in this process" in found.text) is not isolated
    assert {part for part, names in found.mistakes.items() if names == (name,)} == parts
    assert found.right == (not parts)


@pytest.mark.parametrize(("layer", "right"), [
    ("conv", conv2d_backward), ("conv", by_scatter), ("conv", by_matrix), ("conv", by_fourier),
    ("relu", relu_backward), ("relu", lambda grad, x: np.where(x > 0, grad, 0)),
    ("max_pool", max_pool2d_backward), ("avg_pool", avg_pool2d_backward)],
    ids=lambda value: getattr(value, "__name__", value))
def test_what_is_right_passes(layer, right):
    found = judge(right, layer)
    assert found.right, found.text
    assert found.tried >= 3 and found.example == {} and "right." in repr(found)


@pytest.mark.parametrize("layout", ["CHW", "HWC", "HW", "WH", "NCW", "NWC", "CW", "W"])
def test_other_axes(layout):
    """With its axes in another order the right function stays right, and the wrong one wrong."""
    order = "NCHW" if "H" in layout else "NCW"
    order = "".join(axis for axis in order if axis in layout)
    kernel = order.translate({ord("C"): "I"}).replace("N", "")
    kernel = "O" * ("C" in layout) + kernel

    def of(mistake):
        def backward(dy, x, w, **options):
            there = [layout.index(axis) for axis in order]
            back = [order.index(axis) for axis in layout]
            found = mistake(dy.transpose(there), x.transpose(there), w, **options)
            return found[0].transpose(back), found[1]
        return backward

    assert judge(of(lambda *a, **o: LAYERS["conv"].right(*a, **o)), layout=layout, kernel=kernel)
    found = judge(of(MISTAKES["no_flip"]), layout=layout, kernel=kernel)
    assert "no_flip" in found.mistakes["dx"] and "dw" not in found.faults


def test_every_layer_of_the_catalogue_can_be_judged():
    assert {mistake.replaces for mistake in MISTAKES.values()} <= {*LAYERS}


def test_the_cases_are_not_symmetric_and_smallest_first():
    sizes = [case.arrays["dy"].size * case.arrays["w"][0].size for case in cases("conv", "NCHW")]
    assert sizes == sorted(sizes)
    for name in CONV:  # each shows in several cases, not in one by luck
        answers = mistaken(name, cases("conv", "NCHW"))
        for part in MISTAKES[name].parts:
            wrong = sum(answer is not None and not np.array_equal(answer[part], case.right[part])
                        for answer, case in zip(answers, cases("conv", "NCHW"), strict=True))
            assert wrong >= 2, name
