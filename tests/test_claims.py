"""The claims of the five source documents that chapters 1 to 3 carry, each checked by machine.

A row is: number, the correct statement, and for a claim that is wrong as printed also the printed
form, which must be refuted. Letters are ours (see the Rosetta table of chapter 2).
"""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from pytest import raises

from convlib import conv1d, conv2d, image_matrix, kernel_map, output_size, vec
from convlib.symbolic import gradient, jacobian, letters

X, W = letters("x", (4, 5)), letters("w", (2, 3))  # not square, all four sizes different enough
Y = conv2d(X, W)
(H, WIDTH), (R, S), (P, Q) = X.shape, W.shape, Y.shape
X5, W2 = letters("x", 5), letters("w", 2)
A = conv1d(X5, W2, padding=1)  # the three readings of the padded example
B = conv1d(letters("x", 6), W2, padding=(1, 0))
C = conv1d(X5, W2, padding=(1, 0))
a, b, c, d, e = X5
w0, w1 = W2


def same(one, other):
    one, other = np.asarray(one, object), np.asarray(other, object)
    return one.shape == other.shape and all(u - v == 0 for u, v in zip(one.flat, other.flat,
                                                                      strict=True))


def double_sum(x, w, p, q, rows=None, columns=None):
    rows, columns = rows or range(w.shape[0]), columns or range(w.shape[1])
    return sum(x[p + r, q + s] * w[r, s] for r in rows for s in columns)


def places(size, kernel, stride=1, padding=0):
    """Starting places of a window, counted."""
    room = range(-padding, size + padding - kernel + 1)
    return len([start for n, start in enumerate(room) if n % stride == 0])


def true_full(x, w):
    """The true convolution by its definition, x extended by zeros."""
    out = np.zeros(np.add(x.shape, w.shape) - 1, object)
    for (i, j), (r, s) in product(np.ndindex(x.shape), np.ndindex(w.shape)):
        out[i + r, j + s] += x[i, j] * w[r, s]
    return out


def dA(n):
    """d A / d x_n over the six outputs."""
    return list(jacobian(A, X5)[:, n])


def one_based(x, w, p, q, lost=0):
    return sum(x[p + r - 2 + lost, q + s - 2 + lost] * w[r - 1, s - 1]
               for r in range(1, R + 1) for s in range(1, S + 1))


def refused(call, error=(ValueError, IndexError)):
    with raises(error):
        call()
    return True


FULL = conv2d(X, W, padding="full")
FILTERS = letters("w", (3, 2, 3))
PRICES = letters("dy", 6)
ALL_CELLS = set(np.ndindex(X.shape))

