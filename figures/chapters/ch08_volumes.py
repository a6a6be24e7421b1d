"""Chapter 8: the window under a filter through all channels, response maps, M_x in blocks."""

from collections.abc import Iterable
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from convlib import conv2d, kernel_map
from figures.drawing import style
from figures.drawing.board import Board, board
from figures.drawing.grids import Point, Shape

NAMES = ("red", "green", "blue")
PAGE = 6.88  # inches
TINTS = ("#c62f2f", "#2f8f3a", "#2f5fc6")  # of a picture's three channels, never of a role


def generated_picture(height: int = 32, width: int = 32) -> NDArray[Any]:
    """A generated picture (3, height, width) of whole numbers from 0 to 9.

    A red square, a green disc and a blue stripe on a ground that grows brighter to the right.
    """
    rows, columns = np.mgrid[:height, :width] / np.array([height, width])[:, None, None]
    picture = np.repeat(np.rint(1 + 2 * columns)[None], 3, axis=0)
    picture[:, (abs(rows - 0.3) < 0.17) & (abs(columns - 0.3) < 0.17)] = [[9], [1], [1]]
    picture[:, (rows - 0.36) ** 2 + (columns - 0.72) ** 2 < 0.04] = [[1], [8], [2]]
    picture[:, abs(rows + 0.25 * columns - 0.87) < 0.08] = [[1], [2], [9]]
    return picture.astype(int)


def four_filters() -> tuple[list[str], NDArray[Any]]:
    """Four filters (4, 3, 5, 5): two edges, a blur, and one that takes blue from red; by name."""
    ramp = np.broadcast_to([-1, -1, 0, 1, 1], (5, 5))
    ones = np.ones((5, 5), int)
    slices = {"vertical edges": [ramp] * 3, "horizontal edges": [ramp.T] * 3,
              "blur": [ones] * 3, "red minus blue": [ones, 0 * ones, -ones]}
    return list(slices), np.array(list(slices.values()))


def draw_window(image: NDArray[Any], w: NDArray[Any], p: int, q: int) -> str:
    """The (3, H, W) image as a volume, its window at (p, q) lifted out, the taps, the three sums.

    Returns the sum in words.
    """
    (C, H, W), (_, R, S) = image.shape, w.shape
    y, unit = conv2d(image, w[None])[0], 0.2
    sheet = board(24.6, 19.6, inches=PAGE)
    slabs = [(0.6 + 1.2 * c, 3.9 - 1.2 * c) for c in range(C)]
    corners = [(left + q * unit, top + p * unit) for left, top in slabs]
    for c in range(C):
        _slab(sheet, image[c] / 9, slabs[c], unit, TINTS[c], 3 - 0.5 * c)
        sheet.frame(corners[c], S * unit, R * unit, style.ink, lw=1.6, zorder=6,
                    ls="-" if c == 0 else ":")
    for across, down in ((0, 0), (S, 0), (0, R), (S, R)):  # the window goes through all channels
        ends = [(left + across * unit, top + down * unit) for left, top in corners]
        sheet.ax.plot(*zip(*ends, strict=True), color=style.ink, lw=0.9, ls=":", zorder=6)
    sheet.text(4.8, 11.2, f"x: {C} × {H} × {W}", color=style.blue, fontweight="bold", size=1.1)
    reach = np.abs(y).max()
    _slab(sheet, 0.5 - 0.5 * y / reach, (1.8, 12.2), unit, style.ink, 3)
    sheet.frame((1.8 + (q - 0.5) * unit, 12.2 + (p - 0.5) * unit), 2 * unit, 2 * unit,
                style.green, lw=2.4, zorder=5)
    sheet.text(4.8, 18.6, f"y: {y.shape[0]} × {y.shape[1]}", color=style.green, fontweight="bold",
               size=1.1)
    sums = [int((image[c, p:p + R, q:q + S] * w[c]).sum()) for c in range(C)]
    for c in range(C):
        top = 1.6 + c * (R + 0.75)
        for array, name, left in ((image[c, p:p + R, q:q + S], "x", 11.6), (w[c], "w", 17.4)):
            sheet.grid(array, name, (left, top), indices=False, label="").mark(
                also=np.ndindex(R, S))
        sheet.text(11.3, top + R / 2, f"c={c}\n{NAMES[c]}", ha="right", size=0.85, color=TINTS[c],
                   fontweight="bold")
        sheet.text(17.0, top + R / 2, "·", size=1.6)
        sheet.text(22.6, top + R / 2, f"= {_minus(sums[c])}", ha="left", size=1.05)
    for words, role, left in (("window", "x", 14.1), ("filter", "w", 19.9)):
        sheet.text(left, 0.8, words, color=style.colour(role), fontweight="bold", size=1.1)
    words = f"{w.size} products: y[{p},{q}] = {' + '.join(map(_signed, sums))} = {_minus(y[p, q])}"
    sheet.text(10.4, 18.9, words, ha="left", fontweight="bold", size=1.05)
    return words


