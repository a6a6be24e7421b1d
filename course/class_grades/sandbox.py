"""Run one of the modules beside this one on a file, where it can read little and change nothing.

bubblewrap gives it namespaces of its own: no network, no process but itself, a root folder that
holds Python and the packages of the book, read only, and the hand-in's folder, read only.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Timer
from typing import NamedTuple

from course.class_grades.no_processes import program

PACKAGES = Path(__file__).resolve().parents[2]
BOOK, HAND_IN, SCRATCH = "/book", "/hand_in", "/tmp"
MOST_OUTPUT, SCRATCH_BYTES = 4 * 2**20, 64 * 2**20
SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc/alternatives", "/etc/ld.so.cache")


class Limits(NamedTuple):
    """Of one notebook: seconds in all, seconds a cell, and megabytes."""

    seconds: int = 180
    cell_seconds: int = 30
    megabytes: int = 2048


class Finished(NamedTuple):
    """What came out, and why it was stopped, if it was."""

    output: bytes
    stopped: str


def refusal() -> str:
    """Why this machine has no sandbox, and what to do; empty where it has one."""
    cure = ("install bubblewrap (Linux; apt install bubblewrap), or run a container or a machine "
            "that you can throw away and say --no-sandbox there")
    if not shutil.which("bwrap"):
        return f"there is no bwrap on this machine, so hand-ins would run unprotected: {cure}"
    if program() is None:
        return f"which system calls start a process on this machine is not known here: {cure}"
    done = _run(["-c", "print('inside')"], None, Limits(), True)
    return "" if done.output == b"inside\n" else (
        f"bwrap cannot make a sandbox here ({done.output.decode(errors='replace').strip()[:200]}): "
        f"{cure}")


def run(module: str, notebook: Path | None, limits: Limits, sandboxed: bool,
        given: bytes = b"") -> Finished:
    """Run `python -m module LIMITS NOTEBOOK` and read what it writes, up to the limits."""
    place = "-" if notebook is None else f"{HAND_IN}/{notebook.name}"
    if notebook is not None and not sandboxed:
        place = str(notebook)
    words = ["-m", module, *map(str, limits), place]
    return _run(words, notebook, limits, sandboxed, given)


def _run(words: list[str], notebook: Path | None, limits: Limits, sandboxed: bool,
         given: bytes = b"") -> Finished:
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryFile() as rules, \
            tempfile.TemporaryFile() as source:
        source.write(given)
        source.seek(0)
        home = SCRATCH if sandboxed else scratch
        command = [sys.executable, *words]
        if sandboxed:
            rules.write(program() or b"")
            rules.seek(0)
            command = [*_bwrap(notebook), "--seccomp", str(rules.fileno()), "--", *command]
        process = subprocess.Popen(
            command, stdin=source, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if words[0] == "-c" else subprocess.DEVNULL,
            env=_environment(home, BOOK if sandboxed else str(PACKAGES)),
            cwd=None if sandboxed else scratch, start_new_session=True,
            pass_fds=(rules.fileno(),) if sandboxed else ())
        late = Event()

        def stop() -> None:
            late.set()
            _end(process)

        timer = Timer(limits.seconds, stop)
        timer.start()
        output = b"".join(_pieces(process))
        if len(output) > MOST_OUTPUT:
            _end(process)
        process.wait()
        timer.cancel()
        _end(process)  # what it has started, where there is no sandbox
    if len(output) > MOST_OUTPUT:
        return Finished(output[:MOST_OUTPUT], f"more than {MOST_OUTPUT >> 20} MB of answers")
    return Finished(output, f"stopped after {limits.seconds} s" if late.is_set() else "")


def _pieces(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    assert process.stdout is not None
    total = 0
    with process.stdout as pipe:
        while total <= MOST_OUTPUT and (piece := os.read(pipe.fileno(), 2**16)):
            total += len(piece)
            yield piece


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, 9)
        else:
            process.kill()


def _environment(home: str, packages: str) -> dict[str, str]:
    """Nothing of the teacher's: no key, no token, no name."""
    keep = {name: os.environ[name] for name in ("SYSTEMROOT", "PATH") if name in os.environ}
    return keep | {
        "HOME": home, "TMPDIR": home, "IPYTHONDIR": f"{home}/ipython",
        "MPLCONFIGDIR": f"{home}/matplotlib", "MPLBACKEND": "agg", "PYTHONPATH": packages,
        "FLIPPED_KERNEL_PROGRESS": f"{home}/progress.json", "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"}


def _bwrap(notebook: Path | None) -> list[str]:
    bound: list[str] = []
    for folder in dict.fromkeys((*SYSTEM, sys.base_prefix, sys.prefix)):
        bound += ["--ro-bind-try", folder, folder]
    for package in "convlib", "course", "figures":
        bound += ["--ro-bind-try", str(PACKAGES / package), f"{BOOK}/{package}"]
    for fonts in _font_lists():
        bound += ["--ro-bind", str(fonts), f"{SCRATCH}/matplotlib/{fonts.name}"]
    if notebook is not None:
        bound += ["--ro-bind", str(notebook), f"{HAND_IN}/{notebook.name}"]
    return ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
            "--hostname", "sandbox", "--proc", "/proc", "--dev", "/dev",
            "--size", str(SCRATCH_BYTES), "--tmpfs", "/dev/shm", "--remount-ro", "/dev",
            "--size", str(SCRATCH_BYTES), "--tmpfs", SCRATCH, *bound,
            "--chdir", SCRATCH, "--remount-ro", "/"]


def _font_lists() -> list[Path]:
    """Matplotlib's list of the fonts here: to make it again for every hand-in takes seconds."""
    import matplotlib

    return sorted(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))
