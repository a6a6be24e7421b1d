"""Chapter 12: waves as walks round a circle, a row made of waves, a kernel on a ring."""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from numpy.typing import ArrayLike

from convlib import output_size
from figures.drawing import style
from figures.drawing.board import Board, board
from figures.widgets.scene import Scene, scene

PAGE = 6.88  # inches


def draw_waves(n: int, turns: Sequence[int]) -> None:
    """The powers 1, z, z^2, ... of roots of unity on a circle, and their heights as waves."""
    fig = plt.figure(figsize=(PAGE, 1.45 * len(turns) + 0.7))
    panels = fig.subplots(len(turns), 2, width_ratios=(1, 3.2), squeeze=False)
    fig.subplots_adjust(0.02, 0.5 / fig.get_figheight(), 0.985, 0.94, wspace=0.1, hspace=0.42)
    steps, fine = np.arange(n), np.linspace(0, n, 40 * n + 1)
    for m, (left, right) in zip(turns, panels, strict=True):
        angle = 2 * np.pi * m * steps / n  # clockwise from the top
        left.add_patch(Circle((0, 0), 1, fill=False, ec=style.faint, lw=1.2))
        left.plot(np.sin(angle), np.cos(angle), "o", color=style.blue, ms=5)
        for at in range(n):
            here = [i for i in steps if (m * i - at) % n == 0]
            across, up = np.sin(2 * np.pi * at / n), np.cos(2 * np.pi * at / n)
            if here:
                left.text((1.34 + 0.28 * (len(here) - 1)) * across, 1.34 * up,
                          ", ".join(map(str, here)), ha="center", va="center", fontsize=9)
        left.set(xlim=(-1.7, 1.7), ylim=(-1.6, 1.6), aspect="equal")
        left.axis("off")
        right.axhline(0, color=style.faint, lw=1)
        right.plot(fine, np.cos(2 * np.pi * m * fine / n), color=style.blue, lw=1, alpha=0.45)
        right.plot(steps, np.cos(angle), "o", color=style.blue, ms=6)
        right.set(xlim=(-0.3, n), ylim=(-1.35, 1.35), yticks=(-1, 0, 1), xticks=steps)
        right.set_yticklabels(["−1", "0", "1"])
        right.set_title(f"wave {m}: {m} turn{'s' * (m != 1)} round the circle", fontsize=10,
                        loc="right", pad=2)
        right.tick_params(labelsize=9)
    panels[-1, 1].set_xlabel("cell i", fontsize=10)


def rebuilt(row: ArrayLike) -> Scene:
    """draw(fig, waves) for `live`: a row of numbers, the sum of its slowest waves, its spectrum."""
    x = np.asarray(row, float)
    n = len(x)
    spectrum = np.fft.rfft(x)
    kept_waves = np.arange(len(spectrum))
    sums = [np.fft.irfft(np.where(kept_waves <= m, spectrum, 0), n) for m in kept_waves]

    def build(fig: Figure) -> tuple[Any, Any]:
        above, below = fig.add_axes((0.08, 0.56, 0.9, 0.35)), fig.add_axes((0.08, 0.13, 0.9, 0.24))
        above.plot(range(n), x, "o", color=style.blue, ms=5)
        (line,) = above.plot(range(n), x, color=style.ink, lw=1.6)
        room = 0.25 * np.ptp(x)
        above.set(ylim=(x.min() - room, x.max() + room), xlim=(-0.5, n - 0.5))
        above.set_title("dots: the row; line: the sum of its slowest waves", fontsize=10,
                        loc="left")
        bars = below.bar(kept_waves, abs(spectrum), width=0.7)
        below.set(xlim=(-0.6, len(spectrum) - 0.4), xticks=kept_waves[::2])
        below.set_title("spectrum: how much of each wave", fontsize=10, loc="left")
        below.set_xlabel("wave m (turns)", fontsize=10)
        for ax in (above, below):
            ax.tick_params(labelsize=9)
        return line, bars

    @scene(size=(PAGE, 4.2), build=build, waves=[int(m) for m in kept_waves])
    def draw(fig: Figure, parts: Any, waves: int) -> str:
        line, bars = parts
        line.set_ydata(sums[waves])
        for m, bar in enumerate(bars):
            bar.set_color(style.ink if m <= waves else style.tint(style.muted, 0.5))
        return (f"Waves 0 to {waves} of {len(spectrum) - 1}: the largest error is "
                f"{abs(sums[waves] - x).max():.2f}.")

    return draw


