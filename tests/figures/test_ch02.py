"""The pictures of the flip say what the kernel map computes, over their whole range."""

import re
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest

from convlib import conv1d, conv2d, kernel_map
from figures import live
from figures.chapters import ch02, ch02_signs

X, W, DY = np.array([1, 2, 3, 5, 4]), np.array([100, 10, 1]), np.array([2, 4, 7])
KERNELS = {"uneven": np.array([[1, 2, 3], [4, 5, 7]]), "even": np.array([[1, 2, 3], [3, 2, 1]]),
           "odd": np.array([[1, 2, 3], [-3, -2, -1]])}
PRICES = {"different": np.array([[2, 4, 7, 1], [3, 0, 5, 8], [6, 9, 2, 4]]),
          "ones": np.ones((3, 4), int)}


@pytest.fixture
def figure():
    return plt.figure()


def rows(caption):
    """The lists of integers that a caption names, by name."""
    return {name: [int(n) for n in row.split(",")]
            for name, row in re.findall(r"(\w+) = \[([^]]*)\]", caption)}


def stamped(dy, w, mirrored):
    """dx by plain loops: each price stamps the kernel as it lies."""
    dx = np.zeros(np.add(dy.shape, w.shape) - 1, int)
    for p in np.ndindex(dy.shape):
        for r in np.ndindex(w.shape):
            lies = tuple(n - 1 - k if mirrored else k for n, k in zip(w.shape, r, strict=True))
            dx[tuple(np.add(p, lies))] += dy[p] * w[r]
    return dx


@pytest.mark.parametrize("forward", ch02.FORWARDS)
def test_convention_scene_says_the_three_sums(figure, forward):
    mirrored = forward == "true convolution"
    said = rows(ch02.convention_scene(X, W, DY)(figure, forward))
    as_it_lies = W[::-1] if mirrored else W
    assert said["y"] == [X[p:p + 3] @ as_it_lies for p in range(3)]
    correlated = [int(X[r:r + 3] @ DY) for r in range(3)]
    assert said["dw"] == (correlated[::-1] if mirrored else correlated)
    assert said["dx"] == stamped(DY, W, mirrored).tolist()


@pytest.mark.parametrize("forward", ch02.FORWARDS)
def test_each_line_of_the_scene_adds_up(figure, forward):
    """What is drawn on the left of =, correlated, is what is drawn on its right."""
    scene = ch02.convention_scene(X, W, DY)
    scene(figure, ch02.FORWARDS[0])
    scene(figure, forward)
    lines, _ = next(iter(figure._scenes.values()))
    row = lambda grid: [int(text.get_text()) for text in grid.numbers.values()]  # noqa: E731
    left = {"y": X, "dw": X, "dx": np.pad(DY, 2)}
    for name, (over, taps, made, note) in lines.items():
        result = conv1d(left[name], row(over)).tolist()
        mirrored = name == "dw" and forward == "true convolution"
        assert row(made) == (result[::-1] if mirrored else result)
        boxes = (*over.boxes.values(), *made.boxes.values())
        framed = any(box.get_linewidth() > 2 for box in boxes)
        assert framed == ("⇄" in note.get_text())
        for text, value in zip(taps, row(over), strict=False):
            assert W[int(text.get_text()[2])] == value


def test_one_place_is_flipped_under_either_convention(figure):
    for forward in ch02.FORWARDS:
        words = ch02.convention_scene(X, W, DY)(figure, forward)
        where = re.search(r"read backward for (\w+) and in order for (\w+)", words).groups()
        assert where == (("y", "dx") if forward == "true convolution" else ("dx", "y"))


@pytest.mark.parametrize("w", KERNELS)
@pytest.mark.parametrize("dy", PRICES)
def test_verdicts_count_what_differs(w, dy):
    right, wrong, checks = ch02.verdicts(KERNELS[w], PRICES[dy])
    assert np.array_equal(right, stamped(PRICES[dy], KERNELS[w], False))
    assert np.array_equal(wrong, stamped(PRICES[dy], KERNELS[w], True))
    deep = right[1:3, 2:4] != wrong[1:3, 2:4]
    missed = right != wrong
    assert checks["every entry"] == (not missed.any(), f"{missed.sum()} of 24 differ")
    assert checks["the interior"] == (not deep.any(), f"{deep.sum()} of 4 differ")
    assert checks["the mean"][0]
    seen = ["entry"] * bool(missed.any()) + ["interior"] * bool(deep.any())
    assert ch02.caught(KERNELS[w], PRICES[dy]) == (" + ".join(seen) or "none")


def test_interior_cells_are_those_that_every_tap_reaches():
    reached = np.zeros((4, 6), int)
    np.add.at(reached, kernel_map((4, 6), (2, 3)).inp, 1)
    assert np.array_equal(reached == 6, np.pad(np.ones((2, 2), bool), [(1, 1), (2, 2)]))


def test_bug_scene_over_its_whole_range(figure):
    scene = ch02.bug_scene(KERNELS, PRICES)
    captions = live(scene, alt="dx", size=scene.size, w=list(KERNELS), dy=list(PRICES)).sweep()
    assert len(set(captions)) == 6
    for caption in captions:
        w, dy = re.match(r"w (\w+), dy (\w+):", caption).groups()
        for check, (passes, said) in ch02.verdicts(KERNELS[w], PRICES[dy])[2].items():
            verdict = "passes" if passes else "is caught"
            assert f"compare {check}: {said}, the bug {verdict}" in caption


