"""The size formula against a count of starting places, and every way to write padding."""

from itertools import product

import numpy as np
import pytest

from convlib import conv2d, kernel_map, output_size
from convlib.axis import Axis, read_axes
from convlib.geometry import Geometry


def test_output_size_counts_starting_places():
    for size, kernel, stride, before, after, dilation in product(
            range(1, 8), range(1, 5), range(1, 4), range(3), range(3), range(1, 4)):
        span = 1 + (kernel - 1) * dilation
        starts = range(-before, size + after - span + 1, stride)
        if len(starts) == 0:
            continue
        found = output_size(size, kernel, stride=stride, padding=(before, after), dilation=dilation)
        assert found == len(starts)


@pytest.mark.parametrize("padding, pairs", [
    (1, [(1, 1), (1, 1)]), ((1, 2), [(1, 1), (2, 2)]), (((1, 0), (0, 2)), [(1, 0), (0, 2)]),
    ("valid", [(0, 0), (0, 0)]), ("full", [(3, 3), (4, 4)]), ("same", [(1, 2), (2, 2)]),
    ([1, (0, 2)], [(1, 1), (0, 2)]),
])
def test_padding_in_two_dimensions(padding, pairs):
    axes = read_axes((9, 9), (4, 3), padding=padding, dilation=(1, 2))
    assert [(a.before, a.after) for a in axes] == pairs


@pytest.mark.parametrize("padding, pair", [(2, (2, 2)), ((1, 2), (1, 2)), (((1, 2),), (1, 2)),
                                           ((3,), (3, 3)), ("same", (0, 1)), ("full", (1, 1))])
def test_padding_in_one_dimension(padding, pair):
    (axis,) = read_axes((9,), (2,), padding=padding)
    assert (axis.before, axis.after) == pair


def test_same_keeps_the_size_for_every_kernel():
    for size, kernel, dilation in product(range(1, 8), range(1, 6), range(1, 4)):
        assert output_size(size, kernel, padding="same", dilation=dilation) == size


def test_an_axis_lists_for_each_tap_the_outputs_whose_cell_is_no_padding():
    for size, kernel, stride, before, dilation, out in product(
            range(1, 6), range(1, 4), range(1, 4), range(4), range(1, 3), range(1, 5)):
        axis = Axis(size, kernel, stride, before, 0, dilation, out)
        for r in range(kernel):
            pairs = [(p, p * stride + r * dilation - before) for p in range(out)]
            inside = [(p, i) for p, i in pairs if 0 <= i < size]
            ps, cells = axis.slices(r)
            listed = zip(range(out)[ps], range(size)[cells], strict=True)
            assert list(listed) == inside


def test_numpy_integers_are_integers():
    assert output_size(np.int64(8), np.uint8(3), stride=np.int32(2)) == 3
    assert output_size(8, 3, stride=np.array(2), padding=np.array(1)) == 4
    assert conv2d(np.ones((4, 6)), np.ones((2, 3)), stride=np.array([1, 2])).shape == (3, 2)


@pytest.mark.parametrize("x_shape, w_shape, y_shape, bias_shape", [
    ((3, 4), (2, 5), (5, 11), ()), ((6, 3, 4), (6, 5, 2, 5), (10, 5, 11), (10,)),
    ((7, 6, 3, 4), (6, 5, 2, 5), (7, 10, 5, 11), (10,))])
def test_a_transposed_layer_names_its_own_input_and_output(x_shape, w_shape, y_shape, bias_shape):
    groups = 2 if bias_shape else 1
    options = {"ndim": 2, "stride": 2, "padding": ((0, 1), 0), "groups": groups}
    g = Geometry.transposed(x_shape, w_shape, **options)
    assert (g.x_shape, g.w_shape, g.y_shape) == (x_shape, w_shape, y_shape)
    assert g.bias_shape == bias_shape
    backwards = Geometry.of(y_shape, w_shape, **options)
    assert (backwards.x_shape, backwards.y_shape, backwards.axes) == (y_shape, x_shape, g.axes)
    assert (g.lifted.x, g.lifted.y) == (backwards.lifted.y, backwards.lifted.x)


def test_what_is_left_out_is_an_axis_of_one():
    assert Geometry.of((6,), (2,)).lifted == ((1, 1, 1, 1, 6), (1, 1, 1, 1, 2), (1, 1, 1, 1, 5))
    assert Geometry.of((4, 6, 5), (8, 2, 3, 2), groups=2).lifted == (
        (1, 2, 2, 6, 5), (2, 4, 2, 3, 2), (1, 2, 4, 4, 4))


@pytest.mark.parametrize("x_shape, w_shape, options", [
    ((9,), (3,), {}), ((8, 9), (2, 3), {}), ((4, 8, 9), (6, 2, 2, 3), {"groups": 2}),
    ((3, 4, 8, 9), (6, 2, 2, 3), {"groups": 2}), ((3, 4, 9), (6, 2, 3), {"groups": 2})])
def test_terms_are_those_of_the_longest_sums(x_shape, w_shape, options):
    table, nd = kernel_map(x_shape, w_shape, **options), 2 - len(w_shape) % 2
    g = Geometry.of(x_shape, w_shape, ndim=nd, **options)
    assert g.terms[:3] == tuple(_most(cells) for cells in (table.out, table.inp, table.tap))
    assert g.terms.db == np.prod(g.y_shape) // (w_shape[0] if g.has_channels else 1)
    t = Geometry.transposed(g.y_shape, w_shape, ndim=nd, **options)
    assert (t.terms.y, t.terms.dx, t.terms.dw) == (g.terms.dx, g.terms.y, g.terms.dw)
    channels = t.y_shape[-nd - 1] if t.has_channels else 1
    assert t.y_shape == x_shape and t.terms.db == np.prod(x_shape) // channels


def _most(cells):
    """How many rows share a cell."""
    return np.unique(np.stack(cells), axis=1, return_counts=True)[1].max()
