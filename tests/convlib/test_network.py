"""A network of layers: its gradient, the check a reader can call on it, and mistakes in layers."""

import re

import numpy as np
import pytest

from convlib import linear_backward, softmax, softmax_cross_entropy_backward
from convlib.networks import (
    AvgPool,
    Conv,
    Dense,
    MaxPool,
    Relu,
    accuracy,
    backward,
    check_gradients,
    forward,
    gradients,
    layers,
    predict,
    set_weights,
    weights,
)

RNG = np.random.default_rng(3)
X, TARGET = RNG.normal(size=(5, 2, 9, 7)), np.array([0, 3, 1, 2, 3])


def every_layer(seed=0):
    """Channels, groups, a stride that leaves cells over, padding, dilation, masks, pools."""
    rng = np.random.default_rng(seed)
    return [Conv(2, 4, (3, 2), stride=(2, 1), padding=(0, 1), rng=rng), Relu(),
            Conv(4, 6, (2, 3), groups=2, dilation=(2, 1), padding=1, rng=rng), Relu(),
            MaxPool((2, 3), stride=(1, 2)), Conv(6, 4, 2, stride=2, rng=rng),
            AvgPool((1, 1)), Dense(4, 4, rng=rng)]


def test_weights_are_numbered_over_the_layers_that_have_some():
    network = every_layer()
    shapes = {name: w.shape for name, w in weights(network).items()}
    assert shapes == {"w1": (4, 2, 3, 2), "b1": (4,), "w2": (6, 2, 2, 3), "b2": (6,),
                      "w3": (4, 6, 2, 2), "b3": (4,), "w4": (4, 4), "b4": (4,)}
    assert {name: g.shape for name, g in gradients(network, X, TARGET).gradient.items()} == shapes


def test_every_gradient_is_the_slope_of_the_loss():
    gaps = check_gradients(every_layer(), X, TARGET, l2=0.01, samples=60)
    assert set(gaps) == set(weights(every_layer())) and max(gaps.values()) < 1e-6


def test_the_gradient_by_the_image_is_the_slope_of_the_loss():
    network = every_layer()
    xs = forward(network, X)
    dx, _ = backward(network, softmax_cross_entropy_backward(xs[-1], TARGET), xs)
    step = 1e-6 * RNG.normal(size=X.shape)
    up, down = (gradients(network, X + way * step, TARGET).loss for way in (1, -1))
    assert np.isclose((dx * step).sum(), (up - down) / 2, rtol=1e-6)


def test_the_first_layer_has_the_same_gradient_with_and_without_dx():
    network = every_layer()
    xs = forward(network, X)
    _, whole = backward(network, softmax_cross_entropy_backward(xs[-1], TARGET), xs)
    for name, found in gradients(network, X, TARGET).gradient.items():
        assert np.array_equal(found, whole[name])


def test_the_loss_is_cross_entropy_plus_penalty_and_biases_go_free():
    network = every_layer()
    set_weights(network, {name: w + 1 for name, w in weights(network).items()})
    plain, pulled = gradients(network, X, TARGET), gradients(network, X, TARGET, l2=0.5)
    own = weights(network)
    assert np.isclose(pulled.loss - plain.loss,
                      0.5 * sum((w**2).sum() for name, w in own.items() if name[0] == "w"))
    for name, w in own.items():
        pull = pulled.gradient[name] - plain.gradient[name]
        assert np.allclose(pull, w if name[0] == "w" else 0)


def test_the_gradient_of_a_batch_is_the_mean_of_those_of_its_images():
    network = every_layer()
    alone = [gradients(network, X[n : n + 1], TARGET[n : n + 1]).gradient for n in range(len(X))]
    for name, found in gradients(network, X, TARGET).gradient.items():
        assert np.allclose(found, np.mean([g[name] for g in alone], axis=0), atol=1e-14)


MEANS = {
    "a sum over the batch": lambda scores, t: np.subtract(softmax(scores), np.eye(4)[t]),
    "the signs changed": lambda scores, t: (np.eye(4)[t] - softmax(scores)) / len(t),
    "a mean over the classes too": lambda scores, t: (softmax(scores) - np.eye(4)[t])
    / scores.size,
}


@pytest.mark.parametrize("name", [*MEANS])
def test_the_check_notices_a_wrong_mean(name, monkeypatch):
    monkeypatch.setattr("convlib.networks.network.softmax_cross_entropy_backward", MEANS[name])
    assert max(check_gradients(every_layer(), X, TARGET).values()) > 1e-2


