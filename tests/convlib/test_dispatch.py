"""The way of a call through the library: straight, and through each module once."""

import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import convlib
from convlib import conv1d, conv2d, conv2d_backward, conv_transpose2d
from convlib.algorithms import METHODS

ROOT = str(Path(convlib.__file__).parent)
SUMS = "y", "dx", "dw"


FRONT = conv2d.__code__


def module_of(frame):
    """The convlib module whose code a frame runs, or None."""
    name = "" if frame.f_code is FRONT else frame.f_code.co_filename
    return name[len(ROOT) + 1 : -3].replace("/", ".") if name.startswith(ROOT) else None


def entries(call):
    """How often each convlib module is entered during the call, from another convlib module.

    An entry is the start of a Python function whose code stands in one module, while the nearest
    caller that is convlib's, frames of NumPy and of Python's own library skipped, stands in
    another. What stands in front of a public function, to explain a wrong call, is skipped, too.
    Coming back by `return` is none; nor is a generator that goes on, or what is found in a cache.
    One Counter for each of the three sums that was computed, after one for all that came before:
    the sums begin with the functions y, dx and dw of convlib.algorithms.
    """
    call()  # shapes that were seen before are remembered
    counts, running = [Counter()], set()

    def note(frame, event, _):
        module = module_of(frame)
        if event != "call" or module is None or id(frame) in running:
            return
        running.add(id(frame))
        alive.append(frame)  # so that no other frame gets its id
        caller = frame.f_back
        while caller is not None and module_of(caller) is None:
            caller = caller.f_back
        if caller is None or module_of(caller) == module:
            return
        if module == "algorithms.__init__" and frame.f_code.co_name in SUMS:
            counts.append(Counter())
        counts[-1][module] += 1

    alive = []
    sys.setprofile(note)
    try:
        call()
    finally:
        sys.setprofile(None)
    return counts


def drawn(*shapes):
    rng = np.random.default_rng(0)
    return [rng.normal(size=shape) for shape in shapes]


X, W, B, DY = drawn((2, 6, 9, 7), (4, 3, 3, 3), (4,), (2, 4, 7, 5))
WAY = {"algorithms.__init__", "algorithms.choose", "algorithms.decompositions"}
SMALL = WAY | {"algorithms.method", "algorithms.windows", "algorithms.padding"}


@pytest.mark.parametrize("call", [
    lambda: conv1d(X[0, 0, 0], W[0, 0, 0], B[0]), lambda: conv2d(X[0, 0], W[0, 0]),
    lambda: conv2d(X[0, 0], W[0, 0], stride=2), lambda: conv_transpose2d(DY[0, 0], W[0, 0])])
def test_a_small_call_enters_each_module_at_most_once(call):
    reading, total = entries(call)
    reading.pop("conv", None)  # conv_transpose2d is a few lines in front of it
    assert reading == {"operands": 1, "geometry": 1}
    assert total == dict.fromkeys(SMALL, 1)


def test_a_small_backward_call_enters_each_module_at_most_once_for_each_sum():
    reading, dx, dw = entries(lambda: conv2d_backward(DY[0, 0], X[0, 0], W[0, 0]))
    assert reading == {"operands": 1, "geometry": 1}
    assert dx == dw == dict.fromkeys(SMALL, 1)


@pytest.mark.parametrize("method", METHODS)
def test_each_method_is_reached_by_the_same_straight_way(method):
    """Inside a method the tools that it shares with others may be used again and again."""
    options = {"groups": 2, "method": method}
    forward = entries(lambda: conv2d(X, W, B, **options))
    backward = entries(lambda: conv2d_backward(DY, X, W, **options))
    assert forward[0] == backward[0] == {"operands": 1, "geometry": 1}
    assert len(forward) == 2 and len(backward) == 3
    for total in (*forward[1:], *backward[1:]):
        assert all(total[module] == 1 for module in WAY)
