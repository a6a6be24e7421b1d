"""Numbers that count what is done with them, and go through any kernel as other numbers do.

    tally = Tally()
    conv2d(tally.counting(x), tally.counting(w))
    tally.products, tally.sums
"""

import numpy as np


class Tally:
    """Counts the products and sums of the numbers that `counting` makes."""

    def __init__(self):
        self.products = self.sums = 0

    def counting(self, array):
        """The array with every entry a number that counts."""
        found = np.empty(np.shape(array), object)
        for cell, value in np.ndenumerate(array):
            found[cell] = Counted(value, self)
        return found


class Counted:
    """A number that tells its tally what is done with it; adding to a plain 0 is no sum."""

    def __init__(self, value, tally):
        self.value, self.tally = value, tally

    def __mul__(self, other):
        self.tally.products += 1
        return Counted(self.value * plain(other), self.tally)

    def __add__(self, other):
        self.tally.sums += isinstance(other, Counted) or other != 0
        return Counted(self.value + plain(other), self.tally)

    def __sub__(self, other):
        self.tally.sums += isinstance(other, Counted) or other != 0
        return Counted(self.value - plain(other), self.tally)

    __rmul__, __radd__ = __mul__, __add__


def plain(values):
    """What a number that counts is worth; arrays entry by entry, other numbers as they are."""
    if isinstance(values, np.ndarray):
        return np.array([plain(v) for v in values.flat]).reshape(values.shape)
    return getattr(values, "value", values)