def test_the_check_names_the_layer_and_leaves_the_network_as_it_was(monkeypatch):
    network = every_layer()
    before = weights(network)
    right = linear_backward
    monkeypatch.setattr(layers, "linear_backward",
                        lambda *a: right(*a)._replace(db=right(*a).db * 2))
    gaps = check_gradients(network, X, TARGET)
    assert {name for name, gap in gaps.items() if gap > 1e-4} == {"b4"}
    assert all(weights(network)[name] is w for name, w in before.items())


def test_a_network_that_is_sure_of_itself_raises_no_alarm():
    sure = [Conv(2, 3, 3), Relu(), Dense(3 * 7 * 5, 4)]
    bias = {"b2": np.array([0, 0, 40.0, 0])}
    set_weights(sure, {**weights(sure), **bias})
    assert gradients(sure, X, np.full(5, 2)).loss < 1e-10
    assert max(check_gradients(sure, X, np.full(5, 2)).values()) < 1e-6


def test_a_network_may_be_a_tuple():
    assert gradients(tuple(every_layer()), X, TARGET).loss == gradients(every_layer(), X,
                                                                        TARGET).loss


def test_a_blank_image_stands_on_the_kink_and_is_checked_beside_it():
    blank = [Conv(2, 3, 3), Relu(), Dense(3 * 7 * 5, 4)]
    assert max(check_gradients(blank, np.zeros((2, 2, 9, 7)), [1, 2]).values()) < 1e-6


def test_an_empty_batch_goes_through():
    assert forward(every_layer(), X[:0])[-1].shape == (0, 4)


def test_prediction_and_accuracy():
    network = every_layer()
    classes = predict(network, X)
    assert classes.tolist() == forward(network, X)[-1].argmax(axis=1).tolist()
    assert accuracy(network, X, classes) == 1
    classes[0] = (classes[0] + 1) % 4
    assert accuracy(network, X, classes) == 1 - 1 / len(X)


def test_a_layer_shows_its_weights_and_options():
    assert repr(Conv(2, 4, (3, 1), stride=2)) == "Conv(w (4, 2, 3, 1), b (4,), stride=2)"
    assert [repr(la) for la in (Relu(), MaxPool(2), Dense(5, 3))] == [
        "Relu()", "MaxPool(kernel_size=2)", "Dense(w (3, 5), b (3,))"]


def test_two_seeds_make_two_networks_and_one_seed_one():
    one, same, other = (weights(every_layer(seed)) for seed in (0, 0, 1))
    assert all((one[name] == same[name]).all() for name in one)
    assert (one["w1"] != other["w1"]).all()
    layer = Conv(8, 64, (3, 2))
    assert abs(layer.weights["w"].std() - (2 / 48) ** 0.5) < 0.01 and not layer.weights["b"].any()


