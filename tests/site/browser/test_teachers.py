"""What a lecturer does with the site: project it, link to one cell, open a fold by keyboard."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from visits import served, until

from convlib import conv2d

pytestmark = pytest.mark.browser
SITE = Path(__file__).parents[3] / "_build/html"
FIVE = "chapters/05_input_gradient.html"
GATHER = "gather-one-pixel-at-a-time"
ALL_OF_IT = "chapters/explorer.html"


@pytest.fixture(scope="module", params=["http", "file"])
def address(request):
    """Where the site's folder is found: served, or on the disk."""
    with served() as server:
        yield {"http": server, "file": SITE.as_uri()}[request.param]


@pytest.fixture
def disk():
    return SITE.as_uri()


@pytest.fixture(autouse=True)
def no_error(page):
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda m: m.type == "error" and "favicon" not in m.location["url"]
            and wrong.append(f"{m.text} {m.location['url']}"))
    yield
    assert wrong == []


def explorer(page, section):
    found = page.locator(f"section[id='{section}'] > .cell .explorer").first
    expect(found.locator(".explorer-link")).to_be_attached()
    return found


def symbols(found, text):
    expect(found.locator(".explorer-letters")).to_have_text(text)


def hash_of(page):
    return page.evaluate("location.hash")


def wait_for_hash(page, text):
    until(page, "text => location.hash === text", text)


# ------------------------------------------------------------------ an explorer's state
def test_the_state_stands_in_the_address_and_comes_back_from_it(page, address):
    page.goto(f"{address}/{ALL_OF_IT}")
    found = explorer(page, "the-explorer")
    assert hash_of(page) == ""
    found.locator('[data-key="dw[0,1]"]').press("Enter")
    wait_for_hash(page, "#the-explorer:cell=dw[0,1]")
    found.get_by_label("stride", exact=True).press("ArrowRight")
    found.get_by_role("button", name="add up by tap").click()
    found.get_by_role("button", name="restart").click()
    found.get_by_role("button", name="forward").click()
    found.locator('[data-key="x[1,2]"]').press("4")
    page.keyboard.press("Enter")
    wait_for_hash(page, "#the-explorer:cell=dw[0,1]&stride=2&sort=tap&step=4&x[1,2]=4")
    values = found.locator(".explorer-plane").all_inner_texts()
    link = page.url

    page.goto("about:blank")
    page.goto(link)
    found = explorer(page, "the-explorer")
    expect(found.locator(".explorer-count")).to_have_text(re.compile("^4 of "))
    assert found.locator(".explorer-plane").all_inner_texts() == values
    expect(found.locator('[data-key="dw[0,1]"]')).to_have_attribute("aria-selected", "true")
    expect(found.get_by_role("button", name="add up by tap")).to_have_attribute(
        "aria-pressed", "true")
    assert page.url == link
    assert page.evaluate("""() => {
        const { top, bottom } = document.querySelector('.explorer').getBoundingClientRect();
        return top < innerHeight / 2 && bottom > 0; }""")


def test_the_explorer_of_the_link_is_set_and_no_other(page, disk):
    page.goto(f"{disk}/{ALL_OF_IT}#using-it-from-python:cell=dx[0]")
    symbols(explorer(page, "using-it-from-python"), "dx[0] = dy[0]·w[0]")
    symbols(explorer(page, "the-explorer"), re.compile(r"^dx\[2,2\] = "))  # as it opened
    # another link on the same page: the first one is back at its start
    page.evaluate("location.hash = '#using-it-from-python:cell=w[1]'")
    symbols(explorer(page, "using-it-from-python"), re.compile(r"^w\[1\] = "))
    page.go_back()
    symbols(explorer(page, "using-it-from-python"), "dx[0] = dy[0]·w[0]")


def test_two_explorers_of_one_section_have_two_names(page, address):
    text = (SITE / "chapters/explorer.html").read_text("utf-8")
    text, joined = re.subn(r'</section>\s*<section id="the-two-matrices">', "", text)
    assert joined == 1
    page.route("**/chapters/explorer.html", lambda route: route.fulfill(
        body=text, content_type="text/html; charset=utf-8"))
    page.goto(f"{address}/chapters/explorer.html#channels-and-filters.2:cell=y[0,1]")
    pair = page.locator("section#channels-and-filters > .cell .explorer")
    symbols(pair.nth(1), re.compile(r"^y\[0,1\] = "))
    symbols(pair.nth(0), re.compile(r"^dx\[0,1,1\] = "))  # as it opened
    pair.nth(1).locator('[data-key="y[1,0]"]').press("Enter")
    wait_for_hash(page, "#channels-and-filters.2:cell=y[1,0]")
    key = pair.nth(0).locator('[data-key^="dx["]').first.get_attribute("data-key")
    pair.nth(0).locator(f'[data-key="{key}"]').first.press("Enter")
    until(page, "() => location.hash.startsWith('#channels-and-filters:')")


