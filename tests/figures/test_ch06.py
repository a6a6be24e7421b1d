"""Chapter 06's pictures say what another route computes, at sizes of their own."""

import math
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from convlib import conv2d, image_matrix, kernel_map, numerical_gradient
from course.questions import chapter_06
from figures import live
from figures.chapters.ch06_graph import tap_paths
from figures.chapters.ch06_loss import draw_errors, two_taps
from figures.chapters.ch06_pass import draw_pass
from figures.chapters.ch06_training import REACH, learning_rates, scrubber
from figures.drawing import style
from tests.figures.seen import kept, marked
from tests.figures.seen import words as seen

X = np.array([[1, -2, 0, 3], [0, 1, 2, -1], [2, 1, -3, 1]])
W, T = np.array([[0.5, -1, 0.25], [1, 0.3, -0.2]]), np.array([[1, 0], [0.5, 0.8]])


def loss(w, x=X, b=0.0):
    return ((1 / (1 + np.exp(-conv2d(x, w) - b)) - T) ** 2).sum()


def words(fig=None):
    """What a picture says, with the minus signs of Python."""
    return [said.replace("−", "-") for said in seen(fig)]


def last_number(text):
    return float(re.findall(r"-?\d+\.\d+", text)[-1])


def test_the_paths_of_each_tap_add_up_to_its_slope():
    scene = tap_paths(X, W, T)
    fig, slopes = Figure(figsize=scene.size), numerical_gradient(loss, W, eps=1e-5)
    assert scene.taps == [f"w[{r},{s}]" for r in range(2) for s in range(3)]
    for tap, slope in zip(scene.taps, slopes.flat, strict=True):
        caption = scene(fig, tap)
        chains, sums = (w for w in words(fig) if w.startswith(f"d{tap} = "))
        assert last_number(sums) == last_number(caption) == round(slope, 4)
        products = [np.prod([float(f) for f in chain.split("·")])
                    for chain in re.findall(r"\(([^)]*)\)", chains)]
        assert np.allclose(products, [float(v) for v in re.findall(r"\(([^)]*)\)", sums)],
                           atol=6e-3)
        assert caption.startswith(f"{len(products)} paths") and len(products) == T.size


def test_the_paths_light_the_cells_that_the_kernel_map_names():
    scene = tap_paths(X, W, T)
    fig, table = Figure(figsize=scene.size), kernel_map(X.shape, W.shape)
    for tap in (*scene.taps, "w[0,0]"):  # and back, on the same artists
        scene(fig, tap)
        grid, nodes, edges, marks, _ = kept(fig)
        read = [row.inp for row in table.rows(by="tap") if f"w[{row.tap[0]},{row.tap[1]}]" == tap]
        assert marked(grid) == set(read)
        assert [m.get_text() for m in marks] == [style.minus(f"× {X[cell]}") for cell in read]
        chosen = tuple(int(n) for n in re.findall(r"\d+", tap))
        assert [t for t, (box, _) in nodes.items() if box.get_linewidth() > 2] == [chosen]
        assert {t for (t, _), e in edges.items() if e.get_linewidth() > 2} == {chosen}


@pytest.mark.parametrize("back", [True, False])
def test_a_pass_shows_the_gradients_only_on_demand(back):
    draw_pass(X, W, 0.5, T, back=back)
    written = words()
    assert {f"L = {loss(W, b=0.5):.4f}", "b = 0.5"} <= set(written)
    db = numerical_gradient(lambda b: loss(W, b=b), 0.5, eps=1e-5)
    assert (f"db = {float(db):.4f}" in written) == back
    dw = numerical_gradient(lambda w: loss(w, b=0.5), W, eps=1e-5)
    dx = numerical_gradient(lambda x: loss(W, x, 0.5), X, eps=1e-5)
    for name, gradient in (("dw", dw), ("dx", dx)):
        assert (name in written) == back
        if back:
            start = written.index(name) - gradient.size
            assert written[start:start + gradient.size] == [f"{v:.2f}" for v in gradient.flat]


def descend(lr, steps):
    w, losses, kernels = W, [], []
    for _ in range(steps + 1):
        losses.append(loss(w))
        kernels.append(w)
        w = w - lr * numerical_gradient(loss, w, eps=1e-5)
    return np.array(losses), np.array(kernels)


def test_learning_rates_show_each_run_and_where_it_ends():
    runs = {lr: descend(lr, 4) for lr in (0.3, 40)}
    ends = {lr: (losses, conv2d(X, kernels[-1])) for lr, (losses, kernels) in runs.items()}
    scene = learning_rates(ends, T)
    fig = Figure(figsize=scene.size)
    for lr in (0.3, 40, 0.3):
        caption, (losses, y) = scene(fig, lr), ends[lr]
        chart, curve = fig.axes
        assert np.array_equal(chart.lines[0].get_ydata(), losses)
        assert f"{losses[-1]:.4f}" in words(fig) and f"to {losses[-1]:.4f} in 4 steps" in caption
        dots = curve.lines[2::3]
        assert np.allclose([d.get_ydata()[0] for d in dots], 1 / (1 + np.exp(-y.ravel())))
        assert np.allclose([d.get_xdata()[0] for d in dots], np.clip(y.ravel(), -REACH, REACH))
        beyond = [d.get_marker() != "o" for d in dots]
        assert beyond == (np.abs(y.ravel()) > REACH).tolist() and any(beyond) == (lr == 40)
        assert [g.get_ydata()[0] for g in curve.lines[3::3]] == T.ravel().tolist()
        told = re.findall(r"a\[\d,\d\] = (\S+) \((\S+)\)", caption)
        assert np.allclose(np.array(told, float)[:, 0], 1 / (1 + np.exp(-y.ravel())), atol=0.0051)
        assert np.array_equal(np.array(told, float)[:, 1], T.ravel())


