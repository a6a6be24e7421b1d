"""Document 004, third part: the chain from the loss to one filter, and the blocks of vec(S).

Its l, S_i, F_i, M_X^im are our L, y[k], w[k] and the image matrix. Gradients of vectors are rows.
"""

from typing import Literal

import numpy as np

from convlib import image_matrix, vec
from convlib.symbolic import jacobian, symbols
from course.audit.check import Check, close, refused, same
from course.audit.loops import Array
from course.audit.slides_layer import IMAGE, LAST_W, W
from course.audit.slides_loss import backward, numerical

STACK = symbols("y", (3, 2, 3))  # three maps, 3 wide and 2 high
T = 2 * 3


def block_column(k: int, blocks: int, size: int) -> Array:
    column = np.zeros((blocks, size, size), object)
    column[k] = np.eye(size, dtype=int)
    return column.reshape(blocks * size, size)


def order(stack: Array, axes: tuple[int, ...], into: Literal["C", "F"]) -> bool:
    """Is the transposed stack, read in C or F order, the three vec(S_i) one below another?"""
    return same(stack.transpose(axes).ravel(order=into), np.concatenate([vec(m) for m in stack]))


def three_factors(k: int, through: int | None = None) -> tuple[Array, Array, Array]:
    """dl/dvec(y) (1 x 3t), dvec(y)/dvec(y[k]) (3t x t), dvec(y[k])/dvec(w[k]) (t x 3f^2)."""
    dy, through = backward().y, k if through is None else through
    return (vec(dy)[None], block_column(through, *(len(dy), dy[0].size)).astype(float),
            image_matrix(IMAGE, (1, *W.shape[1:])))


def whole_network(through: int = 0) -> bool:
    """Finite differences of the loss of the network in dw[0], against the product of the three."""
    a, b, c = three_factors(0, through)
    return close(vec(numerical("w", W)[0]), (a @ b @ c)[0])


CHECKS = {
    "004-31": Check(right=whole_network, printed=lambda: whole_network(through=1)),
    "004-32": Check(
        right=lambda: [f.shape for f in three_factors(0)]
        == [(1, LAST_W.shape[1]), (LAST_W.shape[1], 12), (12, W[0].size)],
        printed=lambda: not refused(lambda: np.linalg.multi_dot(three_factors(0)[::-1]))),
    "004-33": Check(  # (channel, row, column) in C order, or (horizontal, vertical, channel) in F
        right=lambda: order(STACK, (0, 1, 2), "C") and order(STACK, (2, 1, 0), "F"),
        printed=lambda: order(STACK, (1, 2, 0), "C")),
    "004-34": Check(
        right=lambda: all(same(jacobian(vec(STACK), STACK[k]).tolist(), block_column(k, 3, T))
                          for k in range(3)),
        printed=lambda: same(jacobian(vec(STACK), STACK[0]).tolist(), block_column(2, 3, T))),
    "004-35": Check(  # t is the product of the two sides
        right=lambda: all(same(jacobian(STACK[j], STACK[k]).tolist(), np.zeros((2 * 3, 2 * 3)))
                          for j in range(3) for k in range(3) if j != k),
        printed=lambda: jacobian(STACK[1], STACK[0]).shape == (2, 3)),
    "004-36": Check(
        right=lambda: jacobian(vec(STACK), STACK[1]).shape == (3 * T, T),
        printed=lambda: jacobian(vec(STACK), STACK[1]).shape == (T, 3 * T)),
}
