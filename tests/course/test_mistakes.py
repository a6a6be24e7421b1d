"""Each deliberate mistake is wrong where its name says so, and only there."""

import numpy as np
import pytest

from convlib import (
    avg_pool2d_backward,
    conv1d,
    conv2d,
    conv2d_backward,
    max_pool2d_backward,
    relu_backward,
)
from convlib.conv import backward
from course.mistakes import MISTAKES, catalogue, diagnosis

RNG = np.random.default_rng(0)
EVERYTHING = {"stride": (4, 3), "padding": ((2, 1), (1, 2)), "dilation": (2, 3), "groups": 2}
CONV = [name for name, f in MISTAKES.items() if f.replaces == "conv"]
AT_PADDING_0 = "crop_by_minus_zero", "negative_index", "zeros_after_last"  # padding hides them
INVISIBLE = {  # where nobody can see it
    "turned_into_wrong_shape": {"w": RNG.integers(-9, 10, (3, 3))}, "dw_shuffled": {"padding": 1},
    "padding_not_cropped": {"stride": 2}, "dilation_dropped": {"padding": 1},
    "size_without_dilation": {"stride": 2}, "stride_and_dilation_swapped": {"padding": 1},
    "stride_and_dilation_swapped, both 2": {"stride": 2, "dilation": 2},
    "wrong_loop_index": {"w": RNG.integers(-9, 10, (1, 3))},
    "negative_index": {"w": RNG.integers(-9, 10, (1, 1))},
    "height_for_width": {"w": RNG.integers(-9, 10, (2, 3)), "dilation": (3, 2)},
    "remainder_at_most_one": {"stride": 2}, "remainder_in_front": {"dilation": 2},
    "remainder_shifts_rows": {"stride": (2, 1)}, "zeros_after_last": {"dilation": 2},
    "dw_over_remainder": {"dilation": 2}, "end_taken_for_padding": {"stride": 2},
    "height_in_both_loops": {"w": RNG.integers(-9, 10, (1, 2))},
    "windows_overwrite": {"stride": (2, 3)},
    "groups_interleaved": {"padding": 1}, "groups_lost_when_strided": {"stride": 2},
    "last_image_only": {"padding": 1},
    "no_flip": {"w": np.array([[1, 2, 3], [3, 2, 1]])},
    "one_axis_flip": {"w": np.array([[1, 2, 1], [5, 7, 5]])},
    "other_axis_flip": {"w": np.array([[1, 2, 7], [1, 2, 7]])},
    "transpose_for_rot180": {"w": np.array([[5, 2], [7, 5]])},
    "channels_flipped_too": {"padding": 1}, "one_filter_only": {"padding": 1},
    "channels_summed": {"stride": 2}, "crop_by_minus_zero": {"padding": ((1, 2), (2, 1))},
    "mean_for_sum": {"w": RNG.integers(-9, 10, (6, 7))},
    "stride_dropped": {"padding": 1}, "dilation_off_by_one": {"stride": 2},
    "assign_for_add": {"stride": (2, 3)}, "remainder_lost": {"stride": (2, 1), "padding": (0, 1)},
    "groups_swapped": {"padding": 1}, "padding_one_sided": {"padding": ((2, 0), (1, 0))},
}


def wrong_parts(name, x, w, dy, **options):
    right = backward(2, dy, x, w, "auto", **options)
    found = MISTAKES[name](dy, x, w, **options)
    return {part for part in right._fields
            if not np.array_equal(getattr(right, part), getattr(found, part))}


def test_the_catalogue():
    assert len(MISTAKES) >= 40
    assert len({diagnosis(name) for name in MISTAKES}) == len(MISTAKES)
    assert all(len(diagnosis(name)) > 40 for name in MISTAKES)


@pytest.mark.parametrize("name", CONV)
def test_it_is_wrong_with_every_option_on(name):
    x, w = RNG.integers(-9, 10, (2, 4, 13, 12)), RNG.integers(-9, 10, (6, 2, 3, 2))
    options = EVERYTHING | ({"padding": 0} if name in AT_PADDING_0 else {})
    dy = RNG.integers(-9, 10, conv2d(x, w, **options).shape)
    assert wrong_parts(name, x, w, dy, **options) == MISTAKES[name].parts


@pytest.mark.parametrize("name", CONV)
def test_it_works_on_one_axis_and_on_a_square_kernel(name):
    x, w = RNG.integers(-9, 10, (3, 9)), RNG.integers(-9, 10, (2, 3, 3))
    dy = RNG.integers(-9, 10, conv1d(x, w).shape)
    assert MISTAKES[name](dy, x, w).dw.shape == w.shape
    x, w = RNG.integers(1, 10, (5, 6)), RNG.integers(1, 10, (3, 3))
    dy = RNG.integers(1, 10, conv2d(x, w).shape)
    assert wrong_parts(name, x, w, dy) <= MISTAKES[name].parts


