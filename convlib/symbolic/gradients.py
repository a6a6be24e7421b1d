"""The two gradients proved for every size.

A sum over the table of products is written with symbolic limits, ::

    L = sum_{p,r} dy[p] w[r] x[p*stride + r*dilation - padding],

and differentiated cell by cell. SymPy turns d x[n] / d x[i] into KroneckerDelta(i, n): the
indicator that says which rows of the table the cell i takes part in.
"""

from typing import TypeAlias

import sympy as sp

from convlib.symbolic.notation import (
    C,
    K,
    P,
    Q,
    R,
    S,
    a,
    b,
    c,
    channel,
    dy,
    e,
    filter_,
    g,
    gcd,
    group,
    groups,
    i,
    j,
    k,
    m,
    n,
    p,
    padding,
    q,
    r,
    s,
    stride,
    t,
    u,
    v,
    w,
    x,
)
from convlib.symbolic.table_sum import TableSum

Size: TypeAlias = sp.Expr | int


def loss(ndim: int = 2, *, channels: bool = False, stride: Size = 1, padding: Size = 0,
         dilation: Size = 1) -> TableSum:
    """L = sum over the table of dy[out] w[tap] x[inp], for every size; x is 0 outside its cells.

    Parameters
    ----------
    ndim : {1, 2}
        How many axes slide.
    channels : bool
        The whole layer, dy[g, k, ...] w[g, k, c, ...] x[g, c, ...] summed over the groups g, the
        K/groups filters k and the C/groups channels c of each.
    stride, padding, dilation : int or sympy.Expr
        Numbers or symbols, the same on each axis.

    Returns
    -------
    TableSum
        L.

    Raises
    ------
    ValueError
        If an option holds an index that is summed, or ndim is not 1 or 2.
    """
    if ndim not in (1, 2):
        raise ValueError(f"ndim must be 1 or 2, not {ndim!r}")
    outs, taps, sizes, kernels = (p, q)[:ndim], (r, s)[:ndim], (P, Q)[:ndim], (R, S)[:ndim]
    cells = tuple(o * stride + tap * dilation - padding
                  for o, tap in zip(outs, taps, strict=True))
    block = ((g, groups), (k, K / groups), (c, C / groups)) if channels else ()
    counted = (*block, *zip(outs + taps, sizes + kernels, strict=True))
    for name, option in (("stride", stride), ("padding", padding), ("dilation", dilation)):
        held = {str(symbol) for symbol in sp.sympify(option).free_symbols}
        if taken := sorted(held & {str(index) for index, _ in counted}):
            raise ValueError(f"{name} = {option} holds {', '.join(taken)}, which the loss sums "
                             "over: take a symbol of another name")
    of_y, of_w, of_x = ((g, k), (g, k, c), (g, c)) if channels else ((), (), ())
    return TableSum(dy[of_y + outs] * w[of_w + taps] * x[of_x + cells],
                    tuple((index, sp.Integer(0), size - 1) for index, size in counted))


def kernel_gradient(ndim: int = 2, *, channels: bool = False, **options: Size) -> TableSum:
    """dL/dw[a, b] for every size: differentiate, then let the indicator (a, b) = (r, s) choose.

    ::

        dw[a, b] = sum_{p,q} dy[p, q] x[p*stride + a*dilation - padding, ...],   0 <= a < R

    Parameters
    ----------
    ndim : {1, 2}
        How many axes slide.
    channels : bool
        dw[group, filter, channel, a, b] has the same sum of dy[group, filter, ...] with
        x[group, channel, ...]; nothing is added over groups, filters or channels.
    **options
        As in `loss`.

    Returns
    -------
    TableSum
        dw[a, b].
    """
    block = (group, filter_, channel) if channels else ()
    partial = loss(ndim, channels=channels, **options).diff(w[block + (a, b)[:ndim]])
    for index in ((g, k, c) if channels else ()) + (r, s)[:ndim]:
        partial = partial.sum_out(index)
    return partial


