"""col2im: the columns of w.T @ dy, each added back to the window that it came from. ::

    dx[i,j] = sum_{r,s} columns[(r,s), (p,q)]

over the taps that meet the cell, each at its own place p, q. What belongs to one tap is an image
of P x Q places. With zeros around it, its row p one width further than row p - 1, a shift never
brings a place to the wrong row. So all that cells gather is one sum over a view, in which each
tap has its own shift (see decompositions.gradient_phases).
"""

from itertools import product
from math import ceil, prod
from threading import local

import numpy as np

from convlib.algorithms import blocking, gemm
from convlib.algorithms.blocking import Workspace
from convlib.algorithms.decompositions import gradient_phases
from convlib.algorithms.gemm import multiply
from convlib.algorithms.method import Array, Axes, Size
from convlib.axis import Axis
from convlib.parallel import each


def dx(dy: Array, w: Array, axes: Axes) -> Array:
    """Block by block; neighbouring blocks of rows share some rows of dx."""
    result = np.zeros((len(dy), w.shape[0], w.shape[2], *(a.size for a in axes)), dy.dtype)
    row_bytes = w[:, 0].size * (axes[1].out + axes[1].span) * w.itemsize
    weights = np.ascontiguousarray(w.reshape(*w.shape[:2], -1).mT)
    scratch = Workspace(dy.dtype), Workspace(dy.dtype)
    own = local()

    def gather(block: blocking.Part) -> Array:
        images, rows, inp, plane = block
        part, cells = dy[images, :, :, rows], result[images, :, :, inp]
        if getattr(own, "axes", None) != plane:
            own.axes = plane
            own.columns = PaddedColumns(len(part), w.shape, weights, plane, scratch)
        columns: PaddedColumns = own.columns
        return columns.add_up(part, cells if plane is axes else np.zeros_like(cells))

    def add(block: blocking.Part, cells: Array) -> None:
        images, _, inp, plane = block
        if plane is not axes:
            result[images, :, :, inp] += cells

    total, products = len(dy) * axes[0].out * row_bytes, len(dy) * prod(dy.shape[3:]) * w.size
    limit, whole = (blocking.share(total, products, most) for most in (
        blocking.BLOCK, blocking.MAX_COPY // 4))
    step = ceil(gemm.FEW / axes[1].out)
    each(gather, blocking.blocks(len(dy), axes, row_bytes, limit, whole, step), add)
    return result


class PaddedColumns:
    """For each tap the places of its row of w.T @ dy, with zeros around them."""

    def __init__(self, images: int, w_shape: tuple[int, ...], weights: Array, axes: Axes,
                 scratch: tuple[Workspace, Workspace]) -> None:
        g, k, c, r, s = w_shape
        self.weights = weights
        self.phases = list(product(*map(gradient_phases, axes)))
        above, left, below, right = (
            max([0, *(getattr(pair[axis][2], side) for pair in self.phases)])
            for side in ("before", "after") for axis in (0, 1))
        p, q = (a.out for a in axes)
        self.width = q + max(left, right)  # what is left of a row is the end of the row above
        self.first = above * self.width + left  # where place (0, 0) lies
        self.dy = scratch[0](images, g, k, p, self.width)
        self.columns = scratch[1](images, g, c, r, s, self.first + (p + below + 1) * self.width)
        self.dy[..., q:] = 0
        self.columns[..., : self.first] = 0
        self.columns[..., self.first + p * self.width :] = 0

    def add_up(self, dy: Array, dx: Array) -> Array:
        """Multiply; then the cells of each phase gather by their own taps. dx is filled."""
        n, g, k, p, q = dy.shape
        columns = self.columns[:n]
        if self.width > q:
            self.dy[:n, ..., :q] = dy
            dy = self.dy[:n]
        places = columns.reshape(n, g, -1, columns.shape[-1])[
            ..., self.first : self.first + p * self.width]
        multiply(self.weights, dy.reshape(n, g, k, -1), places)
        for (i, r, h), (j, s, v) in self.phases:
            start = self.first - h.before * self.width - v.before
            rows = self.gather(columns[..., r, s, start:], h, v)
            dx[..., i, j] = rows[..., : v.out]
        return dx

    def gather(self, columns: Array, h: Axis, v: Axis) -> Array:
        """The sum over taps: one step of a tap is `dilation` rows, or cells, in its column."""
        *lead, down, right, cell = columns.strides
        view = np.lib.stride_tricks.as_strided(
            columns, (*columns.shape[:3], h.kernel, v.kernel, h.out * self.width),
            (*lead, down + h.dilation * self.width * cell, right + v.dilation * cell, cell))
        sums: Array = view.sum(axis=(3, 4))
        return sums.reshape(*columns.shape[:3], h.out, self.width)


def counts(z: Size) -> tuple[float, float]:
    """(products, cells moved) for one image, the zeros of the padded columns too."""
    k, c, _, _, r, s = z.sizes
    high, wide = (a.out + (a.kernel - 1) * a.dilation / a.stride for a in z.axes)
    height, width = (a.padded for a in z.axes)
    rate = 1 + 8 / (c * r * s) + 4 / k
    return (k * c * r * s * z.axes[0].out * wide * rate,
            c * r * s * high * wide + k * z.axes[0].out * wide + 2 * c * height * width)
