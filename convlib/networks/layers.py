"""Layers of a network: a function, its weights, and its gradient, side by side.

A layer is called with x and gives y; `backward(dy, x)` gives dx and the gradients of its weights
by name. `weights` holds what it has learned: training puts new arrays there and never writes into
an old one, so your references to old arrays stay valid.

Any class with these two methods is a layer, and it need not inherit anything::

    class Sigmoid:
        def __call__(self, x):
            return sigmoid(x)

        def backward(self, dy, x):
            return sigmoid_backward(dy, x), {}          no weights, so no gradients of weights

With weights it has a dictionary `weights`, and `backward` gives one gradient for each name. What
else it may have, `weight_gradients` and the way it is shown, `Layer` brings along.
"""

from abc import ABC, abstractmethod
from math import prod
from typing import Any

import numpy as np

from convlib import conv
from convlib.activations import relu, relu_backward
from convlib.dense import linear, linear_backward
from convlib.geometry import Geometry
from convlib.networks.protocol import expect_channels
from convlib.operands import Array
from convlib.options import Ints, expect_options, in_words, integer, per_axis
from convlib.pooling import (
    avg_pool2d,
    avg_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
    window_geometry,
)

Weights = dict[str, Array]
Seed = int | np.random.Generator

VAST = 10**6  # cells on an axis; only shapes are looked at


class Layer(ABC):
    """What all layers share: options, weights by name, and how they are shown.

    A class that inherits it writes `__call__` and `backward`, and puts its weights, if it has
    any, into the dictionary `weights`. A name that begins with w is penalised by l2.
    """

    def __init__(self, **options: Any) -> None:
        self.options = options
        self.weights: Weights = {}

    @abstractmethod
    def __call__(self, x: Array) -> Array:
        """The output y."""

    @abstractmethod
    def backward(self, dy: Array, x: Array) -> tuple[Array, Weights]:
        """dx, and the gradients of the weights by their names, given dy = dL/dy."""

    def weight_gradients(self, dy: Array, x: Array) -> Weights:
        """The second half of `backward`: what a network's first layer is asked for."""
        return self.backward(dy, x)[1]

    def _own(self, dw: Array, db: Array) -> Weights:
        """The gradients of w and b, without b where the layer has none."""
        return {"w": dw, "b": db} if "b" in self.weights else {"w": dw}

    def __repr__(self) -> str:
        weights, options = getattr(self, "weights", {}), getattr(self, "options", {})
        shown = [f"{name} {np.shape(w)}" for name, w in weights.items()]
        shown += [f"{name}={value}" for name, value in options.items()]
        return f"{type(self).__name__}({', '.join(shown)})"


class Conv(Layer):
    """y = x correlated with w, plus b: x (N, C, H, W) -> y (N, K, P, Q).

    It starts with biases 0 and normal weights of variance 2 / (products per output), so that a
    ReLU after it preserves the size of the numbers.

    Parameters
    ----------
    channels, filters : int
        C and K.
    kernel_size : int or pair of int
        R = S, or (R, S).
    bias : bool
        Whether there is a b.
    rng : int or numpy.random.Generator
        A seed, or a generator to draw the weights from.
    **options
        stride, padding, dilation, groups, as in conv2d.

    Raises
    ------
    ValueError, TypeError
        For sizes and options that no input fits.

    References
    ----------
    He et al., Delving Deep into Rectifiers (2015).
    """

    def __init__(self, channels: int, filters: int, kernel_size: Ints, *, bias: bool = True,
                 rng: Seed = 0, **options: Any) -> None:
        expect_options("Conv", options, ("stride", "padding", "dilation", "groups", "method"))
        super().__init__(**options)
        groups = integer("groups", options.get("groups", 1))
        channels, filters = integer("channels", channels), integer("filters", filters)
        if channels % groups:
            raise ValueError(f"groups={groups} does not divide the {channels} channels")
        size = per_axis("kernel_size", kernel_size, 2)
        shape = filters, channels // groups, *size
        Geometry.of((channels, VAST, VAST), shape, **options)  # refuses what never fits
        self.weights = _he_normal(shape, rng, bias)

    def __call__(self, x: Array) -> Array:
        self.expect(np.shape(x))
        return conv.conv2d(x, self.weights["w"], self.weights.get("b"), **self.options)

    def expect(self, x_shape: tuple[int, ...]) -> None:
        """Refuse images whose axes are not (N, C, H, W), with the cure."""
        channels = self.weights["w"].shape[1] * self.options.get("groups", 1)
        expect_channels(x_shape, channels)

    def backward(self, dy: Array, x: Array) -> tuple[Array, Weights]:
        dx, dw, db = conv.conv2d_backward(dy, x, self.weights["w"], **self.options)
        return dx, self._own(dw, db)

    def weight_gradients(self, dy: Array, x: Array) -> Weights:
        dw, db = conv.weight_gradients(2, dy, x, self.weights["w"], **self.options)
        return self._own(dw, db)


