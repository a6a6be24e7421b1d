"""Windows as columns: their order, their adjoint, and the two matrices."""

import numpy as np
import pytest

from convlib import adjoint_gap, col2im, conv2d, filter_matrix, im2col, image_matrix, vec

RNG = np.random.default_rng(0)
OPTIONS = [{}, {"stride": (2, 1)}, {"padding": ((1, 0), (2, 1))},
           {"dilation": (2, 1), "padding": 1}, {"padding": "full", "stride": 3}]


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("x_shape", [(5, 7), (3, 5, 7), (2, 3, 5, 7)])
def test_columns_are_the_windows_in_the_order_of_the_kernel(x_shape, options):
    x, w = RNG.integers(-9, 10, x_shape), RNG.integers(-9, 10, (4, *x_shape[-3:-2], 2, 3))
    columns = im2col(x, (2, 3), **options)
    kernel = w if w.ndim == 4 else w[:, None]
    y = conv2d(x if x.ndim > 2 else x[None], kernel, **options)
    product = w.reshape(4, -1) @ columns
    assert np.array_equal(product.reshape(y.shape), y)
    dy = RNG.integers(-9, 10, columns.shape)
    assert adjoint_gap(lambda v: im2col(v, (2, 3), **options),
                       lambda g: col2im(g, x_shape, (2, 3), **options), x, dy) == 0


def test_a_column_by_hand():
    x = np.arange(1, 13).reshape(3, 4)
    columns = im2col(x, 2)
    assert columns.shape == (4, 6) and columns[:, 1].tolist() == [2, 3, 6, 7]
    assert im2col(x, 2, padding=1)[:, 0].tolist() == [0, 0, 0, 1]


def test_col2im_adds_where_windows_overlap():
    touched = col2im(im2col(np.ones((3, 4), int), 2), (3, 4), 2)
    assert touched.tolist() == [[1, 2, 2, 1], [2, 4, 4, 2], [1, 2, 2, 1]]


@pytest.mark.parametrize("options", OPTIONS)
def test_the_image_matrix_of_one_filter_is_im2col_turned(options):
    x, w = RNG.integers(-9, 10, (5, 7)), RNG.integers(-9, 10, (2, 3))
    m_x, m_w = image_matrix(x, w.shape, **options), filter_matrix(w, x.shape, **options)
    assert np.array_equal(m_x, im2col(x, (2, 3), **options).T)
    assert np.array_equal(m_x @ vec(w), m_w @ vec(x))


def test_sizes_of_the_lecture():
    assert image_matrix(np.ones((6, 6)), (3, 3)).shape == (16, 9)
    assert filter_matrix(np.ones((1, 4, 3, 3)), (4, 6, 6)).shape == (16, 144)
