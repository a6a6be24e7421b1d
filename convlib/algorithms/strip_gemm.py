"""Strips: columns for one row of taps; the next row of taps reads the same, one row on. ::

    columns[(c,s), (i,q)] = x[c, i, q*stride + s*dilation - padding]

    y    = sum over r of  w[r] @ columns[:, rows r to r + P]
    dw[r] = dy @ columns[:, rows r to r + P].T
    dx[:, rows r to r + P] += w[r].T @ columns of dy

Each cell is copied S times, not R*S times, and a shift by whole rows is no copy at all. With a
stride the rows are sorted by phase, every stride-th into the same one, so that the rows that one
tap reads lie together again. As a method it is called "shifted".

Source: Cho and Brand, MEC: Memory-efficient Convolution for Deep Neural Network (ICML 2017).
"""

from collections.abc import Iterator
from math import ceil, prod

import numpy as np

from convlib.algorithms import blocking, gemm
from convlib.algorithms.blocking import Block, Workspace, blocks, cut, in_bounded_copies
from convlib.algorithms.decompositions import (
    gradient_phases,
    in_interleaved_batches,
    in_shares_of_filters,
)
from convlib.algorithms.gemm import multiply, multiply_and_sum
from convlib.algorithms.method import Array, Axes, Method, Size
from convlib.algorithms.padding import padded
from convlib.algorithms.windows import sliding_windows
from convlib.axis import Axis
from convlib.parallel import each


def y(x: Array, w: Array, axes: Axes) -> Array:
    """Sum over the rows of taps: one matrix product each, over channels and one row."""
    g, k, c, taps, s = w.shape
    result = np.empty((len(x), g, k, *(a.out for a in axes)), x.dtype)
    weights = np.ascontiguousarray(w.transpose(3, 0, 1, 2, 4)).reshape(taps, g, k, c * s)
    strips, workspace = Strips(x, k, axes), Workspace(x.dtype)

    def fill(block: Block) -> None:
        images, rows = block
        cells, place = strips(block), _flat(result[images, :, :, rows])
        for r, (phase, read) in enumerate(_reads(axes[0], rows)):
            columns = _flat(cells[:, :, :, phase, read])
            if r == 0:
                multiply(weights[r], columns, place)
            else:
                place += multiply(weights[r], columns, workspace(*place.shape))

    each(fill, strips.blocks)
    return result


def dw(dy: Array, x: Array, axes: Axes) -> Array:
    """One matrix product for each row of taps, over images and places."""
    (g, k), c, (taps, s) = dy.shape[1:3], x.shape[2], (a.kernel for a in axes)
    result = np.zeros((taps, g, c * s, k), x.dtype)
    strips = Strips(x, k, axes)

    def products(block: Block) -> list[Array]:
        images, rows = block
        cells, part = strips(block), _flat(np.ascontiguousarray(dy[images, :, :, rows]))
        return [multiply_and_sum(_flat(cells[:, :, :, phase, read]), part)
                for phase, read in _reads(axes[0], rows)]

    def add(_: Block, parts: list[Array]) -> None:
        for sums, part in zip(result, parts, strict=True):
            sums += part

    each(products, strips.blocks, add)
    return result.reshape(taps, g, c, s, k).transpose(1, 4, 2, 0, 3)


def dx(dy: Array, w: Array, axes: Axes) -> Array:
    """One product for all rows of taps; then each row of taps adds where it was read.

    Along a row dx gathers dy, as the convolution that runs backwards does: columns of dy.
    """
    result = np.zeros((len(dy), w.shape[0], w.shape[2], *(a.size for a in axes)), dy.dtype)
    for cells, taps, back in gradient_phases(axes[1]):
        _gather(dy, w[..., taps], (axes[0], axes[1], back), result[..., cells])
    return result


