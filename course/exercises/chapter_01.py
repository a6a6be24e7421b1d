"""Exercises of chapter 1: one dimension."""

import numpy as np

from convlib import conv1d, kernel_map
from convlib.symbolic import gradient, i, jacobian, r, symbols
from course.exercises.exercise import Array, Exercise

X, POWERS, DY = np.array([1, 2, 3, 5]), np.array([100, 10, 1]), np.array([2, 4, 7])
X5, W3, DY5 = symbols("x", 5), symbols("w", 3), symbols("dy", 5)


def _dw(dy: Array) -> Array:
    return kernel_map((4,), (2,)).grad_w(dy, X)


def _dx(w: Array) -> Array:
    return kernel_map((5,), (3,)).grad_x(DY, w)


def _tapwise(dy: Array, x: Array) -> Array:
    return kernel_map(x.shape, (len(x) - len(dy) + 1,)).grad_w(dy, x)


def _same_entry_each_time(dy: Array, x: Array) -> Array:
    return np.array([dy.sum() * x[r] for r in range(len(x) - len(dy) + 1)])


def _stamped(dy: Array, w: Array) -> Array:
    return kernel_map((len(dy) + len(w) - 1,), w.shape).grad_x(dy, w)


def _last_stamp_wins(dy: Array, w: Array) -> Array:
    dx = np.zeros(len(dy) + len(w) - 1, dy.dtype)
    for start in range(len(dy)):
        dx[start : start + len(w)] = dy[start] * w
    return dx


def _padded_dx(w: Array) -> Array:
    """The five entries of dx for one zero at each end, in symbols."""
    return gradient((DY5 * conv1d(X5, w, padding=1)).sum(), X5)


def _wrapped_dx() -> Array:
    """What a program gets that reads dy[-1], the last entry, for the missing one."""
    wrapped = _padded_dx(W3)
    wrapped[0] += DY5[-1] * W3[2]
    return wrapped


def _with_a_sixth_entry() -> Array:
    longer = _padded_dx(W3)
    longer[4] += symbols("dy", 6)[5] * W3[0]
    return longer


