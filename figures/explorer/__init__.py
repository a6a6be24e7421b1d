"""The gradient explorer: point at any cell and see the sum it is made of.

    explore(x, w, dy, start="dx[1,1]")
    explore(x, w, dy, show=("x", "w", "y", "table"), controls=("size", "stride", "steps"))

Python sends kernel maps; the page pairs their triples, groups the products and adds. To look,
step and edit no kernel is needed; with one, what the reader edits and pins comes back as
`explorer.x`, `.w`, `.dy` and `.selected`, how it is looked at as `.state`, and each may be set.
The page is written in `src/`; `npm run explorer` makes `explorer.js` of it.
"""

from collections.abc import Iterable, Sequence
from math import prod
from pathlib import Path
from typing import Any, SupportsIndex

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from convlib.geometry import Geometry
from convlib.operands import expect_shape
from convlib.options import Ints, Padding
from figures.explorer.cells import (
    MAX_ROWS,
    MAX_VALUE,
    QUANTITIES,
    cell,
    channels,
    chosen,
    numbers,
    shapes,
)
from figures.explorer.maps import (
    OPTIONS,
    RANGES,
    Axes,
    axis_maps,
    read_padding,
    write_padding,
)
from figures.explorer.presets import laid_into, preset_maps, presets, reserve, wrong_ways
from figures.explorer.still import ORDER, draw_explored
from figures.widgets.shown import Shown, Stored, drawn

PANELS = (*QUANTITIES, "table", "M_x", "M_w", "lattice")
HIDABLE = ("y", "dx", "dw", "db")
CONTROLS = ("size", "kernel", "stride", "padding", "dilation", "convention", "labels", "presets",
            "edit", "draw", "steps", "heat", "symbols", "challenge")
SEEN = ("sort", "by", "step", "count", "open", "heat", "symbols", "axis", "challenge")


def explore(x: ArrayLike, w: ArrayLike, dy: ArrayLike | None = None, *, stride: Ints = 1,
            padding: Padding = 0, dilation: Ints = 1, groups: SupportsIndex = 1,
            mirrored: bool = False, show: str | Iterable[str] = QUANTITIES,
            controls: str | Iterable[str] = (), start: str | None = None,
            hide: str | Iterable[str] = (), state: dict[str, Any] | None = None) -> "Explorer":
    """Open the gradient explorer of one convolution, in one or two dimensions.

    Parameters
    ----------
    x, w : array_like
        (H,) and (R,), or (H, W) and (R, S); with channels (C, ..) and (K, C/groups, ..).
        A batch of one is shown without its index.
    dy : array_like, optional
        The upstream gradient, in the shape of y; if None, 1, 2, 3, ...
    stride, padding, dilation, groups
        As for `conv2d`.
    mirrored : bool
        True for true convolution: y reads the kernel backwards.
    show : str or iterable of str
        The panels: x, w, y, dy, dx, dw, db, table, lattice, M_x, M_w. No other is drawn.
    controls : str or iterable of str
        size, kernel, stride, padding, dilation, convention, labels, presets, edit, draw, steps,
        heat, symbols, challenge.
    start : str, optional
        The cell that is pinned at first, such as "dx[1,1]".
    hide : str or iterable of str
        Sums, "dx" or "dx[1,1]", closed until the reader has typed the value.
    state : dict, optional
        How it is looked at, such as {"sort": "input", "step": "3", "heat": "1"}.

    Returns
    -------
    Explorer
        The widget. What a reader does is found in its attributes: x, w, dy, selected, state.

    Raises
    ------
    ValueError
        For a panel, control or cell that does not exist, values that are not finite or above a
        million, axes of more than 24 cells, more than 2,500 products or entries of a matrix.
    TypeError
        For symbols instead of numbers.
    """
    x, w = numbers("x", x), numbers("w", w)
    g = Geometry.of(x.shape, w.shape, stride=stride, padding=padding, dilation=dilation,
                    groups=groups)
    batch = x.ndim == len(g.axes) + 2
    if batch and len(x) != 1:
        raise ValueError(f"x is a batch of {len(x)} images, the explorer shows one")
    y_shape = g.y_shape[batch:]
    if dy is None:
        dy = np.arange(1, prod(y_shape) + 1).reshape(y_shape)
    dy = numbers("dy", dy)
    expect_shape("dy", dy, g.y_shape if dy.ndim > len(y_shape) else y_shape, "y")
    axes = [[a.size, a.kernel, a.stride, write_padding(a.before, a.after), a.dilation,
             int(mirrored)] for a in g.axes]
    return Explorer(x[0] if batch else x, w, dy.reshape(y_shape), axes, g.groups,
                    chosen("show", show, PANELS), chosen("controls", controls, CONTROLS),
                    start, [hide] if isinstance(hide, str) else list(hide), state or {})


def _array() -> Any:
    return traitlets.Any().tag(sync=True, to_json=lambda a, _: a.tolist(),
                               from_json=lambda value, _: np.array(value))


