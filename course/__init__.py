"""What the chapters ask of a reader: exercises, mistakes, the audit, costs.

Imports run convlib <- course <- figures <- chapters.
"""

from course.exercises import check, hint, progress

__all__ = ["check", "hint", "progress"]
