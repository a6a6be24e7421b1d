"""Which of the mistakes that people actually made a check of the lab would have missed."""

from functools import cache
from typing import NamedTuple

from course.gallery.reports import reports
from course.mistakes import MISTAKES
from course.mistakes.check_matrix import verdicts
from course.mistakes.checks import CHECKS, second_implementation


class Passed(NamedTuple):
    """The numbers of the reports whose mistake a check lets pass, and to how many it applies."""

    numbers: list[str]
    tried: int


@cache
def passed_by(check: str) -> Passed:
    """Which of the mistakes that happened this check of the lab lets pass."""
    happened = [report for report in reports() if report.happened]
    noticed = verdicts({report.mistake for report in happened}, [check]).noticed
    says = {report.number: noticed[report.mistake][check] for report in happened}
    return Passed([number for number, said in says.items() if said is False],
                  sum(said is not None for said in says.values()))


def let_through() -> dict[str, Passed]:
    """For each check of the lab, which of the mistakes that happened it lets pass."""
    return {check: passed_by(check) for check in CHECKS}


def passed_as_square() -> list[str]:
    """Those that the plain square case lets pass, and that show once its sizes are unequal."""
    passed = [report for report in reports()
              if report.number in passed_by("square_and_plain").numbers]
    return [report.number for report in passed if MISTAKES[report.mistake].replaces == "conv"
            and second_implementation(MISTAKES[report.mistake], "conv", cases="bare")]
