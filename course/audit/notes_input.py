"""Document 002, second part: the input gradient.

Its pixel (r', c') is our (i, j); its output (r'-a, c'-b) our (p, q) = (i-r, j-s).
"""

from collections.abc import Callable
from functools import cache, partial
from itertools import product
from typing import Any

import numpy as np
import sympy as sp

from convlib import conv2d, conv2d_backward, filter_matrix, kernel_map, vec
from convlib import symbolic as general
from convlib.symbolic import jacobian, symbols
from course.audit.board import DY, WIDTH, H, P, Q, R, S, W, X, Y, symbolic_gradient
from course.audit.check import FIVE_SIZES, Check, read_general, refused, same
from course.audit.cost import cost_by
from course.audit.loops import Array, array_of, at, backward_sum, correlate, places, true_full

Cell = tuple[int, ...]
J = cost_by("x", (4, 6), (2, 3))
DX = symbolic_gradient("x")
OUTPUTS, TAPS, PIXELS = (list(np.ndindex(a.shape)) for a in (Y, W, X))
INTERIOR = [(i, j) for i, j in PIXELS if R - 1 <= i < P and S - 1 <= j < Q]
ROT = np.flip(W)
matrix = cache(partial(jacobian, Y, X))


@cache
def reached(x_shape: Cell = X.shape, w_shape: Cell = W.shape) -> dict[Cell, list[Cell]]:
    """{pixel: the outputs in whose formulas it stands, in raster order}."""
    x = symbols("x", x_shape)
    y: Any = conv2d(x, symbols("w", w_shape))
    return {pixel: [output for output in np.ndindex(y.shape) if y[output].has(x[pixel])]
            for pixel in np.ndindex(x_shape)}


def in_the_table() -> dict[Cell, list[Cell]]:
    """The same by the kernel map."""
    rows = list(kernel_map(X.shape, W.shape).rows())
    return {pixel: [row.out for row in rows if row.inp == pixel] for pixel in PIXELS}


def corner_block(pixel: Cell, x_shape: Cell, w_shape: Cell) -> list[Cell]:
    """Rows i-R+1..i and columns j-S+1..j, as far as they are outputs."""
    (i, j), (r, s) = pixel, w_shape
    return [(p, q) for p, q in np.ndindex(*map(places, x_shape, w_shape))
            if i - r < p <= i and j - s < q <= j]


def partials(i: int, j: int) -> dict[Cell, Any]:
    """{tap: d y[i - r, j - s] / d x[i, j]} for the taps (r, s) whose output exists."""
    return {(r, s): Y[i - r, j - s].diff(X[i, j]) for r, s in TAPS if (i - r, j - s) in OUTPUTS}


def dx_by(term: Callable[[int, int, int, int], Any]) -> bool:
    """dx[i, j] = sum of term(i, j, r, s) over the taps, in every pixel?"""
    return same(DX, array_of(X.shape, lambda i, j: sum(term(i, j, r, s) for r, s in TAPS)))


def strict(a: Array, *cell: int) -> Any:
    """a[cell]; an index outside is refused, a negative one too."""
    return a.flat[np.ravel_multi_index(cell, a.shape)]


def change_of_variables() -> bool:
    """y[i - r, j - s] with the bound letters a, b."""
    return all(same(Y[i - r, j - s], sum(X[i - r + a, j - s + b] * W[a, b] for a, b in TAPS))
               for (i, j), (r, s) in product(PIXELS, TAPS) if (i - r, j - s) in OUTPUTS)


def polynomial_product(a: Array, b: Array) -> Array:
    """The coefficients of A(u, v) B(u, v), where a and b hold those of A and B."""
    u, v = sp.symbols("u v")
    one, other = (sum(c[i, j] * u**i * v**j for i, j in np.ndindex(c.shape)) for c in (a, b))
    # expand multiplies the two; collecting u**i v**j is left to SymPy as well
    whole = sp.Poly(sp.expand(one * other), u, v)
    return array_of(np.add(a.shape, b.shape) - 1, lambda i, j: whole.coeff_monomial(u**i * v**j))


def padded(rows: tuple[int, int], columns: tuple[int, int]) -> Array:
    """dy with these numbers of zeros (before, after)."""
    return np.pad(DY, [rows, columns])