def test_sizes_examples_opened_cells_and_two_strides(page, disk):
    page.goto(f"{disk}/{ALL_OF_IT}#the-explorer:stride=2,1&padding=1&mirrored=1&count=1"
              "&numbers=impulse%20in%20x&cell=dw[1,1]")
    found = explorer(page, "the-explorer")
    expect(found.get_by_label("stride height")).to_have_value("1")  # a place in its range
    expect(found.get_by_label("stride width")).to_have_value("0")
    expect(found.get_by_label("true convolution")).to_be_checked()
    symbols(found, re.compile(r"^dw\[2,2\] = "))  # counted from 1
    x = found.locator('.explorer-x td[data-key] .explorer-value').all_inner_texts()
    assert x.count("1") == 1 and set(x) == {"0", "1"}
    y = [float(n) for n in found.locator(".explorer-y td[data-key] .explorer-value")
         .all_inner_texts()]
    size = int(len(x) ** 0.5)
    image = [[int(n) for n in x[k:k + size]] for k in range(0, len(x), size)]
    right = conv2d(image, [[1, 10], [100, 1000]], stride=(2, 1), padding=1)
    assert y == right.ravel().tolist()
    page.goto(f"{disk}/chapters/01_one_dimension.html#the-flip:open=dx[1]")
    flip = explorer(page, "the-flip")
    assert flip.locator(".explorer-dx .explorer-value").all_inner_texts().count("?") == 3


IMPOSSIBLE = {  # what an address asks for: how it is called where it is left out
    "cell=dx[9,9]": "cell", "cell=x[-1,0]": "cell", "stride=99": "stride", "stride=": "stride",
    "kernel=two": "kernel", "step=1000000": "step", "sort=colour": "sort", "count=7": "count",
    "x[0,0]=many": "x[0,0]", "x[77,0]=1": "x[77,0]", "x[0,0]=1e9": "x[0,0]",
    "open=dx[0,0]": "open", "numbers=none": "numbers", "nonsense=": "something unknown",
    "__proto__=1": "something unknown", "axes=0": "something unknown",
    "a%=%3Cb%3E": "something unknown"}


def test_what_is_not_possible_is_left_out_and_told(page, disk):
    page.goto(f"{disk}/{ALL_OF_IT}")
    found = explorer(page, "the-explorer")
    for wrong, left in IMPOSSIBLE.items():
        cell = "" if "cell" in wrong else "&cell=dw[0,0]"
        page.evaluate("hash => (location.hash = hash)", f"the-explorer:{wrong}{cell}")
        expect(found.locator(".explorer-alert")).to_have_text(
            f"Left out, because it is not possible here: {left}.")
        symbols(found, re.compile(r"^dw\[0,0\] = " if cell else r"^dx\[2,2\] = "))
    page.evaluate("location.hash = 'the-explorer:cell=dw[0,0]'")
    expect(found.locator(".explorer-alert")).to_have_text("")
    page.evaluate("location.hash = 'the-explorer:stride=2&' + 'x[0,0]=1&'.repeat(100000)")
    page.evaluate("location.hash = 'the-explorer:cell=dw[0,1]'")  # the tab is alive
    symbols(found, re.compile(r"^dw\[0,1\] = "))


