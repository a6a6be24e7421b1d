"""The kernels beside their peers: PyTorch, SciPy, loops, and im2col as courses teach it.

    python benchmarks/kernels.py                    tables, and what is reached of the aims
    python benchmarks/kernels.py --quick            the same in a minute, rougher
    python benchmarks/kernels.py --busy             PyTorch's tables while other processes keep
                                                    all cores busy
    python benchmarks/kernels.py --plot kernels.png times against size, with slopes

Those who are compared take turns, call by call, so that a busy machine slows all of them; a
number is the ratio of the medians, below 1 where convlib, or two threads, are faster.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager, nullcontext
from math import exp, log, prod

import numpy as np
from aims import aim
from threadpoolctl import threadpool_info, threadpool_limits

from convlib import algorithms, conv2d, conv2d_backward, threads
from convlib.algorithms import choose
from convlib.geometry import Geometry

try:
    import scipy.signal
    import torch
except ImportError:
    sys.exit("Peers are missing: .venv/bin/python -m pip install torch==2.13.0 'scipy>=1.17'")

CASES = {  # x (N, C, H, W), w (K, C/groups, R, S), options
    "tiny 6x6": ((1, 1, 6, 6), (1, 1, 3, 3), {}),
    "lecture, batch 1": ((1, 3, 32, 32), (16, 3, 5, 5), {}),
    "lecture, batch 64": ((64, 3, 32, 32), (16, 3, 5, 5), {}),
    "digits, batch 64": ((64, 1, 8, 8), (16, 1, 3, 3), {}),
    "digits, 2nd layer": ((64, 16, 6, 6), (32, 16, 3, 3), {}),
    "LeNet, 1st layer": ((64, 1, 28, 28), (6, 1, 5, 5), {"padding": 2}),
    "LeNet, 2nd layer": ((64, 6, 14, 14), (16, 6, 5, 5), {}),
    "VGG-like": ((4, 64, 56, 56), (128, 64, 3, 3), {"padding": 1}),
    "ResNet-like": ((8, 64, 28, 28), (64, 64, 3, 3), {"padding": 1}),
    "photo 512x512, 5x5": ((1, 1, 512, 512), (1, 1, 5, 5), {}),
    "kernel 31x31": ((1, 1, 256, 256), (1, 1, 31, 31), {}),
    "kernel 15x15": ((2, 4, 64, 64), (4, 4, 15, 15), {"padding": 7}),
    "stride 2": ((8, 32, 56, 56), (64, 32, 3, 3), {"padding": 1, "stride": 2}),
    "dilation 2": ((8, 32, 28, 28), (32, 32, 3, 3), {"padding": 2, "dilation": 2}),
    "depthwise": ((8, 32, 28, 28), (32, 1, 3, 3), {"padding": 1, "groups": 32}),
}
BIG, HUGE = 1e6, 5e7  # multiply-adds from which a case counts for the aims, and for two threads'
WARM, REST = 2e-3, 1.2e-2  # seconds: PyTorch's second thread goes on spinning for 8 to 10 ms


def warm(call):
    """Call until the cores are awake again after a rest."""
    end = time.perf_counter() + WARM
    while call() is not None and time.perf_counter() < end:
        pass


def nothing():
    """What comes before a call, if nothing does."""


@contextmanager
def busy_cores():
    """Other processes, one a core, that never rest."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"])
              for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def turns(calls, budget):
    """Median seconds of each call; they take turns until the time is over.

    A call may be a triple: itself, what comes before it and what comes after it, not timed.
    """
    times = [[] for _ in calls]
    triples = [call if isinstance(call, tuple) else (call, nothing, nothing) for call in calls]
    for call, _, _ in triples:
        call()
    end = time.perf_counter() + budget * len(calls)
    while time.perf_counter() < end or len(times[0]) < 3:
        for (call, before, after), seconds in zip(triples, times, strict=True):
            before()
            start = time.perf_counter()
            call()
            seconds.append(time.perf_counter() - start)
            after()
    return [statistics.median(seconds) for seconds in times]


