"""The explorer in plain Python: the maps it sends, what it refuses, what comes back, its still."""

import json
import re
from itertools import product
from math import prod
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

from convlib import conv1d, conv2d, conv2d_backward, kernel_map
from course.mistakes import MISTAKES
from figures.explorer import CONTROLS, PANELS, explore, maps
from figures.explorer.cells import MAX_ROWS
from figures.explorer.still import draw_explored

FOLDER = Path(maps.__file__).parent
X, W = np.arange(1, 13).reshape(3, 4), np.array([[1000, 100], [10, 1]])
DY = np.array([[1, 2, 4], [3, 5, -2]])
ALL = [*product(*maps.RANGES.values(), (0, 1))]


def unpacked(map_):
    numbers = [maps.DIGITS.index(digit) + maps.LOWEST for digit in map_]
    return numbers[0], np.array(numbers[1:]).reshape(-1, 3)


# ------------------------------------------------------------------ the maps
@pytest.mark.parametrize("mirrored", [0, 1])
def test_each_axis_map_makes_the_sums_of_the_library(mirrored):
    rng = np.random.default_rng(0)
    for size, kernel, stride, padding, dilation, _ in [o for o in ALL if o[-1] == mirrored]:
        options = {"stride": stride, "padding": padding, "dilation": dilation}
        packed = maps.packed(size, kernel, stride, padding, dilation, mirrored)
        x, w = rng.integers(-9, 9, size), rng.integers(-9, 9, kernel)
        try:
            right = conv1d(x, w[::-1] if mirrored else w, **options)
        except ValueError as error:
            assert packed == f"!{error}"
            continue
        outs, triples = unpacked(packed)
        p, r, i = triples.T
        padded = np.pad(x, 20)
        y = np.zeros(outs + 40, int)
        inside = (0 <= p) & (p < outs)
        np.add.at(y, p[inside], w[r[inside]] * padded[i[inside] + 20])
        assert outs == len(right) and np.array_equal(y[:outs], right)
        # every tap over every existing output is there, once
        assert sorted(zip(p[inside], r[inside], strict=True)) == [*product(range(outs),
                                                                           range(kernel))]


def test_outputs_that_do_not_exist_are_where_the_kernel_sticks_out():
    outs, triples = unpacked(maps.packed(4, 2, 1, 0, 1, 0))
    assert outs == 3 and [tuple(t) for t in triples if not 0 <= t[0] < outs] == [
        (-1, 1, 0), (3, 0, 3)]
    _, triples = unpacked(maps.packed(5, 3, 2, 0, 1, 0))  # with a stride only every second one
    assert [tuple(t) for t in triples if not 0 <= t[0] < 2] == [(-1, 2, 0), (2, 0, 4)]


def test_the_default_ranges_are_small_to_send():
    widget = explore(X, W, DY, show=PANELS, controls=CONTROLS)
    assert len(ALL) == 2 * 756 and len(widget.maps) >= len(ALL)
    assert len(json.dumps(widget.maps)) < 300_000
    assert (FOLDER / "explorer.js").stat().st_size < 60_000  # the bundle, not how it is written


def test_what_changes_together_is_sent_together(monkeypatch):
    widget, sent = explore(X, W, DY, start="dx[2,3]"), []
    monkeypatch.setattr(widget, "send_state", lambda key=None: sent.append(set(key)))
    widget.x = np.ones((5, 5))
    assert sent == [{"x", "maps", "axes", "dy"}]


def test_a_control_goes_on_from_a_preset_and_from_what_python_set():
    widget = explore(X, W, controls=("presets", "stride"))
    assert {maps.key([3, 2, stride, 0, 1, 0]) for stride in (1, 2, 3)} <= set(widget.maps)
    widget = explore(X, W, controls="stride")
    widget.x = np.ones((9, 9))
    assert maps.key([9, 2, 3, 0, 1, 0]) in widget.maps


def test_no_control_no_range():
    assert len(explore(X, W, DY).maps) == 2
    assert len(explore(X, W, DY, controls=("stride",)).maps) == 6
    assert explore(X, W, padding="same", controls=("padding",)).ranges == {
        "padding": [0, 1, 2, "0-1"]}


def test_channels_are_those_of_the_kernel_map():
    x, w = np.ones((4, 3, 3)), np.ones((6, 2, 2, 2))
    pairs = explore(x, w, groups=2).channels
    table = kernel_map(x.shape, w.shape, groups=2)
    assert {(tuple(k), tuple(t), tuple(c)) for k, t, c in pairs} == {
        (row.out[:1], row.tap[:2], row.inp[:1]) for row in table.rows()}
    assert len(pairs) == 12 and explore(X, W).channels == [[[], [], []]]


# ------------------------------------------------------------------ what is sent and comes back
def test_a_batch_of_one_is_shown_without_its_index():
    widget = explore(np.ones((1, 2, 3, 4)), np.ones((3, 2, 2, 2)), np.ones((1, 3, 2, 3)),
                     start="dx[1,2,3]")
    assert widget.x.shape == (2, 3, 4) and widget.dy.shape == (3, 2, 3)


