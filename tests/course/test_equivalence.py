"""An answer is right in every form it can have, and no answer is so odd that the checker breaks."""

import sys
from collections import deque
from decimal import Decimal
from fractions import Fraction
from itertools import count

import hypothesis.strategies as st
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings

from convlib import Gradients
from course.exercises import all_exercises, grading, same
from course.exercises.differences import short
from course.exercises.exercise import Exercise

VALUES = {number: asked for number, asked in all_exercises().items() if not asked.cases}
X, Y = sp.symbols("x y")
WHOLE = sp.Symbol("x", integer=True)


@pytest.mark.parametrize("answer,right", [
    (42, 42.0), (1 / 3, sp.Rational(1, 3)), ([1, 2], np.array([1, 2])), ((1, 2), [1, 2]),
    (np.array([[1, 2], [3, 4]]), ((1, 2), (3, 4))), (X * (X + 1), X**2 + X), ([2 * X], [X + X]),
    (sp.Matrix([[1, X]]), np.array([[1, X]])), ("  No  FLIP", "no flip"), ({1, 2}, {2, 1}),
    (sp.sin(X) ** 2 + sp.cos(X) ** 2, 1), (True, 1), ([(0, 1), (1, 0)], {(1, 0), (0, 1)}),
    (Gradients(np.ones((2, 2)), np.ones(3), 1.0), (np.ones((2, 2)), np.ones(3), 1)),
    (sp.Max(0, X), sp.Max(X, 0)), (0.1 + 0.2, 0.3), ({"dx": 1}, {"dx": 1.0}),
    ((np.array(392), 31), (392, 31)), (np.array(392), 392),
    ([np.array(1), [np.array(2)]], (1, [2])),
    (np.array("no flip"), "no flip"), (np.str_("No_Flip"), "no flip"), ((361.0, " X "), (361, "x")),
    (range(3), [0, 1, 2]), (Fraction(1, 3), 1 / 3), (Decimal("0.5"), 0.5), (np.float32(0.5), 0.5),
    ({np.int64(1), 2}, {1, 2}), ([np.array([0, 1]), (1, 0)], {(1, 0), (0, 1)}), (sp.true, True),
    (X * (X + 1) / X, X + 1), (0.5 * X, X / 2), (WHOLE + 1, X + 1), ((-1) ** (2 * WHOLE), 1),
    (sp.sqrt(2), 2**0.5), ((X + Y) ** 5, sp.expand((X + Y) ** 5)), (np.longdouble(2), 2),
    (1e6 + 1e-4, 1e6), (-1e6 - 1e-4, -1e6), (5e-10, 0),  # rounding, of large numbers and of small
    (np.array([[1, X]], object), sp.Matrix([[1, X]])), (np.inf, np.inf), (np.nan, np.nan),
], ids=short)
def test_the_same(answer, right):
    assert same(answer, right)


@pytest.mark.parametrize("answer,right", [
    (42, 43), ([1, 2], [[1, 2]]), ([2, 1], [1, 2]), (X + 1, X), ("flip", "no flip"), (1, "1"),
    ({1}, {1, 2}), (np.nan, 1.0), (1.0, np.nan), (0.300001, 0.3), ({"dx": 1}, {"dw": 1}),
    ((np.ones(2), np.ones(3)), (np.ones(3), np.ones(2))), (sp.Symbol("y"), X), (1e-3, 0),
    ("1", 1), ((1, "1"), (1, 1)), ((1, 1), (1, "1")), (1, [1]), ([1], 1), (10**5000, 7), (7j, 7),
    (sp.Max(0, X), X), (sp.Max(0, X), sp.Max(0, X - 1)), (X, sp.Max(X, -2)), (sp.oo, 7), (-1, 1),
    (X / (X - X + 1) + 1e-6, X), (sp.sqrt(X**2), X), ({"a": 1, "b": 2}, {"a": 1}), (sp.zoo, 1),
    (1e6 + 1e-2, 1e6), (1.5e-9, 0),
    (np.zeros((2, 3)), np.zeros((3, 2))), (np.ones(3), np.ones(2)), ((1, 2, 3), {1, 2}),
], ids=short)
def test_not_the_same(answer, right):
    assert not same(answer, right)


