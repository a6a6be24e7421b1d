"""In which cases something goes wrong, in words: "where the stride is above 1"."""

from collections.abc import Callable, Collection, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from course.judging.layers import Case


def _any(case: Case, option: str, above: int) -> bool:
    return bool(np.max(case.options.get(option) or above) > above)


def _unequal(case: Case) -> bool:
    return any(isinstance(value, tuple) and len(set(value)) > 1
               for name, value in case.options.items() if name != "kernel_size")


def _window(case: Case) -> tuple[int, ...]:
    """The sizes of the kernel along the axes on which it slides."""
    if "w" not in case.arrays:
        return tuple(case.options.get("kernel_size", ()))
    shape = case.arrays["w"].shape
    return shape[2:] if len(shape) > 2 else shape


def _left_over(case: Case) -> bool:
    window = _window(case)
    stride, padding, dilation = (np.broadcast_to(case.options.get(name) or neutral, len(window))
                                 for name, neutral in (("stride", 1), ("padding", 0),
                                                       ("dilation", 1)))
    space = np.array(case.arrays["x"].shape[-len(window):]) if window else np.zeros(0, int)
    return bool(((space + 2 * padding - dilation * (np.array(window, int) - 1) - 1) % stride).any())


def _leading(case: Case, axis: int) -> int:
    """N or C of x, 1 where it has none."""
    sliding = len(_window(case)) or 2
    lead = case.arrays["x"].shape[:-sliding]
    return lead[axis] if len(lead) >= -axis else 1


def _output(case: Case) -> tuple[int, ...]:
    """The sizes of an output map."""
    return case.arrays["dy"].shape[-max(1, len(_window(case))):]


WHERE: dict[str, Callable[[Case], bool]] = {
    "the stride is above 1": lambda c: _any(c, "stride", 1),
    "there is padding": lambda c: _any(c, "padding", 0),
    "the dilation is above 1": lambda c: _any(c, "dilation", 1),
    "there are several groups": lambda c: _any(c, "groups", 1),
    "there is no padding": lambda c: not _any(c, "padding", 0),
    "there are leftover inputs": lambda c: _any(c, "stride", 1) and _left_over(c),
    "there are several channels": lambda c: _leading(c, -1) > 1,
    "there are several images": lambda c: _leading(c, -2) > 1,
    "there are several filters": lambda c: c.arrays.get("w", np.zeros(1)).ndim > 2
    and len(c.arrays["w"]) > 1,
    "the kernel has more than one cell": lambda c: bool(np.prod(_window(c), dtype=int) > 1),
    "the kernel has several rows": lambda c: len(_window(c)) > 1 and _window(c)[0] > 1,
    "the kernel has several columns": lambda c: bool(_window(c)) and _window(c)[-1] > 1,
    "the output is wider than it is high": lambda c: _output(c)[0] < _output(c)[-1],
    "the output is higher than it is wide": lambda c: _output(c)[0] > _output(c)[-1],
    "the output is not square": lambda c: len(set(_output(c))) > 1,
    "the kernel is not square": lambda c: len(set(_window(c))) > 1,
    "an option differs between height and width": _unequal,
    "the output has more than one cell": lambda c: bool(np.prod(_output(c)) > 1),
}


def where(wrong: Collection[int], tried: Sequence[int], cases: Sequence[Case]) -> str:
    """The circumstance, or the two together, under which it goes wrong; "" if there is none.

    Parameters
    ----------
    wrong : collection of int
        Numbers of the cases that went wrong.
    tried : sequence of int
        Numbers of all that were tried.
    cases : sequence of Case
        All of them.
    """
    if len(wrong) == len(tried):
        return "in every case"
    holds = {words: {n for n in tried if test(cases[n])} for words, test in WHERE.items()}
    wrong = set(wrong)
    for words, numbers in holds.items():
        if numbers == wrong:
            return f"exactly where {words}"
    for (one, some), (other, more) in combinations(holds.items(), 2):
        if some & more == wrong and len(wrong) > 1:
            return f"exactly where {one} and {other}"
        if some | more == wrong:
            return f"exactly where {one} or {other}"
    around = [(len(numbers), words) for words, numbers in holds.items()
              if wrong <= numbers and len(numbers) < min(len(tried), 2 * len(wrong))]
    if around:
        number, words = min(around, key=lambda pair: pair[0])
        return f"only where {words} (in {len(wrong)} of {number} such cases)"
    return ""


def counted(wrong: Collection[int], tried: Sequence[int], cases: Sequence[Case]) -> str:
    """In how many of the cases it goes wrong, and in which; the arguments are those of where."""
    if len(wrong) == len(tried) > 1:
        return f"in {'both' if len(tried) == 2 else f'all {len(tried)}'} cases"
    words = where(wrong, tried, cases) if len(wrong) < len(tried) else ""
    return f"in {len(wrong)} of {len(tried)} cases{f', {words}' if words else ''}"


def described(case: Case, turn: Callable[[str, Any], Any]) -> str:
    """The shapes and options of a case, as the function under trial has them."""
    shapes = [f"{name} {turn(name, case.arrays[name]).shape}" for name in ("x", "w", "dy")
              if name in case.arrays]
    return ", ".join(shapes + [f"{name}={value}" for name, value in case.options.items()])
