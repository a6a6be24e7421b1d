"""Answers as JSON: what a hand-in gives leaves its sandbox as data, never as a pickled object."""

import ast
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from course.exercises.differences import FAILURES, short
from course.exercises.equivalence import is_sequence, opened

MAX_ENTRIES, MAX_TEXT = 20_000, 20_000


class Unknown:
    """In place of an answer that is no data: all that is known of it is how it was written."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __repr__(self) -> str:
        return self.words


def to_plain(value: Any) -> Any:
    """A number, word, sequence, set, dictionary, array or expression as JSON.

    Whatever else it is becomes {"unknown": how it is written}; no kind of answer raises.
    """
    try:
        return _to_plain(value)
    except FAILURES:
        return {"unknown": short(value)}


def _to_plain(value: Any) -> Any:
    value = opened(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value[:MAX_TEXT])
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    if isinstance(value, Fraction):
        return {"fraction": [value.numerator, value.denominator]}
    if hasattr(value, "free_symbols"):
        from sympy import srepr

        return {"expression": srepr(value)}
    if isinstance(value, np.ndarray):
        if value.size > MAX_ENTRIES:
            return {"unknown": f"an array of {value.size:,} entries"}
        return {"array": [to_plain(part) for part in value.ravel().tolist()],
                "shape": list(value.shape)}
    if isinstance(value, Mapping):
        return {"dict": [[to_plain(key), to_plain(part)] for key, part in value.items()]}
    if isinstance(value, set | frozenset):
        return {"set": [to_plain(part) for part in value]}
    if is_sequence(value) and len(value) <= MAX_ENTRIES:
        return {"tuple" if isinstance(value, tuple) else "list": [to_plain(p) for p in value]}
    return {"function": short(value)} if callable(value) else {"unknown": short(value)}


def from_plain(plain: Any) -> Any:
    """The answer again, or an Unknown."""
    if not isinstance(plain, dict):
        return plain
    (kind, inside), *_ = plain.items()
    if kind == "unknown":
        return Unknown(inside)
    if kind == "function":
        return lambda: Unknown(inside)
    if kind == "expression":
        try:
            return _expression(ast.parse(inside, mode="eval").body)
        except FAILURES:
            return Unknown(short(inside))
    if kind in ("complex", "fraction"):
        return {"complex": complex, "fraction": Fraction}[kind](*inside)
    if kind == "dict":
        return {from_plain(key): from_plain(part) for key, part in inside}
    parts = [from_plain(part) for part in inside]
    if kind != "array":
        return {"tuple": tuple, "list": list, "set": set}[kind](parts)
    flat = np.array(parts) if all(isinstance(p, int | float | complex) for p in parts) else None
    if flat is None:
        flat = np.empty(len(parts), dtype=object)
        flat[:] = parts
    return flat.reshape(plain["shape"])


def _expression(node: ast.AST, text: bool = False) -> Any:
    """What `srepr` wrote, built again from SymPy's classes; nothing else can be called.

    Only names and numbers in digits are given as text: SymPy would run any other text as code.
    """
    import sympy as sp
    from sympy.functions.elementary.piecewise import ExprCondPair

    if isinstance(node, ast.Constant) and (text or not isinstance(node.value, str)):
        return node.value
    if isinstance(node, ast.Tuple):
        return tuple(map(_expression, node.elts))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_expression(node.operand)
    if isinstance(node, ast.Call):
        known = _expression(node.func)
        named = known in (sp.Symbol, sp.Dummy, sp.Float, sp.Function)
        return known(*(_expression(part, named) for part in node.args),
                     **{str(part.arg): _expression(part.value) for part in node.keywords})
    if isinstance(node, ast.Name):
        known = ExprCondPair if node.id == "ExprCondPair" else getattr(sp, node.id, None)
        if isinstance(known, sp.Basic) or (
                isinstance(known, type) and issubclass(known, sp.Basic)):
            return known
    raise ValueError(f"no expression: {ast.unparse(node)[:60]}")
