"""A photograph under a kernel: its response, one window of it, its volume of three channels."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from convlib import conv2d
from figures.drawing import style
from figures.drawing.grids import Board, board
from figures.widgets.live import kept

KERNELS = {
    "blur": np.ones((3, 3)) / 9,
    "vertical edge": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "horizontal edge": np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
    "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "emboss": np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
}


def brightness_range(w, white=100):
    """What is black and what is white: where the taps add up to 0, a flat place is mid grey."""
    reach = np.abs(w).sum() * white / 4
    return (-reach, reach) if np.isclose(np.sum(w), 0) else (0, white * np.sum(w))


def filtering(photo, kernels=KERNELS, *, room=0):
    """draw(fig, kernel, stride=1, padding=0) for `live`: the photograph, the taps, the response.

    One cell has the same size in both pictures; `room` is the widest padding to be shown.
    """
    H, W = photo.shape

    def build(fig):
        views = [_view(fig, box, (H + 2 * room, W + 2 * room), name)
                 for box, name in (((0.01, 0.02, 0.39, 0.86), "x"), ((0.6, 0.02, 0.39, 0.86), "y"))]
        photo_frame = Rectangle((0, 0), W, H, fill=False, ls=":", lw=1.6, ec=style.blue)
        if room:
            views[0][0].add_patch(photo_frame)
        panel = Board(fig.add_axes((0.405, 0.12, 0.19, 0.76)), 5, 5.6)
        taps = panel.grid(np.zeros((3, 3)), "w", (1, 1.6), indices=False, label="",
                          form=lambda v: f"{v:.2g}".replace("0.", "."))
        taps.mark(np.ndindex(3, 3), amount=0.2)
        return views, taps, panel.text(2.5, 0.9, "", color=style.orange, fontweight="bold"), \
            panel.text(2.5, 5.2, "", size=0.85)

    def draw(fig, kernel, stride=1, padding=0):
        ((_, seen), (_, response)), taps, name, option = kept(fig, build)
        w = kernels[kernel]
        y = conv2d(photo, w, stride=stride, padding=padding)
        _place(seen, np.pad(photo, padding), (0, 100), (H, W), room)
        _place(response, y, brightness_range(w), (H, W), room)
        taps.set(w)
        name.set_text(f"w: {kernel}")
        option.set_text(f"stride {stride}" if not room else f"padding {padding}")
        low, high = brightness_range(w)
        return (f"{kernel}, stride {stride}, padding {padding}: {H} × {W} becomes "
                f"{y.shape[0]} × {y.shape[1]}. Black is {low:.0f}, white is {high:.0f}.")

    draw.size = (9.6, 3.6)
    return draw


def _view(fig, box, shape, name):
    """Axes on which one unit is one pixel, with a picture to be changed."""
    ax = fig.add_axes(box)
    picture = ax.imshow(np.zeros(shape), cmap="gray", interpolation="nearest")
    ax.axis("off")
    ax.set_title(name, color=style.colour(name), fontweight="bold", fontsize=12)
    return ax, picture


def _place(picture, values, limits, shape, room):
    """Show values, one unit a cell, in the middle of where an array of `shape` lies, with room."""
    height, width = values.shape
    row, column = shape[0] / 2, shape[1] / 2
    picture.set_data(values)
    picture.set_clim(*limits)
    picture.set_extent((column - width / 2, column + width / 2, row + height / 2, row - height / 2))
    picture.axes.set(xlim=(-room, shape[1] + room), ylim=(shape[0] + room, -room))


def window_scene(photo, w):
    """draw(fig, p, q) for `live`: the window of y[p, q] in the photograph, its cells and the sum.

    draw.rows, draw.columns: positions for the controls; a click into y chooses the nearest.
    """
    photo, w = np.asarray(photo), np.asarray(w)
    y = conv2d(photo, w)
    R, S = w.shape

    def build(fig):
        (ax, seen), (response_ax, response) = (
            _view(fig, box, shape, name) for box, shape, name in (
                ((0.01, 0.02, 0.38, 0.86), photo.shape, "x"),
                ((0.61, 0.02, 0.38, 0.86), y.shape, "y: click here")))
        response_ax.title.set_color(style.green)
        seen.set(data=photo, clim=(0, 100))
        response.set(data=y, clim=brightness_range(w))
        frame = Rectangle((0, 0), S, R, fill=False, ec="white", lw=2.2)
        halo = Rectangle((0, 0), S, R, fill=False, ec=style.blue, lw=4.5)
        (spot,) = response_ax.plot([], [], "s", ms=9, mfc="none", mec="white", mew=2)
        (ring,) = response_ax.plot([], [], "s", ms=12, mfc="none", mec=style.green, mew=2)
        ax.add_patch(halo)
        ax.add_patch(frame)
        panel = Board(fig.add_axes((0.4, 0.0, 0.2, 0.98)), S + 2, 2 * R + 3.8)
        cells = panel.grid(photo[:R, :S], "x", (1, 0.9), indices=False, label="its window")
        taps = panel.grid(w, "w", (1, R + 1.9), indices=False)
        cells.mark(np.ndindex(R, S), amount=0.15)
        taps.mark(np.ndindex(R, S), amount=0.15)
        total = panel.text(S / 2 + 1, 2 * R + 2.7, "", color=style.green, fontweight="bold",
                           size=0.9)
        return response_ax, (frame, halo), (spot, ring), cells, total

    def draw(fig, p, q):
        response_ax, frames, spots, cells, total = kept(fig, build)
        for frame in frames:
            frame.set_xy((q - 0.5, p - 0.5))
        for spot in spots:
            spot.set_data([q], [p])
        window = photo[p : p + R, q : q + S]
        cells.set(window)
        total.set_text(f"y[{p},{q}] = {y[p, q]:g}")
        fig.click = (response_ax, "q", "p")
        products = " + ".join(f"{v:g}·{_signed(t)}" for v, t in zip(window.flat, w.flat,
                                                                    strict=True) if t)
        return f"y[{p},{q}] = {products or 0} = {y[p, q]:g}"

    draw.size = (9.6, 3.7)
    draw.rows = sorted(set(np.linspace(0, y.shape[0] - 1, 5).astype(int).tolist()))
    draw.columns = sorted(set(np.linspace(0, y.shape[1] - 1, 7).astype(int).tolist()))
    return draw


def _signed(tap):
    return f"({tap:.3g})" if tap < 0 else f"{tap:.3g}"


def draw_maps(photo, kernels):
    """The photograph and its response to each kernel, side by side: a new figure."""
    fig, axes = plt.subplots(1, len(kernels) + 1, figsize=(9.6, 1.9), layout="constrained")
    axes[0].imshow(photo, cmap="gray", vmin=0, vmax=100)
    axes[0].set_title("x", color=style.blue, fontweight="bold")
    for k, (ax, (name, w)) in enumerate(zip(axes[1:], kernels.items(), strict=True)):
        low, high = brightness_range(w)
        ax.imshow(conv2d(photo, w), cmap="gray", vmin=low, vmax=high)
        ax.set_title(f"y[{k}]: {name}", color=style.green, fontsize=10)
    for ax in axes:
        ax.axis("off")


def draw_activation(y):
    """A map, what ReLU cuts off and what it keeps; red is negative, grey positive: a new figure."""
    fig, axes = plt.subplots(1, 3, figsize=(9.6, 2.7), layout="constrained")
    reach = np.abs(y).max() * 0.7
    maps = {"y": y, "cut off: min(y, 0)": np.minimum(y, 0), "kept: a = max(y, 0)": np.maximum(y, 0)}
    for ax, (name, values) in zip(axes, maps.items(), strict=True):
        ax.imshow(values, cmap="RdGy", vmin=-reach, vmax=reach)
        ax.set_title(name, color=style.green, fontweight="bold", fontsize=11)
        ax.set(xticks=[], yticks=[])


def draw_volume(image, w, p, q):
    """A (3, H, W) image with the chunk of y[p, q], the filter's slices, the map: a new figure."""
    (C, H, W), (_, R, S) = image.shape, w.shape
    y = conv2d(image, w[None])[0]
    unit, step = 0.2, 1.1
    sheet = board(23, 10.6)
    for c, tint in reversed(list(enumerate(("Reds_r", "Greens_r", "Blues_r")))):
        left, top = 0.8 + c * step, 1.2 + (C - 1 - c) * 0.7
        _slab(sheet, image[c], (left, top), unit, tint)
        chunk = left + q * unit, top + p * unit
        _slab(sheet, image[c, p : p + R, q : q + S], chunk, unit, tint, style.ink, 5 - c / C)
        at = 12.2 + c * 0.8, 4.2 - c * 0.6
        _slab(sheet, w[c], at, unit * 2, "gray", style.orange)
    corner = 17.0, 2.2
    _slab(sheet, y, corner, unit, "gray")
    _frame(sheet, (corner[0] + (q - 0.5) * unit, corner[1] + (p - 0.5) * unit), 2 * unit, 2 * unit,
           style.green)
    sheet.text(4.9, 9.5, f"x: {H} × {W} × {C}", color=style.blue, fontweight="bold")
    sheet.text(13.9, 7.0, f"w: {R} × {S} × {C}", color=style.orange, fontweight="bold")
    sheet.text(corner[0] + 2.8, 8.5, f"y: {y.shape[0]} × {y.shape[1]}", color=style.green,
               fontweight="bold")
    sheet.text(corner[0] + 2.8, 9.5, f"{w.size} products for each cell", size=0.85)
    sheet.text(11.1, 5.0, "⋆", size=1.4)
    sheet.text(16.4, 5.0, "=", size=1.4)
    sheet.ax.set(xlim=(0, 23), ylim=(10.6, 0))


def _slab(sheet, values, at, unit, cmap, hue=style.muted, zorder=2):
    height, width = values.shape
    black, white = (values.min(), values.max()) if hue is not style.ink else (0, 1)
    sheet.ax.imshow(values, cmap=cmap, interpolation="nearest", zorder=zorder, vmin=black,
                    vmax=white, extent=(at[0], at[0] + width * unit, at[1] + height * unit, at[1]))
    _frame(sheet, at, width * unit, height * unit, hue, zorder)


def _frame(sheet, at, width, height, hue, zorder=3):
    sheet.ax.add_patch(Rectangle(at, width, height, fill=False, ec=hue, zorder=zorder,
                                 lw=0.8 if hue is style.muted else 2))
