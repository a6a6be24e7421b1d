"""Gradient descent in mini-batches, which can be interrupted and taken up again.

Every step makes a new State from the old one, so there is never half a step: whatever happens,
the last whole State stands in the history, and `train(..., history=history)` goes on from it as
if nothing had happened.
"""

from functools import lru_cache
from math import isfinite
from typing import NamedTuple

import numpy as np

from convlib.losses import softmax_cross_entropy
from convlib.network import accuracy, forward, gradients, put_weights, set_weights, weights
from convlib.options import integer


class State(NamedTuple):
    """All that the next step needs: how many steps were done, weights, and their velocities."""

    step: int
    weights: dict
    velocity: dict


class Epoch(NamedTuple):
    """One pass over the images: the mean loss of its steps, and then the accuracy in a test."""

    number: int
    loss: float
    accuracy: float | None


class Snapshot(NamedTuple):
    """A network before one step: its weights, and their gradient on that step's mini-batch."""

    weights: dict
    gradient: dict


class History:
    """What happened in training, and where it stands.

    losses     the loss of each step's mini-batch, before the step
    epochs     a list of Epoch
    snapshots  {step: Snapshot}, every `keep`-th step
    best       the weights after the epoch with the lowest mean loss (before any: the first ones)
    state      the last State, from which training goes on
    """

    def __init__(self):
        self.losses, self.epochs, self.snapshots = [], [], {}
        self.best = self.state = self.order = None

    def __repr__(self):
        return f"History({len(self.losses)} steps, {len(self.epochs)} epochs)"


