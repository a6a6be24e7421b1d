"""Chapter 1: its new pictures say what convlib computes, and it uses nothing that comes later."""

import json
import re
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from convlib import conv1d, conv1d_backward, kernel_map
from convlib.symbolic import jacobian, symbols
from figures import draw_matrix, draw_stamps
from figures.chapters.ch01_beats import UNIT, draw_response
from figures.chapters.ch01_slide import draw_slide
from figures.chapters.ch01_sums import draw_three_sums
from figures.chapters.ch01_weights import draw_weights
from figures.drawing import style

X, W, DY = np.array([3, -1, 4, 1, 5]), np.array([2, 7, -3]), np.array([1, -2, 6])
GRADIENTS = conv1d_backward(DY, X, W)
SUMS = {"y": conv1d(X, W), "dw": GRADIENTS.dw, "dx": GRADIENTS.dx}
TABLE = kernel_map(X.shape, W.shape)
CELLS = json.loads((Path(__file__).parents[2] / "chapters/01_one_dimension.ipynb")
                   .read_text(encoding="utf-8"))["cells"]


def texts():
    return [text for ax in plt.gcf().axes for text in ax.texts]


def words():
    return [text.get_text() for text in texts()]


def test_each_panel_crosses_out_the_factor_that_its_sum_does_without():
    said = draw_three_sums(TABLE, x=X, w=W, dy=DY)
    for name, values in SUMS.items():
        for n, value in enumerate(values):
            assert f"{name}[{n}] = {value}" in words() and f"= {value}" in said
    struck = [int(t.get_text()) for t in texts() if t.get_color() == style.muted]
    expected = [values[getattr(row, column)] for values, column in
                ((DY, "out"), (W, "tap"), (X, "inp")) for row in TABLE.rows(by=column)]
    assert struck == expected


@pytest.mark.parametrize("draw", [
    lambda: draw_three_sums(kernel_map((4,), (2,)), x=[1, 2, 3, 5], w=[10, 1], dy=[2, 4, 7]),
    lambda: draw_stamps([10, 1], [2, 4, 7]),
    lambda: draw_response([0, 0, 5, -2, 0, 0, 0, 5, -2, 0], [-1, 1], at=(1, 6)), draw_weights,
    lambda: draw_slide([2, 4, 7], [10, 1], mark=1)])
def test_no_word_is_too_small_to_read_on_a_page(draw):
    draw()
    scale = min(1, 6.88 / plt.gcf().get_size_inches()[0])  # a page is 688 pixels wide
    assert min(t.get_fontsize() for t in texts()) * scale * 100 / 72 >= 11


def test_each_stamp_names_its_taps_forward():
    draw_stamps(W, DY)
    assert [t for t in words() if t.startswith("w[")] == len(DY) * ["w[0]", "w[1]", "w[2]"]


def test_the_column_of_one_dx_is_marked():
    draw_stamps(W, DY, mark=1)
    (head,) = (text for text in texts() if text.get_text() == "dx[1]")
    assert (head.get_color(), head.get_fontweight()) == (style.purple, "bold")
    bold = [t.get_text() for t in texts() if t.get_text() and t.get_fontweight() == "bold"]
    assert bold == ["dx[1]", str(DY[0] * W[1]), str(DY[1] * W[0]).replace("-", "−"),
                    str(GRADIENTS.dx[1]), "dx"]


def test_where_the_marked_row_and_column_cross_a_cell_is_half_of_each():
    draw_matrix(np.array([[1, 2], [3, 4]]), ["a", "b"], ["c", "d"], mark_row=1, mark_column=0)
    hues = [to_rgb(patch.get_facecolor()) for patch in plt.gcf().axes[0].patches
            if patch.get_path().contains_point((1.3, 3.5), patch.get_patch_transform())]
    assert np.allclose(hues, [style.tint(style.purple, 0.3), style.tint(style.green, 0.3)])


