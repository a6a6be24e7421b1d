"""Document 004, first part: sizes of a layer, and the network from the image to the scores.

Its X, F_i, S_i, H, W, s, p are our x, w[k], y[k], a, the weights of the last layer, that layer's y,
and t-hat. It writes sizes width first and channels last; our arrays are (channel, row, column).
"""

from collections.abc import Callable

import numpy as np

from convlib import conv2d, kernel_map, output_size, vec
from convlib.symbolic import jacobian, symbols
from course.audit.check import Check, close, refused, same
from course.audit.loops import Array, array_of, correlate, places, true_full, true_valid

RNG = np.random.default_rng(0)
X32, W32 = RNG.integers(-9, 10, (3, 32, 32)), RNG.integers(-9, 10, (4, 3, 5, 5))
MIXED = RNG.integers(-3, 4, (2, 3, 5))  # maps with negative entries and zeros
# A network small enough for finite differences: an image 6 wide and 5 high, 3 channels, 4 filters.
WIDTH, HEIGHT, SIZE, FILTERS, CLASSES = 6, 5, 3, 4, 5
ROWS, COLUMNS = places(HEIGHT, SIZE), places(WIDTH, SIZE)
IMAGES = RNG.normal(size=(2, 3, HEIGHT, WIDTH))
W, B = RNG.normal(size=(FILTERS, 3, SIZE, SIZE)) / 3, RNG.normal(size=FILTERS) / 3
LAST_W = RNG.normal(size=(CLASSES, FILTERS * ROWS * COLUMNS)) / 3
LAST_B = RNG.normal(size=CLASSES) / 3
IMAGE, MAPS = IMAGES[0], conv2d(IMAGES[0], W)
# Two maps 3 wide and 2 high, and a last layer with 4 scores, in letters.
A, LAST_LETTERS, B_LETTERS = symbols("a", (2, 2, 3)), symbols("w", (4, 12)), symbols("b", 4)
SCORES = LAST_LETTERS @ vec(A) + B_LETTERS
OTHER_ORDER = vec(np.arange(A.size).reshape(A.shape).transpose(1, 2, 0))  # channels fastest


def chunks(x: Array, w: Array) -> Array:
    """The dot product of each filter with each chunk of x."""
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(1, 2))
    return np.einsum("cpqrs,kcrs->kpq", windows, w)


def relu(y: Array) -> Array:
    return np.maximum(0, y)


def softmax(y: Array) -> Array:
    return np.exp(y) / np.exp(y).sum()


def collapses(activation: Callable[[Array], Array]) -> bool:
    """Two convolutions with this between them are one convolution with a larger kernel."""
    x, first, second = X32[0, :7, :6], W32[0, 0, :2, :3], W32[1, 0, :3, :2]
    return same(conv2d(activation(conv2d(x, first)), second), conv2d(x, true_full(first, second)))


def three_by_five(forward: Callable[[Array, Array], Array]) -> bool:
    """Every output of a 3 x 5 x 4 image with a 3 x 2 x 3 filter, in letters."""
    x, w = symbols("x", (3, 5, 4)), symbols("w", (1, 3, 2, 3))
    return same(conv2d(x, w)[0], sum(forward(x[c], w[0, c]) for c in range(3)))


def touched(function: Callable[[Array], Array], values: Array, cell: tuple[int, ...]) -> int:
    """How many entries of function(values) change if one entry does."""
    other = values.copy()
    other[cell] = abs(other[cell]) + 7
    return int((function(other) != function(values)).sum())


