"""Exercises of chapter 8: channels, filters, batches."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from convlib import Gradients, conv2d, conv2d_backward, kernel_map
from course.exercises.exercise import Array, Exercise, random_calls
from course.mistakes import wrong_answers

X, DY = np.array([1, 10, 100]), np.array([1, 10])
PRICES = np.array([2, 30])
LINE = np.array([[1, 2, 3], [4, 5, 6]])  # two channels on one axis
M_X = kernel_map(LINE.shape, (2, 2, 2)).image_matrix(LINE)
BLOCK = M_X[:2, :4]
CASES = (((2, 3, 4, 5), (4, 3, 2, 3), {"padding": 0}), ((3, 2, 5, 4), (4, 2, 3, 2), {"padding": 1}),
         ((1, 4, 3, 6), (3, 4, 2, 2), {"padding": 2}), ((4, 2, 4, 6), (3, 2, 3, 3), {"padding": 0}))
BATCHES: list[tuple[Any, ...]] = [
    ((2, 4), (2, 3), (4, 3), {}), ((5, 3), (5, 2), (3, 2), {}), ((1, 2), (1, 4), (2, 4), {})]
CONCERNED = ("no_flip", "one_axis_flip", "other_axis_flip", "transpose_for_rot180",
             "channels_flipped_too", "dw_flipped", "padding_one_sided", "crop_by_minus_zero",
             "assign_for_add", "one_filter_only", "channels_summed", "mean_for_sum", "y_for_x",
             "decay_left_in", "bias_over_wrong_axes")


class Layer(NamedTuple):
    """What exercise 8.2 asks for."""

    y: Array
    dw: Array
    dx: Array


def _einsums(dy: Array, x: Array, w: Array) -> Layer:
    return Layer(np.einsum("kc,nc->nk", w, x), np.einsum("nk,nc->kc", dy, x),
                 np.einsum("nk,kc->nc", dy, w))


def _with_dw(made_of: Callable[[Array], Array]) -> Callable[..., Layer]:
    """The three sums, with something made of dw in its place."""
    def layer(dy: Array, x: Array, w: Array) -> Layer:
        right = _einsums(dy, x, w)
        return right._replace(dw=made_of(right.dw))
    return layer


def _shapes(**other: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    return {"w": (4, 3, 3, 2), "b": (4,), "y": (2, 4, 5, 4), "dw": (4, 3, 3, 2),
            "dx": (2, 3, 7, 5)} | other


def _last_image(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """dw and db of the last image alone: = where += should stand in the loop over n."""
    last = conv2d_backward(dy[-1:], x[-1:], w, **options)
    return conv2d_backward(dy, x, w, **options)._replace(dw=last.dw, db=last.db)


def _mean_of_batch(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    right = conv2d_backward(dy, x, w, **options)
    return right._replace(dw=right.dw / len(x), db=right.db / len(x))


EXERCISES = {
    "8.1": Exercise(
        answer=lambda: X * PRICES[0],
        wrong={"three times 222: with the products added, nothing says which weight should change":
                   lambda: [222, 222, 222],
               "222 is one number, and w[0] has three weights": lambda: 222,
               "this is the row of filter 1, whose price is 30": lambda: X * PRICES[1],
               "the prices are added here; filter 0 pays with its own price, dy[0]":
                   lambda: X * PRICES.sum()},
        hints=("Which product does the weight w[0, c] take part in, for each c?",
               "One product each: dy[0]·x[c]. Write the three down, and do not add them."),
        why="222 = 2 + 20 + 200 adds over c, and w carries c: its gradient is a stack over c."),
    "8.2": Exercise(
        answer=lambda: _einsums, cases=lambda: random_calls(2, *BATCHES),
        wrong={"dw adds over the channels; w carries c, so c stands behind the arrow":
                   lambda: _with_dw(lambda dw: 0 * dw + dw.sum(1, keepdims=True)),
               "dw adds over the filters; w carries k, so k stands behind the arrow":
                   lambda: _with_dw(lambda dw: 0 * dw + dw.sum(0)),
               "dw is transposed: w has its filters first, so write kc behind the arrow":
                   lambda: _with_dw(np.transpose)},
        hints=("What is behind the arrow? The letters of the result: nk, kc, nc.",
               '"nk,nc->kc" is dw; n is not behind the arrow, so the images are added.'),
        why="Three times the same three letters; only the arrow points at other ones."),
    "8.3": Exercise(
        answer=_shapes,
        wrong={"in w the filters come first, then the channels":
                   lambda: _shapes(w=(3, 4, 3, 2), dw=(3, 4, 3, 2)),
               "a bias belongs to a filter: there are K of them, not C": lambda: _shapes(b=(3,)),
               "the channels are summed in y, and a map for each filter is left":
                   lambda: _shapes(y=(2, 3, 5, 4)),
               "dw does not carry n: the images are summed": lambda: _shapes(dw=(2, 4, 3, 3, 2)),
               "a kernel of 3 fits 7 - 3 + 1 times": lambda: _shapes(y=(2, 4, 4, 3))},
        hints=("x is (N, C, H, W), w is (K, C, R, S), y is (N, K, P, Q).",
               "A gradient has the shape of its quantity. P = 7 - 3 + 1, Q = 5 - 2 + 1."),
        why="Each shape is the list of letters that the quantity carries."),
    "8.4": Exercise(
        answer=lambda: M_X,
        wrong={"this is the one block that im2col stores; M_x has a copy for each filter":
                   lambda: BLOCK,
               "each filter has taps of its own, so its copy stands in columns of its own":
                   lambda: np.vstack([BLOCK, BLOCK]),
               "in a row the taps of a channel stand together: channels vary slower than taps":
                   lambda: np.kron(np.eye(2, dtype=int), BLOCK[:, [0, 2, 1, 3]]),
               "this keeps the channels apart; they stand side by side, for they go into one sum":
                   lambda: np.kron(np.eye(2, dtype=int), np.vstack([BLOCK[:, :2], BLOCK[:, 2:]]))},
        hints=("Rows: y[0,0], y[0,1], y[1,0], y[1,1]. Columns: the eight taps in the order of w.",
               "The first row is 1 2 4 5 0 0 0 0."),
        why="Half of it is zeros; with K filters all but one part in K."),
    "8.5": Exercise(
        answer=lambda: np.array([DY.sum() * X, DY[0] * X]),
        wrong={"the rows are in the other order: printed first":
                   lambda: np.array([DY[0] * X, DY.sum() * X]),
               "the second row is that of the other filter; its number is 0, counted from 0":
                   lambda: np.array([DY.sum() * X, DY[1] * X]),
               "this adds over the channels as well; the printed line adds over the filters only":
                   lambda: np.array([[DY.sum() * X.sum()] * 3, DY[0] * X])},
        hints=("Put the rows dy[0]·x and dy[1]·x down; the printed line adds them.",
               "The sum is 11·x. The price of filter 0 alone is 1."),
        why="i is summed on the right and free on the left, and from two filters on it shows."),
    "8.6": Exercise(
        answer=lambda: conv2d_backward, cases=lambda: random_calls(8, *CASES, forward=conv2d),
        wrong=wrong_answers(*CONCERNED) | {
            "only the last image pays into dw and db: add over the batch": lambda: _last_image,
            "a mean over the batch stands where a sum should: if the loss is a mean, "
            "dy holds the 1/N already": lambda: _mean_of_batch},
        hints=("Begin with zeros of the shapes of the padded x, and of w; loop over n, k, p, q.",
               "One price dy[n,k,p,q] pays dy·w[k] into dx[n, :, p:p+R, q:q+S] and dy·(that "
               "window of x[n]) into dw[k].",
               "Both with +=. Then cut the padding off, and db = dy.sum(axis=(0, 2, 3))."),
        why="Your backward pass carries images, channels and filters, as a library's does."),
}
