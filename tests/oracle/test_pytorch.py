"""PyTorch as an independent oracle: random shapes, every option, forward and every gradient."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from convlib import (
    agreement,
    col2im,
    conv1d,
    conv2d,
    conv2d_backward,
    conv_transpose1d,
    conv_transpose1d_backward,
    conv_transpose2d,
    conv_transpose2d_backward,
    im2col,
)
from convlib.geometry import Geometry
from convlib.routes import ROUTES
from course.mistakes import MISTAKES
from course.mistakes.check_matrix import GENERIC
from tests.convlib.strategies import cases

pytestmark = pytest.mark.oracle
many = settings(deadline=None, derandomize=True, max_examples=200)
BOUND = {np.float64: 1e-13, np.float32: 1e-5}


def tensors(dtype, *arrays):
    return [torch.tensor(a.astype(dtype), requires_grad=True) for a in arrays]


def close(found, wanted, dtype):
    wanted = wanted.detach().numpy()
    assert found.shape == wanted.shape and found.dtype == dtype
    assert np.abs(found - wanted).max(initial=0) <= BOUND[dtype] * max(
        np.abs(wanted).max(initial=0), 1e-30)


def torch_conv(x, w, b, case):
    """conv1d or conv2d of PyTorch, asymmetric padding by F.pad, missing axes put in front."""
    g = Geometry.of(case.x_shape, case.w_shape, **case.options)
    rank = case.ndim + 2
    pads = [n for a in reversed(g.axes) for n in (a.before, a.after)]
    x, w = (t.reshape((1,) * (rank - t.ndim) + t.shape) for t in (x, w))
    y = (F.conv1d, F.conv2d)[case.ndim - 1](
        F.pad(x, pads), w, b.reshape(-1), groups=g.groups,
        stride=[a.stride for a in g.axes], dilation=[a.dilation for a in g.axes])
    return y.reshape(g.y_shape)


@pytest.mark.parametrize("dtype", BOUND)
@many
@given(case=cases())
def test_convolution_and_its_three_gradients(dtype, case):
    rng = np.random.default_rng(0)
    bias_shape = case.w_shape[:1] if len(case.w_shape) > case.ndim else ()
    x, w, b = (rng.normal(size=s).astype(dtype) if s != () else np.asarray(dtype(0.7)) for s in
               (case.x_shape, case.w_shape, bias_shape))
    tx, tw, tb = tensors(dtype, x, w, b)
    wanted = torch_conv(tx, tw, tb, case)
    close(case.conv(x, w, b, **case.options), wanted, dtype)
    dy = rng.normal(size=wanted.shape).astype(dtype)
    wanted.backward(torch.tensor(dy))
    for found, t in zip(case.backward(dy, x, w, **case.options), (tx, tw, tb), strict=True):
        close(found, t.grad, dtype)


@st.composite
def transposed(draw, nd):
    def ints(low, high):
        return draw(st.tuples(*[st.integers(low, high)] * nd))

    stride, dilation, kernel, size = ints(1, 3), ints(1, 3), ints(1, 3), ints(2, 5)
    extra = tuple(draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation,
                                                                     strict=True))
    padding = tuple(draw(st.integers(0, min(2, d * (k - 1) // 2))) for d, k in
                    zip(dilation, kernel, strict=True))
    groups, c, k, n = draw(st.tuples(*[st.integers(1, 2)] * 4))
    options = {"stride": stride, "padding": padding, "output_padding": extra,
               "dilation": dilation, "groups": groups}
    return (n, groups * c, *size), (groups * c, k, *kernel), groups * k, options


@pytest.mark.parametrize("nd", [1, 2])
@many
@given(data=st.data())
def test_transposed_convolution_and_its_gradients(nd, data):
    x_shape, w_shape, filters, options = data.draw(transposed(nd))
    conv, backward, theirs = (
        (conv_transpose1d, conv_transpose1d_backward, F.conv_transpose1d),
        (conv_transpose2d, conv_transpose2d_backward, F.conv_transpose2d))[nd - 1]
    ours = {**options, "padding": [(p, p) for p in options["padding"]]}
    rng = np.random.default_rng(0)
    x, w, b = (rng.normal(size=s) for s in (x_shape, w_shape, filters))
    tx, tw, tb = tensors(np.float64, x, w, b)
    wanted = theirs(tx, tw, tb, **options)
    close(conv(x, w, b, **ours), wanted, np.float64)
    dy = rng.normal(size=wanted.shape)
    wanted.backward(torch.tensor(dy))
    for found, t in zip(backward(dy, x, w, **ours), (tx, tw, tb), strict=True):
        close(found, t.grad, np.float64)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize("kernel", [(2, 3), (3, 2), (4, 4), (1, 5)])
@pytest.mark.parametrize("dilation", [1, 2])
def test_same_puts_the_odd_cell_where_pytorch_does(kernel, dilation):
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(1, 2, 7, 8)), rng.normal(size=(3, 2, *kernel))
    wanted = F.conv2d(*tensors(np.float64, x, w), padding="same", dilation=dilation)
    close(conv2d(x, w, padding="same", dilation=dilation), wanted, np.float64)


def test_unfold_and_fold():
    options = {"stride": (1, 2), "padding": (1, 2), "dilation": (2, 1)}
    x = np.random.default_rng(0).normal(size=(2, 3, 6, 5))
    (tx,) = tensors(np.float64, x)
    columns = F.unfold(tx, (2, 3), **options)
    close(im2col(x, (2, 3), **options), columns, np.float64)
    close(col2im(columns.detach().numpy(), x.shape, (2, 3), **options),
          F.fold(columns, (6, 5), (2, 3), **options), np.float64)


@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("where", ["x", "w", "dy"])
def test_values_that_are_not_finite_land_where_pytorch_puts_them(bad, where):
    rng = np.random.default_rng(0)
    arrays = {"x": rng.normal(size=(1, 2, 5, 6)), "w": rng.normal(size=(2, 2, 2, 3)),
              "dy": rng.normal(size=(1, 2, 6, 8))}
    arrays[where][(0, 1, 1, 2)] = bad
    tx, tw = tensors(np.float64, arrays["x"], arrays["w"])
    y = F.conv2d(tx, tw, padding=(1, 2))
    y.backward(torch.tensor(arrays["dy"]))
    found = conv2d_backward(arrays["dy"], arrays["x"], arrays["w"], padding=(1, 2))
    ours = conv2d(arrays["x"], arrays["w"], padding=(1, 2)), found.dx
    for mine, theirs in zip(ours, (y.detach(), tx.grad), strict=True):
        assert np.array_equal(np.isfinite(mine), np.isfinite(theirs.numpy()))


@pytest.mark.parametrize("bad", [np.inf, np.nan])
def test_a_transposed_kernel_that_is_not_finite(bad):
    x, w = np.ones((1, 1, 3, 4)), np.ones((1, 1, 2, 3))
    w[0, 0, 1, 0] = bad
    tx, tw = tensors(np.float64, x, w)
    y = F.conv_transpose2d(tx, tw, padding=(1, 1))
    y.backward(torch.ones_like(y))
    found = conv_transpose2d_backward(np.ones(y.shape), x, w, padding=1)
    for mine, theirs in zip(found[:2], (tx.grad, tw.grad), strict=True):
        assert np.array_equal(mine, theirs.numpy(), equal_nan=True)


def test_long_sums_of_single_precision():
    rng = np.random.default_rng(0)
    x, w = rng.random((1, 1, 400, 500), np.float32), rng.random((1, 1, 3, 3), np.float32)
    dy = rng.random((1, 1, 398, 498), np.float32)
    exact = conv2d_backward(dy.astype(float), x.astype(float), w.astype(float))
    for found, right in zip(conv2d_backward(dy, x, w), exact, strict=True):
        assert found.dtype == np.float32
        assert np.abs(found - right).max() <= 1e-5 * np.abs(right).max()


def test_the_agreement_panel_asks_pytorch_when_it_is_named():
    x, w = np.arange(12).reshape(3, 4) % 5, np.array([[1, 2, -1], [0, 3, 4]])
    options = {"stride": (1, 2), "padding": (0, 1)}
    dy = np.arange(conv2d(x, w, **options).size).reshape(conv2d(x, w, **options).shape)
    panel = agreement(dy, x, w, routes=("pytorch", "kernel map"), **options)
    assert panel.worst == 0
    assert conv1d([1, 2], [3]).tolist() == [3, 6]


@pytest.mark.parametrize("name", [name for name, f in MISTAKES.items() if f.replaces == "conv"])
def test_pytorch_notices_every_mistake_of_the_catalogue(name):
    noticed = False
    for x_shape, w_shape, options in GENERIC:
        rng = np.random.default_rng(3)
        x, w = (rng.integers(1, 10, shape) for shape in (x_shape, w_shape))
        b = rng.integers(1, 10, w_shape[:1] if w.ndim > 2 else ())
        dy = rng.integers(1, 10, conv2d(x, w, **options).shape)
        dx, dw = ROUTES["pytorch"](dy, x, w, **options)
        tb = torch.tensor(b, dtype=torch.float64, requires_grad=True)
        (torch.tensor(dy) * tb.reshape(b.shape + (1, 1) * b.ndim)).sum().backward()
        truth = dx, dw, tb.grad.numpy()
        right = conv2d_backward(dy, x, w, **options)
        assert all(np.array_equal(*pair) for pair in zip(right, truth, strict=True))
        wrong = MISTAKES[name](dy, x, w, **options)
        noticed |= not all(np.array_equal(*pair) for pair in zip(wrong, truth, strict=True))
    assert noticed