class Layer:
    """One case with its arrays: convlib's three sums and those of its peers."""

    def __init__(self, x_shape, w_shape, options, dtype=np.float64):
        rng = np.random.default_rng(0)
        self.options = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1} | options
        self.g = Geometry.of(x_shape, w_shape, **options)
        self.x, self.w, self.dy = (rng.normal(size=shape).astype(dtype) for shape in
                                   (x_shape, w_shape, self.g.y_shape))
        self.macs = self.dy.size * prod(w_shape[1:])

    def ours(self):
        return [lambda: algorithms.y(self.x, self.w, self.g),
                lambda: algorithms.dx(self.dy, self.w, self.g),
                lambda: algorithms.dw(self.dy, self.x, self.g)]

    def chosen(self):
        (n, c), k, groups = self.x.shape[:2], len(self.w), self.g.groups
        return [choose.ranking(what, self.g.plane, n * groups, c // groups, k // groups,
                               self.x.itemsize)[0].name for what in ("y", "dx", "dw")]

    def pytorch(self):
        x, w, dy = map(torch.tensor, (self.x, self.w, self.dy))
        stride, padding, dilation = ([self.options[name]] * 2 for name in
                                     ("stride", "padding", "dilation"))
        groups = self.options["groups"]

        def grad(mask):
            return torch.ops.aten.convolution_backward(
                dy, x, w, None, stride, padding, dilation, False, [0, 0], groups, mask)

        return [lambda: torch.nn.functional.conv2d(x, w, **self.options),
                lambda: grad([True, False, False])[0], lambda: grad([False, True, False])[1]]

    def courses(self):
        """im2col by index arrays, one big matrix, and np.add.at on the way back."""
        padding = self.options["padding"]
        n, c, height, width = self.x.shape
        k, _, r, s = self.w.shape
        tap = np.indices((c, r, s)).reshape(3, -1, 1)
        place = np.indices(self.dy.shape[2:]).reshape(2, 1, -1) * self.options["stride"]
        index = (slice(None), tap[0], tap[1] * self.options["dilation"] + place[0],
                 tap[2] * self.options["dilation"] + place[1])
        wide = [(0, 0), (0, 0), (padding, padding), (padding, padding)]
        flat = self.w.reshape(k, -1)

        def columns():
            return np.pad(self.x, wide)[index].transpose(1, 2, 0).reshape(c * r * s, -1)

        def prices():
            return self.dy.transpose(1, 2, 3, 0).reshape(k, -1)

        def y():
            return (flat @ columns()).reshape(k, *self.dy.shape[2:], n).transpose(3, 0, 1, 2)

        def dx():
            back = (flat.T @ prices()).reshape(c * r * s, -1, n).transpose(2, 0, 1)
            padded = np.zeros((n, c, height + 2 * padding, width + 2 * padding), self.x.dtype)
            np.add.at(padded, index, back)
            return padded[:, :, padding : padding + height, padding : padding + width]

        return [y, dx, lambda: (prices() @ columns().T).reshape(self.w.shape)]

    def loops(self):
        """Seconds for y in four loops: one filter over one image is timed, the rest is counted."""
        stride, d, pad = (self.options[name] for name in ("stride", "dilation", "padding"))
        x, w, (p, q) = np.pad(self.x[0], [(0, 0), (pad, pad), (pad, pad)]), self.w[0], \
            self.dy.shape[2:]
        c, r, s = w.shape
        start, y = time.perf_counter(), np.empty((p, q))
        for i in range(p):
            for j in range(q):
                y[i, j] = np.sum(x[:c, i * stride : i * stride + d * r : d,
                                   j * stride : j * stride + d * s : d] * w)
        return (time.perf_counter() - start) * len(self.x) * len(self.w)

    def scipy(self):
        """The faster of two, or None where there is more than one channel."""
        if self.x.shape[:2] != (1, 1) or self.options["padding"]:
            return None
        x, w = self.x[0, 0], self.w[0, 0]
        return [lambda: scipy.signal.correlate(x, w, "valid"),  # method="auto"
                lambda: scipy.signal.correlate2d(x, w, "valid")]


def geometric(values):
    return exp(statistics.mean(map(log, values)))


def with_threads(n, call):
    """Our call on n threads, warm: before it there may have been a rest."""
    def on_threads():
        with threads(n):
            return call()

    return on_threads, lambda: warm(on_threads), nothing


def torch_with_threads(n, call):
    """PyTorch's, likewise; what it needs to change the number of threads is not timed."""
    def prepare():
        torch.set_num_threads(n)
        warm(call)

    def rest():
        torch.set_num_threads(1)
        if n > 1:
            time.sleep(REST)

    return call, prepare, rest


