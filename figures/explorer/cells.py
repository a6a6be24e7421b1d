"""Shapes and names of what an explorer draws: "dx[1,1]" is a cell, "dx" a whole grid."""

import re
from math import prod

import numpy as np

from convlib import kernel_map
from convlib.operands import operands
from convlib.shapes import read_geometry
from figures.explorer.maps import MOST_CELLS, OPTIONS, read_padding

QUANTITIES = ("x", "w", "y", "dy", "dx", "dw", "db")
MOST_ROWS = 2500  # products; each is a line of the table and a share of a sum


def numbers(name, value):
    """The value as an array of finite numbers."""
    (array,) = operands(**{name: value})
    if array.dtype == object:
        raise TypeError(f"{name} must hold numbers, not letters: the page adds them up")
    if array.size == 0 or not np.isfinite(array).all():
        raise ValueError(f"{name} must have cells, each a finite number, not {array.tolist()}")
    return array


def shapes(x_shape, w_shape, axes, groups):
    """{name: shape} of every quantity; ValueError for what does not fit or is too large."""
    strides, paddings, dilations = ([axis[OPTIONS.index(name)] for axis in axes]
                                    for name in ("stride", "padding", "dilation"))
    g = read_geometry(x_shape, w_shape, groups=groups, stride=strides, dilation=dilations,
                      padding=[read_padding(p) for p in paddings])
    for name, shape in (("x", x_shape), ("w", w_shape)):
        if max(shape[-len(axes):]) > MOST_CELLS:
            raise ValueError(f"{name} has shape {shape}; the explorer draws axes of at most "
                             f"{MOST_CELLS} cells")
    rows = prod(g.y_shape) * prod(w_shape[1:] if g.has_channels else w_shape)
    if rows > MOST_ROWS:
        raise ValueError(f"x of shape {x_shape} and w of shape {w_shape} make {rows:,} products; "
                         f"the explorer draws at most {MOST_ROWS:,}")
    return {"x": g.x_shape, "w": g.w_shape, "y": g.y_shape, "dy": g.y_shape, "dx": g.x_shape,
            "dw": g.w_shape, "db": g.bias_shape}


def channels(x_shape, w_shape, nd, groups):
    """[[k], [k, c], [channel of x]] of each pair of planes that meet; empty lists without any."""
    if len(w_shape) == nd:
        return [[[], [], []]]
    table = kernel_map((*x_shape[:-nd], *[1] * nd), (*w_shape[:-nd], *[1] * nd), groups=groups)
    return [[list(index[:-nd]) for index in row] for row in table.rows()]


def cell(what, name, known):
    """A cell's name as the page writes it, "dx[1,1]"; without an index the name of a grid."""
    found = re.fullmatch(r"(\w+?)(\[[\d, ]*\])?", str(name))
    if not found or found[1] not in known:
        raise ValueError(f"{what} must name a cell such as 'dx[1,1]', not {name!r}")
    grid, index = found[1], found[2]
    if index is None:
        return grid
    at = tuple(map(int, re.findall(r"\d+", index)))
    shape = known[grid]
    if len(at) != len(shape) or not all(n < size for n, size in zip(at, shape, strict=True)):
        raise ValueError(f"{what}: there is no {name}; {grid} has shape {shape}")
    return f"{grid}[{','.join(map(str, at))}]"


def chosen(what, names, known):
    """The names as a list, in their order; ValueError for one that is not known."""
    names = [names] if isinstance(names, str) else list(names)
    for name in names:
        if name not in known:
            raise ValueError(f"{what} must be among {', '.join(known)}, not {name!r}")
    return names
