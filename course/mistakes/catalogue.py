"""Well-known wrong gradients. Each has the signature of the function that it replaces.

A check that cannot tell one of these from the right gradient is no check. Each is wrong only where
its name says so: on a symmetric kernel, at stride 1 or without padding most cannot be seen. The
docstring says what was done, then where to look. "conv" stands for conv1d_backward and
conv2d_backward (the rank of w decides), the other kinds for the function of that name.
"""

import sys
from collections.abc import Callable
from typing import Any

from convlib import conv
from convlib.activations import relu_backward
from convlib.pooling import avg_pool2d_backward, max_pool2d_backward
from course.mistakes.mistake import MISTAKES, diagnosis, wrong_answers

# isort: split
from course.mistakes.in_the_kernel import no_flip as no_flip  # the one that chapter 2 imports

# isort: split
from course.mistakes import in_the_indices, in_the_remainder, in_the_sums  # noqa: F401

# isort: split
from course.mistakes import around_the_layer  # noqa: F401

__all__ = ["MISTAKES", "diagnosis", "plant", "without_dx", "wrong_answers"]


def plant(name: str) -> None:
    """Put a mistake where the right gradient stood, in every loaded module of the library.

    It is for `pytest --mistake NAME`, which must then fail.

    Parameters
    ----------
    name : str
        One of MISTAKES.

    Raises
    ------
    ValueError
        For an unknown name.
    """
    if name not in MISTAKES:
        raise ValueError(f"mistake must be one of {', '.join(MISTAKES)}, not {name!r}")
    right = {"conv": (conv.conv1d_backward, conv.conv2d_backward), "relu": (relu_backward,),
             "max_pool": (max_pool2d_backward,), "avg_pool": (avg_pool2d_backward,)}
    ours = "convlib", "course", "figures"
    for module in [m for key, m in sys.modules.items() if key.split(".")[0] in ours]:
        for attribute, value in list(vars(module).items()):
            if any(value is f for f in right[MISTAKES[name].replaces]):
                setattr(module, attribute, MISTAKES[name])
    if MISTAKES[name].replaces == "conv":
        conv.weight_gradients = without_dx(name)


def without_dx(name: str) -> Callable[..., Any]:
    """A mistake in the place of conv.weight_gradients."""
    return lambda ndim, *arrays, **options: MISTAKES[name](*arrays, **options)[1:]