def draw_rings(x: Sequence[int], w: Sequence[int]) -> None:
    """A product of spectra, with the conjugate and without: a kernel on a ring, and its circulant.

    Row p of a matrix holds the tap that each entry of x meets in output p; taps that have passed
    the end of the row are dotted, and outputs without such a tap are marked.
    """
    n, R = len(x), len(w)
    sheet = board(2 * n + 7.7, n + 9.2, inches=PAGE * (2 * n + 7.7) / (2 * n + 9.4))
    for left, sign, words in ((0.9, 1, "with the conjugate"), (n + 4.1, -1, "without it")):
        middle = left + n / 2 + 0.9
        sheet.text(middle, 0.6, words, fontweight="bold")
        crossing = n - 1 if sign > 0 else 0
        _ring(sheet, (middle, 3.9), x, w, crossing, sign)
        entries, real = np.full((n, n), None, object), np.ones((n, n), bool)
        values = np.zeros(n, int)
        for row, r in np.ndindex(n, R):
            cell = row + sign * r
            entries[row, cell % n] = f"w{r}"
            real[row, cell % n] = 0 <= cell < n
            values[row] += w[r] * x[cell % n]
        grid = sheet.grid(entries, "w", (left, 8.6), real=real, label="", indices=False)
        grid.mark([cell for cell in np.ndindex(n, n) if entries[cell] and real[cell]], amount=0.2)
        for i in range(n):
            sheet.text(left + i + 0.5, 8.15, x[i], color=style.blue)
        sheet.text(left - 0.15, 8.15, "x", color=style.blue, fontweight="bold", ha="right")
        whole = sheet.grid(values[:, None], "y", (left + n + 1.4, 8.6), indices=False, label="")
        P = output_size(n, R)
        whole.mark([(row, 0) for row in (range(P) if sign > 0 else range(R - 1, n))])
        sheet.text(left + n + 0.7, 8.6 + n / 2, "=", size=1.2)


def _ring(sheet: Board, centre: tuple[float, float], x: Sequence[int], w: Sequence[int], p: int,
          sign: int) -> None:
    """x clockwise on a ring that starts at the top; inside it the taps that output p uses."""
    n, radius = len(x), 2.1

    def spot(i: float, r: float) -> tuple[float, float]:
        angle = 2 * np.pi * (i + 0.5) / n
        return centre[0] + r * np.sin(angle), centre[1] - r * np.cos(angle)

    sheet.ax.add_patch(Circle(centre, radius, fill=False, ec=style.muted, lw=1))
    seam = [spot(-0.5, r) for r in (radius - 0.45, radius + 0.7)]
    sheet.ax.plot(*zip(*seam, strict=True), color=style.muted, lw=1.2, ls="--")
    for i, value in enumerate(x):
        sheet.ax.add_patch(Circle(spot(i, radius), 0.46, fc=style.tint(style.blue, 0.12),
                                  ec=style.blue, lw=1, zorder=2))
        sheet.text(*spot(i, radius), value)
    for r in range(len(w)):
        sheet.text(*spot(p + sign * r, radius - 0.95), f"w{r}", color=style.orange, size=0.95,
                   fontweight="bold")
    terms = " + ".join(f"{w[r]}·{x[(p + sign * r) % n]}" for r in range(len(w)))
    total = sum(w[r] * x[(p + sign * r) % n] for r in range(len(w)))
    sheet.text(centre[0], centre[1] + radius + 1.05, f"output {p}: {terms} = {total}", size=0.9,
               color=style.green)
