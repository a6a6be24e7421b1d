"""The mistake lab: every check accepts what is right, and notices what the table says."""

from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pytest

from convlib import conv2d_backward, relu_backward
from convlib.kernel_map import kernel_map
from course.mistakes import MISTAKES, check_matrix
from course.mistakes.check_matrix import CHECKS, RIGHT, RIGHT_CHECKS, verdicts
from course.mistakes.smallest_input import _small_cases, smallest_example
from figures.chapters.chA import mistake_scene

TABLE = verdicts()


def test_the_right_checks_notice_every_mistake():
    assert len(MISTAKES) >= 15 and set(TABLE.noticed) == set(MISTAKES)
    for check in RIGHT_CHECKS:
        assert TABLE.missed_by(check) == []
        assert all(row[check] is True for row in TABLE.noticed.values())


def test_every_check_but_the_last_is_deaf_somewhere_or_is_said_not_to_be():
    deaf = {check for check in CHECKS if TABLE.missed_by(check)}
    assert deaf == {"shapes", "mean_of_gradient", "ones_inside", "dy_of_ones", "symmetric_kernel",
                    "square_and_plain", "differences_usual"} - {"dy_of_ones"}


def test_blindness_that_can_be_proved():
    flips = {"no_flip", "one_axis_flip", "other_axis_flip", "channels_flipped_too"}
    assert flips - {"no_flip"} <= set(TABLE.missed_by("symmetric_kernel"))
    assert flips <= set(TABLE.missed_by("mean_of_gradient"))  # sum dx = sum dy * sum w
    assert set(TABLE.missed_by("shapes")) == set(MISTAKES) - {
        "transpose_for_rot180", "crop_by_minus_zero", "remainder_lost", "bias_over_wrong_axes"}
    options = {"stride_dropped", "dilation_off_by_one", "padding_one_sided", "remainder_lost",
               "groups_swapped", "one_filter_only", "channels_summed", "channels_flipped_too"}
    assert set(TABLE.missed_by("square_and_plain")) == options
    assert TABLE.missed_by("differences_usual") == ["decay_left_in"]


def test_a_check_that_rejects_the_right_gradient_is_refused(monkeypatch):
    monkeypatch.setitem(RIGHT, "conv", MISTAKES["no_flip"])
    with pytest.raises(AssertionError, match="second_implementation rejects what is right"):
        verdicts(["no_flip"], ["second_implementation"])


@pytest.mark.parametrize("check", ["second_implementation", "differences_exact"])
@pytest.mark.parametrize("part", ["dx", "dw", "db"])
def test_a_single_cell_off_by_one_is_noticed(check, part):
    def off(dy, x, w, **options):
        grads = conv2d_backward(dy, x, w, **options)
        value = np.array(getattr(grads, part))
        value.flat[-1] += 1
        return grads._replace(**{part: value})

    assert CHECKS[check](off, "conv")


def test_the_second_implementation_is_another_one():
    """It calls neither of the functions that it judges."""
    for problem in check_matrix.problems(lambda dy, x, w, **options: (x, w, dy), "conv"):
        assert not np.array_equal(problem.right["x"], problem.gradients["x"])
        assert problem.right["w"].shape == problem.inputs["w"].shape
        assert problem.right["b"].shape == problem.inputs["b"].shape


def test_the_points_are_small_numbers_none_of_them_zero():
    seen = {}
    for seed, (kind, right) in product(range(40), RIGHT.items()):
        for problem in check_matrix.problems(right, kind, seed=seed):
            for name, array in {**problem.inputs, "dy": problem.dy}.items():
                seen.setdefault(name, set()).update(array.ravel().tolist())
    assert seen.pop("x") == {-8, -6, -4, -2, 2, 4, 6, 8}  # a step of 1 crosses no kink
    assert set(seen) == {"w", "b", "dy"} and all(values == {*range(1, 10)}
                                                 for values in seen.values())


def test_what_a_dy_of_ones_and_a_symmetric_kernel_cannot_show():
    def dy_upside_down(dy, x, w, **options):
        return conv2d_backward(dy[..., ::-1, :], x, w, **options)

    assert CHECKS["second_implementation"](dy_upside_down, "conv")
    assert not CHECKS["dy_of_ones"](dy_upside_down, "conv")
    for problem in check_matrix.problems(conv2d_backward, "conv", symmetric=True):
        w = problem.inputs["w"]
        first = 1 if w.ndim == 2 else 1 + np.arange(len(w)).reshape(-1, 1, 1, 1)
        assert np.array_equal(w, np.zeros_like(w) + first)


def test_it_shows_as_text_and_as_a_table():
    lines = repr(TABLE).splitlines()
    assert lines[0].startswith("1  shapes: ") and lines[len(CHECKS) + 1].split() == [
        str(n) for n in range(1, len(CHECKS) + 1)]
    assert "no_flip                  .   ." in repr(TABLE)
    html = TABLE._repr_html_()
    assert html.count("<tr>") == len(MISTAKES) + 1 and "scope='row'" in html
    noticed = [seen for row in TABLE.noticed.values() for seen in row.values() if seen]
    assert html.count("✓") == len(noticed) + 1  # and once in the caption


@pytest.mark.parametrize("name", MISTAKES)
def test_the_smallest_example_shows_the_mistake_and_nothing_smaller_does(name):
    found = smallest_example(name)
    right = RIGHT[MISTAKES[name].replaces]
    if found.w is None:
        assert not np.array_equal(relu_backward(found.dy, found.x), found.wrong)
        return
    grads = right(found.dy, found.x, found.w, **found.options)
    assert np.array_equal(getattr(grads, found.part), found.right)
    assert not np.array_equal(found.right, found.wrong) and found.part in MISTAKES[name].parts
    assert found.products <= 2
    rng = np.random.default_rng(0)
    for x_shape, w_shape, options in _small_cases():
        if len(kernel_map(x_shape, w_shape, **options)) >= found.products:
            break
        x, w = rng.integers(1, 99, x_shape), rng.integers(1, 99, w_shape)
        y_shape = kernel_map(x_shape, w_shape, **options).y_shape
        dy = rng.integers(1, 99, y_shape)
        try:
            wrong = MISTAKES[name](dy, x, w, **options)
        except ValueError:
            continue
        for one, other in zip(wrong, right(dy, x, w, **options), strict=True):
            assert np.array_equal(one, other)


def test_the_picture_says_what_the_example_is():
    draw = mistake_scene(["no_flip", "crop_by_minus_zero", "relu_mask_missing"])
    fig = plt.figure(figsize=draw.size)
    assert "dx comes out as [[1, 10]] where [[10, 1]] is right" in draw(fig, mistake="no_flip")
    words = draw(fig, mistake="crop_by_minus_zero")
    assert "nothing at all where [[1]]" in words
    shown = [ax for ax in fig.axes if ax.get_visible()]
    assert len(fig.axes) == 2 and len(shown) == 1
    texts = {t.get_text() for t in shown[0].texts}
    assert {"right", "no options", "shape (0, 0),\nand should be (1, 1)"} <= texts
    plt.close(fig)


@pytest.mark.parametrize("check", [
    "second_implementation", "differences_exact", "adjoint_identity"])
def test_a_gradient_of_nan_is_noticed(check):
    def undefined(dy, x, w, **options):
        grads = conv2d_backward(dy, x, w, **options)
        return type(grads)(*(np.full(np.shape(part), np.nan) for part in grads))

    assert CHECKS[check](undefined, "conv")
