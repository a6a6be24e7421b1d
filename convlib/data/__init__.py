"""Real data that comes with the book: two photographs and 1797 handwritten digits.

They are files beside this one, so nothing is downloaded; SOURCES.txt names their authors and
licences.
"""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlib.options import per_axis

FOLDER = Path(__file__).parent
GREY = np.array([0.299, 0.587, 0.114])  # what the eye makes of red, green, blue (ITU-R BT.601)


def photograph(name: str = "flower", *, size: int | tuple[int, int] = (96, 128),
               grey: bool = True) -> NDArray[np.float64]:
    """A real photograph with values from 0 to 1, cut to the ratio of `size` and averaged down.

    Parameters
    ----------
    name : str
        "flower" or "china".
    size : int or tuple of two ints
        Height and width in pixels, 427 x 640 at most.
    grey : bool
        One channel, weighted as the eye does, or red, green and blue.

    Returns
    -------
    ndarray of float64
        (H, W) in grey, (3, H, W) in colour.

    Raises
    ------
    ValueError
        For another name, and for a size above the original's.
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
    image: NDArray[np.float64] = small @ GREY if grey else np.moveaxis(small, -1, 0).copy()
    return image


@lru_cache(maxsize=2)
def _original(name: str) -> NDArray[np.uint8]:
    from PIL import Image  # here, because importing convlib takes NumPy only

    with Image.open(FOLDER / f"{name}.png") as image:
        return np.asarray(image)


class Split(NamedTuple):
    """Images and their classes, in a part to learn from and a part to be tested on.

    Parameters
    ----------
    x_train, t_train : ndarray
        Images (N, 1, 8, 8) with values from 0 to 1, and their classes (N,) from 0 to 9.
    x_test, t_test : ndarray
        The same of other digits.
    """

    x_train: NDArray[np.float64]
    t_train: NDArray[np.int64]
    x_test: NDArray[np.float64]
    t_test: NDArray[np.int64]


def digits(seed: int | None = 0) -> Split:
    """The 8 x 8 handwritten digits, a quarter of them set aside for the test.

    They are those of E. Alpaydin and C. Kaynak, UCI repository (1998). The file appears to be
    sorted by writer, with other writers in its last quarter: every network does worse on it.

    Parameters
    ----------
    seed : int or None
        Draws the quarter, with every class in proportion, and shuffles. None keeps the order of
        the file, whose last quarter is the test.

    Returns
    -------
    Split
        1347 digits for training and 450 for the test.
    """
    with np.load(FOLDER / "digits.npz") as file:
        images, classes = file["images"][:, None] / 16, file["classes"].astype(np.int64)
    n_train = len(images) * 3 // 4
    train, test = (np.split(np.arange(len(images)), [n_train]) if seed is None else
                   _stratified(classes, n_train, np.random.RandomState(seed)))
    return Split(images[train], classes[train], images[test], classes[test])


def _stratified(classes: NDArray[np.int64], n_train: int,
                rng: np.random.RandomState) -> list[NDArray[np.intp]]:
    """Indices for training and for the test, both with each class in proportion, shuffled.

    The draws are those of scikit-learn's train_test_split, one by one and in its order. NumPy
    has frozen RandomState, so a seed gives the same split for good.
    """
    counts = np.bincount(classes.astype(np.intp))  # it refuses int64 on 32 bits
    train, test = [], []
    for label, share in enumerate(_shares(counts, n_train, rng)):
        members = np.flatnonzero(classes == label)[rng.permutation(counts[label])]
        train.append(members[:share])
        test.append(members[share:])
    return [rng.permutation(np.concatenate(part)) for part in (train, test)]


def _shares(counts: NDArray[np.intp], n: int, rng: np.random.RandomState) -> NDArray[np.intp]:
    """How many of each class go among n: largest remainders first, equal ones by lot."""
    exact: NDArray[np.float64] = counts / counts.sum() * n
    shares = np.floor(exact).astype(np.intp)
    remainders = exact - shares
    for remainder in np.unique(remainders)[::-1]:
        equal, missing = np.flatnonzero(remainders == remainder), n - shares.sum()
        if missing == 0:
            break
        shares[rng.choice(equal, min(missing, len(equal)), replace=False)] += 1
    return shares
