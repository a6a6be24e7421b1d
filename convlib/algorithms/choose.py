"""Which method is likely to be fastest: count products and moved cells, weigh them, take the least.

    time = start + products * (time of one product) + moved * (time of moving one cell)

The weights are rough and were measured on one processor; what decides is how the counts grow.
FFT and Winograd add and subtract what does not belong together and trust that it cancels, so
numbers of very different size would lose digits. They are chosen only for well scaled data.
"""

from functools import lru_cache
from itertools import product
from math import log2, prod
from typing import NamedTuple

import numpy as np

from convlib.algorithms import views, winograd


class Cost(NamedTuple):
    """Nanoseconds in double precision: to begin, for a product, a cell moved, a weight of w."""

    start: float
    product: float
    moved: float
    weight: float = 0


COSTS = {
    "windows": Cost(0, 5, 0),                # no copy, and one product after another
    "im2col": Cost(2e4, 0.055, 0.8),         # matrix products run a hundred times as fast
    "shifted": Cost(8e4, 0.055, 0.6),        # and long runs are moved faster
    "winograd": Cost(2e5, 0.11, 2.0, 11),    # many small matrices, and w is transformed once
    "fft": Cost(1e5, 0.25, 1.0),              # a product is a step of a butterfly here
}
ROUNDING = ("fft", "winograd")
ROOM = 2**22  # cells for the transform of w, which no block makes smaller
SCALE = 1e6


def method(what, axes, a, b, images, channels, filters):
    """The fastest method for y, dx or dw that keeps the digits; a and b are its operands."""
    if a.dtype.kind != "f":
        return "direct"  # exact, and open to letters
    for name in ranking(what, axes, images, channels, filters, a.dtype.itemsize):
        if name not in ROUNDING or well_scaled(a) and well_scaled(b):
            return name


def well_scaled(a):
    """Finite, and the largest entry below SCALE times the median of those that are not zero."""
    largest = max(a.max(initial=0), -a.min(initial=0))
    if not np.isfinite(largest):
        return False
    # The median is above a bound if at least half of the entries are.
    bound = largest / SCALE
    above = np.count_nonzero(a > bound) + np.count_nonzero(a < -bound)
    return 2 * above >= a.size or 2 * above >= np.count_nonzero(a)


@lru_cache(4096)
def ranking(what, axes, images, channels, filters, itemsize=8):
    """Methods from fast to slow; images counts groups as well."""
    times = {}
    for name, cost in COSTS.items():
        counts = count(name, what, axes, channels, filters)
        if counts and not (name == "winograd" and itemsize < 8):  # too few digits for its tiles
            products, moved = counts
            work = products * cost.product + moved * cost.moved
            weights = channels * filters * prod(a.kernel for a in axes) * cost.weight
            # NumPy's transform gains nothing by numbers half as wide, as products of matrices do
            share = itemsize / 8 if name != "fft" else 1 if itemsize == 8 else 1.2
            times[name] = cost.start + (images * work + weights) * share
    return sorted(times, key=times.get)


def count(name, what, axes, c, k):
    """(products, cells moved) for one image and group; None where the method does not go.

    A product of matrices with few rows or columns runs slower: it counts 1 + 8/rows + ... times.
    """
    if what == "dx" and name in ("windows", "winograd"):  # y of what runs backwards
        counts = [count(name, "y", pair, k, c) for pair in product(
            *([a for _, _, a in views.backwards(axis)] for axis in axes))]
        return None if None in counts else tuple(map(sum, zip(*counts, strict=True))) or (0, 0)
    (p, q), (r, s) = (a.out for a in axes), (a.kernel for a in axes)
    height, width = (a.before + a.size + a.after for a in axes)
    products = k * c * r * s * p * q
    if name == "windows":
        return products, 0
    high, wide = (a.out + (a.kernel - 1) * a.dilation / a.stride for a in axes)  # dx: zeros too
    if name == "im2col" and what == "dx":
        rate = 1 + 8 / (c * r * s) + 4 / k
        return (products * wide / q * rate,
                c * r * s * high * wide + k * p * wide + 2 * c * height * width)
    if name == "im2col":  # dw is summed over images
        columns = c * r * s * p * q if r * s > 1 else 0
        rate = 1 + 8 / k + (24 if what == "dw" else 8) / (c * r * s) + 16 / (p * q)
        return products * rate, columns + (k * c * r * s if what == "dw" else 0)
    if name == "shifted" and what == "dx":  # columns of dy, and S times less to add
        cells = s * p * axes[1].size / axes[1].stride
        rate = 1 + 8 / (c * r) + 4 / (k * -(-s // axes[1].stride))
        sums = (c * r * high + 2 * c * height) * axes[1].size
        return k * c * r * cells * rate, 2 * k * cells + sums
    if name == "shifted":
        sums = 2 * r * k if what == "y" else k
        rate = 1 + 8 / k + (24 if what == "dw" else 8) / (c * s)
        return products * rate, c * s * height * q + sums * p * q
    if name == "winograd" and not winograd.refuses(axes):
        m = winograd.outputs(axes)
        tiles, n = prod(-(-a.out // m) for a in axes), (m + 2) ** 2
        if k * c * n > 2 * ROOM:
            return None
        combed = 2 * (c * height * width + k * p * q) if any(a.dilation > 1 for a in axes) else 0
        return (tiles * (n * (k * c + n * c) + m * m * n * k),
                tiles * (n * c + 2 * m * m * k) + combed)
    if name == "fft" and k * c * axes[0].span * width <= ROOM:
        cells = height * width
        return cells * (2 * k * c + 2.5 * (k + c + k * c) * log2(cells)), 3 * (c + k) * cells
    return None
