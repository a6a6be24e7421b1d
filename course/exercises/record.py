"""The reader's progress: a file of theirs, from which nothing is ever lost.

It lies where the system keeps a user's data; the environment variable FLIPPED_KERNEL_PROGRESS names
another file. Several notebooks may write at once. A file that cannot be read is moved aside, never
overwritten. A place where nothing can be written stops nobody: the session remembers, and saves
what it could not save as soon as it can.
"""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

State = dict[str, Any]
# what a file has only when it is needed
LATER: dict[str, type] = {"shown": list, "missed": list, "reviewed": list, "guesses": dict}
MAX_BYTES = 2**20
LOCK_SECONDS = 30
CURE = ("it is remembered as long as this kernel runs. To keep it, start Jupyter with "
        "FLIPPED_KERNEL_PROGRESS set to the name of a file that you may write")
_hints_here: dict[str, int] = {}  # of this session, also where nothing can be written
_unsaved: list[Callable[[State], None]] = []  # edits of this session that no file holds yet


def path() -> Path:
    """The file that holds the progress; it begins with ~ where nobody has a home folder."""
    chosen = os.environ.get("FLIPPED_KERNEL_PROGRESS")
    folder = user_data_path("flipped-kernel", appauthor=False)
    return Path(chosen) if chosen else folder / "progress.json"


def load() -> State:
    """{"solved": [numbers], "hints": {number: how many were shown}}; empty where no file is.

    As soon as there are any, also "shown", "missed" and "reviewed": [numbers], and "guesses":
    {number: {"texts": [...], "chosen": "..."}}.
    """
    try:
        if not _former():
            return _with_unsaved(_read(path().expanduser()))
    except (OSError, RuntimeError):  # there can be no file: whoever writes is told
        return _with_unsaved(_nothing())
    except ValueError:
        pass
    return _update(lambda state: None)


def note(number: str, outcome: str, guess: Any = None) -> None:
    """Note that an answer was "right", "wrong" or "shown"; what is solved stays solved.

    A wrong or shown answer is missed unless it was solved before. What `review` has listed is
    asked again: from then on a right answer is missed no longer. The same rules as those of
    figures/widgets/src/progress.js.
    """
    def edit(state: State) -> None:
        lists = {"right": ["solved"], "wrong": [], "shown": ["shown"]}[outcome]
        if outcome != "right" and number not in state["solved"]:
            lists = [*lists, "missed"]
        for name in lists:
            if number not in state.setdefault(name, []):
                state[name].append(number)
        if outcome == "right" and number in state.get("reviewed", []):
            for name in ("missed", "reviewed"):
                state[name] = [other for other in state[name] if other != number]
        if guess is not None:
            state.setdefault("guesses", {})[number] = guess

    _update(edit)


def reviewed(numbers: list[str]) -> None:
    """Note that these were listed to be asked again."""
    _update(lambda state: state.update(
        reviewed=sorted({*state.get("reviewed", []), *numbers})))


def next_hint(number: str, most: int) -> int:
    """How many hints of an exercise to show now: one more than last time, at most all of them."""
    before = max(load()["hints"].get(number, 0), _hints_here.get(number, 0))
    shown = _hints_here[number] = min(most, before + 1)
    _update(lambda state: state["hints"].update({number: shown}))
    return shown


def _update(edit: Callable[[State], None]) -> State:
    """The state after `edit`; no other process reads or writes it meanwhile."""
    state = _nothing()
    _unsaved.append(edit)
    try:
        place = path().expanduser()
        place.parent.mkdir(parents=True, exist_ok=True)
        with _alone(place):
            if former := _former():
                shutil.copyfile(former, place)
                former.rename(former.with_name("progress.json.taken-over"))
            try:
                state = _read(place)
            except ValueError:
                print(f"({place.name} could not be read; it is kept as {_set_aside(place).name})")
            before = json.dumps(state)
            done = [*_unsaved]
            _with_unsaved(state)
            if json.dumps(state) != before:
                _write(place.resolve(), state)  # of a link, the file that it names
            _unsaved[:] = [edit for edit in _unsaved if edit not in done]  # of other threads
    except (OSError, RuntimeError) as error:
        print(f"(your progress could not be saved: {error}; {CURE})")
        _with_unsaved(state)
    return state


def _with_unsaved(state: State) -> State:
    """The same state, with every edit that waits to be saved; doing one twice changes nothing."""
    for edit in _unsaved:
        edit(state)
    return state


def _read(place: Path) -> State:
    """The state in a file, or an empty one if there is none.

    Raises OSError where something else stands in the file's place, ValueError for a file that
    cannot be read, is longer than a megabyte, or holds no progress.
    """
    if not place.exists():
        return _nothing()
    if not place.is_file():  # a pipe or a device might never end
        raise OSError(f"{place} is not a file")
    try:
        with place.open("rb") as file:
            text = file.read(MAX_BYTES + 1)
        state = json.loads(text.decode("utf-8-sig")) if len(text) <= MAX_BYTES else None
    except (OSError, RecursionError) as error:
        raise ValueError(error) from error
    if not (isinstance(state, dict) and isinstance(state.get("solved"), list)
            and all(isinstance(number, str) for number in state["solved"])
            and isinstance(state.get("hints"), dict)
            and all(isinstance(shown, int) for shown in state["hints"].values())
            and all(isinstance(state.get(name, kind()), kind) for name, kind in LATER.items())):
        raise ValueError("no progress")
    return state


def _write(place: Path, state: State) -> None:
    draft = place.with_name(f"{place.name}.draft")
    draft.unlink(missing_ok=True)  # of a process that died; what a link points at is not ours
    with draft.open("x", encoding="utf-8") as file:
        file.write(json.dumps(state, indent=1) + "\n")
    draft.replace(place)  # all or nothing


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Keep other processes out by a lock of SQLite, which ends with the process that holds it."""
    with ExitStack() as held:
        try:
            lock = held.enter_context(closing(sqlite3.connect(
                f"{place}.lock", timeout=LOCK_SECONDS, isolation_level=None)))
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            raise OSError(f"{place}.lock: {error}") from error
        yield


def _set_aside(place: Path) -> Path:
    """Give a file the first free name beside it."""
    names = (place.with_name(f"{place.name}.unreadable{n or ''}") for n in count())
    return place.rename(next(name for name in names if not name.exists()))


def _former() -> Path | None:
    """The file in which earlier versions kept the progress, while it waits to be taken over."""
    if os.environ.get("FLIPPED_KERNEL_PROGRESS") or path().exists():
        return None
    former = Path.home() / ".flipped-kernel" / "progress.json"
    return former if former.is_file() else None


def _nothing() -> State:
    return {"solved": [], "hints": {}}
