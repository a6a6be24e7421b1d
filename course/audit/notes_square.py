"""Document 002, last part: the input gradient once more, with an n x n kernel.

Its I, O, K, E are our x, y, w, L. Its output (x, y) is our (p, q), its tap (u, v) our (r, s), its
input (i, j) ours.
"""

from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

import numpy as np
import sympy as sp

from convlib import conv2d, kernel_map
from convlib import symbolic as general
from course.audit.board import DY, W, X, symbolic_gradient
from course.audit.check import Check, read_general, refused, same
from course.audit.cost import cost_by
from course.audit.loops import Array, array_of, at, backward_sum, correlate
from course.audit.notes_input import reached, strict

Index = Callable[[int, int, int, int], tuple[int, int]]
Condition = Callable[..., bool]  # of p, q, r, s, i, j
PIXELS = (0, 0), (2, 3), (4, 1), (4, 7)
N = 3
E = cost_by("x", (4, 6), (N, N))     # 2 x 4 outputs
EVEN = cost_by("x", (3, 6), (2, 4))  # neither odd nor square
DX = symbolic_gradient("x")
TABLE = set(map(tuple, kernel_map(E.x.shape, E.w.shape).rows()))  # (output, tap, input)
REACHED = {pixel: outputs for pixel, outputs in reached((8, 7), (N, N)).items()
           if len(outputs) == N * N}  # of the inner pixels


def corrected(p: int, q: int, r: int, s: int) -> tuple[int, int]:
    return p + r, q + s


def as_printed(p: int, q: int, r: int, s: int) -> tuple[int, int]:
    return p + r, q + r


def forward(index: Index) -> Array:
    """y[p, q] = sum of x[index(p, q, r, s)] w[r, s]."""
    return array_of(E.y.shape, lambda p, q: sum(
        E.x[index(p, q, *tap)] * E.w[tap] for tap in np.ndindex(N, N)))


def dx_is(term: Callable[[int, int], Any]) -> bool:
    """dx[i, j] = term(i, j) in every pixel?"""
    return same(E.dv, array_of(E.x.shape, term))


def substituted(index: Index) -> bool:
    """(1) put into (2): the double sum is differentiated as a whole."""
    y = forward(index)
    return dx_is(lambda i, j: E.summed(lambda p, q: y[p, q].diff(E.x[i, j])))


def taken_outside(index: Index) -> bool:
    """The sum and w moved out: only d x[index] / d x[i, j] is left inside."""
    return dx_is(lambda i, j: E.summed(lambda p, q: sum(
        E.w[tap] * E.x[index(p, q, *tap)].diff(E.x[i, j]) for tap in np.ndindex(N, N))))


def with_condition(meets: Condition) -> bool:
    """dx with the indicator of meets(p, q, r, s, i, j)."""
    return dx_is(lambda i, j: E.summed(lambda p, q: sum(
        E.w[r, s] for r, s in np.ndindex(N, N) if meets(p, q, r, s, i, j))))


def triples(meets: Condition) -> set[tuple[tuple[int, ...], ...]]:
    """Every (output, tap, input) with meets(p, q, r, s, i, j)."""
    sizes = (*E.y.shape, N, N, *E.x.shape)
    return {(c[:2], c[2:4], c[4:]) for c in np.ndindex(sizes) if meets(*c)}


def is_one(p: int, q: int, r: int, s: int, i: int, j: int) -> bool:
    """Is d x[p + r, q + s] / d x[i, j] = 1?"""
    return E.x[p + r, q + s].diff(E.x[i, j]) == 1


def range_reached(axis: int, interval: Callable[[int], list[int]]) -> bool:
    """Are the outputs of every inner pixel, along one axis, those of interval(i)?"""
    return all({output[axis] for output in outputs} == set(interval(pixel[axis]))
               for pixel, outputs in REACHED.items())


def upwards(i: int) -> list[int]:
    return [x for x in range(8) if i - N + 1 <= x <= i]


def downwards(i: int) -> list[int]:
    return [x for x in range(8) if i <= x <= i - N + 1]


def from_to(read: Callable[..., Any], tap: Callable[..., Any]) -> Callable[[int, int], Any]:
    """sum of dy[x, y] w[tap(i-x, j-y)] over x = i-n+1..i, y = j-n+1..j."""
    return lambda i, j: sum(read(E.dy, x, y) * E.w[tap(i - x, j - y)] for x, y in product(
        range(i - N + 1, i + 1), range(j - N + 1, j + 1)))


def difference(*tap: int) -> tuple[int, ...]:
    return tap


def every_size(proof: Any, pixels: Iterable[tuple[int, int]] = PIXELS) -> bool:
    """The sum for symbolic sizes, read at some pixels of the board."""
    return all(same(read_general(proof, i=i, j=j), DX[i, j]) for i, j in pixels)


