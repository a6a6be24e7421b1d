"""Questions of chapter 12: making it fast."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.costs.cost_formulas import PRODUCTS, sizes
from course.questions.question import question

ROW, TAPS = np.array([1, 2, 3, 5]), np.array([10, 1])


def _circle(sign: int) -> NDArray[Any]:
    """Tap r meets the cell r further on, or further back, on a ring of four."""
    return np.sum([tap * np.roll(ROW, -sign * r) for r, tap in enumerate(TAPS)], axis=0)


def _overtakes(channels: int) -> int:
    """The first odd kernel size with which the FFT takes fewer products than the table has rows."""
    layers = {R: sizes((channels, 96, 96), (channels, channels, R, R)) for R in range(3, 33, 2)}
    return min(R for R, z in layers.items() if PRODUCTS["fft"](z) < z.rows)


QUESTIONS = {
    "Q12.1": question(
        "Additions and subtractions are free; only multiplications of two unknown numbers (digits, "
        "or sums of digits) count, and four are enough. What is the smallest number of them that "
        "gives all three entries of the result, here 1, 5 and 6, whatever the digits?",
        options=["three", "two", "one"], answer="three",
        wrong={"you saved one too many: combinations of two products cannot give three independent "
               "results": "two",
               "one product is a single number, but the result has three independent coefficients":
                   "one"},
        hint="The result has three coefficients.",
        why="One product for each coefficient of the result."),
    "Q12.2": question(
        "dy has two coefficients and w has three. If additions are free and w is prepared in "
        "advance, what is the smallest number of multiplications that gives all of dx = dy * w?",
        options=["six", "five", "four", "three"], answer="four",
        wrong={"you counted the rows of the table, but values at points need fewer products":
                   "six",
               "you added up the coefficients of dy and w, but dx has one less": "five",
               "three points were enough for three coefficients, but dx has more": "three"},
        hint="How many coefficients does dx have?",
        why="dx has four coefficients, so its values at four points determine it."),
    "Q12.3": question(
        "So which four numbers do you get if you multiply the two spectra of length 4 and "
        "transform back?",
        numbers=_circle(-1),
        hint="The coefficient of the fourth power of z is 5. Where does it go?",
        wrong={"you computed a cross-correlation; a product of polynomials is a true convolution":
                   _circle(1),
               "you dropped the last coefficient instead of adding it to the first":
                   np.convolve(ROW, TAPS)[:4]},
        why="The 5 is added to the first coefficient: 10 + 5 = 15."),
    "Q12.4": question(
        "An image of 3 × 5 pixels is stored row by row, at the addresses 0 to 14. The 2 × 3 window "
        "of y[1,1] is at 6, 7, 8, 11, 12, 13. At which addresses is the window of y[1,2]?",
        addresses=[7, 8, 9, 12, 13, 14], hint="Every address grows by the same amount.",
        wrong={"you moved the window down instead": [11, 12, 13, 16, 17, 18],
               "you moved it by its whole width": [9, 10, 11, 14, 15, 16]},
        why="Each address grew by 1, as it does from one tap to the next."),
    "Q12.5": question(
        "im2col copies each pixel up to nine times here; windows copies nothing and computes "
        "the same products. Which takes less time?",
        options=["windows", "both about the same", "im2col"], answer="im2col",
        wrong={"you counted the copies only, but what counts is what happens to the products":
                   "windows",
               "you counted the products only, but not every product takes the same time":
                   "both about the same"},
        hint="What kind of product does each method leave to the machine?",
        why="One large matrix product repays the copying many times."),
    "Q12.6": question(
        "With one channel, what is the smallest odd kernel size for which the FFT takes fewer "
        "products than the table has rows?",
        taps=_overtakes(1),
        hint="By the formula above, the FFT takes about 42 products for each of 96 · 96 pixels.",
        wrong={"you found the size for four channels": _overtakes(4)},
        why="7 · 7 = 49 is the first odd square above 42; the smaller number of outputs hardly "
            "matters."),
    "Q12.7": question(
        "Most windows do not contain the hot pixel. "
        "Which method makes large errors in their outputs?",
        options=["none", "im2col", "the FFT", "both"], answer="the FFT",
        wrong={"you trusted the formulas, but the FFT first mixes all pixels": "none",
               "you thought of sums of products, but im2col sums only over its own window":
                   "im2col",
               "im2col never adds the hot pixel to an output whose window does not contain it":
                   "both"},
        hint="Which method mixes all pixels of the picture?",
        why="Each entry of a spectrum is a sum over all pixels."),
}
