"""Which method is likely to be fastest: each says what it costs, and the least is taken. ::

    time = start + products * (time of one product) + moved * (time of moving one cell)

The weights are rough and were measured on one processor, in nanoseconds; what decides is how the
counts grow. FFT and Winograd add and subtract what does not belong together and trust that it
cancels, so numbers of very different size would lose digits. They are chosen only for well scaled
data.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from convlib.algorithms import direct, fft, im2col, strip_gemm, windows, winograd
from convlib.algorithms.decompositions import gradient_phases
from convlib.algorithms.method import Array, Axes, Method, Problem, Size
from convlib.options import shown
from convlib.parallel import each

METHODS = {method.name: method for method in (
    direct.METHOD, windows.METHOD, im2col.METHOD, strip_gemm.METHOD, fft.METHOD, winograd.METHOD)}
DIRECT = METHODS["direct"]
SCALE = 1e6
CHUNK = 2**20  # bytes


def method(problem: Problem, name: str = "auto") -> Method:
    """The method of this name, or the fastest.

    Raises
    ------
    ValueError
        If there is no such method, or if it cannot do what is asked.
    """
    if not isinstance(name, str) or (name != "auto" and name not in METHODS):
        raise ValueError(f"method must be one of {', '.join(('auto', *METHODS))}, "
                         f"not {shown(name)}")
    _, x, w, y, axes, _ = problem
    if not (x.size and w.size and y.size):
        return DIRECT  # nothing to multiply
    if name == "auto":
        return fastest(problem)
    named = METHODS[name]
    if words := named.refuses(axes):
        raise ValueError(f"method={name!r} cannot do {words}")
    if not named.exact and x.dtype.kind != "f":
        raise ValueError(f"method={name!r} rounds: it takes floats, not {x.dtype}")
    return named


def fastest(problem: Problem) -> Method:
    """The fastest method; where it would lose digits, the fastest that is exact."""
    what, x, w, _, axes, _ = problem
    if x.dtype.kind != "f":
        return DIRECT  # exact, and open to symbols
    methods = ranking(what, axes, len(x) * x.shape[1], x.shape[2], w.shape[1], x.itemsize)
    if methods[0].exact or all(map(well_scaled, problem.given)):
        return methods[0]
    return next(method for method in methods if method.exact)


def well_scaled(a: Array) -> bool:
    """Finite, and the largest entry below SCALE times the median of those that are not zero."""
    found = _over(a, lambda part: max(part.max(initial=0), -part.min(initial=0)))
    largest = max(found)
    if not all(map(np.isfinite, found)):
        return False
    # The median is above a bound if at least half of the entries are.
    bound = largest / SCALE
    above = sum(_over(a, lambda part: np.count_nonzero(np.abs(part) > bound)))
    return bool(2 * above >= a.size or 2 * above >= np.count_nonzero(a))


def _over(a: Array, function: Callable[[Array], Any]) -> list[Any]:
    """What the function says of each part of an array, some of it at a time."""
    cells, found = a.reshape(-1), []
    step = max(CHUNK // a.itemsize, 1)
    each(lambda i: function(cells[i : i + step]), range(0, max(a.size, 1), step),
         lambda _, value: found.append(value))
    return found


@lru_cache(4096)
def ranking(what: str, axes: Axes, images: int, channels: int, filters: int,
            itemsize: int = 8) -> list[Method]:
    """Methods from fast to slow, for a sum of this Size."""
    size = Size(what, axes, images, channels, filters, itemsize)
    return sorted(METHODS.values(), key=lambda method: _cost(method, size))


def _cost(method: Method, size: Size) -> float:
    """What it says itself; where dx is gathered, the sum over what runs backwards."""
    if size.what != "dx" or method.dx:
        return method.cost(size)
    rows, columns = ([a for *_, a in gradient_phases(axis)] for axis in size.axes)
    return sum(method.cost(Size("y", (h, v), size.images, size.filters, size.channels,
                                size.itemsize)) for h in rows for v in columns)
