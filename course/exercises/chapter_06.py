"""Exercises of chapter 6: one layer, a sigmoid and a squared loss, from end to end."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from convlib import conv2d, image_matrix, vec
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


def _subscripts(shift: int, *, second: int | None = None, turned: bool = False) -> tuple[Any, ...]:
    """(i + u - shift, j + v - second): the pixel's column and row, which count from 1."""
    import sympy as sp

    i, j, u, v = sp.symbols("i j u v")
    pair = i + u - shift, j + v - (shift if second is None else second)
    return pair[::-1] if turned else pair


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
        hints=("Multiply da by the slope of tanh, as in (6.4).",
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
        hints=("With t = 1, (6.4) becomes dy = -2 a (1 - a)**2.",
               "Differentiate a (1 - a)**2 with respect to a and set the result to 0.",
               "The derivative is (1 - a)(1 - 3a)."),
        wrong={"there the slope of the sigmoid is largest, but the error a - t counts as well":
                   lambda: 0.5,
               "there the error is largest, but the slope of the sigmoid is 0": lambda: 0,
               "there dy is 0, because the activation equals its target": lambda: 1},
        why="An activation near 0 is more wrong than one at 1/3, and yet its dy is smaller."),
    "6.4": Exercise(
        answer=lambda: 0.5 * GOAL.size,
        hints=("The mean of four squares is their sum divided by 4. What happens to dw?",
               "dw is 4 times smaller, and lr times dw must stay the same."),
        wrong={"a smaller gradient needs a larger rate, not a smaller one":
                   lambda: 0.5 / GOAL.size,
               "the mean has a smaller gradient than the sum, so the rate must change":
                   lambda: 0.5},
        why="A learning rate means little unless you also know whether the loss is a sum or a "
            "mean."),
    "6.5": Exercise(
        answer=lambda: _subscripts(1),
        hints=("Which pixels does the formula add up for the first output, u = v = 1?",
               "With i = j = 1 and u = v = 1, the subscripts are 2, 2, and should be 1, 1."),
        wrong={"these are the subscripts of the exercise; for the first output they skip x_{1,1}":
                   lambda: _subscripts(0),
               "the second subscript is wrong as well": lambda: _subscripts(1, second=0),
               "the first subscript is wrong as well": lambda: _subscripts(0, second=1),
               "for the first output, these subscripts are 0, but rows and columns count from 1":
                   lambda: _subscripts(2),
               "these are the right subscripts in the wrong order; the column comes first":
                   lambda: _subscripts(1, turned=True)},
        why="Two indices that start at 1 add up to at least 2, so 1 has to be subtracted."),
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
