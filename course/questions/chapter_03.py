"""Questions of chapter 3: the forward pass in two dimensions."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlib import conv2d, output_size
from course.questions.question import question

x = np.array([[1, 2, 3, 4], [5, 6, 7, 8], [9, 1, 2, 3]])
w = np.array([[1000, 100], [10, 1]])
y = conv2d(x, w)
by_columns = conv2d(x, w.T)  # the window read column by column
sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
flat, step = np.full((3, 3), 40), np.array([[15, 45, 75]] * 3)
filters, maps = (3, 2, 2), (3, 2, 3)  # three of 2 × 2, on 3 × 4 cells


def _responses(kernel: NDArray[np.int64]) -> dict[str, Any]:
    return {"flat": int((flat * kernel).sum()), "step": int((step * kernel).sum())}


QUESTIONS = {
    "Q3.1": question(
        "What is y[0,1], one column to the right of the corner? And y[1,0], one row below it?",
        right=int(y[0, 1]), down=int(y[1, 0]),
        hint="Read the window row by row, as you read this page.",
        wrong={"you read the window column by column":
                   {"right": int(by_columns[0, 1]), "down": int(by_columns[1, 0])}}),
    "Q3.2": question(
        "What is the response to a window in which all pixels are 40? And to one whose three "
        "columns are 15, 45 and 75?", **_responses(sobel),
        hint="Add up each column with its taps, then add the three results.",
        wrong={"the minus signs of the left column are left out": _responses(abs(sobel)),
               "you used -1 and 1 in the middle row as well": _responses(np.sign(sobel))}),
    "Q3.3": question(
        "With padding='same', y has 3 rows and 4 columns. What is its bottom-right output y[2,3]?",
        corner=int(conv2d(x, w, padding="same")[2, 3]),
        hint="Only one cell of its window is a cell of x. Which tap meets it?",
        wrong={"the zeros are added above and on the left": int(y[1, 2]),
               "you put the one cell of x at the bottom right of the window": int(x[2, 3])}),
    "Q3.4": question(
        "H = 8, R = 3, stride = 2. How many windows fit, and how many cells are never read?",
        windows=output_size(8, 3, stride=2),
        unread=len(set(range(8)) - {start + r for start in range(0, 6, 2) for r in range(3)}),
        hint="Write down where the windows start: 0, 2, ...",
        wrong={"the last window reads a cell that does not exist": {"windows": 4, "unread": 0}}),
    "Q3.5": question(
        "With R = 3 and stride = 2, the axis grows from H = 3 to H = 13. P goes up by one ...",
        options=["with every new cell", "with every second cell", "with every third cell"],
        answer="with every second cell",
        why="Each further window needs two new cells. R only decides when the first one fits."),
    "Q3.6": question(
        "This layer has three 2 × 2 filters with biases. How many parameters does it have?",
        parameters=int(np.prod(filters)) + filters[0],
        hint="Does a filter change while it moves over x?",
        wrong={"every cell of the maps has a bias": int(np.prod(filters) + np.prod(maps)),
               "the biases are left out": int(np.prod(filters))}),
    "Q3.7": question(
        "In the vertical-edge map, the right rim of the flower is black. After ReLU, it ...",
        options=["is still black", "has turned white", "has vanished into the grey"],
        answer="has vanished into the grey",
        why="Black is negative, and ReLU replaces negative values by 0, which is grey."),
    "Q3.8": question(
        "How many products go into one output? And in how many positions does the filter fit "
        "along one axis?", products=5 * 5 * 3, positions=output_size(32, 5),
        hint="All channels go into the same sum.",
        wrong={"you count one channel only": {"products": 25, "positions": 28},
               "the filter may stick out of the image": {"products": 75, "positions": 32}}),
}
