"""Chapter 03's pictures: every slider over its range, what is drawn compared with other counts."""

import re
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from convlib import conv2d, kernel_map
from convlib.data import photograph
from figures.chapters.ch03_layer import draw_layer, draw_response, draw_volume, draw_window_of
from figures.chapters.ch03_photo import (
    KERNELS,
    brightness_range,
    draw_activation,
    draw_maps,
    filtering,
)
from figures.chapters.ch03_sizes import draw_paddings, draw_window, stairs
from figures.widgets.probe import probe

PHOTO = np.rint(100 * photograph(size=(18, 24))).astype(int)
SKEW = np.array([[1, -2, 0], [3, 4, -5]])
SHAPES = {"x": "(C, H, W)", "w": "(K, C, R, S)", "b": "(K,)", "y": "(K, P, Q)"}
COLOUR = np.rint(100 * photograph(size=(12, 14), grey=False)).astype(int)


def words(fig):
    return [t.get_text() for ax in fig.axes for t in ax.texts if t.get_visible()]


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
        assert ("every cell is read" in caption) == (not unread) != ("not read" in caption)


def test_the_dot_of_the_stairs_stands_on_the_stairs():
    scene, fig = stairs(3, 2, range(3, 14)), Figure()
    heights = []
    for H in range(3, 14):
        scene(fig, H)
        heights.append(fig.axes[1].lines[-1].get_ydata()[0])
    assert heights == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6]


def test_window_writes_the_sum_of_its_own_cells_and_no_other_output():
    x, w = np.array([[1, 2, 3, 4], [5, 6, 7, 8], [9, 1, 2, 3]]), np.array([[1000, 100], [10, 1]])
    draw_window(x, w, p=1, q=2)
    found = words(plt.gcf())
    assert "y[1,2] = 7·1000 + 8·100 + 2·10 + 3·1 = 7823" in found and "7823" in found
    assert not {str(value) for value in conv2d(x, w).flat} - {"7823"} & set(found)


def test_paddings_name_the_size_of_the_padded_output():
    draw_paddings(np.ones((3, 4)), (2, 3), ["valid", "same", "full", ((1, 0), (0, 3))])
    sizes = [w for w in words(plt.gcf()) if w.startswith("y:")]
    assert sizes == ["y: 2 × 2", "y: 3 × 4", "y: 4 × 6", "y: 3 × 5"]


def test_layer_names_every_value_and_its_shape():
    draw_layer(SHAPES)
    found = words(plt.gcf())
    assert {"x", "y", "a", "(C, H, W)", "w (K, C, R, S)", "b (K,)"} <= set(found)
    assert found.count("(K, P, Q)") == 2  # of y and of a


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
def test_the_window_says_the_sum_that_convlib_computes(w):
    y = conv2d(PHOTO, w)
    for p, q in [(0, 0), (y.shape[0] - 1, y.shape[1] - 1), (3, 8)]:
        left, products, total = draw_window_of(PHOTO, w, p, q).replace("−", "-").split(" = ")
        assert left == f"y[{p},{q}]" and int(total) == y[p, q]
        assert eval(products.replace("·", "*")) == y[p, q]
        plt.close("all")


@pytest.mark.parametrize("w", [SKEW, KERNELS["vertical edge"]], ids=str)
def test_the_response_is_the_photograph_under_the_kernel_as_it_is_stored(w):
    draw_response(PHOTO, w)
    seen, response = plt.gca().images
    assert np.array_equal(seen.get_array(), PHOTO)
    assert np.array_equal(response.get_array(), conv2d(PHOTO, w))
    assert response.get_clim() == brightness_range(w)
    unit = {(image.get_extent()[1] - image.get_extent()[0]) / image.get_array().shape[1]
            for image in (seen, response)}
    assert np.ptp(list(unit)) < 1e-9  # a pixel is as large in both
    taps = [number.replace("−", "-") for number in words(plt.gcf())]
    assert [int(n) for n in taps if n.lstrip("-").isdigit()] == w.ravel().tolist()


def test_the_window_is_framed_where_it_is():
    draw_window_of(PHOTO, SKEW, p=3, q=8)
    seen, answer = (image.get_extent() for image in plt.gca().images)
    for extent, shape, place in ((seen, PHOTO.shape, (3, 8, 2, 3)),
                                 (answer, conv2d(PHOTO, SKEW).shape, (2, 7, 3, 3))):
        unit = (extent[1] - extent[0]) / shape[1]
        row, column, height, width = np.array(place) * unit
        wanted = extent[0] + column, extent[3] + row, width, height
        frames = [(*p.get_xy(), p.get_width(), p.get_height()) for p in plt.gca().patches]
        assert any(np.allclose(frame, wanted) for frame in frames)


@pytest.mark.parametrize("w", [SKEW, KERNELS["vertical edge"], KERNELS["blur"]], ids=str)
def test_the_probe_sends_the_arrays_of_the_library(w):
    widget, y = probe(PHOTO, w, at=(2, 5)), conv2d(PHOTO, w)
    assert widget.at == [2, 5]
    assert all(np.array_equal(getattr(widget, name), array)
               for name, array in (("x", PHOTO), ("w", w), ("y", y)))
    assert widget.shades == [[0, 100], list(map(float, brightness_range(w)))]


