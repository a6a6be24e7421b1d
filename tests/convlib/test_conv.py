"""The kernels against the kernel map, over all options, and what they promise about arrays."""

import numpy as np
import pytest
from hypothesis import given, settings

from convlib import adjoint_gap, conv1d, conv1d_backward, conv2d, conv2d_backward, kernel_map
from convlib.symbolic import gradient, symbols
from tests.convlib.strategies import cases

thorough = settings(deadline=None, derandomize=True, max_examples=150)


@thorough
@given(cases())
def test_integers_agree_with_the_kernel_map_to_the_last_digit(case):
    table = kernel_map(case.x_shape, case.w_shape, **case.options)
    x, w, dy = case.arrays(case.x_shape, case.w_shape, table.y_shape)
    grads = case.backward(dy, x, w, **case.options)
    assert np.array_equal(case.conv(x, w, **case.options), table.forward(x, w))
    assert np.array_equal(grads.dx, table.grad_x(dy, w))
    assert np.array_equal(grads.dw, table.grad_w(dy, x))
    assert grads.dx.dtype == grads.dw.dtype == grads.db.dtype == np.int64


@thorough
@given(cases())
def test_floats_agree_with_the_kernel_map(case):
    table = kernel_map(case.x_shape, case.w_shape, **case.options)
    rng = np.random.default_rng(1)
    x, w, dy = (rng.normal(size=s) for s in (case.x_shape, case.w_shape, table.y_shape))
    grads = case.backward(dy, x, w, **case.options)
    for found, right in ((case.conv(x, w, **case.options), table.forward(x, w)),
                         (grads.dx, table.grad_x(dy, w)), (grads.dw, table.grad_w(dy, x))):
        assert np.abs(found - right).max() <= 1e-13 * max(np.abs(right).max(), 1)


@thorough
@given(cases())
def test_a_bias_is_one_more_tap_that_reads_a_one(case):
    x, w = case.arrays(case.x_shape, case.w_shape)
    b = np.arange(1, 1 + (w.shape[0] if w.ndim > case.ndim else 1)) * 10
    b = b if w.ndim > case.ndim else b[0]
    plain, shifted = (case.conv(x, w, bias, **case.options) for bias in (None, b))
    (dy,) = case.arrays(plain.shape)
    channel = plain.ndim - case.ndim - 1
    wanted = [np.sum(dy)] if channel < 0 else [np.take(dy, k, channel).sum() for k in
                                               range(plain.shape[channel])]
    db = case.backward(dy, x, w, **case.options).db
    assert db.shape == np.shape(b) and np.array_equal(np.ravel(db), wanted)
    assert (dy * (shifted - plain)).sum() == (db * b).sum()


@thorough
@given(cases())
def test_gradients_are_the_adjoints_of_the_forward_pass(case):
    x, w = case.arrays(case.x_shape, case.w_shape)
    (dy,) = case.arrays(case.conv(x, w, **case.options).shape)
    assert adjoint_gap(lambda v: case.conv(v, w, **case.options),
                       lambda g: case.backward(g, x, w, **case.options).dx, x, dy) == 0
    assert adjoint_gap(lambda v: case.conv(x, v, **case.options),
                       lambda g: case.backward(g, x, w, **case.options).dw, w, dy) == 0


@pytest.mark.parametrize("x_shape, w_shape, options", [
    ((6,), (3,), {}),
    ((7,), (2,), {"stride": 2, "padding": (1, 2), "dilation": 2}),
    ((4, 5), (2, 3), {}),
    ((3, 6), (2, 2), {"stride": (2, 1), "padding": ((1, 0), (0, 2)), "dilation": (1, 2)}),
    ((4, 3, 4), (2, 2, 2, 3), {"groups": 2, "padding": "full", "stride": 2}),
    ((2, 1, 3, 2), (2, 1, 2, 1), {"padding": (0, 1)}),
])
def test_letters_give_the_derivatives_that_sympy_finds(x_shape, w_shape, options):
    x, w = symbols("x", x_shape), symbols("w", w_shape)
    conv, backward = (conv1d, conv1d_backward) if w.ndim in (1, 3) else (conv2d, conv2d_backward)
    y = conv(x, w, **options)
    dy = symbols("g", y.shape)
    grads = backward(dy, x, w, **options)
    for found, of in ((grads.dx, x), (grads.dw, w)):
        assert all((u - v).expand() == 0 if hasattr(u - v, "expand") else u - v == 0
                   for u, v in zip(found.flat, gradient((dy * y).sum(), of).flat, strict=True))


X, W = np.arange(40).reshape(2, 4, 5) % 7 - 3, np.arange(24).reshape(3, 2, 2, 2) % 5 - 2
DY = np.arange(36).reshape(3, 3, 4) % 8 - 4


@pytest.mark.parametrize("view", [
    lambda a: np.repeat(a, 2, axis=-1)[..., ::2], lambda a: a[..., ::-1].copy()[..., ::-1],
    lambda a: np.asfortranarray(a), lambda a: np.broadcast_to(a, (1, *a.shape))[0],
], ids=["strided", "reversed", "fortran", "broadcast"])
def test_views_and_read_only_arrays_are_inputs_like_others(view):
    x, w, dy = (view(a) for a in (X, W, DY))
    for a in (x, w, dy):
        a.flags.writeable = False
    assert np.array_equal(conv2d(x, w), conv2d(X, W))
    for found, right in zip(conv2d_backward(dy, x, w), conv2d_backward(DY, X, W), strict=True):
        assert np.array_equal(found, right)


