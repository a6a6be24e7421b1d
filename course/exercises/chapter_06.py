"""Exercises of chapter 6: one layer, a sigmoid and a squared loss, from end to end."""

from collections.abc import Callable, Iterator
from functools import cache

import numpy as np

from convlib import sigmoid, sigmoid_backward, squared_error_backward
from convlib.conv import conv2d, conv2d_backward
from course.exercises.exercise import Array, Call, Exercise

X = np.array([[1, 2, 0], [0, 1, 3], [2, 1, -1]])
W = np.array([[0.5, -1], [1, 0.25]])
T = np.array([[1, 0], [0.5, 1]])
DY = np.array([[-0.269, 0.106], [0.096, -0.215]])  # rounded, as the question prints it


def _chain(price: Callable[[Array, Array, Array], Array] = lambda y, a, t: sigmoid_backward(
        squared_error_backward(a, t), y)) -> Callable[..., Array]:
    """dw of L = sum (sigmoid(x ⋆ w) - t)^2, or what another dy = price(y, a, t) makes of it."""
    def dw(x: Array, w: Array, t: Array) -> Array:
        y = conv2d(x, w)
        return conv2d_backward(price(y, sigmoid(y), np.asarray(t)), x, w).dw
    return dw


kernel_gradient = _chain()


@cache
def _stuck_output(lr: float = 20, steps: int = 200) -> tuple[int, ...]:
    """The output [p, q] that adds most to the loss after descending with rate lr."""
    w = W
    for _ in range(steps):
        w = w - lr * kernel_gradient(X, w, T)
    parts = (sigmoid(conv2d(X, w)) - T) ** 2
    return tuple(int(n) for n in np.unravel_index(parts.argmax(), parts.shape))


def _asked_in_vain(height: int, width: int, shift: int,
                   order: tuple[int, int] = (0, 1)) -> set[tuple[int, int]]:
    """Zero-based (row, column) cells that x_{i+x-shift, j+y-shift} asks for outside the image.

    All of i, j, x, y count from 1, the kernel is 2 x 2, and the column stands first.
    """
    asked = {(j + y - shift - 1, i + x - shift - 1) for i in (1, 2) for j in (1, 2)
             for x in range(1, width) for y in range(1, height)}
    missing = {cell for cell in asked if not (0 <= cell[0] < height and 0 <= cell[1] < width)}
    return {(cell[order[0]], cell[order[1]]) for cell in missing}


def _cases() -> Iterator[Call]:
    rng = np.random.default_rng(6)
    sizes = [((3, 3), (2, 2)), ((4, 6), (2, 3)), ((5, 3), (3, 1))]
    for (H, width), (R, S) in sizes:
        x, w = rng.normal(size=(H, width)), rng.normal(size=(R, S))
        yield (x, w, rng.random((H - R + 1, width - S + 1))), {}


EXERCISES = {
    "6.1": Exercise(
        answer=lambda: 3 / 6,
        hints=("By which factor is every entry of the careless gradient too large?",
               "A step is lr times the gradient. If one factor is 6 times as large, the other has "
               "to be 6 times as small."),
        wrong={"you multiplied by 6; the gradient is already too large": lambda: 3 * 6,
               "the direction is the same, but the step is not": lambda: 3,
               "4 was the divisor of a 2 by 2 kernel; this kernel has 2 by 3 taps":
                   lambda: 3 / 4},
        why="The divisor is the number of taps, 2·3 = 6, and 6 · 0.5 = 3.",
    ),
    "6.2": Exercise(
        answer=lambda: conv2d(X, DY)[1, 0],
        hints=("Four paths: from w[1,0] to each output, and on to L with the price dy.",
               "Output [p,q] reads x[p+1, q] through this tap: the cells 0, 1, 2, 1."),
        wrong={"this is one path of four": lambda: DY[1, 0] * X[2, 0],
               "this is dw[0,1]: the row of a tap comes first":
                   lambda: conv2d(X, DY)[0, 1],
               "this is dw[1,1]: its window starts one column too far to the right":
                   lambda: conv2d(X, DY)[1, 1],
               "this is the mean over the outputs; the paths are added":
                   lambda: conv2d(X, DY)[1, 0] / DY.size},
        why="0·(-0.269) + 1·0.106 + 2·0.096 + 1·(-0.215): a window of x, weighted with dy.",
        digits=3,
    ),
    "6.3": Exercise(
        answer=_stuck_output,
        hints=("Move the slider to 20 and read the table in the picture.",
               "0.25 is 0.5 squared: which target lies half-way up the sigmoid?"),
        wrong={"that is (column, row); this book writes the row first":
                   lambda: _stuck_output()[::-1]},
        why="Its a is 1 where 0.5 was wanted, (1 - 0.5)² = 0.25, and a(1 - a) is nearly 0 there.",
    ),
    "6.4": Exercise(
        answer=lambda: 0.5 * T.size,
        hints=("The mean of four squares is their sum, divided by 4. What happens to dw?",
               "dw is 4 times smaller, and lr · dw has to stay what it was."),
        wrong={"the other way round: a smaller gradient needs a larger rate": lambda: 0.5 / T.size,
               "the mean has another gradient than the sum, so the rate has to change":
                   lambda: 0.5},
        why="Sum or mean is a matter of scale: rate and loss have to be quoted together.",
    ),
    "6.5": Exercise(
        answer=lambda: _asked_in_vain(3, 4, shift=0),
        hints=("Let x and i be as large as they can be, then y and j. Which subscripts come out?",
               "Columns i + x run over 2..5, rows j + y over 2..4, counted from 1. Translate them "
               "to rows and columns counted from 0, row first."),
        wrong={"these are the right cells with the column first; write (row, column)":
                   lambda: _asked_in_vain(3, 4, shift=0, order=(1, 0)),
               "these are the cells counted from 1; count rows and columns from 0":
                   lambda: {(r + 1, c + 1) for r, c in _asked_in_vain(3, 4, shift=0)},
               "with the slip repaired no cell is missing; take the formula as it is printed":
                   lambda: _asked_in_vain(3, 4, shift=1)},
        why="Right is x with subscripts i+x-1, j+y-1; the printed one never reads x[0,0] either.",
    ),
    "6.6": Exercise(
        answer=lambda: kernel_gradient,
        cases=_cases,
        hints=("Go back from L: da first, then dy, then chapter 4.",
               "da = 2 * (a - t), dy = da * a * (1 - a), and dw correlates x with dy."),
        wrong={"the factor a(1 - a) is missing: da has not gone through the sigmoid":
                   lambda: _chain(lambda y, a, t: 2 * (a - t)),
               "the factor 2 of the square is missing":
                   lambda: _chain(lambda y, a, t: (a - t) * a * (1 - a)),
               "the slope of the sigmoid is a(1 - a); you used y(1 - y)":
                   lambda: _chain(lambda y, a, t: 2 * (a - t) * y * (1 - y)),
               "t - a has the wrong sign: this goes uphill":
                   lambda: _chain(lambda y, a, t: 2 * (t - a) * a * (1 - a)),
               "this is the gradient of the mean; the loss is a sum":
                   lambda: _chain(lambda y, a, t: 2 * (a - t) * a * (1 - a) / a.size),
               "the prices are right, but dw came out rotated by 180 degrees; it is not flipped":
                   lambda: lambda x, w, t: kernel_gradient(x, w, t)[::-1, ::-1]},
        why="Only the line with a(1 - a) is new; the rest is chapter 4.",
    ),
}
