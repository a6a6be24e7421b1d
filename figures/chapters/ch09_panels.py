"""The numbers below the graph of a one-layer net: one panel for each step of its backward pass.

Each fills a Board of 22 x 6.4 cells from the arrays of the net by name, v["x"] to v["dx"].
"""

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from figures.drawing import style
from figures.drawing.board import Board
from figures.drawing.grids import Grid, Point

Net = dict[str, Any]  # the arrays of a net by name


def _grid(sheet: Board, value: NDArray[Any], name: str, at: Point, label: str = "") -> Grid:
    """A grid without indices, its numbers in the one type size of all panels."""
    grid = sheet.grid(value, name, at, indices=False, label=label, form=_short)
    for number in grid.numbers.values():
        number.set_fontsize(sheet.font(0.88))
    return grid


def _frame(grid: Grid, mask: NDArray[Any]) -> None:
    """Mark some cells without bold type, in which −.24 would touch the frame."""
    grid.mark(np.argwhere(mask).tolist(), amount=0.22)
    for number in grid.numbers.values():
        number.set_fontweight("normal")


def _short(value: Any) -> str:
    """At most four characters: .24, −.91, 3.2, −4.6, 1."""
    words = str(value)
    if isinstance(value, float):
        value = round(value, 2) + 0.0  # no -0.0
        words = f"{value:.0f}" if value % 1 == 0 else f"{value:.{1 if abs(value) > 1 else 2}f}"
        words = re.sub(r"^(-?)0\.", r"\1.", words)
    return words.replace("-", "−")


def _row(sheet: Board, value: NDArray[Any], name: str, label: str, at: Point,
         words: str = "") -> Grid:
    """A row of numbers with its name on the left, and a remark on the right."""
    grid = _grid(sheet, value, name, at)
    sheet.text(at[0] - 0.3, at[1] + 0.5, label, ha="right", color=grid.hue, size=1.1)
    sheet.text(at[0] + len(value) + 0.4, at[1] + 0.5, words, ha="left", size=0.9)
    return grid


def _maps(sheet: Board, value: NDArray[Any], name: str, label: str, at: Point,
          marked: NDArray[Any]) -> None:
    """Maps side by side under one name, with some cells marked."""
    wide = value.shape[2] + 0.35
    sheet.text(at[0] + (len(value) * wide - 0.35) / 2, at[1] - 0.6, label, size=1.1,
               color=style.colour(name))
    for k, (plane, mask) in enumerate(zip(value, marked, strict=True)):
        _frame(_grid(sheet, plane, name, (at[0] + k * wide, at[1])), mask)


def loss(sheet: Board, v: Net) -> None:
    """The scores, their probabilities, and the target."""
    _row(sheet, v["y2"], "y", "$y^{(2)}$", (4, 0.6), "the scores")
    _row(sheet, v["p"], "t", r"$\hat t$", (4, 2.4), "their probabilities, which add up to 1")
    words = f"the target: L = −log {v['t'] @ v['p']:.3f} = {v['L']:.3f}"
    _row(sheet, v["t"], "t", "$t$", (4, 4.2), words).mark([int(v["t"].argmax())])


def scores(sheet: Board, v: Net) -> None:
    """The gradient of the scores."""
    _row(sheet, v["p"], "t", r"$\hat t$", (6, 0.6), "the prediction")
    _row(sheet, v["t"], "t", "$t$", (6, 2.4), "minus the target").mark([int(v["t"].argmax())])
    _row(sheet, v["dy2"], "dy", "$dy^{(2)}$", (6, 4.2), "is the gradient; its sum is 0")


def dense_weights(sheet: Board, v: Net) -> None:
    """The gradients of the dense layer's weights and biases."""
    _row(sheet, v["a"].ravel(), "a", r"$\mathrm{vec}(a)$", (5.4, 0.3))
    grid = _grid(sheet, v["dy2"][:, None], "dy", (3.4, 1.9))
    sheet.text(3.0, 3.9, "$dy^{(2)}=db^{(2)}$", ha="right", color=grid.hue, size=1.1)
    _grid(sheet, v["dw2"], "dw", (5.4, 1.9))
    sheet.text(17.7, 3.9, "$dw^{(2)}$", ha="left", color=grid.hue, size=1.1)


def activations(sheet: Board, v: Net) -> None:
    """The gradient of what the dense layer reads."""
    grid = _grid(sheet, v["dy2"][:, None], "dy", (3.4, 0.5))
    sheet.text(3.0, 2.5, "$dy^{(2)}$", ha="right", color=grid.hue, size=1.1)
    _grid(sheet, v["w2"], "w", (5.4, 0.5))
    sheet.text(17.7, 2.5, "$w^{(2)}$", ha="left", color=style.orange, size=1.1)
    _row(sheet, v["da"].ravel(), "da", r"$\mathrm{vec}(da)=$", (5.4, 5.1))


def maps(sheet: Board, v: Net) -> None:
    """The gradient of the maps: what the ReLU lets through."""
    pitch = v["a"].shape[0] * (v["a"].shape[2] + 0.35) + 0.25
    for n, (name, label) in enumerate((("y1", "$y^{(1)}$, active cells marked"),
                                       ("da", "$da$"), ("dy1", "$dy^{(1)}$"))):
        _maps(sheet, v[name], name, label, (0.4 + n * pitch, 2.2), v["y1"] > 0)


def filters(sheet: Board, v: Net) -> None:
    """The gradients of the filters and of their biases."""
    _grid(sheet, v["x"], "x", (0.8, 1.9), "$x$")
    for k, (dy, dw, db) in enumerate(zip(v["dy1"], v["dw1"], v["db1"], strict=True)):
        left = 6.9 + k * (dw.shape[2] + 2.2)
        sheet.text(left - 0.5, 1.8, "⋆", size=1.8)
        sheet.text(left - 0.6, 4.7, "=", size=1.2)
        _frame(_grid(sheet, dy, "dy", (left + 0.5, 0.8), f"$dy^{{(1)}}[{k}]$"), dy != 0)
        _grid(sheet, dw[0], "dw", (left, 3.7), f"$dw^{{(1)}}[{k}]$")
        sheet.text(left + dw.shape[2] / 2, 6.1, f"$db^{{(1)}}[{k}]$ = {_short(float(db))}",
                   size=0.95, color=style.purple)


def image(sheet: Board, v: Net) -> None:
    """The gradient of the image: a sum over the filters."""
    for k, (dy, w) in enumerate(zip(v["dy1"], v["w1"], strict=True)):
        left = 1.2 + k * (w.shape[2] + 1.6)
        sheet.text(left - 0.6, 4.9, "⋆", size=1.8)
        _frame(_grid(sheet, dy, "dy", (left + 0.5, 0.8), f"$dy^{{(1)}}[{k}]$"), dy != 0)
        _grid(sheet, w[0, ::-1, ::-1], "w", (left, 3.9), f"$w^{{(1)}}[{k}]$ flipped")
        sheet.text(left + w.shape[2] + 0.7, 3.0, "+" if k + 1 < len(v["w1"]) else "=", size=1.4)
    _grid(sheet, v["dx"], "dx", (16.6, 1.9), "$dx$")


PANELS = [loss, scores, dense_weights, activations, maps, filters, image]
