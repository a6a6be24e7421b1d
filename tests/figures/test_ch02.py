"""The pictures of the flip say what the kernel map computes, over their whole range."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

from convlib import conv1d, kernel_map
from figures import live
from figures.chapters import ch02
from tests.figures.seen import kept, marked

X, W, DY = np.array([1, 2, 3, 5, 4]), np.array([100, 10, 1]), np.array([2, 4, 7])
KERNELS = {"uneven": np.array([[1, 2, 3], [4, 5, 7]]), "even": np.array([[1, 2, 3], [3, 2, 1]]),
           "odd": np.array([[1, 2, 3], [-3, -2, -1]])}
PRICES = {"different": np.array([[2, 4, 7, 1], [3, 0, 5, 8], [6, 9, 2, 4]]),
          "ones": np.ones((3, 4), int)}


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
def test_convention_scene_says_the_three_sums(fig, forward):
    mirrored = forward == "true convolution"
    said = rows(ch02.convention_scene(X, W, DY)(fig, forward))
    as_it_lies = W[::-1] if mirrored else W
    assert said["y"] == [X[p:p + 3] @ as_it_lies for p in range(3)]
    correlated = [int(X[r:r + 3] @ DY) for r in range(3)]
    assert said["dw"] == (correlated[::-1] if mirrored else correlated)
    assert said["dx"] == stamped(DY, W, mirrored).tolist()


@pytest.mark.parametrize("forward", ch02.FORWARDS)
def test_each_line_of_the_scene_adds_up(fig, forward):
    """What is drawn on the left of =, correlated, is what is drawn on its right."""
    scene = ch02.convention_scene(X, W, DY)
    scene(fig, ch02.FORWARDS[0])
    scene(fig, forward)
    lines, _ = kept(fig)

    def row(grid):
        return [int(text.get_text()) for text in grid.numbers.values()]

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


def test_one_place_is_flipped_under_either_convention(fig):
    for forward in ch02.FORWARDS:
        words = ch02.convention_scene(X, W, DY)(fig, forward)
        where = re.search(r"lies flipped in (\w+) and as stored in (\w+)", words).groups()
        assert where == (("y", "dx") if forward == "true convolution" else ("dx", "y"))


@pytest.mark.parametrize("w", KERNELS)
@pytest.mark.parametrize("dy", PRICES)
def test_verdicts_count_what_differs(w, dy):
    right, wrong, checks = ch02.verdicts(KERNELS[w], PRICES[dy])
    assert np.array_equal(right, stamped(PRICES[dy], KERNELS[w], False))
    assert np.array_equal(wrong, stamped(PRICES[dy], KERNELS[w], True))
    deep = right[1:3, 2:4] != wrong[1:3, 2:4]
    missed = right != wrong
    assert checks["every cell"] == (not missed.any(), f"{missed.sum()} of 24 differ")
    assert checks["the interior"] == (not deep.any(), f"{deep.sum()} of 4 differ")
    assert checks["the mean"][0]


def test_interior_cells_are_those_that_every_tap_reaches():
    reached = np.zeros((4, 6), int)
    np.add.at(reached, kernel_map((4, 6), (2, 3)).inp, 1)
    assert np.array_equal(reached == 6, np.pad(np.ones((2, 2), bool), [(1, 1), (2, 2)]))


def test_bug_scene_over_its_whole_range(fig):
    scene = ch02.bug_scene(KERNELS, PRICES)
    captions = live(scene, alt="dx", size=scene.size, w=list(KERNELS), dy=list(PRICES)).sweep()
    assert len(set(captions)) == len(KERNELS) * len(PRICES)
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


def test_framed_cells_of_the_bug_are_the_wrong_ones(fig):
    scene = ch02.bug_scene(KERNELS, PRICES)
    scene(fig, "uneven", "different")
    scene(fig, "uneven", "ones")
    grids, _ = kept(fig)
    right, wrong, _ = ch02.verdicts(KERNELS["uneven"], PRICES["ones"])
    for grid, expected in ((grids[2], right != right), (grids[3], right != wrong)):
        assert marked(grid) == set(map(tuple, np.argwhere(expected)))
