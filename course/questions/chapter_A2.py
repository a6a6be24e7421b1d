"""Questions of appendix A2: what did the users see?"""

from course.gallery import passed_by, reports
from course.questions.question import question

PASSED = len(passed_by("square_and_plain").numbers)
HAPPENED = sum(report.happened for report in reports())

QUESTIONS = {
    "QA2.1": question(
        "A 6 × 6 image of ones, a 3 × 3 kernel, stride 2, padding 1, every entry of dy 1. "
        "How many rows of the image does the first row of taps meet, over all windows? "
        "And the last row of taps?", first=2, last=3,
        wrong={"the last window ends at row 5, which is still in the image":
                   {"first": 2, "last": 2},
               "the first window begins in the padding": {"first": 3, "last": 3}},
        hint="The windows begin at rows -1, 1 and 3.",
        why="Window 2 covers rows 3, 4 and 5, so the padding below is never read."),
    "QA2.2": question(
        f"Of these reports, {HAPPENED} concern mistakes that were actually made. A check compares "
        "every entry, but only on a square image with a square kernel, one channel and no "
        "options. How many of the mistakes does it miss?",
        options=["hardly any", "about a third", "about three quarters"],
        answer="about three quarters",
        wrong={"it can notice only what a plain square layer has": "hardly any",
               "most reports need an option, a second channel or unequal sides": "about a third"},
        why=f"It misses {PASSED} of {HAPPENED}."),
    "QA2.3": question(
        "A user tests that col2im(im2col(x)) gives x back. In col2im, they change += to =, and "
        "the test passes. Which line was right?",
        options=["+=", "="], answer="+=",
        wrong={"a cell that several windows read must receive from each of them": "="},
        why="The transpose of im2col is not its inverse: cells come back once for each window."),
}
