"""Training learns, repeats itself, and loses nothing when it is interrupted at any step."""

import os
import re
import signal
import threading
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
from convlib.networks.watch import Watch

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
    assert not history.losses[-1] < 10


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
    ({"l2": -1}, ValueError, "l2 must be 0 or more, and finite, not -1"),
    ({"l2": float("inf")}, ValueError, "l2 must be 0 or more, and finite, not inf"),
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
    ({"epochs": 10**400}, ValueError, "epochs must be below 2**63"),
    ({"epochs": 10**10}, ValueError, "epochs must be at most 1,000,000,000"),
    ({"lr": 10**400}, ValueError, "lr must be a number of at most 1e308, but has 401 digits"),
    ({"l2": -10**400}, ValueError, "l2 must be a number of at most 1e308"),
    ({"x": np.where(np.arange(8) == 3, np.nan, X)}, ValueError,
     "x must hold finite numbers: 720 of 5,760 are not, the first is nan at (0, 0, 0, 3)"),
    ({"x": np.where(np.arange(8) == 5, -np.inf, X)}, ValueError, "the first is -inf at"),
    ({"target": np.full((90, 10), np.nan)}, ValueError, "target must hold finite numbers"),
    ({"test": (X * np.nan, T)}, ValueError, "test's x must hold finite numbers"),
    ({"x": X.astype(object)}, TypeError, "x must hold real numbers, not object"),
    ({"x": X[:, 0]}, ValueError, "network[0], Conv(w (3, 1, 3, 2), b (3,), stride=2): x has shape "
     "(90, 8, 8), but the layer reads (N, C, H, W) with C = 1: for grey images (N, H, W) write "
     "x[:, None]"),
    ({"x": X[0]}, ValueError, "for one image (C, H, W) x[None]"),
    ({"x": X[:, 0, ..., None]}, ValueError, "write np.moveaxis(x, -1, 1)"),
    ({"test": (X[:, 0], T)}, ValueError, "test: network[0], Conv"),
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


def test_other_images_under_an_old_history_are_refused():
    network = small()
    history = train(network, X, T, epochs=1, **QUIET)
    other = X.copy()
    other[-1, 0, -1, -1] += 0.5
    for x, target in ((X[::-1], T), (X, T[::-1]), (other, T), (X.astype(np.float32), T)):
        with pytest.raises(ValueError, match="with other images or targets, though there were 90"):
            train(network, x, target, epochs=2, history=history, **QUIET)
    assert len(train(network, X, T, epochs=2, history=history, **QUIET).losses) == 10


def test_a_loss_that_is_not_finite_stops_with_the_last_good_weights(capsys):
    network = small()
    history = train(network, X, T, epochs=3, **QUIET)
    good = dict(history.best)
    train(network, X, T, epochs=9, history=history, **{**QUIET, "lr": 1e200, "l2": 1.0})
    said = capsys.readouterr().out
    assert re.search(r"Stopped at step \d+: the loss is (inf|nan), the weights have grown", said)
    assert "The network has the weights of epoch 3, the best." in said and "lr than 1e+200" in said
    assert same(weights(network), good) and not np.isfinite(history.losses[-1])
    assert len(history.losses) == history.state.step + 1 < 45


def test_a_first_step_that_is_too_large_leaves_the_first_weights(capsys):
    network = small()
    before = {name: w.copy() for name, w in weights(network).items()}
    train(network, X, T, epochs=2, **{**QUIET, "lr": 1e300})
    assert "too large. The network has its first weights." in capsys.readouterr().out
    train(network, X, T, epochs=2, **{**QUIET, "l2": 1e308})
    assert "Stopped at step 0: the loss is inf, x or l2 is too large" in capsys.readouterr().out
    assert same(weights(network), before)


def test_pixels_that_are_not_scaled_and_the_units_they_kill_are_noticed_once(capsys):
    network = [Conv(1, 4, 3, rng=0), Relu(), Dense(4 * 36, 10, rng=1)]
    train(network, np.round(X * 255), T, epochs=4, batch_size=30, progress=False)
    said = capsys.readouterr().out
    assert said.count("x is not scaled, its numbers reach 255") == 1
    assert said.count("units of b1 are dead") == 1


