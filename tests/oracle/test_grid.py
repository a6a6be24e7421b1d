"""Every combination of the options on a grid, exactly: whole numbers on both sides.

The random shapes of test_pytorch.py seldom meet two options at once; here each meets each.
"""

from itertools import product

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from convlib import (
    conv1d,
    conv1d_backward,
    conv2d,
    conv2d_backward,
    conv_transpose1d,
    conv_transpose1d_backward,
    conv_transpose2d,
    conv_transpose2d_backward,
)
from course.size_formulas import dx_by_zeros

pytestmark = pytest.mark.oracle
SIZES = {1: [((11,), (3,)), ((8,), (2,))], 2: [((7, 9), (3, 2)), ((6, 8), (2, 3))]}
OURS = {1: (conv1d, conv1d_backward, conv_transpose1d, conv_transpose1d_backward),
        2: (conv2d, conv2d_backward, conv_transpose2d, conv_transpose2d_backward)}
THEIRS = {1: (F.conv1d, F.conv_transpose1d), 2: (F.conv2d, F.conv_transpose2d)}
GRID = [(nd, sizes, stride, padding, dilation, groups) for nd in (1, 2) for sizes in SIZES[nd]
        for stride, padding, dilation, groups in product((1, 2, 3), (0, 1, 2), (1, 2, 3), (1, 2))]
N, C, K = 2, 4, 6


def test_the_grid_is_large_enough():
    assert min(sum(case[0] == nd for case in GRID) for nd in (1, 2)) >= 72


@pytest.mark.parametrize("nd, sizes, stride, padding, dilation, groups", GRID)
def test_forward_gradients_and_the_way_back_as_a_layer(nd, sizes, stride, padding, dilation,
                                                       groups):
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    conv, backward, transpose, transpose_backward = OURS[nd]
    theirs, theirs_transposed = THEIRS[nd]
    rng = np.random.default_rng([stride, padding, dilation, groups])
    space, taps = sizes
    x, w, b = (rng.integers(-9, 10, shape) for shape in
               ((N, C, *space), (K, C // groups, *taps), (K,)))
    ours = options | {"padding": (padding,) * nd if nd > 1 else padding}
    tx, tw, tb = (torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in (x, w, b))
    ty = theirs(tx, tw, tb, **options)
    assert np.array_equal(conv(x, w, b, **ours), ty.detach().numpy())
    dy = rng.integers(-9, 10, tuple(ty.shape))
    ty.backward(torch.tensor(dy, dtype=torch.float64))
    for found, tensor in zip(backward(dy, x, w, **ours), (tx, tw, tb), strict=True):
        assert np.array_equal(found, tensor.grad.numpy())

    rest = tuple((n + 2 * padding - dilation * (k - 1) - 1) % stride
                 for n, k in zip(space, taps, strict=True))
    back = transpose(dy, w, output_padding=rest, **ours)
    assert np.array_equal(back, tx.grad.numpy())
    td, tv = (torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in (dy, w))
    theirs_back = theirs_transposed(td, tv, output_padding=rest, **options)
    assert np.array_equal(back, theirs_back.detach().numpy())
    theirs_back.backward(torch.tensor(x, dtype=torch.float64))
    found = transpose_backward(x, dy, w, output_padding=rest, **ours)
    assert np.array_equal(found.dx, td.grad.numpy()) and np.array_equal(found.dw, tv.grad.numpy())
    assert np.array_equal(found.dx, conv(x, w, **ours))


@pytest.mark.parametrize("nd", [1, 2])
def test_zeros_between_the_prices(nd):
    for (space, taps), stride, padding, dilation in product(SIZES[nd], (1, 2, 3), (0, 1, 2),
                                                            (1, 2, 3)):
        options = {"stride": stride, "padding": padding, "dilation": dilation}
        rng = np.random.default_rng([stride, padding, dilation])
        tx = torch.zeros((1, 1, *space), dtype=torch.float64, requires_grad=True)
        w = rng.integers(-9, 10, taps)
        ty = THEIRS[nd][0](tx, torch.tensor(w[None, None], dtype=torch.float64), **options)
        dy = rng.integers(-9, 10, tuple(ty.shape[2:]))
        ty.backward(torch.tensor(dy[None, None], dtype=torch.float64))
        assert np.array_equal(dx_by_zeros(dy, w, space, **options), tx.grad.numpy()[0, 0])