def test_prices_that_are_not_given_count():
    assert explore(X, W).dy.tolist() == [[1, 2, 3], [4, 5, 6]]


def test_the_reserve_keeps_what_was_given_in_its_corner():
    widget = explore(X, W, DY, controls=("size", "kernel"))
    shown = {name: np.array(array) for name, array in widget.reserve.items()}
    assert shown["x"].shape == (9, 9) and shown["w"].shape == (4, 4)
    for name, array in (("x", X), ("w", W), ("dy", DY)):
        assert np.array_equal(shown[name][tuple(map(slice, array.shape))], array)


def test_python_may_set_arrays_and_the_rest_follows():
    widget = explore(X, W, DY, start="dx[0,1]")
    widget.x = np.ones((5, 4))
    assert widget.axes == [[5, 2, 1, 0, 1, 0], [4, 2, 1, 0, 1, 0]]
    assert widget.dy.shape == (4, 3) and np.array_equal(widget.dy[:2], DY)
    assert {maps.key(axis) for axis in widget.axes} <= set(widget.maps)
    widget.w = [[1, 2, 3]]
    assert widget.dy.shape == (5, 2)
    assert widget.selected == "dx[0,1]"
    widget.selected = "dx[4,3]"
    widget.x = np.ones((3, 4))
    assert widget.selected == ""  # that cell is gone
    widget.x, widget.selected = np.ones((5, 4)), "dw[0,2]"
    widget.set_state({"selected": "", "x": np.ones((5, 4)).tolist()})
    assert widget.selected == "" and isinstance(widget.x, np.ndarray)


@pytest.mark.parametrize("name,value,words", [
    ("x", np.ones(3), r"x has shape \(3,\), but the explorer shows it with 2 axes"),
    ("x", [[1, np.nan, 3]], "each a finite number"), ("w", np.ones((5, 5)), "does not fit"),
    ("dy", np.ones((3, 3)), r"dy has shape \(3, 3\), but y has shape \(2, 3\)"),
    ("selected", "dx[3,0]", r"there is no dx\[3,0\]; dx has shape \(3, 4\)"),
    ("selected", "dz[1]", "must name a cell"), ("x", np.ones((25, 4)), "at most 24 cells"),
    ("selected", "dx", "there is no dx"), ("w", [[2e6, 1]], "exactly up to 1,000,000"),
])
def test_python_cannot_set_nonsense_and_the_last_good_state_stays(name, value, words):
    widget = explore(X, W, DY, start="dx[0,1]")
    with pytest.raises(ValueError, match=words):
        setattr(widget, name, value)
    assert np.array_equal(widget.x, X) and np.array_equal(widget.w, W)
    assert np.array_equal(widget.dy, DY) and widget.selected == "dx[0,1]"


@pytest.mark.parametrize("arguments,words", [
    ({"show": ("x", "z")}, "show must be among x, w, y"),
    ({"controls": "sizes"}, "controls must be among size"),
    ({"start": "dx[9,9]"}, "start: there is no dx"), ({"hide": "dq"}, "hide must name"),
    ({"dy": np.ones((2, 2))}, r"dy has shape \(2, 2\), but y has shape \(2, 3\)"),
    ({"x": np.ones((2, 1, 3, 3)), "w": np.ones((1, 1, 2, 2))}, "batch of 2"),
    ({"x": np.ones((24, 24)), "w": np.ones((3, 3))}, f"at most {MAX_ROWS:,}"),
    ({"x": np.ones((3, 0))}, "does not fit|each a finite"),
    ({"x": np.ones(24), "w": np.ones(12)}, "window of 12, is too long"),
    ({"x": np.ones((24, 3)), "w": np.ones((12, 1))}, "window of 12, is too long"),
    ({"x": np.ones((18, 18)), "show": ("x", "M_w")}, "M_w of 289 by 324 entries is more than"),
    ({"start": "dx"}, "there is no dx"),
    ({"start": "dx[0,0]", "show": ("x", "w")}, "of x, w, such"),
    ({"hide": "w"}, "hide must name a cell of y, dx, dw, db"), ({"hide": "db[]"}, "hide must"),
])
def test_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        explore(**{"x": X, "w": W} | arguments)


def test_letters_are_refused():
    from convlib.symbolic import symbols

    with pytest.raises(TypeError, match="x must hold numbers, not letters"):
        explore(symbols("x", (3, 3)), W)


def test_it_shows_without_an_address():
    assert repr(explore(X, W, DY)) == "explore(x (3, 4), w (2, 2), dy (2, 3))"


# ------------------------------------------------------------------ wrong ways
@pytest.mark.parametrize("name,part", [
    ("no_flip", "dx"), ("one_axis_flip", "dx"), ("other_axis_flip", "dx"),
    ("transpose_for_rot180", "dx"), ("dw_flipped", "dw")])
