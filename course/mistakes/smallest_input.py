"""For each mistake the smallest input on which it shows, found by trying them all."""

from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np

from convlib.activations import relu_backward
from convlib.conv import Gradients, conv2d_backward
from convlib.geometry import Geometry
from convlib.kernel_map import kernel_map
from course.mistakes.catalogue import MISTAKES


class Example(NamedTuple):
    """The smallest input on which a mistake shows: arrays, options, and one part both ways."""

    dy: np.ndarray
    x: np.ndarray
    w: np.ndarray | None
    options: dict
    part: str
    right: np.ndarray
    wrong: np.ndarray

    @property
    def products(self):
        """Rows of the table of products: the size by which smaller is meant."""
        return self.x.size if self.w is None else len(
            kernel_map(self.x.shape, self.w.shape, **self.options))


def smallest_example(name):
    """Search all small cases, fewest products first, for one that exposes a mistake."""
    if MISTAKES[name].replaces == "relu":
        dy, x = np.array([5]), np.array([-1])
        return Example(dy, x, None, {}, "dx", relu_backward(dy, x), MISTAKES[name](dy, x))
    for x_shape, w_shape, options in _small_cases():
        w = (10 ** np.arange(np.prod(w_shape))[::-1]).reshape(w_shape)  # sums show their digits
        x = 1 + np.arange(np.prod(x_shape)).reshape(x_shape)
        y_shape = Geometry.of(x_shape, w_shape, **options).y_shape
        dy = 1 + np.arange(np.prod(y_shape)).reshape(y_shape)
        try:
            wrong = MISTAKES[name](dy, x, w, **options)
        except ValueError:  # too small for the mistake to give anything at all
            continue
        right = conv2d_backward(dy, x, w, **options)
        for part in Gradients._fields:
            if not np.array_equal(getattr(wrong, part), getattr(right, part)):
                return Example(dy, x, w, options, part, getattr(right, part), getattr(wrong, part))
    raise ValueError(f"no small case exposes {name}")


@cache
def _small_cases():
    found = []
    spaces = [(1, n) for n in range(1, 5)] + [(2, 2), (2, 3), (3, 3), (3, 4)]
    kernels = [(1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (2, 3)]
    settings = [{}, {"stride": 2}, {"padding": 1}, {"dilation": 2}]
    for space, kernel, options in product(spaces, kernels, settings):
        found.append((space, kernel, options))
        for c, k, groups in ((1, 2, 1), (2, 1, 1), (2, 2, 2)):
            found.append(((c, *space), (k, c // groups, *kernel), options | (
                {"groups": groups} if groups > 1 else {})))
    fits = []
    for x_shape, w_shape, options in found:
        try:
            rows = len(kernel_map(x_shape, w_shape, **options))
        except ValueError:
            continue
        fits.append((rows, len(options), len(x_shape), int(np.prod(x_shape)), x_shape, w_shape,
                     options))
    return [case[-3:] for case in sorted(fits, key=lambda case: case[:-1])]
