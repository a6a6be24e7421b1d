"""A network is a list of layers; its gradient runs through the list from behind.

    network = [Conv(1, 8, 3), Relu(), Dense(8 * 6 * 6, 10)]
    loss, gradient = gradients(network, x, target)         gradient["w1"] is dL/dw of layer 1
    history = train(network, x, target, epochs=5)

Layers with weights are numbered from 1: their weights are called w1, b1, w2, b2, ...
"""

from typing import NamedTuple

import numpy as np

from convlib.checks import numerical_gradient
from convlib.layers import AvgPool, Conv, Dense, MaxPool, Relu  # noqa: F401
from convlib.losses import (
    l2_penalty,
    l2_penalty_backward,
    softmax_cross_entropy,
    softmax_cross_entropy_backward,
)
from convlib.operands import expect_shape
from convlib.options import integer


class Loss(NamedTuple):
    """A loss, and its gradient by every weight of a network, by name."""

    loss: float
    gradient: dict


def forward(network, x):
    """Every array on the way: [x, output of the first layer, ..., scores].

        x_0 = x,    x_l = layer_l(x_(l-1))

    Backward needs them all: a layer's gradient asks for what the layer had read.
    Raises what a layer raises, and says which one it was.
    """
    xs = [np.asarray(x)]
    for number, layer in enumerate(network):
        try:
            xs.append(layer(xs[-1]))
        except (ValueError, TypeError) as error:
            raise type(error)(f"network[{number}], {layer}: {error}") from None
    return xs


def backward(network, dy, xs):
    """Gradients by every weight, and by the input, from dy = dL/d scores.

        dy_l = dL/dx_l,    (dy_(l-1), dw_l, db_l) = layer_l.backward(dy_l, x_(l-1))

    xs is what `forward` gave. Returns (dx, gradient), gradient[name] like weights(network)[name].
    """
    found = []
    for layer, x in zip(reversed(network), xs[-2::-1], strict=True):
        dy, own = layer.backward(dy, x)
        found.append(own)
    return dy, _named(reversed(found))


def gradients(network, x, target, *, l2=0.0):
    """The loss of a network on a batch, and its gradient by every weight.

        L = softmax_cross_entropy(scores, target) + l2 sum w[...]^2      over all weights w

    x (N, C, H, W), target (N,) or (N, M) -> Loss(loss, gradient). Biases are not penalised.
    Raises ValueError as the layers and softmax_cross_entropy do.
    """
    xs = forward(network, x)
    loss = _loss(network, xs[-1], target, l2)
    network = list(network)
    # nobody changes the images: the first layer's dx is not computed
    layers = [_First(layer) for layer in network[:1]] + network[1:]
    _, gradient = backward(layers, softmax_cross_entropy_backward(xs[-1], target), xs)
    for name, w in _penalised(network).items():
        if l2:
            gradient[name] = gradient[name] + l2_penalty_backward(w, l2)
    return Loss(loss, gradient)


class _First(NamedTuple):
    layer: object

    def backward(self, dy, x):
        return None, self.layer.weight_gradients(dy, x)


def _loss(network, scores, target, l2):
    penalties = (l2_penalty(w, l2) for w in _penalised(network).values()) if l2 else ()
    return float(softmax_cross_entropy(scores, target) + sum(penalties))


def _penalised(network):
    return {name: w for name, w in weights(network).items() if name.startswith("w")}


def weights(network):
    """All weights by name: {"w1": ..., "b1": ..., "w2": ...}."""
    having = [layer for layer in network if layer.weights]
    if len(set(map(id, having))) < len(having):
        raise ValueError("the same layer stands twice in this network: make two of them, "
                         "or their weights would overwrite each other")
    return _named(layer.weights for layer in having)


def set_weights(network, values):
    """Put these arrays in place of the weights; names and shapes must be those of the network."""
    own = weights(network)
    shapes = [{name: np.shape(w) for name, w in ws.items()} for ws in (values, own)]
    if shapes[0] != shapes[1]:
        raise ValueError(f"the weights {shapes[0]} are not those of this network, {shapes[1]}")
    put_weights(network, values)


def put_weights(network, values):
    """set_weights for values that were made from the network's own: nothing is checked."""
    for number, layer in enumerate((la for la in network if la.weights), start=1):
        layer.weights = {name: np.asarray(values[f"{name}{number}"]) for name in layer.weights}


def predict(network, x):
    """The class with the highest score for each image: (N,) whole numbers."""
    return forward(network, x)[-1].argmax(axis=1)


def accuracy(network, x, target):
    """The share of images whose class `predict` finds, from 0 to 1."""
    found = predict(network, x)
    expect_shape("target", np.asarray(target), found.shape, "a class for each image")
    return float((found == target).mean())


def check_gradients(network, x, target, *, l2=0.0, samples=20, eps=1e-6, seed=0):
    """Compare every weight's gradient with finite differences: {name: largest relative gap}.

        gap = max |backward - (L(w + eps) - L(w - eps)) / (2 eps)| / max |backward|

    over at most `samples` entries of each weight; a gradient below 0.001 counts as 0.001, since
    differences cannot tell it from rounding. A right gradient has a gap below 1e-6; a larger
    one is a mistake in that layer or in one behind it. The network is looked at a little beside
    its weights, moved by normal numbers of size 0.01: a ReLU that reads exactly 0, as blank
    pixels under a zero bias make it, has no slope to compare with. It is left as it was.
    Raises as `gradients` does.
    """
    samples = integer("samples", samples)
    own, rng, gaps = weights(network), np.random.default_rng(seed), {}
    beside = {name: w + rng.normal(scale=0.01, size=w.shape) for name, w in own.items()}
    try:
        set_weights(network, beside)
        found = gradients(network, x, target, l2=l2).gradient
        for name, w in beside.items():
            expect_shape(f"the gradient of {name}", found[name], w.shape, name)
            cells = rng.choice(w.size, min(samples, w.size), replace=False)

            def loss(values, name=name, w=w, cells=cells):
                moved = w.copy()
                moved.flat[cells] = values
                set_weights(network, {**beside, name: moved})
                return _loss(network, forward(network, x)[-1], target, l2)

            slopes = numerical_gradient(loss, w.flat[cells], eps=eps)
            scale = max(np.abs(found[name]).max(), 1e-3)
            gaps[name] = float(np.abs(found[name].flat[cells] - slopes).max() / scale)
    finally:
        set_weights(network, own)
    return gaps


def _named(per_layer):
    """Weights of each layer under one numbering: layers without weights do not count."""
    having = [own for own in per_layer if own]
    return {f"{name}{number}": w for number, own in enumerate(having, start=1)
            for name, w in own.items()}
