"""What a convolution costs: each formula beside numbers that count, a table, or an array."""

import tracemalloc
from itertools import product

import numpy as np
import pytest

from convlib import conv2d, im2col, kernel_map
from convlib.algorithms import winograd
from course.costs.cost_formulas import (
    PRODUCTS,
    SCRATCH,
    TRANSFORMS,
    intensity,
    sizes,
    transform,
)
from course.costs.counted_numbers import Counted, Tally, plain

CASES = [((1, 5, 7), (1, 1, 2, 3), {}), ((2, 5, 6), (3, 2, 2, 3), {"padding": 1}),
         ((2, 4, 7, 6), (6, 2, 3, 2), {"groups": 2, "stride": (2, 1)}),
         ((2, 3, 6, 8), (2, 3, 2, 3), {"padding": ((1, 0), (0, 2)), "dilation": (2, 1)}),
         ((4, 6), (3, 2), {"padding": 2, "stride": 3})]


def drawn(x_shape, w_shape):
    rng = np.random.default_rng(1)
    return rng.integers(1, 10, x_shape), rng.integers(1, 10, w_shape)


def counted(x, w, method, options):
    tally = Tally()
    y = conv2d(tally.counting(x), tally.counting(w), method=method, **options)
    assert np.array_equal(plain(y), conv2d(x, w, **options))
    return tally, y.size


@pytest.mark.parametrize("x_shape, w_shape, options", CASES)
def test_rows_are_those_of_the_table(x_shape, w_shape, options):
    assert sizes(x_shape, w_shape, **options).rows == len(kernel_map(x_shape, w_shape, **options))


@pytest.mark.parametrize("x_shape, w_shape, options", CASES)
def test_tap_by_tap_multiplies_each_row_of_the_table_once(x_shape, w_shape, options):
    tally, outputs = counted(*drawn(x_shape, w_shape), "direct", options)
    assert tally.products == PRODUCTS["direct"](sizes(x_shape, w_shape, **options))
    if "padding" not in options:
        assert tally.sums == tally.products - outputs


@pytest.mark.parametrize("method", ["windows", "im2col", "shifted"])
@pytest.mark.parametrize("x_shape, w_shape, options", CASES)
def test_the_others_multiply_the_zeros_of_the_padding_too(x_shape, w_shape, options, method):
    z = sizes(x_shape, w_shape, **options)
    tally, _ = counted(*drawn(x_shape, w_shape), method, options)
    assert tally.products == PRODUCTS[method](z)
    assert (tally.products > z.rows) == ("padding" in options)


