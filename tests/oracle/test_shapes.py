"""Thousands of seeded shapes against PyTorch, in the spirit of benchdnn: every option on each axis.

Strides, dilations and paddings differ from axis to axis and from end to end, strides leave tails
of up to three cells, groups are uneven or one a channel, and NaN or infinity stands somewhere.
"""

from typing import NamedTuple

import numpy as np
import pytest
import torch
from torch.nn import functional as F

import convlib
from convlib.algorithms import METHODS

pytestmark = pytest.mark.oracle
CHUNK, CHUNKS = 110, 5
KINDS = [(name, nd) for name in ("conv", "conv_transpose") for nd in (1, 2)]
BAD = np.nan, np.inf, -np.inf


class Layer(NamedTuple):
    """Shapes of x, w and b, options of convlib, and which array holds what bad value."""

    x_shape: tuple
    w_shape: tuple
    filters: int
    options: dict
    where: str
    bad: float


def drawn(name, nd, seed):
    """The layer of a seed. On each axis the size leaves over what the stride does not reach."""
    rng = np.random.default_rng([nd, len(name), seed])
    kernel, stride, dilation = (rng.integers(1, high, nd) for high in (5, 5, 4))
    out = rng.integers(1, 5, nd)
    tail = np.minimum(rng.integers(0, 4, nd), stride - 1)
    pads = rng.integers(0, 4, (nd, 2))
    span = dilation * (kernel - 1) + 1
    size = (out - 1) * stride + span + tail - pads.sum(axis=1)
    pads[size < 1], size = 0, np.where(size < 1, size + pads.sum(axis=1), size)
    n, channels, filters, groups = (int(v) for v in rng.integers(1, 4, 4))
    if seed % 4 == 0:
        channels, groups = 1, 5  # depthwise, with several filters a channel
    options = {"stride": stride, "dilation": dilation, "padding": pads.tolist(), "groups": groups}
    x_shape, w_shape = (n, groups * channels, *size), (groups * filters, channels, *kernel)
    if name == "conv_transpose":
        x_shape, w_shape = (n, groups * channels, *out), (groups * channels, filters, *kernel)
        options["output_padding"] = tail
    options["method"] = ["auto", *METHODS][seed // 2 % 7 if seed % 2 else 0]
    if options["method"] == "winograd" and not (nd == 2 and (kernel == 3).all()
                                                and (stride == 1).all()):
        options["method"] = "direct"
    finite = seed % 3 or options["method"] in ("fft", "winograd")
    where = "nothing" if finite else str(rng.choice(["x", "w", "dy"]))
    return Layer(x_shape, w_shape, groups * filters, options, where, BAD[seed // 3 % 3])


def theirs(name, nd, layer, x, w, b):
    """PyTorch's result; F.pad pads each end by itself, and cuts where the number is negative."""
    stride, dilation, pads, groups = (layer.options[option] for option in (
        "stride", "dilation", "padding", "groups"))
    step = {"stride": stride.tolist(), "dilation": dilation.tolist(), "groups": groups}
    if name == "conv":
        ends = [end for pair in reversed(pads) for end in pair]
        return getattr(F, f"conv{nd}d")(F.pad(x, ends), w, b, **step)
    extra = layer.options["output_padding"].tolist()
    whole = F.pad(getattr(F, f"conv_transpose{nd}d")(x, w, **step),
                  [end for more in reversed(extra) for end in (0, more)])
    cut = F.pad(whole, [-end for pair in reversed(pads) for end in pair])
    return cut + b.reshape(-1, *[1] * nd)


def expect_alike(found, wanted, say):
    """The same NaN and infinities, and the rest alike to the last digits."""
    finite = np.isfinite(wanted)
    assert found.shape == wanted.shape, say
    assert np.array_equal(found[~finite], wanted[~finite], equal_nan=True), say
    assert np.isfinite(found[finite]).all(), say
    gap, scale = (np.abs(a[finite]).max(initial=0) for a in (found - wanted, wanted))
    assert gap <= 1e-11 * max(scale, 1), (say, gap, scale)


@np.errstate(invalid="ignore")
def compare(name, nd, seed):
    """One layer, forward and backward. A transposed layer may have no cell left: False."""
    layer, rng = drawn(name, nd, seed), np.random.default_rng(seed)
    x, w, b = (rng.normal(size=s) for s in (layer.x_shape, layer.w_shape, layer.filters))
    ours, backward = (getattr(convlib, f"{name}{nd}d{end}") for end in ("", "_backward"))
    try:
        dy = rng.normal(size=ours(x, w, b, **layer.options).shape)
    except ValueError as none:
        assert name == "conv_transpose" and "no output cell" in str(none)
        return False
    arrays = {"x": x, "w": w, "dy": dy, "nothing": np.zeros(1)}
    arrays[layer.where].flat[rng.integers(arrays[layer.where].size)] = layer.bad
    tensors = [torch.tensor(a, requires_grad=True) for a in (x, w, b)]
    y = theirs(name, nd, layer, *tensors)
    y.backward(torch.tensor(dy))
    found = ours(x, w, b, **layer.options), *backward(dy, x, w, **layer.options)
    wanted = y.detach().numpy(), *(t.grad.numpy() for t in tensors)
    for part, mine, right in zip(("y", "dx", "dw", "db"), found, wanted, strict=True):
        # In dw PyTorch multiplies the zeros of the padding, too; the kernel map has no such rows.
        if part != "dw" or layer.where != ("dy" if name == "conv" else "x"):
            expect_alike(mine, right, (part, layer))
        else:
            bad = ~np.isfinite(mine)
            assert np.isnan(right[bad] - mine[bad]).all() and not np.isfinite(right[bad]).any()
    return True


@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize("name, nd", KINDS)
def test_shapes(name, nd, chunk):
    compared = [compare(name, nd, seed) for seed in range(chunk * CHUNK, (chunk + 1) * CHUNK)]
    assert sum(compared) * len(KINDS) * CHUNKS >= 2000


def test_the_shapes_are_what_they_promise():
    layers = {kind: [drawn(*kind, seed) for seed in range(CHUNK * CHUNKS)] for kind in KINDS}
    for (_, nd), some in layers.items():
        options = [layer.options for layer in some]
        assert len({str(layer) for layer in some}) > 0.99 * len(some)
        assert sum(o["groups"] > 1 for o in options) > len(some) / 2
        assert sum(any(a != b for a, b in o["padding"]) for o in options) > len(some) / 2
        assert {layer.where for layer in some} == {"x", "w", "dy", "nothing"}
        assert {o["method"] for o in options} >= {"auto", "fft", "windows", "shifted", "im2col"}
        if nd == 2:
            assert sum(len({*o["stride"]}) == len({*o["dilation"]}) == 2 for o in options) > 99
    assert {tail for layer in layers["conv", 2] for tail in tails(layer)} == {0, 1, 2, 3}


def tails(layer):
    """How many cells the stride leaves over, on each axis."""
    options = (layer.options[option] for option in ("stride", "dilation", "padding"))
    return [(size + sum(pads) - step * (taps - 1) - 1) % stride for size, taps, stride, step, pads
            in zip(layer.x_shape[2:], layer.w_shape[2:], *options, strict=True)]
