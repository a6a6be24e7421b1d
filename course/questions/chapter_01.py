"""Questions of chapter 1: the table of products in one dimension."""

from convlib import output_size
from course.questions.question import question

QUESTIONS = {
    "Q1.1": question(
        "Which entry of x is multiplied by tap r when the kernel starts at position p?",
        options=["i = p - r", "i = p + r", "i = r - p"], answer="i = p + r",
        wrong={"you count to the left, but tap 1 is to the right of tap 0": "i = p - r"},
        why="Start at p and go r entries to the right."),
    "Q1.2": question(
        "Two rows of the table contain x[1]. From the first of them to the second, p goes up by "
        "one. What does r do?",
        options=["it goes up by one", "it goes down by one", "it stays the same"],
        answer="it goes down by one",
        why="The sum p + r has to stay 1, so what p gains, r loses."),
    "Q1.3": question(
        "Five inputs, one zero at each end, two taps. How many outputs?",
        outputs=output_size(5, 2, padding=1),
        wrong={"the two zeros are left out": output_size(5, 2),
               "the kernel may start at the last of the seven entries": 7},
        hint="Count the positions where the kernel can start among seven entries."),
    "Q1.4": question(
        "What is the last of these outputs?", answer="w[0]·x[4]",
        options=["w[0]·x[4] + w[1]·x[5]", "w[0]·x[4]", "w[1]·x[4]"],
        wrong={"the pattern simply goes on, but x ends with x[4]": "w[0]·x[4] + w[1]·x[5]",
               "w[0] is over the zero, but that is so for the first output only": "w[1]·x[4]"},
        why="The zero on the right is under w[1]."),
}
