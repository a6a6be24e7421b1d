"""One table of every gradient in convlib: adding a function with a `_backward` is one line here.

Each line says what it is the gradient of, on which shapes, and two independent ways to the same
thing: a formula for SymPy (None: the function takes letters itself) and PyTorch's spelling.
`step` is that of the finite differences: 1 where the loss is at most quadratic in each argument,
1/4 where it has kinks between whole numbers, small elsewhere.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import sympy as sp

import convlib


class Sizes(NamedTuple):
    N: int = 1
    C: int = 2
    K: int = 4
    H: int = 4
    W: int = 5


class Entry(NamedTuple):
    """`shapes` of what is differentiated, in the order of the arguments; `fixed` is not."""

    name: str
    shapes: object
    torch: object
    options: Mapping = MappingProxyType({})
    fixed: object = lambda s: ()
    formula: object = None
    step: float = 1
    loss: bool = False

    @property
    def forward(self):
        return getattr(convlib, self.name)

    @property
    def backward(self):
        name = f"{self.name}_backward"
        return getattr(convlib, name)

    def inputs(self, sizes, seed=0):
        """Whole numbers, no two of one array alike, none 0: no tie and no kink at the point."""
        rng = np.random.default_rng([*sizes, seed])
        return [_distinct(rng, shape) for shape in self.shapes(sizes)]

    def prices(self, arrays, sizes):
        """dy for the function at this point; a loss is a price already."""
        if self.loss:
            return ()
        y = self.forward(*arrays[: self.forward_takes], **self.options)
        return (_distinct(np.random.default_rng(1), np.shape(y)),)

    @property
    def forward_takes(self):
        return len(self.shapes(Sizes()))

    def gradients(self, dy, arrays, sizes):
        """What convlib says, one array for each input (a bias's is asked for by its own entry)."""
        without_bias = arrays[:2] if self.has_bias else arrays
        found = self.backward(*dy, *without_bias, *self.fixed(sizes), **self.options)
        return tuple(found)[: len(arrays)] if isinstance(found, convlib.Gradients) else (found,)

    @property
    def has_bias(self):
        return self.forward_takes == 3


def _distinct(rng, shape):
    size = int(np.prod(shape))
    numbers = rng.permutation(np.arange(1, size + 1)) * rng.choice([-1, 1], size)
    return numbers.reshape(shape)


def _classes(sizes):
    return (np.arange(sizes.N) * 3 % sizes.K,)


def _by_cell(function):
    return lambda x: np.array([function(v) for v in x.flat], dtype=object).reshape(x.shape)


def _softmax(x):
    return np.array([[sp.exp(v) / sum(map(sp.exp, row)) for v in row] for row in x], dtype=object)


def _cross_entropy(scores, classes):
    return sum(-sp.log(p[c]) for p, c in zip(_softmax(scores), classes, strict=True)) / len(scores)


def _max_pool(x, kernel, stride, padding):
    n, c, h, w = x.shape
    (r_, s_), (down, right) = kernel, padding
    p_, q_ = (h + 2 * down - r_) // stride + 1, (w + 2 * right - s_) // stride + 1
    y = np.empty((n, c, p_, q_), object)
    for a, b, p, q in np.ndindex(y.shape):
        rows = range(max(0, p * stride - down), min(h, p * stride - down + r_))
        columns = range(max(0, q * stride - right), min(w, q * stride - right + s_))
        y[a, b, p, q] = sp.Max(*(x[a, b, i, j] for i in rows for j in columns))
    return y


CONV = {"stride": 2, "padding": 1, "dilation": 2, "groups": 2}
STAMP = {**CONV, "output_padding": 1}
POOL = {"kernel_size": (3, 2), "stride": 2, "padding": (1, 0)}


def _image(s):
    return (s.N, s.C, s.H, s.W)


def _pool_to_torch(F, x, f, **more):
    return f(x, POOL["kernel_size"], stride=POOL["stride"], padding=POOL["padding"], **more)


TABLE = [
    Entry("conv1d", lambda s: [(s.N, 2 * s.C, s.H + 1), (s.K, s.C, 2), (s.K,)],
          lambda F, x, w, b: F.conv1d(x, w, b, **CONV), CONV),
    Entry("conv2d", lambda s: [(s.N, 2 * s.C, s.H, s.W), (s.K, s.C, 2, 3), (s.K,)],
          lambda F, x, w, b: F.conv2d(x, w, b, **CONV), CONV),
    Entry("conv_transpose1d", lambda s: [(s.N, 2, s.H), (2, s.C, 3), (2 * s.C,)],
          lambda F, x, w, b: F.conv_transpose1d(x, w, b, **STAMP), STAMP),
    Entry("conv_transpose2d", lambda s: [(s.N, 2, 2, s.H), (2, 1, 2, 3), (2,)],
          lambda F, x, w, b: F.conv_transpose2d(x, w, b, **STAMP), STAMP),
    Entry("linear", lambda s: [(s.N + 1, s.H), (s.K, s.H), (s.K,)],
          lambda F, x, w, b: F.linear(x, w, b)),
    Entry("relu", lambda s: [_image(s)], lambda F, x: F.relu(x),
          formula=_by_cell(lambda v: sp.Max(v, 0)), step=0.25),
    Entry("sigmoid", lambda s: [(s.N, s.K)], lambda F, x: x.sigmoid(),
          formula=_by_cell(lambda v: 1 / (1 + sp.exp(-v))), step=1e-6),
    Entry("softmax", lambda s: [(s.N + 1, s.K)], lambda F, x: F.softmax(x, -1),
          formula=_softmax, step=1e-6),
    Entry("max_pool2d", lambda s: [_image(s)],
          lambda F, x: _pool_to_torch(F, x, F.max_pool2d), POOL,
          formula=lambda x: _max_pool(x, *POOL.values()), step=0.25),
    Entry("avg_pool2d", lambda s: [_image(s)],
          lambda F, x: _pool_to_torch(F, x, F.avg_pool2d), POOL),
    Entry("squared_error", lambda s: [(s.N, s.K)],
          lambda F, y, t: F.mse_loss(y, t, reduction="sum"), loss=True,
          fixed=lambda s: (np.arange(s.N * s.K).reshape(s.N, s.K) % 3,)),
    Entry("softmax_cross_entropy", lambda s: [(s.N, s.K)],
          lambda F, scores, t: F.cross_entropy(scores, t), loss=True, fixed=_classes,
          formula=_cross_entropy, step=1e-6),
    Entry("l2_penalty", lambda s: [(s.K, s.H)], lambda F, w, strength: strength * (w**2).sum(),
          loss=True, fixed=lambda s: (3,)),
]
