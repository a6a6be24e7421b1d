"""Questions of chapter 6: one layer, a sigmoid and a squared loss, from end to end."""

import numpy as np

from convlib import conv2d, conv2d_backward, sigmoid, sigmoid_backward, squared_error_backward
from course.questions.question import question

X = np.array([[1, 2, 0], [0, 1, 3], [2, 1, -1]])
W = np.array([[0.5, -1], [1, 0.25]])
T = np.array([[1, 0], [0.5, 1]])
Y = conv2d(X, W)
DA = squared_error_backward(sigmoid(Y), T)
DY = sigmoid_backward(DA, Y)
DX = conv2d_backward(DY, X, W).dx

QUESTIONS = {
    "Q6.1": question(
        "The activation a[1,1] is 0.148 and should be 1. What sign does dy[1,1] have?",
        options=["negative", "zero", "positive"], answer="negative",
        wrong={"y is too small here, but dy says what raising y does to the loss": "positive",
               "dy is zero only where changing y does not change the loss": "zero"},
        why="Raising y[1,1] brings a[1,1] closer to its target, so the loss falls."),
    "Q6.2": question(
        "How many paths lead from w[0,0] to L (even if their product is 0)?", paths=Y.size,
        wrong={"this counts only the path through y[0,0], but every output uses the tap": 1,
               "this counts the paths of all four taps together": Y.size * W.size},
        hint="Which outputs use this tap?",
        why="One path leads through each output, since all outputs share the kernel."),
    "Q6.3": question(
        "dy[0,0] = -0.2691 and w = [[0.5, -1], [1, 0.25]]. "
        "What is dx[0,0], to three decimals?", dx00=float(DX[0, 0]), tolerance=5e-3,
        wrong={"this uses w[1,1], but x[0,0] is multiplied by w[0,0]": float(DY[0, 0] * W[1, 1]),
               "this starts from da[0,0], which has not passed through the sigmoid yet":
                   float(DA[0, 0] * W[0, 0])},
        hint="Only one output uses x[0,0]. Which tap multiplies it there?",
        why="Only y[0,0] uses the corner, and it multiplies it by w[0,0]."),
    "Q6.4": question(
        "You reduce eps from 0.1 to 0.01. By what factor does the error shrink?", factor=100,
        tolerance=0.05,
        wrong={"this would be right for an error proportional to eps itself": 10},
        hint="The terms in eps squared cancel. Which power is the first that does not, and what "
        "is left of it after the division by 2 eps?",
        why="The error is proportional to the square of eps."),
    "Q6.5": question(
        "The tap w[0,0] starts at 0.5, and the first step raises it. Where is it after 200 steps?",
        options=["far above 0.5", "close to 0.5", "far below 0.5"], answer="close to 0.5",
        wrong={"its gradient stays negative only for the first two steps": "far above 0.5",
               "later steps do lower it again, but the gradients soon become small":
                   "far below 0.5"},
        why="After two steps its gradient changes sign, because the other taps have moved too."),
    "Q6.6": question(
        "With lr = 20, what is the loss after 200 steps?",
        options=["larger than at the start, and still growing", "jumping up and down",
                 "almost constant, far from 0", "nearly 0"],
        answer="almost constant, far from 0",
        wrong={"each activation differs from its target by less than 1, so the loss stays below 4":
                   "larger than at the start, and still growing",
               "this happens at rates from 3 to 15, but here the first step goes further":
                   "jumping up and down",
               "so long a first step takes the outputs to where the sigmoid is flat": "nearly 0"},
        why="The sigmoid keeps the loss below 4, but it also lets the gradient vanish."),
    "Q6.7": question(
        "The forward pass divides y by 4, but the backward pass does not. What is wrong with dw?",
        options=["nothing", "it is 4 times too small", "it is 4 times too large",
                 "it points in the wrong direction"],
        answer="it is 4 times too large",
        wrong={"every path lacks a factor, so the sum cannot be right": "nothing",
               "a missing factor of one quarter makes the gradient larger":
                   "it is 4 times too small",
               "each entry lacks the same factor, so the direction stays":
                   "it points in the wrong direction"},
        why="Each of the four paths lacks its factor of one quarter."),
}
