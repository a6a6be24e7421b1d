"""Document 002, third part: the example in one dimension.

Its I = [a, b, c, d, e] is our x_0..x_4, its w = [x, y] our w_0, w_1, its O our y. It prints six
outputs with a sixth pixel f that it does not have, so there are three readings.
"""

from itertools import product
from typing import Any

import numpy as np

from convlib import conv1d, conv1d_backward
from convlib.symbolic import gradient, jacobian, symbols
from course.audit.check import Check, refused, same
from course.audit.cost import cost
from course.audit.loops import Array, array_of, at

X5, X6, W, DY = symbols("x", 5), symbols("x", 6), symbols("w", 2), symbols("dy", 6)
w0, w1 = W
A = conv1d(X5, W, padding=1)       # five pixels, a zero on both sides
B = conv1d(X6, W, padding=(1, 0))  # six pixels, a zero on the left
C = conv1d(X5, W, padding=(1, 0))  # five pixels, a zero on the left
PRINTED = array_of(6, lambda m: at(X6, m - 1) * w0 + X6[m] * w1)
FLIPPED = W[::-1]


def column(n: int, y: Array = A, x: Array = X5) -> list[Any]:
    """d y / d x_n over the outputs."""
    return list(jacobian(y, x)[:, n])


def six_outputs(n: int, expected: list[Any]) -> bool:
    """Readings A and B have the printed derivative, C lacks its last entry."""
    return column(n) == column(n, B, X6) == expected and column(n, C) == expected[:5]


def dx(prices: Array, y: Array, x: Array = X5) -> Array:
    """dE/dx for E = sum of prices times y, by SymPy."""
    return gradient((prices * y).sum(), x)


def columns_and_rows(rows: tuple[Any, Any] = (w0, w1)) -> bool:
    """Down each column of dy/dx stands w_1, w_0; along each row that has both, w_0, w_1."""
    table = jacobian(A, X5)
    return (all([v for v in table[:, n] if v != 0] == [w1, w0] for n in range(5))
            and all([v for v in table[m, :] if v != 0] == list(rows) for m in range(1, 5)))


def chain_rule() -> bool:
    """dE/dx_1 of a cost that is not linear is (dE/dy) . (dy/dx_1)."""
    values = dict(zip(DY, A, strict=True))
    prices = array_of(6, lambda m: cost(DY).diff(DY[m]).xreplace(values))
    return same(gradient(cost(A), X5)[1], prices.T @ np.array(column(1)))


def all_five() -> bool:
    """dx is dy, padded by R-1-padding on each side, correlated with the flipped kernel."""
    return (same(dx(DY, A), conv1d(DY, FLIPPED))
            and same(dx(DY[:5], C), conv1d(DY[:5], FLIPPED, padding=(0, 1)))
            and same(dx(DY[:4], conv1d(X5, W)), conv1d(DY[:4], FLIPPED, padding=1))
            and same(dx(DY, A), conv1d_backward(DY, X5, W, padding=1).dx))


CHECKS = {
    "002-37": Check(
        right=lambda: same(A, [v.subs(X6[5], 0) for v in PRINTED])
        and same(B, PRINTED) and same(C, PRINTED[:5]),
        # five pixels and any padding
        printed=lambda: any(same(conv1d(X5, W, padding=pads), PRINTED)
                            for pads in product(range(3), repeat=2))),
    "002-38": Check(
        right=lambda: six_outputs(0, [w1, w0, 0, 0, 0, 0]),
        printed=lambda: column(0) == [w0, w1, 0, 0, 0, 0]),
    "002-39": Check(
        right=lambda: six_outputs(3, [0, 0, 0, w1, w0, 0]),
        printed=lambda: column(3) == [0, 0, 0, w0, w1, 0]),
    "002-40": Check(
        right=lambda: six_outputs(1, [0, w1, w0, 0, 0, 0]),
        printed=lambda: column(1) == [0, w0, w1, 0, 0, 0]),
    "002-41": Check(  # with a sixth pixel there is a sixth derivative
        right=lambda: six_outputs(4, [0, 0, 0, 0, w1, w0])
        and column(5, B, X6) == [0, 0, 0, 0, 0, w1],
        printed=lambda: column(4, C) == [0, 0, 0, 0, w1, w0]),
    "002-42": Check(
        right=lambda: six_outputs(2, [0, 0, w1, w0, 0, 0]),
        printed=lambda: column(2) == [0, 0, w0, w1, 0, 0]),
    "002-43": Check(right=columns_and_rows, printed=lambda: columns_and_rows(rows=(w1, w0))),
    "002-44": Check(  # without the transpose two columns meet
        right=chain_rule,
        printed=lambda: not refused(lambda: DY[:, None] @ np.array(column(1))[:, None])),
    "002-45": Check(
        right=lambda: gradient(cost(DY), DY).shape == A.shape == (6,),
        printed=lambda: not refused(lambda: DY[:5] * A)),
    "002-46": Check(  # five entries fit reading C only
        right=lambda: same(dx(DY, A)[1], DY @ np.array([0, w1, w0, 0, 0, 0]))
        and same(dx(DY[:5], C)[1], DY[:5] @ np.array([0, w1, w0, 0, 0])),
        printed=lambda: not refused(lambda: DY[:5] @ np.array(column(1)))),
    "002-47": Check(
        right=lambda: all(same(dx(DY[:len(y)], y, x)[1], DY[1] * w1 + DY[2] * w0)
                          for y, x in ((A, X5), (B, X6), (C, X5))),
        printed=lambda: same(dx(DY, A)[1], DY[1] * w0 + DY[2] * w1)),
    "002-48": Check(right=all_five, printed=lambda: same(dx(DY, A), conv1d(DY, W))),
}