class Dense(Layer):
    """y = w vec(x) + b: x (N, C, H, W) or (N, D) -> y (N, K), where D = C H W.

    It starts as Conv does: it is a convolution whose kernel is as large as its input, written as
    one matrix.

    Parameters
    ----------
    inputs, outputs : int
        D and K.
    bias : bool
        Whether there is a b.
    rng : int or numpy.random.Generator
        A seed, or a generator to draw the weights from.
    """

    @in_words
    def __init__(self, inputs: int, outputs: int, *, bias: bool = True, rng: Seed = 0) -> None:
        super().__init__()
        shape = integer("outputs", outputs), integer("inputs", inputs)
        self.weights = _he_normal(shape, rng, bias)

    def __call__(self, x: Array) -> Array:
        return linear(_rows(x), self.weights["w"], self.weights.get("b"))

    def backward(self, dy: Array, x: Array) -> tuple[Array, Weights]:
        dx, dw, db = linear_backward(dy, _rows(x), self.weights["w"])
        return dx.reshape(x.shape), self._own(dw, db)


class Relu(Layer):
    """a = max(y, 0): no weights."""

    @in_words
    def __init__(self) -> None:
        super().__init__()

    def __call__(self, x: Array) -> Array:
        return relu(x)

    def backward(self, dy: Array, x: Array) -> tuple[Array, Weights]:
        return relu_backward(dy, x), {}


class MaxPool(Layer):
    """The largest cell of each window: MaxPool(kernel_size, stride=..., padding=...)."""

    pools: tuple[str, ...] = "kernel_size", "stride", "padding"

    def __init__(self, kernel_size: Ints, **options: Any) -> None:
        expect_options(type(self).__name__, options, self.pools)
        super().__init__(kernel_size=kernel_size, **options)
        windows = {name: value for name, value in options.items() if name in MaxPool.pools}
        height, width = per_axis("kernel_size", kernel_size, 2)
        window_geometry((height, width), kernel_size, **windows)  # refuses what never fits

    def __call__(self, x: Array) -> Array:
        self.expect(np.shape(x))
        return max_pool2d(x, **self.options)

    def expect(self, x_shape: tuple[int, ...]) -> None:
        """Refuse images whose axes are not (N, C, H, W), with the cure."""
        expect_channels(x_shape, None)

    def backward(self, dy: Array, x: Array) -> tuple[Array, Weights]:
        return max_pool2d_backward(dy, x, **self.options), {}


class AvgPool(MaxPool):
    """The mean of each window: AvgPool(kernel_size, stride=..., padding=..., ...)."""

    pools = "kernel_size", "stride", "padding", "count_include_pad"

    def __call__(self, x: Array) -> Array:
        self.expect(np.shape(x))
        return avg_pool2d(x, **self.options)

    def backward(self, dy: Array, x: Array) -> tuple[Array, Weights]:
        return avg_pool2d_backward(dy, x, **self.options), {}


def _rows(x: Array) -> Array:
    """One row per image: (N, D)."""
    return x.reshape(len(x), prod(x.shape[1:]))


def _he_normal(shape: tuple[int, ...], rng: Seed, bias: bool) -> Weights:
    """Weights of variance 2 / (inputs per output), and biases 0."""
    scale = (2 / prod(shape[1:])) ** 0.5
    w = np.random.default_rng(rng).normal(scale=scale, size=shape)
    return {"w": w, "b": np.zeros(shape[0])} if bias else {"w": w}
