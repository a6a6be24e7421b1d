"""The check of gradients: never an accusation of a right network, always one of a wrong network."""

import numpy as np
import pytest

from convlib.networks import Conv, Dense, MaxPool, Relu, check_gradients, set_weights, weights
from convlib.networks.slopes import relative_gap
from tests.convlib.random_networks import Planted, random_network, sweep

KINK = {"top": 1.0, "size": 1.0, "eps": 1e-6}


@pytest.mark.parametrize("first", range(0, 20, 4))
def test_right_networks_pass_and_a_planted_error_is_found(first):
    for kind, seed, gaps in sweep(range(first, first + 4)):
        worst = np.max([*gaps.values()])
        assert (worst <= 1e-6) == (kind == "right"), (kind, seed, gaps)


def test_a_batch_of_many_units_is_not_accused():
    rng = np.random.default_rng(0)
    x = rng.random((12, 1, 8, 8)) * (rng.random((12, 1, 8, 8)) < 0.5)
    target = rng.integers(0, 10, 12)
    network = [Conv(1, 16, 3, padding=1), Relu(), MaxPool(2), Dense(16 * 16, 10)]
    for l2, scale in ((0, 1), (0, 1e-3), (100, 1), (0, 255)):
        assert max(check_gradients(network, x * scale, target, l2=l2).values()) < 1e-6
    planted = [Planted(network[0], "b", 1.0005), *network[1:]]
    assert check_gradients(planted, x, target)["b1"] > 1e-4


def test_the_network_is_left_as_it_was():
    network, x, target, l2 = random_network(3)
    before = weights(network)
    check_gradients(network, x, target, l2=l2)
    assert all(weights(network)[name] is w for name, w in before.items())


def test_the_same_seed_gives_the_same_gaps():
    network, x, target, l2 = random_network(4)
    once, again, other = (check_gradients(network, x, target, l2=l2, seed=n) for n in (1, 1, 2))
    assert once == again != other


@pytest.mark.parametrize("distance", [0, 1e-9, 3e-8, 3.3e-7, 5e-7, 9e-7])
@pytest.mark.parametrize("side", [1, -1])
def test_a_kink_is_never_a_gap(distance, side):
    def bent(w, kink=2 + side * distance):
        return 0.3 * w + (w > kink) * 0.7 * (w - kink)

    slope = 0.3 if side > 0 else 1.0
    gap = relative_gap(bent, 2.0, slope, **KINK)
    assert gap is None or gap <= 1e-6
    assert distance < 1e-8 or gap is not None  # a shorter step comes before the kink


def test_a_loss_bent_everywhere_says_nothing():
    rng = np.random.default_rng(1)
    kinks = 1 + 10.0 ** rng.uniform(-10, -3, 200) * rng.choice([-1, 1], 200)
    heights = rng.normal(size=200)

    def crumpled(w):
        return float(np.abs(w - kinks) @ heights)

    assert relative_gap(crumpled, 1.0, 0.0, **KINK) is None


@pytest.mark.parametrize("error", [5e-4, -5e-4, 1e-2, 1.0])
def test_a_mistake_on_a_smooth_loss_is_reported_at_its_size(error):
    gap = relative_gap(np.exp, 1.5, float(np.exp(1.5)) * (1 + error), top=5.0, size=5.0, eps=1e-6)
    assert gap == pytest.approx(abs(error) * np.exp(1.5) / 5, rel=1e-3)


def test_rounding_is_told_from_an_error_by_the_size_of_the_loss():
    def large(w):
        return 1e6 + 0.01 * w

    options = {"top": 0.01, "size": 1e6, "eps": 1e-6}
    assert relative_gap(large, 1.0, 0.01, **options) <= 1e-6
    assert relative_gap(large, 1.0, 0.02, **options) > 1e-6


def test_a_unit_that_is_shut_for_every_image_has_no_gap():
    network = [Conv(1, 2, 2), Relu(), Dense(2 * 3 * 2, 3)]
    set_weights(network, {**weights(network), "b1": np.array([-50.0, 0.5])})
    gaps = check_gradients(network, np.random.default_rng(2).random((5, 1, 4, 3)), [0, 1, 2, 0, 1])
    assert max(gaps.values()) < 1e-6
    set_weights(network, {**weights(network), "b1": np.array([-50.0, -50.0])})
    gaps = check_gradients(network, np.random.default_rng(2).random((5, 1, 4, 3)), [0, 1, 2, 0, 1])
    assert gaps["w1"] == gaps["b1"] == 0