def test_digits_allow_rounding_and_no_more():
    assert same(0.667, 2 / 3, digits=3) and same([0.667], [2 / 3], digits=3)
    assert not same(0.668, 2 / 3, digits=3) and not same(0.66, 2 / 3, digits=3)


# ------------------------------------------------------------------ the forms of an answer
@st.composite
def forms(draw, right):
    """The right answer, written in another way."""
    if isinstance(right, str):
        return draw(st.sampled_from([right, right.upper(), f"  {right} ", right.replace("_", " "),
                                     np.array(right), np.str_(right)]))
    if isinstance(right, dict):
        return {key: draw(forms(right[key])) for key in draw(st.permutations(sorted(right)))}
    if isinstance(right, (set, frozenset)):
        members = draw(st.permutations(sorted(right, key=str)))
        return draw(st.sampled_from([set, frozenset, list, tuple, iter, deque_free]))(members)
    if isinstance(right, sp.MatrixBase):
        right = np.array(right)
    if (isinstance(right, np.ndarray) and right.ndim) or isinstance(right, (tuple, list)):
        parts = [draw(forms(part)) for part in right]
        return draw(st.sampled_from([tuple, list, as_array]))(parts)
    return draw(st.sampled_from(list(numbers(right))))


def deque_free(members):
    """What iterates once and has no length."""
    return (member for member in members)


def as_array(parts):
    cells = np.empty(len(parts), object)
    for n, part in enumerate(parts):
        cells[n] = part
    return cells


def numbers(right):
    """One number or expression in every type that holds it."""
    right = right.item() if isinstance(right, (np.ndarray, np.generic)) else right
    yield from (right, np.array(right, object), sp.sympify(right))
    if not hasattr(right, "free_symbols"):
        yield from (np.array(right), np.asarray(right)[()], complex(right), Fraction(right))
        if right == int(right):
            yield from (int(right), float(right), np.int64(right), Decimal(int(right)))
    elif not isinstance(right, sp.Max | sp.Min):
        yield from (sp.expand(right), sp.factor(right), right + X - X)


def spoilt(right):
    """The right answer with its first number or word another one."""
    if isinstance(right, str):
        return right + "!"
    if isinstance(right, dict):
        key = next(iter(right))
        return right | {key: spoilt(right[key])}
    if isinstance(right, (set, frozenset)):
        return set(right) | {"another"}
    if isinstance(right, sp.MatrixBase):
        right = np.array(right)
    if (isinstance(right, np.ndarray) and right.ndim) or isinstance(right, (tuple, list)):
        return [spoilt(right[0]), *right[1:]]
    return 1 - right if isinstance(right, bool | np.bool_) else right + 1


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(VALUES)), st.data())
def test_the_right_answer_is_right_in_every_form_and_a_wrong_one_in_none(number, data):
    right = VALUES[number].answer()
    verdict = grading.judge(VALUES[number], data.draw(forms(right)))
    assert verdict.right and verdict.message == VALUES[number].why
    verdict = grading.judge(VALUES[number], data.draw(forms(spoilt(right))))
    assert not verdict.right and verdict.message


# ------------------------------------------------------------------ odd answers
class Evil:
    """An object all of whose methods raise."""

    def fail(self, *args):
        raise SystemExit("evil")

    def __repr__(self):
        raise RuntimeError("evil")

    __str__ = __eq__ = __hash__ = __len__ = __iter__ = __getattr__ = __bool__ = fail
    __add__ = __radd__ = __sub__ = __lt__ = __float__ = __complex__ = __array__ = fail


def itself():
    loop = []
    loop.append(loop)
    return loop


