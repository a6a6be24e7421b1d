"""Kernel maps for the page, one short string an axis: the page pairs them, groups and adds.

On each axis output cell p, tap r and input cell i meet; a two-dimensional table is made of all
pairs of a row triple and a column triple. So 756 small maps serve every combination of sizes and
options of the controls, where the table of each would be half a million.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import Any

from convlib import kernel_map
from convlib.axis import read_axes
from convlib.kernel_map import Cells

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LOWEST = -10  # the number that the first digit stands for: ghosts lie below 0
MAX_CELLS = 24  # on an axis
OPTIONS = ("size", "kernel", "stride", "padding", "dilation", "mirrored")  # of one axis, its key
RANGES = {"size": range(3, 10), "kernel": range(1, 5), "stride": range(1, 4),
          "padding": range(3), "dilation": range(1, 4)}  # 756 of them on an axis

Axes = Sequence[Sequence[Any]]  # for each axis its OPTIONS
Ranges = Mapping[str, Sequence[Any]]  # name of an option -> its values
Maps = dict[str, str]  # key -> map


def key(options: Iterable[Any]) -> str:
    """The name of an axis map: "3/2/1/0/1/0" for (size, kernel, stride, padding, ...)."""
    return "/".join(map(str, options))


def axis_maps(axes: Axes, ranges: Ranges) -> Maps:
    """{key: map or "!what is wrong"} for the axes as they are and for all of the ranges."""
    wanted = {tuple(axis) for axis in axes}
    for axis in axes:
        wanted |= set(product(*(ranges.get(name, [value])
                                for name, value in zip(OPTIONS, axis, strict=True))))
    return {key(options): packed(*options) for options in sorted(wanted, key=str)}


@cache
def packed(size: int, kernel: int, stride: int, padding: int | str, dilation: int,
           mirrored: int) -> str:
    """One axis as a string: the number of outputs, then p, r, i of each triple, a digit each.

    The rows of the kernel map; ghosts that read padding; and the triples of outputs that do not
    exist, where a kernel laid over an input cell sticks out of y. Those are rows, too, of the map
    with so much padding that its outputs begin `more` places earlier and end later.
    """
    options = {"stride": stride, "dilation": dilation}
    before, after = read_padding(padding)
    try:
        (axis,) = read_axes((size,), (kernel,), padding=[(before, after)], **options)
    except ValueError as error:
        return f"!{error}"
    more = axis.span
    wide = kernel_map((size,), (kernel,), mirrored=bool(mirrored), **options,
                      padding=[(before + more * stride, after + more * stride)])
    triples = {(p - more, r, i) for p, r, i in _rows(wide.out, wide.tap, wide.inp)}
    triples |= {(p - more, r, i) for p, r, i in _rows(*wide.ghosts) if 0 <= p - more < axis.out}
    numbers = [axis.out, *(n for triple in sorted(triples) for n in triple)]
    if not all(LOWEST <= n <= LOWEST + 35 for n in numbers):
        return f"!an axis of {size} cells, padded and with a window of {axis.span}, is too long"
    return "".join(DIGITS[n - LOWEST] for n in numbers)


def _rows(*columns: Cells) -> Iterator[tuple[int, ...]]:
    return zip(*(column[0].tolist() for column in columns), strict=True)


def outputs(map_: str) -> int:
    """How many output cells an axis map has."""
    return DIGITS.index(map_[0]) + LOWEST


def read_padding(padding: int | str) -> tuple[int, int]:
    """(before, after) of one axis, written 1 or, where they differ, "0-1"."""
    if not isinstance(padding, str):
        return padding, padding
    before, after = map(int, padding.split("-"))
    return before, after


def write_padding(before: int, after: int) -> int | str:
    """The padding of one axis as `read_padding` reads it."""
    return before if before == after else f"{before}-{after}"
