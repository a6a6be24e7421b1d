"""Bugs in the wild: every report is complete, runs, and is noticed by the check it names."""

import re
from collections import Counter
from datetime import date

import numpy as np
import pytest

from course.gallery import let_through, questions, reports, reproduced
from course.gallery.reports import FIELDS
from course.mistakes import MISTAKES
from course.mistakes.check_matrix import CHECKS, RIGHT, verdicts
from figures.widgets.gallery import FILTERS, bug_gallery

ALL = reports()
TABLE = verdicts({report.mistake for report in ALL})
THREAD = re.compile(r"[\w.-]+/[\w.-]+#\d+")


def test_numbers_and_threads_are_unique_and_in_order():
    assert len(ALL) >= 20
    assert [report.number for report in ALL] == [f"W{n:02}" for n in range(1, len(ALL) + 1)]
    assert [report.date for report in ALL] == sorted(report.date for report in ALL)
    threads = [entry.thread for entry in (*ALL, *questions())]
    assert [thread for thread, times in Counter(threads).items() if times > 1] == []


@pytest.mark.parametrize("report", ALL, ids=lambda report: report.number)
def test_a_report_is_complete(report):
    for name in set(FIELDS) - {"ours", "case", "date"}:
        assert getattr(report, name).strip(), name
    assert THREAD.fullmatch(report.thread) and report.read in ("whole", "opening")
    assert date(2010, 1, 1) < report.date and report.mistake in MISTAKES
    repository, number = report.thread.split("#")
    assert report.url.endswith(f"/{repository}/issues/{number}")
    assert report.saw.endswith(".") and len(report.saw) < 320
    assert not report.ours or report.ours.endswith(".")
    for blame in ("stupid", "careless", "sloppy", "fault", "obvious"):
        assert blame not in (report.saw + report.ours).lower()


@pytest.mark.parametrize("report", ALL, ids=lambda report: report.number)
def test_a_report_runs_wrong_next_to_right(report):
    arguments, options = report.example.arguments()
    right, wrong = (f(*arguments, **options) for f in (
        RIGHT[MISTAKES[report.mistake].replaces], MISTAKES[report.mistake]))
    part = report.example.part
    pair = (right, wrong) if report.example.w is None else (getattr(right, part),
                                                            getattr(wrong, part))
    assert not np.array_equal(*pair)
    shown = reproduced(report.number)
    assert not np.array_equal(shown.right, shown.wrong)


@pytest.mark.parametrize("report", ALL, ids=lambda report: report.number)
def test_the_named_check_notices_it_and_the_popular_one_does_not(report):
    noticed = TABLE.noticed[report.mistake]
    assert noticed[report.caught_by] is True
    if report.missed_by == "nothing":
        assert False not in noticed.values()
    else:
        assert noticed[report.missed_by] is False


@pytest.mark.parametrize("report", [report for report in ALL if report.case],
                         ids=lambda report: report.number)
def test_the_sizes_of_the_thread_give_what_its_user_saw(report):
    part, right, wrong = reproduced(report.number)
    assert part == report.case["part"]
    if "shape" in report.case:
        assert list(wrong.shape) == report.case["shape"] != list(right.shape)
    else:
        assert wrong.tolist() == report.case["value"] != right.tolist()


def test_what_each_check_lets_through_is_computed():
    through = let_through()
    assert set(through) == set(CHECKS)
    for check, numbers in through.items():
        assert numbers == [r.number for r in ALL if r.mistake in TABLE.missed_by(check)]
    assert through["gradcheck"] == through["second_implementation"] == []
    assert "W20" in through["square_and_plain"] and "W10" in through["loss_falls"]


def test_an_unknown_number_says_which_there_are():
    with pytest.raises(ValueError, match=r"number must be one of W01 to W\d\d, not 'W99'"):
        reproduced("W99")


def test_the_table_can_be_filtered_by_symptom_library_mistake_and_year():
    widget = bug_gallery()
    assert [row["cells"][0][0] for row in widget.rows] == [report.number for report in ALL]
    assert [name for name, _, _ in widget.filters] == list(FILTERS)
    for name, key, values in widget.filters:
        assert set(values) == {row["filters"][key] for row in widget.rows}, name
    assert all(len(row["cells"]) == len(widget.columns) for row in widget.rows)
    assert f"{len(ALL)} reports" in repr(widget)
