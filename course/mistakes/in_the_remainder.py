"""Mistakes with the leftover inputs of a stride, at the end of x."""

from typing import Any

import numpy as np

from convlib.conv import Gradients
from course.mistakes.mistake import (
    Array,
    axes_of,
    first_cells,
    gradients,
    mistake,
    paddings,
    sliding,
    unread,
)


@mistake("dx")
def remainder_lost(dy: Array, x: Array, w: Array, *, stride: Any = 1, **options: Any) -> Gradients:
    """dx stops at the last input that a window reads. It should have the shape of x, with zeros for
    the leftover inputs."""
    right = gradients(dy, x, w, stride=stride, **options)
    axes = axes_of(x, w, stride=stride, **options)
    return right._replace(dx=first_cells(right.dx, [a.size - unread(a) for a in axes]))


@mistake("dx")
def remainder_at_most_one(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """dx has room for at most one leftover input.
    At a stride of 3 or more, several inputs can be left over, and each of them has
    gradient 0."""
    right = gradients(dy, x, w, **options)
    return right._replace(dx=first_cells(right.dx, [
        a.size - max(0, unread(a) - 1) for a in axes_of(x, w, **options)]))


@mistake("dx")
def remainder_in_front(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """The leftover inputs are at the end of x.
    Here the zeros for them were put before its first entry, and everything else has moved."""
    right = gradients(dy, x, w, **options)
    axes = axes_of(x, w, **options)
    return right._replace(dx=np.roll(right.dx, [unread(a) for a in axes], sliding(w)))


@mistake("dx")
def remainder_shifts_rows(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """Each row of dx ends at the last input read, but dx is read as if its rows were as long as
    those of x."""
    right = gradients(dy, x, w, **options)
    short = first_cells(right.dx, [a.size - unread(a) for a in axes_of(x, w, **options)])
    return right._replace(dx=first_cells(short.ravel(), [right.dx.size]).reshape(right.dx.shape))


@mistake("dx")
def zeros_after_last(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """The size of dx was computed from dy alone, as happens when stride - 1 zeros are put after
    every entry of dy, even the last. It should be the size of x."""
    right = gradients(dy, x, w, **options)
    return right._replace(dx=first_cells(right.dx, [
        max(0, a.out * a.stride + a.span - 1 - a.before - a.after)
        for a in axes_of(x, w, **options)]))


@mistake("dw")
def dw_over_remainder(dy: Array, x: Array, w: Array, *, padding: Any = 0,
                      **options: Any) -> Gradients:
    """dw has too many taps: where inputs are left over, dy with its zeros fits into x in more
    positions than w has taps. Cut dw to the shape of w."""
    axes = axes_of(x, w, padding=padding, **options)
    more = [(a.padded - a.span) % a.stride // a.dilation for a in axes]
    larger = first_cells(w, [a.kernel + n for a, n in zip(axes, more, strict=True)])
    right = gradients(dy, x, w, padding=padding, **options)
    return right._replace(dw=gradients(dy, x, larger, padding=paddings(axes), **options).dw)


@mistake("dw")
def end_taken_for_padding(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """In the last row of dw, the products of the last window are missing, as if its last row of
    taps met padding. With a stride, the windows may end before the padding at the end begins."""
    right = gradients(dy, x, w, **options)
    first, dw = axes_of(x, w, **options)[0], right.dw.copy()
    end: Any = (..., -1) if len(sliding(w)) == 1 else (..., -1, slice(None))
    if first.stride > 1 and first.after > 0 and first.read_by(
            first.out - 1, first.kernel - 1) < first.size:
        last = np.zeros_like(dy)
        last[end] = dy[end]
        dw[end] -= gradients(last, x, w, **options).dw[end]
    return right._replace(dw=dw)
