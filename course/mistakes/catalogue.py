"""Well-known wrong gradients. Each has the signature of the function that it replaces.

A check that cannot tell one of these from the right gradient is no check. Each is wrong only where
its name says so: on a symmetric kernel, at stride 1 or without padding most cannot be seen. The
docstring says what was done, then where to look. "conv" stands for conv1d_backward and
conv2d_backward (the rank of w decides), "relu" for relu_backward.
"""

import sys
from collections.abc import Callable, Iterable
from functools import partial, update_wrapper
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlib import conv
from convlib.activations import relu_backward
from convlib.axis import Axis
from convlib.conv import Gradients
from convlib.geometry import Geometry
from convlib.kernel_map import kernel_map

Array = NDArray[Any]


class Mistake:
    """A wrong gradient: called, named and described as the function that computes it.

    Attributes
    ----------
    parts : set of str
        What comes out wrong, of "dx", "dw" and "db".
    replaces : str
        "conv" or "relu".
    """

    def __init__(self, function: Callable[..., Any], parts: Iterable[str], replaces: str) -> None:
        self.function, self.parts, self.replaces = function, set(parts), replaces
        update_wrapper(self, function)

    def __call__(self, *arrays: ArrayLike, **options: Any) -> Any:
        return self.function(*map(np.asarray, arrays), **options)


MISTAKES: dict[str, Mistake] = {}


def mistake(*parts: str, replaces: str = "conv") -> Callable[..., Any]:
    """Decorator: keep a function in MISTAKES, with the parts that it spoils."""
    def keep(function: Callable[..., Any]) -> Callable[..., Any]:
        MISTAKES[function.__name__] = Mistake(function, parts, replaces)
        return function

    return keep


def diagnosis(name: str) -> str:
    """What a reader who made this mistake is told."""
    return " ".join(str(MISTAKES[name].__doc__).split()).rstrip(".")


def wrong_answers(*names: str) -> dict[str, Callable[[], Mistake]]:
    """For an exercise that asks for a gradient: what is told, and () -> the mistake."""
    return {diagnosis(name): partial(MISTAKES.__getitem__, name) for name in names}


