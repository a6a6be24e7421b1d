"""Exercises of chapter 12: making it fast."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from convlib import conv2d, conv2d_backward
from convlib.symbolic import symbols
from course.costs.cost_formulas import SCRATCH, intensity, sizes
from course.exercises.exercise import Array, Call, Exercise, random_calls

LAYER = sizes((8, 3, 28, 20), (16, 3, 3, 5))
COLUMNS = SCRATCH["im2col"](LAYER)
PX, DY = symbols("x", 4), symbols("dy", 2)
ROW, TAPS = np.arange(1, 6), np.array([100, 10, 1])
CASES = (((1, 4, 6), (1, 1, 2, 3), {"stride": 1}), ((3, 5, 7), (2, 3, 3, 2), {"stride": 1}),
         ((2, 8, 6), (4, 2, 2, 3), {"stride": 2}), ((2, 7, 9), (3, 2, 3, 3), {"stride": 3}))
POINTWISE = intensity(sizes((64, 56, 56), (64, 64, 1, 1)), itemsize=4)


def _circle(sign: int, seam: bool = True) -> list[int]:
    """Round a ring of five cells, forwards or backwards; or along a line that ends."""
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


def _blocks(conjugate: bool = True, overlap: bool = True, first: bool = True
            ) -> Callable[..., Array]:
    """Overlap-save, or what comes out if one of its three cares is not taken."""
    def correlate(x: Array, w: Array, n: int) -> Array:
        R, spectrum = len(w), np.fft.fft(w, n)
        step = n - R + 1 if overlap else n
        found: list[float] = []
        for start in range(0, len(x) - R + 1, step):
            circle = np.fft.fft(x[start:start + n], n)
            outputs = np.fft.ifft(circle * (spectrum.conj() if conjugate else spectrum)).real
            found.extend(outputs[:step] if first else outputs[-step:])
        return np.array(found[:len(x) - R + 1])
    return correlate


def _gradient(dy: Array, w: Array, x_shape: tuple[int, ...], stride: int = 1) -> Array:
    return conv2d_backward(dy, np.zeros(x_shape, dy.dtype), w, stride=stride).dx


def _scattered(turned: bool = True, taps_first: bool = False, add: bool = True,
               mean: bool = False, strides: tuple[int, int] = (1, 1),
               kernels: Callable[[Array], Array] = np.copy, filters: int | None = None
               ) -> Callable[..., Array]:
    """dx through w.T @ dy and col2im, with one of the steps done otherwise."""
    def scatter(dy: Array, w: Array, x_shape: tuple[int, ...], stride: int = 1) -> Array:
        dy, w = dy[:filters], kernels(w[:filters])
        (K, C, R, S), (P, Q) = w.shape, dy.shape[1:]
        columns = (w.reshape(K, -1).T if turned else w.reshape(-1, K)) @ dy.reshape(K, -1)
        columns = (columns.reshape(R, S, C, P, Q) if taps_first else
                   columns.reshape(C, R, S, P, Q).transpose(1, 2, 0, 3, 4))
        down, right = (stride if used else 1 for used in strides)
        dx, copies = np.zeros(x_shape), np.zeros(x_shape)
        for r, s in np.ndindex(R, S):
            seen = slice(None), slice(r, r + down * P, down), slice(s, s + right * Q, right)
            dx[seen] = columns[r, s] + (dx[seen] if add else 0)
            copies[seen] += 1
        return dx / np.maximum(copies, 1) if mean else dx
    return scatter


def _upstream() -> Iterator[Call]:
    """The calls of my_dx: dy, w and the shape of x."""
    for (dy, x, w), options in random_calls(128, *CASES, forward=conv2d):
        yield (dy, w, x.shape), options


EXERCISES = {
    "12.1": Exercise(
        answer=lambda: (LAYER.rows, COLUMNS),
        wrong={"you took a window at every pixel, but it fits at only 26 · 16 positions":
                   lambda: (8 * 16 * 3 * 28 * 20 * 15, 8 * 3 * 28 * 20 * 15),
               "you wrote the columns once per filter, but all filters read the same columns":
                   lambda: (LAYER.rows, LAYER.rows),
               "you left out the channels; each output sums over three of them":
                   lambda: (LAYER.rows // 3, COLUMNS // 3),
               "you counted one image instead of eight": lambda: (LAYER.rows // 8, COLUMNS // 8),
               "you counted the products of one filter instead of 16": lambda: (COLUMNS, COLUMNS),
               "you handed in the pair in the other order": lambda: (COLUMNS, LAYER.rows)},
        hints=("Count the outputs first: 28 - 3 + 1 rows, and the columns likewise.",
               "(12.1) has N, K, C, P, Q, R, S; the columns have all of these but one."),
        why="Sixteen filters share one set of columns, which is why copying them pays off."),
    "12.2": Exercise(
        answer=lambda: (PX[2] - PX[1]) * (DY[0] - DY[1]) / 2,
        wrong={"the sign is wrong; dw[1] = n1 - n2 tells you which":
                   lambda: (PX[1] - PX[2]) * (DY[0] - DY[1]) / 2,
               "you left out the half": lambda: (PX[2] - PX[1]) * (DY[0] - DY[1]),
               "this is n1 again; in n2 the mixed terms must have the opposite sign":
                   lambda: (PX[1] + PX[2]) * (DY[0] + DY[1]) / 2,
               "the factor of the upstream gradients should be a difference":
                   lambda: (PX[2] - PX[1]) * (DY[0] + DY[1]) / 2},
        hints=("Solve dw[1] = n1 - n2 for n2.",
               "n1 - dw[1] has four terms. Factor them into a difference of pixels times a "
               "difference of upstream gradients, halved."),
        why="Three results from two upstream gradients take 3 + 2 - 1 = 4 products, as before."),
    "12.3": Exercise(
        answer=lambda: _circle(-1),
        wrong={"you used the conjugate; this is the correlation on the ring": lambda: _circle(1),
               "you stopped at the ends, but on a ring the last cell comes before the first":
                   lambda: _circle(-1, seam=False),
               "this is the correlation of chapter 1, without a ring":
                   lambda: _circle(1, seam=False)},
        hints=("Without the conjugate, it is a true convolution on a ring of five cells.",
               "Number n is 100 x[n] + 10 x[n-1] + x[n-2], and x[-1] is the last cell."),
        why="The conjugate undoes the flip; without it, each number reads its cells backward."),
    "12.4": Exercise(
        answer=_convolution, cases=lambda: random_calls(12, *CASES),
        wrong={"the rows of your columns run over (r, s, c), but those of w over (c, r, s), which "
               "agrees with one channel only": lambda: _by((3, 4, 0)),
               "the rows of your columns run over (c, s, r), but those of w over (c, r, s)":
                   lambda: _by((0, 4, 3)),
               "you flipped the kernel, so this is a true convolution":
                   lambda: _convolution(lambda w: w[:, :, ::-1, ::-1]),
               "you reshaped to (K, Q, P) instead of (K, P, Q)":
                   lambda: _by((0, 3, 4), turn=True, fold=False),
               "the result is still (K, P·Q), so reshape it": lambda: _by((0, 3, 4), fold=False),
               "you used only the first channel": lambda: _convolution(channels=1),
               "you left out the stride": lambda: _convolution(strides=(0, 0)),
               "you used the stride for the rows only": lambda: _convolution(strides=(1, 0))},
        hints=("sliding_window_view(x, (R, S), axis=(1, 2)) has the indices c, p, q, r, s; the "
               "stride is [:, ::stride, ::stride].",
               "For the columns, bring c, r, s to the front, in the order of w, and reshape to "
               "(C·R·S, P·Q).",
               "w.reshape(K, -1) @ columns is (K, P·Q)."),
        why="Your matrix product agreed with the convolution at every size that was tried."),
    "12.5": Exercise(
        answer=lambda: _gradient, cases=lambda: list(_upstream()),
        wrong={"you overwrote where windows overlap; the copies of a pixel add up, so use +=":
                   lambda: _scattered(add=False),
               "you reshaped w to (C·R·S, K) instead of transposing it, which mixes up its "
               "entries": lambda: _scattered(turned=False),
               "the rows of your columns run over (c, r, s), as in w, but you read them as "
               "(r, s, c)": lambda: _scattered(taps_first=True),
               "you flipped the kernel; adding back reverses the order by itself":
                   lambda: _scattered(kernels=lambda w: w[:, :, ::-1, ::-1]),
               "you took the mean over the copies of a pixel instead of their sum":
                   lambda: _scattered(mean=True),
               "you used only the first filter, but dx sums over all of them":
                   lambda: _scattered(filters=1),
               "you left out the stride; tap (r, s) of output (p, q) belongs to the pixel "
               "(stride·p + r, stride·q + s)": lambda: _scattered(strides=(0, 0)),
               "you used the stride for the rows only": lambda: _scattered(strides=(1, 0))},
        hints=("w.reshape(K, -1).T @ dy.reshape(K, -1) has a row for each (c, r, s) and a column "
               "for each (p, q); reshape it to (C, R, S, P, Q).",
               "Begin with np.zeros(x_shape). Tap (r, s) reads the pixels "
               "[:, r:r + stride*P:stride, s:s + stride*Q:stride].",
               "Add columns[:, r, s] to these pixels with +=, for each of the R·S taps."),
        why="Your dx agreed with the book's at every size, including the pixels that no window "
            "reads."),
    "12.6": Exercise(
        answer=lambda: (1, _four(np.float32)),
        wrong={"this is right for real numbers and in float64; what does float32 make of "
               "1 - 2^25?": lambda: (1, _four(np.float64)),
               "you handed in the pair in the other order; the definition comes first":
                   lambda: (_four(np.float32), 1),
               "the definition multiplies the huge pixel by 0, which is exact":
                   lambda: (0, 0)},
        hints=("m0 is 1 - 2^25, rounded to a number that float32 has.",
               "m0 is rounded to -2^25, and m1 = m2 = 2^24. Add them."),
        why="The huge pixel is multiplied by a tap of 0, and yet it wipes out the 1, because a "
            "difference was taken first."),
    "12.7": Exercise(
        answer=_blocks, cases=lambda: [((x, w, n), {}) for (x, w), _ in random_calls(
            127, ((20,), (3,), {}), ((17,), (4,), {}), ((9,), (2,), {})) for n in (4, 7, 12)],
        wrong={"you left out the conjugate, so this is a true convolution on each block's ring":
                   lambda: _blocks(conjugate=False),
               "your blocks do not overlap, and the outputs that cross a seam are wrong":
                   lambda: _blocks(overlap=False),
               "you kept the wrong outputs of each block; with the conjugate, the last R - 1 cross "
               "the seam": lambda: _blocks(first=False)},
        hints=("A block of n entries gives n - R + 1 outputs that do not cross its seam, the first "
               "ones.",
               "So the next block begins n - R + 1 entries further on. np.fft.fft(block, n) pads "
               "the last one with zeros."),
        why="Each output came from a block that holds its whole window."),
    "12.8": Exercise(
        answer=lambda: (round(POINTWISE, 1), round(50 * POINTWISE, 1)), digits=1,
        wrong={"you counted one operation per row, or 8 bytes per number; there are two operations "
               "and 4 bytes": lambda: (round(POINTWISE / 2, 1), round(25 * POINTWISE, 1)),
               "you divided by numbers instead of bytes": lambda: (round(4 * POINTWISE, 1), 1000.0),
               "you multiplied the rounded intensity; round only at the end":
                   lambda: (round(POINTWISE, 1), round(50 * round(POINTWISE, 1), 1)),
               "the intensity is right, but it is below the ridge point, so memory limits it":
                   lambda: (round(POINTWISE, 1), 1000.0)},
        hints=("Rows: 64 · 64 · 56 · 56, two operations each. Numbers: x and y have "
               "64 · 56 · 56 each, w has 64 · 64.",
               "The bound is the smaller one of 1000 and 50 times the intensity."),
        why="Even with 64 channels, a pointwise layer is limited by memory on this machine."),
}