class Explorer(Shown):
    """The widget of `explore`; x, w, dy (arrays), selected ("dx[1,1]") and state may be set."""

    _esm = Path(__file__).with_name("explorer.js")
    _css = Path(__file__).with_name("explorer.css")
    x, w, dy = _array(), _array(), _array()
    selected = traitlets.Unicode().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)  # what differs from the start in how it is looked at
    axes = traitlets.List().tag(sync=True)  # for each axis its OPTIONS
    groups = traitlets.Int(1).tag(sync=True)
    channels = traitlets.List().tag(sync=True)
    maps = traitlets.Dict().tag(sync=True)
    ranges = traitlets.Dict().tag(sync=True)
    reserve = traitlets.Dict().tag(sync=True)
    presets = traitlets.List().tag(sync=True)
    wrong = traitlets.Dict().tag(sync=True)
    show = traitlets.List().tag(sync=True)
    controls = traitlets.List().tag(sync=True)
    hide = traitlets.List().tag(sync=True)
    most_rows = traitlets.Int(MAX_ROWS).tag(sync=True)
    most_value = traitlets.Int(MAX_VALUE).tag(sync=True)

    def __init__(self, x: NDArray[Any], w: NDArray[Any], dy: NDArray[Any], axes: Axes, groups: int,
                 show: list[str], controls: list[str], start: str | None, hide: list[str],
                 state: dict[str, Any]) -> None:
        nd = len(axes)
        known = shapes(x.shape, w.shape, axes, groups, show)
        drawn = {name: shape for name, shape in known.items() if name in show}
        hidable = {name: shape for name, shape in known.items() if name in HIDABLE}
        ranges = _ranges(axes, controls)
        maps = axis_maps(axes, ranges)
        if "presets" in controls:
            maps |= preset_maps(axes, ranges)
        store = reserve(x, w, dy, maps, nd)
        examples = presets(store, nd) if "presets" in controls else []
        super().__init__(
            x=x, w=w, dy=dy, axes=axes, maps=maps, ranges=ranges, presets=examples, show=show,
            controls=controls, channels=channels(x.shape, w.shape, nd, groups), groups=groups,
            reserve={name: array.tolist() for name, array in store.items()}, state=state,
            wrong=wrong_ways(nd) if hide or "challenge" in controls else {},
            selected=cell("start", start, drawn) if start else "",
            hide=[cell("hide", name, hidable, whole=True) for name in hide])

    to_use = "To point at entries and see their sums"

    def stored(self) -> Stored:
        """The grids, with the sum of the selected cell; of true convolution what is given."""
        _, _, stride, padding, dilation, mirrored = zip(*self.axes, strict=True)
        known = ("x", "w", "dy") if any(mirrored) else QUANTITIES
        show = [name for name in self.show if name in known]
        start = self.selected if self.selected.split("[")[0] in {*ORDER} & {*show} else None
        data, words = drawn(lambda: draw_explored(
            self.x, self.w, self.dy, start=start, show=show, hide=self.hide, stride=stride,
            padding=[read_padding(text) for text in padding], dilation=dilation,
            groups=self.groups))
        named = f"The explorer with the grids {', '.join(show)}"
        return data, f"{named}. {words}" if words else named

    def __repr__(self) -> str:
        return "explore({})".format(", ".join(
            f"{name} {getattr(self, name).shape}" for name in ("x", "w", "dy")))

    @traitlets.validate("x", "w", "dy")
    def _check_array(self, proposal: Any) -> NDArray[Any]:
        name = proposal.trait.name
        array, arrays = numbers(name, proposal.value), {"x": self.x, "w": self.w, "dy": self.dy}
        if isinstance(arrays[name], np.ndarray) and array.ndim != arrays[name].ndim:
            raise ValueError(f"{name} has shape {array.shape}, but the explorer shows it with "
                             f"{arrays[name].ndim} axes")
        arrays[name] = array
        axes = _resized(self.axes, arrays["x"], arrays["w"])
        y_shape = shapes(arrays["x"].shape, arrays["w"].shape, axes, self.groups, self.show)["y"]
        if name == "dy":
            expect_shape("dy", array, y_shape, "y")
        return array

    @traitlets.validate("state")
    def _check_state(self, proposal: Any) -> dict[str, str]:
        unknown = set(proposal.value) - set(SEEN)
        if unknown:
            raise ValueError(f"state may hold {', '.join(SEEN)}, not {', '.join(sorted(unknown))}")
        return {name: str(text) for name, text in proposal.value.items()}

    @traitlets.validate("selected")
    def _check_selected(self, proposal: Any) -> str:
        known = shapes(self.x.shape, self.w.shape, self.axes, self.groups)
        drawn = {name: shape for name, shape in known.items() if name in self.show}
        return cell("selected", proposal.value, drawn) if proposal.value else ""

    def notify_change(self, change: Any) -> None:
        """Send what changes together as one message: the page never sees half a state."""
        with self.hold_sync():
            super().notify_change(change)

    @traitlets.observe("x", "w")
    def _follow(self, _: Any) -> None:
        """Sizes, maps and prices follow an array that Python has set."""
        axes = _resized(self.axes, self.x, self.w)
        known = shapes(self.x.shape, self.w.shape, axes, self.groups)
        y_shape = known["y"]
        self.maps = axis_maps(axes, self.ranges) | self.maps
        self.axes = axes
        try:
            cell("selected", self.selected, known)
        except ValueError:
            self.selected = ""
        if self.dy.shape != y_shape:
            ones = np.ones(y_shape, self.dy.dtype)
            self.dy = laid_into(laid_into(ones, np.array(self.reserve["dy"])), self.dy)


def _ranges(axes: Axes, controls: Sequence[str]) -> dict[str, list[Any]]:
    """What each control chooses from; what the explorer opens with is always among it."""
    named = {name: [*values] for name, values in RANGES.items() if name in controls}
    if {"convention", "symbols"} & set(controls):
        named["mirrored"] = [0, 1]
    for name, values in named.items():
        values += sorted({axis[OPTIONS.index(name)] for axis in axes} - set(values), key=str)
    return {name: sorted(values, key=lambda v: (isinstance(v, str), v))
            for name, values in named.items()}


def _resized(axes: Axes, x: NDArray[Any], w: NDArray[Any]) -> list[list[Any]]:
    """The axes with the sizes of these arrays, every other option kept."""
    nd = len(axes)
    return [[size, kernel, *axis[2:]] for size, kernel, axis in
            zip(x.shape[-nd:], w.shape[-nd:], axes, strict=True)]
