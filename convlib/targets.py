"""What a classifier should have said: classes or probabilities, read beside its scores."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlib.operands import floats, numbers, operands


def read_targets(scores: ArrayLike, target: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """Read the scores as floats, and the target as one row of probabilities per image.

    Parameters
    ----------
    scores, target : array_like
        As in softmax_cross_entropy.

    Returns
    -------
    scores, t : NDArray
        Both (N, M).

    Raises
    ------
    ValueError, TypeError
        As softmax_cross_entropy does.
    """
    by_hand = "-log(exp(s_c) / sum exp(s_k))"
    (scores,) = numbers("softmax_cross_entropy", by_hand, scores=scores)
    scores = floats(scores)
    if scores.ndim not in (1, 2) or not scores.size:
        raise ValueError(f"scores must be (N, M), or (M,) for one image, and not empty; "
                         f"they have shape {scores.shape}")
    if not (isinstance(target, np.ndarray) and target.dtype == np.int64):
        (target,) = operands(target=target)
    if target.shape == scores.shape[:-1]:
        if target.dtype.kind != "i" and target.dtype != np.uint64:
            raise TypeError(f"target must hold classes, whole numbers, not {target.dtype}")
        return np.atleast_2d(scores), _one_hot(np.atleast_1d(target), scores)
    if target.shape != scores.shape:
        raise ValueError(f"target has shape {target.shape}, but scores of shape {scores.shape} "
                         f"want classes (whole numbers) of shape {scores.shape[:-1]} or "
                         f"probabilities of shape {scores.shape}")
    scores, t = numbers("softmax_cross_entropy", by_hand, scores=scores, target=target)
    total = t.sum(axis=-1)
    if (t < 0).any() or (abs(total - 1) > 1e-5).any():
        raise ValueError("target must hold probabilities, none negative, that add up to 1 for "
                         f"each image; the sums run from {total.min():g} to {total.max():g}, "
                         f"the smallest entry is {t.min():g}")
    return np.atleast_2d(scores), np.atleast_2d(t)


def _one_hot(classes: NDArray[Any], scores: NDArray[Any]) -> NDArray[Any]:
    """Probabilities (N, M) with a 1 at each image's class and 0 elsewhere."""
    count = scores.shape[-1]
    low, high = classes.min(), classes.max()
    if low < 0 or high >= count:
        raise ValueError(f"target holds classes from {low} to {high}, "
                         f"but the {count} scores are for 0 to {count - 1}")
    t: NDArray[Any] = (classes[:, None] == np.arange(count)).astype(scores.dtype)
    return t
