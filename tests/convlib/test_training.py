"""Training learns, repeats itself, and loses nothing when it is interrupted at any step."""

import re
from itertools import chain

import numpy as np
import pytest

from convlib import data
from convlib.networks import (
    Conv,
    Dense,
    Relu,
    accuracy,
    check_gradients,
    gradients,
    set_weights,
    train,
    training,
    weights,
)

SPLIT = data.digits(seed=0)
X, T = SPLIT.x_train[:90], SPLIT.t_train[:90]
QUIET = {"progress": False, "batch_size": 20, "lr": 0.1, "l2": 1e-3}


def small(seed=0):
    rng = np.random.default_rng(seed)
    return [Conv(1, 3, (3, 2), stride=2, rng=rng), Relu(), Dense(3 * 3 * 4, 10, rng=rng)]


def same(one, other):
    return all(np.array_equal(one[name], other[name]) for name in one)


def test_one_step_is_the_formula():
    network = small()
    before = weights(network)
    first = gradients(network, X, T, l2=0.01)
    history = train(network, X, T, epochs=2, batch_size=90, lr=0.3, momentum=0.5, l2=0.01,
                    progress=False, snapshot_every=1)
    assert history.losses[0] == pytest.approx(first.loss, rel=1e-12)
    one, two = history.snapshots[1].weights, history.state.weights
    for name, w in before.items():
        velocity = -0.3 * first.gradient[name]
        assert np.allclose(one[name], w + velocity, atol=1e-14)
        velocity = 0.5 * velocity - 0.3 * history.snapshots[1].gradient[name]
        assert np.allclose(two[name], one[name] + velocity, atol=1e-14)


def test_every_image_is_seen_once_an_epoch_in_an_order_of_its_own(monkeypatch):
    seen = []
    right = training.gradients
    monkeypatch.setattr(training, "gradients", lambda net, x, t, l2: seen.append(
        [tuple(image.ravel()) for image in x]) or right(net, x, t, l2=l2))
    train(small(), X, T, epochs=2, **QUIET)
    assert [len(batch) for batch in seen] == [20, 20, 20, 20, 10] * 2
    first, second = (list(chain(*seen[n : n + 5])) for n in (0, 5))
    assert sorted(first) == sorted(second) == sorted(tuple(image.ravel()) for image in X)
    assert first != second


def test_the_same_seed_repeats_and_another_does_not():
    one, again, other = small(), small(), small()
    for network, seed in ((one, 4), (again, 4), (other, 5)):
        train(network, X, T, epochs=2, seed=seed, **QUIET)
    assert same(weights(one), weights(again)) and not same(weights(one), weights(other))


class Stop:
    """Stands for gradients and presses the stop button at its n-th call."""

    def __init__(self, monkeypatch, at, where="gradients"):
        self.calls, self.at, self.right = 0, at, getattr(training, where)
        monkeypatch.setattr(training, where, self)

    def __call__(self, *args, **options):
        self.calls += 1
        if self.calls == self.at:
            raise KeyboardInterrupt
        return self.right(*args, **options)


@pytest.mark.parametrize("where, at", [(w, n) for w in ("gradients", "accuracy", "put_weights",
                                                        "_end_epoch", "_batch", "State", "Epoch")
                                       for n in (2, 3, 4)])
def test_interrupted_anywhere_it_goes_on_as_if_nothing_had_happened(where, at, monkeypatch, capsys):
    whole = small()
    wanted = train(whole, X, T, epochs=5, test=(X, T), snapshot_every=2, **QUIET)
    network = small()
    with monkeypatch.context() as patch:
        Stop(patch, at, where)
        history = train(network, X, T, epochs=5, test=(X, T), snapshot_every=2, **QUIET)
    assert "Interrupted after" in capsys.readouterr().out
    assert history.state.step < wanted.state.step
    assert same(weights(network), history.best)
    again = train(network, X, T, epochs=5, test=(X, T), snapshot_every=2, history=history, **QUIET)
    assert again is history and history.losses == wanted.losses
    assert history.epochs == wanted.epochs and [*history.snapshots] == [*wanted.snapshots]
    assert same(history.state.weights, wanted.state.weights)
    assert same(weights(network), weights(whole)) and same(history.best, wanted.best)


def test_stopped_and_resumed_equals_one_run_and_the_step_size_may_change():
    whole, parts, slower = small(), small(), small()
    train(whole, X, T, epochs=4, **QUIET)
    history = train(parts, X, T, epochs=2, **QUIET)
    train(parts, X, T, epochs=4, history=history, **QUIET)
    assert same(weights(whole), weights(parts)) and len(history.losses) == 20
    history = train(slower, X, T, epochs=2, **QUIET)
    train(slower, X, T, epochs=4, history=history, **{**QUIET, "lr": 0.01})
    assert not same(weights(whole), weights(slower))


def test_the_best_weights_stay_when_training_goes_wrong():
    network = small()
    history = train(network, X, T, epochs=3, **QUIET)
    good = dict(history.best)
    with np.errstate(all="ignore"):
        train(network, X, T, epochs=6, history=history, **{**QUIET, "lr": 1e3})
    assert same(weights(network), good) and accuracy(network, X, T) > 0.2
    assert not history.losses[-1] < 10 and len(history.epochs) == 6


