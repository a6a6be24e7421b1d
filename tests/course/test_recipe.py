"""The recipe of appendix A: layers that follow it show every mistake, and each item is needed."""

from collections.abc import Iterator

import numpy as np
import pytest

from convlib import conv2d_backward
from convlib.geometry import Geometry
from course.mistakes import MISTAKES

TOGETHER = ((2, 4, 8, 10), (6, 2, 2, 3), {
    "stride": (2, 4), "padding": ((2, 1), (1, 0)), "dilation": (3, 2), "groups": 2})
BARE = ((2, 4, 8, 10), (6, 4, 2, 3), {})


def caught(name, cases):
    """Does a comparison of every entry show this mistake in one of the cases?"""
    rng = np.random.default_rng(0)
    for x_shape, w_shape, options in cases:
        y_shape = Geometry.of(x_shape, w_shape, **options).y_shape
        x, w, dy = (rng.integers(1, 1000, shape) for shape in (x_shape, w_shape, y_shape))
        right = conv2d_backward(dy, x, w, **options)
        if not all(map(np.array_equal, MISTAKES[name](dy, x, w, **options), right)):
            return True
    return False


def recipes(draws: int) -> Iterator[tuple]:
    """Random layers that do what the recipe says, each with and without options."""
    rng = np.random.default_rng(1)
    while draws:
        images, groups = rng.integers(2, 4, 2).tolist()
        channels, filters = (groups * rng.integers(2, 4, 2)).tolist()
        H, W, R, S = (*rng.integers(6, 17, 2).tolist(), *rng.integers(2, 5, 2).tolist())
        stride, dilation = (*rng.integers(2, 5, 2).tolist(),)
        top, bottom, left = rng.integers(0, 4, 3).tolist()
        options = {"stride": (stride, 4), "dilation": (dilation, 2), "groups": groups,
                   "padding": ((top, bottom), (left, 0))}
        unequal = ((channels, filters), (H, W), (R, S), (stride, dilation), (top, bottom),
                   (left, 0))
        fits = H + top + bottom > dilation * (R - 1) and W + left > 2 * (S - 1)
        if any(a == b for a, b in unequal) or not fits or H - R >= W - S:
            continue
        x_shape, w_shape = (images, channels, H, W), (filters, channels // groups, R, S)
        rows, columns = Geometry.of(x_shape, w_shape, **options).axes
        last = rows.read_by(rows.out - 1, R - 1)
        if (columns.padded - columns.span) % 4 == 2 and bottom and last < H:
            draws -= 1
            yield ((x_shape, w_shape, options), (x_shape, (filters, channels, R, S), {}))


def test_every_layer_that_follows_the_recipe_shows_every_mistake():
    for cases in recipes(40):
        for name, wrong in MISTAKES.items():
            assert wrong.replaces != "conv" or caught(name, cases), (name, cases)


def but(x=TOGETHER[0], w=TOGETHER[1], bare=BARE, **options):
    """The recipe with something changed."""
    return (x, w, {**TOGETHER[2], **options}), bare


@pytest.mark.parametrize("name, cases", [
    ("last_image_only", but((1, 4, 8, 10), bare=((1, 4, 8, 10), *BARE[1:]))),
    ("groups_interleaved", but((2, 2, 8, 10), (6, 1, 2, 3))),
    ("one_filter_only", but(w=(2, 2, 2, 3), bare=(BARE[0], (1, 4, 2, 3), {}))),
    ("stride_and_dilation_swapped", but(dilation=(2, 4))),
    ("groups_lost_when_strided", (*but(groups=1, w=(6, 4, 2, 3)), but(stride=1)[0])),
    ("remainder_at_most_one", but((2, 4, 8, 9))),
    ("zeros_after_last", but(padding=((2, 1), (1, 1)))),
    ("dw_over_remainder", but((2, 4, 8, 12), dilation=(3, 3))),
    ("end_taken_for_padding", but((2, 4, 9, 10))),
    ("height_in_both_loops", but(bare=((2, 4, 9, 10), *BARE[1:]))),
    ("height_in_both_loops", but()[:1]),
    ("crop_by_minus_zero", but(padding=((2, 1), (1, 2)))[:1])])
def test_each_item_of_the_recipe_is_needed(name, cases):
    assert caught(name, but())
    assert not caught(name, cases)
