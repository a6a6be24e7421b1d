"""What a method is asked for, a Problem, and what it says of itself, a Method.

Arrays are lifted (see convlib.geometry.Lifted): x (N, groups, C, H, W), w (groups, K, C, R, S) and
y (N, groups, K, P, Q), where C and K count the channels and filters of one group.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import Any, NamedTuple

import numpy as np

from convlib.algorithms.interleaving import deinterleave
from convlib.axis import Axis, Index
from convlib.operands import Array as Array

Axes = tuple[Axis, Axis]


class Size(NamedTuple):
    """All that the cost of a sum depends on: images counts groups as well."""

    what: str
    axes: Axes
    images: int
    channels: int
    filters: int
    itemsize: int

    @property
    def sizes(self) -> tuple[int, int, int, int, int, int]:
        """K, C, P, Q, R, S."""
        (p, q), (r, s) = (a.out for a in self.axes), (a.kernel for a in self.axes)
        return self.filters, self.channels, p, q, r, s

    @property
    def width(self) -> float:
        """How wide a number is beside double precision."""
        return self.itemsize / 8


class Problem(NamedTuple):
    """One of the sums "y", "dx" and "dw": two arrays are given, and of the third the shape.

    x stands for x or dx, w for w or dw, y for y or dy; the axes say how their cells meet. A part of
    a larger problem says which cells of the result it is for, one index after the other; none if
    it is for all.
    """

    what: str
    x: Array
    w: Array
    y: Array
    axes: Axes
    places: tuple[Index, ...] = ()

    @property
    def given(self) -> tuple[Array, Array]:
        """The operands, in the order in which a method takes them."""
        if self.what == "y":
            return self.x, self.w
        return self.y, self.w if self.what == "dx" else self.x

    @property
    def out(self) -> Array:
        """The array that only has a shape."""
        return self.y if self.what == "y" else self.x if self.what == "dx" else self.w

    @property
    def nbytes(self) -> int:
        """The memory of all three."""
        return self.x.nbytes + self.w.nbytes + self.y.nbytes

    def part(self, x: Index, y: Index, axes: Axes) -> "Problem":
        """The problem of these cells of x and y alone; each part of dw is for all cells of w."""
        part = self._replace(x=self.x[x], y=self.y[y], axes=axes)
        if part.out.size == self.out.size:
            return part
        return part._replace(places=(*self.places, y if self.what == "y" else x))


@lru_cache(1024)
def placeholder(shape: tuple[int, ...], dtype: Any) -> Array:
    """An array of this shape that takes no memory: one cell, seen again and again."""
    return np.broadcast_to(np.zeros(1, dtype), shape)


@dataclass(frozen=True)
class Method:
    """A way to compute the three sums, and all that its choice and its use depend on.

    Parameters
    ----------
    name : str
        What a caller writes as `method=`.
    y, dx, dw : function
        y(x, w, axes), dx(dy, w, axes) and dw(dy, x, axes), each a new array. Without dx
        the input's gradient is gathered, as the y of a convolution that runs backwards.
    cost : function
        Size -> nanoseconds, roughly, or inf if the method does not apply.
    exact : bool
        Sums keep the digits of every operand, so the method suits integers, symbols, and floats
        of very different size.
    skips_padding : bool
        No product reads the padding, so an infinite weight never meets its zeros.
    decompositions : sequence of functions
        Problem -> smaller problems, one after the other, in the form that the method needs.
    refuses : function
        axes -> what the method cannot do, in words, or None.
    """

    name: str
    y: Callable[[Array, Array, Axes], Array]
    dw: Callable[[Array, Array, Axes], Array]
    dx: Callable[[Array, Array, Axes], Array] | None = None
    cost: Callable[[Size], float] = lambda size: inf
    exact: bool = True
    skips_padding: bool = False
    decompositions: Sequence[Callable[[Problem], Sequence[Problem]]] = ()
    refuses: Callable[[Axes], str | None] = lambda axes: None

    def solve(self, problem: Problem) -> Array:
        """The sum that is asked for. Interleaved images are copied here, and taken apart again."""
        a, b = problem.given
        interleaved = a.ndim == 6
        if interleaved:
            images = a.shape[5]
            a, b = (c if c.ndim == 5 else c.reshape(*c.shape[:4], -1) for c in (a, b))
        solution: Array = getattr(self, problem.what)(a, b, problem.axes)
        return deinterleave(solution, images) if interleaved and problem.what != "dw" else solution
