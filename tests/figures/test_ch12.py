"""Chapter 12's pictures: every place of every slider, compared with other counts."""

import re
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from sympy import expand, symbols
from sympy.parsing.sympy_parser import parse_expr

from convlib import conv2d, conv2d_backward, im2col, kernel_map
from figures.chapters import (
    ch12_points,
    ch12_products,
    ch12_roofline,
    ch12_speed,
    ch12_waves,
)
from tests.figures.seen import words

PER_TILE = 2 * 2 * 6 * 6  # 7 x 6 outputs in four tiles of 4 x 4, each 6 x 6 products


def framed():
    """Marked cells of all grids drawn, by their numbers, in reading order."""
    return [t.get_text() for t in plt.gca().texts if t.get_fontweight() == "bold"]


def test_strides_mark_a_window_and_its_addresses():
    ch12_products.draw_strides((3, 5), (2, 4), (1, 1))
    window = np.arange(15).reshape(3, 5)[1:3, 1:5].ravel()
    assert [n for n in framed() if n.isdigit()] == [*map(str, window), *map(str, window)]
    assert f"y[1,1] is at {', '.join(map(str, window))}." in " ".join(words())
    assert "next row: +5" in words()


def test_columns_mark_one_pixel_wherever_it_stands():
    x, w = np.arange(1, 16).reshape(3, 5), np.array([[1, 20, 3], [4, 5, 60]])
    ch12_products.draw_columns(x, w, (1, 2))
    reads = sum(row.inp == (1, 2) for row in kernel_map(x.shape, w.shape).rows())
    assert framed().count("8") == 1 + reads == 1 + (im2col(x, w.shape) == 8).sum()
    assert {str(v) for v in conv2d(x, w).flat} <= set(words())


def test_the_copies_of_a_pixel_add_up_to_its_gradient():
    w, dy = np.array([[70, 200], [30, 9], [5, 400]]), np.array([[1, 2, 3], [4, 5, 6]])
    ch12_products.draw_scatter(w, dy, (4, 4), (2, 1))
    dx = conv2d_backward(dy, np.zeros((4, 4), int), w).dx
    copies = [dy[row.out] * w[row.tap] for row in kernel_map((4, 4), w.shape).rows()
              if row.inp == (2, 1)]
    shown = [int(n) for n in framed() if n.isdigit()]
    assert sorted(shown[:-1]) == sorted(copies) and shown[-1] == sum(copies) == dx[2, 1]
    assert {str(v) for v in dx.flat} <= set(words())


def test_rings_are_what_the_spectra_give():
    x, w = [4, 1, 0, 2, 7], [1, 30, 5]
    ch12_waves.draw_rings(x, w)
    X, V = np.fft.fft(x), np.fft.fft(w, 5)
    expected = [np.rint(np.fft.ifft(X * v).real).astype(int) for v in (V.conj(), V)]
    numbers = [n for n in words() if n.isdigit()]

    for part in expected:
        assert set(map(str, part)) <= set(numbers)
    marked = [n for n in framed() if n.isdigit()]
    assert marked == [*map(str, expected[0][:3]), *map(str, expected[1][2:])]


def test_a_ring_shows_an_output_that_crosses_the_seam():
    x, w = [4, 1, 0, 2, 7], [1, 30]
    ch12_waves.draw_rings(x, w)
    circle = np.fft.ifft(np.fft.fft(x) * np.fft.fft(w, 5).conj()).real.round().astype(int)
    across = np.fft.ifft(np.fft.fft(x) * np.fft.fft(w, 5)).real.round().astype(int)
    told = [t for t in words() if t.startswith("output")]
    assert told == [f"output 4: 1·7 + 30·4 = {circle[4]}", f"output 0: 1·4 + 30·7 = {across[0]}"]


@pytest.mark.parametrize("a, b, points", [
    ([1, 2], [1, 3], (0, 1, "∞")), ([2, 4], [3, -5, 1], (0, 1, -1, "∞"))])
def test_both_ways_lead_to_the_product(a, b, points):
    ch12_points.draw_two_ways(a, b, points, ("dy", "w", "dx"))
    c, shown = np.polymul(a[::-1], b[::-1])[::-1], words()
    ways = len(a) * len(b), len(points)
    assert [t for t in shown if "products" in t] == [f"{n} products" for n in ways]
    for coefficients in (a, b, c):
        values = [coefficients[-1] if z == "∞" else np.polyval(coefficients[::-1], z)
                  for z in points]
        rows = [str(v).replace("-", "−") for v in (*coefficients, *values)]
        drawn = [t for t in shown if t not in ("dy", "w", "dx", "")]
        assert any(drawn[n:n + len(rows)] == rows for n in range(len(drawn)))


def test_waves_are_the_powers_of_roots_of_unity():
    ch12_waves.draw_waves(8, (1, 3))
    axes = plt.gcf().axes
    for m, (circle, wave) in zip((1, 3), (axes[:2], axes[2:]), strict=True):
        powers = np.exp(-2j * np.pi * m * np.arange(8) / 8)
        across, up = circle.lines[0].get_data()
        assert np.allclose(up, powers.real) and np.allclose(across, -powers.imag)
        assert np.allclose(wave.lines[-1].get_ydata(), powers.real)


def test_a_row_is_rebuilt_from_its_waves():
    row = np.array([1, 1, 6, 6, 2, 0, 3.0])
    scene, fig = ch12_waves.rebuilt(row), Figure()
    assert scene.waves == [0, 1, 2, 3]
    for upto in (3, 0, 1, 2):
        caption = scene(fig, upto)
        spectrum = np.fft.fft(row)
        spectrum[upto + 1:len(row) - upto] = 0
        line = fig.axes[0].lines[-1].get_ydata()
        assert np.allclose(line, np.fft.ifft(spectrum).real)
        assert caption.endswith(f"error is {abs(line - row).max():.2f}.")
    heights = [bar.get_height() for bar in fig.axes[1].patches]
    assert np.allclose(heights, abs(np.fft.fft(row))[:4])
    dark = [bar.get_facecolor() == fig.axes[1].patches[0].get_facecolor()
            for bar in fig.axes[1].patches]
    assert dark == [True, True, True, False]


