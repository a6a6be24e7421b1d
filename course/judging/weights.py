"""The kernel and the bias that a layer holds: what they are called, and how they are exchanged."""

from collections.abc import Mapping
from copy import copy, deepcopy
from inspect import isclass
from math import prod
from typing import Any

from course.judging.interface import NAMES

Own = tuple[tuple[int, ...], tuple[tuple[str, Any], ...]]  # shape of the kernel, options
KERNEL = "w weight weights kernel kernels filter filters"
WEIGHTS = "w weight weights kernel kernels filters filter b bias biases"


def copied(layer: Any) -> Any:
    """A layer that may be filled and run, while the one under trial stays as it is."""
    try:
        return deepcopy(layer)
    except Exception:  # it holds what cannot be copied
        return copy(layer)


def own_kernel(layer: Any, neutral: Mapping[str, Any]) -> Own | None:
    """The shape of the kernel that an object holds, and its options; None without a kernel."""
    held = {name.lower(): value for name, value in vars(layer).items()}
    shape = next((tuple(map(int, held[name].shape)) for name in KERNEL.split()
                  if len(getattr(held.get(name), "shape", ()))), None)
    options = {what: tuple(value) if isinstance(value, list) else value for what in neutral
               for name, value in held.items() if name in NAMES[what].split() and len(name) > 1
               and isinstance(value, (int, tuple, list))}
    return None if shape is None else (shape, tuple((what, value) for what, value in options.items()
                                   if value != neutral[what]))


def kernel_name(thing: Any) -> str:
    """The attribute that holds the kernel: of an object, or as the code of a class names it."""
    names = vars(thing) if not isclass(thing) else [
        name for method in ("__init__", "forward")
        for name in getattr(getattr(getattr(thing, method), "__code__", None), "co_names", ())]
    return next((name for name in names if name.lower() in KERNEL.split()), "w")


def set_weights(layer: Any, values: Mapping[str, Any]) -> None:
    """Put the weights of the case where the layer has its own."""
    own = {name: value for name, value in vars(layer).items() if name.lower() in WEIGHTS.split()}
    for name, value in own.items():
        what = "b" if name.lower().startswith("b") else "w"
        shape = getattr(value, "shape", None)  # np.size knows no tensors
        if shape is not None and prod(shape) == prod(values[what].shape):
            new = values[what]
            setattr(layer, name, new.reshape(value.shape) if what == "b" else new)
    if not any(not name.lower().startswith("b") for name in own):
        raise ValueError(f"{type(layer).__name__} has no attribute w, weight or kernel to put the "
                         "kernel into: judge a function of dy, x, w and the options")
