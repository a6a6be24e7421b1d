"""Exercises of chapter 2: convolution or correlation?"""

from collections.abc import Iterator

import numpy as np
import sympy as sp

from convlib import conv1d, output_size
from course.exercises.exercise import Array, Call, Exercise

i, p, r, R = sp.symbols("i p r R")


def _size(image: tuple[int, ...], kernel: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(output_size(n, k) for n, k in zip(image, kernel, strict=True))


def _merge(v: Array, w: Array) -> Array:
    return np.convolve(v, w)


def _kernels() -> Iterator[Call]:
    rng = np.random.default_rng(2)
    for v, w in [(2, 3), (3, 2), (1, 4), (4, 4)]:
        yield (rng.integers(1, 10, v), rng.integers(1, 10, w)), {}


EXERCISES = {
    "2.1": Exercise(
        answer=lambda: [1, 0, 1],
        wrong={"with equal entries only the middle of dx is right; each end is off by 3·dy[1]":
                   lambda: [1, 1, 1],
               "now the ends of dx agree, but dx[1] is off by 3·(dy[2] - dy[0])":
                   lambda: [1, 0, 0],
               "dx[1] is off by 3·(dy[2] - dy[0]), so the two should be equal, not opposite":
                   lambda: [1, 0, -1]},
        hints=("Write down dx[0] and dx[1] with the taps 1, 2, 4, and then with 4, 2, 1.",
               "With the flip, dx[0] = 1·dy[1] + 2·dy[0]; without it, dx[0] = 4·dy[1] + 2·dy[0]."),
        why="The two results differ by 3·dy[1] at the ends and by 3·(dy[2] - dy[0]) in the "
            "middle, and the padding has cut off the rest."),
    "2.2": Exercise(
        answer=lambda: (3 * 3 - 1) // 2,
        wrong={"nothing ties the taps together here; each tap must be minus the one that rot180 "
               "puts in its position": lambda: 3 * 3,
               "the centre tap is its own partner, and only 0 equals minus itself": lambda: 5,
               "the centre tap must be 0, but the other eight come in pairs": lambda: 8,
               "this kernel changes sign when only its rows or only its columns are reversed; "
               "it is enough that its rot180 does": lambda: 3},
        hints=("Take a dy with a single 1: dx is then a copy of the kernel, surrounded by zeros.",
               "w[r,s] = -w[2-r,2-s]. What does this say about w[1,1]?"),
        why="The kernel is minus its own rot180: four pairs of opposite taps and a 0 in the "
            "centre."),
    "2.3": Exercise(
        answer=lambda: conv1d([3, 1, 4], [100, 1], padding="full")[::-1],
        wrong={"this is x ⋆ w; exchanging the two arrays reverses the result":
                   lambda: conv1d([3, 1, 4], [100, 1], padding="full"),
               "this is the true convolution": lambda: np.convolve([3, 1, 4], [100, 1])},
        hints=("x ⋆ w is easy to read off. If x slides over w instead, which overlap comes first?",
               "x ⋆ w is 3, 301, 104, 400."),
        why="Read x ⋆ w backward. There is no valid version: three entries do not fit inside two."),
    "2.4": Exercise(
        answer=lambda: ((2 + 1) * (3 + 1), min(_size((5, 7), (2, 3))),
                        np.prod(_size((5, 7), (2, 3)))),
        wrong={"a sum from 0 to S has S + 1 terms": lambda: (6, 4, 20),
               "y[c, c] names only the outputs whose two indices are equal":
                   lambda: (12, 20, 20),
               "S counts the rows of the kernel in this formula, and T the columns":
                   lambda: (12, min(_size((5, 7), (3, 2))), np.prod(_size((5, 7), (3, 2)))),
               "these are the pixels of the image; the output has fewer entries":
                   lambda: (12, 5, 35)},
        hints=("Count the products of one output, and then the outputs.",
               "The output is 4 by 5, and its diagonal has 4 entries."),
        why="It should be y[r, c], with sums that end at S - 1 and T - 1."),
    "2.5": Exercise(
        answer=lambda: (p + R - 1 - r, i - R + 1 + r),
        wrong={"these are the indices of cross-correlation, i = p + r": lambda: (p + r, i - r),
               "the index of x is right; for dy, solve i = p + (R - 1 - r) for p":
                   lambda: (p + R - 1 - r, i - r),
               "the R - 1 is missing: with r = 0 and R = 2, output p reads x[p + 1], not x[p]":
                   lambda: (p - r, i + r)},
        hints=("Each row of the table is a triple (p, r, i) with i = p + (R - 1 - r).",
               "In dw the index i has to be replaced, in dx the index p.",
               "p = i - (R - 1 - r)."),
        why="In dx the index of dy rises with r, so the sum contains no flip. In dw the index of x "
            "falls as r rises, which only reverses the order in which dw is stored."),
    "2.6": Exercise(
        answer=lambda: _merge, cases=_kernels,
        wrong={"this is v ⋆ w, which reads one of the two kernels backward":
                   lambda: lambda v, w: np.convolve(v, w[::-1]),
               "this is w ⋆ v, which reads one of the two kernels backward":
                   lambda: lambda v, w: np.convolve(v[::-1], w),
               "the kernel is right but reversed": lambda: lambda v, w: np.convolve(v, w)[::-1],
               "this keeps complete overlaps only; together, the two layers read windows of "
               "len(v) + len(w) - 1 inputs": lambda: lambda v, w: np.convolve(v, w, "valid")},
        hints=("Write y[p] as a double sum over the taps s of v and r of w. Which input does each "
               "term read?",
               "It reads x[p + r + s], so collect the products with r + s = t into u[t]."),
        why="Even for layers that cross-correlate, kernels combine by true convolution: their "
            "tap indices have a fixed sum."),
}
