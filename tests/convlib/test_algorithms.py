"""Every method against the kernel map: exact on integers, to the last digits on floats."""

import tracemalloc
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from convlib import (
    conv2d,
    conv2d_backward,
    conv_transpose2d,
    conv_transpose2d_backward,
    kernel_map,
)
from convlib.algorithms import METHODS, blocking, choose, gemm, winograd
from convlib.algorithms.decompositions import (
    in_gradient_phases,
    in_interleaved_batches,
    in_polyphase_components,
    in_shares_of_filters,
)
from convlib.algorithms.method import Problem
from convlib.geometry import Geometry
from tests.convlib.strategies import cases, two_hundred

EXACT = [name for name, method in METHODS.items() if method.exact]


def answered(case, dtype):
    """x, w and dy of a case, and y, dx and dw by the kernel map."""
    table = kernel_map(case.x_shape, case.w_shape, **case.options)
    rng = np.random.default_rng(len(table))
    whole = dtype in (int, object)
    x, w, dy = given = [(rng.integers(-9, 10, s) if whole else rng.normal(size=s)).astype(dtype)
                        for s in (case.x_shape, case.w_shape, table.y_shape)]
    if not whole:
        x, w, dy = (array.astype(float) for array in given)
    return case, given, (table.forward(x, w), table.grad_x(dy, w), table.grad_w(dy, x))


@cache
def many(number, dtype):
    """Cases with their answers, once for all methods."""
    return [answered(case, dtype) for case in two_hundred(cases(), number)]


def three(case, given, right, method):
    """(found, right) for y, dx and dw; none if the method refuses the case."""
    if METHODS[method].refuses(Geometry.of(case.x_shape, case.w_shape, **case.options).plane):
        return []
    x, w, dy = given
    found = (case.conv(x, w, method=method, **case.options),
             *case.backward(dy, x, w, method=method, **case.options)[:2])
    return zip(found, right, strict=True)


@pytest.mark.parametrize("dtype", [int, object])
@pytest.mark.parametrize("method", EXACT)
def test_integers_stay_exact(method, dtype):
    for case, *arrays in many(1, dtype):
        for found, right in three(case, *arrays, method):
            assert np.array_equal(found, right) and found.dtype == dtype, case


@pytest.mark.parametrize("decompose", [
    in_gradient_phases, in_polyphase_components, in_interleaved_batches, in_shares_of_filters,
    lambda problem: blocking.in_blocks(problem, 1, 8),
    lambda problem: blocking.in_blocks(problem, 1, 99, step=2)])
def test_a_decomposition_changes_no_sum(decompose, monkeypatch):
    for name, value in (("decompositions.BATCH", 2), ("decompositions.FILTERS", 1),
                        ("blocking.MANY", 1)):
        monkeypatch.setattr(f"convlib.algorithms.{name}", value)
    monkeypatch.setitem(METHODS, "in parts", replace(choose.DIRECT, decompositions=[decompose]))
    for case, *arrays in many(2, int):
        if decompose is in_polyphase_components:
            case, *arrays = answered(
                case._replace(options=case.options | {"stride": 1}), int)
        for found, right in three(case, *arrays, "in parts"):
            assert np.array_equal(found, right), case


# How the work is cut: into the smallest blocks, interleaved by two, or not interleaved at all.
CUTS = {"whole": {},
        "blocks": {"blocking.BLOCK": 2**8, "blocking.MAX_COPY": 2**8, "gemm.WIDE": 1,
                   "gemm.UNPACKED": 20, "fft.BLOCK": 2**8, "winograd.BLOCK": 2**8,
                   "winograd.CHUNK": 2**8, "decompositions.BATCH": 2},
        "images": {"decompositions.SHORT": 0, "gemm.UNPACKED": 50}}


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("dtype, bound", [(np.float64, 1e-13), (np.float32, 1e-5)])
@pytest.mark.parametrize("method", METHODS)
def test_floats_agree_with_the_kernel_map(method, dtype, bound, cut, monkeypatch):
    for name, value in CUTS[cut].items():
        monkeypatch.setattr(f"convlib.algorithms.{name}", value)
    for case, *arrays in many(3, dtype):
        for found, right in three(case, *arrays, method):
            assert found.shape == right.shape, case
            assert np.abs(found - right).max(initial=0) <= bound * max(
                np.abs(right).max(initial=0), 1), case


