"""Wrong gradients by name, which check sees which, and the smallest input that shows each."""

from course.mistakes.catalogue import MISTAKES, diagnosis, plant, wrong_answers

__all__ = ["MISTAKES", "diagnosis", "plant", "wrong_answers"]
