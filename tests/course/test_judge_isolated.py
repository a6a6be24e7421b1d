"""Endless loops, crashes, floods and changed inputs are answers in words."""

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from convlib import conv2d_backward, max_pool2d_backward
from course import judge
from course.judging import calls, sandbox


def endless(dy, x, w, stride=1):
    while stride == 2:
        time.sleep(0.01)
    return conv2d_backward(dy, x, w, stride=stride)


def asleep(dy, x, w):
    time.sleep(60)


def deaf(dy, x, w):
    """As compiled code, it does not say in which line it is."""
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    time.sleep(60)


def strange(dy, x, w):
    os.kill(os.getpid(), 40)


def gone(dy, x, w):
    os._exit(3)


def crashes(dy, x, w):
    return ctypes.string_at(0)


def aborts(dy, x, w):
    os.kill(os.getpid(), signal.SIGABRT)


def floods(dy, x, w):
    while True:
        print("dy", dy)


def hungry(dy, x, w):
    return np.zeros((10**5, 10**5))


def overwrites(dy, x, w, padding=0):
    gradients = conv2d_backward(dy, x, w, padding=padding)
    if padding:
        dy *= 2
    return gradients


def leaves(dy, x, w):
    sys.exit()


def asks(dy, x, w):
    return input("dx? ")


def raises(dy, x, w, groups=1):
    if groups > 1:
        raise NotImplementedError("groups")
    return conv2d_backward(dy, x, w)


@pytest.mark.parametrize(("function", "words"), [
    (endless, ("had not returned after 1 s", "exactly where the stride is above 1",
               "It was in line", "stride=2", "cases that were answered.")),
    (asleep, ("had not returned", "time.sleep(60)")),
    (deaf, ("had not returned",)),
    (gone, ("ended the Python process with exit code 3.", "in all 3 cases")),
    (crashes, ("crashed with SIGSEGV, a segmentation fault", "return ctypes.string_at(0)")),
    (aborts, ("crashed with SIGABRT",)),
    (strange, ("crashed with 40.",)),
    (floods, ("printed more than 100,000 characters", "It printed: dy [[[[1. 2.]]]] dy")),
    (hungry, ("raised MemoryError", "more memory than megabytes allows")),
    (overwrites, ("writes into its argument dy", "exactly where there is padding", "on a copy")),
    (leaves, ("raised SystemExit",)),
    (asks, ("raised EOFError: nobody answers", 'return input("dx? ")')),
    (raises, ("raised NotImplementedError: groups", "where there are several groups",
              'raise NotImplementedError("groups")')),
], ids=lambda value: getattr(value, "__name__", ""))
def test_it_is_told(function, words):
    begin = time.monotonic()
    seconds = {endless: 3, asleep: 1.5, deaf: 1.5}.get(function, 10)
    found = judge(function, seconds=seconds, megabytes=300)
    assert not found and time.monotonic() - begin < 10
    for part in words:
        assert part in found.text
    assert found.example["dy"].ndim == 4


def test_nothing_reaches_this_process(capfd):
    seen = []
    found = judge(lambda dy, x, w: (print("here"), seen.append(1), conv2d_backward(dy, x, w))[-1])
    assert found.right and seen == [] and capfd.readouterr() == ("", "")
    assert "It printed: here here" in found.text


def alive(pid):
    """Whether a process runs; one that has ended and waits to be noticed does not."""
    try:
        os.kill(pid, 0)
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False


def test_no_process_is_left(tmp_path):
    note = tmp_path / "pids"

    def starts_another(dy, x, w):
        child = os.fork()
        if child == 0:
            time.sleep(60)
            os._exit(0)
        note.write_text(f"{os.getpid()} {child}")
        time.sleep(60)

    judge(starts_another, seconds=1.5)
    for pid in map(int, note.read_text().split()):
        ended = time.monotonic() + 5
        while alive(pid) and time.monotonic() < ended:
            time.sleep(0.01)
        assert not alive(pid)


@pytest.mark.parametrize("isolated", [True, False])
def test_without_fork_it_runs_here(monkeypatch, isolated):
    def refuses():
        raise OSError("not in a browser")

    monkeypatch.setattr(os, "fork", refuses)
    found = judge(raises, isolated=isolated)
    assert "It ran in this process, without limits" in found.text
    assert "NotImplementedError" in found.faults["the call"]
    monkeypatch.delattr(os, "fork")
    assert "It ran in this process, without limits" in judge(raises).text


def test_here_an_interrupt_passes_and_output_is_kept_short(capsys):
    def interrupted(dy, x, w):
        print("a" * 5000)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judge(interrupted, isolated=False)
    assert judge(max_pool2d_backward, "max_pool", isolated=False)
    outcome = calls.run_here([lambda: print("a" * 5000)])
    assert len(outcome.printed) == sandbox.SHOWN and capsys.readouterr().out == ""


def test_time_that_is_too_short_is_told():
    def slow(dy, x, w):
        time.sleep(0.2)
        return conv2d_backward(dy, x, w)

    assert "cases could be tried in the time" in judge(slow, seconds=1.5).text