def test_long_multiplication_adds_its_columns():
    ch02.draw_product([2, 4, 7], [1, 3, 5])
    numbers = [t.get_text() for t in plt.gca().texts]
    for n in (2 * 1, 4 * 1 + 2 * 3, 7 + 12 + 10, 21 + 20, 35):
        assert str(n) in numbers


def test_anchors_name_the_windows():
    ch02.draw_anchors(np.arange(35).reshape(5, 7), (3, 5), (2, 3))
    words = {t.get_text() for t in plt.gca().texts}
    assert {"rows 2 to 4, columns 3 to 7", "rows 1 to 3, columns 1 to 5"} <= words


def test_framed_cells_of_the_bug_are_the_wrong_ones(figure):
    scene = ch02.bug_scene(KERNELS, PRICES)
    scene(figure, "uneven", "different")
    scene(figure, "uneven", "ones")
    grids, _ = next(iter(figure._scenes.values()))
    right, wrong, _ = ch02.verdicts(KERNELS["uneven"], PRICES["ones"])
    for grid, expected in ((grids[2], right != right), (grids[3], right != wrong)):
        framed = {cell for cell, box in grid.boxes.items() if box.get_linewidth() > 2}
        assert framed == set(map(tuple, np.argwhere(expected)))


def marked(axes):
    """The numbers in the framed cells of a picture."""
    boxes = [box for box in axes.patches if box.get_linewidth() > 2]
    return sorted(text.get_text() for text in axes.texts for box in boxes
                  if np.allclose(text.get_position(), box.get_center()))


@pytest.mark.parametrize("total, pairs", [(4, {"1 + 3", "2 + 2", "3 + 1"}),
                                          (7, {"3 + 4", "4 + 3"})])
def test_dice_of_one_total_are_marked_and_listed(total, pairs):
    ch02_signs.draw_dice(total, faces=4)
    words = {text.get_text() for text in plt.gca().texts}
    assert {word for word in words if " + " in word} == pairs
    assert marked(plt.gca()) == [str(total)] * len(pairs)


def test_grids_mark_the_products_of_one_input():
    """Down the marked cells r falls for i = p + r, and rises for i = p + (R-1-r)."""
    ch02_signs.draw_grids(7, 3, 3)
    boxes = [box for box in plt.gca().patches if box.get_linewidth() > 2]
    assert marked(plt.gca()) == ["3"] * 6
    for half, step in ((boxes[:3], -1), (boxes[3:], 1)):
        corners = sorted(box.get_xy()[::-1] for box in half)  # from the top down
        assert np.allclose(np.diff(corners, axis=0), [1, step])


def test_the_marked_tap_moves_with_the_flip_and_not_with_the_transpose():
    ch02_signs.draw_turned([[9, 2, 3], [4, 5, 7]])
    boxes = [box for box in plt.gca().patches if box.get_linewidth() > 2]
    assert marked(plt.gca()) == ["9"] * 3
    tops = [round(box.get_y(), 6) for box in boxes]
    assert tops[0] == tops[2] == tops[1] - 1


@pytest.mark.parametrize("draw", [
    lambda: ch02.draw_product([2, 4, 7], [1, 3]),
    lambda: ch02.draw_anchors(np.arange(35).reshape(5, 7), (3, 5), (1, 1)),
    lambda: still(ch02.convention_scene([1, 2, 3, 5], [10, 1], [2, 4, 7]), "true convolution"),
    lambda: still(ch02.bug_scene(KERNELS, PRICES), "uneven", "ones"),
    ch02_signs.draw_dice, lambda: ch02_signs.draw_grids(6, 3, 2),
    lambda: ch02_signs.draw_turned(KERNELS["uneven"]),
], ids=["product", "anchors", "convention", "bug", "dice", "grids", "turned"])
def test_nothing_is_too_small_to_read_on_the_page(draw):
    """A page is 688 pixels wide; wider pictures shrink to it."""
    draw()
    fig = plt.gcf()
    wide = fig.get_size_inches()[0] * fig.dpi
    pixels = [text.get_fontsize() / 72 * fig.dpi * min(1, 688 / wide)
              for axes in fig.axes for text in axes.texts if text.get_text()]
    assert min(pixels) >= 11


def still(scene, *values):
    scene(plt.figure(figsize=scene.size, dpi=100), *values)


CHAPTER = nbformat.read(Path(__file__).parents[2] / "chapters/02_convolution_or_correlation.ipynb",
                        as_version=4)
PRACTICE = next(cell.source for cell in CHAPTER.cells if cell.id == "practice")
LIBRARY = re.compile(r"""^((?:scipy|numpy)[.a-z0-9]+)\(x, w.*\) +# ([a-z -]+); default "(\w+)"$""",
                     re.M)


@pytest.mark.parametrize("name, operation, mode", LIBRARY.findall(PRACTICE))
def test_libraries_do_what_the_chapter_says_of_them(name, operation, mode):
    import scipy.signal  # takes a second to load

    function = eval(name, {"numpy": np, "scipy": scipy})
    x, w, layer = ((PRICES["different"], KERNELS["uneven"], conv2d) if name.endswith("2d")
                   else (X, W, conv1d))
    kernel = np.flip(w) if operation == "true convolution" else w
    assert not np.array_equal(w, np.flip(w))
    assert np.array_equal(function(x, w, mode="valid"), layer(x, kernel))
    assert np.array_equal(function(x, w), layer(x, kernel, padding=mode))


def test_four_library_lines_are_read():
    assert {name for name, _, _ in LIBRARY.findall(PRACTICE)} == {
        "numpy.convolve", "numpy.correlate", "scipy.signal.convolve2d", "scipy.signal.correlate2d"}
