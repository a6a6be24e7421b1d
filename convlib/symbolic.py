"""Letters for arrays, exact derivatives, and the two gradients proved for every size. Needs SymPy.

The kernels of convlib take letters: `conv1d(letters("x", 4), letters("w", 2))` is the formula.
For every size at once, a sum over the table of products is written with symbolic limits,

    L = sum_{p,r} dy[p] w[r] x[p*stride + r*dilation - padding],

and differentiated cell by cell. SymPy turns d x[n] / d x[i] into KroneckerDelta(i, n): the
indicator that says which rows of the table the cell i takes part in.
"""

import numpy as np
import sympy as sp

from convlib.options import integer
from convlib.table_sum import TableSum


class Word(sp.Symbol):
    """A symbol that is a word: set upright and apart, or `r stride` would read as a product."""

    def _latex(self, printer):
        return rf"\,\text{{{self.name}}}\,"


# Symbols of the proofs. Capitals are sizes, small letters indices, as everywhere in the book.
H, W, R, S, P, Q, K, C = sp.symbols("H W R S P Q K C", integer=True, positive=True)
stride, dilation, groups, gcd = (Word(name, integer=True, positive=True)
                                 for name in ("stride", "dilation", "groups", "gcd"))
padding = Word("padding", integer=True, nonnegative=True)
p, q, r, s, i, j, a, b, m, t, u, n, e, v = sp.symbols("p q r s i j a b m t u n e v", integer=True)
g, k, c = sp.symbols("g k c", integer=True)  # group; filter and channel, counted in their group
group, filter_, channel = (Word(name, integer=True) for name in ("group", "filter", "channel"))
x, w, dy = (sp.IndexedBase(name) for name in ("x", "w", "dy"))


def letters(name, shape):
    """An object array of symbols: letters("x", 3) is [x_0, x_1, x_2], ("w", (1, 2)) [[w_00, w_01]].

    Indices from 10 on are set apart: x_{10,2}.
    """
    shape = (shape,) if np.ndim(shape) == 0 else shape
    shape = tuple(integer("shape", n, 0) for n in shape)
    symbols = np.empty(shape, dtype=object)
    for cell in np.ndindex(shape):
        symbols[cell] = sp.Symbol(_letter(name, cell, short=max(shape, default=0) <= 10))
    return symbols


def _letter(name, cell, short):
    if not cell:
        return name
    digits = [str(n) for n in cell]
    return f"{name}_{''.join(digits)}" if short else f"{name}_{{{','.join(digits)}}}"


def gradient(loss, x):
    """dL/dx for a loss of letters: an array of the shape of x, each entry exact."""
    loss, x = sp.sympify(loss), np.asarray(x, dtype=object)
    found = np.empty(x.shape, dtype=object)
    for cell in np.ndindex(x.shape):
        found[cell] = sp.expand(loss.diff(x[cell]))
    return found


def jacobian(y, x):
    """The matrix of d y / d x, one row an output, one column an input, both in C order."""
    outputs, inputs = (np.asarray(a, dtype=object).ravel() for a in (y, x))
    return sp.Matrix(len(outputs), len(inputs),
                     lambda m, n: sp.expand(sp.sympify(outputs[m]).diff(inputs[n])))


def formula(expressions):
    """An array of expressions as a SymPy matrix, so that a notebook sets it; a vector is a row."""
    return sp.Matrix(np.atleast_2d(np.asarray(expressions, dtype=object)))


def evaluate(expressions, numbers):
    """Put numbers for letters: evaluate(y, {"x": [1, 2], "w": [3]}) replaces x_0, x_1, w_0."""
    values = {}
    for name, array in numbers.items():
        names = letters(name, np.shape(array))
        entries = map(sp.sympify, np.asarray(array).ravel().tolist())
        values.update(zip(names.flat, entries, strict=True))
    found = np.empty(np.shape(expressions), dtype=object)
    for cell in np.ndindex(found.shape):
        value = sp.sympify(np.asarray(expressions, dtype=object)[cell]).xreplace(values)
        found[cell] = int(value) if value.is_Integer else float(value)
    return found


