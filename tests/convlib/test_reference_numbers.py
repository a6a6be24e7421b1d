"""Numbers that were computed by hand, or by two other programs, before this one existed."""

import numpy as np
import pytest

from convlib import conv1d, conv1d_backward, conv2d, conv2d_backward, kernel_map

FIRST = [1, 2, 3, 5], [10, 1], [2, 4, 7]


def test_the_first_example_of_the_book():
    x, w, dy = (np.array(a) for a in FIRST)
    assert conv1d(x, w).tolist() == [12, 23, 35] and (dy * conv1d(x, w)).sum() == 361
    assert (dy * conv1d([1, 3, 3, 5], w)).sum() == 403 and (dy * conv1d(x, [11, 1])).sum() == 392
    dx, dw, db = conv1d_backward(dy, x, w)
    assert (dx.tolist(), dw.tolist(), int(db)) == ([20, 42, 74, 7], [31, 51], 13)


@pytest.mark.parametrize("dy, w, dx, dw", [
    ([100, 10, 1], [10, 1], [1000, 200, 20, 1], [123, 235]),
    ([2, 4, 7], [1, 3], [2, 10, 19, 21], [31, 51]),
])
def test_places_of_decimals_show_the_order(dy, w, dx, dw):
    found = conv1d_backward(dy, [1, 2, 3, 5], w)
    assert found.dx.tolist() == dx and found.dw.tolist() == dw


def test_three_taps_read_the_prices_backwards():
    assert conv1d_backward([2, 4, 7], [0] * 5, [100, 10, 1]).dx.tolist() == [200, 420, 742, 74, 7]


def test_one_dimension_with_a_zero_on_each_side():
    x, w, dy = [1, 2, 3, 5, 7], [11, 13], [1, -1, 2, 0, 3, -2]
    assert conv1d(x, w, padding=1).tolist() == [13, 37, 61, 98, 146, 77]
    found = conv1d_backward(dy, x, w, padding=1)
    assert found.dx.tolist() == [2, 9, 26, 33, 17] and found.dw.tolist() == [4, 26]


X = [[1, 2, 0, -1], [3, 1, -2, 2], [0, 4, 1, 5]]
W, DY = [[1, -1, 2], [0, 3, -2]], [[1, 2], [-1, 3]]


def test_two_dimensions():
    assert conv2d(X, W).tolist() == [[6, -10], [8, 0]]
    found = conv2d_backward(DY, X, W)
    assert found.dw.tolist() == [[5, -5, 6], [17, -4, 16]] and found.db == 5
    assert found.dx.tolist() == [[1, 1, 0, 4], [-1, 7, -1, 2], [0, -3, 11, -6]]
    unflipped = conv2d_backward(DY, X, np.flip(W)).dx
    assert unflipped.tolist() == [[-2, -1, 6, 0], [4, -6, 8, 2], [-2, 7, -4, 3]]


def test_place_values_in_two_dimensions():
    w = np.array([[1000, 100], [10, 1]])
    assert conv2d([[1, 2, 3, 4], [5, 6, 7, 8], [9, 1, 2, 3]], w)[0, 0] == 1256
    x, dy = np.arange(1, 10).reshape(3, 3), [[1, 2], [3, 4]]
    assert conv2d(x, w)[0, 0] == 1245
    seen = {name: int(conv2d_backward(dy, x, kernel).dx[1, 1]) for name, kernel in (
        ("right", w), ("no flip", np.flip(w)), ("rows only", w[:, ::-1]), ("columns only", w[::-1]),
        ("transposed", w.T))}
    assert seen == {"right": 4321, "no flip": 1234, "rows only": 3412, "columns only": 2143,
                    "transposed": 4231}


def test_stride_two_reads_and_writes_every_second_cell():
    assert conv1d([1, 2, 3, 4, 5, 6], [100, 10, 1], stride=2).tolist() == [123, 345]
    dx = conv1d_backward([1, 2], np.arange(1, 7), [100, 10, 1], stride=2).dx
    assert dx.tolist() == [100, 10, 201, 20, 2, 0]  # the last cell is never read


def test_a_pointwise_convolution_mixes_channels():
    x, w = np.array([[1], [10], [100]]), np.array([[[1], [2], [3]], [[4], [5], [6]]])
    assert conv1d(x, w).tolist() == [[321], [654]]
    found = conv1d_backward([[1], [10]], x, w)
    assert found.dx.tolist() == [[41], [52], [63]]
    assert found.dw[..., 0].tolist() == [[1, 10, 100], [10, 100, 1000]]


def test_rows_of_the_lecture_example():
    assert len(kernel_map((3, 32, 32), (1, 3, 5, 5))) == 58_800
    assert len(kernel_map((3, 32, 32), (1, 3, 5, 5))) // (28 * 28) == 75
