"""Live figures in plain Python: every move is a call, and what draw raises comes out."""

import gc
import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from PIL import Image

from figures.widgets.live import live, still, stops
from figures.widgets.painting import CSS_DPI, SHARPNESS
from figures.widgets.scene import Scene, scene

SIZE = (3, 2)


def build(fig):
    ax = fig.subplots()
    return ax, ax.imshow(np.zeros((5, 7)), vmin=0, vmax=1, cmap="Greys")


@scene(size=SIZE, build=build)
def draw(fig, parts, row, col):
    ax, image = parts
    cells = np.zeros((5, 7))
    cells[row, col] = 1
    image.set_data(cells)
    fig.click = (ax, "col", "row")
    return f"Row {row}, column {col}."


def grid(**options):
    return live(draw, alt="", row=range(5), col=[0, 2, 3, 6], **options)


def pixels(picture, ground=None):
    """What is seen of a picture, which may be laid over another."""
    image = Image.open(io.BytesIO(picture["image"])).convert("RGBA")
    if ground:
        below = Image.open(io.BytesIO(ground["image"])).convert("RGBA")
        image = Image.alpha_composite(below, image)
    return np.asarray(image.convert("RGB")).astype(int)


@pytest.fixture
def shown(monkeypatch):
    """Every figure that plt.show() showed, in the sharpness of the widget."""
    figures = []
    monkeypatch.setattr(plt, "show", lambda: figures.append(plt.gcf()))
    return figures


def test_sweep_draws_every_combination_and_leaves_the_widget_where_it_was():
    widget = grid(start={"row": 2})
    captions = widget.sweep()
    assert captions == [f"Row {r}, column {c}." for r in range(5) for c in (0, 2, 3, 6)]
    assert widget.values == {"row": 2, "col": 0}


def test_a_move_draws_the_picture_of_its_values_on_the_same_artists():
    builds = []
    draw = Scene(lambda fig, parts, H: None, size=SIZE, build=builds.append)
    widget = live(draw, alt="H is {H}", H=[1, 2])
    before = widget.picture
    widget.set(H=2)
    assert len(builds) == 1
    assert (before["text"], widget.picture["text"]) == ("H is 1", "H is 2")


def test_a_figure_that_nobody_has_moved_keeps_no_pixels():
    def draw(fig, n):
        fig.clear()
        fig.text(0.5, 0.5, f"{n}")

    def buffers():
        gc.collect()
        return sum(isinstance(thing, RendererAgg) for thing in gc.get_objects())

    before = buffers()
    widget = live(draw, alt="{n}", n=range(3))
    assert buffers() == before
    fresh = live(draw, alt="{n}", start={"n": 1}, n=range(3))
    assert widget._painter.picture([1]) == fresh.picture  # and it can be drawn again


def test_frames_are_the_pictures_python_draws():
    widget = grid()
    widget.store_frames()
    frames = [pixels(frame, widget.frames[0]) for frame in widget.frames]
    moves = [{"row": r, "col": c} for r in range(5) for c in (0, 2, 3, 6)]
    kernel = []
    for move in moves[1:] + moves[:1]:  # the widget already stands on the first
        widget.set(**move)
        kernel.append(pixels(widget.picture))
    kernel = kernel[-1:] + kernel[:-1]
    apart = np.array([[np.abs(f - k).mean() for k in kernel] for f in frames])
    assert apart.diagonal().max() < 0.1  # 256 colours are enough here
    assert apart[~np.eye(len(moves), dtype=bool)].min() > 1  # another cell is black
    whole, *others = (len(frame["image"]) for frame in widget.frames)
    assert whole < 5000 and max(others) < whole / 2  # the others hold what differs


@pytest.mark.parametrize("factor", [2, 3, 5])
def test_no_trace_of_the_first_frame_remains_in_a_page_that_scales(factor):
    widget = grid()
    widget.store_frames()
    images = [Image.open(io.BytesIO(frame["image"])).convert("RGBA") for frame in widget.frames]
    small = [image.reduce(factor) for image in images]
    for image, layer in zip(images[1:], small[1:], strict=True):
        whole = Image.alpha_composite(images[0], image).reduce(factor)
        layered = Image.alpha_composite(small[0], layer)
        assert np.abs(np.asarray(whole, int) - np.asarray(layered, int)).max() < 16


