"""The questions of the book: numbered in order, complete, called by number."""

import pytest

from course.questions import all_questions, asked

ALL = all_questions()


def test_they_are_numbered_in_order_without_a_gap():
    chapters = {}
    for number in ALL:
        chapter, n = number.removeprefix("Q").split(".")
        chapters.setdefault(chapter, []).append(int(n))
    assert all(ns == [*range(1, len(ns) + 1)] for ns in chapters.values())


@pytest.mark.parametrize("number", ALL)
def test_a_wrong_answer_gets_words(number):
    question = asked(number)
    assert question.text and (question.hint or question.why)
    assert all(mistake["name"] for mistake in question.wrong)


@pytest.mark.parametrize("number,words", [
    ("Q0.99", "chapter 0 has Q0.1"), ("Q77.1", "no such chapter"), ("nonsense", "no such chapter")])
def test_a_number_that_no_question_has_is_refused_in_words(number, words):
    with pytest.raises(ValueError, match=words):
        asked(number)