def test_every_output_can_be_chosen_and_no_other():
    widget, y = probe(PHOTO, SKEW), conv2d(PHOTO, SKEW)
    for k in (y.argmin(), y.argmax(), y.size - 1):
        widget.at = list(map(int, np.unravel_index(k, y.shape)))
        p, q = widget.at
        assert widget.y[p][q] == y.flat[k]
    for wrong in ([y.shape[0], 0], [0, y.shape[1]], [-1, 0]):
        with pytest.raises(ValueError, match="does not exist: y has 17 rows and 22 columns"):
            widget.at = wrong


@pytest.mark.parametrize("photo", [np.zeros((3, 9, 9)), np.zeros(9), np.zeros((400, 400)),
                                   np.full((9, 9), np.nan)])
def test_a_probe_refuses_what_it_cannot_show(photo):
    with pytest.raises(ValueError, match="expected rows and columns of finite numbers"):
        probe(photo, SKEW)


def test_maps_and_their_positive_part():
    draw_maps(PHOTO, KERNELS)
    shown = [ax.images[0].get_array() for ax in plt.gcf().axes]
    assert all(np.array_equal(a, conv2d(PHOTO, w))
               for a, w in zip(shown[1:], KERNELS.values(), strict=True))
    draw_activation(shown[2])
    parts = [ax.images[0] for ax in plt.gcf().axes]
    y, cut, left = (part.get_array() for part in parts)
    assert np.array_equal(cut + left, y) and left.min() == 0 and cut.max() == 0
    # white is positive, black negative and mid grey 0, in all three and in the maps before
    assert {(part.get_cmap().name, *part.get_clim()) for part in parts} == {
        ("gray", parts[0].get_clim()[0], -parts[0].get_clim()[0])}


def test_flat_places_are_mid_grey_under_kernels_whose_taps_add_up_to_nothing():
    for w in KERNELS.values():
        low, high = brightness_range(w)
        flat = conv2d(np.full((3, 3), 50), w)[0, 0]
        assert np.isclose((flat - low) / (high - low), 0.5)


@pytest.mark.parametrize("w", [np.arange(-18, 18).reshape(3, 3, 4),
                               np.ones((3, 3, 4), int) * [[[2]], [[-1]], [[-3]]]], ids=len)
def test_volume_adds_what_the_channels_give(w):
    said = draw_volume(COLOUR, w, p=2, q=5).replace("−", "-")
    left, parts, total = said.removesuffix(",  36 products").split(" = ")
    assert left == "y[2,5]" and int(total) == eval(parts) == conv2d(COLOUR, w[None])[0, 2, 5]
    assert {"x: (3, 12, 14)", "y: (10, 11)"} <= set(words(plt.gcf()))
    images = [image.get_array() for image in plt.gca().images]
    photo, y, *rows = images
    assert np.allclose(np.moveaxis(photo, -1, 0) * 100, COLOUR)
    assert np.array_equal(y, sum(rows[2::3]))  # a channel, a slice, what they give
    for c, (channel, part) in enumerate(zip(rows[::3], rows[2::3], strict=True)):
        assert np.allclose(channel[..., c] * 100, COLOUR[c])
        assert not channel[..., [n for n in range(3) if n != c]].any()
        assert np.array_equal(part, conv2d(COLOUR[c], w[c]))


def still_of(scene, **values):
    scene(plt.figure(figsize=scene.size), **values)


SOBEL = KERNELS["vertical edge"]
PICTURES = [
    lambda: draw_window(np.arange(12).reshape(3, 4), [[1000, 100], [10, 1]], 0, 0),
    lambda: draw_paddings(np.ones((3, 4), int), (2, 3), ["valid", "same", "full"]),
    lambda: draw_layer(SHAPES), lambda: draw_volume(COLOUR, np.ones((3, 5, 5), int), 2, 3),
    lambda: draw_window_of(PHOTO, SOBEL, 3, 8), lambda: draw_response(PHOTO, SOBEL),
    lambda: draw_maps(PHOTO, KERNELS),
    lambda: draw_activation(conv2d(PHOTO, SOBEL)),
    lambda: still_of(stairs(3, 2, range(3, 14)), H=8),
    lambda: still_of(filtering(PHOTO), kernel="horizontal edge", stride=2),
    lambda: still_of(filtering(PHOTO, room=8), kernel="blur", padding=8)]


@pytest.mark.parametrize("draw", PICTURES)
def test_nothing_is_written_smaller_than_eleven_pixels_on_the_page(draw):
    draw()
    fig = plt.gcf()
    fig.canvas.draw()
    shrunk = min(1, 688 / (100 * fig.get_figwidth() + 20))  # Jupyter adds a margin to each side
    written = [t for t in fig.findobj(plt.Text) if t.get_text().strip() and t.get_visible()]
    assert written
    assert [t.get_text() for t in written if t.get_fontsize() * 100 / 72 * shrunk < 10.99] == []
