"""A photograph under a kernel: choose any window, read its numbers, follow their sum.

    probe(photo, w, at=(51, 31))

Python computes the whole map; the page shows one of its outputs at a time and remembers the
highest and the lowest that the reader has reached. No kernel is needed.
"""

from pathlib import Path
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from convlib import conv2d
from figures.chapters.ch03_layer import draw_window_of
from figures.chapters.ch03_photo import brightness_range
from figures.widgets.shown import Shown, Stored, drawn

MAX_CELLS = 50_000  # of the photograph: the page holds every number


def probe(photo: ArrayLike, w: ArrayLike, *, at: tuple[int, int] = (0, 0)) -> "Probe":
    """Show the window of any output y[p, q] of a photograph under a kernel.

    Parameters
    ----------
    photo : array_like
        (H, W), brightness from 0 for black to 100 for white.
    w : array_like
        The kernel (R, S).
    at : tuple
        The output (p, q) shown at first; a click, a drag or a slider chooses another.

    Returns
    -------
    Probe
        The widget.

    Raises
    ------
    ValueError
        For a photograph that is not two-dimensional, has more than 50,000 cells or a cell that
        is not finite; for a kernel that does not fit; for an output that does not exist.
    """
    photo, w = np.asarray(photo), np.asarray(w)
    if photo.ndim != 2 or photo.size > MAX_CELLS or not np.isfinite(photo).all():
        raise ValueError(f"photo has shape {photo.shape}; expected rows and columns of finite "
                         f"numbers, at most {MAX_CELLS:,}")
    y = conv2d(photo, w)
    shades = [[0.0, 100.0], [float(end) for end in brightness_range(w)]]
    return Probe(x=photo.tolist(), w=w.tolist(), y=y.tolist(), shades=shades, at=[*map(int, at)])


class Probe(Shown):
    """The widget that `probe` returns; `at` is [p, q] and may be set."""

    _esm = Path(__file__).with_name("probe.js")
    _css = Path(__file__).with_name("probe.css")
    x, w, y = (traitlets.List().tag(sync=True) for _ in range(3))  # rows of numbers
    shades = traitlets.List().tag(sync=True)  # what is black and what is white, in x and in y
    at = traitlets.List().tag(sync=True)

    @traitlets.validate("at")
    def _check_at(self, proposal: Any) -> list[int]:
        (p, q), rows, columns = proposal.value, len(self.y), len(self.y[0])
        if not (0 <= p < rows and 0 <= q < columns):
            raise ValueError(f"y[{p},{q}] does not exist: y has {rows} rows and {columns} columns")
        return [p, q]

    to_use = "To choose another window"

    def stored(self) -> Stored:
        """The window that is chosen, its taps and its sum."""
        return drawn(lambda: draw_window_of(self.x, self.w, *self.at))

    def __repr__(self) -> str:
        return f"probe(y[{self.at[0]},{self.at[1]}])"