def train(network, x, target, *, epochs=10, batch_size=32, lr=0.1, momentum=0.9, l2=0.0, seed=0,
          test=None, keep=None, history=None, progress=True):
    """Train a network by gradient descent with momentum; returns its History.

        velocity = momentum velocity - lr dL/dw,    w = w + velocity      once a mini-batch

    x (N, C, H, W), target (N,): every epoch sees each image once, in an order drawn from the
    seed. test: (x, target), measured after each epoch. keep: a snapshot every so many steps.
    progress: a bar, in a notebook or a terminal.

    Finished or interrupted (the stop button, Ctrl-C), the network has the best weights so far,
    and everything is in the history; given again as history=, with as many epochs as wanted in
    all, training goes on from its last step exactly as if it had never stopped. With a
    history=History() of your own you have it even if an error ends the training.
    Raises ValueError for settings that make no sense, TypeError for what is not numeric, before
    any step.
    """
    x, target = np.asarray(x), np.asarray(target)
    history = History() if history is None else history
    lr, momentum, l2 = (_real(*pair) for pair in (("lr", lr), ("momentum", momentum), ("l2", l2)))
    classes = _check(network, x, target, epochs, lr, momentum, l2, keep, seed)
    _check_test(network, test, classes)
    if not isinstance(history, History):
        raise TypeError(f"history must be a History that train returned, not {history!r}")
    batch_size = min(integer("batch_size", batch_size), len(x))
    _take_up(network, history, {"images": len(x), "batch_size": batch_size, "seed": seed})
    a_pass = -(-len(x) // batch_size)  # steps in one epoch, the last batch may be smaller
    try:
        with _bar(progress, epochs * a_pass, history.state.step) as bar:
            while True:
                step = history.state.step
                if step == (len(history.epochs) + 1) * a_pass:
                    _end_epoch(network, history, a_pass, test)
                    bar.set_postfix_str(_news(history.epochs[-1]))
                if step >= epochs * a_pass:
                    break
                chosen = _batch(step, a_pass, batch_size, len(x), seed)
                _step(network, x[chosen], target[chosen], history, lr, momentum, l2, keep)
                bar.update()
    except KeyboardInterrupt:
        print(f"Interrupted after {history.state.step} steps; history=history goes on.")
    finally:  # an error, too, leaves the best weights
        set_weights(network, history.best)
    return history


def _step(network, x, target, history, lr, momentum, l2, keep):
    step, old, velocity = history.state
    loss, gradient = gradients(network, x, target, l2=l2)
    history.losses[step:] = [loss]  # a step that was cut off is done again, and overwritten
    if keep and step % keep == 0:
        history.snapshots[step] = Snapshot(old, gradient)
    velocity = {name: (momentum * v - lr * gradient[name]).astype(v.dtype, copy=False)
                for name, v in velocity.items()}  # float32 stays float32
    new = {name: w + velocity[name] for name, w in old.items()}
    put_weights(network, new)
    history.state = State(step + 1, new, velocity)  # from here on the step counts


def _end_epoch(network, history, a_pass, test):
    loss = float(np.mean(history.losses[-a_pass:]))
    if all(loss < epoch.loss for epoch in history.epochs) and isfinite(loss):
        history.best = history.state.weights
    share = None if test is None else accuracy(network, *test)
    history.epochs.append(Epoch(len(history.epochs) + 1, loss, share))


def _batch(step, a_pass, batch_size, images, seed):
    """Which images a step sees: drawn from seed and epoch, so that it can be drawn again."""
    epoch, place = divmod(step, a_pass)
    return _order(seed, epoch, images)[place * batch_size : (place + 1) * batch_size]


@lru_cache(maxsize=1)
def _order(seed, epoch, images):
    return np.random.default_rng([seed, epoch]).permutation(images)


def _take_up(network, history, order):
    """Begin, or go on where the history stands."""
    if history.state is None:
        own = {name: w if w.dtype.kind == "f" else w.astype(np.float64)
               for name, w in weights(network).items()}  # whole numbers cannot learn
        history.state = State(0, own, {name: np.zeros_like(w) for name, w in own.items()})
        history.best, history.order = own, order
    if history.order != order:
        raise ValueError(f"this history was made with {history.order}, not with {order}: "
                         "it cannot go on as if it had never stopped")
    set_weights(network, history.state.weights)


def _real(name, value):
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be a number, not {value!r}") from None


def _check(network, x, target, epochs, lr, momentum, l2, keep, seed):
    """Refuse what makes no sense; returns how many classes there are."""
    integer("epochs", epochs)
    integer("seed", seed, 0)
    if keep is not None:
        integer("keep", keep)
    if x.ndim < 2 or target.ndim < 1 or len(x) == 0 or len(x) != len(target):
        raise ValueError(f"x has shape {x.shape} and target {target.shape}: want (N, C, H, W) "
                         "or (N, D) with (N,) or (N, M), N at least 1")
    if not (lr > 0 and isfinite(lr)):
        raise ValueError(f"lr must be a positive number, not {lr:g}")
    if not 0 <= momentum < 1:
        raise ValueError(f"momentum must be from 0 to below 1, not {momentum:g}")
    if not (l2 >= 0 and isfinite(l2)):
        raise ValueError(f"l2 must be a number from 0 on, not {l2:g}")
    classes = forward(network, x[:1])[-1].shape[1]
    softmax_cross_entropy(np.zeros((len(x), classes)), target)  # every target, now
    return classes


def _check_test(network, test, classes):
    if test is None:
        return
    if not isinstance(test, (tuple, list)) or len(test) != 2:
        raise ValueError("test must be a pair (x, target)")
    x, target = map(np.asarray, test)
    if x.ndim < 2 or len(x) == 0 or target.shape != x.shape[:1] or target.dtype.kind not in "iu":
        raise ValueError(f"test has x {x.shape} and target {target.shape} of {target.dtype}: want "
                         "a class, a whole number, for each of at least one image")
    if target.min() < 0 or target.max() >= classes:
        raise ValueError(f"test holds classes from {target.min()} to {target.max()}, but the "
                         f"network has scores for 0 to {classes - 1}")
    forward(network, x[:1])


def _bar(progress, total, done):
    from tqdm.auto import tqdm

    return tqdm(total=total, initial=done, disable=not progress, unit="step", leave=True)


def _news(epoch):
    share = "" if epoch.accuracy is None else f", test {epoch.accuracy:.1%}"
    return f"epoch {epoch.number}: loss {epoch.loss:.4f}{share}"
