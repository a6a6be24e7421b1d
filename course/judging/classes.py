"""A class with forward and backward as one function: backward(dy, x, w, **options)."""

from collections.abc import Callable, Iterable, Mapping
from inspect import Parameter, isclass, signature
from typing import Any

import numpy as np

from course.judging.interface import NAMES, named
from course.judging.layouts import Layout
from course.judging.returned import PARTS
from course.judging.weights import WEIGHTS, Own, copied, kernel_name, own_kernel, set_weights

Backward = Callable[..., Any]
SIZES = {  # what the constructor of a layer asks for instead of the weights
    "in_channels": "in_channels in_ch c_in in_c input_channels n_channels channels cin nin",
    "out_channels": "out_channels out_ch c_out out_c output_channels filters num_filters n_filters "
                    "cout nout",
    "kernel_size": "kernel_size filter_size kernel_shape ksize size f r",
}


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
        attributes such as dw. It may be a torch.autograd.Function.
    neutral : Mapping
        The options of the layer.
    layout : Layout
        Where the channels are.
    array : callable
        Makes an array of the library that the class uses.

    Returns
    -------
    callable
        backward(dy, x, w, **options). Its attributes: taken, the options that it takes;
        shown(options), the lines that a reader would write; and own, the kernel and options of
        an object whose weights are its own, which fit no other cases, or None.
    """
    if isclass(thing) and callable(getattr(thing, "apply", None)):
        return _function_of_autograd(thing, neutral, array)
    init = _asked(thing, neutral, SIZES) if isclass(thing) else {}
    forward = _asked(thing.forward, neutral, {}, skip=1 if isclass(thing) else 0)
    known = {*init.values(), *forward.values()}

    def backward(dy: Any, x: Any, w: Any = None, **options: Any) -> Any:
        values = {"x": x, "w": w, **neutral, **options}
        if w is not None:
            sizes = _sizes(layout, x, w)
            values |= {**sizes, "b": array(np.zeros(sizes["out_channels"]))}
        layer: Any = thing(**{name: values[what] for name, what in init.items()}) if isclass(
            thing) else copied(thing)
        if w is not None and "w" not in known:
            set_weights(layer, values)
        layer.forward(**{name: values[what] for name, what in forward.items()})
        return _with_attributes(layer, layer.backward(dy))

    def shown(options: Mapping[str, Any], arrays: Mapping[str, Any]) -> str:
        values = {**options, **(_sizes(layout, arrays["x"], arrays["w"]) if "w" in arrays else {})}
        made = f"layer = {named(thing)}({_written(init, values)}); " if isclass(
            thing) else "# layer is the object that was judged\n    "
        filled = "" if "w" in known or "w" not in arrays else f"layer.{kernel_name(thing)} = w; "
        return (f"{made}{filled}layer.forward({_written(forward, values)}); layer.backward(dy)")

    holds = not isclass(thing) and "w" not in known and "groups" in neutral
    own = own_kernel(thing, neutral) if holds else None
    return _with(backward, thing, [what for what in neutral if what in known], shown, own)


def _sizes(layout: Layout, x: Any, w: Any) -> dict[str, Any]:
    """What a constructor may ask for instead of the kernel."""
    kernel = dict(zip(layout.w, w.shape, strict=True))
    return {"out_channels": kernel.get("O", 1), "kernel_size": tuple(
        kernel[axis] for axis in "HW" if axis in kernel),
        "in_channels": x.shape[layout.x.index("C")] if "C" in layout.x else 1}


def _with(backward: Any, thing: Any, taken: Iterable[str], shown: Callable[..., str],
          own: Own | None = None) -> Backward:
    backward.__name__, backward.shown, backward.own = named(thing), shown, own
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


class _Context:
    """What torch.autograd.Function gives to its forward and backward as ctx."""

    saved_tensors: tuple[Any, ...] = ()
    needs_input_grad = (True,) * 20

    def save_for_backward(self, *arrays: Any) -> None:
        self.saved_tensors = arrays

    def __getattr__(self, name: str) -> Any:
        if name.startswith(("mark_", "set_")):  # they change nothing here
            return lambda *arrays: None
        raise AttributeError(f"forward did not keep {name!r} in ctx")


def _function_of_autograd(thing: Any, neutral: Mapping[str, Any],
                          array: Callable[..., Any]) -> Backward:
    """A torch.autograd.Function: its forward and its backward, without the graph between them."""
    separate = "ctx" not in signature(thing.forward).parameters
    asked = _asked(thing.forward, neutral, {}, skip=0 if separate else 1)

    def backward(dy: Any, x: Any, w: Any = None, **options: Any) -> Any:
        ctx, values = _Context(), {**neutral, **options, "x": x, "w": w}
        if w is not None:
            values["b"] = array(np.zeros(w.shape[0]))
        given = tuple(values[what] for what in asked.values())
        y = thing.forward(*given) if separate else thing.forward(ctx, *given)
        if separate:
            thing.setup_context(ctx, given, y)
        returned = thing.backward(ctx, dy)
        returned = returned if isinstance(returned, tuple) else (returned,)
        return {f"d{what}": gradient for what, gradient in zip(
            asked.values(), returned, strict=False) if gradient is not None}

    def shown(options: Mapping[str, Any], arrays: Mapping[str, Any]) -> str:
        given = ", ".join(str(options.get(what, what)) for what in asked.values())
        return f"{named(thing)}.apply({given}).backward(dy)"

    return _with(backward, thing, [what for what in neutral if what in asked.values()], shown)
