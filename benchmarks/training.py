"""Chapter 09's network: one training step beside PyTorch's, and how well and fast it learns.

    python benchmarks/training.py             ratio of the medians, float64; accuracy on five seeds

The two take turns, epoch by epoch, on the same mini-batches from the same weights, with as many
threads each. A step is forward, loss, gradients, penalty and the update with momentum.
"""

import statistics
import sys
import time

import numpy as np
from aims import aim
from threadpoolctl import threadpool_limits

from convlib import data
from convlib.networks import Conv, Dense, History, Relu, accuracy, train, weights

try:
    import torch
    from torch.nn import functional as F
except ImportError:
    sys.exit("PyTorch is needed: .venv/bin/python -m pip install torch==2.13.0")

LR, MOMENTUM, L2, BATCH, EPOCHS = 0.05, 0.9, 1e-3, 32, 10


def network(seed):
    rng = np.random.default_rng(seed)
    return [Conv(1, 16, 3, padding=1, rng=rng), Relu(), Dense(16 * 8 * 8, 10, rng=rng)]


class Ours:
    def __init__(self, x, t):
        self.x, self.t, self.network, self.history = x, t, network(0), History()

    def epoch(self, number):
        train(self.network, self.x, self.t, epochs=number + 1, batch_size=BATCH, lr=LR,
              momentum=MOMENTUM, l2=L2, history=self.history, progress=False)


class Theirs:
    def __init__(self, x, t):
        own = weights(network(0))
        self.x, self.t = torch.tensor(x), torch.tensor(t)
        self.w = {name: torch.tensor(w, requires_grad=True) for name, w in own.items()}
        groups = [{"params": [w for n, w in self.w.items() if n[0] == kind], "weight_decay": decay}
                  for kind, decay in (("w", 2 * L2), ("b", 0))]
        self.optimizer = torch.optim.SGD(groups, lr=LR, momentum=MOMENTUM)

    def epoch(self, number):
        order = np.random.default_rng([0, number]).permutation(len(self.x))  # as train draws it
        for chosen in torch.tensor(order).split(BATCH):
            y = F.conv2d(self.x[chosen], self.w["w1"], self.w["b1"], padding=1).relu()
            scores = F.linear(y.flatten(1), self.w["w2"], self.w["b2"])
            self.optimizer.zero_grad()
            F.cross_entropy(scores, self.t[chosen]).backward()
            self.optimizer.step()


def compare(threads):
    torch.set_num_threads(threads)
    split = data.digits(seed=0)
    both = {"convlib": Ours(split.x_train, split.t_train),
            "PyTorch": Theirs(split.x_train, split.t_train)}
    steps, times = -(-len(split.x_train) // BATCH), {name: [] for name in both}
    with threadpool_limits(threads):
        for number in range(EPOCHS):
            for name, side in both.items():
                start = time.perf_counter()
                side.epoch(number)
                times[name].append(1e3 * (time.perf_counter() - start) / steps)
    ours, theirs = both["convlib"].history.state.weights, both["PyTorch"].w
    gap = max(np.abs(w - theirs[name].detach().numpy()).max() for name, w in ours.items())
    medians = {name: statistics.median(ms) for name, ms in times.items()}
    print(f"{threads} thread{'s' * (threads > 1)}: " + ", ".join(
        f"{name} {ms:.2f} ms" for name, ms in medians.items())
        + f" a step; after {EPOCHS * steps} steps no weight differs by more than {gap:.0e}")
    ratio = medians["convlib"] / medians["PyTorch"]
    aim(f"a training step to PyTorch's, threads: {threads}", ratio, 1)
    aim(f"difference of a weight at the end, threads: {threads}", float(gap), 1e-9)


def learn(seed):
    split, net = data.digits(seed=seed), network(seed)
    settings = {"l2": L2, "seed": seed, "progress": False}
    start = time.perf_counter()
    history = train(net, split.x_train, split.t_train, epochs=8, lr=LR, **settings)
    train(net, split.x_train, split.t_train, epochs=12, lr=LR / 5, history=history, **settings)
    seconds = time.perf_counter() - start
    share = accuracy(net, split.x_test, split.t_test)
    print(f"seed {seed}: {share:.2%} of {len(split.t_test)} unseen digits after {seconds:.1f} s")


if __name__ == "__main__":
    for threads in (1, 2):
        compare(threads)
    for seed in range(5):
        learn(seed)
