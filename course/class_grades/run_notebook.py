"""Inside the sandbox: run one notebook, and write down what each `check` is given.

    python -m course.class_grades.run_notebook SECONDS CELL_SECONDS MEGABYTES NOTEBOOK

Every line of the output is one record in JSON. What the notebook prints goes nowhere. No answer is
judged here: whoever could change this process would change only what they hand in.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from course.class_grades.plain import to_plain
from course.exercises.differences import FAILURES
from course.exercises.equivalence import read_once
from course.exercises.exercise import Exercise

FILE_BYTES = 16 * 2**20


class OutOfTimeError(BaseException):
    """A cell that takes too long; no `except Exception` of the cell catches it."""


def answered(exercise: Exercise, answer: Any) -> dict[str, Any]:
    """An answer as data: its value, or what a function returns or raises in each case."""
    if exercise.cases is None or not callable(answer):
        return _attempt(lambda: answer)
    results = []
    for args, options in exercise.cases():
        copies = [arg.copy() if isinstance(arg, np.ndarray) else arg for arg in args]
        results.append(_attempt(lambda copies=copies, options=options:  # type: ignore[misc]
                                answer(*copies, **options)))
        if "raised" in results[-1]:
            break
    return {"called": results}


def _attempt(value: Callable[[], Any]) -> dict[str, Any]:
    try:
        return {"value": to_plain(read_once(value()))}
    except FAILURES as error:
        return {"raised": [type(error).__name__, str(error)[:200]]}


def record_checks(say: Callable[[dict[str, Any]], None]) -> None:
    """Let `check` write down instead of judge, wherever a notebook imports it from."""
    import course
    import course.exercises

    def check(number: str | float, answer: Any, *, solution: bool = False) -> None:
        asked = course.exercises.exercise(number)
        if solution:
            return
        given = answer is not ... and answer is not None
        say({"number": str(number).strip(), **(answered(asked, answer) if given else {})})

    course.check = course.exercises.check = check


def run(cells: list[dict[str, Any]], seconds: int, say: Callable[[dict[str, Any]], None]) -> None:
    """Run the code cells in order, also after one that fails; the book's solutions are left out."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    count = 0
    for cell in cells:
        if cell.get("cell_type") != "code":
            continue
        count += 1
        if "solution" in cell.get("metadata", {}).get("tags", []):
            continue
        failed = None
        try:
            _alarm(seconds)
            done = shell.run_cell("".join(cell.get("source", [])), silent=True)
            failed = done.error_before_exec or done.error_in_exec
        except OutOfTimeError as error:
            failed = error
        finally:
            _alarm(0)
        if failed:
            out_of_time = isinstance(failed, OutOfTimeError)
            say({"cell": count, "why": f"took more than {seconds} s" if out_of_time
                 else f"raised {type(failed).__name__}"})
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")
    say({"end": True})


def _alarm(seconds: int) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds, 1)


def limit(seconds: int, megabytes: int) -> None:
    """Bound what this process may take, where the system knows such limits."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in (("AS", megabytes * 2**20), ("CPU", seconds), ("FSIZE", FILE_BYTES),
                       ("CORE", 0)):
        resource.setrlimit(getattr(resource, f"RLIMIT_{kind}"), (most, most))


def _too_long(*_: Any) -> None:
    raise OutOfTimeError


def main() -> None:
    """Give the records the output that the notebook shall not have, and run it."""
    seconds, cell_seconds, megabytes = map(int, sys.argv[1:4])
    records = os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in 0, 1, 2:
        os.dup2(nowhere, standard)
    limit(seconds, megabytes)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, _too_long)

    def say(record: dict[str, Any]) -> None:
        os.write(records, json.dumps(record).encode() + b"\n")

    try:
        cells = json.loads(Path(sys.argv[4]).read_text(encoding="utf-8"))["cells"]
    except (ValueError, LookupError, TypeError, OSError, RecursionError):
        return say({"cell": 0, "why": "is no notebook"})
    record_checks(say)
    sys.argv[1:] = []
    return run(cells, cell_seconds, say)


if __name__ == "__main__":
    main()
