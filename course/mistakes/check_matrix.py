"""The mistake lab: which check notices which wrong gradient, computed.

A check here is a function (backward, kind) -> True if it notices that `backward` is wrong, False
if it lets it pass, None if it does not apply. `kind` is "conv" or "relu", what backward replaces.
"""

from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np

from convlib.activations import relu, relu_backward
from convlib.checks import numerical_gradient
from convlib.conv import Gradients, conv2d, conv2d_backward
from convlib.geometry import Geometry
from convlib.kernel_map import kernel_map
from course.mistakes.catalogue import MISTAKES

GENERIC = (  # x, w, options: no two sizes alike, every option on somewhere
    ((1, 4, 4, 5), (4, 2, 2, 3), {"groups": 2, "padding": ((1, 2), (2, 1)), "dilation": (3, 2)}),
    ((2, 2, 5, 6), (3, 2, 2, 3), {"stride": (2, 3)}),
    ((4, 5), (2, 3), {}),
)
UNPADDED = GENERIC[1:]
SQUARE = (((5, 5), (3, 3), {}),)


class Problem(NamedTuple):
    """y = forward(inputs) at one point, prices dy, and the gradients to be checked."""

    inputs: dict
    forward: object
    dy: np.ndarray
    gradients: dict
    right: dict  # by another implementation: the table of products, or the slope of ReLU


def problems(backward, kind, *, cases=GENERIC, symmetric=False, ones=False, seed=0):
    """The points at which a check asks; the numbers are small integers, so sums are exact."""
    rng = np.random.default_rng(seed)
    for x_shape, w_shape, options in cases:
        x = 2 * rng.integers(1, 5, x_shape) * rng.choice([-1, 1], x_shape)  # a step of 1 stays
        if kind == "relu":  # on the same side of 0
            dy = np.ones_like(x) if ones else rng.integers(1, 10, x.shape)
            yield Problem({"x": x}, relu, dy, {"x": backward(dy, x)}, {"x": dy * (x > 0)})
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
                      dict(zip("xwb", backward(dy, x, w, **options), strict=True)),
                      dict(zip("xwb", right, strict=True)))


def _same_kernel_from_all_sides(shape):
    """1 everywhere, 2 in the second filter, 3 in the third: no flip can change it."""
    filters = 1 + np.arange(shape[0]) if len(shape) > 2 else np.array(1)
    return np.zeros(shape, int) + filters.reshape(-1, *(1,) * (len(shape) - 1))


def _differs(found, right, tolerance=0.0):
    found, right = np.asarray(found), np.asarray(right)
    if found.shape != right.shape:
        return True
    # not "greater": a gradient of nan is nowhere near the right one
    return not np.abs(found - right).max(initial=0) <= tolerance * np.abs(right).max(initial=0)


def _any(backward, kind, notices, **settings):
    return any(notices(problem, name) for problem in problems(backward, kind, **settings)
               for name in problem.inputs)


def second_implementation(backward, kind, **settings):
    """Compare every entry with another implementation, at unequal sizes and with every option."""
    return _any(backward, kind, lambda p, n: _differs(p.gradients[n], p.right[n]), **settings)


def dy_of_ones(backward, kind):
    """The same with all prices 1, as in y.sum().backward()."""
    return second_implementation(backward, kind, ones=True)


def symmetric_kernel(backward, kind):
    """The same with a kernel that looks alike from all sides."""
    return None if kind == "relu" else second_implementation(backward, kind, symmetric=True)


def square_and_plain(backward, kind):
    """The same on a square image with a square kernel, one channel, no options."""
    return second_implementation(backward, kind, cases=SQUARE)


def ones_inside(backward, kind):
    """All prices 1, and dx is looked at away from the border, where every tap reaches."""
    def notices(p, n):
        found, right = np.asarray(p.gradients[n]), np.asarray(p.right[n])
        if n != "x" or kind == "relu" or found.shape != right.shape:
            return _differs(found, right)
        inside = (..., *(slice(r - 1, 1 - r) for r in p.inputs["w"].shape[-2:]))
        return _differs(found[inside], right[inside])

    return _any(backward, kind, notices, ones=True, cases=GENERIC[2:])


def mean_of_gradient(backward, kind):
    """Compare only the mean of each gradient, without padding."""
    def mean(gradient):
        return np.mean(gradient) if np.size(gradient) else 0.0

    return _any(backward, kind, lambda p, n: _differs(mean(p.gradients[n]), mean(p.right[n]), 1e-9),
                cases=UNPADDED)


