"""The picture of appendix B marks the outputs that change when one pixel does."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from convlib import conv2d
from figures.chapters import chB
from tests.figures.seen import words


@pytest.mark.parametrize("pixel", [(2, 2), (0, 0), (3, 1)])
def test_the_marked_outputs_are_those_that_change(pixel):
    chB.draw_outputs_of_a_pixel(pixel)
    boxes = [box for box in plt.gca().patches if box.get_linewidth() > 2]
    lefts = np.cumsum([1.0, 6 + 1.8, 4 + 1.8])
    x = np.zeros((6, 6))
    x[pixel] = 1
    changed = [x, *(conv2d(x, np.ones((3, 3)), padding=padding) for padding in (0, 1))]
    due = [(left + q, 1.7 + p) for left, y in zip(lefts, changed, strict=True)
           for p, q in np.argwhere(y)]
    assert np.allclose(sorted(box.get_xy() for box in boxes), sorted(due))
    assert {"x", "y, no padding", "y, padding 1"} <= set(words())
