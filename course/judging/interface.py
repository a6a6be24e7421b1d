"""How a function wants to be called: its parameters, recognized by the names that people give."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any

from course.judging.layers import Layer

NAMES = {  # what each is called, in lower case
    "dy": "dy dout d_out grad_output grad_out output_grad grad_y dl_dy dldy dz gy upstream delta "
          "grad g out_grad dh",
    "x": "x input inputs inp image images img a_prev a x_in",
    "w": "w weight weights kernel kernels filter filters k wt",
    "b": "b bias biases",
    "kernel_size": "kernel_size pool_size kernel window pool k size window_shape ksize",
    "x_shape": "x_shape input_shape input_size in_shape xshape",
    "w_shape": "w_shape weight_shape weight_size kernel_shape filter_shape wshape",
    "stride": "stride strides s window_strides",
    "padding": "padding pad p pads paddings",
    "dilation": "dilation dilations rate dilation_rate rhs_dilation",
    "groups": "groups group num_groups n_groups feature_group_count",
    "count_include_pad": "count_include_pad include_pad",
}

KEPT = "cache ctx context params param conv_param hparams hparameters config layer self state"


@dataclass(frozen=True)
class Interface:
    """Which parameter is which.

    Attributes
    ----------
    parameters : tuple
        (name of the parameter or None, what it is); without a name it is given by its place.
    options : dict
        What an option of the layer is called.
    is_open : bool
        Whether the function takes any option by name.
    """

    parameters: tuple[tuple[str | None, str], ...]
    options: Mapping[str, str]
    is_open: bool = False

    def arguments(self, values: Mapping[str, Any], options: Mapping[str, Any],
                  neutral: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """What the function is called with.

        Parameters
        ----------
        values : Mapping
            dy, x and whatever else a parameter may be.
        options : Mapping
            Those of the case.
        neutral : Mapping
            What the others are set to; one that is only taken as ** is left out.
        """
        args = [values[what] for name, what in self.parameters if name is None]
        named = {name: values[what] for name, what in self.parameters if name is not None}
        for what, name in self.options.items():
            if what in options or (name in self._declared and neutral[what] is not None):
                named[name] = options.get(what, neutral[what])
        return args, named

    _declared: frozenset[str] = frozenset()


def read_interface(function: Callable[..., Any], layer: Layer, arguments: Iterable[str] | None,
                   options: Mapping[str, str] | Iterable[str] | None) -> Interface:
    """The interface of a function, from its signature and from what the caller says.

    Parameters
    ----------
    function : callable
        The one under trial.
    layer : Layer
        What it is the gradient of.
    arguments : iterable of str or None
        What its arguments are, in their order; None reads it from their names.
    options : Mapping, iterable or None
        Names of the options that it takes, or option -> what the function calls it.

    Raises
    ------
    ValueError
        For a parameter that nobody can give.
    """
    given = None if options is None else (
        dict(options) if isinstance(options, Mapping) else {name: name for name in options})
    for name in given or ():
        if name not in layer.neutral:
            raise ValueError(f"options may name {', '.join(layer.neutral) or 'nothing'} for this "
                             f"layer, not {name!r}")
    if arguments is not None:
        words = arguments.replace(",", " ").split() if isinstance(arguments, str) else arguments
        ordered = tuple((None, _known(word, {**_inputs(layer)})) for word in words)
        declared = _options(function, layer) if given is None else given
        return Interface(ordered, declared, False, frozenset(declared.values()))
    try:
        parameters = list(signature(function).parameters.values())
    except (TypeError, ValueError):  # built in: nobody knows what it takes
        parameters = [Parameter("arrays", Parameter.VAR_POSITIONAL)]
    declared = _options(function, layer) if given is None else given
    matched = _matched(function, parameters, layer, declared)
    is_open = given is None and any(p.kind is Parameter.VAR_KEYWORD for p in parameters)
    everything = {**{name: name for name in layer.neutral if is_open}, **declared}
    return Interface(matched, everything, is_open, frozenset(declared.values()))


def _inputs(layer: Layer) -> dict[str, list[str]]:
    """What can be given besides options, with the names for it."""
    more = ["b", "w_shape"] if "w" in layer.inputs else []
    return {what: NAMES[what].split() for what in (*layer.inputs, "x_shape", *more)}


def _known(word: str, inputs: dict[str, list[str]]) -> str:
    what = next((what for what, names in inputs.items() if word.lower() in names), None)
    if what is None:
        raise ValueError(f"arguments may name {', '.join(inputs)}, not {word!r}")
    return what


def _options(function: Callable[..., Any], layer: Layer) -> dict[str, str]:
    """The options among the parameters of a function: option -> its name there."""
    try:
        parameters = signature(function).parameters
    except (TypeError, ValueError):
        return {}
    return {what: name for what in layer.neutral for name in parameters
            if name.lower() in NAMES[what].split()}


def _matched(function: Callable[..., Any], parameters: list[Parameter], layer: Layer,
             options: Mapping[str, str]) -> tuple[tuple[str | None, str], ...]:
    """Each parameter that is no option with what it is; unknown ones get what is missing."""
    inputs = _inputs(layer)
    asked = [p for p in parameters if p.name not in options.values() and p.kind not in (
        Parameter.VAR_KEYWORD, Parameter.VAR_POSITIONAL)]
    found = {p.name: next((what for what, names in inputs.items() if p.name.lower() in names), "")
             for p in asked}
    missing = [what for what in layer.inputs if what not in found.values()]
    if not asked and any(p.kind is Parameter.VAR_POSITIONAL for p in parameters):
        return tuple((None, what) for what in layer.inputs)
    matched: list[tuple[str | None, str]] = []
    for p in asked:
        if not found[p.name]:
            if p.default is not Parameter.empty:
                continue
            if not missing or p.name.lower() in KEPT.split():
                taken = ", ".join([*layer.inputs, *layer.neutral])
                raise ValueError(
                    f"{named(function)} asks for {p.name!r}, and judge does not know what that is. "
                    f"Make it from the arrays and the options that your function knows, such as "
                    f"judge(lambda {taken}: {named(function)}(dy, ...))")
            found[p.name] = missing.pop(0)
        by_place = p.kind is Parameter.POSITIONAL_ONLY or (
            p.kind is Parameter.POSITIONAL_OR_KEYWORD and all(n is None for n, _ in matched))
        matched.append((None if by_place else p.name, found[p.name]))
    if "dy" not in [what for _, what in matched]:
        raise ValueError(f"{named(function)} takes no dy, the gradient with respect to the "
                         "output: give the backward function, or say arguments='dy, x, w' in its "
                         "order")
    return tuple(matched)


def named(function: Any) -> str:
    """What a function is called."""
    name = getattr(function, "__name__", type(function).__name__)
    return "backward" if name == "<lambda>" else str(name)
