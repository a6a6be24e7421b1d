"""What a network is told about its answer: losses and the penalty on weights.

Each has its gradient directly below. A loss is a number, so its gradient is where dy begins.
"""

import numpy as np

from convlib.operands import expect_shape, numbers, operands


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


def softmax_cross_entropy(scores, target):
    """How surprised softmax(scores) is by the target, a mean over the batch.

        L = - 1/N sum_n sum_k t[n,k] log p[n,k]      with p = softmax(scores)
          = 1/N sum_n (log sum_k exp(scores[n,k]) - scores[n,c]),   c the class of image n

    scores (N, M), or (M,) for one image; target: classes (N,), whole numbers from 0 to M - 1, or
    probabilities like scores -> a number. No score is too large: exp sees differences only.
    Raises ValueError for shapes that do not go together, a class that does not exist,
    probabilities that do not add up to 1; TypeError for what is not numeric, and for letters.
    """
    scores, t = _scores(scores, target)
    shifted = scores - scores.max(axis=1, keepdims=True)
    told = np.multiply(t, shifted, out=np.zeros_like(shifted), where=t != 0)  # 0 * -inf is nan
    return (np.log(np.exp(shifted).sum(axis=1)) - told.sum(axis=1)).mean()


def softmax_cross_entropy_backward(scores, target):
    """Gradient of softmax_cross_entropy by the scores: what was said minus what was right.

        dy[n,k] = (p[n,k] - t[n,k]) / N      with p = softmax(scores); each row adds up to 0

    scores, target as there -> dy like scores. Raises as softmax_cross_entropy does.
    """
    shape = np.shape(scores)
    scores, t = _scores(scores, target)
    return ((probabilities(scores) - t) / len(scores)).reshape(shape)


def l2_penalty(w, strength):
    """What large weights cost: weight decay, added to a loss.

        L = strength * sum w[...]^2

    w of any shape, strength a number from 0 on -> a number; letters give the formula.
    Raises ValueError for a negative strength, TypeError for what is not numeric.
    """
    w, strength = _weights(w, strength)
    return strength * (w**2).sum()


def l2_penalty_backward(w, strength):
    """Gradient of l2_penalty by w: every weight is pulled towards 0, the larger the harder.

        dw[...] = 2 strength w[...]

    w, strength as there -> dw like w. Raises as l2_penalty does.
    """
    w, strength = _weights(w, strength)
    return 2 * strength * w


@np.errstate(invalid="ignore")  # inf - inf is nan, and nan is data
def probabilities(x):
    """exp(x) / sum exp(x) along the last axis; less the largest, so that exp never overflows."""
    x = x if x.dtype.kind == "f" else x.astype(np.float64)
    grown = np.exp(x - x.max(axis=-1, keepdims=True))
    return grown / grown.sum(axis=-1, keepdims=True)


def _gap(y, target):
    y, target = operands(y=y, target=target)
    expect_shape("target", target, y.shape, "y")
    gap = np.asarray(y - target)
    return gap.astype(np.int64) if gap.dtype.kind == "u" else gap  # a difference has a sign


def _scores(scores, target):
    """Scores (N, M) as floats and the targets as one row of probabilities an image."""
    by_hand = "-log(exp(s_c) / sum exp(s_k))"
    (scores,) = numbers("softmax_cross_entropy", by_hand, scores=scores)
    scores = scores if scores.dtype.kind == "f" else scores.astype(np.float64)
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


def _one_hot(classes, scores):
    count = scores.shape[-1]
    low, high = classes.min(), classes.max()
    if low < 0 or high >= count:
        raise ValueError(f"target holds classes from {low} to {high}, "
                         f"but the {count} scores are for 0 to {count - 1}")
    t = np.zeros((len(classes), count), scores.dtype)
    t[np.arange(len(classes)), classes] = 1
    return t


def _weights(w, strength):
    (w,) = operands(w=w)
    plain = isinstance(strength, (int, float))
    given = strength if plain else operands(strength=strength)[0]
    if not plain and given.ndim or (plain or given.dtype != object) and not given >= 0:
        raise ValueError(f"strength must be one number from 0 on, not {strength!r}")
    return w, strength
