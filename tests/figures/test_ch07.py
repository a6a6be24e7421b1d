"""The two matrices as pictures: what lights up together is one row of the table."""

import matplotlib.pyplot as plt
import numpy as np

from convlib import kernel_map
from figures.chapters.ch07 import column_scene, draw_filter_matrix, entry_scene
from tests.figures.seen import grids, marked, numbers

X = np.arange(1, 21).reshape(4, 5)
W = np.array([[7, -1, 2], [3, 5, -2]])
TABLE = kernel_map(X.shape, W.shape)


def test_a_column_is_a_block_of_the_image(fig):
    draw, height = column_scene(X, W.shape), len(TABLE.image_matrix(X))
    for column, tap in enumerate(np.ndindex(W.shape)):
        words = draw(fig, column=column)
        rows = [row for row in TABLE.rows() if row.tap == tap]
        assert marked(grids(fig, "x")) == {row.inp for row in rows}
        assert marked(grids(fig, "$M_x$")) == {(m, column) for m in range(height)}
        assert str([int(X[row.inp]) for row in rows]) in words
    assert np.array_equal(numbers(grids(fig, "$M_x$")).astype(int), TABLE.image_matrix(X))


def test_an_entry_lights_its_output_pixel_and_tap(fig):
    draw, taps = entry_scene(X, W), {(row.out, row.inp): row.tap for row in TABLE.rows()}
    for row, out in enumerate(np.ndindex(TABLE.y_shape)):
        for column, inp in enumerate(np.ndindex(X.shape)):
            words = draw(fig, row=row, column=column)
            tap = taps.get((out, inp))
            assert marked(grids(fig, "x")) == {inp} and marked(grids(fig, "y")) == {out}
            assert marked(grids(fig, "w")) == ({tap} if tap else set())
            assert ("does not read" in words) == (tap is None)
            assert marked(grids(fig, "$M_w$: click an entry")) == {(row, column)}


def test_the_band_structure_is_that_of_the_matrix():
    names = np.arange(1, 7).reshape(2, 3)
    draw_filter_matrix(X.shape, names)
    ax = plt.gca()
    M = TABLE.filter_matrix(names)
    shown = {(round(t.get_position()[1] - 2.5), round(t.get_position()[0] - 3.5)): t.get_text()
             for t in ax.texts if t.get_text().isdigit()}
    assert shown == {(m, n): str(M[m, n]) for m, n in np.argwhere(M)}
