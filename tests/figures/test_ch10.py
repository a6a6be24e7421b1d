"""The pictures of chapter 10 say what the library computes: paths, fields, pooling, sizes."""

from collections import Counter

import matplotlib.pyplot as plt
import numpy as np
import pytest

from convlib import (
    avg_pool2d,
    avg_pool2d_backward,
    conv1d,
    conv1d_backward,
    max_pool2d,
    max_pool2d_backward,
    numerical_gradient,
    relu,
    relu_backward,
)
from figures.chapters import ch10_depth, ch10_fields, ch10_layers, ch10_paths, ch10_scale
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
    rows, steps, _ = ch10_paths.plain_net(np.array([1, -10, 1]), W1, W1, mode="ReLU")
    assert rows["y⁽¹⁾"][0] == 0 and [e.open for e in steps[1]] == [False, False]
    _, steps, _ = ch10_paths.plain_net(np.array([1, 1, 1, 1, 1]), W1, np.array([1]), 2,
                                       "ReLU, maximum")
    assert [e.open for e in steps[2]] == [True, False, True, False]


def test_cut_edges_are_dashed_and_lit_ones_pay():
    draw = ch10_depth.cone_scene([1, 2, -30], W1, W1, [1])
    fig = plt.figure(figsize=draw.size)
    assert draw(fig, 1, "ReLU").startswith("ReLU: 2 paths lead from x[1] to L, one of them cut. "
                                           "dx[1] = 1·10·1 = 10.")
    _, rows, edges, _ = kept(fig)
    lit = {key for key, (line, _) in edges.items() if line.get_linewidth() > 2}
    dashed = {key for key, (line, _) in edges.items() if line.get_linestyle() != "-"}
    assert lit == {(0, 1, 1, 0), (1, 0, 2, 0), (2, 0, 3, 0)} and dashed == {(1, 1, 2, 1)}
    assert edges[1, 1, 2, 1][1].get_text() == "cut" and edges[0, 1, 1, 0][1].get_text() == "1"
    assert [t.get_text() for t in rows[2].numbers] == ["12", "0"]


@pytest.mark.parametrize("paths, cut, said", [
    (1, 0, "one path leads from x[6] to L, and it is not cut"),
    (1, 1, "one path leads from x[6] to L, and it is cut"),
    (4, 0, "4 paths lead from x[6] to L, none of them cut"),
    (4, 3, "4 paths lead from x[6] to L, 3 of them cut"),
    (2, 2, "2 paths lead from x[6] to L, all of them cut")])
def test_paths_are_counted_in_english(paths, cut, said):
    assert ch10_depth._counted(paths, cut, pixel=6) == said


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


def test_the_chain_shows_each_shape_twice_and_both_kernel_gradients():
    ch10_layers.draw_chain([(2, 4, 6), (3, 3, 4), (3, 3, 4), (4, 2, 3)])
    texts = words()
    assert [texts.count(shape) for shape in ("2×4×6", "3×3×4", "4×2×3")] == [2, 4, 2]
    assert {"x⁽⁰⁾", "dx⁽⁰⁾", "dw⁽¹⁾", "dw⁽²⁾", "ReLU", "mask"} <= set(texts)


def through(x, w, dy, layers, identity):
    """dx of layers x + relu(x ⋆ w), or without the x, by the backward passes of the library."""
    kept = []
    for _ in range(layers):
        y = conv1d(x, w, padding=(0, len(w) - 1))
        kept.append((x, y))
        x = relu(y) + identity * x
    for x, y in reversed(kept):
        into = conv1d_backward(relu_backward(dy, y), x, w, padding=(0, len(w) - 1)).dx
        dy = identity * dy + into
    return dy


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("mode", ["plain", "residual"])
def test_the_paths_of_residual_layers_add_up_to_the_gradient(layers, mode):
    dy = np.arange(2, len(X) + 2)
    draw = ch10_depth.identity_scene(X, W2, dy, layers)
    expected = through(X, W2, dy, layers, mode == "residual")
    told = ", ".join(f"{v:g}" for v in expected)
    fig = plt.figure(figsize=draw.size)
    assert all(draw(fig, pixel, mode).endswith(f"= {expected[pixel]:g}. All of dx: {told}.")
               for pixel in range(len(X)))


def test_the_identity_is_drawn_in_residual_layers_only():
    draw = ch10_depth.identity_scene([1, 2, -30, 4], W1, [1, 2, 3, 4])
    fig = plt.figure(figsize=draw.size)
    for mode, lit in (("plain", set()), ("residual", {(0, 2, 2, 2), (2, 2, 4, 2)})):
        draw(fig, 2, mode)
        _, _, edges, _ = kept(fig)
        skips = {key: line for key, (line, _) in edges.items() if key[2] == key[0] + 2}
        assert {line.get_visible() for line in skips.values()} == {mode == "residual"}
        assert {key for key, (line, _) in edges.items()
                if line.get_visible() and line.get_linewidth() > 2} == lit


@pytest.mark.parametrize("layers, size", [(1, 3), (3, 3), (4, 5)])
def test_the_bars_are_the_counts_and_the_dark_ones_hold_95_percent(layers, size):
    draw = ch10_fields.bell_scene()
    fig = plt.figure(figsize=draw.size)
    caption = draw(fig, layers, f"R = {size}")
    _, bars, *_ = kept(fig)
    counts = ch10_fields.counts(layers, size, 1)[-1]
    heights = np.array([bar.get_height() for bar in bars])
    assert np.allclose(heights[heights > 0], 100 * counts / counts.sum())
    dark = np.array([bar.get_facecolor() for bar in bars])
    dark = (dark == dark[len(dark) // 2]).all(axis=1)
    assert f"the middle {dark.sum()} account for" in caption
    assert heights[dark].sum() >= 95 and heights[dark][1:-1].sum() < 95


@pytest.mark.parametrize("residual", [False, True])
def test_the_size_of_a_gradient_is_that_of_central_differences(monkeypatch, residual):
    """An independent gradient of a narrow network, drawn from the same numbers."""
    C, H = 4, 6
    monkeypatch.setattr(ch10_scale, "CHANNELS", C)
    monkeypatch.setattr(ch10_scale, "LENGTH", H)
    sizes = ch10_scale.gradient_sizes.__wrapped__(2, 0.7, residual)
    rng = np.random.default_rng(ch10_scale.SEED)
    x = rng.normal(size=(C, H))
    ws = 0.7 * rng.normal(scale=(2 / (3 * C)) ** 0.5, size=(2, C, C, 3))
    dy = rng.normal(size=x.shape)

    def loss(x):
        for w in ws:
            x = relu(conv1d(x, w, padding=1)) + residual * x
        return (dy * x).sum()

    dx = numerical_gradient(loss, x)
    assert np.isclose((dx**2).mean() ** 0.5 / (dy**2).mean() ** 0.5, sizes[-1], rtol=1e-5)


def test_the_curves_end_at_the_sizes_in_the_title():
    draw = ch10_scale.size_scene(residual=True)
    fig = plt.figure(figsize=draw.size)
    for depth, scale in ((5, 2.0), (40, 0.5)):
        caption = draw(fig, depth, scale)
        lines, title = kept(fig)
        for line, identity in zip(lines, (False, True), strict=True):
            sizes = ch10_scale.gradient_sizes(depth, scale, identity)
            assert np.array_equal(line.get_ydata(), sizes) and len(sizes) == depth + 1
            assert ch10_scale._short(sizes[-1]) in title.get_text()
            assert ch10_scale._short(sizes[-1]) in caption
