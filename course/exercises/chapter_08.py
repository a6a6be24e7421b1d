"""Exercises of chapter 8: channels, filters, batches."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from convlib import Gradients, conv2d, conv2d_backward, kernel_map
from course.exercises.exercise import Array, Call, Exercise, random_calls
from course.mistakes import wrong_answers

LINE = np.array([[1, 2, 3], [4, 5, 6]])  # two channels on one axis
JACOBIAN = kernel_map(LINE.shape, (2, 2, 2)).image_matrix(LINE)
BLOCK = JACOBIAN[:2, :4]
CASES = (((2, 3, 4, 5), (4, 3, 2, 3), {"padding": 0}), ((3, 2, 5, 4), (4, 2, 3, 2), {"padding": 1}),
         ((1, 4, 3, 6), (3, 4, 2, 2), {"padding": 2}), ((4, 2, 4, 6), (3, 2, 3, 3), {"padding": 0}))
BATCHES: list[tuple[Any, ...]] = [
    ((2, 4), (2, 3), (4, 3), {}), ((5, 3), (5, 2), (3, 2), {}), ((1, 2), (1, 4), (2, 4), {})]
CONCERNED = ("no_flip", "one_axis_flip", "other_axis_flip", "transpose_for_rot180",
             "channels_flipped_too", "dw_flipped", "padding_one_sided", "crop_by_minus_zero",
             "assign_for_add", "windows_overwrite", "one_filter_only", "channels_summed",
             "mean_for_sum", "y_for_x", "decay_left_in", "bias_over_wrong_axes",
             "turned_into_wrong_shape", "dw_shuffled",
             "padding_not_cropped", "wrong_loop_index", "negative_index", "height_for_width",
             "height_in_both_loops", "last_image_only", "nothing_computed")


class Layer(NamedTuple):
    """What exercise 8.2 asks for."""

    y: Array
    dx: Array
    dw: Array


def _einsums(dy: Array, x: Array, w: Array) -> Layer:
    return Layer(np.einsum("kc,nc->nk", w, x), np.einsum("nk,kc->nc", dy, w),
                 np.einsum("nk,nc->kc", dy, x))


def _with_dw(made_of: Callable[[Array], Array]) -> Callable[..., Layer]:
    """The three sums, with dw replaced by something made of it."""
    def layer(dy: Array, x: Array, w: Array) -> Layer:
        right = _einsums(dy, x, w)
        return right._replace(dw=made_of(right.dw))
    return layer


def _shapes(**other: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    return {"w": (4, 3, 3, 2), "b": (4,), "y": (2, 4, 5, 4), "dw": (4, 3, 3, 2),
            "dx": (2, 3, 7, 5)} | other


def _last_image(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    """dw and db of the last image alone: = instead of += in the loop over n."""
    last = conv2d_backward(dy[-1:], x[-1:], w, **options)
    return conv2d_backward(dy, x, w, **options)._replace(dw=last.dw, db=last.db)


def _mean_of_batch(dy: Array, x: Array, w: Array, **options: Any) -> Gradients:
    right = conv2d_backward(dy, x, w, **options)
    return right._replace(dw=right.dw / len(x), db=right.db / len(x))


def _scale(over: str = "n p", images: int = 2, positions: int = 2, power: int = 1) -> Array:
    """dg of y[n,k,p] = g[k] z[n,k,p], with two images, maps and positions, in symbols."""
    from convlib.symbolic import symbols

    terms = (symbols("dy", (2, 2, 2)) * symbols("z", (2, 2, 2)) ** power)[:images, :, :positions]
    return np.array([terms[:, k].sum() if over == "n p" else terms.sum() for k in range(2)])


def _calls() -> Iterator[Call]:
    """Integers; then the same with a dy of decimals, as it comes from a loss."""
    calls = random_calls(8, *CASES, forward=conv2d)
    yield from calls
    for (dy, x, w), options in calls[:2]:
        yield (dy / 8, x, w), options


EXERCISES = {
    "8.1": Exercise(
        answer=lambda: ("none", "c", "k", "both"),
        wrong={"you exchanged B and C; in B the three channels give the same number, because "
               "they were added": lambda: ("none", "k", "c", "both"),
               "A is right: its rows are 2 and 3 times the pixel":
                   lambda: ("both", "c", "k", "none")},
        hints=("Compute dw yourself: w[k,c] is used once, so dw[k,c] = dy[k]·x[c].",
               "222 is 2·100 + 2·10 + 2·1, and 500 is 2·100 + 3·100. What was added in each?"),
        why="The digits show which entries of x and dy were added."),
    "8.2": Exercise(
        answer=lambda: _einsums, cases=lambda: random_calls(2, *BATCHES),
        wrong={"dw is summed over the channels, but w has c, so c belongs after the arrow":
                   lambda: _with_dw(lambda dw: 0 * dw + dw.sum(1, keepdims=True)),
               "dw is summed over the filters, but w has k, so k belongs after the arrow":
                   lambda: _with_dw(lambda dw: 0 * dw + dw.sum(0)),
               "dw is transposed; w has its filters first, so write kc after the arrow":
                   lambda: _with_dw(np.transpose)},
        hints=("What comes after the arrow? The indices of the result: nk, nc and kc.",
               '"nk,nc->kc" is dw; n does not appear after the arrow, so the sum is over n.'),
        why="All three lines have the indices n, k and c; each sums over a different one."),
    "8.3": Exercise(
        answer=_shapes,
        wrong={"in w the filters come first, then the channels":
                   lambda: _shapes(w=(3, 4, 3, 2), dw=(3, 4, 3, 2)),
               "there is one bias per filter, not per channel": lambda: _shapes(b=(3,)),
               "y has no channel axis; it has one map per filter":
                   lambda: _shapes(y=(2, 3, 5, 4)),
               "dw has no index n; it sums over the images": lambda: _shapes(dw=(2, 4, 3, 3, 2)),
               "a kernel with 3 rows fits in 7 - 3 + 1 positions":
                   lambda: _shapes(y=(2, 4, 4, 3))},
        hints=("x is (N, C, H, W), w is (K, C, R, S), y is (N, K, P, Q).",
               "A gradient has the shape of its array. P = 7 - 3 + 1, Q = 5 - 2 + 1."),
        why="Each shape lists the sizes of the indices that the array has."),
    "8.4": Exercise(
        answer=lambda: JACOBIAN,
        wrong={"this is the one block that im2col returns; J has a copy for each filter":
                   lambda: BLOCK,
               "each filter has its own taps, so its copy needs its own columns":
                   lambda: np.vstack([BLOCK, BLOCK]),
               "in a row, the taps of one channel come one after the other; channels vary slowest":
                   lambda: np.kron(np.eye(2, dtype=int), BLOCK[:, [0, 2, 1, 3]]),
               "the blocks of the channels belong side by side, because both go into one sum":
                   lambda: np.kron(np.eye(2, dtype=int), np.vstack([BLOCK[:, :2], BLOCK[:, 2:]]))},
        hints=("Rows: y[0,0], y[0,1], y[1,0], y[1,1]. Columns: the eight taps in the order of w.",
               "The first row is 1 2 4 5 0 0 0 0."),
        why="With K filters, at most 1/K of the entries are nonzero."),
    "8.5": Exercise(
        answer=_scale,
        wrong={"you summed over the maps as well, but g has the index k":
                   lambda: _scale("n k p"),
               "you left out the second image; both images use the same g":
                   lambda: _scale(images=1),
               "you left out a position; g multiplies the whole map":
                   lambda: _scale(positions=1),
               "this is a mean over the four products, but dg is their sum":
                   lambda: _scale() / 4,
               "you left out z, the local gradient of y with respect to g":
                   lambda: _scale(power=0)},
        hints=("Each term of the loss is dy[n,k,p]·g[k]·z[n,k,p].",
               "Cross out g[k]. Which indices does g lack?",
               "Sum over the images n and the positions p."),
        why="g has only the index k, so dg[k] is a sum over the images and the positions."),
    "8.6": Exercise(
        answer=lambda: conv2d_backward, cases=_calls,
        wrong=wrong_answers(*CONCERNED) | {
            "dw and db contain only the last image; sum over the batch": lambda: _last_image,
            "you divided dw and db by N, but if the loss is a mean, dy already contains the 1/N":
                lambda: _mean_of_batch},
        hints=("Start with np.zeros in the shapes of the padded x and of w (zeros_like would have "
               "their type, perhaps an integer), and loop over n, k, p, q.",
               "Add dy[n,k,p,q]·w[k] to dx[n, :, p:p+R, q:q+S], and dy[n,k,p,q] times this window "
               "of x[n] to dw[k].",
               "Then cut the padding off dx, and compute db = dy.sum(axis=(0, 2, 3)).",
               'Or use einsum: dx is "nkijrs,kcrs->ncij" of the windows of the padded dy and the '
               "rotated w, as in (8.8)."),
        why="Your backward pass handles images, channels and filters, as a library's does."),
}
