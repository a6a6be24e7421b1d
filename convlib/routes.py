"""Independent routes to the same two gradients: each takes dy, x, w, options and gives (dx, dw).

dy, x and w are arrays of one dtype, shaped as in conv1d_backward or conv2d_backward; the options
are those of kernel_map. No route calls the kernels of conv.py for the gradient that it computes,
so each could disagree.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from convlib.conv import conv1d, conv2d
from convlib.geometry import Geometry
from convlib.kernel_map import kernel_map
from convlib.operands import Array

Route = Callable[..., tuple[Array, Array]]


def by_kernel_map(dy: Array, x: Array, w: Array, **options: Any) -> tuple[Array, Array]:
    """Add up the rows of the table by tap and by input cell."""
    table = kernel_map(x.shape, w.shape, **options)
    return table.grad_x(dy, w), table.grad_w(dy, x)


def by_matrix(dy: Array, x: Array, w: Array, **options: Any) -> tuple[Array, Array]:
    """Multiply dy by the transposes of the two matrices: vec(dx) = M_w.T vec(dy), dw likewise."""
    table = kernel_map(x.shape, w.shape, **options)
    dx, dw = table.filter_matrix(w).T @ dy.ravel(), table.image_matrix(x).T @ dy.ravel()
    return dx.reshape(x.shape), dw.reshape(w.shape)


def by_differences(dy: Array, x: Array, w: Array, **options: Any) -> tuple[Array, Array]:
    """Move every cell of x and of w by 1; the loss is linear in each, so this is exact."""
    def loss(x: Array, w: Array) -> Any:
        return (dy * _conv(x, w, **options)).sum()

    return _slopes(lambda x: loss(x, w), x), _slopes(lambda w: loss(x, w), w)


def by_sympy(dy: Array, x: Array, w: Array, **options: Any) -> tuple[Array, Array]:
    """Put symbols into the forward pass, differentiate, put the numbers back."""
    from convlib.symbolic import evaluate, gradient, symbols

    names = symbols("x", x.shape), symbols("w", w.shape)
    y = kernel_map(x.shape, w.shape, **options).forward(*names)
    loss = (y * dy.astype(object)).sum()
    numbers = {"x": x, "w": w}
    dx, dw = (evaluate(gradient(loss, of), numbers).astype(x.dtype) for of in names)
    return dx, dw


def by_flipped_correlation(dy: Array, x: Array, w: Array, **options: Any) -> tuple[Array, Array]:
    """dx = padded dy correlated with the flipped w; dw = x correlated with dy (conv1d, conv2d)."""
    return flipped_correlation(dy, w, x.shape, **options), _correlate_with_dy(dy, x, w, **options)


def by_pytorch(dy: Array, x: Array, w: Array, **options: Any) -> tuple[Array, Array]:
    """Ask PyTorch's autograd. Only where PyTorch is installed; no chapter needs it."""
    import torch
    from torch.nn import functional as F

    g = Geometry.of(x.shape, w.shape, **options)
    nd, rank = len(g.axes), len(g.axes) + 2
    tdy, tx, tw = (torch.tensor(a.astype(float), requires_grad=True) for a in (dy, x, w))
    pads = [n for a in reversed(g.axes) for n in (a.before, a.after)]
    lifted = (F.pad(tx.reshape((1,) * (rank - x.ndim) + x.shape), pads),
              tw.reshape((1,) * (rank - w.ndim) + w.shape))
    settings = {"stride": [a.stride for a in g.axes], "dilation": [a.dilation for a in g.axes]}
    y = {1: F.conv1d, 2: F.conv2d}[nd](*lifted, groups=g.groups, **settings)
    y.reshape(dy.shape).backward(tdy)
    dx, dw = (t.grad.numpy().astype(x.dtype) for t in (tx, tw))
    return dx, dw


