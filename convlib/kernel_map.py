"""The table of products, read this first: every sum of a convolution layer is a view of it.

A convolution multiplies one input cell with one tap for one output cell, again and again.
The list of these triples (out, tap, inp) is called the kernel map. On each axis ::

    i = p*stride + r*dilation - padding          p output cell, r tap, i input cell

Group its rows by output cell and you have y, by tap dw, by input cell dx.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlib.geometry import Geometry
from convlib.operands import exact, expect_shape, operands
from convlib.options import Ints, Padding, in_words, shown

MAX_ROWS, MAX_ENTRIES = 5_000_000, 2**27
Cells = tuple[NDArray[np.intp], ...]  # one index array for each axis, one entry for each row


class Columns(NamedTuple):
    """The columns of the table: output cells, taps and input cells of all its rows."""

    out: Cells
    tap: Cells
    inp: Cells


class Product(NamedTuple):
    """A row of the table, one multiplication: y[out] gets w[tap] * x[inp]."""

    out: tuple[int, ...]
    tap: tuple[int, ...]
    inp: tuple[int, ...]


@dataclass(frozen=True, repr=False)
class KernelMap:
    """All triples (out, tap, inp) of a convolution, in C order of out, then of tap.

    Attributes
    ----------
    out, tap, inp : tuple of NDArray
        Index arrays, so that y[m.out], w[m.tap] and x[m.inp] line up row by row.
    ghosts : Columns
        The rows that were left out because they read padding.
    x_shape, w_shape, y_shape : tuple of int
        What the indices point into.
    """

    out: Cells
    tap: Cells
    inp: Cells
    ghosts: Columns
    x_shape: tuple[int, ...]
    w_shape: tuple[int, ...]
    y_shape: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.out[0])

    def __repr__(self) -> str:
        return f"KernelMap({len(self)} rows: x {self.x_shape}, w {self.w_shape}, y {self.y_shape})"

    def rows(self, by: str = "out") -> list[Product]:
        """The table row by row, sorted by "out", "tap" or "inp"; ties keep their order."""
        shapes = {"out": self.y_shape, "tap": self.w_shape, "inp": self.x_shape}
        if not isinstance(by, str) or by not in shapes:
            raise ValueError(f"by must be 'out', 'tap' or 'inp', not {shown(by)}")
        order = np.argsort(np.ravel_multi_index(getattr(self, by), shapes[by]), kind="stable")
        columns = (np.stack(column, axis=-1)[order].tolist()
                   for column in (self.out, self.tap, self.inp))
        return [Product(*map(tuple, triple)) for triple in zip(*columns, strict=True)]

    def forward(self, x: ArrayLike, w: ArrayLike) -> NDArray[Any]:
        """y[out] = sum of x[inp] * w[tap] over the rows of each output cell."""
        x, w = self._operands(prod(self.w_shape), x=x, w=w)
        y = np.zeros(self.y_shape, x.dtype)
        np.add.at(y, self.out, x[self.inp] * w[self.tap])
        return y

    def grad_w(self, dy: ArrayLike, x: ArrayLike) -> NDArray[Any]:
        """dw[tap] = sum of dy[out] * x[inp] over the rows of each tap."""
        dy, x = self._operands(prod(self.y_shape), dy=dy, x=x)
        dw = np.zeros(self.w_shape, x.dtype)
        np.add.at(dw, self.tap, dy[self.out] * x[self.inp])
        return dw

    def grad_x(self, dy: ArrayLike, w: ArrayLike) -> NDArray[Any]:
        """dx[inp] = sum of dy[out] * w[tap] over the rows of each input cell."""
        dy, w = self._operands(prod(self.w_shape), dy=dy, w=w)
        dx = np.zeros(self.x_shape, w.dtype)
        np.add.at(dx, self.inp, dy[self.out] * w[self.tap])
        return dx

    def image_matrix(self, x: ArrayLike) -> NDArray[Any]:
        """M_x with x[inp] at (out, tap), so that M_x @ vec(w) = vec(y)."""
        (x,) = self._operands(0, x=x)
        return self._paste(x[self.inp], self.tap, self.w_shape)

    def filter_matrix(self, w: ArrayLike) -> NDArray[Any]:
        """M_w with w[tap] at (out, inp), so that M_w @ vec(x) = vec(y)."""
        (w,) = self._operands(0, w=w)
        return self._paste(w[self.tap], self.inp, self.x_shape)

    def _paste(self, values: NDArray[Any], column: Cells, shape: tuple[int, ...]) -> NDArray[Any]:
        cells = prod(self.y_shape) * prod(shape)
        if cells > MAX_ENTRIES:
            raise ValueError(f"this matrix would have {cells:,} entries, more than "
                             f"{MAX_ENTRIES:,}: it is meant for study and proofs; use conv2d for "
                             "computing")
        matrix = np.zeros((prod(self.y_shape), prod(shape)), values.dtype)
        rows = np.ravel_multi_index(self.out, self.y_shape)
        matrix[rows, np.ravel_multi_index(column, shape)] = values
        return matrix

    def _operands(self, terms: int, **arrays: ArrayLike) -> list[NDArray[Any]]:
        """The arrays, checked; no cell of a sum has more than so many terms."""
        shapes = {"x": self.x_shape, "w": self.w_shape, "dy": self.y_shape}
        read = operands(**arrays)
        for name, array in zip(arrays, read, strict=True):
            expect_shape(name, array, shapes[name], f"the {name} of this kernel map")
        return exact(lambda *sizes: terms * prod(sizes), *read)


@in_words
def kernel_map(x_shape: Sequence[int], w_shape: Sequence[int], *, stride: Ints = 1,
               padding: Padding = 0, dilation: Ints = 1, groups: int = 1,
               mirrored: bool = False) -> KernelMap:
    """The table of products of a convolution; it depends on shapes only, not on values.

    ::

        i = p*stride + r*dilation - padding              cross-correlation
        i = p*stride + (R-1-r)*dilation - padding        mirrored: true convolution

    Parameters
    ----------
    x_shape, w_shape : sequence of int
        With one axis (H,) and (R,), or (C, H), (N, C, H) and (K, C/groups, R); with two
        (H, W) and (R, S), or (C, H, W), (N, C, H, W) and (K, C/groups, R, S).
    stride, padding, dilation, groups
        As in conv1d and conv2d.
    mirrored : bool
        Whether the kernel is flipped, as in a true convolution.

    Returns
    -------
    KernelMap
        At most 5 million rows: the table is meant for study and proofs, conv2d for computing.

    Raises
    ------
    ValueError
        For shapes and options that do not go together, and for more rows than that.
    """
    g = Geometry.of(x_shape, w_shape, stride=stride, padding=padding, dilation=dilation,
                    groups=groups)
    y_shape, w_shape, nd = g.y_shape, g.w_shape, len(g.axes)
    inner = w_shape[1:] if g.has_channels else w_shape
    rows = prod(y_shape) * prod(inner)
    if rows > MAX_ROWS:
        raise ValueError(f"this kernel map would have {rows:,} rows, more than {MAX_ROWS:,}: "
                         "it is meant for study and proofs; use conv2d for computing")
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
    kept, ghosts = (Columns(*(tuple(a[which] for a in column) for column in (out, tap, inp)))
                    for which in (inside, ~inside))
    return KernelMap(*kept, ghosts, g.x_shape, g.w_shape, g.y_shape)
