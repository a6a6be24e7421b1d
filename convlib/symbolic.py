"""Letters for arrays, exact derivatives, and the two gradients proved for every size. Needs SymPy.

The kernels of convlib take letters: `conv1d(letters("x", 4), letters("w", 2))` is the formula.
For every size at once, a sum over the table of products is written with symbolic limits,

    L = sum_{p,r} dy[p] w[r] x[p*stride + r*dilation - padding],

and differentiated cell by cell. SymPy turns d x[n] / d x[i] into KroneckerDelta(i, n): the
indicator that says which rows of the table the cell i takes part in.
"""

from itertools import product
from typing import NamedTuple

import numpy as np
import sympy as sp

from convlib.shapes import integer


def letters(name, shape):
    """An object array of symbols: letters("x", 3) is [x_0, x_1, x_2], ("w", (1, 2)) [[w_00, w_01]].

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
        names = letters(name, np.shape(array))
        entries = map(sp.sympify, np.asarray(array).ravel().tolist())
        values.update(zip(names.flat, entries, strict=True))
    found = np.empty(np.shape(expressions), dtype=object)
    for cell in np.ndindex(found.shape):
        value = sp.sympify(np.asarray(expressions, dtype=object)[cell]).xreplace(values)
        found[cell] = int(value) if value.is_Integer else float(value)
    return found


# Symbols of the proofs. Capitals are sizes, small letters indices, as everywhere in the book.
H, W, R, S, P, Q = sp.symbols("H W R S P Q", integer=True, positive=True)
stride, dilation = sp.symbols("stride dilation", integer=True, positive=True)
padding = sp.Symbol("padding", integer=True, nonnegative=True)
p, q, r, s, i, j, a, b, m, t, u = sp.symbols("p q r s i j a b m t u", integer=True)
x, w, dy = (sp.IndexedBase(name) for name in ("x", "w", "dy"))


class TableSum(NamedTuple):
    """A sum over rows of the table: summand, (index, first, last) of each sum, and a condition.

    The steps of a derivation are methods; each returns a new TableSum that is equal to the old.
    """

    summand: sp.Expr
    limits: tuple
    condition: sp.Basic = sp.true

    @property
    def sum(self):
        """The SymPy expression, to be looked at."""
        return sp.Sum(self.summand, *self.limits) if self.limits else self.summand

    def diff(self, cell):
        """The partial by one cell: the factor that holds the cell becomes an indicator."""
        return self._replace(summand=self.summand.diff(cell))

    def sum_out(self, index):
        """Carry out one sum over an indicator; SymPy finds the one term that is left.

        Refused where the indicator fixes a multiple of the index: SymPy does not test
        divisibility and would answer with a cell between two cells, such as w[1/3].
        """
        delta = next((d for d in self.summand.atoms(sp.KroneckerDelta) if d.has(index)), None)
        if delta is None:
            raise ValueError(f"no indicator holds {index}: differentiate first")
        factor = sp.expand(delta.args[0] - delta.args[1]).coeff(index)
        if abs(factor) != 1:
            raise ValueError(f"{delta} fixes {factor}*{index}, not {index}: keep the delta")
        limit = next(limit for limit in self.limits if limit[0] == index)
        (value, condition), _ = sp.Sum(self.summand, limit).doit().args
        rest = tuple(other for other in self.limits if other != limit)
        return TableSum(value, rest, sp.And(self.condition, condition))

    def substitute(self, old, new):
        """Write an unsummed index in another way."""
        return self._replace(summand=self.summand.subs(old, new),
                             condition=self.condition.subs(old, new))

    def reindex(self, index, new, formula, first, last):
        """Sum over `new` instead of `index` = formula(new), new running from first to last."""
        range_ = (new, sp.sympify(first), sp.sympify(last))
        limits = tuple(range_ if limit[0] == index else limit for limit in self.limits)
        return TableSum(self.summand.subs(index, formula), limits,
                        self.condition.subs(index, formula))

    def between(self, index, first, last):
        """Let an index run over other limits: the terms won or lost are 0, by the condition or
        because an array is 0 outside its cells."""
        return self.reindex(index, index, index, first, last)

    def settle(self):
        """Drop what the limits already say: 0 <= r is no news where r runs from 0 on."""
        def told(relation):
            if not isinstance(relation, (sp.Ge, sp.Le)):
                return False
            gap = sp.expand(relation.gts - relation.lts)
            for index, first, last in self.limits:  # the gap is smallest at one end of the range
                gap = sp.expand(gap.subs(index, first if gap.coeff(index) > 0 else last))
            return gap.is_nonnegative

        kept = [part for part in sp.And.make_args(self.condition)
                if part is not sp.true and not told(part)]
        return self._replace(condition=sp.And(*kept))

    def cancel(self, factor):
        """Divide both sides of each indicator by a factor they share: n*a = n*b iff a = b."""
        def divide(left, right):
            gap = sp.expand(sp.expand(left - right) / factor)
            if not gap.is_integer:
                raise ValueError(f"{factor} does not divide {left} - ({right})")
            return sp.KroneckerDelta(gap, 0)

        return self._replace(summand=self.summand.replace(sp.KroneckerDelta, divide))

    def at(self, **values):
        """The value at concrete sizes and indices; arrays stand for x, w, dy, 0 outside them.

        Plain loops over the limits, so that it can disagree with the steps above.
        """
        arrays = {sp.IndexedBase(n): np.asarray(v) for n, v in values.items() if np.ndim(v)}
        numbers = [(sp.Symbol(n, **_ASSUMED.get(n, {"integer": True})), v)
                   for n, v in values.items() if not np.ndim(v)]
        ranges = [range(int(lo.subs(numbers)), int(hi.subs(numbers)) + 1)
                  for _, lo, hi in self.limits]
        total = 0
        for point in product(*ranges):
            places = numbers + list(zip([limit[0] for limit in self.limits], point, strict=True))
            if self.condition.subs(places):
                term = self.summand.subs(places)
                total += term.replace(sp.Indexed, lambda base, *n: _read(arrays[base], n))
        return total


_ASSUMED = {name.name: {"integer": True, "positive": True} for name in
            (H, W, R, S, P, Q, stride, dilation)} | {"padding": padding.assumptions0}


def _read(array, cell):
    if not all(n.is_Integer for n in map(sp.sympify, cell)):
        raise ValueError(f"a fractional index: {cell}")
    inside = all(0 <= n < size for n, size in zip(cell, array.shape, strict=True))
    return sp.sympify(array[tuple(map(int, cell))]) if inside else sp.Integer(0)


def loss(ndim=2, *, stride=1, padding=0, dilation=1):
    """L = sum over the table of dy[out] w[tap] x[inp], for every size; x is 0 outside its cells."""
    outs, taps, sizes, kernels = (p, q)[:ndim], (r, s)[:ndim], (P, Q)[:ndim], (R, S)[:ndim]
    cells = [o * stride + k * dilation - padding for o, k in zip(outs, taps, strict=True)]
    limits = [(n, 0, size - 1) for n, size in zip(outs + taps, sizes + kernels, strict=True)]
    return TableSum(dy[outs] * w[taps] * x[tuple(cells)],
                    tuple((n, sp.Integer(0), last) for n, _, last in limits))


def kernel_gradient(ndim=2, **options):
    """dL/dw[a, b] for every size: differentiate, then let the indicator (a, b) = (r, s) choose.

        dw[a, b] = sum_{p,q} dy[p, q] x[p*stride + a*dilation - padding, ...],   0 <= a < R
    """
    partial = loss(ndim, **options).diff(w[(a, b)[:ndim]])
    for tap in (r, s)[:ndim]:
        partial = partial.sum_out(tap)
    return partial


def input_indicator(ndim=2, **options):
    """dL/dx[i, j] for every size, stride and dilation, with the indicator kept.

        dx[i, j] = sum_{p,q,r,s} dy[p, q] w[r, s] delta(i, p*stride + r*dilation - padding) ...
    """
    return loss(ndim, **options).diff(x[(i, j)[:ndim]])


def input_gradient(ndim=2, *, over="out", padding=0, dilation=1):
    """dL/dx[i, j] for every size at stride 1, the indicator summed away.

        over="out":  dx[i, j] = sum_{r,s} dy[i + padding - r*dilation, ...] w[r, s]     any dilation
        over="tap":  dx[i, j] = sum_{p,q} dy[p, q] w[i + padding - p, ...]              dilation 1

    Both run p against r: the kernel is flipped.
    """
    partial = input_indicator(ndim, padding=padding, dilation=dilation)
    for index in {"out": (p, q), "tap": (r, s)}[over][:ndim]:
        partial = partial.sum_out(index)
    return partial


def input_gradient_by_residues():
    """dL/dx[i] on one axis for every stride: cells and taps sorted by their remainder t.

    Write i + padding = stride*m + t and r = stride*u + t with the same remainder 0 <= t < stride;
    a tap of another remainder never meets i, because stride*(m - p - u) cannot make up for it.

        dx[i] = sum_u dy[m - u] w[stride*u + t],   0 <= u <= (R-1-t) // stride,  0 <= m - u < P
    """
    partial = input_indicator(1, stride=stride, padding=padding)
    partial = partial.substitute(i, stride * m + t - padding)
    partial = partial.reindex(r, u, stride * u + t, 0, sp.floor((R - 1 - t) / stride))
    return partial.cancel(stride).sum_out(p)
