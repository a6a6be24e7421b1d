"""The shapes and options of a layer, read once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache, wraps
from math import prod
from types import NoneType
from typing import Any, NamedTuple, ParamSpec, SupportsIndex, TypeVar

from numpy.typing import NDArray

from convlib.axis import Axis, Index, Shape, expect_room, read_axes, stretch, taps
from convlib.options import Ints, Padding, integer, integers, per_axis, read_padding
from convlib.orders import expect_channels, refuse_groups, refuse_ranks

P = ParamSpec("P")
T = TypeVar("T")
SCALARS = {int, str, NoneType}


def remembered(read: Callable[P, T]) -> Callable[P, T]:
    """Read the same shapes and options once only.

    True and 1.0 are equal to 1 and would be found in its place, so what is not made of plain ints
    and words is read anew.
    """
    memory: Callable[..., T] = lru_cache(1024)(read)

    @wraps(read)
    def reading(*shapes: P.args, **options: P.kwargs) -> T:
        kinds = {*map(type, options.values())}
        plain = all(map(_plain, shapes)) and (
            kinds <= SCALARS or all(map(_plain, options.values())))
        return (memory if plain else read)(*shapes, **options)

    return reading


def _plain(value: object) -> bool:
    """An int, a word, None, or a tuple of them."""
    return type(value) in SCALARS or (type(value) is tuple and (
        {*map(type, value)} <= SCALARS or all(map(_plain, value))))


class Lifted(NamedTuple):
    """Shapes with nothing left out: x (N, groups, C/groups, H, W), y (N, groups, K/groups, P, Q)
    and w (groups, first/groups, second, R, S), where w of the caller is (first, second, R, S)."""

    x: tuple[int, ...]
    w: tuple[int, ...]
    y: tuple[int, ...]


class Terms(NamedTuple):
    """How many products at most one cell sums up; for db, how many cells of dy."""

    y: int
    dx: int
    dw: int
    db: int


@dataclass(frozen=True)
class Geometry:
    """The shapes of a layer's input x, kernel w and output y, and how their cells meet.

    The axes are those of a convolution: of this layer or, if it is transposed, of the convolution
    that it runs backwards, which reads this layer's output and writes its input.
    """

    axes: tuple[Axis, ...]
    groups: int
    x_shape: tuple[int, ...]
    w_shape: tuple[int, ...]
    y_shape: tuple[int, ...]
    is_transposed: bool = False

    @staticmethod
    @remembered
    def of(x_shape: Shape, w_shape: Shape, *, ndim: int | None = None, groups: SupportsIndex = 1,
           stride: Ints = 1, padding: Padding = 0, dilation: Ints = 1) -> "Geometry":
        """Read a convolution of x with w.

        Parameters
        ----------
        x_shape, w_shape : tuple of int
            With one axis (H,) and (R,), or (C, H), (N, C, H) and (K, C/groups, R); with two
            (H, W) and (R, S), or (C, H, W), (N, C, H, W) and (K, C/groups, R, S).
        ndim : {1, 2}, optional
            How many axes there are; without it the rank of w says so.
        groups, stride, padding, dilation
            As in conv2d.

        Raises
        ------
        ValueError
            For shapes and options that do not go together.
        TypeError
            If an option is not an integer.
        """
        x, w, nd, groups = _read_ranks(x_shape, w_shape, ndim, groups)
        if len(w) > nd:
            expect_channels(x, w, nd, w[1] * groups, w[nd] * groups,
                            f"with groups={groups}")
        axes = read_axes(x[-nd:], w[-nd:], stride=stride, padding=padding, dilation=dilation)
        expect_room("padded x", prod(a.padded for a in axes), x)
        y = tuple(a.out for a in axes)
        if len(w) > nd:
            y = (*x[: -nd - 1], w[0], *y)
        return Geometry(axes, groups, x, w, y)

    @staticmethod
    @remembered
    def transposed(x_shape: Shape, w_shape: Shape, *, ndim: int, groups: SupportsIndex = 1,
                   stride: Ints = 1, padding: Padding = 0, dilation: Ints = 1,
                   output_padding: Ints = 0) -> "Geometry":
        """Read a transposed convolution of x with w.

        Where x has P cells on an axis, y has ::

            (P - 1)*stride + span - before - after + output_padding

        Parameters
        ----------
        x_shape, w_shape : tuple of int
            (P,) and (R,), or (C, P), (N, C, P) and (C, K/groups, R); with two axes (P, Q) and
            (R, S), or (C, P, Q), (N, C, P, Q) and (C, K/groups, R, S).
        ndim, groups, stride, padding, dilation, output_padding
            As in conv_transpose2d.

        Raises
        ------
        ValueError, TypeError
            As `Geometry.of` does; padding may not be a word.
        """
        if isinstance(padding, str):
            raise ValueError(f"padding must be ints or pairs in a transposed convolution, "
                             f"not {padding!r}")
        x, w, nd, groups = _read_ranks(x_shape, w_shape, ndim, groups)
        if len(w) > nd:
            expect_channels(x, w, nd, w[0], w[-1], "in a transposed convolution")
        kernels = per_axis("kernel size", w[-nd:], nd)
        strides, dilations = per_axis("stride", stride, nd), per_axis("dilation", dilation, nd)
        extra = per_axis("output_padding", output_padding, nd, least=0)
        pads = read_padding(padding, kernels, strides)
        axes = tuple(stretch(Axis(0, k, s, before, after, d, out), e)
                     for k, s, (before, after), d, out, e in
                     zip(kernels, strides, pads, dilations, x[-nd:], extra, strict=True))
        expect_room("y", prod(a.size for a in axes), x)
        y = tuple(a.size for a in axes)
        if len(w) > nd:
            y = (*x[: -nd - 1], w[1] * groups, *y)
        return Geometry(axes, groups, x, w, y, is_transposed=True)

    @property
    def has_channels(self) -> bool:
        """Whether x, w and y have an axis of channels."""
        return len(self.w_shape) > len(self.axes)

    @cached_property
    def bias_shape(self) -> tuple[int, ...]:
        """(K,), or () without channels."""
        nd = len(self.axes)
        return self.y_shape[-nd - 1 : -nd] if self.has_channels else ()

    @cached_property
    def lifted(self) -> Lifted:
        """What the caller left out (batch, channels, a second axis) is an axis of length 1."""
        nd, g, line = len(self.axes), self.groups, (1,) * (2 - len(self.axes))

        def cells(shape: tuple[int, ...]) -> tuple[int, ...]:
            n, c = (1, 1, *shape[:-nd])[-2:]
            return (n, g, c // g, *line, *shape[-nd:])

        first, second = self.w_shape[:-nd] or (1, 1)
        w = (g, first // g, second, *line, *self.w_shape[-nd:])
        return Lifted(cells(self.x_shape), w, cells(self.y_shape))

    @cached_property
    def terms(self) -> Terms:
        """The longest sum of each kind."""
        (_, first, second, *taps), n = self.lifted.w, self.lifted.x[0]
        filters, channels = (prod(taps) * c for c in (first, second))
        db = n * prod(self.lifted.y[-2:])
        if self.is_transposed:
            return Terms(filters, channels, n * prod(self.lifted.x[-2:]), db)
        return Terms(channels, filters, db, db)

    def lift(self, **arrays: NDArray[Any]) -> list[NDArray[Any]]:
        """The named arrays in their lifted shapes."""
        return [a.reshape(getattr(self.lifted, name)) for name, a in arrays.items()]

    @cached_property
    def plane(self) -> tuple[Axis, Axis]:
        """The two axes of lifted arrays; one axis is a plane of one row."""
        rows, columns = (Axis(1, 1),) * (2 - len(self.axes)) + self.axes
        return rows, columns

    def taps(self) -> list[tuple[Index, Index, Index]]:
        """Those of `taps`, in the plane."""
        return taps(self.plane)


def _read_ranks(x_shape: Shape, w_shape: Shape, ndim: int | None, groups: SupportsIndex,
                ) -> tuple[tuple[int, ...], tuple[int, ...], int, int]:
    """Check that the ranks go together and that the groups divide the filters."""
    x, w = integers("x_shape", x_shape), integers("w_shape", w_shape)
    groups = integer("groups", groups)
    nd = ndim or {1: 1, 3: 1}.get(len(w), 2)
    if len(x) not in {nd: (nd,), nd + 2: (nd + 1, nd + 2)}.get(len(w), ()):
        refuse_ranks(x, w, nd)
    if (w[0] if len(w) > nd else 1) % groups:
        refuse_groups(w, nd, groups)
    return x, w, nd, groups
