"""Shapes and names of what an explorer draws: "dx[1,1]" is a cell, "dx" a whole grid."""

import re
from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlib import kernel_map
from convlib.geometry import Geometry
from convlib.operands import operands
from figures.drawing.grids import Shape
from figures.explorer.maps import MAX_CELLS, OPTIONS, Axes, packed, read_padding

QUANTITIES = ("x", "w", "y", "dy", "dx", "dw", "db")
MAX_ROWS = 2500  # products, each a line of the table; also entries of a matrix that is drawn
MAX_VALUE = 10**6  # so that every sum of whole numbers stays exact in the page


def numbers(name: str, value: ArrayLike) -> NDArray[Any]:
    """The value as an array of finite numbers."""
    (array,) = operands(**{name: value})
    if array.dtype == object:
        raise TypeError(f"{name} must hold numbers, not letters: the page adds them up")
    if array.size == 0 or not np.isfinite(array).all():
        raise ValueError(f"{name} must have cells, each a finite number, not {array.tolist()}")
    if np.abs(array).max() > MAX_VALUE:
        raise ValueError(f"{name} has the value {np.abs(array).max()}; the explorer adds exactly "
                         f"up to {MAX_VALUE:,}")
    return array


def shapes(x_shape: Shape, w_shape: Shape, axes: Axes, groups: int,
           show: Sequence[str] = ()) -> dict[str, Shape]:
    """{name: shape} of every quantity; ValueError for what does not fit or is too large."""
    strides, paddings, dilations = ([axis[OPTIONS.index(name)] for axis in axes]
                                    for name in ("stride", "padding", "dilation"))
    g = Geometry.of(x_shape, w_shape, groups=groups, stride=strides, dilation=dilations,
                    padding=[read_padding(p) for p in paddings])
    for name, shape in (("x", x_shape), ("w", w_shape)):
        if max(shape[-len(axes):]) > MAX_CELLS:
            raise ValueError(f"{name} has shape {shape}; the explorer draws axes of at most "
                             f"{MAX_CELLS} cells")
    rows = prod(g.y_shape) * prod(w_shape[1:] if g.has_channels else w_shape)
    if rows > MAX_ROWS:
        raise ValueError(f"x of shape {x_shape} and w of shape {w_shape} make {rows:,} products; "
                         f"the explorer draws at most {MAX_ROWS:,}")
    for wrong in filter(lambda map_: map_.startswith("!"), (packed(*axis) for axis in axes)):
        raise ValueError(wrong[1:])
    for name, other in (("M_x", g.w_shape), ("M_w", g.x_shape)):
        if name in show and prod(g.y_shape) * prod(other) > MAX_ROWS:
            raise ValueError(f"{name} of {prod(g.y_shape)} by {prod(other)} entries is more than "
                             f"the {MAX_ROWS:,} that the explorer draws")
    return {"x": g.x_shape, "w": g.w_shape, "y": g.y_shape, "dy": g.y_shape, "dx": g.x_shape,
            "dw": g.w_shape, "db": g.bias_shape}


def channels(x_shape: Shape, w_shape: Shape, nd: int, groups: int) -> list[list[list[int]]]:
    """[[k], [k, c], [channel of x]] of each pair of planes that meet; empty lists without any."""
    if len(w_shape) == nd:
        return [[[], [], []]]
    table = kernel_map((*x_shape[:-nd], *[1] * nd), (*w_shape[:-nd], *[1] * nd), groups=groups)
    return [[list(index[:-nd]) for index in row] for row in table.rows()]


def cell(what: str, name: str, known: Mapping[str, Shape], whole: bool = False) -> str:
    """A cell's name as the page writes it, "dx[1,1]"; the name of a whole grid where that will do.

    known: {name: shape} of the grids it may lie in.
    """
    match = re.fullmatch(r"(\w+?)(\[\d+(?:, *\d+)*\])?", str(name))
    if not match or match[1] not in known:
        raise ValueError(f"{what} must name a cell of {', '.join(known)}, such as 'dx[1,1]', "
                         f"not {name!r}")
    grid, index = match[1], match[2]
    if index is None and whole:
        return grid
    at = tuple(map(int, re.findall(r"\d+", index or "")))
    shape = known[grid]
    if len(at) != len(shape) or not all(n < size for n, size in zip(at, shape, strict=True)):
        raise ValueError(f"{what}: there is no {name}; {grid} has shape {shape}")
    return f"{grid}[{','.join(map(str, at))}]" if at else grid


def chosen(what: str, names: str | Iterable[str], known: Sequence[str]) -> list[str]:
    """The names as a list, in their order; ValueError for one that is not known."""
    names = [names] if isinstance(names, str) else list(dict.fromkeys(names))
    for name in names:
        if name not in known:
            raise ValueError(f"{what} must be among {', '.join(known)}, not {name!r}")
    return names
