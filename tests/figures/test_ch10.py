"""The pictures of chapter 10 say what the library computes: paths, fields, pooling."""

from collections import Counter

import matplotlib.pyplot as plt
import numpy as np
import pytest

from convlib import (
    avg_pool2d,
    avg_pool2d_backward,
    conv1d,
    conv1d_backward,
    conv2d,
    max_pool2d,
    max_pool2d_backward,
    relu,
    relu_backward,
)
from figures.chapters import ch10_depth, ch10_fields, ch10_layers
from figures.widgets.live import live
from tests.figures.seen import kept, words

X, W1, W2 = np.array([3, 1, -2, -5, 1, 1, 1, 4, 9]), np.array([10, 1]), np.array([2, -1, 3])
DY = np.array([5, 7])


def backward(x, w1, w2, dy, pool=1, mode="no ReLU"):
    """dx of the small net by the backward passes of the library."""
    y1, linear = conv1d(x, w1), "no ReLU" in mode
    a = y1 if linear else relu(y1)
    if pool == 1:
        da = conv1d_backward(dy, a, w2).dx
    else:
        forward, back = ((avg_pool2d, avg_pool2d_backward) if "mean" in mode else
                         (max_pool2d, max_pool2d_backward))
        pooled = forward(a[None], (1, pool))[0]
        da = back(conv1d_backward(dy, pooled, w2).dx[None], a[None], (1, pool))[0]
    return conv1d_backward(da if linear else relu_backward(da, y1), x, w1).dx


@pytest.mark.parametrize("pool,dy", [(1, np.arange(1, 7)), (2, DY)])
def test_the_paths_add_up_to_the_gradient(pool, dy):
    draw = ch10_depth.cone_scene(X, W1, W2, dy, pool)
    fig = plt.figure(figsize=draw.size)
    for mode in draw.modes:
        expected = backward(X, W1, W2, dy, pool, mode)
        captions = [draw(fig, pixel, mode) for pixel in range(len(X))]
        told = ", ".join(f"{v:g}" for v in expected)
        for pixel, text in enumerate(captions):
            assert text.endswith(f"= {expected[pixel]:g}. All of dx: {told}.")


def test_a_relu_at_0_is_shut_and_a_tie_goes_to_the_first():
    rows, steps = ch10_depth.net(np.array([1, -10, 1]), W1, W1, mode="ReLU")
    assert rows["y⁽¹⁾"][0] == 0 and [e.open for e in steps[1]] == [False, False]
    _, steps = ch10_depth.net(np.array([1, 1, 1, 1, 1]), W1, np.array([1]), 2, "ReLU, maximum")
    assert [e.open for e in steps[2]] == [True, False, True, False]


def test_cut_edges_are_dashed_and_lit_ones_pay():
    draw = ch10_depth.cone_scene([1, 2, -30], W1, W1, [1])
    fig = plt.figure(figsize=draw.size)
    assert draw(fig, 1, "ReLU").startswith("ReLU: 2 paths lead from x[1] to L, 1 of them cut. "
                                           "dx[1] = 1 · 10 · 1 = 10.")
    _, rows, edges, _ = kept(fig)
    lit = {key for key, (line, _) in edges.items() if line.get_linewidth() > 2}
    dashed = {key for key, (line, _) in edges.items() if line.get_linestyle() != "-"}
    assert lit == {(0, 1, 0), (1, 0, 0), (2, 0, 0)} and dashed == {(1, 1, 1)}
    assert edges[1, 1, 1][1].get_text() == "cut" and edges[0, 1, 0][1].get_text() == "1"
    assert [t.get_text() for t in rows[2].numbers] == ["12", "0"]


def test_a_click_chooses_the_pixel():
    draw = ch10_depth.cone_scene(X, W1, W2, DY, 2)
    widget = live(draw, alt="", pixel=range(len(X)), between=draw.modes)
    click = widget.picture["click"]
    ((control, axis, places),) = click["axes"]
    assert (control, axis) == (0, 0) and places == sorted(places)
    assert click["box"][0] < places[0] < places[-1] < click["box"][2]


@pytest.mark.parametrize("size,stride", [(2, 1), (3, 1), (4, 1), (2, 2), (3, 2), (2, 3)])
def test_paths_are_counted_by_walking_them(size, stride):
    for layers in (1, 2, 3):
        walks = Counter()

        def walk(cell, left, walks=walks):
            if left == 0:
                walks[cell] += 1
                return
            for r in range(size):
                walk(cell * stride + r, left - 1)

        walk(0, layers)
        reach = 1 + sum((size - 1) * stride**n for n in range(layers))
        assert ch10_fields.counts(layers, size, stride)[-1].tolist() == [
            walks[i] for i in range(reach)]


def test_the_field_shows_its_rows_and_no_others():
    draw = ch10_fields.field_scene()
    fig = plt.figure(figsize=draw.size)
    for kernel in draw.kinds:
        for layers in range(1, 5):
            caption = draw(fig, layers, kernel)
            rows = ch10_fields.counts(layers, *ch10_fields.KINDS[kernel])
            shown = words(fig)
            assert caption.endswith(f": {', '.join(map(str, rows[-1]))}.")
            assert shown.count(f"one output sees {len(rows[-1])} cells of x") == 1
            assert sum(text.isdigit() for text in shown) == sum(map(len, rows))


def test_pooling_shows_winners_and_shares():
    x = np.array([[1, 5, 2, 2, 0, 4], [3, 5, 2, 2, 4, 1]])
    dy = np.array([[8, 16, 24]])
    ch10_layers.draw_pooling(x, (2, 2), dy)
    texts = words()
    for dx in (max_pool2d_backward(dy, x, 2), avg_pool2d_backward(dy, x, 2)):
        cells = [f"{v:.3g}" for v in dx.ravel()]
        assert any(texts[n : n + x.size] == cells for n in range(len(texts)))


def test_the_graph_names_every_path():
    rng = np.random.default_rng(0)
    x, w1, w2 = (rng.integers(-3, 4, shape) for shape in ((2, 4, 6), (2, 2, 2, 3), (3, 2, 2, 2)))
    y1 = conv2d(x, w1)
    ch10_layers.draw_three_paths(x, w1, w2, y1, conv2d(y1, w2))
    texts = words()
    assert {"2×4×6", "2×3×4", "y⁽¹⁾[1]", "y⁽²⁾[2]", "filter w⁽²⁾[0]"} <= set(texts)
    assert texts.count("2×3") == 3 and "y⁽¹⁾[2]" not in texts
