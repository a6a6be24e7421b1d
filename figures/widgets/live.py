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

import os
from collections.abc import Callable, Iterable
from functools import partial
from itertools import product
from math import prod
from pathlib import Path
from textwrap import fill
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import traitlets
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from figures.drawing.style import paper
from figures.widgets.encoding import quick_png, small_webp
from figures.widgets.shown import Shown, Stored, png

Size = tuple[float, float]
Choices = dict[str, list[Any]]  # name of a control -> its values

CSS_DPI = 100  # one inch of figure is 100 CSS pixels on the page ...
SHARPNESS = 2  # ... and 200 pixels in the picture, crisp on dense displays
PAGE = 76  # characters of output across a page
MAX_CONTROLS, MAX_FRAMES = 2, 60
MAX_RADIO = 7  # up to this many words are radio buttons, more of them a slider,
MENU = 20  # and from this many on a menu
_stills: list[tuple[Callable[..., str | None], dict[str, Any]]] = []  # drawn in this session


class stops:
    """A slider with named places: `stops(range(0, 21), output=0, tap=10, input=20)`.

    Parameters
    ----------
    values : iterable
        The values of the slider, in their order.
    **names
        Name -> the value that it stands for.

    Raises
    ------
    ValueError
        If a name stands for a value that the slider does not have.
    """

    def __init__(self, values: Iterable[Any], **names: Any) -> None:
        self.values, self.names = list(values), names
        for name, value in names.items():
            if value not in self.values:
                raise ValueError(f"stop {name}={value!r} is not among the values {self.values}")


def kept(owner: Figure | Axes, build: Callable[..., Any]) -> Any:
    """Build the artists of a figure once.

    Parameters
    ----------
    owner : Figure or Axes
        Given to build, and where what it returned is kept.
    build : callable
        build(owner) makes artists.

    Returns
    -------
    object
        What build(owner) returned the first time.
    """
    memory = owner.__dict__.setdefault("_kept", {})
    key = getattr(build, "__code__", build)  # a lambda is a new object each time, its code is not
    if key not in memory:
        memory[key] = build(owner)
    return memory[key]


def live(draw: Callable[..., str | None], *, alt: str, size: Size | None = None,
         start: dict[str, Any] | None = None, **controls: Any) -> "Live":
    """Show a figure with one or two controls; `draw(fig, **values)` runs for each move.

    Parameters
    ----------
    draw : callable
        Changes kept artists on `fig`; a string it returns is the caption and the alt text.
        It may set `fig.click = (ax, x_control, y_control)` (a control may be None): a click
        into `ax` then sets the controls to the nearest values.
    alt : str
        The text where draw returns none; fields like {H} are filled in with the values.
    size : tuple, optional
        Inches; 1 inch is 100 CSS pixels. If None: draw.size, or (7, 3).
    start : dict, optional
        Name -> value; else each control starts at its first value.
    **controls
        Name -> a range, a list of numbers or of words, or `stops(...)`.

    Returns
    -------
    Live
        The widget.

    Raises
    ------
    ValueError
        For no control, more than 2, or more than 60 pictures.
    """
    return Live(draw, alt, _size(draw, size), start or {}, controls)


def still(draw: Callable[..., str | None], *, size: Size | None = None, **values: Any) -> None:
    """Draw the picture that `live` shows for some values, and print its caption.

    Parameters
    ----------
    draw, size
        As for `live`.
    **values
        Name of a control -> its value.
    """
    _stills.append((draw, values))
    fig = plt.figure(figsize=_size(draw, size), dpi=CSS_DPI)
    caption = _draw(draw, fig, values)
    plt.show()
    if caption:
        print(fill(caption, PAGE))