# ------------------------------------------------------------------ which way round the kernel lies
@mistake("dx")
def no_flip(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """This is the right gradient with the kernel not flipped.
    Look at how the tap index runs as the output index grows: i = p + r, with i fixed."""
    return _right_but_dx(dy, x, np.flip(w, _space(w)), w, **options)


@mistake("dx")
def one_axis_flip(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """The kernel is flipped on its first axis only.
    Both p + r = i and q + s = j run against each other: flip rows and columns."""
    return _right_but_dx(dy, x, np.flip(w, -1), w, **options)


@mistake("dx")
def other_axis_flip(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """The kernel is flipped on its last axis only.
    Both p + r = i and q + s = j run against each other: flip rows and columns."""
    return _right_but_dx(dy, x, np.flip(w, _space(w)[:-1]), w, **options)


@mistake("dx")
def transpose_for_rot180(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """The kernel is transposed where it should be turned by 180 degrees.
    The transpose keeps the corner w[0,0] where it is; the half turn moves it to the far end."""
    turned = np.swapaxes(w, -1, _space(w)[0])  # in 1-D nothing to swap: no flip at all
    flipped = np.flip(turned, _space(w))
    grow = np.subtract(flipped.shape, w.shape)[-len(_space(w)):]
    wide = np.broadcast_to(options.get("dilation", 1), grow.shape)
    space = np.array(x.shape[-len(grow):]) + grow * wide  # so that dy still fits
    return _right(dy, x, w, **options)._replace(
        dx=_right(dy, np.zeros((*x.shape[:-len(grow)], *space), x.dtype), flipped, **options).dx)


@mistake("dx")
def channels_flipped_too(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """The channel axis is flipped along with the kernel.
    Only the axes that slide are turned; a channel meets its own channel."""
    return _right_but_dx(dy, x, np.flip(w, 1) if w.ndim > 2 else w, w, **options)


@mistake("dw")
def dw_flipped(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """The kernel's gradient is flipped.
    Fix the tap r: p and i = p + r run together, so dw is x correlated with dy, unflipped."""
    right = _right(dy, x, w, **options)
    return right._replace(dw=np.flip(right.dw, _space(w)))


# ------------------------------------------------------------------ which rows are in the table
@mistake("dx", "dw")
def stride_dropped(dy: Array, x: Array, w: Array, *, stride: Any = 1, **options: Any) -> Gradients:
    """The stride is missing: i = p + r where i = p*stride + r should stand."""
    return _right(*_roomy(dy, x, w, stride=1, **options), stride=1, **options)


@mistake("dx", "dw")
def dilation_off_by_one(dy: Array, x: Array, w: Array, *, dilation: Any = 1,
                        **options: Any) -> Gradients:
    """The taps stand dilation - 1 apart: dilation was read as the number of holes between them."""
    narrow = tuple(max(1, d - 1) for d in np.broadcast_to(dilation, len(_space(w))))
    return _right(*_roomy(dy, x, w, dilation=narrow, **options), dilation=narrow, **options)


@mistake("dx", "dw")
def padding_one_sided(dy: Array, x: Array, w: Array, *, padding: Any = 0,
                      **options: Any) -> Gradients:
    """All of the padding stands before the first cell, none behind the last."""
    axes = _axes(x, w, padding=padding, **options)
    return _right(dy, x, w, padding=[(a.before + a.after, 0) for a in axes], **options)


@mistake("dx")
def crop_by_minus_zero(dy: Array, x: Array, w: Array, *, padding: Any = 0,
                       **options: Any) -> Gradients:
    """The padding was cut off with [padding:-padding], which leaves nothing at padding 0."""
    right = _right(dy, x, w, padding=padding, **options)
    axes = _axes(x, w, padding=padding, **options)
    padded = np.pad(right.dx, [(0, 0)] * (x.ndim - len(axes)) + [(a.before, a.after) for a in axes])
    inside: Any = (..., *(slice(a.before, -a.after) for a in axes))
    return right._replace(dx=padded[inside])


@mistake("dx")
def remainder_lost(dy: Array, x: Array, w: Array, *, stride: Any = 1, **options: Any) -> Gradients:
    """dx ends with the last cell that a window reads. Where the stride leaves cells over they have
    the gradient 0, and dx has the shape of x."""
    right = _right(dy, x, w, stride=stride, **options)
    axes = _axes(x, w, stride=stride, **options)
    ends = (min(a.size, a.read_by(a.out - 1, a.kernel - 1) + 1) for a in axes)
    read: Any = (..., *map(slice, ends))
    return right._replace(dx=right.dx[read])


@mistake("dx", "dw")
def groups_swapped(dy: Array, x: Array, w: Array, *, groups: Any = 1, **options: Any) -> Gradients:
    """Each group reads the channels of the group before it."""
    shift = w.shape[1] if groups > 1 else 0
    axis = x.ndim - 1 - len(_space(w)) if groups > 1 else 0
    right = _right(dy, np.roll(x, shift, axis), w, groups=groups, **options)
    return right._replace(dx=np.roll(right.dx, -shift, axis))


# ------------------------------------------------------------------ which sum is taken
@mistake("dx")
def assign_for_add(dy: Array, x: Array, w: Array, method: str = "auto",
                   **options: Any) -> Gradients:
    """dx[i] = stands where dx[i] += should: where windows overlap, the last one wins."""
    table = kernel_map(x.shape, w.shape, **options)
    right = _right(dy, x, w, **options)
    dx = np.zeros_like(right.dx)
    dx[table.inp] = dy[table.out] * w[table.tap]
    return right._replace(dx=dx)


@mistake("dx")
def one_filter_only(dy: Array, x: Array, w: Array, *, groups: Any = 1, **options: Any) -> Gradients:
    """Only the last filter of each group pays into dx.
    A cell is read by every filter: add over all of them."""
    right = _right(dy, x, w, groups=groups, **options)
    if w.ndim < 3:
        return right
    used = np.arange(1, len(w) + 1) % (len(w) // groups) == 0
    dy_last = dy * used.reshape(-1, *(1,) * len(_space(w)))
    return right._replace(dx=_right(dy_last, x, w, groups=groups, **options).dx)


@mistake("dw")
def channels_summed(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """dw adds over the channels where it should stack them.
    Each channel of a filter has weights of its own."""
    right = _right(dy, x, w, **options)
    if w.ndim < 3:
        return right
    return right._replace(dw=np.repeat(right.dw.sum(axis=1, keepdims=True), w.shape[1], axis=1))


@mistake("dw", "db")
def mean_for_sum(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """A mean over the places stands where a sum should: every use of a weight pays in full."""
    right = _right(dy, x, w, **options)
    places = max(1, dy.size // (len(w) if w.ndim > 2 else 1))
    return right._replace(dw=right.dw / places, db=right.db / places)


@mistake("dw")
def y_for_x(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """y stands where x should: the factor of a weight is the input cell it meets."""
    y = conv.forward(len(_space(w)), x, w, None, "auto", **options)
    stand_in = np.zeros_like(x)
    both = tuple(slice(min(n, m)) for n, m in zip(x.shape, y.shape, strict=True))
    stand_in[both] = y[both]
    return _right(dy, x, w, **options)._replace(dw=_right(dy, stand_in, w, **options).dw)


@mistake("dw")
def decay_left_in(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """0.1 % of the weight itself is left in dw: the gradient of a penalty that nobody asked for."""
    right = _right(dy, x, w, **options)
    return right._replace(dw=right.dw + w / 1000)


@mistake("db")
def bias_over_wrong_axes(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """db sums over the filters and keeps a place: dy.sum(axis=...) with the axes off by one."""
    db = dy.sum(axis=tuple(range(dy.ndim - 1)))
    return _right(dy, x, w, **options)._replace(db=db)


@mistake("dx", replaces="relu")
def relu_mask_missing(dy: Array, x: Array) -> Array:
    """dy passed the ReLU without its mask: where x was not positive nothing may come back."""
    return dy.copy()


def plant(name: str) -> None:
    """Put a mistake where the right gradient stood, in every loaded module of the library.

    It is for `pytest --mistake NAME`, which must then fail.

    Parameters
    ----------
    name : str
        One of MISTAKES.

    Raises
    ------
    ValueError
        For an unknown name.
    """
    if name not in MISTAKES:
        raise ValueError(f"mistake must be one of {', '.join(MISTAKES)}, not {name!r}")
    right = {"conv": (conv.conv1d_backward, conv.conv2d_backward), "relu": (relu_backward,)}
    ours = "convlib", "course", "figures"
    for module in [m for key, m in sys.modules.items() if key.split(".")[0] in ours]:
        for attribute, value in list(vars(module).items()):
            if any(value is f for f in right[MISTAKES[name].replaces]):
                setattr(module, attribute, MISTAKES[name])
    if MISTAKES[name].replaces == "conv":
        conv.weight_gradients = without_dx(name)


def without_dx(name: str) -> Callable[..., Any]:
    """A mistake in the place of conv.weight_gradients."""
    return lambda ndim, *arrays, **options: MISTAKES[name](*arrays, **options)[1:]


def _right(dy: Array, x: Array, w: Array, method: str = "auto", **options: Any) -> Gradients:
    return conv.backward(len(_space(w)), dy, x, w, method, **options)


def _right_but_dx(dy: Array, x: Array, other_w: Array, w: Array, **options: Any) -> Gradients:
    """The right dw and db, and dx with another kernel."""
    return _right(dy, x, w, **options)._replace(dx=_right(dy, x, other_w, **options).dx)


def _space(w: Array) -> tuple[int, ...]:
    """The axes of w along which it slides, counted from behind."""
    return tuple(range(-1 if w.ndim in (1, 3) else -2, 0))


def _axes(x: Array, w: Array, method: str = "auto", **options: Any) -> tuple[Axis, ...]:
    return Geometry.of(x.shape, w.shape, **options).axes


def _roomy(dy: Array, x: Array, w: Array, method: str = "auto",
           **options: Any) -> tuple[Array, Array, Array]:
    """dy with zeros behind it, as large as the output that the wrong options would give."""
    y_shape = Geometry.of(x.shape, w.shape, **options).y_shape
    larger = np.zeros(y_shape, dy.dtype)
    larger[tuple(slice(n) for n in dy.shape)] = dy
    return larger, x, w
