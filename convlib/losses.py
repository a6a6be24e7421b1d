"""How wrong the answer of a network is: losses, and the penalty on weights.

Each has its gradient directly below. A loss is a number, so its gradient is where dy begins.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlib.operands import exact, expect_shape, floats, operands
from convlib.options import in_words
from convlib.targets import read_targets


@in_words
def squared_error(y: ArrayLike, target: ArrayLike) -> Any:
    """The squared distance between what came out and what was wanted: a sum, not a mean.

    ::

        L = sum (y[...] - target[...])^2

    Parameters
    ----------
    y, target : array_like
        Arrays of one shape. Symbols give the formula.

    Returns
    -------
    scalar
        L, a number or an expression.

    Raises
    ------
    ValueError
        If the shapes differ.
    TypeError
        For what is not numeric.
    """
    return np.sum(_gap(y, target) ** 2)


@in_words
def squared_error_backward(y: ArrayLike, target: ArrayLike) -> NDArray[Any]:
    """Gradient of squared_error with respect to y: where a loss begins to flow back.

    ::

        dy[...] = 2 (y[...] - target[...])

    Parameters
    ----------
    y, target : array_like
        Arrays of one shape.

    Returns
    -------
    NDArray
        dy, like y.

    Raises
    ------
    ValueError, TypeError
        As squared_error does.
    """
    dy: NDArray[Any] = 2 * _gap(y, target)
    return dy


@in_words
def softmax_cross_entropy(scores: ArrayLike, target: ArrayLike) -> np.floating[Any]:
    """How surprised softmax(scores) is by the target, a mean over the batch.

    ::

        L = - 1/N sum_n sum_k t[n,k] log p[n,k]      with p = softmax(scores)
          = 1/N sum_n (log sum_k exp(scores[n,k]) - scores[n,c]),   c the class of image n

    Parameters
    ----------
    scores : array_like
        (N, M), or (M,) for one image. No score is too large: exp sees differences only.
    target : array_like
        Classes (N,), whole numbers from 0 to M - 1, or probabilities like scores.

    Returns
    -------
    float
        L.

    Raises
    ------
    ValueError
        For shapes that do not go together, a class that does not exist, and probabilities that
        do not add up to 1.
    TypeError
        For what is not numeric, and for symbols.
    """
    scores, t = read_targets(scores, target)
    shifted = scores - scores.max(axis=1, keepdims=True)
    right = np.multiply(t, shifted, out=np.zeros_like(shifted), where=t != 0)  # 0 * -inf is nan
    loss: np.floating[Any] = (np.log(np.exp(shifted).sum(axis=1)) - right.sum(axis=1)).mean()
    return loss


@in_words
def softmax_cross_entropy_backward(scores: ArrayLike, target: ArrayLike) -> NDArray[Any]:
    """Gradient of softmax_cross_entropy with respect to the scores: said minus right.

    ::

        dy[n,k] = (p[n,k] - t[n,k]) / N      with p = softmax(scores); each row adds up to 0

    Parameters
    ----------
    scores, target : array_like
        As in softmax_cross_entropy.

    Returns
    -------
    NDArray
        dy, like scores.

    Raises
    ------
    ValueError, TypeError
        As softmax_cross_entropy does.
    """
    shape = np.shape(scores)
    scores, t = read_targets(scores, target)
    dy: NDArray[Any] = ((probabilities(scores) - t) / len(scores)).reshape(shape)
    return dy


@in_words
def l2_penalty(w: ArrayLike, strength: Any) -> Any:
    """What large weights cost: weight decay, added to a loss.

    ::

        L = strength * sum w[...]^2

    Parameters
    ----------
    w : array_like
        Any shape. Symbols give the formula.
    strength : scalar
        A number that is 0 or more, or a symbol.

    Returns
    -------
    scalar
        L, a number or an expression.

    Raises
    ------
    ValueError
        For a negative strength.
    TypeError
        For what is not numeric.
    """
    w, strength = _weights(w, strength, lambda largest, size: largest**2 * size)
    return strength * np.sum(w**2)


@in_words
def l2_penalty_backward(w: ArrayLike, strength: Any) -> NDArray[Any]:
    """Gradient of l2_penalty with respect to w: pulled towards 0, the larger the harder.

    ::

        dw[...] = 2 strength w[...]

    Parameters
    ----------
    w, strength
        As in l2_penalty.

    Returns
    -------
    NDArray
        dw, like w.

    Raises
    ------
    ValueError, TypeError
        As l2_penalty does.
    """
    w, strength = _weights(w, strength, lambda largest, size: 2 * largest)
    dw: NDArray[Any] = 2 * strength * w
    return dw


@np.errstate(invalid="ignore")  # inf - inf is nan, and nan is data
def probabilities(x: NDArray[Any]) -> NDArray[Any]:
    """exp(x) / sum exp(x) along the last axis; less the largest, so that exp never overflows."""
    x = floats(x)
    grown = np.exp(x - x.max(axis=-1, keepdims=True))
    p: NDArray[Any] = grown / grown.sum(axis=-1, keepdims=True)
    return p


def _gap(y: ArrayLike, target: ArrayLike) -> NDArray[Any]:
    y, target = operands(y=y, target=target)
    size = y.size
    expect_shape("target", target, y.shape, "y")
    y, target = exact(lambda y, target: (y + target) ** 2 * (size + 1), y, target)
    gap = np.asarray(y - target, y.dtype)  # of two numbers NumPy makes one of Python
    return gap.astype(np.int64) if gap.dtype.kind == "u" else gap  # a difference has a sign


def _weights(w: ArrayLike, strength: Any,
             bound: Callable[[int, int], int]) -> tuple[NDArray[Any], Any]:
    """w and strength, read; `bound` (largest, size) times the strength is exact, as in `exact`."""
    (w,) = operands(w=w)
    strength = int(strength) if isinstance(strength, np.integer) else strength
    plain = isinstance(strength, (int, float))
    given = strength if plain else operands(strength=strength)[0]
    if (not plain and given.ndim) or ((plain or given.dtype != object) and not given >= 0):
        raise ValueError(f"strength must be a number that is 0 or more, not {strength!r}")
    if plain and w.dtype.kind == "f" and int(np.finfo(float).max) < strength < np.inf:
        raise ValueError("strength must be at most 1.8e308, the largest float64")
    size, factor = w.size, strength if isinstance(strength, int) else 1
    (w,) = exact(lambda largest: max(factor, 1) * max(bound(largest, size), 1), w)
    return w, strength
