"""Each deliberate mistake is wrong where its name says so, and only there."""

import numpy as np
import pytest

from convlib import conv2d, conv2d_backward, mistakes
from convlib.conv import backward
from convlib.mistakes import MISTAKES

RNG = np.random.default_rng(0)
EVERYTHING = {"stride": (2, 3), "padding": ((1, 2), (2, 1)), "dilation": (2, 3), "groups": 2}
TOUCHES = {"no_flip": {"dx"}, "one_axis_flip": {"dx"}, "stride_dropped": {"dx", "dw"},
           "dilation_off_by_one": {"dx", "dw"}, "assign_for_add": {"dx"}, "remainder_lost": {"dx"},
           "groups_swapped": {"dx", "dw"}, "padding_one_sided": {"dx", "dw"},
           "bias_over_wrong_axes": {"db"}}
INVISIBLE = {  # where nobody can see it
    "no_flip": {"w": np.array([[1, 2, 3], [3, 2, 1]])},
    "one_axis_flip": {"w": np.array([[1, 2, 1], [5, 7, 5]])},
    "stride_dropped": {"padding": 1}, "dilation_off_by_one": {"stride": 2},
    "assign_for_add": {"stride": (2, 3)}, "remainder_lost": {"stride": (2, 1), "padding": (0, 1)},
    "groups_swapped": {"padding": 1}, "padding_one_sided": {"padding": ((2, 0), (1, 0))},
}


def wrong_parts(name, x, w, dy, **options):
    right = backward(2, dy, x, w, "auto", **options)
    found = MISTAKES[name](dy, x, w, **options)
    return {part for part in right._fields
            if not np.array_equal(getattr(right, part), getattr(found, part))}


@pytest.mark.parametrize("name", MISTAKES)
def test_it_is_wrong_with_every_option_on(name):
    x, w = RNG.integers(-9, 10, (2, 4, 12, 12)), RNG.integers(-9, 10, (6, 2, 3, 2))
    dy = RNG.integers(-9, 10, conv2d(x, w, **EVERYTHING).shape)
    assert wrong_parts(name, x, w, dy, **EVERYTHING) == TOUCHES[name]


@pytest.mark.parametrize("name", INVISIBLE)
def test_it_cannot_be_seen_everywhere(name):
    options = dict(INVISIBLE[name])
    x, w = RNG.integers(-9, 10, (6, 7)), options.pop("w", RNG.integers(-9, 10, (2, 3)))
    dy = RNG.integers(-9, 10, conv2d(x, w, **options).shape)
    assert wrong_parts(name, x, w, dy, **options) == set()


def test_planting_reaches_every_module_and_knows_its_names(monkeypatch):
    import convlib
    from convlib import checks, conv

    with pytest.raises(ValueError, match="mistake must be one of no_flip, .*, not 'typo'"):
        mistakes.plant("typo")
    for module in (convlib, checks, conv):  # put back what plant changes
        for function in ("conv1d_backward", "conv2d_backward"):
            monkeypatch.setattr(module, function, getattr(module, function))
    monkeypatch.setattr(mistakes.sys, "modules", {"convlib": convlib, "convlib.checks": checks,
                                                  "convlib.conv": conv})
    mistakes.plant("no_flip")
    assert convlib.conv2d_backward is not conv2d_backward is not checks.conv2d_backward
    dx = convlib.conv2d_backward([[1, 2]], [[1, 2, 3]], [[5, 7]]).dx
    assert dx.tolist() == [[7, 19, 10]]  # 5 and 7 in the wrong order
