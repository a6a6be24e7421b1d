"""What a link, a word, a foreign text or a browser without storage may do to a page: nothing."""

import time
from urllib.parse import quote

import pytest
from crawl import SITE
from playwright.sync_api import expect
from visits import until

pytestmark = pytest.mark.browser
ALL = sorted(str(path.relative_to(SITE)) for path in SITE.rglob("*.html"))
KINDS = ["search.html", "genindex.html", "chapters/explorer.html", "pages/run.html"]
FOREIGN = "https://elsewhere.example"
# each would leave a trace in window.ran, or send something elsewhere
INJECTED = """async (foreign) => {
    window.broken = new Set();
    addEventListener("securitypolicyviolation", (event) =>
        window.broken.add(event.effectiveDirective));
    const added = (tag, values) => document.body.appendChild(
        Object.assign(document.createElement(tag), values));
    added("script", {textContent: "window.ran = 'a script'"});
    added("script", {src: `${foreign}/a.js`});
    added("script", {src: "data:text/javascript,window.ran='data'"});
    added("div", {innerHTML: '<img src="x:" onerror="window.ran = \\'a handler\\'">'});
    added("a", {href: "javascript:window.ran = 'a link'"}).click();
    added("iframe", {srcdoc: "<script>parent.ran = 'a frame'</" + "script>"});
    added("object", {data: `${foreign}/a`});
    added("img", {src: `${foreign}/a.png`});
    document.head.append(Object.assign(document.createElement("base"), {href: foreign}));
    const form = added("form", {action: `${foreign}/form`, target: "_blank"});
    form.submit();
    await fetch(`${foreign}/fetch`).catch(() => {});
    await new Promise(done => setTimeout(done, 300));
    return [[...window.broken].sort(), window.ran ?? null, document.baseURI.includes(foreign)];
}"""
BROKEN = ["base-uri", "connect-src", "form-action", "img-src", "object-src", "script-src-attr",
          "script-src-elem"]


@pytest.mark.parametrize("name", KINDS)
def test_what_comes_into_a_page_does_not_run_and_calls_nobody(page, address, name):
    asked = []
    page.route(f"{FOREIGN}/**", lambda route: asked.append(route.request.url) or route.abort())
    page.goto(f"{address}/{name}")
    broken, ran, moved = page.evaluate(INJECTED, FOREIGN)
    assert (set(BROKEN) - set(broken), ran, moved, asked) == (set(), None, False, [])


@pytest.mark.parametrize("words", ["constructor", "__proto__", "toString", "hasOwnProperty",
                                   "valueOf prototype", "<img src=x onerror=window.ran=1>"])
def test_every_word_can_be_searched(visit, address, words):
    page, wrong = visit(f"{address}/search.html?q={quote(words)}")
    expect(page.locator("#search-results h2")).to_have_text("Search Results")
    expect(page.locator(".search-summary")).not_to_be_empty()
    assert page.evaluate("window.ran ?? null") is None and wrong == []


def test_words_that_objects_inherit_hide_no_result(visit, address):
    for words, least in (("kernel", 6), ("kernel constructor", 0), ("kernel gradient", 6)):
        page, wrong = visit(f"{address}/search.html?q={quote(words)}")
        expect(page.locator(".search-summary")).not_to_be_empty()
        assert page.locator("#search-results li").count() >= least and wrong == []


MANY = "+".join(f"{a}{b}" for a in "etaoinshrdlu" for b in "etaoinshrdlucmfwypvbgkjqxz ")
HUGE = "e+" * 4000


