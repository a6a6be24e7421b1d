"""One problem as smaller ones of the same kind; their arrays are views of its own.

i = p*stride + r*dilation - before says on each axis how output cells p, taps r and input cells i
meet (see convlib.axis). Cells that never meet may be taken apart; images may be put side by side.
"""

from functools import lru_cache
from itertools import chain, product
from math import gcd, prod

from convlib.algorithms import blocking
from convlib.algorithms.interleaving import interleave, interleaved
from convlib.algorithms.method import Method, Problem
from convlib.axis import Axis

SHORT, BATCH = 8, 64  # cells of a row; images that are interleaved
FILTERS, PLACES = 64, 512  # of one share at least; of a problem that is cut by filters


def decomposed(problem: Problem, method: Method) -> list[Problem]:
    """The problem in the form that its method needs, one decomposition after the other."""
    problems = [problem]
    for decompose in method.decompositions:
        problems = [*chain.from_iterable(map(decompose, problems))]
    return problems


def in_shares_of_filters(problem: Problem) -> list[Problem]:
    """Some filters at a time, or channels of dx: where places are few there is little else to cut.

    No sum is cut, for none goes over what its result carries.
    """
    what, x, w, y, axes, places = problem
    size = w.shape[2 if what == "dx" else 1]
    cells = len(x) * prod(y.shape[3:])
    if size < 2 * FILTERS or cells > PLACES or cells * w.size < blocking.MANY:
        return [problem]
    shares, every = [], slice(None)
    for i in range(0, size, step := max(FILTERS, -(-size // blocking.SHARES))):
        some = slice(i, i + step)
        here = every, every, some  # of x and y
        there = here if what == "dx" else (every, some)  # of w
        shares.append(Problem(
            what, x[here] if what == "dx" else x, w[there], y if what == "dx" else y[here], axes,
            (*places, there if what == "dw" else here)))
    return shares


def in_gradient_phases(problem: Problem) -> list[Problem]:
    """dx as the y of convolutions that run backwards, of stride 1; other sums as they are."""
    what, x, w, y, axes, places = problem
    if what != "dx":
        return [problem]
    w = w.swapaxes(1, 2)  # filters and channels change places
    whole = axes[0].stride == axes[1].stride == 1
    return [Problem("y", y, w[..., r, s], x[..., i, j], (h, v),
                    places if whole else (*places, (..., i, j)))
            for (i, r, h), (j, s, v) in product(*map(gradient_phases, axes))]


@lru_cache(1024)
def gradient_phases(a: Axis) -> list[tuple[slice, slice, Axis]]:
    """The convolutions of stride 1 that give the input's gradient on one axis.

    Output p touched cell i through tap r where i + before = p*stride + r*dilation. Cells of one
    phase, i = first + stride*m, meet only every few taps r = r0 + u*(stride/gcd): ::

        p = m + shift - u*(dilation/gcd)          gcd = gcd(stride, dilation)

    p runs against u: with the taps flipped this is a correlation of dy. For each phase that some
    tap meets: its cells, its taps, flipped, and the Axis.
    """
    dilation, phases = a.dilation // gcd(a.stride, a.dilation), []
    for first in range(min(a.stride, a.size)):
        taps = [r for r in range(a.kernel) if (first - a.read_by(0, r)) % a.stride == 0]
        if taps:
            m, reach = len(range(first, a.size, a.stride)), (len(taps) - 1) * dilation
            before = reach - (first - a.read_by(0, taps[0])) // a.stride
            phases.append((slice(first, None, a.stride), _flipped(taps),
                           a._replace(size=a.out, kernel=len(taps), stride=1, dilation=dilation,
                                      out=m, before=before, after=m + reach - before - a.out)))
    return phases


def _flipped(taps: list[int]) -> slice:
    """Equally spaced taps from the last to the first, as a slice."""
    step = taps[1] - taps[0] if len(taps) > 1 else 1
    return slice(taps[-1], taps[0] - 1 if taps[0] else None, -step)


def in_polyphase_components(problem: Problem) -> list[Problem]:
    """A dilated convolution of stride 1 as convolutions without dilation."""
    if all(a.dilation == 1 for a in problem.axes):
        return [problem]
    return [problem.part((..., i, j), (..., p, q), (h, v))
            for (p, i, h), (q, j, v) in product(*map(polyphase, problem.axes))]


@lru_cache(1024)
def polyphase(a: Axis) -> list[tuple[slice, slice, Axis]]:
    """The polyphase components of one axis of stride 1: cells that are `dilation` apart.

    i = p + r*d - before ties the outputs p = d*m + t to the inputs that leave one remainder, too:
    there i = d*(m + r - before') + u. For each t: the outputs, the inputs, and the Axis.
    """
    d, components = a.dilation, []
    for t in range(min(d, a.out)):
        start = a.read_by(t, 0)
        u, m = start % d, len(range(t, a.out, d))
        size, before = len(range(u, a.size, d)), -(start // d)
        components.append((slice(t, None, d), slice(u, None, d),
                           a._replace(size=size, stride=1, dilation=1, before=before, out=m,
                                      after=m + a.kernel - 1 - size - before)))
    return components


def in_interleaved_batches(problem: Problem) -> list[Problem]:
    """Images with short rows side by side, for short rows are slow to copy."""
    what, x, w, y, axes, places = problem
    if len(x) == 1 or axes[1].stride > 1 or axes[1].out >= SHORT:
        return [problem]
    batches = [slice(n, min(n + BATCH, len(x))) for n in range(0, len(x), BATCH)]
    whole = what == "dw" or len(batches) == 1
    return [Problem(what, interleave(x[n]), w, interleave(y[n]),
                    interleaved(axes, n.stop - n.start),
                    places if whole else (*places, (n,))) for n in batches]
