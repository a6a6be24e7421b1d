"""Checks a gradient can fail: finite differences, the adjoint identity, agreement of routes."""

from dataclasses import dataclass

import numpy as np

from convlib.conv import conv1d_backward, conv2d_backward
from convlib.operands import expect_shape, operands


def numerical_gradient(f, x, *, eps=1e-6):
    """Central differences of a scalar function f at x.

        df/dx[i] = (f(x + eps e_i) - f(x - eps e_i)) / (2 eps)

    Exact up to rounding for every eps where f is linear in x, as a loss sum(dy*y) of a
    convolution is: there use eps=1. Works on a float64 copy of x; x is left as it was.
    Raises ValueError if eps is not positive or f does not return one number.
    """
    if not eps > 0:
        raise ValueError(f"eps must be positive, not {eps}")
    x = np.array(x, dtype=np.float64)
    gradient = np.zeros_like(x)
    for cell in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[cell] += eps
        down[cell] -= eps
        gradient[cell] = (_number(f(up)) - _number(f(down))) / (up[cell] - down[cell])
    return gradient


def _number(value):
    if np.size(value) != 1:
        raise ValueError(f"f must return one number, not an array of shape {np.shape(value)}")
    return np.asarray(value).item()


def adjoint_gap(f, f_adjoint, x, dy):
    """How far f_adjoint is from being the adjoint of the linear map f, at one pair of points.

        | <dy, f(x)> - <f_adjoint(dy), x> | / scale

    scale is the larger of the sums of |dy f(x)| and |f_adjoint(dy) x| (1 if both are 0), so the
    gap of a right adjoint is rounding error. Raises ValueError if the shapes do not go together.
    """
    y, dx = np.asarray(f(x)), np.asarray(f_adjoint(dy))
    expect_shape("f(x)", y, np.shape(dy), "dy")
    expect_shape("f_adjoint(dy)", dx, np.shape(x), "x")
    left, right = dy * y, dx * x
    scale = max(np.abs(left).sum(), np.abs(right).sum()) or 1
    return float(abs(left.sum() - right.sum()) / scale)


@dataclass(frozen=True)
class Agreement:
    """Largest |route - conv_backward| of each route, for dx and for dw. Shows as a table."""

    gaps: dict

    @property
    def worst(self):
        return float(np.max(list(self.gaps.values())))  # unlike max(), it keeps nan

    def __repr__(self):
        lines = [f"{'route':<22}{'dx':>10}{'dw':>10}"]
        lines += [f"{route:<22}{dx:>10.3g}{dw:>10.3g}" for route, (dx, dw) in self.gaps.items()]
        return "\n".join(lines)

    def _repr_html_(self):
        rows = "".join(f"<tr><th scope='row'>{route}</th><td>{dx:.3g}</td><td>{dw:.3g}</td></tr>"
                       for route, (dx, dw) in self.gaps.items())
        return ("<table><caption>largest difference from convlib's gradient</caption>"
                "<thead><tr><th scope='col'>route</th><th scope='col'>dx</th>"
                f"<th scope='col'>dw</th></tr></thead><tbody>{rows}</tbody></table>")


FIVE = ("sympy", "kernel map", "flipped correlation", "matrix", "differences")


def agreement(dy, x, w, *, routes=FIVE, **options):
    """The same two gradients by several routes, compared with conv1d_backward or conv2d_backward.

    routes: any of "sympy", "kernel map", "flipped correlation", "matrix", "differences" (a step
    of 1) and "pytorch" (where it is installed). options: stride, padding, dilation, groups.
    Returns an Agreement; with integers every gap is exactly 0.
    Raises ValueError for an unknown route, and as conv2d_backward does.
    """
    from convlib.routes import ROUTES

    for route in routes:
        if route not in ROUTES:
            raise ValueError(f"routes must be among {', '.join(ROUTES)}, not {route!r}")
    dy, x, w = operands(dy=dy, x=x, w=w)
    backward = conv1d_backward if w.ndim in (1, 3) else conv2d_backward
    right = backward(dy, x, w, **options)
    found = {route: ROUTES[route](dy, x, w, **options) for route in routes}
    for route, pair in found.items():
        for name, gradient, like in zip(("dx", "dw"), pair, right, strict=False):
            expect_shape(f"{name} by {route}", gradient, like.shape, name)
    return Agreement({route: (_largest(dx, right.dx), _largest(dw, right.dw))
                      for route, (dx, dw) in found.items()})


def _largest(a, b):
    return float(np.max(np.abs(a - b), initial=0))
