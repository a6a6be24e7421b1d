"""Live figures: a slider moves, Python redraws kept artists, the picture follows.

    def draw_stairs(fig, H):
        line, ax = kept(fig, build)          # build(fig) runs once a figure
        line.set_ydata(...)                  # a move changes data, never makes artists
        return f"H={H}: the kernel fits 3 times."

    live(draw_stairs, alt="Output size over input size.", H=range(3, 13))
    still(draw_stairs, H=8)                  # the same picture without the slider

With a kernel each move is drawn by Python; a page without one shows the frames that
`store_frames` kept: a flipbook.
"""

import io
import os
import struct
import zlib
from itertools import product
from math import prod
from pathlib import Path
from textwrap import fill

import anywidget
import matplotlib.pyplot as plt
import numpy as np
import traitlets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image, ImageFilter

from figures.drawing.style import paper

CSS_DPI = 100  # one inch of figure is 100 CSS pixels on the page ...
SHARPNESS = 2  # ... and 200 pixels in the picture, crisp on dense displays
GRAIN = 8  # pixels; a phone shows a picture in a fifth of its size
MOST_CONTROLS, MOST_FRAMES = 2, 60
FEW = 7  # up to this many words are radio buttons, more of them a slider


class stops:
    """A slider with named places: `stops(range(0, 21), output=0, tap=10, input=20)`."""

    def __init__(self, values, **names):
        self.values, self.names = list(values), names
        for name, value in names.items():
            if value not in self.values:
                raise ValueError(f"stop {name}={value!r} is not among the values {self.values}")


def kept(owner, build):
    """What `build(owner)` returned the first time for this figure or axes."""
    memory = owner.__dict__.setdefault("_kept", {})
    key = getattr(build, "__code__", build)  # a lambda is a new object each time, its code is not
    if key not in memory:
        memory[key] = build(owner)
    return memory[key]


def live(draw, *, alt, size=None, start=None, **controls):
    """A figure with one or two controls; `draw(fig, **values)` runs for each move.

    draw      changes kept artists on `fig`; a string it returns is the caption and the alt text.
              It may set `fig.click = (ax, x_control, y_control)` (a control may be None): a click
              into `ax` then sets the controls to the nearest values.
    alt       the text where draw returns none; fields like {H} are filled in with the values
    size      inches; 1 inch is 100 CSS pixels. If None: draw.size, or (7, 3)
    start     {control: value}; else each control starts at its first value
    controls  a range, a list of numbers or of words, or `stops(...)`

    Raises ValueError for no control, more than 2, or more than 60 pictures.
    """
    return Live(draw, alt, _size(draw, size), start or {}, controls)


def still(draw, *, size=None, **values):
    """Draw the picture that `live` shows for these values, and print its caption."""
    fig = plt.figure(figsize=_size(draw, size), dpi=CSS_DPI)
    caption = _draw(draw, fig, values)
    plt.show()
    if caption:
        print(fill(caption, 88))


class Live(anywidget.AnyWidget):
    """The widget `live` returns: `values`, `set`, `sweep`, `store_frames`."""

    _esm = Path(__file__).with_name("live.js")
    _css = Path(__file__).with_name("live.css")
    controls = traitlets.List().tag(sync=True)  # [{name, texts, stops, radio}]
    width = traitlets.Float().tag(sync=True)  # CSS pixels, known before a picture is read
    height = traitlets.Float().tag(sync=True)
    at = traitlets.List().tag(sync=True)  # one index a control
    picture = traitlets.Dict().tag(sync=True)  # {at, image, text, click} or {at, error}
    # all pictures, last control fastest: the first whole, of the others what differs from it
    frames = traitlets.List().tag(sync=True)

    def __init__(self, draw, alt, size, start, controls):
        self._draw, self._alt = draw, alt
        self._choices = {name: _choices(name, control) for name, control in controls.items()}
        _check_count(self._choices)
        self._figure = Figure(figsize=size, dpi=CSS_DPI * SHARPNESS)
        FigureCanvasAgg(self._figure)
        at = self._indices({name: c[0] for name, c in self._choices.items()} | start)
        described = [_describe(name, controls[name], c) for name, c in self._choices.items()]
        picture = self._take(at)
        frames = self._all_frames() if os.environ.get("FLIPPED_KERNEL_FRAMES") == "1" else []
        super().__init__(controls=described, at=at, frames=frames,
                         width=size[0] * CSS_DPI, height=size[1] * CSS_DPI,
                         picture={"at": at} if frames else picture)
        self.observe(self._moved, "at")

    def __repr__(self):
        values = "".join(f", {name}={value!r}" for name, value in self.values.items())
        return f"live({getattr(self._draw, '__name__', 'draw')}{values})"

    @property
    def values(self):
        """The present value of each control, by name."""
        return {name: c[k] for (name, c), k in zip(self._choices.items(), self.at, strict=True)}

    def set(self, **values):
        """Move controls as a reader does; what draw raises comes out."""
        self.at = self._indices(self.values | values)

    def sweep(self):
        """Draw every combination; returns the list of captions. What draw raises comes out."""
        return [self._render(at)[0] for at in self._combinations()]

    def store_frames(self):
        """Keep the pictures of all combinations, for pages without a kernel."""
        self.frames, self.picture = self._all_frames(), {"at": self.at}

    def _moved(self, change):
        try:
            self.picture = self._take(change.new)
        except Exception as error:
            self.picture = {"at": change.new, "error": f"{type(error).__name__}: {error}"}
            raise

    def _take(self, at, encode=None):
        text, click = self._render(at)
        image = (encode or _quick)(self._pixels())
        return {"at": at, "image": image, "text": text, "click": click}

    def _pixels(self):
        return Image.fromarray(np.asarray(self._figure.canvas.buffer_rgba())).convert("RGB")

    def _all_frames(self):
        first, *others = self._combinations()
        whole, ground = self._take(first, _small), self._pixels()
        return [whole, *(self._take(at, lambda pixels: _small(pixels, ground)) for at in others)]

    def _combinations(self):
        return [list(at) for at in product(*(range(len(c)) for c in self._choices.values()))]

    def _render(self, at):
        values = {name: c[k] for (name, c), k in zip(self._choices.items(), at, strict=True)}
        text = _draw(self._draw, self._figure, values) or self._alt.format(**values)
        self._figure.canvas.draw()
        return text, self._click_map()

    def _click_map(self):
        """Where each value of the clickable controls lies, in fractions of the picture."""
        if getattr(self._figure, "click", None) is None:
            return None
        ax, *names = self._figure.click
        to_picture = ax.transData + self._figure.transFigure.inverted()
        corners = ax.get_position().corners()
        found = {"box": [*corners.min(0), *corners.max(0)], "axes": []}
        for axis, name in enumerate(names):
            if name is not None:
                choices = self._choices[name]
                places = np.zeros((len(choices), 2))
                numbers = not any(isinstance(c, str) for c in choices)
                places[:, axis] = choices if numbers else range(len(choices))
                control = list(self._choices).index(name)
                found["axes"].append([control, axis, to_picture.transform(places)[:, axis]])
        round4 = lambda v: [round(float(u), 4) for u in v]  # noqa: E731
        return {"box": round4(found["box"]),
                "axes": [[c, axis, round4(v)] for c, axis, v in found["axes"]]}

    def _indices(self, values):
        for name, value in values.items():
            if name not in self._choices:
                raise ValueError(f"no control {name!r}; the controls are {list(self._choices)}")
            if value not in self._choices[name]:
                raise ValueError(f"{name}={value!r} is not one of {self._choices[name]}")
        return [self._choices[name].index(values[name]) for name in self._choices]


