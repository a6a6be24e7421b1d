"""Which of the mistakes that people actually made a check of the lab would have missed."""

from functools import cache
from typing import NamedTuple

from course.gallery.reports import reports
from course.mistakes import MISTAKES
from course.mistakes.check_matrix import verdicts
from course.mistakes.checks import second_implementation


class Passed(NamedTuple):
    """The numbers of the reports whose mistake a check lets pass, and to how many it applies."""

    numbers: list[str]
    tried: int


@cache
def let_through() -> dict[str, Passed]:
    """For each check of the lab, which of the mistakes that happened it lets pass."""
    happened = [report for report in reports() if report.happened]
    table = verdicts({report.mistake for report in happened})
    return {check: Passed(
        [report.number for report in happened if table.noticed[report.mistake][check] is False],
        sum(table.noticed[report.mistake][check] is not None for report in happened))
        for check in next(iter(table.noticed.values()))}


def passed_as_square() -> list[str]:
    """Those that the plain square case lets pass, and that show once its sizes are unequal."""
    passed = [report for report in reports()
              if report.number in let_through()["square_and_plain"].numbers]
    return [report.number for report in passed if MISTAKES[report.mistake].replaces == "conv"
            and second_implementation(MISTAKES[report.mistake], "conv", cases="bare")]
