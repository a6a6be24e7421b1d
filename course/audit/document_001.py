"""The machine checks of document 001: the kernel gradient, assignment version.

The document's U, V, S, T are our H, WIDTH, R, S. Its R, never introduced, stands where its S
should. It counts from 1 where it writes sums out.
"""

from itertools import product
from typing import Any

import numpy as np

from convlib import conv2d, conv2d_backward, numerical_gradient
from convlib import symbolic as general
from convlib.symbolic import gradient, symbols
from course.audit.board import DY, FILTERS, WIDTH, H, P, Q, R, S, W, X, Y, symbolic_gradient
from course.audit.check import FIVE_SIZES, Check, cells_read, read_general, refused, same
from course.audit.cost import cost, cost_by, maps
from course.audit.loops import Array, array_of, correlate, double_sum, places, true_valid

J = cost_by("w")  # outputs 4 x 6: the printed (V-T+1) x (V-T+1) would be 6 x 6
TALL = cost_by("w", (6, 4), (3, 2))  # outputs 4 x 3: the printed size 3 x 3 exists, and is too few
DW = symbolic_gradient("w")  # every dJ/dy a letter, so that its factor can be read off
STACKED = conv2d(X[None], FILTERS[:, None])
SQUARE = range(WIDTH - S + 1)


def by_differences() -> bool:
    """dw of J, by nudging w itself."""
    point = np.array([[1., -2., 0.5], [3., 0.25, -1.]])
    x = J.x.astype(float)
    dw = numerical_gradient(lambda w: cost(conv2d(x, w)), point, eps=1e-4)
    exact = array_of((R, S), lambda *cell: float(J.dv[cell].as_expr(*point.flat)))
    return np.allclose(dw, exact.astype(float), rtol=1e-6)


def moved() -> Array:
    """d y / d w[0, 0], with letters in x but a zero in one pixel."""
    x = X.copy()
    x[1, 2] = 0
    y: Any = conv2d(x, W)
    return array_of(y.shape, lambda p, q: y[p, q].diff(W[0, 0]))


def two_filters() -> bool:
    """The superscript k: each filter is priced by its own map, though J mixes both maps."""
    n = cost_by("w", (1, 3, 4), (2, 1, 2, 2), forward=maps)
    return all(same(n.dv[k, 0], correlate(n.x[0], n.dy[k])) for k in range(2))


def proof() -> bool:
    """The sum for every size, read for a tall and for a wide image, is dw."""
    for x_shape, w_shape in (((6, 3), (4, 2)), ((3, 7), (2, 4))):
        x, w = symbols("x", x_shape), symbols("w", w_shape)
        y = correlate(x, w)
        dy = symbols("dy", y.shape)
        dw = array_of(w_shape, lambda a, b, dy=dy, x=x, w=w: read_general(
            general.kernel_gradient(2), x, w, dy, a=a, b=b))
        if not same(dw, gradient((dy * y).sum(), w)):
            return False
    return True


