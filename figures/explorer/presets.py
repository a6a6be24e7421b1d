"""What a reader may choose instead of typing, and the wrong readings that are told apart."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course.mistakes import diagnosis
from figures.drawing.grids import Shape
from figures.explorer.maps import MAX_CELLS, Axes, Maps, Ranges, axis_maps, outputs


def reserve(x: NDArray[Any], w: NDArray[Any], dy: NDArray[Any], maps: Maps,
            nd: int) -> dict[str, NDArray[Any]]:
    """x, w, dy laid into arrays as large as the maps allow: a grid that grows shows more of them.

    Where nothing was given stand small digits, none like its neighbour.
    """
    valid = {key: map_ for key, map_ in maps.items() if not map_.startswith("!")}
    sizes = [[int(n) for n in key.split("/")[:2]] for key in valid]
    most = {"x": max(s[0] for s in sizes), "w": max(s[1] for s in sizes),
            "dy": max(map(outputs, valid.values()))}
    return {name: laid_into(_digits((*a.shape[:-nd], *[most[name]] * nd)), a)
            for name, a in (("x", x), ("w", w), ("dy", dy))}


def laid_into(ground: NDArray[Any], array: NDArray[Any]) -> NDArray[Any]:
    """A copy of ground with the array in its first corner, as far as it reaches."""
    both = tuple(map(slice, np.minimum(ground.shape, array.shape)))
    ground = ground.astype(np.result_type(ground, array))
    ground[both] = array[both]
    return ground


def presets(store: Mapping[str, NDArray[Any]], nd: int) -> list[dict[str, Any]]:
    """[{name, kind, axes, sizes, x or w or dy}]: arrays as large as the reserve's.

    kind is x, w, dy or book; sizes are options that it brings along, axes all of them.
    """
    x, w, dy = (store[name].shape for name in ("x", "w", "dy"))
    last = np.indices(x)[-1]
    inputs: list[tuple[str, str, dict[str, int], NDArray[Any]]] = [
        ("ramp in x", "x", {}, _names(x, nd)), ("impulse in x", "x", {}, _impulse(x, nd)),
        ("edge in x", "x", {}, np.where(last < 2, 1, 9))]
    if nd == 2:
        seven = np.zeros((max(8, x[-2]), max(8, x[-1])), int)
        seven[:8, :8] = SEVEN
        inputs.append(("digit in x", "x", {"size": 8}, seven[:x[-2], :x[-1]]))
    kernels = [(name, "w", {"kernel": len(taps)}, np.array(taps)) for name, taps in KERNELS[nd]]
    made = [{"name": name, "kind": kind, "axes": [], "sizes": sizes,
             kind: _everywhere(a, store[kind].shape, nd).tolist()}
            for name, kind, sizes, a in (*inputs, *kernels,
                                         ("impulse in dy", "dy", {}, _impulse(dy, nd)))]
    return made + [_example(*example) for example in EXAMPLES if len(w) == np.ndim(example[2])]


def _everywhere(array: NDArray[Any], shape: Shape, nd: int) -> NDArray[Any]:
    """The same array in each channel of this shape, no larger than it."""
    corner: tuple[Any, ...] = tuple(map(slice, np.minimum(array.shape[-nd:], shape[-nd:])))
    small = array[(..., *corner)]
    return np.broadcast_to(small, shape[:-nd] + small.shape[-nd:])


# As correlation reads them: the first tap lies on the first cell of the window.
KERNELS: dict[int, list[tuple[str, Any]]] = {
    1: [("identity (impulse)", [0, 1, 0]), ("blur", [1, 2, 1]), ("sharpen", [-1, 3, -1]),
        ("difference", [-1, 0, 1]), ("Laplacian", [1, -2, 1]), ("shift", [1, 0, 0]),
        ("ramp of taps", [1, 2, 3])],
    2: [("identity (impulse)", [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
        ("blur", [[1, 2, 1], [2, 4, 2], [1, 2, 1]]),
        ("sharpen", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        ("Sobel x", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
        ("Sobel y", [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
        ("Laplacian", [[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
        ("shift", [[1, 0, 0], [0, 0, 0], [0, 0, 0]]),
        ("ramp of taps", [[1, 2, 3], [4, 5, 6], [7, 8, 9]])],
}
SEVEN = [[0, 0, 0, 0, 0, 0, 0, 0], [0, 9, 9, 9, 9, 9, 9, 0], [0, 0, 0, 0, 0, 8, 9, 0],
         [0, 0, 0, 0, 2, 9, 4, 0], [0, 0, 0, 0, 8, 9, 0, 0], [0, 0, 0, 4, 9, 3, 0, 0],
         [0, 0, 0, 8, 8, 0, 0, 0], [0, 0, 0, 9, 5, 0, 0, 0]]

EXAMPLES: tuple[tuple[str, Any, Any, Any], ...] = (
    ("chapter 1", [1, 2, 3, 5], [10, 1], [2, 4, 7]),
    ("chapter 4", [[1, 2, 0, -1], [3, 1, -2, 2], [0, 4, 1, 5]], [[1, -1, 2], [0, 3, -2]],
     [[1, 2], [-1, 3]]),
    ("chapter 5", [[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1000, 100], [10, 1]], [[1, 2], [3, 4]]),
)


def _example(name: str, x: ArrayLike, w: ArrayLike, dy: ArrayLike) -> dict[str, Any]:
    axes = _plain(np.shape(x), np.shape(w))
    return {"name": name, "kind": "book", "axes": axes, "x": x, "w": w, "dy": dy}


def preset_maps(axes: Axes, ranges: Ranges) -> Maps:
    """The axis maps of the book's examples and of the sizes that kernels and digits bring along."""
    nd = len(axes)
    shapes = [(np.shape(x), np.shape(w)) for _, x, w, _ in EXAMPLES if np.ndim(w) == nd]
    sizes, kernels = ({own, *(axis[n] for axis in axes), *ranges.get(name, ())}
                      for n, (name, own) in enumerate((("size", 8), ("kernel", 3))))
    maps = axis_maps(axes, {**ranges, "size": sorted(sizes), "kernel": sorted(kernels)})
    for shape in shapes:
        maps |= axis_maps(_plain(*shape), ranges)
    return maps


