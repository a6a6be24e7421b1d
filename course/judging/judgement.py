"""What a reader is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from textwrap import fill
from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]
COLUMNS = 84  # of text; lines to paste are as long as they are


@dataclass(frozen=True)
class Judgement:
    """The verdict on a backward function. Shows as text.

    Attributes
    ----------
    right : bool
        Whether every answer was right, and nothing else was wrong.
    mistakes : dict
        part -> names of the mistakes in the catalogue that agree with all its answers: "dx",
        "dw" or "db". Empty where none does.
    faults : dict
        part, or "call" -> what is wrong with it, in words.
    tried : int
        How many calls were answered.
    example : dict
        The arrays and options of the smallest case that went wrong, as the function got them.
    text : str
        All of it.
    """

    right: bool
    mistakes: Mapping[str, tuple[str, ...]]
    faults: Mapping[str, str]
    tried: int
    example: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        return "\n".join(
            line if line.startswith(" ") else fill(line, COLUMNS, break_on_hyphens=False)
            for line in self.text.splitlines())
