"""The pictures of chapter 4 say what the library computes, in type that can be read."""

from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import FancyArrowPatch

from convlib import conv2d, kernel_map
from figures.chapters import ch04, ch04_fork
from figures.widgets.live import live

X = np.array([[1, 2, 0, -1, 4], [3, 1, -2, 2, 7], [0, 4, 1, 5, -3]])
DY, W_SHAPE = np.array([[1, 2], [-1, 3]]), (2, 4)
W = np.array([[1, -1, 2, 5], [0, 3, -2, 4]])
CHOICES = [0, 1, "all"]


def texts(fig):
    return [t.get_text() for ax in fig.axes for t in ax.texts]


def grid(fig, title):
    """The kept grid under a title, wherever it is kept."""
    def parts(kept):
        for part in kept.values() if isinstance(kept, dict) else kept:
            yield from parts(part) if isinstance(part, tuple | dict) else [part]

    return next(part for part in parts(fig.__dict__["_scenes"])
                if hasattr(part, "title") and part.title.get_text() == title)


def marked(grid):
    return {cell for cell, box in grid.boxes.items() if box.get_linewidth() > 2}


@pytest.mark.parametrize("row, column", list(product(CHOICES, repeat=2)))
def test_the_windows_that_are_included_add_up_to_dw(row, column):
    draw = ch04.adding(X, DY, W_SHAPE)
    fig = plt.figure(figsize=draw.size)
    draw(fig, row="all", column="all")  # nothing of an earlier choice may stay
    words = draw(fig, row=row, column=column)
    chosen = [(p, q) for p, q in np.ndindex(2, 2) if row in (p, "all") and column in (q, "all")]
    mask = np.zeros((2, 2), int)
    for cell in chosen:
        mask[cell] = 1
    dw = conv2d(X, DY * mask)
    whole = len(chosen) == DY.size  # dw is the sum over all outputs
    shown = grid(fig, "dw" if whole else "part of dw").numbers
    assert [int(t.get_text().replace("−", "-")) for t in shown.values()] == dw.ravel().tolist()
    assert words.startswith("dw = " if whole else "Part of dw = ")
    assert words.endswith(f" = {dw.tolist()}.")
    assert words.count("·") == len(chosen) and "+ -" not in words
    assert marked(grid(fig, "dy: click a cell")) == set(chosen)
    for p, q in np.ndindex(2, 2):
        block = grid(fig, f"window of y[{p},{q}]")
        values = [int(t.get_text().replace("−", "-")) for t in block.numbers.values()]
        assert values == X[p:p + 2, q:q + 4].ravel().tolist()
        assert bool(marked(block)) == ((p, q) in chosen)
    signs = [t for t in texts(fig) if t.endswith(" ·")]
    assert signs == [f"{DY[c]:+d} ·".replace("-", "−") if c in chosen else "0 ·"
                     for c in np.ndindex(2, 2)]


def test_rows_and_columns_are_numbered_but_not_the_margin_of_all():
    draw = ch04.adding(X, DY, W_SHAPE)
    fig = plt.figure(figsize=draw.size)
    draw(fig, row=0, column=1)
    dy = grid(fig, "dy: click a cell")
    left, top = dy.at
    marks = [(t.get_text(), *t.get_position()) for ax in fig.axes for t in ax.texts]
    above = [(text, x) for text, x, y in marks if y == top - 0.25]
    beside = [(text, y) for text, x, y in marks if x == left - 0.1]
    assert [text for text, x in above if left < x < left + 3] == ["0", "1"]
    assert [text for text, _ in beside] == ["0", "1"]
    assert [text for text, x in above if x < left] == [*"01234"]  # the columns of x


def test_a_click_on_dy_or_its_margin_chooses_row_and_column():
    draw = ch04.adding(X, DY, W_SHAPE)
    widget = live(draw, alt="", row=CHOICES, column=CHOICES, start={"row": 0, "column": 1})
    box, axes = widget.picture["click"]["box"], widget.picture["click"]["axes"]
    (first, across, xs), (second, up, ys) = axes
    assert (first, across, second, up) == (1, 0, 0, 1)  # columns choose column, rows choose row
    assert len(xs) == len(ys) == 3  # the third is the margin
    assert xs == sorted(xs) and ys == sorted(ys, reverse=True)
    assert all(box[0] < v < box[2] for v in xs) and all(box[1] < v < box[3] for v in ys)
    assert widget.values == {"row": 0, "column": 1}
    assert len(widget.sweep()) == len(set(widget.sweep())) == 9


@pytest.mark.parametrize("inputs, taps", [(5, 3), (6, 2)])
def test_the_counts_of_weights_are_those_of_the_lines_and_of_the_table(inputs, taps):
    ch04.draw_sharing(inputs, taps)
    ax, outputs = plt.gca(), inputs - taps + 1
    dense, local = outputs * inputs, len(kernel_map((inputs,), (taps,)))
    assert len(ax.lines) == dense + 2 * local
    shown = [t for t in texts(plt.gcf()) if t.endswith(" weights") and t[0].isdigit()]
    assert [int(t.removesuffix(" weights").split("= ")[-1]) for t in shown] == [dense, local, taps]
    assert len({line.get_linestyle() for line in ax.lines[:dense + local]}) == 1
    strokes = [line.get_linestyle() for line in ax.lines[dense + local:]]
    assert strokes == strokes[:taps] * outputs and len(set(strokes)) == taps


