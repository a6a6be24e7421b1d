"""Work in pieces: what a cache holds, in memory that is used again, and as BLAS likes it."""

from math import ceil, prod

import numpy as np

BLOCK, WIDE = 2**20, 384  # bytes that stay in a processor's cache; columns that fill a product
LARGE = 2**26  # bytes: what may be copied of the operands themselves
PRODUCT = 10**6  # multiply-adds: below, OpenBLAS multiplies at once, without packing its matrices
SMALL, TINY = 2048, 256  # entries of a factor, of a result, that gain by it


class Room:
    """Memory that serves again and again: new memory is fetched page by page, which takes long."""

    def __init__(self, dtype):
        self.cells = np.empty(0, dtype)

    def __call__(self, *shape):
        size = prod(shape)
        if self.cells.size < size:
            self.cells = np.empty(size, self.cells.dtype)
        return self.cells[:size].reshape(shape)


def cut(images, rows, columns, row_bytes):
    """Whole images, or some rows of one, as slices: what a cache holds, but at least WIDE columns.

    `columns` are the columns of a row of output cells, row_bytes the memory that they take.
    """
    many = min(BLOCK // max(row_bytes * rows, 1), images)
    step = rows if many else min(max(BLOCK // row_bytes, -(-WIDE // columns)), rows)
    for n in range(0, images, many or 1):
        for p in range(0, rows, step):
            yield slice(n, n + (many or 1)), slice(p, min(p + step, rows))


def blocks(images, axes, row_bytes, limit=None, whole=0, step=1):
    """Cut the work into pieces whose scratch, row_bytes an output row, stays below the limit.

    A piece is a convolution of its own: yields which images, which output rows (a multiple of
    step, but for the last), which input rows they read, and its axes. An image of at most `whole`
    bytes is not cut.
    """
    (rows, columns), limit = axes, limit or BLOCK
    many = min(limit // max(row_bytes * rows.out, 1), images)
    if many > 0 or rows.out <= step or row_bytes * rows.out <= whole:
        many = max(many, 1)
        for n in range(0, images, many):
            yield slice(n, n + many), slice(0, rows.out), slice(0, rows.size), axes
        return
    step *= max(max(limit, whole) // (row_bytes * step), 1)
    for n in range(images):
        for p in range(0, rows.out, step):
            part = min(step, rows.out - p)
            first, last = rows.read_by(p, 0), rows.read_by(p + part - 1, rows.kernel - 1) + 1
            low, high = (min(max(end, 0), rows.size) for end in (first, last))
            before = min(max(low - first, 0), last - first)
            piece = rows._replace(size=high - low, before=before, out=part,
                                  after=last - first - before - (high - low))
            yield slice(n, n + 1), slice(p, p + part), slice(low, high), (piece, columns)


def multiply(a, b, out):
    """out = a @ b for each image and group: a small a meets b some columns at a time.

    a is (groups, M, K), b (N, groups, K, L) and out (N, groups, M, L), each row in one run.
    """
    size, columns = max(a.shape[-2] * a.shape[-1], 1), b.shape[-1]
    most = max(PRODUCT // size, 1)
    if columns <= most or size > SMALL:
        return np.matmul(a, b, out=out)
    step = ceil(columns / ceil(columns / most))
    np.matmul(a[:, None], _parts(b, step), out=_parts(out, step))
    if rest := columns % step:
        np.matmul(a, b[..., -rest:], out=out[..., -rest:])
    return out


def multiply_and_sum(a, b):
    """The sum over images of a @ b.T, for each group, some columns of both at a time.

    a is (N, groups, M, L), b (N, groups, K, L); the result (groups, M, K).
    """
    size, columns = max(a.shape[-2] * b.shape[-2], 1), b.shape[-1]
    step = max(min(PRODUCT // size, WIDE), 1)
    if columns <= step or not TINY < size <= SMALL:
        return (a @ b.mT).sum(axis=0)
    total = (_parts(a, step) @ _parts(b, step).mT).sum(axis=(0, 2))
    if rest := columns % step:
        total += (a[..., -rest:] @ b[..., -rest:].mT).sum(axis=0)
    return total


def _parts(matrix, step):
    """A view of (..., rows, L) as (..., L // step, rows, step); what is left over is left out."""
    *lead, rows, columns = matrix.shape
    whole = matrix[..., : columns // step * step]
    return whole.reshape(*lead, rows, -1, step).swapaxes(-2, -3)
