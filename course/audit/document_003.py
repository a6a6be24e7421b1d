"""The machine checks of document 003: one worked example, from a 3 x 3 image to a loss.

It writes the column first and counts from 1: its x_{2,1} is our x[0, 1]. Its X, K, Z, O, Y are our
x, w, y, a and the target t. Its two squares hide which side is which, so 3 x 5 cells stand beside.
"""

from fractions import Fraction
from functools import cache
from itertools import accumulate, pairwise, product
from typing import Any

import numpy as np
import sympy as sp

from convlib import conv2d, numerical_gradient, output_size
from convlib.symbolic import gradient, jacobian, symbols
from course.audit.check import Check, refused, same
from course.audit.loops import Array, array_of, correlate, places, true_valid

Named = dict[tuple[int, int], Any]  # by (column, row), as the document counts
X_SHOWN = np.array(sp.symbols("x11 x21 x31 x12 x22 x32 x13 x23 x33")).reshape(3, 3)
K_SHOWN = np.array(sp.symbols("k11 k21 k12 k22")).reshape(2, 2)
NUMERATORS = {cell: sp.sympify(text) for cell, text in {
    (1, 1): "x11*k11 + x21*k21 + x12*k12 + x22*k22",
    (2, 1): "x21*k11 + x31*k21 + x22*k12 + x32*k22",
    (1, 2): "x12*k11 + x22*k21 + x13*k12 + x23*k22",
    (2, 2): "x22*k11 + x32*k21 + x23*k12 + x33*k22"}.items()}
Z_SHOWN = {cell: numerator / 4 for cell, numerator in NUMERATORS.items()}
FOUR_SQUARES = "(o11 - y11)**2 + (o21 - y21)**2 + (o12 - y12)**2 + (o22 - y22)**2"
SIZES = [(h, k, s, p) for h, k, s, p in product(range(1, 9), range(1, 6), (1, 2, 3), range(3))
         if h + 2 * p >= k]
x11, k11 = X_SHOWN[0, 0], K_SHOWN[0, 0]
z = sp.Symbol("z")
SIGMA = 1 / (1 + sp.exp(-z))


def cells(name: str, width: int, height: int) -> Named:
    """The document's letters: {(column, row): symbol}, both from 1."""
    return {(i, j): sp.Symbol(f"{name}{i}{j}")
            for i, j in product(range(1, width + 1), range(1, height + 1))}


def picture(named: Named) -> Array:
    """The array that shows the cell (column, row) in its place."""
    width, height = max(named)
    return array_of((height, width), lambda row, column: named[column + 1, row + 1])


def equation_5(x: Named, k: Named, column: int, row: int, shift: int = -1) -> Any:
    """The numerator of (5): sum of x_{i+column+shift, j+row+shift} k_{i,j}; printed: shift 0."""
    return sum(x[i + column + shift, j + row + shift] * k[i, j] for i, j in k)


def everywhere(width: int, height: int, k_width: int, k_height: int, shift: int = -1) -> bool:
    """Is (5) the convolution, in each cell of an image of this size?"""
    x, k = cells("x", width, height), cells("k", k_width, k_height)
    outputs = cells("z", width - k_width + 1, height - k_height + 1)
    return same(conv2d(picture(x), picture(k)),
                picture({cell: equation_5(x, k, *cell, shift) for cell in outputs}))


def row_first(array: Array) -> bool:
    """The subscripts of the displayed letters, read as (row, column), are the places?"""
    name = str(array[0, 0])[0]
    return same(array, array_of(array.shape, lambda r, c: sp.Symbol(f"{name}{r + 1}{c + 1}")))


def both_meanings(divisor: int) -> bool:
    """Numerator over divisor: is it the stride-1 convolution and also the printed expansion?"""
    shown = {cell: numerator / divisor for cell, numerator in NUMERATORS.items()}
    return same(picture(shown), conv2d(X_SHOWN, K_SHOWN)) and shown == Z_SHOWN


def expansion(column: int, row: int) -> Check:
    """The numerator is an entry of x * w, and a quarter of it the mean of four products."""
    cell = column, row
    window = X_SHOWN[row - 1:row + 1, column - 1:column + 1]
    return Check(
        right=lambda: same(NUMERATORS[cell], conv2d(X_SHOWN, K_SHOWN)[row - 1, column - 1])
        and same(Z_SHOWN[cell], np.mean(window * K_SHOWN)),
        printed=lambda: same(Z_SHOWN[cell], conv2d(X_SHOWN, K_SHOWN)[row - 1, column - 1]))


