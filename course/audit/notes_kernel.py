"""Document 002, first part: the forward sum and the kernel gradient.

Its x, y, w are ours. Its r, c are our p, q; its a, b (a', b') our r, s; its k1, k2, N1, N2 our
R, S, P, Q.
"""

from functools import cache
from itertools import product
from typing import Any

import numpy as np

from convlib import conv2d, conv2d_backward, im2col, kernel_map, vec
from convlib import symbolic as general
from convlib.symbolic import gradient, symbols
from course.audit.board import DY, WIDTH, H, P, Q, R, S, W, X, Y, symbolic_gradient
from course.audit.check import FIVE_SIZES, Check, cells_read, read_general, refused, same
from course.audit.cost import cost, cost_by, derivatives, polynomial_symbols, put, slopes
from course.audit.loops import Array, array_of, at, correlate, double_sum, places, true_valid

J = cost_by("w")
DW = symbolic_gradient("w")
OUTPUTS, TAPS = list(np.ndindex(P, Q)), list(np.ndindex(R, S))
DIAGONAL = {(n, n) for n in range(min(P, Q))}  # the outputs named [c, c]
ODD = symbols("w", (3, 5))


def window(p: int, q: int) -> Array:
    """The cells of x under the kernel at (p, q): (p, q) is their upper left corner."""
    return X[p:p + R, q:q + S]


def centred(i: int, j: int) -> Any:
    """The middle tap of the odd kernel over x[i, j], x extended by zeros."""
    return sum(at(X, i + r - 1, j + s - 2) * ODD[r, s] for r, s in np.ndindex(3, 5))


def first_of_two_layers(dy_of_its_own: bool = True) -> bool:
    """dw = x * dy in the lower layer, with dL/d(its y), or with dL/d(output of the network)."""
    x, above, w = J.x[:4, :5], J.x[1:3, 3:5], polynomial_symbols("w", (2, 3))
    y = correlate(x, w)
    z = correlate(y, above)
    free = symbols("y", y.shape)
    dy = put(gradient(cost(correlate(free, above)), free), free, y) if dy_of_its_own else slopes(z)
    return same(derivatives(cost(z), w), correlate(x, dy))


def outputs_of_a_weight() -> bool:
    """A weight of A in A @ v stands in one output, a tap of w in all of them."""
    a, v = symbols("a", (3, 4)), symbols("v", 4)
    dense = [sum(u.has(weight) for u in a @ v) for weight in a.flat]
    shared = [sum(u.has(tap) for u in Y.flat) for tap in W.flat]
    return dense == [1] * a.size and shared == [P * Q] * W.size


@cache
def untied() -> tuple[Array, Array]:
    """dJ by a kernel of its own for each output, taken where all are equal; and dJ by one w."""
    x, w = J.x[:3, :4], polynomial_symbols("w", (2, 2))
    own = symbols("u", (2, 3, 2, 2))
    y = array_of((2, 3), lambda p, q: double_sum(x[p:, q:], own[p, q], 0, 0))
    equal = array_of(own.shape, lambda p, q, r, s: w[r, s])
    return put(gradient(cost(y), own), own, equal), derivatives(cost(correlate(x, w)), w)


