"""Document 004, last part: two layers, and the gradient that leaves the second one.

Its X^(1), F_2i, S_i^(2), G_i are our x (the input of the second layer), w[k], y[k], dy[k];
M^filter is our filter matrix.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import sympy as sp

from convlib import conv2d, conv2d_backward, filter_matrix, numerical_gradient, vec
from convlib.symbolic import symbols
from course.audit.check import Check, cells_read, close, refused, same
from course.audit.cost import Derivatives, cost_by, maps, numbers
from course.audit.loops import Array, array_of, places
from course.audit.slides_layer import LAST_W, relu

# As on the slides, with f = 2 and an input 5 wide and 4 high; and one with a kernel 2 wide, 3 high.
SIZES = [((3, 4, 5), (3, 3, 2, 2)), ((2, 5, 4), (3, 2, 3, 2))]


class Layer(Derivatives):
    """A cost of the maps that is not linear, with symbols for x: dv is dx."""

    @property
    def matrices(self) -> list[Array]:
        """M_w of each filter."""
        return [filter_matrix(f[None], self.x.shape) for f in self.w]

    def jacobian(self, k: int) -> Array:
        """d vec(y[k]) / d vec(x), differentiated entry by entry."""
        rows, columns = vec(self.y[k]), vec(self.x)
        return array_of((len(rows), len(columns)), lambda m, n: sp.diff(rows[m], columns[n]))

    def by_matrices(self) -> Any:
        """sum_k vec(dy[k]) M_k."""
        return sum(vec(g) @ m for g, m in zip(self.dy, self.matrices, strict=True))

    def padded(self, k: int) -> Array:
        r, s = self.w.shape[2:]
        return np.pad(self.dy[k], [(r - 1, r - 1), (s - 1, s - 1)])

    def turned(self, turn: tuple[int, ...]) -> Array:
        """The last formula: stacked over the slices of w, summed over the filters."""
        return np.sum([[conv2d(self.padded(k), v) for v in np.flip(f, turn)]
                       for k, f in enumerate(self.w)], axis=0)


@cache
def layers() -> list[Layer]:
    return [Layer(*cost_by("x", *shapes, forward=maps)) for shapes in SIZES]


def every(statement: Callable[[Layer], bool]) -> bool:
    return all(map(statement, layers()))


def seen_channels(k: int) -> set[int]:
    """The channels of x that stand in map k."""
    x, w = symbols("x", (3, 3, 4)), symbols("w", (3, 3, 2, 2))
    return {cell[0] for entry in conv2d(x, w)[k].flat for cell in cells_read(entry, x)}


def own_size(h: int, w: int, f: int, channels: int = 3) -> tuple[int, int]:
    """(w - f + 1)(h - f + 1) rows, 3 w h columns."""
    return places(h, f) * places(w, f), channels * h * w


def stacked() -> tuple[int, ...]:
    """The input of a second layer, from an image 7 wide and 6 high: w' x h', not w x h."""
    first = conv2d(numbers((3, 6, 7)), numbers((3, 3, 2, 2)))
    return filter_matrix(numbers((1, 3, 2, 2)), first.shape).shape


# Two layers with a ReLU after each, in numbers: an image 6 wide and 5 high.
RNG = np.random.default_rng(1)
IMAGE, W1, W2 = (RNG.normal(size=shape) for shape in ((3, 5, 6), (3, 3, 2, 2), (2, 3, 2, 3)))
LAST = LAST_W[:, :2 * 3 * 3]


def loss(w1: Array) -> Any:
    """-log of the probability of class 2."""
    scores = LAST @ vec(relu(conv2d(relu(conv2d(IMAGE, w1)), W2)))
    return np.log(np.exp(scores).sum()) - scores[2]


def first_filters(mask: bool = True) -> Array:
    """dw of the first layer, by the formulas: through dx of the second layer and the ReLU."""
    y1 = conv2d(IMAGE, W1)
    y2 = conv2d(relu(y1), W2)
    scores = LAST @ vec(relu(y2))
    d_scores = np.exp(scores) / np.exp(scores).sum() - np.eye(len(scores))[2]
    dy2 = (d_scores @ LAST).reshape(y2.shape) * (y2 > 0)
    dx = conv2d_backward(dy2, relu(y1), W2).dx
    dy1 = dx * (y1 > 0) if mask else dx
    return np.array([[conv2d(c, g) for c in IMAGE] for g in dy1])


CHECKS = {
    "004-54": Check(  # every map sees every channel
        right=lambda: all(seen_channels(k) == {0, 1, 2} for k in range(3)),
        printed=lambda: all(seen_channels(k) == {k} for k in range(3))),
    "004-55": Check(
        right=lambda: every(lambda n: same(vec(n.dv), sum(
            vec(g) @ n.jacobian(k) for k, g in enumerate(n.dy)))),
        printed=lambda: every(lambda n: same(vec(n.dv), vec(n.dy[0]) @ n.jacobian(0)))),
    "004-56": Check(  # a row of t entries, then t x 3 w' h'
        right=lambda: every(lambda n: (vec(n.dy[0])[None].shape, n.jacobian(0).shape)
                            == ((1, n.y[0].size), (n.y[0].size, n.x.size))),
        printed=lambda: not refused(lambda: layers()[0].jacobian(0) @ vec(layers()[0].dy[0]))),
    "004-57": Check(  # row (p, q) holds w[r, s] in the column of x[p + r, q + s]
        right=lambda: every(lambda n: all(same(m @ vec(n.x), vec(y))
                                          for m, y in zip(n.matrices, n.y, strict=True)))
        and every(lambda n: all(same(m, np.hstack([filter_matrix(v, n.x.shape[1:]) for v in f]))
                                for m, f in zip(n.matrices, n.w, strict=True))),
        printed=lambda: every(lambda n: all(same(m[:, ::-1] @ vec(n.x), vec(y))
                                            for m, y in zip(n.matrices, n.y, strict=True)))),
    "004-58": Check(  # w and h of the layer's own input, not of the network's
        right=lambda: filter_matrix(numbers((1, 3, 2, 2)), (3, 6, 7)).shape == own_size(6, 7, 2),
        printed=lambda: stacked() == own_size(6, 7, 2)),
    "004-59": Check(
        right=lambda: stacked() == own_size(6 - 2 + 1, 7 - 2 + 1, 2),
        printed=lambda: stacked() == own_size(6 - 2, 7 - 2, 2)),
    "004-60": Check(
        right=lambda: every(lambda n: all(same(n.jacobian(k), m)
                                          for k, m in enumerate(n.matrices))),
        printed=lambda: every(lambda n: all(same(n.jacobian(k), filter_matrix(
            np.flip(f[None], (2, 3)), n.x.shape)) for k, f in enumerate(n.w)))),
    "004-61": Check(
        right=lambda: every(lambda n: same(vec(n.dv), n.by_matrices())),
        printed=lambda: any(same(vec(n.dv), vec(g) @ m) for n in layers()
                            for g, m in zip(n.dy, n.matrices, strict=True))),
    "004-62": Check(  # into (channel, row, column); then the channels may go to the end
        right=lambda: every(lambda n: same(n.by_matrices().reshape(n.x.shape), n.dv)),
        printed=lambda: every(lambda n: same(
            n.by_matrices().reshape(*n.x.shape[1:], n.x.shape[0]), n.dv.transpose(1, 2, 0)))),
    "004-68": Check(  # the two spatial axes turn, the axis of the channels does not
        right=lambda: every(lambda n: same(n.dv, n.turned(turn=(1, 2))))
        and every(lambda n: same(n.dv, conv2d_backward(n.dy, numbers(n.x.shape), n.w).dx)),
        printed=lambda: any(same(n.dv, n.turned(turn)) for n in layers()
                            for turn in ((), (1,), (2,), (0, 1, 2)))),
    "004-69": Check(  # the slides stop at dx; the first filters need the mask of the first ReLU
        right=lambda: close(numerical_gradient(loss, W1), first_filters()),
        printed=lambda: close(numerical_gradient(loss, W1), first_filters(mask=False))),
}
