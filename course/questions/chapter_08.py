"""Questions of chapter 8: channels, filters, batches."""

import numpy as np

from convlib import conv2d_backward
from course.exercises.exercise import Array
from course.questions.question import question

X, W, DY = np.array([100, 10, 1]), np.array([[1, 2, 3], [4, 5, 6]]), np.array([1, 10])
SLICES = np.arange(1, 9).reshape(2, 2, 1, 2)  # of two filters with two channels
UPSTREAM = np.array([[[1000, 100]], [[10, 1]]])


def _middle(w: Array = SLICES, dy: Array = UPSTREAM) -> Array:
    """The middle entry of each channel of dx."""
    return conv2d_backward(dy, np.zeros((2, 1, 3), int), w).dx[:, 0, 1]


QUESTIONS = {
    "Q8.1": question(
        "The pixel is x = [100, 10, 1], and the filters are [1, 2, 3] and [4, 5, 6]. "
        "With dy = [1, 10], what is dx?",
        dx=DY @ W, hint="Both filters use channel 0, with the weights 1 and 4.",
        wrong={"you exchanged the entries of dy; the 10 belongs to filter 1": DY[::-1] @ W,
               "you used only filter 0": W[0], "you used only filter 1": 10 * W[1],
               "you left out dy": W.sum(axis=0)},
        why="Each channel is used by both filters, so each entry is a sum of two products."),
    "Q8.2": question(
        "And what is dw? Like w, it has a row for each filter.",
        dw=np.outer(DY, X), hint="The weight w[1,2] multiplies only x[2] = 1, and only for y[1].",
        wrong={"you summed over the channels": np.outer(DY, [111, 111, 111]),
               "you summed over the filters": np.outer([11, 11], X),
               "you left out dy": np.outer([1, 1], X)},
        why="Each weight is used in one product, so there is nothing to add."),
    "Q8.3": question(
        "A layer of four filters reads a colour image, and a second layer, with 10 filters of "
        "3 × 3 taps, reads their maps. What is the shape of the second layer's w?",
        options=["(10, 4, 3, 3)", "(10, 3, 3, 3)", "(4, 10, 3, 3)", "(10, 1, 3, 3)"],
        answer="(10, 4, 3, 3)",
        wrong={"you used the three colours, but the second layer reads four maps": "(10, 3, 3, 3)",
               "you exchanged the axes; the filters come first": "(4, 10, 3, 3)",
               "you used one slice for all maps together": "(10, 1, 3, 3)"},
        hint="How many channels does the second layer see?",
        why="Each filter has a slice for every channel of its input, and there are four."),
    "Q8.4": question(
        "dw[k,c,r,s] is a sum over which indices?", answer="n, p, q",
        options=["n, p, q", "n, c, p, q", "p, q", "c, r, s"],
        wrong={"you summed over the channels, but w has the index c": "n, c, p, q",
               "you left out the images; every image uses the same weights": "p, q",
               "you are computing y, which lacks c, r and s": "c, r, s"},
        hint="Cross k, c, r and s off the seven indices.",
        why="These are the indices of the product that w lacks."),
    "Q8.5": question(
        "dx[n,c,i,j] is a sum over which indices?", answer="k, r, s",
        options=["k, r, s", "k, p, q, r, s", "n, k, r, s", "r, s"],
        wrong={"you let p and q vary freely, but for a given i and r, only p = i - r reads x[i]":
                   "k, p, q, r, s",
               "you summed over the images, but each pixel belongs to one image": "n, k, r, s",
               "you used one filter only": "r, s"},
        hint="Once the pixel and the tap are chosen, how many outputs are left?",
        why="The pixel and the tap determine the output's position, p = i - r and q = j - s. "
            "(A sum over k, p and q, with the tap r = i - p and s = j - q, is the same.)"),
    "Q8.6": question(
        "Filter 0 has the slices [1, 2] and [3, 4], with dy = [1000, 100]; filter 1 has [5, 6] and "
        "[7, 8], with dy = [10, 1]. What are the middle entries of dx[0] and dx[1]?",
        middle=_middle(),
        hint="The middle pixel is under tap 1 for output 0, and under tap 0 for output 1.",
        wrong={"you did not reverse the slices": _middle(SLICES[..., ::-1]),
               "you also reversed the order of the channels": _middle(SLICES[:, ::-1]),
               "you reversed the channels instead of the taps": _middle(SLICES[:, ::-1, :, ::-1]),
               "you exchanged the filters": _middle(SLICES[::-1])},
        why="The digits of each number are the taps of its own channel, filter 0 first."),
    "Q8.7": question(
        "The taps and the bias of filter 1 are set to zero, and dy stays as it is. Which channels "
        "of dx change?",
        options=["channel 1 only", "all channels", "none"], answer="all channels",
        wrong={"you matched filter 1 with channel 1, but every filter has a slice for each channel":
                   "channel 1 only",
               "you thought of dw, in which no taps appear": "none"},
        hint="Which taps are in the sum for dx[n,c]?",
        why="dx[n,c] is a sum over all filters, and each has a slice for channel c."),
}
