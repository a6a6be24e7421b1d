"""Sizes: the fifteen relationships against a count of windows, and zeros between prices."""

from itertools import product

import numpy as np
import pytest

from convlib import kernel_map
from convlib.symbolic import symbols
from course.size_formulas import (
    RELATIONSHIPS,
    Relationship,
    arithmetic,
    configurations,
    dx_by_zeros,
    made_by,
    stretch,
)


@pytest.fixture(scope="module")
def counts():
    return arithmetic().counts


def placed(H, R, stride, padding, dilation, leftover):
    """Where the first tap of each window stands, found by trying every place."""
    span = 1 + dilation * (R - 1)
    return [start for start in range(0, H + 2 * padding, stride)
            if start + span <= H + 2 * padding]


def test_the_windows_that_were_counted_are_those_that_the_layers_make():
    for known in configurations(sizes=range(1, 8), taps=range(1, 5), paddings=range(3)):
        starts = placed(**known)
        last = starts[-1] + known["dilation"] * (known["R"] - 1) + 1
        assert made_by("conv", **known) == len(starts)
        assert known["leftover"] == known["H"] + 2 * known["padding"] - last
        assert made_by("transposed", **known) == known["H"]


@pytest.mark.parametrize("row", RELATIONSHIPS, ids=lambda row: str(row.number))
def test_each_relationship_holds_wherever_it_is_said_to(row, counts):
    tried, wrong = counts[row]
    assert wrong == 0 and tried >= 20
    for known in configurations(sizes=(4, 7, 10), taps=(2, 3, 5), strides=(1, 2, 4),
                                paddings=(0, 1, 2, 4), dilations=(1, 3)):
        if eval(row.where, {}, known):
            P = len(placed(**known))
            size = eval(row.size, {}, known | {"P": P})
            assert size == (known["H"] if row.layer == "transposed" else P)


def test_there_are_fifteen_and_the_table_shows_each():
    assert [row.number for row in RELATIONSHIPS] == list(range(1, 16))
    found = arithmetic(sizes=(5, 6), taps=(1, 3))
    assert found.worst == 0
    for row in RELATIONSHIPS:
        assert row.size in repr(found) and f"<code>{'H' if row.layer == 'transposed' else 'P'}" \
            f" = {row.size}</code>" in found._repr_html_()


@pytest.mark.parametrize("number, size", [
    (3, "H + 1"), (6, "(H + padding - R)//stride + 1"), (6, "-(-(H + 2*padding - R)//stride) + 1"),
    (13, "(P - 1)*stride + R - padding"), (14, "(P - 1)*stride + R - 2*padding"),
    (15, "(H + 2*padding - R - (R - 1)*dilation)//stride + 1")])
def test_a_wrong_formula_is_noticed(number, size):
    right = RELATIONSHIPS[number - 1]
    wrong = Relationship(number, right.layer, right.case, right.where, size)
    assert arithmetic((wrong,)).worst > 0


def test_stretch_on_two_axes_with_a_rest_each():
    assert stretch(np.array([[1, 2], [3, 4]]), 2, np.array([0, 1])).tolist() == [
        [1, 0, 2, 0], [0, 0, 0, 0], [3, 0, 4, 0]]
    assert stretch(np.array([7, 8, 9]), 1).tolist() == [7, 8, 9]


@pytest.mark.parametrize("x_shape, w_shape", [((9,), (3,)), ((8,), (1,)), ((7, 12), (2, 4))])
def test_zeros_between_the_prices_give_the_gradient_for_letters(x_shape, w_shape):
    for stride, padding, dilation in product((1, 2, 3), (0, 1, 2), (1, 2)):
        options = {"stride": stride, "padding": padding, "dilation": dilation}
        table = kernel_map(x_shape, w_shape, **options)
        dy, w = symbols("dy", table.y_shape), symbols("w", w_shape)
        found = dx_by_zeros(dy, w, x_shape, **options)
        assert found.shape == x_shape
        assert (found - table.grad_x(dy, w) == 0).all()
