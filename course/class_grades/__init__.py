"""Grades of a class: one row per student, one column per exercise, the mistake in the cell.

    python -m course grade FOLDER --csv > grades.csv

FOLDER holds one notebook per student, or one folder per student with one notebook per chapter.
"""

import csv
import io
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from course.class_grades.sandbox import Limits, refusal, run
from course.exercises import all_exercises

__all__ = ["Limits", "grade", "hand_ins", "refusal", "table"]
NOTE = "note"


def hand_ins(folder: Path) -> dict[str, list[Path]]:
    """The notebooks of each student, in the order of their names; what is a link is left out."""
    students: dict[str, list[Path]] = {}
    for place in sorted(folder.iterdir(), key=lambda path: path.name):
        if place.is_symlink() or place.name.startswith("."):
            continue
        if place.is_dir():
            students[place.name] = sorted(
                path for path in place.rglob("*.ipynb") if path.is_file()
                and not any(p.is_symlink() or p.name.startswith(".")
                            for p in (path, *path.parents) if place in p.parents))
        elif place.suffix == ".ipynb":
            students.setdefault(place.stem, []).append(place)
    return students


def grade(folder: Path, limits: Limits, sandboxed: bool = True,
          jobs: int | None = None) -> list[dict[str, str]]:
    """Run and judge every hand-in.

    Parameters
    ----------
    folder : Path
        One notebook a student, or one folder a student.
    limits : Limits
        Of one notebook.
    sandboxed : bool
        False runs the notebooks with all that the caller may do; only time and memory are bounded.
    jobs : int, optional
        How many at once; by default one per processor.

    Returns
    -------
    list of dict
        A row a student: "student", {number: "right", the mistake, or "" without an answer}, "note".
    """
    students = hand_ins(folder)
    notebooks = [path for paths in students.values() for path in paths]
    with ThreadPoolExecutor(jobs or os.cpu_count()) as pool:
        judged = dict(zip(notebooks, pool.map(
            lambda path: _one(path, limits, sandboxed), notebooks), strict=True))
    rows = []
    for student, paths in students.items():
        row, notes = {"student": student}, [] if paths else ["no notebook"]
        for path in paths:
            grades, note = judged[path]
            row |= {number: words for number, words in grades.items() if words or number not in row}
            notes += [f"{path.name}: {note}"] if note else []
        rows.append(row | {NOTE: "; ".join(notes)})
    return rows


def _one(notebook: Path, limits: Limits, sandboxed: bool) -> tuple[dict[str, str], str]:
    """The grades of one notebook, and what went wrong while it ran."""
    ran = run("course.class_grades.run_notebook", notebook, limits, sandboxed)
    judged = run("course.class_grades.judge_answers", None, limits, sandboxed, ran.output)
    try:
        said: dict[str, Any] = json.loads(judged.output)
    except ValueError:
        return {}, f"its answers could not be judged: {judged.stopped or 'too much memory or time'}"
    notes = [f"cell {cell} {why}" if cell else why for cell, why in said["failed"][:3]]
    notes += [f"and {len(said['failed']) - 3} more cells"] * (len(said["failed"]) > 3)
    if ran.stopped:
        notes.append(ran.stopped)
    elif not said["ended"] and all(cell for cell, _ in said["failed"]):
        notes.append("it ended before its last cell")
    return said["grades"], ", ".join(notes)


def table(rows: list[dict[str, str]]) -> str:
    """The rows as CSV: a column for every exercise of the chapters that anybody was asked in."""
    asked = {number.split(".")[0] for row in rows for number in row}
    numbers = [number for number in all_exercises() if number.split(".")[0] in asked]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["student", *numbers, NOTE])
    writer.writerows([_harmless(row.get(column, "")) for column in ("student", *numbers, NOTE)]
                     for row in rows)
    return text.getvalue()


def _harmless(words: str) -> str:
    """What a spreadsheet would take for a formula, as text; and one line without signs of control.

    Names of files and messages of errors are written by whoever hands in.
    """
    line = "".join(sign if sign.isprintable() else " " for sign in words)
    return f"'{line}" if line.startswith(("=", "+", "-", "@")) else line
