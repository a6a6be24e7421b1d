"""Calls in a process of their own: what hangs, crashes or floods there is told here."""

import os
import pickle
import re
import select
import signal
import struct
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from course.judging.child import innermost, place_in_child, prepare_in_child, send_in_child

Call = Callable[[], Any]
MAX_OUTPUT = 100_000  # characters; a call that prints more prints without end
SHOWN = 2_000
MAX_STOPS = 3  # calls that were stopped or died, before the others are given up
FRAME = re.compile(r'File "([^"]+)", line (\d+)')


@dataclass
class Outcome:
    """What became of the calls.

    Attributes
    ----------
    values : dict
        number of the call -> what it returned.
    died : dict
        number of the call -> in words, how the process ended in it.
    printed : str
        The beginning of what was printed.
    isolated : bool
        Whether the calls had a process of their own.
    """

    values: dict[int, Any] = field(default_factory=dict)
    died: dict[int, str] = field(default_factory=dict)
    printed: str = ""
    isolated: bool = True


def run_isolated(calls: Sequence[Call], seconds: float, megabytes: int) -> Outcome:
    """Run calls in a forked process, and in a new one after each that dies.

    Parameters
    ----------
    calls : sequence of callable
        Each returns what can be pickled, and raises nothing.
    seconds : float
        For all of them together; one may take a third.
    megabytes : int
        How much memory they may ask for.

    Returns
    -------
    Outcome
        isolated is False, and nothing was called, where processes cannot fork.
    """
    if not hasattr(os, "fork"):
        return Outcome(isolated=False)
    outcome, todo = Outcome(), list(range(len(calls)))
    end = time.monotonic() + seconds
    while todo and len(outcome.died) < MAX_STOPS and time.monotonic() < end:
        try:
            child = _start(calls, todo, seconds, megabytes)
        except OSError:  # in a browser
            return Outcome(isolated=False)
        try:
            todo = _follow(child, todo, outcome, seconds / MAX_STOPS, end)
        finally:
            child.stop()
    return outcome


@dataclass
class _Child:
    pid: int
    results: int
    output: int
    status: int | None = None

    def ended(self) -> int:
        """Its status, after it and all that it started has been ended.

        One that has closed its pipe by ending keeps the status that it had.
        """
        if self.status is None:
            for end in (os.killpg, os.kill):
                try:
                    end(self.pid, signal.SIGKILL)
                except OSError:  # it is gone, or has no group yet
                    continue
            self.status = os.waitpid(self.pid, 0)[1]
        return self.status

    def stop(self) -> None:
        """End it, and close its pipes."""
        self.ended()
        os.close(self.results)
        os.close(self.output)


def _start(calls: Sequence[Call], todo: Sequence[int], seconds: float, megabytes: int) -> _Child:
    results, write_results = os.pipe()
    output, write_output = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # other threads exist in a notebook; the child needs none
        pid = os.fork()
    if pid:
        os.close(write_results)
        os.close(write_output)
        return _Child(pid, results, output)
    _run_in_child(calls, todo, write_results, write_output, seconds, megabytes)


def _run_in_child(calls: Sequence[Call], todo: Sequence[int], results: int, output: int,
                  seconds: float, megabytes: int) -> NoReturn:
    try:
        os.setpgid(0, 0)
        prepare_in_child(output, seconds, megabytes)
        signal.signal(signal.SIGUSR1, lambda number, frame: send_in_child(
            results, ("is in", place_in_child(frame))))
        for number in todo:
            send_in_child(results, ("begins", number))
            returned = calls[number]()
            sys.stdout.flush()
            send_in_child(results, ("returned", returned))
    finally:
        os._exit(0)


def _follow(child: _Child, todo: list[int], outcome: Outcome, one: float, end: float) -> list[int]:
    """Read what a child sends until all is done or it dies; what is still to do."""
    buffer, printed, current, text = b"", 0, None, ""
    deadline, asked = end, False
    while True:
        ready, _, _ = select.select([child.results, child.output], [], [],
                                    max(0.0, min(deadline, end) - time.monotonic()))
        if child.output in ready:
            new = os.read(child.output, 65536).decode(errors="replace")
            text = (text + new)[-5 * SHOWN:]
            printed += len(new)
            outcome.printed += new[:max(0, SHOWN - len(outcome.printed))]
        if child.results in ready:
            data = os.read(child.results, 1 << 20)
            buffer += data
            while len(buffer) >= 8 and len(buffer) - 8 >= (size := struct.unpack(
                    "!Q", buffer[:8])[0]):
                kind, value = pickle.loads(buffer[8:8 + size])
                buffer = buffer[8 + size:]
                if kind == "begins":
                    current, deadline, printed = value, time.monotonic() + one, 0
                elif kind == "is in":
                    outcome.died[todo[0]] = _stopped(one, value)
                    return todo[1:]
                else:
                    outcome.values[current] = value  # type: ignore[index]
                    todo = todo[1:]
            if not todo:
                return todo
            if not data:
                outcome.died[todo[0]] = _last_words(child.ended()) + _crash_line(text)
                outcome.printed = outcome.printed.split("Fatal Python error")[0]
                return todo[1:]
        if printed > MAX_OUTPUT:
            outcome.died[todo[0]] = (f"it printed more than {MAX_OUTPUT:,} characters, and was "
                                     "stopped; look for a print in an endless loop.")
            return todo[1:]
        if not ready and time.monotonic() >= min(deadline, end):
            if time.monotonic() < deadline:  # the time for all of them together is over
                return []
            if asked:  # it is in compiled code, which does not answer
                outcome.died[todo[0]] = _stopped(one, "")
                return todo[1:]
            os.kill(child.pid, signal.SIGUSR1)
            asked, deadline, end = True, deadline + 0.3, end + 0.3


def _stopped(one: float, line: str) -> str:
    return (f"it had not returned after {one:.3g} s, a third of `seconds`, and was stopped. Either "
            f"it loops forever, or it is very slow and needs a larger value of `seconds`.{line}")


def _crash_line(text: str) -> str:
    *_, frames = text.partition("Fatal Python error")
    return innermost((file, int(number)) for file, number in FRAME.findall(frames))


def _last_words(status: int) -> str:
    if not os.WIFSIGNALED(status):
        return f"it ended the Python process with exit code {os.WEXITSTATUS(status)}."
    number = os.WTERMSIG(status)
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = str(number)
    meaning = {"SIGSEGV": ", a segmentation fault: memory was read or written that is not its own",
               "SIGFPE": ", an integer division by zero in compiled code",
               "SIGABRT": ", compiled code gave up",
               "SIGKILL": ", often because memory ran out"}.get(name, "")
    return f"the Python process crashed with {name}{meaning}."
