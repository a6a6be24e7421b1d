"""The widgets on a page without any kernel: flipbook frames and blanks.

The model is a stand-in that only holds traits, so whatever answers here is the page itself.
"""

import base64
from pathlib import Path

import pytest
from playwright.sync_api import expect

from course.audit import claims
from course.gallery import reports
from figures.widgets.ask import ask
from figures.widgets.gallery import bug_gallery
from figures.widgets.live import live, stops
from figures.widgets.scene import scene
from figures.widgets.table import audit_table

BARE = True
pytestmark = pytest.mark.browser

HOST = """async ([source, css, state, images]) => {
  for (const [k, text] of images.entries())
    state.frames[k].image = new DataView(Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer);
  const heard = {};
  const model = {
    get: (name) => state[name],
    set: (name, value) => {
      state[name] = value;
      (heard[`change:${name}`] ?? []).forEach(f => f());
    },
    on: (name, f) => (heard[name] ??= []).push(f),
    off: () => {},
    save_changes: () => { throw Error("asked a kernel"); },
  };
  const code = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
  const el = document.body.appendChild(document.createElement("div"));
  (await import(code)).default.render({ model, el });
}"""


def host(page, widget, times=1):
    """Render the widget's own JavaScript and CSS with the state Python would send."""
    kind = type(widget)
    traits = [name for name in widget.trait_names(sync=True)
              if not name.startswith("_") and name not in ("layout", "tabbable", "tooltip")]
    state = {name: getattr(widget, name) for name in traits}
    state.pop("picture", None)
    images = [base64.b64encode(f["image"]).decode() for f in state.get("frames", [])]
    state["frames"] = [{k: v for k, v in f.items() if k != "image"}
                       for f in state.get("frames", [])]
    module = kind.__module__.replace(".", "/")
    source = Path(f"{module}.js").read_text()
    css = Path(f"{module.replace('gallery', 'table')}.css").read_text()  # two tables, one look
    page.set_content("<html><body></body></html>")
    for _ in range(times):
        page.evaluate(HOST, [source, css, state, images])


@scene(size=(3, 2), build=lambda fig: (ax := fig.subplots(), ax.text(0.5, 0.5, "")))
def draw(fig, parts, row, word):
    ax, text = parts
    text.set_text(f"{row} {word}")
    ax.set(xlim=(-0.5, 3.5), ylim=(2.5, -0.5))
    fig.click = (ax, "word", "row")
    return f"Row {row} is {word}."


@pytest.fixture
def flipbook():
    widget = live(draw, alt="", row=stops(range(3), last=2),
                  word=["red", "green", "blue", "grey"])
    widget.store_frames()
    return widget


def test_a_flipbook_turns_by_key_button_and_click(page, flipbook):
    host(page, flipbook)
    image, text = page.locator("img"), page.locator(".live-text")
    expect(text).to_have_text("Row 0 is red.")
    page.get_by_label("row", exact=True).press("ArrowRight")
    expect(text).to_have_text("Row 1 is red.")
    page.get_by_label("red").press("ArrowRight")
    expect(text).to_have_text("Row 1 is green.")
    page.get_by_role("button", name="last").click()
    expect(text).to_have_text("Row 2 is green.")
    expect(page.get_by_role("button", name="last")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("row", exact=True)).to_have_attribute("aria-valuetext", "2")
    expect(image).to_have_attribute("alt", "Row 2 is green.")
    frame = image.bounding_box()
    left, bottom, right, top = flipbook.frames[0]["click"]["box"]
    x, y = left + (right - left) * 3 / 4 + 0.02, top - (top - bottom) / 6  # above "grey", in row 0
    page.mouse.click(frame["x"] + x * frame["width"] + 2, frame["y"] + (1 - y) * frame["height"])
    expect(text).to_have_text("Row 0 is grey.")


def test_every_frame_shown_is_the_frame_of_its_values(page, flipbook):
    host(page, flipbook)
    shown = "async (e) => [...new Uint8Array(await (await fetch(e.src)).arrayBuffer())]"
    for row in range(3):
        page.get_by_label("row", exact=True).fill(str(row))
        for k, word in enumerate(["red", "green", "blue", "grey"]):
            page.get_by_label(word).check()
            expect(page.locator("img")).to_have_attribute("alt", f"Row {row} is {word}.")
            assert bytes(page.locator("img").evaluate(shown)) == \
                flipbook.frames[4 * row + k]["image"]


def test_reduced_motion_jumps(page, flipbook):
    page.emulate_media(reduced_motion="reduce")
    host(page, flipbook)
    page.evaluate("addEventListener('click', () => setTimeout(() => "
                  "window.seen = document.querySelector('.live-text').textContent, 0))")
    page.get_by_role("button", name="last").click()
    page.wait_for_function("window.seen")
    assert page.evaluate("window.seen") == "Row 2 is red."


