"""Questions of chapter 4: the gradient of the kernel and of the bias."""

import numpy as np

from course.questions.question import question

x = np.array([[1, 2, 0, -1], [3, 1, -2, 2], [0, 4, 1, 5]])
dy = np.array([[1, 2], [-1, 3]])
y, da = np.array([[6, -10], [8, 0]]), np.array([[1, 2], [-1, 3]])
shares = (dy * x[0:2, 1:3]).ravel().tolist()  # of w[0,1], from each output

QUESTIONS = {
    "Q4.1": question(
        "Each output has its own copy of the kernel, and dy[0,1] = 2. "
        "What is the gradient with respect to the copy that belongs to y[0,1]?",
        gradient=dy[0, 1] * x[0:2, 1:4], hint="Which pixel does each tap multiply in this output?",
        wrong={"the window of y[0,0] is used": dy[0, 1] * x[0:2, 0:3],
               "dy[0,1] is left out": x[0:2, 1:4]},
        why="Raise a weight by one: y[0,1] rises by the value of the pixel under it, and the loss "
            "by twice as much."),
    "Q4.2": question(
        "How do the four gradients combine into the gradient of the shared kernel?",
        options=["we add them", "we average them", "we keep the largest", "we keep the last"],
        answer="we add them",
        wrong={"raising the shared weight by one raises each copy by only a quarter, which gives "
               f"{np.mean(shares)} for w[0,1]": "we average them",
               "only one output uses the kernel, the one with the largest gradient, which gives "
               f"{max(shares)} for w[0,1]": "we keep the largest",
               "only the last output uses the kernel, which gives "
               f"{shares[-1]} for w[0,1]": "we keep the last"},
        why="Raising the shared weight raises all four copies, and the changes in the loss add "
            f"up, for w[0,1] to {sum(shares)}."),
    "Q4.3": question(
        "Which part of x does one tap multiply as the kernel slides?",
        options=["all of x", "a P × Q window", "an R × S window", "one pixel"],
        answer="a P × Q window",
        wrong={"you look at one output and all taps": "an R × S window",
               "the kernel may extend beyond the border": "all of x"},
        why="It multiplies one pixel for each output, and the outputs form a P × Q array."),
    "Q4.4": question(
        "The upstream gradient is 1, 2, -1, 3. What is db?", db=int(dy.sum()),
        hint="If b rises by one, by how much does the loss rise?",
        wrong={"the entries of dy are averaged": float(dy.mean()),
               "only the last output uses b": int(dy[1, 1])},
        why="Each output passes its entry of dy on to b unchanged, and b receives the sum."),
    "Q4.5": question(
        "y = [[6, -10], [8, 0]] goes through ReLU, and da = [[1, 2], [-1, 3]] comes back. "
        "What is dy?",
        dy=da * (y > 0), hint="Where y is not positive, what does raising it a little change?",
        wrong={"ReLU stops what comes back where y is not positive": da,
               "ReLU multiplies da by 1 or 0, not by its own output": da * np.maximum(y, 0),
               "at 0, the derivative counts as 0": da * (y >= 0)},
        why="ReLU passes da on where y is positive, and sends 0 back elsewhere."),
    "Q4.6": question(
        "Suppose that dw is 0.1% too large. Which check detects the error?",
        options=["the defaults of gradcheck", "a step of 1 with a tolerance of 1e-10", "both",
                 "neither"],
        answer="a step of 1 with a tolerance of 1e-10",
        wrong={"the default accepts less than 0.1% of the gradient": "both",
               "a step of 1 makes an error of 0.1%": "neither"},
        why="The default accepts 0.1% and a little more; "
            "the check with the exact slope accepts almost nothing."),
}
