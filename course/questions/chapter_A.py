"""Questions of appendix A: what does a check catch?"""

from course.questions.question import question

QUESTIONS = {
    "QA.1": question(
        "You forgot the flip in dx. There is no padding, and you compare the mean of your dx with "
        "the mean of the right one. What do you find?",
        options=["they are equal", "they are close", "they differ clearly"],
        answer="they are equal",
        wrong={"the sums contain the same products, so no digit differs": "they are close",
               "the mistake moves products elsewhere, but loses none": "they differ clearly"},
        hint="Which products are lost, and which are new?",
        why="Each entry of dy still meets each tap once. Only the products' positions change."),
    "QA.2": question(
        "The kernel is not flipped in dx. Which of these checks catches it?",
        options=["comparing the shapes", "training a network: the loss falls",
                 "a symmetric kernel, every entry compared",
                 "a square image and kernel, every entry compared"],
        answer="a square image and kernel, every entry compared",
        wrong={"the flip changes no shape": "comparing the shapes",
               "the layer's own weights still get the right gradient":
                   "training a network: the loss falls",
               "a symmetric kernel looks the same flipped":
                   "a symmetric kernel, every entry compared"},
        why="On a square, height and width can be exchanged unnoticed, but not the taps."),
    "QA.3": question(
        "The leftover inputs of a stride are missing from dx. Which of these checks misses it?",
        options=["comparing the shapes", "a 5 × 5 image and a 3 × 3 kernel, default options",
                 "finite differences, with a stride of 3 and two leftover inputs"],
        answer="a 5 × 5 image and a 3 × 3 kernel, default options",
        wrong={"dx is too short, so its shape is wrong": "comparing the shapes",
               "the two inputs have the finite difference 0, and dx has no entries for them":
                   "finite differences, with a stride of 3 and two leftover inputs"},
        why="By default the stride is 1, and nothing is left over."),
    "QA.4": question(
        "The backward pass of a ReLU returns the slope, 0 or 1, and forgets to multiply it by dy. "
        "Which of these checks misses it?",
        options=["dy all ones", "finite differences", "the mean of the gradient"],
        answer="dy all ones",
        wrong={"the entries of dy differ in finite differences": "finite differences",
               "the entries of dy are not 1 on average": "the mean of the gradient"},
        why="With dy all ones, the slope and the slope times dy are the same."),
    "QA.5": question(
        "A backward pass returns only zeros. You put a dense layer after it and train both. "
        "Does the loss fall?",
        options=["yes", "no"], answer="yes",
        wrong={"the dense layer has right gradients, and learns": "no"},
        why="The layers after it learn, and do its work as far as they can."),
}
