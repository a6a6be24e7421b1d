"""What the course does without a notebook.

    python -m course grade FOLDER --csv     grade the hand-ins of a class
    python -m course cards                  export the recall questions as Anki cards
    python -m course cards --text           ... or as text to print
"""

import argparse
import sys
from pathlib import Path

from course import recall_cards
from course.class_grades import Limits, grade, refusal, table

UNPROTECTED = ("without a sandbox: each notebook can read, change and send whatever you can; only "
               "its time and memory are limited")


def _main(words: list[str] | None = None) -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(
        prog="python -m course", description="Grade a class, or export the recall questions.")
    commands = parser.add_subparsers(dest="command", required=True)
    of_grade = commands.add_parser("grade", help="grade the hand-ins of a class")
    of_grade.add_argument(
        "folder", type=Path, help="the hand-ins: a notebook or a folder per student")
    of_grade.add_argument("--csv", action="store_true", required=True,
                          help="write a table with a row per student and a column per exercise")
    of_grade.add_argument("--no-sandbox", action="store_true",
                          help="run the notebooks unprotected, with your own permissions")
    for name, default in Limits()._asdict().items():
        of_grade.add_argument(f"--{name.replace('_', '-')}", type=int, default=default,
                              help=f"the limit for one notebook (default: {default})")
    of_grade.add_argument("--jobs", type=int,
                          help="how many notebooks run at once (default: one per processor)")
    of_cards = commands.add_parser("cards", help="write the recall questions as cards")
    of_cards.add_argument("folder", type=Path, nargs="?", default=Path("chapters"),
                          help="the notebooks that ask them (default: chapters)")
    of_cards.add_argument("--text", action="store_true", help="as plain text instead of Anki cards")
    wanted = parser.parse_args(words)
    {"grade": _grade, "cards": _cards}[wanted.command](parser, wanted)


def _cards(parser: argparse.ArgumentParser, wanted: argparse.Namespace) -> None:
    try:
        deck = recall_cards.cards(wanted.folder)
    except ValueError as error:
        parser.error(str(error))
    written = recall_cards.text(deck) if wanted.text else recall_cards.anki(deck)
    sys.stdout.buffer.write(written.encode())


def _grade(parser: argparse.ArgumentParser, wanted: argparse.Namespace) -> None:
    if not wanted.folder.is_dir():
        parser.error(f"{wanted.folder} is not a folder: give the one that holds the hand-ins")
    if wanted.no_sandbox:
        print(UNPROTECTED, file=sys.stderr)
    elif why := refusal():
        parser.error(why)
    limits = Limits(*(getattr(wanted, name) for name in Limits._fields))
    rows = grade(wanted.folder.resolve(), limits, not wanted.no_sandbox, wanted.jobs)
    sys.stdout.buffer.write(table(rows).encode())


if __name__ == "__main__":
    _main()
