"""Document 004, fourth part: the gradient of each filter, with several filters and channels.

Its l, X_j, F_i, S_i, G_i, M_X^im are our L, x[c], w[k], y[k], dy[k] and the image matrix. Gradients
of vectors are rows; vec runs along the columns first, then rows, then channels.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import sympy as sp

from convlib import conv2d, image_matrix, vec
from course.audit.check import Check, close, refused, same
from course.audit.cost import Derivatives, cost_by, maps
from course.audit.loops import Array, array_of, correlate, places
from course.audit.slides_chain import block_column
from course.audit.slides_layer import IMAGE, X32, W
from course.audit.slides_loss import backward, numerical

# As on the slides, with f = 2 and an image 6 wide and 4 high; and one with a kernel 2 wide, 3 high.
SIZES = [((3, 4, 6), (3, 3, 2, 2)), ((2, 5, 4), (4, 2, 3, 2))]


class Layer(Derivatives):
    """A cost of the maps that is not linear, with symbols for w: dv is dw."""

    @property
    def matrix(self) -> Array:
        """M_x of one filter: a block for each channel, side by side."""
        return image_matrix(self.x, (1, *self.w.shape[1:]))

    @property
    def blocks(self) -> list[Array]:
        """M_x of each channel."""
        return [image_matrix(channel, self.w.shape[2:]) for channel in self.x]

    def row(self, k: int) -> Array:
        return vec(self.dv[k])

    def select(self, k: int, size: int | None = None) -> Array:
        """The block column with the identity in block k."""
        return block_column(k, len(self.w), self.dy[0].size if size is None else size)

    def by_symbols(self, k: int) -> Array:
        """d vec(y[k]) / d vec(w[k]), differentiated entry by entry."""
        y, w = map(vec, (self.y[k], self.w[k]))
        return array_of(self.matrix.shape, lambda m, tap: sp.diff(y[m], w[tap]))


@cache
def layers() -> list[Layer]:
    return [Layer(*cost_by("w", *shapes, forward=maps)) for shapes in SIZES]


def each(statement: Callable[[Layer, int], bool]) -> list[bool]:
    """The answers of statement(layer, k) for each filter k of each layer."""
    return [statement(n, k) for n in layers() for k in range(len(n.w))]


def every(statement: Callable[[Layer, int], bool]) -> bool:
    return all(each(statement))


def some(statement: Callable[[Layer, int], bool]) -> bool:
    return any(each(statement))


def summed(n: Layer) -> Array:
    """Line 3 as printed: the sum over the filters."""
    return sum(vec(g) for g in n.dy) @ n.matrix


def printed_matrix(n: Layer, blocks: list[Array]) -> Array:
    """Line 2: these blocks in the first row, zeros below."""
    top = np.hstack(blocks)
    return np.vstack([top, np.zeros(((len(n.dy) - 1) * len(top), top.shape[1]), object)])


def one_kernel(x: Array, u: Array) -> Array:
    """The map of one filter that has the same kernel for each of three channels."""
    return maps(x, np.stack([u, u, u])[None])


def shared_kernel() -> bool:
    """With one kernel u for all channels, and only then, the channels' gradients add up."""
    n = cost_by("w", (3, 4, 5), (2, 3), forward=one_kernel)
    return same(n.dv, sum(correlate(c, n.dy[0]) for c in n.x))


CHECKS = {
    "004-25": Check(  # a channel each, all of one size
        right=lambda: all(n.x[c].shape == n.x.shape[1:] for n in layers() for c in range(len(n.x)))
        and every(lambda n, k: same(n.y[k], sum(
            conv2d(c, f) for c, f in zip(n.x, n.w[k], strict=True)))),
        printed=lambda: some(lambda n, k: same(n.y[k], conv2d(n.x[0], n.w[k, 0])))),
    "004-26": Check(  # F_i is f x f x 3, but each F_ij only f x f
        right=lambda: W[0].shape == (3, 3, 3) and conv2d(IMAGE[1], W[0, 1]).shape == (3, 4),
        printed=lambda: not refused(lambda: conv2d(IMAGE[1], W[0]))),
    "004-37": Check(
        right=lambda: every(lambda n, k: same(n.matrix @ vec(n.w[k]), vec(n.y[k]))
                            and same(n.matrix, np.hstack(n.blocks)))
        and (image_matrix(X32, (1, 3, 5, 5)).size, X32.size) == (58_800, 3_072),
        printed=lambda: some(lambda n, k: same(
            n.matrix @ vec(n.w[k].transpose(1, 2, 0)), vec(n.y[k])))),
    "004-38": Check(
        right=lambda: all(n.matrix.shape == (
            places(n.x.shape[1], n.w.shape[2]) * places(n.x.shape[2], n.w.shape[3]), n.w[0].size)
            for n in layers()),
        printed=lambda: any(n.matrix.shape[1] == n.w[0, 0].size for n in layers())),
    "004-41": Check(
        right=lambda: every(lambda n, k: same(n.by_symbols(k), n.matrix)),
        printed=lambda: some(lambda n, k: same(n.by_symbols(k), n.matrix[:, ::-1]))),
    "004-42": Check(
        right=lambda: every(lambda n, k: same(n.row(k), vec(n.dy) @ n.select(k) @ n.matrix)),
        # any F_i on the left, S_1 and F_1 on the right; and I_1, the identity of size 1
        printed=lambda: every(lambda n, k: same(n.row(k), vec(n.dy) @ n.select(0) @ n.matrix))
        or not refused(lambda: vec(layers()[0].dy) @ layers()[0].select(0, size=1))),
    "004-43": Check(  # one block, or three with the lost subscripts of the channels
        right=lambda: all(same(n.row(0), vec(n.dy) @ printed_matrix(n, blocks))
                          for n in layers() for blocks in ([n.matrix], n.blocks)),
        printed=lambda: any(same(n.row(0), vec(n.dy) @ printed_matrix(n, 3 * [n.matrix]))
                            for n in layers())),
    "004-44": Check(
        right=lambda: every(lambda n, k: same(n.row(k), vec(n.dy[k]) @ n.matrix)),
        printed=lambda: some(lambda n, k: same(n.row(k), summed(n)))),
    "004-45": Check(  # undo the order of vec, then move the channels to the end
        right=lambda: every(lambda n, k: same(
            (vec(n.dy[k]) @ n.matrix).reshape(n.w.shape[1:]).transpose(1, 2, 0),
            array_of((*n.w.shape[2:], n.w.shape[1]), lambda r, s, c: n.dv[k, c, r, s]))),
        printed=lambda: some(lambda n, k: same(
            (vec(n.dy[k]) @ n.matrix).reshape(*n.w.shape[2:], n.w.shape[1]),
            n.dv[k].transpose(1, 2, 0)))),
    "004-51": Check(  # side by side; the sum has f^2 entries, and is no slice either
        right=lambda: every(lambda n, k: same(n.row(k), np.hstack(
            [vec(n.dy[k]) @ m for m in n.blocks]))),
        printed=lambda: some(lambda n, k: any(
            same(sum(vec(n.dy[k]) @ m for m in n.blocks), part)
            for part in (n.row(k), *map(vec, n.dv[k]))))),
    "004-52": Check(
        right=lambda: every(lambda n, k: same(n.dv[k], [conv2d(c, n.dy[k]) for c in n.x]))
        and shared_kernel() and close(numerical("w", W), backward().w),
        printed=lambda: some(lambda n, k: any(
            same(sum(conv2d(c, n.dy[k]) for c in n.x), part) for part in (n.dv[k], *n.dv[k])))),
}
