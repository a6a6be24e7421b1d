"""Independent roads to the same two gradients, each a function (dy, x, w, **options) -> (dx, dw).

None of them calls the kernels of conv.py for the gradient that it computes, so each could disagree.
"""

import numpy as np

from convlib.conv import conv1d, conv2d
from convlib.geometry import Geometry
from convlib.kernel_map import kernel_map


def by_kernel_map(dy, x, w, **options):
    """Add up the rows of the table by tap and by input cell."""
    table = kernel_map(x.shape, w.shape, **options)
    return table.grad_x(dy, w), table.grad_w(dy, x)


def by_matrix(dy, x, w, **options):
    """Multiply dy by the transposes of the two matrices: vec(dx) = M_w.T vec(dy), dw likewise."""
    table = kernel_map(x.shape, w.shape, **options)
    dx, dw = table.filter_matrix(w).T @ dy.ravel(), table.image_matrix(x).T @ dy.ravel()
    return dx.reshape(x.shape), dw.reshape(w.shape)


def by_differences(dy, x, w, **options):
    """Nudge every cell of x and of w by 1; the loss is linear in each, so this is exact."""
    def loss(x, w):
        return (dy * _conv(x, w, **options)).sum()

    dx, dw = np.zeros_like(x), np.zeros_like(w)
    base = loss(x, w)
    for gradient, change in ((dx, lambda step: loss(x + step, w)),
                             (dw, lambda step: loss(x, w + step))):
        for cell in np.ndindex(gradient.shape):
            step = np.zeros_like(gradient)
            step[cell] = 1
            gradient[cell] = change(step) - base
    return dx, dw


def by_sympy(dy, x, w, **options):
    """Put letters into the forward pass, differentiate, put the numbers back."""
    from convlib.symbolic import evaluate, gradient, letters

    names = letters("x", x.shape), letters("w", w.shape)
    y = kernel_map(x.shape, w.shape, **options).forward(*names)
    loss = (y * dy.astype(object)).sum()
    numbers = {"x": x, "w": w}
    return tuple(evaluate(gradient(loss, of), numbers).astype(x.dtype) for of in names)


def by_flipped_correlation(dy, x, w, **options):
    """dx = padded dy correlated with the flipped w; dw = x correlated with dy (conv1d, conv2d)."""
    return flipped_correlation(dy, w, x.shape, **options), _correlate_with_dy(dy, x, w, **options)


def by_pytorch(dy, x, w, **options):
    """Ask PyTorch's autograd. Only where PyTorch is installed; no chapter needs it."""
    import torch
    from torch.nn import functional as F

    g = Geometry.of(x.shape, w.shape, **options)
    nd, rank = len(g.axes), len(g.axes) + 2
    tx, tw = (torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in (x, w))
    pads = [n for a in reversed(g.axes) for n in (a.before, a.after)]
    lifted = (F.pad(tx.reshape((1,) * (rank - x.ndim) + x.shape), pads),
              tw.reshape((1,) * (rank - w.ndim) + w.shape))
    settings = {"stride": [a.stride for a in g.axes], "dilation": [a.dilation for a in g.axes]}
    y = {1: F.conv1d, 2: F.conv2d}[nd](*lifted, groups=g.groups, **settings)
    y.reshape(dy.shape).backward(torch.tensor(dy, dtype=torch.float64))
    return tuple(t.grad.numpy().astype(x.dtype) for t in (tx, tw))


def flipped_correlation(dy, w, x_shape, **options):
    """dx by gathering: spread dy by the stride, pad it, correlate with w flipped on each axis.

        dx[i] = sum_r spread[i + r*dilation - (span-1-before)] w[R-1-r],   spread[p*stride] = dy[p]

    dy like y, w as in conv -> dx of x_shape. Channels and filters change places, unflipped.
    """
    g = Geometry.of(x_shape, w.shape, **options)
    nd = len(g.axes)
    space = [(a.out - 1) * a.stride + 1 for a in g.axes]
    spread = np.zeros((*dy.shape[:-nd], *space), dy.dtype)
    spread[(..., *(slice(None, None, a.stride) for a in g.axes))] = dy
    # less than no padding crops; at most all of it
    before = [max(a.span - 1 - a.before, -n) for a, n in zip(g.axes, space, strict=True)]
    # the length must come out as size; what a stride left over goes behind
    after = [a.size + a.span - 1 - n - b for a, n, b in zip(g.axes, space, before, strict=True)]
    cut = [slice(max(0, -b), n + min(0, a)) for n, b, a in zip(space, before, after, strict=True)]
    pads = [(max(0, b), max(0, a)) for b, a in zip(before, after, strict=True)]
    flipped = np.flip(w, axis=tuple(range(-nd, 0)))
    if g.has_channels:
        k, c = w.shape[:2]
        per_group = flipped.reshape(g.groups, k // g.groups, c, *w.shape[2:])
        flipped = per_group.swapaxes(1, 2).reshape(g.groups * c, k // g.groups, *w.shape[2:])
    dilation = tuple(a.dilation for a in g.axes)
    return _conv(spread[(..., *cut)], flipped, padding=pads, dilation=dilation, groups=g.groups)


def _correlate_with_dy(dy, x, w, **options):
    """dw[r] = sum_p dy[p] x[p*stride + r*dilation]: stride and dilation change places."""
    g = Geometry.of(x.shape, w.shape, **options)
    nd, channels = len(g.axes), g.has_channels
    pads = [(a.before, a.after) for a in g.axes]
    x = x.reshape((1,) * (nd + 2 - x.ndim) + x.shape)
    dy = dy.reshape((1,) * (nd + 2 - dy.ndim) + dy.shape)
    dw = np.zeros(w.shape if channels else (1, 1, *w.shape), w.dtype)
    strides, dilations = (tuple(getattr(a, n) for a in g.axes) for n in ("stride", "dilation"))
    for n, k, c in np.ndindex(len(x), *dw.shape[:2]):
        channel = k // (dw.shape[0] // g.groups) * dw.shape[1] + c
        window = _conv(x[n, channel], dy[n, k], padding=pads, stride=dilations, dilation=strides)
        dw[k, c] += window[tuple(slice(size) for size in w.shape[-nd:])]
    return dw.reshape(w.shape)


def _conv(x, w, **options):
    return (conv1d if w.ndim in (1, 3) else conv2d)(x, w, **options)


ROUTES = {
    "sympy": by_sympy,
    "kernel map": by_kernel_map,
    "flipped correlation": by_flipped_correlation,
    "matrix": by_matrix,
    "differences": by_differences,
    "pytorch": by_pytorch,
}
