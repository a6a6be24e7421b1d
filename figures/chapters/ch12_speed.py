"""Costs to look at: bars of products, memory and time, and where the FFT overtakes."""

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Patch

from course.costs.cost_formulas import PRODUCTS, SCRATCH, TRANSFORMS, sizes
from figures.drawing import style
from figures.drawing.grids import Shape
from figures.widgets.scene import Scene, scene

LOOKS = {"direct": (style.muted, "s"), "windows": (style.green, "v"), "im2col": (style.blue, "o"),
         "shifted": (style.orange, "^"), "fft": (style.purple, "D"), "winograd": (style.ink, "X")}


@scene(size=(5.8, 2.9))
def draw_costs(fig: Figure, layer: tuple[Shape, Shape], methods: Sequence[str],
               times: Sequence[float] | None = None) -> None:
    """Bars for each method: its products, those in transforms hatched, and its workspace.

    times: seconds of each method, in the same order; they take the place of the second chart.
    """
    z = sizes(*layer)
    panels: list[tuple[str, list[float], str]] = [
        ("products", [PRODUCTS[name](z) for name in methods], "{:,}")]
    panels += [("milliseconds, measured here", [1000 * t for t in times], "{:.2f}")] if times else [
        ("workspace, in numbers", [SCRATCH[name](z) for name in methods], "{:,}")]
    for n, (title, values, form) in enumerate(panels):
        ax = fig.add_axes((0.15 + 0.42 * n, 0.12, 0.39, 0.76))
        light = [TRANSFORMS[name](z) if n == 0 and name in TRANSFORMS else 0 for name in methods]
        edges = [LOOKS[name][0] for name in methods]
        bars = ax.barh(range(len(methods)), values, height=0.62,
                       color=[style.tint(hue, 0.12) for hue in edges], edgecolor=edges,
                       hatch="////")
        ax.barh(range(len(methods)), [a - b for a, b in zip(values, light, strict=True)],
                height=0.62, color=[style.tint(hue, 0.55) for hue in edges], edgecolor=edges)
        if any(light):
            ax.legend([Patch(facecolor=style.paper, edgecolor=style.muted, hatch="////")],
                      ["products in transforms"], fontsize=9, frameon=False, loc="upper left",
                      bbox_to_anchor=(0, 0), borderpad=0, borderaxespad=0, handlelength=1.6)
        ax.bar_label(bars, [" " + form.format(value) for value in values], fontsize=10)
        ax.set_title(title, fontsize=11, loc="left")
        ax.set(xlim=(0, 1.5 * max(values)), xticks=[], yticks=range(len(methods)))
        ax.set_yticklabels(methods if n == 0 else [], fontsize=10)
        ax.spines["bottom"].set_visible(False)
        ax.tick_params(left=False)
        ax.invert_yaxis()


def crossing(shapes: Any, times: dict[tuple[str, int, int], float] | None = None,
             methods: Sequence[str] = ("im2col", "fft")) -> Scene:
    """draw(fig, kernel, channels) for `live`: products over the size of the kernel, and times.

    shapes(kernel, channels) -> (x_shape, w_shape), drawn for all of shapes.kernels and
    shapes.channels. times: {(method, kernel, channels): seconds}, for the same; a second chart.
    """
    kernels = list(shapes.kernels)
    counts: dict[tuple[str, int, int], float] = {
        (name, R, C): PRODUCTS[name](sizes(*shapes(R, C)))
        for name in methods for R in kernels for C in shapes.channels}
    panels = [("products, by the formulas", counts, "{:,}")]
    if times:
        panels.append(("milliseconds, measured here",
                       {key: 1000 * t for key, t in times.items()}, "{:.2f}"))

    def build(fig: Figure) -> list[tuple[Any, ...]]:
        return [_chart(fig, n, len(panels), *panel, kernels) for n, panel in enumerate(panels)]

    @scene(size=(5.2 if len(panels) == 1 else 6.88, 3.8), build=build)
    def draw(fig: Figure, parts: Any, kernel: int, channels: int) -> str:
        told = [f"{kernel} × {kernel} taps, {_channels(channels)}."]
        for (title, values, form), (lines, dots, bar, words) in zip(panels, parts,
                                                                    strict=True):
            here = {name: values[name, kernel, channels] for name in lines}
            for name, line in lines.items():
                line.set_data(kernels, [values[name, R, channels] for R in kernels])
                dots[name].set_data([kernel], [here[name]])
            bar.set_xdata([kernel, kernel])
            won = [R for R in kernels if values["fft", R, channels]
                   < min(values[name, R, channels] for name in lines if name != "fft")]
            words.set_text(f"FFT lower from {won[0]} × {won[0]} on" if won and won ==
                           [R for R in kernels if R >= won[0]] else
                           "FFT lower at " + ", ".join(map(str, won)) if won
                           else "FFT nowhere lower")
            told.append(f"{title.capitalize()}: " + ", ".join(f"{name} {form.format(v)}"
                                                 for name, v in here.items()) + ".")
        return " ".join(told)

    return draw


def _channels(n: int) -> str:
    return "1 channel" if n == 1 else f"{n} channels"


def _chart(fig: Figure, n: int, of: int, title: str, values: dict[tuple[str, int, int], float],
           form: str, kernels: Sequence[int]) -> tuple[Any, ...]:
    ax = fig.add_axes(((n + 0.12) / of, 0.14, 0.84 / of, 0.68))
    names = list(dict.fromkeys(name for name, _, _ in values))
    lowest, most = min(values.values()), max(values.values())
    ax.set(xscale="log", yscale="log", xlim=(kernels[0] / 1.1, kernels[-1] * 1.1),
           ylim=(lowest / 2, most * 2))
    ax.minorticks_off()
    ax.set_xticks(ticks := [kernels[at] for at in (0, 1, 2, 4, 7, -1)], labels=map(str, ticks))
    ax.set_title(title, fontsize=11, loc="left", pad=24)
    ax.set_xlabel("taps along one side" + " (both axes logarithmic)" * (of == 1), fontsize=10)
    ax.tick_params(labelsize=9)
    bar = ax.axvline(kernels[0], color=style.faint, lw=6, zorder=0)
    lines, dots = {}, {}
    for name in names:
        hue, marker = LOOKS[name]
        (lines[name],) = ax.plot([], [], color=hue, marker=marker, ms=4, lw=1.5, label=name)
        (dots[name],) = ax.plot([], [], marker, color=hue, ms=10)
    ax.legend(fontsize=10, frameon=False, ncols=len(names), loc="lower left", borderpad=0,
              bbox_to_anchor=(0, 1.01), columnspacing=1.4)
    words = ax.text(0.98, 0.03, "", transform=ax.transAxes, ha="right", fontsize=10,
                    bbox={"facecolor": style.paper, "edgecolor": "none", "pad": 1.5})
    return lines, dots, bar, words
