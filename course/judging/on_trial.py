"""judge: a backward function on trial, against the whole catalogue of mistakes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from course.judging.classes import is_class
from course.judging.judgement import Judgement
from course.judging.layers import LAYERS
from course.judging.layouts import Layout
from course.judging.returned import PARTS
from course.judging.trial import Rules, tried

AXES = (("NHWC", "HWIO"), ("NHWC", "OHWI"), ("NCHW", "HWIO"), ("CHW", "OIHW"), ("HWC", "HWIO"),
        ("HW", "HW"), ("NCW", "OIW"), ("CW", "OIW"), ("W", "W"))  # tried if none are given


def judge(backward: Any, layer: str = "conv", *, layout: str | None = None,
          kernel: str | None = None, array: Callable[..., Any] = np.asarray,
          arguments: str | Iterable[str] | None = None,
          options: Mapping[str, str] | Iterable[str] | None = None,
          returns: str | Iterable[str] | None = None, seconds: float = 10.0,
          megabytes: int = 1000, isolated: bool = True) -> Judgement:
    """Try a backward function on many small cases, and say in words what it gets wrong.

    ::

        dx[n, c, i, j]  =  sum  dy[n, k, p, q] w[k, c, r, s]     i = p*stride + r*dilation - padding
        dw[k, c, r, s]  =  sum  dy[n, k, p, q] x[n, c, i, j]     j likewise, with q and s

    Each answer is compared entry by entry with the right one, and with what each mistake of
    course.mistakes gives. The function runs in a process of its own, so an endless loop or a
    crash is an answer as well.

    Parameters
    ----------
    backward : callable or class
        A function of dy, x and w, in any order if their names say which they are (dout,
        grad_output, weight, ...), which may take stride, padding, dilation and groups under
        their usual names. Or a class, or an object, with forward and backward; an object that
        holds its kernel is copied, and tried with kernels of that shape only. It may give dx, dw
        and db as a tuple, a dict or attributes, or some of them only.
    layer : str
        "conv"; or "relu", "max_pool", "avg_pool", whose dx alone is judged.
    layout : str, optional
        The axes of x, dy and dx: "NCHW", "NHWC", "CHW", "HW"; along one axis "NCW", "CW", "W".
        Without it NCHW; and if that leads nowhere the others, which the answer then says.
    kernel : str, optional
        The axes of w and dw: "OIHW" (filters, channels, rows, columns), or "HWIO" where C is the
        last axis of layout.
    array : callable
        Makes the arrays that the function takes, such as torch.tensor or jax.numpy.asarray.
    arguments : str or iterable of str, optional
        The arguments in their order, such as "x, w, dy", if their names do not tell; x_shape and
        w_shape may be among them.
    options : Mapping or iterable of str, optional
        The options to try, each with the function's own name for it: {"padding": "border"}.
    returns : str or iterable of str, optional
        What comes back, such as "dw" or "dw, dx", if the shapes do not tell.
    seconds : float
        For all calls together; one call is stopped after a third of it.
    megabytes : int
        Memory that the function may ask for.
    isolated : bool
        False calls it in this process, without limits: for a library that does not survive a
        fork, or to use a debugger.

    Returns
    -------
    Judgement
        Shows as text; right, mistakes, faults and example are its parts.

    Raises
    ------
    ValueError
        For an argument of judge that makes no sense, or a function that cannot be called.
    TypeError
        For what is no function.

    Examples
    --------
    >>> from course import judge
    >>> from course.mistakes import MISTAKES
    >>> judge(MISTAKES["no_flip"]).mistakes
    {'dx': ('no_flip',)}
    """
    if layer not in LAYERS:
        raise ValueError(f"layer must be one of {', '.join(LAYERS)}, not {layer!r}")
    if not seconds > 0 or not megabytes > 0:
        raise ValueError("seconds and megabytes must be above 0, "
                         f"not {seconds!r} and {megabytes!r}")
    axes = Layout.read("NCHW" if layout is None else layout, kernel)
    if layer.endswith("pool") and "H" not in axes.x:
        raise ValueError(f"layer={layer!r} needs a layout with H and W, not {layout!r}")
    if not callable(backward) and not is_class(backward):
        raise TypeError("judge takes a function, or a class with forward and backward, not "
                        f"{type(backward).__name__}")
    rules = Rules(layer, array, arguments, options, _parts(returns), seconds, megabytes, isolated)
    judgement, verdicts = tried(backward, rules, axes)
    if layout is None and kernel is None and layer == "conv" and not verdicts.died and (
            _leads_nowhere(judgement)):
        quick = replace(rules, seconds=min(seconds, 2.0))
        found = [(other, *tried(backward, quick, other))
                 for other in _others(axes, ranks=not verdicts.returned)]
        other, better, its = max(found, key=lambda three: three[2].share_right())
        gain = its.share_right() - verdicts.share_right()
        if gain > 0.3 or (gain > 0 and not (verdicts.returned and _leads_nowhere(better))):
            return replace(better, text=f"{better.text}\n\nNo axes were given. With (N, C, H, W) "
                           f"nothing came out; judged with layout={other.x!r}, "
                           f"kernel={other.w!r}.")
    if not verdicts.cases:
        raise ValueError(
            "no case fits the kernel and the options that this object holds: say layout and "
            "kernel, or judge a function of dy, x, w and the options that builds the layer from w")
    return judgement


def _leads_nowhere(judgement: Judgement) -> bool:
    """Whether nothing is right, and nothing has a name."""
    named = {*judgement.mistakes} >= {*judgement.faults} and judgement.faults
    return not judgement.right and not named


def _others(axes: Layout, ranks: bool) -> Iterator[Layout]:
    """Other axes, those of another number only where ranks says so."""
    for x, w in AXES:
        if ranks or len(x) == len(axes.x):
            yield Layout(x, w)


def _parts(returns: str | Iterable[str] | None) -> tuple[str, ...] | None:
    if returns is None:
        return None
    words = tuple(returns.replace(",", " ").split() if isinstance(returns, str) else returns)
    if not words or not {*words} <= {*PARTS}:
        raise ValueError(f"returns may name {', '.join(PARTS)}, not {returns!r}")
    return words