# Letters for the entrywise steps; 3 columns and 2 rows, so that the two limits differ.
A, T, BEFORE = symbols("a", (2, 3)), symbols("t", (2, 3)), symbols("z", (2, 3))
LOSS = ((A - T)**2).sum()
ACTIVE = array_of(BEFORE.shape, lambda *cell: SIGMA.subs(z, BEFORE[cell]))


def loss_of_4(width: int, height: int) -> Any:
    """Equation (4) with these limits, in the document's letters."""
    a, t = ({(j + 1, i + 1): array[i, j] for i, j in np.ndindex(array.shape)} for array in (A, T))
    return sum((a[i, j] - t[i, j])**2 for i in range(1, width + 1) for j in range(1, height + 1))


def depends_on_its_own_cell(after: Any, before: Array) -> bool:
    """The matrix of d after / d before is 0 off its diagonal, and only there."""
    table = jacobian(after, before)
    return all((table[m, n] == 0) == (m != n) for m, n in np.ndindex(table.shape))


def diagonal_is(slopes: Array) -> bool:
    """d a / d z is a diagonal matrix with these entries."""
    gap = jacobian(ACTIVE, BEFORE) - sp.diag(*slopes.flat)
    return all(sp.simplify(entry) == 0 for entry in gap)


# The example in numbers: those of chapter 6, and a wider one with fractions.
IMAGE, TARGET = np.array([[1, 2, 0], [0, 1, 3], [2, 1, -1]]), np.array([[1, 0], [0.5, 1]])
KERNEL = np.array([[0.5, -1], [1, 0.25]])


def loss(w: Array) -> float:
    return float(((1 / (1 + np.exp(-conv2d(IMAGE, w))) - TARGET)**2).sum())


def dw(w: Array) -> Array:
    """The four sums over 2 (a - t) a (1 - a) x[p + r, q + s], by loops."""
    a = 1 / (1 + np.exp(-correlate(IMAGE, w).astype(float)))
    slope = 2 * (a - TARGET) * a * (1 - a)
    return np.array([[sum(slope[p, q] * IMAGE[p + r, q + s] for p, q in np.ndindex(2, 2))
                      for s in range(2)] for r in range(2)])


def always_lower(rate: float, steps: int = 12) -> bool:
    """Every one of the steps w - rate dw lowers the loss."""
    path = accumulate(range(steps), lambda w, _: w - rate * dw(w), initial=KERNEL)
    losses = list(map(loss, path))
    return all(after < before for before, after in pairwise(losses))


WIDE = np.array([[1, 2, 0, -1, 3], [0, 1, 3, 2, -2], [2, -1, 1, 0, 1]])


class Chain:
    """dL/dw of a 3 x 5 image with 30 digits: in one go, and the three factors one by one."""

    def __init__(self, divisor: int = 1) -> None:
        w = symbols("w", (2, 3))
        y = array_of((2, 3), lambda *cell: conv2d(WIDE, w)[cell] / divisor)
        a = array_of(y.shape, lambda *cell: SIGMA.subs(z, y[cell]))
        goal = array_of(y.shape, lambda p, q: sp.Rational(p + 2 * q, 4))
        point = {v: sp.Rational(n - 2, 5) for n, v in enumerate(w.flat)}

        def number(e: Any) -> Any:
            return sp.sympify(e).xreplace(point).evalf(30)

        whole = ((a - goal)**2).sum()
        self.direct = np.array([number(whole.diff(v)) for v in w.flat])
        outer = gradient(((A - goal)**2).sum(), A)
        put = dict(zip(A.flat, a.flat, strict=True))
        self.da = array_of(a.shape, lambda *cell: number(outer[cell].xreplace(put)))
        self.slope = array_of(a.shape, lambda *cell: number(SIGMA.diff(z).subs(z, y[cell])))
        self.dy_dw = np.array(jacobian(y, w), object)

    def product(self) -> Array:
        """(1 x 6) (6 x 6 diagonal) (6 x 6)."""
        return self.da.ravel() @ np.diag(self.slope.ravel()) @ self.dy_dw

    def path(self, p: int, q: int, r: int, s: int) -> Any:
        """What w[r, s] does to the loss through y[p, q] alone, d y / d w being a pixel."""
        return self.da[p, q] * self.slope[p, q] * WIDE[p + r, q + s]

    def by_paths(self, divisor: int = 1, outputs: list[tuple[int, ...]] | None = None) -> Array:
        outputs = list(np.ndindex(2, 3)) if outputs is None else outputs
        return np.array([sum(self.path(*out, *tap) for out in outputs)
                         for tap in np.ndindex(2, 3)]) / divisor


