"""The machine checks of document 000: the kernel gradient, first version.

The document's U, V, S, T are our H, WIDTH, R, S; it counts from 1 where it writes sums out, so its
Y_11 is our y[0, 0], its W_{1T} our w[0, S-1].
"""

from itertools import product
from typing import Any

import numpy as np
import sympy as sp

from convlib import conv2d, conv2d_backward, numerical_gradient
from convlib import symbolic as general
from convlib.symbolic import gradient, symbols
from course.audit.board import DY, FILTERS, WIDTH, H, P, Q, R, S, W, X, Y, symbolic_gradient
from course.audit.check import FIVE_SIZES, Check, cells_read, read_general, refused, same
from course.audit.cost import cost, cost_by
from course.audit.loops import array_of, correlate, one_based, places, true_valid

J = cost_by("w")  # J(x * w) differentiated by w, with x of numbers: J.dy, J.dv


def inside(size: int, kernel: int) -> list[int]:
    """Every place p from which all of p, p + 1, ..., p + kernel - 1 are cells."""
    return [p for p in range(-size, 2 * size) if all(0 <= p + r < size for r in range(kernel))]


def slopes_by_differences() -> bool:
    """Finite differences of the cost at y = [[0, 1, 2], [3, 4, 5]] against 2 (n + 2) y + ..."""
    n = np.arange(6.)
    expected = 2 * (n + 2) * n
    expected[0] += 5 * 5     # from 5 y[0, 0] y[-1, -1]
    expected[1] += 3 * 1**2  # from y[0, 1]**3
    return np.allclose(numerical_gradient(cost, n.reshape(2, 3)), expected.reshape(2, 3))


def bias_gap(with_slope: bool = True) -> Any:
    """db of J(sigma(y + b)) by SymPy, less the sum of dy = da sigma'(y + b), at one point."""
    x, w, b = J.x[:3, :4], W[:2, :2], sp.Symbol("b")
    before = correlate(x, w) + b
    sigma = array_of(before.shape, lambda p, q: 1 / (1 + sp.exp(-before[p, q])))
    a = symbols("a", before.shape)
    da: Any = gradient(cost(a), a)
    values = dict(zip(a.flat, sigma.flat, strict=True))
    dy = array_of(a.shape, lambda p, q: da[p, q].xreplace(values))
    dy = dy * sigma * (1 - sigma) if with_slope else dy  # sigma' = sigma (1 - sigma)
    point = {v: sp.Rational(n + 1, 7) for n, v in enumerate((*w.flat, b))}
    return abs((cost(sigma).diff(b) - dy.sum()).subs(point).evalf(30))


def derivative_of_every_size() -> bool:
    """d y[p, q] / d w[a, b] = x[p + a, q + b] for symbolic sizes, and here for every cell."""
    g, summand = general, general.kernel_gradient(2).summand
    return summand == g.dy[g.p, g.q] * g.x[g.p + g.a, g.q + g.b] and all(
        Y[p, q].diff(W[r, s]) == X[p + r, q + s] for p, q, r, s in np.ndindex(P, Q, R, S))


def proof() -> bool:
    """The general sum runs over p, q only, is dw at the sizes of the board, and stays inside x."""
    dw = general.kernel_gradient(2)
    here = array_of((R, S), lambda a, b: read_general(dw, a=a, b=b))
    (_, *rows), (_, *columns) = dw.limits
    return (rows, columns) == ([0, general.P - 1], [0, general.Q - 1]) and same(
        here, symbolic_gradient("w")) and (P - 1 + R, Q - 1 + S) == X.shape


def three_filters() -> bool:
    """Each filter is priced by its own slice of dy."""
    dy = symbols("dy", (3, P, Q))
    dw = conv2d_backward(dy, X[None], FILTERS[:, None]).dw
    return all(same(dw[k, 0], correlate(X, dy[k])) for k in range(3))


