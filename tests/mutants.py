"""Small mistakes in a piece of code: one operator, one constant, one keyword at a time."""

import ast
import copy
from typing import NamedTuple

OPERATORS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult, ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.MatMult: ast.Mult,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot,
    ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And, ast.BitAnd: ast.BitOr,
}  # no BitOr: it mostly joins types


class Mutant(NamedTuple):
    """The whole changed code, where it was changed, and what stands there now."""

    code: str
    line: int
    words: str


def mutants(code):
    """Every mutant of the code, in the order of its lines. Comments are lost on the way."""
    tree = ast.parse(code)
    found, strict = [], {id(node.value) for node in ast.walk(tree)
                         if isinstance(node, ast.keyword) and node.arg == "strict"}
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in strict:  # zip does the same without
            continue
        for change in range(len(_changes(node))):
            changed = copy.deepcopy(tree)
            target = next(n for i, n in enumerate(ast.walk(changed)) if i == number)
            before = ast.unparse(target)
            _changes(target)[change]()
            found.append(Mutant(ast.unparse(changed), getattr(node, "lineno", 0),
                                f"{before}  ->  {ast.unparse(target)}"))
    right = ast.unparse(tree)
    return sorted((m for m in found if m.code != right), key=lambda mutant: mutant.line)


def _changes(node):
    """What could be changed in this node, each as a function that does it."""
    if isinstance(node, (ast.BinOp, ast.AugAssign, ast.BoolOp)):
        return [lambda: setattr(node, "op", OPERATORS[type(node.op)]())] * (
            type(node.op) in OPERATORS)
    if isinstance(node, ast.Compare):
        return [lambda i=i, op=op: node.ops.__setitem__(i, OPERATORS[type(op)]())
                for i, op in enumerate(node.ops)]
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return [lambda: setattr(node, "value", node.value + 1),
                lambda: setattr(node, "value", node.value - 1)]
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        return [lambda: setattr(node, "value", not node.value)]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return [lambda: setattr(node, "op", ast.UAdd())]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return [lambda: setattr(node, "operand", ast.UnaryOp(ast.Not(), node.operand))]
    if isinstance(node, ast.Call):
        return [lambda i=i: node.keywords.pop(i) for i, k in enumerate(node.keywords)
                if k.arg not in (None, "strict")]
    return []
