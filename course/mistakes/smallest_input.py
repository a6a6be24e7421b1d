"""For each mistake the smallest input on which it shows, found by trying them all."""

from functools import cache
from itertools import product
from math import prod
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlib import pooling
from convlib.activations import relu_backward
from convlib.conv import Gradients, conv2d_backward
from convlib.geometry import Geometry
from convlib.kernel_map import kernel_map
from course.mistakes.catalogue import MISTAKES
from course.mistakes.points import RIGHT

Array = NDArray[Any]
Case = tuple[tuple[int, ...], tuple[int, ...], dict[str, Any]]


class Example(NamedTuple):
    """The smallest input on which a mistake shows: arrays, options, and one part both ways.

    ReLU and pooling have no w; the window of a pooling layer is among its options.
    """

    dy: Array
    x: Array
    w: Array | None
    options: dict[str, Any]
    part: str
    right: Array
    wrong: Array

    @property
    def products(self) -> int:
        """Rows of the kernel map, or cells of x: the size by which smaller is meant."""
        return self.x.size if self.w is None else len(
            kernel_map(self.x.shape, self.w.shape, **self.options))

    def arguments(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """What the right gradient, or the wrong one, is called with."""
        options = dict(self.options)
        window = [options.pop("kernel_size")] if "kernel_size" in options else []
        arrays = (self.dy, self.x) if self.w is None else (self.dy, self.x, self.w)
        return (*arrays, *window), options


def smallest_example(name: str) -> Example:
    """Search all small cases, fewest products first, for one that exposes a mistake.

    Parameters
    ----------
    name : str
        One of MISTAKES.

    Returns
    -------
    Example
        The input, and the first part that comes out wrong, right and wrong.

    Raises
    ------
    ValueError
        If no small case exposes it.
    """
    if MISTAKES[name].replaces == "relu":
        dy, x = np.array([5]), np.array([-1])
        if np.array_equal(relu_backward(dy, x), MISTAKES[name](dy, x)):
            x = -x
        return Example(dy, x, None, {}, "dx", relu_backward(dy, x), MISTAKES[name](dy, x))
    if MISTAKES[name].replaces.endswith("pool"):
        return _smallest_pool(name)
    for x_shape, w_shape, options in _small_cases():
        w = (10 ** np.arange(np.prod(w_shape))[::-1]).reshape(w_shape)  # sums show their digits
        y_shape = Geometry.of(x_shape, w_shape, **options).y_shape
        x, dy = (1 + np.arange(np.prod(shape)).reshape(shape) for shape in (x_shape, y_shape))
        try:
            wrong = MISTAKES[name](dy, x, w, **options)
        except ValueError:  # too small for the mistake to give anything at all
            continue
        right = conv2d_backward(dy, x, w, **options)
        for part in Gradients._fields:
            pair = getattr(right, part), getattr(wrong, part)
            if not np.array_equal(*pair):
                return Example(dy, x, w, options, part, *pair)
    raise ValueError(f"no small case exposes {name}")


def _smallest_pool(name: str) -> Example:
    """Windows on small images whose largest cell is not at the border, where it can be."""
    kind = MISTAKES[name].replaces
    more = {"count_include_pad": False} if kind == "avg_pool" else {}
    for n, window, stride, padding in product(range(1, 5), (1, 2, 3), (1, 2), (0, 1)):
        if window > n + 2 * padding or 2 * padding > window:
            continue
        options = {"kernel_size": (1, window), "stride": stride, "padding": (0, padding), **more}
        x = 10 - abs(np.arange(n) - n // 2)[None]
        pool = getattr(pooling, f"{kind}2d")
        dy = 1 + np.arange(pool(x, **options).size)[None]
        example = Example(dy, x, None, options, "dx", RIGHT[kind](dy, x, **options),
                          MISTAKES[name](dy, x, **options))
        if not np.array_equal(example.right, example.wrong):
            return example
    raise ValueError(f"no small case exposes {name}")


@cache
def _small_cases() -> list[Case]:
    """Shapes of x and w with options, fewest products first; two options only after one."""
    spaces = [*((1, n) for n in range(1, 5)), (2, 2), (2, 3), (3, 3), (3, 4)]
    kernels = [(1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (2, 3)]
    settings: list[dict[str, Any]] = [
        {}, {"stride": 2}, {"stride": 3}, {"padding": 1}, {"dilation": 2},
        {"stride": 2, "padding": 1}]
    cases: list[Case] = []
    for space, kernel, options in product(spaces, kernels, settings):
        cases += [(space, kernel, options), ((1, *space), (2, 1, *kernel), options),
                  ((2, *space), (1, 2, *kernel), options),
                  ((2, *space), (2, 1, *kernel), options | {"groups": 2}),
                  ((4, *space), (2, 2, *kernel), options | {"groups": 2}),
                  ((2, 1, *space), (1, 1, *kernel), options)]
    sizes = [(_size(*case), case) for case in cases]
    return [case for _, case in sorted((pair for pair in sizes if pair[0]), key=itemgetter(0))]


def _size(x_shape: tuple[int, ...], w_shape: tuple[int, ...],
          options: dict[str, Any]) -> tuple[Any, ...]:
    """Products, options, axes, cells and shapes; () where the kernel does not fit or meets
    padding only. Stride and padding together come last."""
    try:
        products = len(kernel_map(x_shape, w_shape, **options))
    except ValueError:
        return ()
    if not products:
        return ()
    both = {"stride", "padding"} <= set(options)
    return both, products, len(options), len(x_shape), prod(x_shape), x_shape, w_shape
