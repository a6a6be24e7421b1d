"""Exercises of chapter 12: making it fast."""

from collections.abc import Callable
from typing import Any

import numpy as np

from convlib import conv2d, im2col
from convlib.symbolic import symbols
from course.costs.cost_formulas import SCRATCH, sizes
from course.exercises.exercise import Array, Exercise, random_calls

LAYER = sizes((8, 3, 28, 20), (16, 3, 3, 5))
COLUMNS = SCRATCH["im2col"](LAYER)
PX, DY = symbols("x", 4), symbols("dy", 2)
ROW, TAPS = np.arange(1, 6), np.array([100, 10, 1])
CASES = (((1, 4, 6), (1, 1, 2, 3), {"stride": 1}), ((3, 5, 7), (2, 3, 3, 2), {"stride": 1}),
         ((2, 8, 6), (4, 2, 2, 3), {"stride": 2}), ((2, 7, 9), (3, 2, 3, 3), {"stride": 3}))
WINDOWS = im2col(np.zeros((4, 7)), (2, 3)).T.shape


def _circle(sign: int, seam: bool = True) -> list[int]:
    """Round a circle of five cells, forwards or backwards; or along a line that ends."""
    return [sum(tap * ROW[(n + sign * r) % 5] for r, tap in enumerate(TAPS)
                if seam or 0 <= n + sign * r < 5) for n in range(5)]


def _four(kind: type[Any]) -> int:
    """y0 of F(2, 3) and of the definition for x = [1, 0, 2^25, 0], w = [1, 0, 0]."""
    one, none, huge = np.array([1, 0, 2**25], kind)
    half = kind(0.5)
    return int((one - huge) * one + (none + huge) * half + (huge - none) * half)


def _windows(x: Array, w: Array, stride: int) -> Array:
    size = tuple(w.shape[2:])
    view = np.lib.stride_tricks.sliding_window_view(x, size, axis=(1, 2))
    return view[:, ::stride, ::stride]  # c, p, q, r, s


def _by(order: tuple[int, ...], w_order: tuple[int, ...] = (0, 1, 2, 3), turn: bool = False,
        fold: bool = True) -> Callable[..., Array]:
    """A convolution through columns whose rows run in some order of (c, r, s)."""
    def convolve(x: Array, w: Array, stride: int = 1) -> Array:
        view = _windows(x, w, stride)
        P, Q = view.shape[1:3]
        columns = view.transpose(*order, 1, 2).reshape(w[0].size, P * Q)
        y = w.transpose(w_order).reshape(len(w), -1) @ columns
        if turn:
            y = y.reshape(len(w), Q, P)
            return y if not fold else y.transpose(0, 2, 1)
        return y.reshape(len(w), P, Q) if fold else y
    return convolve


def _convolution(kernels: Callable[[Array], Array] = np.copy, channels: int | None = None,
                 strides: tuple[int, int] = (1, 1)) -> Callable[..., Array]:
    """conv2d with other kernels, the first channels only, or a stride that one axis drops."""
    def convolve(x: Array, w: Array, stride: int = 1) -> Array:
        by_axis = tuple(stride if used else 1 for used in strides)
        return conv2d(x[:channels], kernels(w[:, :channels]), stride=by_axis)
    return convolve


