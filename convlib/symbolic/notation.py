"""The symbols of the proofs, arrays of symbols, and exact derivatives of expressions in them.

The kernels of convlib take symbols: `conv1d(symbols("x", 4), symbols("w", 2))` is the formula.
"""

import numpy as np
import sympy as sp

from convlib.geometry import integer


class Word(sp.Symbol):
    """A symbol that is a word: set upright and apart, or `r stride` would read as a product."""

    def _latex(self, printer):
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


def symbols(name, shape):
    """An object array of symbols: symbols("x", 3) is [x_0, x_1, x_2], ("w", (1, 2)) [[w_00, w_01]].

    Indices from 10 on are set apart: x_{10,2}.
    """
    shape = (shape,) if np.ndim(shape) == 0 else shape
    shape = tuple(integer("shape", n, 0) for n in shape)
    symbols = np.empty(shape, dtype=object)
    for cell in np.ndindex(shape):
        symbols[cell] = sp.Symbol(_letter(name, cell, short=max(shape, default=0) <= 10))
    return symbols


def _letter(name, cell, short):
    if not cell:
        return name
    digits = [str(n) for n in cell]
    return f"{name}_{''.join(digits)}" if short else f"{name}_{{{','.join(digits)}}}"


def gradient(loss, x):
    """dL/dx for a loss of letters: an array of the shape of x, each entry exact."""
    loss, x = sp.sympify(loss), np.asarray(x, dtype=object)
    found = np.empty(x.shape, dtype=object)
    for cell in np.ndindex(x.shape):
        found[cell] = sp.expand(loss.diff(x[cell]))
    return found


def jacobian(y, x):
    """The matrix of d y / d x, one row an output, one column an input, both in C order."""
    outputs, inputs = (np.asarray(a, dtype=object).ravel() for a in (y, x))
    return sp.Matrix(len(outputs), len(inputs),
                     lambda m, n: sp.expand(sp.sympify(outputs[m]).diff(inputs[n])))


def formula(expressions):
    """An array of expressions as a SymPy matrix, so that a notebook sets it; a vector is a row."""
    return sp.Matrix(np.atleast_2d(np.asarray(expressions, dtype=object)))


def evaluate(expressions, numbers):
    """Put numbers for letters: evaluate(y, {"x": [1, 2], "w": [3]}) replaces x_0, x_1, w_0."""
    values = {}
    for name, array in numbers.items():
        names = symbols(name, np.shape(array))
        entries = map(sp.sympify, np.asarray(array).ravel().tolist())
        values.update(zip(names.flat, entries, strict=True))
    found = np.empty(np.shape(expressions), dtype=object)
    for cell in np.ndindex(found.shape):
        value = sp.sympify(np.asarray(expressions, dtype=object)[cell]).xreplace(values)
        found[cell] = int(value) if value.is_Integer else float(value)
    return found
