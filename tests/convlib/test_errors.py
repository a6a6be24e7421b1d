"""Every refused input: before any work, with words that name the argument and the numbers."""

import re

import numpy as np
import pytest

import convlib as c
from convlib import symbolic

x1, w1, x2, w2 = np.ones(6), np.ones(3), np.ones((4, 6)), np.ones((2, 3))
x3, x4, w4 = np.ones((4, 5, 6)), np.ones((2, 4, 5, 6)), np.ones((6, 2, 2, 3))
Complex, Half, Words = np.ones(6, complex), np.ones(6, np.float16), np.array(["a", "b"])

REFUSED = [
    # options
    (lambda: c.output_size(3, 5), ValueError,
     "a window spanning 5 does not fit on an axis of 3 padded by 0 and 0"),
    (lambda: c.conv1d(np.ones(3), w1, padding=(0, 1), dilation=3), ValueError,
     "a window spanning 7 does not fit on an axis of 3 padded by 0 and 1"),
    (lambda: c.output_size(8, 0), ValueError, "kernel size must be at least 1, not 0"),
    (lambda: c.output_size(-1, 1, padding=2), ValueError, "size must be at least 0, not -1"),
    (lambda: c.conv1d(x1, w1, stride=0), ValueError, "stride must be at least 1, not 0"),
    (lambda: c.conv2d(x2, w2, stride=(1, 0)), ValueError, "stride must be at least 1, not 0"),
    (lambda: c.conv2d(x2, w2, dilation=0), ValueError, "dilation must be at least 1, not 0"),
    (lambda: c.conv2d(x3, w4, groups=0), ValueError, "groups must be at least 1, not 0"),
    (lambda: c.conv2d(x2, w2, padding=-1), ValueError, "padding must be at least 0, not -1"),
    (lambda: c.conv1d(x1, w1, padding=(2, -3)), ValueError, "padding must be at least 0, not -3"),
    (lambda: c.conv2d(x2, w2, padding=(1, 2, 3)), ValueError,
     "padding must be an int, 2 ints or 2 (before, after) pairs, one per axis, or a word, not "
     "(1, 2, 3)"),
    (lambda: c.conv2d(x2, w2, stride=(1, 2, 3)), ValueError,
     "stride must be an int or 2 ints, one per axis, not (1, 2, 3)"),
    (lambda: c.conv1d(x1, w1, padding="causal"), ValueError,
     "padding must be 'valid', 'same' or 'full', not 'causal'"),
    (lambda: c.conv2d(x2, w2, padding="same", stride=(1, 2)), ValueError,
     "padding='same' needs stride 1, not 2"),
    (lambda: c.conv1d(x1, w1, method="magic"), ValueError,
     "method must be one of auto, direct, windows, im2col, shifted, fft, winograd, not 'magic'"),
    (lambda: c.conv1d(x1, w1, stride=1.5), TypeError, "stride must be an integer, not 1.5"),
    (lambda: c.conv1d(x1, w1, stride=np.array(2.0)), TypeError, "stride must be an integer, not"),
    (lambda: c.conv1d(x1, w1, stride=True), TypeError, "stride must be an integer, not True"),
    (lambda: c.conv2d(x2, w2, padding=(0.5, 1)), TypeError, "padding must be an integer, not 0.5"),
    (lambda: c.conv2d(x2, w2, dilation="2"), TypeError, "dilation must be an integer, not '2'"),
    # shapes
    (lambda: c.conv2d(x1, w2), ValueError, "x of shape (6,) and w of shape (2, 3) do not go"),
    (lambda: c.conv1d(x2, w2), ValueError, "want x (H,) with w (R,), or x (C, H) or (N, C, H)"),
    (lambda: c.conv2d(x2, w4), ValueError, "want x (H, W) with w (R, S), or x (C, H, W) or"),
    (lambda: c.kernel_map((6,), (2, 1, 3)), ValueError, "do not go together"),
    (lambda: c.conv2d(x3, w4), ValueError, "x has 4 channels, but w of shape (6, 2, 2, 3) with "
                                           "groups=1 reads 2"),
    (lambda: c.conv2d(x3, w4, groups=4), ValueError, "groups=4 does not divide the 6 filters"),
    (lambda: c.conv2d(x2, w2, groups=2), ValueError, "groups=2 does not divide the 1 filters"),
    (lambda: c.conv2d(x3, w4, np.ones(5), groups=2), ValueError, "b has shape (5,)"),
    (lambda: c.conv2d(x2, w2, np.ones(1)), ValueError,
     "b has shape (1,), but the bias of w (2, 3) has shape ()"),
    (lambda: c.conv2d_backward(np.ones((3, 3)), x2, w2), ValueError,
     "dy has shape (3, 3), but the convolution of x (4, 6) with w (2, 3) has shape (3, 4)"),
    (lambda: c.conv1d_backward(np.ones(6), x1, w1), ValueError, "dy has shape (6,)"),
    (lambda: c.kernel_map((4, 5000), (1, 300)), ValueError, "5,641,200 rows, more than 5,000,000"),
    (lambda: c.kernel_map((6,), (3,)).rows(by="input"), ValueError,
     "by must be 'out', 'tap' or 'inp', not 'input'"),
    (lambda: c.kernel_map((6,), (3,)).forward(np.ones(5), w1), ValueError, "x has shape (5,)"),
    (lambda: c.kernel_map((6,), (3,)).grad_x(np.ones(5), w1), ValueError, "dy has shape (5,)"),
    (lambda: c.conv1d([[1, 2], [3]], w1), ValueError, "x is not a rectangular array"),
    # numbers
    (lambda: c.conv1d(Complex, w1), TypeError, "x must hold real numbers"),
    (lambda: c.conv1d(x1, Half[:3]), TypeError, "w must hold real numbers"),
    (lambda: c.conv1d(Words, [1]), TypeError, "x must hold real numbers"),
    (lambda: c.conv1d(np.array([1, None, 2]), [1]), TypeError, "not None"),
    (lambda: c.conv1d(None, w1), TypeError, "x must hold real numbers"),
    (lambda: c.conv1d_backward(None, x1, w1), TypeError, "dy must hold real numbers"),
    (lambda: c.conv1d(x1, np.array([1, "2"], object)), TypeError, "w must hold"),
    (lambda: c.conv1d_backward(Complex[:4], x1, w1), TypeError, "dy must hold real numbers"),
    # transposed
    (lambda: c.conv_transpose1d(x1, w1, padding="same"), ValueError, "no"),
    (lambda: c.conv_transpose1d(x1, w1, output_padding=1), ValueError,
     "output_padding must be smaller than stride or dilation, not 1 with stride 1"),
    (lambda: c.conv_transpose2d(x2, w2, stride=3, output_padding=(2, 3)), ValueError,
     "output_padding must be smaller than stride or dilation, not 3"),
    (lambda: c.conv_transpose1d(x1, w1, output_padding=-1), ValueError,
     "output_padding must be at least 0, not -1"),
    (lambda: c.conv_transpose1d(np.ones(1), w1, padding=2), ValueError, "has no output cell"),
    (lambda: c.conv_transpose2d(x3, w4), ValueError, "x has 4 channels, but w of shape"),
    (lambda: c.conv_transpose2d(np.ones((6, 4, 5)), w4, np.ones(6)), ValueError,
     "b has shape (6,), but the bias of w (6, 2, 2, 3) has shape (2,)"),
    (lambda: c.conv_transpose1d_backward(np.ones(5), x1, w1), ValueError,
     "dy has shape (5,), but the transposed convolution of x (6,) with w (3,) has shape (8,)"),
    # matrices and checks
    (lambda: c.im2col(x1, 2), ValueError, "x must be (H, W), (C, H, W) or (N, C, H, W), not (6,)"),
    (lambda: c.im2col(x2, (5, 1)), ValueError, "a window spanning 5 does not fit"),
    (lambda: c.col2im(np.ones((6, 11)), (4, 6), (2, 3)), ValueError,
     "columns has shape (6, 11), but im2col of x (4, 6) has shape (6, 12)"),
    (lambda: c.numerical_gradient(np.sum, x1, eps=0), ValueError, "eps must be positive, not 0"),
    (lambda: c.numerical_gradient(lambda v: v, x1), ValueError, "f must return one number"),
    (lambda: c.adjoint_gap(lambda v: v[1:], lambda g: g, x1, np.ones(6)), ValueError,
     "f(x) has shape (5,), but dy has shape (6,)"),
    (lambda: c.adjoint_gap(lambda v: v[1:], lambda g: g, x1, np.ones(5)), ValueError,
     "f_adjoint(dy) has shape (5,), but x has shape (6,)"),
    (lambda: c.agreement(np.ones(4), x1, w1, routes=("guess",)), ValueError, "not 'guess'"),
    (lambda: symbolic.input_indicator(1, stride=2, dilation=3).sum_out(symbolic.r), ValueError,
     "fixes -3*r, not r: keep the delta"),
    (lambda: symbolic.loss(1).sum_out(symbolic.r), ValueError, "no indicator holds r"),
    (lambda: symbolic.input_indicator(1, stride=2).cancel(3), ValueError, "3 does not divide"),
]


@pytest.mark.parametrize("call, error, words", REFUSED, ids=[words for *_, words in REFUSED])
def test_refused(call, error, words):
    with pytest.raises(error, match=re.escape(words)):
        call()


def test_five_million_rows_are_still_allowed():
    assert len(c.kernel_map((1000, 500), (10, 1))) == 991 * 500 * 10
