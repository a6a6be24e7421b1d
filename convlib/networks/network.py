"""A network is a list of layers; its gradient runs through the list from the end to the start.

::

    network = [Conv(1, 8, 3), Relu(), Dense(8 * 6 * 6, 10)]
    loss, gradient = gradients(network, x, target)         gradient["w1"] is dL/dw of layer 1
    history = train(network, x, target, epochs=5)

Layers with weights are numbered from 1: their weights are called w1, b1, w2, b2, ...
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlib.losses import (
    l2_penalty,
    l2_penalty_backward,
    softmax_cross_entropy,
    softmax_cross_entropy_backward,
)
from convlib.networks.layers import Weights
from convlib.networks.protocol import LayerLike, as_dict, checked, own_weights
from convlib.operands import Array, expect_shape, unmasked

Network = Sequence[LayerLike]


class Loss(NamedTuple):
    """A loss, and its gradient with respect to every weight of a network, by name."""

    loss: float
    gradient: Weights


def forward(network: Network, x: ArrayLike) -> list[Array]:
    """Every array on the way: [x, output of the first layer, ..., scores].

    ::

        x_0 = x,    x_l = layer_l(x_(l-1))

    Backward needs them all: a layer's gradient depends on what the layer read.

    Parameters
    ----------
    network : sequence of Layer
        The layers in their order.
    x : array_like
        (N, C, H, W) or (N, D), as the first layer takes it.

    Returns
    -------
    list of NDArray
        One array more than there are layers.

    Raises
    ------
    ValueError, TypeError
        Whatever a layer raises, after the layer's number. If an entry is not a layer, the error
        names it and what it lacks.
    """
    xs = [unmasked("x", x)]
    for layer in checked(network):
        xs.append(layer(xs[-1]))
    return xs


def backward(network: Network, dy: Array, xs: Sequence[Array]) -> tuple[Array, Weights]:
    """Gradients with respect to the input and every weight, from dy = dL/d scores.

    ::

        dy_l = dL/dx_l,    (dy_(l-1), dw_l, db_l) = layer_l.backward(dy_l, x_(l-1))

    Parameters
    ----------
    network : sequence of Layer
        The layers in their order.
    dy : NDArray
        Like the scores.
    xs : list of NDArray
        What `forward` gave.

    Returns
    -------
    dx : NDArray
        Like x.
    gradient : dict
        gradient[name] is like weights(network)[name].

    Raises
    ------
    ValueError, TypeError
        For a layer whose backward does not give dx and a gradient for each of its weights.
    """
    per_layer = []
    for layer, x in zip(reversed(checked(network)), xs[-2::-1], strict=True):
        dy, own = layer.backward(dy, x)
        per_layer.append(own)
    return dy, _numbered(reversed(per_layer))


def gradients(network: Network, x: ArrayLike, target: ArrayLike, *, l2: float = 0.0) -> Loss:
    """The loss of a network on a batch, and its gradient with respect to every weight.

    ::

        L = softmax_cross_entropy(scores, target) + l2 sum w[...]^2      over all weights w

    Parameters
    ----------
    network : sequence of Layer
        The layers in their order; the last gives scores (N, M).
    x : array_like
        (N, C, H, W) or (N, D).
    target : array_like
        Classes (N,), or probabilities (N, M).
    l2 : float
        The strength of the penalty. Biases are not penalised.

    Returns
    -------
    Loss
        loss, and gradient by name.

    Raises
    ------
    ValueError, TypeError
        As the layers and softmax_cross_entropy do.
    """
    l2 = real("l2", l2)
    if not 0 <= l2 < np.inf:
        raise ValueError(f"l2 must be 0 or more, and finite, not {l2:g}")
    xs = forward(network, x)
    penalised = {name: w for name, w in weights(network).items() if l2 and is_penalised(name)}
    penalties = (l2_penalty(w, l2) for w in penalised.values())
    loss = softmax_cross_entropy(xs[-1], target) + sum(penalties)
    dy = softmax_cross_entropy_backward(xs[-1], target)
    _, gradient = backward(checked(network, first=True), dy, xs)  # nobody changes the images
    for name, w in penalised.items():
        gradient[name] = gradient[name] + l2_penalty_backward(w, l2)
    return Loss(float(loss), gradient)


def real(name: str, value: Any) -> float:
    """A setting as a float; a TypeError names one that is not a number, a ValueError one too large.
    """
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be a number, not {value!r}") from None
    except OverflowError:
        raise ValueError(f"{name} must be a number of at most 1e308, but has "
                         f"{len(str(value))} digits") from None


def is_penalised(name: str) -> bool:
    """Whether l2 adds a penalty on the weights of this name: biases go free."""
    return name.startswith("w")


def weights(network: Network) -> Weights:
    """All weights by name: {"w1": ..., "b1": ..., "w2": ...}.

    Raises
    ------
    ValueError
        If the same layer appears twice.
    TypeError
        If network is not a list of layers.
    """
    having = _having(network)
    if len(set(map(id, having))) < len(having):
        raise ValueError("the same layer appears twice in this network: make two of them, "
                         "or their weights would overwrite each other")
    return _numbered(own_weights(layer) for layer in having)


def set_weights(network: Network, values: Mapping[str, ArrayLike]) -> None:
    """Put these arrays in place of the weights.

    Parameters
    ----------
    network : sequence of Layer
        The layers in their order.
    values : dict
        An array for each name, in the shape of weights(network)[name].

    Raises
    ------
    ValueError
        If names and shapes are not those of the network.
    TypeError
        If values is not a dictionary.
    """
    values = as_dict(values)
    expect_own(network, values)
    put_weights(network, values)


def expect_own(network: Network, values: Mapping[str, ArrayLike]) -> None:
    """Refuse weights that are not those of this network, by names and shapes."""
    own = weights(network)
    shapes = [{name: unmasked(name, w).shape for name, w in ws.items()} for ws in (values, own)]
    if shapes[0] != shapes[1]:
        raise ValueError(f"the weights {shapes[0]} are not those of this network, {shapes[1]}")


def put_weights(network: Network, values: Mapping[str, ArrayLike]) -> None:
    """set_weights for values that were made from the network's own: nothing is checked."""
    for number, layer in enumerate(_having(network), start=1):
        layer.weights = {name: np.asarray(values[f"{name}{number}"]) for name in layer.weights}


def _having(network: Network) -> list[Any]:
    """The layers that have weights."""
    return [place.layer for place in checked(network) if own_weights(place.layer)]


def predict(network: Network, x: ArrayLike) -> NDArray[np.intp]:
    """The class with the highest score for each image: (N,) whole numbers."""
    classes: NDArray[np.intp] = forward(network, x)[-1].argmax(axis=1)
    return classes


def accuracy(network: Network, x: ArrayLike, target: ArrayLike) -> float:
    """The share of images whose class `predict` finds, from 0 to 1; target (N,)."""
    classes = predict(network, x)
    expect_shape("target", unmasked("target", target), classes.shape, "a class for each image")
    return float((classes == target).mean())


def _numbered(per_layer: Iterable[Weights]) -> Weights:
    """Weights of each layer under one numbering: layers without weights do not count."""
    having = [own for own in per_layer if own]
    return {f"{name}{number}": w for number, own in enumerate(having, start=1)
            for name, w in own.items()}