def _plain(x_shape: Shape, w_shape: Shape) -> list[list[int]]:
    return [[size, kernel, 1, 0, 1, 0] for size, kernel in zip(x_shape, w_shape, strict=True)]


def wrong_ways(nd: int) -> dict[str, Any]:
    """The wrong readings of a hidden cell: what they spoil, how they relabel the taps, the words.

    order: for each kernel size its taps the other way round; a way flips on some axes and may swap
    rows for columns. The page adds the same products under the other labels and compares.
    """
    order = {str(n): list(range(n))[::-1] for n in range(1, MAX_CELLS + 1)}
    every = [1] * nd
    ways = [("dx", every, 0, diagnosis("no_flip")), ("dw", every, 0, diagnosis("dw_flipped")),
            ("y", every, 0, "The kernel lies on x the other way round")]
    if nd == 2:
        ways += [("dx", [0, 1], 0, diagnosis("one_axis_flip")),
                 ("dx", [1, 0], 0, diagnosis("other_axis_flip")),
                 ("dx", every, 1, diagnosis("transpose_for_rot180"))]
    return {"order": order, "ways": [{"of": of, "flip": flip, "swap": swap, "words": words}
                                     for of, flip, swap, words in ways]}


def _digits(shape: Shape) -> NDArray[Any]:
    steps = np.array([5, 3, 7, 2])[-len(shape):].reshape(-1, *[1] * len(shape))
    return (np.indices(shape) * steps).sum(0) % 9 + 1


def _names(shape: Shape, nd: int) -> NDArray[Any]:
    """11, 12, .. 21, 22, ..: row and column counted from one; 101, 102 where a digit is short."""
    base = 10 if max(shape[-nd:]) < 10 else 100
    return sum((at + 1) * base ** (nd - 1 - n) for n, at in enumerate(np.indices(shape)[-nd:]))


def _impulse(shape: Shape, nd: int) -> NDArray[Any]:
    return np.all(np.indices(shape)[-nd:] == 1, axis=0).astype(int)
