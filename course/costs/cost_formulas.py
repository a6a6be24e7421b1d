"""What a convolution costs by each method, as formulas; counted_numbers counts what it does.

    PRODUCTS["im2col"](sizes((3, 32, 32), (1, 3, 5, 5)))        58800 multiplications
    SCRATCH["im2col"](sizes((3, 32, 32), (1, 3, 5, 5)))         58800 numbers written on the way
"""

from collections.abc import Callable
from math import log2, prod
from typing import Any, NamedTuple

import numpy as np

from convlib.algorithms.winograd import matrices, outputs
from convlib.axis import Axis
from convlib.geometry import Geometry


class Sizes(NamedTuple):
    """The sizes of a convolution: H, W with padding, C channels to a filter, and the number of
    pairs (p, q, r, s) of an output and a tap, those on the padding left out."""

    N: int
    C: int
    H: int
    W: int
    K: int
    R: int
    S: int
    P: int
    Q: int
    groups: int
    pairs: int

    @property
    def rows(self) -> int:
        """The length of the kernel map."""
        return self.N * self.K * self.C * self.pairs

    @property
    def data(self) -> int:
        """Numbers that have to be read or written in any case: x, w and y, padding included."""
        return (self.N * self.C * self.groups * self.H * self.W
                + self.K * self.C * self.R * self.S + self.N * self.K * self.P * self.Q)


def sizes(x_shape: tuple[int, ...], w_shape: tuple[int, ...], **options: Any) -> Sizes:
    """The sizes of a convolution, from which every formula here computes.

    Parameters
    ----------
    x_shape, w_shape : tuple of int
        As for conv2d: (H, W) with (R, S), or (C, H, W), (N, C, H, W) with (K, C/groups, R, S).
    **options
        stride, padding, dilation, groups.

    Returns
    -------
    Sizes
        N, C, H, W, K, R, S, P, Q, groups and pairs.

    Raises
    ------
    ValueError
        As conv2d does.
    """
    g = Geometry.of(x_shape, w_shape, ndim=2, **options)
    n, c = ((1, 1, *g.x_shape[:-2]))[-2:]
    k = g.w_shape[0] if g.has_channels else 1
    within = (sum(p.stop - p.start for p, _ in map(a.slices, range(a.kernel))) for a in g.axes)
    high, wide = (a.before + a.size + a.after for a in g.axes)
    (r, p), (s, q) = ((a.kernel, a.out) for a in g.axes)
    return Sizes(n, c // g.groups, high, wide, k, r, s, p, q, g.groups, prod(within))


def windows(z: Sizes) -> int:
    """Each tap of each window, zeros of the padding too: N K C P Q R S."""
    return z.N * z.K * z.C * z.P * z.Q * z.R * z.S


def columns(z: Sizes) -> int:
    """Every window written down once: N C P Q R S."""
    return z.N * z.C * z.groups * z.P * z.Q * z.R * z.S


def planes(z: Sizes) -> tuple[int, int, int]:
    """Images of one channel that a transform is made of: those of x, of w and of y."""
    return z.N * z.C * z.groups, z.K * z.C, z.N * z.K


def transform(n: int) -> float:
    """Complex products of the textbook's fast Fourier transform of n = 2, 4, 8, ... numbers."""
    return n / 2 * log2(n)


def spectra(z: Sizes) -> int:
    """Real multiplications by FFT: the transforms, then one complex product for each frequency,
    image, filter and channel; 4 real products make a complex one."""
    return into_spectra(z) + 4 * z.N * z.K * z.C * z.H * (z.W // 2 + 1)


def into_spectra(z: Sizes) -> int:
    """Those of the transforms, one for each plane; real data need half of a transform."""
    return round(sum(planes(z)) * 4 * (z.W * transform(z.H) + z.H * transform(z.W)) / 2)


def winograd(z: Sizes, m: int | None = None) -> int:
    """(m + 2)^2 products for each filter, channel and tile of m x m outputs, and the transforms.

    The last tiles of an image are cut off. The kernel map has 9 m^2 rows for such a tile.

    Parameters
    ----------
    z : Sizes
        With R = S = 3.
    m : int, optional
        The outputs along one side of a tile; without it, the library's choice.

    Returns
    -------
    int
        All products, those with constants too.

    Raises
    ------
    ValueError
        For a kernel that is not 3 x 3.
    """
    if (z.R, z.S) != (3, 3):
        raise ValueError(f"F({m} x {m}, 3 x 3) is for kernels of 3 x 3, not {z.R} x {z.S}")
    m = m or tile(z)
    return into_tiles(z, m) + tiles(z, m) * z.K * z.C * (m + 2) ** 2


def into_tiles(z: Sizes, m: int | None = None) -> int:
    """Products of Winograd's transforms: with each constant other than 0 and 1 and -1.

    B.T acts on every tile of x, A.T on every tile of y, G on every kernel; each on the columns,
    and then on the rows of what that gave.
    """
    m = m or tile(z)
    A, B, G = matrices(m)
    of_x, of_y, of_w = (sum(M.shape) * int(np.isin(abs(M), (0, 1), invert=True).sum())
                        for M in (B, A, G))
    return tiles(z, m) * (z.C * z.groups * of_x + z.K * of_y) + z.K * z.C * of_w


def tile(z: Sizes) -> int:
    """The outputs along one side of a tile that the library takes."""
    return outputs((Axis(0, 3, out=z.P), Axis(0, 3, out=z.Q)))


def tiles(z: Sizes, m: int) -> int:
    """Tiles of m x m outputs: N ceil(P/m) ceil(Q/m)."""
    return z.N * -(-z.P // m) * -(-z.Q // m)


def mixed(z: Sizes) -> int:
    """Mixtures of x, of w and of y that Winograd writes down: (m + 2)^2 for each tile or filter."""
    return (tile(z) + 2) ** 2 * (tiles(z, tile(z)) * (z.C * z.groups + z.K) + z.K * z.C)


Formulas = dict[str, Callable[[Sizes], int]]
PRODUCTS: Formulas = {  # multiplications
    "direct": lambda z: z.rows, "windows": windows, "im2col": windows, "shifted": windows,
    "fft": spectra, "winograd": winograd,
}
TRANSFORMS: Formulas = {"fft": into_spectra, "winograd": into_tiles}  # of these, in transforms
# Before NumPy 2.3 einsum passed x, w and y through buffers, needed or not.
EINSUM_BUFFERS = 0 if np.lib.NumpyVersion(np.__version__) >= "2.3.0" else 3 * np.getbufsize()
SCRATCH: Formulas = {  # numbers written down on the way
    "direct": lambda z: z.N * (z.C * z.groups + z.K) * z.P * z.Q,  # one tap's cells and products
    "windows": lambda z: EINSUM_BUFFERS,  # a few strides
    "im2col": columns,
    "shifted": lambda z: z.N * (z.C * z.groups * z.S * z.H + z.K * z.P) * z.Q,  # one row of taps
    "fft": lambda z: 2 * sum(planes(z)) * z.H * (z.W // 2 + 1),  # complex spectra
    "winograd": mixed,
}


def intensity(z: Sizes, written: int = 0, itemsize: int = 8) -> float:
    """Operations for each byte that is moved.

    Two operations a row of the kernel map; x, w and y move once, what is written on the way twice.

    Parameters
    ----------
    z : Sizes
        The convolution.
    written : int
        Numbers written on the way, as by SCRATCH.
    itemsize : int
        Bytes of a number.

    Returns
    -------
    float
        Operations a byte.
    """
    return 2 * z.rows / (itemsize * (z.data + 2 * written))
