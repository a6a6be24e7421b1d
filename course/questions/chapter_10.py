"""Questions of chapter 10: two layers, pooling, receptive fields, very deep networks."""

import numpy as np

from convlib import (
    avg_pool2d,
    avg_pool2d_backward,
    conv1d,
    conv1d_backward,
    max_pool2d,
    max_pool2d_backward,
    relu,
    relu_backward,
)
from course.exercises.exercise import Array
from course.questions.question import question

W, X = np.array([10, 1]), np.array([1, 2, -30])
ROW, PRICES, ASKED = np.array([3, 1, -2, -5, 1, 1, 1]), np.array([1, 2]), [1, 3]
IMAGE = np.array([[1, 5, 2, 0, 4, 4], [3, 2, 8, 1, 0, 4], [7, 0, 1, 1, 6, 2], [0, 7, 1, 1, 9, 3]])
UPSTREAM = np.array([[10, 20, 30], [40, 50, 60]])


def _twice(gate: bool = True, x: Array = X) -> Array:
    """dx through the kernel, a ReLU (if gate) and the kernel again, with dy = 1."""
    y = conv1d(x, W)
    dy = conv1d_backward([1], y, W).dx
    return conv1d_backward(relu_backward(dy, y) if gate else dy, x, W).dx


def _pooled(gate: bool, mean: bool = False, x: Array = ROW) -> Array:
    """dx through the kernel, a ReLU (if gate), max or average pooling and the kernel again."""
    pool, back = ((avg_pool2d, avg_pool2d_backward) if mean
                  else (max_pool2d, max_pool2d_backward))
    y = conv1d(x, W)
    a = (relu(y) if gate else y)[None]
    halved = pool(a, (1, 2))[0]
    da = back(conv1d_backward(PRICES, halved, W).dx[None], a, (1, 2))[0]
    return conv1d_backward(relu_backward(da, y) if gate else da, x, W).dx


def _residual(x: Array, dx: Array) -> Array:
    """dx through two layers x + relu(x ⋆ w), with a zero on the right, for dx of the output."""
    y1 = conv1d(x, W, padding=(0, 1))
    x1 = x + relu(y1)
    y2 = conv1d(x1, W, padding=(0, 1))
    for y, into in ((y2, x1), (y1, x)):
        dx = dx + conv1d_backward(relu_backward(dx, y), into, W, padding=(0, 1)).dx
    return dx


QUESTIONS = {
    "Q10.1": question(
        "There is no ReLU yet. With x = [1, 2, -30], the kernel [10, 1] twice and dy = 1 at the "
        "end, what is dx?",
        dx=_twice(gate=False),
        hint="The second layer sends back [10, 1]. Each of these two entries adds a copy of the "
        "kernel to dx.",
        wrong={"you kept only one of the two paths of x[1]": [100, 10, 1],
               "this is the gradient of y1, one layer too early": [10, 1, 0]},
        why="x[1] reaches the output along two paths, 1·10 and 10·1."),
    "Q10.2": question(
        "With a ReLU after the first layer, and y1 = [12, -10], what is dx?",
        dx=_twice(), hint="Which path of x[1] passes through the -10? Does x[2] have another path?",
        wrong={"you left out the ReLU": _twice(gate=False),
               "you cut the wrong path of x[1]": [0, 10, 1],
               "you used the sign of x; the mask depends on y1": [100, 20, 0]},
        why="The ReLU stops everything that passes through y1[1]."),
    "Q10.3": question(
        "x = [3, 1, -2, -5, 1, 1, 1] passes through the kernel [10, 1], a ReLU, max pooling of "
        "pairs and the kernel again, with dy = [1, 2]. What are dx[1] and dx[3]?",
        dx=_pooled(gate=True)[ASKED],
        hint="y1 begins with 31, 8, -25, -49, and the first pooled entry receives 10.",
        wrong={"you left out the ReLU": _pooled(gate=False)[ASKED],
               "you took the mean of each pair": _pooled(gate=True, mean=True)[ASKED],
               "you left out the ReLU and took the mean":
                   _pooled(gate=False, mean=True)[ASKED]},
        why="x[1] keeps only its path through the 31, with the tap 1. Both entries that read x[3] "
            "are negative, so the ReLU stops all of its paths."),
    "Q10.4": question(
        "Max pooling is applied to the window 7, 0, 0, 7, and the upstream gradient of this "
        "window is 40. Which gradients do its four cells receive, row by row? (As with 11 and 11 "
        "above, the first of the tied cells wins.)",
        dx=max_pool2d_backward(UPSTREAM, IMAGE, 2)[2:, :2].ravel(),
        hint="Only one cell receives anything.",
        wrong={"you divided it between the winners": [20, 0, 0, 20],
               "you sent it to both winners": [40, 0, 0, 40],
               "you chose the last of the tied cells, not the first": [0, 0, 0, 40],
               "this is what average pooling does": [10, 10, 10, 10]},
        why="The whole gradient goes to one cell, here the first of the two that are equal."),
    "Q10.5": question(
        "Each of three layers has a kernel with three taps and stride 1. How many inputs does one "
        "output see?",
        inputs=7, hint="Start at the output: it sees 3 cells. How many more do the two outer "
        "ones of these see?",
        wrong={"you added 3 for each layer, but neighbours share most of what they see": 9,
               "you multiplied, but neighbours share most of what they see": 27,
               "you left out the first cell": 6},
        why="It is 1 + 2 + 2 + 2, because each layer adds R - 1 = 2."),
    "Q10.6": question(
        "A network has 20 layers with ReLU and no biases. You multiply all its weights by a scale "
        "of 0.8, and the gradient at its output stays the same. By which factor does the gradient "
        "of the image change?",
        options=["0.8", "16", "about 1/87", "it depends on which ReLUs are active"],
        answer="about 1/87",
        wrong={"you used one layer, but every path runs through all 20": "0.8",
               "you multiplied 20 by 0.8, but the factors of a path multiply": "16",
               "this would matter if a ReLU changed; but 0.8·y has the sign of y":
                   "it depends on which ReLUs are active"},
        hint="How many weights are multiplied along one path?",
        why="Every path contains 20 weights, so its product changes by 0.8 to the power 20, which "
        "is 1/87."),
    "Q10.7": question(
        "Two layers compute x + relu(x ⋆ [10, 1]), with one zero on the right. The input is "
        "[1, 2, -30, 4], and the gradient at the output is [1, 2, 3, 4]. What is dx[2]?",
        dx=_residual(np.array([1, 2, -30, 4]), np.array([1, 2, 3, 4]))[2],
        hint="Both entries of y1 that read x[2] are negative. Which path is left?",
        wrong={"you left out the path around the layers": 0,
               "you counted that path once per layer; it is one path through both": 6},
        why="The path around both layers has the slope 1·1, so dx[2] is the gradient 3 at its "
        "end."),
}
