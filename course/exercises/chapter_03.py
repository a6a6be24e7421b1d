"""Exercises of chapter 3: the forward pass in two dimensions."""

import numpy as np

from convlib import conv2d, output_size
from course.exercises.exercise import Exercise

X = np.array([[1, 2, 3, 4], [5, 6, 7, 8], [9, 1, 2, 3]])
PLACES = np.array([[1000, 100], [10, 1]])
RISES, FALLS = np.array([[-1, 1]]), np.array([[1, -1]])


def _sizes(stride=2):
    return {n for n in range(3, 40) if output_size(n, 3, stride=stride) == 5}


def _shift(row, column):
    kernel = np.zeros((3, 3), int)
    kernel[row, column] = 1
    return kernel


def _ends(padding):
    y = conv2d(X, PLACES, padding=padding)
    return y[-1, -1], y[0, 0]


EXERCISES = {
    "3.1": Exercise(
        answer=_sizes,
        wrong={"without the floor one size is lost: a cell may be left over":
                   lambda: {min(_sizes())},
               "this is for a stride of 1": lambda: _sizes(1)},
        hints=("The stairs are two cells wide.", "11 uses every cell. What does 12 do?"),
        why="The first uses every cell, the second leaves one over."),
    "3.2": Exercise(
        answer=lambda: (4 * 9 + 4, 4 * 3 * 9 + 4),
        wrong={"the biases are missing": lambda: (4 * 9, 4 * 3 * 9),
               "each filter has a bias of its own": lambda: (4 * 9 + 1, 4 * 3 * 9 + 1),
               "a filter has one bias, not one a pixel":
                   lambda: (4 * (9 + 70 * 94), 4 * (27 + 70 * 94)),
               "on a colour image each filter has taps for every channel": lambda: (40, 40)},
        hints=("Does the size of the image enter anywhere?",
               "Nine taps a channel and one bias, four times."),
        why="The same for any image size: that is what sharing means."),
    "3.3": Exercise(
        answer=lambda: (_shift(1, 2), _shift(1, 1)),
        wrong={"the first one moves the photograph to the right":
                   lambda: (_shift(1, 0), _shift(1, 1)),
               "these are for a window anchored at its corner":
                   lambda: (_shift(0, 1), _shift(0, 0)),
               "the first one moves it upwards; columns come second":
                   lambda: (_shift(2, 1), _shift(1, 1))},
        hints=('All taps but one are 0. With "same" the middle tap lies on x[p, q].',
               "The tap to the right of the middle lies on x[p, q+1]."),
        why='Without padding w[0,0] = 1 stays, since the window starts at its output.'),
    "3.4": Exercise(
        answer=lambda: (_ends("same"), _ends(((1, 0), (1, 0)))),
        wrong={"after and before are exchanged":
                   lambda: (_ends(((1, 0), (1, 0))), _ends("same")),
               "in each pair the bottom right output comes first":
                   lambda: (_ends("same")[::-1], _ends(((1, 0), (1, 0)))[::-1])},
        hints=("One added row below and one added column on the right.",
               "The last window holds 3 at its top left and zeros elsewhere."),
        why="Where the odd zero goes is a choice; here and in PyTorch it goes after."),
    "3.5": Exercise(
        answer=lambda: ((1, 4), (3, 1)),
        wrong={"these are the printed ones, W_1S and W_V1": lambda: ((1, 3), (7, 1)),
               "these count from 0; the notes count from 1": lambda: ((0, 3), (2, 0))},
        hints=("Every product has twice the same pair of indices.",
               "The filter has 3 rows and 4 columns: where does the first row end?"),
        why="W_1T ends the first row and W_S1 begins the last; equal sizes would hide it."),
    "3.6": Exercise(
        answer=lambda: (RISES, FALLS),
        wrong={"the first one answers where the brightness falls": lambda: (FALLS, RISES),
               "a blur is not 0 on equal neighbours": lambda: (np.ones((1, 2)), -np.ones((1, 2)))},
        hints=("The taps add up to 0.", "x[q+1] - x[q] is positive where the brightness rises."),
        why="Together their ReLUs lose nothing."),
}