CHECKS = {
    "001-01": Check(  # a size: the outputs together read U x V pixels; none of them is (U, V)
        right=lambda: cells_read(Y.sum(), X) == set(product(range(H), range(WIDTH))),
        printed=lambda: not refused(lambda: X[H, WIDTH])),
    "001-02": Check(
        right=lambda: cells_read(Y[P - 1, Q - 1], W) == set(product(range(R), range(S))),
        printed=lambda: not refused(lambda: W[R, S])),
    "001-03": Check(  # the count is K = 3; counted from 0, a map numbered K does not exist
        right=lambda: all(same(STACKED[k], correlate(X, f)) for k, f in enumerate(FILTERS)),
        printed=lambda: not refused(lambda: STACKED[len(FILTERS)])),
    "001-04": Check(
        right=lambda: same(Y, correlate(X, W)),
        printed=lambda: np.kron(np.ones(X.shape), np.ones(W.shape)).shape == Y.shape),
    "001-05": Check(
        right=lambda: all(same(Y[p, q], double_sum(X, W, p, q)) for p, q in np.ndindex(P, Q))
        and refused(lambda: double_sum(X, W, P, 0)) and refused(lambda: double_sum(X, W, 0, Q)),
        printed=lambda: same(Y, true_valid(X, W))),
    "001-06": Check(
        right=lambda: all(conv2d(np.ones(x), np.ones(w)).shape == tuple(map(places, x, w))
                          for x, w in FIVE_SIZES) and Y.shape == (H - R + 1, WIDTH - S + 1),
        printed=lambda: Y.shape == (H - S + 1, WIDTH - R + 1)),  # rows of one, columns of the other
    "001-07": Check(right=by_differences),
    "001-08": Check(
        right=lambda: same(J.dv, correlate(J.x, J.dy))
        and same(conv2d_backward(DY, X, W).dw, correlate(X, DY)),
        printed=lambda: same(J.dv, true_valid(J.x, J.dy))),
    "001-09": Check(
        right=lambda: [Y[0, 0].diff(w) for w in W[0]] == list(X[0, :S])
        and [Y[0, 0].diff(w) for w in W[R - 1]] == list(X[R - 1, :S]),
        # first row up to w[0, R-1] x[0, S-1]; last row up to the tap
        printed=lambda: Y[0, 0].diff(W[0, R - 1]) == X[0, S - 1]
        or {s for r, s in cells_read(Y[0, 0], W) if r == R - 1} == set(range(R))),
    "001-10": Check(
        right=lambda: [Y[0, 1].diff(w) for w in W[0]] == list(X[0, 1:S + 1])
        and [Y[0, 1].diff(w) for w in W[R - 1]] == list(X[R - 1, 1:S + 1]),
        # three subscripts; without the last of them the column of y[0, 0]
        printed=lambda: not refused(lambda: X[R - 1, 0, 1])
        or Y[0, 1].diff(W[R - 1, 0]) == X[R - 1, 0]),
    "001-11": Check(  # right by luck where H - R = WIDTH - S
        right=lambda: J.dy.shape == (H - R + 1, WIDTH - S + 1)
        and conv2d(np.ones((4, 5)), np.ones((2, 3))).shape == (5 - 3 + 1, 5 - 3 + 1),
        printed=lambda: J.dy.shape == (len(SQUARE), len(SQUARE))
        or TALL.dy.shape == (4 - 2 + 1, 4 - 2 + 1)),
    "001-12": Check(
        right=lambda: all(cells_read(y, W) == set(np.ndindex(R, S)) for y in Y.flat)
        and same(array_of((P, Q), lambda p, q: Y[p, q].diff(W[0, 0])), X[:P, :Q]),
        printed=lambda: bool((moved() != 0).all())),
    "001-13": Check(
        right=lambda: same(J.dv[0, 0], J.chain(0, 0)) and same(TALL.dv[0, 0], TALL.chain(0, 0)),
        # too many rows on the wide image, too few on the tall one
        printed=lambda: not refused(lambda: J.chain(0, 0, rows=SQUARE, columns=SQUARE))
        or same(TALL.dv[0, 0], TALL.chain(0, 0, rows=range(3), columns=range(3)))),
    "001-14": Check(
        right=lambda: same(J.dv[0, 1], J.chain(0, 1)) and same(TALL.dv[0, 1], TALL.chain(0, 1)),
        printed=lambda: not refused(lambda: J.chain(0, 1, rows=SQUARE, columns=SQUARE))
        or same(TALL.dv[0, 1], TALL.chain(0, 1, rows=range(3), columns=range(3)))),
    "001-15": Check(
        right=lambda: all(DW[0, 0].diff(DY[p, q]) == X[p, q] for p, q in np.ndindex(P, Q)),
        printed=lambda: any(same(DW[0, 0].diff(DY[cell]), Y[cell]) for cell in np.ndindex(P, Q))),
    "001-16": Check(  # x[0, 1] comes from y[0, 0], which is (1); (2) gives x[0, 2]
        right=lambda: [DW[0, 1].diff(dy) for dy in DY[0]] == list(X[0, 1:Q + 1])
        and Y[0, 0].diff(W[0, 1]) == X[0, 1] and Y[0, 1].diff(W[0, 1]) == X[0, 2],
        printed=lambda: Y[0, 1].diff(W[0, 1]) == X[0, 1]),
    "001-17": Check(
        right=two_filters,
        # entry by entry: the shapes do not fit, and cut to fit they give no R x S array
        printed=lambda: not refused(lambda: X * DY) or same(X[:P, :Q] * DY, DW)),
    "001-18": Check(right=proof, printed=lambda: DW.size == 2),
}
