"""What is remembered of a training, so that it can be looked at, and resumed where it was left."""

from typing import NamedTuple

from convlib.networks.layers import Weights


class State(NamedTuple):
    """All that the next step needs: how many steps were done, weights, and their velocities."""

    step: int
    weights: Weights
    velocity: Weights


class Epoch(NamedTuple):
    """One pass over the images: the mean loss of its steps, and then the accuracy in a test."""

    number: int
    loss: float
    accuracy: float | None


class Snapshot(NamedTuple):
    """A network before one step: its weights, and their gradient on that step's mini-batch."""

    weights: Weights
    gradient: Weights


class History:
    """What happened in training, and how far it got.

    Attributes
    ----------
    losses : list of float
        The loss of each step's mini-batch, before the step.
    epochs : list of Epoch
        One entry per epoch.
    snapshots : dict
        {step: Snapshot}, for every step that is a multiple of `snapshot_every`.
    best : dict
        The weights after the epoch with the lowest mean loss (before any: the first ones).
    state : State
        The last State, from which training goes on.
    batches : dict
        What decides which images a step sees, and a checksum of them; empty before the first
        training.
    """

    def __init__(self) -> None:
        self.losses: list[float] = []
        self.epochs: list[Epoch] = []
        self.snapshots: dict[int, Snapshot] = {}
        self.best: Weights = {}
        self.state = State(0, {}, {})
        self.batches: dict[str, int] = {}

    def __repr__(self) -> str:
        return f"History({len(self.losses)} steps, {len(self.epochs)} epochs)"
