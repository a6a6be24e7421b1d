"""Throw anything at the public functions: they answer, or refuse in words, and never hang.

    python -m tests.convlib.fuzz 10000       so many calls; prints what went wrong, and the slowest
"""

import random
import sys
import time
import tracemalloc
import warnings
from fractions import Fraction
from itertools import count, repeat

import numpy as np

import convlib
from convlib.algorithms import METHODS
from convlib.symbolic import symbols

LIMIT = 5  # seconds
REFUSALS = ValueError, TypeError


class Odd:
    """What no function expects, and no message can show."""

    def __repr__(self):
        raise RuntimeError("no repr")


def arrays(rng):
    """Mostly arrays, of any shape and dtype; else whatever might be taken for one."""
    shape = tuple(rng.choice([0, 1, 1, 2, 3, 4, 5, 6]) for _ in range(rng.choice([0, 1, 2, 2, 3, 4,
                                                                                  4, 5])))
    drawn = np.random.default_rng(rng.randrange(2**32)).normal(size=shape) * 10
    bad = drawn.copy()
    bad.flat[:1] = rng.choice([np.nan, np.inf, -np.inf, 1e308, 1e-320])
    return rng.choice([
        lambda: drawn, lambda: drawn, lambda: drawn, lambda: bad, lambda: drawn.astype(int),
        lambda: drawn.astype(np.float32), lambda: drawn.astype(np.int8), lambda: drawn > 0,
        lambda: drawn.astype(int).astype(object), lambda: drawn.tolist(),
        lambda: np.full(shape, rng.choice([2**62, -(2**63)])), lambda: drawn.T,
        lambda: np.full(shape, 2**64 - 1, np.uint64), lambda: drawn.astype(complex),
        lambda: drawn.astype(np.float16), lambda: np.ma.masked_array(drawn, drawn > 0),
        lambda: symbols("x", shape) if 0 < drawn.size < 9 else drawn,
        lambda: np.vectorize(Fraction, otypes=[object])(drawn.astype(int)),
        lambda: drawn.astype(str), lambda: rng.choice([
            None, 3, 2.5, "x", b"x", {}, {1, 2}, object(), Odd(), [[1, 2], [3]], [], [None],
            10**400, True, 1j, Fraction(1, 3), range(4), np.datetime64("2020"), iter([1, 2]),
            lambda: 1, np.array([1, "2", None], object), np.array(Odd(), object), float("nan"),
            [Odd()]])])()


def values(rng):
    """Mostly small ints, one or one an axis; else whatever might be taken for an option."""
    small = lambda: rng.choice([0, 1, 1, 1, 2, 2, 3, 5])  # noqa: E731
    return rng.choice([
        small, small, small, lambda: (small(), small()), lambda: [(small(), small())] * 2,
        lambda: np.int64(small()), lambda: np.array([small(), small()]),
        lambda: rng.choice(["same", "full", "valid", "auto", *METHODS]),
        lambda: rng.choice([
            -1, 10**4, 10**9, 2**63 - 1, 2**63, 10**30, 10**5000, -(10**5000), 1.0, 2.5, True, None,
            "", "reflect", b"same", (), [], {}, {1}, (1,) * 99, [[[]]], [1, [2, 3]], "1", Odd(),
            (Odd(), 1), np.array([]), np.ones((2, 2), int), np.float64(2), float("inf"), object(),
            (10**9, 1), (0, 10**9), count(), repeat(1), iter([1, 2]), lambda: 1, np.array("full"),
            float("nan"), 1e308, np.nan, np.ma.masked, Fraction(1, 2), range(10**9)])])()


def shapes(rng):
    """Mostly tuples of small ints."""
    plain = tuple(rng.choice([0, 1, 2, 3, 4, 5]) for _ in range(rng.choice([1, 2, 2, 3, 4])))
    return rng.choice([lambda: plain, lambda: plain, lambda: list(plain), lambda: values(rng)])()


