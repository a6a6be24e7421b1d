"""A cost that is not linear and treats no two outputs alike, and its derivatives.

The expressions are polynomials of SymPy's rings, whose sums and products come expanded and quickly.
"""

from collections.abc import Callable, Iterable
from functools import cache
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import sympy as sp

from convlib.symbolic import gradient, symbols
from course.audit.board import W, X
from course.audit.loops import Array, array_of, correlate


def numbers(shape: tuple[int, ...], step: int = 2) -> Array:
    """Integers from -12 to 16 without a pattern; zeros come only after the ninth."""
    n = np.arange(np.prod(shape))
    return ((n**3 + step * n + 2) % 29 - 12).reshape(shape).astype(object)


def polynomial_symbols(name: str, shape: int | tuple[int, ...]) -> Array:
    """Symbols like those of `symbols`, but quick: sums and products of them come expanded."""
    entries = symbols(name, shape)
    generators = sp.ring(list(entries.flat), sp.ZZ)[1:]
    return array_of(entries.shape,
                    lambda *cell: generators[np.ravel_multi_index(cell, entries.shape)])


def put(expressions: Array, symbols: Array, values: Array) -> Array:
    """The expressions with a value, of any kind, for every symbol."""
    results = iter(sp.lambdify(list(symbols.flat), list(expressions.flat))(*values.flat))
    return array_of(expressions.shape, lambda *cell: next(results))


def cost(y: Array) -> Any:
    """A scalar J(y) that is not linear and treats no two cells alike."""
    squares = sum((n + 2) * v**2 for n, v in enumerate(y.flat))
    return squares + y.flat[1]**3 + 5 * y.flat[0] * y.flat[-1]


def slopes(y: Array) -> Array:
    """dJ/dy, derived in symbols and taken at y."""
    free = symbols("y", y.shape)
    return put(gradient(cost(free), free), free, y)


def derivatives(polynomial: Any, v: Array) -> Array:
    """Its derivatives by polynomial_symbols."""
    return array_of(v.shape, lambda *cell: polynomial.diff(v[cell]))


class Derivatives(NamedTuple):
    """J(conv(x, w)): the operands, y, and dJ by y and by v, the operand that consists of symbols.

    The symbols are polynomial_symbols; the other operand holds integers.
    """

    x: Array
    w: Array
    y: Array
    dy: Array
    v: Array
    dv: Array

    def summed(self, factor: Callable[[int, int], Any], rows: Iterable[int] | None = None,
               columns: Iterable[int] | None = None) -> Any:
        """sum of dy[p, q] factor(p, q) over all outputs, or over these rows and columns."""
        rows = range(self.y.shape[0]) if rows is None else rows
        columns = range(self.y.shape[1]) if columns is None else columns
        return sum(self.dy[p, q] * factor(p, q) for p, q in product(rows, columns))

    def chain(self, *cell: int, **ranges: Iterable[int]) -> Any:
        """The chain rule for one cell of v: the factor is d y[p, q] / d v[cell]."""
        return self.summed(lambda p, q: self.y[p, q].diff(self.v[cell]), **ranges)


def maps(x: Array, w: Array) -> Array:
    """y[k] = sum over the channels of x[c] correlated with w[k, c], by loops."""
    return np.stack([sum(correlate(u, v) for u, v in zip(x, f, strict=True)) for f in w])


@cache
def cost_by(name: str, x_shape: tuple[int, ...] = X.shape, w_shape: tuple[int, ...] = W.shape,
            forward: Callable[[Array, Array], Array] = correlate) -> Derivatives:
    """The derivatives of cost(y) with symbols for one operand, "w" or "x", integers for the other.

    y comes from the loops; dy from J(y) alone; dv from J as a function of the symbols.
    """
    x, w = (polynomial_symbols(n, shape) if n == name else numbers(shape)
            for n, shape in (("x", x_shape), ("w", w_shape)))
    y, v = forward(x, w), w if name == "w" else x
    return Derivatives(x, w, y, slopes(y), v, derivatives(cost(y), v))
