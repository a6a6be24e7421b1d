"""A class with forward and backward as one function: backward(dy, x, w, **options)."""

from collections.abc import Callable, Iterable, Mapping
from inspect import Parameter, isclass, signature
from typing import Any

import numpy as np

from course.judging.interface import NAMES, named
from course.judging.layouts import Layout
from course.judging.returned import PARTS

Backward = Callable[..., Any]
SIZES = {  # what the constructor of a layer asks for instead of the weights
    "in_channels": "in_channels in_ch c_in in_c input_channels n_channels channels cin nin",
    "out_channels": "out_channels out_ch c_out out_c output_channels filters num_filters n_filters "
                    "cout nout",
    "kernel_size": "kernel_size filter_size kernel_shape ksize size f r",
}
WEIGHTS = "w weight weights kernel kernels filters filter b bias biases"


def is_class(thing: Any) -> bool:
    """Whether it has forward and backward, as a class or as an object."""
    return all(callable(getattr(thing, name, None)) for name in ("forward", "backward"))


def as_function(thing: Any, neutral: Mapping[str, Any], layout: Layout,
                array: Callable[..., Any]) -> Backward:
    """A function that makes the layer, runs it forward, and then backward.

    Parameters
    ----------
    thing : class or object
        Its __init__ may take the weights or their sizes, its forward x and the weights; options
        are given to whichever takes them. backward(dy) returns gradients, or leaves them in
        attributes such as dw. A torch.autograd.Function is applied, and differentiated.
    neutral : Mapping
        The options of the layer.
    layout : Layout
        Where the channels are.
    array : callable
        Makes an array of the library that the class uses.

    Returns
    -------
    callable
        backward(dy, x, w, **options). Its attributes: taken, the options that it takes, and
        shown(options), the lines that a reader would write.
    """
    if isclass(thing) and callable(getattr(thing, "apply", None)):
        return _applied(thing, neutral, array)
    init = _asked(thing, neutral, SIZES) if isclass(thing) else {}
    forward = _asked(thing.forward, neutral, {}, skip=1 if isclass(thing) else 0)
    known = {*init.values(), *forward.values()}

    def backward(dy: Any, x: Any, w: Any = None, **options: Any) -> Any:
        values = {"x": x, "w": w, **neutral, **options}
        if w is not None:
            filters = w.shape[layout.w.index("O")] if "O" in layout.w else 1
            like = dict(zip(layout.w, w.shape, strict=True))
            values |= {"b": array(np.zeros(filters)), "out_channels": filters,
                       "in_channels": x.shape[layout.x.index("C")] if "C" in layout.x else 1,
                       "kernel_size": tuple(like[axis] for axis in "HW" if axis in like)}
        layer: Any = thing(**{name: values[what] for name, what in init.items()}) if isclass(
            thing) else thing
        if w is not None and "w" not in known:
            _set_weights(layer, values)
        layer.forward(**{name: values[what] for name, what in forward.items()})
        return _with_attributes(layer, layer.backward(dy))

    def shown(options: Mapping[str, Any]) -> str:
        made = f"layer = {named(thing)}({_written(init, options)}); " if isclass(thing) else (
            f"layer = {named(thing)}; ")
        return f"{made}layer.forward({_written(forward, options)}); layer.backward(dy)"

    return _with(backward, thing, [what for what in neutral if what in known], shown)


def _with(backward: Any, thing: Any, taken: Iterable[str],
          shown: Callable[[Mapping[str, Any]], str]) -> Backward:
    backward.__name__, backward.shown = named(thing), shown
    backward.taken = {what: what for what in taken}
    return backward


def _written(asked: Mapping[str, str], options: Mapping[str, Any]) -> str:
    """The arguments as a reader writes them."""
    return ", ".join(f"{name}={options.get(what, what)}" for name, what in asked.items())


def _asked(function: Any, neutral: Mapping[str, Any], sizes: Mapping[str, str],
           skip: int = 0) -> dict[str, str]:
    """What the parameters of a function are: name -> what, those with a default if known."""
    parameters = [p for p in list(signature(function).parameters.values())[skip:]
                  if p.kind in (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)]
    by_size = any(p.name.lower() in words.split() for p in parameters for words in sizes.values())
    kinds = {**(sizes if by_size else {}), **{what: NAMES[what] for what in ("x", "w", "b",
                                                                             *neutral)}}
    asked = {}
    for p in parameters:
        what = next((what for what, words in kinds.items() if p.name.lower() in words.split()), "")
        if what:
            asked[p.name] = what
        elif p.default is Parameter.empty:
            raise ValueError(f"{named(function)} of the class asks for {p.name!r}, and judge does "
                             "not know what that is: judge a function of dy, x, w and the options "
                             "that builds the layer, runs it, and returns the gradients")
    return asked


def _set_weights(layer: Any, values: Mapping[str, Any]) -> None:
    """Put the weights of the case where the layer has its own."""
    own = {name: value for name, value in vars(layer).items() if name.lower() in WEIGHTS.split()}
    for name, value in own.items():
        what = "b" if name.lower().startswith("b") else "w"
        if getattr(value, "shape", None) is not None and np.size(value) == np.size(values[what]):
            new = values[what]
            setattr(layer, name, new.reshape(value.shape) if what == "b" else new)
    if not any(not name.lower().startswith("b") for name in own):
        raise ValueError(f"{type(layer).__name__} has no attribute w, weight or kernel to put the "
                         "kernel into: judge a function of dy, x, w and the options")


def _with_attributes(layer: Any, returned: Any) -> Any:
    """The gradients that were returned, and those left in attributes of the layer."""
    if isinstance(returned, (tuple, list, Mapping)):
        return returned
    places = [vars(layer)] + [grads for name, grads in vars(layer).items()
                              if "grad" in name.lower() and isinstance(grads, Mapping)]
    left = {part: value for place in places for name, value in place.items()
            for part, words in PARTS.items()
            if value is not None and name.lower() in words.split()
            and name.lower() not in ("x", "input", *WEIGHTS.split())}
    left |= {part: value for place in places[1:] for name, value in place.items()
             for part, words in PARTS.items()
             if value is not None and name.lower() in words.split()}
    return {**left, "dx": returned} if returned is not None else left or None


def _applied(thing: Any, neutral: Mapping[str, Any], array: Callable[..., Any]) -> Backward:
    """A torch.autograd.Function: its apply, differentiated."""
    asked = _asked(thing.forward, neutral, {}, skip=1)  # without ctx

    def backward(dy: Any, x: Any, w: Any = None, **options: Any) -> Any:
        learned = {"x": x.requires_grad_()}
        if w is not None:
            learned |= {"w": w.requires_grad_()}
            if "b" in asked.values():
                learned["b"] = array(np.zeros(len(w))).requires_grad_()
        values = {**neutral, **options, **learned}
        thing.apply(*(values[what] for what in asked.values())).backward(dy)
        return {f"d{what}": array.grad for what, array in learned.items()
                if array.grad is not None}

    def shown(options: Mapping[str, Any]) -> str:
        given = ", ".join(str(options.get(what, what)) for what in asked.values())
        return f"{named(thing)}.apply({given}).backward(dy); x.grad, w.grad"

    return _with(backward, thing, [what for what in neutral if what in asked.values()], shown)