def test_a_wrong_reading_is_the_mistake_it_is_named_after(name, part):
    widget = explore(X, W, DY, hide=("dx", "dw"))
    words = " ".join(MISTAKES[name].__doc__.split()).rstrip(".")
    (way,) = [way for way in widget.wrong["ways"] if way["words"] == words]
    wrong = np.zeros_like({"dx": X, "dw": W}[part])
    for out, tap, inp in kernel_map(X.shape, W.shape).rows():
        tap = [widget.wrong["order"]["2"][r] if flip else r
               for r, flip in zip(tap, way["flip"], strict=True)]
        tap = tuple(tap[::-1] if way["swap"] else tap)
        if part == "dx":
            wrong[inp] += DY[out] * W[tap]
        else:
            wrong[tap] += DY[out] * X[inp]
    assert np.array_equal(wrong, getattr(MISTAKES[name](DY, X, W), part))
    assert not np.array_equal(wrong, getattr(conv2d_backward(DY, X, W), part))


# ------------------------------------------------------------------ the still twin
def test_the_still_says_the_sum_and_marks_its_cells():
    words = draw_explored(X, W, DY, start="dx[1,1]", show=("x", "w", "dy", "dx"))
    assert words.startswith("dx[1,1] = dy[0,0]·w[1,1] + dy[0,1]·w[1,0] + dy[1,0]·w[0,1] + ")
    dx = conv2d_backward(DY, X, W).dx
    assert words.endswith(f"= 1·1 + 2·10 + 3·100 + 5·1000 = {dx[1, 1]}")
    texts = [text.get_text() for text in plt.gcf().axes[0].texts]
    assert {"x", "w", "dy", "dx"} <= set(texts) and "y" not in texts


@pytest.mark.parametrize("start,options", [
    ("y[1,0,1]", {"stride": 2, "padding": 1}), ("dw[1,0,1,0]", {"dilation": 2}),
    ("dx[3,2,2]", {})])
def test_the_still_draws_channels_and_options(start, options):
    x, w = np.arange(60).reshape(4, 3, 5), np.arange(16).reshape(2, 2, 2, 2) - 7
    y = conv2d(x, w, groups=2, **options)
    dy = np.arange(prod(y.shape)).reshape(y.shape)
    words = draw_explored(x, w, dy, start=start, groups=2, **options)
    value = {"y": y, **conv2d_backward(dy, x, w, groups=2, **options)._asdict()}[
        start.split("[")[0]][tuple(map(int, start[start.index("[") + 1:-1].split(",")))]
    assert words.endswith(f" = {value}")


@pytest.mark.parametrize("start, grid, other", [("dw[1,0]", "x", "out"), ("dx[1,1]", "dy", "tap"),
                                                ("y[0,1]", "x", "tap")])
def test_small_numbers_say_what_meets_a_cell(start, grid, other):
    draw_explored(X, W, DY, start=start, show=(grid,))
    ax = plt.gcf().axes[0]
    first = next(t for t in ax.texts if t.get_text() == grid)  # over the middle of its columns
    width = {"x": X, "dy": DY}[grid].shape[1]
    left, top = first.get_position()[0] - width / 2, first.get_position()[1] + 0.85
    seen = {(int(t.get_position()[1] - top), int(t.get_position()[0] - left)): t.get_text()
            for t in ax.texts if re.fullmatch(r"\d,\d", t.get_text())}
    name, cell = start[:-1].split("[")
    by = {"y": "out", "dw": "tap", "dx": "inp"}[name]
    rows = [row for row in kernel_map(X.shape, W.shape).rows(by=by)
            if getattr(row, by) == tuple(map(int, cell.split(",")))]
    of = {"x": "inp", "dy": "out"}[grid]
    assert seen == {getattr(row, of): ",".join(map(str, getattr(row, other))) for row in rows}


@pytest.mark.parametrize("show", [("x",), ("dy", "w"), ("x", "w", "dy", "dx")])
def test_a_line_of_the_still_begins_with_its_sign(show):
    draw_explored(X, W, DY, start="dx[1,1]", show=show)
    lines = plt.gcf().axes[0].texts[-2].get_text().split("\n")
    assert len(lines) > 1 and all(line[0] in "+=" for line in lines[1:])
    assert not any(line.rstrip()[-1] in "+=" for line in lines)


def test_six_grids_of_a_still_stand_in_two_even_lines():
    draw_explored([1, 2, 3, 5], [10, 1], [2, 4, 7], show=("x", "w", "y", "dy", "dw", "dx"))
    titles = {t.get_text(): t.get_position()[1] for t in plt.gcf().axes[0].texts
              if t.get_text() in ("x", "w", "y", "dy", "dw", "dx")}
    assert titles["x"] == titles["w"] == titles["y"]
    assert titles["x"] < titles["dy"] == titles["dw"] == titles["dx"]


def test_the_still_needs_a_sum():
    with pytest.raises(ValueError, match="start must name a cell"):
        draw_explored(X, W, DY, start="x[0,0]")