def test_back_undoes_and_forward_redoes(page, address):
    page.goto(f"{address}/{ALL_OF_IT}")
    found, other = explorer(page, "the-explorer"), explorer(page, "the-lattice")
    values = [found.locator(".explorer-plane").all_inner_texts()]
    found.get_by_label("stride", exact=True).press("ArrowRight")
    values.append(found.locator(".explorer-plane").all_inner_texts())
    other.get_by_label("padding").press("ArrowRight")
    found.locator('[data-key="x[0,0]"]').press("9")
    page.keyboard.press("Enter")
    expect(found.locator('[data-key="x[0,0]"] .explorer-value')).to_have_text("9")
    found.locator('[data-key="dw[0,0]"]').press("Enter")  # looking is not undone
    page.go_back()
    expect(found.locator('[data-key="x[0,0]"] .explorer-value')).to_have_text("1")
    expect(other.get_by_label("padding")).to_have_value("1")
    page.go_back()
    expect(other.get_by_label("padding")).to_have_value("0")
    assert found.locator(".explorer-plane").all_inner_texts() == values[1]
    found.get_by_role("button", name="undo").click()
    expect(found.get_by_label("stride", exact=True)).to_have_value("0")
    assert found.locator(".explorer-plane").all_inner_texts() == values[0]
    assert hash_of(page) == ""
    found.get_by_role("button", name="redo").click()
    expect(found.get_by_label("stride", exact=True)).to_have_value("1")
    page.go_forward()
    page.go_forward()
    expect(found.locator('[data-key="x[0,0]"] .explorer-value')).to_have_text("9")


def test_going_back_to_an_address_without_a_state_goes_back_to_the_start(page, disk):
    page.goto(f"{disk}/{ALL_OF_IT}")
    found = explorer(page, "the-explorer")
    page.evaluate("location.hash = 'the-explorer:stride=2'")
    expect(found.get_by_label("stride", exact=True)).to_have_value("1")
    page.go_back()
    expect(found.get_by_label("stride", exact=True)).to_have_value("0")


def test_an_ordinary_anchor_stays_what_it_is(page, disk):
    page.goto(f"{disk}/{FIVE}#eq-5-3")
    explorer(page, GATHER)
    # the address is written 300 ms after a change: this timer fires after all that were set
    page.evaluate("new Promise(done => setTimeout(done, 300))")
    assert hash_of(page) == "#eq-5-3"
    assert page.locator(".explorer-alert").all_inner_texts() == [""] * page.locator(
        ".explorer").count()


def test_the_link_is_copied_or_offered_in_a_field(page, address):
    page.goto(f"{address}/{FIVE}")
    found = explorer(page, GATHER)
    found.locator('[data-key="dx[0,0]"]').press("Enter")
    link = f"{address}/{FIVE}#{GATHER}:cell=dx[0,0]"
    for copies in (True, False):
        page.evaluate("""copies => Object.defineProperty(navigator, 'clipboard', {
            configurable: true, value: copies ? {writeText: async text => { window.copied = text }}
                                              : undefined})""", copies)
        found.get_by_role("button", name="Copy a link to this state").click()
        said = found.locator(".explorer-link [role=status]")
        expect(said).to_have_text("The link is copied." if copies
                                  else "Copy the link from this field.")
    assert page.evaluate("copied") == link
    field = found.get_by_label("link to this state")
    expect(field).to_have_value(link)
    assert page.evaluate("getSelection().toString() || document.activeElement.value") == link


# ------------------------------------------------------------------ projection
def projected(page):
    return page.evaluate("'projection' in document.documentElement.dataset")


def shows(page, selector):
    return page.locator(selector).first.is_visible()