def test_a_rate_far_too_high_is_noticed_by_its_dead_units(capsys):
    network = [Conv(1, 4, 3, rng=0), Relu(), Dense(4 * 36, 10, rng=1)]
    train(network, X, T, epochs=5, batch_size=30, lr=30, progress=False)
    said = capsys.readouterr().out
    assert "not scaled" not in said and re.search(r"[2-4] of the 4 units of b1 are dead", said)


def test_an_ordinary_training_says_nothing(capsys):
    history = train(small(), X, T, epochs=3, **QUIET)
    train([Relu(), Dense(64, 10)], X[:1], T[:1], epochs=2, progress=False)
    assert capsys.readouterr().out == "" and len(history.epochs) == 3


def test_a_network_without_weights_is_refused():
    with pytest.raises(ValueError, match="network has no weights"):
        train([Relu()], X, T, **QUIET)
    with pytest.raises(ValueError, match="its last layer must give scores"):
        train([Conv(1, 2, 3)], X, T, **QUIET)


@pytest.mark.parametrize("at", range(1, 4))
@pytest.mark.parametrize("where", ["put_weights", "State"])
def test_interrupted_at_the_very_beginning_or_end_the_history_is_usable(where, at, monkeypatch):
    network, mine = small(), training.History()
    wanted = train(small(), X, T, epochs=1, **QUIET)
    with monkeypatch.context() as patch:
        Stop(patch, at, where)
        train(network, X, T, epochs=1, history=mine, **QUIET)
    assert same(weights(network), mine.best) if mine.best else mine.state.step == 0
    again = train(network, X, T, epochs=1, history=mine, **QUIET)
    assert again.losses == wanted.losses and same(again.best, wanted.best)


def test_a_real_interrupt_waits_while_weights_are_put_in(monkeypatch, capsys):
    network, right, calls = small(), training.put_weights, []

    def interrupted(network, values):
        calls.append(1)
        if len(calls) in (1, 9):  # at the beginning, and at the end
            os.kill(os.getpid(), signal.SIGINT)
        right(network, values)

    # a shell in which the tests run in the background lets them ignore Ctrl-C
    signal.signal(signal.SIGINT, before := signal.default_int_handler)
    monkeypatch.setattr(training, "put_weights", interrupted)
    history = train(network, X, T, epochs=1, **QUIET)
    assert "Interrupted after 0 steps" in capsys.readouterr().out and len(calls) == 2
    assert same(weights(network), history.best)
    history = train(network, X, T, epochs=1, history=history, **QUIET)
    assert len(calls) == 9 and history.state.step == 5 and same(weights(network), history.best)
    assert signal.getsignal(signal.SIGINT) is before


def test_training_runs_off_the_main_thread():
    done = []
    thread = threading.Thread(target=lambda: done.append(train(small(), X, T, epochs=1, **QUIET)))
    thread.start()
    thread.join()
    assert done[0].state.step == 5


def test_weights_that_are_not_finite_are_never_the_best():
    network = small()
    before = {name: w.copy() for name, w in weights(network).items()}
    history = train(network, X * 1e3, T, epochs=1, batch_size=90, lr=1e308, progress=False)
    assert np.isfinite(history.epochs[0].loss)  # of the first weights, before the only step
    assert not np.isfinite(history.state.weights["w2"]).all()
    assert same(weights(network), before)


def test_an_epoch_that_was_seen_in_part_says_nothing_of_dead_units(capsys):
    for steps, said in ((3, 0), (2, 1)):
        watch = Watch(small(), 0.0, 90)
        shut = {name: 0 * w for name, w in weights(small()).items()}
        for _ in range(2):
            watch.step({**shut, "b2": np.ones(10)})
        watch.epoch(1, steps)
        assert capsys.readouterr().out.count("3 of the 3 units of b1 are dead") == said
