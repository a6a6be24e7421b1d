"""The reader's progress, in a file of theirs: ~/.flipped-kernel/progress.json.

Another place is taken from the environment variable FLIPPED_KERNEL_PROGRESS. A file that cannot
be read is kept under another name, and one that cannot be written stops nobody.
"""

import json
import linecache
import os
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

_hints_here = {}  # of this session, also where nothing can be written


def path():
    chosen = os.environ.get("FLIPPED_KERNEL_PROGRESS")
    return Path(chosen) if chosen else Path.home() / ".flipped-kernel" / "progress.json"


def load():
    """{"solved": [numbers], "hints": {number: how many were shown}}."""
    try:
        found = json.loads(path().read_text(encoding="utf-8-sig"))
    except (OSError, RuntimeError):  # no such file, or none that can be read, or no home at all
        return {"solved": [], "hints": {}}
    except ValueError:
        found = None
    if not _is_progress(found):
        _set_aside()
        return {"solved": [], "hints": {}}
    return found


def solve(number):
    """Note that an exercise is solved; solved it stays."""
    state = load()
    if number not in state["solved"]:
        state["solved"].append(number)
        _save(state)


def next_hint(number, most):
    """How many hints of an exercise to show now: one more than last time, at most all of them."""
    state = load()
    before = max(state["hints"].get(number, 0), _hints_here.get(number, 0))
    state["hints"][number] = _hints_here[number] = min(most, before + 1)
    _save(state)
    return state["hints"][number]


def shown_by_the_book(frame):
    """Whether the asking code is a folded solution, run by Run All Cells: nobody has solved it.

    IPython keeps the source of each cell where tracebacks look for it, under the cell's file name.
    """
    return linecache.getline(frame.f_code.co_filename, 1).startswith("# Solution")


def _is_progress(found):
    return (isinstance(found, dict) and isinstance(found.get("solved"), list)
            and all(isinstance(n, str) for n in found["solved"])
            and isinstance(found.get("hints"), dict)
            and all(isinstance(n, int) for n in found["hints"].values()))


def _save(state):
    try:
        target = path()
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=target.parent) as beside:
            draft = Path(beside) / target.name
            draft.write_text(json.dumps(state, indent=1) + "\n", encoding="utf-8")
            draft.replace(target)  # all or nothing, also with two notebooks open
    except (OSError, RuntimeError) as error:
        print(f"(your progress could not be saved: {error})")


def _set_aside():
    """Keep a file that is no progress under the first free name beside it."""
    target = path()
    kept = (target.with_name(f"{target.name}.unreadable{n or ''}") for n in count())
    try:
        target.rename(next(name for name in kept if not name.exists()))
    except OSError:
        pass