def test_the_response_is_drawn_as_it_is_computed_and_moves_with_the_beat():
    x = np.array([0, 0, 3, 0, 0, 0, 0, 3, 0, 0])
    draw_response(x, [2, -1, 4], at=(1, 6))
    assert words().count("2·0 + −1·3 + 4·0 = −3") == 2
    assert words().count("5 samples later") == 2
    lines = [line for line in plt.gcf().axes[0].lines if line.get_marker() == "o"]
    for line, values in zip(lines, (x, conv1d(x, [2, -1, 4])), strict=True):
        heights = -np.diff(line.get_ydata())  # y points down on a board
        assert np.allclose(heights / UNIT, np.diff(values))
    middles = [np.mean(line.get_xdata()) for line in lines]
    assert np.isclose(*middles)  # an output is below the middle of its window


def test_the_reversed_kernel_slides_over_dy_and_its_zeros():
    draw_slide(DY, W, mark=2)
    lines = [word.replace("−", "-") for word in words() if " = " in word]
    names, sums, entries = zip(*(line.split(" = ") for line in lines), strict=True)
    assert names == tuple(f"dx[{i}]" for i in range(5))
    assert list(map(int, entries)) == GRADIENTS.dx.tolist()
    products = [[tuple(map(int, term.split("·"))) for term in one.split(" + ")] for one in sums]
    padded = [0, 0, *DY, 0, 0]
    assert products == [list(zip(W[::-1], padded[i:i + 3], strict=True)) for i in range(5)]
    (strong,) = (text for text in texts() if text.get_fontweight() == "bold"
                 and text.get_text().endswith(style.minus(f"= {GRADIENTS.dx[2]}")))
    assert strong.get_color() == style.purple


@pytest.mark.parametrize(("outputs", "taps"), [(3, 2), (2, 4)])
def test_the_layer_that_is_shared_and_local_is_the_jacobian(outputs, taps):
    inputs = outputs + taps - 1
    draw_weights(outputs, taps)
    assert [f"{outputs * inputs} weights", f"{outputs + inputs - 1} weights", f"{taps} weights"] \
        == [word for word in words() if word.endswith(" weights")]
    entries = [word for word in words() if word[:2] in ("$V", "$w") or word == "·"]
    dense, shared, local = np.reshape(entries, (3, outputs, inputs))
    assert len(set(dense.flat)) == dense.size
    assert np.array_equal(shared[1:, 1:], shared[:-1, :-1])
    J = jacobian(conv1d(symbols("x", inputs), symbols("w", taps)), symbols("x", inputs))
    names = [["·" if entry == 0 else f"${str(entry).replace('_', '_{')}}}$" for entry in row]
             for row in J.tolist()]
    assert local.tolist() == names


# ------------------------------------------------------------------ the text
def test_the_table_is_printed_with_the_names_of_its_columns():
    (cell,) = (cell for cell in CELLS if cell["id"] == "table")
    head, *rows = "".join(cell["outputs"][0]["text"]).splitlines()
    assert re.split(r"\s{2,}", head) == ["output p", "tap r", "input i"]
    triples = [tuple(map(int, row.split())) for row in rows]
    assert len(triples) == 6 and all(i == p + r for p, r, i in triples)


@pytest.mark.parametrize("later", ["stride", "dilation"])
def test_nothing_is_used_that_a_later_chapter_introduces(later):
    prose = {cell["id"]: "".join(cell["source"]) for cell in CELLS}
    assert [cell for cell, text in prose.items() if later in text] == []


def test_each_exercise_says_what_to_enter_or_to_write():
    asked = ["".join(cell["source"]).split("**Exercise ")[1] for cell in CELLS
             if "**Exercise " in "".join(cell["source"])]
    assert len(asked) >= 6
    assert [text[:3] for text in asked
            if not re.search(r"\bEnter\b|\bWrite a function\b", text)] == []
