"""Stride, padding and dilation as a caller may write them, checked and spread over the axes."""

from collections.abc import Iterable, Sequence
from operator import index
from typing import Any, SupportsIndex

Ints = SupportsIndex | Iterable[SupportsIndex]
Padding = str | SupportsIndex | Iterable[SupportsIndex | Iterable[SupportsIndex]]


def integer(name: str, value: Any, least: int = 1) -> int:
    """`value` as an int.

    Raises
    ------
    TypeError
        If it is no integer; a bool is none.
    ValueError
        If it is below `least`.
    """
    try:
        number = None if isinstance(value, bool) else index(value)
    except TypeError:
        number = None
    if number is None:
        raise TypeError(f"{name} must be an integer, not {value!r}")
    if number < least:
        raise ValueError(f"{name} must be at least {least}, not {number}")
    return number


def per_axis(name: str, value: Ints, nd: int, least: int = 1) -> tuple[int, ...]:
    """An int, or one int an axis, as a tuple of `nd` ints, each checked by `integer`."""
    entries = _entries(value)
    if entries is None:
        return (integer(name, value, least),) * nd
    values = tuple(integer(name, v, least) for v in entries)
    if len(values) != nd:
        raise ValueError(f"{name} must be an int or {nd} ints, one an axis, not {value!r}")
    return values


def read_padding(padding: Padding, spans: Sequence[int],
                 strides: Sequence[int]) -> list[tuple[int, int]]:
    """Any form of padding as one (before, after) pair an axis.

    Parameters
    ----------
    padding : int, ints, pairs or word
        An int; one int or one pair an axis; on one axis a pair of ints is (before, after);
        or "valid", "same", "full".
    spans, strides : one int an axis
        What the words depend on: cells from the first tap to the last, and the step.
    """
    nd = len(spans)
    if isinstance(padding, str):
        return [_padding_word(padding, span, s) for span, s in zip(spans, strides, strict=True)]
    entries = _entries(padding)
    if entries is None:
        width = integer("padding", padding, 0)
        return [(width, width)] * nd
    if nd == 1 and len(entries) == 2 and all(_entries(e) is None for e in entries):
        entries = (entries,)
    if len(entries) != nd:
        raise ValueError(f"padding must be an int, {nd} ints or {nd} (before, after) pairs, "
                         f"one an axis, or a word, not {padding!r}")
    pairs = (per_axis("padding", entry, 2, least=0) for entry in entries)
    return [(before, after) for before, after in pairs]


def _entries(value: Any) -> tuple[Any, ...] | None:
    """The entries of a sequence; None for a number, a 0-d array too."""
    try:
        return tuple(value)
    except TypeError:
        return None


def _padding_word(word: str, span: int, stride: int) -> tuple[int, int]:
    """(before, after) on one axis."""
    if word == "valid":
        return 0, 0
    if word == "full":
        return span - 1, span - 1
    if word != "same":
        raise ValueError(f"padding must be 'valid', 'same' or 'full', not {word!r}")
    if stride > 1:
        raise ValueError(f"padding='same' needs stride 1, not {stride}")
    return (span - 1) // 2, span // 2  # an even span leaves one odd cell: it goes after