SHARED = Conv(2, 2, (4, 3))
REFUSED = [
    (lambda: forward(every_layer(), X[:, :1]), ValueError,
     "network[0], Conv(w (4, 2, 3, 2), b (4,), stride=(2, 1), padding=(0, 1)): x has 1 channels"),
    (lambda: forward([*every_layer()[:-1], Dense(5, 4)], X), ValueError, "network[7], Dense"),
    (lambda: gradients(every_layer(), X, TARGET + 1), ValueError, "for 0 to 3"),
    (lambda: set_weights(every_layer(), {"w1": np.ones(3)}), ValueError, "{'w1': (3,)}"),
    (lambda: Conv(3, 4, 2, groups=2), ValueError, "groups=2 does not divide the 3 channels"),
    (lambda: Conv(3, 0, 2), ValueError, "filters must be at least 1, not 0"),
    (lambda: Conv(4, 3, 2, groups=2), ValueError, "groups=2 does not divide the 3 filters"),
    (lambda: Conv(1, 2, 3, groups=0), ValueError, "groups must be at least 1, not 0"),
    (lambda: Conv(1, 2, 3, strid=2), TypeError,
     "Conv takes no strid: did you mean stride?"),
    (lambda: Conv(1, 2, 3, padding_mode="reflect"), TypeError,
     "Conv takes no padding_mode: padding is zeros; for another kind write np.pad(x"),
    (lambda: MaxPool(2, ceil_mode=True), TypeError, "MaxPool takes no ceil_mode"),
    (lambda: MaxPool(2, count_include_pad=False), TypeError, "only avg_pool2d takes it"),
    (lambda: Conv(1, 2, 3)(np.ones(6)), ValueError,
     "rows of pixels become images by x.reshape(N, C, H, W)"),
    (lambda: AvgPool(2, divisor_override=3), TypeError, "AvgPool takes no divisor_override: mult"),
    (lambda: MaxPool(2, strides=2), TypeError, "MaxPool takes no strides: it is called stride"),
    (lambda: Relu(inplace=True), TypeError, "Relu takes no inplace: the result is a new array"),
    (lambda: Dense(in_features=2, out_features=3), TypeError,
     "Dense takes no in_features: it is called inputs here"),
    (lambda: Dense(2, 3, True), TypeError,
     "Dense takes inputs, outputs in this order, and options by name: write bias=..."),
    (lambda: weights("x"), TypeError, "network must be a list of layers, not 'x'"),
    (lambda: weights(Relu()), TypeError, "not Relu(): write [layer]"),
    (lambda: forward({1: Relu()}, X), TypeError, "network must be a list of layers"),
    (lambda: forward([Relu], X), TypeError,
     "network[0] is the class Relu, not a layer: write Relu() with brackets"),
    (lambda: weights([Relu(), np.tanh]), TypeError,
     "network[1], tanh, is not a layer: it lacks backward(dy, x), which gives (dx, {name: "),
    (lambda: weights([3]), TypeError, "network[0], 3, is not a layer: it lacks __call__(x)"),
    (lambda: set_weights(every_layer(), []), TypeError,
     "values must be a dictionary of arrays by name, such as weights(network), not []"),
    (lambda: forward([Conv(2, 3, 2)], X[:, 0]), ValueError, "an axis is missing"),
    (lambda: forward([Conv(1, 3, 2)], X[:, 0]), ValueError,
     "x has shape (5, 9, 7), but the layer reads (N, C, H, W) with C = 1: for grey images "
     "(N, H, W) write x[:, None]"),
    (lambda: forward([Conv(2, 3, 2)], X[0]), ValueError, "for one image (C, H, W) write x[None]"),
    (lambda: forward([Conv(2, 3, 2)], np.moveaxis(X, 1, -1)), ValueError,
     "with C = 2: the channels are on the last axis: write np.moveaxis(x, -1, 1)"),
    (lambda: forward([Conv(2, 3, 2)], np.moveaxis(X[0], 0, -1)), ValueError,
     "write np.moveaxis(x, -1, 0)[None]"),
    (lambda: forward([Conv(1, 3, 2)], X[0, 0]), ValueError, "write x[None, None]"),
    (lambda: forward([Conv(1, 3, 2)], X[..., None]), ValueError, "three dimensions"),
    (lambda: forward([MaxPool(2)], X[0]), ValueError, "network[0], MaxPool(kernel_size=2): x has"),
    (lambda: Conv(1, 2, 3, stride=0), ValueError, "stride must be at least 1, not 0"),
    (lambda: Conv(1, 2, 3, padding="sam"), ValueError, "padding must be"),
    (lambda: MaxPool(0), ValueError, "kernel_size must be at least 1, not 0"),
    (lambda: AvgPool(2, padding=2), ValueError, "padding must be at most half"),
    (lambda: accuracy(every_layer(), X, [1]), ValueError, "target has shape (1,)"),
    (lambda: check_gradients(every_layer(), X, TARGET, samples=0), ValueError, "samples"),
    (lambda: check_gradients(every_layer(), X, TARGET, eps=0), ValueError, "eps must be positive"),
    (lambda: check_gradients(every_layer(), X * np.nan, TARGET), ValueError, "the loss is nan"),
    (lambda: gradients(every_layer(), X, TARGET, l2=10**400), ValueError, "l2 must be a number"),
    (lambda: gradients(every_layer(), X, TARGET, l2="a"), TypeError, "l2 must be a number, not"),
    (lambda: gradients(every_layer(), X, TARGET, l2=-1), ValueError, "l2 must be 0 or more"),
    (lambda: check_gradients(every_layer(), X, TARGET, eps="a"), TypeError, "eps must be a num"),
    (lambda: weights([SHARED, Relu(), SHARED]), ValueError, "the same layer appears twice"),
    (lambda: gradients([SHARED, SHARED, Dense(18, 4)], X, TARGET), ValueError, "appears twice"),
    (lambda: Dense(2.5, 2), TypeError, "inputs must be an integer, not 2.5"),
]


@pytest.mark.parametrize("call, error, words", REFUSED)
def test_refused_by_name(call, error, words):
    with pytest.raises(error, match=re.escape(words)):
        call()
