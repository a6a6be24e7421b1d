"""Winograd's short convolutions: m outputs of 3 taps from m + 2 products instead of 3m. ::

    y = A.T ((G w) * (B.T x))          one axis; * is cell by cell

The matrices are those of Toom and Cook: read x, w as polynomials, multiply their values at n - 1
points and at infinity, and interpolate; the transpose of that is a correlation. In the plane each
matrix acts on rows and on columns, so on a tile as its Kronecker square. The transform of every
tile is one matrix product; so is the sum over channels, once for each of the n*n points. ::

    V = B.T x B          U = G w G.T          y = A.T (sum over c of U * V) A
                                              dw = G.T (sum over tiles of (A dy A.T) * V) G

Source: Lavin and Gray, Fast algorithms for convolutional neural networks (2016).
"""

from collections.abc import Iterator
from functools import lru_cache
from math import ceil, inf, prod
from typing import Any

import numpy as np

from convlib.algorithms.blocking import Part, blocks, in_blocks, runs
from convlib.algorithms.decompositions import in_gradient_phases, in_polyphase_components
from convlib.algorithms.method import Array, Axes, Method, Problem, Size
from convlib.algorithms.padding import fill
from convlib.axis import Axis
from convlib.parallel import each

TAPS, POINTS = 3, (0, 1, -1, 2, -2)
BLOCK, CHUNK = 2**26, 2**20  # bytes: what the kernel's transform costs is shared by many tiles
TILES = 96  # rows that fill a product of matrices
MAX_PARTS = 2**12  # polyphase components
MAX_TRANSFORM = 2**23  # cells: the transform of w, which no block makes smaller


@lru_cache
def matrices(m: int, dtype: Any = np.float64) -> tuple[Array, Array, Array]:
    """A (n, m), B (n, n), G (n, 3) for m outputs, n = m + 2: y = A.T ((G w) * (B.T x))."""
    points = np.array(POINTS[: m + 1], float)
    others = [np.delete(points, i) for i in range(m + 1)]
    A = np.vstack([points[:, None] ** np.arange(m), np.eye(m)[-1]])
    G = np.vstack([points[:, None] ** np.arange(TAPS) / [[np.prod(p - o)] for p, o in
                                                        zip(points, others, strict=True)],
                   np.eye(TAPS)[-1]])
    B = np.zeros((m + 2, m + 2))  # column i: the polynomial that is zero at the other points
    for i, roots in enumerate([*others, points]):
        B[: len(roots) + 1, i] = np.poly(roots)[::-1]
    return A.astype(dtype), B.astype(dtype), G.astype(dtype)


def y(x: Array, w: Array, axes: Axes) -> Array:
    """Transform, multiply point by point, transform back."""
    m, (g, k, c, *_) = outputs(axes), w.shape
    A, B, G = matrices(m, x.dtype)
    kernels, U = w.reshape(g * k * c, TAPS**2), np.empty(((m + 2) ** 2, g * k * c), x.dtype)
    each(lambda run: np.matmul(np.kron(G, G), kernels[run].T, out=U[:, run]),
         runs(len(kernels), len(U) * x.itemsize))
    U = U.reshape(m + 2, m + 2, g, k, c).mT
    result = np.empty((len(x), g, k, *(a.out for a in axes)), x.dtype)

    def fill(block: Part) -> None:
        images, out, inp, plane = block
        V = _transform(B.T, _tiles(x[images, :, :, inp], m + 2, m, plane))
        tiles = _transform(A.T, (_matrix(V, c) @ U).reshape(*V.shape[:-1], k))
        _, _, _, n, rows, columns, _ = tiles.shape
        cells = np.ascontiguousarray(tiles.transpose(3, 2, 4, 0, 5, 1, 6))
        cells = cells.reshape(n, g, rows * m, columns * m, k).transpose(0, 1, 4, 2, 3)
        place = result[images, :, :, out]
        place[...] = cells[..., : place.shape[-2], : place.shape[-1]]

    each(fill, _blocks(x, result, axes))
    return result


