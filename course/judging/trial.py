"""judge: a backward function on trial, against the whole catalogue of mistakes."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np

from course.judging.calls import Trial, run_here
from course.judging.classes import as_function, is_class
from course.judging.interface import named, read_interface
from course.judging.judgement import Judgement
from course.judging.layers import LAYERS, Case, cases
from course.judging.layouts import Layout
from course.judging.returned import PARTS
from course.judging.sandbox import Outcome, run_isolated
from course.judging.verdicts import Verdicts


def judge(backward: Any, layer: str = "conv", *, layout: str = "NCHW", kernel: str | None = None,
          array: Callable[..., Any] = np.asarray, arguments: str | Iterable[str] | None = None,
          options: Mapping[str, str] | Iterable[str] | None = None,
          returns: str | Iterable[str] | None = None, seconds: float = 10.0,
          megabytes: int = 1000, isolated: bool = True) -> Judgement:
    """Try a backward function on many small cases, and say in words what it gets wrong.

    ::

        dx[n, c, i, j]  =  sum  dy[n, k, p, q] w[k, c, r, s]     i = p*stride + r*dilation - padding
        dw[k, c, r, s]  =  sum  dy[n, k, p, q] x[n, c, i, j]     j likewise, with q and s

    Each answer is compared entry by entry with the right one, and with what each mistake of
    course.mistakes gives. The function runs in a process of its own, so an endless loop or a
    crash is an answer, too.

    Parameters
    ----------
    backward : callable or class
        A function of dy, x and w, in any order if their names say which they are (dout,
        grad_output, weight, ...), which may take stride, padding, dilation and groups under
        their usual names. Or a class, or an object, with forward and backward. It may give dx, dw
        and db as a tuple, a dict or attributes, or some of them only.
    layer : str
        "conv"; or "relu", "max_pool", "avg_pool", whose dx alone is judged.
    layout : str
        The axes of x, dy and dx: "NCHW", "NHWC", "CHW", "HW"; along one axis "NCW", "CW", "W".
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
    rule, axes = LAYERS[layer], Layout.read(layout, kernel)
    if layer.endswith("pool") and "H" not in axes.x:
        raise ValueError(f"layer={layer!r} needs a layout with H and W, not {layout!r}")
    if is_class(backward):
        backward = as_function(backward, rule.neutral, axes, array)
        options = backward.taken if options is None else options
    elif not callable(backward):
        raise TypeError("judge takes a function, or a class with forward and backward, not "
                        f"{type(backward).__name__}")
    trial = Trial(backward, rule, read_interface(backward, rule, arguments, options), axes, array)
    every = cases(layer, axes.canonical[0])
    numbers = [n for n, case in enumerate(every)
               if {*case.options} - {"kernel_size"} <= {*trial.interface.options}]
    calls = [partial(trial.call, every[n]) for n in numbers]
    outcome = run_isolated(calls, seconds, megabytes) if isolated else run_here(calls)
    notes = [] if isolated else ["It ran in this process, without limits."]
    if isolated and not outcome.isolated:
        outcome = run_here(calls)
        notes = ["Processes cannot fork here, so it ran in this one, without limits: an endless "
                 "loop or a crash would have stopped everything."]
    verdicts = Verdicts(trial, layer, every, numbers, outcome, _parts(returns))
    return _judgement(trial, verdicts, outcome, [every[n] for n in numbers], notes)


def _parts(returns: str | Iterable[str] | None) -> tuple[str, ...] | None:
    if returns is None:
        return None
    words = tuple(returns.replace(",", " ").split() if isinstance(returns, str) else returns)
    if not words or not {*words} <= {*PARTS}:
        raise ValueError(f"returns may name {', '.join(PARTS)}, not {returns!r}")
    return words


def _judgement(trial: Trial, verdicts: Verdicts, outcome: Outcome, tried: list[Case],
               notes: list[str]) -> Judgement:
    """All that is known, in words."""
    answered, parts = len(verdicts.returned), verdicts.seen
    good = [part for part in parts if part not in verdicts.faults]
    right = not verdicts.faults and answered > 0 and bool(parts)
    head = f"{named(trial.function)}: "
    if right:
        head += f"right. {_listed(parts)} agree{'s' if len(parts) == 1 else ''} with the " \
                f"definition in all {answered} cases."
    else:
        head += f"wrong. {_listed(good)} {'is' if len(good) == 1 else 'are'} right in all " \
                f"{answered} cases." if good else "wrong."
    missing = [what for what in trial.layer.neutral if what not in trial.interface.options]
    if len(verdicts.died) + len(verdicts.answers) < len(tried) and verdicts.died:
        notes.append(f"{answered} of {len(tried)} cases were answered before it was given up.")
    notes += [f"Not tried: {what}." for what in verdicts.not_taken]
    if missing:
        notes.append(f"Not tried: {', '.join(missing)}; the function takes no such argument.")
    absent = [part for part in next(iter(verdicts.right.values()), {}) if part not in parts]
    if absent and parts:
        notes.append(f"Not judged: {', '.join(absent)}; it was not returned.")
    if verdicts.order and len(verdicts.order) > 1 and verdicts.order != ("dx", "dw", "db"):
        notes.append(f"What it returned was read as ({', '.join(verdicts.order)}).")
    if outcome.printed:
        notes.append(f"It printed: {' '.join(outcome.printed.split())[:200]}")
    example: dict[str, Any] = {}
    if verdicts.first is not None:
        case = tried[0] if not tried else verdicts.cases[verdicts.first]
        example = {name: trial.layout.turn(name, a) for name, a in case.arrays.items()}
        example["options"] = dict(case.options)
    text = "\n\n".join([head, *verdicts.faults.values(), *(["\n".join(notes)] if notes else [])])
    return Judgement(right, verdicts.mistakes, verdicts.faults, answered, example, text)


def _listed(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
