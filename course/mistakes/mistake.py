"""What a mistake is, the list of them, and what they are made of."""

from collections.abc import Callable, Iterable
from functools import partial, update_wrapper
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlib import conv
from convlib.axis import Axis
from convlib.conv import Gradients
from convlib.geometry import Geometry

Array = NDArray[Any]


class Mistake:
    """A wrong gradient: called, named and described as the function that computes it.

    Attributes
    ----------
    parts : set of str
        What comes out wrong, of "dx", "dw" and "db".
    replaces : str
        "conv", "relu", "max_pool" or "avg_pool".
    """

    def __init__(self, function: Callable[..., Any], parts: Iterable[str], replaces: str) -> None:
        self.function, self.parts, self.replaces = function, set(parts), replaces
        update_wrapper(self, function)

    def __call__(self, *arrays: ArrayLike, **options: Any) -> Any:
        if self.replaces.endswith("pool"):  # (dy, x, kernel_size)
            return self.function(*map(np.asarray, arrays[:2]), *arrays[2:], **options)
        return self.function(*map(np.asarray, arrays), **options)


MISTAKES: dict[str, Mistake] = {}


def mistake(*parts: str, replaces: str = "conv") -> Callable[..., Any]:
    """Decorator: keep a function in MISTAKES, with the parts that it spoils."""
    def keep(function: Callable[..., Any]) -> Callable[..., Any]:
        MISTAKES[function.__name__] = Mistake(function, parts, replaces)
        return function

    return keep


def diagnosis(name: str) -> str:
    """What a reader who made this mistake is told."""
    return " ".join(str(MISTAKES[name].__doc__).split()).rstrip(".")


def wrong_answers(*names: str) -> dict[str, Callable[[], Mistake]]:
    """For an exercise that asks for a gradient: what is told, and () -> the mistake."""
    return {diagnosis(name): partial(MISTAKES.__getitem__, name) for name in names}


def gradients(dy: Array, x: Array, w: Array, method: str = "auto", **options: Any) -> Gradients:
    """The right gradients, for one axis or two."""
    return conv.backward(len(sliding(w)), dy, x, w, method, **options)


def another_kernel(dy: Array, x: Array, other_w: Array, w: Array, **options: Any) -> Gradients:
    """The right dw and db, and dx with another kernel."""
    right = gradients(dy, x, w, **options)
    return right._replace(dx=gradients(dy, x, other_w, **options).dx)


def sliding(w: Array) -> tuple[int, ...]:
    """The axes of w along which it slides, counted from behind."""
    return tuple(range(-1 if w.ndim in (1, 3) else -2, 0))


def axes_of(x: Array, w: Array, method: str = "auto", **options: Any) -> tuple[Axis, ...]:
    """How a window meets x on each axis."""
    return Geometry.of(x.shape, w.shape, **options).axes


def paddings(axes: Iterable[Axis]) -> list[tuple[int, int]]:
    """The padding of each axis, in numbers."""
    return [(a.before, a.after) for a in axes]


def unread(axis: Axis) -> int:
    """How many inputs at the end no window reads: the leftover of the stride."""
    return max(0, axis.size - 1 - int(axis.read_by(axis.out - 1, axis.kernel - 1)))


def first_cells(array: Array, sizes: Iterable[int]) -> Array:
    """The array with its last axes cut, or filled up with zeros, to these sizes."""
    sizes = list(sizes)
    kept: Any = (..., *map(slice, sizes))
    cut = array[kept]
    more = [(0, n - m) for n, m in zip(sizes, cut.shape[-len(sizes):], strict=True)]
    return np.pad(cut, [(0, 0)] * (array.ndim - len(sizes)) + more)


def roomy(dy: Array, x: Array, w: Array, method: str = "auto",
          **options: Any) -> tuple[Array, Array, Array]:
    """dy with zeros behind it, as large as the output that the wrong options would give."""
    y_shape = Geometry.of(x.shape, w.shape, **options).y_shape
    larger = np.zeros(y_shape, dy.dtype)
    larger[tuple(slice(n) for n in dy.shape)] = dy
    return larger, x, w
