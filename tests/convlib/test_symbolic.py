"""The proofs for every size, read at concrete sizes and compared with the table of letters."""

from itertools import product
from math import gcd

import numpy as np
import pytest
import sympy as sp

from convlib import conv1d, conv2d, kernel_map
from convlib import symbolic as s

# (H, W), (R, S), (P, Q) all different in each pair
SIZES = [((3, 4), (2, 3)), ((5, 3), (2, 1)), ((4, 6), (3, 2)), ((3, 5), (1, 4)), ((6, 4), (4, 2)),
         ((2, 5), (2, 3))]


def table_of(x_shape, w_shape, **options):
    table = kernel_map(x_shape, w_shape, **options)
    names = [s.symbols(n, shape) for n, shape in
             (("x", x_shape), ("w", w_shape), ("dy", table.y_shape))]
    return table, dict(zip(("x", "w", "dy"), names, strict=True))


def sizes(table):
    named = zip("PQRS", (*table.y_shape, *table.w_shape), strict=False)
    return dict(named) if len(table.y_shape) == 2 else {"P": table.y_shape[0],
                                                        "R": table.w_shape[0]}


def equal(one, other):
    return sp.expand(one - other) == 0


@pytest.mark.parametrize("x_shape, w_shape", SIZES)
@pytest.mark.parametrize("proof", [
    lambda: s.input_indicator(2), lambda: s.input_gradient(2, over="out"),
    lambda: s.input_gradient(2, over="tap")], ids=["indicator", "over out", "over tap"])
def test_input_gradient_of_every_size(x_shape, w_shape, proof):
    table, arrays = table_of(x_shape, w_shape)
    dx, general = table.grad_x(arrays["dy"], arrays["w"]), proof()
    for i, j in np.ndindex(x_shape):
        assert equal(general.at(**sizes(table), **arrays, i=i, j=j), dx[i, j])


@pytest.mark.parametrize("x_shape, w_shape", SIZES)
def test_kernel_gradient_of_every_size(x_shape, w_shape):
    table, arrays = table_of(x_shape, w_shape)
    dw, general = table.grad_w(arrays["dy"], arrays["x"]), s.kernel_gradient(2)
    for a, b in np.ndindex(w_shape):
        assert equal(general.at(**sizes(table), **arrays, a=a, b=b), dw[a, b])
    assert general.at(**sizes(table), **arrays, a=w_shape[0], b=0) == 0  # no such tap


def flipped_and_padded():
    """The steps of chapter 5: the condition becomes the limits, and both sums count from 0."""
    windowed = (s.input_gradient(2, over="tap").between(s.p, s.i - s.R + 1, s.i)
                .between(s.q, s.j - s.S + 1, s.j).settle())
    return windowed, (windowed.reindex(s.p, s.m, s.m + s.i - s.R + 1, 0, s.R - 1)
                      .reindex(s.q, s.u, s.u + s.j - s.S + 1, 0, s.S - 1))


def test_the_change_of_variables_ends_with_the_flipped_kernel_and_no_condition():
    windowed, counted = flipped_and_padded()
    assert windowed.condition is counted.condition is sp.true
    taps = {index.indices for index in counted.summand.atoms(sp.Indexed) if index.base == s.w}
    assert taps == {(s.R - 1 - s.m, s.S - 1 - s.u)}


@pytest.mark.parametrize("x_shape, w_shape", SIZES)
def test_the_change_of_variables_keeps_the_value(x_shape, w_shape):
    table, arrays = table_of(x_shape, w_shape)
    dx = table.grad_x(arrays["dy"], arrays["w"])
    for step in flipped_and_padded():
        for i, j in np.ndindex(x_shape):
            assert equal(step.at(**sizes(table), **arrays, i=i, j=j), dx[i, j])


def test_settle_keeps_what_the_limits_do_not_say():
    gathered = s.input_gradient(1, over="tap")  # 0 <= i - p <= R - 1, with p from 0 to P - 1
    assert gathered.settle().condition == gathered.condition != sp.true
    half = gathered.between(s.p, s.i - s.R + 1, s.P - 1).settle()
    assert half.condition == (s.i - s.p >= 0)  # the upper end is still open
    strict = gathered._replace(condition=s.p > -1)
    assert strict.settle().condition == (s.p > -1)  # not read, so not dropped