CHECKS = {
    "004-01": Check(
        right=lambda: len(kernel_map((3, 5, 5), (1, 3, 5, 5))) == 75 == 3 * 5 * 5
        and len(kernel_map(X32.shape, (1, 3, 5, 5))) == 75 * 28 * 28,
        printed=lambda: len(kernel_map((3, 5, 5), (1, 3, 5, 5))) == 5 * 5),
    "004-02": Check(  # with two groups a filter of depth 2 reads an image of depth 4
        right=lambda: refused(lambda: conv2d(X32, W32[:, :2])),
        printed=lambda: refused(lambda: conv2d(np.ones((4, 6, 5)), np.ones((6, 2, 3, 2)),
                                               groups=2))),
    "004-03": Check(
        right=lambda: output_size(32, 5) == 28 == places(32, 5)
        and conv2d(X32, W32).shape[1:] == (28, 28),
        printed=lambda: conv2d(X32, W32).shape[1:] == X32.shape[1:]),
    "004-04": Check(
        right=lambda: three_by_five(correlate) and same(conv2d(X32, W32), chunks(X32, W32)),
        printed=lambda: three_by_five(true_valid)),
    "004-05": Check(
        right=lambda: conv2d(X32, W32[:1]).shape == (1, 28, 28),
        printed=lambda: conv2d(X32, W32[:1]).shape == (3, 28, 28)),
    "004-06": Check(  # each filter on its own
        right=lambda: all(same(conv2d(X32, W32)[k], conv2d(X32, W32[k:k + 1])[0])
                          and same(conv2d(X32, W32)[k], chunks(X32, W32[k:k + 1])[0])
                          for k in range(4))),
    "004-07": Check(  # one map a filter, not one map a filter and channel
        right=lambda: same(conv2d(X32, W32), np.concatenate([chunks(X32, f[None]) for f in W32]))
        and conv2d(X32, W32).shape == (4, 28, 28),
        printed=lambda: conv2d(X32, W32).shape == (4 * 3, 28, 28)),
    "004-08": Check(
        right=lambda: same(relu(MIXED), array_of(MIXED.shape, lambda *cell: (
            MIXED[cell] if MIXED[cell] > 0 else 0))) and {-1, 0, 1} <= set(np.sign(MIXED.flat)),
        printed=lambda: same(relu(MIXED), max(0, MIXED.max()))),  # one maximum for all
    "004-09": Check(  # without the activation two layers are one
        right=lambda: collapses(lambda y: y), printed=lambda: collapses(relu)),
    "004-10": Check(
        right=lambda: softmax(LAST_W @ vec(relu(MAPS)) + LAST_B).shape == (CLASSES,)
        and same(jacobian(SCORES, A).tolist(), LAST_LETTERS),  # each score sees each entry
        printed=lambda: MAPS.shape == (CLASSES,)),
    "004-11": Check(  # four columns and four filters: added along the wrong axis it would fit, too
        right=lambda: all(close(conv2d(IMAGE, W, B)[k], chunks(IMAGE, W)[k] + B[k])
                          for k in range(FILTERS)),
        printed=lambda: close(conv2d(IMAGE, W, B), chunks(IMAGE, W) + B)),
    "004-12": Check(  # the next layer reads it as an image with four channels
        right=lambda: conv2d(MAPS, np.ones((2, FILTERS, 2, 2))).shape
        == (2, ROWS - 1, COLUMNS - 1),
        printed=lambda: not refused(lambda: conv2d(MAPS, np.ones((2, 3, 2, 2))))),
    "004-13": Check(
        right=lambda: relu(MIXED).shape == MIXED.shape
        and all(touched(relu, MIXED, cell) == 1 for cell in np.ndindex(MIXED.shape)),
        printed=lambda: all(touched(softmax, MIXED / 9, cell) == 1
                            for cell in np.ndindex(MIXED.shape))),
    "004-14": Check(  # another order asks for another order of the columns of w
        right=lambda: same(LAST_LETTERS[:, OTHER_ORDER] @ vec(A)[OTHER_ORDER] + B_LETTERS, SCORES),
        printed=lambda: same(LAST_LETTERS @ vec(A)[OTHER_ORDER] + B_LETTERS, SCORES)),
    "004-15": Check(  # sum 1, and the same for scores that are all higher by 5
        right=lambda: close(softmax(np.array([1, 2, 0, -1])), [
            0.2368828181, 0.6439142599, 0.0871443187, 0.0320586033])
        and close(softmax(MIXED).sum(), 1.) and close(softmax(MIXED + 5), softmax(MIXED)),
        printed=lambda: close(softmax(5 * MIXED), softmax(MIXED))),
    "004-16": Check(  # rows first: the height comes before the width
        right=lambda: conv2d(np.ones((3, HEIGHT, WIDTH)), W, B).shape == (FILTERS, ROWS, COLUMNS)
        and B[0].shape == (),
        printed=lambda: conv2d(np.ones((3, WIDTH, HEIGHT)), W, B).shape
        == (FILTERS, ROWS, COLUMNS)),
    "004-17": Check(
        right=lambda: MAPS[0].shape[::-1] == (WIDTH - SIZE + 1, HEIGHT - SIZE + 1),
        printed=lambda: MAPS[0].shape[::-1] == (WIDTH - SIZE, HEIGHT - SIZE)),
    "004-18": Check(
        right=lambda: MAPS.shape == relu(MAPS).shape
        == (FILTERS, HEIGHT - SIZE + 1, WIDTH - SIZE + 1),
        printed=lambda: MAPS.shape == (3, HEIGHT - SIZE + 1, WIDTH - SIZE + 1)),
    "004-19": Check(
        right=lambda: jacobian(SCORES, A).shape == (4, 2 * 2 * 3)
        and LAST_W.shape == (CLASSES, MAPS.size),
        printed=lambda: not refused(lambda: LAST_W[:, :ROWS * COLUMNS] @ vec(MAPS))),
    "004-20": Check(  # a row for b would make a square of the scores
        right=lambda: (LAST_LETTERS @ vec(A)[:, None] + B_LETTERS[:, None]).shape == (4, 1),
        printed=lambda: (LAST_LETTERS @ vec(A)[:, None] + B_LETTERS[None]).shape == (4, 1)),
}
