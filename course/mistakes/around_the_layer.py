"""Mistakes in the layers around a convolution: ReLU and pooling."""

from typing import Any

import numpy as np

from convlib.pooling import avg_pool2d_backward, max_pool2d_backward
from course.mistakes.mistake import Array, mistake


@mistake("dx", replaces="relu")
def relu_mask_missing(dy: Array, x: Array) -> Array:
    """dy passed the ReLU without its mask: where x was not positive nothing may come back."""
    return dy.copy()


@mistake("dx", replaces="relu")
def relu_price_missing(dy: Array, x: Array) -> Array:
    """dx is the slope of the ReLU, 0 or 1, and the upstream gradient dy is missing.
    The chain rule multiplies the two."""
    return (x > 0).astype(dy.dtype)


@mistake("dx", replaces="max_pool")
def pool_assigns(dy: Array, x: Array, kernel_size: Any, **options: Any) -> Array:
    """dx[winner] = dy where dx[winner] += dy should be: a cell that wins in several overlapping
    windows gets the price of the last one only."""
    numbers = np.arange(1, dy.size + 1).reshape(dy.shape)
    last = np.zeros(x.size, dy.dtype)
    for number in numbers.flat:  # one window at a time: where does its price go?
        winner = max_pool2d_backward((numbers == number).astype(int), x, kernel_size, **options)
        last[winner.ravel() == 1] = dy.flat[number - 1]
    return last.reshape(x.shape)


@mistake("dx", replaces="avg_pool")
def pool_divides_by_window(dy: Array, x: Array, kernel_size: Any, *,
                           count_include_pad: bool = True, **options: Any) -> Array:
    """Each price was divided by the size of the window, though the forward pass divided by the
    number of cells that the window has inside x."""
    return avg_pool2d_backward(dy, x, kernel_size, **options)
