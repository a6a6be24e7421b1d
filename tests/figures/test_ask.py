"""Blanks in plain Python: what reaches the page, and what is refused."""

import numpy as np
import pytest

from course.exercises import record
from figures.widgets.ask import ask


def test_each_cell_is_labelled_by_its_index():
    widget = ask("Fill in.", L=361, dx=[20, 42, 74, 7], y=np.array([[1, 2, 3], [4, 5, 6.5]]))
    assert [blank["labels"] for blank in widget.blanks] == [
        [["L"]], [["dx[0]", "dx[1]", "dx[2]", "dx[3]"]],
        [["y[0,0]", "y[0,1]", "y[0,2]"], ["y[1,0]", "y[1,1]", "y[1,2]"]]]
    assert [blank["answers"] for blank in widget.blanks] == [
        [[361]], [[20, 42, 74, 7]], [[1, 2, 3], [4, 5, 6.5]]]


def test_mistakes_travel_with_the_shape_of_their_answer():
    widget = ask("dx?", dx=[20, 42], wrong={"nothing was flipped": np.array([2, 24])})
    assert widget.wrong == [
        {"name": "nothing was flipped", "answers": {"dx": [[2, 24]]}, "answer": ""}]
    choice = ask("Which?", options=["dw", "dx"], answer="dx", wrong={"p and r were mixed": "dw"})
    assert choice.wrong == [{"name": "p and r were mixed", "answers": {}, "answer": "dw"}]


def test_repr_tells_neither_address_nor_answer():
    assert repr(ask("What is dx[1]?", dx=42, hint="4 * 10 is in it")) == "ask('What is dx[1]?')"


@pytest.mark.parametrize("arguments, words", [
    ({}, "nothing to ask"),
    ({"a": np.zeros((2, 2, 2))}, "a number, a row or a grid"),
    ({"a": "four"}, "a number, a row or a grid"),
    ({"a": [1, np.nan]}, "no finite number"),
    ({"a": []}, "a number, a row or a grid"),
    ({"answer": "dx"}, "needs options"),
    ({"options": ["dw", "dx"], "answer": "dy"}, "not one of"),
    ({"options": ["dw", "dw"], "answer": "dw"}, "not one of"),
    ({"a": [1, 2, 3], "wrong": {"w": [1, 2]}}, r"shape \(1, 2\), a \(1, 3\)"),
    ({"a": [1, 2], "wrong": {"w": [1, 2]}}, "equals the answer"),
    ({"a": 1, "b": 2, "wrong": {"w": 3}}, "must say what it answers"),
    ({"a": 1, "wrong": {"w": {"c": 3}}}, "must say what it answers"),
    ({"options": ["dw", "dx"], "answer": "dx", "wrong": {"w": "dx"}}, "not a wrong option"),
])
def test_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        ask("?", **arguments)


def test_what_the_page_tells_is_kept_and_comes_back(tmp_path, monkeypatch):
    monkeypatch.setenv("FLIPPED_KERNEL_PROGRESS", str(tmp_path / "progress.json"))
    first = ask("Q0.1", veil=2)
    assert (first.number, first.veil) == ("Q0.1", 2)
    assert first.mark == {"solved": False, "shown": False, "guess": None}
    wrong = {"outcome": "wrong", "guess": {"texts": ["363"], "chosen": ""}, "name": "a"}
    right = {"outcome": "right", "guess": {"texts": ["403"], "chosen": ""}, "name": "b"}
    first.told = [wrong]
    first.told = [wrong, right]  # what was not known to be heard comes again
    assert first.heard == ["a", "b"]
    assert ask("Q0.1").mark == {"solved": True, "shown": False,
                                "guess": {"texts": ["403"], "chosen": ""}}
    ask("Q0.2").told = [{"outcome": "shown", "guess": None, "name": "c"}]
    assert ask("Q0.2").mark == {"solved": False, "shown": True, "guess": None}
    assert record.load()["missed"] == ["Q0.1", "Q0.2"]
    ask("What is L?", L=1).told = [{"outcome": "right", "guess": None, "name": "d"}]
    ask("Q0.3").told = [{"outcome": "nonsense", "name": "e"}]
    assert record.load()["solved"] == ["Q0.1"]
