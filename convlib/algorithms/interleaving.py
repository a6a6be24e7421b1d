"""Several images side by side as one: its rows are long, and long rows are quick to copy."""

from functools import lru_cache
from typing import Any

from numpy.typing import NDArray

from convlib.axis import Axis


def interleave(a: NDArray[Any]) -> NDArray[Any]:
    """N images as one, cell by cell in turn, for now on an axis of their own.

    [n, g, c, i, j] moves to [0, g, c, i, j, n], which is cell j*N + n of row i.
    """
    return a.transpose(1, 2, 3, 4, 0)[None]


def deinterleave(a: NDArray[Any], n: int) -> NDArray[Any]:
    """Undo interleave: (1, groups, C, H, W*N) is (N, groups, C, H, W) again."""
    return a.reshape(*a.shape[1:4], a.shape[4] // n, n).transpose(4, 0, 1, 2, 3)


@lru_cache(1024)
def interleaved(axes: tuple[Axis, Axis], n: int) -> tuple[Axis, Axis]:
    """The convolution of N interleaved images: a kernel dilated by N never mixes two of them.

    ::

        j = q + s*dilation - before   =>   j*N + n = (q*N + n) + s*(dilation*N) - before*N
    """
    rows, a = axes
    return rows, a._replace(size=a.size * n, before=a.before * n, after=a.after * n,
                            dilation=a.dilation * n, out=a.out * n)
