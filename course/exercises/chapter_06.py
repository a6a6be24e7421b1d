"""Exercises of chapter 6: one layer, a sigmoid and a squared loss, from end to end."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from convlib import conv2d, image_matrix, sigmoid, vec
from convlib.symbolic import symbols
from course.exercises.exercise import Array, Call, Exercise

X = np.array([[1, 2, 0], [0, 1, 3], [2, 1, -1]])
GOAL = np.array([[0.9, 0.2], [0.5, 0.7]])


def _chain(price: Callable[[Array, Array], Array]) -> Callable[..., Array]:
    """dw of a layer y = x ⋆ w, a = tanh(y) whose dy is price(a, t)."""
    def dw(x: Array, w: Array, t: Array) -> Array:
        return conv2d(x, price(np.tanh(conv2d(x, w)), np.asarray(t)))
    return dw


kernel_gradient = _chain(lambda a, t: 2 * (a - t) * (1 - a**2) / a.size)


def _price(factor: Callable[[Any, Any], Any] = lambda a, t: 2 * (a - t) * (1 - a**2)) -> Any:
    """dy of one output a = tanh(y) under (a - t)^2, in the symbols a and t."""
    import sympy as sp

    return factor(*sp.symbols("a t"))


def _perfect(target: Array = GOAL, *, solve: bool = True) -> Array:
    """The kernel for which sigmoid(X ⋆ w) is the target: logit, then one linear solve."""
    y = vec(np.log(target / (1 - target)) if solve else target)
    return np.linalg.solve(image_matrix(X, (2, 2)), y).reshape(2, 2)


def _slope(y: float) -> float:
    """a (1 - a) of the sigmoid."""
    return float(sigmoid(y) * (1 - sigmoid(y)))


def _half(y: float) -> float:
    """dy for an activation with a target of 0.5."""
    return float(2 * (sigmoid(y) - 0.5) * _slope(y))


def _brighter(rate: Callable[[Any, Any], Any] = lambda db, taps: db * taps) -> Any:
    """dL/dc for x + c, in the symbol db and the sum of the taps."""
    import sympy as sp

    return rate(sp.Symbol("db"), symbols("w", (2, 2)).sum())


def _cases() -> Iterator[Call]:
    rng = np.random.default_rng(6)
    sizes = [((3, 3), (2, 2)), ((4, 6), (2, 3)), ((5, 3), (3, 1))]
    for (H, width), (R, S) in sizes:
        x, w = rng.normal(size=(H, width)), rng.normal(size=(R, S))
        yield (x, w, rng.random((H - R + 1, width - S + 1))), {}


EXERCISES = {
    "6.1": Exercise(
        answer=lambda: 3 / 6,
        hints=("How many times too large is every entry of your colleague's gradient?",
               "A step is lr times the gradient. If the gradient is 6 times too large, lr must be "
               "6 times smaller."),
        wrong={"you multiplied by 6, but the gradient is already too large": lambda: 3 * 6,
               "the gradient is too large, so with this rate the steps would be too long":
                   lambda: 3,
               "this divides by 4, but this kernel has 2 by 3 taps": lambda: 3 / 4},
        why="The divisor is the number of taps, 2·3 = 6, and 6 · 0.5 = 3."),
    "6.2": Exercise(
        answer=_price,
        hints=("Multiply da by the slope of tanh, as in (6.3).",
               "If a = tanh(y), the slope da/dy is 1 - a**2."),
        wrong={"a(1 - a) is the slope of the sigmoid, not that of tanh":
                   lambda: _price(lambda a, t: 2 * (a - t) * a * (1 - a)),
               "this is da; it has not passed through tanh yet":
                   lambda: _price(lambda a, t: 2 * (a - t)),
               "the factor 2 of the square is missing":
                   lambda: _price(lambda a, t: (a - t) * (1 - a**2)),
               "the sign is wrong: with it, gradient descent goes uphill":
                   lambda: _price(lambda a, t: 2 * (t - a) * (1 - a**2))},
        why="Another activation changes the slope and nothing else."),
    "6.3": Exercise(
        answer=lambda: 1 / 3, digits=3,
        hints=("With t = 1, (6.3) becomes dy = -2 a (1 - a)**2.",
               "Differentiate a (1 - a)**2 with respect to a and set the result to 0.",
               "The derivative is (1 - a)(1 - 3a)."),
        wrong={"there the slope of the sigmoid is largest, but the error a - t counts as well":
                   lambda: 0.5,
               "there the error is largest, but the slope of the sigmoid is 0": lambda: 0,
               "there dy is 0, because the activation equals its target": lambda: 1},
        why="An activation near 0 is more wrong than one at 1/3, and yet its dy is smaller."),
    "6.4": Exercise(
        answer=lambda: _half(1) / _half(10), digits=0,
        hints=("dy has two factors: the error, and the slope of the sigmoid.",
               "a = sigmoid(y), and dy = 2 * (a - 0.5) * a * (1 - a), once for each y."),
        wrong={"this is the ratio of the slopes, but the errors differ as well":
                   lambda: round(_slope(1) / _slope(10)),
               "this is the ratio of the errors, but the slopes differ as well":
                   lambda: (sigmoid(10) - 0.5) / (sigmoid(1) - 0.5),
               "the ratio is upside down: dy is smaller at y = 10":
                   lambda: _half(10) / _half(1)},
        why="At y = 10 the error is twice as large, but the slope is over 4,000 times smaller."),
    "6.5": Exercise(
        answer=_brighter,
        hints=("By how much does each output go up if every pixel goes up by c?",
               "By c times the sum of the taps, as if the bias had gone up by that amount."),
        wrong={"this is the rate for the bias, but c meets every tap of the kernel":
                   lambda: _brighter(lambda db, taps: db),
               "c is multiplied by each of the four taps, not by 1":
                   lambda: _brighter(lambda db, taps: 4 * db),
               "this is how fast each output goes up; each is still to be multiplied by its dy":
                   lambda: _brighter(lambda db, taps: taps),
               "an output is the sum of its products, not their mean":
                   lambda: _brighter(lambda db, taps: db * taps / 4)},
        why="This is the sum of all entries of dx, and a good check of a backward pass."),
    "6.6": Exercise(
        answer=lambda: kernel_gradient,
        cases=_cases,
        hints=("Work back from the loss: first da, then dy, then dw as in chapter 4.",
               "da = 2 * (a - t) / a.size, dy = da * (1 - a**2), and dw slides dy along x."),
        wrong={"the slope of tanh is missing: da is used in place of dy":
                   lambda: _chain(lambda a, t: 2 * (a - t) / a.size),
               "a(1 - a) is the slope of the sigmoid, not that of tanh":
                   lambda: _chain(lambda a, t: 2 * (a - t) * a * (1 - a) / a.size),
               "the factor 2 of the square is missing":
                   lambda: _chain(lambda a, t: (a - t) * (1 - a**2) / a.size),
               "the sign is wrong: with t - a, gradient descent goes uphill":
                   lambda: _chain(lambda a, t: 2 * (t - a) * (1 - a**2) / a.size),
               "this is the gradient of the sum, but the loss is a mean":
                   lambda: _chain(lambda a, t: 2 * (a - t) * (1 - a**2)),
               "dy is right, but dw is rotated by 180 degrees; nothing is flipped in dw":
                   lambda: lambda x, w, t: kernel_gradient(x, w, t)[::-1, ::-1]},
        why="Only dy depends on the loss and the activation; the rest is chapter 4."),
    "6.7": Exercise(
        answer=_perfect, digits=2,
        hints=("Which y gives the sigmoid these values? Solve a = 1/(1 + exp(-y)) for y.",
               "y = log(a / (1 - a)). Each output is a window of x times the four taps.",
               "Stack the windows as the rows of image_matrix(x, w.shape), then use "
               "np.linalg.solve and reshape."),
        wrong={"this solves x ⋆ w = t, but the sigmoid still follows":
                   lambda: _perfect(solve=False),
               "this has the right taps in the wrong positions: fill the kernel row by row":
                   lambda: _perfect().T},
        why="Four outputs and four taps: a linear solve gives at once what 200 steps only "
            "approach."),
}
