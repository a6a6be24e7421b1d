"""Chapter 03's pictures: every slider over its range, what is drawn compared with other counts."""

import re
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from convlib import conv2d, kernel_map
from convlib.data import photograph
from figures import live
from figures.chapters.ch03_photo import (
    KERNELS,
    brightness_range,
    draw_activation,
    draw_maps,
    draw_volume,
    filtering,
    window_scene,
)
from figures.chapters.ch03_sizes import draw_layer, draw_paddings, draw_window, stairs
from tests.figures.seen import words

PHOTO = np.rint(100 * photograph(size=(18, 24))).astype(int)
SKEW = np.array([[1, -2, 0], [3, 4, -5]])


@pytest.mark.parametrize("R, stride", [(3, 2), (2, 3), (4, 1)])
def test_stairs_draw_the_windows_that_the_kernel_map_has(R, stride):
    scene, fig = stairs(R, stride, range(4, 14)), Figure()
    for H in (*range(4, 14), 4):  # back to the start, on the same artists
        caption = scene(fig, H)
        (read,) = kernel_map((H,), (R,), stride=stride).inp
        rows = kernel_map((H,), (R,), stride=stride).y_shape[0]
        unread = sorted(set(range(H)) - set(read.tolist()))
        cells = [p for p in fig.axes[0].patches if p.get_visible() and p.get_height() == 1]
        assert [i for i, cell in enumerate(cells) if cell.get_hatch()] == unread
        assert len(cells) == H and sum(w.startswith("p = ") for w in words(fig)) == rows
        assert f"P = {rows};" in caption
        assert [int(i) for i in re.findall(r"x\[(\d+)\]", caption)] == unread


def test_the_dot_of_the_stairs_stands_on_the_stairs():
    scene, fig = stairs(3, 2, range(3, 14)), Figure()
    heights = []
    for H in range(3, 14):
        scene(fig, H)
        heights.append(fig.axes[1].lines[-1].get_ydata()[0])
    assert heights == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6]


def test_window_writes_the_sum_of_its_own_cells():
    draw_window([[1, 2, 3, 4], [5, 6, 7, 8], [9, 1, 2, 3]], [[1000, 100], [10, 1]], p=1, q=2)
    assert "y[1,2] = 7·1000 + 8·100 + 2·10 + 3·1 = 7823" in words()


def test_paddings_name_the_size_of_the_padded_output():
    draw_paddings(np.ones((3, 4)), (2, 3), ["valid", "same", "full", ((1, 0), (0, 3))])
    sizes = [w for w in words() if w.startswith("y:")]
    assert sizes == ["y: 2 × 2", "y: 3 × 4", "y: 4 × 6", "y: 3 × 5"]


@pytest.mark.parametrize("activation", [None, "ReLU"])
def test_layer_names_every_shape_and_every_price(activation):
    shapes = {"x": "(H, W)", "w": "(K, R, S)", "b": "(K,)", "y": "(K, P, Q)"}
    draw_layer(shapes, activation=activation)
    written = set(words())
    assert {*shapes.values(), "dx", "dw", "db", "dy"} <= written
    assert ("da" in written) == bool(activation)


@pytest.mark.parametrize("options", [{"stride": [1, 2, 3, 4]}, {"padding": [0, 1, 2, 5]}])
def test_filtering_shows_the_response_of_every_kernel(options):
    scene = filtering(PHOTO, room=5 if "padding" in options else 0)
    (name, values), = options.items()
    fig = Figure(figsize=scene.size)
    for kernel, value in product(KERNELS, values):
        caption = scene(fig, kernel, **{name: value})
        y = conv2d(PHOTO, KERNELS[kernel], **{name: value})
        shown = fig.axes[1].images[0]
        assert np.array_equal(shown.get_array(), y)
        left, right, bottom, top = shown.get_extent()
        assert (bottom - top, right - left) == y.shape  # one unit a cell, whatever came before
        assert f"becomes {y.shape[0]} × {y.shape[1]}." in caption
        assert fig.axes[0].get_xlim() == fig.axes[1].get_xlim()


@pytest.mark.parametrize("w", [SKEW, KERNELS["emboss"], np.array([[2]])], ids=str)
def test_window_scene_says_the_sum_that_convlib_computes(w):
    scene = window_scene(PHOTO, w)
    y, fig = conv2d(PHOTO, w), Figure(figsize=scene.size)
    assert (scene.rows[-1], scene.columns[-1]) == (y.shape[0] - 1, y.shape[1] - 1)
    for p, q in product(scene.rows, scene.columns):
        left, products, total = scene(fig, p, q).split(" = ")
        assert left == f"y[{p},{q}]" and int(total) == y[p, q]
        assert eval(products.replace("·", "*")) == y[p, q]


def test_a_click_into_y_finds_its_row_and_its_column():
    scene = window_scene(PHOTO, SKEW)
    widget = live(scene, alt="", size=scene.size, p=scene.rows, q=scene.columns)
    (across, x_axis, places), (down, y_axis, heights) = widget.picture["click"]["axes"]
    assert (across, x_axis, down, y_axis) == (1, 0, 0, 1)  # q is the second control, p the first
    assert places == sorted(places) and heights == sorted(heights)[::-1]  # row 0 is on top
    assert (len(places), len(heights)) == (len(scene.columns), len(scene.rows))


def test_window_scene_frames_the_window_of_the_clicked_cell():
    scene, fig = window_scene(PHOTO, SKEW), Figure()
    scene(fig, p=3, q=8)
    frame = fig.axes[0].patches[0]
    assert (frame.get_xy(), frame.get_width(), frame.get_height()) == ((7.5, 2.5), 3, 2)


def test_maps_and_their_positive_part():
    draw_maps(PHOTO, KERNELS)
    shown = [ax.images[0].get_array() for ax in plt.gcf().axes]
    assert all(np.array_equal(a, conv2d(PHOTO, w))
               for a, w in zip(shown[1:], KERNELS.values(), strict=True))
    draw_activation(shown[2])
    y, cut, left = (ax.images[0].get_array() for ax in plt.gcf().axes)
    assert np.array_equal(cut + left, y) and left.min() == 0 and cut.max() == 0


def test_flat_places_are_mid_grey_under_kernels_whose_taps_add_up_to_nothing():
    for w in KERNELS.values():
        low, high = brightness_range(w)
        flat = conv2d(np.full((3, 3), 50), w)[0, 0]
        assert np.isclose((flat - low) / (high - low), 0.5)


def test_volume_counts_the_products():
    draw_volume(photograph(size=(12, 14), grey=False), np.arange(36).reshape(3, 3, 4), p=2, q=5)
    assert {"x: 12 × 14 × 3", "w: 3 × 4 × 3", "y: 10 × 11", "36 products for each cell"} <= set(
        words())
