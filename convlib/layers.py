"""Layers of a network: a function, its weights, and its gradient, side by side.

A layer is called with x and gives y; `backward(dy, x)` gives dx and the gradients of its weights
by their names. `weights` holds what it has learned: training puts new arrays there and never
writes into one, so whoever holds an old array keeps it.
"""

from math import prod

import numpy as np

from convlib import conv, nn
from convlib.geometry import Geometry
from convlib.options import integer, per_axis

VAST = 10**6  # cells on an axis; only shapes are looked at


class Layer:
    """What all layers share: options, weights by name, and how they are shown."""

    def __init__(self, **options):
        self.options, self.weights = options, {}

    def weight_gradients(self, dy, x):
        """The second half of `backward`: what a network's first layer is asked for."""
        return self.backward(dy, x)[1]

    def __repr__(self):
        shown = [f"{name} {w.shape}" for name, w in self.weights.items()]
        shown += [f"{name}={value}" for name, value in self.options.items()]
        return f"{type(self).__name__}({', '.join(shown)})"


class Conv(Layer):
    """y = x correlated with w, plus b: x (N, C, H, W) -> y (N, K, P, Q).

    Conv(channels, filters, kernel_size, rng=0); kernel_size: an int, or one int an axis; rng: a
    seed or a numpy Generator; options: stride, padding, dilation, groups.
    It starts with biases 0 and normal weights of variance 2 / (products an output), so that a
    ReLU behind it keeps the size of the numbers.
    Source: He et al., Delving Deep into Rectifiers (2015).
    """

    def __init__(self, channels, filters, kernel_size, *, rng=0, **options):
        super().__init__(**options)
        groups = integer("groups", options.get("groups", 1))
        channels, filters = integer("channels", channels), integer("filters", filters)
        if channels % groups:
            raise ValueError(f"groups={groups} does not divide the {channels} channels")
        size = per_axis("kernel_size", kernel_size, 2)
        shape = filters, channels // groups, *size
        Geometry.of((channels, VAST, VAST), shape, **options)  # refuses what never fits
        self.weights = _start(shape, rng)

    def __call__(self, x):
        return conv.conv2d(x, self.weights["w"], self.weights["b"], **self.options)

    def backward(self, dy, x):
        dx, dw, db = conv.conv2d_backward(dy, x, self.weights["w"], **self.options)
        return dx, {"w": dw, "b": db}

    def weight_gradients(self, dy, x):
        dw, db = conv.weight_gradients(2, dy, x, self.weights["w"], **self.options)
        return {"w": dw, "b": db}


class Dense(Layer):
    """y = w vec(x) + b: x (N, C, H, W) or (N, D) -> y (N, K), where D = C H W.

    Dense(inputs, outputs, rng=0) starts as Conv does: it is a convolution whose kernel is as
    large as its input, written as one matrix.
    """

    def __init__(self, inputs, outputs, *, rng=0):
        super().__init__()
        self.weights = _start((integer("outputs", outputs), integer("inputs", inputs)), rng)

    def __call__(self, x):
        return nn.linear(_rows(x), self.weights["w"], self.weights["b"])

    def backward(self, dy, x):
        dx, dw, db = nn.linear_backward(dy, _rows(x), self.weights["w"])
        return dx.reshape(x.shape), {"w": dw, "b": db}


class Relu(Layer):
    """a = max(y, 0): no weights."""

    def __call__(self, x):
        return nn.relu(x)

    def backward(self, dy, x):
        return nn.relu_backward(dy, x), {}


class MaxPool(Layer):
    """The largest cell of each window: MaxPool(kernel_size, stride=..., padding=...)."""

    def __init__(self, kernel_size, **options):
        super().__init__(kernel_size=kernel_size, **options)
        self(np.zeros(per_axis("kernel_size", kernel_size, 2)))  # refuses what never fits

    def __call__(self, x):
        return nn.max_pool2d(x, **self.options)

    def backward(self, dy, x):
        return nn.max_pool2d_backward(dy, x, **self.options), {}


class AvgPool(MaxPool):
    """The mean of each window: AvgPool(kernel_size, stride=..., padding=...)."""

    def __call__(self, x):
        return nn.avg_pool2d(x, **self.options)

    def backward(self, dy, x):
        return nn.avg_pool2d_backward(dy, x, **self.options), {}


def _rows(x):
    return x.reshape(len(x), prod(x.shape[1:]))


def _start(shape, rng):
    scale = (2 / prod(shape[1:])) ** 0.5
    w = np.random.default_rng(rng).normal(scale=scale, size=shape)
    return {"w": w, "b": np.zeros(shape[0])}
