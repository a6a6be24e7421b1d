"""The check that a reader can call on a network: its gradient against finite differences."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from convlib.losses import l2_penalty, softmax_cross_entropy
from convlib.networks.network import (
    Network,
    forward,
    gradients,
    is_penalised,
    real,
    set_weights,
    weights,
)
from convlib.networks.protocol import own_weights
from convlib.networks.slopes import relative_gap
from convlib.operands import Array
from convlib.options import integer

# how far the weights are moved; again, and less, for an array that says nothing there
SPREADS = 0.01, 0.01, 1e-3, 1e-3, 1e-4, 1e-4


def check_gradients(network: Network, x: ArrayLike, target: ArrayLike, *, l2: float = 0.0,
                    samples: int = 20, eps: float = 1e-6, seed: int = 0) -> dict[str, float]:
    """Compare every weight's gradient with finite differences.

    ::

        gap = max |backward - (L(w + eps) - L(w - eps)) / (2 eps)| / max |backward|

    A right gradient has a gap of at most 1e-6; a larger one is a mistake in that layer or in a
    later one, and one of 0.05 % is found.

    An entry that seems wrong is looked at again, in steps from eps / 100 to 100 eps. If the two
    one-sided slopes show a kink in all of them, where a ReLU opens or a maximum changes hands, the
    entry says nothing and another takes its place. Where rounding hides the last digits, as for a
    large loss with a small gradient, the gap is a share of what differences can see.

    They are compared near the weights rather than at them, at a point moved by normal numbers of
    size 0.01: a ReLU that reads exactly 0, as blank pixels under a zero bias make it, has no slope
    there. A weight without gradient there, or at kinks only, is compared at other such points. The
    network is left as it was.

    Parameters
    ----------
    network, x, target, l2
        As in `gradients`.
    samples : int
        How many entries of each weight are compared, at most; a quarter as many come on top, those
        with the largest gradients.
    eps : float
        How far each entry is moved, up and down.
    seed : int
        Decides how far the weights are moved, and which entries are compared.

    Returns
    -------
    dict
        {name: largest relative gap}; NaN if all entries of a weight are at a kink.

    Raises
    ------
    ValueError
        If eps is not from 0 to 1 or the loss not finite; else as `gradients` does.
    """
    samples, seed = integer("samples", samples), integer("seed", seed, 0)
    eps, l2 = real("eps", eps), real("l2", l2)
    if not 0 < eps <= 1:
        raise ValueError(f"eps must be positive and at most 1, not {eps}")
    own, rng = weights(network), np.random.default_rng(seed)
    gaps, missing = dict.fromkeys(own, 0.0), [*own]
    try:
        for spread in SPREADS:
            if not missing:
                break
            beside = {name: w + rng.normal(scale=spread, size=w.shape) for name, w in own.items()}
            set_weights(network, beside)
            loss, gradient = gradients(network, x, target, l2=l2)
            if not np.isfinite(loss):
                raise ValueError(f"the loss is {loss}, so it has no slope to compare with")
            xs = forward(network, x)
            size = float(softmax_cross_entropy(xs[-1], target) + np.abs(xs[-1]).max())
            for name in [*missing]:
                gap = _largest_gap(network, name, gradient[name].ravel(), xs, target, l2,
                                   samples=samples, size=size, eps=eps, rng=rng)
                set_weights(network, beside)
                if gap or gradient[name].any():  # else all units are shut here
                    gaps[name] = gap
                    missing = [other for other in missing if other != name or np.isnan(gap)]
    finally:
        set_weights(network, own)
    return gaps


def _largest_gap(network: Network, name: str, gradient: Array, xs: list[Array], target: ArrayLike,
                 l2: float, *, samples: int, size: float, eps: float,
                 rng: np.random.Generator) -> float:
    """The largest gap of some entries of one weight; NaN if all of them are at a kink."""
    w, loss_at = _losses(network, name, xs, target, l2)
    chosen = rng.choice(w.size, min(samples, w.size), replace=False)
    largest = np.argsort(-np.abs(gradient))[: -(-samples // 4)]
    wanted = len({*chosen, *largest})
    spare = rng.permutation(w.size)
    seen: list[float] = []
    for cell in [*dict.fromkeys([*chosen, *largest, *spare])][: 3 * wanted]:
        gap = relative_gap(loss_at(cell), float(w.flat[cell]), float(gradient[cell]),
                           top=float(np.abs(gradient).max()), size=size, eps=eps)
        seen += [] if gap is None else [gap]
        if len(seen) == wanted:
            break
    return float(np.max(seen)) if seen else np.nan


def _losses(network: Network, name: str, xs: list[Array], target: ArrayLike,
            l2: float) -> tuple[Array, Callable[[int], Callable[[float], float]]]:
    """A weight, and for each of its cells the loss as a function of that entry.

    Only the layers from this one on are run, and of the penalty only the entry's own share.
    """
    having = [n for n, layer in enumerate(network) if own_weights(layer)]
    own_name, number = next((own, n) for count, n in enumerate(having, start=1)
                            for own in own_weights(network[n]) if f"{own}{count}" == name)
    layer: Any = network[number]
    x = xs[number]
    everything = own_weights(layer)
    w = everything[own_name]

    def loss_at(cell: int) -> Callable[[float], float]:
        def loss(value: float) -> float:
            moved = w.copy()
            moved.flat[cell] = value
            layer.weights = {**everything, own_name: moved}
            scores = forward(network[number:], x)[-1]
            penalty = l2_penalty(value, l2) if l2 and is_penalised(name) else 0.0
            return float(softmax_cross_entropy(scores, target) + penalty)
        return loss

    return w, loss_at
