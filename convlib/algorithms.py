"""The three sums of a convolution, computed tap by tap.

All rows of the kernel map that share a tap form a rectangle: a slice of y beside a strided slice
of x. So each sum is one line inside the same loop. Arrays are lifted (see Geometry.lift): x is
(N, groups, C/groups, H, W), w is (groups, K/groups, C/groups, R, S), y is
(N, groups, K/groups, P, Q); `@` sums over the axis that the result does not carry.
"""

import numpy as np

METHODS = ("auto", "direct")


def check_method(method):
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, not {method!r}")


@np.errstate(invalid="ignore")  # inf * 0 is nan, and nan is data
def direct_y(x, w, geometry):
    """y[out] += w[tap] x[inp], summed over input channels."""
    if geometry.padded and w.dtype.kind == "f" and not np.isfinite(w).all():
        x, geometry = geometry.pad(x), geometry.unpadded()  # inf * 0 is nan, as in PyTorch
    x, w = geometry.lift(x=x, w=w)
    n, g, k = x.shape[0], *w.shape[:2]
    y = np.zeros((n, g, k, *_space(geometry)), x.dtype)
    for tap, out, inp in geometry.taps():
        y[out] += _unflat(w[tap] @ _flat(x[inp]), y[out])
    return y.reshape(geometry.y_shape)


@np.errstate(invalid="ignore")  # inf * 0 is nan, and nan is data
def direct_dw(dy, x, geometry):
    """dw[tap] = dy[out] x[inp], summed over images and places."""
    dy, x = geometry.lift(y=dy, x=x)
    dw = np.zeros(geometry.w_shape, x.dtype)
    (lifted,) = geometry.lift(w=dw)
    for tap, out, inp in geometry.taps():
        lifted[tap] = (_flat(dy[out]) @ _flat(x[inp]).mT).sum(axis=0)
    return dw


@np.errstate(invalid="ignore")  # inf * 0 is nan, and nan is data
def direct_dx(dy, w, geometry):
    """dx[inp] += w[tap] dy[out], summed over filters: each output stamps w, unflipped."""
    dx = np.zeros(geometry.x_shape, dy.dtype)
    dy, w, lifted = geometry.lift(y=dy, w=w, x=dx)
    for tap, out, inp in geometry.taps():
        lifted[inp] += _unflat(w[tap].mT @ _flat(dy[out]), lifted[inp])
    return dx


def _space(geometry):
    space = tuple(a.out for a in geometry.axes)
    return (1,) * (2 - len(space)) + space


def _flat(a):
    return a.reshape(*a.shape[:-2], a.shape[-2] * a.shape[-1])


def _unflat(a, like):
    return a.reshape(like.shape)
