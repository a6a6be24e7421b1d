"""What the site knows of its reader: answers given by keyboard, veils, and what comes again."""

import re
from pathlib import Path

import pytest
from crawl import AXE
from playwright.sync_api import expect
from visits import KEPT, SHOWN, until

pytestmark = pytest.mark.browser

# (chapter, number, wrong answer, what is said of it, right answer): a number, tuples of several
# kinds, a list, an array, sets, a dictionary, a word, a choice
EXERCISES = [
    ("00_start_here", "0.2", "(5, [0], [1, 2, 3])", "that is the length of y", "7, [0], [1, 2, 3]"),
    ("00_start_here", "0.4", "(361, [1, 2, 3])", "the number is right; but",
     "(361, [2, 3, 5])"),
    ("02_convolution_or_correlation", "2.2", "7", "Not right yet", "4"),
    ("03_forward", "3.1", "{16}", "not read", "{16, 17, 18}"),
    ("03_forward", "3.3", "(1, 2)", "Not right yet",
     "([[0,0,0],[0,0,1],[0,0,0]], [[0,0,0],[0,1,0],[0,0,0]])"),
    ("04_kernel_gradient", "4.2", "[[1, 2]]", "the shape is (1, 2), and should be (2, 2)",
     "[[1245, 2356], [4578, 5689]]"),
    ("04_kernel_gradient", "4.3", "(0.5, True)", "2 of 2 entries differ", "(0.000176, False)"),
    ("08_channels", "8.3", "{'w': (4, 3, 3, 2)}", "the entries for 'b', 'y', 'dw', 'dx' are wrong",
     "{'w': (4,3,3,2), 'b': (4,), 'y': (2,4,5,4), 'dw': (4,3,3,2), 'dx': (2,3,7,5)}"),
    ("A_mistake_lab", "A.1", "no_flip", "without the flip", "transpose for rot180"),
]


@pytest.fixture
def site(page, address):
    def go(name):
        page.goto(f"{address}/{name}.html")
        until(page, SHOWN)
        return page
    return go


def line(page, number):
    return page.get_by_role("group", name=f"Exercise {number}", exact=True)


def answer(page, number, text):
    field = line(page, number).get_by_label("Your answer")
    field.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    return line(page, number).get_by_role("status")


@pytest.mark.parametrize("chapter", dict.fromkeys(chapter for chapter, *_ in EXERCISES))
def test_exercises_are_answered_by_keyboard(site, chapter):
    page = site(f"chapters/{chapter}")
    exercises = [exercise for of, *exercise in EXERCISES if of == chapter]
    for number, wrong, said, right in exercises:
        if number != "A.1":  # a word may be anything
            expect(answer(page, number, "(")).to_contain_text("This cannot be read. Write ")
        expect(answer(page, number, wrong)).to_contain_text(said)
        expect(line(page, number).get_by_role("img", name="wrong")).to_be_visible()
        page.keyboard.press("Tab")
        expect(line(page, number).get_by_role("button", name="Check")).to_be_focused()
        expect(answer(page, number, right)).to_contain_text("Right.")
    page.reload()
    until(page, SHOWN)
    for number, _, _, right in exercises:
        expect(line(page, number).get_by_label("Your answer")).to_have_value(right)
        expect(line(page, number).get_by_role("status")).to_contain_text("Right.")


def test_a_choice_is_answered_by_keyboard_and_marks_are_counted(site):
    page = site("chapters/04_kernel_gradient")
    asks = page.get_by_role("group", name="How do the four gradients combine")
    asks.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(asks.get_by_role("status")).to_contain_text("Not right: raising")
    asks.get_by_label("we average them").press("ArrowUp")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(asks.get_by_role("status")).to_contain_text("Right.")
    place = page.locator(".bd-sidebar-primary a", has_text="kernel’s gradient").locator(
        ".answered")
    expect(place).to_contain_text(re.compile(r"^1/\d+, 1 of \d+ answered$"))
    answer(page, "4.5", "(18, 9)")
    expect(place).to_contain_text("2 of")


