"""The checks see what they claim to see, and fail where they should."""

import numpy as np
import pytest

from convlib import (
    adjoint_gap,
    agreement,
    conv2d,
    conv2d_backward,
    kernel_map,
    numerical_gradient,
    routes,
)

RNG = np.random.default_rng(0)
X, W, DY = RNG.normal(size=(5, 6)), RNG.normal(size=(2, 3)), RNG.normal(size=(4, 4))


def unflipped(dy, x, w):
    """The commonest mistake: dx with the kernel as the forward pass reads it."""
    return conv2d_backward(dy, x, w)._replace(dx=conv2d_backward(dy, x, np.flip(w)).dx)


def loss(x):
    return (DY * conv2d(x, W)).sum()


def test_a_step_of_one_is_exact_and_sees_a_thousandth():
    right = conv2d_backward(DY, X, W).dx
    assert np.abs(numerical_gradient(loss, X, eps=1) - right).max() < 1e-10
    off = right.copy()
    off[2, 3] *= 1.001
    assert np.abs(numerical_gradient(loss, X, eps=1) - off).max() > 1e-10


def test_differences_of_a_bent_function_need_a_small_step():
    found = numerical_gradient(lambda v: (v**3).sum(), [1, 2])
    assert np.allclose(found, [3, 12], rtol=1e-8) and found.dtype == np.float64
    assert np.allclose(numerical_gradient(lambda v: (v**3).sum(), [1, 2], eps=1), [4, 13])


def test_the_array_is_left_as_it_was():
    x = np.array([1, 2])
    numerical_gradient(lambda v: (v * 2).sum(), x)
    assert x.tolist() == [1, 2] and x.dtype.kind == "i"


def test_the_adjoint_gap_sees_a_missing_flip():
    def gap(backward):
        return adjoint_gap(lambda v: conv2d(v, W), lambda g: backward(g, X, W).dx, X, DY)

    assert gap(conv2d_backward) < 1e-15 < 1e-3 < gap(unflipped)
    assert adjoint_gap(lambda v: 0 * v, lambda g: 0 * g, X, X) == 0


def test_the_adjoint_gap_is_a_share_of_the_larger_sum():
    x, dy = np.array([1.0]), np.array([4.0])
    for f, f_adjoint, gap in ((2, 3, 4 / 12), (3, 2, 4 / 12), (0, 3, 1), (3, 0, 1)):
        assert adjoint_gap(lambda v, f=f: f * v, lambda g, f=f_adjoint: f * g, x, dy) == gap


@pytest.mark.parametrize("x_shape, w_shape, options", [
    ((6,), (3,), {"stride": 2, "padding": (3, 1)}),
    ((2, 5), (4, 1, 2), {"groups": 2, "dilation": 2, "padding": "full"}),
    ((4, 5), (2, 3), {"padding": ((2, 0), (0, 4)), "stride": (3, 1)}),
    ((2, 2, 4, 3), (2, 2, 3, 2), {"dilation": (1, 2), "stride": (2, 1), "padding": 1}),
])
def test_five_routes_agree_exactly(x_shape, w_shape, options):
    x, w = RNG.integers(-9, 10, x_shape), RNG.integers(-9, 10, w_shape)
    y_shape = (routes.conv1d if w.ndim in (1, 3) else conv2d)(x, w, **options).shape
    panel = agreement(RNG.integers(-9, 10, y_shape), x, w, **options)
    assert len(panel.gaps) == 5 and panel.worst == 0


@pytest.mark.parametrize("dy, x, w", [
    ([2**62, 2**62], [3, 5, 7], [2, 4]),  # dy times a tap leaves 64 bits
    ([3, -1], [2**70, 1, -2**70], [2**65, 1]),
    (np.array([2**63, 2], np.uint64), np.array([1, 2, 3], np.uint64), np.array([1, 4], np.uint64)),
])
def test_routes_agree_exactly_past_64_bits(dy, x, w):
    assert agreement(dy, x, w).worst == 0


def test_a_route_that_is_wrong_by_one_past_64_bits_shows(monkeypatch):
    monkeypatch.setitem(routes.ROUTES, "matrix", lambda dy, x, w: (
        np.add(kernel_map(x.shape, w.shape).grad_x(dy, w), [0, 1, 0]),
        kernel_map(x.shape, w.shape).grad_w(dy, x)))
    panel = agreement([2**62, 2**62], [3, 5, 7], [2, 4], routes=("matrix",))
    assert panel.gaps == {"matrix": (1, 0)}


def test_a_route_of_the_wrong_shape_is_named(monkeypatch):
    monkeypatch.setitem(routes.ROUTES, "matrix", lambda dy, x, w, **options: (x[:1], w))
    with pytest.raises(ValueError, match=r"dx by matrix has shape \(1,\), but dx has shape \(3,\)"):
        agreement([1, 2], [1, 2, 3], [1, -1], routes=("matrix",))


def test_flipped_correlation_where_the_padding_hides_a_cell():
    assert agreement([5], [1], [7], stride=3, padding=(2, 0)).worst == 0


def test_a_wrong_route_shows_in_the_panel(monkeypatch):
    x, w, dy = np.arange(12).reshape(3, 4), np.array([[1, 2], [3, 5]]), np.arange(6).reshape(2, 3)

    monkeypatch.setitem(routes.ROUTES, "matrix", lambda *arrays: unflipped(*arrays)[:2])
    panel = agreement(dy, x, w)
    assert panel.gaps["matrix"][0] == panel.worst > 0 == panel.gaps["matrix"][1]
    assert panel.gaps["sympy"] == (0, 0)
    right = conv2d_backward(dy, x, w)
    monkeypatch.setitem(routes.ROUTES, "matrix", lambda *_, **__: (right.dx, right.dw + w))
    assert agreement(dy, x, w).gaps["matrix"] == (0, 5)


def test_the_worst_gap_is_nan_if_one_gap_is(monkeypatch):
    monkeypatch.setitem(routes.ROUTES, "matrix",
                        lambda dy, x, w: (np.array([1, 4, 4.]), w * np.nan))
    panel = agreement([1, 2.], [1, 2, 3.], [1, 2.], routes=("kernel map", "matrix"))
    assert panel.gaps["matrix"][0] == 0 and np.isnan(panel.worst)


def test_the_panel_reads_as_text_and_as_a_table():
    panel = agreement([1, 2], [1, 2, 3], [1, -1], routes=("kernel map", "differences"))
    assert repr(panel).splitlines() == [
        "route                         dx        dw", "kernel map                     0         0",
        "differences                    0         0"]
    assert "<th scope='row'>kernel map</th><td>0</td><td>0</td>" in panel._repr_html_()