@pytest.mark.parametrize("stride, padding, dilation", [(2, 0, 1), (1, 1, 2), (2, 1, 3), (3, 2, 2)])
def test_any_stride_padding_and_dilation_with_the_indicator_kept(stride, padding, dilation):
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    table, arrays = table_of((7, 8), (2, 3), **options)
    symbols = {"stride": s.stride, "padding": s.padding, "dilation": s.dilation}
    for general, gradient, indices in (
            (s.input_indicator(2, **symbols), table.grad_x(arrays["dy"], arrays["w"]), "ij"),
            (s.kernel_gradient(2, **symbols), table.grad_w(arrays["dy"], arrays["x"]), "ab")):
        for cell in list(np.ndindex(gradient.shape))[::5]:
            at = dict(zip(indices, cell, strict=True))
            assert equal(general.at(**sizes(table), **options, **arrays, **at), gradient[cell])


def test_dilation_is_summed_away_at_stride_one():
    table, arrays = table_of((8, 9), (3, 2), padding=1, dilation=2)
    general = s.input_gradient(2, padding=s.padding, dilation=s.dilation)
    dx = table.grad_x(arrays["dy"], arrays["w"])
    for i, j in list(np.ndindex(dx.shape))[::4]:
        found = general.at(**sizes(table), **arrays, padding=1, dilation=2, i=i, j=j)
        assert equal(found, dx[i, j])


def test_residue_classes_for_every_small_stride():
    general = s.input_gradient_by_residues()
    assert not general.summand.has(sp.KroneckerDelta)
    for size, taps, stride, padding in product((4, 7), (1, 2, 3), (1, 2, 3), (0, 1, 2)):
        table, arrays = table_of((size,), (taps,), stride=stride, padding=padding)
        dx = table.grad_x(arrays["dy"], arrays["w"])
        for i in range(size):
            m, t = divmod(i + padding, stride)  # at() refuses a fractional index
            found = general.at(**sizes(table), **arrays, stride=stride, padding=padding, m=m, t=t)
            assert equal(found, dx[i])


GRID = [  # stride, dilation, padding, sizes of x and w on both axes: gcd 1, 1, 2, 3
    (3, 1, 1, (7, 5), (4, 2)), (2, 3, 2, (8, 6), (3, 2)), (4, 2, 3, (8, 5), (4, 2)),
    (3, 3, 1, (8, 6), (2, 2))]


