"""Questions of chapter 5: the input's gradient."""

import numpy as np
from numpy.typing import ArrayLike

from convlib import conv2d_backward, kernel_map
from course.questions.question import question

X, W = np.arange(1, 10).reshape(3, 3), np.array([[1000, 100], [10, 1]])
DY = np.array([[1, 2], [3, 4]])
THREE = np.array([[1, 2], [3, 0]])  # what the first three stamps are scaled by


def _middle(dy: ArrayLike, w: ArrayLike) -> int:
    """dx[1,1] for a kernel as `conv2d_backward` takes it."""
    return int(conv2d_backward(dy, X, w).dx[1, 1])


def _wrapped(i: int, j: int) -> int:
    """dx[i,j] if dy[-1] is read from the other end, and what is beyond the last output is not."""
    return int(sum(DY[i - r, j - s] * W[r, s] for r, s in np.ndindex(W.shape)
                   if i - r < 2 and j - s < 2))


def _met(tap: tuple[int, int]) -> str:
    """The entry of dy that a tap of a 2 × 3 kernel multiplies in the sum for dx[1,2]."""
    (out,) = (row.out for row in kernel_map((4, 5), (2, 3)).rows()
              if row.inp == (1, 2) and row.tap == tap)
    return "dy[{},{}]".format(*out)


OF_THE_PIXEL = [row.out for row in kernel_map((4, 5), (2, 3)).rows() if row.inp == (2, 2)]

QUESTIONS = {
    "Q5.1": question(
        "Which number is dx[1,1]? Predict it before you run the next cell.",
        dx=_middle(DY, W), hint="Which tap is over x[1,1] when the window starts at (0,0)? "
        "And when it starts at (1,1)?",
        wrong={"the kernel is not flipped": _middle(DY, np.flip(W)),
               "the kernel is flipped in its columns only": _middle(DY, W[::-1]),
               "the kernel is flipped in its rows only": _middle(DY, W[:, ::-1]),
               "the kernel is transposed, which is not a flip": _middle(DY, np.flip(W).T)},
        why="The first output meets the pixel with its last tap."),
    "Q5.2": question(
        "With w = [[1000, 100], [10, 1]], the first two stamps leave 21 at dx[1,1]. What will it "
        "be once the third, from dy[1,0] = 3, has been added?",
        value=_middle(THREE, W), hint="Its corner is at dx[1,0], so which tap is at dx[1,1]?",
        wrong={"these stamps are rotated by 180 degrees": _middle(THREE, np.flip(W)),
               "this stamp replaces what the others left there": 3 * int(W[0, 1]),
               "all four stamps are added": _middle(DY, W)},
        why="It held 21, and the tap w[0,1] of the third stamp adds 3·100."),
    "Q5.3": question(
        "A 2 × 3 kernel slides over a 4 × 5 input. Which entry of dy does the tap w[0,2] multiply "
        "in the sum for dx[1,2]?",
        options=["dy[0,0]", "dy[0,2]", "dy[1,0]", "dy[1,2]"], answer=_met((0, 2)),
        hint="Where must the window start for w[0,2] to be over x[1,2]?",
        wrong={"the kernel is not flipped": _met((1, 0)),
               "the kernel is flipped in its columns only": _met((1, 2)),
               "the kernel is flipped in its rows only": _met((0, 0))},
        why="The window that starts at (1,0) has w[0,2] over x[1,2]."),
    "Q5.4": question(
        "A 2 × 3 kernel slides over a 4 × 5 input. In reading order, which are the first and the "
        "last output that use x[2,2]? Enter the row and column of each of these two outputs.",
        first=list(OF_THE_PIXEL[0]), last=list(OF_THE_PIXEL[-1]),
        hint="The kernel has 2 rows and 3 columns. How far up and how far to the left of x[2,2] "
        "can its window start?",
        wrong={"these are the outputs around the pixel, but (p, q) is the corner of the window, "
               "not its centre": {"first": [1, 1], "last": [3, 3]},
               "a window that starts below or to the right of the pixel does not contain it":
                   {"first": [2, 2], "last": [3, 4]},
               "rows and columns of the kernel are exchanged": {"first": [0, 1], "last": [2, 2]}},
        why="The window can start up to one row above and two columns to the left."),
    "Q5.5": question(
        "The loop runs without an error. What does it give for looped[0,0]?",
        value=_wrapped(0, 0), hint="In Python, dy[-1] is an entry of dy. Which one?",
        wrong={"this is the right dx[0,0], but dy[-1] does not count as zero here":
                   int(conv2d_backward(DY, X, W).dx[0, 0]),
               "this is dx[1,1]; for dx[0,0], dy[0,0] is multiplied by w[0,0]": _middle(DY, W),
               "this reads dy[0] instead of dy[-1], but dy[-1] is the last row":
                   int(DY[0, 0] * W.sum())},
        why="dy[-1] is the last row, so all four entries of dy take part."),
    "Q5.6": question(
        "Take R = 3 taps and the first pixel, i = 0. Which integers p satisfy the condition, "
        "whether or not there is an output p? Enter them in increasing order.",
        p=[-2, -1, 0], hint="The condition says 0 <= -p <= 2.",
        wrong={"the signs are missing: the condition is about i - p": [0, 1, 2],
               "these are not in increasing order": [0, -1, -2]},
        why="Only p = 0 is an output; the other two do not exist."),
}
