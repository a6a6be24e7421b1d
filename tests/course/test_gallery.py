"""Bugs in the wild: every report is complete, runs, and is noticed by the check it names."""

import re
from collections import Counter
from datetime import date

import numpy as np
import pytest

from convlib import conv2d
from course.gallery import (
    let_through,
    passed_as_square,
    questions,
    reports,
    reproduced,
    show,
)
from course.gallery.reports import FIELDS
from course.mistakes import MISTAKES
from course.mistakes.check_matrix import CHECKS, RIGHT, verdicts
from figures.widgets.gallery import FILTERS, bug_gallery

ALL = reports()
THREAD = re.compile(r"[\w.-]+/[\w.-]+#\d+")


@pytest.fixture(scope="module")
def table():
    return verdicts({report.mistake for report in ALL})


def test_numbers_and_threads_are_unique_and_in_order():
    assert len(ALL) >= 20
    assert [report.number for report in ALL] == [f"W{n:02}" for n in range(1, len(ALL) + 1)]
    assert [report.date for report in ALL] == sorted(report.date for report in ALL)
    threads = [entry.thread for entry in (*ALL, *questions())]
    assert [thread for thread, times in Counter(threads).items() if times > 1] == []


@pytest.mark.parametrize("report", ALL, ids=lambda report: report.number)
def test_a_report_is_complete(report):
    for name in set(FIELDS) - {"ours", "case", "date", "english", "happened"}:
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
def test_the_named_check_notices_it_and_the_popular_one_does_not(report, table):
    noticed = table.noticed[report.mistake]
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


def test_what_each_check_lets_through_is_computed(table):
    through, happened = let_through(), [r for r in ALL if r.happened]
    assert set(through) == set(CHECKS)
    for check, (numbers, tried) in through.items():
        assert numbers == [r.number for r in happened if r.mistake in table.missed_by(check)]
        assert tried == sum(table.noticed[r.mistake][check] is not None for r in happened)
    assert through["gradcheck"].numbers == through["second_implementation"].numbers == []
    assert "W20" in through["square_and_plain"].numbers and "W36" in through["loss_falls"].numbers


def test_what_was_only_proposed_or_tried_is_not_counted():
    assert {r.number for r in ALL if not r.happened} == {"W08", "W10", "W28"}
    assert {r.number for r in ALL if "was right" in r.ours} == {"W08", "W28"}
    assert let_through()["shapes"].tried == len(ALL) - 3


def test_a_symmetric_kernel_does_not_apply_to_relu_and_pooling():
    numbers, tried = let_through()["symmetric_kernel"]
    layers = [r for r in ALL if r.happened and MISTAKES[r.mistake].replaces != "conv"]
    assert numbers == [] and tried == len(ALL) - 3 - len(layers) and len(layers) == 5


def test_three_quarters_pass_a_plain_square_case_and_few_because_it_is_square():
    numbers, tried = let_through()["square_and_plain"]
    assert 0.7 < len(numbers) / tried < 0.8  # the answer to QA2.2
    assert set(passed_as_square()) == {r.number for r in ALL if r.mistake in (
        "height_for_width", "turned_into_wrong_shape")} < set(numbers)


def test_no_report_is_a_forgotten_flip():
    assert not {r.mistake for r in ALL} & {"no_flip", "one_axis_flip", "other_axis_flip",
                                           "transpose_for_rot180", "dw_flipped"}


def test_the_proposal_for_col2im_is_right_where_windows_do_not_overlap():
    """What W08 and W28 propose adds up the filters, and overwrites only where windows overlap."""
    x, w, dy = np.ones((1, 1, 4)), np.ones((2, 1, 1, 2)), np.array([[[1, 2]], [[3, 4]]])
    f, right = MISTAKES["windows_overwrite"], RIGHT["conv"]
    assert np.array_equal(f(dy, x, w, stride=2).dx, right(dy, x, w, stride=2).dx)
    assert not np.array_equal(MISTAKES["assign_for_add"](dy, x, w, stride=2).dx,
                              right(dy, x, w, stride=2).dx)
    dy = np.array([[[1, 2, 5]], [[3, 4, 6]]])
    assert f(dy, x, w).dx.tolist() == [[[4, 6, 11, 11]]]  # the right one: 4, 10, 17, 11
    assert {r.mistake for r in ALL if "was right" in r.ours} == {"windows_overwrite"}


@pytest.mark.parametrize(("number", "cases"), [
    ("W24", [((4, 6), (3, 3), {"stride": 2}, True), ((4, 6), (3, 3), {"padding": 1}, True),
             ((4, 6), (3, 3), {"stride": 2, "padding": 1}, False)]),
    ("W37", [((2, 4, 6), (2, 2, 2, 2), {"stride": 2}, True),
             ((2, 4, 6), (2, 1, 2, 2), {"groups": 2}, True),
             ((2, 4, 6), (2, 1, 2, 2), {"stride": 2, "groups": 2}, False)])])
def test_two_options_together_show_what_either_alone_hides(number, cases):
    wrong = MISTAKES[next(r.mistake for r in ALL if r.number == number)]
    for x_shape, w_shape, options, agrees in cases:
        x, w = np.ones(x_shape), np.ones(w_shape)
        dy = np.ones(conv2d(x, w, **options).shape)
        same = map(np.array_equal, wrong(dy, x, w, **options), RIGHT["conv"](dy, x, w, **options))
        assert all(same) is agrees


def test_show_prints_input_gradients_and_mistake(capsys):
    show("W37")
    words = capsys.readouterr().out
    assert "x = [[[1]], [[2]]], w = [[[[10]]], [[[1]]]], dy = [[[1]], [[2]]]\nstride = 2" in words
    assert "right dx: [[[10]], [[2]]]\nwrong dx: [[[12]], [[0]]]\ngroups_lost_when_s" in words
    show("W31")
    words = capsys.readouterr().out
    assert "x of shape (16, 16)" in words and "wrong dx: shape (17, 17)" in words
    for report in ALL:
        show(report.number)


def test_a_title_in_another_language_is_translated():
    for entry in (*ALL, *questions()):
        assert bool(entry.english) is (not entry.title.isascii())


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
