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
        why="Forgetting the flip moves products, but changes none."),
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
        "The backward pass of a convolutional layer returns only zeros. You put a dense layer on "
        "top and train both. Does the loss fall?",
        options=["yes", "no"], answer="yes",
        wrong={"the dense layer has right gradients, and learns": "no"},
        why="The layers after it learn, and do its work as far as they can."),
}
