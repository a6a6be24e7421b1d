"""What the pictures of chapters 00 and 01 say is what convlib computes, at sizes of their own."""

import runpy
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from convlib import conv1d, conv1d_backward, conv2d_backward, kernel_map
from figures import (
    draw_grids,
    draw_matrices,
    draw_matrix,
    draw_paths,
    draw_stamps,
    draw_table,
    nudging,
    pad_with_ghosts,
)
from figures.chapters.ch00_positions import draw_positions
from figures.drawing import style
from figures.drawing.board import board
from tests.figures.seen import marked, words

ROOT = Path(__file__).parents[2]
X, W, DY = np.array([3, -1, 4, 1, 5]), np.array([2, 7, -3]), np.array([1, -2, 6])
GRADIENTS = conv1d_backward(DY, X, W)


def test_table_gives_each_sum_of_each_order():
    table = kernel_map(X.shape, W.shape)
    for by, name, sums in (("out", "y", conv1d(X, W)), ("tap", "dw", GRADIENTS.dw),
                           ("inp", "dx", GRADIENTS.dx)):
        caption = draw_table(table, x=X, w=W, dy=DY, by=by)
        for n, value in enumerate(sums):
            assert f"{name}[{n}] = {value}" in words()
            assert f"= {value}" in caption


def test_two_dimensional_table_names_cells_with_both_indices():
    x, w, dy = np.arange(6).reshape(2, 3), np.array([[5, 3]]), np.array([[1, 2], [4, -1]])
    caption = draw_table(kernel_map(x.shape, w.shape), x=x, w=w, dy=dy, by="inp")
    dx = conv2d_backward(dy, x, w).dx
    assert f"dx[1,1] = 4·3 + -1·5 = {dx[1, 1]}" in caption


@pytest.mark.parametrize("step", range(-3, 4))
def test_nudge_moves_the_loss_by_the_gradient(step):
    scene, fig = nudging(X, W, DY), Figure()
    loss = (DY * conv1d(X, W)).sum()
    prices = [*GRADIENTS.dx, *GRADIENTS.dw]
    for cell, price in zip(scene.cells, prices, strict=True):
        caption = scene(fig, cell, step)
        assert f"L went from {loss} to {loss + step * price}; the slope is {price}" in caption


def test_nudge_names_the_outputs_that_changed():
    scene = nudging(X, W, DY)
    assert "x[0] +1: y[0] changed" in scene(Figure(), "x[0]", 1)
    assert "w[2] -1: y[0], y[1], y[2] changed" in scene(Figure(), "w[2]", -1)
    assert "no output changed" in scene(Figure(), "x[2]", 0)


def test_every_position_of_the_kernel_is_drawn_with_its_sum():
    draw_positions(X, W, mark=2)
    texts = words()
    for p, value in enumerate(conv1d(X, W)):
        products = " + ".join(f"{tap}·{entry}" for tap, entry in zip(W, X[p:p + 3], strict=True))
        assert f"{products}  =" in texts and f"y[{p}]" in texts and style.minus(value) in texts
    assert texts.count("7") == 3  # w[1], once per position


@pytest.mark.parametrize("cell", range(len(X)))
def test_paths_end_in_the_price(cell):
    draw_paths(X, W, DY, cell)
    (formula,) = [text for text in words() if text.startswith(f"dx[{cell}]")]
    assert formula.endswith(f"= {GRADIENTS.dx[cell]}")


def test_stamps_add_up_to_dx():
    draw_stamps(W, DY)
    numbers = [text for text in words() if text.lstrip("−").isdigit()]
    assert [int(n.replace("−", "-")) for n in numbers[-len(X):]] == GRADIENTS.dx.tolist()


def test_matrix_marks_one_row_and_one_column():
    draw_matrix(np.array([[1, 0, 5], [0, 2, 0]]), ["a", "b"], ["c", "d", "e"], mark_row=0)
    assert words().count("·") == 3
    assert {"a", "b", "c", "d", "e", "1", "5", "2"} <= set(words())


def test_both_matrices_colour_the_rows_of_the_table():
    x, w = np.array([[4, 0, 7], [5, 2, 9]]), np.array([[3, 8]])
    draw_matrices(kernel_map(x.shape, w.shape), x, w)
    texts = words()
    assert texts.count("0") == 2  # the zero of x is read twice, and is not an empty cell
    assert texts.count("·") == 4 * 6 - 8 and texts.count("3") == texts.count("8") == 4
    assert {"y[1,0]", "w[0,1]", "x[1,2]", "$M_x$", "$M_w$"} <= set(texts)


def test_grids_show_padding_as_ghosts_with_negative_indices():
    values, real, first = pad_with_ghosts([4, 5], [(2, 1)])
    assert values.tolist() == [0, 0, 4, 5, 0] and first == -2
    assert real.tolist() == [False, False, True, True, False]
    grids = draw_grids(x=np.arange(6).reshape(2, 3), w=np.array([7, 8]), marks={"x": [(1, 2)]})
    assert marked(grids["x"]) == {(1, 2)} and not marked(grids["w"])
    board(9, 3).grid(values - 3, "x", real=real, first=first)
    assert {"−2", "−1", "−3"} <= set(words())  # no hyphens, in the indices and in the cells


def test_one_colour_for_each_role():
    assert style.colour("x") == style.blue and style.colour("w") == style.orange
    assert {style.colour(name) for name in ("dx", "dw", "dy", "db")} == {style.purple}
    assert len({style.blue, style.orange, style.green, style.purple}) == 4


@pytest.mark.skipif(not matplotlib.__version__.startswith("3.11."),
                    reason="drawn by Matplotlib 3.11; other editions place letters otherwise")
def test_the_picture_of_the_readme_is_drawn_by_the_books_own_code():
    tools = runpy.run_path(str(ROOT / "tools/stills.py"))
    stored = plt.imread(ROOT / "figures/stills/draw_table.png")[..., :3] * 255
    assert np.abs(stored - tools["three_sums"]()).mean() < 0.5
