"""A photograph under kernels: their responses, with stride and padding, and what ReLU keeps."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from convlib import conv2d
from figures.drawing import style
from figures.drawing.board import Board
from figures.drawing.grids import Shape
from figures.widgets.scene import Scene, scene

PAGE = 6.88  # inches
KERNELS: dict[str, NDArray[Any]] = {
    "blur": np.ones((3, 3)) / 9,
    "vertical edge": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "horizontal edge": np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
    "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "emboss": np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
}


def brightness_range(w: ArrayLike, white: float = 100) -> tuple[float, float]:
    """What is black and what is white; mid-grey is 0 where the taps add up to 0."""
    reach = np.abs(w).sum() * white / 4
    return (-reach, reach) if np.isclose(np.sum(w), 0) else (0, white * np.sum(w))


def filtering(photo: NDArray[Any], kernels: Mapping[str, NDArray[Any]] = KERNELS, *,
              room: int = 0) -> Scene:
    """draw(fig, kernel, stride=1, padding=0) for `live`: the photograph, the taps, the response.

    A pixel has the same size in both pictures; `room` is the widest padding to be shown.
    """
    (H, W), boxes = photo.shape, [(left, 0.02, 0.385, 0.86) for left in (0.01, 0.605)]

    def build(fig: Figure) -> tuple[Any, ...]:
        views = [_view(fig, box, (H + 2 * room, W + 2 * room), name)
                 for box, name in zip(boxes, "xy", strict=True)]
        photo_frame = Rectangle((0, 0), W, H, fill=False, ls=":", lw=1.6, ec=style.blue)
        if room:
            views[0][0].add_patch(photo_frame)
        panel = Board(fig.add_axes((0.4, 0.04, 0.2, 0.84)), 4.2, 6.4)
        taps = panel.grid(np.zeros((3, 3)), "w", (0.6, 2.1), indices=False, label="w",
                          form=lambda v: f"{v:.2g}".replace("0.", ".").replace("-", "−"))
        taps.mark(np.ndindex(3, 3), amount=0.2)
        return views, taps, panel.text(2.1, 0.7, "", color=style.orange, fontweight="bold"), \
            panel.text(2.1, 5.8, "")

    @scene(size=(PAGE, 2.6), build=build)
    def draw(fig: Figure, parts: Any, kernel: str, stride: int = 1, padding: int = 0) -> str:
        ((_, seen), (_, response)), taps, name, option = parts
        w = kernels[kernel]
        y = conv2d(photo, w, stride=stride, padding=padding)
        _place(seen, np.pad(photo, padding), (0, 100), (H, W), room)
        _place(response, y, brightness_range(w), (H, W), room)
        taps.set(w)
        name.set_text(kernel)
        option.set_text(f"stride {stride}" if not room else f"padding {padding}")
        low, high = brightness_range(w)
        return (f"{kernel}, stride {stride}, padding {padding}: {H} × {W} becomes "
                f"{y.shape[0]} × {y.shape[1]}. Black is {low:.0f}, white is {high:.0f}."
                ).replace("-", "−")

    return draw


def _view(fig: Figure, box: tuple[float, float, float, float], shape: Shape,
          name: str) -> tuple[Axes, AxesImage]:
    """Axes on which one unit is one pixel, with a picture to be changed."""
    ax = fig.add_axes(box)
    picture = ax.imshow(np.zeros(shape), cmap="gray", interpolation="nearest")
    ax.axis("off")
    ax.set_title(name, color=style.colour(name), fontweight="bold", fontsize=12)
    return ax, picture


def _place(picture: AxesImage, values: NDArray[Any], limits: tuple[float, float], shape: Shape,
           room: int) -> None:
    """Show values, one unit a cell, in the middle of where an array of `shape` lies, with room."""
    height, width = values.shape
    row, column = shape[0] / 2, shape[1] / 2
    picture.set_data(values)
    picture.set_clim(*limits)
    picture.set_extent((column - width / 2, column + width / 2, row + height / 2, row - height / 2))
    picture.axes.set(xlim=(-room, shape[1] + room), ylim=(shape[0] + room, -room))


def draw_maps(photo: NDArray[Any], kernels: Mapping[str, NDArray[Any]]) -> None:
    """The photograph and its response to each kernel, side by side: a new figure."""
    _, axes = plt.subplots(1, len(kernels) + 1, figsize=(PAGE, 1.7), layout="constrained")
    axes[0].imshow(photo, cmap="gray", vmin=0, vmax=100)
    axes[0].set_title("x\nthe photograph", color=style.blue, fontsize=9)
    for k, (ax, (name, w)) in enumerate(zip(axes[1:], kernels.items(), strict=True)):
        low, high = brightness_range(w)
        ax.imshow(conv2d(photo, w), cmap="gray", vmin=low, vmax=high)
        ax.set_title(f"y[{k}]\n{name}", color=style.green, fontsize=9)
    for ax in axes:
        ax.axis("off")


def draw_activation(y: NDArray[Any]) -> None:
    """A map, its negative part and what ReLU keeps, in the same greys: a new figure.

    White is positive, black negative and mid-grey 0, as in every map of an edge kernel.
    """
    fig, axes = plt.subplots(1, 3, figsize=(PAGE, 2.3), layout="constrained")
    reach = np.abs(y).max() * 0.7
    parts = {"y": y, "removed: min(y, 0)": np.minimum(y, 0),
             "kept: a = max(y, 0)": np.maximum(y, 0)}
    for ax, (name, values) in zip(axes, parts.items(), strict=True):
        ax.imshow(values, cmap="gray", vmin=-reach, vmax=reach)
        ax.set_title(name, color=style.green, fontweight="bold", fontsize=10)
        ax.axis("off")
    fig.supxlabel("black: negative,  grey: 0,  white: positive", fontsize=9)
