"""Questions of chapter 0: one layer in one dimension."""

import numpy as np

from convlib import conv1d, conv1d_backward
from course.questions.question import question

x, w, dy = np.array([1, 2, 3, 5]), np.array([10, 1]), np.array([2, 4, 7])
L = int(dy @ conv1d(x, w))
dw = conv1d_backward(dy, x, w).dw

QUESTIONS = {
    "Q0.1": question(
        "x becomes [1, 3, 3, 5]. Compute y again, then the loss. What is L now?",
        L=int(dy @ conv1d([1, 3, 3, 5], w)),
        wrong={"only y[0] changes": int(L + dy[0] * w[1]),
               "only y[1] changes": int(L + dy[1] * w[0]),
               "each output rises by 1, whatever the weight": int(L + dy[0] + dy[1])},
        hint="Two outputs change, and not by the same amount."),
    "Q0.2": question(
        "Follow the paths from the other three inputs as well. What are the four entries of dx?",
        dx=conv1d_backward(dy, x, w).dx,
        wrong={"you add upstream gradients without multiplying them by the weights":
                   np.convolve(dy, [1, 1]),
               "the two weights change places, so that y[0] uses x[0] with the weight w[1]":
                   np.convolve(dy, w[::-1])},
        hint="Only y[0] uses x[0], and the weight there is w[0]."),
    "Q0.3": question(
        "w[0] goes from 10 to 11. What is L now?", L=int(L + dw[0]),
        wrong={"only y[0] uses w[0]": int(L + dy[0] * x[0]),
               "only y[0] and y[1] use w[0]": int(L + dy[:2] @ x[:2]),
               "you give the change in L instead of L": int(dw[0])},
        hint="The kernel slides. How many outputs use w[0]?",
        why="All three outputs use w[0], so all three rise."),
}
