"""Mistakes in the orientation or layout of the kernel: not rotated, rotated too much, reordered."""

from typing import Any

import numpy as np

from convlib.conv import Gradients
from course.mistakes.mistake import Array, another_kernel, gradients, mistake, sliding


@mistake("dx")
def no_flip(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """This is the right gradient of the kernel rotated by 180 degrees. Code that gathers the
    products of one pixel, i = p + r with i fixed, lacks the flip; code that adds stamps, or uses
    col2im, has one flip too many."""
    return another_kernel(dy, x, np.flip(w, sliding(w)), w, **options)


@mistake("dx")
def one_axis_flip(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """This is the right gradient of the kernel reversed along its last axis. Code that gathers
    flips only the first axis, but must flip both; code that adds stamps, or uses col2im, has one
    flip too many."""
    return another_kernel(dy, x, np.flip(w, -1), w, **options)


@mistake("dx")
def other_axis_flip(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """This is the right gradient of the kernel reversed along its first axis. Code that gathers
    flips only the last axis, but must flip both; code that adds stamps, or uses col2im, has one
    flip too many."""
    return another_kernel(dy, x, np.flip(w, sliding(w)[:-1]), w, **options)


@mistake("dx")
def transpose_for_rot180(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """This is the right gradient of the kernel reflected in its other diagonal, from the lower left
    to the upper right. Code that gathers has transposed the kernel instead of rotating it by 180
    degrees; code that adds stamps, or uses col2im, has to do neither."""
    turned = np.swapaxes(w, -1, sliding(w)[0])  # in 1-D nothing to swap: no flip at all
    return _larger_x(dy, x, w, np.flip(turned, sliding(w)), **options)


@mistake("dx")
def channels_flipped_too(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """This is the right gradient of the kernel with its channels in reverse order.
    Only the axes along which the kernel slides are ever flipped; each channel of the kernel belongs
    to its own channel of x."""
    return another_kernel(dy, x, np.flip(w, 1) if w.ndim > 2 else w, w, **options)


@mistake("dw")
def dw_flipped(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """This is the right dw rotated by 180 degrees. For a fixed tap r, i = p + r increases with p,
    so dw is the cross-correlation of x with dy: neither dy nor the result is flipped."""
    right = gradients(dy, x, w, **options)
    return right._replace(dw=np.flip(right.dw, sliding(w)))


@mistake("dx")
def turned_into_wrong_shape(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """This is dx for a kernel whose numbers were read with height and width swapped.
    A rotation by 180 degrees, unlike one by 90, keeps R rows and S columns."""
    shape = (*w.shape[:-len(sliding(w))], *w.shape[:-len(sliding(w)) - 1:-1])
    return _larger_x(dy, x, w, w.reshape(shape), **options)


@mistake("dw")
def dw_shuffled(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """The entries of dw are right but in the wrong places: they were stored with the channels last
    and read as if the channels came first. Move the axis before you reshape."""
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
