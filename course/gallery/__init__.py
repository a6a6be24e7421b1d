"""Bugs in the wild: public reports of wrong gradients, each reproduced by a mistake."""

from course.gallery.passing import let_through, passed_as_square, passed_by
from course.gallery.reports import Question, Report, questions, reports, reproduced, show

__all__ = ["Question", "Report", "let_through", "passed_as_square", "passed_by", "questions",
           "reports", "reproduced", "show"]
