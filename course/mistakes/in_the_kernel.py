"""Mistakes in how the kernel is held: not rotated, rotated too much, stored in another order."""

from typing import Any

import numpy as np

from convlib.conv import Gradients
from course.mistakes.mistake import Array, another_kernel, gradients, mistake, sliding


@mistake("dx")
def no_flip(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """This is the right gradient with the kernel not flipped.
    Look at how the tap index runs as the output index grows: i = p + r, with i fixed."""
    return another_kernel(dy, x, np.flip(w, sliding(w)), w, **options)


@mistake("dx")
def one_axis_flip(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """The kernel is flipped on its first axis only.
    For a fixed i, r decreases as p increases, and for a fixed j, s decreases as q increases:
    flip rows and columns."""
    return another_kernel(dy, x, np.flip(w, -1), w, **options)


@mistake("dx")
def other_axis_flip(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """The kernel is flipped on its last axis only.
    For a fixed i, r decreases as p increases, and for a fixed j, s decreases as q increases:
    flip rows and columns."""
    return another_kernel(dy, x, np.flip(w, sliding(w)[:-1]), w, **options)


@mistake("dx")
def transpose_for_rot180(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """The kernel was transposed instead of rotated by 180 degrees.
    The transpose keeps the corner w[0,0] where it is; the rotation moves it to the far end."""
    turned = np.swapaxes(w, -1, sliding(w)[0])  # in 1-D nothing to swap: no flip at all
    return _larger_x(dy, x, w, np.flip(turned, sliding(w)), **options)


@mistake("dx")
def channels_flipped_too(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """The channel axis is flipped along with the kernel.
    Flip only the axes along which the kernel slides; each channel of the kernel belongs to its
    own channel of x."""
    return another_kernel(dy, x, np.flip(w, 1) if w.ndim > 2 else w, w, **options)


@mistake("dw")
def dw_flipped(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """The kernel's gradient is flipped.
    For a fixed tap r, i = p + r increases with p, so dw is the cross-correlation of x with dy,
    without a flip."""
    right = gradients(dy, x, w, **options)
    return right._replace(dw=np.flip(right.dw, sliding(w)))


@mistake("dx")
def turned_into_wrong_shape(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """The rotated kernel was stored with its height and width exchanged.
    A rotation by 180 degrees, unlike one by 90, keeps R rows and S columns."""
    shape = (*w.shape[:-len(sliding(w))], *w.shape[:-len(sliding(w)) - 1:-1])
    return _larger_x(dy, x, w, w.reshape(shape), **options)


@mistake("dw")
def dw_shuffled(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """The entries of dw are right but in the wrong places: they were computed with the channels
    last, and stored as if the channels came first. Move the axis before you reshape."""
    right = gradients(dy, x, w, **options)
    if w.ndim < 3:
        return right
    return right._replace(dw=np.moveaxis(right.dw, 1, -1).reshape(right.dw.shape))


def _larger_x(dy: Array, x: Array, w: Array, kernel: Array, **options: Any) -> Gradients:
    """dx with a kernel of another shape: x grows with it, so that dy still fits."""
    grow = np.subtract(kernel.shape, w.shape)[-len(sliding(w)):]
    wide = np.broadcast_to(options.get("dilation", 1), grow.shape)
    larger = np.array(x.shape[-len(grow):]) + grow * wide
    roomier = np.zeros((*x.shape[:-len(grow)], *larger), x.dtype)
    return gradients(dy, x, w, **options)._replace(
        dx=gradients(dy, roomier, kernel, **options).dx)