def test_two_on_a_page_share_no_id_and_fit_a_telephone(page, flipbook):
    page.set_viewport_size({"width": 360, "height": 640})
    host(page, flipbook, times=2)
    ids = page.locator("[id]").evaluate_all("all => all.map(e => e.id)")
    assert len(ids) == len(set(ids)) == 10
    for control in page.locator("input").all():
        assert control.evaluate("e => e.labels.length") == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.fixture
def phone(chromium):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    yield context.new_page()
    context.close()


def wide(cells):
    """A flipbook as wide as the book's column: cell n is the nth of `cells` parts of its width."""
    @scene(size=(6.88, 2), build=lambda fig: fig.add_axes((0, 0, 1, 1)))
    def draw(fig, ax, cell):
        ax.set(xlim=(-0.5, cells - 0.5), ylim=(0, 1))
        fig.click = (ax, "cell", None)
        return f"Cell {cell}."

    widget = live(draw, alt="", cell=range(cells))
    widget.store_frames()
    return widget


SEEN = "box => [box.scrollLeft, box.scrollWidth - box.clientWidth - 2 > box.scrollLeft]"


@pytest.mark.parametrize("choose", ["tap", "click"])
def test_on_a_phone_a_picture_keeps_its_size_and_its_place(phone, choose):
    host(phone, wide(8))
    card, text = phone.locator(".live-card"), phone.locator(".live-text")
    expect(card).to_have_attribute("aria-label", "Picture, scrolls")
    expect(phone.locator(".live-card[data-more]")).to_have_count(1)
    assert phone.locator("img").bounding_box()["width"] == 688
    phone.keyboard.press("Tab")
    expect(card).to_be_focused()
    phone.keyboard.press("ArrowRight")
    phone.wait_for_function("document.querySelector('.live-card').scrollLeft >= 40")  # all of it
    card.evaluate("box => box.scrollTo(200, 0)")
    phone.get_by_label("cell").press("ArrowRight")
    expect(text).to_have_text("Cell 1.")
    frame = card.bounding_box()
    assert card.evaluate(SEEN) == [200, True]
    at = frame["x"] + 250, frame["y"] + frame["height"] / 2  # 450 of 688: cell 5
    phone.touchscreen.tap(*at) if choose == "tap" else phone.mouse.click(*at)
    expect(text).to_have_text("Cell 5.")
    assert card.evaluate(SEEN) == [200, True]
    card.evaluate("box => box.scrollTo(box.scrollWidth, 0)")
    expect(phone.locator(".live-card[data-more]")).to_have_count(0)
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_a_picture_that_fits_is_no_stop_of_the_tab_key(page):
    page.set_viewport_size({"width": 690, "height": 844})  # a column narrower than the picture
    host(page, wide(8))
    page.keyboard.press("Tab")
    expect(page.get_by_label("cell")).to_be_focused()
    expect(page.locator(".live-card")).to_have_js_property("tabIndex", -1)


def test_on_a_phone_a_slider_stands_between_its_name_and_its_value(phone):
    widget = live(lambda fig, output_padding, H: "", alt="", size=(3, 1), H=range(9, 12),
                  output_padding=stops([0.0001, 0.001, 0.01], small=0.0001))
    widget.store_frames()
    host(phone, widget)
    for row in phone.locator(".live-slider").all():
        boxes = [part.bounding_box() for part in row.locator("> :is(label, input, output)").all()]
        ends = [(box["x"], box["x"] + box["width"]) for box in boxes]
        assert sum(ends, ()) == tuple(sorted(sum(ends, ())))
        assert all(abs(box["y"] + box["height"] / 2 - boxes[1]["y"] - boxes[1]["height"] / 2) < 3
                   for box in boxes)


QUESTION = ask("What is <b>dx</b>?", dx=[20, 42, -74.5], hint="Two paths reach x[1].", why="So.",
               wrong={"the kernel was not flipped": [2, 24, -47]})


def fill(page, *values):
    for k, value in enumerate(values):
        page.get_by_label(f"dx[{k}]").fill(value)
    page.get_by_role("button", name="Check").click()
    return page.get_by_role("status")


def test_blanks_say_cell_by_cell_what_is_right(page):
    host(page, QUESTION)
    assert page.get_by_text("What is <b>dx</b>?").count() == 1  # a question is text, not markup
    expect(fill(page)).to_have_text("Nothing is filled in yet.")
    expect(fill(page, "20")).to_have_text("1 of 3 filled in, all right so far.")
    expect(fill(page, "20", "24", "-149/2")).to_have_text(
        "2 of 3 right; wrong: dx[1]. Hint: Two paths reach x[1].")
    assert page.locator(".blanks-mark").all_text_contents() == ["✓", "✗", "✓"]
    expect(page.get_by_label("dx[1]")).to_have_attribute("aria-invalid", "true")
    expect(fill(page, "2", "24", "−47")).to_contain_text("(the kernel was not flipped).")
    expect(fill(page, "20", "42", "-74,5")).to_have_text("All 3 right. So.")