TILED = [({"padding": 1}, (2, 3, 9, 13)), ({"padding": "full", "groups": 3}, (1, 3, 8, 5)),
         ({"dilation": (2, 3)}, (2, 3, 9, 12)), ({"padding": ((0, 2), (1, 0))}, (2, 3, 10, 7)),
         ({}, (1, 3, 5, 8))]


@pytest.mark.parametrize("options, x_shape", TILED)
@pytest.mark.parametrize("scratch", [2**10, 2**26])
def test_winograd_over_its_options(options, x_shape, scratch, monkeypatch):
    monkeypatch.setattr(winograd, "BLOCK", scratch)
    monkeypatch.setattr(winograd, "CHUNK", scratch)
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=x_shape), rng.normal(size=(6, 3 // options.get("groups", 1), 3, 3))
    y = conv2d(x, w, method="direct", **options)
    dy = rng.normal(size=y.shape)
    close(conv2d(x, w, method="winograd", **options), y)
    for found, right in zip(conv2d_backward(dy, x, w, method="winograd", **options),
                            conv2d_backward(dy, x, w, method="direct", **options), strict=True):
        close(found, right)


def test_winograd_is_cut_into_as_many_convolutions_as_it_allows():
    x, w = np.random.default_rng(0).normal(size=(64, 64)), np.arange(9.0).reshape(3, 3)
    options = {"dilation": 90, "padding": 90}
    close(conv2d(x, w, method="winograd", **options), conv2d(x, w, method="direct", **options))


@pytest.mark.parametrize("m", [2, 3, 4])
def test_winograd_needs_m_plus_2_products_for_m_outputs(m):
    A, B, G = winograd.matrices(m)
    x, w = np.arange(m + 2) ** 2 - 5.0, np.array([2.0, -3, 7])
    assert len(G @ w) == m + 2
    close(A.T @ ((G @ w) * (B.T @ x)), np.correlate(x, w))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("options", [{}, {"stride": (2, 1), "padding": (1, 0), "dilation": (1, 2),
                                          "output_padding": (1, 0), "groups": 2}])
def test_transposed_convolution_takes_every_method(method, options):
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(2, 4, 3, 5)), rng.normal(size=(4, 3, 3, 3))
    if method == "winograd" and options:
        options = {**options, "stride": 1, "output_padding": 0}
    y = conv_transpose2d(x, w, method="direct", **options)
    close(conv_transpose2d(x, w, method=method, **options), y)
    dy = rng.normal(size=y.shape)
    for found, right in zip(conv_transpose2d_backward(dy, x, w, method=method, **options),
                            conv_transpose2d_backward(dy, x, w, method="direct", **options),
                            strict=True):
        close(found, right)


@pytest.mark.parametrize("method", METHODS)
def test_views_are_read_and_nothing_is_written(method):
    rng = np.random.default_rng(0)
    plain = rng.normal(size=(2, 2, 6, 7)), rng.normal(size=(3, 2, 3, 3)), rng.normal(
        size=(2, 3, 4, 5))
    views_of = [np.repeat(a, 2, axis=-1)[..., ::2] for a in plain]
    for a in (*plain, *views_of):
        a.flags.writeable = False
    x, w, dy = views_of
    y, grads = conv2d(x, w, method=method), conv2d_backward(dy, x, w, method=method)
    for found, right in zip((y, *grads), (conv2d(*plain[:2], method="direct"), *conv2d_backward(
            plain[2], *plain[:2], method="direct")), strict=True):
        close(found, right)
        assert found.flags.c_contiguous and found.flags.writeable
        assert not any(np.shares_memory(found, a) for a in (*plain, *views_of))


@pytest.mark.parametrize("method", METHODS)
def test_an_empty_batch(method):
    x, w = np.zeros((0, 2, 6, 5)), np.ones((3, 2, 3, 3))
    y = conv2d(x, w, method=method)
    grads = conv2d_backward(y, x, w, method=method)
    assert y.shape == (0, 3, 4, 3) and grads.dx.shape == x.shape
    assert grads.dw.shape == w.shape and not grads.dw.any()


@pytest.mark.parametrize("method", ["auto", *METHODS])
@pytest.mark.parametrize("x_shape, w_shape, options", [
    ((0, 4), (3, 3), {"padding": ((3, 1), (1, 1))}), ((2, 2, 5, 0), (4, 1, 3, 3), {
        "padding": 4, "groups": 2}), ((2, 0, 5, 6), (3, 0, 3, 3), {}),
    ((1, 2, 5, 6), (0, 2, 3, 3), {})])
def test_where_there_is_nothing_to_multiply(method, x_shape, w_shape, options):
    x, w = np.ones(x_shape), np.ones(w_shape)
    y = conv2d(x, w, method=method, **options)
    grads = conv2d_backward(np.ones(y.shape), x, w, method=method, **options)
    assert not y.any() and grads.dx.shape == x_shape and grads.dw.shape == w_shape
    assert not grads.dx.any() and not grads.dw.any()


IMAGE, KERNEL, WHOLE = np.ones((6, 7)), np.ones((3, 3)), np.ones((6, 7), int)


@pytest.mark.parametrize("call, words", [
    (lambda: conv2d(IMAGE, np.ones((2, 3)), method="winograd"),
     "method='winograd' cannot do kernel size 2 x 3: it needs 3 x 3"),
    (lambda: conv2d(IMAGE, KERNEL, stride=(1, 2), method="winograd"),
     "method='winograd' cannot do stride 2: it needs stride 1"),
    (lambda: conv2d_backward(np.ones((2, 3)), IMAGE, KERNEL, stride=2, method="winograd"),
     "method='winograd' cannot do stride 2"),
    (lambda: conv2d(np.ones((70, 60)), KERNEL, dilation=80, padding=80, method="winograd"),
     "cannot do dilation 80 x 80: it would be cut into 4,200 convolutions, more than 4,096"),
    (lambda: conv2d(WHOLE, WHOLE[:3, :3], method="fft"),
     "method='fft' rounds: it takes floats, not int64"),
    (lambda: conv2d(WHOLE, WHOLE[:3, :3], method="winograd"), "rounds: it takes floats"),
    (lambda: conv2d(WHOLE.astype(object), WHOLE[:3, :3], method="fft"), "not object"),
])
def test_what_a_method_cannot_do_it_says(call, words):
    with pytest.raises(ValueError) as refused:
        call()
    assert words in str(refused.value)


# The choice


def chosen(what, x_shape, w_shape, dtype=float, **options):
    g = Geometry.of(x_shape, w_shape, **options)
    x, w, y = (np.broadcast_to(dtype(1), shape) for shape in g.lifted)
    return choose.method(Problem(what, x, w, y, g.plane)).name


@pytest.mark.parametrize("what", ["y", "dx", "dw"])
def test_the_choice_follows_the_counts(what):
    assert chosen(what, (6, 6), (3, 3)) == "windows"
    assert chosen(what, (256, 256), (31, 31)) == "fft"
    assert chosen(what, (8, 64, 56, 56), (64, 64, 3, 3), padding=1) == "winograd"
    assert chosen(what, (8, 64, 56, 56), (64, 64, 3, 3), np.float32, padding=1) != "winograd"
    assert chosen(what, (8, 64, 56, 56), (64, 64, 3, 3), int, padding=1) == "direct"
    assert chosen(what, (256, 256), (31, 31), Fraction) == "direct"
    assert chosen(what, (1, 64, 90, 90), (64, 64, 31, 31)) != "fft"  # the spectra of w: 250 MB
    assert chosen(what, (1, 1024, 32, 32), (1024, 1024, 3, 3)) != "winograd"  # 300 MB


def test_groups_count_as_images():
    assert chosen("y", (4, 4, 12, 11), (4, 1, 2, 3), groups=4) == "im2col"
    assert chosen("y", (4, 1, 12, 11), (1, 1, 2, 3)) == "windows"
    assert chosen("y", (1, 4, 12, 11), (4, 1, 2, 3), groups=4) == "windows"


@pytest.mark.parametrize("x_shape, w_shape, rounding", [
    ((64, 90), (31, 17), "fft"), ((4, 64, 30, 30), (64, 64, 3, 3), "winograd")])
def test_numbers_of_very_different_size_keep_their_digits(x_shape, w_shape, rounding):
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=x_shape), rng.normal(size=w_shape)
    assert chosen("y", x_shape, w_shape) == rounding
    x[(0,) * (x.ndim - 2) + (7, 9)] = 1e12
    scale = conv2d(np.abs(x), np.abs(w), method="im2col")  # each cell against sum |x| |w|
    right = conv2d(x, w, method="direct")
    error = {m: (np.abs(conv2d(x, w, method=m) - right) / scale).max() for m in ("auto", rounding)}
    assert error["auto"] <= 1e-13 < 1e-9 < error[rounding]


