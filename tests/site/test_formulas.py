"""Formulas are found in the pages and replaced; MathJax itself is seen by the browser tests."""

import shutil

import pytest
import set_formulas

PAGE = """<html><head><script defer src="_static/mathjax.js"></script>
<script>window.MathJax = {"options": 1}</script><title>t</title></head><body>
<p>If <span class="math notranslate nohighlight">\\(a &lt; b\\)</span> then</p>
<div class="math notranslate nohighlight" id="eq-1-2"><span class="eqno">(1)</span>\\[x^2\\]</div>
<div class="math notranslate nohighlight" id="eq-1-3">
\\[\\sum_p dy_p \\tag{1.3}\\]</div>
<div class="output text_latex math notranslate nohighlight">\\[x\\]</div>
</body></html>"""


def test_formulas_are_read_as_tex_with_their_way_of_being_shown():
    assert set_formulas.formulas(PAGE) == [
        ("a < b", False), ("\\sum_p dy_p \\tag{1.3}", True), ("x", True)]


def test_each_formula_is_set_once_and_put_where_its_tex_was(tmp_path, monkeypatch):
    asked = []

    def typeset(wanted):
        asked.extend(wanted)
        return [f"<mjx-container>{n}</mjx-container>" for n in range(len(wanted))], "mjx-c { }"

    monkeypatch.setattr(set_formulas, "typeset", typeset)
    (tmp_path / "_static").mkdir()
    (tmp_path / "chapters").mkdir()
    (tmp_path / "packages" / set_formulas.FONTS).mkdir(parents=True)
    pages = [tmp_path / "index.html", tmp_path / "chapters/01.html", tmp_path / "search.html"]
    for page in pages:
        page.write_text(PAGE if page.stem != "search" else "<head></head>none", encoding="utf-8")
    set_formulas.set_formulas(tmp_path, tmp_path / "packages")
    assert len(asked) == 3
    index, chapter, search = (page.read_text(encoding="utf-8") for page in pages)
    assert ' nohighlight"><mjx-container>0</mjx-container></span> then' in index
    assert 'id="eq-1-3"><mjx-container>1</mjx-container></div>' in index
    assert "\\(" not in index and "athjax.js" not in index and "window.MathJax" not in index
    assert 'href="_static/formulas.css"' in index and 'href="../_static/formulas.css"' in chapter
    assert search == '<head><link rel="stylesheet" href="_static/formulas.css">\n</head>none'
    assert (tmp_path / "_static/formulas.css").exists()


def test_a_formula_that_cannot_be_set_is_named_with_its_page(tmp_path, monkeypatch):
    wrong = '<mjx-container><mjx-merror data-mjx-error="Undefined control sequence"></mjx-merror>'
    monkeypatch.setattr(set_formulas, "typeset", lambda wanted: ([wrong] * len(wanted), ""))
    (tmp_path / "01.html").write_text(PAGE, encoding="utf-8")
    with pytest.raises(ValueError, match=r"01\.html: Undefined control sequence in a < b"):
        set_formulas.set_formulas(tmp_path, tmp_path)


@pytest.mark.skipif(not shutil.which("node"), reason="the site's build needs Node.js")
@pytest.mark.skipif(not (set_formulas.Path(set_formulas.__file__).parents[2]
                         / "node_modules/mathjax").exists(), reason="npm ci has not run")
def test_mathjax_draws_and_says_a_formula():
    (one, wrong), css = set_formulas.typeset([("x^2 \\tag{1.2}", True), ("\\nosuch", False)])
    assert "<math" in one and "(1.2)" in one and "NaN" not in one
    assert set_formulas.WRONG.search(wrong) and not set_formulas.WRONG.search(one)
    assert "url(mathjax-fonts/" in css