CHECKS = {
    "002-01": Check(
        right=lambda: same(conv2d(X[None], W[None, None])[0], correlate(X, W)),
        printed=lambda: sum(W[None, None].shape[:2]) == 1),  # '+' read as a sum
    "002-02": Check(
        right=lambda: same(Y, correlate(X, W)), printed=lambda: same(Y, true_valid(X, W))),
    "002-04": Check(
        right=first_of_two_layers, printed=lambda: first_of_two_layers(dy_of_its_own=False)),
    "002-05": Check(
        right=lambda: all(same(Y[p, q], double_sum(X, W, p, q)) for p, q in OUTPUTS)
        and len(kernel_map(X.shape, W.shape)) == P * Q * R * S,
        # limits one too far; an output named [c, c] for every output
        printed=lambda: not refused(lambda: double_sum(X, W, 0, 0, range(R + 1), range(S + 1)))
        or set(OUTPUTS) == DIAGONAL),
    "002-06": Check(
        right=lambda: all(cells_read(Y[p, q], X) == cells_read(window(p, q).sum(), X)
                          for p, q in OUTPUTS)
        and same(conv2d(X, ODD, padding=(1, 2)), array_of(X.shape, centred)),
        printed=lambda: any(same(y, centred(p, q))
                            for (p, q), y in np.ndenumerate(conv2d(X, ODD)))),
    "002-07": Check(
        right=lambda: all(same(vec(window(p, q)).T @ vec(W), Y[p, q]) for p, q in OUTPUTS),
        # two columns side by side do not multiply
        printed=lambda: not refused(lambda: vec(window(0, 0))[:, None] @ vec(W)[:, None])),
    "002-08": Check(
        right=lambda: all(same(vec(window(p, q)) @ vec(W), double_sum(X, W, p, q))
                          for p, q in OUTPUTS),
        printed=lambda: not refused(lambda: vec(X) @ vec(W))),
    "002-09": Check(
        right=lambda: same(im2col(X, (R, S)).T @ vec(W), vec(correlate(X, W))),
        printed=lambda: vec(X).size == vec(W).size),
    "002-10": Check(  # dw[0, 0] takes in dL/dy at every (r, c)
        right=lambda: cells_read(DW[0, 0], DY) == set(OUTPUTS),
        printed=lambda: cells_read(DW[0, 0], DY) == DIAGONAL),
    "002-11": Check(  # some pixels of J.x are 0: there the output does not move
        right=outputs_of_a_weight,
        printed=lambda: all(y.diff(J.w[0, 0]) != 0 for y in J.y.flat)),
    "002-12": Check(
        right=lambda: all(same(J.dv[tap], J.chain(*tap)) for tap in TAPS),
        # y[r, c] / w[a', b'] for the derivative: both sides times w
        printed=lambda: same(J.dv[0, 0] * J.w[0, 0], J.summed(lambda p, q: J.y[p, q]))),
    "002-13": Check(
        right=lambda: all(conv2d(np.ones(x), np.ones(w)).shape == tuple(map(places, x, w)) == tuple(
            n - k + 1 for n, k in zip(x, w, strict=True)) for x, w in FIVE_SIZES),
        # N1 x N2 taken for the size of x
        printed=lambda: not refused(lambda: J.chain(0, 0, rows=range(H), columns=range(WIDTH)))),
    "002-14": Check(
        right=lambda: all(Y[p, q].diff(W[r, s]) == X[p + r, q + s]
                          for (p, q), (r, s) in product(OUTPUTS, TAPS)),
        printed=lambda: any(Y[P - 1, Q - 1].diff(W[r, s]) == X[P - 1 - r, Q - 1 - s]
                            for r, s in TAPS[1:])),
    "002-15": Check(
        right=lambda: same(J.dv, array_of((R, S), lambda r, s: J.summed(
            lambda p, q: J.x[p + r, q + s]))) and same(conv2d_backward(DY, X, W).dw, DW)
        and same(DW, array_of((R, S), lambda a, b: read_general(
            general.kernel_gradient(2), a=a, b=b)))),
    "002-16": Check(
        right=lambda: same(DW, correlate(X, DY)) and DW.shape == (R, S),
        printed=lambda: same(DW, true_valid(X, DY))),
    "002-17": Check(
        right=lambda: same(untied()[0].sum(axis=(0, 1)), untied()[1]),
        printed=lambda: same(untied()[0].mean(axis=(0, 1)), untied()[1])),
    "002-18": Check(
        right=lambda: J.dy.shape == tuple(map(places, J.x.shape, J.w.shape))
        and refused(lambda: conv2d_backward(DY.T, X, W)),
        printed=lambda: J.dy.shape == J.dv.shape),
    "002-19": Check(  # the window reaches the last cell of x at the last tap, and no further
        right=lambda: all(same((DY * X[r:r + P, s:s + Q]).sum(), DW[r, s]) for r, s in TAPS)
        and (R - 1 + P, S - 1 + Q) == X.shape,
        printed=lambda: not refused(lambda: DY * X)),
    "002-20": Check(
        right=lambda: same(DW, correlate(X, DY)) and all(cells_read(v, X) for v in DW.flat),
        # made of loss gradients alone, without x
        printed=lambda: any(v.free_symbols <= set(DY.flat) for v in DW.flat)),
}
