"""The check that a reader can call on a network: its gradient against finite differences."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlib.checks import numerical_gradient
from convlib.networks.network import Network, forward, gradients, set_weights, total_loss, weights
from convlib.operands import expect_shape
from convlib.options import integer


def check_gradients(network: Network, x: ArrayLike, target: ArrayLike, *, l2: float = 0.0,
                    samples: int = 20, eps: float = 1e-6, seed: int = 0) -> dict[str, float]:
    """Compare every weight's gradient with finite differences.

    ::

        gap = max |backward - (L(w + eps) - L(w - eps)) / (2 eps)| / max |backward|

    A right gradient has a gap below 1e-6; a larger one is a mistake in that layer or in a later
    one. A gradient below 0.001 counts as 0.001, since differences cannot tell it from rounding.

    They are compared near the weights rather than at them, at a point moved by normal numbers of
    size 0.01: a ReLU that reads exactly 0, as blank pixels under a zero bias make it, has no slope
    there. The network is left as it was.

    Parameters
    ----------
    network, x, target, l2
        As in `gradients`.
    samples : int
        How many entries of each weight are compared, at most.
    eps : float
        How far each entry is moved, up and down.
    seed : int
        Decides how far the weights are moved, and which entries are compared.

    Returns
    -------
    dict
        {name: largest relative gap}.

    Raises
    ------
    ValueError
        As `gradients` does.
    """
    samples = integer("samples", samples)
    own, rng, gaps = weights(network), np.random.default_rng(seed), {}
    beside = {name: w + rng.normal(scale=0.01, size=w.shape) for name, w in own.items()}
    try:
        set_weights(network, beside)
        gradient = gradients(network, x, target, l2=l2).gradient
        for name, w in beside.items():
            expect_shape(f"the gradient of {name}", gradient[name], w.shape, name)
            cells = rng.choice(w.size, min(samples, w.size), replace=False)

            def loss(values: NDArray[Any], name: str = name, w: NDArray[Any] = w,
                     cells: NDArray[Any] = cells) -> float:
                moved = w.copy()
                moved.flat[cells] = values
                set_weights(network, {**beside, name: moved})
                return total_loss(network, forward(network, x)[-1], target, l2)

            slopes = numerical_gradient(loss, w.flat[cells], eps=eps)
            scale = max(np.abs(gradient[name]).max(), 1e-3)
            gaps[name] = float(np.abs(gradient[name].flat[cells] - slopes).max() / scale)
    finally:
        set_weights(network, own)
    return gaps
