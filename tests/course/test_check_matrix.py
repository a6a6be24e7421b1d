"""The mistake lab: every check accepts what is right, and notices what the table says."""

from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pytest

from convlib import conv2d_backward
from convlib.kernel_map import kernel_map
from course.mistakes import MISTAKES
from course.mistakes.check_matrix import CHECKS, GENERIC, RIGHT, RIGHT_CHECKS, verdicts
from course.mistakes.points import points
from course.mistakes.smallest_input import _small_cases, smallest_example
from figures.chapters.chA import mistake_scene


@pytest.fixture(scope="module")
def table():
    return verdicts()


def test_the_right_checks_notice_every_mistake(table):
    assert len(MISTAKES) >= 40 and set(table.noticed) == set(MISTAKES)
    for check in RIGHT_CHECKS:
        assert table.missed_by(check) == []
        assert all(row[check] is True for row in table.noticed.values())


def test_every_check_is_deaf_somewhere_or_is_said_not_to_be(table):
    deaf = {check for check in CHECKS if table.missed_by(check)}
    assert deaf == set(CHECKS) - {*RIGHT_CHECKS, "gradcheck"}


def test_blindness_that_can_be_proved(table):
    flips = {"no_flip", "one_axis_flip", "other_axis_flip", "channels_flipped_too"}
    assert set(table.missed_by("symmetric_kernel")) == flips
    assert flips <= set(table.missed_by("mean_of_gradient"))  # sum dx = sum dy * sum w
    assert {"remainder_in_front", "dw_shuffled"} <= set(table.missed_by("mean_of_gradient"))
    assert set(MISTAKES) - set(table.missed_by("shapes")) == {
        "transpose_for_rot180", "turned_into_wrong_shape", "crop_by_minus_zero",
        "padding_not_cropped", "size_without_dilation", "remainder_lost",
        "remainder_at_most_one", "zeros_after_last", "dw_over_remainder", "bias_over_wrong_axes"}
    assert table.missed_by("dy_of_ones") == ["relu_dy_missing"]  # 1 times the slope
    assert table.missed_by("differences_lenient") == ["decay_left_in"]


def test_a_plain_square_case_misses_whatever_it_does_not_have(table):
    missed = set(table.missed_by("square_and_plain"))
    assert {name for name in MISTAKES if name.startswith(
        ("stride", "dilation", "padding", "remainder", "groups", "channels", "pool"))} <= missed
    assert {"height_for_width", "last_image_only", "one_filter_only"} <= missed
    assert {"no_flip", "wrong_loop_index", "negative_index", "decay_left_in"} & missed == set()


def test_a_network_learns_with_almost_any_mistake(table):
    """The dense layer on top learns by itself; only what cannot be subtracted stops it."""
    assert set(MISTAKES) - set(table.missed_by("loss_falls")) == {"bias_over_wrong_axes"}
    assert "nothing_computed" in table.missed_by("loss_falls")


def test_gradcheck_has_a_tolerance_too():
    def a_little_large(dy, x, w, **options):
        right = conv2d_backward(dy, x, w, **options)
        return right._replace(dw=right.dw * 1.0005)

    assert not CHECKS["gradcheck"](a_little_large, "conv")
    assert CHECKS["differences_exact"](a_little_large, "conv")
    assert CHECKS["dot_product"](a_little_large, "conv")


def test_fewer_options_at_a_time_miss_what_two_do_together():
    """The mistake of groups with a stride: neither alone shows it."""
    (together,) = (case for case in GENERIC if {"groups", "stride"} <= set(case[2]))
    assert {"padding", "dilation"} <= set(together[2]) and together[0][0] > 1
    assert len(set(together[0])) == len(together[0])
    assert all(x[-3] != w[0] for x, w, _ in GENERIC if len(w) > 2)  # channels and filters differ


def test_an_error_that_is_orthogonal_to_x_passes_every_dot_product_test():
    """dx + A x with an antisymmetric A: <A x, x> = 0 for every x, whatever dy is."""
    def orthogonal(dy, x, w, **options):
        grads = conv2d_backward(dy, x, w, **options)
        error = np.zeros(x.size, x.dtype)
        error[:2] = x.flat[1], -x.flat[0]
        return grads._replace(dx=grads.dx + error.reshape(x.shape))

    assert not CHECKS["dot_product"](orthogonal, "conv")
    assert CHECKS["second_implementation"](orthogonal, "conv")


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