def test_a_tenth_of_a_per_cent_is_wrong(page):
    host(page, QUESTION)
    expect(fill(page, "20", "42.042", "-74.5")).to_contain_text("wrong: dx[1].")
    expect(fill(page, "20", "42.00000001", "-74.5")).to_contain_text("All 3 right.")


def test_show_me_fills_and_clears(page):
    host(page, QUESTION)
    page.get_by_role("button", name="Show me").click()
    values = [page.get_by_label(f"dx[{k}]").input_value() for k in range(3)]
    assert values == ["20", "42", "-74.5"]
    page.get_by_role("button", name="Try again").click()
    assert page.get_by_label("dx[0]").input_value() == ""


def test_a_choice_is_checked_and_its_mistake_named(page):
    host(page, ask("Which is flipped?", options=["dw", "dx"], answer="dx", why="p + r = i.",
                   wrong={"p and r were taken for one": "dw"}))
    status = page.get_by_role("status")
    page.get_by_label("dw").check()
    page.get_by_role("button", name="Check").click()
    expect(status).to_have_text("Not right: p and r were taken for one.")
    page.get_by_label("dw").press("ArrowDown")
    page.get_by_role("button", name="Check").click()
    expect(status).to_have_text("Right. p + r = i.")


def test_many_words_are_a_menu(page):
    names = [f"mistake {n}" for n in range(20)]
    widget = live(lambda fig, name: f"This is {name}.", alt="", size=(2, 1), name=names)
    widget.store_frames()
    host(page, widget)
    menu = page.get_by_label("name")
    menu.select_option("mistake 7")
    expect(page.get_by_text("This is mistake 7.").first).to_be_visible()
    menu.press("ArrowDown")
    expect(page.get_by_text("This is mistake 8.").first).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_reports_are_found_by_symptom_library_mistake_year_and_words(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    host(page, bug_gallery())
    shown, status = page.locator("tbody tr:visible"), page.get_by_role("status")
    total = f"of {len(reports())} reports"
    expect(status).to_have_text(f"{len(reports())} {total}")

    def numbers(**wanted):
        for label, value in wanted.items():
            page.get_by_label(label.capitalize()).select_option(value)
        found = [row.locator("th p").first.text_content() for row in shown.all()]
        for label in wanted:
            page.get_by_label(label.capitalize()).select_option("")
        return found

    assert numbers(library="NNPACK") == ["W03"]
    assert numbers(year="2021", mistake="groups interleaved") == ["W25"]
    assert numbers(symptom="exploding gradients") == ["W37"]
    page.get_by_label("Search").fill("TORCH7 stride")
    expect(status).to_have_text(f"1 {total}")
    link = shown.first.get_by_role("link")
    assert link.get_attribute("href") == reports()[0].url
    page.get_by_label("Search").fill("nowhere to be found")
    expect(status).to_have_text(f"0 {total}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for field in page.locator(".audit :is(input, select, [tabindex])").all():
        assert field.get_attribute("data-lm-suppress-shortcuts") == "true"


@pytest.mark.parametrize("width", [1200, 360])
def test_the_audit_is_searched_and_filtered_in_the_page(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    host(page, audit_table())
    shown, status = page.locator("tbody tr:visible"), page.get_by_role("status")
    expect(status).to_have_text("205 of 205 claims")
    page.get_by_label("Document").select_option("004")
    page.get_by_label("Verdict").select_option("conceptual")
    wrong = [c.number for c in claims() if (c.document, c.verdict) == ("004", "conceptual")]
    expect(status).to_have_text(f"{len(wrong)} of 205 claims")
    assert [row.locator("th").text_content() for row in shown.all()] == wrong
    page.get_by_label("Search").fill("004-52 stack")
    expect(status).to_have_text("1 of 205 claims")
    assert "a stack, not a sum" in shown.first.text_content().lower()
    assert shown.first.locator("sub").count() > 0  # formulas are set, not spelled
    for name in ("Document", "Verdict"):
        page.get_by_label(name).select_option("")
    page.get_by_label("Search").fill("")
    page.get_by_label("Chapter").select_option("7")
    expect(status).to_have_text(f"{sum(7 in c.chapters for c in claims())} of 205 claims")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for field in page.locator(".audit :is(input, select, [tabindex])").all():
        assert field.get_attribute("data-lm-suppress-shortcuts") == "true"
