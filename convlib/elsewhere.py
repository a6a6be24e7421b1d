"""Options that other libraries have and this one has not, and how to do without them."""

from collections.abc import Mapping
from typing import Any

ELSEWHERE = {  # options of other libraries, and what to do instead
    "ceil_mode": "cells left over at the end are not read; to read them pad x first, with "
                 "np.pad(x, ..., constant_values=-np.inf) for the largest and 0 for the mean",
    "count_include_pad": "padding never wins a window, and avg_pool2d takes the option",
    "divisor_override": "multiply the mean by the size of the window and divide by your number",
    "dilation": "windows of pooling have no gaps",
    "return_indices": "max_pool2d_backward finds the winners again",
    "padding_mode": "padding holds zeros; for other cells pad x first, with "
                    "np.pad(x, ..., mode='reflect')",
    "data_format": "channels come before the axes: np.moveaxis(x, -1, 1)",
    "strides": "here it is called stride",
    "pool_size": "here it is called kernel_size",
    "dtype": "weights are float64; set_weights puts in others",
    "device": "everything is a NumPy array",
}


def expect_options(function: str, others: Mapping[str, Any], *offered: Any) -> None:
    """Refuse an option that a function does not take.

    Raises
    ------
    TypeError
        Naming the option, those that there are, and a way to do without it.
    """
    names = [name for entry in offered for name in ([entry] if isinstance(entry, str) else entry)]
    for name in others:
        if name not in names:
            instead = f"; {ELSEWHERE[name]}" if name in ELSEWHERE else ""
            raise TypeError(f"{function} has no option {name}, only {', '.join(names)}{instead}")
