"""What stands between two convolutions and behind the last: activations and losses.

Each has its gradient directly below. They work cell by cell, so they need no table of products.
"""

import numpy as np

from convlib.operands import expect_shape, operands


def relu(x):
    """Keep what is positive, put 0 for the rest.

        a[...] = max(x[...], 0)

    x of any shape -> a like x. Raises TypeError for what is not numeric, and for letters.
    """
    (x,) = _numbers("relu", "sympy.Max(x, 0)", x=x)
    return np.maximum(x, 0)


def relu_backward(dy, x):
    """Gradient of a loss through relu, given dy = dL/da: open where x > 0, shut at 0 and below.

        dx[...] = dy[...] if x[...] > 0 else 0

    dy, x of one shape -> dx. Raises ValueError if the shapes differ, TypeError as relu does.
    """
    dy, x = _numbers("relu", "sympy.Max(x, 0)", dy=dy, x=x)
    expect_shape("dy", dy, x.shape, "relu(x)")
    return np.where(np.isnan(x), x, np.where(x > 0, dy, 0))  # an unknown x has an unknown price


def sigmoid(x):
    """Squeeze every number into 0 to 1.

        a[...] = 1 / (1 + exp(-x[...]))

    x of any shape -> a like x; integers become float64. No x is too large: exp sees -|x| only.
    Raises TypeError for what is not numeric, and for letters.
    """
    (x,) = _numbers("sigmoid", "1 / (1 + sympy.exp(-x))", x=x)
    x = x if x.dtype.kind == "f" else x.astype(np.float64)
    small = np.exp(-np.abs(x))
    return np.where(x < 0, small, 1) / (1 + small)  # above and below times exp(x) where x < 0


def sigmoid_backward(dy, x):
    """Gradient of a loss through sigmoid, given dy = dL/da.

        dx[...] = dy[...] a[...] (1 - a[...])      with a = sigmoid(x) and 1 - a = sigmoid(-x)

    dy, x of one shape -> dx. Raises ValueError if the shapes differ, TypeError as sigmoid does.
    """
    dy, x = _numbers("sigmoid", "1 / (1 + sympy.exp(-x))", dy=dy, x=x)
    expect_shape("dy", dy, x.shape, "sigmoid(x)")
    x = x if x.dtype.kind == "f" else x.astype(np.float64)
    return dy * sigmoid(x) * sigmoid(-x)  # 1 - a would round to 0 where a is near 1


def squared_error(y, target):
    """The squared distance between what came out and what was wanted: a sum, not a mean.

        L = sum (y[...] - target[...])^2

    y, target of one shape -> a number; letters give the formula.
    Raises ValueError if the shapes differ, TypeError for what is not numeric.
    """
    return (_gap(y, target) ** 2).sum()


def squared_error_backward(y, target):
    """Gradient of squared_error by y: where a loss begins to flow back.

        dy[...] = 2 (y[...] - target[...])

    y, target of one shape -> dy. Raises as squared_error does.
    """
    return 2 * _gap(y, target)


def _gap(y, target):
    y, target = operands(y=y, target=target)
    expect_shape("target", target, y.shape, "y")
    gap = np.asarray(y - target)
    return gap.astype(np.int64) if gap.dtype.kind == "u" else gap  # a difference has a sign


def _numbers(function, formula, **named):
    """The operands in their common dtype; letters are refused, for they cannot be compared."""
    arrays = operands(**named)
    for name, value in named.items():
        if np.asarray(value).dtype == object:
            raise TypeError(f"{name} holds letters or Python objects, but {function} takes "
                            f"numbers; with letters of convlib.symbolic write {formula}")
    return arrays
