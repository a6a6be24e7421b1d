"""Ctrl-C that waits while something is half done."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Any


class Interrupts:
    """Between `with` and its end Ctrl-C raises only while `welcome` is True, and only once.

    One that comes before waits until it is welcome, and one that comes after has nothing left to
    stop. Off the main thread, which alone is interrupted, nothing changes.
    """

    def __init__(self) -> None:
        self._welcome = self._waiting = False
        self._before: Any = None

    def __enter__(self) -> "Interrupts":
        if threading.current_thread() is threading.main_thread():
            self._before = signal.getsignal(signal.SIGINT)
            if callable(self._before):  # else Ctrl-C does nothing here
                signal.signal(signal.SIGINT, self._arrive)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._welcome = False
        if callable(self._before):
            signal.signal(signal.SIGINT, self._before)

    @property
    def welcome(self) -> bool:
        """Whether Ctrl-C may raise now."""
        return self._welcome

    @welcome.setter
    def welcome(self, now: bool) -> None:
        self._welcome = now
        if now and self._waiting:
            self._arrive(signal.SIGINT, None)

    def _arrive(self, number: int, frame: FrameType | None) -> None:
        self._waiting = not self._welcome
        if self._welcome:
            self._welcome = False  # what follows is not to be cut off
            raise KeyboardInterrupt