def against_pytorch(dtype, budget, gemm):
    """Print three rows a case; return {(case, sum): (one, two, two/one)}, PyTorch's ratio last."""
    print(f"\n{np.dtype(dtype)}: ratio to PyTorch {torch.__version__} on one thread and on two; "
          "two threads to one, ours and PyTorch's; milliseconds, ours and PyTorch's on one and "
          f"on two; share of the matrix product's {gemm / 1e9:.0f} billion multiply-adds a second")
    print(f"{'':20}{'':4}{'one':>7}{'two':>7}{'2/1':>8}{'PyTorch':>8}")
    found = {}
    for name, case in CASES.items():
        layer = Layer(*case, dtype=dtype)
        for what, mine, theirs, method in zip(("y", "dx", "dw"), layer.ours(), layer.pytorch(),
                                              layer.chosen(), strict=True):
            bound = 1e-12 if dtype == np.float64 else 1e-4
            right = theirs().numpy()
            assert np.abs(mine() - right).max() <= bound * np.abs(right).max(), name
            one, two, torch_one, torch_two = turns(
                [with_threads(1, mine), with_threads(2, mine), torch_with_threads(1, theirs),
                 torch_with_threads(2, theirs)], budget)
            ratios = one / torch_one, two / torch_two, two / one, torch_two / torch_one
            found[name, what] = ratios
            times = one, two, torch_one, torch_two
            print(f"{name:20}{what:4}{ratios[0]:7.2f}{ratios[1]:7.2f}{ratios[2]:8.2f}"
                  f"{ratios[3]:8.2f}   " + "".join(f"{t * 1e3:9.3f}" for t in times)
                  + f"{layer.macs / one / gemm:7.0%}  {method}", flush=True)
    return found


def against_teaching(budget):
    """Courses' im2col and the loops, double precision; return the smallest speed-ups."""
    print("\nfloat64, times faster than im2col as courses teach it: y, dx, dw; than loops: y; "
          "than SciPy: y")
    least = {"courses": {}, "loops": {}}
    for name, case in CASES.items():
        layer = Layer(*case)
        if layer.options["groups"] > 1 or prod(layer.w.shape[1:]) * layer.dy[:, 0].size > 3e7:
            continue  # the courses' columns have no groups, and these would not fit
        faster = []
        for mine, theirs in zip(layer.ours(), layer.courses(), strict=True):
            assert np.allclose(mine(), theirs())
            ours, courses = turns([mine, theirs], budget / 2)
            faster.append(courses / ours)
        y = turns([layer.ours()[0]], budget / 2)[0]
        loops, peers = layer.loops() / y, layer.scipy()
        signal = f"{min(turns(peers, budget / 2)) / y:9.1f}" if peers else ""
        print(f"{name:20}" + "".join(f"{ratio:7.1f}" for ratio in faster)
              + f"{loops:9.0f}{signal}", flush=True)
        if layer.macs > BIG:
            least["courses"][name], least["loops"][name] = min(faster), loops
    return least


def growth(budget):
    """What doubling height and width, and doubling the batch, does to the time."""
    def seconds(n, size):
        layer = Layer((n, 16, size, size), (16, 16, 3, 3), {"padding": 1})
        return layer.ours()

    def worst(small, large):
        return max(b / a for a, b in (turns(pair, budget) for pair in
                                      zip(seconds(*small), seconds(*large), strict=True)))

    return worst((4, 32), (4, 64)), worst((4, 64), (4, 128)), worst((8, 48), (16, 48))


def tiny(budget):
    x, w, dy = (np.random.default_rng(0).normal(size=n) for n in ((6, 6), (3, 3), (4, 4)))
    return [t * 1e6 for t in turns([lambda: conv2d(x, w), lambda: conv2d_backward(dy, x, w)],
                                   budget)]