# number: (the correct statement, the printed form that must be false)
CLAIMS = {
    "000-01": (lambda: X.shape == (H, WIDTH) and Y.shape == (H - R + 1, WIDTH - S + 1), None),
    "000-02": (lambda: conv2d(X[None], FILTERS[:, None]).shape == (3, P, Q), None),
    "000-03": (lambda: same(conv2d(W, X, padding="full"), np.flip(FULL)),
               lambda: same(conv2d(W, X, padding="full"), FULL)),
    "000-04": (lambda: all(same(Y[p, q], double_sum(X, W, p, q)) for p, q in np.ndindex(P, Q))
               and same(conv2d(X, np.flip(W), padding="full"), true_full(X, W)),
               lambda: same(FULL, true_full(X, W))),
    "000-05": (lambda: W.shape == (R, S) and len(kernel_map(X.shape, W.shape)) == P * Q * R * S,
               None),
    "000-06": (lambda: P == places(H, R) and Q == places(WIDTH, S), None),
    "000-07": (lambda: (P, Q) == (H - R + 1, WIDTH - S + 1)
               and refused(lambda: conv2d(W, X)), None),
    "000-11": (lambda: same(Y[0, 0], sum(W[r, s] * X[r, s] for r in range(R) for s in range(S)))
               and Y[0, 0].diff(W[0, S - 1]) == X[0, S - 1]
               and Y[0, 0].diff(W[R - 1, 0]) == X[R - 1, 0],
               # the first row ends at S where our R stands, the last row at an image index
               lambda: Y[0, 0].diff(W[0, R - 1]) == X[0, S - 1]),
    "000-12": (lambda: same(Y[0, 1], sum(W[r, s] * X[r, s + 1] for r in range(R)
                                         for s in range(S))),
               lambda: same(Y[0, 1], sum(W[0, s] * X[0, s + 1] for s in range(S)))),
    "001-01": (lambda: X.shape == (H, WIDTH), None),
    "001-02": (lambda: conv2d(X, W).shape == (places(H, W.shape[0]), places(WIDTH, W.shape[1])),
               None),
    "001-03": (lambda: len(conv2d(X[None], FILTERS[:, None])) == len(FILTERS), None),
    "001-04": (lambda: Y.shape == (P, Q),
               lambda: np.kron(np.ones(X.shape), np.ones(W.shape)).shape == Y.shape),
    "001-05": (lambda: same(Y[P - 1, Q - 1], double_sum(X, W, P - 1, Q - 1)), None),
    "001-06": (lambda: Y.shape == (H - R + 1, WIDTH - S + 1), None),
    "001-09": (lambda: [Y[0, 0].diff(W[R - 1, s]) for s in range(S)] == list(X[R - 1, :S]),
               lambda: Y[0, 0].diff(W[0, S - 1]) == X[S - 1, 0]),
    "001-10": (lambda: [Y[0, 1].diff(W[R - 1, s]) for s in range(S)] == list(X[R - 1, 1:S + 1]),
               lambda: [Y[0, 1].diff(W[R - 1, s]) for s in range(S)] == list(X[R - 1, :S])),
    "002-01": (lambda: same(conv2d(X[None], W[None, None])[0], Y), None),
    "002-02": (lambda: same(Y[0, 0], double_sum(X, W, 0, 0)),
               lambda: same(conv2d(X, np.flip(W)), Y)),
    "002-05": (lambda: same(Y[2, 1], double_sum(X, W, 2, 1)),
               lambda: len({(n, n) for n in range(min(P, Q))}) == Y.size
               or not refused(lambda: double_sum(X, W, 0, 0, range(R + 1), range(S + 1)))),
    "002-06": (lambda: {cell for cell in ALL_CELLS if Y[1, 1].diff(X[cell]) != 0}
               == set(product(range(1, 1 + R), range(1, 1 + S))),
               lambda: {cell for cell in ALL_CELLS if Y[1, 1].diff(X[cell]) != 0}
               == set(product(range(0, 3), range(0, 3)))),
    "002-07": (lambda: all(same(vec(X[p:p + R, q:q + S]) @ vec(W), Y[p, q])
                           for p, q in np.ndindex(P, Q)), None),
    "002-34": (lambda: same(_backward_sum(Y), true_full(Y, W)),
               lambda: same(_backward_sum(Y), conv2d(Y, W, padding="full"))),
    "002-37": (lambda: same(A, [a * w1, a * w0 + b * w1, b * w0 + c * w1, c * w0 + d * w1,
                                d * w0 + e * w1, e * w0]) and len(B) == 6 and same(C, A[:5]),
               lambda: any(str(X5[-1] * w0 + letters("x", 6)[5] * w1) == str(conv1d(
                   X5, W2, padding=pads)[-1]) for pads in product(range(3), range(3)))),
    "002-38": (lambda: dA(0) == [w1, w0, 0, 0, 0, 0], None),
    "002-39": (lambda: dA(3) == [0, 0, 0, w1, w0, 0], None),
    "002-40": (lambda: dA(1) == [0, w1, w0, 0, 0, 0], None),
    "002-41": (lambda: dA(4) == [0, 0, 0, 0, w1, w0]
               and list(jacobian(C, X5)[:, 4]) == [0, 0, 0, 0, w1], None),
    "002-42": (lambda: dA(2) == [0, 0, w1, w0, 0, 0], None),
    "002-43": (lambda: all([v for v in dA(n) if v != 0] == [w1, w0] for n in range(5))
               and list(jacobian(A, X5)[2, 1:3]) == [w0, w1], None),
    "002-44": (lambda: same(gradient((PRICES * A).sum(), X5)[1], PRICES @ np.array(dA(1))), None),
    "002-45": (lambda: len(A) == 6, lambda: len(A) == 5),
    "002-46": (lambda: same(PRICES @ np.array([0, w1, w0, 0, 0, 0]),
                            gradient((PRICES * A).sum(), X5)[1]),
               lambda: len(dA(1)) == 5),
    "002-47": (lambda: all(same(gradient((PRICES[:len(y)] * y).sum(), x)[1],
                                PRICES[1] * w1 + PRICES[2] * w0)
                           for y, x in ((A, X5), (B, letters("x", 6)), (C, X5))), None),
    "002-48": (lambda: same(gradient((PRICES * A).sum(), X5), conv1d(PRICES, W2[::-1]))
               and same(gradient((PRICES[:5] * C).sum(), X5),
                        conv1d(PRICES[:5], W2[::-1], padding=(0, 1))), None),
    "003-02": (lambda: same(_column_first(X, W, 2, 1), Y[0, 1]),
               lambda: same(_column_first(X, W, 2, 1), Y[1, 0])),
    "003-03": (lambda: X.shape[::-1] == (WIDTH, H) and WIDTH != H, None),
    "003-06": (lambda: same(_column_first(X, W, 1, 2), Y[1, 0]), None),
    "003-07": (lambda: all(output_size(h, k, stride=s, padding=p) == places(h, k, s, p)
                           == (h - k + 2 * p) // s + 1 for h, k, s, p in SMALL),
               lambda: all((h - k + 2 * p) / s + 1 == places(h, k, s, p) for h, k, s, p in SMALL)),
    "003-15": (lambda: same(one_based(X, W, 1, 1), Y[0, 0]),
               lambda: same(one_based(X, W, 1, 1, lost=1), Y[0, 0])),
    "004-01": (lambda: len(kernel_map((3, 5, 5), (1, 3, 5, 5))) == 75, None),
    "004-03": (lambda: output_size(32, 5) == 28 == places(32, 5), None),
    "004-04": (lambda: same(conv2d(letters("x", (3, 5, 4)), letters("w", (1, 3, 3, 2)))[0],
                            sum(conv2d(u, v) for u, v in zip(
                                letters("x", (3, 5, 4)), letters("w", (1, 3, 3, 2))[0],
                                strict=True))), None),
    "004-05": (lambda: conv2d(np.zeros((3, 32, 32)), np.zeros((1, 3, 5, 5))).shape == (1, 28, 28),
               None),
    "004-40": (lambda: all(same(one_based(X, W, p, q), Y[p - 1, q - 1])
                           for p, q in product(range(1, P + 1), range(1, Q + 1))), None),
}
SMALL = [(h, k, s, p) for h in range(1, 9) for k in range(1, 6) for s in (1, 2, 3)
         for p in (0, 1, 2) if h + 2 * p >= k]
DEFINITIONS = {"002-36"}  # nothing to compute
CHAPTERS_1_TO_3 = (
    {f"000-{n:02}" for n in (*range(1, 8), 11, 12)}
    | {f"001-{n:02}" for n in (1, 2, 3, 4, 5, 6, 9, 10)}
    | {f"002-{n:02}" for n in (1, 2, 5, 6, 7, 34, *range(36, 49))}
    | {f"003-{n:02}" for n in (2, 3, 6, 7, 15)} | {f"004-{n:02}" for n in (1, 3, 4, 5, 40)})


def _backward_sum(dy):
    """dx[i, j] = sum of dy[i - r, j - s] w[r, s], by loops, dy 0 outside."""
    dx = np.zeros(X.shape, object)
    for (i, j), (r, s) in product(np.ndindex(X.shape), np.ndindex(W.shape)):
        if 0 <= i - r < P and 0 <= j - s < Q:
            dx[i, j] += dy[i - r, j - s] * W[r, s]
    return dx


def _column_first(x, w, column, row):
    """z_{column,row} of the document that writes the column first and counts from one."""
    x = {(j + 1, i + 1): x[i, j] for i, j in np.ndindex(x.shape)}
    w = {(s + 1, r + 1): w[r, s] for r, s in np.ndindex(w.shape)}
    return sum(x[column + s - 1, row + r - 1] * v for (s, r), v in w.items())


@pytest.mark.parametrize("number", CLAIMS)
def test_claim(number):
    right, printed = CLAIMS[number]
    assert right()
    assert printed is None or not printed()


def test_every_claim_of_these_chapters_is_checked_and_named_in_its_notebook():
    folder = Path(__file__).parents[1] / "chapters"
    chapters = [json.loads(path.read_text()) for path in sorted(folder.glob("0[0-3]_*.ipynb"))]
    assert CHAPTERS_1_TO_3 == CLAIMS.keys() | DEFINITIONS
    named = {claim for notebook in chapters for cell in notebook["cells"]
             for claim in cell["metadata"].get("claims", [])}
    assert CHAPTERS_1_TO_3 - named == set()


def test_seven_signs_mean_one_operation():
    assert same(image_matrix(X, W.shape) @ vec(W), vec(Y))
    assert refused(lambda: X * W) and refused(lambda: X @ W)