@pytest.mark.parametrize("step, spread, pad, x_shape, w_shape", GRID)
@pytest.mark.parametrize("ndim", [1, 2])
def test_residue_classes_with_dilation_on_one_axis_and_on_two(ndim, step, spread, pad, x_shape,
                                                              w_shape):
    options = {"stride": step, "padding": pad, "dilation": spread}
    table, arrays = table_of(x_shape[:ndim], w_shape[:ndim], **options)
    general = s.input_gradient_by_residues(ndim, dilated=True)
    shared = gcd(step, spread)
    known = {"gcd": shared, "a": step // shared, "b": spread // shared, "padding": pad}
    dx = table.grad_x(arrays["dy"], arrays["w"])
    for cell in list(np.ndindex(dx.shape))[::2 if ndim > 1 else 1]:
        if any((n + pad) % shared for n in cell):
            assert dx[cell] == 0  # no row of the table at all
            continue
        place = {}
        for names, n in zip((("m", "t"), ("n", "e")), cell, strict=False):
            rest = next(t for t in range(step // shared) if (n + pad - spread * t) % step == 0)
            place |= dict(zip(names, ((n + pad - spread * rest) // step, rest), strict=True))
        assert equal(general.at(**sizes(table), **arrays, **known, **place), dx[cell])


def test_a_cell_has_one_remainder_and_meets_no_tap_of_another():
    for step, spread, cell, tap in product(range(1, 7), range(1, 7), range(24), range(8)):
        apart = step // gcd(step, spread)
        own = [t for t in range(apart) if (cell - spread * t) % step == 0]
        assert len(own) == (cell % gcd(step, spread) == 0)
        meets = (cell - spread * tap) % step == 0  # for some output p
        assert meets == (tap % apart in own)


def test_groups_filters_and_channels_of_every_number():
    options = {"stride": 2, "padding": 1, "dilation": 3}
    groups, filters, channels = 2, 3, 2  # of each group
    table, arrays = table_of((groups * channels, 8), (groups * filters, channels, 3),
                             groups=groups, **options)
    lifted = {name: array.reshape(*shape, array.shape[-1]) for (name, array), shape in zip(
        arrays.items(), ((groups, channels), (groups, filters, channels), (groups, filters)),
        strict=True)}
    known = {"K": groups * filters, "C": groups * channels, "groups": groups,
             "P": table.y_shape[-1], "R": 3}
    symbols = {"stride": s.stride, "padding": s.padding, "dilation": s.dilation}
    dx = table.grad_x(arrays["dy"], arrays["w"]).reshape(groups, channels, 8)
    dw = table.grad_w(arrays["dy"], arrays["x"]).reshape(lifted["w"].shape)
    kept = s.input_indicator(1, channels=True, **symbols)
    for cell in [(0, 1, 0), (1, 0, 3), (1, 1, 7)]:
        at = dict(zip(("group", "channel", "i"), cell, strict=True))
        assert equal(kept.at(**known, **options, **lifted, **at), dx[cell])
    away = s.input_gradient_by_residues(1, dilated=True, channels=True)
    for cell in [(0, 1, 0), (1, 0, 4), (1, 1, 7)]:  # i + 1 = 2 m + 3 t
        rest = (cell[2] + 1) % 2
        at = {"group": cell[0], "channel": cell[1], "m": (cell[2] + 1 - 3 * rest) // 2, "t": rest}
        assert equal(away.at(**known, **lifted, **at, gcd=1, a=2, b=3, padding=1), dx[cell])
    own = s.kernel_gradient(1, channels=True, **symbols)
    for cell in [(0, 2, 1, 0), (1, 0, 0, 2)]:
        at = dict(zip(("group", "filter", "channel", "a"), cell, strict=True))
        assert equal(own.at(**known, **options, **lifted, **at), dw[cell])
    assert own.at(**known, **options, **lifted, group=2, filter=0, channel=0, a=0) == 0


def test_each_residue_class_sums_over_its_own_taps_and_no_more():
    ((_, first, last),) = s.input_gradient_by_residues().limits
    for taps, stride, t in product(range(1, 6), range(1, 5), range(4)):
        if t < stride:
            end = last.subs({s.R: taps, s.stride: stride, s.t: t})
            assert first == 0 and end + 1 == len(range(t, taps, stride))


def indices(expression):
    return [n for cell in expression.atoms(sp.Indexed) for n in cell.indices]


@pytest.mark.parametrize("general", [
    s.kernel_gradient(2, stride=s.stride, padding=s.padding, dilation=s.dilation),
    s.input_indicator(2, stride=s.stride, padding=s.padding, dilation=s.dilation),
    s.input_gradient(2, over="tap"), s.input_gradient(1, padding=s.padding, dilation=s.dilation),
    *(s.input_gradient_by_residues(n, dilated=d) for n in (1, 2) for d in (False, True)),
    s.input_gradient_by_residues(2, dilated=True, channels=True)])
def test_no_index_is_ever_fractional(general):
    assert indices(general.summand)
    assert all(index.is_integer for index in indices(general.summand))


def test_the_trap_that_sum_out_refuses():
    naive = sp.Sum(s.w[s.r] * sp.KroneckerDelta(s.i, 2 * s.p + 3 * s.r), (s.r, 0, 2)).doit()
    naive = naive.subs({s.i: 1, s.p: 0})
    assert any(not index.is_integer for index in indices(naive))  # w[1/3]; the truth is 0
    for index in (s.r, s.p):
        with pytest.raises(ValueError, match="keep the delta"):
            s.input_indicator(1, stride=2, dilation=3).sum_out(index)
    with pytest.raises(ValueError, match="fractional"):
        s.TableSum(s.w[sp.Rational(1, 3)], ()).at(w=[1, 2])


def test_sympy_alone_finds_the_same_two_gradients():
    y = sp.Sum(s.x[s.p + s.r] * s.w[s.r], (s.r, 0, s.R - 1))
    by_w, by_x = y.diff(s.w[s.a]).doit(), y.diff(s.x[s.i]).doit()
    assert by_w.args[0][0] == s.x[s.a + s.p] and by_x.args[0][0] == s.w[s.i - s.p]


def test_letters():
    assert [str(v) for v in s.symbols("x", 3)] == ["x_0", "x_1", "x_2"]
    assert str(s.symbols("w", (2, 11))[1, 10]) == "w_{1,10}" and str(s.symbols("L", ())) == "L"
    with pytest.raises(TypeError, match="shape must be an integer"):
        s.symbols("x", 2.5)


def test_jacobian_and_formula():
    x, w = s.symbols("x", (2, 3)), s.symbols("w", (1, 2))
    found = s.jacobian(conv2d(x, w), x)
    assert found.shape == (4, 6)
    table = kernel_map(x.shape, w.shape)
    assert np.array_equal(np.array(found), table.filter_matrix(w))
    assert np.array_equal(np.array(s.jacobian(conv2d(x, w), w)), table.image_matrix(x))
    assert s.formula(x[0]).shape == (1, 3) and s.formula(x).shape == (2, 3)


def test_evaluate_puts_the_numbers_back():
    y = conv1d(s.symbols("x", 4), s.symbols("w", 2))
    assert s.evaluate(y, {"x": [1, 2, 3, 5], "w": [10, 1]}).tolist() == [12, 23, 35]
    assert s.evaluate(y, {"x": [0.5, 0, 0, 1], "w": [1, 2]}).tolist() == [0.5, 0, 2.0]
