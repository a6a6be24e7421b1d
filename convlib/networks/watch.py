"""What training notices by itself, and says once: an input out of scale, units that are dead."""

import numpy as np

from convlib.networks.layers import Weights
from convlib.networks.network import Network, is_penalised, weights
from convlib.networks.protocol import own_weights
from convlib.operands import Array

LARGE = 4.0  # the root mean square above which pixels are called unscaled
SOME = 20  # of fewer images, a ReLU may well be 0 for each


def note_scale(x: Array) -> None:
    """Say that pixels are too large for weights that were drawn for numbers of about 1."""
    some = x[:1000].astype(np.float64)
    rms, largest = float(np.sqrt(np.mean(some**2))), float(np.abs(some).max())
    if rms > LARGE:
        print(f"Note: x is not scaled, its numbers reach {largest:g} (root mean square {rms:.3g}). "
              f"First weights are drawn for numbers of about 1: divide x by {largest:g}, or lower "
              "lr.")


class Watch:
    """Follows one epoch after another, and says once that units no longer learn.

    A unit is dead if its gradient was exactly 0 in every step of an epoch: its ReLU, or all that
    come after it, were shut for every image. It is said if that holds for half of a layer.
    """

    def __init__(self, network: Network, l2: float, images: int) -> None:
        self._names = [name for name in _one_per_layer(network) if not (l2 and is_penalised(name))]
        self._needed = 0.5 if images >= SOME else 1.0  # the share that is worth a word
        self._alive: dict[str, Array] = {}
        self._steps, self._said = 0, False

    def step(self, gradient: Weights) -> None:
        """Remember which units had a gradient in this step."""
        self._steps += 1
        for name in self._names:
            unit = np.atleast_1d(gradient[name])
            moved = np.asarray(unit.reshape(len(unit), -1).any(axis=1))
            self._alive[name] = np.logical_or(moved, self._alive.get(name, moved))

    def epoch(self, number: int, steps: int) -> None:
        """Say what an epoch showed, if all of its steps were seen."""
        alive, self._alive = self._alive, {}
        seen, self._steps = self._steps, 0
        if self._said or seen < steps or not alive or not alive[self._names[-1]].any():
            return  # a last layer without gradient has nothing left to learn
        for name, units in alive.items():
            dead = int(np.sum(~units))
            if dead and dead >= self._needed * len(units):
                self._said = True
                print(f"Note after epoch {number}: {dead} of the {len(units)} units of {name} are "
                      "dead, no image gives them a gradient, since ReLUs are shut for all of them. "
                      "Begin again with new weights, a smaller lr, or x divided by its largest "
                      "number.")
                return


def _one_per_layer(network: Network) -> list[str]:
    """The bias of each layer, or what it has instead: one entry, or row, for each unit."""
    own = [layer_weights for layer in network if (layer_weights := own_weights(layer))]
    names = ["b" if "b" in layer_weights else next(iter(layer_weights)) for layer_weights in own]
    numbered = [f"{name}{number}" for number, name in enumerate(names, start=1)]
    return [name for name in numbered if name in weights(network)]