def _size(draw, size):
    return size or getattr(draw, "size", (7, 3))


def _draw(draw, fig, values):
    """The one place a picture is made, so that live and still cannot differ."""
    fig.set_facecolor(paper)
    return draw(fig, **values)


def _choices(name, control):
    values = control.values if isinstance(control, stops) else control
    values = [v.item() if isinstance(v, np.generic) else v for v in values]
    if not values or len(set(values)) < len(values):
        raise ValueError(f"control {name!r} needs values, each once; it has {values}")
    return values


def _check_count(choices):
    if not 1 <= len(choices) <= MOST_CONTROLS:
        raise ValueError(f"{len(choices)} controls; a live figure has 1 or {MOST_CONTROLS}")
    count = prod(map(len, choices.values()))
    if count > MOST_FRAMES:
        sizes = " x ".join(f"{len(c)} of {name}" for name, c in choices.items())
        raise ValueError(f"{sizes} are {count} pictures; a live figure has at most {MOST_FRAMES}")


def _describe(name, control, choices):
    words = any(isinstance(c, str | bool) for c in choices)
    names = control.names.items() if isinstance(control, stops) else ()
    return {"name": name.replace("_", " "),
            "texts": [f"{c:g}" if isinstance(c, float) else str(c) for c in choices],
            "stops": [[stop.replace("_", " "), choices.index(value)] for stop, value in names],
            "radio": words and len(choices) <= FEW and not names}


def _quick(pixels):
    """A PNG with neither filter nor thrift, five times as fast as Pillow's: a reader is waiting.

    Signature, then chunks of length, name, data, checksum; each row of pixels starts with its
    filter, 0 for none.
    """
    rgb = np.asarray(pixels)
    height, width, channels = rgb.shape
    rows = np.zeros((height, 1 + width * channels), np.uint8)
    rows[:, 1:] = rgb.reshape(height, -1)
    chunks = [(b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)),
              (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks)


def _small(pixels, ground=None):
    """What a page carries: 255 colours chosen for this picture, or a photograph's compression.

    Where the picture is the ground it is transparent (the 256th colour), for the page lays it
    over the ground: most pictures are then a third of their size. Whole grains are opaque, and
    those around them: a browser that scales both pictures then blends alike with alike.
    """
    palette = pixels.quantize(255, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette = palette.convert("RGB")
    if ground:
        changed = Image.fromarray((np.asarray(pixels) != np.asarray(ground)).any(-1))
        grains = changed.convert("L").reduce(GRAIN).point(lambda share: 255 * (share > 0))
        grains = grains.filter(ImageFilter.MaxFilter(3))
        mask = grains.resize([GRAIN * n for n in grains.size], Image.Resampling.NEAREST)
        for picture in (palette, pixels):
            picture.putalpha(mask.crop((0, 0, *pixels.size)))
    plain = _encoded(palette, lossless=True, method=4, quality=40)
    # drawings stay below this; a photograph's compression takes longer than all the rest
    return plain if len(plain) < 40_000 else min(
        plain, _encoded(pixels, quality=90, method=4), key=len)


def _encoded(pixels, **how):
    stream = io.BytesIO()
    pixels.save(stream, format="webp", **how)
    return stream.getvalue()
