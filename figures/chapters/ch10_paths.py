"""Small nets along one axis as rows of cells and edges between them: every path to the loss."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlib import avg_pool2d, conv1d, kernel_map, max_pool2d, relu

Array = NDArray[Any]


class Edge(NamedTuple):
    """A cell of one row feeds a cell of a later row by a factor, unless the edge is cut."""

    row: int
    start: int
    to: int  # the row in which it ends
    end: int
    factor: float
    open: bool = True
    told: bool = True  # whether the factor is written down: a ReLU's 1 is not


Path = tuple[Edge, ...]


class Net(NamedTuple):
    """The rows by name, for each row the edges that leave it, and where the cells are drawn."""

    rows: dict[str, Array]
    steps: list[list[Edge]]
    places: list[Array]  # in units of the distance between two inputs


def plain_net(x: Array, w1: Array, w2: Array, pool: int = 1, mode: str = "no ReLU") -> Net:
    """x ⋆ w1, ReLU, pooling, ⋆ w2. A cell is drawn below the middle of what it reads."""
    y1, linear = conv1d(x, w1), "no ReLU" in mode
    a = y1 if linear else relu(y1)
    rows = {"x": x, "y⁽¹⁾": y1, "a": a}
    steps = [_taps(x, w1, 0), _mask(y1, 1, always=linear)]
    if pool > 1:
        mean = "mean" in mode
        rows["a, pooled"] = (avg_pool2d if mean else max_pool2d)(a[None], (1, pool))[0]
        windows = [range(m * pool, (m + 1) * pool) for m in range(len(rows["a, pooled"]))]
        winner = [max(cells, key=lambda p: (a[p], -p)) for cells in windows]  # a tie: the first
        steps.append([Edge(2, p, 3, m, 1 / pool if mean else 1, mean or p == winner[m], mean)
                      for m, cells in enumerate(windows) for p in cells])
    last = list(rows.values())[-1]
    steps.append(_taps(last, w2, len(rows) - 1))
    places = [np.arange(len(x), dtype=float)]
    for step in steps:
        places.append(np.array([np.mean([places[-1][e.start] for e in step if e.end == m])
                                for m in range(1 + max(e.end for e in step))]))
    return Net(rows | {"y⁽²⁾": conv1d(last, w2)}, steps, places)


def residual_net(x: Array, w: Array, layers: int = 2, *, identity: bool = True) -> Net:
    """x⁽ˡ⁾ = relu(x⁽ˡ⁻¹⁾ ⋆ w), plus x⁽ˡ⁻¹⁾ with the identity; zeros on the right keep the length.

    A y is drawn half a step to the right, so that the identity runs straight down between two.
    """
    rows, steps, across = {"x": x}, [], np.arange(len(x), dtype=float)
    for layer in range(1, layers + 1):
        before = list(rows.values())[-1]
        y, row = conv1d(before, w, padding=(0, len(w) - 1)), 2 * layer - 2
        mark = "⁽" + "⁰¹²³⁴"[layer] + "⁾"
        rows |= {"y" + mark: y, "x" + mark: relu(y) + identity * before}
        skip = [Edge(row, p, row + 2, p, 1) for p in range(len(x)) if identity]
        steps += [_taps(before, w, row, (0, len(w) - 1)) + skip, _mask(y, row + 1)]
    places = [across if n % 2 == 0 else across + 0.5 for n in range(len(rows))]
    return Net(rows, steps, places)


def paths(steps: Sequence[Sequence[Edge]], cell: int, row: int = 0) -> list[Path]:
    """All chains of edges from a cell of a row to the last row."""
    if row == len(steps):
        return [()]
    return [(edge, *rest) for edge in steps[row] if edge.start == cell
            for rest in paths(steps, edge.end, edge.to)]


def contribution(path: Path, dy: Array) -> Any:
    """What a path adds to dx: dy at its end times all its factors, 0 if it is cut."""
    return dy[path[-1].end] * np.prod([e.factor if e.open else 0 for e in path])


def over_paths(net: Net, dy: Array) -> list[Any]:
    """dx of the net: for each input the sum over all its paths."""
    return [sum(contribution(path, dy) for path in paths(net.steps, i))
            for i in range(len(net.places[0]))]


def _taps(x: Array, w: Array, row: int, padding: tuple[int, int] = (0, 0)) -> list[Edge]:
    table = kernel_map(x.shape, w.shape, padding=padding)
    return [Edge(row, line.inp[0], row + 1, line.out[0], w[line.tap])
            for line in table.rows(by="out")]


def _mask(y: Array, row: int, *, always: bool = False) -> list[Edge]:
    return [Edge(row, p, row + 1, p, 1, bool(always or y[p] > 0), told=False)
            for p in range(len(y))]