def input_indicator(ndim: int = 2, *, channels: bool = False, **options: Size) -> TableSum:
    """dL/dx[i, j] for every size, stride and dilation, with the indicator kept.

    ::

        dx[i, j] = sum_{p,q,r,s} dy[p, q] w[r, s] delta(i, p*stride + r*dilation - padding) ...

    Parameters
    ----------
    ndim : {1, 2}
        How many axes slide.
    channels : bool
        dx[group, channel, i, j] adds the filters k of its own group, and no others.
    **options
        As in `loss`.

    Returns
    -------
    TableSum
        dx[i, j].
    """
    block = (group, channel) if channels else ()
    partial = loss(ndim, channels=channels, **options).diff(x[block + (i, j)[:ndim]])
    for index in (g, c) if channels else ():
        partial = partial.sum_out(index)
    return partial


def input_gradient(ndim: int = 2, *, over: str = "out", padding: Size = 0,
                   dilation: Size = 1) -> TableSum:
    """dL/dx[i, j] for every size at stride 1, the indicator summed away.

    ::

        over="out":  dx[i, j] = sum_{r,s} dy[i + padding - r*dilation, ...] w[r, s]     any dilation
        over="tap":  dx[i, j] = sum_{p,q} dy[p, q] w[i + padding - p, ...]              dilation 1

    Both run p against r: the kernel is flipped.

    Parameters
    ----------
    ndim : {1, 2}
        How many axes slide.
    over : {"out", "tap"}
        Which indices the indicator takes away: those of the outputs, or those of the taps.
    padding, dilation
        As in `loss`.

    Returns
    -------
    TableSum
        dx[i, j].
    """
    if over not in ("out", "tap"):
        raise ValueError(f"over must be 'out' or 'tap', not {over!r}")
    partial = input_indicator(ndim, padding=padding, dilation=dilation)
    for index in {"out": (p, q), "tap": (r, s)}[over][:ndim]:
        partial = partial.sum_out(index)
    return partial


def input_gradient_by_residues(ndim: int = 1, *, dilated: bool = False,
                               channels: bool = False) -> TableSum:
    """dL/dx for every stride, the indicator summed away: cells and taps sorted by their remainder.

    Write i + padding = stride*m + t and r = stride*u + t with the same remainder 0 <= t < stride;
    a tap of another remainder never meets i, because stride*(m - p - u) cannot make up for it. ::

        dx[i] = sum_u dy[m - u] w[stride*u + t],   0 <= u <= (R-1-t) // stride,  0 <= m - u < P

    On the second axis j + padding = stride*n + e and s = stride*v + e.

    With a dilation, stride = gcd*a and dilation = gcd*b, where a and b have no common factor. A
    cell whose i + padding is not a multiple of gcd has no row, so dx[i] = 0. Any other is written,
    with one t from 0 to a-1, as i + padding = stride*m + dilation*t; only the taps r = a*u + t
    meet it, because b*(r - t) is a multiple of a. ::

        dx[i] = sum_u dy[m - b*u] w[a*u + t],      0 <= u <= (R-1-t) // a,  0 <= m - b*u < P

    Parameters
    ----------
    ndim : {1, 2}
        How many axes slide.
    dilated : bool
        Whether the taps have a dilation.
    channels : bool
        As in `input_indicator`.

    Returns
    -------
    TableSum
        dx at the cell that m and t name, n and e on the second axis.
    """
    apart, spread, shared = (a, b, gcd) if dilated else (stride, 1, 1)
    partial = input_indicator(ndim, channels=channels, stride=shared * apart, padding=padding,
                              dilation=shared * spread)
    for cell, whole, rest, tap, nth, size in ((i, m, t, r, u, R), (j, n, e, s, v, S))[:ndim]:
        partial = partial.substitute(cell, shared * (apart * whole + spread * rest) - padding)
        partial = partial.reindex(tap, nth, apart * nth + rest, 0,
                                  sp.floor((size - 1 - rest) / apart))
    partial = partial.cancel(shared * apart)
    for out in (p, q)[:ndim]:
        partial = partial.sum_out(out)
    return partial
