"""What a reader of the explorer may choose: arrays that are what they are called."""

import numpy as np
import pytest

from convlib import conv2d_backward, conv_transpose2d, data
from course.mistakes import MISTAKES, diagnosis
from figures.explorer import explore, maps
from figures.explorer.presets import EXAMPLES, presets, reserve, wrong_ways


def made(x, w, dy):
    """The presets of arrays of these shapes, by name."""
    store = {name: np.zeros(shape, int) for name, shape in (("x", x), ("w", w), ("dy", dy))}
    return {preset["name"]: preset for preset in presets(store, len(x) if len(x) < 3 else 2)}


@pytest.fixture(scope="module")
def line():
    return made((12,), (3,), (10,))


@pytest.fixture(scope="module")
def plane():
    return made((2, 9, 10), (4, 2, 3, 3), (4, 7, 8))


def taps(presets_):
    return {name: np.array(p["w"][0][0] if np.ndim(p["w"]) > 2 else p["w"])
            for name, p in presets_.items() if p["kind"] == "w"}


def test_kernels_are_what_they_are_called(line, plane):
    row, square = taps(line), taps(plane)
    for kernels in row, square:
        middle, first = (np.zeros_like(kernels["blur"]) for _ in range(2))
        middle[(1,) * middle.ndim] = first[(0,) * first.ndim] = 1
        assert np.array_equal(kernels["identity (impulse)"], middle)
        assert np.array_equal(kernels["shift"], first)
        assert np.array_equal(kernels["sharpen"], middle - kernels["Laplacian"])
        assert kernels["ramp of taps"].ravel().tolist() == [*range(1, first.size + 1)]
    blur, difference, second = (row[name] for name in ("blur", "difference", "Laplacian"))
    grid = np.arange(9)  # what they make of squares: differences of the first and second order
    assert np.convolve(grid**2, difference[::-1], "valid").tolist() == (4 * grid[1:-1]).tolist()
    assert np.convolve(grid**2, second, "valid").tolist() == [2] * 7
    assert np.array_equal(np.convolve([1, 1], [1, 1]), blur)
    assert np.array_equal(square["blur"], np.outer(blur, blur))
    assert np.array_equal(square["Sobel x"], np.outer(blur, difference))
    assert np.array_equal(square["Sobel y"], np.outer(difference, blur))
    identity = row["identity (impulse)"]
    assert np.array_equal(square["Laplacian"], np.outer(identity, second)
                          + np.outer(second, identity))


def test_inputs_tell_their_cells(line, plane):
    assert line["ramp in x"]["x"] == [*range(1, 13)]
    assert line["impulse in x"]["x"] == [0, 1] + [0] * 10
    assert line["edge in x"]["x"] == [1, 1] + [9] * 10
    assert line["impulse in dy"]["dy"] == [0, 1] + [0] * 8
    for channel in plane["ramp in x"]["x"]:  # 110 begins a row of ten cells: two digits a place
        assert channel == [[100 * row + column for column in range(1, 11)] for row in range(1, 10)]
    assert made((8, 9), (2, 2), (7, 8))["ramp in x"]["x"][7] == [*range(81, 90)]
    assert np.argwhere(plane["impulse in x"]["x"]).tolist() == [[0, 1, 1], [1, 1, 1]]
    assert np.argwhere(plane["impulse in dy"]["dy"]).tolist() == [[k, 1, 1] for k in range(4)]
    assert np.array(plane["edge in x"]["x"])[1, 4].tolist() == [1, 1] + [9] * 8


def test_the_digit_is_a_seven_on_eight_by_eight_cells(plane):
    digit = plane["digit in x"]
    assert digit["sizes"] == {"size": 8} and np.shape(digit["x"]) == (2, 9, 10)
    image = np.array(digit["x"])[0]
    assert not image[8:].any() and not image[:, 8:].any() and 0 <= image.min() < image.max() == 9
    written = data.digits()
    means = [written.x_train[written.t_train == name].mean(axis=0) for name in range(10)]
    likeness = [np.corrcoef(mean.ravel(), image[:8, :8].ravel())[0, 1] for mean in means]
    assert np.argmax(likeness) == 7
    assert np.shape(made((4, 5), (2, 2), (3, 4))["digit in x"]["x"]) == (4, 5)


