"""What `train` is asked for, checked before any step."""

from collections.abc import Sequence
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike

from convlib.losses import softmax_cross_entropy
from convlib.networks.network import Network, forward, weights
from convlib.networks.protocol import checked
from convlib.operands import Array, unmasked
from convlib.options import integer


def check_settings(network: Network, x: Array, target: Array, epochs: int, lr: float,
                   momentum: float, l2: float, snapshot_every: int | None, seed: int) -> int:
    """Refuse settings of `train` that make no sense.

    Returns
    -------
    int
        How many classes the network has.

    Raises
    ------
    ValueError, TypeError
        Naming the setting.
    """
    if integer("epochs", epochs) > 10**9:
        raise ValueError(f"epochs must be at most {10**9:,}, not a number of {len(str(epochs))} "
                         "digits")
    integer("seed", seed, 0)
    if snapshot_every is not None:
        integer("snapshot_every", snapshot_every)
    if not weights(network):
        raise ValueError("network has no weights, so there is nothing to train")
    if x.ndim > 1:
        expect_images(network, x)
    if x.ndim < 2 or target.ndim < 1 or len(x) == 0 or len(x) != len(target):
        raise ValueError(f"x has shape {x.shape} and target {target.shape}: want (N, C, H, W) "
                         "or (N, D) with (N,) or (N, M), N at least 1")
    if not (lr > 0 and isfinite(lr)):
        raise ValueError(f"lr must be a positive number, not {lr:g}")
    if not 0 <= momentum < 1:
        raise ValueError(f"momentum must be from 0 to below 1, not {momentum:g}")
    if not (l2 >= 0 and isfinite(l2)):
        raise ValueError(f"l2 must be 0 or more, and finite, not {l2:g}")
    expect_finite("x", x)
    expect_finite("target", target)
    for name, w in weights(network).items():
        expect_finite(name, w)
    scores = forward(network, x[:1])[-1]
    if scores.ndim != 2:
        raise ValueError(f"the network gives {scores.shape} for one image: its last layer must "
                         "give scores (N, M), as Dense does")
    classes: int = scores.shape[1]
    softmax_cross_entropy(np.zeros((len(x), classes)), target)  # every target, now
    return classes


def check_test(network: Network, test: Sequence[ArrayLike] | None, classes: int) -> None:
    """Refuse a test that the network could not take.

    Raises
    ------
    ValueError
        If it is not a pair (x, target) of images and classes from 0 to `classes` - 1.
    """
    if test is None:
        return
    if not isinstance(test, (tuple, list)) or len(test) != 2:
        raise ValueError("test must be a pair (x, target)")
    x, target = unmasked("test's x", test[0]), unmasked("test's target", test[1])
    if x.ndim > 1:
        expect_images(network, x, "test: ")
    if x.ndim < 2 or len(x) == 0 or target.shape != x.shape[:1] or target.dtype.kind not in "iu":
        raise ValueError(f"test has x {x.shape} and target {target.shape} of {target.dtype}: want "
                         "a class, a whole number, for each of at least one image")
    if target.min() < 0 or target.max() >= classes:
        raise ValueError(f"test holds classes from {target.min()} to {target.max()}, but the "
                         f"network has scores for 0 to {classes - 1}")
    expect_finite("test's x", x)
    forward(network, x[:1])


def expect_images(network: Network, x: Array, which: str = "") -> None:
    """Refuse images whose axes the first layer does not read, with the cure.

    Raises
    ------
    ValueError
        As the first layer's `expect` does, if it has one.
    """
    first = checked(network)[0]
    expect = getattr(first.layer, "expect", lambda x_shape: None)
    try:
        expect(x.shape)
    except ValueError as error:
        raise ValueError(f"{which}{first.name}: {error}") from None


def expect_finite(name: str, array: Array) -> None:
    """Refuse what holds NaN or infinity, or no numbers at all.

    Raises
    ------
    TypeError
        For what is not numeric.
    ValueError
        Naming the array, how many entries are not finite, and where the first of them is.
    """
    if array.dtype.kind not in "buif":
        raise TypeError(f"{name} must hold real numbers, not {array.dtype}")
    finite = np.isfinite(array)
    if not finite.all():
        where = tuple(map(int, np.unravel_index(finite.argmin(), array.shape)))
        raise ValueError(f"{name} must hold finite numbers: {int((~finite).sum()):,} of "
                         f"{array.size:,} are not, the first is {array[where]} at {where}")