@pytest.mark.parametrize("kind", RIGHT)
def test_the_second_implementation_is_another_one(kind):
    """It calls none of the functions that it judges."""
    for point in points(kind):
        for name, found in point.gradients(lambda dy, *rest, **options: (rest * 2 + (dy,))[:3]
                                           if kind == "conv" else rest[0]).items():
            assert not np.array_equal(point.right[name], found)
            assert point.right[name].shape == point.inputs[name].shape


def test_the_points_are_small_numbers_none_of_them_zero():
    seen = {}
    for seed, kind in product(range(40), ("conv", "relu")):
        for point in points(kind, "unpadded", seed=seed):
            for name, array in {**point.inputs, "dy": point.dy}.items():
                seen.setdefault(name, set()).update(array.ravel().tolist())
    assert seen.pop("x") == {-8, -6, -4, -2, 2, 4, 6, 8}  # a step of 1 crosses no kink
    assert set(seen) == {"w", "b", "dy"} and all(values == {*range(1, 10)}
                                                 for values in seen.values())


def test_what_a_dy_of_ones_and_a_symmetric_kernel_cannot_show():
    def dy_upside_down(dy, x, w, **options):
        return conv2d_backward(dy[..., ::-1, :], x, w, **options)

    assert CHECKS["second_implementation"](dy_upside_down, "conv")
    assert not CHECKS["dy_of_ones"](dy_upside_down, "conv")
    for point in points("conv", symmetric=True):
        w = point.inputs["w"]
        first = 1 if w.ndim == 2 else 1 + np.arange(len(w)).reshape(-1, 1, 1, 1)
        assert np.array_equal(w, np.zeros_like(w) + first)


def test_it_shows_as_text_and_as_a_table(table):
    lines = repr(table).splitlines()
    assert lines[0] == " 1 shapes" and lines[len(CHECKS) + 1].split() == [
        str(n) for n in range(1, len(CHECKS) + 1)]
    assert "no_flip                       .  ." in repr(table)
    totals = next(line for line in lines if line.startswith("number caught")).split()[2:]
    assert totals == [str(sum(row[check] is True for row in table.noticed.values()))
                      for check in CHECKS]
    html = table._repr_html_()
    assert html.count("<tr>") == len(MISTAKES) + 2 and "scope='row'" in html
    noticed = [seen for row in table.noticed.values() for seen in row.values() if seen]
    assert html.count("✓") == len(noticed) + 1  # and once in the caption
    two = table.rows("no_flip", "y_for_x")  # fewer rows, the same totals
    lines = [line for line in repr(two).splitlines() if line.startswith(("number", "no_", "y_"))]
    assert len(lines) == 3 and lines[-1].split()[-len(CHECKS):] == totals
    assert f"of {len(MISTAKES)}" in lines[-1] and two._repr_html_().count("<tr>") == 4


@pytest.mark.parametrize("name", MISTAKES)
def test_the_smallest_example_shows_the_mistake_and_nothing_smaller_does(name):
    found = smallest_example(name)
    right = RIGHT[MISTAKES[name].replaces]
    if found.w is None:
        arguments, options = found.arguments()
        assert np.array_equal(right(*arguments, **options), found.right)
        assert np.array_equal(MISTAKES[name](*arguments, **options), found.wrong)
        assert found.products == 1 and not np.array_equal(found.right, found.wrong)
        return
    grads = right(found.dy, found.x, found.w, **found.options)
    assert np.array_equal(getattr(grads, found.part), found.right)
    assert not np.array_equal(found.right, found.wrong) and found.part in MISTAKES[name].parts
    assert 1 <= found.products <= 4 and found.products <= (4 if "interleaved" in name else 2)
    rng = np.random.default_rng(0)
    for x_shape, w_shape, options in _small_cases():
        if len(kernel_map(x_shape, w_shape, **options)) >= found.products or (
                len(options.keys() - {"groups"}) > len(found.options.keys() - {"groups"})):
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
    assert {"dx, right", "no options", "shape (0, 0),\nand should be (1, 1)"} <= texts
    plt.close(fig)