def test_scale_is_judged_by_the_median_of_what_is_not_zero():
    a = np.array([0, 0, 0, 0, 1.0, -2, 3])
    assert choose.well_scaled(a) and choose.well_scaled(a * 1e-30) and choose.well_scaled(a * 0)
    assert choose.well_scaled(np.append(a, -1.9e6)) and not choose.well_scaled(np.append(a, -4e6))
    assert not any(choose.well_scaled(np.append(a, bad)) for bad in (np.nan, np.inf, -np.inf))
    large, small = np.ones(40), np.full(60, 1e-9)  # the median is small, unless zeros do not count
    assert not choose.well_scaled(np.append(large, small))
    assert choose.well_scaled(np.append(large, small * 0))


@pytest.mark.parametrize("x_shape, w_shape, options", [
    ((40, 50), (13, 15), {"padding": 3}), ((2, 64, 12, 14), (64, 64, 3, 3), {"padding": 1}),
    ((2, 3, 20, 30), (4, 3, 5, 3), {"padding": (1, 2), "stride": (2, 1)})])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_bad_value_spreads_no_further_than_its_products(x_shape, w_shape, options, bad):
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=x_shape), rng.normal(size=w_shape)
    dy = rng.normal(size=conv2d(x, w, **options).shape)
    for a in (x, w, dy):
        kept, cell = a.copy(), tuple(n // 2 for n in a.shape)
        a[cell] = bad
        grads = {m: conv2d_backward(dy, x, w, method=m, **options) for m in ("auto", "direct")}
        for found, right in zip(*grads.values(), strict=True):
            assert np.array_equal(np.isfinite(found), np.isfinite(right))
        assert np.array_equal(np.isfinite(conv2d(x, w, **options)),
                              np.isfinite(conv2d(x, w, method="direct", **options)))
        a[...] = kept


# Memory


@pytest.mark.parametrize("method", ["auto", "im2col", "shifted", "fft"])
def test_scratch_stays_below_256_megabytes(method):
    x, w = np.ones((1, 4, 800, 900)), np.ones((4, 4, 7, 7))
    dy = np.ones((1, 4, 794, 894))
    assert 4 * 49 * dy[0, 0].nbytes > 1e9  # all columns at once
    tracemalloc.start()
    try:
        conv2d(x, w, method=method)
        conv2d_backward(dy, x, w, method=method)
        results = 2 * x.nbytes + dy.nbytes
        assert tracemalloc.get_traced_memory()[1] < 256e6 + results
    finally:
        tracemalloc.stop()


def test_scratch_of_many_small_images_and_of_many_channels():
    tracemalloc.start()
    try:
        for x_shape, w_shape in (((4000, 4, 12, 12), (4, 4, 5, 5)), ((2, 256, 64, 64),
                                                                     (256, 256, 3, 3))):
            x, w = np.ones(x_shape), np.ones(w_shape)
            conv2d_backward(conv2d(x, w), x, w)
            assert tracemalloc.get_traced_memory()[1] < 256e6 + 4 * x.nbytes + 2 * w.nbytes
    finally:
        tracemalloc.stop()


def test_blocks_cover_every_row_once_and_hold_no_more_than_a_cache():
    for images, rows, columns in ((1, 794, 894), (5, 9, 11), (3, 100, 7), (2, 4, 10**6)):
        row_bytes, held = 4 * 49 * columns * 8, np.zeros((images, rows), int)
        for some, part in blocking.cut(images, rows, columns, row_bytes, 0):
            held[some, part] += 1
            block = held[some, part]
            assert (block.size * row_bytes <= blocking.BLOCK
                    or (block.size - 1) * columns < gemm.WIDE)
        assert (held == 1).all()


def test_products_of_some_columns_are_the_product(monkeypatch):
    rng = np.random.default_rng(0)
    a, b, c = rng.integers(-9, 10, (2, 3, 5)), rng.integers(-9, 10, (4, 2, 5, 23)), np.empty(
        (4, 2, 3, 29), int)
    for most in (10**6, 100, 15):
        monkeypatch.setattr(gemm, "UNPACKED", most)
        assert np.array_equal(gemm.multiply(a, b, c[..., 3:26]), a @ b)
        d = rng.integers(-9, 10, (4, 2, 3, 23))
        assert np.array_equal(gemm.multiply_and_sum(d, b), (d @ b.mT).sum(axis=0))


def close(found, right):
    assert found.shape == right.shape
    assert np.abs(found - right).max(initial=0) <= 1e-13 * max(np.abs(right).max(initial=0), 1)
