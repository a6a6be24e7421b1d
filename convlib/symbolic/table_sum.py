"""A sum over the table of products with symbols for its sizes, and the steps of a derivation.

Needs SymPy. `convlib.symbolic` writes the loss as a TableSum, differentiates it, and takes the
steps below until the sum has the form of a gradient; each step can be read at concrete sizes.
"""

from itertools import product
from typing import Any, NamedTuple

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray


class TableSum(NamedTuple):
    """A sum over rows of the table; each step of a derivation gives a new one of equal value.

    Attributes
    ----------
    summand : sympy.Expr
        What each row adds.
    limits : tuple
        (index, first, last) of each sum.
    condition : sympy.Basic
        Which rows take part.
    """

    summand: sp.Expr
    limits: tuple[tuple[sp.Symbol, sp.Expr, sp.Expr], ...]
    condition: sp.Basic = sp.true

    @property
    def sum(self) -> sp.Expr:
        """The SymPy expression, to be looked at."""
        return sp.Sum(self.summand, *self.limits) if self.limits else self.summand

    def diff(self, cell: sp.Indexed) -> "TableSum":
        """The partial derivative with respect to one cell, whose factor becomes an indicator."""
        return self._replace(summand=self.summand.diff(cell))

    def sum_out(self, index: sp.Symbol) -> "TableSum":
        """Carry out one sum over an indicator; SymPy finds the one term that is left.

        Raises
        ------
        ValueError
            If no indicator holds the index, or if one fixes a multiple of it: SymPy does not test
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

    def substitute(self, old: sp.Symbol, new: sp.Expr) -> "TableSum":
        """Write an unsummed index in another way."""
        return self._replace(summand=self.summand.subs(old, new),
                             condition=self.condition.subs(old, new))

    def reindex(self, index: sp.Symbol, new: sp.Symbol, formula: sp.Expr, first: sp.Expr | int,
                last: sp.Expr | int) -> "TableSum":
        """Sum over `new` instead of `index` = formula(new), new running from first to last."""
        range_ = (new, sp.sympify(first), sp.sympify(last))
        limits = tuple(range_ if limit[0] == index else limit for limit in self.limits)
        return TableSum(self.summand.subs(index, formula), limits,
                        self.condition.subs(index, formula))

    def between(self, index: sp.Symbol, first: sp.Expr | int,
                last: sp.Expr | int) -> "TableSum":
        """Let an index run over other limits.

        The terms won or lost are 0, by the condition or because an array is 0 outside its cells.
        """
        return self.reindex(index, index, index, first, last)

    def settle(self) -> "TableSum":
        """Drop what the limits already imply: 0 <= r is no news where r runs from 0 on."""
        def implied(relation: sp.Basic) -> bool:
            if not isinstance(relation, (sp.Ge, sp.Le)):
                return False
            gap = sp.expand(relation.gts - relation.lts)
            for index, first, last in self.limits:  # the gap is smallest at one end of the range
                gap = sp.expand(gap.subs(index, first if gap.coeff(index) > 0 else last))
            return bool(gap.is_nonnegative)

        kept = [part for part in sp.And.make_args(self.condition)
                if part is not sp.true and not implied(part)]
        return self._replace(condition=sp.And(*kept))

    def cancel(self, factor: sp.Expr | int) -> "TableSum":
        """Divide both sides of each indicator by a factor they share: n*a = n*b iff a = b.

        Raises
        ------
        ValueError
            If the factor does not divide them.
        """
        def divide(left: sp.Expr, right: sp.Expr) -> sp.Expr:
            gap = sp.expand(sp.expand(left - right) / factor)
            if not gap.is_integer:
                raise ValueError(f"{factor} does not divide {left} - ({right})")
            return sp.KroneckerDelta(gap, 0)

        return self._replace(summand=self.summand.replace(sp.KroneckerDelta, divide))

    def at(self, **values: ArrayLike) -> sp.Expr:
        """The value at concrete sizes and indices.

        Plain loops over the limits, so that it can disagree with the steps above.

        Parameters
        ----------
        **values : int or array_like
            Numbers for sizes and indices; arrays for x, w, dy, which are 0 outside their cells.

        Returns
        -------
        sympy.Expr
            A number, if the arrays hold numbers.

        Raises
        ------
        ValueError
            For a fractional index.
        """
        arrays = {sp.IndexedBase(n): np.asarray(v) for n, v in values.items() if np.ndim(v)}
        free = sp.Tuple(self.summand, self.condition, *self.limits).free_symbols
        numbers = [(symbol, values[symbol.name]) for symbol in free
                   if symbol.name in values and symbol.name not in map(str, arrays)]
        ranges = [range(int(lo.subs(numbers)), int(hi.subs(numbers)) + 1)
                  for _, lo, hi in self.limits]
        total = 0
        for point in product(*ranges):
            places = numbers + list(zip([limit[0] for limit in self.limits], point, strict=True))
            if self.condition.subs(places):
                term = self.summand.subs(places)
                total += term.replace(sp.Indexed, lambda base, *n: _read(arrays[base], n))
        return total


def _read(array: NDArray[Any], cell: tuple[sp.Expr, ...]) -> sp.Expr:
    """The entry at a cell, 0 outside the array."""
    if not all(n.is_Integer for n in map(sp.sympify, cell)):
        raise ValueError(f"a fractional index: {cell}")
    inside = all(0 <= n < size for n, size in zip(cell, array.shape, strict=True))
    return sp.sympify(array[tuple(map(int, cell))]) if inside else sp.Integer(0)
