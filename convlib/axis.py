"""One axis of a layer: its sizes, and how output cells, taps and input cells meet on it.

With p an output cell, r a tap and i an input cell, they meet where ::

    i = p*stride + r*dilation - before
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from math import prod
from types import EllipsisType
from typing import Any, NamedTuple, SupportsIndex

from convlib.options import Ints, Padding, per_axis, read_padding

Shape = Sequence[SupportsIndex]
MAX_CELLS, GROWTH = 2**26, 64  # 0.5 GB; an array may always be so many times as large as x
Index = tuple[EllipsisType | int | slice, ...]


class Axis(NamedTuple):
    """One axis: `size` input cells, `kernel` taps and `out` output cells, and how they meet."""

    size: int
    kernel: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1
    out: int = 1

    @property
    def span(self) -> int:
        """Cells from the first tap to the last, both counted."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def padded(self) -> int:
        """Cells with those of the padding."""
        return self.before + self.size + self.after

    def read_by(self, p: Any, r: Any) -> Any:
        """The input cell that output cell p reads through tap r; outside 0..size-1 is padding."""
        return p * self.stride + r * self.dilation - self.before

    def slices(self, r: int) -> tuple[slice, slice]:
        """All p whose cell under tap r is not padding, as a slice, and the cells they read."""
        start = self.read_by(0, r)
        first = max(0, -(start // self.stride))  # ceil(-start / stride)
        last = min(self.out, (self.size - 1 - start) // self.stride + 1)
        if last <= first:
            return slice(0, 0), slice(0, 0)
        i = self.read_by(first, r)
        return slice(first, last), slice(i, self.read_by(last - 1, r) + 1, self.stride)


@lru_cache(256)
def taps(axes: tuple[Axis, Axis]) -> list[tuple[Index, Index, Index]]:
    """Each tap as an index into lifted w, y, x: the rows that share it form a rectangle."""
    indices: list[tuple[Index, Index, Index]] = []
    for r, s in product(*(range(a.kernel) for a in axes)):
        (p, i), (q, j) = axes[0].slices(r), axes[1].slices(s)
        indices.append(((..., r, s), (..., p, q), (..., i, j)))
    return indices


def output_size(size: int, kernel_size: int, *, stride: int = 1, padding: Padding = 0,
                dilation: int = 1) -> int:
    """How many places a window has on an axis.

    ::

        P = floor((size + before + after - span) / stride) + 1
        span = dilation*(kernel_size - 1) + 1

    Parameters
    ----------
    size, kernel_size : int
        Cells of the axis and of the window.
    stride, padding, dilation
        As in conv1d.

    Returns
    -------
    int
        P.

    Raises
    ------
    ValueError
        If the window does not fit.
    TypeError
        If an argument is not an integer.
    """
    (axis,) = read_axes((size,), (kernel_size,), stride=stride, padding=padding, dilation=dilation)
    return axis.out


def read_axes(sizes: Shape, kernel_sizes: Shape, *, stride: Ints = 1, padding: Padding = 0,
              dilation: Ints = 1) -> tuple[Axis, ...]:
    """One Axis for each pair of sizes, every option checked."""
    nd = len(sizes)
    sizes = per_axis("size", sizes, nd, least=0)
    kernel_sizes = per_axis("kernel size", kernel_sizes, nd)
    strides, dilations = per_axis("stride", stride, nd), per_axis("dilation", dilation, nd)
    spans = [d * (k - 1) + 1 for d, k in zip(dilations, kernel_sizes, strict=True)]
    pads = read_padding(padding, spans, strides)
    columns = zip(sizes, kernel_sizes, strides, pads, dilations, strict=True)
    return tuple(fit(Axis(h, k, s, *pad, d)) for h, k, s, pad, d in columns)


def expect_room(what: str, cells: int, shape: Sequence[int]) -> None:
    """Refuse what would fill the memory though x is small: padding, a stride or a dilation did it.

    Raises
    ------
    ValueError
        If `cells` are more than MAX_CELLS, and more than GROWTH times those of x.
    """
    if cells > MAX_CELLS and cells > GROWTH * prod(shape):
        raise ValueError(f"{what} would have {cells:,} cells, and x of shape {tuple(shape)} has "
                         f"{prod(shape):,}: more than {MAX_CELLS:,}, so take less padding, a "
                         "smaller stride or dilation")


def fit(axis: Axis) -> Axis:
    """The axis with its output cells counted."""
    free = axis.padded - axis.span
    if free < 0:
        raise ValueError(f"a window spanning {axis.span} does not fit on an axis of {axis.size} "
                         f"padded by {axis.before} and {axis.after}")
    return axis._replace(out=free // axis.stride + 1)


def stretch(axis: Axis, extra: int) -> Axis:
    """The axis with the input cells that its output cells ask for, and `extra` ones."""
    if extra and extra >= max(axis.stride, axis.dilation):
        raise ValueError(f"output_padding must be smaller than stride or dilation, not {extra} "
                         f"with stride {axis.stride} and dilation {axis.dilation}")
    size = (axis.out - 1) * axis.stride + axis.span - axis.before - axis.after + extra
    if axis.out < 1 or size < 1:
        raise ValueError(f"a transposed convolution of {axis.out} cells with a window spanning "
                         f"{axis.span}, padding {axis.before} and {axis.after} has no output cell")
    return axis._replace(size=size)
