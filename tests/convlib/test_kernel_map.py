"""The table against plain loops from the definition, its three sums and its two matrices."""

from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from convlib import conv2d, conv2d_backward, kernel_map, vec
from tests.convlib.strategies import cases, loops


@settings(deadline=None, derandomize=True, max_examples=60)
@given(cases(ndims=(2,), words=False))
def test_rows_and_ghosts_are_those_of_the_definition(case):
    if len(case.w_shape) == 2:
        x_shape, w_shape = (1, 1, *case.x_shape), (1, 1, *case.w_shape)
    else:
        x_shape, w_shape = (1,) * (4 - len(case.x_shape)) + case.x_shape, case.w_shape
    pads = np.broadcast_to(np.reshape(case.options["padding"], (-1, 1))
                           if np.ndim(case.options["padding"]) < 2
                           else case.options["padding"], (2, 2)).tolist()
    options = {name: np.broadcast_to(case.options[name], 2).tolist()
               for name in ("stride", "dilation")}
    groups = case.options.get("groups", 1)
    rows = list(loops(x_shape, w_shape, pads=pads, groups=groups, **options))
    table = kernel_map(x_shape, w_shape, padding=pads, groups=groups, **options)
    assert [tuple(row) for row in table.rows()] == [row[:3] for row in rows if row[3]]
    ghosts = zip(*(np.stack(column, -1).tolist() for column in table.ghosts), strict=True)
    assert [tuple(map(tuple, g)) for g in ghosts] == [row[:3] for row in rows if not row[3]]


X, W, DY = np.array([1, 2, 3, 5]), np.array([10, 1]), np.array([2, 4, 7])


def test_the_six_rows_of_the_first_example():
    table = kernel_map((4,), (2,))
    assert [row.out + row.tap + row.inp for row in table.rows()] == [
        (0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 2), (2, 0, 2), (2, 1, 3)]
    assert len(table) == 6 and len(table.ghosts.out[0]) == 0
    assert repr(table) == "KernelMap(6 rows: x (4,), w (2,), y (3,))"


@pytest.mark.parametrize("by, key, falls", [("out", 0, False), ("tap", 1, False), ("inp", 2, True)])
def test_sorted_rows_keep_their_order_and_the_tap_falls_only_by_input(by, key, falls):
    rows = kernel_map((7, 6), (3, 2), stride=(2, 1)).rows(by=by)
    keys = [row[key] for row in rows]
    assert keys == sorted(keys)
    others = [(a, b) for a, b in pairwise(rows) if a[key] == b[key]]
    assert all((a.tap > b.tap) == falls and a.out <= b.out for a, b in others if a.tap != b.tap)


@pytest.mark.parametrize("shapes, options", [
    (((4,), (2,)), {}),
    (((9,), (3,)), {"stride": 2, "padding": (2, 1), "dilation": 2}),
    (((3, 5), (2, 3)), {"padding": "full"}),
    (((2, 4, 5, 3), (6, 2, 2, 2)), {"groups": 2, "stride": (1, 2), "padding": 1}),
])
def test_both_matrices_and_their_transposes_give_the_three_sums(shapes, options):
    table, rng = kernel_map(*shapes, **options), np.random.default_rng(3)
    x, w, dy = (rng.integers(-9, 10, s) for s in (*shapes, table.y_shape))
    m_x, m_w = table.image_matrix(x), table.filter_matrix(w)
    assert np.array_equal(m_x @ vec(w), vec(table.forward(x, w)))
    assert np.array_equal(m_w @ vec(x), vec(table.forward(x, w)))
    assert np.array_equal(m_x.T @ vec(dy), vec(table.grad_w(dy, x)))
    assert np.array_equal(m_w.T @ vec(dy), vec(table.grad_x(dy, w)))


def test_index_tuples_fit_the_arrays():
    table = kernel_map((2, 4, 5, 3), (6, 2, 2, 2), groups=2, padding=1)
    y, w, x = (np.zeros(s) for s in (table.y_shape, table.w_shape, table.x_shape))
    assert y[table.out].shape == w[table.tap].shape == x[table.inp].shape == (len(table),)


def test_mirrored_is_true_convolution():
    x, w = np.arange(1, 13).reshape(3, 4), np.array([[1, 2, 3], [4, 5, 7]])
    mirrored = kernel_map(x.shape, w.shape, mirrored=True, padding="full")
    by_rows = np.zeros((4, 6), int)  # a product of polynomials in two unknowns
    for (i, j), value in np.ndenumerate(x):
        by_rows[i : i + 2, j : j + 3] += value * w
    assert np.array_equal(mirrored.forward(x, w), by_rows)
    assert not np.array_equal(kernel_map(x.shape, w.shape, padding="full").forward(x, w), by_rows)


@pytest.mark.parametrize("options", [
    {}, {"stride": 2, "padding": 1}, {"stride": (3, 1), "padding": (2, 0), "dilation": (1, 2)},
    {"padding": 1, "groups": 2}], ids=str)
def test_indices_and_numbers_of_32_bits_give_the_same_sums(options, monkeypatch):
    # as in a browser, where NumPy's own integers have 32 bits
    x_shape, w_shape = ((4, 5, 6), (6, 2, 2, 3)) if "groups" in options else ((5, 6), (2, 3))
    wide = kernel_map(x_shape, w_shape, **options)
    monkeypatch.setattr(np, "indices", partial(np.indices, dtype=np.int32))
    table = kernel_map(x_shape, w_shape, **options)
    assert {a.dtype for a in (*table.out, *table.tap, *table.inp)} == {np.dtype(np.int32)}
    assert table.rows("inp") == wide.rows("inp")
    rng = np.random.default_rng(0)
    x, w, dy = (rng.integers(2**30, 2**31, shape, np.int32)  # a product needs 62 bits
                for shape in (x_shape, w_shape, wide.y_shape))
    grads = conv2d_backward(dy, x, w, **options)
    for found, expected, kernel in (
            (table.forward(x, w), wide.forward(*map(in_full, (x, w))), conv2d(x, w, **options)),
            (table.grad_w(dy, x), wide.grad_w(*map(in_full, (dy, x))), grads.dw),
            (table.grad_x(dy, w), wide.grad_x(*map(in_full, (dy, w))), grads.dx)):
        assert found.tolist() == expected.tolist() == kernel.tolist()
    for matrix in ("image_matrix", "filter_matrix"):
        entries = x if matrix == "image_matrix" else w
        assert np.array_equal(getattr(table, matrix)(entries), getattr(wide, matrix)(entries))


def in_full(array):
    """Python's own integers, which have as many bits as they need."""
    return array.astype(object)
