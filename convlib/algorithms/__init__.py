"""The three sums of a convolution by several methods: y, dx, dw, and who does them.

A sum goes one way: its arrays are brought to one form, a method is chosen, the problem is cut into
those that the method likes, each is solved, and the result gets the shape that the caller expects.
"""

from math import prod

import numpy as np

from convlib.algorithms import choose
from convlib.algorithms.choose import METHODS
from convlib.algorithms.decompositions import decomposed
from convlib.algorithms.method import Array, Method, Problem, placeholder
from convlib.geometry import Geometry
from convlib.parallel import each, one_blas_thread, threads

__all__ = ["METHODS", "dw", "dx", "y"]

TRANSPOSED = {"y": "dx", "dx": "y", "dw": "dw"}
SMALL = 2**18  # multiply-adds: BLAS keeps what is smaller on one thread by itself
MAX_PART = 2**23  # bytes: parts that are so small are solved at the same time
GIVEN = {"y": ("x", "w"), "dx": ("dy", "w"), "dw": ("dy", "x")}


def y(x: Array, w: Array, geometry: Geometry, method: str = "auto") -> Array:
    """The forward pass: the sum over input channels and taps."""
    lifted = geometry.lifted
    return _sum("y", x.reshape(lifted.x), w.reshape(lifted.w), placeholder(lifted.y, x.dtype),
                geometry, method).reshape(geometry.y_shape)


def dx(dy: Array, w: Array, geometry: Geometry, method: str = "auto") -> Array:
    """The input's gradient: the sum over filters and taps."""
    lifted = geometry.lifted
    return _sum("dx", placeholder(lifted.x, w.dtype), w.reshape(lifted.w), dy.reshape(lifted.y),
                geometry, method).reshape(geometry.x_shape)


def dw(dy: Array, x: Array, geometry: Geometry, method: str = "auto") -> Array:
    """The kernel's gradient: the sum over images and places."""
    lifted = geometry.lifted
    return _sum("dw", x.reshape(lifted.x), placeholder(lifted.w, x.dtype), dy.reshape(lifted.y),
                geometry, method).reshape(geometry.w_shape)


@np.errstate(invalid="ignore")  # inf * 0 is nan, and nan is data
def _sum(what: str, x: Array, w: Array, y: Array, geometry: Geometry, name: str) -> Array:
    """Choose, decompose, solve. What runs backwards in a transposed layer is a convolution."""
    called, arrays = GIVEN[what], {"x": x, "w": w, "dy": y}
    if geometry.is_transposed:
        what, x, y = TRANSPOSED[what], y, x
    problem = Problem(what, x, w, y, geometry.plane)
    method = choose.method(problem, name)
    if name != "auto" and not method.exact:
        _expect_finite(name, {each: arrays[each] for each in called})
    if x.dtype == object:  # whatever their arithmetic does, it may not bear two threads at once
        with threads(1):
            solution = _solve(problem, method)
    elif prod(w.shape[2:]) * y.size > SMALL:
        with one_blas_thread:
            solution = _solve(problem, method)
    else:
        solution = _solve(problem, method)
    if what != "y" and not method.skips_padding and not _finite(solution if what == "dw" else w):
        # infinite dy met the zeros of the padding, or infinite w zeros that are in no row at all
        solution = choose.DIRECT.solve(problem)
    return np.ascontiguousarray(solution)


def _expect_finite(method: str, arrays: dict[str, Array]) -> None:
    """For a method that adds what does not belong together, and subtracts it again."""
    for name, a in arrays.items():
        bad = a[~np.isfinite(a)]
        if bad.size:
            raise ValueError(f"{name} holds {bad[0]}, which method={method!r} would spread over "
                             "many cells: it takes finite numbers, and method='auto' takes any")


def _solve(problem: Problem, method: Method) -> Array:
    """The sum itself, or put together from those of smaller problems."""
    parts = decomposed(problem, method)
    if len(parts) == 1 and not parts[0].places:
        return method.solve(parts[0])
    total = np.zeros(problem.out.shape, problem.out.dtype)

    def put(part: Problem, solution: Array) -> None:
        cells = total
        for place in part.places:
            cells = cells[place]
        if part.what == "y":
            cells[...] = solution
        else:  # blocks of dx share rows, and all parts of dw their cells
            cells += solution

    if all(part.nbytes < MAX_PART for part in parts):
        each(method.solve, parts, put)
    else:  # each is shared out by itself, so that scratch is bounded
        for part in parts:
            put(part, method.solve(part))
    return total


def _finite(a: Array) -> bool:
    return a.dtype.kind != "f" or bool(np.isfinite(a).all())
