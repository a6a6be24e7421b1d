"""The mistake lab: which check notices which wrong gradient, computed.

A check here is a function (backward, kind) -> True if it notices that `backward` is wrong, False
if it lets it pass, None if it does not apply. `kind` is "conv" or "relu", what backward replaces.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlib.activations import relu, relu_backward
from convlib.checks import numerical_gradient
from convlib.conv import Gradients, conv2d, conv2d_backward
from convlib.geometry import Geometry
from convlib.html_table import html_table
from convlib.kernel_map import kernel_map
from course.mistakes.catalogue import MISTAKES

Array = NDArray[Any]
Backward = Callable[..., Any]  # conv2d_backward, relu_backward, or a wrong one in their place
Cases = tuple[tuple[tuple[int, ...], tuple[int, ...], dict[str, Any]], ...]
GENERIC: Cases = (  # x, w, options: no two sizes alike, every option on somewhere
    ((1, 4, 4, 5), (4, 2, 2, 3), {"groups": 2, "padding": ((1, 2), (2, 1)), "dilation": (3, 2)}),
    ((2, 2, 5, 6), (3, 2, 2, 3), {"stride": (2, 3)}),
    ((4, 5), (2, 3), {}),
)
UNPADDED, PLAIN = GENERIC[1:], GENERIC[2:]
SQUARE: Cases = (((5, 5), (3, 3), {}),)


class Problem(NamedTuple):
    """y = forward(inputs) at one point, prices dy, and the gradients to be checked."""

    inputs: dict[str, Array]
    forward: Callable[..., Array]
    dy: Array
    gradients: dict[str, Array]
    right: dict[str, Array]  # by another implementation: the kernel map, or the slope of ReLU


def problems(backward: Backward, kind: str, *, cases: Cases = GENERIC, symmetric: bool = False,
             ones: bool = False, seed: int = 0) -> Iterator[Problem]:
    """The points at which a check asks; the numbers are small integers, so sums are exact.

    Parameters
    ----------
    backward : callable
        What is to be checked.
    kind : str
        "conv" or "relu", what it replaces.
    cases : tuple
        (shape of x, shape of w, options) of each point.
    symmetric, ones : bool
        Whether the kernel looks alike from all sides, and whether every price in dy is 1.
    seed : int
        Of the random numbers.
    """
    rng = np.random.default_rng(seed)
    for x_shape, w_shape, options in cases:
        x = 2 * rng.integers(1, 5, x_shape) * rng.choice([-1, 1], x_shape)  # a step of 1 stays
        if kind == "relu":  # on the same side of 0
            dy = np.ones_like(x) if ones else rng.integers(1, 10, x.shape)
            yield Problem({"x": x}, relu, dy, {"x": np.asarray(backward(dy, x))},
                          {"x": dy * (x > 0)})
            continue
        w = _same_kernel_from_all_sides(w_shape) if symmetric else rng.integers(1, 10, w_shape)
        b = rng.integers(1, 10, w_shape[:1] if w.ndim > 2 else ())
        y_shape = Geometry.of(x_shape, w_shape, **options).y_shape
        dy = np.ones(y_shape, int) if ones else rng.integers(1, 10, y_shape)
        table = kernel_map(x_shape, w_shape, **options)
        places = tuple(a for a in range(dy.ndim) if w.ndim == 2 or a != dy.ndim - 3)
        right = Gradients(table.grad_x(dy, w), table.grad_w(dy, x), dy.sum(axis=places))
        yield Problem({"x": x, "w": w, "b": b},
                      lambda x, w, b, options=options: conv2d(x, w, b, **options), dy,
                      *(dict(zip("xwb", map(np.asarray, gradients), strict=True))
                        for gradients in (backward(dy, x, w, **options), right)))


def _same_kernel_from_all_sides(shape: tuple[int, ...]) -> Array:
    """1 everywhere, 2 in the second filter, 3 in the third: no flip can change it."""
    filters = 1 + np.arange(shape[0]) if len(shape) > 2 else np.array(1)
    return np.zeros(shape, int) + filters.reshape(-1, *(1,) * (len(shape) - 1))


def _differs(gradient: Array, right: Array, tolerance: float = 0.0) -> bool:
    if gradient.shape != right.shape:
        return True
    gap, size = (np.abs(a).max(initial=0) for a in (gradient - right, right))
    return not gap <= tolerance * size  # not "greater": nan is nowhere near the right one


def _any(backward: Backward, kind: str, notices: Callable[[Problem, str], bool],
         **settings: Any) -> bool:
    return any(notices(problem, name) for problem in problems(backward, kind, **settings)
               for name in problem.inputs)


def second_implementation(backward: Backward, kind: str, **settings: Any) -> bool:
    """Compare every entry with another implementation, at unequal sizes and with every option."""
    return _any(backward, kind, lambda p, n: _differs(p.gradients[n], p.right[n]), **settings)


def dy_of_ones(backward: Backward, kind: str) -> bool:
    """The same with all prices 1, as in y.sum().backward()."""
    return second_implementation(backward, kind, ones=True)


def symmetric_kernel(backward: Backward, kind: str) -> bool | None:
    """The same with a kernel that looks alike from all sides."""
    return None if kind == "relu" else second_implementation(backward, kind, symmetric=True)


def square_and_plain(backward: Backward, kind: str) -> bool:
    """The same on a square image with a square kernel, one channel, no options."""
    return second_implementation(backward, kind, cases=SQUARE)


def ones_inside(backward: Backward, kind: str) -> bool:
    """All prices 1, and dx is looked at away from the border, where every tap reaches."""
    def notices(p: Problem, n: str) -> bool:
        gradient, right = p.gradients[n], p.right[n]
        if n != "x" or kind == "relu" or gradient.shape != right.shape:
            return _differs(gradient, right)
        inside: Any = (..., *(slice(r - 1, 1 - r) for r in p.inputs["w"].shape[-2:]))
        return _differs(gradient[inside], right[inside])

    return _any(backward, kind, notices, ones=True, cases=PLAIN)


def mean_of_gradient(backward: Backward, kind: str) -> bool:
    """Compare only the mean of each gradient, without padding."""
    def mean(gradient: Array) -> Array:
        return np.asarray(gradient.mean() if gradient.size else 0.0)

    return _any(backward, kind, lambda p, n: _differs(mean(p.gradients[n]), mean(p.right[n]), 1e-9),
                cases=UNPADDED)


def shapes(backward: Backward, kind: str) -> bool:
    """Compare only the shapes: a gradient has the shape of what it belongs to."""
    return _any(backward, kind, lambda p, n: p.gradients[n].shape != p.inputs[n].shape)


def _nudged(problem: Problem, name: str, eps: float) -> Array:
    others = {n: a for n, a in problem.inputs.items() if n != name}
    return numerical_gradient(
        lambda a: (problem.dy * problem.forward(**others, **{name: a})).sum(),
        problem.inputs[name], eps=eps)


def differences_usual(backward: Backward, kind: str) -> bool:
    """Finite differences with the step 1e-5, accepted up to a relative error of 1e-2."""
    return _any(backward, kind, lambda p, n: _differs(p.gradients[n], _nudged(p, n, 1e-5), 1e-2))


def differences_exact(backward: Backward, kind: str) -> bool:
    """Finite differences with the step 1, up to 1e-10: the loss is linear in each input."""
    return _any(backward, kind, lambda p, n: _differs(p.gradients[n], _nudged(p, n, 1), 1e-10))


def adjoint_identity(backward: Backward, kind: str) -> bool:
    """<dy, y> = <dx, x> = <dw, w> without the bias, = <db, b> with it alone: one number each."""
    def notices(p: Problem, n: str) -> bool:
        if p.gradients[n].shape != p.inputs[n].shape:
            return True
        without = {"x"} if n == "b" else {"b"}  # what is left of y is linear in the input n
        y = p.forward(**{m: 0 * a if m in without else a for m, a in p.inputs.items()})
        left, right = (p.dy * y).sum(), (p.gradients[n] * p.inputs[n]).sum()
        return not abs(left - right) <= 1e-9 * abs(left)

    return _any(backward, kind, notices)


CHECKS: dict[str, Callable[[Backward, str], bool | None]] = {f.__name__: f for f in (
    shapes, mean_of_gradient, ones_inside, dy_of_ones, symmetric_kernel, square_and_plain,
    differences_usual, adjoint_identity, differences_exact, second_implementation)}
RIGHT_CHECKS = ("differences_exact", "second_implementation")  # each alone notices every mistake
RIGHT: dict[str, Backward] = {"conv": conv2d_backward, "relu": relu_backward}


@dataclass(frozen=True)
class Verdicts:
    """Which check notices which mistake. Shows as a table.

    Attributes
    ----------
    noticed : dict
        noticed[mistake][check]: True, False, or None where the check does not apply.
    """

    noticed: dict[str, dict[str, bool | None]]

    def missed_by(self, check: str) -> list[str]:
        """The mistakes that a check lets pass."""
        return [name for name, row in self.noticed.items() if row[check] is False]

    def _checks(self) -> list[str]:
        return list(next(iter(self.noticed.values())))

    def __repr__(self) -> str:
        marks = {True: "x", False: ".", None: "-"}
        lines = [f"{n}  {check.replace('_', ' ')}: {str(CHECKS[check].__doc__).splitlines()[0]}"
                 for n, check in enumerate(self._checks(), 1)]
        lines += ["", f"{'':22}" + "".join(f"{n:>4}" for n in range(1, len(lines) + 1))]
        lines += [f"{name:22}" + "".join(f"{marks[seen]:>4}" for seen in row.values())
                  for name, row in self.noticed.items()]
        return "\n".join([*lines, "", "x is noticed, . passes unnoticed, - does not apply"])

    def _repr_html_(self) -> str:
        signs = {True: "✓", False: "·", None: "n/a"}
        return html_table(
            "Which check notices which mistake: ✓ noticed, · passes",
            [name.replace("_", " ") for name in ("mistake", *self._checks())],
            ((name.replace("_", " "), *(signs[seen] for seen in row.values()))
             for name, row in self.noticed.items()), align="center", size="0.8em")


def verdicts(names: Iterable[str] | None = None, checks: Iterable[str] | None = None) -> Verdicts:
    """Try every check on every mistake.

    Parameters
    ----------
    names, checks : iterable of str
        Those of MISTAKES and of CHECKS; all of them if none are given.

    Returns
    -------
    Verdicts
        What each check says to each mistake.

    Raises
    ------
    AssertionError
        For a check that rejects the right gradient.
    """
    checks = tuple(checks or CHECKS)
    for check, kind in product(checks, RIGHT):
        assert not CHECKS[check](RIGHT[kind], kind), f"{check} rejects what is right"
    return Verdicts({name: {check: CHECKS[check](MISTAKES[name], MISTAKES[name].replaces)
                            for check in checks} for name in names or MISTAKES})