def dw(dy: Array, x: Array, axes: Axes) -> Array:
    """The transpose, seen from w: the same matrices, transposed."""
    g, k, c, m = *dy.shape[1:3], x.shape[2], outputs(axes)
    A, B, G = matrices(m, x.dtype)
    tiles = len(x), *(-(-a.out // m) for a in axes)
    V, Y = (np.empty((m + 2, m + 2, g, *tiles, channels), x.dtype) for channels in (c, k))
    h, v = (Axis(a.out, 1, out=a.out) for a in axes)  # dy has no padding

    def transform(block: Part) -> None:
        images, out, inp, plane = block
        height = h._replace(size=plane[0].out, out=plane[0].out)
        place = images, slice(out.start // m, -(-out.stop // m))
        for i in range(g):
            group = slice(i, i + 1)
            _transform(B.T, _tiles(x[images, group, :, inp], m + 2, m, plane), V[:, :, i, *place])
            _transform(A, _tiles(dy[images, group, :, out], m, m, (height, v)), Y[:, :, i, *place])

    def multiply(point: tuple[int, int]) -> None:
        np.matmul(_matrix(V[point], c).mT, _matrix(Y[point], k), out=products[point])

    products = np.empty((m + 2, m + 2, g, c, k), x.dtype)
    each(transform, _blocks(x, dy, axes))
    each(multiply, np.ndindex(m + 2, m + 2))
    return _transform(G.T, products).transpose(2, 4, 3, 0, 1)


def _blocks(x: Array, y: Array, axes: Axes) -> Iterator[Part]:
    """A CHUNK of cells, and tiles enough to fill the products."""
    m = outputs(axes)
    row_bytes = (prod(y.shape[1:3]) * axes[1].out + prod(x.shape[1:3]) * axes[1].size) * x.itemsize
    return blocks(len(x), axes, row_bytes, CHUNK, step=m * ceil(TILES * m / axes[1].out))


def outputs(axes: Axes) -> int:
    """The tile that does the fewest products, its overhang counted: 4 x 4, 3 x 3 or 2 x 2."""
    return min((4, 3, 2), key=lambda m: prod(-(-a.out // m) * (m + 2) for a in axes))


def _tiles(x: Array, size: int, m: int, axes: Axes) -> Array:
    """Squares of cells, m apart, as (size, size, groups, N, rows, columns, C).

    Channels come last: a cell is copied with all of them at once.
    """
    counts = [-(-a.out // m) for a in axes]
    h, v = (a._replace(after=(count - 1) * m + size - a.before - a.size)
            for a, count in zip(axes, counts, strict=True))
    n, g, c = x.shape[:3]
    padded = np.zeros((g, n, h.padded, v.padded, c), x.dtype)
    fill(padded.transpose(1, 0, 4, 2, 3), x, (h, v))
    groups, images, row, column, cell = padded.strides
    return np.ndarray((size, size, g, n, *counts, c), x.dtype, padded, 0,
                      (row, column, groups, images, row * m, column * m, cell))


def _transform(M: Array, tiles: Array, out: Array | None = None) -> Array:
    """The matrix acts on the rows and on the columns of each tile: its Kronecker square."""
    size, rest = len(M), tiles.shape[2:]
    if out is not None:
        out = out.reshape(size**2, -1)  # a view: the two axes of tiles are one run
    product = np.matmul(np.kron(M, M), tiles.reshape(M.shape[1] ** 2, -1), out=out)
    return product.reshape(size, size, *rest)


def _matrix(a: Array, channels: int) -> Array:
    """For each point and group a matrix, one row a tile."""
    return a.reshape(*a.shape[:-4], -1, channels)


def in_blocks_of_tiles(problem: Problem) -> list[Problem]:
    """Blocks of rows, cut between tiles: tiles of x before and after, products, tiles of y."""
    (k, c), m = problem.w.shape[1:3], outputs(problem.axes)
    cells = int((m + 2) ** 2 / m**2 * 2 * (c + k) * (problem.axes[1].out + m))
    return in_blocks(problem, cells, BLOCK, step=m)


def refuses(axes: Axes) -> str | None:
    """Why this convolution cannot be done so, in words, or None."""
    if any(a.kernel != TAPS for a in axes):
        return f"kernel size {' x '.join(str(a.kernel) for a in axes)}: it needs 3 x 3"
    if any(a.stride > 1 for a in axes):
        return f"stride {max(a.stride for a in axes)}: it needs stride 1"
    parts = prod(min(a.dilation, a.out) for a in axes)
    if parts > MAX_PARTS:
        return (f"dilation {' x '.join(str(a.dilation) for a in axes)}: it would be cut into "
                f"{parts:,} convolutions, more than {MAX_PARTS:,}")
    return None


def cost(z: Size) -> float:
    """Many small matrices, and w is transformed once; single precision has too few digits."""
    (k, c, p, q, r, s), m = z.sizes, outputs(z.axes)
    tiles, n = prod(-(-a.out // m) for a in z.axes), (m + 2) ** 2
    if refuses(z.axes) or z.itemsize < 8 or k * c * n > MAX_TRANSFORM:
        return inf
    products = tiles * (n * (k * c + n * c) + m * m * n * k)
    moved = tiles * (n * c + 2 * m * m * k)
    if any(a.dilation > 1 for a in z.axes):  # every component is copied
        moved += 2 * (c * prod(a.padded for a in z.axes) + k * p * q)
    return 2e5 + (z.images * (0.11 * products + 2 * moved) + 11 * k * c * r * s) * z.width


METHOD = Method(
    "winograd", y, dw, cost=cost, exact=False, refuses=refuses,
    decompositions=[in_gradient_phases, in_polyphase_components, in_blocks_of_tiles])