def test_winograd_draws_four_products_that_make_two_outputs():
    ch12_points.draw_winograd()
    written = [t for t in words() if t not in "·"]
    named = [n for n, t in enumerate(written) if re.fullmatch(r"m\d =", t)]
    m = [parse_expr(written[n + 1].replace("−", "-")) * parse_expr(
        written[n + 2].replace("−", "-")) for n in named]
    signs = [t for t in written if t in "+−"]
    x, w = symbols("x:4"), symbols("w:3")
    assert signs == ["+", "+", "+", "+", "−", "+"]  # m0; m1 twice; m2 twice; m3
    assert expand(m[0] + m[1] + m[2] - sum(x[r] * w[r] for r in range(3))) == 0
    assert expand(m[1] - m[2] + m[3] - sum(x[r + 1] * w[r] for r in range(3))) == 0


def test_bars_are_labelled_with_their_counts():
    layer, methods = ((3, 9, 8), (2, 3, 3, 3)), ["direct", "im2col", "fft", "winograd"]
    fig = Figure(figsize=ch12_speed.draw_costs.size)
    ch12_speed.draw_costs(fig, layer, methods)
    labels = [w.strip() for w in words(fig)]
    rows = len(kernel_map(*layer))
    assert labels[:2] == [f"{rows:,}"] * 2
    assert labels[5] == f"{3 * 9 * 42:,}"
    lengths = [bar.get_width() for bar in fig.axes[0].patches]
    assert [f"{int(n):,}" for n in lengths[:4]] == labels[:4]
    assert lengths[4:] == [rows, rows, 4 * 2 * 3 * 9 * 5, 2 * 3 * PER_TILE]  # on top, without
    (legend,) = fig.axes[0].get_legend().get_texts()
    assert legend.get_text() == "products in transforms" and not fig.axes[1].get_legend()


def test_bars_of_times():
    fig = Figure(figsize=ch12_speed.draw_costs.size)
    ch12_speed.draw_costs(fig, ((3, 9, 8), (2, 3, 2, 3)), ["windows", "fft"], [0.0012, 0.03456])
    assert [w.strip() for w in words(fig)][2:] == ["1.20", "34.56"]


@pytest.fixture
def shapes():
    def shapes(kernel, channels):
        return (channels, 40, 36), (channels, channels, kernel, kernel)

    shapes.kernels, shapes.channels = range(1, 16, 2), (1, 3)
    return shapes


def test_the_crossing_is_where_the_counts_cross(shapes):
    scene, fig = ch12_speed.crossing(shapes), Figure()
    for kernel, channels in [*product(shapes.kernels, shapes.channels), (1, 1)]:
        caption = scene(fig, kernel, channels)
        rows = channels**2 * (41 - kernel) * (37 - kernel) * kernel**2
        assert f"{kernel} × {kernel} taps, " in caption and f"im2col {rows:,}" in caption
        lines = {line.get_label(): line.get_ydata() for line in fig.axes[0].lines
                 if not line.get_label().startswith("_")}
        lower = [R for R, a, c in zip(shapes.kernels, lines["fft"], lines["im2col"], strict=True)
                 if a < c]
        assert words(fig) == [f"FFT lower from {lower[0]} × {lower[0]} on"]


def test_the_crossing_says_what_was_measured(shapes):
    times = {(name, R, C): {"im2col": R * C, "shifted": 30, "fft": 7 if C == 1 else 99}[name] / 1e3
             for name, R, C in product(("im2col", "shifted", "fft"), shapes.kernels, (1, 3))}
    scene, fig = ch12_speed.crossing(shapes, times), Figure()
    told = scene(fig, 13, 1)
    assert "Milliseconds, measured here: im2col 13.00, shifted 30.00, fft 7.00." in told
    assert words(fig)[1] == "FFT lower from 9 × 9 on"
    scene(fig, 3, 3)
    assert words(fig)[1] == "FFT nowhere lower"
    times["fft", 5, 1] = 0.001
    scene, fig = ch12_speed.crossing(shapes, times), Figure()
    scene(fig, 3, 1)
    assert words(fig)[1] == "FFT lower at 5, 9, 11, 13, 15"


def test_the_roof_says_which_limit_decides():
    def layer(channels, kernel):
        return (channels, 16, 12), (channels, channels, kernel, kernel)

    rates = {key: 1e9 * (1 + sum(key)) for key in product((1, 32), (1, 3))}
    for given in (None, rates):
        scene, fig = ch12_roofline.roofline(32e9, 8e9, layer, (1, 32), (1, 3), given), Figure()
        for C, R in [*product((1, 32), (1, 3)), (1, 1)]:
            caption = scene(fig, C, R)
            places = (17 - R) * (13 - R)
            moved = 8 * (C * 16 * 12 + C * C * R * R + C * places)
            x = 2 * C * C * R * R * places / moved
            assert f": {x:.3g} operations per byte" in caption
            assert ("memory-bound, at most" in caption) == (x < 4)
            (at,), (height,) = fig.axes[0].lines[-1].get_data()
            assert at == pytest.approx(x)
            limit = given[C, R] if given else min(32e9, 8e9 * x)
            assert height == pytest.approx(limit / 1e9)
            assert (f"measured {limit / 1e9:.1f}." in caption) == bool(given)
