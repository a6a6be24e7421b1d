"""A wrong gradient beside the right one, on the smallest input that tells them apart."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from course.mistakes import diagnosis
from course.mistakes.smallest_input import smallest_example
from figures.drawing import style
from figures.drawing.board import Board
from figures.drawing.grids import Cell, Point
from figures.widgets.scene import Scene, scene

WIDE, TALL, CELL = 13.4, 9.8, 0.44  # the board in cells, a cell in inches
GIVEN, FOUND = 2.9, 7.1  # the middle of the line of inputs, and of that of gradients


def mistake_scene(names: Iterable[str]) -> Scene:
    """draw(fig, mistake) for `live`: the input, the gradient right and wrong, the difference."""
    examples = {name: smallest_example(name) for name in names}

    @scene(size=(CELL * WIDE, CELL * TALL), build=lambda fig: {})
    def draw(fig: Figure, panels: dict[str, Axes], mistake: str) -> str:
        if mistake not in panels:
            panels[mistake] = _panel(fig, examples[mistake])
        for name, ax in panels.items():
            ax.set_visible(name == mistake)
        return caption(mistake, examples[mistake])

    return draw


def caption(name: str, example: Any) -> str:
    """What the picture says, in words."""
    return (f"{name}: {example.part} comes out as {_rows(example.wrong)} where "
            f"{_rows(example.right)} is right. {diagnosis(name)}.")


def _panel(fig: Figure, example: Any) -> Axes:
    sheet = Board(fig.add_axes((0, 0, 1, 1), label=str(len(fig.axes))), WIDE, TALL)
    left = 1.4
    for name in ("x", "w", "dy"):
        value = getattr(example, name)
        if value is not None:
            left = _grid(sheet, value, name, (left, GIVEN)) + 1.3
    options = ", ".join(f"{name}={value}" for name, value in example.options.items())
    sheet.text(1.4, TALL - 0.5, options or "no options", ha="left", size=0.9, color=style.muted)
    left = 1.4
    right, wrong = (np.atleast_1d(a) for a in (example.right, example.wrong))
    left = _grid(sheet, right, example.part, (left, FOUND), label=f"{example.part}, right") + 1.3
    if wrong.size:
        left = _grid(sheet, wrong, example.part, (left, FOUND), label="wrong") + 1.3
    if wrong.shape == right.shape:
        gap = wrong - right
        _grid(sheet, gap, "L", (left, FOUND), label="difference",
              mark=[tuple(cell) for cell in np.argwhere(_flat(gap))])
    else:
        sheet.text(left, FOUND, f"shape {np.shape(example.wrong)},\nand should be "
                   f"{np.shape(example.right)}", ha="left", size=0.9, linespacing=1.4)
    return sheet.ax


def _grid(sheet: Board, values: ArrayLike, name: str, at: Point, label: str | None = None,
          mark: Iterable[Cell] = ()) -> float:
    """Draw an array of any rank as a grid, channels and filters below each other."""
    values, (left, middle) = _flat(values), at
    rows, columns = values.shape
    grid = sheet.grid(values, name, (left, middle - rows / 2), indices=False, label=label,
                      form=lambda v: style.minus(f"{v:.4g}" if v % 1 else f"{v:.0f}"))
    grid.mark(mark, amount=0.25)
    return left + max(columns, 2.4)  # room for the words above a narrow grid


def _flat(values: ArrayLike) -> NDArray[Any]:
    values = np.asarray(values)
    return values.reshape(-1, values.shape[-1]) if values.ndim else values.reshape(1, 1)


def _rows(values: ArrayLike) -> str:
    values = np.asarray(values)
    return str(np.round(values, 4).tolist()) if values.size else "nothing at all"
