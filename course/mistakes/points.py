"""The points at which a check asks: small integers, so that sums are exact.

"conv", "relu", "max_pool" and "avg_pool" are the kinds of layer; each has cases of the same names.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlib import pooling
from convlib.activations import relu, relu_backward
from convlib.checks import numerical_gradient
from convlib.conv import Gradients, conv2d, conv2d_backward
from convlib.geometry import Geometry
from convlib.kernel_map import kernel_map

Array = NDArray[Any]
Backward = Callable[..., Any]  # one of RIGHT, or a wrong one in its place
Case = tuple[tuple[int, ...], tuple[int, ...], dict[str, Any]]  # shapes of x and w, options

RIGHT: dict[str, Backward] = {
    "conv": conv2d_backward, "relu": relu_backward,
    "max_pool": pooling.max_pool2d_backward, "avg_pool": pooling.avg_pool2d_backward}

TOGETHER: Case = ((2, 4, 8, 9), (6, 2, 2, 3), {  # every option; height, width, C, K differ
    "groups": 2, "stride": (2, 3), "padding": ((2, 1), (1, 0)), "dilation": (3, 2)})
STRIDED: Case = ((2, 2, 5, 6), (3, 2, 2, 3), {"stride": (2, 3)})
BARE: Case = ((4, 6), (2, 3), {})  # y is wider than high, and above higher than wide
GENERIC = TOGETHER, STRIDED, BARE
CASES: dict[str, tuple[Case, ...]] = {
    "generic": GENERIC, "unpadded": GENERIC[1:], "bare": GENERIC[2:],
    "square": (((5, 5), (3, 3), {}),)}
POOLS: dict[str, tuple[Case, ...]] = {  # the windows overlap, except in the usual square case
    "generic": (((2, 3, 5, 7), (3, 2), {"stride": (2, 1), "padding": (1, 0)}),
                ((4, 5), (2, 3), {"stride": 1})),
    "unpadded": (((4, 5), (2, 3), {"stride": 1}),), "bare": (((4, 5), (2, 3), {"stride": 1}),),
    "square": (((6, 6), (2, 2), {}),)}


@dataclass(frozen=True, eq=False)
class Point:
    """y = forward(inputs) at one point, and what the right gradients are there.

    Attributes
    ----------
    inputs : dict
        x, and for a convolution w and b.
    forward, backward : callable
        ``forward(**inputs)`` gives y; ``backward(f, dy, **inputs)`` the gradients by f, in a dict.
    dy : NDArray
        The upstream gradient.
    right : dict
        The gradients by another implementation: the kernel map, the slope of ReLU, the windows.
    """

    inputs: dict[str, Array]
    forward: Callable[..., Array]
    backward: Callable[..., dict[str, Array]]
    dy: Array
    right: dict[str, Array]

    def gradients(self, backward: Backward) -> dict[str, Array]:
        """What a function under test says here."""
        return self.backward(backward, self.dy, **self.inputs)

    @cache  # noqa: B019  a handful of points, kept on purpose
    def nudged(self, name: str, eps: float) -> Array:
        """The gradient with respect to one input by central differences."""
        others = {n: a for n, a in self.inputs.items() if n != name}
        return numerical_gradient(
            lambda a: (self.dy * self.forward(**others, **{name: a})).sum(),
            self.inputs[name], eps=eps)

    @cache  # noqa: B019
    def jacobian(self, name: str, eps: float) -> Array:
        """dy[p]/dinput[i] for all outputs p (rows) and all cells i (columns), by differences."""
        others = {n: a for n, a in self.inputs.items() if n != name}
        columns = []
        for nudge in np.eye(self.inputs[name].size) * eps:
            nudge = nudge.reshape(self.inputs[name].shape)
            up, down = (self.forward(**others, **{name: self.inputs[name] + step})
                        for step in (nudge, -nudge))
            columns.append((up - down).ravel() / (2 * eps))
        return np.array(columns).T


def points(kind: str, cases: str = "generic", *, symmetric: bool = False,
           ones: bool = False, seed: int = 0) -> tuple[Point, ...]:
    """The points of a kind of layer.

    Parameters
    ----------
    kind : str
        "conv", "relu", "max_pool" or "avg_pool".
    cases : str
        "generic", "unpadded", "bare" or "square".
    symmetric, ones : bool
        Whether no flip changes the kernel, and whether every entry of dy is 1.
    seed : int
        Of the random numbers.

    Returns
    -------
    tuple of Point
        The same ones for the same question.
    """
    return _points(kind, cases, symmetric, ones, seed)


@cache
def _points(kind: str, cases: str, symmetric: bool, ones: bool, seed: int) -> tuple[Point, ...]:
    rng = np.random.default_rng(seed)
    makers: dict[str, Callable[..., Point]] = {"conv": _conv, "relu": _relu}
    make = makers.get(kind, _pool)
    sizes = POOLS if kind.endswith("pool") else CASES
    return tuple(make(rng, case, ones, symmetric if kind == "conv" else kind)
                 for case in sizes[cases])


def _upstream(rng: np.random.Generator, shape: tuple[int, ...], ones: bool) -> Array:
    return np.ones(shape, int) if ones else rng.integers(1, 10, shape)


def _conv(rng: np.random.Generator, case: Case, ones: bool, symmetric: bool) -> Point:
    x_shape, w_shape, options = case
    x = 2 * rng.integers(1, 5, x_shape) * rng.choice([-1, 1], x_shape)
    w = _unchanged_by_flips(w_shape) if symmetric else rng.integers(1, 10, w_shape)
    b = rng.integers(1, 10, w_shape[:1] if w.ndim > 2 else ())
    dy = _upstream(rng, Geometry.of(x_shape, w_shape, **options).y_shape, ones)
    table = kernel_map(x_shape, w_shape, **options)
    places = tuple(a for a in range(dy.ndim) if w.ndim == 2 or a != dy.ndim - 3)
    right = Gradients(table.grad_x(dy, w), table.grad_w(dy, x), dy.sum(axis=places))
    return Point({"x": x, "w": w, "b": b}, lambda x, w, b: conv2d(x, w, b, **options),
                 lambda f, dy, x, w, b: dict(zip("xwb", map(np.asarray, f(dy, x, w, **options)),
                                                 strict=True)),
                 dy, dict(zip("xwb", right, strict=True)))


def _relu(rng: np.random.Generator, case: Case, ones: bool, kind: str) -> Point:
    x = 2 * rng.integers(1, 5, case[0]) * rng.choice([-1, 1], case[0])  # a step of 1 stays on
    dy = _upstream(rng, x.shape, ones)  # the same side of 0
    return Point({"x": x}, relu, lambda f, dy, x: {"x": np.asarray(f(dy, x))}, dy,
                 {"x": dy * (x > 0)})


def _pool(rng: np.random.Generator, case: Case, ones: bool, kind: str) -> Point:
    x_shape, window, options = case
    x = 4 * rng.permutation(np.prod(x_shape)).reshape(x_shape)  # a step of 1 changes no winner
    if kind == "avg_pool":
        options = {**options, "count_include_pad": False}
    pool: Callable[..., Array] = getattr(pooling, f"{kind}2d")
    dy = _upstream(rng, pool(x, window, **options).shape, ones)
    return Point({"x": x}, lambda x: pool(x, window, **options),
                 lambda f, dy, x: {"x": np.asarray(f(dy, x, window, **options))}, dy,
                 {"x": _through_windows(dy, x, window, kind, **options)})


def _through_windows(dy: Array, x: Array, window: tuple[int, ...], kind: str, **options: Any
                     ) -> Array:
    """dx of a pooling layer window by window: the winner, or a share for each cell inside."""
    options.pop("count_include_pad", None)
    g = pooling.window_geometry((x.shape[-2], x.shape[-1]), window, **options)
    dx = np.zeros(x.shape)
    for *plane, p, q in np.ndindex(dy.shape):
        rows, columns = (
            [i for i in (int(a.read_by(at, r)) for r in range(a.kernel)) if 0 <= i < a.size]
            for a, at in zip(g.axes, (p, q), strict=True))
        cells = [(*plane, i, j) for i in rows for j in columns]
        if kind == "max_pool":
            dx[max(cells, key=lambda cell: x[cell])] += dy[(*plane, p, q)]
        else:
            for cell in cells:
                dx[cell] += dy[(*plane, p, q)] / len(cells)
    return dx


def _unchanged_by_flips(shape: tuple[int, ...]) -> Array:
    """1 everywhere, 2 in the second filter, 3 in the third: no flip can change it."""
    filters = 1 + np.arange(shape[0]) if len(shape) > 2 else np.array(1)
    return np.zeros(shape, int) + filters.reshape(-1, *(1,) * (len(shape) - 1))


def every(backward: Backward, kind: str, **question: Any) -> Iterator[tuple[Point, str, Array]]:
    """Each point, each name of an input, and the gradient that is under test."""
    for point in points(kind, **question):
        for name, gradient in point.gradients(backward).items():
            yield point, name, gradient
