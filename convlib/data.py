"""Real data that comes with scikit-learn: two photographs and 1797 handwritten digits.

Nothing is downloaded. scikit-learn is imported when a function is called.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from convlib.options import per_axis

GREY = np.array([0.299, 0.587, 0.114])  # what the eye makes of red, green, blue (ITU-R BT.601)


def photograph(name="flower", *, size=(96, 128), grey=True):
    """A real photograph with values from 0 to 1, cut to the ratio of `size` and averaged down.

    name: "flower" or "china". Returns (H, W) in grey, (3, H, W) in colour, float64.
    Raises ValueError for another name and for a size above the original's 427 x 640.
    """
    if name not in ("flower", "china"):
        raise ValueError(f"name must be 'flower' or 'china', not {name!r}")
    height, width = per_axis("size", size, 2)
    original = _original(name)
    step = min(original.shape[0] // height, original.shape[1] // width)
    if step < 1:
        raise ValueError(f"size must be at most {original.shape[:2]}, not {(height, width)}")
    top, left = ((n - step * k) // 2 for n, k in
                 zip(original.shape[:2], (height, width), strict=True))
    cut = original[top : top + step * height, left : left + step * width]
    small = cut.reshape(height, step, width, step, 3).mean(axis=(1, 3)) / 255
    return small @ GREY if grey else np.moveaxis(small, -1, 0).copy()


@lru_cache(maxsize=2)
def _original(name):
    from sklearn.datasets import load_sample_image

    return load_sample_image(f"{name}.jpg")


class Split(NamedTuple):
    """Images (N, 1, 8, 8) with values from 0 to 1, and their classes (N,) from 0 to 9."""

    x_train: np.ndarray
    t_train: np.ndarray
    x_test: np.ndarray
    t_test: np.ndarray


def digits(seed=0):
    """The 8 x 8 handwritten digits as a Split: 25 % for the test, as many of each class, shuffled.

    In the order of the file the test would hold other writers than the training, and every
    network would do worse on it.
    Source: E. Alpaydin and C. Kaynak, UCI repository (1998), as shipped by scikit-learn.
    """
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    images, classes = load_digits(return_X_y=True)
    images = images.reshape(-1, 1, 8, 8) / 16
    parts = train_test_split(images, classes, test_size=0.25, stratify=classes, random_state=seed)
    x_train, x_test, t_train, t_test = parts
    return Split(x_train, t_train, x_test, t_test)
