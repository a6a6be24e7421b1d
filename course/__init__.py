"""What the chapters ask of a reader: exercises, mistakes, the audit, costs.

Imports run convlib <- course <- figures <- chapters.
"""

from course.exercises import check, hint, progress
from course.missing_names import explain_missing_names

__all__ = ["check", "hint", "progress"]

explain_missing_names()
