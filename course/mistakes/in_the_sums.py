"""Mistakes in what is added up: over which outputs, filters, channels, groups and images."""

from typing import Any

import numpy as np

from convlib import conv
from convlib.conv import Gradients
from convlib.kernel_map import kernel_map
from course.mistakes.mistake import (
    Array,
    axes_of,
    gradients,
    mistake,
    sliding,
)


@mistake("dx")
def assign_for_add(dy: Array, x: Array, w: Array, method: str = "auto",
                   **options: Any) -> Gradients:
    """Of all the products that reach an input, only the last is kept, as happens when
    = is used instead of +=, or += with an index array in which i is repeated (np.add.at adds them
    all)."""
    table = kernel_map(x.shape, w.shape, **options)
    right = gradients(dy, x, w, **options)
    dx = np.zeros_like(right.dx)
    dx[table.inp] = dy[table.out] * w[table.tap]
    return right._replace(dx=dx)


@mistake("dx")
def windows_overwrite(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """The contributions of the filters are added up, but where windows overlap, only the last
    window counts, as happens when each window of dx is assigned (=), not accumulated (+=)."""
    right, where = gradients(dy, x, w, **options), dy.shape[-len(sliding(w)):]
    dx = np.zeros_like(right.dx)
    for position in np.ndindex(where):
        alone = np.zeros(where, dy.dtype)
        alone[position] = 1
        window = gradients(alone + 0 * dy, x, np.ones_like(w), **options).dx != 0
        dx = np.where(window, gradients(alone * dy, x, w, **options).dx, dx)
    return right._replace(dx=dx)


@mistake("dx")
def one_filter_only(dy: Array, x: Array, w: Array, *, groups: Any = 1, **options: Any) -> Gradients:
    """Only the last filter of each group contributes to dx.
    Every filter of the group reads the input: add over all of them."""
    right = gradients(dy, x, w, groups=groups, **options)
    if w.ndim < 3:
        return right
    used = np.arange(1, len(w) + 1) % (len(w) // groups) == 0
    dy_last = dy * used.reshape(-1, *(1,) * len(sliding(w)))
    return right._replace(dx=gradients(dy_last, x, w, groups=groups, **options).dx)


@mistake("dw")
def channels_summed(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """dw is summed over the channels instead of having one slice for each.
    Each channel of a filter has weights of its own."""
    right = gradients(dy, x, w, **options)
    if w.ndim < 3:
        return right
    return right._replace(dw=np.repeat(right.dw.sum(axis=1, keepdims=True), w.shape[1], axis=1))


@mistake("dw", "db")
def mean_for_sum(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """These are the right sums divided by the number of their terms (positions times images), as
    in a mean. Every use of a weight counts in full."""
    right = gradients(dy, x, w, **options)
    places = max(1, dy.size // (len(w) if w.ndim > 2 else 1))
    return right._replace(dw=right.dw / places, db=right.db / places)


@mistake("dw")
def y_for_x(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """y was used instead of x: each weight's gradient adds up dy times the input that the weight
    multiplies."""
    y = conv.forward(len(sliding(w)), x, w, None, "auto", **options)
    stand_in = np.zeros_like(x)
    both = tuple(slice(min(n, m)) for n, m in zip(x.shape, y.shape, strict=True))
    stand_in[both] = y[both]
    return gradients(dy, x, w, **options)._replace(dw=gradients(dy, stand_in, w, **options).dw)


@mistake("dw")
def decay_left_in(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """dw still has 0.1% of the weight in it: the gradient of a weight-decay term that is not part
    of this loss."""
    right = gradients(dy, x, w, **options)
    return right._replace(dw=right.dw + w / 1000)


@mistake("db")
def bias_over_wrong_axes(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """dy was summed over the filters, and one spatial axis was kept: the axes in
    dy.sum(axis=...) are off by one."""
    db = dy.sum(axis=tuple(range(dy.ndim - 1)))
    return gradients(dy, x, w, **options)._replace(db=db)


@mistake("dx", "dw")
def groups_swapped(dy: Array, x: Array, w: Array, *, groups: Any = 1, **options: Any) -> Gradients:
    """Each group reads the channels of the group before it."""
    shift = w.shape[1] if groups > 1 else 0
    axis = x.ndim - 1 - len(sliding(w)) if groups > 1 else 0
    right = gradients(dy, np.roll(x, shift, axis), w, groups=groups, **options)
    return right._replace(dx=np.roll(right.dx, -shift, axis))


@mistake("dw")
def groups_interleaved(dy: Array, x: Array, w: Array, *, groups: Any = 1,
                       **options: Any) -> Gradients:
    """This is dw for channels that are dealt out to the groups in turn (c % groups).
    Each group takes a block of consecutive channels."""
    right = gradients(dy, x, w, groups=groups, **options)
    if groups == 1:
        return right
    axis = x.ndim - 1 - len(sliding(w))
    dealt = np.arange(x.shape[axis]).reshape(-1, groups).T.ravel()
    return right._replace(dw=gradients(
        dy, x.take(dealt, axis), w, groups=groups, **options).dw)


@mistake("dx")
def groups_lost_when_strided(dy: Array, x: Array, w: Array, *, groups: Any = 1,
                             **options: Any) -> Gradients:
    """With groups and a stride together, every filter contributes to the channels of the first
    group. With either option alone, the gradient is right."""
    right = gradients(dy, x, w, groups=groups, **options)
    if groups == 1 or all(a.stride == 1 for a in axes_of(x, w, groups=groups, **options)):
        return right
    axis = x.ndim - 1 - len(sliding(w))
    first, *others = np.split(right.dx, groups, axis)
    return right._replace(dx=np.concatenate(
        [sum(others, start=first), *map(np.zeros_like, others)], axis))


@mistake("dw")
def last_image_only(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """dw contains only the contribution of the last image, as happens when each image overwrites
    the one before it. Add over the images."""
    right = gradients(dy, x, w, **options)
    if x.ndim - len(sliding(w)) < 2:
        return right
    return right._replace(dw=gradients(dy[-1:], x[-1:], w, **options).dw)


@mistake("dx", "dw", "db")
def nothing_computed(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """All gradients are zero: the backward pass computes nothing, or its loops never run because
    the axes come in another order."""
    return Gradients(*map(np.zeros_like, gradients(dy, x, w, **options)))
