"""The layers that can be judged: the right gradient, and the cases it is compared on."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlib import (
    avg_pool2d,
    avg_pool2d_backward,
    conv1d_backward,
    conv2d_backward,
    max_pool2d,
    max_pool2d_backward,
    relu_backward,
)
from convlib.conv import Gradients
from convlib.geometry import Geometry
from course.judging.case_table import CONV, POOL

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Case:
    """One call: arrays in the order of the book, and options with two numbers per axis pair.

    Attributes
    ----------
    arrays : dict
        dy, x and, for a convolution, w.
    options : dict
        stride, padding, dilation and groups, or those of pooling.
    right : dict
        The right gradients by their names, dx, dw and db.
    """

    arrays: dict[str, Array]
    options: dict[str, Any]
    right: dict[str, Array]


@dataclass(frozen=True)
class Layer:
    """What can be judged.

    Attributes
    ----------
    inputs : tuple of str
        The arrays that its gradient takes.
    neutral : Mapping
        Its options, each with the value at which it does nothing.
    right : callable
        right(dy, x, ...) -> the gradients.
    """

    inputs: tuple[str, ...]
    neutral: Mapping[str, Any]
    right: Callable[..., Any]


def conv_gradients(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """Of a convolution along one axis or two, as the rank of w says."""
    return (conv1d_backward if w.ndim in (1, 3) else conv2d_backward)(dy, x, w, **options)


LAYERS = {
    "conv": Layer(("dy", "x", "w"), {"stride": 1, "padding": 0, "dilation": 1, "groups": 1},
                  conv_gradients),
    "relu": Layer(("dy", "x"), {}, relu_backward),
    "max_pool": Layer(("dy", "x", "kernel_size"), {"stride": None, "padding": 0},
                      max_pool2d_backward),
    "avg_pool": Layer(("dy", "x", "kernel_size"),
                      {"stride": None, "padding": 0, "count_include_pad": True},
                      avg_pool2d_backward)}


@cache
def cases(layer: str, axes: str) -> tuple[Case, ...]:
    """The cases of a layer, fewest products first.

    Parameters
    ----------
    layer : str
        One of LAYERS.
    axes : str
        NCHW, CHW, HW, NCW, CW or W.
    """
    make = {"conv": _conv_cases, "relu": _relu_cases}.get(layer, _pool_cases)
    return tuple(sorted(make(layer, axes), key=lambda case: prod(
        [case.arrays["dy"].size, *np.shape(case.arrays.get("w", 0))[1:]])))


@cache
def cases_of_one_kernel(w_shape: tuple[int, ...], axes: str, options: tuple[tuple[str, Any], ...]
                        ) -> tuple[Case, ...]:
    """Cases of a convolution whose kernel and options are settled, fewest products first.

    Parameters
    ----------
    w_shape : tuple of int
        Of the kernel, in the order of the book.
    axes : str
        As for cases.
    options : tuple of pairs
        Name and value of those that are not neutral.
    """
    rng, made = np.random.default_rng(0), dict(options)
    sliding = len(axes.lstrip("NC"))
    reach = np.broadcast_to(made.get("dilation", 1), sliding) * (
        np.array(w_shape[-sliding:]) - 1) + 1
    found: list[Case] = []
    for n, more in product((1, 2, 3) if "N" in axes else (1,), ((0, 0), (1, 2), (2, 1), (4, 3))):
        lead = (n,) * ("N" in axes) + (w_shape[1] * made.get("groups", 1),) * ("C" in axes)
        x_shape = (*lead, *(int(size) for size in reach + more[-sliding:]))
        found.append(conv_case(x_shape, w_shape, made, rng))
    return tuple(sorted(found, key=lambda case: case.arrays["dy"].size))


def numbers(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Small integers without 0, as floats, so that sums are exact; 1, 2, 3, ... if they are few."""
    size = prod(shape)
    flat = 1 + np.arange(size) if size <= 4 else rng.choice([-1, 1], size) * rng.integers(
        1, 10, size)
    return flat.reshape(shape).astype(float)


def _conv_cases(layer: str, axes: str) -> Iterator[Case]:
    rng, seen = np.random.default_rng(0), set()
    for (n, c, h, w), (k, r, s), options in CONV:
        groups = options.get("groups", 1)
        if (n > 1 and "N" not in axes) or ((c > 1 or k > 1) and "C" not in axes):
            continue
        x_shape = _of(axes, (n, c, h, w))
        w_shape = _of("NC" * ("C" in axes) + axes.lstrip("NC"), (k, c // groups, r, s))
        options = {name: value if isinstance(value, int) or "H" in axes else value[1]
                   for name, value in options.items()}
        key = x_shape, w_shape, tuple(options.items())
        if key in seen:
            continue
        seen.add(key)
        yield conv_case(x_shape, w_shape, options, rng)


def conv_case(x_shape: tuple[int, ...], w_shape: tuple[int, ...], options: dict[str, Any],
              rng: np.random.Generator) -> Case:
    """A case of a convolution, with numbers that show a mistake."""
    y_shape = Geometry.of(x_shape, w_shape, **options).y_shape
    kernel = numbers(w_shape, rng)
    if kernel.size <= 4:  # a sum of dx then shows in its digits which taps were taken
        kernel = 10.0 ** np.arange(kernel.size)[::-1].reshape(w_shape)
    arrays = {"dy": numbers(y_shape, rng), "x": numbers(x_shape, rng), "w": kernel}
    return Case(arrays, options, conv_gradients(**arrays, **options)._asdict())


def _relu_cases(layer: str, axes: str) -> Iterator[Case]:
    rng = np.random.default_rng(0)
    for shape in (1, 1, 1, 1), (1, 1, 1, 3), (2, 3, 4, 5):
        size = prod(_of(axes, shape))
        x = np.resize([-2, 3, 0, 5, -7], size).reshape(_of(axes, shape)).astype(float)
        arrays = {"dy": 4 + numbers(x.shape, rng) ** 2, "x": x}
        yield Case(arrays, {}, {"dx": relu_backward(**arrays)})


def _pool_cases(layer: str, axes: str) -> Iterator[Case]:
    rng = np.random.default_rng(0)
    pool, right = ((max_pool2d, max_pool2d_backward) if layer == "max_pool" else
                   (avg_pool2d, avg_pool2d_backward))
    for shape, window, options in POOL:
        if options.keys() - LAYERS[layer].neutral or "H" not in axes or (
                "N" not in axes and shape[0] > 1) or ("C" not in axes and shape[1] > 1):
            continue
        x = rng.permutation(prod(shape)).reshape(_of(axes, shape)) + 1.0  # no ties
        dy = numbers(pool(x, window, **options).shape, rng)
        yield Case({"dy": dy, "x": x}, {"kernel_size": window, **options},
                   {"dx": right(dy, x, window, **options)})


def _of(axes: str, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The sizes of the axes that there are, of NCHW."""
    return tuple(size for axis, size in zip("NCHW", shape, strict=True) if axis in axes)
