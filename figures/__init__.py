"""Pictures and sliders: they draw what convlib computed. Imports run convlib <- figures."""

from figures.blanks import ask
from figures.explorer import explore
from figures.explorer.still import draw_explored
from figures.grids import board, draw_grids, pad_with_ghosts
from figures.live import kept, live, still, stops
from figures.matrices import draw_matrices, draw_matrix
from figures.nudge import draw_paths, nudging
from figures.readings import draw_readings, draw_stamps
from figures.table import draw_table

__all__ = [
    "ask", "board", "draw_explored", "draw_grids", "draw_matrices", "draw_matrix", "draw_paths",
    "draw_readings", "draw_stamps", "draw_table", "explore", "kept", "live", "nudging",
    "pad_with_ghosts", "still", "stops",
]