@pytest.mark.parametrize("tap", list(np.ndindex(W_SHAPE)))
def test_the_gradients_of_a_taps_uses_come_back_to_the_fork_and_add_up(tap):
    ch04_fork.draw_fork(X, W, DY, tap)
    said = [t.replace("−", "-") for t in texts(plt.gcf())]
    pixels = X[tap[0]:tap[0] + 2, tap[1]:tap[1] + 2].ravel()
    values = [int(t) for t in said if t.lstrip("-").isdigit()]
    *back, whole = [int(t[2:]) for t in said if t.startswith("← ")]
    assert [int(t[2:]) for t in said if t.startswith("× ")] == pixels.tolist()
    assert [t for t in said if t.startswith("x[")] == [
        f"x[{p + tap[0]},{q + tap[1]}]" for p, q in np.ndindex(2, 2)]
    assert [int(t[4:]) for t in said if t.startswith("t = ")] == (W[tap] * pixels).tolist()
    assert values == [W[tap]]  # once, before the fork
    assert back[::2] == (DY.ravel() * pixels).tolist() and back[1::2] == DY.ravel().tolist()
    name, terms, total = said[-5:-2]
    assert name == f"dw[{tap[0]},{tap[1]}] ="
    assert int(total.removeprefix("= ")) == conv2d(X, DY)[tap] == sum(back[::2]) == whole
    assert [int(n) for n in terms.replace("- ", "+ -").split("+ ")] == back[::2]


def test_each_number_of_the_fork_is_beside_its_own_wire():
    ch04_fork.draw_fork(X, W, DY, (0, 1))
    arrows = [arrow.get_path().vertices for arrow in plt.gca().patches
              if isinstance(arrow, FancyArrowPatch)]
    labels = [t for t in plt.gca().texts if t.get_text().startswith(("← ", "t = "))]
    wires = [line.get_ydata()[0] for line in plt.gca().lines if len({*line.get_ydata()}) == 1]
    heights = sorted({*wires, *(round(arrow[0][1], 6) for arrow in arrows)})
    for label in labels:
        nearest = min(heights, key=lambda y: abs(y - label.get_position()[1]))
        aside = label.get_position()[1] - nearest
        assert 0.3 < (aside if label.get_text().startswith("←") else -aside) < 0.5
    assert len(labels) == 3 * DY.size + 1 and len(heights) == DY.size + 1


HIDDEN = np.array([[1, 0, -1], [2, 0, -2]])
IMAGE = np.random.default_rng(0).normal(size=(24, 32))
GUESSES = {0: np.zeros((2, 3)), 2: 0.74 * HIDDEN, 10: HIDDEN - 0.001}


def draw_recovery():
    ch04.draw_recovery(IMAGE, GUESSES, HIDDEN)


def test_kernels_are_drawn_in_one_scale_of_greys_and_so_is_what_they_make_of_a_photograph():
    draw_recovery()
    ax, said = plt.gca(), [t.replace("−", "-") for t in texts(plt.gcf())]
    for picture, kernel in zip(ax.images, [*GUESSES.values(), HIDDEN], strict=True):
        assert np.array_equal(picture.get_array(), conv2d(IMAGE, kernel))
        left, right, low, top = picture.get_extent()
        tall, wide = picture.get_array().shape
        assert (right - left) / wide == pytest.approx((low - top) / tall)  # square pixels
    assert len({picture.get_clim() for picture in ax.images}) == 1
    start = [said.index(name) for name in ("step 0", "step 2", "step 10", "hidden")]
    shown = [[float(n) for n in said[at + 1:at + 7]] for at in start]
    for taps, numbers in zip([*GUESSES.values(), HIDDEN], shown, strict=True):
        assert numbers == taps.round(1).ravel().tolist()
    assert not any(number.startswith("-0.0") for number in said)
    greys = [patch.get_facecolor()[0] for patch in ax.patches if patch.get_fill()]
    taps = np.concatenate([np.ravel(taps) for taps in (*GUESSES.values(), HIDDEN)])
    assert np.allclose(greys, 0.5 + 0.225 * taps)


@pytest.mark.parametrize("draw, inches", [
    (ch04.draw_sharing, 6.88),
    (lambda: ch04_fork.draw_fork(X, W, DY, (1, 2)), 3.373),
    (draw_recovery, 3.373),
    (lambda: [ch04.adding(X[:, :4], DY, (2, 3))(plt.figure(figsize=(6.88, 3)), 0, 1)], 6.88)],
    ids=["sharing", "fork", "recovery", "adding"])
def test_type_has_eleven_pixels_on_the_page(draw, inches):
    """A page shows 688 pixels unshrunk, and a phone 358 with what frames a picture."""
    draw()
    fig = plt.gcf()
    assert fig.get_size_inches()[0] == pytest.approx(inches, abs=1e-3)
    sizes = {t.get_text(): t.get_fontsize() * 100 / 72 for ax in fig.axes for t in ax.texts}
    assert min(sizes.values()) >= 10.99, sorted(sizes.items(), key=lambda item: item[1])[:3]
