"""Gradient descent in mini-batches, which can be interrupted and resumed.

Every step makes a new State from the old one, so there is never half a step: whatever happens,
the last whole State is in the history, and `train(..., history=history)` goes on from it as if
nothing had happened.
"""

from contextlib import nullcontext
from functools import lru_cache
from math import isfinite
from types import SimpleNamespace
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlib.networks.history import Epoch, History, Snapshot, State
from convlib.networks.interrupts import Interrupts
from convlib.networks.layers import Weights
from convlib.networks.network import (
    Network,
    accuracy,
    expect_own,
    gradients,
    put_weights,
    real,
    weights,
)
from convlib.networks.settings import check_settings, check_test
from convlib.networks.watch import Watch, note_scale
from convlib.operands import Array, unmasked
from convlib.options import integer


def train(network: Network, x: ArrayLike, target: ArrayLike, *, epochs: int = 10,
          batch_size: int = 32, lr: float = 0.1, momentum: float = 0.9, l2: float = 0.0,
          seed: int = 0, test: tuple[ArrayLike, ArrayLike] | None = None,
          snapshot_every: int | None = None, history: History | None = None,
          progress: bool = True) -> History:
    """Train a network by gradient descent with momentum.

    ::

        velocity = momentum velocity - lr dL/dw,    w = w + velocity      for each mini-batch

    Finished or interrupted (the stop button, Ctrl-C), the network has the best weights so far,
    and everything is in the history. Given again as history=, with as many epochs as wanted in
    all, training goes on from its last step exactly as if it had never stopped.

    A loss that is no longer finite ends the training with the best weights so far, and a line says
    why. An input out of scale, and layers half of whose units are dead, are noticed and said once.

    Parameters
    ----------
    network : sequence of Layer
        The layers in their order; their weights are changed.
    x, target : array_like
        x (N, C, H, W) or (N, D) with target (N,) or (N, M). Every epoch sees each image once, in
        an order drawn from the seed.
    epochs, batch_size : int
        How many epochs in all, and how many images in each step.
    lr, momentum, l2 : float
        The learning rate, how much of the velocity a step keeps, and the penalty of `gradients`.
    seed : int
        Decides the order of the images.
    test : pair of array_like, optional
        (x, target), on which the accuracy is measured after each epoch.
    snapshot_every : int, optional
        Put a Snapshot into the history every so many steps.
    history : History, optional
        The history of a training to go on with. With a history=History() of your own you have it
        even if an error ends the training.
    progress : bool
        Show a bar, in a notebook or a terminal.

    Returns
    -------
    History
        The history that was given, or a new one.

    Raises
    ------
    ValueError
        For settings that make no sense, images that are not (N, C, H, W) or not finite, and a
        history of other images, all before any step.
    TypeError
        For what is not numeric, before any step.
    """
    x, target = unmasked("x", x), unmasked("target", target)
    history = History() if history is None else history
    lr, momentum, l2 = real("lr", lr), real("momentum", momentum), real("l2", l2)
    classes = check_settings(network, x, target, epochs, lr, momentum, l2, snapshot_every, seed)
    check_test(network, test, classes)
    if not isinstance(history, History):
        raise TypeError(f"history must be a History that train returned, not {history!r}")
    batch_size = min(integer("batch_size", batch_size), len(x))
    batches = {"images": len(x), "batch_size": batch_size, "seed": seed,
               "data": _checksum(x, target)}
    _expect_same(network, history, batches)
    if not history.state.step:
        note_scale(x)
    steps_per_epoch = -(-len(x) // batch_size)  # the last batch may be smaller
    watch = Watch(network, l2, len(x))
    with Interrupts() as interrupts:
        try:
            _resume(network, history, batches)
            with _bar(progress, epochs * steps_per_epoch, history.state.step) as bar:
                interrupts.welcome = True
                while True:
                    step = history.state.step
                    if step == (len(history.epochs) + 1) * steps_per_epoch:
                        _end_epoch(network, history, steps_per_epoch, test)
                        bar.set_postfix_str(_epoch_summary(history.epochs[-1]))
                        watch.epoch(len(history.epochs), steps_per_epoch)
                    if step >= epochs * steps_per_epoch:
                        break
                    chosen = _batch(step, steps_per_epoch, batch_size, len(x), seed)
                    gradient = _step(network, x[chosen], target[chosen], history, lr, momentum, l2,
                                     snapshot_every)
                    if gradient is None:
                        break
                    watch.step(gradient)
                    bar.update()
                interrupts.welcome = False
            if not all(map(isfinite, history.losses[-1:])):
                print(_why_stopped(history, lr))
        except KeyboardInterrupt:
            print(f"Interrupted after {history.state.step} steps; history=history goes on.")
        finally:  # an error, too, leaves the best weights
            interrupts.welcome = False
            put_weights(network, history.best or weights(network))
    return history


def _step(network: Network, x: Array, target: Array, history: History, lr: float,
          momentum: float, l2: float, snapshot_every: int | None) -> Weights | None:
    """One step, and the gradient it took; None, and no step, if the loss is not finite."""
    step, old, velocity = history.state
    with np.errstate(over="ignore", invalid="ignore"):  # said in words
        loss, gradient = gradients(network, x, target, l2=l2)
        history.losses[step:] = [loss]  # a step that was cut off is done again, and overwritten
        if not isfinite(loss):
            return None
        if snapshot_every and step % snapshot_every == 0:
            history.snapshots[step] = Snapshot(old, gradient)
        velocity = {name: (momentum * v - lr * gradient[name]).astype(v.dtype, copy=False)
                    for name, v in velocity.items()}  # float32 stays float32
        new = {name: w + velocity[name] for name, w in old.items()}
    put_weights(network, new)
    history.state = State(step + 1, new, velocity)  # from here on the step counts
    return gradient


def _end_epoch(network: Network, history: History, steps_per_epoch: int,
               test: tuple[ArrayLike, ArrayLike] | None) -> None:
    loss = float(np.mean(history.losses[-steps_per_epoch:]))
    whole = all(np.isfinite(w).all() for w in history.state.weights.values())
    if whole and all(loss < epoch.loss for epoch in history.epochs):
        history.best = history.state.weights
    share = None if test is None else accuracy(network, *test)
    history.epochs.append(Epoch(len(history.epochs) + 1, loss, share))


def _batch(step: int, steps_per_epoch: int, batch_size: int, images: int,
           seed: int) -> NDArray[np.int64]:
    """Which images a step sees: drawn from seed and epoch, so that it can be drawn again."""
    epoch, batch = divmod(step, steps_per_epoch)
    return _order(seed, epoch, images)[batch * batch_size : (batch + 1) * batch_size]


@lru_cache(maxsize=1)
def _order(seed: int, epoch: int, images: int) -> NDArray[np.int64]:
    return np.random.default_rng([seed, epoch]).permutation(images)


def _expect_same(network: Network, history: History, batches: dict[str, int]) -> None:
    """Refuse a history that cannot go on with this network and these images."""
    if not history.state.weights:
        return
    if history.batches != batches:
        old, new = ({name: value for name, value in given.items() if name != "data"}
                    for given in (history.batches, batches))
        told = (f"{old}, not with {new}" if old != new else
                f"other images or targets, though there were {old['images']} of them as well")
        raise ValueError(f"this history was made with {told}: "
                         "training cannot continue as if it had never stopped")
    expect_own(network, history.state.weights)


def _resume(network: Network, history: History, batches: dict[str, int]) -> None:
    """Begin, or go on from the last State of the history."""
    if not history.state.weights:
        own = {name: w if w.dtype.kind == "f" else w.astype(np.float64)
               for name, w in weights(network).items()}  # whole numbers cannot learn
        still = {name: np.zeros_like(w) for name, w in own.items()}
        history.best, history.batches = own, batches
        history.state = State(0, own, still)  # last: from here on the history can go on
    put_weights(network, history.state.weights)


def _checksum(x: Array, target: Array) -> int:
    """One number for the images and their targets: in another order they are others."""
    total = 0
    for array in (x, target):
        total = crc32(f"{array.shape} {array.dtype}".encode(), total)
        for first in range(0, len(array), 256):  # some at a time: no copy of all of them
            total = crc32(np.ascontiguousarray(array[first : first + 256]).data, total)
    return total


def _why_stopped(history: History, lr: float) -> str:
    has = (f"the weights of epoch {min(history.epochs, key=lambda e: e.loss).number}, the best"
           if any(isfinite(epoch.loss) for epoch in history.epochs) else "its first weights")
    why = "the weights have grown too large" if history.state.step else "x or l2 is too large"
    return (f"Stopped at step {history.state.step}: the loss is {history.losses[-1]}, {why}. "
            f"The network has {has}. Begin a new history with a smaller lr than {lr:g}, or scale x "
            "to numbers of about 1.")


def _bar(progress: bool, total: int, done: int) -> Any:
    if not progress:  # then NumPy is all that is needed
        return nullcontext(SimpleNamespace(update=lambda: None, set_postfix_str=lambda _: None))
    from tqdm.auto import tqdm

    return tqdm(total=total, initial=done, unit="step")


def _epoch_summary(epoch: Epoch) -> str:
    share = "" if epoch.accuracy is None else f", test {epoch.accuracy:.1%}"
    return f"epoch {epoch.number}: loss {epoch.loss:.4f}{share}"