chain = cache(Chain)


def close(one: Array, other: Array) -> bool:
    return bool(np.max(np.abs(np.ravel(one) - np.ravel(other))) < 1e-12)


CHECKS = {
    "003-02": Check(  # the first subscript grows to the right
        right=lambda: same(X_SHOWN, picture(cells("x", 3, 3))) and everywhere(5, 4, 2, 3),
        printed=lambda: row_first(X_SHOWN)),
    "003-03": Check(  # four wide and three high
        right=lambda: picture(cells("x", 4, 3)).shape == (3, 4)
        and conv2d(picture(cells("x", 4, 3)), K_SHOWN).shape == (places(3, 2), places(4, 2)),
        printed=lambda: picture(cells("x", 4, 3)).shape == (4, 3)),
    "003-04": Check(
        right=lambda: same(K_SHOWN, picture(cells("k", 2, 2)))
        and [NUMERATORS[1, 1].coeff(k) for k in K_SHOWN.flat] == list(X_SHOWN[:2, :2].flat),
        printed=lambda: row_first(K_SHOWN)),
    "003-05": Check(  # a kernel three wide and one high
        right=lambda: conv2d(WIDE, picture(cells("k", 3, 1))).shape == (places(3, 1), places(5, 3)),
        printed=lambda: conv2d(WIDE, picture(cells("k", 3, 1))).shape
        == (places(3, 3), places(5, 1))),
    "003-06": Check(
        right=lambda: same(conv2d(X_SHOWN, K_SHOWN), picture(NUMERATORS)),
        printed=lambda: same(true_valid(X_SHOWN, K_SHOWN), picture(NUMERATORS))),
    "003-07": Check(
        right=lambda: all(output_size(h, k, stride=s, padding=p) == places(h, k, s, p)
                          == (h - k + 2 * p) // s + 1 for h, k, s, p in SIZES),
        printed=lambda: all(Fraction(h - k + 2 * p, s) + 1 == places(h, k, s, p)
                            for h, k, s, p in SIZES)),
    "003-08": Check(
        right=lambda: places(3, 2) == Fraction(3 - 2 + 2 * 0, 1) + 1 == output_size(3, 2)),
    "003-09": Check(  # sufficient, not necessary
        right=lambda: all(len({places(n, k), *conv2d(np.ones((n, n)), np.ones((k, k))).shape}) == 1
                          for n in range(1, 6) for k in range(1, n + 1)),
        printed=lambda: len(set(conv2d(np.ones((4, 5)), np.ones((2, 3))).shape)) == 2),
    "003-10": Check(  # another formula for the same function, and the sign of the exponent lost
        right=lambda: sp.simplify(SIGMA - (1 + sp.tanh(z / 2).rewrite(sp.exp)) / 2) == 0,
        printed=lambda: sp.simplify(1 / (1 + sp.exp(z)) - (1 + sp.tanh(z / 2).rewrite(sp.exp)) / 2)
        == 0),
    "003-11": Check(  # softmax has equal shapes too, but is not entrywise
        right=lambda: ACTIVE.shape == BEFORE.shape and depends_on_its_own_cell(ACTIVE, BEFORE),
        printed=lambda: depends_on_its_own_cell(
            [sp.exp(v) / sum(map(sp.exp, BEFORE.flat)) for v in BEFORE.flat], BEFORE)),
    "003-12": Check(  # 3 columns, 2 rows: swapped limits leave the map
        right=lambda: same(loss_of_4(3, 2), LOSS) and refused(lambda: loss_of_4(2, 3), KeyError),
        printed=lambda: same(loss_of_4(3, 2), LOSS / 2) or same(loss_of_4(3, 2), LOSS / A.size)),
    "003-13": Check(  # the rate is never written, and not every rate will do
        right=lambda: abs(loss(KERNEL) - 2.2903509692) < 1e-9
        and abs(loss(KERNEL - 0.5 * dw(KERNEL)) - 1.46691502) < 1e-9 and always_lower(0.5),
        printed=lambda: always_lower(8)),
    "003-14": Check(
        right=lambda: same(conv2d(X_SHOWN, K_SHOWN), correlate(X_SHOWN, K_SHOWN))
        and same(conv2d(X_SHOWN, K_SHOWN), picture(NUMERATORS)),
        printed=lambda: same(conv2d(X_SHOWN, K_SHOWN), picture(Z_SHOWN))),
    "003-15": Check(  # as printed, x_{1,1} is never read and x_{4,4} does not exist
        right=lambda: everywhere(3, 3, 2, 2) and everywhere(5, 4, 2, 3),
        printed=lambda: not refused(lambda: everywhere(3, 3, 2, 2, shift=0), KeyError)
        or same(equation_5(cells("x", 3, 3), cells("k", 2, 2), 1, 1, shift=0), NUMERATORS[1, 1])),
    "003-16": Check(  # the product of two strides is 1, of two kernel or output sides 4
        right=lambda: everywhere(5, 4, 2, 3)
        and 2 * 2 == K_SHOWN.size == conv2d(X_SHOWN, K_SHOWN).size
        and 2 * 3 != conv2d(picture(cells("x", 5, 4)), picture(cells("k", 2, 3))).size,
        printed=lambda: any(map(both_meanings, (1 * 1, 2 * 2, 3 * 3)))),
    "003-17": expansion(1, 1),
    "003-18": expansion(2, 1),
    "003-19": expansion(1, 2),
    "003-20": expansion(2, 2),
    "003-21": Check(  # the cell (i, j) of o comes from the cell (i, j) of z
        right=lambda: all(after.diff(before) != 0 and after.free_symbols == {before}
                          for after, before in zip(ACTIVE.flat, BEFORE.flat, strict=True)),
        printed=lambda: ACTIVE[0, 1].has(BEFORE[1, 0])),
    "003-22": Check(
        right=lambda: diagonal_is(ACTIVE * (1 - ACTIVE)),
        printed=lambda: diagonal_is(ACTIVE)),
    "003-23": Check(
        right=lambda: same(sp.sympify(FOUR_SQUARES), ((picture(cells("o", 2, 2)) - picture(
            cells("y", 2, 2)))**2).sum()),
        printed=lambda: same(sp.sympify(FOUR_SQUARES), (picture(cells("o", 2, 2)) - picture(
            cells("y", 2, 2))).sum()**2)),
    "003-24": Check(  # derivatives of L by w, not of w by L
        right=lambda: np.allclose(numerical_gradient(loss, KERNEL), dw(KERNEL), atol=1e-8),
        printed=lambda: np.allclose(numerical_gradient(loss, KERNEL), 1 / dw(KERNEL), atol=1e-8)),
    "003-25": Check(  # the square of a matrix needs a square one, and is another number
        right=lambda: same(((A - T).T @ (A - T)).trace(), LOSS)
        and refused(lambda: (A - T) @ (A - T)),
        printed=lambda: same(((A - T)[:, :2] @ (A - T)[:, :2]).trace(),
                             ((A - T)[:, :2]**2).sum())),
    "003-26": Check(  # flattened; arrays multiplied as they stand do not even fit
        right=lambda: close(chain().product(), chain().direct),
        printed=lambda: not refused(lambda: chain().da @ chain().slope)),
    "003-27": Check(
        right=lambda: close(chain().by_paths(), chain().direct)
        and close(chain(4).by_paths(divisor=4), chain(4).direct),
        printed=lambda: close(chain().by_paths(outputs=[(0, 0)]), chain().direct)),
    "003-28": Check(
        right=lambda: same(gradient(LOSS, A), 2 * (A - T)),
        printed=lambda: same(gradient(LOSS, A), A - T)),
    "003-29": Check(
        right=lambda: sp.simplify(SIGMA.diff(z) - SIGMA * (1 - SIGMA)) == 0,
        printed=lambda: sp.simplify(SIGMA.diff(z) - SIGMA) == 0),
    "003-30": Check(  # with the 4 in z and without it in the derivative: 4 times too large
        right=lambda: Z_SHOWN[1, 1].diff(k11) == x11 / 4 and NUMERATORS[1, 1].diff(k11) == x11
        and close(chain(4).by_paths(), 4 * chain(4).direct),
        printed=lambda: Z_SHOWN[1, 1].diff(k11) == x11),
}
