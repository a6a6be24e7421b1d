"""Words keep their distance: pictures in which some have touched others, a box or the edge."""

import io
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from convlib.kernel_map import kernel_map
from convlib.networks import Conv, Dense, Relu
from figures.chapters.ch01_beats import draw_response
from figures.chapters.ch01_slide import draw_slide
from figures.chapters.ch01_sums import draw_three_sums
from figures.chapters.ch01_weights import draw_weights
from figures.chapters.ch03_sizes import stairs
from figures.chapters.ch06_pass import draw_pass
from figures.chapters.ch08_products import draw_products
from figures.chapters.ch09_pipeline import draw_pipeline
from figures.chapters.ch10_layers import draw_chain, draw_learning
from figures.drawing.board import board
from figures.widgets.encoding import small_webp
from tests.figures.seen import crowded, words

DRAWINGS = [
    lambda: stairs(3, 2, range(3, 14))(plt.figure(figsize=(6.88, 3.6)), 8),
    lambda: draw_pass([[1, 2, 0], [0, 1, 3], [2, 1, -1]], [[0.5, -1], [1, 0.25]], 0,
                      [[1, 0], [0.5, 1]]),
    lambda: draw_response([0, 0, 5, -2, 0, 0, 0, 5, -2, 0], [-1, 1], at=(1, 6)), draw_weights,
    lambda: draw_slide([2, 4, 7], [10, 1], mark=1),
    lambda: draw_products([100, 10, 1], [[1, 2, 3], [4, 5, 6]], [1, 10]),
    lambda: draw_pipeline([Conv(1, 16, 3, padding=1), Relu(), Dense(1024, 10)],
                          np.zeros((1, 8, 8))),
    lambda: draw_chain([(2, 4, 6), (3, 3, 4), (3, 3, 4), (3, 2, 3)])]


@pytest.mark.parametrize("draw", DRAWINGS)
def test_words_touch_nothing(draw):
    draw()
    assert crowded() == ([], [], [])


def test_words_that_touch_are_found():
    sheet = board(6, 3)
    sheet.grid([5], "x", (1, 1), indices=False, label="")
    for at, word in (((3, 0.5), "one"), ((3.2, 0.5), "two"), ((1, 1.5), "edge"), ((6, 2), "gone")):
        sheet.text(*at, word)
    pairs, across, outside = crowded()
    assert ("one", "two") in pairs and "edge" in across and outside == ["gone"]


def test_each_sum_ends_before_the_next_panel_begins():
    draw_three_sums(kernel_map((4,), (2,)), x=[1, 2, 3, 5], w=[10, 1], dy=[2, 4, 7])
    fig = plt.gcf()
    fig.draw_without_rendering()
    extents = {t.get_text(): t.get_window_extent() for t in fig.axes[0].texts}
    for total, title in (("y[0] = 12", "by tap"), ("dw[0] = 31", "by input")):
        assert extents[title].x0 - extents[total].x1 > 8


def test_accuracies_that_are_alike_are_drawn_apart():
    """An axis from 0 lays 95 and 97 % on each other."""
    histories = {name: SimpleNamespace(epochs=[SimpleNamespace(loss=1, accuracy=a) for a in values])
                 for name, values in (("one", (0.82, 0.95)), ("two", (0.94, 0.97)))}
    draw_learning(histories)
    low, high = plt.gcf().axes[1].get_ylim()
    assert 75 < low < 82 and high > 100


def test_the_numbers_of_a_grid_have_one_size():
    grid = board(6, 3).grid([1000, 100, None, 1], "w")
    assert len({number.get_fontsize() for number in grid.numbers.values()}) == 1
    grid.set([1, 2, 3, 4])
    assert grid.numbers[0, 0].get_fontsize() == grid.board.font()


def test_a_star_among_words_is_large_enough_to_be_seen():
    sheet = board(6, 3)
    sheet.text(1, 1, "x ⋆ w")
    sheet.text(3, 1, "⋆")
    assert words() == ["x ★ w", "⋆"]


def test_a_few_pixels_of_colour_keep_it_over_a_photograph():
    """A palette of averages gives x the green of y where all else is grey."""
    rng = np.random.default_rng(0)
    pixels = np.repeat(rng.integers(0, 256, (120, 160, 1), np.uint8), 3, axis=2)
    pixels[:, :, 2] -= np.minimum(pixels[:, :, 2], rng.integers(0, 6, (120, 160), np.uint8))
    hues = {(0, 114, 178): 0, (0, 121, 90): 8}
    for hue, row in hues.items():
        pixels[row:row + 3, :3] = hue
    with Image.open(io.BytesIO(small_webp(Image.fromarray(pixels)))) as stored:
        shown = np.asarray(stored.convert("RGB")).astype(int)
    for hue, row in hues.items():
        assert abs(shown[row + 1, 1] - hue).max() <= 16
