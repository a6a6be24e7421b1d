"""What the kernels compute with: arrays of one common dtype, each refused by its name."""

import numpy as np

FLOATS = {np.dtype(np.float64)}, {np.dtype(np.float32)}


def operands(**named):
    """The named arrays in their common dtype; a bias b that is None stays None.

    The dtype is np.result_type of all of them; booleans and integers narrower than 64 bits
    become int64, so that sums of products stay exact. Object arrays carry SymPy expressions,
    fractions or Python's own integers.
    Raises TypeError for what is not numeric, for complex and for float16.
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
    return [arrays[name].astype(dtype, copy=False) if name in arrays else None for name in named]


def numbers(function, formula, **named):
    """The operands in their common dtype; letters are refused, for they cannot be compared."""
    arrays = operands(**named)
    if arrays[0].dtype == object:  # all have one dtype
        name = next(name for name, value in named.items() if np.asarray(value).dtype == object)
        raise TypeError(f"{name} holds letters or Python objects, but {function} takes "
                        f"numbers; with letters of convlib.symbolic write {formula}")
    return arrays


def _numeric(name, value):
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


def expect_shape(name, array, shape, why):
    """Refuse an array that has not the shape which `why` asks for."""
    if array.shape != tuple(shape):
        raise ValueError(f"{name} has shape {array.shape}, but {why} has shape {tuple(shape)}")