def test_projection_by_button_key_and_address(page, address):
    page.goto(f"{address}/{FIVE}")
    button = page.get_by_role("button", name="Projection")
    expect(button).to_have_attribute("aria-pressed", "false")
    explorer(page, GATHER)
    width = "() => document.querySelector('.explorer td[data-key]').getBoundingClientRect().width"
    before = page.evaluate(width)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(width) / before == pytest.approx(1.5, abs=0.05)
    assert not shows(page, ".bd-sidebar-primary") and not shows(page, ".bd-sidebar-secondary")
    page.keyboard.press("Escape")
    until(page, "!('projection' in document.documentElement.dataset)")
    assert page.evaluate(width) == before and shows(page, ".bd-sidebar-primary")
    page.keyboard.press("p")
    assert projected(page)
    page.keyboard.press("P")
    assert not projected(page)
    page.goto("about:blank")
    page.goto(f"{address}/{FIVE}?project")
    expect(page.get_by_role("button", name="Projection")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("p")
    page.reload()
    assert not projected(page)  # what was chosen last counts


def test_projection_lasts_over_reload_and_next_page_and_keeps_folds(page, address):
    page.goto(f"{address}/{FIVE}?project")
    page.goto(f"{address}/{FIVE}")
    assert projected(page)
    page.reload()
    assert projected(page)
    page.locator(".prev-next-footer a.right-next, a.right-next").first.click()
    page.wait_for_url("**/06_worked_example.html")
    assert projected(page)
    assert page.locator("details[open]").count() == 0


def test_the_keys_of_projection_leave_fields_and_widgets_alone(page, disk):
    page.goto(f"{disk}/{ALL_OF_IT}")
    found = explorer(page, "the-explorer")
    found.locator('[data-key="x[0,0]"]').press("7")
    page.keyboard.press("p")  # within the field of a cell
    assert not projected(page)
    page.keyboard.press("Escape")
    page.keyboard.press("p")  # on the cell
    assert projected(page)
    found.locator('[data-key="x[0,0]"]').press("Escape")  # lets the cell go, not the mode
    assert projected(page)
    found.get_by_label("stride", exact=True).press("p")
    assert projected(page)


def test_page_keys_stop_at_each_heading(page, disk):
    page.goto(f"{disk}/{FIVE}?project")
    explorer(page, GATHER)
    headings = page.locator(".bd-article h2, .bd-article h3").count()
    stops = page.evaluate("""async () => {
        const tops = new Set();
        const pause = () => new Promise(done => setTimeout(done, 20));
        for (let n = 0; n < 400; n += 1) {
            const before = scrollY;
            document.body.dispatchEvent(new KeyboardEvent('keydown',
                {key: 'PageDown', bubbles: true, cancelable: true}));
            await pause();
            if (scrollY === before) break;
            if (scrollY - before > innerHeight) return 'a screen was skipped';
            for (const h of document.querySelectorAll('.bd-article :is(h2, h3)')) {
                const top = h.getBoundingClientRect().top;
                if (top > 0 && top < 90) tops.add(h.textContent);
            }
        }
        return tops.size; }""")
    assert headings - 2 <= stops <= headings  # the last ones cannot reach the top
    down = page.evaluate("scrollY")
    page.keyboard.press("PageUp")
    until(page, "down => scrollY < down", down)


@pytest.mark.parametrize("size, theme", [((1280, 720), "light"), ((1920, 1080), "dark")])
@pytest.mark.parametrize("name", ["01_one_dimension", "05_input_gradient", "07_matrix"])
def test_nothing_is_cut_off_in_projection(page, disk, name, size, theme):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=theme)
    page.goto(f"{disk}/chapters/{name}.html?project")
    until(page, "!!document.querySelector('.explorer-link')")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    cut_off = page.evaluate("""() => [...document.querySelectorAll(
        '.bd-article :is(.explorer, .live, p, h2, img)')].filter(e =>
            !e.closest('.onlyprint, .explorer-measure, details') &&
            e.getBoundingClientRect().right > innerWidth).map(e => e.outerHTML.slice(0, 90))""")
    assert cut_off == []


# ------------------------------------------------------------------ folds
def test_hints_and_solutions_open_by_keyboard(page, disk):
    page.goto(f"{disk}/{FIVE}")
    first, hint = (page.locator("details.hint > summary", has_text=f"Hint {n} for 5.2")
                   for n in (1, 2))
    solution = page.locator("summary", has_text="Solution 5.2")
    inside = page.locator("details:has(> summary:has-text('Solution 5.2'))").get_by_text(
        "5.2 is right.")
    assert page.get_by_text("Its corner is at (1, 0)").is_hidden() and inside.is_hidden()
    assert hint.is_hidden()  # until the one before it was read
    first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(hint).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Its corner is at (1, 0)")).to_be_visible()
    page.keyboard.press("Tab")
    expect(solution).to_be_focused()
    assert solution.get_attribute("aria-label") is None
    assert solution.inner_text().strip() == "Solution 5.2"
    page.keyboard.press("Enter")
    expect(inside).to_be_visible()
    page.keyboard.press("Enter")
    expect(inside).to_be_hidden()


# ------------------------------------------------------------------ the page for teachers
def test_the_links_of_the_teachers_page_resolve(page, disk):
    page.goto(f"{disk}/pages/for_teachers.html")
    links = page.eval_on_selector_all(".bd-article a[href]", "all => all.map(a => a.href)")
    links = [link for link in links if link.startswith(disk)]
    assert len(links) > 80
    for link in links:
        place, _, anchor = link.partition("#")
        path = SITE / place.removeprefix(disk).split("?")[0].lstrip("/")
        assert path.is_file(), link
        if anchor and path.suffix == ".html":
            text = path.read_text(encoding="utf-8")
            assert f'id="{anchor}"' in text, link
