"""Live figures: a slider moves, Python redraws kept artists, the picture follows.

    @scene(size=(7, 3), build=build)             # build(fig) runs once a figure
    def stairs(fig, line, H):
        line.set_ydata(...)                      # a move changes data, never makes artists
        return f"H={H}: the kernel fits 3 times."

    live(stairs, alt="Output size over input size.", H=range(3, 13))
    still(stairs, H=8)                           # the same picture without the slider

With a kernel Python draws what the page asks for: the present position first, and while the
kernel is idle its neighbours. The page keeps what was drawn until a cell has run, for that may
have changed what draw reads. A page without a kernel shows the frames that `store_frames` kept:
a flipbook.
"""

import os
from collections.abc import Callable
from pathlib import Path
from textwrap import fill
from time import perf_counter
from typing import Any

import matplotlib.pyplot as plt
import traitlets
from matplotlib.figure import Figure

from figures.widgets.controls import choices_of, described, stops
from figures.widgets.idle import between_cells, cells
from figures.widgets.painting import CSS_DPI, SHARPNESS, Painter, paint
from figures.widgets.scene import Size
from figures.widgets.shown import Shown, Stored, png

__all__ = ["Live", "live", "still", "stops"]

PAGE = 76  # characters of output across a page


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
    fig = plt.figure(figsize=_size(draw, size), dpi=CSS_DPI)
    caption = paint(draw, fig, values)
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
    # one index a control; a page that tells it may have moved on when an echo came
    at = traitlets.List().tag(sync=True, echo_update=False)
    picture = traitlets.Dict().tag(sync=True)  # {at, image, text, click} or {at, error}
    # all pictures, last control fastest: the first whole, of the others what differs from it
    frames = traitlets.List().tag(sync=True)
    photograph = traitlets.Bool().tag(sync=True)  # its white and black have a meaning

    def __init__(self, draw: Callable[..., str | None], alt: str, size: Size,
                 start: dict[str, Any], controls: dict[str, Any]) -> None:
        self._draw, self._name = draw, getattr(draw, "__name__", "draw")
        self._choices = choices_of(controls)
        self._painter = Painter(draw, alt, size, self._choices)
        at = self._indices({name: c[0] for name, c in self._choices.items()} | start)
        shown = [described(name, controls[name], c) for name, c in self._choices.items()]
        picture, frames = self._painter.picture(at), []
        if os.environ.get("FLIPPED_KERNEL_FRAMES") == "1":
            picture, frames = {"at": at}, self._painter.all_frames()
        super().__init__(controls=shown, at=at, frames=frames, picture=picture,
                         width=size[0] * CSS_DPI, height=size[1] * CSS_DPI,
                         photograph=any(ax.images for ax in self._painter.figure.axes))
        self._ahead: list[int] | None = None  # a neighbour that waits for its turn
        self._drawn = False  # since the last cell
        self.on_msg(self._asked)
        self._painter.let_go()  # most sliders are never moved
        cells.listen(self)

    to_use = "To move this figure"

    def stored(self) -> Stored:
        """The picture as it is, in the size of the page."""
        shown = self._painter.picture(self.at, lambda pixels: png(pixels.reduce(SHARPNESS)))
        return shown["image"], shown["text"]

    def printed(self) -> tuple[Figure, str]:
        """The picture as it is, drawn for paper, and its caption."""
        fig = plt.figure(figsize=(self.width / CSS_DPI, self.height / CSS_DPI), dpi=CSS_DPI)
        return fig, paint(self._draw, fig, self.values) or self._painter.text(self.at)

    def __repr__(self) -> str:
        values = "".join(f", {name}={value!r}" for name, value in self.values.items())
        return f"live({self._name}{values})"

    @property
    def values(self) -> dict[str, Any]:
        """The present value of each control, by name."""
        return self._painter.values(self.at)

    def set(self, **values: Any) -> None:
        """Move controls as a reader does; what draw raises comes out."""
        at = self._indices(self.values | values)
        picture: dict[str, Any] = {}
        try:
            picture = self._painter.picture(at)
        except BaseException as error:
            picture = {"at": at, "error": _told(error)}
            raise
        finally:
            with self.hold_sync():  # the page gets both at once
                self.at, self.picture = at, picture

    def sweep(self) -> list[str]:
        """Draw every combination, all but the pixels; returns the list of captions.

        What draw raises comes out, and what laying out its texts and axes raises.
        """
        return [self._painter.render(at, pixels=False)[0] for at in self._painter.positions()]

    def store_frames(self) -> None:
        """Keep the pictures of all combinations, for pages without a kernel."""
        self.frames, self.picture = self._painter.all_frames(), {"at": self.at}

    def _asked(self, _: Any, question: dict[str, Any], __: Any) -> None:
        """The page asks for a picture that it shows, or for one that it may need next."""
        if question["wish"]:
            return self._answer(question["at"], wish=True)
        self._ahead = question["at"]
        if cells.running:
            return self.cell_begins()
        between_cells(self._draw_ahead)

    def _draw_ahead(self) -> None:
        at, self._ahead = self._ahead, None
        if at is not None:
            self._answer(at, wish=False)

    def cell_begins(self) -> None:
        """A cell comes before what nobody waits for."""
        at, self._ahead = self._ahead, None
        if at is not None:
            self._drawn = True  # the page waits for the end of the cell
            self.send({"at": at, "later": True})

    def cell_ended(self) -> None:
        """What draw reads may have changed."""
        if self._drawn:
            self._drawn = False
            self.send({"forget": True})

    def _answer(self, at: list[int], wish: bool) -> None:
        ended, start = cells.ended, perf_counter()
        try:
            picture = self._painter.picture(at)
        except BaseException as error:
            self.send({"at": at, "error": _told(error)})
            if wish or not isinstance(error, Exception):
                raise
        else:
            image = picture.pop("image")
            self._drawn = True
            self.send(picture | {
                "took": 1000 * (perf_counter() - start),
                "keep": ended == cells.ended and not cells.running}, [image])

    def _indices(self, values: dict[str, Any]) -> list[int]:
        for name, value in values.items():
            if name not in self._choices:
                raise ValueError(f"no control {name!r}; the controls are {list(self._choices)}")
            if value not in self._choices[name]:
                raise ValueError(f"{name}={value!r} is not one of {self._choices[name]}")
        return [self._choices[name].index(values[name]) for name in self._choices]


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _size(draw: Any, size: Size | None) -> Size:
    return size or (draw.size if hasattr(draw, "size") else (7, 3))
