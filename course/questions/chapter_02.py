"""Questions of chapter 2: true convolution and cross-correlation."""

import numpy as np

from convlib import output_size
from course.questions.question import question

kernel = np.array([[1, 2, 3], [4, 5, 7]])

QUESTIONS = {
    "Q2.1": question(
        "12 × 13 without carrying. What are the three column sums, from left to right?",
        product=np.convolve([1, 2], [1, 3]),
        wrong={"these are the sums from right to left":
                   np.convolve([1, 2], [1, 3])[::-1]},
        hint="Ones: 2·3. Tens: 1·3 + 2·1."),
    "Q2.2": question(
        "A roll of two dice has 36 possible outcomes. How many of them add up to 5?",
        outcomes=int(np.convolve([1] * 6, [1] * 6)[5 - 2]),
        wrong={"1 + 4 and 4 + 1 are counted as one outcome": 2, "a die may show 0": 6},
        hint="If the first die shows 1, what must the second one show? And if it shows 2?"),
    "Q2.3": question(
        "Reverse the kernel [[1, 2, 3], [4, 5, 7]]. What is the new top row?",
        row=np.flip(kernel)[0],
        wrong={"only the columns have changed places; reverse the rows as well": kernel[0, ::-1],
               "only the rows have changed places; reverse the columns as well": kernel[1]},
        hint="Which tap ends up in the top left corner?"),
    "Q2.4": question(
        "x has 4 entries, w has 2. How long is the full result?",
        length=output_size(4, 2, padding="full"),
        wrong={"the kernel stays inside x, which is called valid": output_size(4, 2),
               "the result is as long as x, which is called same":
                   output_size(4, 2, padding="same")},
        hint="In how many positions do the two overlap?"),
    "Q2.5": question(
        "With full padding, is w ⋆ x equal to x ⋆ w?",
        options=["yes", "no, it is reversed", "no, it is shorter"], answer="no, it is reversed",
        why="Both add the same products, but for shifts in opposite directions."),
    "Q2.6": question(
        "With true convolution in the forward pass and the same dy, how does dw compare with the "
        "earlier dw?",
        options=["it is the same", "the same numbers, reversed", "different numbers"],
        answer="the same numbers, reversed",
        why="Tap 0 now reads the inputs that tap 1 used to read, and vice versa."),
    "Q2.7": question(
        "Which check can never detect the missing flip in a layer without padding, whatever w and "
        "dy are?",
        options=["every entry", "the interior", "the mean"], answer="the mean",
        why="The sum of dx is the sum of dy times the sum of w, and reversing w changes neither."),
    "Q2.8": question(
        "Counting starts at 1, and a paper says y[p] = w[1]·x[p+1] + w[2]·x[p+2] for p = 1, 2. "
        "There are three inputs x[1], x[2], x[3]. What is wrong?",
        options=["nothing; it is (2.2) in other symbols",
                 "x[1] is never read, and there is no x[4]",
                 "y[2] should not exist; there is one output"],
        answer="x[1] is never read, and there is no x[4]", why="p + r starts at 2 and ends at 4."),
}
