"""What the build takes away from the finished site, and what it must leave."""

import json
import re
import shutil
from pathlib import Path

import css_bundle
import minify
import nbformat.v4 as v4
import pydata_sphinx_theme
from fontTools.ttLib import TTFont

THEME = Path(pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme/static"
HEAD = """<head><title>A page</title>
<link rel="stylesheet" href="_static/styles/theme.css?digest=1" />
<link rel="stylesheet" href="_static/own.css" />
<link media="print" rel="stylesheet" href="_static/print.css" />
<script src="_static/scripts/fontawesome.js?digest=1"></script>
<script src="_static/doctools.js"></script>
<script>DOCUMENTATION_OPTIONS.pagename = 'page';</script>
<script>window.MathJax = {}</script>
<script blocking="render" src="_static/projection.js"></script>
</head>"""


def test_progress_bars_go_and_anywidgets_stay_with_or_without_their_state():
    def output(name):
        return v4.new_output("display_data", {minify.VIEW: {"model_id": name}, "text/plain": name})

    states = {"kept": {"model_name": "AnyModel"}, "bar": {"model_name": "HBoxModel"}}
    cell = v4.new_code_cell(outputs=[output("bar"), output("kept"), output("lost"),
                                     v4.new_output("stream", text="words")])
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell("text"), cell],
                               metadata={"widgets": {minify.STATE: {"state": states}}})
    minify.only_anywidgets(notebook)
    assert list(notebook.metadata.widgets[minify.STATE].state) == ["kept"]
    names = [output.get("data", {}).get("text/plain", "words") for output in cell.outputs]
    assert names == ["kept", "lost", "words"]  # the check of the pages tells of the lost one


def test_states_stand_beside_the_page_and_are_found_there(tmp_path):
    page, body = tmp_path / "chapters/03.html", "<body>text%s</body>"
    page.parent.mkdir()
    script = "export default {}; // as long as scripts are"
    states = {"a1": {"state": {"words": "Größe %s </script>", "_esm": script}},
              "a2": {"state": {"_esm": script, "_css": "p {}"}}}
    said = f'<script type="{minify.STATE}">{{"state": {json.dumps(states)}}}</script>'
    said = said.replace("</script>\"", "<\\/script>\"")
    text = minify.set_states_aside(page, body % said)
    assert text == body % '<script type="later" src="03.states.js"></script>\n'
    assert minify.stored(page) == states
    assert page.with_suffix(".states.js").read_text("utf-8").count("as long as scripts are") == 1
    assert minify.set_states_aside(tmp_path / "none.html", body % "") == body % ""
    assert minify.stored(tmp_path / "none.html") == {}


def test_the_text_waits_for_no_script_but_the_one_that_says_so():
    page = minify.quick(HEAD)
    assert re.findall(r"<(?:script|link|title)[^>]*", page) == [
        '<script blocking="render" src="_static/projection.js"', "<title",
        '<link rel="stylesheet" href="_static/styles/theme.css?digest=1" /',
        '<link rel="stylesheet" href="_static/own.css" /',
        '<link media="print" rel="stylesheet" href="_static/print.css" /',
        '<script defer src="_static/doctools.js"', "<script"]  # what MathJax is told
    assert minify.quick("<body>text</body>") == "<body>text</body>"


def test_many_style_sheets_become_one_that_draws_the_same(tmp_path):
    styles = tmp_path / "_static/styles"
    styles.mkdir(parents=True)
    (styles / "theme.css").write_text('@import "../basic.css"; a { color: red }')
    (tmp_path / "_static/basic.css").write_text("b { background: url(file.png) }")
    (tmp_path / "_static/own.css").write_text('c { background: url("data:x") url(../d.png) }')
    (tmp_path / "_static/print.css").write_text("d { color: black }")
    for page in ("one.html", "two.html"):
        (tmp_path / page).write_text(minify.quick(HEAD))
    css_bundle.join_sheets(tmp_path)
    (one,) = styles.iterdir()
    assert one.read_text() == ("b { background: url(../file.png) } a { color: red }\n"
                               'c { background: url("data:x") url(../../d.png) }')
    text = (tmp_path / "two.html").read_text()
    assert re.findall(r"<(?:link|title|script)[^>]*", text) == [
        '<script blocking="render" src="_static/projection.js"',
        f'<link rel="preload" as="style" href="_static/styles/{one.name}"', "<title",
        '<script defer src="_static/doctools.js"', "<script",
        f'<link rel="stylesheet" href="_static/styles/{one.name}"',
        '<link media="print" rel="stylesheet" href="_static/print.css" /']
    assert not (tmp_path / "_static/own.css").exists()


def test_icons_that_are_named_or_drawn_are_kept_and_no_others(tmp_path):
    shutil.copytree(THEME / "vendor/fontawesome/webfonts", tmp_path / "vendor/fontawesome/webfonts")
    sheet = tmp_path / "styles/theme.css"
    sheet.parent.mkdir()
    text = (THEME / "styles/pydata-sphinx-theme.css").read_text()
    sheet.write_text(text + '.arrow::after{content:"\\f107"}')
    (tmp_path / "page.html").write_text('<i class="fa-solid fa-bars"></i>')
    (tmp_path / "theme.js").write_text('icon.className = "fa-solid fa-xmark"')
    minify.keep_icons(tmp_path)
    fewer = sheet.read_text()
    assert ".fa-bars:before" in fewer and ".fa-xmark:before" in fewer
    assert ".fa-anchor:before" in text and ".fa-anchor:before" not in fewer
    assert ".woff2" not in fewer and not list(tmp_path.rglob("*.woff2"))
    glyphs = TTFont(tmp_path / "vendor/fontawesome/webfonts/fa-solid-900.ttf").getBestCmap()
    assert {0xF0C9, 0xF00D, 0xF107} <= set(glyphs) and len(glyphs) < 40
