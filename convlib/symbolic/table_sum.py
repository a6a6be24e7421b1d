"""A sum over the table of products with letters for its sizes, and the steps of a derivation.

Needs SymPy. `convlib.symbolic` writes the loss as a TableSum, differentiates it, and takes the
steps below until the sum has the form of a gradient; each step can be read at concrete sizes.
"""

from itertools import product
from typing import NamedTuple

import numpy as np
import sympy as sp


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
        letters = sp.Tuple(self.summand, self.condition, *self.limits).free_symbols
        numbers = [(letter, values[letter.name]) for letter in letters
                   if letter.name in values and letter.name not in map(str, arrays)]
        ranges = [range(int(lo.subs(numbers)), int(hi.subs(numbers)) + 1)
                  for _, lo, hi in self.limits]
        total = 0
        for point in product(*ranges):
            places = numbers + list(zip([limit[0] for limit in self.limits], point, strict=True))
            if self.condition.subs(places):
                term = self.summand.subs(places)
                total += term.replace(sp.Indexed, lambda base, *n: _read(arrays[base], n))
        return total


def _read(array, cell):
    if not all(n.is_Integer for n in map(sp.sympify, cell)):
        raise ValueError(f"a fractional index: {cell}")
    inside = all(0 <= n < size for n, size in zip(cell, array.shape, strict=True))
    return sp.sympify(array[tuple(map(int, cell))]) if inside else sp.Integer(0)