def test_review_asks_again_what_was_missed_until_it_is_right(site):
    page = site("chapters/04_kernel_gradient")
    answer(page, "4.5", "(9, 18)")
    answer(page, "4.5", "(18, 9)")  # right, but not at first
    answer(page, "4.4", "(1938816, 55296, 128)")
    page.get_by_role("group", name="The upstream gradient is").get_by_role(
        "button", name="Show me").press("Enter")
    page = site("pages/review")
    asked = page.locator(".review-item")
    assert asked.evaluate_all("items => items.map(i => i.dataset.number)") == ["Q4.4", "4.5"]
    expect(page.locator("#review-progress tr", has_text="kernel’s gradient")).to_contain_text(
        "Q4.4, 4.5")
    assert page.locator("details", has_text="Recall").count() > 10
    expect(line(page, "4.5").get_by_label("Your answer")).to_have_value("")
    expect(answer(page, "4.5", "(9, 18)")).to_contain_text("Not right yet")
    expect(answer(page, "4.5", "(18, 9)")).to_contain_text("Right.")
    page.reload()
    until(page, SHOWN)
    assert asked.evaluate_all("items => items.map(i => i.dataset.number)") == ["Q4.4"]


def test_two_tabs_lose_no_mark(site, address, page):
    site("chapters/04_kernel_gradient")
    other = page.context.new_page()
    other.goto(f"{address}/chapters/00_start_here.html")
    until(other, SHOWN)
    answer(page, "4.5", "(18, 9)")
    answer(other, "0.2", "(7, [0], [1, 2, 3])")
    answer(page, "4.4", "(1, 2, 3)")
    for tab in (page, other):
        until(tab, f"(({KEPT})().solved + ({KEPT})().missed) === '0.2,4.54.4'")
    expect(other.locator(".answered", has_text="1 of 11")).to_have_count(1)  # heard in the other


def test_a_browser_that_keeps_nothing_still_answers(page, address):
    page.add_init_script("Storage.prototype.setItem = () => { throw Error('full') };"
                         "Storage.prototype.getItem = () => { throw Error('closed') };")
    page.goto(f"{address}/chapters/04_kernel_gradient.html")
    until(page, SHOWN)
    expect(answer(page, "4.5", "(18, 9)")).to_contain_text("Right.")
    first = page.locator(".veil").first
    first.get_by_role("button", name="Show me").press("Enter")
    assert first.locator(".veil-content").evaluate("e => e.offsetHeight") > 0


# ------------------------------------------------------------------ veils
def heights(page):
    return page.locator(".veil-content").evaluate_all("all => all.map(e => e.offsetHeight)")


def spoken(page):
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    return " ".join(str(node.get("name", {}).get("value", "")) for node in tree
                    if not node.get("ignored"))


def test_what_tells_an_answer_is_neither_seen_nor_heard_before_it(site):
    page = site("chapters/00_start_here")
    assert heights(page) == [0] * 3  # one for each question
    assert "L = 403" not in spoken(page)
    assert "Hidden until you have answered." in spoken(page)
    asks = page.get_by_role("group", name="x becomes [1, 3, 3, 5]")
    asks.get_by_label("L").fill("403")
    asks.get_by_label("L").press("Enter")
    assert heights(page)[0] > 0 and heights(page)[1:] == [0] * 2 and "L = 403" in spoken(page)
    page.reload()
    assert heights(page)[0] > 0 and heights(page)[1:] == [0] * 2  # before any script of ours


def test_a_veil_is_lifted_by_keyboard_and_the_reader_goes_on_from_there(site):
    page = site("chapters/00_start_here")
    asks = page.get_by_role("group", name="x becomes [1, 3, 3, 5]")
    asks.get_by_role("button", name="Show me").focus()
    page.keyboard.press("Tab")  # to the veil's own button, and past what it hides
    expect(page.locator(".veil").first.get_by_role("button", name="Show me")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".veil-content").first).to_be_focused()
    assert heights(page)[0] > 0
    expect(page.locator(".veil-bar").first).to_be_hidden()


def test_paper_and_a_page_without_scripts_know_no_veil(site, chromium, address):
    page = site("chapters/00_start_here")
    page.emulate_media(media="print")
    assert all(heights(page)) and page.locator(".veil-bar:visible").count() == 0
    context = chromium.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{address}/chapters/00_start_here.html")
    expect(plain.get_by_text("L = 403")).to_be_visible()
    expect(plain.locator(".veil-bar").first).to_be_hidden()
    context.close()


