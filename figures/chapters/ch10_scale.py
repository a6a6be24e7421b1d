"""How the size of a gradient changes from layer to layer of a deep network."""

from functools import cache
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from convlib import conv1d, conv1d_backward, relu, relu_backward
from figures.drawing import style
from figures.widgets.scene import Scene, scene

DEPTHS = [5, 10, 20, 40]
SCALES = [0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.5, 2.0]
CHANNELS, LENGTH, SEED = 32, 128, 0
PAGE = 6.88  # inches


@cache
def gradient_sizes(depth: int, scale: float, residual: bool = False) -> NDArray[Any]:
    """The root mean square of dx⁽ˡ⁾, from the last layer's output (1) back to the image.

    Layers without biases, each of 32 filters with 3 taps and a ReLU; the weights are normal with
    variance 2 / (products per output), times `scale`. With `residual`, each layer adds its input.
    """
    rng = np.random.default_rng(SEED)
    x = rng.normal(size=(CHANNELS, LENGTH))
    ws = scale * rng.normal(scale=(2 / (3 * CHANNELS)) ** 0.5, size=(depth, CHANNELS, CHANNELS, 3))
    passed = []
    for w in ws:
        y = conv1d(x, w, padding=1)
        passed.append((x, y, w))
        x = relu(y) + residual * x
    dx = rng.normal(size=x.shape)
    sizes = [float((dx**2).mean() ** 0.5)]
    for x, y, w in reversed(passed):
        dx = residual * dx + conv1d_backward(relu_backward(dx, y), x, w, padding=1).dx
        sizes.append(float((dx**2).mean() ** 0.5))
    return np.array(sizes) / sizes[0]


def size_scene(residual: bool = False) -> Scene:
    """draw(fig, depth, scale) for `live`: the size of the gradient from the loss to the image.

    With `residual`, a second curve shows the same layers with the identity added.
    """
    curves = [("plain layers", False, style.purple, "o"),
              *([("with the identity added", True, style.blue, "s")] if residual else [])]

    def build(fig: Figure) -> tuple[Any, ...]:
        ax = fig.add_axes((0.115, 0.18, 0.86, 0.7))
        ax.set(xlim=(-0.8, max(DEPTHS) + 0.8), ylim=(1e-14, 1e14), yscale="log",
               yticks=[1e-12, 1e-8, 1e-4, 1, 1e4, 1e8, 1e12],
               xlabel="layers passed on the way back from the loss",
               ylabel="size of the gradient")
        ax.axhline(1, color=style.faint, lw=1, zorder=0)
        lines = [ax.plot([], [], mark, ls="-", ms=4, color=hue, label=name)[0]
                 for name, _, hue, mark in curves]
        if residual:
            ax.legend(frameon=False, loc="upper left")
        return lines, ax.set_title("", fontsize=11, loc="left")

    @scene(size=(PAGE, 3.3), build=build, depths=DEPTHS, scales=SCALES)
    def draw(fig: Figure, parts: Any, depth: int, scale: float) -> str:
        lines, title = parts
        said = []
        for line, (name, identity, _, _) in zip(lines, curves, strict=True):
            sizes = gradient_sizes(depth, scale, identity)
            line.set_data(range(depth + 1), sizes)
            said.append(f"{name}: {_short(sizes[-1])}")
        title.set_text(f"{depth} layers, weights × {scale:g}. At the image: "
                       + ", ".join(text.rsplit(": ")[1] for text in said))
        return f"{depth} layers, weights times {scale:g}: at the image, {'; '.join(said)}."

    return draw




def _short(value: float) -> str:
    """Two digits, or a power of ten where there would be many zeros."""
    if 1e-3 <= value < 1e4:
        return f"{value:.2g}"
    digit, power = f"{value:.0e}".split("e")
    return f"{digit}·10" + str(int(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
