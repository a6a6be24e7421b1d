"""What the pictures of chapters 00 to 02 say is what convlib computes, at sizes of their own."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from convlib import conv1d, conv1d_backward, conv2d_backward, kernel_map
from figures import (
    draw_grids,
    draw_matrix,
    draw_paths,
    draw_readings,
    draw_stamps,
    draw_table,
    nudging,
    pad_with_ghosts,
    style,
    table_scene,
)
from figures.flips import (
    FORWARDS,
    bug_scene,
    convention_scene,
    draw_anchors,
    draw_product,
    verdicts,
)

X, W, DY = np.array([3, -1, 4, 1, 5]), np.array([2, 7, -3]), np.array([1, -2, 6])
GRADIENTS = conv1d_backward(DY, X, W)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def words(fig=None):
    """Every text on a figure."""
    return [text.get_text() for ax in (fig or plt.gcf()).axes for text in ax.texts]


def marked(grid):
    return {cell for cell, box in grid.boxes.items() if box.get_linewidth() > 2}


def test_table_gives_each_sum_of_each_order():
    table = kernel_map(X.shape, W.shape)
    for by, name, sums in (("out", "y", conv1d(X, W)), ("tap", "dw", GRADIENTS.dw),
                           ("inp", "dx", GRADIENTS.dx)):
        caption = draw_table(table, x=X, w=W, dy=DY, by=by)
        for n, value in enumerate(sums):
            assert f"{name}[{n}] = {value}" in words()
            assert f"= {value}" in caption


def test_rows_of_the_table_travel_and_arrive():
    table = kernel_map(X.shape, W.shape)
    scene, fig = table_scene(table, x=X, w=W, dy=DY), Figure()
    captions = [scene(fig, at) for at in range(21)]
    assert [n for n, c in enumerate(captions) if c.startswith("Sorted")] == [0, 10, 20]
    back = scene(fig, 0)
    assert back == captions[0]
    assert len(fig.axes) == 1  # artists are kept, none are added


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
        assert f"L went from {loss} to {loss + step * price}, that is {price} a step." in caption


def test_nudge_names_the_outputs_that_changed():
    scene = nudging(X, W, DY)
    assert "x[0] +1: y[0] changed" in scene(Figure(), "x[0]", 1)
    assert "w[2] -1: y[0], y[1], y[2] changed" in scene(Figure(), "w[2]", -1)
    assert "no output changed" in scene(Figure(), "x[2]", 0)


@pytest.mark.parametrize("cell", range(len(X)))
def test_paths_end_in_the_price(cell):
    draw_paths(X, W, DY, cell)
    (formula,) = [text for text in words() if text.startswith(f"dx[{cell}]")]
    assert formula.endswith(f"= {GRADIENTS.dx[cell]}")


@pytest.mark.parametrize("i", range(len(X)))
def test_readings_lay_the_kernel_flipped_over_the_prices(i):
    draw_readings(X, W, DY, p=1, i=i)
    texts = words()
    taps = [text for text in texts if text.startswith("w[")]
    assert taps == ["w[0]", "w[1]", "w[2]", "w[2]", "w[1]", "w[0]"]
    assert any(t.startswith(f"dx[{i}] =") and t.endswith(f"= {GRADIENTS.dx[i]}") for t in texts)


def test_stamps_add_up_to_dx():
    draw_stamps(W, DY)
    numbers = [text for text in words() if text.lstrip("-").isdigit()]
    assert [int(n) for n in numbers[-len(X):]] == GRADIENTS.dx.tolist()


def test_matrix_marks_one_row_and_one_column():
    draw_matrix(np.array([[1, 0, 5], [0, 2, 0]]), ["a", "b"], ["c", "d", "e"], mark_row=0)
    assert words().count("·") == 3
    assert {"a", "b", "c", "d", "e", "1", "5", "2"} <= set(words())


def test_grids_show_padding_as_ghosts_with_negative_indices():
    values, real, first = pad_with_ghosts([4, 5], [(2, 1)])
    assert values.tolist() == [0, 0, 4, 5, 0] and first == -2
    assert real.tolist() == [False, False, True, True, False]
    grids = draw_grids(x=np.arange(6).reshape(2, 3), w=np.array([7, 8]), marks={"x": [(1, 2)]})
    assert marked(grids["x"]) == {(1, 2)} and not marked(grids["w"])


def test_one_colour_for_each_role():
    assert style.colour("x") == style.blue and style.colour("w") == style.orange
    assert {style.colour(name) for name in ("dx", "dw", "dy", "db")} == {style.purple}
    assert len({style.blue, style.orange, style.green, style.purple}) == 4


def test_convention_moves_the_flip_from_dx_to_y():
    scene, fig = convention_scene(X, W, DY), Figure()
    correlation, true = (scene(fig, forward) for forward in FORWARDS)
    assert f"dx = {GRADIENTS.dx.tolist()}" in correlation and "flipped in dx" in correlation
    assert f"y = {np.convolve(X, W, 'valid').tolist()}" in true and "flipped in y" in true
    assert f"dw = {GRADIENTS.dw[::-1].tolist()}, stored mirrored" in true


def test_verdicts_know_what_cannot_be_seen():
    uneven, turned = np.array([[1, 2, 4], [3, 0, 5]]), np.array([[1, 2, 3], [3, 2, 1]])
    places, ones = np.array([[1, 2, 3, 5], [4, 1, 0, 2], [7, 1, 1, 2]]), np.ones((3, 4), int)
    seen = {(k, d): [passes for passes, _ in verdicts(w, dy)[2].values()]
            for k, w in (("uneven", uneven), ("turned", turned))
            for d, dy in (("places", places), ("ones", ones))}
    assert seen == {("uneven", "places"): [False, False, True],
                    ("uneven", "ones"): [False, True, True],
                    ("turned", "places"): [True, True, True],
                    ("turned", "ones"): [True, True, True]}
    scene, fig = bug_scene({"a": uneven, "b": turned}, {"c": places, "d": ones}), Figure()
    assert "the interior: 0 of" in scene(fig, "a", "d")
    assert "caught" in scene(fig, "a", "c") and "caught" not in scene(fig, "b", "c")


def test_product_and_anchors_say_their_numbers():
    draw_product(np.array([2, 4, 7]), np.array([1, 3]))
    assert {"2", "10", "19", "21", "w[1] = 3 times dy"} <= set(words())
    draw_anchors(np.arange(20).reshape(4, 5), (3, 3), (1, 2))
    assert {"rows 1 to 3, columns 2 to 4", "rows 0 to 2, columns 1 to 3"} <= set(words())
