"""Inside a second sandbox: judge the answers that the first one wrote down.

    python -m course.class_grades.judge_answers SECONDS CELL_SECONDS MEGABYTES -  < records

Nothing of a hand-in runs here, only what it gave is read, as data; but to compare some expressions
takes for ever, so the limits hold here, too. The output is one JSON object.
"""

import json
import sys
from collections.abc import Iterable
from typing import Any

from course.class_grades.plain import from_plain
from course.class_grades.run_notebook import limit
from course.exercises import exercise
from course.exercises.equivalence import TooManyEntriesError
from course.exercises.grading import UNANSWERED, judge


def verdicts(records: Iterable[bytes]) -> dict[str, Any]:
    """{"grades": {number: words}, "failed": [[cell, why], ...], "ended": whether it ran through}.

    The last answer to an exercise counts. Its words are "right", the mistake, or "" if none came.
    """
    last: dict[str, dict[str, Any]] = {}
    failed, ended = [], False
    for line in records:
        try:
            record = json.loads(line)
            if "number" in record:
                number = str(record["number"])
                if len(record) > 1 or number not in last:
                    last[number] = record
            elif "cell" in record:
                failed.append([int(record["cell"]), str(record["why"])[:60]])
            ended = ended or "end" in record
        except (ValueError, LookupError, TypeError, RecursionError):
            continue  # cut off where the hand-in was stopped, or written by the hand-in itself
    return {"grades": {number: words(number, record) for number, record in last.items()},
            "failed": failed, "ended": ended}


def words(number: str, record: dict[str, Any]) -> str:
    """What the cell of the table says."""
    try:
        asked = exercise(number)
        answer = _replayed(record)
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    if answer is ...:
        return ""
    verdict = judge(asked, answer)
    return "" if verdict is UNANSWERED else "right" if verdict.right else verdict.message


def _replayed(record: dict[str, Any]) -> Any:
    """The answer that was given; a function that returns in each case what was returned."""
    if "called" in record:
        results = iter(record["called"])
        return lambda *args, **options: _result(next(results))
    if "raised" in record:
        return _Raises(record)
    return from_plain(record["value"]) if "value" in record else ...


def _result(result: dict[str, Any]) -> Any:
    if "raised" in result:
        name, message = result["raised"]
        if name == TooManyEntriesError.__name__:
            raise TooManyEntriesError(message)
        raise type(str(name), (Exception,), {"__module__": "builtins"})(message)
    return from_plain(result["value"])


class _Raises:
    """An answer that raised when it was read: `judge` says so in its own words."""

    def __init__(self, record: dict[str, Any]) -> None:
        self.record = record

    def __iter__(self) -> "_Raises":
        return self

    def __next__(self) -> Any:
        return _result(self.record)


def main() -> None:
    """Judge standard input."""
    seconds, _, megabytes = map(int, sys.argv[1:4])
    limit(seconds, megabytes)
    print(json.dumps(verdicts(sys.stdin.buffer)))


if __name__ == "__main__":
    main()