EXERCISES = {
    "1.1": Exercise(
        answer=lambda: _dw(POWERS),
        wrong={"you ran through dy backward, but nothing in dw is flipped":
                   lambda: _dw(POWERS[::-1])},
        hints=("For dw[0], multiply x[0], x[1], x[2] by dy[0], dy[1], dy[2], in this order.",
               "dw[0] is 1·100 + 2·10 + 3·1; for dw[1], start one entry further along x."),
        why="The entries of x appear in their own order, so nothing is flipped."),
    "1.2": Exercise(
        answer=lambda: _dx(POWERS)[2],
        wrong={"you did not flip the kernel; dy[2] should be multiplied by the first tap":
                   lambda: _dx(POWERS[::-1])[2],
               "this is dx[1]; entries are counted from 0": lambda: _dx(POWERS)[1],
               "this is dx[3]; entries are counted from 0": lambda: _dx(POWERS)[3]},
        hints=("List the rows of the table. In which three of them is p + r = 2?",
               "100·7 + 10·4 + 1·2."),
        why="The entries of dy appear in reverse order, because r goes down as p goes up."),
    "1.3": Exercise(
        answer=lambda: jacobian(conv1d(X5, W3), X5),
        wrong={"you flipped the kernel, but along a row of the Jacobian the taps come in order":
                   lambda: jacobian(conv1d(X5, W3[::-1]), X5),
               "this is the transpose; rows are outputs and columns are inputs":
                   lambda: jacobian(conv1d(X5, W3), X5).T},
        hints=("There are three rows and five columns; the first row is w0, w1, w2, 0, 0.",
               "Each row is the one above it, moved one column to the right."),
        why="The taps come in order along each row, and in reverse order down the middle column."),
    "1.4": Exercise(
        answer=lambda: _tapwise,
        wrong={"you run through dy backward, but nothing in dw is flipped":
                   lambda: lambda dy, x: np.convolve(x, dy, "valid"),
               "the last tap is missing; there are len(x) - len(dy) + 1 taps":
                   lambda: lambda dy, x: conv1d(x, dy)[:-1],
               "every output uses tap r, but each with another entry of x, which is x[p + r]":
                   lambda: _same_entry_each_time,
               "without padding, dy only slides over positions inside x":
                   lambda: lambda dy, x: conv1d(x, dy, padding=len(dy) - 1)},
        cases=lambda: [((np.array([2, 4, 7]), np.array([1, 2, 3, 5])), {}),
                       ((np.array([1, -2, 6]), np.array([3, -1, 4, 1, 5, 9])), {}),
                       ((np.array([5, 3]), np.array([6, 2, 8])), {})],
        hints=("If x has len(x) entries and there are len(dy) outputs, how long is the kernel?",
               "There are len(x) - len(dy) + 1 taps; dw[r] adds dy[p] * x[p + r] over p."),
        why="By (1.4), dw slides dy along x, and nothing is reversed."),
    "1.5": Exercise(
        answer=lambda: _stamped,
        wrong={"your stamps are reversed; each one keeps the order of the kernel":
                   lambda: lambda dy, w: _stamped(dy, w[::-1]),
               "where two stamps overlap you keep only the later one; add them with +=":
                   lambda: _last_stamp_wins,
               "dx is too short; the last stamp begins at position len(dy) - 1":
                   lambda: lambda dy, w: _stamped(dy, w)[:len(dy)]},
        cases=lambda: [((np.array([2, 4, 7]), np.array([10, 1])), {}),
                       ((np.array([1, -2, 6, 3]), np.array([2, 7, -3])), {}),
                       ((np.array([5]), np.array([4, 0, 1])), {})],
        hints=("The last stamp begins at len(dy) - 1 and has len(w) entries: how long is dx?",
               "For each p: dx[p : p + len(w)] += dy[p] * w."),
        why="A stamp keeps the kernel's order; only the sum for an entry of dx reverses it."),
    "1.6": Exercise(
        answer=lambda: np.array([4, 7, 4]),
        wrong={"reversed, this kernel is 7, 7, 4, so flipping changes dx":
                   lambda: np.array([4, 7, 7]),
               "reversed, this kernel begins with -4, so flipping changes dx":
                   lambda: np.array([4, 7, -4])},
        hints=("Compare the kernel with its mirror image.", "The last tap equals the first."),
        why="A kernel that equals its mirror image is not changed by flipping."),
    "1.7": Exercise(
        answer=lambda: (i - r, 2),
        wrong={"that is the classmate's index; solve i = p + r for p": lambda: (i + r, 2),
               "r - i is what you get if you solve r = p + i; the rows have i = p + r":
                   lambda: (r - i, 2),
               "the index is right, but with a single tap both formulas use dy[i]":
                   lambda: (i - r, 1),
               "the index is right, but two taps are enough: for r = 1, the formulas use dy[i-1] "
               "and dy[i+1]": lambda: (i - r, 3)},
        hints=("Each row of the table obeys i = p + r. Which p belongs to given i and r?",
               "The index is i - r. For one tap, r is always 0: does the wrong one differ there?"),
        why="With two taps, dw[1] multiplies x[i] by dy[i-1], but the classmate's by dy[i+1]."),
    "1.8": Exercise(
        answer=lambda: _padded_dx(W3),
        wrong={"the kernel is not flipped here; hold i fixed and let p go up":
                   lambda: _padded_dx(W3[::-1]),
               "you used i = p + r; the zero on the left moves every input by one":
                   lambda: np.convolve(DY5, W3)[:5],
               "a missing entry counts as 0; there is no dy[-1], although Python takes the "
               "last entry": _wrapped_dx,
               "dx[4] would need dy[5], but there are only five outputs; a missing entry "
               "counts as 0": _with_a_sixth_entry},
        hints=("With one zero on the left, output p meets x[p + r - 1] under tap r.",
               "p = i + 1 - r, so dx[i] = w0·dy[i+1] + w1·dy[i] + w2·dy[i-1].",
               "dx[0] has no dy[-1], and dx[4] has no dy[5]: leave these terms out."),
        why="By (1.7), dy gets 3 - 1 - 1 = 1 zero at each end for the flipped kernel."),
}
