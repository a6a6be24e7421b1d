"""Chapter 8: a generated picture, four filters and their maps."""

from collections.abc import Iterable
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import NDArray

from figures.drawing import style

PAGE = 6.88  # inches


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
        ax.set_xlabel(f"{style.minus(y[k].min())} to {style.minus(y[k].max())}", fontsize=9)
    for ax in axes:
        ax.set(xticks=[], yticks=[])
