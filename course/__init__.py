"""What the chapters ask of a reader: exercises, mistakes, a judge, the audit, costs.

Imports run convlib <- course <- figures <- chapters.
"""

from course.exercises import check, hint, progress, review
from course.judging import judge
from course.missing_names import explain_missing_names

__all__ = ["check", "hint", "judge", "progress", "review"]

explain_missing_names()
