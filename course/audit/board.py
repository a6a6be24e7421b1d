"""The board on which most claims are checked: symbols for x, w and dy, no two sizes equal.

So no size can stand for another one. Needs SymPy, as every check does.
"""

from functools import cache
from typing import Any

from convlib import conv2d
from convlib.symbolic import gradient, symbols
from course.audit.loops import Array

X, W = symbols("x", (5, 8)), symbols("w", (2, 3))
Y: Any = conv2d(X, W)  # each cell an expression
DY = symbols("dy", Y.shape)
FILTERS = symbols("w", (3, *W.shape))  # three filters for the image X[None]
(H, WIDTH), (R, S), (P, Q) = X.shape, W.shape, Y.shape  # 5 8, 2 3, 4 6


@cache
def symbolic_gradient(name: str) -> Array:
    """dw or dx of the loss sum(dy * y) on the board, with a symbol for every dy."""
    return gradient((DY * Y).sum(), {"w": W, "x": X}[name])
