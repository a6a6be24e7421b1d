"""Pictures and sliders: they draw what convlib computed.

Imports run convlib <- course <- figures <- chapters.
"""

from figures.chapters.ch00 import draw_paths, nudging
from figures.chapters.ch01 import draw_stamps
from figures.drawing.board import board, draw_grids
from figures.drawing.grids import pad_with_ghosts
from figures.drawing.matrices import draw_matrices, draw_matrix
from figures.drawing.tables import draw_table
from figures.explorer import explore
from figures.explorer.still import draw_explored
from figures.widgets.ask import ask
from figures.widgets.live import live, still, stops
from figures.widgets.scene import scene

__all__ = [
    "ask", "board", "draw_explored", "draw_grids", "draw_matrices", "draw_matrix", "draw_paths",
    "draw_stamps", "draw_table", "explore", "live", "nudging", "pad_with_ghosts", "scene", "still",
    "stops",
]