def test_paper_and_a_page_without_scripts_show_the_picture_of_a_figure_that_moves(
        chromium, address):
    twin = ":is(.picture, figure):has(+ * > .live-caption), .live-caption"
    for scripts in (True, False):
        context = chromium.new_context(java_script_enabled=scripts)
        page, fetched = context.new_page(), set()
        page.on("response", lambda response, fetched=fetched: fetched.add(response.url))
        page.goto(f"{address}/chapters/03_forward.html")
        pictures = page.locator(twin)
        if scripts:
            until(page, SHOWN)
            address_of_one = pictures.locator("img").first.evaluate("e => e.src")
            assert pictures.count() and page.locator(".live:visible").count()
            assert pictures.locator("visible=true").count() == 0 and address_of_one not in fetched
            page.emulate_media(media="print")
        assert all(picture.is_visible() for picture in pictures.all())
        assert page.locator(".live:visible").count() == 0
        assert scripts or page.evaluate("""[...document.querySelectorAll('.cell_output')]
            .every(box => parseFloat(getComputedStyle(box).minHeight || 0) === 0)""")  # no gap
        context.close()


@pytest.mark.parametrize("name", ["index", "chapters/05_input_gradient"])
def test_a_printed_page_has_its_title(site, name):
    page = site(name)
    page.emulate_media(media="print")
    expect(page.locator(".bd-article h1").first).to_be_visible()


def test_an_address_opens_the_veil_over_what_it_names(site, page, address):
    site("chapters/00_start_here")
    page.evaluate("document.querySelector('.veil-content > *').id = 'here'")
    page.evaluate("location.hash = 'here'")
    until(page, "document.querySelector('.veil-content').offsetHeight > 0")
    kept = page.evaluate(KEPT)
    assert kept["solved"] == kept["shown"] == []  # nothing was answered


# ------------------------------------------------------------------ for everybody
@pytest.mark.parametrize("name", ["chapters/04_kernel_gradient", "pages/review"])
def test_axe_finds_nothing_in_any_colours(page, address, name):
    page.add_init_script("""localStorage.setItem('flipped-kernel', JSON.stringify(
        {solved: ['4.1', 'Q4.1'], shown: [], missed: ['Q4.2', '4.2', '0.1'],
         guesses: {'4.2': {texts: ['[[1, 2]]'], chosen: ''}}}))""")
    page.goto(f"{address}/{name}.html")
    until(page, SHOWN)
    if name.startswith("chapters"):
        answer(page, "4.5", "(9, 18)")
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    for theme, colours in (("light", "none"), ("dark", "none"), ("light", "active")):
        page.emulate_media(color_scheme=theme, forced_colors=colours)
        until(page, "theme => document.documentElement.dataset.theme === theme", theme)
        page.evaluate("""async () => { await new Promise(requestAnimationFrame);
            await Promise.allSettled(document.getAnimations().filter(one => Number.isFinite(
                one.effect.getComputedTiming().endTime)).map(one => one.finished)); }""")
        found = page.evaluate("""async () => (await axe.run(
            {include: [['.blanks'], ['.veil-bar'], ['#review-progress'], ['.answered']]
                .filter(([place]) => document.querySelector(place))},
            {rules: {region: {enabled: false}}})).violations.map(v =>
                [v.id, v.nodes.map(n => n.html.slice(0, 120))])""")
        assert found == [], (theme, colours)


def test_a_wide_picture_is_moved_on_a_phone_and_fades_where_it_goes_on(site):
    page = site("chapters/03_forward")
    page.set_viewport_size({"width": 390, "height": 844})
    picture = page.locator(".picture:visible").first
    expect(picture).to_have_attribute("aria-label", "Picture, scrolls")
    faded = picture.and_(page.locator("[data-more]"))
    expect(faded).to_have_count(1)
    picture.evaluate("box => box.scrollTo(box.scrollWidth, 0)")
    expect(faded).to_have_count(0)
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(picture).not_to_have_attribute("tabindex", "0")


PAST_THE_EDGE = """() => [...document.querySelectorAll(`
        .bd-article .unbroken, .bd-article .sentence, .prev-next-area :is(p, i), .many-columns td,
        .bd-article mjx-labels mjx-mtd`)]
    .filter(one => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth
        && !one.closest(".pst-scrollable-table-container")?.matches("[data-more]"))
    .map(one => one.textContent)"""
NEARLY = """() => [...document.querySelectorAll(".bd-article mjx-container[display]")]
    .filter(one => one.checkVisibility() && one.clientWidth < one.scrollWidth)
    .map(one => [one.textContent, one.scrollWidth - one.clientWidth])"""


@pytest.mark.parametrize("name", ["chapters/01_one_dimension", "chapters/09_convnet",
                                  "chapters/11_strides", "chapters/C_notation",
                                  "pages/for_teachers"])
def test_a_phone_shows_whole_lines_and_the_numbers_of_formulas(site, name):
    page = site(name)
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    assert page.evaluate(PAST_THE_EDGE) == []
    assert len(page.evaluate(NEARLY)) <= 3  # those with one long product