CHECKS = {
    "002-21": Check(
        right=lambda: reached() == in_the_table(),
        printed=lambda: all(outputs == OUTPUTS for outputs in reached().values())),
    "002-22": Check(
        right=lambda: all((reached()[i, j][0], reached()[i, j][-1]) == ((i - R + 1, j - S + 1),
                          (i, j)) for i, j in INTERIOR),
        printed=lambda: any(reached()[i, j][0] == (i, j) for i, j in INTERIOR)),
    "002-23": Check(
        right=lambda: all(max(reached()[cell]) == cell and len(reached()[cell]) == R * S
                          for cell in INTERIOR) and len(reached()[0, 0]) == 1,
        # a 3 x 3 kernel around (3, 4): rows 2..4, columns 3..5
        printed=lambda: reached((8, 9), (3, 3))[3, 4] == list(product(range(2, 5), range(3, 6)))),
    "002-24": Check(
        right=lambda: all(reached(x, w)[pixel] == corner_block(pixel, x, w)
                          for x, w in FIVE_SIZES for pixel in np.ndindex(x)),
        printed=lambda: all(len(outputs) == R * S for outputs in reached().values())),
    "002-25": Check(
        right=lambda: same(J.dv, array_of(J.x.shape, lambda i, j: sum(
            J.dy[output] * J.y[output].diff(J.x[i, j])
            for output in reached(J.x.shape, J.w.shape)[i, j])))),
    "002-26": Check(
        right=lambda: dx_by(
            lambda i, j, r, s: at(DY, i - r, j - s) * partials(i, j).get((r, s), 0)),
        # without the zeros around dy the sum does not exist at the border
        printed=lambda: not refused(lambda: strict(DY, H - 1, WIDTH - 1))
        or not refused(lambda: strict(DY, 0, -1))),
    "002-28": Check(
        right=lambda: same(matrix(), [[at(W, i - p, j - q) for i, j in PIXELS] for p, q in OUTPUTS])
        and same(matrix(), filter_matrix(W, X.shape))
        and same(np.array(matrix()).T @ vec(DY), vec(DX)),
        printed=lambda: matrix().shape == W.shape or same(matrix()[:R, :S], W)),
    "002-29": Check(  # eq. (1) has w[i - p, j - q] at x[i, j], and i - p = a for p = i - a
        right=lambda: general.input_gradient(2, over="tap").summand == general.dy[
            general.p, general.q] * general.w[general.i - general.p, general.j - general.q],
        # a', b' run over all taps: whichever one is meant, it is not right for every output
        printed=lambda: any(set(partials(2, 3).values()) == {W[tap]} for tap in TAPS)),
    "002-30": Check(right=change_of_variables),
    "002-31": Check(
        right=lambda: all(v == W[tap] for cell in PIXELS for tap, v in partials(*cell).items()),
        printed=lambda: any(v == W[other] for cell in PIXELS for tap, v in partials(*cell).items()
                            for other in TAPS if other != tap)),
    "002-32": Check(
        right=lambda: same(J.dv, backward_sum(J.dy, J.w))
        and same(conv2d_backward(DY, X, W).dx, DX)
        and all(same(read_general(general.input_gradient(2, over="out"), i=i, j=j), DX[i, j])
                for i, j in PIXELS[::3]),
        printed=lambda: not refused(lambda: dx_by(
            lambda i, j, r, s: strict(DY, i - r, j - s) * W[r, s]))),
    "002-33": Check(
        right=lambda: dx_by(lambda i, j, r, s: at(DY, i - r, j - s) * W[r, s]),
        # r' + a, or a alone, in the place of r' - a
        printed=lambda: dx_by(lambda i, j, r, s: at(DY, i + r, j + s) * W[r, s])
        or dx_by(lambda i, j, r, s: DY[r, s] * W[r, s])),
    "002-34": Check(
        right=lambda: same(backward_sum(DY, W), true_full(DY, W))
        and same(backward_sum(DY, W), polynomial_product(DY, W)),
        printed=lambda: same(backward_sum(DY, W), conv2d(DY, W, padding="full"))),
    "002-35": Check(
        right=lambda: same(DX, correlate(padded((R - 1, R - 1), (S - 1, S - 1)), ROT))
        and same(DX, conv2d(DY, ROT, padding="full")),
        # no padding; all of it on one side; flipped twice
        printed=lambda: same(DX, correlate(DY, ROT))
        or same(DX, correlate(padded((2 * R - 2, 0), (2 * S - 2, 0)), ROT))
        or same(DX, true_full(DY, ROT))),
}
