"""Questions of appendix B: which sizes expose a slip?"""

from course.questions.question import question

QUESTIONS = {
    "QB.1": question(
        "In document 001, an image has U rows and V columns, and a kernel S rows and T columns. "
        "It writes V - T + 1 for the number of columns of the output, and for its number of rows "
        "as well. Which of these layers exposes the slip?",
        options=["a 4 × 4 image, a 2 × 2 kernel", "a 5 × 6 image, a 2 × 3 kernel",
                 "a 6 × 6 image, a 2 × 3 kernel"],
        answer="a 6 × 6 image, a 2 × 3 kernel",
        wrong={"its output is square, so rows and columns agree": "a 4 × 4 image, a 2 × 2 kernel",
               "image and kernel are not square, but the output is":
                   "a 5 × 6 image, a 2 × 3 kernel"},
        hint="Count the rows and the columns of each output.",
        why="Its output has 5 rows and 4 columns. The outputs of the other two are square."),
}
