"""im2col: one column per window; the sum over channels and taps is a matrix product. ::

    columns[(c,r,s), (p,q)] = x[c, p*stride + r*dilation - padding, q*stride + s*dilation - ...]

    y = w @ columns          dw = dy @ columns.T          dx = col2im(w.T @ dy)

The columns hold each cell up to R*S times. So they are made a block at a time, and used before
they leave the cache.
"""

from math import prod

import numpy as np

from convlib.algorithms import col2im
from convlib.algorithms.blocking import Block, Workspace, cut, in_bounded_copies
from convlib.algorithms.decompositions import in_interleaved_batches, in_shares_of_filters
from convlib.algorithms.gemm import multiply, multiply_and_sum
from convlib.algorithms.method import Array, Axes, Method, Size
from convlib.algorithms.windows import sliding_windows
from convlib.parallel import each


def y(x: Array, w: Array, axes: Axes) -> Array:
    """y = w @ columns."""
    result = np.empty((len(x), *w.shape[:2], *(a.out for a in axes)), x.dtype)
    columns, weights = Columns(x, axes, w.shape[1]), _flat(w, 3)

    def fill(block: Block) -> None:
        images, rows = block
        multiply(weights, columns(block), _flat(result[images, :, :, rows], 2))

    each(fill, columns.blocks)
    return result


def dw(dy: Array, x: Array, axes: Axes) -> Array:
    """dw = dy @ columns.T, summed over images; transposed, for the larger factor goes first."""
    (g, k), c, (r, s) = dy.shape[1:3], x.shape[2], (a.kernel for a in axes)
    result = np.zeros((g, c * r * s, k), x.dtype)
    columns = Columns(x, axes, k)

    def products(block: Block) -> Array:
        images, rows = block
        return multiply_and_sum(columns(block), _flat(dy[images, :, :, rows], 2))

    each(products, columns.blocks, lambda _, part: np.add(result, part, out=result))
    return result.mT.reshape(g, k, c, r, s)


class Columns:
    """The windows of a block of places as columns, (N, groups, C*R*S, P*Q)."""

    def __init__(self, x: Array, axes: Axes, filters: int) -> None:
        self.view, self.workspace = sliding_windows(x, axes), Workspace(x.dtype)
        n, g, c, r, s, p, q = self.view.shape
        self.rows = g, c * r * s
        self.blocks = cut(n, p, q, g * c * r * s * q * x.itemsize, self.view.size * filters)

    def __call__(self, block: Block) -> Array:
        images, rows = block
        part = self.view[images, ..., rows, :]
        columns = self.workspace(*part.shape)
        columns[...] = part
        return columns.reshape(len(part), *self.rows, -1)


def _flat(a: Array, axes: int) -> Array:
    """The last axes as one."""
    return a.reshape(*a.shape[:-axes], prod(a.shape[-axes:]))


def cost(z: Size) -> float:
    """Cells are copied, but matrix products run a hundred times as fast as one after another."""
    products, moved = col2im.counts(z) if z.what == "dx" else _counts(z)
    return 2e4 + z.images * (0.055 * products + 0.8 * moved) * z.width


def _counts(z: Size) -> tuple[float, float]:
    """(products, cells moved) for one image; dw is summed over images.

    A product of matrices with few rows or columns runs slower: it counts 1 + 8/rows + ... times.
    """
    k, c, p, q, r, s = z.sizes
    columns = c * r * s * p * q if r * s > 1 else 0
    rate = 1 + 8 / k + (24 if z.what == "dw" else 8) / (c * r * s) + 16 / (p * q)
    return k * c * r * s * p * q * rate, columns + (k * c * r * s if z.what == "dw" else 0)


METHOD = Method("im2col", y, dw, col2im.dx, cost=cost,
                decompositions=[in_interleaved_batches, in_bounded_copies, in_shares_of_filters])
