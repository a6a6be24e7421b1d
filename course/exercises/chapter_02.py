"""Exercises of chapter 2: convolution or correlation?"""

import numpy as np

from convlib import conv1d, conv2d, kernel_map, output_size
from course.exercises.exercise import Exercise

X, PLACES = np.array([1, 2, 3, 5]), [100, 10, 1]


def _size(kernel):
    return tuple(output_size(n, k) for n, k in zip((9, 7), kernel, strict=True))


def _dw(mirrored):
    return kernel_map((4,), (2,), mirrored=mirrored).grad_w(PLACES, X)


EXERCISES = {
    "2.1": Exercise(
        answer=lambda: _dw(True),
        wrong={"this is dw of a cross-correlation; here tap 0 lies at the other end":
                   lambda: _dw(False)},
        hints=("Compute x ⋆ dy and remember where tap 0 lies.", "x ⋆ dy, read backwards."),
        why="With true convolution the kernel is stored mirrored, and so is its gradient."),
    "2.2": Exercise(
        answer=lambda: 3 * 2 // 2,
        wrong={"each tap must equal the one that the half turn brings to its place":
                   lambda: 3 * 2,
               "this asks for more: equal under both single flips; the half turn is enough":
                   lambda: 2 * 1},
        hints=("A single price of 1 stamps the whole kernel into dx.",
               "w[r,s] = w[2-r,1-s]: the six taps come in pairs."),
        why="Its own half turn: three pairs of equal taps."),
    "2.3": Exercise(
        answer=lambda: conv1d([3, 1, 4], [100, 1], padding="full")[::-1],
        wrong={"this is x ⋆ w; the order of the operands turns the result round":
                   lambda: conv1d([3, 1, 4], [100, 1], padding="full"),
               "this is the true convolution": lambda: np.convolve([3, 1, 4], [100, 1])},
        hints=("x ⋆ w is easy to read; then (2.5).", "x ⋆ w is 3, 301, 104, 400."),
        why="Read x ⋆ w backwards. Valid it cannot be: three cells do not fit inside two."),
    "2.4": Exercise(
        answer=lambda: (_size((4, 2)), _size((2, 4))),
        wrong={"the two pairs are in the other order": lambda: (_size((2, 4)), _size((4, 2))),
               "each size is one larger: the window has n - k + 1 places":
                   lambda: ((5, 5), (7, 3))},
        hints=("Which axis of the kernel is S in each of the two?",
               "Ours counts columns, the proof's counts rows."),
        why="The same letter on another axis, and only unequal sizes show it."),
    "2.5": Exercise(
        answer=lambda: ((2 + 1) * (3 + 1), *(lambda y: (min(y.shape), y.size))(
            conv2d(np.ones((5, 7)), np.ones((2, 3))))),
        wrong={"a sum from 0 to k has k + 1 terms": lambda: (6, 4, 20),
               "y[c, c] names only cells with two equal indices": lambda: (12, 20, 20)},
        hints=("Count the products of one output, and count the outputs.",
               "The output is 4 by 5, and its diagonal has 4 cells."),
        why="Right is y[r, c], with sums to k1 - 1 and k2 - 1."),
    "2.6": Exercise(
        answer=lambda: (5 - 1) // 2,
        wrong={"with full padding the first window ends at input 0": lambda: 4,
               "without padding output 0 reads the inputs 0 to 4": lambda: 0,
               "half of five rounded up is one too many": lambda: 3},
        hints=("Where must the window of output 0 start?", "At input -2."),
        why="(R-1)/2 zeros: centred is a corner window that was moved by padding."),
}
