"""Stride, padding and dilation as a caller may write them, checked and spread over the axes."""

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from functools import wraps
from inspect import signature
from itertools import islice
from operator import index
from typing import Any, ParamSpec, SupportsIndex, TypeVar

PADDING_MODES = {"reflect", "replicate", "circular", "symmetric", "edge", "wrap", "constant"}
P = ParamSpec("P")
T = TypeVar("T")
Ints = SupportsIndex | Iterable[SupportsIndex]
Padding = str | SupportsIndex | Iterable[SupportsIndex | Iterable[SupportsIndex]]
MAX_ENTRIES = 32  # no array has more axes; an iterator may have no end
# What other libraries call what there is here, and what to do where there is nothing.
ELSEWHERE = {
    "input": "x", "inputs": "x", "weight": "w", "weights": "w", "filters": "w", "kernel": "w",
    "bias": "b", "strides": "stride", "dilation_rate": "dilation", "pad": "padding",
    "pool_size": "kernel_size", "in_features": "inputs", "out_features": "outputs",
}
NOT_OFFERED = {
    "padding_mode": 'padding is zeros; for another kind write np.pad(x, ..., mode="reflect") '
                    "before the call, and padding=0",
    "ceil_mode": "a window that does not fit is left out; for one place more pad x at its end, "
                 "with -np.inf for the largest cell and 0 for the mean",
    "count_include_pad": "only avg_pool2d takes it; in a convolution padding counts as zeros, and "
                         "it never is the largest cell",
    "return_indices": "max_pool2d_backward finds the winners again",
    "divisor_override": "multiply the mean by the size of the window and divide by your number",
    "dilation": "windows of pooling have no gaps",
    "data_format": "channels come before the axes that slide: np.moveaxis(x, -1, 1)",
    "dim": "it works along the last axes: move yours there with np.moveaxis",
    "axis": "it works along the last axes: move yours there with np.moveaxis",
    "reduction": "squared_error is a sum, softmax_cross_entropy a mean over the batch; multiply "
                 "it by what you need",
    "label_smoothing": "the target may hold probabilities: smooth them before the call",
    "ignore_index": "leave these images out before the call: scores[target != index]",
    "inplace": "the result is a new array, and x stays as it was",
    "dtype": "it is that of the arrays: x.astype(...), or set_weights for a layer",
    "device": "NumPy computes on the processor",
}


def in_words(function: Callable[P, T]) -> Callable[P, T]:
    """The function; for a call that does not fit its signature, the error says what to write.

    If another library has the option under a different name, or convlib lacks it, it says so.
    """
    parameters = signature(function).parameters.values()
    names = [p.name for p in parameters if p.name != "self"]
    by_name = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]
    in_order = names[:len(names) - len(by_name)]
    most = len(parameters) - len(by_name)
    name = function.__qualname__.removesuffix(".__init__")

    @wraps(function)
    def call(*args: P.args, **options: P.kwargs) -> T:
        try:
            return function(*args, **options)
        except TypeError:
            expect_options(name, options, names)
            if in_order and len(args) > most:
                rest = f"options by name: write {by_name[0]}=..." if by_name else "nothing else"
                raise TypeError(
                    f"{name} takes {', '.join(in_order)} in this order, and {rest}") from None
            raise

    return call


def expect_options(name: str, options: Iterable[str], names: Sequence[str]) -> None:
    """Refuse an option that a function does not take.

    Raises
    ------
    TypeError
        Naming the option, and what to write instead.
    """
    for unknown in options:
        if unknown not in names:
            raise TypeError(f"{name} takes no {unknown}: {_cure(unknown, names)}") from None


def _cure(unknown: str, names: Sequence[str]) -> str:
    """What to write instead of an option that there is not."""
    here = ELSEWHERE.get(unknown)
    if here in names:
        return f"it is called {here} here" + (", and may be left out" if here == "b" else "")
    if unknown in NOT_OFFERED:
        return NOT_OFFERED[unknown]
    alike = get_close_matches(unknown, names, 1)
    return f"did you mean {alike[0]}?" if alike else f"it takes {', '.join(names) or 'nothing'}"


def shown(value: Any) -> str:
    """The value as an error message shows it: in full if that is short."""
    try:
        text = repr(value)
    except Exception:  # whatever a stranger's repr does; integers of 4,300 digits refuse, too
        text = f"a value of type {type(value).__name__}"
    return text if len(text) <= 80 else f"{text[:77]}..."


def integers(name: str, value: Any, least: int = 0) -> tuple[int, ...]:
    """A shape as a tuple of ints, each checked by `integer`."""
    entries = _entries(value)
    if entries is None:
        raise TypeError(f"{name} must be a sequence of ints, such as ({shown(value)},), "
                        f"not {shown(value)}")
    if len(entries) > MAX_ENTRIES:
        raise ValueError(f"{name} must have at most {MAX_ENTRIES} entries, one per axis")
    return tuple(integer(name, n, least) for n in entries)


def integer(name: str, value: Any, least: int = 1) -> int:
    """`value` as an int.

    Raises
    ------
    TypeError
        If it is not an integer; a bool does not count as one.
    ValueError
        If it is below `least`, or does not fit in 64 bits.
    """
    try:
        number = None if isinstance(value, bool) else index(value)
    except TypeError:
        number = None
    if number is None:
        raise TypeError(f"{name} must be an integer, not {shown(value)}")
    if number < least:
        raise ValueError(f"{name} must be at least {least}, not {shown(number)}")
    if number >= 2**63:
        raise ValueError(f"{name} must be below 2**63, not {shown(number)}")
    return number


def per_axis(name: str, value: Ints, nd: int, least: int = 1) -> tuple[int, ...]:
    """An int, or one int an axis, as a tuple of `nd` ints, each checked by `integer`."""
    entries = _entries(value)
    if entries is None:
        return (integer(name, value, least),) * nd
    values = tuple(integer(name, v, least) for v in entries)
    if len(values) != nd:
        raise ValueError(f"{name} must be an int or {nd} ints, one per axis, not {shown(value)}")
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
                         f"one per axis, or a word, not {shown(padding)}")
    pairs = (per_axis("padding", entry, 2, least=0) for entry in entries)
    return [(before, after) for before, after in pairs]


def _entries(value: Any) -> tuple[Any, ...] | None:
    """The entries of a sequence, a few too many if it has no end; None for a number, 0-d too."""
    try:
        return tuple(islice(value, MAX_ENTRIES + 1))
    except TypeError:
        return None


def _padding_word(word: str, span: int, stride: int) -> tuple[int, int]:
    """(before, after) on one axis."""
    if word == "valid":
        return 0, 0
    if word == "full":
        return span - 1, span - 1
    if word in PADDING_MODES:
        raise ValueError(f"padding={word!r}: {NOT_OFFERED['padding_mode']}")
    if word != "same":
        raise ValueError(f"padding must be 'valid', 'same' or 'full', not {shown(word)}")
    if stride > 1:
        raise ValueError(f"padding='same' needs stride 1, not {stride}")
    return (span - 1) // 2, span // 2  # an even span leaves one odd cell: it goes after
