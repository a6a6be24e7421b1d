"""A photograph under a kernel: choose any window, read its numbers, follow their sum.

    probe(photo, w, at=(51, 31))

Python computes the whole map; the page shows one of its outputs at a time and remembers the
highest and the lowest that the reader has reached. No kernel is needed.
"""

from pathlib import Path

import anywidget
import numpy as np
import traitlets

from convlib import conv2d
from figures.chapters.ch03_photo import brightness_range

MOST_CELLS = 50_000  # of the photograph: the page holds every number


def probe(photo, w, *, at=(0, 0)):
    """The window of any output y[p, q] of a photograph (H, W) under a kernel (R, S).

    photo     brightness, from 0 for black to 100 for white
    at        the output (p, q) shown at first; a click, a drag or a slider chooses another

    Raises ValueError for a photograph that is not two-dimensional, has more than 50,000 cells or
    a cell that is not finite; for a kernel that does not fit; for an output that does not exist.
    """
    photo, w = np.asarray(photo), np.asarray(w)
    if photo.ndim != 2 or photo.size > MOST_CELLS or not np.isfinite(photo).all():
        raise ValueError(f"photo has shape {photo.shape}; expected rows and columns of finite "
                         f"numbers, at most {MOST_CELLS:,}")
    y = conv2d(photo, w)
    shades = [[0.0, 100.0], [float(end) for end in brightness_range(w)]]
    return Probe(x=photo.tolist(), w=w.tolist(), y=y.tolist(), shades=shades, at=[*map(int, at)])


class Probe(anywidget.AnyWidget):
    """The widget that `probe` returns; `at` is [p, q] and may be set."""

    _esm = Path(__file__).with_name("probe.js")
    _css = Path(__file__).with_name("probe.css")
    x, w, y = (traitlets.List().tag(sync=True) for _ in range(3))  # rows of numbers
    shades = traitlets.List().tag(sync=True)  # what is black and what is white, in x and in y
    at = traitlets.List().tag(sync=True)

    @traitlets.validate("at")
    def _check_at(self, proposal):
        (p, q), rows, columns = proposal.value, len(self.y), len(self.y[0])
        if not (0 <= p < rows and 0 <= q < columns):
            raise ValueError(f"y[{p},{q}] does not exist: y has {rows} rows and {columns} columns")
        return [p, q]

    def __repr__(self):
        return f"probe(y[{self.at[0]},{self.at[1]}])"
