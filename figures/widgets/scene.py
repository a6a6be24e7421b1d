"""A scene: what a slider draws, with what a cell of a notebook needs to show it."""

from collections.abc import Callable
from functools import update_wrapper
from types import SimpleNamespace
from typing import Any

from matplotlib.figure import Figure


class Scene(SimpleNamespace):
    """A function draw(fig, **values) -> caption with attributes: its size, values of controls."""

    def __init__(self, draw: Callable[..., Any], **attributes: Any) -> None:
        super().__init__(**attributes)
        self.draw = draw
        update_wrapper(self, draw)

    def __call__(self, fig: Figure, *args: Any, **values: Any) -> Any:
        return self.draw(fig, *args, **values)


def scene(size: tuple[float, float], **attributes: Any) -> Callable[[Callable[..., Any]], Scene]:
    """Decorator of a function for `live`: its size in inches, and what else a notebook asks it."""
    return lambda draw: Scene(draw, size=size, **attributes)
