"""Convolution arithmetic: zeros between the cells, and the fifteen relationships of its sizes.

After Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), in the
letters of this book: H cells, R taps, P outputs on one axis.
"""

from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np

from convlib.conv import conv1d, conv2d
from convlib.conv_transpose import conv_transpose1d
from convlib.pooling import max_pool2d


def stretch(array, step, rest=0):
    """Move cell n to step*n: step - 1 zeros between neighbours, and `rest` zeros at the end."""
    sizes = (np.array(array.shape) - 1) * step + 1 + rest
    wide = np.zeros(sizes, array.dtype)
    wide[(slice(None, None, step),) * array.ndim] = array
    return wide


def dx_by_zeros(dy, w, x_shape, *, stride=1, padding=0, dilation=1):
    """dx as a convolution of stride 1: dy with zeros in it, under the flipped kernel with gaps."""
    gapped = stretch(w, dilation)
    rest = (np.array(x_shape) + 2 * padding - gapped.shape) % stride
    conv = conv1d if w.ndim == 1 else conv2d
    padded = conv(stretch(dy, stride, rest), np.flip(gapped), padding="full")
    return padded[tuple(slice(padding, padding + size) for size in x_shape)]


class Relationship(NamedTuple):
    """A formula for a size, where it holds, and the layer that it is about.

    `size` and `where` are Python in H, R, P, stride, padding, dilation and rest, what the stride
    leaves over: rest = (H + 2*padding - span) % stride. What is printed is what is computed.
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
    ("transposed", "of row 5, nothing left over", f"padding == rest == 0 and {FREE}",
     "(P - 1)*stride + R"),
    ("transposed", "of row 6, nothing left over", f"rest == 0 and {FREE}",
     "(P - 1)*stride + R - 2*padding"),
    ("transposed", "of row 6", FREE, "(P - 1)*stride + R - 2*padding + rest"),
    ("conv", "with dilation", "True",
     "(H + 2*padding - R - (R - 1)*(dilation - 1))//stride + 1"),
), 1))


def configurations(sizes=range(1, 10), taps=range(1, 6), strides=(1, 2, 3), paddings=range(5),
                   dilations=(1, 2, 3)):
    """Every combination in which the window fits: dicts with H, R, stride, padding, dilation."""
    for H, R, stride, padding, dilation in product(sizes, taps, strides, paddings, dilations):
        room = H + 2 * padding - (dilation * (R - 1) + 1)
        if room >= 0:
            yield {"H": H, "R": R, "stride": stride, "padding": padding, "dilation": dilation,
                   "rest": room % stride}


def made_by(layer, H, R, stride, padding, dilation, rest):
    """The size that a real call returns: P of "conv" and "pool", H of "transposed"."""
    x, w = np.ones(H, int), np.ones(R, int)
    if layer == "pool":
        return max_pool2d(x[:, None], (R, 1), stride=(stride, 1)).shape[0]
    y = conv1d(x, w, stride=stride, padding=padding, dilation=dilation)
    if layer == "conv":
        return len(y)
    return len(conv_transpose1d(y, w, stride=stride, padding=padding, dilation=dilation,
                                output_padding=rest))


@dataclass(frozen=True)
class Arithmetic:
    """For each relationship how many configurations were tried, how many disagreed. A table."""

    found: dict

    @property
    def worst(self):
        return max(wrong for _, wrong in self.found.values())

    def _lines(self):
        for row, (tried, wrong) in self.found.items():
            name = "H" if row.layer == "transposed" else "P"
            yield row.number, f"{row.layer}, {row.case}", f"{name} = {row.size}", tried, wrong

    def __repr__(self):
        head = f"{'':>2}  {'case':<39} {'size':<61} {'tried':>5} {'wrong':>5}"
        return "\n".join([head, *(f"{n:>2}  {case:<39} {size:<61} {tried:>5} {wrong:>5}"
                                  for n, case, size, tried, wrong in self._lines())])

    def _repr_html_(self):
        rows = "".join(f"<tr><th scope='row'>{n}</th><td style='text-align:left'>{case}</td>"
                       f"<td style='text-align:left'><code>{size}</code></td><td>{tried}</td>"
                       f"<td>{wrong}</td></tr>" for n, case, size, tried, wrong in self._lines())
        head = "".join(f"<th scope='col' style='text-align:left'>{name}</th>" for name in
                       ("", "case", "size", "tried", "wrong"))
        return ("<div style='overflow-x:auto; font-size:0.9em'><table>"
                "<caption style='color:inherit'>The fifteen relationships, each compared with "
                f"real calls</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
                "</div>")


def arithmetic(relationships=RELATIONSHIPS, **ranges):
    """Compare each relationship with the layer it is about, wherever it holds: an Arithmetic."""
    found = {row: [0, 0] for row in relationships}
    tests = {row: [compile(text, str(row.number), "eval") for text in (row.where, row.size)]
             for row in relationships}
    for known in configurations(**ranges):
        P = made_by("conv", **known)
        for row, (where, size) in tests.items():
            if eval(where, {}, known):
                wanted = made_by(row.layer, **known) if row.layer != "conv" else P
                found[row][0] += 1
                found[row][1] += eval(size, {}, known | {"P": P}) != wanted or (
                    row.layer == "transposed" and wanted != known["H"])
    return Arithmetic({row: tuple(counts) for row, counts in found.items()})
