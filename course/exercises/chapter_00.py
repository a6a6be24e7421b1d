"""Exercises of the opening chapter: what a gradient says, and how to find it."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from convlib import conv1d, conv1d_backward
from convlib.symbolic import symbols
from course.exercises.exercise import Call, Exercise

X, W, DY = np.array([1, 2, 3, 5]), np.array([10, 1]), np.array([2, 4, 7])
Y = conv1d(X, W)
LOSS = (DY * Y).sum()
DX, DW, _ = conv1d_backward(DY, X, W)
U = np.array([1, 0, 1, 1, 2])  # input of an earlier layer, whose kernel is [1, 2]
DY3, W3 = symbols("dy", 3), symbols("w", 3)


def _lowered(units: int) -> tuple[Any, Any]:
    """L when x[2] falls by so many units, and the rise of x[3] that makes up for it."""
    low = (DY * conv1d(X - [0, 0, units, 0], W)).sum()
    return low, (LOSS - low) / DX[3]


def _cases() -> Iterator[Call]:
    rng = np.random.default_rng(0)
    for sizes in ((4, 2), (7, 3), (6, 4), (3, 3)):
        yield tuple(rng.integers(1, 10, size) for size in sizes), {}


EXERCISES = {
    "0.1": Exercise(
        answer=lambda: _lowered(7),
        wrong={"the first number is the change in L; give L itself":
                   lambda: (_lowered(7)[0] - LOSS, _lowered(7)[1]),
               "you have lowered x[2] by 1 instead of 7": lambda: _lowered(1),
               "L is right, but dx[3] is smaller than dx[2], so x[3] must rise by more than 7":
                   lambda: (_lowered(7)[0], 7)},
        hints=("L is linear in x[2], so it changes by the same amount for every unit of x[2].",
               "L falls by 7·74, and each unit of x[3] raises it by 7."),
        why="Seven units at a rate of 74 change L as much as 74 units at a rate of 7. L may be "
            "negative, because it only stands in for a loss."),
    "0.2": Exercise(
        answer=lambda: (7, [0], [1, 2, 3]),
        wrong={"that is the length of y; dx has one entry for each entry of x":
                   lambda: (5, [0], [1, 2, 3]),
               "with three weights, x[3] is used at three positions of the kernel":
                   lambda: (7, [0], [2, 3]),
               "those are the inputs next to x[0] and x[3]; at which positions does the kernel "
               "cover them?": lambda: (7, [0, 1, 2], [3, 4, 5])},
        hints=("Put the kernel at its first position, then move it along: when does it cover x[0]?",
               "Output p uses x[p], x[p+1] and x[p+2]; for which p is one of them x[3]?"),
        why="From the left, the entries have 1, 2, 3, 3, 3, 2 and 1 paths."),
    "0.3": Exercise(
        answer=lambda: DY3 @ W3[::-1],
        wrong={"the weights are in the wrong order: y[0] uses x[2] with its last weight":
                   lambda: DY3 @ W3,
               "these are the upstream gradients alone; multiply each by its local gradient":
                   lambda: DY3.sum(),
               "these are two of the three paths; y[0] uses x[2] as well":
                   lambda: DY3[1] * W3[1] + DY3[2] * W3[0]},
        hints=("The kernel covers x[2] at all three positions, so there are three paths.",
               "At its first position it covers x[0] to x[2]. Which weight multiplies x[2]?"),
        why="As the index of dy rises, the index of w falls: the kernel appears flipped."),
    "0.4": Exercise(
        answer=lambda: ((DY * Y).sum(), X[1:]),
        wrong={"the list is right, but the first number should be what the wrong formula gives":
                   lambda: (DW[1], X[1:]),
               "the number is right; but these are the entries that w[0] multiplies":
                   lambda: ((DY * Y).sum(), X[:3]),
               "the number is right; but these are the outputs, and w[1] multiplies inputs":
                   lambda: ((DY * Y).sum(), Y)},
        hints=("You have already computed this sum in the chapter, under another name.",
               "It is L itself. By how much does y[0] change when w[1] rises by 1?"),
        why="The local gradient of w[1] is the entry of x that it multiplies, not the output."),
    "0.5": Exercise(
        answer=lambda: conv1d(U, DX),
        wrong={"you took dy as the upstream gradient; the output of the earlier layer is x, "
               "so its upstream gradient is dx": lambda: conv1d(U[:4], DY),
               "you used the values of x; the upstream gradient of the earlier layer is dx":
                   lambda: conv1d(U, X),
               "the upstream gradient is missing: these are sums of local gradients":
                   lambda: conv1d(U, np.ones_like(DX)),
               "dx is in the wrong order; v[0] meets u[0] in the output x[0], and dx[0] is 20":
                   lambda: conv1d(U, DX[::-1])},
        hints=("The output of the earlier layer is x. What is its upstream gradient?",
               "v[0] multiplies u[0] to u[3], one in each output; the upstream gradients are dx."),
        why="Our dx is the dy of the layer before ours, which needs nothing else from us."),
    "0.6": Exercise(
        answer=lambda: conv1d, cases=lambda: list(_cases()),
        wrong={"the kernel is read backward: the first weight belongs to the first entry it covers":
                   lambda: lambda x, w: np.convolve(x, w, "valid"),
               "the last position of the kernel is missing":
                   lambda: lambda x, w: conv1d(x, w)[:-1],
               "the kernel runs over the ends of x; use only the positions where all of it fits":
                   lambda: lambda x, w: conv1d(x, w, padding="full"),
               "this is for two weights only": lambda: lambda x, w: w[0] * x[:-1] + w[1] * x[1:]},
        hints=("At how many positions does a kernel of len(w) fit on len(x) entries?",
               "For each p up to len(x) - len(w), add up w[r] * x[p + r] over r."),
        why="Two loops, over p and over r, are the whole layer."),
}
