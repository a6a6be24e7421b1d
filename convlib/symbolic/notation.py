"""The symbols of the proofs, arrays of symbols, and exact derivatives of expressions in them.

The kernels of convlib take symbols: `conv1d(symbols("x", 4), symbols("w", 2))` is the formula.
Arrays need NumPy, which each function imports for itself: without it the proofs still run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sympy as sp

from convlib.options import integer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Expressions = NDArray[np.object_]


class Word(sp.Symbol):  # type: ignore[misc]  # SymPy has no types
    """A symbol that is a word: set upright and apart, or `r stride` would read as a product."""

    def _latex(self, printer: Any) -> str:
        return rf"\,\text{{{self.name}}}\,"


# Symbols of the proofs. Capitals are sizes, small letters indices, as everywhere in the book.
H, W, R, S, P, Q, K, C = sp.symbols("H W R S P Q K C", integer=True, positive=True)
stride, dilation, groups, gcd = (Word(name, integer=True, positive=True)
                                 for name in ("stride", "dilation", "groups", "gcd"))
padding = Word("padding", integer=True, nonnegative=True)
p, q, r, s, i, j, a, b, m, t, u, n, e, v = sp.symbols("p q r s i j a b m t u n e v", integer=True)
g, k, c = sp.symbols("g k c", integer=True)  # group; filter and channel, counted in their group
group, filter_, channel = (Word(name, integer=True) for name in ("group", "filter", "channel"))
x, w, dy = (sp.IndexedBase(name) for name in ("x", "w", "dy"))


def symbols(name: str, shape: int | Sequence[int]) -> Expressions:
    """An object array of symbols: symbols("x", 3) is [x_0, x_1, x_2], ("w", (1, 2)) [[w_00, w_01]].

    Indices from 10 on are set apart: x_{10,2}.

    Parameters
    ----------
    name : str
        What comes before the indices.
    shape : int or sequence of int
        The shape of the array; () gives one symbol without indices.

    Returns
    -------
    NDArray
        An object array of that shape.
    """
    import numpy as np

    sizes: Any = (shape,) if np.ndim(shape) == 0 else shape
    shape = tuple(integer("shape", n, 0) for n in sizes)
    array = np.empty(shape, dtype=object)
    for cell in np.ndindex(shape):
        array[cell] = sp.Symbol(_indexed(name, cell, short=max(shape, default=0) <= 10))
    return array


def _indexed(name: str, cell: tuple[int, ...], short: bool) -> str:
    if not cell:
        return name
    digits = [str(n) for n in cell]
    return f"{name}_{''.join(digits)}" if short else f"{name}_{{{','.join(digits)}}}"


def gradient(loss: sp.Expr, x: ArrayLike) -> Expressions:
    """dL/dx for a loss that is an expression in the symbols x, which stand for real numbers.

    Parameters
    ----------
    loss : sympy.Expr
        The loss L.
    x : array_like
        Symbols, in an array of any shape.

    Returns
    -------
    NDArray
        Like x, each entry exact and expanded.
    """
    return _each(_slopes(loss), x)


def jacobian(y: ArrayLike, x: ArrayLike) -> sp.Matrix:
    """The matrix of d y / d x, one row per output, one column per input, both in C order.

    Parameters
    ----------
    y : array_like
        Expressions in the symbols x, in an array of any shape.
    x : array_like
        Symbols, in an array of any shape.

    Returns
    -------
    sympy.Matrix
        (y.size, x.size), each entry exact and expanded.
    """
    import numpy as np

    outputs, inputs = (np.asarray(a, dtype=object).ravel() for a in (y, x))
    slopes = [_slopes(output) for output in outputs]
    return sp.Matrix(len(outputs), len(inputs),
                     lambda m, n: slopes[m](inputs[n]))


def _slopes(expression: Any) -> Callable[[Any], sp.Expr]:
    """The derivative with respect to each symbol, expanded.

    Symbols are real meanwhile: abs(x_0 - 3) has a derivative on the line, not in the plane.
    """
    expression = sp.sympify(expression)
    labels = {cell.base.label for cell in expression.atoms(sp.Indexed)}
    real = {symbol: sp.Symbol(symbol.name, real=True) for symbol in expression.free_symbols - labels
            if type(symbol) is sp.Symbol and symbol.is_extended_real is None}
    back, on_the_line = {twin: symbol for symbol, twin in real.items()}, expression.xreplace(real)

    def slope(symbol: Any) -> sp.Expr:
        cell = sp.sympify(symbol).xreplace(real)
        return sp.expand(on_the_line.diff(cell)).xreplace(back)

    return slope


def formula(expressions: ArrayLike) -> sp.Matrix:
    """An array of expressions as a SymPy matrix, so that a notebook sets it; a vector is a row."""
    import numpy as np

    return sp.Matrix(np.atleast_2d(np.asarray(expressions, dtype=object)))


def evaluate(expressions: ArrayLike, numbers: Mapping[str, ArrayLike]) -> Expressions:
    """Put numbers for symbols: evaluate(y, {"x": [1, 2], "w": [3]}) replaces x_0, x_1, w_0.

    Parameters
    ----------
    expressions : array_like
        Expressions, in an array of any shape.
    numbers : dict
        An array of numbers under the name of each array of symbols.

    Returns
    -------
    NDArray
        Like expressions, with an int or a float in each entry.

    Raises
    ------
    ValueError
        If a symbol has no number, or the result is not a number.
    TypeError
        If numbers is not a dictionary.
    """
    import numpy as np

    if not isinstance(numbers, Mapping):
        raise TypeError(f"numbers must be a dictionary of arrays by name, not {numbers!r}")
    values: dict[str, sp.Expr] = {}
    for name, array in numbers.items():
        names = symbols(name, np.shape(array))
        entries = map(sp.sympify, np.asarray(array).ravel().tolist())
        values.update(zip(map(str, names.flat), entries, strict=True))

    def number(expression: Any) -> int | float:
        expression = sp.sympify(expression)
        missing = sorted({str(symbol) for symbol in expression.free_symbols} - values.keys())
        if missing:
            raise ValueError(f"no number for {', '.join(missing)}; there are numbers for "
                             f"{', '.join(values) or 'nothing'}")
        value = expression.xreplace({symbol: values[str(symbol)]
                                     for symbol in expression.free_symbols}).doit()
        if not value.is_extended_real and value is not sp.nan:
            raise ValueError(f"{expression} becomes {value}, which is not a real number")
        return int(value) if value.is_Integer else float(value)

    return _each(number, expressions)


def _each(function: Callable[[Any], Any], array: ArrayLike) -> Expressions:
    """The function of each entry, in an object array of the same shape."""
    import numpy as np

    entries = np.frompyfunc(function, 1, 1)(np.asarray(array, dtype=object))
    return np.asarray(entries, dtype=object)
