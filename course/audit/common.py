"""What the checks of the source documents share: one board of letters, and sums by plain loops.

The loops follow the definitions and call nothing of convlib, so that they can disagree with it.
Needs SymPy.
"""

from collections.abc import Callable
from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np
import sympy as sp

from convlib import conv2d
from convlib.symbolic import gradient, symbols

FIVE_SIZES = [((4, 4), (2, 2)), ((5, 8), (2, 3)), ((4, 6), (3, 2)), ((3, 5), (1, 4)),
              ((6, 4), (4, 2))]


class Check(NamedTuple):
    """Two questions to the machine about one claim.

    right()     must be true: the correct statement, computed
    printed()   must be false: the statement as it is printed, or a tempting wrong reading
    """

    right: Callable[[], bool]
    printed: Callable[[], bool] | None = None


# One board for all: no two of the six sizes are equal, so no size can stand for another.
X, W = symbols("x", (5, 8)), symbols("w", (2, 3))
Y = conv2d(X, W)
DY = symbols("dy", Y.shape)
FILTERS = symbols("w", (3, *W.shape))  # three filters for the image X[None]
(H, WIDTH), (R, S), (P, Q) = X.shape, W.shape, Y.shape  # 5 8, 2 3, 4 6


def same(one, other):
    """Equal shapes, and each difference of entries expands to 0."""
    one, other = np.asarray(one, object), np.asarray(other, object)
    differences = (u - v for u, v in zip(one.flat, other.flat, strict=True))
    return one.shape == other.shape and all(
        (sp.expand(d) if isinstance(d, sp.Basic) else d) == 0 for d in differences)


def refused(call, error=(ValueError, IndexError)):
    """True if the call cannot be carried out."""
    try:
        call()
    except error:
        return True
    return False


def array_of(shape, entry):
    """The array with entry(*cell) in each cell."""
    out = np.empty(shape, object)
    for cell in np.ndindex(out.shape):
        out[cell] = entry(*cell)
    return out


def at(a, *cell):
    """a[cell], and 0 outside of a."""
    inside = all(0 <= n < size for n, size in zip(cell, a.shape, strict=True))
    return a[cell] if inside else 0


def places(size, kernel, stride=1, padding=0):
    """How many starting places a window has, counted one by one."""
    room = range(-padding, size + padding - kernel + 1)
    return len([start for n, start in enumerate(room) if n % stride == 0])


def double_sum(x, w, p, q, rows=None, columns=None):
    """sum of x[p + r, q + s] w[r, s] over the rows r and columns s (all of w if not given)."""
    rows = range(w.shape[0]) if rows is None else rows
    columns = range(w.shape[1]) if columns is None else columns
    return sum(x[p + r, q + s] * w[r, s] for r in rows for s in columns)


def correlate(x, w):
    """y[p, q] = sum of x[p + r, q + s] w[r, s]: each window that stays inside x."""
    shape = places(x.shape[0], w.shape[0]), places(x.shape[1], w.shape[1])
    return array_of(shape, lambda p, q: double_sum(x, w, p, q))


def one_based(x, w, p, q, lost=0):
    """y_pq = sum of x_{p+r-1, q+s-1} w_rs with every index from 1; `lost` forgets the -1 of x."""
    rows, columns = range(1, w.shape[0] + 1), range(1, w.shape[1] + 1)
    return sum(x[p + r - 2 + lost, q + s - 2 + lost] * w[r - 1, s - 1]
               for r, s in product(rows, columns))


def true_full(x, w):
    """The true convolution, each product dropped where its indices add up: i + r, j + s."""
    out = np.zeros(np.add(x.shape, w.shape) - 1, object)
    for (i, j), (r, s) in product(np.ndindex(x.shape), np.ndindex(w.shape)):
        out[i + r, j + s] += x[i, j] * w[r, s]
    return out


def true_valid(x, w):
    """The part of the true convolution for which the kernel lies inside x.

    y[p, q] = sum of x[p + R-1 - r, q + S-1 - s] w[r, s]
    """
    (r, s), shape = w.shape, tuple(map(places, x.shape, w.shape))
    return array_of(shape, lambda p, q: sum(
        x[p + r - 1 - a, q + s - 1 - b] * w[a, b] for a, b in np.ndindex(r, s)))


