"""Calls in a process of their own: what hangs, crashes or floods there is told here."""

import builtins
import gc
import os
import pickle
import select
import signal
import struct
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Call = Callable[[], Any]
MAX_OUTPUT = 1_000_000  # characters; more than this is printed without end
SHOWN = 2_000
MAX_STOPS = 3  # calls that were stopped or died, before the others are given up


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
        """The status of a process that has closed its pipe; it has a second to end."""
        for _ in range(100):
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = status
                return status
            time.sleep(0.01)
        return 0

    def stop(self) -> None:
        """End it and all that it started, and forget its pipes."""
        for end in (os.killpg, os.kill):
            try:
                end(self.pid, signal.SIGKILL)
            except OSError:  # it is gone already
                continue
        if self.status is None:
            self.status = os.waitpid(self.pid, 0)[1]
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
    try:
        os.setpgid(0, 0)
        prepare_child(write_output, seconds, megabytes)
        for number in todo:
            send(write_results, ("begins", number))
            send(write_results, ("returned", calls[number]()))
    finally:
        os._exit(0)


def prepare_child(output: int, seconds: float, megabytes: int) -> None:
    """Limits, a standard output that is read, and nothing that reaches the notebook's kernel."""
    import resource

    gc.freeze()  # what the parent owns is not finalized twice
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.stdout = sys.stderr = os.fdopen(1, "w", buffering=1, errors="replace", closefd=False)
    sys.stdin = Path(os.devnull).open()  # noqa: SIM115
    builtins.input = _no_input
    sys.breakpointhook = sys.__breakpointhook__
    for number in (signal.SIGINT, signal.SIGALRM, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.alarm(int(seconds) + 2)  # should the parent be gone
    limits = {"RLIMIT_CORE": 0, "RLIMIT_CPU": int(seconds) + 2}
    if sys.platform == "linux":
        mapped = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        limits["RLIMIT_AS"] = mapped + megabytes * 2**20
    for name, limit in limits.items():
        try:
            resource.setrlimit(getattr(resource, name), (limit, limit))
        except (ValueError, OSError):  # a harder limit holds already
            continue
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)  # its threads stayed in the parent


def _no_input(prompt: object = "") -> str:
    raise EOFError("nobody answers: judge runs the function by itself")


def send(pipe: int, message: Any) -> None:
    """One message with its length before it."""
    data = pickle.dumps(message)
    data = struct.pack("!Q", len(data)) + data
    while data:
        data = data[os.write(pipe, data):]


def _follow(child: _Child, todo: list[int], outcome: Outcome, one: float, end: float) -> list[int]:
    """Read what a child sends until all is done or it dies; what is still to do."""
    buffer, printed, current = b"", 0, None
    deadline = end
    while True:
        ready, _, _ = select.select([child.results, child.output], [], [],
                                    max(0.0, min(deadline, end) - time.monotonic()))
        if child.output in ready:
            text = os.read(child.output, 65536).decode(errors="replace")
            outcome.printed += text[:max(0, SHOWN - len(outcome.printed))]
            printed += len(text)
        if child.results in ready:
            data = os.read(child.results, 1 << 20)
            buffer += data
            while len(buffer) >= 8 and len(buffer) - 8 >= (size := struct.unpack(
                    "!Q", buffer[:8])[0]):
                kind, value = pickle.loads(buffer[8:8 + size])
                buffer = buffer[8 + size:]
                if kind == "begins":
                    current, deadline = value, time.monotonic() + one
                else:
                    outcome.values[current] = value  # type: ignore[index]
                    todo = todo[1:]
            if not todo:
                return todo
            if not data:
                outcome.died[todo[0]] = _last_words(child.ended())
                return todo[1:]
        if printed > MAX_OUTPUT:
            outcome.died[todo[0]] = (f"it printed more than {MAX_OUTPUT:,} characters, and was "
                                     "stopped: is a print in an endless loop?")
            return todo[1:]
        if not ready and time.monotonic() >= min(deadline, end):
            if time.monotonic() >= deadline:
                outcome.died[todo[0]] = (f"it had not returned after {one:.3g} s, and was "
                                         "stopped: an endless loop, or very slow?")
            return todo[1:]


def _last_words(status: int) -> str:
    if not os.WIFSIGNALED(status):
        return f"it ended the Python process with exit code {os.WEXITSTATUS(status)}"
    number = os.WTERMSIG(status)
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = str(number)
    meaning = {"SIGSEGV": ", a segmentation fault: memory was read or written that is not its own",
               "SIGFPE": ", an integer division by zero in compiled code",
               "SIGABRT": ": compiled code gave up",
               "SIGKILL": ": often because memory ran out"}.get(name, "")
    return f"the Python process crashed with {name}{meaning}"
