"""The two matrices as pictures: a column is a block, a tap is on diagonals."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from convlib import conv1d, kernel_map
from figures.chapters.ch07 import column_scene, draw_filter_matrix
from figures.chapters.ch07_ring import draw_ring
from tests.figures.seen import grids, marked, numbers, words

X = np.arange(1, 21).reshape(4, 5)
W = np.array([[7, -1, 2], [3, 5, -2]])
TABLE = kernel_map(X.shape, W.shape)


def at(word):
    """Where each text of the last figure that is this word has its middle."""
    return [text.get_position() for text in plt.gca().texts if text.get_text() == word]


def test_a_column_is_a_block_of_the_image(fig):
    draw, height = column_scene(X, W.shape), len(TABLE.image_matrix(X))
    for column, tap in enumerate(np.ndindex(W.shape)):
        said = draw(fig, column=column)
        rows = [row for row in TABLE.rows() if row.tap == tap]
        assert marked(grids(fig, "x")) == {row.inp for row in rows}
        assert marked(grids(fig, "$M_x$")) == {(m, column) for m in range(height)}
        assert f"w[{tap[0]},{tap[1]}], is the 3 by 3 block" in said
        assert said.endswith(f"starts at {X[rows[0].inp]}.")
        assert f"column {column}: tap w[{tap[0]},{tap[1]}]" in words(fig)
    assert np.array_equal(numbers(grids(fig, "$M_x$")).astype(int), TABLE.image_matrix(X))


def test_the_names_are_beside_their_rows_and_above_their_columns():
    draw = column_scene(X, W.shape)
    fig = plt.figure(figsize=draw.size)
    draw(fig, column=0)
    fig.draw_without_rendering()  # now every box has its place
    sheet = fig.axes[0]
    inner = grids(fig, "$M_x$").board.ax
    to_sheet = inner.transData + sheet.transData.inverted()
    names = {text.get_text(): text.get_position() for text in sheet.texts}
    for m, (p, q) in enumerate(np.ndindex(TABLE.y_shape)):
        assert names[f"y[{p},{q}]"][1] == pytest.approx(to_sheet.transform((0, m + 0.5))[1])
    for n, (r, s) in enumerate(np.ndindex(W.shape)):
        assert names[f"{r},{s}"][0] == pytest.approx(to_sheet.transform((n + 0.5, 0))[0])


def test_the_band_structure_is_that_of_the_matrix():
    names = np.arange(1, 7).reshape(2, 3)
    draw_filter_matrix(X.shape, names)
    M, corner = TABLE.filter_matrix(names), plt.gca().patches[0].get_xy()
    shown = {tuple(np.round(np.subtract(text.get_position(), corner) - 0.5).astype(int)[::-1]):
             text.get_text() for text in plt.gca().texts if text.get_text().isdigit()}
    assert shown == {(m, n): str(M[m, n]) for m, n in np.argwhere(M)}


def test_the_ring_marks_what_the_output_reads():
    matrix = np.transpose([conv1d(np.append(e, e[0]), [10, 1]) for e in np.eye(5, dtype=int)])
    for row in range(5):
        draw_ring(matrix, row)
        ring = {f"x[{p}]": np.subtract(at(f"x[{p}]")[0], at(f"y[{row}]")[0]) for p in range(5)}
        for tap, p in ((10, row), (1, (row + 1) % 5)):
            outwards = np.subtract(at(f"×{tap}")[0], at(f"y[{row}]")[0])
            assert np.linalg.norm(outwards) > np.linalg.norm(ring[f"x[{p}]"])
            assert np.cross([*outwards, 0], [*ring[f"x[{p}]"], 0])[2] == pytest.approx(0)
            assert outwards @ ring[f"x[{p}]"] > 0
        plt.close("all")
