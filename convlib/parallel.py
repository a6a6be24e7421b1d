"""Threads: one sum in blocks, and each thread takes the next block when it is done with one.

NumPy lets go of Python's lock while it multiplies and copies, so plain threads are enough. How
the work is cut depends on its size alone, and what must be added is added in the order of the
blocks: the result has the same bits for every number of threads. The threads of BLAS itself rest
meanwhile. They would share each product of a small block, and wait for each other in a busy loop,
which takes ten times as long where other programs need the cores.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar, copy_context
from threading import Condition, Lock
from time import perf_counter, thread_time
from typing import Any, SupportsIndex, TypeVar, overload

from convlib.cores import usable_cores
from convlib.options import integer

T = TypeVar("T")
V = TypeVar("V")
MAX_HELPERS = 63
GAIN = 1.25  # seconds of work in a second: with less, helpers are a burden
SHORT, LONG = 1e-3, 2e-2  # seconds: too little to judge by; enough to gain by more threads anyhow
WINDOW = 1e-2  # seconds: of so many the gain is judged, so that one slow call is no proof
SHORTEST, LONGEST = 0.1, 2.0  # seconds without helpers
CALLS = 160  # per second of them, so that those who call seldom are spared, too
_asked: ContextVar[int | None] = ContextVar("threads that were asked for", default=None)
_working: ContextVar[bool] = ContextVar("whether this thread works on a block", default=False)


@overload
def threads(n: None = None) -> int: ...
@overload
def threads(n: SupportsIndex) -> AbstractContextManager[None]: ...
def threads(n: SupportsIndex | None = None) -> int | AbstractContextManager[None]:
    """How many threads share the work of a call: `with threads(n):` sets it, `threads()` tells it.

    Without it there are as many as the variable OMP_NUM_THREADS says, or as there are cores that
    this process may use. Small calls stay on one. The result is the same, bit for bit.

    Parameters
    ----------
    n : int, optional
        Threads inside the block of the `with` statement, in the Python thread that runs it.

    Returns
    -------
    int or context manager
        Without n the number that holds here; with n what `with` takes.

    Raises
    ------
    ValueError
        If n is below 1.
    TypeError
        If n is not an integer.
    """
    if n is None:
        return _asked.get() or usable_cores()
    return _set(_asked, integer("n", n))


@contextmanager
def _set(variable: ContextVar[V], value: V) -> Iterator[None]:
    before = variable.set(value)
    try:
        yield
    finally:
        variable.reset(before)


def each(work: Callable[[T], V], tasks: Iterable[T],
         put: Callable[[T, V], object] | None = None) -> None:
    """Call work(task) for each task, on several threads if there are several tasks.

    With `put`, what work returned is handed to put(task, value), one after the other in the order
    of the tasks. Called by a task, everything stays on its thread.
    """
    tasks = [*tasks]
    helpers = 0 if len(tasks) < 2 or _working.get() else min(threads(), len(tasks)) - 1
    alone = helpers <= 0 or _pause.lasts()
    start, waiting = perf_counter(), iter(tasks)
    for task in waiting if alone else ():
        value = work(task)
        if put:
            put(task, value)
        if helpers > 0 and (perf_counter() - start) * (len(tasks) - 1) > LONG:
            break  # that was the first, and the rest is long
        helpers = 0
    if rest := [*waiting]:
        with _set(_working, True):
            _Team(work, rest, put).run(min(helpers, MAX_HELPERS))


class _Team:
    """Some threads and the tasks that they share."""

    def __init__(self, work: Callable[[T], V], tasks: list[T],
                 put: Callable[[T, V], object] | None) -> None:
        self.work, self.put = work, put
        self.tasks = iter(enumerate(tasks))
        self.turn = 0  # the task whose value is put next
        self.changed = Condition()
        self.seconds = 0.0  # of work, by all
        self.error: BaseException | None = None

    def run(self, helpers: int) -> None:
        """Work with so many helpers. What goes wrong in one of them comes out here."""
        futures, start = _submit(self.take_part, helpers), perf_counter()
        try:
            self.take_part()
            _wait(futures)
        except BaseException as error:  # Ctrl-C while waiting
            self.fail(error)
            _wait(futures)
        if self.error:
            try:
                raise self.error
            finally:
                self.error = None  # it holds this frame, which holds the arrays
        _pause.judge(perf_counter() - start, self.seconds)

    def take_part(self) -> None:
        """Take one task after the other until there is none, or one has failed."""
        start = thread_time()
        try:
            while job := self.next_task():
                number, task = job
                value = self.work(task)
                if not self.put:
                    continue
                with self.changed:
                    self.changed.wait_for(lambda: self.turn == number or self.error)  # noqa: B023
                if self.error:
                    return
                self.put(task, value)
                with self.changed:
                    self.turn += 1
                    self.changed.notify_all()
        except BaseException as error:
            self.fail(error)
        finally:
            with self.changed:
                self.seconds += thread_time() - start

    def next_task(self) -> tuple[int, Any] | None:
        with self.changed:
            return None if self.error else next(self.tasks, None)

    def fail(self, error: BaseException) -> None:
        """The first error is kept; nobody takes another task."""
        with self.changed:
            self.error = self.error or error
            self.changed.notify_all()


class _Pause:
    """On a busy machine a short call waits for a helper longer than the helper saves.

    Then there are no helpers for a while, and each time that nothing has changed, twice as long.
    """

    def __init__(self) -> None:
        self.until, self.length, self.calls = 0.0, SHORTEST, 0
        self.seconds = self.work = 0.0  # of the calls since the last verdict

    def lasts(self) -> bool:
        self.calls -= 1
        return self.calls >= 0 or perf_counter() < self.until

    def judge(self, seconds: float, work: float) -> None:
        """So many seconds passed, and so much work was done by all in that time."""
        if not SHORT < seconds < LONG:
            return
        self.seconds, self.work = self.seconds + seconds, self.work + work
        if self.seconds < WINDOW:
            return
        if self.work > GAIN * self.seconds:
            self.length = SHORTEST
        else:
            self.until, self.calls = perf_counter() + self.length, int(CALLS * self.length)
            self.length = min(2 * self.length, LONGEST)
        self.seconds = self.work = 0.0


_pause = _Pause()
_pool: ThreadPoolExecutor | None = None
_lock = Lock()


def _submit(work: Callable[[], None], helpers: int) -> list[Future[None]]:
    """Ask for helpers, who see what the caller has set (np.errstate); none is no harm."""
    global _pool
    with _lock:
        if _pool is None:
            _pool = ThreadPoolExecutor(MAX_HELPERS, "convlib")
        pool = _pool
    futures: list[Future[None]] = []
    try:
        for _ in range(helpers):
            futures.append(pool.submit(copy_context().run, work))
    except RuntimeError:  # no threads in a browser, none while Python ends, or too many
        pass
    return futures


def _wait(futures: list[Future[None]]) -> None:
    """Until all who began are done; who has not begun need not."""
    wait([future for future in futures if not future.cancel()])


class _OneBlasThread(AbstractContextManager[None]):
    """Hold the threads of BLAS to one while any call of ours computes; then give them back."""

    def __init__(self) -> None:
        self.lock, self.calls = Lock(), 0
        self.libraries: list[Any] | None = None
        self.before: list[int] = []

    def __enter__(self) -> None:
        with self.lock:
            if self.libraries is None:
                from threadpoolctl import ThreadpoolController

                self.libraries = ThreadpoolController().select(user_api="blas").lib_controllers
            if not self.calls:
                self.before = [library.get_num_threads() for library in self.libraries]
                self.set([1] * len(self.before))
            self.calls += 1

    def __exit__(self, *error: object) -> None:
        with self.lock:
            self.calls -= 1
            if not self.calls:
                self.set(self.before)

    def set(self, numbers: list[int]) -> None:
        for library, number in zip(self.libraries or [], numbers, strict=True):
            library.set_num_threads(number)


one_blas_thread = _OneBlasThread()


def _forget_in_child() -> None:
    """A forked process has the thread that forked, and no other."""
    global _pool, _lock
    _pool, _lock = None, Lock()
    one_blas_thread.lock = Lock()
    if one_blas_thread.calls:
        one_blas_thread.calls = 0
        one_blas_thread.set(one_blas_thread.before)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_in_child)
