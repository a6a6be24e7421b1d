"""The pictures of a live figure: one figure, drawn again for each position of its controls."""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import product
from threading import RLock
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from figures.drawing.style import paper
from figures.widgets.controls import Choices
from figures.widgets.encoding import quick_png, small_webp
from figures.widgets.scene import Size

CSS_DPI = 100  # one inch of figure is 100 CSS pixels on the page ...
SHARPNESS = 2  # ... and 200 pixels in the picture, crisp on dense displays

_one_at_a_time = RLock()  # Matplotlib keeps state that two threads must not share


def paint(draw: Callable[..., str | None], fig: Figure, values: dict[str, Any]) -> str | None:
    """The one place a picture is made, so that live and still cannot differ."""
    fig.set_facecolor(paper)
    return draw(fig, **values)


class Painter:
    """Draws a position, which is one index for each control."""

    def __init__(self, draw: Callable[..., str | None], alt: str, size: Size,
                 choices: Choices) -> None:
        self._draw, self._alt, self._choices = draw, alt, choices
        self.figure = Figure(figsize=size, dpi=CSS_DPI * SHARPNESS)
        self._canvas = FigureCanvasAgg(self.figure)

    def picture(self, at: list[int],
                encode: Callable[[Image.Image], Any] = quick_png) -> dict[str, Any]:
        """{at, image, text, click}; what draw raises comes out."""
        with _one_at_a_time:
            text, click = self.render(at)
            return {"at": at, "image": encode(self._pixels()), "text": text, "click": click}

    def let_go(self) -> None:
        """Free the pixels, some megabytes a figure, until it is drawn again."""
        with _one_at_a_time:
            self._canvas = FigureCanvasAgg(self.figure)
            for text in self.figure.findobj(Text):
                vars(text)["_renderer"] = None  # each text keeps the renderer that drew it

    def all_frames(self) -> list[dict[str, Any]]:
        """Every picture: the first whole, of the others what differs from it."""
        with _one_at_a_time:
            first, *others = self.positions()
            whole, ground = self.picture(first, small_webp), self._pixels()
            layer = partial(small_webp, ground=ground)
            return [whole, *(self.picture(at, layer) for at in others)]

    def positions(self) -> list[list[int]]:
        """All of them, the last control fastest."""
        return [list(at) for at in product(*(range(len(c)) for c in self._choices.values()))]

    def render(self, at: list[int], pixels: bool = True) -> tuple[str, dict[str, Any] | None]:
        """Draw; returns the text and where a click leads. The pixels take most of the time."""
        with _one_at_a_time:
            text = paint(self._draw, self.figure, self.values(at)) or self.text(at)
            if pixels:
                self._canvas.draw()
            else:
                self.figure.draw_without_rendering()
            return text, self._click_map()

    def values(self, at: list[int]) -> dict[str, Any]:
        """The value of each control, by name."""
        return {name: c[k] for (name, c), k in zip(self._choices.items(), at, strict=True)}

    def text(self, at: list[int]) -> str:
        """The words for a picture that draw says nothing about."""
        return self._alt.format(**self.values(at))

    def _pixels(self) -> Image.Image:
        return Image.fromarray(np.asarray(self._canvas.buffer_rgba())).convert("RGB")

    def _click_map(self) -> dict[str, Any] | None:
        """Where each value of the clickable controls lies, in fractions of the picture."""
        click = getattr(self.figure, "click", None)
        if click is None:
            return None
        ax, *names = click
        to_picture = ax.transData + self.figure.transFigure.inverted()
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


def _rounded(places: Iterable[float]) -> list[float]:
    return [round(float(place), 4) for place in places]