def shapes(backward, kind):
    """Compare only the shapes: a gradient has the shape of what it belongs to."""
    return _any(backward, kind, lambda p, n: np.shape(p.gradients[n]) != p.inputs[n].shape)


def _nudged(problem, name, eps):
    others = {n: a for n, a in problem.inputs.items() if n != name}
    return numerical_gradient(
        lambda a: (problem.dy * problem.forward(**others, **{name: a})).sum(),
        problem.inputs[name], eps=eps)


def differences_usual(backward, kind):
    """Finite differences with the step 1e-5, accepted up to a relative error of 1e-2."""
    return _any(backward, kind, lambda p, n: _differs(p.gradients[n], _nudged(p, n, 1e-5), 1e-2))


def differences_exact(backward, kind):
    """Finite differences with the step 1, up to 1e-10: the loss is linear in each input."""
    return _any(backward, kind, lambda p, n: _differs(p.gradients[n], _nudged(p, n, 1), 1e-10))


def adjoint_identity(backward, kind):
    """<dy, y> = <dx, x> = <dw, w> without the bias, = <db, b> with it alone: one number each."""
    def notices(p, n):
        if np.shape(p.gradients[n]) != p.inputs[n].shape:
            return True
        without = {"x"} if n == "b" else {"b"}  # what is left of y is linear in the input n
        y = p.forward(**{m: 0 * a if m in without else a for m, a in p.inputs.items()})
        left, right = (p.dy * y).sum(), (p.gradients[n] * p.inputs[n]).sum()
        return not abs(left - right) <= 1e-9 * abs(left)

    return _any(backward, kind, notices)


CHECKS = {f.__name__: f for f in (
    shapes, mean_of_gradient, ones_inside, dy_of_ones, symmetric_kernel, square_and_plain,
    differences_usual, adjoint_identity, differences_exact, second_implementation)}
RIGHT_CHECKS = ("differences_exact", "second_implementation")  # each alone notices every mistake
RIGHT = {"conv": conv2d_backward, "relu": relu_backward}


@dataclass(frozen=True)
class Verdicts:
    """noticed[mistake][check]: True, False, or None. Shows as a table."""

    noticed: dict

    def missed_by(self, check):
        return [name for name, row in self.noticed.items() if row[check] is False]

    def __repr__(self):
        checks = list(next(iter(self.noticed.values())))
        lines = [f"{n}  {check.replace('_', ' ')}: {CHECKS[check].__doc__.splitlines()[0]}"
                 for n, check in enumerate(checks, 1)]
        lines += ["", f"{'':22}" + "".join(f"{n:>4}" for n in range(1, len(checks) + 1))]
        for name, row in self.noticed.items():
            marks = "".join(f"{_mark(row[check]):>4}" for check in checks)
            lines.append(f"{name:22}{marks}")
        return "\n".join([*lines, "", "x is noticed, . passes unnoticed, - does not apply"])


    def _repr_html_(self):
        checks = [check.replace("_", " ") for check in next(iter(self.noticed.values()))]
        head = "".join(f"<th scope='col'>{check}</th>" for check in checks)
        rows = "".join(
            f"<tr><th scope='row' style='white-space:nowrap'>{name.replace('_', ' ')}</th>"
            + "".join(f"<td style='text-align:center'>{SIGNS[noticed]}</td>"
                      for noticed in row.values()) + "</tr>"
            for name, row in self.noticed.items())
        return ("<div style='overflow-x:auto; font-size:0.8em'><table>"
                "<caption style='color:inherit'>Which check notices which mistake: "
                "✓ noticed, · passes</caption><thead><tr>"
                f"<th scope='col'>mistake</th>{head}</tr></thead>"
                f"<tbody>{rows}</tbody></table></div>")


SIGNS = {True: "✓", False: "·", None: "n/a"}


def _mark(noticed):
    return {True: "x", False: ".", None: "-"}[noticed]


def verdicts(names=None, checks=None):
    """Try every check on every mistake. A check that rejects the right gradient raises."""
    for check, kind in product(checks or CHECKS, RIGHT):
        assert not CHECKS[check](RIGHT[kind], kind), f"{check} rejects what is right"
    return Verdicts({name: {check: CHECKS[check](MISTAKES[name], MISTAKES[name].replaces)
                            for check in checks or CHECKS} for name in names or MISTAKES})
