"""A Jacobian or one of the two matrices, its entries named and its rows and columns marked."""

import numpy as np
import sympy as sp
from matplotlib.patches import Rectangle

from figures import style
from figures.grids import board


def draw_matrix(entries, rows, columns, *, mark_row=None, mark_column=None, name=""):
    """A matrix of numbers or letters between the names of its rows and columns: a new figure.

    Zeros are drawn as dots. A marked row is framed in the colour of y, a marked column in purple.
    """
    entries = np.atleast_2d(np.asarray(entries, dtype=object))
    tall, wide = entries.shape
    sheet = board(wide * 1.25 + 3.4, tall + 2.2)
    at = (2.2, 1.7)
    for m, n in np.ndindex(entries.shape):
        centre = at[0] + 1.25 * (n + 0.5), at[1] + m + 0.5
        in_row, in_column = m == mark_row, n == mark_column
        zero = entries[m, n] == 0
        hue = style.purple if in_column else style.green if in_row else style.muted
        shade = 0.3 if (in_row or in_column) and not zero else 0.1 if in_row or in_column else 0
        corner = at[0] + 1.25 * n, at[1] + m
        sheet.ax.add_patch(_cell(corner, hue, shade))
        sheet.text(*centre, "·" if zero else _write(entries[m, n]),
                   color=style.muted if zero else style.ink,
                   fontweight="bold" if shade == 0.3 else "normal")
    for n, label in enumerate(columns):
        sheet.text(at[0] + 1.25 * (n + 0.5), at[1] - 0.45, label, size=0.8,
                   color=style.purple if n == mark_column else style.muted)
    for m, label in enumerate(rows):
        sheet.text(at[0] - 0.25, at[1] + m + 0.5, label, size=0.8, ha="right",
                   color=style.green if m == mark_row else style.muted)
    sheet.text(at[0] + wide * 0.625, 0.55, name, fontweight="bold")


def _cell(corner, hue, shade):
    return Rectangle(corner, 1.25, 1, facecolor=style.tint(hue, shade), lw=2 if shade else 0.7,
                     edgecolor=hue if shade else style.faint, zorder=2 if shade else 1)


def _write(entry):
    letters = isinstance(entry, sp.Basic) and entry.free_symbols
    return f"${sp.latex(entry)}$" if letters else str(entry)
