"""Questions of chapter 11: stride, padding, dilation, groups, transposed convolution."""

import numpy as np

from convlib import conv1d_backward, kernel_map
from course.questions.question import question

X, W, DY = np.arange(1, 7), np.array([100, 10, 1]), np.array([1, 2])


def _reads(stride: int = 2) -> list[int]:
    """How many windows of three taps read each of nine inputs."""
    read = kernel_map((9,), (3,), stride=stride).inp[0]
    counts: list[int] = np.bincount(read, minlength=9).tolist()
    return counts


ROW = np.array(_reads())[2:4]  # how often rows 2 and 3 are read, and columns 2 and 3

QUESTIONS = {
    "Q11.1": question(
        "With x = [1, …, 6], w = [100, 10, 1], stride 2 and dy = [1, 2], what is dx?",
        dx=conv1d_backward(DY, X, W, stride=2).dx,
        hint="The second stamp, 200, 20, 2, starts where the second window started.",
        wrong={"you moved the second stamp by one position instead of two":
                   conv1d_backward(np.array([1, 2, 0, 0]), X, W).dx,
               "you reversed the stamps; a stamp has the order of w":
                   conv1d_backward(DY, X, W[::-1], stride=2).dx,
               "at x[2] you replaced the 1 of the first stamp; add the 200 to it":
                   [100, 10, 200, 20, 2, 0],
               "you left out dy[1] = 2; it multiplies the whole second stamp":
                   conv1d_backward(np.array([1, 1]), X, W, stride=2).dx},
        why="x[2] is read twice, x[5] not at all, and the others once."),
    "Q11.2": question(
        "A layer has nine inputs, three taps and stride 2. How many windows read each input?",
        reads=_reads(), hint="The windows start at 0, 2, 4 and 6.",
        wrong={"you counted the windows of stride 1": _reads(1),
               "you counted the windows of stride 3, which do not overlap": _reads(3),
               "neighbouring windows share one input, and you counted it once": [1] * 9,
               "an input at an end is read by one window only": [2, 1, 2, 1, 2, 1, 2, 1, 2]},
        why="Inside, an input with an even index is under tap 2 of one window and tap 0 of the "
            "next, and one with an odd index is under tap 1."),
    "Q11.3": question(
        "A layer has nine inputs, three taps and stride 4. Which inputs are never read?",
        options=["x[3] and x[7]", "x[3], x[7] and x[8]", "x[8]", "none"],
        answer="x[3], x[7] and x[8]",
        wrong={"a third window would start at x[8], but it does not fit": "x[3] and x[7]",
               "the windows start at 0 and 4, and x[3] and x[7] are not in them": "x[8]",
               "the windows start at 0 and 4, and each reads only three inputs": "none"},
        hint="Write down what the windows that start at 0 and 4 read. Does one at 8 fit?",
        why="The two windows read the inputs 0 to 2 and 4 to 6."),
    "Q11.4": question(
        "The layer has 3 × 3 taps and no padding. In the interior of a large image, what is the "
        "block of dx in rows 2 and 3 and columns 2 and 3?",
        block=np.outer(ROW, ROW), hint="Row 2 is read by two rows of windows, row 3 by one.",
        wrong={"you added the counts of row and column, but each row of windows crosses each "
               "column of windows, so they multiply": np.add.outer(ROW, ROW),
               "you counted with stride 1": [[9, 9], [9, 9]],
               "you counted along one axis only": np.outer(ROW, [1, 1]),
               "you exchanged even and odd; an even index is read twice":
                   np.outer(ROW[::-1], ROW[::-1])},
        why="The counts of row and column are multiplied: 2·2, 2·1, 1·2 and 1·1."),
    "Q11.5": question(
        "With padding 1, still three taps and stride 2, which of the six inputs are never read?",
        options=["x[5]", "x[4] and x[5]", "none"], answer="none",
        wrong={"with the zero on the left, the windows start one input earlier, and there is room "
               "for a third one": "x[5]",
               "there is room for a third window now; it starts at x[3]": "x[4] and x[5]"},
        hint="The windows start at the first zero, at x[1] and at x[3].",
        why="The three windows cover seven of the eight positions; the last one is a zero."),
    "Q11.6": question(
        "With padding 1, the result loses one entry at each end. Which entry is now the "
        "last one for output_padding = 1?",
        options=["0", "3", "30"], answer="3",
        wrong={"that is the new entry without padding; which one did the padding cut off?": "0",
               "that is the last entry for output_padding = 0; now one more follows": "30"},
        hint="Which entry does the padding cut off at the right end?",
        why="The entry of the last stamp that was cut off comes back."),
    "Q11.7": question(
        "A layer has C = 6 channels, K = 4 filters, 3 × 5 taps and groups = 2. What is the shape "
        "of w?",
        w_shape=[4, 6 // 2, 3, 5], hint="(filters, depth of a filter, rows, columns)",
        wrong={"you gave each filter all six channels": [4, 6, 3, 5],
               "you counted the filters of one group only": [2, 3, 3, 5],
               "you exchanged filters and channels": [3, 4, 3, 5],
               "you divided the filters instead of the channels": [2, 6, 3, 5]},
        why="All four filters are stored, and each has a slice for the three channels it reads."),
}
