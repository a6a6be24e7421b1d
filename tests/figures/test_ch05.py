"""The pictures of chapter 5 say what the library computes, cell by cell."""

import numpy as np
import pytest

from convlib import conv2d_backward, kernel_map
from figures.chapters import ch05
from figures.widgets.live import live
from tests.figures.seen import grids, kept, marked, numbers, words

X = np.array([[1, 2, 0, -1, 4], [3, 1, -2, 2, 7], [0, 4, 1, 5, -3]])
W = np.array([[1, -1, 2, 5], [0, 3, -2, 7]])
DY = np.array([[1, 2], [-1, 3]])
GRADS = conv2d_backward(DY, X, W)


def test_stamps_add_up_to_the_gradient(fig):
    draw = ch05.stamping(DY, W)
    caption = draw(fig, p=1, q=1)
    assert str(GRADS.dx.tolist()) in caption
    assert np.array_equal(numbers(grids(fig, "dx so far")).astype(int), GRADS.dx)
    draw(fig, p=0, q=1)
    two = np.zeros_like(GRADS.dx)
    two[:2, :4] += DY[0, 0] * W
    two[:2, 1:] += DY[0, 1] * W
    assert np.array_equal(numbers(grids(fig, "dx so far")).astype(int), two)
    assert np.array_equal(numbers(grids(fig, "stamp")).astype(int), 2 * W)  # unflipped


def test_gathering_lays_each_tap_on_the_price_it_meets(fig):
    draw, table = ch05.gathering(DY, W), kernel_map(X.shape, W.shape)
    for i, j in np.ndindex(X.shape):
        caption = draw(fig, i=i, j=j)
        rows = [row for row in table.rows() if row.inp == (i, j)]
        products = [f"{DY[row.out]}·{W[row.tap]}" for row in rows]
        assert caption.startswith(f"dx[{i},{j}] = {' + '.join(products)} = {GRADS.dx[i, j]}.")
        shift = np.array(W.shape) - 1
        padded = grids(fig, "dy with zeros around it")
        assert marked(padded) == {tuple(np.add(row.out, shift)) for row in rows}
    taps = [text for text in words(fig) if text.startswith("w[")]
    assert taps == [f"w[{r},{s}]" for r, s in np.ndindex(W.shape)][::-1]  # rotated


def test_a_click_chooses_the_cell(fig):
    draw = ch05.stamping(DY, W)
    widget = live(draw, alt="", size=draw.size, p=range(DY.shape[0]), q=range(DY.shape[1]))
    box, axes = widget.picture["click"]["box"], widget.picture["click"]["axes"]
    assert 0 < box[0] < box[2] < 1 and 0 < box[1] < box[3] < 1
    assert [name for name, _, _ in axes] == [1, 0]  # columns choose q, rows choose p
    (_, _, xs), (_, _, ys) = axes
    assert all(box[0] < v < box[2] for v in xs) and xs == sorted(xs)
    assert all(box[1] < v < box[3] for v in ys)


def test_affected_outputs_are_those_of_the_table():
    cells = [(1, 3), (0, 0), (2, 4)]
    ch05.draw_affected(X.shape, W.shape, cells)
    texts = words()
    for cell in cells:
        count = sum(row.inp == cell for row in kernel_map(X.shape, W.shape).rows())
        assert f"{count} of 8 exist" in texts


def test_the_wrapped_border_is_what_python_reads():
    dy, w = np.array([[1, 2, 5], [3, 4, 6]]), np.array([[7, 1, 2], [9, 3, 8]])
    ch05.draw_wrapped(dy, w)
    python = sum(dy[-r, -s] * w[r, s] for r, s in np.ndindex(w.shape))
    totals = [text.split(" = ")[-1] for text in words() if "·" in text]
    assert totals == [str(dy[0, 0] * w[0, 0]), str(python)]


@pytest.mark.parametrize("draw, cell", [
    (ch05.stamping(DY, W), {"p": 1, "q": 0}), (ch05.gathering(DY, W), {"i": 1, "j": 1})])
def test_a_grid_has_one_type_size(draw, cell, fig):
    draw(fig, **cell)
    for grid in (part for part in kept(fig) if hasattr(part, "boxes")):
        assert len({text.get_fontsize() for text in grid.numbers.values()}) == 1