OPTIONS = "stride", "padding", "dilation", "groups", "method"
MORE = "kernel_size", "size", "output_padding", "mirrored", "bias", "padding_mode"
CONV = {
    **dict.fromkeys(("x", "w", "dy", "b", "columns"), arrays),
    **dict.fromkeys((*OPTIONS, *MORE), values),
    **dict.fromkeys(("x_shape", "w_shape"), shapes),
}
STAMPS = [f"conv_transpose{nd}d{end}" for nd in (1, 2) for end in ("", "_backward")]
FUNCTIONS = {
    **dict.fromkeys(["conv1d", "conv2d"], (("x", "w"), ("b", *OPTIONS, "bias", "padding_mode"))),
    **dict.fromkeys(["conv1d_backward", "conv2d_backward"], (("dy", "x", "w"), OPTIONS)),
    **dict.fromkeys(STAMPS[::2], (("x", "w"), ("b", *OPTIONS, "output_padding"))),
    **dict.fromkeys(STAMPS[1::2], (("dy", "x", "w"), (*OPTIONS, "output_padding"))),
    "im2col": (("x", "kernel_size"), OPTIONS[:3]),
    "col2im": (("columns", "x_shape", "kernel_size"), OPTIONS[:3]),
    "kernel_map": (("x_shape", "w_shape"), (*OPTIONS[:4], "mirrored")),
    "image_matrix": (("x", "w_shape"), OPTIONS[:4]),
    "filter_matrix": (("w", "x_shape"), OPTIONS[:4]),
    "output_size": (("size", "kernel_size"), OPTIONS[:3]),
}


def call(seed):
    """The name, positional arguments and options of the call of a seed."""
    rng = random.Random(seed)
    name = rng.choice(list(FUNCTIONS))
    first, options = FUNCTIONS[name]
    args = fitting(rng, name, first)
    for _ in range(rng.choice([0, 0, 0, 1, 9])):  # spoil none, one or all
        place = rng.randrange(len(args))
        args[place] = CONV[first[place]](rng)
    few = rng.sample(options, rng.choice([0, 0, 1, 1, 2, 3]))
    if rng.random() < 0.4:  # those of a layer that keeps its size
        return name, args, {option: 1 for option in few if option in OPTIONS[:4:2]}
    return name, args, {option: CONV[option](rng) for option in few}


def fitting(rng, name, first):
    """Arguments that go together without options."""
    nd = 1 + ("1d" not in name)
    space, taps = [rng.randrange(3, 8) for _ in range(nd)], [rng.randrange(1, 4) for _ in range(nd)]
    n, c, k = (rng.randrange(1, 4) for _ in "nck")
    sign = 1 if "transpose" in name else -1
    y = [h + sign * (r - 1) for h, r in zip(space, taps, strict=True)]
    x, w = (n, c, *space), (c, k, *taps) if sign == 1 else (k, c, *taps)
    dtype = rng.choice([float, int, object, np.float32, np.uint64])
    columns = n, c * int(np.prod(taps)), int(np.prod(y))
    made = {each: np.full(shape, 2, dtype) for each, shape in (
        ("x", x), ("w", w), ("dy", (n, k, *y)), ("columns", columns))}
    made |= {"x_shape": x, "w_shape": w, "kernel_size": tuple(taps), "size": space[0]}
    if name == "output_size":
        made["kernel_size"] = taps[0]
    return [made[each] for each in first]


def complaint(name, args, options):
    """What is wrong with how this call was answered, or None; and the seconds that it took."""
    start = time.perf_counter()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # overflow of floats is said by NumPy
            getattr(convlib, name)(*args, **options)
        wrong = None
    except REFUSALS as error:
        words = str(error)
        unhelpful = len(words) < 12 or len(words) > 600 or "object is not" in words
        wrong = f"{type(error).__name__}: {words[:200]}" if unhelpful else None
    except Exception as error:
        wrong = f"{type(error).__name__}: {str(error)[:200]}"
    seconds = time.perf_counter() - start
    return wrong or (f"took {seconds:.1f} s" if seconds > LIMIT else None), seconds


def main(calls):
    slowest, wrong = (0, None), 0
    tracemalloc.start()
    for seed in range(calls):
        said, seconds = complaint(*call(seed))
        slowest = max(slowest, (seconds, seed))
        if said:
            wrong += 1
            print(f"seed {seed}, {call(seed)[0]}: {said}", flush=True)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    print(f"{calls} calls, {wrong} answered badly; slowest {slowest[0]:.1f} s (seed {slowest[1]}), "
          f"most memory {peak:.0f} MB")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
