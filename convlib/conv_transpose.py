"""Transposed convolution: a convolution run backwards, with the same three sums.

conv_transpose is what turns dy into dx; so its own input gradient is a convolution. Its options
are PyTorch's.

Source: Dumoulin and Visin, A guide to convolution arithmetic (2016).
"""

from typing import Any, SupportsIndex

from numpy.typing import ArrayLike, NDArray

from convlib.conv import Gradients, backward, forward
from convlib.geometry import Geometry
from convlib.options import Ints, Padding, in_words


@in_words
def conv_transpose1d(x: ArrayLike, w: ArrayLike, b: ArrayLike | None = None, *, stride: Ints = 1,
                     padding: Padding = 0, output_padding: Ints = 0, dilation: Ints = 1,
                     groups: SupportsIndex = 1, method: str = "auto") -> NDArray[Any]:
    """Let each cell of x stamp the kernel w into y, one axis.

    ::

        y[n,k,i] = b[k] + sum x[n,c,p] w[c,k,r]   over all c, p, r with
                                                  i = p*stride + r*dilation - padding

    Parameters
    ----------
    x : array_like
        (P,), (C, P) or (N, C, P).
    w : array_like
        (R,), or with channels (C, K/groups, R).
    b : array_like, optional
        (), or with channels (K,).
    stride, padding
        As in conv1d, but padding cannot be a word.
    output_padding : int
        Extra cells at the end of y; smaller than stride or dilation.
    dilation, groups, method
        As in conv1d.

    Returns
    -------
    NDArray
        (H,), (K, H) or (N, K, H), where
        H = (P-1)*stride + dilation*(R-1) + 1 - before - after + output_padding.

    Raises
    ------
    ValueError, TypeError
        As conv1d does.
    """
    return forward(1, x, w, b, method, Geometry.transposed, stride=stride, padding=padding,
                   dilation=dilation, groups=groups, output_padding=output_padding)


@in_words
def conv_transpose1d_backward(dy: ArrayLike, x: ArrayLike, w: ArrayLike, *, stride: Ints = 1,
                              padding: Padding = 0, output_padding: Ints = 0, dilation: Ints = 1,
                              groups: SupportsIndex = 1, method: str = "auto") -> Gradients:
    """Gradients of a loss through conv_transpose1d, given dy = dL/dy.

    ::

        dx = conv1d(dy, w)        dw[r] = sum_p x[p] dy[p*stride + r*dilation - padding]

    Parameters
    ----------
    dy : array_like
        dL/dy, in the shape of y.
    x, w, stride, padding, output_padding, dilation, groups, method
        As in conv_transpose1d.

    Returns
    -------
    Gradients
        dx like x, dw like w, db () or (K,).

    Raises
    ------
    ValueError
        If dy is not the shape that conv_transpose1d(x, w) has; else as conv1d does.
    """
    return backward(1, dy, x, w, method, Geometry.transposed, stride=stride, padding=padding,
                    dilation=dilation, groups=groups, output_padding=output_padding)


@in_words
def conv_transpose2d(x: ArrayLike, w: ArrayLike, b: ArrayLike | None = None, *, stride: Ints = 1,
                     padding: Padding = 0, output_padding: Ints = 0, dilation: Ints = 1,
                     groups: SupportsIndex = 1, method: str = "auto") -> NDArray[Any]:
    """Let each cell of x stamp the kernel w into y, rows and columns.

    ::

        y[n,k,i,j] = b[k] + sum x[n,c,p,q] w[c,k,r,s]   over all c, p, q, r, s with
                     i = p*stride + r*dilation - padding,  j = q*stride + s*dilation - padding

    Parameters
    ----------
    x : array_like
        (P, Q), (C, P, Q) or (N, C, P, Q).
    w : array_like
        (R, S), or with channels (C, K/groups, R, S).
    b : array_like, optional
        (), or with channels (K,).
    stride, padding
        As in conv2d, but padding cannot be a word.
    output_padding : int or pair of int
        Extra cells at the ends of y, one int per axis; smaller than stride or dilation.
    dilation, groups, method
        As in conv2d.

    Returns
    -------
    NDArray
        (H, W), (K, H, W) or (N, K, H, W), where
        H = (P-1)*stride + dilation*(R-1) + 1 - before - after + output_padding, W likewise.

    Raises
    ------
    ValueError, TypeError
        As conv2d does.
    """
    return forward(2, x, w, b, method, Geometry.transposed, stride=stride, padding=padding,
                   dilation=dilation, groups=groups, output_padding=output_padding)


@in_words
def conv_transpose2d_backward(dy: ArrayLike, x: ArrayLike, w: ArrayLike, *, stride: Ints = 1,
                              padding: Padding = 0, output_padding: Ints = 0, dilation: Ints = 1,
                              groups: SupportsIndex = 1, method: str = "auto") -> Gradients:
    """Gradients of a loss through conv_transpose2d, given dy = dL/dy.

    ::

        dx = conv2d(dy, w)        dw[r,s] = sum_{p,q} x[p,q] dy[p*stride + r*dilation - padding,
                                                                q*stride + s*dilation - padding]

    Parameters
    ----------
    dy : array_like
        dL/dy, in the shape of y.
    x, w, stride, padding, output_padding, dilation, groups, method
        As in conv_transpose2d.

    Returns
    -------
    Gradients
        dx like x, dw like w, db () or (K,).

    Raises
    ------
    ValueError
        If dy is not the shape that conv_transpose2d(x, w) has; else as conv2d does.
    """
    return backward(2, dy, x, w, method, Geometry.transposed, stride=stride, padding=padding,
                    dilation=dilation, groups=groups, output_padding=output_padding)