def reindexed() -> bool:
    """The sum over p for symbolic sizes, p = m + i - R + 1: the kernel is read at R - 1 - m."""
    g = general
    dx = g.input_gradient(2, over="tap").reindex(
        g.p, g.m, g.m + g.i - g.R + 1, sp.Integer(0), g.R - 1)
    (kernel,) = (cell for cell in dx.summand.atoms(sp.Indexed) if cell.base == g.w)
    return sp.expand(kernel.indices[0] - (g.R - 1 - g.m)) == 0 and every_size(dx)


def new_index(i: int) -> list[int]:
    """x' = x - i + n - 1 for x = i-n+1..i."""
    return [x - i + N - 1 for x in range(i - N + 1, i + 1)]


def shifted(tap: Callable[[int, int], tuple[int, int]]) -> bool:
    """dx as the sum over x', y' = 0..n-1 with the kernel read at tap(x', y')."""
    return dx_is(lambda i, j: sum(
        at(E.dy, x + i - N + 1, y + j - N + 1) * E.w[tap(x, y)] for x, y in np.ndindex(N, N)))


CHECKS = {
    "002-49": Check(  # one axis, the other axis, a transpose
        right=lambda: same(DX, conv2d(DY, W[::-1, ::-1], padding="full")),
        printed=lambda: any(same(DX, conv2d(DY, other, padding="full"))
                            for other in (W[::-1], W[:, ::-1], W.T))),
    "002-51": Check(
        right=lambda: same(EVEN.dv, backward_sum(EVEN.dy, EVEN.w))
        and conv2d(EVEN.x, EVEN.w).shape == EVEN.y.shape,
        printed=lambda: refused(lambda: conv2d(EVEN.x, EVEN.w))),
    "002-53": Check(
        right=lambda: same(conv2d(E.x, E.w), forward(corrected)),
        printed=lambda: same(conv2d(E.x, E.w), forward(as_printed))
        # it reads n of the n x n pixels
        or sum(forward(as_printed)[0, 0].diff(v) != 0 for v in E.x.flat) == N * N),
    "002-54": Check(right=lambda: dx_is(E.chain)),
    "002-55": Check(
        right=lambda: substituted(corrected), printed=lambda: substituted(as_printed)),
    "002-56": Check(
        right=lambda: taken_outside(corrected), printed=lambda: taken_outside(as_printed)),
    "002-57": Check(  # that the output exists is not enough
        right=lambda: triples(is_one) == TABLE,
        printed=lambda: triples(lambda *cell: cell[:2] in np.ndindex(E.y.shape)) == TABLE),
    "002-58": Check(
        right=lambda: with_condition(lambda p, q, r, s, i, j: (p + r, q + s) == (i, j))
        and every_size(general.input_indicator(2))),
    "002-59": Check(
        right=lambda: triples(lambda p, q, r, s, i, j: p + r == i and q + s == j) == TABLE,
        printed=lambda: with_condition(lambda p, q, r, s, i, j: p + r == i and q + r == i)),
    "002-60": Check(
        right=lambda: range_reached(0, upwards), printed=lambda: range_reached(0, downwards)),
    "002-61": Check(
        right=lambda: range_reached(1, upwards), printed=lambda: range_reached(1, downwards)),
    "002-62": Check(
        right=lambda: all(tap == (i - x, j - y) for (x, y), tap, (i, j) in TABLE),
        printed=lambda: all(tap == (x - i, y - j) for (x, y), tap, (i, j) in TABLE)),
    "002-63": Check(  # with u, v left free, one tap stands in all summands
        right=lambda: dx_is(from_to(at, difference)),
        printed=lambda: any(dx_is(from_to(at, lambda *_, tap=tap: tap))
                            for tap in np.ndindex(N, N))),
    "002-64": Check(
        right=lambda: with_condition(lambda p, q, r, s, i, j: p + r == i and q + s == j),
        printed=lambda: with_condition(lambda p, q, r, s, i, j: p + r == i and q + r == j)),
    "002-65": Check(  # the limits leave the outputs, not the kernel
        right=lambda: dx_is(from_to(at, difference))
        and every_size(general.input_gradient(2, over="tap")),
        printed=lambda: not refused(lambda: dx_is(from_to(strict, difference)))),
    "002-66": Check(
        right=lambda: reindexed() and all(new_index(i) == list(range(N)) for i in range(6)),
        printed=lambda: new_index(4) == [4 - x for x in range(4 - N + 1, 4 + 1)]),
    "002-67": Check(  # the new index begins at 0; a linear function has its factor as derivative
        right=lambda: all(new_index(i)[0] == 0 for i in range(6))
        and sp.diff(W[0, 0] * X[0, 0], X[0, 0]) == W[0, 0],
        printed=lambda: sp.diff(W[0, 0] * X[0, 0], X[0, 0]) == 0),
    "002-68": Check(
        right=lambda: shifted(lambda x, y: (N - 1 - x, N - 1 - y)),
        printed=lambda: shifted(lambda x, y: (x, y))),
    "002-69": Check(
        right=lambda: same(E.dv, correlate(np.pad(E.dy, N - 1), np.flip(E.w))),
        printed=lambda: any(same(E.dv, correlate(np.pad(E.dy, N - 1), np.flip(E.w, axis)))
                            for axis in (0, 1))),
}
