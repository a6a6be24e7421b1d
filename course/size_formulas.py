"""Convolution arithmetic: zeros between the cells, and the fifteen relationships of its sizes.

After Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), in the
symbols of this book: H cells, R taps, P outputs on one axis.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlib.conv import conv1d, conv2d
from convlib.conv_transpose import conv_transpose1d
from convlib.html_table import html_table
from convlib.pooling import max_pool2d

Array = NDArray[Any]


def stretch(array: Array, step: int, leftover: int | Array = 0) -> Array:
    """Move cell n to step*n: step - 1 zeros between neighbours, and `leftover` zeros at the end."""
    sizes = (np.array(array.shape) - 1) * step + 1 + leftover
    wide = np.zeros(sizes, array.dtype)
    wide[(slice(None, None, step),) * array.ndim] = array
    return wide


def dx_by_zeros(dy: Array, w: Array, x_shape: tuple[int, ...], *, stride: int = 1,
                padding: int = 0, dilation: int = 1) -> Array:
    """dx as a convolution of stride 1: dy with zeros in it, under the flipped kernel with gaps.

    Parameters
    ----------
    dy, w : ndarray
        dy (P,) with w (R,), or dy (P, Q) with w (R, S).
    x_shape : tuple of int
        (H,) or (H, W).
    stride, padding, dilation : int
        Those of the forward pass, the same on both axes.

    Returns
    -------
    ndarray
        dx, of x_shape.

    References
    ----------
    Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016).
    """
    gapped = stretch(w, dilation)
    leftover = (np.array(x_shape) + 2 * padding - gapped.shape) % stride
    conv = conv1d if w.ndim == 1 else conv2d
    padded = conv(stretch(dy, stride, leftover), np.flip(gapped), padding="full")
    return padded[tuple(slice(padding, padding + size) for size in x_shape)]


class Relationship(NamedTuple):
    """A formula for a size, where it holds, and the layer that it is about.

    `size` and `where` are Python in H, R, P, stride, padding, dilation and the leftover inputs of
    the stride, leftover = (H + 2*padding - span) % stride. What is printed is what is computed.
    """

    number: int
    layer: str
    case: str
    where: str
    size: str


PLAIN, FREE = "stride == 1 and dilation == 1", "dilation == 1"
RELATIONSHIPS = tuple(Relationship(n, *row) for n, row in enumerate((
    ("conv", "no padding, stride 1", f"padding == 0 and {PLAIN}", "H - R + 1"),
    ("conv", "any padding, stride 1", PLAIN, "H + 2*padding - R + 1"),
    ("conv", "half padding, odd R, stride 1", f"R % 2 and padding == R//2 and {PLAIN}", "H"),
    ("conv", "full padding, stride 1", f"padding == R - 1 and {PLAIN}", "H + R - 1"),
    ("conv", "no padding, any stride", f"padding == 0 and {FREE}", "(H - R)//stride + 1"),
    ("conv", "any padding and stride", FREE, "(H + 2*padding - R)//stride + 1"),
    ("pool", "any stride", f"padding == 0 and {FREE}", "(H - R)//stride + 1"),
    ("transposed", "of row 1", f"padding == 0 and {PLAIN}", "P + R - 1"),
    ("transposed", "of row 2", PLAIN, "P + R - 1 - 2*padding"),
    ("transposed", "of row 3", f"R % 2 and padding == R//2 and {PLAIN}", "P"),
    ("transposed", "of row 4", f"padding == R - 1 and {PLAIN}", "P - R + 1"),
    ("transposed", "of row 5, nothing left over", f"padding == leftover == 0 and {FREE}",
     "(P - 1)*stride + R"),
    ("transposed", "of row 6, nothing left over", f"leftover == 0 and {FREE}",
     "(P - 1)*stride + R - 2*padding"),
    ("transposed", "of row 6", FREE, "(P - 1)*stride + R - 2*padding + leftover"),
    ("conv", "with dilation", "True",
     "(H + 2*padding - R - (R - 1)*(dilation - 1))//stride + 1"),
), 1))


def configurations(sizes: Iterable[int] = range(1, 10), taps: Iterable[int] = range(1, 6),
                   strides: Iterable[int] = (1, 2, 3), paddings: Iterable[int] = range(5),
                   dilations: Iterable[int] = (1, 2, 3)) -> Iterator[dict[str, int]]:
    """Every combination in which the window fits: dicts with H, R, stride, padding, dilation."""
    for H, R, stride, padding, dilation in product(sizes, taps, strides, paddings, dilations):
        room = H + 2 * padding - (dilation * (R - 1) + 1)
        if room >= 0:
            yield {"H": H, "R": R, "stride": stride, "padding": padding, "dilation": dilation,
                   "leftover": room % stride}


def made_by(layer: str, H: int, R: int, stride: int, padding: int, dilation: int,
            leftover: int) -> int:
    """The size that a real call returns: P of "conv" and "pool", H of "transposed"."""
    x, w = np.ones(H, int), np.ones(R, int)
    if layer == "pool":
        return max_pool2d(x[:, None], (R, 1), stride=(stride, 1)).shape[0]
    y = conv1d(x, w, stride=stride, padding=padding, dilation=dilation)
    if layer == "conv":
        return len(y)
    return len(conv_transpose1d(y, w, stride=stride, padding=padding, dilation=dilation,
                                output_padding=leftover))


@dataclass(frozen=True)
class Arithmetic:
    """How well each relationship describes what the layers do. Shows as a table.

    Attributes
    ----------
    counts : dict
        {Relationship: (configurations tried, those of them that disagreed)}.
    """

    counts: dict[Relationship, tuple[int, int]]

    @property
    def worst(self) -> int:
        """The largest number of configurations that disagreed with a relationship."""
        return max(wrong for _, wrong in self.counts.values())

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        for row, (tried, wrong) in self.counts.items():
            name = "H" if row.layer == "transposed" else "P"
            yield row.number, f"{row.layer}, {row.case}", f"{name} = {row.size}", tried, wrong

    def __repr__(self) -> str:
        return "\n".join(f"{n:>2}  {case:<39} {size:<61} {tried:>5} {wrong:>5}"
                         for n, case, size, tried, wrong in (
                             ("", "case", "size", "tried", "wrong"), *self._rows()))

    def _repr_html_(self) -> str:
        return html_table(
            "The fifteen relationships, each compared with real calls",
            ("", "case", "size", "tried", "wrong"),
            ((n, case, f"<code>{size}</code>", tried, wrong)
             for n, case, size, tried, wrong in self._rows()), align="left", size="0.9em")


def arithmetic(relationships: Iterable[Relationship] = RELATIONSHIPS,
               **ranges: Iterable[int]) -> Arithmetic:
    """Compare each relationship with the layer it is about, wherever it holds.

    Parameters
    ----------
    relationships : iterable of Relationship
        All fifteen, if none are given.
    **ranges
        Those of `configurations`: sizes, taps, strides, paddings, dilations.

    Returns
    -------
    Arithmetic
        How many configurations were tried for each, and how many disagreed.
    """
    tests = {row: [compile(text, str(row.number), "eval") for text in (row.where, row.size)]
             for row in relationships}
    tried, wrong = dict.fromkeys(tests, 0), dict.fromkeys(tests, 0)
    for known in configurations(**ranges):
        P = made_by("conv", **known)
        for row, (where, size) in tests.items():
            if eval(where, {}, known):
                made = made_by(row.layer, **known) if row.layer != "conv" else P
                tried[row] += 1
                wrong[row] += eval(size, {}, known | {"P": P}) != made or (
                    row.layer == "transposed" and made != known["H"])
    return Arithmetic({row: (tried[row], wrong[row]) for row in tests})
