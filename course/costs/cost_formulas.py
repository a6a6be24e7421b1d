"""What a convolution costs by each method, as formulas; counted_numbers counts what it does.

    PRODUCTS["im2col"](sizes((3, 32, 32), (1, 3, 5, 5)))        58800 multiplications
    SCRATCH["im2col"](sizes((3, 32, 32), (1, 3, 5, 5)))         58800 numbers written on the way
"""

from math import log2, prod
from typing import NamedTuple

from convlib.algorithms.winograd import outputs
from convlib.axis import Axis
from convlib.geometry import Geometry


class Sizes(NamedTuple):
    """The letters of a convolution: H, W with padding, C channels to a filter, pairs (p, q, r, s)
    of which padding is left out."""

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
    def rows(self):
        """The length of the table of products."""
        return self.N * self.K * self.C * self.pairs

    @property
    def data(self):
        """Numbers that have to be read or written in any case: x, w and y, padding included."""
        return (self.N * self.C * self.groups * self.H * self.W
                + self.K * self.C * self.R * self.S + self.N * self.K * self.P * self.Q)


def sizes(x_shape, w_shape, **options):
    """The Sizes of a convolution; shapes and options are those of conv2d, x (C, H, W) or more.

    Raises ValueError as conv2d does.
    """
    g = Geometry.of(x_shape, w_shape, ndim=2, **options)
    n, c = ((1, 1, *g.x_shape[:-2]))[-2:]
    k = g.w_shape[0] if g.has_channels else 1
    held = (sum(p.stop - p.start for p, _ in map(a.slices, range(a.kernel))) for a in g.axes)
    high, wide = (a.before + a.size + a.after for a in g.axes)
    return Sizes(n, c // g.groups, high, wide, k, *(a.kernel for a in g.axes),
                 *(a.out for a in g.axes), g.groups, prod(held))


def windows(z):
    """Each tap of each window, zeros of the padding too: N K C P Q R S."""
    return z.N * z.K * z.C * z.P * z.Q * z.R * z.S


def columns(z):
    """Every window written down once: N C P Q R S."""
    return z.N * z.C * z.groups * z.P * z.Q * z.R * z.S


def planes(z):
    """Images of one channel that a transform is made of: those of x, of w and of y."""
    return z.N * z.C * z.groups, z.K * z.C, z.N * z.K


def transform(n):
    """Complex products of the textbook's fast Fourier transform of n = 2, 4, 8, ... numbers."""
    return n / 2 * log2(n)


def spectra(z):
    """Real multiplications by FFT: a transform for each plane, then one complex product for each
    frequency, image, filter and channel. Real data need half of a transform; 4 real products make
    a complex one."""
    one = 4 * (z.W * transform(z.H) + z.H * transform(z.W)) / 2
    return round(sum(planes(z)) * one + 4 * z.N * z.K * z.C * z.H * (z.W // 2 + 1))


def winograd(z, m=None):
    """(m + 2)^2 products for each filter, channel and tile of m x m outputs; the last tiles of an
    image are cut off. The table has 9 m^2 rows for such a tile. Without m: the library's choice."""
    if (z.R, z.S) != (3, 3):
        raise ValueError(f"F({m} x {m}, 3 x 3) is for kernels of 3 x 3, not {z.R} x {z.S}")
    return tiles(z, m or tile(z)) * z.K * z.C * ((m or tile(z)) + 2) ** 2


def tile(z):
    """The outputs along one side of a tile that the library takes."""
    return outputs([Axis(0, 3, out=z.P), Axis(0, 3, out=z.Q)])


def tiles(z, m):
    """Tiles of m x m outputs: N ceil(P/m) ceil(Q/m)."""
    return z.N * -(-z.P // m) * -(-z.Q // m)


def mixed(z):
    """Mixtures of x, of w and of y that Winograd writes down: (m + 2)^2 for each tile or filter."""
    return (tile(z) + 2) ** 2 * (tiles(z, tile(z)) * (z.C * z.groups + z.K) + z.K * z.C)


PRODUCTS = {"direct": lambda z: z.rows, "windows": windows, "im2col": windows, "shifted": windows,
            "fft": spectra, "winograd": winograd}
SCRATCH = {
    "direct": lambda z: z.N * (z.C * z.groups + z.K) * z.P * z.Q,  # one tap's cells and products
    "windows": lambda z: 0,  # a few strides
    "im2col": columns,
    "shifted": lambda z: z.N * (z.C * z.groups * z.S * z.H + z.K * z.P) * z.Q,  # one row of taps
    "fft": lambda z: 2 * sum(planes(z)) * z.H * (z.W // 2 + 1),  # complex spectra
    "winograd": mixed,
}


def intensity(z, written=0, itemsize=8):
    """Operations for each byte moved: two a row; x, w, y once, what is written on the way twice."""
    return 2 * z.rows / (itemsize * (z.data + 2 * written))