RIGHT = [3, "x", (3, 0), {1, 2}, {"a": 1}, np.eye(2), (1, [2, 3]), X + 1, sp.eye(2)]
LONG = sp.Symbol("a" * 10**6)
ODD = ["x", b"x", float("nan"), float("inf"), [], (), {}, set(), range(3), np.array("a"), len,
       [[1], [2, 3]], object(), sp.nan, sp.oo, 1 + 2j, 10**400, sp.Eq(X, 1), [X, "b"], slice(1),
       None, NotImplemented, 10**5000, -(10**5000), Evil(), itself(), LONG, "a" * 10**6,
       range(10**9), np.broadcast_to(0, (10**9,)), np.broadcast_to(0, (2, 10**9)), deque([1]),
       [0] * 10**6, {**dict.fromkeys(range(10**5))}, set(range(10**5)), frozenset(), sp.Matrix(),
       sp.zeros(101, 101), sp.Array([8, 6]), (X + Y) ** 10**6, sp.exp(sp.exp(sp.exp(sp.exp(X)))),
       sp.Product(X, (X, 1, 10**9)), sp.Integral(sp.sin(X * Y) / X, (X, 1, sp.oo)), X < 1,
       sp.Function("f")(X), np.ma.masked,
       np.ma.masked_array([3, 0], [False, True]), np.datetime64("2020-01-01"), np.void(b"ab"),
       Decimal("NaN")]


@pytest.mark.parametrize("number", all_exercises())
def test_no_answer_is_so_odd_that_the_grader_breaks(number):
    asked = all_exercises()[number]
    for odd in ODD:
        for answer in (odd, [1, odd], iter([odd])):
            verdict = grading.judge(asked, answer)
            assert not verdict.right and 0 < len(verdict.message) < 250


@pytest.mark.parametrize("endless", [count, lambda: iter(int, 1), lambda: map(str, count()),
                                     lambda: (n for n in count())])
@pytest.mark.parametrize("right", RIGHT, ids=short)
def test_an_endless_iterator_is_answered(endless, right):
    asked = Exercise(answer=lambda: right, hints=("a", "b"))
    for answer in (endless(), (endless(), 3), [1, endless()]):
        assert grading.judge(asked, answer).message == "this gives more than 10,000 entries"


MAKERS = {"list": list, "tuple": tuple, "iterator": iter, "array": as_array,
          "dictionary": lambda parts: dict(enumerate(parts))}
# Hypothesis prints what it draws, which not all of ODD survive: so it draws how to make an answer.
RECIPES = st.recursive(
    st.integers(0, len(ODD) - 1) | st.floats() | st.text() | st.fractions(),
    lambda inner: st.tuples(st.sampled_from(sorted(MAKERS)), st.lists(inner, max_size=4)))


def made(recipe):
    if isinstance(recipe, tuple):
        return MAKERS[recipe[0]]([made(part) for part in recipe[1]])
    return ODD[recipe] if isinstance(recipe, int) else recipe


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(RIGHT) - 1), RECIPES)
def test_whatever_an_answer_is_the_reader_is_told_in_words(n, recipe):
    asked = Exercise(answer=lambda: RIGHT[n], hints=("a", "b"))
    verdict = grading.judge(asked, made(recipe))
    assert verdict.right or 0 < len(verdict.message) < 250


@pytest.mark.parametrize("value, shown", [
    (3, "3"), ("three", "'three'"), ([1, 2], "[1, 2]"), (np.array([1, 2]), "array([1, 2])"),
    (10**5000, "<int"), (Evil(), "<Evil"), ([Evil()], "[<Evil"), (itself(), "[[[[[[[...]]]]]]]"),
    ([0] * 10**6, "[0, 0, 0, 0, 0, 0, ...]"), ("a" * 10**6, "'aaaaaaa"), (LONG, "aaaaaaa"),
], ids=range(11))  # an object's address in a name would differ from worker to worker
def test_an_answer_is_shown_shortly(value, shown):
    assert short(value).startswith(shown) and len(short(value)) <= 60


def test_no_more_of_an_answer_is_read_than_the_right_one_has():
    read = []

    class Watched(list):
        def __iter__(self):
            return map(read.append, range(sys.maxsize))

    Watched.__len__ = lambda self: 10**6
    assert not same(Watched(), [1, 2]) and not read


@pytest.mark.parametrize("value", [iter([1]), map(abs, [1]), object(), [object()]],
                         ids=lambda value: type(value).__name__)
def test_where_an_object_lies_in_memory_is_not_told(value):
    assert " at 0x" in repr(value) and "0x" not in short(value)
