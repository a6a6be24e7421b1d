"""Right backward functions in three styles, and ways to hand a mistake over to the judge."""

import numpy as np


def by_scatter(dy, x, w, stride=1, padding=0, dilation=1, groups=1):
    """Loops: each price stamps the kernel into dx, and the window into dw."""
    (u, v), (t, e), (f, g) = (np.broadcast_to(o, 2) for o in (stride, padding, dilation))
    h, wide = x.shape[2:]
    k, per_group, r, s = w.shape
    padded = np.pad(x, [(0, 0), (0, 0), (t, t), (e, e)])
    dx, dw = np.zeros_like(padded), np.zeros_like(w)
    for m, kk, p, q in np.ndindex(*dy.shape):
        first = kk // (k // groups) * per_group
        at = (m, slice(first, first + per_group), slice(p * u, p * u + f * (r - 1) + 1, f),
              slice(q * v, q * v + g * (s - 1) + 1, g))
        dx[at] += dy[m, kk, p, q] * w[kk]
        dw[kk] += dy[m, kk, p, q] * padded[at]
    return dx[:, :, t:t + h, e:e + wide], dw, dy.sum(axis=(0, 2, 3))


def by_matrix(dout, inputs, weight, stride=1, pad=0):
    """im2col and col2im: two matrix products, without groups and dilation."""
    (u, v), (t, e) = np.broadcast_to(stride, 2), np.broadcast_to(pad, 2)
    n, c, h, wide = inputs.shape
    k, _, r, s = weight.shape
    _, _, rows, columns = dout.shape
    i = np.arange(rows)[:, None] * u + np.arange(r)
    j = np.arange(columns)[:, None] * v + np.arange(s)
    places = np.arange(c)[:, None, None, None, None], i.T[:, None, :, None], j.T[None, :, None, :]
    padded = np.pad(inputs, [(0, 0), (0, 0), (t, t), (e, e)])
    patches = padded[:, *places].reshape(n, c * r * s, rows * columns)
    prices = dout.reshape(n, k, -1)
    grad = np.zeros_like(padded)
    np.add.at(grad, (slice(None), *places), (weight.reshape(k, -1).T @ prices).reshape(
        n, c, r, s, rows, columns))
    return {"grad_weight": (prices @ patches.swapaxes(1, 2)).sum(axis=0).reshape(weight.shape),
            "grad_input": grad[:, :, t:t + h, e:e + wide], "grad_bias": prices.sum(axis=(0, 2))}


def by_fourier(dy, x, w):
    """Fourier transforms of whole images, stride 1 and no padding."""
    size = x.shape[2:]
    prices, image, kernel = (np.fft.rfft2(a, size) for a in (dy, x, w))
    dx = np.fft.irfft2(np.einsum("nkij,kcij->ncij", prices, kernel), size)
    dw = np.fft.irfft2(np.einsum("nkij,ncij->kcij", prices.conj(), image), size)
    return dx, dw[..., :w.shape[2], :w.shape[3]]


class Foreign:
    """An array of another library: cannot be written to, and NumPy reads it through __array__."""

    def __init__(self, array):
        self.array = np.array(array)
        self.array.flags.writeable = False

    shape = property(lambda self: self.array.shape)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.array, dtype)


def channels_last(mistake):
    """The mistake as a function of (N, H, W, C) and (R, S, C, K)."""
    def backward(dy, x, w, **options):
        first = [np.moveaxis(a, -1, 1) for a in (dy, x)]
        dx, dw, db = mistake(*first, w.transpose(3, 2, 0, 1), **options)
        return np.moveaxis(dx, 1, -1), dw.transpose(2, 3, 1, 0), db

    return backward


def foreign(mistake):
    """The mistake as a function of another library's arrays."""
    return lambda dy, x, w, **options: [Foreign(a) for a in mistake(
        *map(np.asarray, (dy, x, w)), **options)]


def in_a_dict(mistake):
    """The mistake with its arguments by other names and in another order."""
    def backward(inputs, weights, grad_output, *, strides=1, pad=0, rate=1, num_groups=1):
        return mistake(grad_output, inputs, weights, stride=strides, padding=pad, dilation=rate,
                       groups=num_groups)._asdict()

    return backward


def as_class(mistake):
    """The mistake as a layer that keeps x, returns dx, and leaves dW and db in attributes."""
    class Layer:
        def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1,
                     groups=1):
            self.W = np.zeros((out_channels, in_channels // groups, *kernel_size))
            self.b = np.zeros(out_channels)
            self.options = {"stride": stride, "padding": padding, "dilation": dilation,
                            "groups": groups}

        def forward(self, X):
            self.X = X

        def backward(self, dout):
            dx, self.dW, self.db = mistake(dout, self.X, self.W, **self.options)
            return dx

    return Layer


def only(part):
    """The mistake as a function that returns one gradient."""
    def adapter(mistake):
        return lambda dy, x, w, **options: getattr(mistake(dy, x, w, **options), part)

    return adapter
