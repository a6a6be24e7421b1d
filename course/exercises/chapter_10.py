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
STACK = ((3, 1), (5, 1), (2, 2), (5, 1), (3, 1))  # (kernel size, stride); the third is pooling
TIED, UPSTREAM = np.array([[4, 1, 4, 0, 0, 0], [2, 4, 3, 0, 0, 0]]), np.array([[6, 12]])
Step = Callable[..., Any]
WEIGHTS = ("w1", "b1", "w2", "b2", "w3", "b3")


def _fold(*kernels: Array) -> Array:
    whole = kernels[0]
    for kernel in kernels[1:]:
        whole = conv1d(whole, kernel[::-1], padding="full")
    return whole


def _field(*layers: tuple[int, int], late: bool = False) -> int:
    """(10.8); with `late`, the stride of a layer is wrongly applied to the layer itself."""
    apart, field = 1, 1
    for size, stride in layers:
        before, apart = apart, apart * stride
        field += (size - 1) * (apart if late else before)
    return field


def _winners(chosen: Callable[[list[list[int]]], dict[tuple[int, ...], float]]) -> Array:
    """The dy of each window, divided among the cells that `chosen` picks out of the largest."""
    dx = np.zeros(TIED.shape)
    for q, value in enumerate(UPSTREAM[0]):
        window = TIED[:, 3 * q : 3 * q + 3]
        for cell, share in chosen(np.argwhere(window == window.max()).tolist()).items():
            dx[cell[0], 3 * q + cell[1]] = value * share
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
    dw3: Array


def _open(y: Array, dx: Array) -> Array:
    return y > 0


def _all(y: Array, dx: Array) -> int:
    return 1


def _with(mask_1: Step = _open, mask_2: Step = _open, last: Step = lambda y3: 1,
          layer: Step = conv2d_backward) -> Callable[..., Backward]:
    """The backward pass of three layers with one step of it replaced."""
    def backward(dy3: Array, x0: Array, w1: Array, w2: Array, w3: Array) -> Backward:
        y1 = conv2d(x0, w1)
        x1 = np.maximum(y1, 0)
        y2 = conv2d(x1, w2)
        x2 = np.maximum(y2, 0)
        dx2, dw3, _ = layer(dy3 * last(conv2d(x2, w3)), x2, w3)
        dx1, dw2, _ = layer(dx2 * mask_2(y2, dx2), x1, w2)
        dx0, dw1, _ = layer(dx1 * mask_1(y1, dx1), x0, w1)
        return Backward(dx0, dw1, dw2, dw3)

    return backward


def _two_blocks(*taps: str) -> list[Any]:
    """dx for z = x + (x ⋆ [u, v]) twice, as expressions, for one output."""
    from sympy import expand, sympify  # not needed by the other exercises

    return [expand(sympify(tap)) for tap in taps]


def _cases() -> Iterator[Call]:
    rng = np.random.default_rng(10)
    for shapes in (((2, 5, 7), (3, 2, 2, 3), (2, 3, 2, 2), (3, 2, 2, 1)),
                   ((1, 6, 5), (2, 1, 2, 2), (3, 2, 3, 1), (2, 3, 1, 2)),
                   ((3, 4, 9), (2, 3, 1, 3), (2, 2, 2, 3), (2, 2, 2, 2))):
        x, w1, w2, w3 = (rng.integers(-3, 4, shape) for shape in shapes)
        w1[0] = w2[0] = 0  # their maps are 0 everywhere, so the ReLUs are inactive there
        dy3 = rng.integers(-5, 6, conv2d(conv2d(conv2d(x, w1), w2), w3).shape)
        yield (dy3, x, w1, w2, w3), {}


