"""A sum over the table of products with symbols for its sizes, and the steps of a derivation.

Needs SymPy. `convlib.symbolic` writes the loss as a TableSum, differentiates it, and takes the
steps below until the sum has the form of a gradient; each step can be read at concrete sizes.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

import sympy as sp


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
        """The partial derivative with respect to one cell, whose factor becomes an indicator.

        Raises
        ------
        ValueError
            If the cell is not an entry of an array, or contains an index that is summed.
        """
        ranks = {entry.base: len(entry.indices) for entry in self.summand.atoms(sp.Indexed)}
        if not isinstance(cell, sp.Indexed) or ranks.get(cell.base, 0) not in (0, cell.rank):
            read = ", ".join(sorted(map(str, self.summand.atoms(sp.Indexed))))
            raise ValueError(f"cell must be an entry of an array like {read}, not {cell}")
        self._expect_free(f"the cell {cell}", cell)
        return self._replace(summand=self.summand.diff(cell))

    def sum_out(self, index: sp.Symbol) -> "TableSum":
        """Carry out one sum over an indicator; SymPy finds the one term that is left.

        Raises
        ------
        ValueError
            If the index is not summed or no indicator holds it, or if one fixes a multiple of it:
            SymPy does not test divisibility and would answer with a cell between two cells, such
            as w[1/3].
        """
        limit = self._limit(index)
        rest = tuple(other for other in self.limits if other != limit)
        if self.summand == 0:
            return self._replace(limits=rest)
        delta = next((d for d in self.summand.atoms(sp.KroneckerDelta) if d.has(index)), None)
        if delta is None:
            raise ValueError(f"no indicator holds {index}: differentiate first")
        factor = sp.expand(delta.args[0] - delta.args[1]).coeff(index)
        if abs(factor) != 1:
            raise ValueError(f"{delta} fixes {factor}*{index}, not {index}: keep the delta")
        term = sp.Sum(self.summand, limit).doit()
        value, condition = term, sp.true  # SymPy may know already that the index is in its range
        if term.has(sp.Piecewise):
            (value, condition), *zero = sp.piecewise_fold(term).args
            if zero != [(0, True)]:
                raise ValueError(f"SymPy finds more than one term: {term}")
        return TableSum(value, rest, sp.And(self.condition, condition))

    def substitute(self, old: sp.Symbol, new: sp.Expr) -> "TableSum":
        """Write an unsummed index in another way.

        Raises
        ------
        ValueError
            If the index is summed or does not occur, or the new expression holds a summed one.
        """
        self._expect_free(f"{old}, which is to be replaced,", old)
        self._expect_free(f"{new} in place of {old}", new)
        if old not in (here := self._symbols()):
            twin = _twin(old, here)
            raise ValueError(f"this sum has no {old}" + (f": {twin}" if twin else ""))
        return self._replace(summand=self.summand.subs(old, new),
                             condition=self.condition.subs(old, new))

    def reindex(self, index: sp.Symbol, new: sp.Symbol, formula: sp.Expr, first: sp.Expr | int,
                last: sp.Expr | int) -> "TableSum":
        """Sum over `new` instead of `index` = formula(new), new running from first to last.

        Raises
        ------
        ValueError
            If the index is not summed, `new` has a meaning already, or the formula or the limits
            hold another index that is summed.
        """
        self._limit(index)
        range_ = (new, sp.sympify(first), sp.sympify(last))
        if new != index:
            self._expect_free(f"{new} in place of {index}", new)
            if str(new) in map(str, self._symbols()):
                raise ValueError(f"{new} in place of {index} has a meaning in this sum already: "
                                 "take another symbol")
        others = self._replace(limits=tuple(li for li in self.limits if li[0] != index))
        others._expect_free(f"{index} = {formula}", formula)
        for end in range_[1:]:
            self._replace(limits=(*others.limits, range_))._expect_free(f"the limit {end}", end)
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
        """Drop what the limits already imply: 0 <= r says nothing new if r starts at 0."""
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

    def at(self, **values: Any) -> sp.Expr:
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
            For a fractional index, for a size, index or array without a value, for a value of a
            summed index, and for an array of another rank.
        """
        summed = {str(limit[0]) for limit in self.limits}
        if given := summed & values.keys():
            raise ValueError(f"{', '.join(sorted(given))} is summed and takes no value")
        arrays = {name: sp.Array(value) for name, value in values.items() if _has_axes(value)}
        numbers = [(symbol, values[symbol.name]) for symbol in self._symbols()
                   if symbol.name in values and symbol.name not in arrays]
        missing = {symbol.name for symbol in self._needed()} - summed - values.keys()
        missing |= {cell.base.name for cell in self.summand.atoms(sp.Indexed)} - arrays.keys()
        if missing:
            raise ValueError(f"no value for {', '.join(sorted(missing))}: at() needs one for each "
                             "size, free index and array")
        for symbol, value in numbers:
            if not sp.sympify(value).is_number:
                raise ValueError(f"{symbol} must be a number, not {value!r}")
        ranges = [range(int(lo.subs(numbers)), int(hi.subs(numbers)) + 1)
                  for _, lo, hi in self.limits]
        total = 0
        for point in product(*ranges):
            places = numbers + list(zip([limit[0] for limit in self.limits], point, strict=True))
            if self.condition.subs(places):
                term = self.summand.subs(places)
                total += term.replace(sp.Indexed, lambda base, *n: _read(arrays, base, n))
        return total

    def _symbols(self) -> set[Any]:
        """All symbols, without the names of arrays."""
        free = sp.Tuple(self.summand, self.condition, *self.limits).free_symbols
        labels = {cell.base.label for cell in self.summand.atoms(sp.Indexed)}
        return {symbol for symbol in free - labels if isinstance(symbol, sp.Symbol)}

    def _needed(self) -> set[Any]:
        """The symbols without which no row can be read: in limits, conditions and indices."""
        cells = [n for cell in self.summand.atoms(sp.Indexed) for n in cell.indices]
        deltas = self.summand.atoms(sp.KroneckerDelta)
        read = sp.Tuple(self.condition, *self.limits, *cells, *deltas)
        return self._symbols().intersection(read.free_symbols)

    def _limit(self, index: sp.Symbol) -> tuple[sp.Symbol, sp.Expr, sp.Expr]:
        """The limits of a summed index; a ValueError if it is not summed."""
        summed = {limit[0]: limit for limit in self.limits}
        if index not in summed:
            names = ", ".join(map(str, summed)) or "nothing"
            twin = _twin(index, set(summed))
            raise ValueError(f"{index} is not summed, only {names}"
                             + (f": {twin}" if twin else ""))
        return summed[index]

    def _expect_free(self, what: str, expression: sp.Expr) -> None:
        """Refuse an expression with a summed index: the sum would capture it."""
        summed = {str(limit[0]) for limit in self.limits}
        held = sorted(summed & set(map(str, sp.sympify(expression).free_symbols)))
        if held:
            raise ValueError(f"{what} holds {', '.join(held)}, which this sum runs over: take an "
                             "index of another name, such as a or i")


