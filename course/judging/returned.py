"""What a function gave back: arrays of NumPy, and which of them is dx, dw or db."""

from collections.abc import Iterable, Mapping
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
PARTS = {  # what a gradient is called, in lower case
    "dx": "dx d_x grad_x x_grad grad_input input_grad dinput da_prev dl_dx dldx x input gx da",
    "dw": "dw d_w grad_w w_grad grad_weight weight_grad grad_weights dweight dkernel grad_kernel "
          "kernel_grad dl_dw dldw dfilter dk w weight weights kernel gw wgrad",
    "db": "db d_b grad_b b_grad grad_bias bias_grad dbias dl_db dldb b bias gb bgrad",
}
MAX_ENTRIES = 1_000_000  # more than this nobody computes from a case


class ReturnedError(TypeError):
    """What came back is no gradient; the message says what it is."""


def to_numpy(value: Any) -> Array:
    """An array of any library as one of NumPy.

    Parameters
    ----------
    value : object
        Such as a tensor of PyTorch (.detach(), .cpu(), .numpy()) or an array of JAX (__array__).

    Raises
    ------
    ReturnedError
        For what is no array of numbers, and for one of more entries than any case has.
    """
    for step in "detach", "cpu":
        if callable(getattr(value, step, None)):
            value = getattr(value, step)()
    size = getattr(value, "size", 0)
    size = value.numel() if callable(getattr(value, "numel", None)) else size
    if isinstance(size, int) and size > MAX_ENTRIES:
        raise ReturnedError(f"it returned an array of shape {tuple(value.shape)}")
    array = np.asarray(value.numpy() if callable(getattr(value, "numpy", None)) else value)
    if array.dtype == object:
        try:
            array = np.array([*map(float, array.flat)]).reshape(array.shape)  # refuses None
        except (TypeError, ValueError):
            raise ReturnedError(f"it returned a {type(value).__name__}, which is no array of "
                                "numbers") from None
    if array.dtype.kind not in "fiub":
        kind = type(value).__name__ if array.dtype.kind in "USM" else f"array of {array.dtype}"
        raise ReturnedError(f"it returned a {kind}, and a gradient is an array of real numbers")
    return np.array(array)


def plain(value: Any) -> Any:
    """What a function returned, made of arrays of NumPy: one, a tuple with None, or a dict.

    Parameters
    ----------
    value : object
        An array of any library, a tuple or list, a named tuple, or a dict.
    """
    if value is None:
        raise ReturnedError("it returned None; perhaps a return statement is missing")
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, Mapping):
        named = {part: to_numpy(array) for key, array in value.items() if array is not None
                 for part, names in PARTS.items() if str(key).lower() in names.split()}
        if not named:
            raise ReturnedError(f"it returned a dict with the keys {[*map(str, value)]}: name them "
                                "dx, dw, db")
        return named
    if isinstance(value, (tuple, list)) and (
            isinstance(value, tuple) or any(np.ndim(part) for part in value if part is not None)):
        try:
            return tuple(None if part is None else to_numpy(part) for part in value)
        except ReturnedError as error:
            raise ReturnedError(f"{error}, among {len(value)} parts") from None
    return to_numpy(value)


def part_names(answers: Iterable[tuple[Any, Mapping[str, Array]]],
               returns: tuple[str, ...] | None) -> tuple[str, ...]:
    """What the parts of a tuple are: the order in which most shapes are as they should be.

    Parameters
    ----------
    answers : iterable
        What was returned in each case, and the right gradients.
    returns : tuple of str or None
        What the caller says that they are.
    """
    listed = [([p for p in (a if isinstance(a, tuple) else (a,)) if p is not None], right)
              for a, right in answers if not isinstance(a, Mapping)]
    if returns is not None or not listed:
        return returns or ()
    possible = [name for name in PARTS if name in listed[0][1]]
    orders = list(permutations(possible, min(max(len(a) for a, _ in listed), len(possible))))

    def fits(order: tuple[str, ...]) -> int:
        return sum(part.shape == right[name].shape for parts, right in listed
                   for name, part in zip(order, parts, strict=False))

    return max(orders, key=fits)  # of several the first: dx, dw, db


def by_name(answer: Any, order: tuple[str, ...]) -> dict[str, Array]:
    """The parts of one answer by their names."""
    if isinstance(answer, Mapping):
        return dict(answer)
    parts = answer if isinstance(answer, tuple) else (answer,)
    return dict(zip(order, (part for part in parts if part is not None), strict=False))
