"""The site's host of widgets, on a page of a few models: what a module may ask, and what fails."""

import base64
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
HOST = (Path(__file__).parents[3] / "site/scripts/widgets.js").read_text(encoding="utf-8")
COUNTER = """
window.imports = (window.imports ?? 0) + 1;
export default {
  initialize({ model }) { model.set("start", model.get("count")); },
  render({ model, el }) {
    const heard = (_, value) => { el.textContent += ` ${value}`; };
    const quiet = () => { el.textContent += " never"; };
    model.on("change:count", heard);
    model.on("change:count", quiet);
    model.off("change:count", quiet);
    model.on("change", () => { el.textContent += "!"; });
    el.textContent = `from ${model.get("start")}`;
    model.set("count", model.get("count"));
    model.set({ count: 5, other: 1 });
    model.save_changes();
    model.off("change:count", heard);
    model.set("count", 6);
  },
};"""
READER = """
export default () => ({ render({ model, el }) {
  window.decoded = 0;
  const picture = () => model.get("frames")[1].image;
  el.append(new TextDecoder().decode(picture()), picture() === picture(), window.decoded);
} });"""
VIEW = '<script type="application/vnd.jupyter.widget-view+json">{"model_id": "%s"}</script>'
BROKEN = "export default { render() { throw new Error('no ink') } };"


def model(esm, buffers=(), **state):
    return {"state": {"_esm": esm, "_css": ".widget {color: red}", **state},
            "buffers": [{"path": path, "data": base64.b64encode(data).decode()}
                        for path, data in buffers]}


@pytest.fixture
def shown(page):
    """shown(models, views) -> the page and its console errors, once every widget was tried."""
    def shown(models, views):
        errors = []
        page.on("console", lambda m: m.type == "error" and errors.append(m.text))
        page.set_content("<html><head></head><body>" + "".join(
            VIEW % name for name in views))
        page.add_script_tag(content=HOST)
        page.evaluate("states => showWidgets({texts: [], states})", models)
        return page.locator(".widget").all_text_contents(), errors
    return shown


def test_a_module_reads_sets_and_hears_its_model(page, shown):
    words, errors = shown({"a": model(COUNTER, count=2), "b": model(COUNTER, count=3)}, "aba")
    assert errors == []
    # two views of one model hear each other, and it was initialized once
    assert words == ["from 2 5!!!!!", "from 3 5!!!", "from 2 5!!"]
    assert page.evaluate("window.imports") == 1
    assert page.locator("style").count() == 1
    expect(page.locator(".widget").first).to_have_css("color", "rgb(255, 0, 0)")


def test_a_buffer_is_decoded_when_it_is_asked_for(page, shown):
    page.evaluate("""window.atob = (plain => text => {
        window.decoded += 1; return plain(text); })(atob)""")
    frames = [(["frames", k, "image"], word) for k, word in enumerate((b"one", b"two", b"six"))]
    words, errors = shown({"a": model(READER, frames, frames=[{}, {}, {}])}, "a")
    assert (words, errors) == (["twotrue1"], [])


def test_what_fails_says_so_in_its_place_and_the_rest_is_shown(shown):
    fine = model(READER, [(["frames", 1, "image"], b"ok")], frames=[{}, {}])
    words, errors = shown({"a": model(BROKEN), "c": fine, "d": {"state": {}}}, "abcd")
    assert words == ["This widget cannot be shown: no ink.",
                     "This widget cannot be shown: the page does not hold its state.", "oktrue0",
                     "This widget cannot be shown: it is no anywidget."]
    assert len(errors) == 3