def _twin(symbol: sp.Symbol, others: set[sp.Symbol]) -> str:
    """A hint about a symbol that looks like one of the others but is a different one."""
    if str(symbol) not in map(str, others):
        return ""
    return (f"the {symbol} given is another symbol of the same name, with other assumptions; "
            f"take {symbol} of convlib.symbolic")


def _has_axes(value: Any) -> bool:
    """Whether a value is an array, a matrix or a list; asked without NumPy, which may be absent."""
    if hasattr(value, "shape"):
        return len(value.shape) > 0
    return isinstance(value, Sequence) and not isinstance(value, str)


def _read(arrays: Mapping[str, sp.Array], base: sp.IndexedBase,
          cell: tuple[sp.Expr, ...]) -> sp.Expr:
    """The entry at a cell, 0 outside the array; a SymPy vector is read by one index."""
    name: str = base.name
    array = arrays[name]
    if len(cell) == 1 and array.rank() == 2 and 1 in array.shape:
        array = array.reshape(len(array))
    if array.rank() != len(cell):
        raise ValueError(f"{name} has shape {array.shape}, but the sum reads "
                         f"{name}[{', '.join(map(str, cell))}], with {len(cell)} indices")
    if not all(n.is_Integer for n in map(sp.sympify, cell)):
        raise ValueError(f"a fractional index: {cell}")
    inside = all(0 <= n < size for n, size in zip(cell, array.shape, strict=True))
    return array[tuple(map(int, cell))] if inside else sp.Integer(0)
