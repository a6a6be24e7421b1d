"""Layers of one's own: what they need, what they may leave out, and what is said of the rest."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlib import sigmoid
from convlib.networks import (
    Conv,
    Dense,
    Layer,
    Relu,
    backward,
    check_gradients,
    forward,
    gradients,
    set_weights,
    train,
    weights,
)
from tests.convlib.random_networks import Sigmoid

RNG = np.random.default_rng(5)
X, TARGET = RNG.normal(size=(6, 2, 5, 4)), np.array([0, 2, 1, 1, 0, 2])


class Scale:
    """A factor and a shift for each channel: weights, and no base class."""

    def __init__(self, channels):
        self.weights = {"gain": np.ones(channels), "b": np.zeros(channels)}

    def __call__(self, x):
        gain, b = (self.weights[name][:, None, None] for name in ("gain", "b"))
        return gain * x + b

    def backward(self, dy, x):
        own = {"b": dy.sum(axis=(0, 2, 3)), "gain": (dy * x).sum(axis=(0, 2, 3))}
        return dy * self.weights["gain"][:, None, None], own


class Forgetful(Layer):
    """A subclass that does not call the constructor of Layer."""

    def __init__(self):
        self.slope = 0.1

    def __call__(self, x):
        return np.where(x > 0, x, self.slope * x)

    def backward(self, dy, x):
        return np.where(x > 0, dy, self.slope * dy), {}


@pytest.mark.parametrize("network", [
    [Sigmoid(), Dense(40, 3)], [Scale(2), Dense(40, 3)], [Forgetful(), Dense(40, 3)],
    [Conv(2, 3, 2), Sigmoid(), Scale(3), Forgetful(), Dense(36, 3)],
], ids=["nothing but two methods", "weights", "no constructor", "all of them"])
def test_layers_of_ones_own_are_checked_and_trained_in_any_place(network):
    gaps = check_gradients(network, X, TARGET, l2=1e-3)
    assert list(gaps) == list(weights(network)) and max(gaps.values()) < 1e-6
    before = gradients(network, X, TARGET).loss
    history = train(network, X, TARGET, epochs=8, lr=0.05, progress=False)
    assert gradients(network, X, TARGET).loss < before and len(history.losses) == 8
    xs = forward(network, X)
    dx, _ = backward(network, np.ones((6, 3)), xs)
    assert dx.shape == X.shape


def test_a_check_finds_the_mistake_in_a_layer_of_ones_own():
    class Wrong(Sigmoid):
        def backward(self, dy, x):
            return dy * sigmoid(x), {}

    gaps = check_gradients([Conv(2, 3, 2), Wrong(), Dense(36, 3)], X, TARGET)
    assert {name for name, gap in gaps.items() if gap > 1e-6} == {"w1", "b1"}


@pytest.mark.parametrize("layer, shape", [(Conv(2, 3, 2, bias=False), (6, 3, 4, 3)),
                                          (Dense(40, 3, bias=False), (6, 3))])
def test_a_layer_without_bias(layer, shape):
    assert [*layer.weights] == ["w"] and layer(X).shape == shape
    assert not layer(0 * X).any() and "b (" not in repr(layer)
    network = [layer] if len(shape) == 2 else [layer, Dense(36, 3)]
    assert max(check_gradients(network, X, TARGET).values()) < 1e-6
    dx, own = layer.backward(np.ones(shape), X)
    assert dx.shape == X.shape and [*own] == ["w"] == [*layer.weight_gradients(np.ones(shape), X)]


def broken(gives):
    """A layer whose backward gives something else."""
    class Odd(Scale):
        def backward(self, dy, x):
            return gives(*super().backward(dy, x))
    return Odd(2)


REFUSED = [
    (lambda dx, own: dx, TypeError, "Odd(): backward must return a pair (dx, gradients)"),
    (lambda dx, own: None, TypeError, "not None; without weights return dx, {}"),
    (lambda dx, own: (dx, None), TypeError, "the gradients of the weights must be a dictionary"),
    (lambda dx, own: (dx, {"gain": own["gain"]}), ValueError,
     "Odd(): backward gives gradients of {gain}, but the layer has weights {gain, b}"),
    (lambda dx, own: (dx, {}), ValueError, "gradients of {}, but the layer has weights {gain, b}"),
    (lambda dx, own: (dx, {**own, "gain": 1.0}), ValueError,
     "the gradient of gain has shape (), but gain has shape (2,)"),
]


@pytest.mark.parametrize("gives, error, words", REFUSED)
@pytest.mark.parametrize("number", [0, 1])
def test_what_backward_must_give_is_said_by_name(gives, error, words, number):
    network = [Relu()] * number + [broken(gives), Dense(40, 3)]
    with pytest.raises(error, match=re.escape(words)) as told:
        gradients(network, X, TARGET)
    assert f"network[{number}], Odd()" in str(told.value)


def test_a_dx_of_another_shape_is_named():
    network = [Conv(2, 2, 1), broken(lambda dx, own: (dx[:, :1], own)), Dense(40, 3)]
    with pytest.raises(ValueError, match=re.escape("network[1], Odd(): dx has shape (6, 1, 5, 4)")):
        gradients(network, X, TARGET)


def test_weights_of_another_kind_are_named():
    layer = Sigmoid()
    layer.weights = [1, 2]
    with pytest.raises(TypeError, match="weights must be a dictionary"):
        weights([layer])
    layer.weights = {}
    set_weights([layer, Dense(4, 2)], {"w1": np.ones((2, 4)), "b1": np.zeros(2)})


def test_a_layer_that_gives_nothing_is_named():
    layer = Sigmoid()
    layer.__class__ = type("Silent", (Sigmoid,), {"__call__": lambda self, x: None})
    with pytest.raises(TypeError, match="gives None for x, not an array"):
        forward([layer], X)


ORDERS = {  # how people have images, from (N, C, H, W)
    "channels last": lambda x: np.moveaxis(x, 1, -1),
    "one image": lambda x: x[0],
    "one image, channels last": lambda x: np.moveaxis(x[0], 0, -1),
    "grey images": lambda x: x[:, 0],
    "one grey image": lambda x: x[0, 0],
}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([*ORDERS]), st.permutations([2, 3, 5, 6, 7]), st.sampled_from([Conv, None]),
       st.integers(0, 99))
def test_the_cure_for_another_order_of_axes_brings_the_images_in(order, sizes, first, seed):
    n, c, h, w = [sizes[0], 1 if "grey" in order else min(sizes), *sizes[1:3]]
    rng = np.random.default_rng(seed)
    if not {n, h, w}.isdisjoint({c}):
        return  # an order that cannot be told from another
    images = rng.normal(size=(n, c, h, w))
    given_ = ORDERS[order](images)
    network = [Conv(c, 2, 1), Relu(), Dense(2 * h * w, 3)]
    with pytest.raises(ValueError, match=r"network\[0\], Conv.* but the layer reads") as told:
        if first:
            forward(network, given_)
        else:
            train(network, given_, rng.integers(0, 3, n), progress=False)
    cures = re.findall(r"(?:np\.moveaxis\(x[^)]*\)|x)(?:\[[^]]*None[^]]*\])?(?=,|$)",
                       str(told.value).split("write ")[1])
    cured = [eval(cure, {"np": np, "x": given_}) for cure in cures]
    right = images if "images" in order or order == "channels last" else images[:1]
    assert any(np.array_equal(x, right) for x in cured)
