"""What the kernels compute with: arrays of one common dtype, each refused by its name."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from convlib.options import shown

Array = NDArray[Any]
A = TypeVar("A", bound=Any)  # an array, or None
LARGEST = {np.dtype(np.int64): 2**63 - 1, np.dtype(np.uint64): 2**64 - 1}
FLOATS = {np.dtype(np.float64)}, {np.dtype(np.float32)}


def operands(**named: Any) -> list[Array]:
    """Read arrays and bring them to their common dtype.

    The dtype is np.result_type of all of them; booleans and integers narrower than 64 bits
    become int64, so that sums of products stay exact (see `exact` for what 64 bits cannot hold).
    Object arrays carry SymPy expressions, fractions or Python's own integers.

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
        For nested lists whose rows differ in length, and for masked cells.
    """
    kinds = {a.dtype if type(a) is np.ndarray else None for name, a in named.items()
             if name != "b" or a is not None}
    if kinds in FLOATS:  # nothing to do, and this is what training brings
        return [*named.values()]
    arrays = {name: _numeric(name, a) for name, a in named.items()
              if name != "b" or a is not None}
    _expect_one_arithmetic(arrays)
    dtype = np.result_type(*arrays.values())
    if all(a.dtype.kind in "bui" for a in arrays.values()) and dtype != np.uint64:
        # a common dtype of signed and unsigned 64 bits would be float64, which rounds
        fits = dtype.kind != "f" or all(_size(a) <= 2**63 - 1 for a in arrays.values())
        dtype = np.dtype(np.int64 if fits else object)
    return [arrays[name].astype(dtype, copy=False) if name in arrays else a
            for name, a in named.items()]


def exact(bound: Callable[..., int], *arrays: A) -> list[A]:
    """Whole numbers as Python's own, which are exact at any size, where 64 bits may not do.

    Decided by the sizes of the operands, before any work: no sum of products is larger in size
    than the products of the largest entries, as often as there are terms.

    Parameters
    ----------
    bound : callable
        Takes the largest size in each array, as a Python integer, and returns what no result and
        no sum on the way to it exceeds.
    *arrays : NDArray or None
        What `operands` returned; a bias that is None has size 0 and stays None.

    Returns
    -------
    list of NDArray
        The arrays as they are, if they hold no integers or if the bound fits in their dtype; else
        as object arrays.
    """
    largest = LARGEST.get(arrays[0].dtype)
    if largest is None or bound(*map(_size, arrays)) <= largest:
        return [*arrays]
    return [a if a is None else a.astype(object) for a in arrays]


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
        raise TypeError(f"{name} holds symbols or Python objects, but {function} takes "
                        f"numbers; with symbols of convlib.symbolic, write {formula}")
    return arrays


def unmasked(name: str, value: Any) -> Array:
    """The value as an array: as np.asarray, which would read masked cells through their mask.

    Raises
    ------
    ValueError
        For masked cells.
    """
    if _is_masked(value):
        raise _masked_cells(name)
    return np.asarray(value)


def floats(a: Array) -> Array:
    """The array with integers made float64; floats and objects stay what they are."""
    return a if a.dtype.kind in "fO" else a.astype(np.float64)


def _size(a: Array | None) -> int:
    """The largest entry of an integer array, the sign left out; exact for -2**63 too."""
    if a is None or a.size == 0:
        return 0
    return max(int(a.max()), -int(a.min()))


def _numeric(name: str, value: Any) -> Array:
    """The value as an array of numbers or symbols."""
    try:
        masked = _is_masked(value)
        array = value if masked else np.asarray(value)
    except (ValueError, RecursionError):
        raise ValueError(f"{name} is not a rectangular array: its rows differ in length") from None
    if masked:
        raise _masked_cells(name)
    if array.dtype.kind == "O":
        return _objects(name, array)
    if array.dtype.kind not in "buif" or array.dtype == np.float16:
        raise TypeError(f"{name} must hold real numbers (not complex, not float16) or SymPy "
                        f"expressions, not {array.dtype}")
    if array.dtype == np.float64 and isinstance(value, (list, tuple)):
        return _unrounded(array, value)
    return array


def _objects(name: str, array: Array) -> Array:
    """An object array, all entries real; NumPy's own whole numbers, which wrap, become Python's."""
    for entry in array.flat:
        if isinstance(entry, (complex, np.complexfloating, np.ndarray)) or not (
                hasattr(entry, "__mul__") and hasattr(entry, "__sub__")):
            raise TypeError(f"{name} must hold real numbers or SymPy expressions, "
                            f"not {shown(entry)}")
    if any(isinstance(entry, (np.integer, np.bool_)) for entry in array.flat):
        array = array.copy()
        for i, entry in enumerate(array.flat):
            if isinstance(entry, (np.integer, np.bool_)):
                array.flat[i] = entry.item()
    return array


def _expect_one_arithmetic(arrays: dict[str, Array]) -> None:
    """Refuse decimals beside floats and fractions, with which Python does not multiply them."""
    objects = {name: a for name, a in arrays.items() if a.dtype.kind == "O"}
    if not objects:
        return
    decimals = [name for name, a in objects.items()
                if any(isinstance(entry, Decimal) for entry in a.flat)]
    others = [name for name, a in arrays.items() if a.dtype.kind == "f"] + [
        name for name, a in objects.items()
        if any(isinstance(entry, (float, Fraction)) for entry in a.flat)]
    if decimals and others:
        raise TypeError(f"{decimals[0]} holds decimals and {others[0]} floats or fractions, which "
                        f"Python does not multiply: write np.array({decimals[0]}, float)")


def _unrounded(array: Array, value: Iterable[Any]) -> Array:
    """Nested lists of whole numbers on both sides of 64 bits: NumPy reads them as float64."""
    if np.abs(array).max(initial=0) >= 2.0**63:
        entries = np.array(value, dtype=object)
        if all(isinstance(entry, (int, np.integer)) for entry in entries.flat):
            return _objects("", entries)
    return array


def _masked_cells(name: str) -> ValueError:
    return ValueError(f"{name} has masked cells, which are not numbers: fill them first, "
                      f"for example with {name}.filled(0)")


def _is_masked(value: Any) -> bool:
    """Whether a masked array, or one in nested lists, has masked cells."""
    if isinstance(value, (list, tuple)):
        return any(map(_is_masked, value))
    return isinstance(value, np.ma.MaskedArray) and bool(np.ma.getmaskarray(value).any())


def expect_shape(name: str, array: Array, shape: Sequence[int], why: str) -> None:
    """Refuse an array that does not have the shape that `why` asks for.

    Raises
    ------
    ValueError
        Naming the array, its shape, and `why` with the shape that it should have.
    """
    if array.shape != tuple(shape):
        raise ValueError(f"{name} has shape {array.shape}, but {why} has shape {tuple(shape)}")
