"""Mistakes in the layers around a convolution: ReLU and pooling."""

from typing import Any

import numpy as np

from convlib.pooling import avg_pool2d_backward, max_pool2d_backward
from course.mistakes.mistake import Array, mistake


@mistake("dx", replaces="relu")
def relu_mask_missing(dy: Array, x: Array) -> Array:
    """dy went back through the ReLU without being masked: where x is not positive, the gradient
    should be 0."""
    return dy.copy()


@mistake("dx", replaces="relu")
def relu_dy_missing(dy: Array, x: Array) -> Array:
    """dx is the slope of the ReLU, 0 or 1, and the upstream gradient dy is missing.
    The chain rule multiplies the two."""
    return (x > 0).astype(dy.dtype)


@mistake("dx", replaces="max_pool")
def pool_assigns(dy: Array, x: Array, kernel_size: Any, **options: Any) -> Array:
    """An input that is the largest in several overlapping windows receives only the upstream
    gradient of the last of them, as happens when dx[i] = dy is used instead of dx[i] += dy."""
    last = np.zeros(x.shape, dy.dtype)
    for p, q in np.ndindex(dy.shape[-2:]):  # one window of each image: where does its dy go?
        alone = np.zeros(dy.shape, int)
        alone[..., p, q] = 1
        winners = max_pool2d_backward(alone, x, kernel_size, **options) == 1
        last[winners] = dy[..., p, q].ravel()
    return last


@mistake("dx", replaces="avg_pool")
def pool_divides_by_window(dy: Array, x: Array, kernel_size: Any, *,
                           count_include_pad: bool = True, **options: Any) -> Array:
    """Each entry of dy was divided by the size of the window, though the forward pass divided by
    the number of the window's inputs that are inside x."""
    return avg_pool2d_backward(dy, x, kernel_size, **options)
