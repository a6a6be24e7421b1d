"""Chapter 12: the roofline of a machine, and the layers under it."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course.costs.cost_formulas import intensity, sizes
from figures.drawing import style
from figures.drawing.grids import Shape
from figures.widgets.scene import Scene, scene


def roofline(peak: float, bandwidth: float, layer: Callable[[int, int], tuple[Shape, Shape]],
             channels: Iterable[int], kernels: Iterable[int],
             rates: dict[tuple[int, int], float] | None = None) -> Scene:
    """draw(fig, channels, kernel) for `live`: what a machine allows, and where a layer is.

    peak: operations per second. bandwidth: bytes per second. layer(channels, kernel) -> (x_shape,
    w_shape). rates: {(channels, kernel): operations per second}, measured; else points on the roof.
    """
    intensities = {(C, R): intensity(sizes(*layer(C, R))) for C in channels for R in kernels}

    def roof(x: ArrayLike) -> Any:
        return np.minimum(peak, bandwidth * np.asarray(x))

    def build(fig: Figure) -> tuple[Any, ...]:
        ax = fig.add_axes((0.1, 0.16, 0.86, 0.72))
        ends = np.array([0.04, peak / bandwidth, 300])
        ax.plot(ends, roof(ends) / 1e9, color=style.ink, lw=2)
        lowest = min([roof(ends[0]), *(rates or {}).values()]) / 1e9
        ax.set(xscale="log", yscale="log", xlim=(ends[0], ends[-1]),
               ylim=(lowest / 2, 2.6 * peak / 1e9))
        ax.set_xlabel("arithmetic intensity: operations per byte moved", fontsize=10)
        ax.set_title("speed in GFLOP/s (billions of operations per second)", fontsize=11,
                     loc="left")
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(lambda value, _: f"{value:g}")
        ax.minorticks_off()
        ax.tick_params(labelsize=9)
        ax.axvline(ends[1], color=style.faint, lw=1.2, ls="--")
        ax.text(ends[1] / 1.15, 1.5 * peak / 1e9, "memory-bound", ha="right", fontsize=10,
                color=style.muted)
        ax.text(ends[1] * 1.15, 1.5 * peak / 1e9, "compute-bound", fontsize=10,
                color=style.muted)
        for key, x in intensities.items():
            ax.plot([x], [(rates or {}).get(key, roof(x)) / 1e9], "o", color=style.muted, ms=4.5)
        (reach,) = ax.plot([], [], color=style.green, lw=1.4, ls=":")
        (dot,) = ax.plot([], [], "o", color=style.green, ms=11)
        return reach, dot, ax.text(0, 0, "", fontsize=10, color=style.green, fontweight="bold")

    @scene(size=(6.88, 3.9), build=build)
    def draw(fig: Figure, parts: Any, channels: int, kernel: int) -> str:
        reach, dot, words = parts
        x = intensities[channels, kernel]
        limit = float(roof(x))
        rate = (rates or {}).get((channels, kernel), limit)
        reach.set_data([x, x], [rate / 1e9, limit / 1e9])
        dot.set_data([x], [rate / 1e9])
        words.set(text=f"{channels} → {channels}, {kernel} × {kernel}", va="top",
                  position=(x * 1.1 if x < 40 else x / 1.02, rate / 1e9 / 1.35),
                  ha="left" if x < 40 else "right")
        bound = "memory" if bandwidth * x < peak else "compute"
        measured = f"; measured {rate / 1e9:.1f}" if rates else ""
        return (f"{channels} → {channels}, {kernel} × {kernel} taps: {x:.3g} operations per byte; "
                f"{bound}-bound, at most {limit / 1e9:.3g} GFLOP/s{measured}.")

    return draw
