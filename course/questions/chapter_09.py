"""Questions of chapter 9: a network that learns."""

import numpy as np

from convlib.activations import relu, relu_backward
from convlib.networks import Conv, Dense, Relu, weights
from course.questions.question import question

Y, DA = np.array([4, 3, -1, -2]), np.array([2, -5, 7, -3])
PARAMETERS = {name: w.size for name, w in
              weights([Conv(1, 16, 3), Relu(), Dense(16 * 8 * 8, 10)]).items()}

QUESTIONS = {
    "Q9.1": question(
        "dy holds the gradients of the loss with respect to the four scores. "
        "What do they add up to?", sum=0,
        hint="Raise all four scores by 1. What happens to the loss?",
        wrong={"that is the sum of the probabilities": 1},
        why="Raising all four scores together changes no probability, so the loss stays the "
            "same, and the sum of dy is the slope in that direction."),
    "Q9.2": question(
        "y = [4, 3, -1, -2] went through a ReLU, and the next layer sends back "
        "da = [2, -5, 7, -3]. What is dy?", dy=relu_backward(DA, Y),
        hint="Which entries of y are positive?",
        wrong={"the sign of y decides, not the sign of da": relu(DA),
               "where y is negative, the output does not depend on it": DA,
               "this is the forward pass, relu(y)": relu(Y)},
        why="The slope is 1 for the first two entries of y, and 0 for the others."),
    "Q9.3": question(
        "How many parameters does this network learn, biases included?",
        parameters=sum(PARAMETERS.values()),
        hint="The first layer has 16·9 + 16.",
        wrong={"you left out the biases": PARAMETERS["w1"] + PARAMETERS["w2"],
               "you left out the filters": PARAMETERS["w2"] + PARAMETERS["b2"],
               "you left out the biases and the filters": PARAMETERS["w2"]},
        why="16·9 + 16 in the filters, and 10·1024 + 10 in the dense layer."),
    "Q9.4": question(
        "A program adds up the losses of 32 images instead of averaging them, and has no penalty. "
        "Compared with (9.12), its gradient is ...",
        options=["the same", "32 times as long", "1/32 as long", "different in direction"],
        answer="32 times as long",
        wrong={"adding multiplies the gradient, and only dividing by N would shorten it":
               "1/32 as long",
               "with a penalty it would be, because the penalty is not multiplied":
               "different in direction"},
        hint="The mean is the sum divided by N.",
        why="So its learning rate must be 32 times smaller, and must change with the batch size. "
            "With a penalty, even the direction would change."),
    "Q9.5": question(
        "Three filters start equal, with equal biases and equal blocks of columns in w2. "
        "After ten steps they are ...",
        options=["different", "still equal", "all zero"], answer="still equal",
        wrong={"every image treats them alike, so what could make them differ?": "different"},
        why="Equal maps, equal gradients, equal steps: nothing tells them apart."),
    "Q9.6": question(
        "There are ten classes. If an untrained network gives each of them about the same "
        "probability, what is its loss, roughly?", loss=np.log(10), tolerance=0.02,
        hint="Minus the logarithm of what?",
        wrong={"that is the fraction of wrong predictions": 0.9, "that is the probability": 0.1,
               "take the natural logarithm": 1},
        why="Minus the natural logarithm of 1/10 is 2.30."),
    "Q9.7": question(
        "The filters stay random, and only the dense layer is trained. "
        "What percentage of the test digits does the network classify correctly?",
        options=["about 10%", "about 50%", "about 80%", "about 97%"], answer="about 97%",
        wrong={"that would be guessing, but the dense layer still learns": "about 10%"},
        hint="How many numbers does the dense layer receive, and could random patterns respond "
             "to strokes?",
        why="The dense layer receives 1,024 numbers, and it learns to make good use of them, "
            "although nobody chose the filters."),
}
