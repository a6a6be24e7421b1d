"""When cells run, and when the kernel is idle: what nobody waits for is drawn only then.

JupyterLab sends the messages of widgets to a thread beside the one that runs cells. Matplotlib
keeps state of its own, so a picture that nobody waits for is drawn where the cells run, between
two of them.
"""

from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from IPython import get_ipython


class Cells:
    """The cells of this kernel: how many have ended, whether one runs, and who wants to know.

    Whoever listens has methods `cell_begins` and `cell_ended`.
    """

    def __init__(self) -> None:
        self.ended = 0
        self._deep = 0  # a cell may run another
        self._listeners: WeakSet[Any] = WeakSet()
        self._shell: Any = None

    @property
    def running(self) -> bool:
        return self._deep > 0

    def listen(self, listener: Any) -> None:
        shell = get_ipython()
        if shell is not None and shell is not self._shell:
            self._shell, self._deep = shell, 1  # the cell that makes the listener
            shell.events.register("pre_run_cell", self._begins)
            shell.events.register("post_run_cell", self._ends)
        self._listeners.add(listener)

    def _begins(self, _: Any) -> None:
        self._deep += 1
        for listener in list(self._listeners):
            listener.cell_begins()

    def _ends(self, _: Any) -> None:
        self._deep = max(self._deep - 1, 0)  # an empty cell ends without a beginning
        self.ended += 1
        for listener in list(self._listeners):
            listener.cell_ended()


cells = Cells()


def between_cells(act: Callable[[], None]) -> None:
    """Call act() on the thread that runs cells, when no cell runs; without a kernel, now."""
    loop = getattr(getattr(get_ipython(), "kernel", None), "io_loop", None)
    if loop is None:
        act()
    else:
        loop.add_callback(act)
