"""A scene: what a slider draws, with what a cell of a notebook needs to show it.

    def build(fig):                              # once a figure
        return fig.add_subplot(xlim=(0, 10), ylim=(0, 90)).plot([], [], "o")[0]

    @scene(size=(7, 3), build=build)
    def square(fig, dot, n):                     # a move changes data, never makes artists
        dot.set_data([n], [n * n])
        return f"{n} squared is {n * n}."
"""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from matplotlib.figure import Figure

Size = tuple[float, float]


class Scene:
    """draw(fig, parts, **values) -> caption, where parts = build(fig) was made once a figure.

    Parameters
    ----------
    draw : callable
        Changes the parts of `fig`; without `build` it is given none. A string it returns is the
        caption and the alt text.
    size : tuple
        Inches; 1 inch is 100 CSS pixels.
    build : callable, optional
        build(fig) makes the artists.
    **controls
        What a cell asks the scene about its controls, such as their values, by name; each can be
        read as an attribute.
    """

    def __init__(self, draw: Callable[..., Any], size: Size,
                 build: Callable[[Figure], Any] | None = None, **controls: Any) -> None:
        update_wrapper(self, draw)
        self.draw, self.size, self.build, self.controls = draw, size, build, controls

    def __getattr__(self, name: str) -> Any:
        try:
            return vars(self)["controls"][name]
        except KeyError:
            raise AttributeError(f"{self!r} has no {name}") from None

    def __repr__(self) -> str:
        return f"Scene({self.draw.__name__}, size={self.size})"

    def __call__(self, fig: Figure, *args: Any, **values: Any) -> Any:
        if self.build is None:
            return self.draw(fig, *args, **values)
        return self.draw(fig, self.parts(fig), *args, **values)

    def parts(self, fig: Figure) -> Any:
        """What build(fig) returned the first time that this scene was drawn on `fig`."""
        built = fig.__dict__.setdefault("_scenes", {})  # goes with the figure
        if self not in built and self.build is not None:
            built[self] = self.build(fig)
        return built.get(self)


def scene(size: Size, build: Callable[[Figure], Any] | None = None,
          **controls: Any) -> Callable[[Callable[..., Any]], Scene]:
    """Give a drawing function its size, its artists and its controls, for `live` and `still`.

    Parameters
    ----------
    size : tuple
        Width and height in inches; 1 inch is 100 CSS pixels.
    build : callable, optional
        build(fig) makes the artists, which draw is given as its second argument and changes.
    **controls
        What a cell asks the scene about its controls, such as their values, by name; each can be
        read as an attribute.

    Returns
    -------
    callable
        A decorator; the function becomes a `Scene`.
    """
    return lambda draw: Scene(draw, size, build, **controls)
