"""A reader's own backward function on trial."""

from course.judging.judgement import Judgement
from course.judging.on_trial import judge

__all__ = ["Judgement", "judge"]
