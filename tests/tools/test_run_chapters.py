"""The stored form of an executed notebook: what is kept of widgets, and of what is measured."""

import os

import nbformat.v4 as v4
import pytest
import run_chapters
from run_chapters import (
    FROM_CONTROLS,
    STATE,
    WIDGET,
    as_stored,
    canonical,
    describe,
    two_at_a_time,
)

PICTURE = {"image/png": "iVBORw0KGgoAAAAA", "text/plain": "Two windows of three cells."}
HOW = {"text/markdown": "*Run All Above Selected Cell*", "text/plain": "Run it."}


def stored(tags, bundles, states=()):
    outputs = [v4.new_output("display_data", bundle) for bundle in bundles]
    cell = v4.new_code_cell("show()", outputs=outputs, metadata={"tags": tags})
    notebook = v4.new_notebook(cells=[cell], metadata={"widgets": {STATE: {"state": {
        name: {"state": state} for name, state in states}}}})
    canonical(notebook)
    assert "widgets" not in notebook.metadata
    return notebook.cells[0].outputs


def test_a_widget_keeps_what_it_is_stored_as():
    kept = stored(["nbval-ignore-output"], [PICTURE, HOW])
    assert [output.data for output in kept] == [PICTURE, HOW]


def test_what_is_measured_keeps_only_how_it_is_made_to_move():
    kept = stored(["nbval-ignore-output", "measured"], [PICTURE, HOW, {"text/plain": "3 ms"}])
    assert [output.data for output in kept] == [HOW]


def test_controls_of_ipywidgets_are_stored_as_the_picture_below_them():
    view = {WIDGET: {"model_id": "box"}, "text/plain": "interactive(children=...)"}
    below = [v4.new_output("display_data", {"image/png": "iVBORw0KGgoAAAAA"})]
    states = [("box", {"children": ["IPY_MODEL_slider", "IPY_MODEL_out"]}), ("slider", {}),
              ("out", {"outputs": below})]
    (kept,) = stored(["nbval-ignore-output"], [view], states)
    assert {*kept.data} == {"image/png", "text/plain"}
    assert "before its controls are moved" in kept.metadata["image/png"]["alt"]


@pytest.mark.parametrize("had, kept", [(None, "A flower."), (FROM_CONTROLS, "A flower."),
                                       ("The window of y[0,0].", "The window of y[0,0].")])
def test_the_words_of_a_cell_replace_none_or_those_of_any_controls(had, kept):
    cell = v4.new_code_cell("draw()", metadata={"mystnb": {"image": {"alt": "A flower."}}})
    said = {"image/png": {"alt": had}} if had else {}
    output = v4.new_output("display_data", PICTURE, metadata=said)
    describe(output, cell)
    assert output.metadata["image/png"]["alt"] == kept


def test_a_widget_without_the_tag_is_refused():
    with pytest.raises(ValueError, match="shows a widget: tag it"):
        stored([], [{WIDGET: {"model_id": "box"}}])


def test_the_link_is_there_once_the_site_has_an_address(tmp_path, monkeypatch):
    monkeypatch.setattr(run_chapters, "ROOT", tmp_path)
    project = tmp_path / "pyproject.toml"
    project.write_text("[project]\n")
    assert as_stored("05_input_gradient") == {"FLIPPED_KERNEL_STORED": "1"}
    project.write_text('[project.urls]\nHomepage = "https://book.example/"\n')
    page = as_stored("05_input_gradient")["FLIPPED_KERNEL_PAGE"]
    assert page == "https://book.example/chapters/05_input_gradient.html"


def test_work_is_shared_by_other_processes_and_comes_back_in_order():
    process = "__import__('os').getpid()"
    first, *processes = two_at_a_time(eval, ["2 + 3", process, process, process])
    assert first == 5 and os.getpid() not in processes and len(set(processes)) <= 2
