"""Exercises of the opening chapter: prices."""

import numpy as np

from convlib import conv1d, conv1d_backward
from course.exercises.exercise import Exercise

X, W, DY = np.array([1, 2, 3, 5]), np.array([10, 1]), np.array([2, 4, 7])
Y = conv1d(X, W)
LOSS = (DY * Y).sum()
GRADS = conv1d_backward(DY, X, W)


def _loss(x=X, w=W):
    return (DY * conv1d(x, w)).sum()


EXERCISES = {
    "0.1": Exercise(
        answer=lambda: (_loss(w=[*W, 1, 0]), GRADS.dw[0]),
        wrong={"the price is the change of L, not its new value":
                   lambda: (_loss(w=[*W, 1, 0]), _loss(w=[*W, 1, 0])),
               "the pair is in the other order": lambda: (GRADS.dw[0], _loss(w=[*W, 1, 0])),
               "this is the other weight, w[1]": lambda: (_loss(w=[*W, 0, 1]), GRADS.dw[1])},
        hints=("Each output grows by the cell of x that lies under w[0].",
               "The outputs grow by 1, 2 and 3, and their prices are 2, 4 and 7."),
        why="The price of a weight is what one unit more of it costs."),
    "0.2": Exercise(
        answer=lambda: (_loss([*X, 0, 3, 0, 0]), GRADS.dx[1]),
        wrong={"this is the change for three units; the slope is the change for one":
                   lambda: (_loss([*X, 0, 3, 0, 0]), 3 * GRADS.dx[1]),
               "this L belongs to a nudge by 1": lambda: (_loss([*X, 0, 1, 0, 0]), GRADS.dx[1])},
        hints=("The loss is linear in each cell.", "Three times 42 is added to 361."),
        why="On a straight line the slope does not depend on the step."),
    "0.3": Exercise(
        answer=lambda: ([0], [2]),
        wrong={"there is no y[3]: the kernel has three places": lambda: ([0], [3]),
               "an inner cell is felt by two outputs, a cell at the end by one":
                   lambda: ([0, 1], [1, 2])},
        hints=("How many places of the kernel cover the first cell?",
               "Only the first place covers x[0], only the last one x[3]."),
        why="One path each, so one product each."),
    "0.4": Exercise(
        answer=lambda: (DY[1] * W[1], DY[2] * W[0]),
        wrong={"the order is that of the outputs: y[1] comes before y[2]":
                   lambda: (DY[2] * W[0], DY[1] * W[1]),
               "y[1] reads x[2] with its second weight, y[2] with its first":
                   lambda: (DY[1] * W[0], DY[2] * W[1])},
        hints=("Which outputs read x[2], and under which weight?",
               "y[1] reads it under w[1], y[2] under w[0]."),
        why="Along each path multiply, over the paths add."),
    "0.5": Exercise(
        answer=lambda: ((DY * Y).sum(), GRADS.dw[0]),
        wrong={"the pair is in the other order": lambda: (GRADS.dw[0], (DY * Y).sum()),
               "this is the price of the second weight": lambda: ((DY * Y).sum(), GRADS.dw[1])},
        hints=("The printed sum is something you have already computed in this chapter.",
               "It is L itself. Where y stands, the cell that w[0] meets should stand."),
        why="y stands where x should: the printed sum is the loss."),
    "0.6": Exercise(
        answer=lambda: (7, 3, len(conv1d(np.ones(7), np.ones(3)))),
        wrong={"dx has the shape of x, not of y": lambda: (5, 3, 5),
               "dy has the shape of y, and the kernel has five places": lambda: (7, 3, 7),
               "the kernel of three has five places on seven cells": lambda: (7, 3, 4)},
        hints=("A price list has the shape of what it prices.", "7 - 3 + 1 places."),
        why="One price for each number that went in, one for each that came out."),
}
