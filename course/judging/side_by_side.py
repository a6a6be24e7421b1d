"""compare: one call of a backward function next to the right gradients."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from course.judging.calls import Answer, Trial
from course.judging.classes import as_function, is_class
from course.judging.comparison import same, wrong_cells
from course.judging.interface import NAMES, named, read_interface
from course.judging.layers import LAYERS, conv_case
from course.judging.layouts import INPUTS, KERNELS, Layout
from course.judging.returned import by_name, part_names

CONV = LAYERS["conv"]
Shape = tuple[int, ...]
LAST = 'if its channels come last, say layout="NHWC" and kernel="HWIO"'


def compare(backward: Any, x: Shape, w: Shape, *, layout: str | None = None,
            kernel: str | None = None, array: Callable[..., Any] = np.asarray,
            **options: Any) -> None:
    """Say which gradients of a backward pass are wrong for a case, and where the first entry is.

    Parameters
    ----------
    backward : callable, class or object
        Whatever judge takes, called in the same way: dy, x and w by their names or in this order,
        and every option that it takes, so that a default of its own plays no part.
    x, w : tuple of int
        Shapes with as many axes as the function takes, in its own order; the numbers are drawn.
    layout, kernel : str, optional
        The order of the axes, as for judge: "NHWC" and "HWIO". Without them channels come first.
    array : callable
        Makes the arrays that the function takes, such as torch.tensor.
    **options
        As for conv2d, such as ``stride=(1, 3)``, or by the name that the function has for it.

    Raises
    ------
    ValueError
        For an option that the function does not take, a kernel that an object cannot hold, and
        if the function raises.
    """
    axes = _axes(x, w, layout, kernel)
    own = None
    if is_class(backward):
        backward = as_function(backward, CONV.neutral, axes, array)
        own = backward.own
        interface = read_interface(backward, CONV, None, backward.taken)
    else:
        interface = read_interface(backward, CONV, None, None)
    settled = _settled(named(backward), interface.options, own, w, options)
    try:
        case = conv_case(_ordered(x, axes.x, axes.canonical[0]),
                         _ordered(w, axes.w, axes.canonical[1]), settled, np.random.default_rng(0))
    except ValueError as error:
        raise ValueError(f"{error}{'' if layout else f'. Or {LAST}'}") from None
    answer = Trial(backward, CONV, interface, axes, array).call(case)
    if answer.raised:
        raise ValueError(_needs(named(backward), answer, x, w, layout))
    right = {part: axes.turn(part, np.asarray(value)) for part, value in case.right.items()}
    parts = by_name(answer.parts, part_names([(answer.parts, right)], None))
    for part in right:
        print(f"{part}: {_verdict(parts.get(part), right[part])}")


def _axes(x: Shape, w: Shape, layout: str | None, kernel: str | None) -> Layout:
    """The layout that was said, or the one whose numbers of axes fit, channels first."""
    if layout is None:
        layout = next((ours for ours, theirs in zip(INPUTS, KERNELS, strict=True)
                       if (len(ours), len(theirs)) == (len(x), len(w))), None)
    axes = None if layout is None else Layout.read(layout, kernel)
    if axes is None or (len(axes.x), len(axes.w)) != (len(x), len(w)):
        raise ValueError(f"x {tuple(x)} and w {tuple(w)} do not have the axes of a convolution"
                         f"{f' with layout={layout!r}' if layout else ''}: for images give x four "
                         "axes, (N, C, H, W), and w four, (K, C, R, S)")
    return axes


def _settled(name: str, taken: Mapping[str, str], own: Any, w: Shape, options: Mapping[str, Any]
             ) -> dict[str, Any]:
    """The options by the book's names, with those that an object holds."""
    settled: dict[str, Any] = dict(own[1]) if own else {}
    if own and own[0] != tuple(w):
        raise ValueError(f"this {name} holds a kernel of shape {own[0]}, and w is {tuple(w)}: give "
                         f"w={own[0]}, or the class {name}")
    for given, value in options.items():
        what = next((what for what in CONV.neutral if given in (taken.get(what), what)
                     or given in NAMES[what].split()), None)
        if what is None:
            raise ValueError(f"options are {', '.join(CONV.neutral)}, not {given!r}")
        if what not in taken and value != settled.get(what, CONV.neutral[what]):
            raise ValueError(f"{name} takes no {what}, so it cannot be compared with {given}="
                             f"{value}")
        settled[what] = value
    return settled


def _ordered(shape: Shape, theirs: str, ours: str) -> Shape:
    """The sizes in the order of the book."""
    return tuple(shape[theirs.index(axis)] for axis in ours)


def _verdict(found: Any, right: Any) -> str:
    """What is wrong with one gradient."""
    if found is None:
        return "not returned"
    if found.shape != right.shape:
        return f"shape {found.shape}, and should be {right.shape}"
    if same(found, right):
        return "right"
    wrong = np.argwhere(wrong_cells(found, right))
    where = ", ".join(map(str, wrong[0]))
    return f"{len(wrong)} of {right.size} entries are wrong, the first at [{where}]"


def _needs(name: str, answer: Answer, x: Shape, w: Shape, layout: str | None) -> str:
    """Why there is nothing to compare, and what the function may need."""
    cure = "" if layout else LAST
    if len(x) < 4:
        one = (1,) * (4 - len(x))
        cure = f"if it takes four axes, give x={(*one, *x)} and w={(*(1,) * (4 - len(w)), *w)}"
    return (f"{name} gave no gradients for x {tuple(x)} and w {tuple(w)}: {answer.raised}"
            f"{f'; {cure}' if cure else ''}{answer.line and f'. {answer.line}'}")