def _gather(dy: Array, w: Array, axes: tuple[Axis, Axis, Axis], result: Array) -> None:
    """The cells of one phase, by its taps; `back` runs backwards over them."""
    (g, k, c, r, s), (*plane, back) = w.shape, axes
    weights = w.transpose(0, 2, 3, 1, 4).reshape(g, c * r, k * s)
    row = g * (k * s + c * r) * back.out * dy.itemsize
    products, sums = Workspace(dy.dtype), Workspace(dy.dtype)

    def gather(block: blocking.Part) -> Array:
        images, out, _, (h, _) = block
        view = sliding_windows(dy[images, :, :, out], (Axis(h.out, 1, out=h.out), back))
        n = len(view)  # its axes: n, g, k, one row of taps, s, p, q
        columns = view[:, :, :, 0].transpose(1, 2, 3, 4, 0, 5).reshape(
            g, k * s, h.out * n * back.out)
        part = multiply(weights, columns[None], products(1, g, c * r, columns.shape[-1]))
        part = part.reshape(g, c, r, h.out, n, back.out)
        total = sums(g, c, h.size, n, back.out)
        total[...] = 0
        for tap in range(r):
            p, i = h.slices(tap)
            total[:, :, i] += part[:, :, tap, p]
        return total.transpose(3, 0, 1, 2, 4)

    def add(block: blocking.Part, total: Array) -> None:
        images, _, inp, _ = block
        result[images, :, :, inp] += total

    limit = blocking.share(len(dy) * plane[0].out * row, len(dy) * plane[0].out * back.out * w.size,
                           2 * blocking.BLOCK)
    step = ceil(gemm.FEW / back.out)
    each(gather, blocks(len(dy), (plane[0], plane[1]), row, limit, step=step), add)


class Strips:
    """The cells under each tap of a row of taps, copied: (N, groups, C*S, phases, rows, Q)."""

    def __init__(self, x: Array, filters: int, axes: Axes) -> None:
        self.view, self.workspace = _rows_by_phase(x, axes), Workspace(x.dtype)
        n, g, c, s, phases, rows, q = self.view.shape
        self.reach = rows - axes[0].out
        p, products = axes[0].out, n * g * c * s * q * axes[0].kernel * axes[0].out * filters
        self.blocks = cut(n, p, q, g * (c * s * phases + filters) * q * x.itemsize, products)

    def __call__(self, block: Block) -> Array:
        images, out = block
        part = self.view[images, ..., out.start : out.stop + self.reach, :]
        n, g, c, s, *rest = part.shape
        strips = self.workspace(*part.shape)
        strips[...] = part
        return strips.reshape(n, g, c * s, *rest)


def _rows_by_phase(x: Array, axes: Axes) -> Array:
    """A view of x, padded: [n, g, c, s, phase, i, q] is the cell under tap s of place q in a row.

    Row i of a phase is row i*stride + phase of x.
    """
    h, v = axes
    rows = (h.out - 1) + (h.kernel - 1) * h.dilation // h.stride + 1
    x = padded(x, (h._replace(after=rows * h.stride - h.before - h.size), v))
    whole = Axis(x.shape[-2], 1, out=x.shape[-2]), v._replace(
        size=x.shape[-1], before=0, after=0)
    view = sliding_windows(x, whole)[:, :, :, 0]
    return view.reshape(*view.shape[:4], rows, h.stride, -1).swapaxes(4, 5)


def _reads(a: Axis, rows: slice) -> Iterator[tuple[int, slice]]:
    """For each tap r, which phase and which of its rows: r*dilation = stride*first + phase."""
    for r in range(a.kernel):
        first, phase = divmod(r * a.dilation, a.stride)
        yield phase, slice(first, first + rows.stop - rows.start)


def _flat(a: Array) -> Array:
    """The last two axes as one."""
    return a.reshape(*a.shape[:-2], prod(a.shape[-2:]))


def cost(z: Size) -> float:
    """Takes longer to begin than im2col, but long runs are moved faster."""
    (k, c, p, q, r, s), h, v = z.sizes, *z.axes
    if z.what == "dx":  # columns of dy, and S times less to add
        cells = s * p * v.size / v.stride
        rate = 1 + 8 / (c * r) + 4 / (k * -(-s // v.stride))
        high = h.out + (h.kernel - 1) * h.dilation / h.stride
        products = k * c * r * cells * rate
        moved = 2 * k * cells + (c * r * high + 2 * c * h.padded) * v.size
    else:
        rate = 1 + 8 / k + (24 if z.what == "dw" else 8) / (c * s)
        products = k * c * r * s * p * q * rate
        moved = c * s * h.padded * q + (2 * r * k if z.what == "y" else k) * p * q
    return 8e4 + z.images * (0.055 * products + 0.6 * moved) * z.width


METHOD = Method("shifted", y, dw, dx, cost=cost,
                decompositions=[in_interleaved_batches, in_bounded_copies, in_shares_of_filters])