def test_the_scrubber_shows_the_kernel_and_its_gradient_of_the_step():
    losses, kernels = descend(0.3, 5)
    gradients = np.array([numerical_gradient(loss, w, eps=1e-5) for w in kernels])
    outputs = np.array([1 / (1 + np.exp(-conv2d(X, w))) for w in kernels])
    scene = scrubber(losses, kernels, gradients, outputs, T)
    fig = Figure(figsize=scene.size)
    for step in (*range(6), 0):
        caption = scene(fig, step)
        dot, grids, *_ = kept(fig)
        for name, arrays in (("w", kernels), ("dw", gradients), ("a", outputs)):
            numbers = grids[name].numbers.values()
            shown = [float(n.get_text().replace("−", "-")) for n in numbers]
            assert len({n.get_fontsize() for n in numbers}) == 1
            assert np.allclose(shown, arrays[step].ravel(), atol=0.0051)
        steepest = np.unravel_index(np.abs(gradients[step]).argmax(), W.shape)
        assert marked(grids["dw"]) == {steepest}
        assert dot.get_ydata() == [losses[step]] and f"L = {losses[step]:.4f}" in caption


def test_the_landscape_is_the_loss_and_the_path_is_the_run():
    taps, runs = [(0, 1), (1, 1)], {}
    for lr in (0.3, 5):
        kernels = [W]
        for _ in range(4):
            step = numerical_gradient(loss, kernels[-1], eps=1e-5)
            kernels.append(kernels[-1] - lr * step * [[0, 1, 0], [0, 1, 0]])
        runs[lr] = np.array(kernels)
    scene = two_taps(loss, runs, taps, (-4, 4), (-3, 3))
    fig = Figure(figsize=scene.size)
    for lr in (0.3, 5, 0.3):
        caption = scene(fig, lr)
        path, end, ax = kept(fig)
        assert np.array_equal(path.get_xdata(), runs[lr][:, 0, 1])
        assert np.array_equal(path.get_ydata(), runs[lr][:, 1, 1])
        assert [end.get_xdata()[0], end.get_ydata()[0]] == [path.get_xdata()[-1],
                                                            path.get_ydata()[-1]]
        assert f"L = {loss(runs[lr][-1]):.4f} after 4 steps" in caption
    assert ax.get_aspect() == 1  # or a step would not leave its contour at a right angle
    filled, lines = ax.collections[:2]
    for level, points in zip(lines.levels, lines.allsegs, strict=True):
        for across, up in np.concatenate([*points, np.empty((0, 2))])[::40]:
            kernel = W.copy()
            kernel[0, 1], kernel[1, 1] = across, up
            assert abs(loss(kernel) - level) < 0.02
    assert filled.get_zorder() < path.get_zorder()


def test_a_plateau_holds_for_a_while_but_not_for_good():
    """With lr = 20 and two taps, the path returns after almost 180 000 steps, as chapter 6 says."""
    (a, b), (c, d) = chapter_06.W.tolist()
    outputs = list(zip(image_matrix(chapter_06.X, (2, 2)).tolist(), chapter_06.T.ravel().tolist(),
                       strict=True))
    for steps in range(200_000):
        loss = slope_b = slope_d = 0.0
        for (i, j, k, m), target in outputs:
            out = 1 / (1 + math.exp(-a * i - b * j - c * k - d * m))
            dy = 2 * (out - target) * out * (1 - out)
            loss, slope_b, slope_d = loss + (out - target)**2, slope_b + dy * j, slope_d + dy * m
        if steps and loss < 0.2:
            break
        b, d = b - 20 * slope_b, d - 20 * slope_d
    assert 170_000 < steps < 180_000


def test_the_error_of_a_check_is_drawn_over_its_step():
    draw_errors(lambda step: 3 * step ** 2, [0.1, 0.01])
    (line,) = plt.gcf().axes[0].lines
    assert np.allclose(line.get_xydata(), [[0.1, 0.03], [0.01, 0.0003]])


def test_both_scenes_are_sliders():
    losses, kernels = descend(0.3, 2)
    scene = learning_rates({0.3: (losses, conv2d(X, kernels[-1]))}, T)
    assert len(live(scene, alt="", lr=[0.3]).sweep()) == 1
    paths = tap_paths(X, W, T)
    assert len(set(live(paths, alt="", tap=paths.taps).sweep())) == W.size
    assert style.colour("dw") == style.purple
