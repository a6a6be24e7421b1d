"""Random networks, right and with one planted error, for the check of gradients.

    python tests/convlib/random_networks.py 200      a sweep of so many of each; prints the worst
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from convlib import sigmoid, sigmoid_backward
from convlib.networks import (
    AvgPool,
    Conv,
    Dense,
    MaxPool,
    Relu,
    check_gradients,
    forward,
    set_weights,
    weights,
)


class Sigmoid:
    """A layer of one's own: the protocol and nothing else."""

    def __call__(self, x):
        return sigmoid(x)

    def backward(self, dy, x):
        return sigmoid_backward(dy, x), {}


class Planted:
    """A layer whose dx, or the gradient of one of its weights, is wrong by a factor."""

    def __init__(self, layer, which, factor):
        self.layer, self.which, self.factor = layer, which, factor

    weights = property(lambda self: self.layer.weights,
                       lambda self, values: setattr(self.layer, "weights", values))

    def __call__(self, x):
        return self.layer(x)

    def backward(self, dy, x):
        dx, own = self.layer.backward(dy, x)
        own = {name: g * self.factor if name == self.which else g for name, g in own.items()}
        return dx * self.factor if self.which == "dx" else dx, own


def random_network(seed, largest=16):
    """A network, a batch and its classes, and an l2: everything drawn from the seed."""
    rng = np.random.default_rng([7, seed])
    channels, batch = int(rng.integers(1, 4)), int(rng.integers(1, 24))
    x = rng.random((batch, channels, *rng.integers(7, largest, 2)))
    x = np.where(rng.random(x.shape) < rng.choice([0, 0.5]), 0, x)  # blank pixels
    x = (x - rng.choice([0, 0.5])) * 10.0 ** rng.uniform(-3, 2.4)
    layers, y = [], x
    for _ in range(rng.integers(0, 4)):
        filters = int(rng.integers(1, 9))
        layers.append(Conv(y.shape[1], filters, tuple(rng.integers(1, 4, 2)),
                           padding=int(rng.integers(0, 2)), rng=rng, bias=rng.random() < 0.8))
        layers.append([Relu(), Relu(), Relu(), Sigmoid()][rng.integers(4)])
        y = forward(layers, x)[-1]
        if min(y.shape[2:]) >= 4 and rng.random() < 0.5:
            layers.append([MaxPool, MaxPool, AvgPool][rng.integers(3)](2))
            y = forward(layers, x)[-1]
        if min(y.shape[2:]) < 4:
            break
    if rng.random() < 0.4:
        layers += [Dense(int(np.prod(y.shape[1:])), 12, rng=rng), Relu()]
        y = forward(layers, x)[-1]
    classes = int(rng.integers(2, 11))
    layers.append(Dense(int(np.prod(y.shape[1:])), classes, rng=rng))
    scale = 10.0 ** rng.uniform(-1, 0.7)
    set_weights(layers, {name: w * scale for name, w in weights(layers).items()})
    return layers, x, rng.integers(0, classes, batch), float(rng.choice([0, 0, 1e-3, 1, 100]))


def with_one_error(network, x, target, l2, seed):
    """The network with a wrong layer, whose error is at least 0.05 % of a gradient above 0."""
    from convlib.networks import gradients

    rng = np.random.default_rng([8, seed])
    right = gradients(network, x, target, l2=l2).gradient
    first = next(n for n, layer in enumerate(network) if getattr(layer, "weights", {}))
    for _ in range(50):
        at = int(rng.integers(len(network)))
        names = [*getattr(network[at], "weights", {})] + ["dx"] * (at > first)
        if not names:
            continue
        factor = 1 + rng.choice([-1, 1]) * 5e-4 * 10 ** rng.uniform(0, 2)
        planted = [*network]
        planted[at] = Planted(network[at], names[rng.integers(len(names))], factor)
        wrong = gradients(planted, x, target, l2=l2).gradient
        if any(np.abs(wrong[n] - g).max() > 4e-4 * np.abs(g).max() > 4e-12
               for n, g in right.items()):
            return planted
    return None


def sweep(seeds, largest=16):
    """The largest gap of every right network, and of every one with an error."""
    for seed in seeds:
        network, x, target, l2 = random_network(seed, largest)
        yield "right", seed, check_gradients(network, x, target, l2=l2, seed=seed)
        planted = with_one_error(network, x, target, l2, seed)
        if planted:
            yield "planted", seed, check_gradients(planted, x, target, l2=l2, seed=seed)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    start = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    worst = {"right": [], "planted": []}
    for kind, seed, gaps in sweep(range(start, start + count), 30):
        gap = max(gaps.values(), key=lambda g: np.inf if np.isnan(g) else g)
        worst[kind].append(gap)
        if (kind == "right") != (gap <= 1e-6):
            print(kind, seed, gaps, flush=True)
    for kind, gaps in worst.items():
        print(f"{kind}: {len(gaps)} networks, gaps from {min(gaps):.1e} to {max(gaps):.1e}")
