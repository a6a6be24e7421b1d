"""Sizes and options of a convolution: the one place where stride, padding and dilation are read.

On each axis output cell p, tap r and input cell i meet where

    i = p*stride + r*dilation - before
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache, wraps
from itertools import product
from operator import index
from typing import NamedTuple


class Axis(NamedTuple):
    """One axis: `size` input cells, `kernel` taps and `out` output cells, and how they meet."""

    size: int
    kernel: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1
    out: int = 1

    @property
    def span(self):
        """Cells from the first tap to the last, both counted."""
        return self.dilation * (self.kernel - 1) + 1

    def read_by(self, p, r):
        """The input cell that output cell p reads through tap r; outside 0..size-1 is padding."""
        return p * self.stride + r * self.dilation - self.before

    def slices(self, r):
        """All p whose cell under tap r is no padding, as a slice, and the cells they read."""
        start = self.read_by(0, r)
        first = max(0, -(start // self.stride))  # ceil(-start / stride)
        last = min(self.out, (self.size - 1 - start) // self.stride + 1)
        if last <= first:
            return slice(0, 0), slice(0, 0)
        i = self.read_by(first, r)
        return slice(first, last), slice(i, self.read_by(last - 1, r) + 1, self.stride)


@dataclass(frozen=True)
class Geometry:
    """Shapes of one convolution: as the caller wrote them, and as the kernels want them."""

    axes: tuple[Axis, ...]
    groups: int
    x_shape: tuple[int, ...]
    w_shape: tuple[int, ...]
    y_shape: tuple[int, ...]

    @property
    def bias_shape(self):
        return self.w_shape[:1] if self.has_channels else ()

    @property
    def has_channels(self):
        return len(self.w_shape) > len(self.axes)

    def lift(self, **arrays):
        """x, y as (N, groups, channels/groups, H, W), w as (groups, K/groups, C/groups, R, S).

        What the caller left out (batch, channels, a second axis) becomes an axis of length 1.
        """
        return [a.reshape(self._lifted[name]) for name, a in arrays.items()]

    @cached_property
    def _lifted(self):
        nd, g, found = len(self.axes), self.groups, {}
        for name, shape in (("x", self.x_shape), ("w", self.w_shape), ("y", self.y_shape)):
            space, lead = (1,) * (2 - nd) + shape[-nd:], shape[:-nd]
            if name == "w":
                k, c = lead or (1, 1)
                found[name] = (g, k // g, c, *space)
            else:
                n, c = ((1, 1) + lead)[-2:]
                found[name] = (n, g, c // g, *space)
        return found

    @cached_property
    def plane(self):
        """The two axes of lifted arrays; one axis is a plane of one row."""
        return (Axis(1, 1),) * (2 - len(self.axes)) + self.axes

    def taps(self):
        return taps(self.plane)


@lru_cache(256)
def taps(axes):
    """Each tap as an index into lifted w, y, x: the rows that share it form a rectangle."""
    found = []
    for r, s in product(*(range(a.kernel) for a in axes)):
        (p, i), (q, j) = axes[0].slices(r), axes[1].slices(s)
        found.append(((..., r, s), (..., p, q), (..., i, j)))
    return found


def output_size(size, kernel_size, *, stride=1, padding=0, dilation=1):
    """How many places a window has on an axis.

        P = floor((size + before + after - span) / stride) + 1
        span = dilation*(kernel_size - 1) + 1

    padding: an int, a pair (before, after), or "valid", "same", "full".
    Raises ValueError if the window does not fit, TypeError for what is no integer.
    """
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    return read_axes((size,), (kernel_size,), **options)[0].out


def read_axes(sizes, kernel_sizes, *, stride=1, padding=0, dilation=1):
    """One Axis for each pair of sizes, every option checked."""
    nd = len(sizes)
    sizes = per_axis("size", sizes, nd, least=0)
    kernel_sizes = per_axis("kernel size", kernel_sizes, nd)
    strides, dilations = per_axis("stride", stride, nd), per_axis("dilation", dilation, nd)
    spans = [d * (k - 1) + 1 for d, k in zip(dilations, kernel_sizes, strict=True)]
    pads = read_padding(padding, spans, strides)
    columns = zip(sizes, kernel_sizes, strides, pads, dilations, strict=True)
    return tuple(_fit(Axis(h, k, s, *pad, d)) for h, k, s, pad, d in columns)


def _fit(axis):
    room = axis.size + axis.before + axis.after - axis.span
    if room < 0:
        raise ValueError(f"a window spanning {axis.span} does not fit on an axis of {axis.size} "
                         f"padded by {axis.before} and {axis.after}")
    return axis._replace(out=room // axis.stride + 1)


def integer(name, value, least=1):
    """`value` as an int, at least `least`."""
    try:
        number = index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool):
        raise TypeError(f"{name} must be an integer, not {value!r}")
    if number < least:
        raise ValueError(f"{name} must be at least {least}, not {number}")
    return number


def per_axis(name, value, nd, least=1):
    """An int, or one int an axis, as a tuple of nd ints."""
    entries = _entries(value)
    if entries is None:
        return (integer(name, value, least),) * nd
    values = tuple(integer(name, v, least) for v in entries)
    if len(values) != nd:
        raise ValueError(f"{name} must be an int or {nd} ints, one an axis, not {value!r}")
    return values


def _entries(value):
    """The entries of a sequence; None for a number, a 0-d array too."""
    try:
        return tuple(value)
    except TypeError:
        return None


def read_padding(padding, spans, strides):
    """Any form of padding as one (before, after) pair an axis."""
    nd = len(spans)
    if isinstance(padding, str):
        return [_padding_word(padding, span, s) for span, s in zip(spans, strides, strict=True)]
    entries = _entries(padding)
    if entries is None:
        return [(integer("padding", padding, 0),) * 2] * nd
    if nd == 1 and len(entries) == 2 and all(_entries(e) is None for e in entries):
        entries = (entries,)
    if len(entries) != nd:
        raise ValueError(f"padding must be an int, {nd} ints or {nd} (before, after) pairs, "
                         f"one an axis, or a word, not {padding!r}")
    return [per_axis("padding", e, 2, least=0) for e in entries]


def _padding_word(word, span, stride):
    if word == "valid":
        return 0, 0
    if word == "full":
        return span - 1, span - 1
    if word != "same":
        raise ValueError(f"padding must be 'valid', 'same' or 'full', not {word!r}")
    if stride > 1:
        raise ValueError(f"padding='same' needs stride 1, not {stride}")
    return (span - 1) // 2, span // 2  # an even span leaves one odd cell: it goes after


def remembered(read):
    """Read the same shapes and options once only.

    True and 1.0 are equal to 1 and would be found in its place, so what is not made of plain ints
    and words is read anew.
    """
    memory = lru_cache(1024)(read)

    @wraps(read)
    def reading(x_shape, w_shape, **options):
        plain = _plain(x_shape) and _plain(w_shape) and all(map(_plain, options.values()))
        return (memory if plain else read)(x_shape, w_shape, **options)

    return reading


def _plain(value):
    kind = type(value)
    return kind is int or kind is str or value is None or (
        kind is tuple and all(map(_plain, value)))


@remembered
def read_geometry(x_shape, w_shape, *, ndim=None, groups=1, **options):
    """The Geometry of a convolution of x with w; the rank of w says how many axes there are."""
    x_shape, w_shape, nd, groups = _read_ranks(x_shape, w_shape, ndim, groups)
    axes = read_axes(x_shape[-nd:], w_shape[-nd:], **options)
    space = tuple(a.out for a in axes)
    if len(w_shape) == nd:
        return Geometry(axes, groups, x_shape, w_shape, space)
    filters, channels = w_shape[:2]
    if x_shape[-nd - 1] != channels * groups:
        raise ValueError(f"x has {x_shape[-nd - 1]} channels, but w of shape {w_shape} with "
                         f"groups={groups} reads {channels * groups}")
    y_shape = (*x_shape[: -nd - 1], filters, *space)
    return Geometry(axes, groups, x_shape, w_shape, y_shape)


@remembered
def read_transposed(x_shape, w_shape, *, ndim, groups=1, stride=1, padding=0, dilation=1,
                    output_padding=0):
    """The Geometry of the convolution that a transposed convolution of x with w runs backwards.

    Its output is our x, its input our y:

        H = (P-1)*stride + span - before - after + output_padding
    """
    if isinstance(padding, str):
        raise ValueError(f"padding must be ints or pairs in a transposed convolution, "
                         f"not {padding!r}")
    x_shape, w_shape, nd, groups = _read_ranks(x_shape, w_shape, ndim, groups)
    kernels = per_axis("kernel size", w_shape[-nd:], nd)
    strides, dilations = per_axis("stride", stride, nd), per_axis("dilation", dilation, nd)
    extra = per_axis("output_padding", output_padding, nd, least=0)
    pads = read_padding(padding, kernels, strides)
    axes = tuple(_stretch(Axis(0, k, s, *pad, d, out), e) for k, s, pad, d, out, e in
                 zip(kernels, strides, pads, dilations, x_shape[-nd:], extra, strict=True))
    space = tuple(a.size for a in axes)
    if len(w_shape) == nd:
        return Geometry(axes, groups, space, w_shape, x_shape)
    filters, channels = w_shape[:2]
    if x_shape[-nd - 1] != filters:
        raise ValueError(f"x has {x_shape[-nd - 1]} channels, but w of shape {w_shape} in a "
                         f"transposed convolution reads {filters}")
    y_shape = (*x_shape[: -nd - 1], channels * groups, *space)
    return Geometry(axes, groups, y_shape, w_shape, x_shape)


def _stretch(axis, extra):
    if extra and extra >= max(axis.stride, axis.dilation):
        raise ValueError(f"output_padding must be smaller than stride or dilation, not {extra} "
                         f"with stride {axis.stride} and dilation {axis.dilation}")
    size = (axis.out - 1) * axis.stride + axis.span - axis.before - axis.after + extra
    if axis.out < 1 or size < 1:
        raise ValueError(f"a transposed convolution of {axis.out} cells with a window spanning "
                         f"{axis.span}, padding {axis.before} and {axis.after} has no output cell")
    return axis._replace(size=size)


def _read_ranks(x_shape, w_shape, ndim, groups):
    """Check that the ranks go together and that the groups divide the filters."""
    x_shape = tuple(integer("x_shape", n, 0) for n in x_shape)
    w_shape = tuple(integer("w_shape", n, 0) for n in w_shape)
    groups = integer("groups", groups)
    nd = ndim or {1: 1, 3: 1}.get(len(w_shape), 2)
    allowed = {nd: (nd,), nd + 2: (nd + 1, nd + 2)}
    if len(x_shape) not in allowed.get(len(w_shape), ()):
        names = "(H,)", "(R,)", "(C, H) or (N, C, H)", "(K, C/groups, R)"
        if nd == 2:
            names = "(H, W)", "(R, S)", "(C, H, W) or (N, C, H, W)", "(K, C/groups, R, S)"
        raise ValueError(f"x of shape {x_shape} and w of shape {w_shape} do not go together: "
                         "want x {} with w {}, or x {} with w {}".format(*names))
    filters = w_shape[0] if len(w_shape) > nd else 1
    if filters % groups:
        raise ValueError(f"groups={groups} does not divide the {filters} filters of w {w_shape}")
    return x_shape, w_shape, nd, groups

