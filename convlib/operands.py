"""What the kernels compute with: arrays of one common dtype, each refused by its name."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
FLOATS = {np.dtype(np.float64)}, {np.dtype(np.float32)}


def operands(**named: Any) -> list[Array]:
    """Read arrays and bring them to their common dtype.

    The dtype is np.result_type of all of them; booleans and integers narrower than 64 bits
    become int64, so that sums of products stay exact. Object arrays carry SymPy expressions,
    fractions or Python's own integers.

    Parameters
    ----------
    **named : array_like
        The arrays, under the names that an error message gives them. A bias b may be None.

    Returns
    -------
    list of NDArray
        The arrays in their order; a bias b that is None stays None.

    Raises
    ------
    TypeError
        For what is not numeric, for complex and for float16.
    ValueError
        For nested lists whose rows differ in length.
    """
    kinds = {a.dtype if type(a) is np.ndarray else None for name, a in named.items()
             if name != "b" or a is not None}
    if kinds in FLOATS:  # nothing to do, and this is what training brings
        return [*named.values()]
    arrays = {name: _numeric(name, a) for name, a in named.items()
              if name != "b" or a is not None}
    dtype = np.result_type(*arrays.values())
    if dtype.kind in "bui" and dtype.itemsize < 8:
        dtype = np.dtype(np.int64)
    return [arrays[name].astype(dtype, copy=False) if name in arrays else a
            for name, a in named.items()]


def numbers(function: str, formula: str, **named: Any) -> list[Array]:
    """Read operands that must be numbers: symbols are refused, because they cannot be compared.

    Parameters
    ----------
    function, formula : str
        Who asks, and what to write instead for symbols: both appear in the error message.
    **named : array_like
        As in `operands`.

    Returns
    -------
    list of NDArray
        The arrays in their common dtype.

    Raises
    ------
    TypeError
        For object arrays; else as `operands` does.
    """
    arrays = operands(**named)
    if arrays[0].dtype == object:  # all have one dtype
        name = next(name for name, value in named.items() if np.asarray(value).dtype == object)
        raise TypeError(f"{name} holds letters or Python objects, but {function} takes "
                        f"numbers; with letters of convlib.symbolic write {formula}")
    return arrays


def floats(a: Array) -> Array:
    """The array with integers made float64; floats and objects stay what they are."""
    return a if a.dtype.kind in "fO" else a.astype(np.float64)


def _numeric(name: str, value: Any) -> Array:
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} is not a rectangular array: its rows differ in length") from None
    if array.dtype.kind == "O":
        for entry in array.flat:
            if isinstance(entry, complex) or not (hasattr(entry, "__mul__")
                                                  and hasattr(entry, "__sub__")):
                raise TypeError(f"{name} must hold real numbers or SymPy expressions, "
                                f"not {entry!r}")
    elif array.dtype.kind not in "buif" or array.dtype == np.float16:
        raise TypeError(f"{name} must hold real numbers (not complex, not float16) or SymPy "
                        f"expressions, not {array.dtype}")
    return array


def expect_shape(name: str, array: Array, shape: Sequence[int], why: str) -> None:
    """Refuse an array that does not have the shape that `why` asks for.

    Raises
    ------
    ValueError
        Naming the array, its shape, and `why` with the shape that it should have.
    """
    if array.shape != tuple(shape):
        raise ValueError(f"{name} has shape {array.shape}, but {why} has shape {tuple(shape)}")
