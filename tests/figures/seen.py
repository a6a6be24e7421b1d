"""What a reader sees of a figure: its words, its grids by title, their numbers and marks."""

import matplotlib.pyplot as plt
import numpy as np


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
