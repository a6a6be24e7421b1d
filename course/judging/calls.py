"""One call of the function under trial: what it is given, and what it makes of it."""

import io
import traceback
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.judging.child import innermost
from course.judging.interface import Interface
from course.judging.layers import Case, Layer
from course.judging.layouts import Layout
from course.judging.returned import ReturnedError, plain, to_numpy
from course.judging.sandbox import SHOWN, Outcome

Array = NDArray[Any]


@dataclass(frozen=True)
class Answer:
    """What came of one call.

    Attributes
    ----------
    parts : object
        What it returned, of arrays of NumPy; None if it raised.
    raised : str
        The exception in words.
    line : str
        The line of the function that raised it.
    changed : tuple of str
        The arguments that it has written to.
    no_option : bool
        Whether it does not know an option by this name.
    """

    parts: Any = None
    raised: str = ""
    line: str = ""
    changed: tuple[str, ...] = ()
    no_option: bool = False


@dataclass(frozen=True)
class Trial:
    """A function, and how it is to be called."""

    function: Callable[..., Any]
    layer: Layer
    interface: Interface
    layout: Layout
    array: Callable[[Array], Any]

    def values(self, case: Case) -> dict[str, Any]:
        """Whatever a parameter may be, in this case."""
        turned = {name: self.layout.turn(name, array) for name, array in case.arrays.items()}
        values: dict[str, Any] = {name: self.array(array.copy()) for name, array in turned.items()}
        if "w" in case.arrays:
            w = case.arrays["w"]
            values["b"] = self.array(np.zeros(w.shape[:1] if w.ndim > 2 else ()))
        return values | self.sizes(case)

    def sizes(self, case: Case) -> dict[str, Any]:
        """What a parameter may be that is no array."""
        sizes: dict[str, Any] = {f"{name}_shape": self.layout.turn(name, case.arrays[name]).shape
                                 for name in ("x", "w") if name in case.arrays}
        if "kernel_size" in case.options:
            sizes["kernel_size"] = one_number(case.options["kernel_size"])
        return sizes

    def arguments(self, case: Case, values: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """The arguments of the call, by place and by name."""
        options = {name: one_number(value) for name, value in case.options.items()}
        return self.interface.arguments(values, options, self.layer.neutral)

    def call(self, case: Case) -> Answer:
        """Call the function; whatever it does short of ending the process is an Answer."""
        try:
            values = self.values(case)
            args, named = self.arguments(case, values)
        except Exception as error:
            return Answer(raised=f"the arrays could not be made: {error_words(error)}")
        before = {name: self.layout.turn(name, array) for name, array in case.arrays.items()}
        try:
            parts = plain(self.function(*args, **named))
            changed = tuple(name for name, array in before.items()
                            if not np.array_equal(to_numpy(values[name]), array))
            return Answer(parts, changed=changed)
        except ReturnedError as error:
            return Answer(raised=str(error))
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            unknown = isinstance(error, TypeError) and "unexpected keyword" in str(error)
            return Answer(raised=f"it raised {error_words(error)}", no_option=unknown,
                          line=error_line(error))


def one_number(value: Any) -> Any:
    """An option of two equal numbers as one number: every function takes that."""
    return value[0] if isinstance(value, tuple) and len(set(value)) == 1 else value


def error_words(error: BaseException) -> str:
    """An exception in one line."""
    words = " ".join(f"{type(error).__name__}: {error}".split()).removesuffix(":")
    words = words if len(words) <= 300 else f"{words[:297]}..."
    more = " (more memory than megabytes allows)" if isinstance(error, MemoryError) else ""
    return words + more


def error_line(error: BaseException) -> str:
    """The last line of the reader's own code that an exception came through, in words."""
    frames = traceback.extract_tb(error.__traceback__)
    return innermost((frame.filename, frame.lineno or 0) for frame in reversed(frames)).strip()


class _Cut(io.StringIO):
    """Keeps the beginning of what is written."""

    def write(self, text: str) -> int:
        super().write(text[:max(0, SHOWN - self.tell())])
        return len(text)


def run_here(calls: Sequence[Callable[[], Any]]) -> Outcome:
    """The calls in this process, with neither limits nor protection."""
    outcome, output = Outcome(isolated=False), _Cut()
    with redirect_stdout(output), redirect_stderr(output):
        outcome.values = {number: call() for number, call in enumerate(calls)}
    outcome.printed = output.getvalue()
    return outcome