def flipped_correlation(dy: Array, w: Array, x_shape: Sequence[int], **options: Any) -> Array:
    """dx by gathering: spread dy by the stride, pad it, correlate with w flipped on each axis.

    ::

        dx[i] = sum_r spread[i + r*dilation - (span-1-before)] w[R-1-r],   spread[p*stride] = dy[p]

    Channels and filters change places and are not flipped.

    Parameters
    ----------
    dy, w : NDArray
        dy like y, w as in conv1d or conv2d.
    x_shape : sequence of int
        The shape of x.
    **options
        As in kernel_map.

    Returns
    -------
    NDArray
        dx, of shape x_shape.
    """
    g = Geometry.of(x_shape, w.shape, **options)
    nd = len(g.axes)
    space = [(a.out - 1) * a.stride + 1 for a in g.axes]
    spread = np.zeros((*dy.shape[:-nd], *space), dy.dtype)
    steps: list[Any] = [slice(None, None, a.stride) for a in g.axes]
    spread[..., *steps] = dy
    # less than no padding crops; at most all of it
    before = [max(a.span - 1 - a.before, -n) for a, n in zip(g.axes, space, strict=True)]
    # the length must come out as size; what a stride left over goes at the end
    after = [a.size + a.span - 1 - n - b for a, n, b in zip(g.axes, space, before, strict=True)]
    cut: list[Any] = [slice(max(0, -b), n + min(0, a))
                      for n, b, a in zip(space, before, after, strict=True)]
    pads = [(max(0, b), max(0, a)) for b, a in zip(before, after, strict=True)]
    flipped = np.flip(w, axis=tuple(range(-nd, 0)))
    if g.has_channels:
        k, c = w.shape[:2]
        per_group = flipped.reshape(g.groups, k // g.groups, c, *w.shape[2:])
        flipped = per_group.swapaxes(1, 2).reshape(g.groups * c, k // g.groups, *w.shape[2:])
    dilation = tuple(a.dilation for a in g.axes)
    return _conv(spread[..., *cut], flipped, padding=pads, dilation=dilation, groups=g.groups)


def _correlate_with_dy(dy: Array, x: Array, w: Array, **options: Any) -> Array:
    """dw[r] = sum_p dy[p] x[p*stride + r*dilation]: stride and dilation change places."""
    g = Geometry.of(x.shape, w.shape, **options)
    nd, channels = len(g.axes), g.has_channels
    pads = [(a.before, a.after) for a in g.axes]
    x = x.reshape((1,) * (nd + 2 - x.ndim) + x.shape)
    dy = dy.reshape((1,) * (nd + 2 - dy.ndim) + dy.shape)
    dw: Array = np.zeros(w.shape if channels else (1, 1, *w.shape), w.dtype)
    strides, dilations = (tuple(getattr(a, n) for a in g.axes) for n in ("stride", "dilation"))
    for n, k, c in np.ndindex(len(x), *dw.shape[:2]):
        channel = k // (dw.shape[0] // g.groups) * dw.shape[1] + c
        window = _conv(x[n, channel], dy[n, k], padding=pads, stride=dilations, dilation=strides)
        dw[k, c] += window[tuple(slice(size) for size in w.shape[-nd:])]
    return dw.reshape(w.shape)


def _slopes(f: Callable[[Array], Any], at: Array) -> Array:
    """What f gains when one cell of its argument grows by 1, for each cell."""
    slopes, base = np.zeros_like(at), f(at)
    for cell in np.ndindex(at.shape):
        step = np.zeros_like(at)
        step[cell] = 1
        slopes[cell] = f(at + step) - base
    return slopes


def _conv(x: Array, w: Array, **options: Any) -> Array:
    return (conv1d if w.ndim in (1, 3) else conv2d)(x, w, **options)


ROUTES: dict[str, Route] = {
    "sympy": by_sympy,
    "kernel map": by_kernel_map,
    "flipped correlation": by_flipped_correlation,
    "matrix": by_matrix,
    "differences": by_differences,
    "pytorch": by_pytorch,
}
