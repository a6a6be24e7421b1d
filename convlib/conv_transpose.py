"""Transposed convolution: a convolution run backwards, with the same three sums.

conv_transpose is what turns dy into dx; so its own input gradient is a convolution.
"""

from convlib import algorithms
from convlib.conv import Gradients, add_bias, bias_gradient
from convlib.geometry import read_transposed
from convlib.operands import expect_shape, operands


def conv_transpose1d(x, w, b=None, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1,
                     method="auto"):
    """Let each cell of x stamp the kernel w into y, one axis.

        y[n,k,i] = b[k] + sum x[n,c,p] w[c,k,r]   over all c, p, r with
                                                  i = p*stride + r*dilation - padding

    x (P,) with w (R,) -> y (H,), or x (C, P), (N, C, P) with w (C, K/groups, R) -> y (K, H),
    (N, K, H), where H = (P-1)*stride + dilation*(R-1) + 1 - before - after + output_padding.
    padding: an int, a pair (before, after), no word. output_padding is smaller than stride or
    dilation. Raises ValueError, TypeError as conv1d does.
    Source: Dumoulin and Visin, A guide to convolution arithmetic (2016); options as PyTorch's.
    """
    return _forward(1, x, w, b, method, stride=stride, padding=padding, dilation=dilation,
                    groups=groups, output_padding=output_padding)


def conv_transpose1d_backward(dy, x, w, *, stride=1, padding=0, output_padding=0, dilation=1,
                              groups=1, method="auto"):
    """Gradients of a loss through conv_transpose1d, given dy = dL/dy.

        dx = conv1d(dy, w)        dw[r] = sum_p x[p] dy[p*stride + r*dilation - padding]

    dy has the shape of y -> Gradients(dx like x, dw like w, db () or (K,)).
    Raises ValueError if dy is not the shape that conv_transpose1d(x, w) has.
    """
    return _backward(1, dy, x, w, method, stride=stride, padding=padding, dilation=dilation,
                     groups=groups, output_padding=output_padding)


def conv_transpose2d(x, w, b=None, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1,
                     method="auto"):
    """Let each cell of x stamp the kernel w into y, rows and columns.

        y[n,k,i,j] = b[k] + sum x[n,c,p,q] w[c,k,r,s]   over all c, p, q, r, s with
                     i = p*stride + r*dilation - padding,  j = q*stride + s*dilation - padding

    x (P, Q) with w (R, S) -> y (H, W), or x (C, P, Q), (N, C, P, Q) with w (C, K/groups, R, S)
    -> y (K, H, W), (N, K, H, W), where
    H = (P-1)*stride + dilation*(R-1) + 1 - before - after + output_padding.
    padding: an int, one int or one pair (before, after) an axis, no word. output_padding is
    smaller than stride or dilation. Raises ValueError, TypeError as conv2d does.
    Source: Dumoulin and Visin, A guide to convolution arithmetic (2016); options as PyTorch's.
    """
    return _forward(2, x, w, b, method, stride=stride, padding=padding, dilation=dilation,
                    groups=groups, output_padding=output_padding)


def conv_transpose2d_backward(dy, x, w, *, stride=1, padding=0, output_padding=0, dilation=1,
                              groups=1, method="auto"):
    """Gradients of a loss through conv_transpose2d, given dy = dL/dy.

        dx = conv2d(dy, w)        dw[r,s] = sum_{p,q} x[p,q] dy[p*stride + r*dilation - padding,
                                                                q*stride + s*dilation - padding]

    dy has the shape of y -> Gradients(dx like x, dw like w, db () or (K,)).
    Raises ValueError if dy is not the shape that conv_transpose2d(x, w) has.
    """
    return _backward(2, dy, x, w, method, stride=stride, padding=padding, dilation=dilation,
                     groups=groups, output_padding=output_padding)


def _forward(ndim, x, w, b, method, **options):
    algorithms.check_method(method)
    x, w, b = operands(x=x, w=w, b=b)
    g = read_transposed(x.shape, w.shape, ndim=ndim, **options)
    if b is not None:
        filters = g.x_shape[-ndim - 1 : -ndim] if g.has_channels else ()
        expect_shape("b", b, filters, f"the bias of w {w.shape}")
    return add_bias(algorithms.dx(x, w, g, method), b, ndim)


def _backward(ndim, dy, x, w, method, **options):
    algorithms.check_method(method)
    dy, x, w = operands(dy=dy, x=x, w=w)
    g = read_transposed(x.shape, w.shape, ndim=ndim, **options)
    expect_shape("dy", dy, g.x_shape, f"the transposed convolution of x {x.shape} with w {w.shape}")
    # roles change places: this layer's y is the x of the convolution that it runs backwards
    return Gradients(algorithms.y(dy, w, g, method), algorithms.dw(x, dy, g, method),
                     bias_gradient(dy, ndim))