def test_digits_are_learned_and_the_gradients_still_hold():
    network, calm = small(), {"epochs": 6, "lr": 0.05, "progress": False}
    calm["test"] = SPLIT.x_test, SPLIT.t_test
    history = train(network, SPLIT.x_train, SPLIT.t_train, **calm)
    assert history.epochs[-1].accuracy > 0.85 and history.epochs[-1].number == 6
    assert abs(history.losses[0] - np.log(10)) < 0.6
    assert history.epochs[-1].loss < 0.3 * history.epochs[0].loss
    assert max(check_gradients(network, X, T).values()) < 1e-6
    assert repr(history) == "History(258 steps, 6 epochs)"


def test_an_error_leaves_the_best_weights_and_a_history_of_your_own(monkeypatch):
    network, mine = small(), training.History()
    calls, right = [], training.gradients

    def full(*args, **options):
        calls.append(1)
        if len(calls) == 9:
            raise MemoryError
        return right(*args, **options)

    monkeypatch.setattr(training, "gradients", full)
    with pytest.raises(MemoryError):
        train(network, X, T, epochs=3, history=mine, **QUIET)
    assert mine.state.step == 8 and same(weights(network), mine.best)


def test_float32_stays_float32():
    network = small()
    set_weights(network, {n: w.astype(np.float32) for n, w in weights(network).items()})
    history = train(network, X.astype(np.float64), T, epochs=2, **{**QUIET, "lr": np.float64(0.1)})
    kept = [*weights(network).values(), *history.state.velocity.values()]
    assert {a.dtype for a in kept} == {np.dtype(np.float32)}


def test_weights_that_are_whole_numbers_learn_as_well():
    network = small()
    set_weights(network, {n: np.rint(3 * w).astype(int) for n, w in weights(network).items()})
    first = gradients(network, X, T)
    history = train(network, X, T, epochs=1, batch_size=90, lr=0.01, progress=False)
    moved = weights(network)["w1"] - np.rint(3 * weights(small())["w1"])
    assert np.allclose(moved, -0.01 * first.gradient["w1"]) and len(history.losses) == 1


def test_the_bar_tells_the_epoch(capsys):
    train(small(), X, T, epochs=1, batch_size=90, test=(X, T))
    shown = capsys.readouterr().err
    assert "1/1" in shown and re.search(r"epoch 1: loss \d\.\d{4}, test \d+\.\d%", shown)


def test_targets_may_be_probabilities():
    classes, shares = small(), small()
    train(classes, X, T, epochs=1, **QUIET)
    train(shares, X, np.eye(10)[T], epochs=1, **QUIET)
    assert all(np.allclose(weights(classes)[n], w) for n, w in weights(shares).items())


REFUSED = [
    ({"epochs": 0}, ValueError, "epochs must be at least 1"),
    ({"batch_size": 2.5}, TypeError, "batch_size must be an integer, not 2.5"),
    ({"lr": 0}, ValueError, "lr must be a positive number, not 0"),
    ({"lr": float("nan")}, ValueError, "lr must be a positive number"),
    ({"momentum": 1}, ValueError, "momentum must be from 0 to below 1, not 1"),
    ({"l2": -1}, ValueError, "l2 must be a number from 0 on, not -1"),
    ({"l2": float("inf")}, ValueError, "l2 must be a number from 0 on, not inf"),
    ({"lr": "a"}, TypeError, "lr must be a number, not 'a'"),
    ({"momentum": None}, TypeError, "momentum must be a number, not None"),
    ({"seed": None}, TypeError, "seed must be an integer, not None"),
    ({"seed": -1}, ValueError, "seed must be at least 0, not -1"),
    ({"x": np.float64(3)}, ValueError, "x has shape () and target (90,)"),
    ({"test": (X[:, :, :2], T)}, ValueError, "network[0], Conv"),
    ({"test": (X, np.eye(10)[T])}, ValueError, "test has x (90, 1, 8, 8) and target (90, 10)"),
    ({"test": (X, T + 50)}, ValueError, "test holds classes from 50 to 59"),
    ({"test": (X[:0], T[:0])}, ValueError, "at least one image"),
    ({"snapshot_every": 0}, ValueError, "snapshot_every must be at least 1"),
    ({"test": X}, ValueError, "test must be a pair"),
    ({"test": (X, T[:5])}, ValueError, "test has x (90, 1, 8, 8) and target (5,)"),
    ({"target": T[:5]}, ValueError, "x has shape (90, 1, 8, 8) and target (5,)"),
    ({"target": T + 1}, ValueError, "classes from 1 to 10"),
    ({"x": X[:, :, :2]}, ValueError, "network[0], Conv"),
    ({"x": X[:0], "target": T[:0]}, ValueError, "N at least 1"),
    ({"history": "no"}, TypeError, "history must be a History"),
]


@pytest.mark.parametrize("change, error, words", REFUSED)
def test_refused_before_any_step(change, error, words):
    network = small()
    before = weights(network)
    given = {"x": X, "target": T, **QUIET, **change}
    with pytest.raises(error, match=re.escape(words)):
        train(network, given.pop("x"), given.pop("target"), **given)
    assert all(weights(network)[name] is w for name, w in before.items())


def test_a_history_of_other_batches_or_of_another_network_is_refused():
    network = small()
    history = train(network, X, T, epochs=1, **QUIET)
    with pytest.raises(ValueError, match=r"this history was made with .*'batch_size': 20"):
        train(network, X, T, history=history, **{**QUIET, "batch_size": 30})
    with pytest.raises(ValueError, match="not those of this network"):
        train([Dense(64, 10)], X, T, history=history, **QUIET)
    assert len(history.losses) == 5
