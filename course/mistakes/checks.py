"""Checks that people use on a gradient, each as (backward, kind) -> does it catch?

True if it catches that `backward` is wrong, False if it lets it pass, None if it does not apply.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.mistakes.points import Array, Backward, Point, every, points

STEPS, RATE = 30, 0.05


def _differs(gradient: Array, right: Array, tolerance: float = 0.0) -> bool:
    if gradient.shape != right.shape:
        return True
    gap, size = (np.abs(a).max(initial=0) for a in (gradient - right, right))
    return not gap <= tolerance * size  # not "greater": nan is nowhere near the right one


def _rounding(kind: str) -> float:
    """A mean is not an integer: what two right ways of computing it may differ by."""
    return 1e-12 if kind == "avg_pool" else 0.0


def second_implementation(backward: Backward, kind: str, **question: Any) -> bool:
    """Compare every entry with another implementation, at unequal sizes, once with all options on
    and once with none."""
    return any(_differs(gradient, point.right[name], _rounding(kind))
               for point, name, gradient in every(backward, kind, **question))


def dy_of_ones(backward: Backward, kind: str) -> bool:
    """Every entry compared, with dy all ones, as in y.sum().backward()."""
    return second_implementation(backward, kind, ones=True)


def symmetric_kernel(backward: Backward, kind: str) -> bool | None:
    """Every entry compared, with filters that each have the same number at every tap."""
    return None if kind != "conv" else second_implementation(backward, kind, symmetric=True)


def square_and_plain(backward: Backward, kind: str) -> bool:
    """Every entry compared, on a square image with a square kernel, one channel, no options."""
    return second_implementation(backward, kind, cases="square")


def ones_inside(backward: Backward, kind: str) -> bool:
    """dy is all ones; dw and db are compared in full, but dx only away from the border, where every
    tap reaches."""
    def notices(point: Point, name: str, gradient: Array) -> bool:
        right = point.right[name]
        if name != "x" or kind != "conv" or gradient.shape != right.shape:
            return _differs(gradient, right, _rounding(kind))
        inside: Any = (..., *(slice(r - 1, 1 - r) for r in point.inputs["w"].shape[-2:]))
        return _differs(gradient[inside], right[inside])

    return any(notices(*asked) for asked in every(backward, kind, cases="bare", ones=True))


def mean_of_gradient(backward: Backward, kind: str) -> bool:
    """Compare only the mean of each gradient, without padding."""
    def mean(gradient: Array) -> Array:
        return np.asarray(gradient.mean() if gradient.size else 0.0)

    return any(_differs(mean(gradient), mean(point.right[name]), 1e-9)
               for point, name, gradient in every(backward, kind, cases="unpadded"))


def shapes(backward: Backward, kind: str) -> bool:
    """Compare only the shapes: a gradient must have the same shape as the array it is taken with
    respect to."""
    return any(gradient.shape != point.inputs[name].shape
               for point, name, gradient in every(backward, kind))


def loss_falls(backward: Backward, kind: str) -> bool:
    """Put a dense layer on top and train both: does the loss fall to a tenth of its first value?"""
    (point,) = points(kind, cases="bare")
    inputs = {name: np.array(a, float) for name, a in point.inputs.items()}
    trained = ["w", "b"] if kind == "conv" else ["x"]
    dense, losses = np.ones(point.dy.shape), []
    target = 2 * point.forward(**inputs).sum()
    for _ in range(STEPS):
        y = point.forward(**inputs)
        error = (dense * y).sum() - target
        losses.append(error**2)
        found = point.backward(backward, dense, **inputs)
        dense = dense - RATE * error * y / (y**2).sum()
        for name in trained:
            if found[name].shape != inputs[name].shape:
                return True
            step = error * found[name] / max(1, (found[name] ** 2).sum())
            inputs[name] = inputs[name] - RATE * step
    return not losses[-1] <= losses[0] / 10


def differences_lenient(backward: Backward, kind: str) -> bool:
    """Finite differences with a step of 1e-5; errors of up to 1% of the largest entry are accepted
    (above 1e-2, says the course CS231n, a gradient is "probably wrong")."""
    return any(_differs(gradient, point.nudged(name, 1e-5), 1e-2)
               for point, name, gradient in every(backward, kind))


def gradcheck(backward: Backward, kind: str) -> bool:
    """Finite differences as in PyTorch's gradcheck, with its defaults: a step of 1e-6, one
    entry of dy at a time, errors of up to 1e-5 plus 0.1% of the slope."""
    for point in points(kind):
        rows = [point.backward(backward, one.reshape(point.dy.shape), **point.inputs)
                for one in np.eye(point.dy.size, dtype=int)]
        for name, value in point.inputs.items():
            if any(row[name].shape != value.shape for row in rows):
                return True
            found = np.array([row[name].ravel() for row in rows])
            numerical = point.jacobian(name, 1e-6)
            # the defaults rtol=1e-3, atol=1e-5
            if not (np.abs(found - numerical) <= 1e-5 + 1e-3 * np.abs(numerical)).all():
                return True
    return False


def differences_exact(backward: Backward, kind: str) -> bool:
    """Finite differences with a step of 1; errors above 1e-10 are rejected, because the loss is
    linear over that step, which crosses no kink of ReLU or max pooling."""
    return any(_differs(gradient, point.nudged(name, 1), 1e-10)
               for point, name, gradient in every(backward, kind))


def dot_product(backward: Backward, kind: str) -> bool:
    """Compare sums of products: without a bias, (dy * y).sum() = (dx * x).sum() = (dw * w).sum();
    for the bias, x is set to 0, and (dy * y).sum() = (db * b).sum()."""
    def notices(point: Point, name: str, gradient: Array) -> bool:
        if gradient.shape != point.inputs[name].shape:
            return True
        without = {"x"} if name == "b" else {"b"}  # what is left of y is linear in the input
        y = point.forward(**{m: 0 * a if m in without else a for m, a in point.inputs.items()})
        left, right = (point.dy * y).sum(), (gradient * point.inputs[name]).sum()
        return not abs(left - right) <= 1e-9 * abs(left)

    return any(notices(*asked) for asked in every(backward, kind))


CHECKS: dict[str, Callable[[Backward, str], bool | None]] = {f.__name__: f for f in (
    shapes, mean_of_gradient, loss_falls, ones_inside, symmetric_kernel, square_and_plain,
    dy_of_ones, differences_lenient, gradcheck, dot_product, differences_exact,
    second_implementation)}
RIGHT_CHECKS = ("dot_product", "differences_exact", "second_implementation")
