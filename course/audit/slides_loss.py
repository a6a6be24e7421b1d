"""Document 004, second part: the loss, its way back to the maps, and the batch.

Its l, p, y, s are our L, t-hat, t and the scores, the y of the last layer.
"""

from functools import cache
from typing import Any

import numpy as np
import sympy as sp

from convlib import conv2d, conv2d_backward, numerical_gradient, vec
from convlib.symbolic import jacobian
from course.audit.check import Check, close, refused, same
from course.audit.cost import Derivatives, cost_by
from course.audit.loops import Array
from course.audit.slides_layer import B_LETTERS, IMAGES, LAST_B, LAST_W, SCORES, B, W, relu, softmax

TRUTH = np.eye(len(LAST_B))[[3, 1]]  # one-hot, one row an image


class Forward:
    """One image through the network; each value stays to be looked at."""

    def __init__(self, x: Array, truth: Array, w: Array = W, b: Array = B, last_w: Array = LAST_W,
                 last_b: Array = LAST_B) -> None:
        self.y = conv2d(x, w, b)
        self.a = relu(self.y)
        self.scores = last_w @ vec(self.a) + last_b
        self.probabilities = softmax(self.scores)
        self.loss = -np.log(truth @ self.probabilities)


class Backward:
    """The slides' formulas, with dw of each filter stacked over the channels."""

    def __init__(self, x: Array, truth: Array, last_w: Array = LAST_W,
                 **parameters: Array) -> None:
        f = Forward(x, truth, last_w=last_w, **parameters)
        p = f.probabilities
        self.scores = -truth / (truth @ p) @ (np.diag(p) - np.outer(p, p))
        self.last_w = np.outer(self.scores, vec(f.a))
        self.y = (self.scores @ last_w).reshape(f.y.shape) * (f.y > 0)
        self.w = np.array([[conv2d(channel, g) for channel in x] for g in self.y])
        self.b = self.y.sum(axis=(1, 2))


def backward() -> Backward:
    return Backward(IMAGES[0], TRUTH[0])


def numerical(name: str, value: Array) -> Array:
    """Finite differences of the first image's loss by one of the network's parameters."""
    return numerical_gradient(lambda v: Forward(IMAGES[0], TRUTH[0], **{name: v}).loss, value)


def batch_cost(w: Array, decay: float = 0.) -> float:
    """J: the mean of the two losses and decay times the sum of squares."""
    return np.mean([Forward(*pair, w=w).loss for pair in zip(IMAGES, TRUTH, strict=True)]) \
        + decay * (w**2).sum()


@cache
def slope_of_batch(decay: float = 0.) -> Array:
    return numerical_gradient(lambda w: batch_cost(w, decay), W)


def each_image() -> Array:
    """dw of each image alone."""
    return np.array([Backward(*pair).w for pair in zip(IMAGES, TRUTH, strict=True)])


# t-hat with a letter e_n for exp of each score: d / d score_n = e_n d / d e_n.
E = np.array(sp.symbols("e_0:4", positive=True))
T_HAT = E / E.sum()


def by_scores(loss: Any) -> Array:
    return np.array([e * sp.diff(loss, e) for e in E])


def printed_slope(truth: Array) -> Array:
    return -truth / (truth @ T_HAT) @ (np.diag(T_HAT) - np.outer(T_HAT, T_HAT))


def equal(one: Array, other: Array) -> bool:
    return all(sp.simplify(u - v) == 0 for u, v in zip(one, other, strict=True))


def cross_entropy(truth: Array) -> Any:
    return -sum(t * sp.log(p) for t, p in zip(truth, T_HAT, strict=True))


SOFT = np.array([sp.Rational(n, 6) for n in (3, 2, 1, 0)])
ONE_HOT = np.eye(4, dtype=int).astype(object)


def last_layer(name: str) -> Derivatives:
    """A cost of y = w a that is not linear: its derivatives by w, or by the input a, here x."""
    return cost_by(name, (12,), (4, 12), forward=lambda a, w: w @ a)


def through_last_layer() -> bool:
    """da = dy w, dw = dy^T a^T, and db = dy because d y / d b is the identity."""
    by_a, by_w = last_layer("x"), last_layer("w")
    return same(by_a.dv, by_a.dy @ by_a.w) and same(by_w.dv, np.outer(by_w.dy, by_w.x)) and (
        jacobian(SCORES, B_LETTERS) == sp.eye(4))


KINK, PRICES = np.array([-2., -1., 0., 1., 3.]), np.array([2., -3., 5., 7., -1.])


def one_sided(step: float) -> Array:
    """(loss(KINK + step) - loss) / step entry by entry, for the loss sum(PRICES * relu)."""
    return PRICES * (relu(KINK + step) - relu(KINK)) / step


CHECKS = {
    "004-22": Check(
        right=lambda: close(slope_of_batch(0.1), each_image().mean(axis=0) + 2 * 0.1 * W),
        printed=lambda: close(slope_of_batch(0.1), each_image().mean(axis=0) + 0.1 * W)),
    "004-23": Check(  # the mean over the batch, not the sum
        right=lambda: close(slope_of_batch(), each_image().mean(axis=0))
        and bool(batch_cost(W - 0.1 * each_image().mean(axis=0)) < batch_cost(W)),
        printed=lambda: close(slope_of_batch(), each_image().sum(axis=0))),
    "004-27": Check(
        right=lambda: close(numerical("b", B), backward().b)
        and close(numerical("b", B), conv2d_backward(backward().y, IMAGES[0], W).db)
        and close(numerical("last_b", LAST_B), backward().scores),
        printed=lambda: close(numerical("b", B), backward().y.mean(axis=(1, 2)))),
    "004-28": Check(  # for a soft target the form belongs to one of the two losses only
        right=lambda: all(equal(by_scores(-sp.log(t @ T_HAT)), printed_slope(t))
                          and equal(printed_slope(t), T_HAT - t) for t in ONE_HOT)
        and equal(by_scores(-sp.log(SOFT @ T_HAT)), printed_slope(SOFT))
        and equal(by_scores(cross_entropy(SOFT)), T_HAT - SOFT),
        printed=lambda: equal(by_scores(cross_entropy(SOFT)), printed_slope(SOFT))),
    "004-29": Check(
        right=lambda: through_last_layer()
        and close(numerical("last_w", LAST_W), backward().last_w),
        printed=lambda: not refused(lambda: last_layer("x").w @ last_layer("x").dy)),
    "004-30": Check(  # at 0 the slopes from the two sides differ; the mask takes the left one
        right=lambda: close(one_sided(-0.5), PRICES * (KINK > 0))
        and close(one_sided(0.5)[KINK != 0], (PRICES * (KINK > 0))[KINK != 0]),
        printed=lambda: close(one_sided(0.5), one_sided(-0.5))),
}
