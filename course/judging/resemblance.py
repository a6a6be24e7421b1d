"""What wrong numbers look like that no mistake of the catalogue gives."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlib.kernel_map import kernel_map
from course.judging.comparison import same, wrong_cells
from course.judging.layers import Case
from course.judging.layouts import Layout

Array = NDArray[Any]
MAX_PRODUCTS = 4  # a longer sum is not read


def resemblance(part: str, answers: Sequence[Array], rights: Sequence[Array],
                cases: Sequence[Case]) -> str:
    """What is true of a part in all cases in which it is wrong, in words; "" if nothing is.

    Parameters
    ----------
    part : str
        dx, dw or db.
    answers, rights : sequence of NDArray
        What was given, and what is right.
    cases : sequence of Case
        Their cases.
    """
    pairs = [*zip(answers, rights, strict=True)]
    if any(a.shape != r.shape for a, r in pairs):
        return ""
    if not all(np.isfinite(a).all() for a, _ in pairs):
        return "it has entries that are nan or infinite"
    if not any(a.any() for a, _ in pairs):
        return "it is zero everywhere"
    for words, count in COUNTS.items():
        counts = [count(case.arrays) for case in cases]
        if all(same(a * n, r) for (a, r), n in zip(pairs, counts, strict=True)):
            return (f"it is the right one divided by the number of {words}, as in a mean (if the "
                    "loss is a mean, dy has that factor already)")
        if all(same(a / n, r) for (a, r), n in zip(pairs, counts, strict=True)):
            return f"it is the right one multiplied by the number of {words}"
    if factor := _factor(pairs):
        return f"it is the right one times {factor:.6g}"
    if any(r.size > 1 for _, r in pairs) and all(
            np.allclose(np.sort(a, None), np.sort(r, None)) for a, r in pairs):
        return "it has the right numbers in the wrong places"
    return _region([wrong_cells(a, r) for a, r in pairs]) if part == "dx" else ""


COUNTS: dict[str, Callable[[Mapping[str, Array]], int]] = {
    "images": lambda a: len(a["x"]) if a["x"].ndim == 4 else 1,
    "cells of an output map": lambda a: int(np.prod(a["dy"].shape[-2:])),
    "cells of dy in a filter": lambda a: a["dy"].size // (
        a["dy"].shape[1] if a["dy"].ndim == 4 else 1),
    "cells of the kernel": lambda a: int(np.prod(a["w"].shape[-2:])) if "w" in a else 1,
    "filters": lambda a: len(a["w"]) if "w" in a and a["w"].ndim > 2 else 1,
    "channels": lambda a: a["x"].shape[-3] if a["x"].ndim > 2 else 1,
}


def _factor(pairs: Sequence[tuple[Array, Array]]) -> float:
    """The one factor between wrong and right, or 0."""
    answer, right = (np.concatenate([a.ravel() for a in arrays])
                     for arrays in zip(*pairs, strict=True))
    factor = float((answer * right).sum() / max(1e-300, (right * right).sum()))
    return factor if factor and right.size > 2 and same(answer / factor, right) else 0.0


def _region(off: Sequence[Array]) -> str:
    """Where all wrong cells of dx are, if the axes are rows and columns at the end."""
    sized = [cells for cells in off if cells.ndim > 1 and min(cells.shape[-2:]) > 1]
    if not sized or len(sized) < len(off) / 2:
        return ""
    for axis, first, last in (-1, "left", "right"), (-2, "upper", "lower"):
        at = [(np.argwhere(cells)[:, axis], cells.shape[axis]) for cells in sized]
        if all(2 * cells.min() >= size for cells, size in at):
            return f"only cells in the {last} half are wrong"
        if all(2 * cells.max() < size for cells, size in at):
            return f"only cells in the {first} half are wrong"
    inside = [cells[..., 1:-1, 1:-1] for cells in sized]
    if any(cells.size for cells in inside) and not any(cells.any() for cells in inside):
        return "only cells at the border are wrong"
    return ""


def sum_words(part: str, cell: tuple[int, ...], case: Case, layout: Layout) -> str:
    """The sum that a cell of dx or dw should be, product by product; "" if it is long.

    Parameters
    ----------
    part : str
        dx or dw.
    cell : tuple of int
        In the order of the function under trial.
    case : Case
        Of a convolution.
    layout : Layout
        That order.
    """
    if part not in ("dx", "dw") or "w" not in case.arrays:
        return ""
    table = kernel_map(case.arrays["x"].shape, case.arrays["w"].shape, **case.options)
    ours, theirs = ((layout.canonical[0], layout.x) if part == "dx" else
                    (layout.canonical[1], layout.w))
    here = table.inp if part == "dx" else table.tap
    rows = np.flatnonzero(np.logical_and.reduce(
        [index == cell[theirs.index(axis)] for axis, index in zip(ours, here, strict=True)]))
    if not 0 < len(rows) <= MAX_PRODUCTS:
        return "" if len(rows) else "nothing reads it, so it is 0"
    other, name = (table.tap, "w") if part == "dx" else (table.inp, "x")
    words, products = [], []
    for row in rows:
        out, at = ([int(i[row]) for i in index] for index in (table.out, other))
        words.append(f"dy{layout.cell('y', out)}·{name}{layout.cell(name, at)}")
        products.append(f"{case.arrays['dy'][tuple(out)]:g}·{case.arrays[name][tuple(at)]:g}")
    return f"{' + '.join(words)} = {' + '.join(products)}"
