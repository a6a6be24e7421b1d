"""What the build takes away from the finished site, and what it must leave."""

import shutil
from pathlib import Path

import nbformat.v4 as v4
import pydata_sphinx_theme
from fontTools.ttLib import TTFont

from tools import slim

THEME = Path(pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme/static"
HEAD = '<head><script src="../_static/scripts/fontawesome.js?digest=1"></script></head>'
STATES = [f'<script type="{slim.STATE}">{{"state": {n}}}</script>' for n in (1, 2)]


def test_progress_bars_go_and_anywidgets_stay_with_or_without_their_state():
    def output(name):
        return v4.new_output("display_data", {slim.VIEW: {"model_id": name}, "text/plain": name})

    states = {"kept": {"model_name": "AnyModel"}, "bar": {"model_name": "HBoxModel"}}
    cell = v4.new_code_cell(outputs=[output("bar"), output("kept"), output("lost"),
                                     v4.new_output("stream", text="words")])
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell("text"), cell],
                               metadata={"widgets": {slim.STATE: {"state": states}}})
    slim.only_anywidgets(notebook)
    assert list(notebook.metadata.widgets[slim.STATE].state) == ["kept"]
    names = [output.get("data", {}).get("text/plain", "words") for output in cell.outputs]
    assert names == ["kept", "lost", "words"]  # the check of the pages tells of the lost one


def test_states_come_after_the_text_and_the_icon_script_not_at_all():
    page = f"<html>{HEAD}{STATES[0]}<body>{STATES[1]}text</body></html>"
    assert slim.quick(page) == ("<html><head></head><body>text" + "\n".join(STATES)
                                + "\n</body></html>")
    assert slim.quick("<body>no widget</body>") == "<body>no widget</body>"


def test_icons_that_are_named_or_drawn_are_kept_and_no_others(tmp_path):
    shutil.copytree(THEME / "vendor/fontawesome/webfonts", tmp_path / "vendor/fontawesome/webfonts")
    sheet = tmp_path / "styles/theme.css"
    sheet.parent.mkdir()
    text = (THEME / "styles/pydata-sphinx-theme.css").read_text()
    sheet.write_text(text + '.arrow::after{content:"\\f107"}')
    (tmp_path / "page.html").write_text('<i class="fa-solid fa-bars"></i>')
    (tmp_path / "theme.js").write_text('icon.className = "fa-solid fa-xmark"')
    slim.keep_icons(tmp_path)
    fewer = sheet.read_text()
    assert ".fa-bars:before" in fewer and ".fa-xmark:before" in fewer
    assert ".fa-anchor:before" in text and ".fa-anchor:before" not in fewer
    assert ".woff2" not in fewer and not list(tmp_path.rglob("*.woff2"))
    glyphs = TTFont(tmp_path / "vendor/fontawesome/webfonts/fa-solid-900.ttf").getBestCmap()
    assert {0xF0C9, 0xF00D, 0xF107} <= set(glyphs) and len(glyphs) < 40