def test_inputs_are_never_changed_and_outputs_are_new():
    before = [a.copy() for a in (X, W, DY)]
    y, grads = conv2d(X, W, np.zeros(3, int), padding=1), conv2d_backward(DY, X, W)
    assert all(np.array_equal(a, b) for a, b in zip(before, (X, W, DY), strict=True))
    assert not any(np.shares_memory(new, old) for new in (y, *grads) for old in (X, W, DY))


def test_what_was_read_once_is_checked_again():
    x, w = np.ones(6), np.ones(3)
    assert conv1d(x, w, stride=1).shape == conv1d(x, w, stride=(1,)).shape == (4,)
    for stride in (True, 1.0, (1.0,), (True,)):  # each equals 1, and would be found in its place
        with pytest.raises(TypeError):
            conv1d(x, w, stride=stride)


def test_an_empty_batch_has_empty_outputs_and_no_gradient():
    x, w = np.zeros((0, 2, 4, 5)), np.ones((3, 2, 2, 2))
    y = conv2d(x, w, np.zeros(3))
    grads = conv2d_backward(y, x, w)
    assert y.shape == (0, 3, 3, 4) and grads.dx.shape == x.shape
    assert not grads.dw.any() and not grads.db.any()


@pytest.mark.parametrize("x_dtype, w_dtype, wanted", [
    (bool, bool, np.int64), (np.int8, np.int8, np.int64), (np.uint8, np.int16, np.int64),
    (np.int32, np.int64, np.int64), (np.uint64, np.uint64, np.uint64),
    (np.float32, np.float32, np.float32), (np.int8, np.float32, np.float32),
    (np.int64, np.float32, np.float64), (np.float32, np.float64, np.float64),
    (object, np.int64, object),
])
def test_dtypes(x_dtype, w_dtype, wanted):
    x, w = np.array([1, 0, 1, 1]).astype(x_dtype), np.array([1, 1]).astype(w_dtype)
    y = conv1d(x, w)
    assert y.dtype == wanted and y.tolist() == [1, 1, 2]
    assert all(g.dtype == wanted for g in conv1d_backward(y, x, w))


def test_sums_of_small_integers_do_not_wrap_round():
    assert conv1d(np.full(9, 200, np.uint8), np.full(9, 200, np.uint8)).tolist() == [9 * 200 * 200]


def test_python_integers_are_exact_beyond_64_bits():
    big = np.array([10**30, 1, 7], dtype=object)
    assert conv1d(big, np.array([10**30, 3], dtype=object)).tolist() == [10**60 + 3, 10**30 + 21]


def test_an_object_entry_that_no_product_reaches_is_a_plain_zero():
    dx = conv1d_backward(symbols("g", 2), symbols("x", 6), symbols("w", 2), stride=3).dx
    assert dx[2] == 0 and isinstance(dx[2], int)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_bad_value_reaches_the_cells_of_its_rows_and_no_other(bad):
    options = {"stride": (2, 1), "padding": ((1, 0), (1, 2)), "dilation": (1, 2), "groups": 2}
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(2, 4, 5, 6)), rng.normal(size=(4, 2, 2, 3))
    table = kernel_map(x.shape, w.shape, **options)
    dy, cell = rng.normal(size=table.y_shape), (1, 2, 3, 2)
    x[cell] = bad
    rows = np.logical_and.reduce([i == c for i, c in zip(table.inp, cell, strict=True)])
    y, grads = conv2d(x, w, **options), conv2d_backward(dy, x, w, **options)
    assert _cells(~np.isfinite(y)) == _rows(table.out, rows)
    assert _cells(~np.isfinite(grads.dw)) == _rows(table.tap, rows)
    assert np.isfinite(grads.dx).all()
    x[cell], place = 0, (1, 1, 2, 3)
    dy[place] = bad
    rows = np.logical_and.reduce([i == c for i, c in zip(table.out, place, strict=True)])
    grads = conv2d_backward(dy, x, w, **options)
    assert _cells(~np.isfinite(grads.dx)) == _rows(table.inp, rows)
    assert _cells(~np.isfinite(grads.dw)) == _rows(table.tap, rows)


def test_a_kernel_that_is_not_finite_multiplies_the_zeros_of_the_padding():
    x, w = [1, 2, 3], [np.inf, 1]
    assert np.array_equal(conv1d(x, w, padding=1), [np.nan, np.inf, np.inf, np.inf], equal_nan=True)
    assert conv1d(x, w).tolist() == [np.inf, np.inf]


@pytest.mark.parametrize("size, taps, options", [
    (1, 3, {"padding": (4, 1)}), (2, 2, {"padding": 3, "dilation": 4}),
    (1, 1, {"padding": (2, 0), "stride": 3}), (3, 2, {"padding": (0, 7), "stride": 4}),
])
def test_windows_may_read_nothing_but_padding(size, taps, options):
    table = kernel_map((size,), (taps,), **options)
    ghosts = set(table.ghosts.out[0].tolist()) - set(table.out[0].tolist())
    x, w, dy = np.arange(1, size + 1), np.arange(3, taps + 3), np.arange(5, 5 + table.y_shape[0])
    y, grads = conv1d(x, w, **options), conv1d_backward(dy, x, w, **options)
    assert ghosts and all(y[p] == 0 for p in ghosts) and np.array_equal(y, table.forward(x, w))
    assert np.array_equal(grads.dx, table.grad_x(dy, w))
    assert np.array_equal(grads.dw, table.grad_w(dy, x))


def _cells(mask):
    return set(map(tuple, np.argwhere(mask).tolist()))


def _rows(index, rows):
    return set(map(tuple, np.stack([i[rows] for i in index], axis=-1).tolist()))
