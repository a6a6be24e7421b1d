"""Hypothesis strategies: convolutions that are allowed, over every option."""

from typing import NamedTuple

import numpy as np
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from convlib import conv1d, conv1d_backward, conv2d, conv2d_backward


class Case(NamedTuple):
    """Shapes and options of one convolution."""

    ndim: int
    x_shape: tuple
    w_shape: tuple
    options: dict

    def arrays(self, *shapes, low=-9, high=10):
        """Whole numbers of the given shapes, the same for the same case."""
        rng = np.random.default_rng([*self.x_shape, *self.w_shape])
        return [rng.integers(low, high, shape) for shape in shapes]

    @property
    def conv(self):
        return (conv1d, conv2d)[self.ndim - 1]

    @property
    def backward(self):
        return (conv1d_backward, conv2d_backward)[self.ndim - 1]


@st.composite
def cases(draw, ndims=(1, 2), words=True):
    """A Case: one or two axes; with or without channels and batch; every form of padding."""
    nd = draw(st.sampled_from(ndims))

    def per_axis(low, high):
        return draw(st.tuples(*[st.integers(low, high)] * nd))

    kernels, dilations = per_axis(1, 3), per_axis(1, 3)
    strides = per_axis(1, 3)
    spans = [d * (k - 1) + 1 for d, k in zip(dilations, kernels, strict=True)]
    sizes = tuple(s + extra for s, extra in zip(spans, per_axis(0, 4), strict=True))
    padding = draw(paddings(nd, words))
    if padding == "same":
        strides = (1,) * nd
    options = {"stride": _plain(draw, strides), "padding": padding,
               "dilation": _plain(draw, dilations)}
    if draw(st.booleans()):
        return Case(nd, sizes, kernels, options)
    groups, filters, channels = draw(st.tuples(*[st.integers(1, 2)] * 3))
    batch = draw(st.sampled_from([(), (1,), (3,)]))
    return Case(nd, (*batch, groups * channels, *sizes), (groups * filters, channels, *kernels),
                {**options, "groups": groups})


def two_hundred(strategy, number):
    """Examples, the same in every run and others for another number, smallest first.

    For tests of many parameters that are all to be tried on them: to draw takes longer than to try.
    """
    drawn = []

    @seed(number)
    @settings(deadline=None, database=None, max_examples=200)
    @given(strategy)
    def draw(case):
        drawn.append(case)

    draw()
    return sorted(drawn, key=lambda case: np.prod(case.x_shape) * np.prod(case.w_shape))


@st.composite
def paddings(draw, nd, words=True):
    """An int, ints, pairs, or a word."""
    small = st.integers(0, 2)
    pair = st.tuples(small, small)
    forms = [small, st.tuples(*[pair] * nd)]
    forms.append(pair if nd == 1 else st.tuples(*[small] * nd))
    if words:
        forms.append(st.sampled_from(["valid", "same", "full"]))
    return draw(st.one_of(forms))


def _plain(draw, values):
    """One int where all axes agree, sometimes."""
    return values[0] if len(set(values)) == 1 and draw(st.booleans()) else values


def loops(x, w, *, stride=1, pads, dilation=1, groups=1):
    """Every product (out, tap, inp) of a convolution with channels, in plain loops.

    Written from the definition, without convlib: x (N, C, H, W), w (K, C/groups, R, S),
    stride, dilation and pads one an axis; an inp outside of x stands for padding.
    """
    (n_, _, h, wide), (k_, c_, r_, s_) = x, w
    p_, q_ = ((size + sum(pad) - d * (taps - 1) - 1) // step + 1 for size, pad, taps, step, d in
              zip((h, wide), pads, (r_, s_), stride, dilation, strict=True))
    for n, k, p, q, c, r, s in np.ndindex(n_, k_, p_, q_, c_, r_, s_):
        i = p * stride[0] + r * dilation[0] - pads[0][0]
        j = q * stride[1] + s * dilation[1] - pads[1][0]
        channel = k // (k_ // groups) * c_ + c
        yield (n, k, p, q), (k, c, r, s), (n, channel, i, j), 0 <= i < h and 0 <= j < wide
