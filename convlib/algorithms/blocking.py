"""Work in blocks: what a cache holds, in memory that is used again."""

from collections.abc import Iterator
from contextlib import suppress
from math import ceil, inf, prod
from threading import get_ident
from typing import Any, ClassVar

import numpy as np

from convlib.algorithms import gemm
from convlib.algorithms.method import Array, Axes, Problem

BLOCK = 2**20  # bytes: what stays in a processor's cache
SHARES, MANY = 4, 2**25  # blocks at least, of a sum of so many products
MAX_COPY = 2**26  # bytes: what may be copied of the operands themselves
KEPT, MAX_KEPT = 4, 2**22  # how many workspaces of a dtype outlive a call; bytes of each
Block = tuple[slice, slice]  # images, output rows
Part = tuple[slice, slice, slice, Axes]  # and the input rows that they read, and how


class Workspace:
    """Memory that serves again and again: new memory is fetched page by page, which takes long.

    Each thread has its own. That of helpers serves the next call, too: the system gives a thread
    that goes to sleep new pages each time.
    """

    ended: ClassVar[dict[Any, list[Array]]] = {}

    def __init__(self, dtype: Any) -> None:
        self.dtype, self.caller = dtype, get_ident()
        self.cells: dict[int, Array] = {}

    def __call__(self, *shape: int) -> Array:
        """An array of this shape, which holds anything; good until this thread's next call."""
        size, thread = prod(shape), get_ident()
        cells = self.cells.get(thread)
        if cells is None and thread != self.caller:
            with suppress(KeyError, IndexError):
                cells = self.ended[self.dtype].pop()
        if cells is None or cells.size < size:
            cells = np.empty(size, self.dtype)
        self.cells[thread] = cells
        return cells[:size].reshape(shape)

    def __del__(self) -> None:
        for thread, cells in self.cells.items():
            kept = self.ended.setdefault(self.dtype, [])
            if thread != self.caller and cells.nbytes <= MAX_KEPT and len(kept) < KEPT:
                kept.append(cells)


class Workspaces:
    """One after the other, each until the call has ended."""

    def __init__(self, dtype: Any) -> None:
        self.dtype = dtype
        self.all: list[Workspace] = []

    def __call__(self, *shape: int) -> Array:
        """A new array of this shape, which holds anything."""
        self.all.append(Workspace(self.dtype))
        return self.all[-1](*shape)


def share(total: int, products: float = inf, limit: int | None = None) -> int:
    """How many of `total` bytes one block takes at most.

    Threads need several blocks each, or one waits for the other; few products are one block's.
    """
    limit = limit or BLOCK
    return limit if products < MANY else min(limit, max(-(-total // SHARES), 1))


def runs(size: int, each_bytes: int) -> list[slice]:
    """Cut an axis whose entries take so many bytes each: equal lengths, a block at most."""
    total = size * each_bytes
    number = 1 if total <= BLOCK // 2 else max(SHARES, ceil(total / BLOCK))
    step = max(ceil(size / number), 1)
    return [slice(i, min(i + step, size)) for i in range(0, size, step)]


def cut(images: int, rows: int, columns: int, row_bytes: int, products: float) -> list[Block]:
    """Whole images, or some rows of one, as slices: what a cache holds.

    At least gemm.WIDE columns, or gemm.FEW where there are many products; `columns` are those of
    a row of output cells, row_bytes their memory.
    """
    total = images * rows * row_bytes
    if total <= BLOCK and products < MANY:
        return [(slice(0, images), slice(0, rows))]
    limit = share(total, products)
    many = min(limit // max(row_bytes * rows, 1), images)
    least = gemm.FEW if limit < BLOCK else gemm.WIDE
    step = rows if many else min(max(limit // row_bytes, ceil(least / columns)), rows)
    many, step = max(many, 1), ceil(rows / ceil(rows / step)) if rows else 1
    return [(slice(n, n + many), slice(p, min(p + step, rows)))
            for n in range(0, images, many) for p in range(0, rows, step)]


def blocks(images: int, axes: Axes, row_bytes: int, limit: int, whole: int = 0, step: int = 1,
           ) -> Iterator[Part]:
    """Cut a convolution into smaller ones whose scratch, row_bytes an output row, has a limit.

    Yields which images, which output rows (a multiple of step, but for the last), which input
    rows they read, and the axes. An image of at most `whole` bytes is not cut.
    """
    rows, columns = axes
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
            block = rows._replace(size=high - low, before=before, out=part,
                                  after=last - first - before - (high - low))
            yield slice(n, n + 1), slice(p, p + part), slice(low, high), (block, columns)


def in_blocks(problem: Problem, row_cells: int, limit: int, step: int = 1) -> list[Problem]:
    """The decomposition into `blocks`; row_cells is the scratch of a group's output row."""
    images, groups = problem.x.shape[:2]
    row_bytes = row_cells * groups * problem.x.itemsize
    every = slice(None)
    return [problem.part((n, every, every, inp), (n, every, every, out), block)
            for n, out, inp, block in blocks(images, problem.axes, row_bytes, limit, step=step)]


def in_bounded_copies(problem: Problem) -> list[Problem]:
    """Blocks where a padded copy of x would be larger than MAX_COPY; dx makes none.

    Interleaved images, whose arrays have six axes, are few enough.
    """
    if problem.what == "dx" or problem.x.ndim == 6 or problem.x.nbytes <= MAX_COPY:
        return [problem]
    rows, columns = problem.axes
    return in_blocks(problem, problem.w.shape[2] * rows.stride * columns.padded, MAX_COPY)
