"""Layers of a network: a function, its weights, and its gradient, side by side.

A layer is called with x and gives y; `backward(dy, x)` gives dx and the gradients of its weights
by their names. `weights` holds what it has learned: training puts new arrays there and never
writes into one, so whoever holds an old array keeps it.
"""

from abc import ABC, abstractmethod
from math import prod
from typing import Any

import numpy as np

from convlib import conv
from convlib.activations import relu, relu_backward
from convlib.dense import linear, linear_backward
from convlib.geometry import Geometry
from convlib.operands import Array
from convlib.options import Ints, integer, per_axis
from convlib.pooling import avg_pool2d, avg_pool2d_backward, max_pool2d, max_pool2d_backward

Weights = dict[str, Array]
Seed = int | np.random.Generator

VAST = 10**6  # cells on an axis; only shapes are looked at


class Layer(ABC):
    """What all layers share: options, weights by name, and how they are shown."""

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

    def __repr__(self) -> str:
        shown = [f"{name} {w.shape}" for name, w in self.weights.items()]
        shown += [f"{name}={value}" for name, value in self.options.items()]
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

    def __init__(self, channels: int, filters: int, kernel_size: Ints, *, rng: Seed = 0,
                 **options: Any) -> None:
        super().__init__(**options)
        groups = integer("groups", options.get("groups", 1))
        channels, filters = integer("channels", channels), integer("filters", filters)
        if channels % groups:
            raise ValueError(f"groups={groups} does not divide the {channels} channels")
        size = per_axis("kernel_size", kernel_size, 2)
        shape = filters, channels // groups, *size
        Geometry.of((channels, VAST, VAST), shape, **options)  # refuses what never fits
        self.weights = _he_normal(shape, rng)

    def __call__(self, x: Array) -> Array:
        return conv.conv2d(x, self.weights["w"], self.weights["b"], **self.options)

    def backward(self, dy: Array, x: Array) -> tuple[Array, Weights]:
        dx, dw, db = conv.conv2d_backward(dy, x, self.weights["w"], **self.options)
        return dx, {"w": dw, "b": db}

    def weight_gradients(self, dy: Array, x: Array) -> Weights:
        dw, db = conv.weight_gradients(2, dy, x, self.weights["w"], **self.options)
        return {"w": dw, "b": db}


class Dense(Layer):
    """y = w vec(x) + b: x (N, C, H, W) or (N, D) -> y (N, K), where D = C H W.

    It starts as Conv does: it is a convolution whose kernel is as large as its input, written as
    one matrix.

    Parameters
    ----------
    inputs, outputs : int
        D and K.
    rng : int or numpy.random.Generator
        A seed, or a generator to draw the weights from.
    """

    def __init__(self, inputs: int, outputs: int, *, rng: Seed = 0) -> None:
        super().__init__()
        self.weights = _he_normal((integer("outputs", outputs), integer("inputs", inputs)), rng)

    def __call__(self, x: Array) -> Array:
        return linear(_rows(x), self.weights["w"], self.weights["b"])

    def backward(self, dy: Array, x: Array) -> tuple[Array, Weights]:
        dx, dw, db = linear_backward(dy, _rows(x), self.weights["w"])
        return dx.reshape(x.shape), {"w": dw, "b": db}


class Relu(Layer):
    """a = max(y, 0): no weights."""

    def __call__(self, x: Array) -> Array:
        return relu(x)

    def backward(self, dy: Array, x: Array) -> tuple[Array, Weights]:
        return relu_backward(dy, x), {}


class MaxPool(Layer):
    """The largest cell of each window: MaxPool(kernel_size, stride=..., padding=...)."""

    def __init__(self, kernel_size: Ints, **options: Any) -> None:
        super().__init__(kernel_size=kernel_size, **options)
        self(np.zeros(per_axis("kernel_size", kernel_size, 2)))  # refuses what never fits

    def __call__(self, x: Array) -> Array:
        return max_pool2d(x, **self.options)

    def backward(self, dy: Array, x: Array) -> tuple[Array, Weights]:
        return max_pool2d_backward(dy, x, **self.options), {}


class AvgPool(MaxPool):
    """The mean of each window: AvgPool(kernel_size, stride=..., padding=...)."""

    def __call__(self, x: Array) -> Array:
        return avg_pool2d(x, **self.options)

    def backward(self, dy: Array, x: Array) -> tuple[Array, Weights]:
        return avg_pool2d_backward(dy, x, **self.options), {}


def _rows(x: Array) -> Array:
    """One row per image: (N, D)."""
    return x.reshape(len(x), prod(x.shape[1:]))


def _he_normal(shape: tuple[int, ...], rng: Seed) -> Weights:
    """Weights of variance 2 / (inputs per output), and biases 0."""
    scale = (2 / prod(shape[1:])) ** 0.5
    w = np.random.default_rng(rng).normal(scale=scale, size=shape)
    return {"w": w, "b": np.zeros(shape[0])}