def plot(path, budget):
    """Milliseconds against image size and against kernel size, method by method."""
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    fig, axs = plt.subplots(1, 2, figsize=(11, 4.5), sharey=True, layout="constrained")
    sweeps = [("image of n x n, kernel 5x5", "n", [32, 64, 128, 256, 512],
               lambda n: ((1, 1, n, n), (1, 1, 5, 5), {})),
              ("image of 256x256, kernel k x k", "k", [3, 5, 9, 15, 31],
               lambda k: ((1, 1, 256, 256), (1, 1, k, k), {"padding": k // 2}))]
    for ax, (title, label, sizes, case) in zip(axs, sweeps, strict=True):
        layers = [Layer(*case(size)) for size in sizes]
        lines = {"PyTorch": [layer.pytorch()[0] for layer in layers]}
        for method in ("im2col", "shifted", "fft"):
            lines[method] = [lambda layer=layer, method=method: algorithms.y(
                layer.x, layer.w, layer.g, method) for layer in layers]
        for (name, calls), mark in zip(lines.items(), "so^D", strict=True):
            times = turns(calls, budget / 2)
            slope = np.polyfit(np.log(sizes[-3:]), np.log(times[-3:]), 1)[0]
            ax.loglog(sizes, np.array(times) * 1e3, marker=mark, label=f"{name}, slope {slope:.1f}",
                      linestyle="--" if name == "PyTorch" else "-")
        ax.set(title=title, xlabel=label, xticks=sizes, xticklabels=sizes)
        ax.minorticks_off()
        ax.legend(loc="upper left")
    axs[0].set_ylabel("milliseconds for y, float64")
    fig.savefig(path, dpi=120)
    print(f"\n{path} written")


def report(ratios):
    """What is reached of the aims, for each dtype."""
    macs = {name: Layer(*case).macs for name, case in CASES.items()}
    print()
    for dtype, means, top in ((np.float64, (0.32, 0.40), 1.0), (np.float32, (0.80, 0.90), 1.5)):
        found = ratios[dtype]
        big = {key: r for key, r in found.items() if macs[key[0]] > BIG}
        for n, mean in enumerate(means):
            aim(f"{np.dtype(dtype)}, {n + 1} thread{'s'[:n]}, mean of {len(big)} to PyTorch",
                geometric([r[n] for r in big.values()]), mean)
        kind = str(np.dtype(dtype))
        for n in (0, 1):
            worst(f"{kind}, {n + 1} thread{'s'[:n]}, the largest",
                  {k: r[n] for k, r in big.items() if k[0] != "depthwise"}, top)
        worst(f"{kind}, depthwise", {k: r[0] for k, r in big.items() if k[0] == "depthwise"}, 1.2)
        worst(f"{kind}, two threads to one, above 50 million",
              {k: r[2] for k, r in found.items() if macs[k[0]] > HUGE}, 1 / 1.7)
        worst(f"{kind}, two threads to one, any case", {k: r[2] for k, r in found.items()}, 1.0)
        print(f"{'':13}  two threads to one, geometric means: "
              f"{geometric([r[2] for r in big.values()]):.3g}, "
              f"PyTorch {geometric([r[3] for r in big.values()]):.3g}")


def worst(text, values, bound):
    case = max(values, key=values.get)
    print(f"{'':13}the next line is of {', '.join(case)}")
    aim(text, values[case], bound)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--busy", action="store_true")
    parser.add_argument("--plot", metavar="FILE")
    options = parser.parse_args()
    budget = 0.05 if options.quick else 0.25
    torch.set_num_threads(1)
    for library in threadpool_info():
        print(f"{library['internal_api']} {library['version']} with kernels for "
              f"{library.get('architecture')}; PyTorch's {torch.backends.cpu.get_cpu_capability()}")
    ratios = {}
    with threadpool_limits(1), busy_cores() if options.busy else nullcontext():
        for dtype in (np.float64, np.float32):
            a = np.ones((1024, 1024), dtype)
            gemm = 1024**3 / turns([lambda a=a: a @ a], budget)[0]
            ratios[dtype] = against_pytorch(dtype, budget, gemm)
    report(ratios)
    if options.busy:
        return
    with threadpool_limits(1), threads(1):
        least = against_teaching(budget)
        one_call = tiny(budget)
        area, larger, batch = growth(budget)
        if options.plot:
            plot(options.plot, budget)
    print()
    large = [r[0] for found in ratios.values() for (name, _), r in found.items()
             if name in ("kernel 31x31", "kernel 15x15")]
    aim("kernels of 15x15 and more, largest", max(large), 0.2)
    aim("a tiny call", one_call[0], 40, "µs")
    aim("its gradients", one_call[1], 120, "µs")
    aim("time against the courses' im2col, largest", 1 / min(least["courses"].values()), 1 / 3)
    aim("time against loops, largest", 1 / min(least["loops"].values()), 1 / 100)
    aim("growth with height and width doubled", max(area, larger), 4.2)
    aim("growth with the batch doubled", batch, 2.1)


if __name__ == "__main__":
    main()
