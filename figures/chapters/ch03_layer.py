"""Pictures of chapter 3: a kernel's output, one window, a colour image, a layer with its shapes."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import FancyBboxPatch, Rectangle
from numpy.typing import ArrayLike, NDArray

from convlib import conv2d
from figures.chapters.ch03_photo import brightness_range
from figures.drawing import style
from figures.drawing.board import Board, board
from figures.drawing.grids import Point

PAGE, WIDTH = 6.88, 20.6  # inches; cells, so that type of size SMALL is 11 pixels on the page
SMALL = 0.94
CHANNELS = ("red", "green", "blue")


def sheet_of(tall: float) -> Board:
    """A new figure as wide as the page, measured in cells."""
    return board(WIDTH, tall, plt.figure(figsize=(PAGE, PAGE * tall / WIDTH)))


def signed(value: Any) -> str:
    """A number with a minus sign instead of a hyphen."""
    return f"{value:g}".replace("-", "−")


def factor(value: Any) -> str:
    """A number as the second factor of a product: a negative one in brackets."""
    return f"({signed(value)})" if value < 0 else signed(value)


def draw_response(photo: ArrayLike, w: ArrayLike) -> None:
    """A photograph ⋆ a kernel = the output, in which mid-grey is 0: a new figure."""
    photo, w = np.asarray(photo), np.asarray(w)
    (R, S), y, gap = w.shape, conv2d(photo, w), 1.2
    unit = (WIDTH - 0.4 - S - 2 * gap) / (photo.shape[1] + y.shape[1])
    middle, left = 1 + unit * photo.shape[0] / 2, 0.2
    sheet = sheet_of(2 * middle - 0.6)
    for name, array, limits, after in (("x, the photograph", photo, (0, 100), S + gap),
                                       ("y, the output", y, brightness_range(w), 0)):
        width, height = unit * array.shape[1], unit * array.shape[0]
        _picture(sheet, array, (left, middle - height / 2), width, limits)
        sheet.text(left + width / 2, 0.5, name, color=style.colour(name[0]), fontweight="bold")
        left += width + gap + after
    left = 0.2 + unit * photo.shape[1] + gap
    taps = sheet.grid(w, "w", (left, middle - R / 2), indices=False, form=signed,
                      label="w, the kernel")
    taps.mark(np.ndindex(R, S), amount=0.2)
    sheet.text(left - gap / 2, middle, "⋆", size=2)
    sheet.text(left + S + gap / 2, middle, "=", size=1.2)


def draw_layer(shapes: Mapping[str, str]) -> None:
    """A layer with bias and ReLU: its values and their shapes, from left to right.

    shapes: of x, w, b and y, in words; a has the shape of y.
    """
    sheet = sheet_of(5.6)
    boxes = ((4.3, "⋆ w", style.orange), (10.2, "+ b", style.orange), (16.1, "ReLU", style.ink))
    for centre, name, hue in boxes:
        sheet.ax.add_patch(FancyBboxPatch((centre - 1, 3.0), 2, 2, zorder=3, ec=hue, lw=1.6,
                                          fc=style.tint(hue, 0.12), boxstyle="round,pad=0.15"))
        sheet.text(centre, 4.0, name, fontweight="bold", size=1.1, color=hue, zorder=4)
    for start, end, value in ((0.4, 3.0, "x"), (5.6, 8.9, None), (11.5, 14.8, "y"),
                              (17.4, 20.2, "a")):
        middle = (start + end) / 2
        sheet.arrow((start, 4.0), (end, 4.0), color=style.ink)
        if value is None:
            sheet.text(middle, 3.4, "x ⋆ w", size=SMALL)
        else:
            sheet.text(middle, 2.6, value, color=style.colour(value), fontweight="bold", size=1.1)
            sheet.text(middle, 3.4, shapes[value if value in shapes else "y"], size=SMALL)
    for centre, name in ((4.3, "w"), (10.2, "b")):
        sheet.text(centre, 0.8, f"{name} {shapes[name]}", color=style.orange, fontweight="bold")
        sheet.arrow((centre, 1.3), (centre, 2.75), color=style.orange)


def draw_volume(image: NDArray[Any], w: NDArray[Any], p: int, q: int) -> str:
    """A photograph (3, H, W) of 0 to 100, its channels under the slices of a filter, their sum.

    Each row shows one channel, one slice and what they give; the map y adds the three. Returns
    the sum of the output (p, q) in words.
    """
    (C, H, W), (_, R, S) = image.shape, w.shape
    parts = [conv2d(image[c], w[c]) for c in range(C)]
    y = conv2d(image, w[None])[0]
    (P, Q), reach = y.shape, max(np.abs(array).max() for array in (*parts, y))
    limits = -reach, reach  # the same greys for the three parts and their sum
    sheet = sheet_of(14.1)
    big, small, pitch = 4.9, 3.1, 4.3
    middle, right = 0.95 + pitch + small / 2, WIDTH - 0.2 - big * Q / W
    for array, corner, side, words, role in (
            (np.moveaxis(image, 0, -1) / 100, 0.2, big, f"x: {image.shape}", "x"),
            (y, right, big * Q / W, f"y: ({P}, {Q})", "y")):
        _picture(sheet, array, (corner, middle - big / 2), side, limits)
        sheet.text(corner + side / 2, middle - big / 2 - 0.5, words, fontweight="bold",
                   color=style.colour(role))
    _frame(sheet, (0.2, middle - big / 2), big / W, (p, q, R, S), "white")
    _frame(sheet, (right, middle - big / 2), big / W, (p - 1, q - 1, 3, 3), style.green)
    for c in range(C):
        top, centre = 0.95 + c * pitch, 0.95 + c * pitch + small / 2
        shown = np.zeros((H, W, C))
        shown[..., c] = image[c] / 100  # black where the channel is 0
        _picture(sheet, shown, (5.9, top), small)
        _frame(sheet, (5.9, top), small / W, (p, q, R, S), "white")
        _picture(sheet, w[c], (9.95, centre - 0.75), 1.5, (-2, 2), style.orange)
        _picture(sheet, parts[c], (12.3, top), small * Q / W, limits)
        _frame(sheet, (12.3, top), small / W, (p - 1, q - 1, 3, 3), style.green)
        part = 12.3 + small * Q / W / 2
        for left, down, words, role in (
                (5.9 + small / 2, top - 0.35, f"x[{c}], {CHANNELS[c]}", "x"),
                (10.7, centre - 1.15, f"w[{c}]", "w"),
                (part, top - 0.35, f"x[{c}] ⋆ w[{c}]", "y")):
            sheet.text(left, down, words, size=SMALL, color=style.colour(role))
        if (w[c] == w[c].flat[0]).all():
            sheet.text(10.7, centre + 1.2, f"all {signed(w[c].flat[0])}", size=SMALL)
        sheet.text(9.5, centre, "⋆", size=2)
        sheet.text(11.9, centre, "=", size=1.2)
        if c + 1 < C:
            sheet.text(part, top + small + 0.2, "+", size=1.2)
    for left in (5.5, 15.55):
        sheet.text(left, middle, "=", size=1.2)
    sums = [int(part[p, q]) for part in parts]
    words = (f"y[{p},{q}] = {' + '.join(map(factor, sums))} = {signed(y[p, q])},  "
             f"{w.size} products")
    sheet.text(WIDTH / 2, 13.6, words, size=SMALL, fontweight="bold", color=style.green)
    return words


def _picture(sheet: Board, values: NDArray[Any], at: Point, width: float,
             limits: tuple[float | None, float | None] = (None, None),
             edge: str = style.muted) -> None:
    """An array as a picture of this width, one pixel a cell; greys run between the limits."""
    height = width * values.shape[0] / values.shape[1]
    frame = sheet.ax.get_xlim(), sheet.ax.get_ylim()  # imshow would change them
    sheet.ax.imshow(values, cmap="gray", vmin=limits[0], vmax=limits[1], zorder=2,
                    interpolation="nearest",
                    extent=(at[0], at[0] + width, at[1] + height, at[1]))
    sheet.ax.set(xlim=frame[0], ylim=frame[1])
    sheet.ax.add_patch(Rectangle(at, width, height, fill=False, ec=edge, lw=1, zorder=3))


def _frame(sheet: Board, at: Point, unit: float, place: tuple[float, float, float, float],
           hue: str) -> None:
    """A frame around rows and columns (row, column, height, width) of the picture at a corner."""
    row, column, height, width = (n * unit for n in place)
    sheet.ax.add_patch(Rectangle((at[0] + column, at[1] + row), width, height, fill=False, ec=hue,
                                 lw=2, zorder=4))


def draw_window_of(photo: ArrayLike, w: ArrayLike, p: int, q: int) -> str:
    """A photograph and its map under w; the window of y[p, q], the taps and the sum: new figure.

    Returns the sum in words. The widget `probe` shows the same, for any output.
    """
    photo, w = np.asarray(photo), np.asarray(w)
    (R, S), y = w.shape, conv2d(photo, w)
    unit = (WIDTH - 1.0) / (photo.shape[1] + y.shape[1])
    top = 1.2 + unit * photo.shape[0]
    spelled = w.size <= 9  # then the products have room beside the taps
    sheet = sheet_of(top + (max(R, 3) + 1.9 if spelled else R + 2.4))
    at = {"x": (0.2, 1.0), "y": (WIDTH - 0.2 - unit * y.shape[1], 1.0)}
    limits = brightness_range(w)
    _picture(sheet, photo, at["x"], unit * photo.shape[1], (0, 100))
    _picture(sheet, y, at["y"], unit * y.shape[1], limits)
    _frame(sheet, at["x"], unit, (p, q, R, S), style.blue)
    _frame(sheet, at["x"], unit, (p + 0.4, q + 0.4, R - 0.8, S - 0.8), "white")
    _frame(sheet, at["y"], unit, (p - 1, q - 1, 3, 3), style.green)
    greys = ": white is positive, black negative" if limits[0] < 0 else ""
    for name, words in (("x", "x, the photograph"), ("y", f"y{greys}")):
        sheet.text(at[name][0], 0.5, words, ha="left", color=style.colour(name), fontweight="bold")
    plain: dict[str, Any] = {"indices": False, "form": signed}
    window = photo[p:p + R, q:q + S]
    sheet.grid(window, "x", (0.5, top + 1.2), label="its window", **plain)
    sheet.grid(w, "w", (S + 2.5, top + 1.2), label="taps w", **plain)
    terms = [" + ".join(f"{signed(cell)}·{factor(tap)}" for cell, tap in zip(*row, strict=True))
             for row in zip(window, w, strict=True)]
    for n, line in enumerate(terms if spelled else ()):
        sheet.text(2 * S + 4.0, top + 1.2 + n, ("+ " if n else "   ") + line, ha="left", size=SMALL)
    left, down = (2 * S + 4.0, top + 1.2 + R) if spelled else (0.5, top + R + 1.8)
    total = f"{'= ' if spelled else ''}y[{p},{q}] = {signed(y[p, q])}"
    sheet.text(left, down, total, ha="left", size=SMALL, color=style.green)
    return f"y[{p},{q}] = {' + '.join(terms)} = {signed(y[p, q])}"
