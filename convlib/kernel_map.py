"""The table of products, read this first: every sum of a convolution layer is a view of it.

A convolution multiplies one input cell with one tap for one output cell, again and again.
The list of these triples (out, tap, inp) is called the kernel map. On each axis

    i = p*stride + r*dilation - padding          p output cell, r tap, i input cell

Group its rows by output cell and you have y, by tap dw, by input cell dx.
"""

from dataclasses import dataclass
from math import prod
from typing import NamedTuple

import numpy as np

from convlib.geometry import Geometry
from convlib.operands import expect_shape, operands

MOST_ROWS = 5_000_000


class Rows(NamedTuple):
    """Columns of the table: a tuple of index arrays each, one entry a row."""

    out: tuple
    tap: tuple
    inp: tuple


class Row(NamedTuple):
    """One multiplication: y[out] gets w[tap] * x[inp]."""

    out: tuple
    tap: tuple
    inp: tuple


@dataclass(frozen=True, repr=False)
class KernelMap:
    """All triples (out, tap, inp) of a convolution, in C order of out, then of tap.

    out, tap, inp    index arrays, so that y[m.out], w[m.tap], x[m.inp] line up row by row
    ghosts           the rows that were left out because they read padding
    """

    out: tuple
    tap: tuple
    inp: tuple
    ghosts: Rows
    x_shape: tuple
    w_shape: tuple
    y_shape: tuple

    def __len__(self):
        return len(self.out[0])

    def __repr__(self):
        return f"KernelMap({len(self)} rows: x {self.x_shape}, w {self.w_shape}, y {self.y_shape})"

    def rows(self, by="out"):
        """The table as a list of Row, sorted by "out", "tap" or "inp"; ties keep their order."""
        shapes = {"out": self.y_shape, "tap": self.w_shape, "inp": self.x_shape}
        if by not in shapes:
            raise ValueError(f"by must be 'out', 'tap' or 'inp', not {by!r}")
        order = np.argsort(np.ravel_multi_index(getattr(self, by), shapes[by]), kind="stable")
        columns = (np.stack(column, axis=-1)[order].tolist()
                   for column in (self.out, self.tap, self.inp))
        return [Row(*map(tuple, triple)) for triple in zip(*columns, strict=True)]

    def forward(self, x, w):
        """y[out] = sum of x[inp] * w[tap] over the rows of each output cell."""
        x, w = self._operands(x=x, w=w)
        y = np.zeros(self.y_shape, x.dtype)
        np.add.at(y, self.out, x[self.inp] * w[self.tap])
        return y

    def grad_w(self, dy, x):
        """dw[tap] = sum of dy[out] * x[inp] over the rows of each tap."""
        dy, x = self._operands(dy=dy, x=x)
        dw = np.zeros(self.w_shape, x.dtype)
        np.add.at(dw, self.tap, dy[self.out] * x[self.inp])
        return dw

    def grad_x(self, dy, w):
        """dx[inp] = sum of dy[out] * w[tap] over the rows of each input cell."""
        dy, w = self._operands(dy=dy, w=w)
        dx = np.zeros(self.x_shape, w.dtype)
        np.add.at(dx, self.inp, dy[self.out] * w[self.tap])
        return dx

    def image_matrix(self, x):
        """M_x with x[inp] at (out, tap):  M_x @ vec(w) = vec(y)."""
        (x,) = self._operands(x=x)
        return self._paste(x[self.inp], self.tap, self.w_shape)

    def filter_matrix(self, w):
        """M_w with w[tap] at (out, inp):  M_w @ vec(x) = vec(y)."""
        (w,) = self._operands(w=w)
        return self._paste(w[self.tap], self.inp, self.x_shape)

    def _paste(self, values, column, shape):
        matrix = np.zeros((prod(self.y_shape), prod(shape)), values.dtype)
        rows = np.ravel_multi_index(self.out, self.y_shape)
        matrix[rows, np.ravel_multi_index(column, shape)] = values
        return matrix

    def _operands(self, **arrays):
        shapes = {"x": self.x_shape, "w": self.w_shape, "dy": self.y_shape}
        read = operands(**arrays)
        for name, array in zip(arrays, read, strict=True):
            expect_shape(name, array, shapes[name], f"the {name} of this kernel map")
        return read


def kernel_map(x_shape, w_shape, *, stride=1, padding=0, dilation=1, groups=1, mirrored=False):
    """The KernelMap of a convolution of x with w; it depends on shapes only, not on values.

        i = p*stride + r*dilation - padding              cross-correlation
        i = p*stride + (R-1-r)*dilation - padding        mirrored: true convolution

    x_shape (H,) with w_shape (R,), or (C, H), (N, C, H) with (K, C/groups, R); in two dimensions
    (H, W) with (R, S), or (C, H, W), (N, C, H, W) with (K, C/groups, R, S).
    Raises ValueError for shapes and options that do not go together, and for more than 5 million
    rows: the table is for looking and for proof, conv2d is for work.
    """
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    g = Geometry.of(x_shape, w_shape, **options)
    y_shape, w_shape, nd = g.y_shape, g.w_shape, len(g.axes)
    inner = w_shape[1:] if g.has_channels else w_shape
    rows = prod(y_shape) * prod(inner)
    if rows > MOST_ROWS:
        raise ValueError(f"this kernel map would have {rows:,} rows, more than {MOST_ROWS:,}: "
                         "it is for looking and for proof, use conv2d for work")
    cells = np.indices((*y_shape, *inner)).reshape(len(y_shape) + len(inner), -1)
    out, tap = tuple(cells[: len(y_shape)]), tuple(cells[len(y_shape):])
    inp = tuple(a.read_by(p, a.kernel - 1 - r if mirrored else r)
                for a, p, r in zip(g.axes, out[-nd:], tap[-nd:], strict=True))
    inside = np.logical_and.reduce([(0 <= i) & (i < a.size)
                                    for i, a in zip(inp, g.axes, strict=True)])
    if g.has_channels:
        # filter k belongs to group k // (K/groups) and reads the channels of that group
        k, c = out[-nd - 1], tap[0]
        channel = k // (w_shape[0] // g.groups) * w_shape[1] + c
        tap, inp = (k, *tap), (*out[: -nd - 1], channel, *inp)
    kept, ghosts = (Rows(*(tuple(a[which] for a in column) for column in (out, tap, inp)))
                    for which in (inside, ~inside))
    return KernelMap(*kept, ghosts, g.x_shape, w_shape, y_shape)