@pytest.mark.parametrize("channels, groups", [(3, 1), (4, 2)])
def test_columns_are_as_many_as_im2col_writes(channels, groups):
    x_shape, options = (2, channels, 6, 8), {"padding": 1, "stride": (2, 1)}
    z = sizes(x_shape, (6, channels // groups, 2, 3), groups=groups, **options)
    assert SCRATCH["im2col"](z) == im2col(np.zeros(x_shape), (2, 3), **options).size


def test_a_transform_costs_what_a_fast_transform_multiplies():
    def fft(a):
        if len(a) == 1:
            return a
        even, odd, half = fft(a[::2]), fft(a[1::2]), len(a) // 2
        odd = odd * np.exp(-2j * np.pi * np.arange(half) / len(a))
        return np.concatenate([even + odd, even - odd])

    for n in (2, 8, 32):
        tally, numbers = Tally(), np.arange(n) ** 2
        assert np.allclose(plain(fft(tally.counting(numbers))), np.fft.fft(numbers))
        assert tally.products == transform(n)


def test_a_spectrum_costs_the_same_for_every_kernel_and_two_axes_cost_their_sum():
    assert len({PRODUCTS["fft"](sizes((2, 32, 16), (3, 2, R, 5))) for R in (1, 4, 9)}) == 1
    x_planes, w_planes, y_planes = 2, 3 * 2, 3
    one = 4 * (16 * transform(32) + 32 * transform(16)) / 2
    pointwise = 4 * 3 * 2 * 32 * np.fft.rfft(np.zeros(16)).size
    z = sizes((2, 32, 16), (3, 2, 4, 5))
    assert TRANSFORMS["fft"](z) == (x_planes + w_planes + y_planes) * one
    assert PRODUCTS["fft"](z) == TRANSFORMS["fft"](z) + pointwise
    assert SCRATCH["fft"](z) == 2 * 11 * np.fft.rfft2(np.zeros((32, 16))).size


def test_winograd_multiplies_every_mixed_cell_once(monkeypatch):
    made, rng = [], np.random.default_rng(2)
    plain_matrix = winograd._matrix

    def spy(mixed, channels):
        made.append(mixed.size)
        return plain_matrix(mixed, channels)

    monkeypatch.setattr(winograd, "_matrix", spy)
    for H, W in product(range(3, 12), (3, 6, 9)):
        x, w = rng.normal(size=(2, 4, H, W)), rng.normal(size=(6, 2, 3, 3))
        made.clear()
        conv2d(x, w, groups=2, method="winograd")
        z = sizes(x.shape, w.shape, groups=2)
        pointwise = PRODUCTS["winograd"](z) - TRANSFORMS["winograd"](z)
        assert pointwise == sum(made) * 3  # three filters in each group
        for m in (2, 4):
            covered = {(p // m, q // m) for p, q in np.ndindex(H - 2, W - 2)}
            pointwise = PRODUCTS["winograd"](z, m=m) - TRANSFORMS["winograd"](z, m=m)
            assert pointwise == 2 * 6 * 2 * (m + 2) ** 2 * len(covered)
    with pytest.raises(ValueError, match="3 x 3, not 5 x 3"):
        PRODUCTS["winograd"](sizes((8, 8), (5, 3)))


@pytest.mark.parametrize("m", [2, 3, 4])
def test_winograd_transforms_multiply_by_every_constant_that_is_not_0_or_1(m):
    (A, B, G), tally = winograd.matrices(m), Tally()

    def dot(row, numbers):
        total = tally.counting([0])[0]
        for c, number in zip(row, numbers, strict=True):
            if abs(c) == 1:
                total = total + number if c == 1 else total - number
            elif c:
                total = total + number * c
        return total

    def both(M, tile):  # on the columns, then on the rows
        half = np.array([[dot(row, column) for column in tile.T] for row in M])
        return np.array([[dot(row, line) for row in M] for line in half])

    x, w = drawn((2, 2 * m + 2, m + 2), (3, 2, 3, 3))  # two tiles
    kernels = [[both(G, plane) for plane in planes] for planes in tally.counting(w)]
    made = []
    for top in (0, m):
        tiles = [both(B.T, plane) for plane in tally.counting(x[:, top:top + m + 2])]
        before = tally.products
        sums = [sum(U * V for U, V in zip(filters, tiles, strict=True)) for filters in kernels]
        made.append(tally.products - before)
        y = np.array([plain(both(A.T, total)) for total in sums])
        assert np.allclose(y, conv2d(x, w)[:, top:top + m])
    z = sizes(x.shape, w.shape)
    assert tally.products == PRODUCTS["winograd"](z, m=m)
    assert tally.products - sum(made) == TRANSFORMS["winograd"](z, m=m)


@pytest.mark.parametrize("x_shape, w_shape", [((4, 40, 36), (4, 4, 3, 3)),
                                              ((2, 40, 44), (6, 2, 3, 3)),
                                              ((16, 32, 32), (16, 16, 3, 3))])
def test_a_method_writes_what_its_formula_says_and_at_most_as_much_again(
        x_shape, w_shape, monkeypatch):
    monkeypatch.setattr("convlib.algorithms.blocking.BLOCK", 2**21)  # an image in one block
    rng = np.random.default_rng(3)
    x, w = rng.normal(size=x_shape), rng.normal(size=w_shape)
    for method, formula in SCRATCH.items():
        conv2d(x, w, method=method)  # what a first call keeps is not counted
        tracemalloc.start()
        y = conv2d(x, w, method=method)
        used = (tracemalloc.get_traced_memory()[1] - y.nbytes) / 8
        tracemalloc.stop()
        expected = formula(sizes(x_shape, w_shape))
        most = 2 if method in ("fft", "winograd") else 1.06  # transforms keep copies for a while
        assert 0.99 * expected <= used <= most * expected + 1000, method


def test_intensity_divides_two_operations_a_row_by_the_bytes():
    x, w = np.ones((3, 9, 8)), np.ones((4, 3, 2, 5))
    moved = x.nbytes + w.nbytes + conv2d(x, w).nbytes
    z = sizes(x.shape, w.shape)
    assert intensity(z) == 2 * len(kernel_map(x.shape, w.shape)) / moved
    assert intensity(z, written=100) == 2 * z.rows / (moved + 1600)
    assert intensity(z, itemsize=4) == 2 * intensity(z)


def test_numbers_that_count():
    tally = Tally()
    a, b = tally.counting([3, 4])
    total = 0 + a * b + 2 * a - 1 + 0
    assert isinstance(total, Counted) and plain(total) == 3 * 4 + 6 - 1
    assert (tally.products, tally.sums) == (2, 2)
    assert plain(7) == 7 and plain(tally.counting([[1, 2]])).tolist() == [[1, 2]]