@pytest.mark.parametrize("name, query", [
    ("chapters/08_channels.html", f"?highlight={MANY}"),
    ("chapters/08_channels.html", f"?highlight={HUGE}"),
    ("search.html", f"?q={MANY}"), ("search.html", f"?q={HUGE}"),
    ("chapters/08_channels.html", f"#{'x:y=1&' * 50_000}"),
    ("chapters/explorer.html", f"#{'explorer:' + 'x[0]=1&' * 50_000}"),
    ("pages/run.html", f"#{'%' * 300_000}"),
    ("pages/run.html", f"?project={'p' * 7000}&highlight=%E0%A4%A&q=__proto__#:constructor=1"),
])
def test_no_address_freezes_a_page(page, address, name, query):
    """Its longest pause is not much longer than without."""
    pauses = []
    for address_of in (f"{address}/{name}", f"{address}/{name}{query}"):
        page.goto("about:blank")
        page.goto(address_of, wait_until="commit")
        began = time.monotonic()
        until(page, "document.readyState === 'complete'")
        until(page, "window.complete?.then(() => true)")
        page.wait_for_timeout(100)
        page.evaluate("new Promise(done => setTimeout(done, 20))")
        pauses.append(time.monotonic() - began)
    assert pauses[1] < 3 * pauses[0] + 2, pauses
    assert page.locator("article h1, .bd-search-container h1").first.is_visible()


def test_what_is_highlighted_can_be_hidden_again(visit, address):
    page, wrong = visit(f"{address}/chapters/08_channels.html?highlight=filter+channel")
    expect(page.locator(".highlighted").first).to_be_visible()
    page.locator(".highlight-link a").click()
    expect(page.locator(".highlighted")).to_have_count(0)
    assert "highlight" not in page.url and wrong == []


REFUSED = """for (const name of ["localStorage", "sessionStorage"])
    Object.defineProperty(window, name, {configurable: true, get() { %s }});"""


@pytest.mark.parametrize("refusal", ["throw new DOMException('no', 'SecurityError')", "return null",
                                     "return {setItem() { throw new Error('full') }}"])
def test_without_storage_everything_works_until_the_page_is_left(page, address, refusal):
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(REFUSED % refusal)
    page.goto(f"{address}/pages/run.html")
    theme_changes(page)
    page.locator(".projection-button").click()
    expect(page.locator("html")).to_have_attribute("data-projection", "")
    page.goto(f"{address}/search.html?q=kernel")
    expect(page.locator("#search-results li").first).to_be_visible()
    page.goto(f"{address}/pages/run.html?highlight=folder")
    expect(page.locator(".highlighted").first).to_be_visible()
    assert errors == []


def theme_changes(page):
    before = page.evaluate("document.documentElement.dataset.mode")
    page.locator(".theme-switch-button").locator("visible=true").first.click()
    until(page, "before => document.documentElement.dataset.mode !== before", before)


def test_a_page_works_in_the_frame_of_a_learning_platform(page, address):
    """Sandboxed, it has no origin: no storage, and its address may not change."""
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    host = f"{address}/host"
    page.route(host, lambda route: route.fulfill(content_type="text/html", body=(
        f'<iframe sandbox="allow-scripts allow-forms" width="1200" height="800"'
        f' src="{address}/search.html?q=kernel"></iframe>')))
    page.goto(host)
    frame = page.frame_locator("iframe")
    expect(frame.locator("#search-results li").first).to_be_visible()
    mode = frame.locator("html").get_attribute("data-mode")
    frame.locator(".theme-switch-button").locator("visible=true").first.click()
    expect(frame.locator("html")).not_to_have_attribute("data-mode", mode)
    assert errors == []


@pytest.mark.parametrize("name", ["search.html", "chapters/01_one_dimension.html"])
def test_the_search_field_leads_to_the_search(page, name):
    """Also where the site is opened as files, and forms may be sent to the site alone."""
    page.goto((SITE / name).as_uri())
    page.keyboard.press("Control+k")
    field = page.locator("input[name=q]").locator("visible=true").first
    field.fill("kernel")
    field.press("Enter")
    page.wait_for_url("**/search.html?q=kernel*")
    expect(page.locator("#search-results li").first).to_be_visible()


def test_the_buttons_of_the_theme_do_what_they_say(page, address):
    page.add_init_script("window.print = () => { window.printed = true }")
    page.goto(f"{address}/pages/run.html")
    page.locator(".btn-fullscreen-button").click()
    until(page, "document.fullscreenElement !== null")
    page.locator(".btn-download-pdf-button").dispatch_event("click")
    assert page.evaluate("window.printed")
