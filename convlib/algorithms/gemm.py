"""Matrix products as BLAS likes them: small factors meet some columns at a time."""

from math import ceil

import numpy as np

from convlib.algorithms.method import Array

UNPACKED = 10**6  # multiply-adds: below, OpenBLAS multiplies at once, without packing its matrices
SMALL, TINY = 2048, 256  # entries of a factor, of a result, that gain by it
WIDE, FEW = 384, 192  # columns that fill a product, and that are enough


def multiply(a: Array, b: Array, out: Array) -> Array:
    """out = a @ b for each image and group: a small a meets b some columns at a time.

    a is (groups, M, K), b (N, groups, K, L) and out (N, groups, M, L), each row in one run.
    """
    size, columns = max(a.shape[-2] * a.shape[-1], 1), b.shape[-1]
    most = max(UNPACKED // size, 1)
    if columns <= most or size > SMALL:
        return np.matmul(a, b, out=out)
    step = ceil(columns / ceil(columns / most))
    np.matmul(a[:, None], _column_blocks(b, step), out=_column_blocks(out, step))
    if rest := columns % step:
        np.matmul(a, b[..., -rest:], out=out[..., -rest:])
    return out


def multiply_and_sum(a: Array, b: Array) -> Array:
    """The sum over images of a @ b.T, for each group, some columns of both at a time.

    a is (N, groups, M, L), b (N, groups, K, L); the result (groups, M, K).
    """
    size, columns = max(a.shape[-2] * b.shape[-2], 1), b.shape[-1]
    step = max(min(UNPACKED // size, WIDE), 1)
    if columns <= step or not TINY < size <= SMALL:
        total: Array = (a @ b.mT).sum(axis=0)
        return total
    total = (_column_blocks(a, step) @ _column_blocks(b, step).mT).sum(axis=(0, 2))
    if rest := columns % step:
        total += (a[..., -rest:] @ b[..., -rest:].mT).sum(axis=0)
    return total


def _column_blocks(matrix: Array, step: int) -> Array:
    """A view of (..., rows, L) as (..., L // step, rows, step); what is left over is left out."""
    *lead, rows, columns = matrix.shape
    whole = matrix[..., : columns // step * step]
    return whole.reshape(*lead, rows, -1, step).swapaxes(-2, -3)
