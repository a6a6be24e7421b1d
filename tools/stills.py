"""Draw the pictures that are needed outside notebooks, with the book's own functions.

    python tools/stills.py      writes figures/stills/, one file for each function, of its name
"""

from pathlib import Path

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np

from convlib import kernel_map
from figures import draw_table

FOLDER = Path(__file__).resolve().parents[1] / "figures" / "stills"


def three_sums():
    """The table of chapter 1 sorted by output, tap and input: y, dw and dx, side by side."""
    panels = []
    for by in ("out", "tap", "inp"):
        fig = plt.figure(dpi=110)
        draw_table(kernel_map((4,), (2,)), x=[1, 2, 3, 5], w=[10, 1], dy=[2, 4, 7], by=by, fig=fig)
        fig.canvas.draw()
        panels.append(np.asarray(fig.canvas.buffer_rgba())[..., :3])
        plt.close(fig)
    return np.hstack(panels)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    # without the version of Matplotlib in its header the file changes only when the picture does
    plt.imsave(FOLDER / "draw_table.png", three_sums(), metadata={"Software": None})
