"""Numbers that count what is done with them, and go through any kernel as other numbers do.

    tally = Tally()
    conv2d(tally.counting(x), tally.counting(w))
    tally.products, tally.sums
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Tally:
    """Counts the products and sums of the numbers that `counting` makes."""

    def __init__(self) -> None:
        self.products = self.sums = 0

    def counting(self, array: ArrayLike) -> NDArray[Any]:
        """The array with every entry a number that counts."""
        counted: NDArray[Any] = np.empty(np.shape(array), object)
        for cell, value in np.ndenumerate(array):
            counted[cell] = Counted(value, self)
        return counted


class Counted:
    """A number that tells its tally what is done with it; adding to a plain 0 is no sum."""

    def __init__(self, value: Any, tally: Tally) -> None:
        self.value, self.tally = value, tally

    def __mul__(self, other: Any) -> "Counted":
        self.tally.products += 1
        return Counted(self.value * plain(other), self.tally)

    def __add__(self, other: Any) -> "Counted":
        self.tally.sums += isinstance(other, Counted) or other != 0
        return Counted(self.value + plain(other), self.tally)

    def __sub__(self, other: Any) -> "Counted":
        return self + (Counted(-other.value, other.tally) if isinstance(other, Counted) else -other)

    __rmul__, __radd__ = __mul__, __add__


def plain(values: Any) -> Any:
    """What a number that counts is worth; arrays entry by entry, other numbers as they are."""
    if isinstance(values, np.ndarray):
        return np.array([plain(v) for v in values.flat]).reshape(values.shape)
    return getattr(values, "value", values)
