"""A check asks two questions about one claim; and what the questions are made of."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike

from course.audit.board import DY, W, X
from course.audit.loops import Array

FIVE_SIZES = [((4, 4), (2, 2)), ((5, 8), (2, 3)), ((4, 6), (3, 2)), ((3, 5), (1, 4)),
              ((6, 4), (4, 2))]


class Check(NamedTuple):
    """Two questions about one claim, answered by computing.

    Attributes
    ----------
    right : callable
        Must return True: the correct statement, computed.
    printed : callable, optional
        Must return False: the statement as the document has it, or a tempting misreading.
    """

    right: Callable[[], bool]
    printed: Callable[[], bool] | None = None


def same(one: ArrayLike, other: ArrayLike) -> bool:
    """Equal shapes, and each difference of entries expands to 0."""
    a, b = np.asarray(one, object), np.asarray(other, object)
    differences = (u - v for u, v in zip(a.flat, b.flat, strict=True))
    return a.shape == b.shape and all(
        (sp.expand(d) if isinstance(d, sp.Basic) else d) == 0 for d in differences)


def close(one: ArrayLike, other: ArrayLike) -> bool:
    """Equal shapes, and numbers that differ by rounding at most."""
    return np.shape(one) == np.shape(other) and bool(np.allclose(one, other, atol=1e-7))


def refused(call: Callable[[], object], error: type[Exception] | tuple[type[Exception], ...]
            = (ValueError, IndexError)) -> bool:
    """True if the call cannot be carried out."""
    try:
        call()
    except error:
        return True
    return False


def cells_read(expression: Any, x: Array) -> set[tuple[int, ...]]:
    """The cells of x that stand in the expression."""
    return {cell for cell in np.ndindex(x.shape) if sp.sympify(expression).has(x[cell])}


def read_general(general: Any, x: Array = X, w: Array = W, dy: Array = DY, **index: int) -> Any:
    """A sum for every size (a TableSum), read at the sizes of these arrays and at one index."""
    sizes = dict(zip("PQRS", (*dy.shape, *w.shape), strict=True))
    return general.at(**sizes, x=x, w=w, dy=dy, **index)
