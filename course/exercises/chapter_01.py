"""Exercises of chapter 1: one dimension."""

import numpy as np

from convlib import conv1d, kernel_map
from convlib.symbolic import jacobian, symbols
from course.exercises.exercise import Exercise

X, PLACES, PRICES = np.array([1, 2, 3, 5]), np.array([100, 10, 1]), np.array([2, 4, 7])
NAMES = symbols("w", 3)


def _dw(prices):
    return kernel_map((4,), (2,)).grad_w(prices, X)


def _dx(w):
    return kernel_map((5,), (3,)).grad_x(PRICES, w)


def _jacobian(w):
    x = symbols("x", 5)
    return jacobian(conv1d(x, w), x)


EXERCISES = {
    "1.1": Exercise(
        answer=lambda: _dw(PLACES),
        wrong={"the prices are read backwards; dw has no flip": lambda: _dw(PLACES[::-1])},
        hints=("dw[0] reads x[0], x[1], x[2] under the prices, in this order.",
               "1·100 + 2·10 + 3·1, then one cell further."),
        why="The digits of x stand in their own order: nothing is flipped."),
    "1.2": Exercise(
        answer=lambda: _dx(PLACES)[2],
        wrong={"the kernel is not flipped here: the last price meets the first weight":
                   lambda: _dx(PLACES[::-1])[2],
               "this is dx[1]; count from 0": lambda: _dx(PLACES)[1]},
        hints=("Which weight does the last price meet?", "7·100 + 4·10 + 2·1."),
        why="The prices appear backwards, since p and r run against each other."),
    "1.3": Exercise(
        answer=lambda: _jacobian(NAMES),
        wrong={"a row reads the kernel forwards; you flipped it": lambda: _jacobian(NAMES[::-1]),
               "rows are outputs and columns inputs: this is the transpose":
                   lambda: _jacobian(NAMES).T},
        hints=("Three rows, five columns; the first row is w0, w1, w2, 0, 0.",
               "Each row is the one above it, moved by one."),
        why="Rows read forwards, columns backwards, and nobody flipped anything."),
    "1.4": Exercise(
        answer=lambda: (5 + 2 - 2 + 1, len(conv1d([3], [1, 1], padding=1))),
        wrong={"a price list has the shape of the outputs, and there are six": lambda: (5, 2),
               "one input between two zeros has two places for a kernel of two": lambda: (6, 1)},
        hints=("A price list has the shape of what it prices.",
               "Seven cells with the zeros, a kernel of two: six places."),
        why="Already one input has two outputs, and so two prices."),
    "1.5": Exercise(
        answer=lambda: tuple((n, len(conv1d(np.ones(n), np.ones(2), padding=(1, 0))))
                             for n in (6, 5)),
        wrong={"these would be the outputs with a zero on each side": lambda: ((6, 7), (5, 6)),
               "with a zero on the left only, five inputs give five outputs":
                   lambda: ((6, 6), (5, 6)),
               "the first reading keeps six entries, and needs the sixth input":
                   lambda: ((5, 6), (5, 5))},
        hints=("In both, the only zero stands on the left: padding=(1, 0).",
               "Inputs and one zero, less one for a kernel of two, plus one."),
        why="In both readings the price of the second input is the same."),
    "1.6": Exercise(
        answer=lambda: np.array([4, 7, 4]),
        wrong={"reversed this is another kernel": lambda: np.array([4, 7, 7]),
               "a change of sign shows as well": lambda: np.array([4, 7, -4])},
        hints=("Compare the stamp with its mirror image.", "The last tap equals the first."),
        why="A kernel that reads the same in both directions hides the flip."),
}
