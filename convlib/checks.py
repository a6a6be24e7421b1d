"""Checks a gradient can fail: finite differences, the adjoint identity, agreement of routes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlib.conv import conv1d_backward, conv2d_backward
from convlib.operands import exact, expect_shape, operands, unmasked
from convlib.routes import ROUTES


def numerical_gradient(f: Callable[[NDArray[np.float64]], ArrayLike], x: ArrayLike, *,
                       eps: float = 1e-6) -> NDArray[np.float64]:
    """Central differences of a scalar function f at x.

    ::

        df/dx[i] = (f(x + eps e_i) - f(x - eps e_i)) / (2 eps)

    Exact up to rounding for every eps where f is linear in x, as a loss sum(dy*y) of a
    convolution is: there use eps=1.

    Parameters
    ----------
    f : callable
        Takes an array like x and returns one number.
    x : array_like
        The point, of any shape. f sees float64 copies of it; x is left as it was.
    eps : float
        How far each cell is moved, up and down.

    Returns
    -------
    NDArray
        float64, in the shape of x.

    Raises
    ------
    ValueError
        If eps is not positive or f does not return one number.
    """
    if not eps > 0:
        raise ValueError(f"eps must be positive, not {eps}")
    x = np.array(unmasked("x", x), dtype=np.float64)
    gradient = np.zeros_like(x)
    for cell in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[cell] += eps
        down[cell] -= eps
        gradient[cell] = (_number(f(up)) - _number(f(down))) / (up[cell] - down[cell])
    return gradient


def _number(value: ArrayLike) -> Any:
    if np.size(value) != 1:
        raise ValueError(f"f must return one number, not an array of shape {np.shape(value)}")
    return np.asarray(value).item()


def adjoint_gap(f: Callable[[Any], ArrayLike], f_adjoint: Callable[[Any], ArrayLike],
                x: ArrayLike, dy: ArrayLike) -> float:
    """How far f_adjoint is from being the adjoint of the linear map f, at one pair of points.

    ::

        | <dy, f(x)> - <f_adjoint(dy), x> | / scale

    scale is the larger of the sums of abs(dy f(x)) and abs(f_adjoint(dy) x), or 1 if both are 0, so
    the gap of a right adjoint is rounding error.

    Parameters
    ----------
    f, f_adjoint : callable
        The map from x to y, and the one from dy to dx.
    x, dy : array_like
        The points: x in the shape that f takes, dy in the shape of f(x).

    Returns
    -------
    float
        The gap, from 0 on.

    Raises
    ------
    ValueError
        If the shapes do not go together.
    """
    x, dy = unmasked("x", x), unmasked("dy", dy)
    y, dx = unmasked("f(x)", f(x)), unmasked("f_adjoint(dy)", f_adjoint(dy))
    expect_shape("f(x)", y, np.shape(dy), "dy")
    expect_shape("f_adjoint(dy)", dx, np.shape(x), "x")
    left, right = np.multiply(dy, y), np.multiply(dx, x)
    scale = max(np.abs(left).sum(), np.abs(right).sum()) or 1
    return float(abs(left.sum() - right.sum()) / scale)


@dataclass(frozen=True)
class Agreement:
    """The largest difference of each route from convlib, for dx and for dw. Shows as a table.

    Attributes
    ----------
    gaps : dict
        {route: (gap of dx, gap of dw)}.
    """

    gaps: dict[str, tuple[float, float]]

    @property
    def worst(self) -> float:
        """The largest gap of all; NaN if one of them is NaN."""
        return float(np.max(list(self.gaps.values())))  # unlike max(), it keeps nan

    def __repr__(self) -> str:
        lines = [f"{'route':<22}{'dx':>10}{'dw':>10}"]
        lines += [f"{route:<22}{dx:>10.3g}{dw:>10.3g}" for route, (dx, dw) in self.gaps.items()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><th scope='row'>{route}</th><td>{dx:.3g}</td><td>{dw:.3g}</td></tr>"
                       for route, (dx, dw) in self.gaps.items())
        return ("<table><caption>largest difference from convlib's gradient</caption>"
                "<thead><tr><th scope='col'>route</th><th scope='col'>dx</th>"
                f"<th scope='col'>dw</th></tr></thead><tbody>{rows}</tbody></table>")


DEFAULT_ROUTES = ("sympy", "kernel map", "flipped correlation", "matrix", "differences")


def agreement(dy: ArrayLike, x: ArrayLike, w: ArrayLike, *,
              routes: Sequence[str] = DEFAULT_ROUTES, **options: Any) -> Agreement:
    """The same two gradients by several routes, compared with conv1d_backward or conv2d_backward.

    Parameters
    ----------
    dy, x, w : array_like
        As in conv1d_backward or conv2d_backward; the rank of w decides which.
    routes : sequence of str
        Any of "sympy", "kernel map", "flipped correlation", "matrix", "differences" (a step
        of 1) and "pytorch" (where it is installed).
    **options
        stride, padding, dilation, groups.

    Returns
    -------
    Agreement
        The gaps of each route; with integers of any size every gap is exactly 0 ("pytorch"
        computes in float64).

    Raises
    ------
    ValueError
        For an unknown route; else as conv2d_backward does.
    """
    for route in routes:
        if route not in ROUTES:
            raise ValueError(f"routes must be among {', '.join(ROUTES)}, not {route!r}")
    dy, x, w = operands(dy=dy, x=x, w=w)
    terms = dy.size * w.size  # a loss has no more products, and a step of 1 makes none larger
    dy, x, w = exact(lambda dy, x, w: terms * dy * (x + 1) * (w + 1), dy, x, w)
    backward = conv1d_backward if w.ndim in (1, 3) else conv2d_backward
    right = backward(dy, x, w, **options)
    gaps = {}
    for route in routes:
        dx, dw = ROUTES[route](dy, x, w, **options)
        expect_shape(f"dx by {route}", dx, right.dx.shape, "dx")
        expect_shape(f"dw by {route}", dw, right.dw.shape, "dw")
        gaps[route] = _largest(dx - right.dx), _largest(dw - right.dw)
    return Agreement(gaps)


def _largest(difference: NDArray[Any]) -> float:
    return float(np.max(np.abs(difference), initial=0))
