"""Chapter 09's pictures say what another route computes, at sizes of their own."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from convlib import kernel_map, numerical_gradient
from convlib.networks import Conv, Dense, MaxPool, Relu, train
from figures import live, stops
from figures.chapters import ch09_digits
from figures.chapters.ch09_backward import BACK, backward_scene
from figures.chapters.ch09_pipeline import draw_pipeline
from tests.figures.seen import kept, numbers, words

RNG = np.random.default_rng(9)
X, T = RNG.integers(0, 4, (4, 3)), np.array([0, 1, 0])
NET = {"w1": RNG.integers(-2, 3, (2, 1, 3, 2)), "b1": np.array([0.5, -0.5]),
       "w2": RNG.integers(-1, 2, (3, 8)), "b2": np.array([1, 0, -1])}


def loss(x=X, **changed):
    """The loss of the net, by loops over the table of products and the definition of softmax."""
    v = NET | changed
    table = kernel_map((1, 4, 3), v["w1"].shape)
    y1 = table.forward(np.asarray(x)[None], v["w1"]) + np.reshape(v["b1"], (2, 1, 1))
    y2 = v["w2"] @ np.maximum(y1, 0).ravel() + v["b2"]
    return -np.log(np.exp(y2[1]) / np.exp(y2).sum())


def slopes(name):
    start = X if name == "x" else NET[name]
    return numerical_gradient(lambda v: loss(**{name: v}), start, eps=1e-5)


def panel_words(fig):
    (panel,) = [ax for ax in fig.axes[1:] if ax.get_visible()]
    return [text.get_text() for text in panel.texts]


def shown(fig):
    """The numbers of the one panel that is seen, in the order they were written."""
    return [float(w) for w in panel_words(fig) if re.fullmatch(r"-?\d+(\.\d+)?", w)]


def holds(said, array):
    """Whether the entries of an array stand side by side among numbers, as rounded there."""
    n = array.size
    return any(np.allclose(said[k:k + n], array.ravel(), atol=0.051 if abs(array).max() > 9.9
                           else 0.0051) for k in range(len(said) - n + 1))


@pytest.fixture(scope="module")
def scene():
    made = backward_scene(X, T, **NET)
    assert (made.values["y1"] != 0).all() and len(set((made.values["y1"] > 0).ravel())) == 2
    return made, Figure(figsize=made.size)


@pytest.mark.parametrize("stop,name", [("dense_weights", "w2"), ("dense_weights", "b2"),
                                       ("filters", "w1"), ("image", "x")])
def test_each_stop_shows_the_slope_of_the_loss(scene, stop, name):
    draw, fig = scene
    draw(fig, draw.stops[stop])
    expected = slopes(name)
    planes = expected if name == "w1" else [expected]
    assert all(holds(shown(fig), plane) for plane in planes)


def test_the_filters_biases_stand_in_the_caption_and_below_each_filter(scene):
    draw, fig = scene
    caption = draw(fig, draw.stops["filters"])
    assert caption.endswith(f"{slopes('b1').round(3).tolist()}.")
    for k, slope in enumerate(slopes("b1")):
        assert f"$db^{{(1)}}[{k}]$ = {slope:.2f}" in panel_words(fig)


def test_the_maps_show_the_open_cells_and_what_passes(scene):
    draw, fig = scene
    caption, v = draw(fig, draw.stops["maps"]), draw.values
    opened = v["y1"] > 0
    assert all(holds(shown(fig), plane) for plane in np.where(opened, v["da"], 0))
    (panel,) = [ax for ax in fig.axes[1:] if ax.get_visible()]
    framed = [patch.get_linewidth() > 2 for patch in panel.patches]
    assert framed == [*opened.ravel()] * 3  # y1, da and dy1, map after map
    counts = [int(n) for n in re.findall(r"\d+", caption)]
    assert counts == [opened.sum(), (~opened).sum()]
    assert np.allclose(v["da"].ravel(), slopes("b2") @ NET["w2"], atol=1e-8)


def test_the_error_is_what_was_said_minus_what_is_right(scene):
    draw, fig = scene
    for stop in ("scores", "loss", "probabilities"):
        draw(fig, draw.stops[stop])
        expected = {"scores": slopes("b2"), "loss": slopes("b2") + T,
                    "probabilities": [0, -np.exp(loss()), 0]}[stop]
        assert holds(shown(fig), np.array(expected))
    assert np.isclose(draw.values["L"], loss())


def test_a_step_lights_its_own_edges_only(scene):
    draw, fig = scene
    for step in (*range(len(BACK)), 0):
        draw(fig, step)
        nodes, edges, panels = kept(fig)
        lit = {edge for edge, (arrow, _) in edges.items() if arrow.get_linewidth() > 2}
        assert lit == {(BACK[step][1], end) for end in BACK[step][2]}
        framed = {name for name, box in nodes.items() if box.get_linewidth() > 2}
        assert framed == (set(BACK[step][2]) or {"L"})
        assert [n for n, panel in panels.items() if panel.ax.get_visible()] == [step]


def test_the_pipeline_names_every_shape_and_weight():
    network = [Conv(2, 3, (2, 3)), Relu(), MaxPool(2), Dense(3 * 2 * 2, 5)]
    assert draw_pipeline(network, np.zeros((2, 5, 7))) == [(2, 5, 7), (3, 4, 5), (3, 4, 5),
                                                           (3, 2, 2), (5,), (5,)]
    written = words()
    for text in ("2 × 5 × 7", "3 × 4 × 5", "3 × 2 × 2", "MaxPool", "$w^{(1)}$: 3 × 2 × 2 × 3",
                 "$b^{(2)}$: 5", "$w^{(2)}$: 5 × 12", "softmax", r"$\hat t$"):
        assert text in written


@pytest.fixture(scope="module")
def trained():
    images, classes = np.random.default_rng(1).random((6, 1, 5, 5)), np.array([0, 1, 2, 0, 1, 2])
    network = [Conv(1, 2, 3, padding=1, rng=1), Relu(), Dense(50, 3, rng=2)]
    history = train(network, images, classes, epochs=9, batch_size=2, lr=0.1, snapshot_every=3,
                    test=(images, classes), progress=False)
    return images, history


def test_the_scrubber_shows_what_the_history_kept(trained):
    images, history = trained
    draw = ch09_digits.scrubber(history, 1, images[2])
    fig = Figure(figsize=draw.size)
    for step in (*history.snapshots, 0):
        caption = draw(fig, step)
        dot, grids, text, seen = kept(fig)
        weights, gradient = history.snapshots[step]
        for name, part in (("w", weights), ("dw", gradient)):
            assert np.allclose(numbers(grids[name]).astype(float), part["w1"][1, 0], atol=0.0051)
        assert dot.get_xydata().tolist() == [[step, history.losses[step]]]
        assert f"{history.losses[step]:.2f}" in caption and f"step {step}" in text.get_text()
        table = kernel_map((5, 5), (3, 3), padding=1)
        y = table.forward(images[2][0], weights["w1"][1, 0]) + weights["b1"][1]
        assert np.allclose(seen.get_array(), np.maximum(y, 0))


def test_the_curves_are_the_history(trained):
    _, history = trained
    ch09_digits.draw_curves(history, changed=4)
    chart, shares = plt.gcf().axes
    assert np.array_equal(chart.lines[0].get_ydata(), history.losses)
    assert [*chart.lines[1].get_xydata().T[1]] == [epoch.loss for epoch in history.epochs]
    assert np.allclose(shares.lines[0].get_ydata() / 100, [e.accuracy for e in history.epochs])
    assert chart.lines[2].get_xdata() == [4, 4]


def test_filters_stand_in_the_order_of_their_maps():
    rng = np.random.default_rng(2)
    w, c, image = rng.normal(size=(3, 1, 3, 3)), rng.normal(size=3), rng.random((1, 8, 8))
    ch09_digits.draw_filters(image, (w, c), (2 * w, 2 * c))
    strips = [ax.images[0].get_array() for ax in plt.gcf().axes]
    table = kernel_map((8, 8), (3, 3), padding=1)
    for k in range(3):
        y = table.forward(image[0], w[k, 0]) + c[k]
        for strip, plane, times in ((strips[0], w[k, 0], 24), (strips[2], 2 * w[k, 0], 24),
                                    (strips[1], np.maximum(y, 0), 9),
                                    (strips[3], np.maximum(2 * y, 0), 9)):
            drawn = strip[:, 80 * k:80 * k + 72][times // 2::times, times // 2::times]
            assert np.allclose(drawn, plane)


def test_the_confusion_matrix_has_a_row_for_each_true_class():
    said, true = np.array([0, 2, 2, 1, 2]), np.array([0, 2, 1, 1, 2])
    counts = ch09_digits.confusion(said, true, 3)
    assert counts.tolist() == [[1, 0, 0], [0, 1, 1], [0, 0, 2]]
    ch09_digits.draw_confusion(counts)
    assert words()[:9] == ["1", "", "", "", "1", "1", "", "", "2"]


def test_digits_stand_under_their_titles():
    images = np.random.default_rng(3).random((3, 1, 8, 8))
    ch09_digits.draw_digits(images, ["a", "b", "c"], columns=2)
    axes = plt.gcf().axes
    assert [ax.get_title() for ax in axes] == ["a", "b", "c", ""]
    assert all(np.array_equal(ax.images[0].get_array(), image[0])
               for ax, image in zip(axes, images, strict=False))
    a, b, c, _ = (ax.get_position() for ax in axes)
    assert a.x1 < b.x0 and c.y1 < a.y0 and a.x0 == c.x0


def test_both_scenes_are_sliders(trained, scene):
    images, history = trained
    draw, _ = scene
    told = live(draw, alt="", step=stops(range(len(BACK)), **draw.stops)).sweep()
    assert len(set(told)) == len(BACK)
    scrub = ch09_digits.scrubber(history, 0, images[0])
    assert len(live(scrub, alt="", step=list(history.snapshots)).sweep()) == len(history.snapshots)
