"""What a reader sees of a figure: its words, its grids by title, their numbers and marks."""

from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.text import Text


def words(fig=None):
    """Every visible text of a figure, by default of the last one drawn."""
    return [text.get_text() for ax in (fig or plt.gcf()).axes for text in ax.texts
            if text.get_visible()]


def kept(fig):
    """What build(fig) returned, of the one scene that was drawn on a figure."""
    (parts,) = fig.__dict__["_scenes"].values()
    return parts


def grids(fig, title):
    """The grid that stands under a title."""
    (grid,) = [part for part in kept(fig) if hasattr(part, "boxes")
               and part.title.get_text() == title]
    return grid


def numbers(grid):
    """What stands in the cells, with hyphens, as int() reads it, for true minus signs."""
    written = [text.get_text().replace("−", "-") for text in grid.numbers.values()]
    return np.reshape(written, grid.shape)


def marked(grid):
    return {cell for cell, box in grid.boxes.items() if box.get_linewidth() > 2}


def crowded(fig=None):
    """Words that touch others, lie across the edge of a box or leave the figure."""
    fig = fig or plt.gcf()
    fig.draw_without_rendering()
    seen = [text for text in fig.findobj(Text) if text.get_visible() and text.get_text().strip()]
    where = {text: text.get_window_extent().padded(4, -1) for text in seen}  # 8 pixels apart
    pairs = [(a.get_text(), b.get_text()) for a, b in combinations(seen, 2)
             if where[a].overlaps(where[b])]
    boxes = [box.get_window_extent() for ax in fig.axes for box in ax.patches
             if isinstance(box, Rectangle) and box.get_visible()]
    across = [text.get_text() for text, at in where.items() for box in boxes
              if box.overlaps(at) and not (box.x0 <= at.x0 and at.x1 <= box.x1)]
    outside = [text.get_text() for text, at in where.items()
               if at.x0 < 0 or at.x1 > fig.bbox.width or at.y0 < 0 or at.y1 > fig.bbox.height]
    return pairs, across, outside
