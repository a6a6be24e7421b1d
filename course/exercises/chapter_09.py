"""Exercises of chapter 9: a network that learns."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from convlib.activations import relu, relu_backward, softmax
from convlib.conv import conv2d, conv2d_backward
from convlib.dense import linear, linear_backward
from course.exercises.exercise import Array, Call, Exercise

PRICES = np.array([0.3, 0.1, 0.2])  # of the classes 0, 1 and 3
SOFT, SAID = np.array([0.5, 0.5, 0]), np.array([0.5, 0.25, 0.25])
SIZES = np.array([8, 8, 8, 4])  # of the batches of exercise 9.5


class NetGradients(NamedTuple):
    """What exercise 9.7 returns."""

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


def _other_loss() -> Array:
    """The gradient of -log(t·t_hat) with respect to the scores, for soft targets."""
    gradient: Array = -SOFT / (SOFT @ SAID) @ (np.diag(SAID) - np.outer(SAID, SAID))
    return gradient


def _loss(y: Array, c: int) -> float:
    """The cross-entropy of one row of scores, at any size of them."""
    shifted = y - y.max()
    return float(np.log(np.exp(shifted).sum()) - shifted[c])


def _naive(y: Array, c: int) -> float:
    with np.errstate(all="ignore"):
        return float(-np.log(np.exp(y[c]) / np.exp(y).sum()))


def _scores() -> Iterator[Call]:
    for y, c in (((1, 2, 0, -1), 2), ((1000, 998, 1001), 0), ((-1000, -1003), 1),
                 ((1000, 0, -1000), 2)):
        yield (np.array(y, float), c), {}


def _tempered(power: int = -1, sign: int = 1) -> Any:
    """(p_k - t_k) / T, or with another power of T."""
    import sympy as sp

    p, t, temperature = sp.symbols("p_k t_k T")
    return sign * (p - t) * temperature**power


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
        wrong={"probabilities add up to 1, but the entries of dy do not":
                   lambda: (1 - PRICES.sum(), 2),
               "the correct class has the negative entry: raising its score lowers the loss":
                   lambda: (-PRICES.sum(), 0),
               "the number is right; classes are counted from 0": lambda: (-PRICES.sum(), 3)},
        hints=("What happens to the loss when all scores rise by the same amount?",
               "The four entries add up to 0. Which class has the negative one?"),
        why="Both t_hat and t add up to 1, so their difference adds up to 0."),
    "9.2": Exercise(
        answer=lambda: _loss, cases=_scores,
        wrong={"exp overflows for large scores; subtract the largest one before you take exp":
                   lambda: _naive,
               "this is minus the loss; the logarithm of a probability is negative":
                   lambda: lambda y, c: -_loss(y, c),
               "this is log sum exp alone; subtract the score of the correct class":
                   lambda: lambda y, c: _loss(y, c) + y[c],
               "subtract the largest score from y[c] as well":
                   lambda: lambda y, c: _loss(y, c) - y.max()},
        hints=("L = log sum exp(y) - y[c]. What changes if you add a number to all scores?",
               "Shift the scores so that the largest is 0, in both terms."),
        why="After the shift no exponent is above 0, and the shift cancels in the difference."),
    "9.3": Exercise(
        answer=_tempered,
        wrong={"this is the gradient with respect to y[k]/T": lambda: _tempered(0),
               "a score changes y/T by 1/T, not by T": lambda: _tempered(1),
               "the sign is wrong: the correct class has a negative gradient":
                   lambda: _tempered(sign=-1)},
        hints=("Call z = y/T. What is the gradient with respect to z[k]?",
               "The chain rule multiplies it by the derivative of z[k] with respect to y[k]."),
        why="A high temperature makes the probabilities more equal, and multiplies every p_k - t_k "
            "by a small factor."),
    "9.4": Exercise(
        answer=lambda: (SAID - SOFT, _other_loss()),
        wrong={"both are right, but in the other order": lambda: (_other_loss(), SAID - SOFT),
               "the two differ here, because t has two nonzero entries":
                   lambda: (SAID - SOFT, SAID - SOFT),
               "the factor 1/(t·t_hat) is missing in the second one":
                   lambda: (SAID - SOFT, _other_loss() * (SOFT @ SAID)),
               "both have the wrong sign": lambda: (SOFT - SAID, -_other_loss())},
        hints=("The first is a subtraction, for every t whose entries add up to 1.",
               "For the second, differentiate -log s with s = sum of t·t_hat, which is 3/8 here.",
               "Entry k of the second is t_hat[k] - t[k] t_hat[k] / (3/8)."),
        why="The two losses are the same function for a one-hot target, and for no other target."),
    "9.5": Exercise(
        answer=lambda: tuple(SIZES / SIZES.sum()),
        wrong={"the last batch has fewer images, so its mean counts for less":
                   lambda: (1 / 4,) * 4,
               "these give the gradient of the sum over all images": lambda: tuple(SIZES),
               "these add up to 4, but the factors of a mean add up to 1": lambda: (1,) * 4},
        hints=("How do you get from the mean of a batch to its sum?",
               "Multiply each mean by its number of images, and divide the total by 28."),
        why="A mean over all images weights each batch by its share of them."),
    "9.6": Exercise(
        answer=lambda: 16 - 3,
        wrong={"filters 0 to 3 receive equal gradients in every step": lambda: 16,
               "filters 4 and 5 receive different gradients, through their own columns":
                   lambda: 12},
        hints=("Two filters stay equal if their gradients are equal in every step.",
               "A filter's gradient depends on its map and on what comes back through its "
               "columns. For which of these filters are both equal?"),
        why="Filters stay equal only if their maps and their columns are equal."),
    "9.7": Exercise(
        answer=lambda: _net(), cases=_cases,
        wrong={"the mask is set by the sign of y1, not by the sign of da":
                   lambda: _net(gate=lambda da, y1: relu(da)),
               "the mask is missing: where y1 < 0, nothing passes":
                   lambda: _net(gate=lambda da, y1: da),
               "the mask is inverted: it lets the gradient pass where y1 < 0":
                   lambda: _net(gate=lambda da, y1: da * (y1 < 0)),
               "this is the gradient of the sum over the batch, but the loss is a mean":
                   lambda: _net(lambda said, t: said - t),
               "the sign is wrong: dy2 is t_hat - t, not t - t_hat":
                   lambda: _net(lambda said, t: (t - said) / len(t)),
               "dy2 is t_hat - t, and the target is missing":
                   lambda: _net(lambda said, t: said / len(t))},
        hints=("Go forward, keep y1 and a, then write four lines backward.",
               "dy2 = (softmax(y2) - one-hot) / N, then linear_backward, relu_backward, "
               "conv2d_backward.",
               "The dense layer reads a.reshape(len(x), -1), so reshape its dx to a's shape "
               "before the mask."),
        why="In the backward pass, only the formula for dy2 depends on which loss you chose, and "
            "only the mask on which activation."),
}