EXERCISES = {
    "10.1": Exercise(
        answer=lambda: _fold(W, W, W),
        wrong={"this is the kernel of two layers; there is a third": lambda: _fold(W, W),
               "you multiplied tap by tap": lambda: W**3,
               "you reversed one of the kernels": lambda: _fold(W, W, W[::-1])},
        hints=("Without a ReLU, dx of the output contains the taps of the combined kernel.",
               "For two layers this was 100, 20, 1. Add shifted copies of it, 10 times and once."),
        why="Without a ReLU, a stack of layers is one layer with a larger kernel."),
    "10.2": Exercise(
        answer=lambda: (_field(*STACK), _field(*STACK[:2], *STACK[3:])),
        wrong={"you added R for each layer; it is R - 1":
                   lambda: (sum(R for R, _ in STACK), sum(R for R, _ in STACK) - 2),
               "you used the stride of the pooling, but its window adds a cell as well":
                   lambda: (_field(*STACK) - 1, _field(*STACK[:2], *STACK[3:])),
               "you ignored the stride; after it, neighbours are two inputs apart":
                   lambda: (_field(*((R, 1) for R, _ in STACK)), _field(*STACK[:2], *STACK[3:])),
               "a stride affects only the layers after it, not its own":
                   lambda: (_field(*STACK, late=True), _field(*STACK[:2], *STACK[3:])),
               "you left out the first cell":
                   lambda: (_field(*STACK) - 1, _field(*STACK[:2], *STACK[3:]) - 1)},
        hints=("Start with one cell. A layer with R = 3 adds two.",
               "The pooling adds R - 1 = 1. After it, neighbours are two inputs apart, so each "
               "R - 1 counts twice."),
        why="Four layers see 13 cells; the pooling adds one and doubles what the layers after it "
            "add."),
    "10.3": Exercise(
        answer=lambda: max_pool2d_backward(UPSTREAM, TIED, (2, 3)),
        wrong={"you divided dy between equal cells; here the first one receives all of it":
                   lambda: _winners(lambda cells: {tuple(c): 1 / len(cells) for c in cells}),
               "you sent dy to every largest cell, but only one receives it":
                   lambda: _winners(lambda cells: {tuple(c): 1 for c in cells}),
               "you chose the last of the equal cells; here it is the first":
                   lambda: _winners(lambda cells: {tuple(cells[-1]): 1}),
               "this is what average pooling does":
                   lambda: avg_pool2d_backward(UPSTREAM, TIED, (2, 3))},
        hints=("There are two windows, so two entries are not zero.",
               "In the second window all six cells are equal. Take the first, row by row."),
        why="Each entry of dy goes undivided to the first of the largest cells."),
    "10.4": Exercise(
        answer=lambda: _caught(1),
        wrong={"these gradients are computed before the faulty ReLU is reached":
                   lambda: set(WEIGHTS) - _caught(1),
               "this would be the other ReLU": lambda: _caught(3),
               "some are right: those of the layers after the faulty ReLU": lambda: set(WEIGHTS),
               "the bias of that layer is computed from the same dy": lambda: {"w1"}},
        hints=("The gradient comes from the loss. Which layers does it reach before the faulty "
               "ReLU?",
               "Each layer computes its gradients from the dy that reaches it."),
        why="A mistake spoils everything that is computed from it, and the backward pass reaches "
            "the first layer last."),
    "10.5": Exercise(
        answer=lambda: (_size(3, 5, 7), _size(3, 5 - 2 + 1, 7 - 3 + 1)),
        wrong={"your pairs are in the other order":
                   lambda: (_size(3, 4, 5), _size(3, 5, 7)),
               "you counted the columns of one channel; the layer reads three":
                   lambda: ((20, 35), (9, 20)),
               "you applied one convolution too many before the second layer":
                   lambda: (_size(3, 5, 7), _size(3, 3, 3))},
        hints=("The mistaken size assumes that the second layer reads maps of 5 × 7.",
               "The first layer leaves 4 × 5, and the second turns this into 3 × 3."),
        why="The matrix of a layer depends only on what this layer reads. With 1 × 1 kernels "
            "in the first layer, the mistake would not show."),
    "10.6": Exercise(
        answer=_with, cases=_cases,
        wrong={"you left out both masks": lambda: _with(_all, _all),
               "you left out the mask after the first layer": lambda: _with(mask_1=_all),
               "you left out the mask after the second layer": lambda: _with(mask_2=_all),
               "you took the masks from the signs of dx2 and dx1; they depend on y2 and y1":
                   lambda: _with(lambda y, dx: dx > 0, lambda y, dx: dx > 0),
               "you masked dy3 as well, but there is no ReLU after the third layer":
                   lambda: _with(last=lambda y3: y3 > 0),
               "your ReLU lets the gradient pass at 0, where its slope should be 0":
                   lambda: _with(lambda y, dx: y >= 0, lambda y, dx: y >= 0),
               "you used only one filter for dx; add over all of them":
                   lambda: _with(layer=MISTAKES["one_filter_only"]),
               "you did not flip the kernels for dx":
                   lambda: _with(layer=MISTAKES["no_flip"])},
        hints=("First repeat the forward pass: y1, x1 = relu(y1), y2 and x2 = relu(y2).",
               "conv2d_backward(dy3, x2, w3) gives dx2 and dw3.",
               "Then dx2 * (y2 > 0) is the dy of the second layer; go on in the same way."),
        why="Three backward passes, with a mask after each of the first two: more layers only make "
            "this longer."),
    "10.7": Exercise(
        answer=lambda: _two_blocks("(1 + u)**2", "2*(1 + u)*v", "v**2"),
        wrong={"you left out the identity": lambda: _two_blocks("u**2", "2*u*v", "v**2"),
               "you used the identity only around both layers together":
                   lambda: _two_blocks("1 + u**2", "2*u*v", "v**2"),
               "this is only one layer": lambda: _two_blocks("1 + u", "v", "0"),
               "there are two ways to go one step to the right: in the first layer or in the "
               "second": lambda: _two_blocks("(1 + u)**2", "(1 + u)*v", "v**2")},
        hints=("With the identity, one layer multiplies x[p] by 1 + u and x[p+1] by v.",
               "From x[1], either the first or the second layer uses v.",
               "This is the opening example with the kernel [1 + u, v]."),
        why="The identity adds 1 to one tap, so of the nine paths from x[0], x[1] and x[2] "
            "to the loss, one contains no weight."),
}
