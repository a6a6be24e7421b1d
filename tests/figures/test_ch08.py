"""The pictures of chapter 8 say what the library computes, block by block."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from convlib import conv2d, conv2d_backward, kernel_map
from figures.chapters import ch08_products, ch08_sums, ch08_volumes
from figures.widgets.live import live, stops
from tests.figures.seen import kept, marked, numbers, words

RNG = np.random.default_rng(3)
X, W = RNG.integers(0, 6, (3, 2, 4, 3)), RNG.integers(-4, 5, (4, 2, 3, 2))
B, DY = np.array([1, -2, 3, 5]), RNG.integers(-3, 4, (3, 4, 2, 2))
TABLE = kernel_map(X.shape, W.shape)
N, K, C = 1, 3, 0  # the marked block
SUMMED = {"y": 2, "dw": 3, "dx": 4, "db": 3}  # C, N, K, N terms
RIGHT = {"y": conv2d(X, W, B)} | conv2d_backward(DY, X, W)._asdict()
INDICES = {"y": "nkpq", "dw": "kcrs", "dx": "ncij", "db": "k"}


def block_numbers(block):
    """The numbers of Blocks as the reader sees them: (A, B, h, w)."""
    rows, columns = (n + 1 for n in max(block.grids))
    return np.array([[numbers(block.grids[a, b]).astype(int) for b in range(columns)]
                     for a in range(rows)])


def marked_blocks(block):
    return {at for at, grid in block.grids.items() if marked(grid)}


def partial(name, done):
    """The marked block from the rows of the table whose summed letter is below `done`."""
    total = np.zeros_like(RIGHT[name], dtype=int)
    for row in TABLE.rows():
        n, k, c = row.out[0], row.out[1], row.tap[1]
        if {"y": c, "dw": n, "dx": k, "db": n}[name] < done:
            if name == "y":
                total[row.out] += X[row.inp] * W[row.tap]
            elif name == "dw":
                total[row.tap] += DY[row.out] * X[row.inp]
            elif name == "dx":
                total[row.inp] += DY[row.out] * W[row.tap]
    if name == "db":
        total = DY[:done].sum(axis=(0, 2, 3))
    return total + (B[:, None, None] if name == "y" else 0)


@pytest.mark.parametrize("name", SUMMED)
def test_each_step_adds_one_pair_of_blocks(name):
    draw, fig = ch08_sums.rule_scene(X, W, B, DY, N, K, C), Figure()
    own = {"y": (N, K), "dw": (K, C), "dx": (N, C), "db": (K,)}[name]
    for done in range(1, SUMMED[name] + 1):
        caption = draw(fig, step=draw.stops[name] + done)
        block = partial(name, done)[own]
        last = done == SUMMED[name]
        assert caption.endswith(f"{' = ' if last else ' + …, so far '}{block.tolist()}.")
        blocks, tiles, *_ = kept(fig)
        home = blocks[{"y": "dy", "dw": "w", "dx": "x", "db": "b"}[name]]
        assert home.title.get_text() == name and marked_blocks(home) == {(*own, 0)[:2]}
        whole = RIGHT[name].copy()
        whole[own] = block
        assert np.array_equal(block_numbers(home).reshape(whole.shape), whole)
    assert np.array_equal(whole, RIGHT[name])
    said = {tile.get_text(): word.get_text() for tile, word in tiles}
    assert {v for v, word in said.items() if word == "stack"} == set(INDICES[name])
    assert " × ".join(map(str, RIGHT[name].shape)) in caption


def test_the_blocks_meet_as_in_a_matrix_product():
    draw, fig = ch08_sums.rule_scene(X, W, B, DY), Figure()
    draw(fig, step=0)
    at = {name: {key: grid.at for key, grid in block.grids.items()}
          for name, block in kept(fig)[0].items()}
    for n, k, c in np.ndindex(len(X), len(W), X.shape[1]):
        assert at["dy"][n, k][0] == at["w"][k, c][0] == at["b"][k, 0][0]  # a column for each k
        assert at["dy"][n, k][1] == at["x"][n, c][1]  # a row for each n
        assert at["w"][k, c][1] == at["w"][0, c][1] < at["b"][k, 0][1] < at["dy"][n, k][1]


def test_the_last_pair_is_marked_strongly():
    draw, fig = ch08_sums.rule_scene(X, W, B, DY, N, K, C), Figure()
    lit = {"y": {"x": (N, 1), "w": (K, 1), "b": (K, 0)}, "dw": {"x": (2, C), "dy": (2, K)},
           "dx": {"dy": (N, 3), "w": (3, C)}, "db": {"dy": (2, K)}}
    home = {"y": "dy", "dw": "w", "dx": "x", "db": "b"}
    for name, most in SUMMED.items():
        draw(fig, step=draw.stops[name] + most)
        shown = {place: marked_blocks(block) for place, block in kept(fig)[0].items()
                 if place != home[name]}
        assert shown == {place: {lit[name][place]} if place in lit[name] else set()
                         for place in shown}


def test_every_step_has_words_of_its_own():
    draw, fig = ch08_sums.rule_scene(X, W, B, DY), Figure()
    widget = live(draw, alt="", step=stops(draw.steps, **draw.stops))
    assert [name for name, _ in widget.controls[0]["stops"]] == list(SUMMED)
    said = {draw(fig, step=step) for step in draw.steps}
    assert len(said) == len(draw.steps) == sum(SUMMED.values()) + len(SUMMED)


def test_switching_off_marks_what_changes_and_nothing_else():
    draw, fig = ch08_sums.switching_off(X, W, B, DY), Figure()
    for filter in draw.filters:
        for part in ch08_sums.PARTS:
            caption = draw(fig, filter=filter, without=part)
            w, b, dy = W.copy(), B.copy(), DY.copy()
            if filter != "none" and part == "its taps":
                w[int(filter)], b[int(filter)] = 0, 0
            elif filter != "none":
                dy[:, int(filter)] = 0
            after = {"y": conv2d(X, w, b)} | conv2d_backward(dy, X, w)._asdict()
            for name, block in kept(fig)[0].items():
                if name in after:
                    shown = block_numbers(block).reshape(after[name].shape)
                    assert np.array_equal(shown, after[name])
                    changed = after[name] != RIGHT[name]
                    assert f"{name}: {changed.sum()} of {changed.size}" in caption
                    boxes = [box.get_linewidth() > 2 for grid in block.grids.values()
                             for _, box in sorted(grid.boxes.items())]
                    assert boxes == changed.ravel().tolist()


def test_the_maps_are_those_of_the_filters():
    picture, (names, filters) = ch08_volumes.generated_picture(20, 26), ch08_volumes.four_filters()
    assert picture.shape == (3, 20, 26) and picture.min() >= 0 and picture.max() == 9
    y = conv2d(picture, filters)
    ch08_volumes.draw_responses(picture, y, names)
    for k, ax in enumerate(plt.gcf().axes[1:]):
        assert np.array_equal(ax.images[0].get_array(), y[k]) and names[k] in ax.get_title()
        low, high = ax.images[0].get_clim()
        assert low <= y[k].min() and high >= y[k].max()


def test_rows_of_products_add_up_to_y_and_columns_to_dx():
    x, w, dy = (RNG.integers(1, 10, shape) for shape in ((4,), (3, 4), (3,)))
    ch08_products.draw_products(x, w, dy)
    shown = words()
    K, C = w.shape
    products = [text for text in shown if "·" in text]
    pairs = [f"{a}·{b}" for factors in ((w, x), (dy[:, None], w), (dy[:, None], x))
             for a, b in zip(*(np.broadcast_to(f, (K, C)).ravel() for f in factors), strict=True)]
    assert products == pairs
    grads = conv2d_backward(dy[:, None, None], x[:, None, None], w[..., None, None])
    y = conv2d(x[:, None, None], w[..., None, None]).ravel()
    assert all(f"y[{k}]\n= {y[k]}" in shown for k in range(K))
    assert all(f"dx[{c}]\n= {grads.dx.ravel()[c]}" in shown for c in range(C))
    made = [np.prod([int(v) for v in pair.split("·")]) for pair in products]
    assert np.array_equal(np.reshape(made[:K * C], (K, C)).sum(1), y)
    assert np.array_equal(np.reshape(made[K * C:2 * K * C], (K, C)).sum(0), grads.dx.ravel())
    assert np.array_equal(np.reshape(made[2 * K * C:], (K, C)), grads.dw[..., 0, 0])


def test_slices_are_reversed_and_channels_are_not():
    w, dy = RNG.integers(10, 99, (3, 2, 1, 4)), RNG.integers(100, 999, (3, 1, 3))
    dx = ch08_products.draw_slices(w, dy)
    assert np.array_equal(dx, conv2d_backward(dy, np.zeros((2, 1, 6), int), w).dx)
    at = {}  # the numbers of each line of the picture, from left to right
    for text in plt.gcf().axes[0].texts:
        if text.get_text().isdigit():
            x, y = text.get_position()
            at.setdefault(round(y, 2), []).append((x, int(text.get_text())))
    lines = [[value for _, value in sorted(at[y])] for y in sorted(at)]
    assert lines[:3] == [[*dy[k, 0], *(tap for c in range(2)
                                       for tap in (*w[k, c, 0], *w[k, c, 0, ::-1]))]
                         for k in range(3)]
    assert lines[3:] == [dx.ravel().tolist()]