class Live(Shown):
    """The widget `live` returns: `values`, `set`, `sweep`, `store_frames`."""

    _esm = Path(__file__).with_name("live.js")
    _css = Path(__file__).with_name("live.css")
    controls = traitlets.List().tag(sync=True)  # [{name, texts, stops, radio, menu}]
    width = traitlets.Float().tag(sync=True)  # CSS pixels, known before a picture is read
    height = traitlets.Float().tag(sync=True)
    at = traitlets.List().tag(sync=True)  # one index a control
    picture = traitlets.Dict().tag(sync=True)  # {at, image, text, click} or {at, error}
    # all pictures, last control fastest: the first whole, of the others what differs from it
    frames = traitlets.List().tag(sync=True)
    photograph = traitlets.Bool().tag(sync=True)  # its white and black have a meaning

    def __init__(self, draw: Callable[..., str | None], alt: str, size: Size,
                 start: dict[str, Any], controls: dict[str, Any]) -> None:
        self._draw, self._alt = draw, alt
        self._choices = {name: _choices(name, control) for name, control in controls.items()}
        _check_count(self._choices)
        self._figure = Figure(figsize=size, dpi=CSS_DPI * SHARPNESS)
        self._canvas = FigureCanvasAgg(self._figure)
        at = self._indices({name: c[0] for name, c in self._choices.items()} | start)
        described = [_describe(name, controls[name], c) for name, c in self._choices.items()]
        picture = self._take(at)
        frames = self._all_frames() if os.environ.get("FLIPPED_KERNEL_FRAMES") == "1" else []
        super().__init__(controls=described, at=at, frames=frames,
                         width=size[0] * CSS_DPI, height=size[1] * CSS_DPI,
                         picture={"at": at} if frames else picture,
                         photograph=any(ax.images for ax in self._figure.axes))
        self.observe(self._moved, "at")

    to_use = "To move this figure"

    def stored(self) -> Stored:
        """The picture as it is, in the size of the page; the last one if a still has shown this."""
        seen = (self._draw, self.values) in _stills
        text, _ = self._render(self._combinations()[-1] if seen else self.at)
        return png(self._pixels().reduce(SHARPNESS)), text

    def __repr__(self) -> str:
        values = "".join(f", {name}={value!r}" for name, value in self.values.items())
        return f"live({getattr(self._draw, '__name__', 'draw')}{values})"

    @property
    def values(self) -> dict[str, Any]:
        """The present value of each control, by name."""
        return {name: c[k] for (name, c), k in zip(self._choices.items(), self.at, strict=True)}

    def set(self, **values: Any) -> None:
        """Move controls as a reader does; what draw raises comes out."""
        self.at = self._indices(self.values | values)

    def sweep(self) -> list[str]:
        """Draw every combination; returns the list of captions. What draw raises comes out."""
        return [self._render(at)[0] for at in self._combinations()]

    def store_frames(self) -> None:
        """Keep the pictures of all combinations, for pages without a kernel."""
        self.frames, self.picture = self._all_frames(), {"at": self.at}

    def _moved(self, change: Any) -> None:
        try:
            self.picture = self._take(change.new)
        except Exception as error:
            self.picture = {"at": change.new, "error": f"{type(error).__name__}: {error}"}
            raise

    def _take(self, at: list[int],
              encode: Callable[[Image.Image], bytes] = quick_png) -> dict[str, Any]:
        text, click = self._render(at)
        return {"at": at, "image": encode(self._pixels()), "text": text, "click": click}

    def _pixels(self) -> Image.Image:
        return Image.fromarray(np.asarray(self._canvas.buffer_rgba())).convert("RGB")

    def _all_frames(self) -> list[dict[str, Any]]:
        first, *others = self._combinations()
        whole, ground = self._take(first, small_webp), self._pixels()
        return [whole, *(self._take(at, partial(small_webp, ground=ground)) for at in others)]

    def _combinations(self) -> list[list[int]]:
        return [list(at) for at in product(*(range(len(c)) for c in self._choices.values()))]

    def _render(self, at: list[int]) -> tuple[str, dict[str, Any] | None]:
        values = {name: c[k] for (name, c), k in zip(self._choices.items(), at, strict=True)}
        text = _draw(self._draw, self._figure, values) or self._alt.format(**values)
        self._canvas.draw()
        return text, self._click_map()

    def _click_map(self) -> dict[str, Any] | None:
        """Where each value of the clickable controls lies, in fractions of the picture."""
        click = getattr(self._figure, "click", None)
        if click is None:
            return None
        ax, *names = click
        to_picture = ax.transData + self._figure.transFigure.inverted()
        corners = ax.get_position().corners()
        axes = []
        for axis, name in enumerate(names):
            if name is not None:
                choices = self._choices[name]
                places = np.zeros((len(choices), 2))
                numbers = not any(isinstance(c, str) for c in choices)
                places[:, axis] = choices if numbers else range(len(choices))
                control = list(self._choices).index(name)
                axes.append([control, axis, _rounded(to_picture.transform(places)[:, axis])])
        return {"box": _rounded([*corners.min(0), *corners.max(0)]), "axes": axes}

    def _indices(self, values: dict[str, Any]) -> list[int]:
        for name, value in values.items():
            if name not in self._choices:
                raise ValueError(f"no control {name!r}; the controls are {list(self._choices)}")
            if value not in self._choices[name]:
                raise ValueError(f"{name}={value!r} is not one of {self._choices[name]}")
        return [self._choices[name].index(values[name]) for name in self._choices]


def _rounded(places: Iterable[float]) -> list[float]:
    return [round(float(place), 4) for place in places]


def _size(draw: Any, size: Size | None) -> Size:
    return size or (draw.size if hasattr(draw, "size") else (7, 3))


def _draw(draw: Callable[..., str | None], fig: Figure, values: dict[str, Any]) -> str | None:
    """The one place a picture is made, so that live and still cannot differ."""
    fig.set_facecolor(paper)
    return draw(fig, **values)


def _choices(name: str, control: Any) -> list[Any]:
    values = control.values if isinstance(control, stops) else control
    values = [v.item() if isinstance(v, np.generic) else v for v in values]
    if not values or len(set(values)) < len(values):
        raise ValueError(f"control {name!r} needs values, each once; it has {values}")
    return values


def _check_count(choices: Choices) -> None:
    if not 1 <= len(choices) <= MAX_CONTROLS:
        raise ValueError(f"{len(choices)} controls; a live figure has 1 or {MAX_CONTROLS}")
    count = prod(map(len, choices.values()))
    if count > MAX_FRAMES:
        sizes = " x ".join(f"{len(c)} of {name}" for name, c in choices.items())
        raise ValueError(f"{sizes} are {count} pictures; a live figure has at most {MAX_FRAMES}")


def _describe(name: str, control: Any, choices: list[Any]) -> dict[str, Any]:
    words = any(isinstance(c, str | bool) for c in choices)
    names = control.names.items() if isinstance(control, stops) else ()
    return {"name": name.replace("_", " "),
            "texts": [f"{c:g}" if isinstance(c, float) else str(c) for c in choices],
            "stops": [[stop.replace("_", " "), choices.index(value)] for stop, value in names],
            "radio": words and len(choices) <= MAX_RADIO and not names,
            "menu": words and len(choices) >= MENU and not names}