@pytest.mark.parametrize("check", [
    "second_implementation", "differences_exact", "dot_product", "gradcheck"])
def test_a_gradient_of_nan_is_noticed(check):
    def undefined(dy, x, w, **options):
        grads = conv2d_backward(dy, x, w, **options)
        return type(grads)(*(np.full(np.shape(part), np.nan) for part in grads))

    assert CHECKS[check](undefined, "conv")


def test_all_mistakes_but_two_are_linear_in_dy():
    """The bound 2/n of the dot-product test asks for it; appendix A counts the exceptions."""
    bent = set()
    for name, wrong in MISTAKES.items():
        for point in points(wrong.replaces):
            once, twice = (point.backward(wrong, n * point.dy, **point.inputs) for n in (1, 2))
            if any(not np.allclose(2 * once[part], twice[part]) for part in once):
                bent.add(name)
    assert bent == {"relu_dy_missing", "decay_left_in"}


def test_the_error_of_some_mistakes_depends_on_the_vector_that_is_drawn():
    """The bound 2/n asks that it does not; appendix A counts them."""
    bent, rng = set(), np.random.default_rng(5)
    for name, wrong in MISTAKES.items():
        for point in points(wrong.replaces):
            right = RIGHT[wrong.replaces]
            for part in [part[1:] for part in wrong.parts]:
                errors = []
                for drawn in (point.inputs[part], 2 * rng.permutation(point.inputs[part].ravel())
                              .reshape(point.inputs[part].shape)):
                    inputs = {**point.inputs, part: drawn}
                    found, good = (point.backward(f, point.dy, **inputs)[part]
                                   for f in (wrong, right))
                    errors.append(found - good if found.shape == good.shape else np.zeros(1))
                if not np.allclose(*errors):
                    bent.add(name)
    assert bent == {"y_for_x", "decay_left_in", "relu_mask_missing", "relu_dy_missing",
                    "pool_assigns"}


def test_a_wrong_gradient_can_pass_the_dot_product_for_every_draw():
    """Its error depends on the x that is drawn, so that the bound says nothing about it."""
    def always(dy, x, w, **options):
        grads = conv2d_backward(dy, x, w, **options)
        more = np.zeros(x.size)
        more[:2] = dy.flat[0] * x.flat[1], -dy.flat[0] * x.flat[0]
        return grads._replace(dx=grads.dx + more.reshape(x.shape))

    assert not CHECKS["dot_product"](always, "conv")
    assert CHECKS["second_implementation"](always, "conv")


def test_a_square_kernel_that_is_symmetric_hides_the_transpose(table):
    x, w, dy = np.arange(16).reshape(4, 4), np.array([[1, 2], [2, 1]]), np.arange(9).reshape(3, 3)
    assert np.array_equal(MISTAKES["transpose_for_rot180"](dy, x, w).dx,
                          conv2d_backward(dy, x, w).dx)
    assert "transpose_for_rot180" not in table.missed_by("symmetric_kernel")  # it is not square


def test_some_case_is_wider_than_high_and_some_higher_than_wide():
    """A loop over the height on both axes is seen only in a y that is wider than high."""
    shapes = [point.dy.shape[-2:] for point in points("conv")]
    assert {P < Q for P, Q in shapes} == {True, False} and any(P > Q for P, Q in shapes)


def test_two_popular_checks_together_catch_everything(table):
    """The answer to the last question of appendix A."""
    popular = list(CHECKS)[:-4]
    missed = {check: set(table.missed_by(check)) for check in popular}
    assert all(missed.values()) and any(
        not missed[one] & missed[two] for one in popular for two in popular)


def test_two_leftover_inputs_at_a_stride_of_3_hide_a_wrong_size():
    x, w, dy = np.ones((1, 7)), np.ones((1, 2)), np.ones((1, 2))
    right, wrong = RIGHT["conv"], MISTAKES["zeros_after_last"]
    assert np.array_equal(*(f(dy, x, w, stride=(1, 3)).dx for f in (right, wrong)))
    x = np.ones((1, 8))
    assert wrong(dy, x, w, stride=(1, 4)).dx.shape != x.shape
