"""Sizes and options of the cases: each option alone, in pairs, and all of them together.

No two sizes of a case are alike where that can be, so that no exchange of axes fits.
"""

from typing import Any

Row = tuple[tuple[int, int, int, int], tuple[int, int, int], dict[str, Any]]

CONV: tuple[Row, ...] = (  # x (N, C, H, W), K filters of R x S, options
    ((1, 1, 1, 2), (1, 1, 1), {}),
    ((1, 1, 1, 3), (1, 1, 2), {}),
    ((1, 1, 3, 1), (1, 2, 1), {}),
    ((1, 1, 1, 4), (1, 1, 3), {}),
    ((1, 1, 3, 3), (1, 2, 2), {}),
    ((1, 1, 4, 5), (1, 2, 3), {}),
    ((1, 1, 5, 4), (1, 3, 2), {}),
    ((1, 1, 3, 1), (1, 1, 1), {}),
    ((1, 1, 5, 3), (1, 2, 2), {}),
    ((1, 2, 1, 2), (1, 1, 1), {}),
    ((1, 1, 1, 2), (2, 1, 1), {}),
    ((2, 1, 1, 2), (1, 1, 1), {}),
    ((1, 2, 2, 3), (3, 1, 2), {}),
    ((1, 3, 4, 5), (2, 2, 3), {}),
    ((2, 2, 4, 6), (3, 3, 2), {}),
    # stride: no cell left over, one, and more
    ((1, 1, 1, 3), (1, 1, 1), {"stride": 2}),
    ((1, 1, 1, 4), (1, 1, 2), {"stride": 2}),
    ((1, 1, 1, 4), (1, 1, 1), {"stride": 2}),
    ((1, 1, 3, 5), (1, 2, 3), {"stride": 2}),
    ((1, 1, 4, 6), (1, 1, 2), {"stride": 3}),
    ((1, 1, 5, 6), (1, 3, 2), {"stride": 3}),
    ((1, 2, 8, 7), (2, 1, 3), {"stride": 4}),
    ((1, 1, 7, 3), (1, 2, 3), {"stride": 2}),
    ((2, 2, 6, 7), (3, 3, 2), {"stride": 2}),
    ((1, 1, 5, 7), (1, 2, 3), {"stride": (2, 3)}),
    # padding
    ((1, 1, 1, 2), (1, 1, 1), {"padding": 1}),
    ((1, 1, 2, 3), (1, 2, 2), {"padding": 1}),
    ((2, 2, 3, 4), (3, 3, 2), {"padding": 1}),
    ((1, 1, 3, 4), (1, 2, 3), {"padding": 2}),
    ((1, 2, 5, 3), (2, 2, 3), {"padding": 1}),
    ((1, 2, 3, 4), (1, 2, 3), {"padding": (0, 2)}),
    # dilation
    ((1, 1, 1, 4), (1, 1, 2), {"dilation": 2}),
    ((1, 1, 1, 6), (1, 1, 2), {"dilation": 3}),
    ((1, 2, 5, 6), (3, 2, 3), {"dilation": 2}),
    ((1, 2, 7, 5), (1, 2, 3), {"dilation": 2}),
    ((1, 1, 5, 6), (1, 2, 2), {"dilation": (3, 2)}),
    # groups
    ((1, 2, 1, 2), (2, 1, 1), {"groups": 2}),
    ((1, 4, 1, 3), (4, 1, 2), {"groups": 2}),
    ((2, 6, 3, 4), (6, 2, 3), {"groups": 3}),
    ((1, 3, 3, 4), (3, 2, 2), {"groups": 3}),
    # two at once, and all
    ((1, 1, 4, 6), (1, 2, 3), {"stride": 2, "padding": 1}),
    ((1, 1, 3, 5), (1, 3, 1), {"stride": 2, "padding": 1}),
    ((2, 2, 6, 5), (3, 3, 2), {"stride": 2, "padding": 1}),
    ((1, 1, 4, 4), (1, 3, 3), {"stride": 2, "padding": 1}),
    ((1, 2, 5, 8), (2, 3, 2), {"stride": 3, "padding": 2}),
    ((1, 1, 6, 9), (1, 2, 3), {"stride": 2, "dilation": 3}),
    ((1, 1, 4, 5), (1, 2, 2), {"padding": 1, "dilation": 2}),
    ((1, 4, 4, 5), (4, 2, 3), {"stride": 2, "groups": 2}),
    ((1, 4, 3, 4), (2, 2, 3), {"padding": 1, "groups": 2}),
    ((2, 4, 8, 9), (4, 2, 3), {"stride": 2, "padding": 2, "dilation": 3, "groups": 2}),
    ((2, 4, 8, 9), (4, 2, 3), {"stride": (2, 3), "padding": (2, 1), "dilation": (3, 2),
                              "groups": 2}),
    # a third image: with two of them, half may be a mean or a wrong factor
    ((3, 2, 3, 4), (2, 2, 3), {}),
)

Window = tuple[int, int]
POOL: tuple[tuple[tuple[int, int, int, int], Window, dict[str, Any]], ...] = (
    ((1, 1, 1, 2), (1, 2), {}),
    ((1, 1, 2, 2), (2, 2), {}),
    ((1, 1, 4, 6), (2, 2), {}),
    ((1, 1, 5, 7), (2, 3), {}),
    ((1, 1, 1, 3), (1, 2), {"stride": 1}),
    ((1, 1, 3, 4), (2, 3), {"stride": 1}),
    ((2, 3, 5, 7), (3, 2), {"stride": (2, 1)}),
    ((1, 1, 4, 4), (2, 2), {"stride": 2, "padding": 1}),
    ((2, 2, 5, 6), (3, 3), {"stride": 2, "padding": 1}),
    ((1, 1, 2, 3), (2, 2), {"stride": 1, "padding": 1, "count_include_pad": False}),
    ((2, 2, 5, 6), (3, 2), {"stride": 2, "padding": 1, "count_include_pad": False}),
)