def test_kernels_say_their_size_and_small_layers_get_a_corner(line, plane):
    for presets_ in line, plane:
        assert all(p["sizes"] == {"kernel": 3} for p in presets_.values() if p["kind"] == "w")
    assert made((5,), (2,), (4,))["blur"]["w"] == [1, 2]


@pytest.mark.parametrize("name, x, w, dy", EXAMPLES)
def test_examples_of_the_book_bring_their_axes(name, x, w, dy):
    preset = made(np.shape(x), np.shape(w), np.shape(dy))[name]
    assert preset["axes"] == [[size, kernel, 1, 0, 1, 0]
                              for size, kernel in zip(np.shape(x), np.shape(w), strict=True)]
    others = {n for n, _, k, _ in EXAMPLES if np.ndim(k) != np.ndim(w)}
    assert not others & set(made(np.shape(x), np.shape(w), np.shape(dy)))
    widget = explore(x, w, controls="presets")
    for axes in preset["axes"]:
        assert not widget.maps[maps.key(axes)].startswith("!")


def test_each_preset_finds_the_maps_of_its_sizes():
    for x, w in (np.ones(6), np.ones(2)), (np.ones((5, 6)), np.ones((2, 3))):
        sent = explore(x, w, controls="presets").maps
        for size, kernel in zip(x.shape, w.shape, strict=True):
            assert {maps.key([s, k, 1, 0, 1, 0]) for s in (size, 8) for k in (kernel, 3)} <= {*sent}


def test_where_nothing_was_given_stand_digits_unlike_their_neighbours():
    x, w, dy = (np.zeros(shape, int) for shape in ((2, 1, 1), (3, 2, 1, 1), (3, 1, 1)))
    kept = reserve(x - 1, w - 1, dy - 1, maps.axis_maps([[9, 4, 1, 2, 1, 0]], {}), 2)
    assert [kept[name].shape for name in ("x", "w", "dy")] == [(2, 9, 9), (3, 2, 4, 4), (3, 10, 10)]
    for array in kept.values():
        assert set(array[..., :1, :1].flat) == {-1}
        rest = array[..., 1:, 1:]
        assert 1 <= rest.min() and rest.max() <= 9
        assert all((np.diff(rest, axis=axis) != 0).all() for axis in range(array.ndim))


def test_wrong_ways_give_what_the_mistakes_give():
    rng = np.random.default_rng(0)
    x, w, dy = (rng.integers(1, 9, shape) for shape in ((6, 7), (3, 3), (4, 5)))
    sent = wrong_ways(2)
    assert sent["order"] == {str(n): [*range(n)][::-1] for n in range(1, maps.MAX_CELLS + 1)}
    seen = []
    for way in sent["ways"]:
        turned = np.flip(w, [axis for axis in (0, 1) if way["flip"][axis]])
        turned = turned.T if way["swap"] else turned
        names = [name for name in MISTAKES if diagnosis(name) == way["words"]]
        seen += names
        if way["of"] == "y":
            assert way["flip"] == [1, 1] and not names
        elif way["of"] == "dx":
            assert np.array_equal(conv_transpose2d(dy, turned), MISTAKES[names[0]](dy, x, w).dx)
        else:
            flipped = np.flip(conv2d_backward(dy, x, w).dw, (0, 1))
            assert way["flip"] == [1, 1]
            assert np.array_equal(flipped, MISTAKES[names[0]](dy, x, w).dw)
    assert seen == ["no_flip", "dw_flipped", "one_axis_flip", "other_axis_flip",
                    "transpose_for_rot180"]
    assert [way["flip"] for way in wrong_ways(1)["ways"]] == [[1]] * 3