def backward_sum(dy, w):
    """dx[i, j] = sum of dy[i - r, j - s] w[r, s], dy being 0 outside."""
    taps = list(np.ndindex(w.shape))
    return array_of(np.add(dy.shape, w.shape) - 1, lambda i, j: sum(
        at(dy, i - r, j - s) * w[r, s] for r, s in taps))


def cells_read(expression, x):
    """The cells of x that stand in the expression."""
    return {cell for cell in np.ndindex(x.shape) if sp.sympify(expression).has(x[cell])}


def polynomial_product(a, b):
    """The coefficients of A(u, v) B(u, v), where a and b hold those of A and B."""
    u, v = sp.symbols("u v")

    def polynomial(c):
        return sum(c[i, j] * u**i * v**j for i, j in np.ndindex(c.shape))

    # expand multiplies the two; collecting u**i v**j is left to SymPy as well
    whole = sp.Poly(sp.expand(polynomial(a) * polynomial(b)), u, v)
    return array_of(np.add(a.shape, b.shape) - 1, lambda i, j: whole.coeff_monomial(u**i * v**j))


def polynomial_symbols(name, shape):
    """Letters like those of `symbols`, but quick: sums and products of them come expanded."""
    entries = symbols(name, shape)
    generators = sp.ring(list(entries.flat), sp.ZZ)[1:]
    return array_of(entries.shape, lambda *cell: generators[np.ravel_multi_index(cell, shape)])


def put(expressions, symbols, values):
    """The expressions with a value, of any kind, for every symbol."""
    found = iter(sp.lambdify(list(symbols.flat), list(expressions.flat))(*values.flat))
    return array_of(expressions.shape, lambda *cell: next(found))


def cost(y):
    """A scalar J(y) that is not linear and treats no two cells alike."""
    squares = sum((n + 2) * v**2 for n, v in enumerate(y.flat))
    return squares + y.flat[1]**3 + 5 * y.flat[0] * y.flat[-1]


def slopes(y):
    """dJ/dy, derived in letters and taken at y."""
    free = symbols("y", y.shape)
    return put(gradient(cost(free), free), free, y)


class Derivatives(NamedTuple):
    """J(conv(x, w)): the operands, y, and dJ by y and by v, the operand that consists of letters.

    The letters are polynomial_symbols; the other operand holds integers.
    """

    x: np.ndarray
    w: np.ndarray
    y: np.ndarray
    dy: np.ndarray
    v: np.ndarray
    dv: np.ndarray

    def summed(self, factor, rows=None, columns=None):
        """sum of dy[p, q] factor(p, q) over all outputs, or over these rows and columns."""
        rows = range(self.y.shape[0]) if rows is None else rows
        columns = range(self.y.shape[1]) if columns is None else columns
        return sum(self.dy[p, q] * factor(p, q) for p, q in product(rows, columns))

    def chain(self, *cell, **ranges):
        """The chain rule for one cell of v: the factor is d y[p, q] / d v[cell]."""
        return self.summed(lambda p, q: self.y[p, q].diff(self.v[cell]), **ranges)


@cache
def cost_by(name, x_shape=X.shape, w_shape=W.shape):
    """The derivatives of cost(y) with letters for one operand, "w" or "x", numbers for the other.

    y comes from the loops above; dy from J(y) alone; dv from J as a function of the letters.
    """
    x, w = (polynomial_symbols(n, shape) if n == name else _numbers(shape)
            for n, shape in (("x", x_shape), ("w", w_shape)))
    y, v = correlate(x, w), w if name == "w" else x
    return Derivatives(x, w, y, slopes(y), v, derivatives(cost(y), v))


def derivatives(polynomial, v):
    """Its derivatives by polynomial_symbols."""
    return array_of(v.shape, lambda *cell: polynomial.diff(v[cell]))


@cache
def symbolic_gradient(name):
    """dw or dx of the loss sum(dy * y) on the board, with a letter for every dy."""
    return gradient((DY * Y).sum(), {"w": W, "x": X}[name])


def read_general(general, x=X, w=W, dy=DY, **index):
    """A sum for every size (a TableSum), read at the sizes of these arrays and at one index."""
    sizes = dict(zip("PQRS", (*dy.shape, *w.shape), strict=True))
    return general.at(**sizes, x=x, w=w, dy=dy, **index)


def _numbers(shape):
    """Integers from -12 to 16 without a pattern; zeros come only after the ninth."""
    n = np.arange(np.prod(shape))
    return ((n**3 + 2 * n + 2) % 29 - 12).reshape(shape).astype(object)
