"""In which order the axes are: the function under trial has its own, the book has (N, C, H, W)."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
INPUTS = ("NCHW", "CHW", "HW", "NCW", "CW", "W")  # what convlib takes, N images of C channels
KERNELS = ("OIHW", "OIHW", "HW", "OIW", "OIW", "W")  # O filters of I channels


@dataclass(frozen=True)
class Layout:
    """The axes of the input and of the kernel, in words of one letter per axis.

    Attributes
    ----------
    x, w : str
        As the function under trial has them, such as NHWC and HWIO.
    """

    x: str
    w: str

    @staticmethod
    def read(layout: str, kernel: str | None) -> "Layout":
        """The two words, checked.

        Parameters
        ----------
        layout : str
            Of the input and the output.
        kernel : str or None
            Without it O and I come first where C does, and last where C is last.

        Raises
        ------
        ValueError
            For letters that make no layer.
        """
        x = str(layout).upper()
        found = next((n for n, word in enumerate(INPUTS) if sorted(word) == sorted(x)), None)
        if found is None:
            raise ValueError(f"layout must have the letters of one of {', '.join(INPUTS)} in any "
                             f"order, such as NHWC, not {layout!r}")
        word = KERNELS[found]
        last = word.replace("OI", "") + "IO" if x.endswith("C") and "O" in word else word
        w = last if kernel is None else str(kernel).upper()
        if sorted(w) != sorted(word):
            raise ValueError(f"kernel must have the letters of {word} in any order to go with "
                             f"layout={x!r}, not {kernel!r}")
        return Layout(x, w)

    @cached_property
    def canonical(self) -> tuple[str, str]:
        """The same letters in the order of the book."""
        return next(pair for pair in zip(INPUTS, KERNELS, strict=True)
                    if sorted(pair[0]) == sorted(self.x))

    def turn(self, name: str, array: Array) -> Array:
        """An array in the order of the book, as the function under trial has it.

        Parameters
        ----------
        name : str
            x, dx, y or dy; w or dw; any other stays as it is.
        array : NDArray
            One that has not as many axes as the layout stays as it is.
        """
        theirs = self.x if name[-1] in "xy" else self.w if name[-1] == "w" else ""
        ours = self.canonical[0 if name[-1] in "xy" else 1]
        if not theirs or array.ndim != len(theirs):
            return array
        return np.ascontiguousarray(array.transpose([ours.index(axis) for axis in theirs]))

    def cell(self, name: str, index: list[int]) -> str:
        """An index in the order of the book, as the function under trial writes it."""
        ours, theirs = ((self.canonical[0], self.x) if name[-1] in "xy" else
                        (self.canonical[1], self.w))
        return f"[{', '.join(str(index[ours.index(axis)]) for axis in theirs)}]"