CHECKS = {
    "000-01": Check(  # the same pair of letters, rows first, in the size of the output
        right=lambda: Y.shape == (places(X.shape[0], R), places(X.shape[1], S)),
        printed=lambda: Y.shape == (places(X.shape[1], R), places(X.shape[0], S))),
    "000-02": Check(
        right=lambda: same(conv2d(X[None], FILTERS[:, None]), [correlate(X, f) for f in FILTERS])),
    "000-03": Check(
        right=lambda: same(conv2d(W, X, padding="full"), np.flip(conv2d(X, W, padding="full")))
        and refused(lambda: conv2d(W, X)),
        printed=lambda: same(conv2d(W, X, padding="full"), conv2d(X, W, padding="full"))),
    "000-04": Check(
        right=lambda: same(Y, correlate(X, W)) and same(Y, true_valid(X, np.flip(W))),
        printed=lambda: same(Y, true_valid(X, W))),
    "000-05": Check(
        right=lambda: cells_read(Y[0, 0], W) == set(product(range(R), range(S))),
        printed=lambda: cells_read(Y[0, 0], W) == set(product(range(S), range(R)))),
    "000-06": Check(
        right=lambda: all(inside(h, r) == list(range(h - r + 1)) for shapes in FIVE_SIZES
                          for h, r in zip(*shapes, strict=True)),
        printed=lambda: inside(H, R) == list(range(H - R))),  # the last place left out
    "000-07": Check(
        right=lambda: all(conv2d(np.ones(x), np.ones(w)).shape == tuple(
            len(inside(h, r)) for h, r in zip(x, w, strict=True)) for x, w in FIVE_SIZES)
        and not inside(R, H) and refused(lambda: conv2d(W, X)),
        printed=lambda: Y.shape == (H - R, WIDTH - S)),
    "000-08": Check(  # one number has a gradient; a whole map for a cost is refused
        right=slopes_by_differences,
        printed=lambda: not refused(lambda: numerical_gradient(lambda y: 2 * y, np.ones((P, Q))))),
    "000-09": Check(
        right=lambda: J.dy.shape == Y.shape and same(J.dy[0, 2], 8 * J.y[0, 2]),
        printed=lambda: same(J.dy, J.y)),
    "000-10": Check(
        right=lambda: bool(bias_gap() < 1e-20),
        printed=lambda: bool(bias_gap(with_slope=False) < 1e-20)),
    "000-11": Check(  # the product w[r, s] x[r, s] for every tap, and no other
        right=lambda: all(Y[0, 0].diff(W[r, s]) == X[r, s] for r, s in np.ndindex(R, S))
        and cells_read(Y[0, 0], X) == set(product(range(R), range(S))),
        # the first row would end in w[0, R-1] x[0, S-1], the last begin with w[WIDTH-1, 0]
        printed=lambda: Y[0, 0].diff(W[0, R - 1]) == X[0, S - 1]
        or not refused(lambda: W[WIDTH - 1, 0])),
    "000-12": Check(
        right=lambda: all(Y[0, 1].diff(W[r, s]) == X[r, s + 1] for r, s in np.ndindex(R, S))
        and all(same(one_based(X, W, p + 1, q + 1), Y[p, q]) for p, q in np.ndindex(P, Q)),
        printed=lambda: same(Y[0, 1], sum(W[0, s] * X[0, s + 1] for s in range(S)))),
    "000-13": Check(
        right=lambda: J.dy.shape == (len(inside(H, R)), len(inside(WIDTH, S)))
        and refused(lambda: conv2d_backward(X, X, W)),
        printed=lambda: J.dy.shape == X.shape),
    "000-14": Check(
        right=lambda: same(J.dv[0, 0], J.chain(0, 0)),
        # the last summand is dJ/dy[P-1, Q-1] alone
        printed=lambda: same(J.dv[0, 0], J.summed(
            lambda p, q: 1 if (p, q) == (P - 1, Q - 1) else J.y[p, q].diff(J.w[0, 0])))),
    "000-15": Check(
        right=lambda: same(J.dv[0, 0], J.summed(lambda p, q: J.x[p, q])),
        printed=lambda: same(J.dv[0, 0], J.summed(lambda p, q: J.y[p, q]))),
    "000-16": Check(
        right=derivative_of_every_size,
        # what (1) and (2) give: the chain rule broken off after two outputs
        printed=lambda: same(J.dv[0, 0], J.chain(0, 0, rows=[0], columns=[0, 1]))),
    "000-17": Check(
        right=lambda: same(J.dv[0, 1], J.summed(lambda p, q: J.x[p, q + 1])),
        # the factor of dJ/dy[0, 0]; y has not even a column for the last factors
        printed=lambda: same(symbolic_gradient("w")[0, 1].diff(DY[0, 0]), Y[0, 1])),
    "000-18": Check(
        right=lambda: same(J.dv, correlate(J.x, J.dy)) and three_filters()
        # the same sentence with true convolution in both directions
        and same(gradient((DY * true_valid(X, W)).sum(), W), true_valid(np.flip(X), DY)),
        printed=lambda: same(J.dv, J.y * J.dy) or same(J.dv, correlate(J.y, J.dy))),
    "000-19": Check(right=proof, printed=lambda: J.dv.size == 2),
}
