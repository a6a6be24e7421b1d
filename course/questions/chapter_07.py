"""Questions of chapter 7: convolution is a matrix."""

import numpy as np

from convlib import conv1d, conv2d, conv2d_backward, filter_matrix, image_matrix
from course.questions.question import question

X = np.add.outer(10 * np.arange(1, 7), np.arange(1, 7))
SMALL = np.array([[1, 2, 0, -1], [3, 1, -2, 2], [0, 4, 1, 5]])
W = np.array([[1, -1, 2], [0, 3, -2]])
OUT = conv2d(SMALL, W)
BACK = conv2d_backward(OUT, SMALL, W).dx  # the transpose of M_w, times y
COLUMN = [tap for tap in filter_matrix(W, SMALL.shape)[:, 6].tolist() if tap]
WAVE = np.array([1, -1, 1, -1])
RING = conv1d(np.append(WAVE, WAVE[0]), [10, 1])

QUESTIONS = {
    "Q7.1": question(
        "The first row of M_x is the window of y[0,0]. What is its fourth entry?",
        entry=X[1, 0],
        wrong={"this pixel is not in the window, which has only three columns": X[0, 3],
               "this reads the window column by column; we write it row by row": X[0, 1]},
        hint="The first row of the window is 11, 12, 13. Which pixel comes next?",
        why="After 11, 12, 13, the window's second row begins with 21."),
    "Q7.2": question(
        "The column of w[0,0] is the 4 × 4 block of x that starts at 11. "
        "With which pixel does the column of w[2,1] start?",
        pixel=X[2, 1],
        wrong={"this exchanges row and column": X[1, 2],
               "this counts the tap's row and column from 1": X[1, 0],
               "this is where the column of w[0,0] starts": X[0, 0]},
        hint="Which pixel does w[2,1] multiply in y[0,0], when the kernel is at the top left?",
        why="In y[0,0], the tap w[2,1] is over x[2,1], and from there it moves with the window."),
    "Q7.3": question(
        "Column 6 of M_w belongs to x[1,2]. Which four numbers does it contain, from the row of "
        "y[0,0] to that of y[1,1]?",
        column=COLUMN,
        wrong={"this is the stored order; which tap is over x[1,2] in y[0,0]?": COLUMN[::-1],
               "these are pixels; the entries of M_w are taps": SMALL[:2, 1:3].ravel(),
               "in y[0,1] the window starts one column further right, so the tap is one column "
               "further left": np.array(COLUMN)[[0, 2, 1, 3]]},
        hint="y[0,0] reads x[1,2] with its last tap, w[1,2] = -2.",
        why="The four outputs use w[1,2], w[1,1], w[0,2] and w[0,1], so the kernel runs backward."),
    "Q7.4": question(
        "How many entries does M_x have for a 32 × 32 image and a 5 × 5 kernel?",
        entries=image_matrix(np.zeros((32, 32)), (5, 5)).size,
        wrong={"this is the number of pixels": 32 * 32,
               "this is the number of rows; how long is a row?": 28 * 28,
               "the window does not fit in 32 × 32 positions": 32 * 32 * 25,
               "this is the size of M_w": 28 * 28 * 32 * 32},
        hint="There is a row for each of the 28 × 28 outputs, and a column for each tap.",
        why="784 rows times 25 columns."),
    "Q7.5": question(
        "Take y = conv2d(x4, w4), reshape M_w.T @ vec(y) to the shape of x, and look at the entry "
        "[0,3]. In x it is -1. What is it now? (Remember that y[0,1] is -10.)",
        entry=BACK[0, 3],
        wrong={"this is the pixel itself, but the transpose does not undo the layer": SMALL[0, 3],
               "this is y[0,1]; the tap that reads x[0,3] multiplies it": OUT[0, 1],
               "the transpose multiplies by the tap; you divided by it": OUT[0, 1] // W[0, 2]},
        hint="Only y[0,1] reads x[0,3]. With which tap?",
        why="Only y[0,1] reads x[0,3], with the tap w[0,2] = 2, so the entry is 2·(-10)."),
    "Q7.6": question(
        "Place x = 1, -1, 1, -1 on this ring. What is y?",
        y=RING,
        wrong={"on the ring, y[3] also reads x[0]": np.append(RING[:3], 10 * WAVE[3]),
               "here the two taps are exchanged": -RING},
        hint="y[0] = 10·1 + 1·(-1), and the window of y[3] contains x[3] and x[0].",
        why="Each output is 9 times the input in its position."),
}
