"""Which outputs read one pixel, without padding and with it."""

import matplotlib.pyplot as plt
import numpy as np

from convlib import kernel_map
from figures.drawing.board import board
from figures.drawing.grids import Shape

PAGE = 6.88  # inches, the width of the page


def draw_outputs_of_a_pixel(pixel: Shape, image: Shape = (6, 6), kernel: Shape = (3, 3)) -> None:
    """Mark a pixel, and the outputs that read it without padding and with padding 1: a new figure.

    A dot shows the pixel's own position in each grid.
    """
    without, padded = (kernel_map(image, kernel, padding=padding) for padding in (0, 1))
    columns = [image[1], without.y_shape[1], padded.y_shape[1]]
    wide, tall = sum(columns) + 5.2, image[0] + 2.4
    sheet, left = board(wide, tall, plt.figure(figsize=(PAGE, PAGE * tall / wide))), 1.0
    for table, label in ((None, "x"), (without, "y, no padding"), (padded, "y, padding 1")):
        shape = table.y_shape if table else image
        dots = np.full(shape, None, dtype=object)
        dots[pixel] = "•"
        grid = sheet.grid(dots, label[0], (left, 1.7), label=label)
        grid.title.set_fontsize(sheet.font(0.8))
        grid.mark([row.out for row in table.rows() if row.inp == pixel] if table else [pixel])
        left += shape[1] + 1.8
