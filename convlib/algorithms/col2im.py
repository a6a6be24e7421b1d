"""col2im: the columns of w.T @ dy, each added back to the window that it came from.

    dx[i,j] = sum_{r,s} columns[(r,s), (p,q)]

over the taps that meet the cell, each at its own place p, q. What belongs to one tap is an image
of P x Q places. With zeros around it, its row p one width further than row p - 1, a shift never
brings a place to the wrong row. So all that cells gather is one sum over a view, in which each
tap has its own shift (see views.backwards).
"""

from itertools import product

import numpy as np

from convlib.algorithms import pieces, views


def dx(dy, w, axes):
    """Block by block; neighbouring blocks of rows share some rows of dx."""
    result = np.zeros((len(dy), w.shape[0], w.shape[2], *(a.size for a in axes)), dy.dtype)
    row, sheets = w[:, 0].size * (axes[1].out + axes[1].span) * w.itemsize, None
    for images, rows, inp, piece in pieces.blocks(len(dy), axes, row, whole=pieces.LARGE // 4):
        prices = dy[images, :, :, rows]
        if not (sheets and sheets.axes == piece):
            sheets = Sheets(len(prices), w, piece)
        if piece is axes:
            sheets.add_up(prices, result[images])
        else:
            result[images, :, :, inp] += sheets.add_up(
                prices, np.zeros_like(result[images, :, :, inp]))
    return result


class Sheets:
    """For each tap the places of its row of w.T @ dy, with zeros around them."""

    def __init__(self, images, w, axes):
        g, k, c, r, s = w.shape
        self.axes, self.weights = axes, np.ascontiguousarray(w.reshape(g, k, c * r * s).mT)
        self.classes = list(product(*map(views.backwards, axes)))
        above, left, below, right = (
            max([0, *(getattr(pair[axis][2], side) for pair in self.classes)])
            for side in ("before", "after") for axis in (0, 1))
        p, q = (a.out for a in axes)
        self.width = q + max(left, right)  # what is left of a row is the end of the row above
        self.first = above * self.width + left  # where place (0, 0) lies
        self.prices = np.zeros((images, g, k, p, self.width), w.dtype)
        self.sheets = np.zeros((images, g, c, r, s, self.first + (p + below + 1) * self.width),
                               w.dtype)

    def add_up(self, dy, dx):
        """Multiply; then each class of cells gathers by its own taps (see views.backwards)."""
        n, g, k, p, q = dy.shape
        prices, sheets = dy, self.sheets[:n]
        if self.width > q:
            prices = self.prices[:n]
            prices[..., :q] = dy
        places = sheets.reshape(n, g, -1, sheets.shape[-1])[
            ..., self.first : self.first + p * self.width]
        pieces.multiply(self.weights, prices.reshape(n, g, k, -1), places)
        for (i, taps, h), (j, turned, v) in self.classes:
            start = self.first - h.before * self.width - v.before
            found = self.gather(sheets[..., taps, turned, start:], h, v)
            dx[..., i, j] = found[..., : v.out]
        return dx

    def gather(self, sheets, h, v):
        """The sum over taps: one step of a tap is `dilation` rows, or cells, in its sheet."""
        *lead, down, right, cell = sheets.strides
        view = np.lib.stride_tricks.as_strided(
            sheets, (*sheets.shape[:3], h.kernel, v.kernel, h.out * self.width),
            (*lead, down + h.dilation * self.width * cell, right + v.dilation * cell, cell))
        return view.sum(axis=(3, 4)).reshape(*sheets.shape[:3], h.out, self.width)
