"""Whole numbers stay exact at any size, and what is no plain number is refused by its name."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlib import (
    col2im,
    conv1d,
    conv1d_backward,
    conv2d,
    conv_transpose1d,
    conv_transpose1d_backward,
    im2col,
    kernel_map,
    l2_penalty,
    l2_penalty_backward,
    linear,
    linear_backward,
    max_pool2d_backward,
    squared_error,
    squared_error_backward,
    vec,
)
from convlib.operands import exact, operands
from tests.convlib.strategies import cases

TOP = 2**63 - 1
sizes = st.sampled_from([1, 3, 2**20, 2**31, 2**32 + 1, 2**53 + 1, 2**62, TOP, 2**63, 2**64 - 1,
                         2**70])


def drawn(data, shape):
    """Whole numbers up to some size, in a dtype that holds them, and the same as objects."""
    size = data.draw(sizes)
    rng = np.random.default_rng(size % 1000)
    numbers = rng.integers(-9, 10, int(np.prod(shape)))
    exact = np.array([int(n) * size // 9 for n in numbers], dtype=object).reshape(shape)
    lists = [exact.tolist()] if np.ndim(exact) else []
    if size < 2**63:
        lists.append(exact.astype(np.int64))
    elif size < 2**64:
        exact = abs(exact)
        lists = [exact.tolist()] * bool(lists) + [exact.astype(np.uint64)]
    return data.draw(st.sampled_from([exact, *lists])), exact


@settings(deadline=None, derandomize=True, max_examples=200)
@given(case=cases(), data=st.data())
def test_every_sum_is_that_of_python_integers(case, data):
    table = kernel_map(case.x_shape, case.w_shape, **case.options)
    (x, x_), (w, w_), (dy, dy_) = (drawn(data, s) for s in (
        case.x_shape, case.w_shape, table.y_shape))
    grads = case.backward(dy, x, w, **case.options)
    wanted = table.forward(x_, w_), table.grad_x(dy_, w_), table.grad_w(dy_, x_)
    for found, right in zip((case.conv(x, w, **case.options), *grads[:2]), wanted, strict=True):
        assert found.tolist() == right.tolist() and found.dtype != float
    for found, right in zip((table.forward(x, w), table.grad_x(dy, w), table.grad_w(dy, x)),
                            wanted, strict=True):
        assert found.tolist() == right.tolist()
    assert np.sum(grads.db, dtype=object) == dy_.sum()


@settings(deadline=None, derandomize=True, max_examples=60)
@given(data=st.data())
def test_transposed_sums_too(data):
    shapes = (2, 4, 3), (4, 2, 2), (2, 4, 7)
    (x, x_), (w, w_), (dy, dy_) = (drawn(data, s) for s in shapes)
    options = {"stride": 2, "padding": (0, 1), "output_padding": 0, "dilation": 3, "groups": 2}
    found = conv_transpose1d(x, w, **options), *conv_transpose1d_backward(dy, x, w, **options)
    assert found[0].shape == shapes[2]
    table = kernel_map(shapes[2], shapes[1], stride=2, padding=(0, 1), dilation=3, groups=2)
    wanted = table.grad_x(x_, w_), table.forward(dy_, w_), table.grad_w(x_, dy_), dy_.sum((0, 2))
    for mine, right in zip(found, wanted, strict=True):
        assert mine.tolist() == right.tolist()


@pytest.mark.parametrize("x, w, b, fits", [
    ([2, 0], [2**62], None, False), ([1, 0], [TOP], None, True), ([-1, 0], [-(2**63)], None, False),
    ([2**62, 1], [1], 2**62 - 1, True), ([2**62, 1], [1], 2**62, False),
    ([1, 1], [2**62, 2**62], None, False), ([1, 1], [2**62, 2**61 - 1], None, False),
    ([1, 1], [2**62 - 1, 2**62 - 1], 1, True), ([3, 3], [TOP // 6, -(TOP // 6)], 0, True),
])
def test_64_bits_are_left_only_where_they_may_not_do(x, w, b, fits):
    y = conv1d(x, w, b)
    taps = len(w)
    right = [(b or 0) + sum(w[r] * x[p + r] for r in range(taps)) for p in range(3 - taps)]
    assert y.tolist() == right and y.dtype == (np.int64 if fits else object)


@pytest.mark.parametrize("sums, dy, x, w", [
    ("dx", [2**62, 2**62], [0, 0], [1]), ("dx", [2**61] * 3, [0] * 4, [2, 2]),
    ("dw", [2**61] * 3, [2] * 4, [0, 0]), ("db", [2**62] * 2, [1, 1], [1])])
def test_the_bound_counts_the_terms_of_each_gradient(sums, dy, x, w):
    found = conv1d_backward(dy, x, w)
    objects = (np.array(a, object) for a in (dy, x, w))
    right = conv1d_backward(*objects)
    assert getattr(found, sums).tolist() == getattr(right, sums).tolist()


def test_longest_sums_of_a_transposed_layer_are_counted():
    y = conv_transpose1d(np.full((3, 2), 2**61), np.full((3, 1, 2), 2))
    assert y.tolist() == [[3 * 2**62, 6 * 2**62, 3 * 2**62]]
    dx = conv_transpose1d_backward(np.full((3, 3), 2**61), np.ones((1, 2), int),
                                   np.full((1, 3, 2), 2)).dx
    assert dx.tolist() == [[6 * 2**62] * 2]


def test_unsigned_and_signed_numbers_meet_without_rounding():
    big = np.array([2**53 + 1, 2**63 - 1], np.uint64)
    assert conv1d(big, np.array([-1])).tolist() == [-(2**53) - 1, 1 - 2**63]
    assert conv1d(big, np.array([-1])).dtype == np.int64
    assert conv1d(big + 1, np.array([-1])).tolist() == [-(2**53) - 2, -(2**63)]
    assert conv1d(big + 1, np.array([True])).dtype == np.uint64
    half = np.full(2, 2**63, np.uint64)
    assert conv1d(half, np.uint64([1, 1])).tolist() == [2**64]  # one more than 64 bits hold
    assert conv1d(half, np.uint64([1, 0]), np.uint64(2**63 - 1)).tolist() == [2**64 - 1]
    assert conv1d(half[:1], np.uint64([1]), np.uint64(2**63 - 1)).dtype == np.uint64
    assert conv1d([2**63, -1], [1]).tolist() == [2**63, -1]  # NumPy reads the list as float64
    assert conv1d([2.0**63, -1], [1]).dtype == conv1d([2**63, -1.5], [1]).dtype == np.float64


def test_whole_numbers_of_numpy_in_object_arrays_do_not_wrap():
    x = np.array([np.int64(2**62), np.True_, 3], object)
    assert conv1d(x, [4]).tolist() == [2**64, 4, 12] and type(x[0]) is np.int64


def test_columns_are_added_exactly():
    columns = im2col(np.full((3, 4), 2**61), (2, 3))
    assert columns.dtype == np.int64  # nothing is summed here
    assert col2im(columns, (3, 4), (2, 3)).tolist() == (
        2**61 * np.array([[1, 2, 2, 1], [2, 4, 4, 2], [1, 2, 2, 1]], object)).tolist()
    assert col2im(columns // 2, (3, 4), (2, 3)).dtype == np.int64  # six columns share a cell


def test_exact_asks_nothing_of_floats_and_symbols():
    for dtype in (np.float64, np.float32, object):
        a = np.ones(3, dtype)
        assert exact(lambda *sizes: pytest.fail("asked"), a, None) == [a, None]
    a = np.array([-3, 2])
    assert exact(lambda *sizes: [*sizes] == [3, 0, 0] and TOP, a, a[:0], None)[0] is a
    assert exact(lambda size: size * 2**62, a)[0].tolist() == [-3, 2]


@pytest.mark.parametrize("masked", [
    np.ma.masked_array([1, 2, 3], [0, 1, 0]), [1, np.ma.masked, 3],
    [np.ma.masked_array([1, 2], [0, 1]), [1, 2]], np.ma.masked_array([1.5, 2], [0, 1]),
    np.ma.masked_invalid([1, np.nan])])
def test_masked_cells_are_refused_by_name(masked):
    for call in (lambda: operands(dy=masked), lambda: operands(x=[1, 2], dy=masked)):
        with pytest.raises(ValueError, match=r"dy has masked cells.*dy\.filled\(0\)"):
            call()
    with pytest.raises(ValueError, match="x has masked cells"):
        conv1d(masked, [1])
    with pytest.raises(ValueError, match="a has masked cells"):
        vec(masked)
    with pytest.raises(ValueError, match="w has masked cells"):
        conv1d([1, 2, 3], masked)


def test_a_masked_array_without_masked_cells_is_an_array():
    assert conv1d(np.ma.masked_array([1, 2, 3], [0, 0, 0]), [2]).tolist() == [2, 4, 6]


def test_arrays_in_arrays_and_endless_lists_are_refused():
    nested = np.empty(2, object)
    nested[:] = [np.ones(2), np.ones(3)]
    with pytest.raises(TypeError, match="x must hold real numbers"):
        conv1d(nested, [1])
    with pytest.raises(TypeError, match="w must hold real numbers"):
        conv1d([1], np.array([np.complex64(1)], object))
    endless = [1]
    endless.append(endless)
    with pytest.raises(ValueError, match="x is not a rectangular array"):
        conv2d(endless, [[1]])


@pytest.mark.parametrize("call, right", [
    (lambda: linear([2**40, 1], [[2**40, 3]], [5]), [2**80 + 3 + 5]),
    (lambda: linear_backward([2**40], [2**40, 1], [[2**30, 3]]).dw, [[2**80, 2**40]]),
    (lambda: linear_backward([2**40], [2**40, 1], [[2**30, 3]]).dx, [2**70, 3 * 2**40]),
    (lambda: linear_backward([[2**62], [2**62], [2**62]], [[1]] * 3, [[1]]).db, [3 * 2**62]),
    (lambda: linear_backward([[2**31]] * 4, [[2**30]] * 4, [[1]]).dw, [[2**63]]),
    (lambda: linear_backward([[2**31] * 4], [[1]], [[2**30]] * 4).dx, [[2**63]]),
    (lambda: col2im(np.full((3, 3), 2**62), (1, 5), (1, 3)),
     [[2**62, 2**63, 3 * 2**62, 2**63, 2**62]]),
    (lambda: squared_error([2**62, 3], [-(2**62), 1]), 2**126 + 4),
    (lambda: squared_error_backward([2**62, 3], [-(2**62), 1]), [2**64, 4]),
    (lambda: squared_error([2**62], [-(2**62)]), 2**126),
    (lambda: squared_error(2**62, -(2**62)), 2**126),  # two numbers are arrays without axes
    (lambda: squared_error_backward(2**62, -(2**62)), 2**64),
    (lambda: l2_penalty_backward([2**60, 3], 2**3), [2**64, 48]),
    (lambda: l2_penalty_backward([2**60, 3], np.int64(2**3)), [2**64, 48]),
    (lambda: l2_penalty_backward([0, 0], 2**70), [0, 0]),
    (lambda: l2_penalty(2**40, 1), 2**80), (lambda: l2_penalty([0, 0], 2**70), 0),
    (lambda: squared_error(np.array([3], np.uint64), np.array([5], np.uint64)), 4),
    (lambda: l2_penalty([2**32, 3], 2), 2 * (2**64 + 9)),
    (lambda: max_pool2d_backward([[2**62, 2**62, 2**62]], [[0, 1, 9, 1, 0]], (1, 3), stride=1),
     [[0, 0, 3 * 2**62, 0, 0]])])
def test_layers_and_losses_stay_exact_past_64_bits(call, right):
    assert np.asarray(call(), dtype=object).tolist() == right


def test_usual_whole_numbers_keep_their_dtype():
    assert linear([1, 2], [[3, 4]]).dtype == np.int64
    assert squared_error_backward([1, 2], [3, 5]).dtype == np.int64