def loss(ndim=2, *, channels=False, stride=1, padding=0, dilation=1):
    """L = sum over the table of dy[out] w[tap] x[inp], for every size; x is 0 outside its cells.

    channels: the whole layer, dy[g, k, ...] w[g, k, c, ...] x[g, c, ...] summed over the groups g,
    the K/groups filters k and the C/groups channels c of each.
    """
    outs, taps, sizes, kernels = (p, q)[:ndim], (r, s)[:ndim], (P, Q)[:ndim], (R, S)[:ndim]
    cells = tuple(o * stride + tap * dilation - padding
                  for o, tap in zip(outs, taps, strict=True))
    block = ((g, groups), (k, K / groups), (c, C / groups)) if channels else ()
    counted = (*block, *zip(outs + taps, sizes + kernels, strict=True))
    of_y, of_w, of_x = ((g, k), (g, k, c), (g, c)) if channels else ((), (), ())
    return TableSum(dy[of_y + outs] * w[of_w + taps] * x[of_x + cells],
                    tuple((index, sp.Integer(0), size - 1) for index, size in counted))


def kernel_gradient(ndim=2, *, channels=False, **options):
    """dL/dw[a, b] for every size: differentiate, then let the indicator (a, b) = (r, s) choose.

        dw[a, b] = sum_{p,q} dy[p, q] x[p*stride + a*dilation - padding, ...],   0 <= a < R

    channels: dw[group, filter, channel, a, b] has the same sum of dy[group, filter, ...] with
    x[group, channel, ...]; nothing is added over groups, filters or channels.
    """
    block = (group, filter_, channel) if channels else ()
    partial = loss(ndim, channels=channels, **options).diff(w[block + (a, b)[:ndim]])
    for index in ((g, k, c) if channels else ()) + (r, s)[:ndim]:
        partial = partial.sum_out(index)
    return partial


def input_indicator(ndim=2, *, channels=False, **options):
    """dL/dx[i, j] for every size, stride and dilation, with the indicator kept.

        dx[i, j] = sum_{p,q,r,s} dy[p, q] w[r, s] delta(i, p*stride + r*dilation - padding) ...

    channels: dx[group, channel, i, j] adds the filters k of its own group, and no others.
    """
    block = (group, channel) if channels else ()
    partial = loss(ndim, channels=channels, **options).diff(x[block + (i, j)[:ndim]])
    for index in (g, c) if channels else ():
        partial = partial.sum_out(index)
    return partial


def input_gradient(ndim=2, *, over="out", padding=0, dilation=1):
    """dL/dx[i, j] for every size at stride 1, the indicator summed away.

        over="out":  dx[i, j] = sum_{r,s} dy[i + padding - r*dilation, ...] w[r, s]     any dilation
        over="tap":  dx[i, j] = sum_{p,q} dy[p, q] w[i + padding - p, ...]              dilation 1

    Both run p against r: the kernel is flipped.
    """
    partial = input_indicator(ndim, padding=padding, dilation=dilation)
    for index in {"out": (p, q), "tap": (r, s)}[over][:ndim]:
        partial = partial.sum_out(index)
    return partial


def input_gradient_by_residues(ndim=1, *, dilated=False, channels=False):
    """dL/dx for every stride, the indicator summed away: cells and taps sorted by their remainder.

    Write i + padding = stride*m + t and r = stride*u + t with the same remainder 0 <= t < stride;
    a tap of another remainder never meets i, because stride*(m - p - u) cannot make up for it.

        dx[i] = sum_u dy[m - u] w[stride*u + t],   0 <= u <= (R-1-t) // stride,  0 <= m - u < P

    ndim=2: on the second axis j + padding = stride*n + e and s = stride*v + e.
    dilated: stride = gcd*a and dilation = gcd*b, where a and b have no common factor. A cell with
    i + padding no multiple of gcd has no row, so dx[i] = 0. Any other is written, with one t from
    0 to a-1, as i + padding = stride*m + dilation*t; only the taps r = a*u + t meet it, because
    b*(r - t) is a multiple of a.

        dx[i] = sum_u dy[m - b*u] w[a*u + t],      0 <= u <= (R-1-t) // a,  0 <= m - b*u < P
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
