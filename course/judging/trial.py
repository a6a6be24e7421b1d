"""A function called in all cases, and what it gave put into words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from course.judging.calls import Trial, run_here
from course.judging.classes import as_function, is_class
from course.judging.interface import named, read_interface
from course.judging.judgement import Judgement
from course.judging.layers import LAYERS, Case, cases, cases_of_one_kernel
from course.judging.layouts import Layout
from course.judging.sandbox import Outcome, run_isolated
from course.judging.verdicts import Verdicts
from course.judging.weights import Own


@dataclass(frozen=True)
class Rules:
    """How a function is called and judged, whatever the axes are: the arguments of judge."""

    layer: str
    array: Callable[..., Any]
    arguments: str | Iterable[str] | None
    options: Mapping[str, str] | Iterable[str] | None
    returns: tuple[str, ...] | None
    seconds: float
    megabytes: int
    isolated: bool


def tried(backward: Any, rules: Rules, layout: Layout) -> tuple[Judgement, Verdicts]:
    """Call a function in all cases that it takes.

    Parameters
    ----------
    backward : callable or class
        The one under trial.
    rules : Rules
        How.
    layout : Layout
        The axes of its arrays.
    """
    layer, options = LAYERS[rules.layer], rules.options
    if is_class(backward):
        backward = as_function(backward, layer.neutral, layout, rules.array)
        options = backward.taken if options is None else options
    interface = read_interface(backward, layer, rules.arguments, options)
    trial = Trial(backward, layer, interface, layout, rules.array)
    own = getattr(backward, "own", None)
    every = _of_its_own(own, layout) if own else cases(rules.layer, layout.canonical[0])
    numbers = [n for n, case in enumerate(every)
               if own or {*case.options} - {"kernel_size"} <= {*interface.options}]
    calls = [partial(trial.call, every[n]) for n in numbers]
    notes = [_own_words(named(backward), *own)] if own else []
    outcome = Outcome(isolated=False)
    if rules.isolated:
        outcome = run_isolated(calls, rules.seconds, rules.megabytes)
    if not outcome.isolated:
        outcome = run_here(calls)
        notes.append("It ran in this process, without limits: an endless loop or a crash would "
                     "have stopped everything.")
    verdicts = Verdicts(trial, rules.layer, every, numbers, outcome, rules.returns)
    return _judgement(trial, verdicts, outcome, len(numbers), notes), verdicts


def _of_its_own(own: Own, layout: Layout) -> tuple[Case, ...]:
    """The cases that fit an object with a kernel of its own; none if these axes do not fit it."""
    shape, options = own
    if len(shape) != len(layout.w):
        return ()
    of = dict(zip(layout.w, shape, strict=True))
    try:
        return cases_of_one_kernel(tuple(of[axis] for axis in layout.canonical[1]),
                                   layout.canonical[0], options)
    except (ValueError, TypeError):  # such as groups that do not divide the filters
        return ()


def _own_words(name: str, shape: tuple[int, ...], options: tuple[tuple[str, Any], ...]) -> str:
    """What an object is tried with, and how the rest can be tried."""
    more = "".join(f", {what}={value}" for what, value in options)
    return (f"Tried: only kernels of the object's own shape, {shape}{more}. Not tried: all others, "
            f"for which judge takes the class {name}, or a function that builds the layer from w.")


def _judgement(trial: Trial, verdicts: Verdicts, outcome: Outcome, number: int,
               notes: list[str]) -> Judgement:
    """All that is known, in words."""
    answered, parts, faults = len(verdicts.returned), verdicts.seen, verdicts.faults
    good = [part for part in parts if part not in faults]
    right = not faults and answered > 0 and bool(parts)
    head = f"{named(trial.function)}: {'right' if right else 'wrong'}."
    if good:
        verb = "agrees" if len(good) == 1 else "agree"
        complete = answered == len(verdicts.answers) and not verdicts.died
        which = f"all {answered} cases" if complete else (
            f"the {answered} cases that were answered" if answered > 1 else
            "the only case that was answered")
        head += f" {listed(good)} {verb} with the definition in {which}."
    if verdicts.died and len(verdicts.died) + len(verdicts.answers) < number:
        notes.append(f"{answered} of {number} cases were answered before it was given up.")
    elif outcome.isolated and len(outcome.values) + len(outcome.died) < number:
        notes.append(f"Only {len(outcome.values)} of {number} cases could be tried in the time: "
                     "give a larger number of seconds.")
    notes += [f"Not tried: {what}." for what in verdicts.not_taken]
    missing = [what for what in trial.layer.neutral if what not in trial.interface.options]
    if missing and not getattr(trial.function, "own", None):
        every = len(verdicts.cases)
        notes.append(f"Not tried: {listed(missing)} ({every - number} of {every} cases); the "
                     "function takes no such argument.")
    absent = [part for part in next(iter(verdicts.right.values()), {}) if part not in parts]
    if absent and parts:
        notes.append(f"Not judged: {listed(absent)}; the function returns only {listed(parts)}.")
    if len(verdicts.order) > 1 and verdicts.order != ("dx", "dw", "db")[:len(verdicts.order)]:
        notes.append(f"What it returned was read as ({', '.join(verdicts.order)}).")
    if outcome.printed.strip():
        notes.append(f"It printed: {' '.join(outcome.printed.split())[:200]}")
    text = "\n\n".join([head, *faults.values(), *(["\n".join(notes)] if notes else [])])
    return Judgement(right, verdicts.mistakes, faults, answered, verdicts.example(), text)


def listed(words: list[str]) -> str:
    """dx, dw and db."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
