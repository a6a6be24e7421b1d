"""The controls of a live figure: their values, their named places, and how a page shows them."""

from collections.abc import Iterable
from math import prod
from typing import Any

import numpy as np

Choices = dict[str, list[Any]]  # name of a control -> its values

MAX_CONTROLS, MAX_FRAMES = 2, 60
MAX_RADIO = 7  # up to this many words are radio buttons, more of them a slider,
MENU = 20  # and from this many on a menu


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


def choices_of(controls: dict[str, Any]) -> Choices:
    """The values of each control, if a live figure can have them."""
    choices = {name: _values(name, control) for name, control in controls.items()}
    if not 1 <= len(choices) <= MAX_CONTROLS:
        raise ValueError(f"{len(choices)} controls; a live figure has 1 or {MAX_CONTROLS}")
    count = prod(map(len, choices.values()))
    if count > MAX_FRAMES:
        sizes = " x ".join(f"{len(c)} of {name}" for name, c in choices.items())
        raise ValueError(f"{sizes} are {count} pictures; a live figure has at most {MAX_FRAMES}")
    return choices


def _values(name: str, control: Any) -> list[Any]:
    values = control.values if isinstance(control, stops) else control
    values = [v.item() if isinstance(v, np.generic) else v for v in values]
    if not values or len(set(values)) < len(values):
        raise ValueError(f"control {name!r} needs values, each once; it has {values}")
    return values


def described(name: str, control: Any, choices: list[Any]) -> dict[str, Any]:
    """What a page needs to show a control."""
    words = any(isinstance(c, str | bool) for c in choices)
    names = control.names.items() if isinstance(control, stops) else ()
    return {"name": name.replace("_", " "),
            "texts": [f"{c:g}" if isinstance(c, float) else str(c) for c in choices],
            "stops": [[stop.replace("_", " "), choices.index(value)] for stop, value in names],
            "radio": words and len(choices) <= MAX_RADIO and not names,
            "menu": words and len(choices) >= MENU and not names}
