"""Exercises of chapter 9: a network that learns."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from convlib.activations import relu, relu_backward, softmax
from convlib.conv import conv2d, conv2d_backward
from convlib.dense import linear, linear_backward
from course.exercises.exercise import Array, Call, Exercise

PRICES = np.array([0.3, 0.1, 0.2])  # of the classes 0, 1 and 3
SOFT, SAID = np.array([0.5, 0.5, 0]), np.array([0.5, 0.25, 0.25])


class NetGradients(NamedTuple):
    """What exercise 9.6 returns."""

    dw1: Array
    db1: Array
    dw2: Array
    db2: Array


def _net(price: Callable[[Array, Array], Array] = lambda said, t: (said - t) / len(t),
         gate: Callable[[Array, Array], Array] = relu_backward) -> Callable[..., NetGradients]:
    """The backward pass of the one-layer net, with another first price or another ReLU."""
    def gradients(x: Array, t: Array, w1: Array, b1: Array, w2: Array, b2: Array) -> NetGradients:
        y1 = conv2d(x, w1, b1)
        rows = relu(y1).reshape(len(x), -1)
        dy2 = price(softmax(linear(rows, w2, b2)), np.eye(len(b2))[t])
        da, dw2, db2 = linear_backward(dy2, rows, w2)
        _, dw1, db1 = conv2d_backward(gate(da.reshape(y1.shape), y1), x, w1)
        return NetGradients(dw1, db1, dw2, db2)
    return gradients


def _printed() -> Array:
    """The two-factor form of the slides, for soft labels."""
    return -SOFT / (SOFT @ SAID) @ (np.diag(SAID) - np.outer(SAID, SAID))


def _cases() -> Iterator[Call]:
    rng = np.random.default_rng(9)
    for N, C, (H, W), K, (R, S), M in ((2, 1, (3, 4), 2, (2, 3), 3), (3, 2, (5, 4), 3, (3, 2), 4),
                                       (1, 3, (4, 6), 2, (1, 2), 5)):
        w2 = rng.normal(size=(M, K * (H - R + 1) * (W - S + 1)))
        yield (rng.normal(size=(N, C, H, W)), rng.integers(0, M, N), rng.normal(size=(K, C, R, S)),
               rng.normal(size=K), w2, rng.normal(size=M)), {}


EXERCISES = {
    "9.1": Exercise(
        answer=lambda: (-PRICES.sum(), 2),
        wrong={"probabilities add up to 1, but prices do not": lambda: (1 - PRICES.sum(), 2),
               "the price of the right class is the only one that lowers the loss":
                   lambda: (-PRICES.sum(), 0),
               "the number is right; classes are counted from 0": lambda: (-PRICES.sum(), 3)},
        hints=("What happens to the loss when all scores rise by the same amount?",
               "The four prices add up to 0. Which class has the negative one?"),
        why="Both t_hat and t add up to 1, so their difference adds up to 0."),
    "9.2": Exercise(
        answer=lambda: np.log(26), digits=2,
        wrong={"that is the loss for ten classes": lambda: np.log(10),
               "this counts in bits; the loss takes the natural logarithm": lambda: np.log2(26),
               "that is the share of wrong answers, not the loss": lambda: 25 / 26},
        hints=("It gives each letter about the same probability.", "Minus the logarithm of 1/26."),
        why="A network that guesses among M classes has the loss ln M."),
    "9.3": Exercise(
        answer=lambda: 0.004 * 16 / 32,
        wrong={"that would be right for a mean; a sum has grown with the batch": lambda: 0.004,
               "the gradient is twice as large already": lambda: 0.008},
        hints=("How does the length of a summed gradient change with the number of images?",
               "Twice the images, twice the gradient: what keeps lr times the gradient?"),
        why="With a mean over the batch, lr would not have to know how large the batch is."),
    "9.4": Exercise(
        answer=lambda: 16 - 3,
        wrong={"equal filters do not part on their own": lambda: 16,
               "filters 4 and 5 get different prices through their own columns": lambda: 12},
        hints=("Two filters stay equal if they get equal gradients in every step.",
               "A gradient depends on the taps, and on the price that comes back through the dense "
               "layer. For which of these filters are both equal?"),
        why="Equal taps are not enough to stay equal; the ways to the loss must be equal too."),
    "9.5": Exercise(
        answer=lambda: (_printed(), SAID - SOFT),
        wrong={"both are right, in the other order": lambda: (SAID - SOFT, _printed()),
               "the two differ here, since t has two entries that are not 0":
                   lambda: (SAID - SOFT, SAID - SOFT),
               "the factor 1/(t·t_hat) is missing in the first one":
                   lambda: (_printed() * (SOFT @ SAID), SAID - SOFT),
               "both have the wrong sign": lambda: (-_printed(), SOFT - SAID)},
        hints=("The second one is a subtraction, for every t that adds up to 1.",
               "t·t_hat is 3/8. Entry k of the first is t_hat[k] - t[k] t_hat[k] / (3/8)."),
        why="The printed form differentiates -log(t·t_hat), which is the cross-entropy only for "
            "one-hot targets."),
    "9.6": Exercise(
        answer=lambda: _net(), cases=_cases,
        wrong={"the gate is set by the sign of y1 on the way forward, not by the sign of the price":
                   lambda: _net(gate=lambda da, y1: relu(da)),
               "the prices have not gone through the ReLU: where y1 < 0 nothing passes":
                   lambda: _net(gate=lambda da, y1: da),
               "the gate is upside down: it lets pass where y1 < 0":
                   lambda: _net(gate=lambda da, y1: da * (y1 < 0)),
               "this is the gradient of the sum over the batch; the loss is a mean":
                   lambda: _net(lambda said, t: said - t),
               "t - t_hat has the wrong sign: this goes uphill":
                   lambda: _net(lambda said, t: (t - said) / len(t)),
               "dy2 begins as t_hat - t; the target is missing":
                   lambda: _net(lambda said, t: said / len(t))},
        hints=("Go forward and keep y1 and a; then four lines back.",
               "dy2 = (softmax(y2) - one-hot) / N, then linear_backward, relu_backward, "
               "conv2d_backward.",
               "The dense layer reads a.reshape(len(x), -1), so its price is reshaped back to a's "
               "shape before the ReLU."),
        why="Only the first line knows the loss, and only the gate knows the ReLU."),
}