@pytest.mark.parametrize("case", INVISIBLE)
def test_it_cannot_be_seen_everywhere(case):
    name, options = case.split(",")[0], dict(INVISIBLE[case])
    x, w = RNG.integers(-9, 10, (6, 7)), options.pop("w", RNG.integers(-9, 10, (2, 3)))
    dy = RNG.integers(-9, 10, conv2d(x, w, **options).shape)
    assert wrong_parts(name, x, w, dy, **options) == set()


def test_each_option_of_a_group_alone_hides_a_mistake_in_both():
    x, w = RNG.integers(1, 10, (4, 6)), RNG.integers(1, 10, (4, 2, 2))
    for options, wrong in (({"groups": 2}, False), ({"groups": 2, "stride": 2}, True)):
        dy = RNG.integers(1, 10, conv1d(x, w, **options).shape)
        right = backward(1, dy, x, w, "auto", **options)
        found = MISTAKES["groups_lost_when_strided"](dy, x, w, **options)
        assert np.array_equal(right.dx, found.dx) is not wrong


def test_a_pool_without_overlap_or_padding_hides_the_mistakes_of_pooling():
    x, dy = np.array([[1, 5, 2, 4]]), np.array([[3, 7]])
    for name, right in (("pool_assigns", max_pool2d_backward),
                        ("pool_divides_by_window", avg_pool2d_backward)):
        assert np.array_equal(MISTAKES[name](dy, x, (1, 2)), right(dy, x, (1, 2)))
    wrong = MISTAKES["pool_assigns"](np.array([[3, 7, 9]]), x, (1, 2), stride=1)
    assert wrong.tolist() == [[0, 7, 0, 9]]  # 5 wins twice, and 3 + 7 should arrive there
    wrong = MISTAKES["pool_divides_by_window"](np.array([[4, 6, 8]]), x, (1, 2), padding=(0, 1),
                                               count_include_pad=False)
    assert wrong.tolist() == [[2, 3, 3, 4]]  # the outer two should be 4 and 8


def test_the_price_of_a_relu_is_not_seen_while_it_is_1():
    x = np.array([3, -1, 2])
    assert MISTAKES["relu_dy_missing"](np.ones(3, int), x).tolist() == [1, 0, 1]
    assert MISTAKES["relu_dy_missing"](np.array([5, 6, 7]), x).tolist() == [1, 0, 1]


def test_the_missing_mask_shows_where_x_is_not_positive():
    x, dy = np.array([[3, -1], [0, 2]]), np.array([[1, 2], [3, 4]])
    assert MISTAKES["relu_mask_missing"](dy, x).tolist() == [[1, 2], [3, 4]]
    assert relu_backward(dy, x).tolist() == [[1, 0], [0, 4]]
    assert np.array_equal(MISTAKES["relu_mask_missing"](dy, np.abs(x) + 1),
                          relu_backward(dy, np.abs(x) + 1))


def test_the_digits_of_a_place_value_kernel_tell_them_apart():
    x, w, dy = np.arange(1, 10).reshape(3, 3), np.array([[1000, 100], [10, 1]]), [[1, 2], [3, 4]]
    middle = {name: MISTAKES[name](np.array(dy), x, w).dx[1, 1] for name in (
        "no_flip", "one_axis_flip", "other_axis_flip", "transpose_for_rot180", "assign_for_add")}
    assert list(middle.values()) == [1234, 3412, 2143, 1324, 4000]
    assert conv2d_backward(dy, x, w).dx[1, 1] == 4321


def test_planting_reaches_every_module_and_knows_its_names(monkeypatch):
    import convlib
    from convlib import checks, conv

    with pytest.raises(ValueError, match=r"mistake must be one of no_flip, .*, not 'typo'"):
        catalogue.plant("typo")
    for module in (convlib, checks, conv):  # put back what plant changes
        for function in ("conv1d_backward", "conv2d_backward"):
            monkeypatch.setattr(module, function, getattr(module, function))
    monkeypatch.setattr(checks, "of_a_module", np.arange(3), raising=False)  # has no ==
    monkeypatch.setattr(catalogue.sys, "modules", {"convlib": convlib, "convlib.checks": checks,
                                                  "convlib.conv": conv})
    catalogue.plant("no_flip")
    assert convlib.conv2d_backward is not conv2d_backward is not checks.conv2d_backward
    dx = convlib.conv2d_backward([[1, 2]], [[1, 2, 3]], [[5, 7]]).dx
    assert dx.tolist() == [[7, 19, 10]]  # 5 and 7 in the wrong order
