"""Mistakes in i = p*stride + r*dilation - padding: the wrong input meets the tap."""

from collections.abc import Callable
from typing import Any

import numpy as np

from convlib.conv import Gradients
from convlib.kernel_map import kernel_map
from course.mistakes.mistake import (
    Array,
    axes_of,
    first_cells,
    gradients,
    mistake,
    roomy,
    sliding,
)


@mistake("dx", "dw")
def stride_dropped(dy: Array, x: Array, w: Array, *, stride: Any = 1, **options: Any) -> Gradients:
    """The stride is missing: these are the numbers that i = p + r gives, not i = p*stride + r. If
    dx is computed as a convolution of dy, the stride - 1 zeros between its entries are missing."""
    return gradients(*roomy(dy, x, w, stride=1, **options), stride=1, **options)


@mistake("dx", "dw")
def dilation_off_by_one(dy: Array, x: Array, w: Array, *, dilation: Any = 1,
                        **options: Any) -> Gradients:
    """For a dilation above 1, the taps are dilation - 1 apart, as if their distance were the number
    of inputs skipped between them."""
    narrow = tuple(max(1, d - 1) for d in np.broadcast_to(dilation, len(sliding(w))))
    return gradients(*roomy(dy, x, w, dilation=narrow, **options), dilation=narrow, **options)


@mistake("dx", "dw")
def padding_one_sided(dy: Array, x: Array, w: Array, *, padding: Any = 0,
                      **options: Any) -> Gradients:
    """All of the padding comes before the first input and none after the last."""
    axes = axes_of(x, w, padding=padding, **options)
    return gradients(dy, x, w, padding=[(a.before + a.after, 0) for a in axes], **options)


@mistake("dx")
def crop_by_minus_zero(dy: Array, x: Array, w: Array, *, padding: Any = 0,
                       **options: Any) -> Gradients:
    """With padding 0, dx is empty: the slice [padding:-padding], meant to cut the padding off, then
    keeps nothing."""
    right = gradients(dy, x, w, padding=padding, **options)
    axes = axes_of(x, w, padding=padding, **options)
    padded = np.pad(right.dx, [(0, 0)] * (x.ndim - len(axes)) + [(a.before, a.after) for a in axes])
    inside: Any = (..., *(slice(a.before, -a.after) for a in axes))
    return right._replace(dx=padded[inside])


@mistake("dx")
def padding_not_cropped(dy: Array, x: Array, w: Array, *, padding: Any = 0,
                        **options: Any) -> Gradients:
    """dx has the shape of the padded x. Nobody needs the gradient with respect to the padding: crop
    it."""
    axes = axes_of(x, w, padding=padding, **options)
    padded = np.zeros((*x.shape[:-len(axes)], *(a.padded for a in axes)), x.dtype)
    right = gradients(dy, x, w, padding=padding, **options)
    return right._replace(dx=gradients(dy, padded, w, **options).dx)


@mistake("dx", "dw")
def dilation_dropped(dy: Array, x: Array, w: Array, *, dilation: Any = 1,
                     **options: Any) -> Gradients:
    """The dilation is missing: these are the numbers that i = p + r gives, not
    i = p + r*dilation."""
    return gradients(*roomy(dy, x, w, dilation=1, **options), dilation=1, **options)


@mistake("dx")
def size_without_dilation(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """dx is too short: its size was computed as if the taps were next to each other.
    A dilated kernel spans dilation*(R - 1) + 1 inputs, not R."""
    right = gradients(dy, x, w, **options)
    axes = axes_of(x, w, **options)
    return right._replace(dx=first_cells(right.dx, [
        max(0, a.size - a.span + a.kernel) for a in axes]))


@mistake("dx", "dw")
def stride_and_dilation_swapped(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """Stride and dilation have changed places.
    The output index is multiplied by the stride, i = p*stride + r*dilation."""
    return _other_rows(dy, x, w, lambda n, a, p, r: p * a.dilation + r * a.stride - a.before,
                       **options)


@mistake("dx")
def wrong_loop_index(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """Each product was added to row p of dx, the row of its output, instead of row i."""
    found = _other_rows(
        dy, x, w, lambda n, a, p, r: p if n == 0 else a.read_by(p, r), **options)
    return gradients(dy, x, w, **options)._replace(dx=found.dx)


@mistake("dx")
def negative_index(dy: Array, x: Array, w: Array, *, padding: Any = 0,
                   **options: Any) -> Gradients:
    """The first rows or columns of dx use entries from the far end of dy, because a negative index
    wraps around. An output that does not exist counts as 0."""
    axes = axes_of(x, w, padding=padding, **options)
    twice = np.tile(dy, [1] * (dy.ndim - len(axes)) + [2] * len(axes))  # dy[-P] ... dy[P-1]
    earlier = [(a.before + a.out * a.stride, a.after) for a in axes]
    right = gradients(dy, x, w, padding=padding, **options)
    return right._replace(dx=gradients(twice, x, w, padding=earlier, **options).dx)


@mistake("dx", "dw")
def height_for_width(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """dy was read as if each of its P rows had P entries: row p was read from offset p*P, but it
    starts at p*Q."""
    if len(sliding(w)) == 1:
        return gradients(dy, x, w, **options)
    rows, columns = dy.shape[-2:]
    flat = first_cells(dy.reshape(*dy.shape[:-2], -1), [rows * max(rows, columns)])
    cells = np.arange(rows)[:, None] * rows + np.arange(columns)
    found = gradients(flat[..., cells], x, w, **options)
    return gradients(dy, x, w, **options)._replace(dx=found.dx, dw=found.dw)


@mistake("dx", "dw")
def height_in_both_loops(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """Where dy is wider than it is high, its columns from P on are left out, as happens when both
    loops over dy run to its height P."""
    right, reached = gradients(dy, x, w, **options), dy.copy()
    if len(sliding(w)) == 1:
        return right
    reached[..., dy.shape[-2]:] = 0  # in a higher dy, NumPy would raise an IndexError
    return gradients(reached, x, w, **options)._replace(db=right.db)


def _other_rows(dy: Array, x: Array, w: Array, cell: Callable[..., Any],
                **options: Any) -> Gradients:
    """dx and dw of a table whose input cells are cell(number of the axis, axis, p, r)."""
    options.pop("method", None)
    table, axes = kernel_map(x.shape, w.shape, **options), axes_of(x, w, **options)
    out, tap, inp = (tuple(map(np.concatenate, zip(*pair, strict=True))) for pair in (
        (table.out, table.ghosts.out), (table.tap, table.ghosts.tap),
        (table.inp, table.ghosts.inp)))
    space = tuple(cell(n, a, p, r) for n, (a, p, r) in enumerate(
        zip(axes, out[-len(axes):], tap[-len(axes):], strict=True)))
    inside = np.logical_and.reduce([(0 <= i) & (i < a.size)
                                    for i, a in zip(space, axes, strict=True)])
    out, tap, inp = (tuple(index[inside] for index in column)
                     for column in (out, tap, (*inp[:-len(axes)], *space)))
    right = gradients(dy, x, w, **options)
    dx, dw = np.zeros_like(right.dx), np.zeros_like(right.dw)
    np.add.at(dx, inp, dy[out] * w[tap])
    np.add.at(dw, tap, dy[out] * x[inp])
    return right._replace(dx=dx, dw=dw)