@pytest.mark.parametrize("move", [{"row": 4, "col": 0}, {"row": 1, "col": 6}])
def test_still_is_the_same_picture(shown, capsys, move):
    widget = grid()
    widget.set(**move)
    still(draw, **move)
    twin = shown[0]
    assert (twin.get_size_inches() * twin.dpi).tolist() == [s * CSS_DPI for s in SIZE]
    twin.set_dpi(CSS_DPI * SHARPNESS)
    twin.canvas.draw()
    assert np.array_equal(np.asarray(twin.canvas.buffer_rgba())[..., :3], pixels(widget.picture))
    assert capsys.readouterr().out.strip() == widget.picture["text"]


def test_what_draw_raises_is_shown_and_comes_out():
    def fits(fig, R):
        if R > 3:
            raise ValueError(f"a window spanning {R} does not fit")

    widget = live(fits, alt="", R=range(1, 6))
    with pytest.raises(ValueError, match="spanning 4"):
        widget.set(R=4)
    assert widget.picture == {"at": [3], "error": "ValueError: a window spanning 4 does not fit"}
    with pytest.raises(ValueError, match="spanning 4"):
        widget.sweep()
    widget.set(R=2)
    assert "error" not in widget.picture


def test_a_click_lands_on_the_cell_under_it():
    """Each cell's place in the picture holds the black pixel when that cell is set."""
    widget = grid()
    for row, col in [(0, 2), (4, 6), (3, 3)]:
        widget.set(row=row, col=col)
        (first, x_axis, xs), (second, y_axis, ys) = widget.picture["click"]["axes"]
        assert (first, x_axis, second, y_axis) == (1, 0, 0, 1)
        image = pixels(widget.picture)
        height, width, _ = image.shape
        x, y = xs[widget.at[1]], ys[widget.at[0]]
        assert not image[round((1 - y) * height), round(x * width)].any()
        left, bottom, right, top = widget.picture["click"]["box"]
        assert left < x < right and bottom < y < top


def test_controls_are_described_for_the_page():
    widget = live(lambda fig, sort_by, lr: None, alt="",
                  sort_by=stops(range(4), by_tap=1), lr=["slow", "fast"])
    assert widget.controls == [
        {"name": "sort by", "texts": ["0", "1", "2", "3"], "stops": [["by tap", 1]],
         "radio": False, "menu": False},
        {"name": "lr", "texts": ["slow", "fast"], "stops": [], "radio": True, "menu": False}]


def test_the_page_build_stores_frames_by_itself(monkeypatch):
    assert grid().frames == []
    monkeypatch.setenv("FLIPPED_KERNEL_FRAMES", "1")
    widget = grid()
    assert len(widget.frames) == len(widget.sweep())


def test_repr_has_values_and_no_address():
    assert repr(grid(start={"col": 3})) == "live(draw, row=0, col=3)"


@pytest.mark.parametrize("controls, words", [
    ({}, "0 controls"),
    ({"a": [1], "b": [1], "c": [1]}, "3 controls"),
    ({"a": range(9), "b": range(7)}, "9 of a x 7 of b are 63 pictures"),
    ({"a": []}, "'a' needs values"),
    ({"a": [1, 1]}, "each once"),
    ({"a": [1, 2], "start": {"a": 3}}, r"a=3 is not one of \[1, 2\]"),
    ({"a": [1, 2], "start": {"b": 1}}, "no control 'b'"),
])
def test_refused(controls, words):
    with pytest.raises(ValueError, match=words):
        live(lambda fig, **values: None, alt="", **controls)


def test_a_stop_must_be_a_value():
    with pytest.raises(ValueError, match="tap=9"):
        stops(range(5), tap=9)


def test_the_page_is_told_the_size_and_all_that_it_draws():
    state = grid().get_state()
    assert (state["width"], state["height"]) == (300, 200)  # 100 CSS pixels an inch
    assert {"controls", "at", "picture", "frames"} <= set(state)


def test_a_caption_below_a_still_is_broken_where_the_page_ends(shown, capsys):
    still(lambda fig: "word " * 40, size=SIZE)
    lines = capsys.readouterr().out.splitlines()
    assert [len(line) for line in lines] == [74, 74, 49]


def test_the_page_is_told_which_pictures_are_photographs():
    """A drawing is turned over in dark themes; where white and black have a meaning it is not."""
    plot = live(lambda fig, n: fig.subplots().plot([0, n]) and None, alt="{n}", n=[1, 2])
    assert grid().photograph and not plot.photograph