def draw_responses(image: NDArray[Any], y: NDArray[Any], names: Iterable[str]) -> None:
    """A (3, H, W) image and the maps y (K, P, Q), each from black (least) to white: new figure."""
    _, axes = plt.subplots(1, len(y) + 1, figsize=(PAGE, 1.95), layout="constrained")
    axes[0].imshow(np.moveaxis(image, 0, -1) / 9)
    axes[0].set_title(f"x\n{' × '.join(map(str, image.shape))}", color=style.blue, fontsize=9,
                      fontweight="bold")
    for k, (ax, name) in enumerate(zip(axes[1:], names, strict=True)):
        reach = np.abs(y[k]).max()
        ax.imshow(y[k], cmap="gray", vmin=-reach if y[k].min() < 0 else 0, vmax=reach)
        ax.set_title(f"y[{k}]\n{name}", color=style.green, fontsize=9, fontweight="bold")
        ax.set_xlabel(f"{_minus(y[k].min())} to {_minus(y[k].max())}", fontsize=9)
    for ax in axes:
        ax.set(xticks=[], yticks=[])


def draw_image_matrix(x: NDArray[Any], w_shape: Shape) -> None:
    """M_x of K filters on C channels: the block of a filter tinted by channel; dots are zeros."""
    table = kernel_map(x.shape, w_shape)
    M, (K, C, R, S), (_, P, Q) = table.image_matrix(x), w_shape, table.y_shape
    reads = table.image_matrix(np.ones(x.shape, int))
    across, height, width = 1.25, P * Q, R * S
    sheet = board(M.shape[1] * across + 3.7, M.shape[0] + 3.0, inches=PAGE)
    for m, n in np.ndindex(M.shape):
        c = n // width % C
        hue = style.tint(style.blue, 0.12 + 0.16 * c) if reads[m, n] else style.paper
        sheet.ax.add_patch(Rectangle((3.4 + n * across, 2.6 + m), across, 1, lw=0.5, fc=hue,
                                     ec=style.blue if reads[m, n] else style.faint))
        sheet.text(3.4 + (n + 0.5) * across, 3.1 + m, M[m, n] if reads[m, n] else "·",
                   color=style.ink if reads[m, n] else style.muted, size=0.9)
    for k in range(K):
        sheet.frame((3.4 + k * C * width * across, 2.6 + k * height), C * width * across, height,
                    style.blue, lw=2.4)
        sheet.text(3.4 + (k + 0.5) * C * width * across, 0.8, f"taps of w[{k}]", fontweight="bold",
                   color=style.orange)
        sheet.text(3.1, 2.6 + (k + 0.5) * height, f"y[{k}]", ha="right", fontweight="bold",
                   color=style.green)
        for c in range(C):
            sheet.text(3.4 + ((k * C + c) + 0.5) * width * across, 2.05, f"c={c}", size=0.85,
                       color=style.muted)


def _signed(value: int) -> str:
    return f"({_minus(value)})" if value < 0 else str(value)


def _minus(value: int) -> str:
    return str(value).replace("-", "−")


def _slab(sheet: Board, shares: NDArray[Any], at: Point, unit: float, hue: str,
          zorder: float) -> None:
    """Shares from 0 to 1 as pixels: paper where nothing is, the full hue at 1."""
    height, width = shares.shape
    full = np.array(to_rgb(hue))
    box = (at[0], at[0] + width * unit, at[1] + height * unit, at[1])
    limits = sheet.ax.get_xlim(), sheet.ax.get_ylim()  # imshow would change them
    sheet.ax.imshow(1 - (1 - full) * shares[..., None], extent=box, zorder=zorder,
                    interpolation="nearest")
    sheet.ax.set(xlim=limits[0], ylim=limits[1])
    sheet.frame(at, width * unit, height * unit, style.muted, lw=0.8, zorder=zorder)
