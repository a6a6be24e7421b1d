"""Exercises of chapter 10: two convolutional layers."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from convlib import conv1d, conv2d, conv2d_backward, kernel_map
from convlib.networks import Conv, Dense, Relu, check_gradients
from convlib.pooling import avg_pool2d_backward, max_pool2d_backward
from course.exercises.exercise import Array, Call, Exercise
from course.mistakes import MISTAKES

W = np.array([10, 1])
SIZES = (3, 3, 5, 1, 7)
TIED, PRICES = np.array([[4, 1, 4, 0, 0, 0], [2, 4, 3, 0, 0, 0]]), np.array([[6, 12]])
Step = Callable[..., Any]
WEIGHTS = ("w1", "b1", "w2", "b2", "w3", "b3")


def _fold(*kernels: Array) -> Array:
    whole = kernels[0]
    for kernel in kernels[1:]:
        whole = conv1d(whole, kernel[::-1], padding="full")
    return whole


def _field(strides: tuple[int, ...]) -> int:
    return 1 + sum((R - 1) * int(np.prod(strides[:n])) for n, R in enumerate(SIZES))


def _winners(chosen: Callable[[list[list[int]]], dict[tuple[int, ...], float]]) -> Array:
    """The price of each window shared among the cells that `chosen` picks out of the largest."""
    dx = np.zeros(TIED.shape)
    for q, price in enumerate(PRICES[0]):
        window = TIED[:, 3 * q : 3 * q + 3]
        for cell, share in chosen(np.argwhere(window == window.max()).tolist()).items():
            dx[cell[0], 3 * q + cell[1]] = price * share
    return dx


class _Unmasked(Relu):
    def backward(self, dy: Array, x: Array) -> tuple[Array, dict[str, Array]]:
        return dy, {}


@lru_cache
def _caught(place: int) -> frozenset[str]:
    """Which weights check_gradients complains of if the ReLU at a place has lost its mask."""
    rng = np.random.default_rng(0)
    network = [Conv(2, 3, (2, 3), rng=0), Relu(), Conv(3, 3, 2, rng=1), Relu(),
               Dense(3 * 2 * 3, 4, rng=2)]
    network[place] = _Unmasked()
    gaps = check_gradients(network, rng.normal(size=(5, 2, 4, 6)), np.array([0, 3, 1, 2, 2]))
    return frozenset(name for name, gap in gaps.items() if gap > 1e-6)


def _size(maps: int, height: int, width: int) -> tuple[int, int]:
    table = kernel_map((maps, height, width), (1, maps, 2, 3))
    return len(table.filter_matrix(np.ones((1, maps, 2, 3)))), maps * height * width


class Backward(NamedTuple):
    dx0: Array
    dw1: Array
    dw2: Array


def _with(mask: Step = lambda y1, x1, dx1: y1 > 0, price: Step = lambda dy2, y2: dy2,
          layer: Step = conv2d_backward) -> Callable[..., Backward]:
    """The backward pass of both layers with one step of it replaced."""
    def backward(dy2: Array, x0: Array, w1: Array, w2: Array) -> Backward:
        y1 = conv2d(x0, w1)
        x1 = np.maximum(y1, 0)
        dx1, dw2, _ = layer(price(dy2, conv2d(x1, w2)), x1, w2)
        dx0, dw1, _ = layer(dx1 * mask(y1, x1, dx1), x0, w1)
        return Backward(dx0, dw1, dw2)

    return backward


def _cases() -> Iterator[Call]:
    rng = np.random.default_rng(10)
    for shapes in (((2, 4, 6), (3, 2, 2, 3), (2, 3, 2, 2)),
                   ((1, 5, 4), (2, 1, 2, 2), (3, 2, 3, 1)),
                   ((3, 3, 7), (2, 3, 1, 3), (2, 2, 2, 3))):
        x, w1, w2 = (rng.integers(-3, 4, shape) for shape in shapes)
        w1[0] = 0  # its map is 0 everywhere: the ReLU is shut there
        yield (rng.integers(-5, 6, conv2d(conv2d(x, w1), w2).shape), x, w1, w2), {}


EXERCISES = {
    "10.1": Exercise(
        answer=lambda: _fold(W, W, W),
        wrong={"this is the kernel of two layers; fold the third one into it":
                   lambda: _fold(W, W),
               "this multiplies tap by tap": lambda: W**3,
               "one of the kernels is turned round: x is correlated each time, and the kernels "
               "meet as in a true convolution": lambda: _fold(W, W, W[::-1])},
        hints=("Two layers: look at dx without the ReLU, the taps of the folded kernel.",
               "It is a product of decimal numbers, 11·11·11, with tens written out: 100, 20, 1 "
               "times 10, 1."),
        why="Without a ReLU a chain of layers is one layer with a larger kernel."),
    "10.2": Exercise(
        answer=lambda: (_field((1, 1, 1, 1, 1)), _field((1, 2, 1, 1, 1))),
        wrong={"each layer adds R - 1, not R": lambda: (sum(SIZES), sum(SIZES) + 13),
               "the stride counts for the layers behind it, not for its own":
                   lambda: (_field((1,) * 5), _field((2, 1, 1, 1, 1))),
               "the first cell itself is missing":
                   lambda: (_field((1,) * 5) - 1, _field((1, 2, 1, 1, 1)) - 1)},
        hints=("Begin with 1 cell; a layer with R = 3 adds 2.",
               "Behind a stride of 2 neighbours are two cells apart: each R - 1 counts double."),
        why="1 plus each R - 1, times the strides before it."),
    "10.3": Exercise(
        answer=lambda: max_pool2d_backward(PRICES, TIED, (2, 3)),
        wrong={"the price is shared among equal cells; here the first one gets it all":
                   lambda: _winners(lambda cells: {tuple(c): 1 / len(cells) for c in cells}),
               "every equal cell gets the whole price; only one row of the table survives":
                   lambda: _winners(lambda cells: {tuple(c): 1 for c in cells}),
               "the tie goes to the last cell; here it goes to the first one":
                   lambda: _winners(lambda cells: {tuple(cells[-1]): 1}),
               "this is what the mean does": lambda: avg_pool2d_backward(PRICES, TIED, (2, 3))},
        hints=("Two windows, so two entries that are not 0.",
               "In the second window all six cells are equal: the first one, row by row."),
        why="Each price goes whole to the first of the largest cells."),
    "10.4": Exercise(
        answer=lambda: _caught(1),
        wrong={"these stand behind the ReLU; their gradients are made before the price reaches it":
                   lambda: set(WEIGHTS) - _caught(1),
               "this would be the second ReLU": lambda: _caught(3),
               "not all: what lies behind the fault is right": lambda: set(WEIGHTS),
               "the bias of that layer is made from the same dy": lambda: {"w1"}},
        hints=("The price runs from behind. Whom does it meet before the faulty ReLU?",
               "Every layer takes its gradients from the dy that arrives at it."),
        why="A fault spoils what comes after it on the way back: the layers in front."),
    "10.5": Exercise(
        answer=lambda: (_size(3, 5, 7), _size(3, 5 - 2 + 1, 7 - 3 + 1)),
        wrong={"the pair is in the other order: printed first":
                   lambda: (_size(3, 4, 5), _size(3, 5, 7)),
               "the rows are right, the columns count one channel only":
                   lambda: ((20, 35), (9, 20)),
               "the second layer reads the first one's output, one convolution smaller; you went "
               "two": lambda: (_size(3, 5, 7), _size(3, 3, 3))},
        hints=("The printed one takes the second layer's input to be 5 x 7.",
               "The first layer leaves 4 x 5, and the second one makes 3 x 3 of it."),
        why="A layer's matrix knows the layer's own input; only kernels of 1 x 1 hide the slip."),
    "10.6": Exercise(
        answer=_with, cases=_cases,
        wrong={"the mask between the layers was forgotten": lambda: _with(lambda y1, x1, dx1: 1),
               "the mask was read from the price dx1; what the ReLU had read decides, y1 > 0":
                   lambda: _with(lambda y1, x1, dx1: dx1 > 0),
               "the mask stands at the wrong layer: there is no ReLU behind y2":
                   lambda: _with(lambda y1, x1, dx1: 1, lambda dy2, y2: dy2 * (y2 > 0)),
               "both layers are masked: there is no ReLU behind y2":
                   lambda: _with(price=lambda dy2, y2: dy2 * (y2 > 0)),
               "the ReLU is open at 0; its slope there is 0": lambda: _with(
                   lambda y1, x1, dx1: y1 >= 0),
               "only one filter pays into the price of its input; add over all of them":
                   lambda: _with(layer=MISTAKES["one_filter_only"]),
               "the kernels are not flipped on the way back":
                   lambda: _with(layer=MISTAKES["no_flip"])},
        hints=("First forward again: y1, and x1 = relu(y1).",
               "conv2d_backward(dy2, x1, w2) gives dx1 and dw2.",
               "Then dx1 * (y1 > 0) is the dy of the first layer."),
        why="Chained backward passes, with a mask between them: that is backpropagation."),
}
