"""Chapter 09's pictures say what another route computes, at sizes of their own."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from convlib import kernel_map, numerical_gradient
from convlib.networks import Conv, Dense, MaxPool, Relu, accuracy, train, weights
from figures import live, stops
from figures.chapters import ch09_digits, ch09_mask, ch09_scores, ch09_training
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
    written = [w.replace("−", "-") for w in panel_words(fig)]
    return [float(w) for w in written if re.fullmatch(r"-?\d*\.?\d+", w)]


def holds(said, array):
    """Whether the entries of an array follow each other among numbers, as rounded there."""
    flat, n = array.ravel(), array.size
    room = np.where(abs(flat) > 0.99, 0.051, 0.0051)  # one decimal above 1, two below
    return any((abs(np.array(said[k:k + n]) - flat) <= room).all()
               for k in range(len(said) - n + 1))


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


def test_the_filters_biases_are_in_the_caption_and_below_each_filter(scene):
    draw, fig = scene
    caption = draw(fig, draw.stops["filters"])
    assert caption.replace("−", "-").endswith(f"{slopes('b1').round(3).tolist()}.")
    written = " ".join(panel_words(fig)).replace("−", "-")
    found = [float(number) for number in re.findall(r"db\^.*?= (-?[\d.]+\d)", written)]
    assert holds(found, slopes("b1")) and len(found) == 2


def test_the_maps_show_the_active_cells_and_what_passes(scene):
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


@pytest.mark.parametrize("stop", ["maps", "filters", "image"])
def test_no_number_touches_a_frame(scene, stop):
    draw, fig = scene
    draw(fig, draw.stops[stop])
    (panel,) = [ax for ax in fig.axes[1:] if ax.get_visible()]
    cells = [(patch.get_window_extent(), patch.get_linewidth()) for patch in panel.patches]
    written = [text.get_window_extent() for text in panel.texts
               if re.fullmatch(r"−?[\d.]+", text.get_text())]
    pairs = [(inner, box, line) for inner in written for box, line in cells
             if box.contains(*inner.get_points().mean(axis=0))]
    frames = [line * fig.dpi / 72 for *_, line in pairs]
    assert max(frames) > 2 * min(frames)
    assert all(inner.width < box.width - frame
               for (inner, box, _), frame in zip(pairs, frames, strict=True))


def test_the_gradient_of_the_scores_is_prediction_minus_target(scene):
    draw, fig = scene
    for stop in ("scores", "loss"):
        draw(fig, draw.stops[stop])
        expected = {"scores": slopes("b2"), "loss": slopes("b2") + T}[stop]
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
    return network, (images, classes), history


def test_the_scrubber_shows_what_the_history_kept(trained):
    _, _, history = trained
    draw = ch09_training.scrubber(history, 1)
    fig = Figure(figsize=draw.size)
    for step in (*history.snapshots, 0):
        caption = draw(fig, step)
        dot, grids = kept(fig)
        stored, gradient = history.snapshots[step]
        for name, part in (("w", stored), ("dw", gradient)):
            written = [words.replace("−", "-") for words in numbers(grids[name]).ravel()]
            assert np.allclose(np.array(written, float), part["w1"][1, 0].ravel(), atol=0.0051)
        assert dot.get_xydata().tolist() == [[step, history.losses[step]]]
        assert caption.startswith(f"Step {step}: ") and f"{history.losses[step]:.2f}" in caption


def test_accuracies_are_those_after_each_epoch(trained):
    network, (images, classes), history = trained
    before = weights(network)
    told = ch09_training.epoch_accuracies(network, history, images, classes)
    assert told == [epoch.accuracy for epoch in history.epochs]  # which train measured itself
    assert len(set(told)) > 1
    assert all(np.array_equal(w, weights(network)[name]) for name, w in before.items())
    assert accuracy(network, images, classes) in told


def test_the_curves_are_the_history(trained):
    _, _, history = trained
    training = np.linspace(0.5, 0.9, 9)
    ch09_training.draw_curves(history, training, changed=4)
    chart, shares = plt.gcf().axes
    assert np.array_equal(chart.lines[0].get_ydata(), history.losses)
    assert [*chart.lines[1].get_xydata().T[1]] == [epoch.loss for epoch in history.epochs]
    assert [line.get_label() for line in shares.lines[:2]] == ["training set", "validation set"]
    assert np.allclose(shares.lines[0].get_ydata() / 100, training)
    assert np.allclose(shares.lines[1].get_ydata() / 100, [e.accuracy for e in history.epochs])
    assert chart.lines[2].get_xdata() == shares.lines[2].get_xdata() == [4, 4]


def test_each_accuracy_has_a_dot_and_a_number():
    results = {"a": 0.973, "b": 0.951}
    ch09_training.draw_accuracies(results)
    (ax,) = plt.gcf().axes
    assert np.allclose(ax.lines[0].get_xdata(), [97.3, 95.1])
    assert [text.get_text() for text in ax.texts] == ["97", "95"]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["a", "b"]
    assert ax.yaxis_inverted()


def test_the_control_shows_each_accuracy_beside_its_average():
    results = {"a": [0.9, 0.8, 0.94], "b": [0.5, 0.6, 0.7], "c": [0.55, 0.6, 0.5]}
    ch09_training.draw_control(results)
    (ax,) = plt.gcf().axes
    for n, (name, shares) in enumerate(results.items()):
        points, average = ax.lines[2 * n:2 * n + 2]
        assert np.allclose(points.get_xydata(), [*enumerate(100 * np.array(shares))])
        assert np.allclose(average.get_ydata(), 100 * np.mean(shares))
        assert ax.texts[n].get_text() == f"{name}:\n{100 * np.mean(shares):.0f} on average"
    low, high = ax.get_ylim()
    assert all(low < 100 * share < high for shares in results.values() for share in shares)


def test_filters_are_in_order_and_mid_grey_is_zero():
    before = np.random.default_rng(2).normal(size=(3, 1, 4, 2))
    ch09_training.draw_filters(before, -2 * before)
    drawn = [ax.images[0] for ax in plt.gcf().axes]
    planes = [*before[:, 0], *(-2 * before)[:, 0]]
    assert all(np.array_equal(image.get_array(), plane)
               for image, plane in zip(drawn, planes, strict=True))
    assert all(image.norm.vmin == -image.norm.vmax for image in drawn)


@pytest.mark.parametrize("score, value", [("y[2]", 0), ("y[0]", -4), ("y[3]", 8)])
def test_a_moved_score_moves_its_probabilities_and_gradient(score, value):
    draw = ch09_scores.pushing([1, 2, 0, -1], c=2)
    fig = Figure(figsize=draw.size)
    draw(fig, "y[1]", 7)  # another score first: it must return to its value
    caption = draw(fig, score, value)
    now = np.array([1, 2, 0, -1])
    now[int(score[2])] = value
    p = np.exp(now) / np.exp(now).sum()
    dy = numerical_gradient(lambda y: np.log(np.exp(y).sum()) - y[2], now, eps=1e-5)
    for (_, bars, texts), heights in zip(kept(fig), (now, p, dy), strict=True):
        assert np.allclose([bar.get_height() for bar in bars], heights, atol=1e-8)
        written = [float(text.get_text().replace("−", "-")) for text in texts]
        assert np.allclose(written, heights, atol=0.00051)
    assert f"L = {-np.log(p[2]):.3f}" in caption
    ax, *controls = fig.click
    assert controls == ["score", "value"] and ax is kept(fig)[0][0]
    low, high = ax.get_ylim()
    assert low < -4 and 8 < high  # a click at the height of a score chooses it


def test_the_mask_lets_pass_what_was_positive_in_the_forward_pass():
    rng = np.random.default_rng(4)
    x, w = rng.integers(-9, 10, (5, 6)), rng.integers(-2, 3, (2, 3))
    da = rng.integers(-9, 10, (4, 4))
    draw = ch09_mask.gating(x, w, da)
    fig = Figure(figsize=draw.size)
    y = kernel_map(x.shape, w.shape).forward(x, w)
    assert (da[y > 0] < 0).any() and (da[y < 0] > 0).any()  # the sign of da plays no part
    for bias in (0, 5, -100, 100):
        caption = draw(fig, bias)
        passed = np.where(y + bias > 0, da, 0)
        for grid, values in zip(kept(fig), (y + bias, da, passed), strict=True):
            assert np.array_equal([[int(n.replace("−", "-")) for n in row]
                                   for row in numbers(grid)], values)
        framed = [box.get_linewidth() > 2 for box in kept(fig)[2].boxes.values()]
        assert framed == [*(y + bias > 0).ravel()]
        assert caption.replace("−", "-").endswith(f"db = {passed.sum()}.")
        assert ("every cell is inactive" in caption) == (bias == -100)


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


def test_the_scenes_are_sliders(trained, scene):
    _, _, history = trained
    draw, _ = scene
    told = live(draw, alt="", step=stops(range(len(BACK)), **draw.stops)).sweep()
    assert len(set(told)) == len(BACK)
    scrub = ch09_training.scrubber(history, 0)
    assert len(live(scrub, alt="", step=list(history.snapshots)).sweep()) == len(history.snapshots)