EXERCISES = {
    "12.1": Exercise(
        answer=lambda: (LAYER.rows, COLUMNS),
        wrong={"the window has 26 · 16 places, fewer than the image has pixels":
                   lambda: (8 * 16 * 3 * 28 * 20 * 15, 8 * 3 * 28 * 20 * 15),
               "all filters read the same columns: they are written once":
                   lambda: (LAYER.rows, LAYER.rows),
               "each output adds over the three channels":
                   lambda: (LAYER.rows // 3, COLUMNS // 3),
               "there are eight images": lambda: (LAYER.rows // 8, COLUMNS // 8),
               "there are 16 filters, each with its own products": lambda: (COLUMNS, COLUMNS),
               "the pair is in the other order": lambda: (COLUMNS, LAYER.rows)},
        hints=("Outputs first: 28 - 3 + 1 rows, and columns likewise.",
               "(12.1) has N, K, C, P, Q, R, S; the columns have all of these but one."),
        why="Sixteen filters share one set of columns, and that is what a large product lives on."),
    "12.2": Exercise(
        answer=lambda: (PX[2] - PX[1]) * (DY[0] - DY[1]) / 2,
        wrong={"this has the other sign; dw1 = n1 - n2 decides":
                   lambda: (PX[1] - PX[2]) * (DY[0] - DY[1]) / 2,
               "the half is missing": lambda: (PX[2] - PX[1]) * (DY[0] - DY[1]),
               "this is n1 again: in n2 the mixed parts must have the other sign":
                   lambda: (PX[1] + PX[2]) * (DY[0] + DY[1]) / 2,
               "one of the two factors is still a sum":
                   lambda: (PX[2] - PX[1]) * (DY[0] + DY[1]) / 2},
        hints=("Solve dw1 = n1 - n2 for n2.",
               "n1 - dw1 has four products of letters. Factor them: a difference of pixels times "
               "a difference of prices, halved."),
        why="Gradients of a sum of four products are sums of four products."),
    "12.3": Exercise(
        answer=lambda: _circle(-1),
        wrong={"this is with the conjugate: a correlation round the circle": lambda: _circle(1),
               "the row is a circle: before the first cell comes the last":
                   lambda: _circle(-1, seam=False),
               "this is the correlation of chapter 1, without a circle":
                   lambda: _circle(1, seam=False)},
        hints=("Without the conjugate it is a true convolution, on a circle of five cells.",
               "Number n is 100 x[n] + 10 x[n-1] + x[n-2], and x[-1] is the last cell."),
        why="The conjugate is the flip: without it each number reads its cells backwards."),
    "12.4": Exercise(
        answer=lambda: (1, _four(np.float32)),
        wrong={"with real numbers, or in float64, yes; what does float32 make of 1 - 2^25?":
                   lambda: (1, _four(np.float64)),
               "the pair is in the other order: the definition first":
                   lambda: (_four(np.float32), 1),
               "the definition multiplies the huge pixel by 0, and that is exact":
                   lambda: (0, 0)},
        hints=("m0 = 1 - 2^25, rounded to an even number of 24 binary digits.",
               "m0 is rounded to -2^25, and m1 = m2 = 2^24. Add."),
        why="The huge pixel has a tap of 0, and still wipes out the 1: a difference came first."),
    "12.5": Exercise(
        answer=lambda: (28, 6, *WINDOWS),
        wrong={"the windows are meant as rows": lambda: (28, 6, *WINDOWS[::-1]),
               "a window of 2 × 3 has 3 × 5 places in 4 × 7": lambda: (28, 6, 28, 6),
               "the first two are lengths of whole vectors": lambda: (6, 6, *WINDOWS)},
        hints=("The entire input has 4 · 7 numbers.",
               "One row for each place of the window, one column for each tap."),
        why="28 and 6 have no dot product; it would need a kernel as large as the input."),
    "12.6": Exercise(
        answer=_convolution, cases=lambda: random_calls(12, *CASES),
        wrong={"the rows of your columns run over (r, s, c), those of w over (c, r, s): it agrees "
               "with one channel only": lambda: _by((3, 4, 0)),
               "the rows of your columns run over (c, s, r), those of w over (c, r, s)":
                   lambda: _by((0, 4, 3)),
               "the kernel is flipped: this is a true convolution":
                   lambda: _convolution(lambda w: w[:, :, ::-1, ::-1]),
               "the product has its P·Q places in rows of P; reshape to (K, P, Q)":
                   lambda: _by((0, 3, 4), turn=True, fold=False),
               "the result is still (K, P·Q): reshape it": lambda: _by((0, 3, 4), fold=False),
               "only the first channel is added up": lambda: _convolution(channels=1),
               "the stride is dropped": lambda: _convolution(strides=(0, 0)),
               "the stride is used for the rows only": lambda: _convolution(strides=(1, 0))},
        hints=("sliding_window_view(x, (R, S), axis=(1, 2)) has the indices c, p, q, r, s; the "
               "stride is [:, ::stride, ::stride].",
               "Columns: bring c, r, s to the front, in the order of w, and reshape to "
               "(C·R·S, P·Q).",
               "w.reshape(K, -1) @ columns is (K, P·Q)."),
        why="Your product of matrices is a convolution, on every size that was tried."),
}
