"""The crawler itself: a sound page passes, and each thing that can break on a page is told."""

import random

import pytest
from crawl import EVERYWHERE, axe, by_keyboard, complaints, heavy, opened, unmoved, unresolved

pytestmark = pytest.mark.browser
HERE = "http://127.0.0.1:9/site"  # nobody listens: each answer is made here
STATE = '<script type="application/vnd.jupyter.widget-view+json">{"model_id": "a1"}</script>'
FLIPBOOK = """<div class="live"><img alt="A bar, 0 units of height." width="60" height="20">
    <label>n <input type="range" max="3" value="0"></label></div><script>{
    const [img, input] = document.querySelectorAll('.live :is(img, input)');
    const draw = () => {
        const canvas = document.createElement('canvas');
        canvas.getContext('2d').fillRect(0, 0, PIXELS, 9);
        img.src = canvas.toDataURL();
        img.alt = `A bar, ${WORDS} units of height.`; };
    input.addEventListener('input', draw);
    draw(); }</script>"""
DOT = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
EXPLORER = """<div class="explorer"><table><tr><td data-key="dx[0]" tabindex="0">7</td></tr></table>
    <p class="explorer-letters"></p></div><script>
    document.querySelector('td').addEventListener('keydown', event =>
        document.querySelector('.explorer-letters').textContent = ANSWER)</script>"""
PROBE = """<div class="probe"><label>row p <input type="range" max="3" value="1"></label>
    <p class="probe-sum"></p></div><script>{
    const input = document.querySelector('.probe input');
    const say = () => document.querySelector('.probe-sum').textContent = `y[${ROW},0]`;
    input.addEventListener('input', say);
    say(); }</script>"""
SOUND = (FLIPBOOK.replace("PIXELS", "20 * input.value").replace("WORDS", "input.value")
         + EXPLORER.replace("ANSWER", "'dx[0] = dy[0]·w[0]'")
         + PROBE.replace("ROW", "input.value")
         + '<h2 id="sums">Sums</h2><p><a href="#sums">here</a> <a href="other.html#there">there</a>'
         + ' <a href="https://elsewhere.example/">elsewhere</a></p><div>shown</div>' + STATE)
PAGE = """<!doctype html><html lang="en" data-theme="light"><head><title>A page</title></head>
    <body><a href="#main-content">Skip</a> <nav><a href="other.html">contents</a></nav>
    <main id="main-content"><article><h1>A page</h1>%s
    <p><a href="page.html">again</a></p></article></main></body></html>"""
OTHER = PAGE % '<p id="there">The other page.</p>'


@pytest.fixture
def told(chromium, tmp_path):
    """told(text) -> all that the crawler has to say about this page."""
    pages = []
    (tmp_path / "page.html").write_text("")
    (tmp_path / "other.html").write_text(OTHER)

    def told(text):
        def answer(route):
            if route.request.url.startswith(f"{HERE}/page.html"):
                return route.fulfill(body=text, content_type="text/html")
            return route.abort()

        context = chromium.new_context()
        context.route("**/*", answer)
        page, wrong = opened(context, f"{HERE}/page.html", patience=500)
        pages.append(page)
        wrong += complaints(page, "outline", "jumps", "manyStops", *EVERYWHERE)
        wrong += list(by_keyboard(page))
        return wrong + list(unmoved(page)) + list(unresolved(page, HERE, tmp_path))

    yield told
    for page in pages:
        page.context.close()


def test_a_sound_page_is_let_alone(told):
    assert told(PAGE % SOUND) == []


@pytest.mark.parametrize("body, words", [
    ('<script src="https://elsewhere.example/a.js"></script>', "asks https://elsewhere.example"),
    ('<script src="missing.js"></script>', "does not get"),
    ("<script>missing.call()</script>", "stumbles: missing is not defined"),
    ("<script>console.error('no state')</script>", "complains: no state"),
    ('<img alt="A picture that is torn." src="data:image/png;base64,AAAA">',
     "cannot show the picture"),
    (f'<img alt="" src="{DOT}">', "without an alt text"),
    (f'<img src="{DOT}">', "without an alt text"),
    (f'<img alt="Figure 3" src="{DOT}">', "too short a one"),
    (STATE, "shows nothing for the widget"),
    ("<div></div>" + STATE, "shows nothing for the widget"),
    ('<p class="math">\\(x\\)</p>', "does not typeset"),
    ('<p class="math"><mjx-container><mjx-merror>x</mjx-merror></mjx-container></p>',
     "typesets an error"),
    ("<p>The sum $$x$$ stands here.</p>", "shows raw TeX"),
    ('<p style="width: 2000px">wide</p>', "scrolls sideways: 2"),
    ('<div style="overflow: hidden; width: 9em"><p style="width: 20em">its end is lost</p></div>',
     "cuts off: <p"),
    ('<div style="overflow: hidden; width: 9em; display: flex; flex-direction: row-reverse">'
     '<div><p style="width: 20em">its beginning is lost</p></div></div>', "cuts off: <p"),
    ('<div id="late"></div><p style="height: 20em">text</p><script>setTimeout(() => '
     'document.getElementById("late").style.height = "20em", 200)</script>' + STATE,
     "jumps while it comes"),
    ("<h1>Another page</h1>", "not one h1"),
    ("<h4>Deep</h4>", "has a heading 4 under a heading 1"),
    ("<style>button { outline: none }</style><button>Go</button>",
     "does not show the focus of: <button"),
    (150 * "<button>Go</button>", "stops Tab 15"),
    ('<a href="#nowhere">a</a>', "has no such anchor"),
    ('<a href="other.html#nowhere">a</a>', "has no such anchor"),
    ('<a href="missing.html">a</a>', "which is not there"),
    ('<a href="file:///elsewhere.html">a</a>', "links out of the site"),
    (FLIPBOOK.replace("PIXELS", "20").replace("WORDS", "input.value"),
     "shows one picture at both ends"),
    (FLIPBOOK.replace("PIXELS", "20 * input.value").replace("WORDS", "0"),
     "says the same of two pictures"),
    (EXPLORER.replace("ANSWER", "''"), "says nothing of dx[0]"),
    (PROBE.replace("ROW", "0"), "has a probe that stays where it was: 'y[0,0]'"),
    ('<div class="explorer"></div>', "has an explorer without cells"),
])
def test_what_is_broken_is_told(told, body, words):
    said = told(PAGE % body)
    assert any(words in complaint for complaint in said), said


def test_a_page_is_weighed_with_all_that_it_fetches(page, tmp_path):
    (tmp_path / "page.html").write_text(PAGE % "<script src='more.js'></script>")
    (tmp_path / "more.js").write_bytes(random.Random(0).randbytes(100_000))
    page.route("**/*", lambda route: route.fulfill(
        path=tmp_path / route.request.url.split("/")[-1]))
    page.goto(f"{HERE}/page.html")
    for most, told in ((90_000, True), (110_000, False), (5_000_000, True)):
        assert bool(list(heavy(page, HERE, most, tmp_path))) == told


@pytest.mark.parametrize("old, new, words", [
    (' lang="en"', "", "says no language"),
    ("<title>A page</title>", "", "has no title"),
    ('href="#main-content"', 'href="#"', "does not begin with a link that skips"),
    ('<main id="main-content">', "<main>", "does not lead into the main content"),
    ('<a href="#main', '<a style="position: absolute; top: -9em" href="#main',
     "does not show its skip link"),
])
def test_a_page_without_its_frame_is_told(told, old, new, words):
    assert any(words in complaint for complaint in told((PAGE % SOUND).replace(old, new)))


@pytest.mark.parametrize("body, rule", [
    ('<p style="color: #999; background: #fff">pale</p>', "color-contrast"),
    ('<input type="range">', "label"),
    ("<table><tr><th></th><th>a</th></tr><tr><th>b</th><td>1</td></tr></table>",
     "empty-table-header"),
    ('<button style="width: 9px; height: 9px; padding: 0">a</button>' * 2, "target-size"),
    (f'<img src="{DOT}">', "image-alt"),
    ('<pre><b>one</b></pre><pre><b>two</b> <b style="color: #999">six</b></pre>', "color-contrast"),
    ('<pre><b style="color: #999">+</b></pre><pre><b style="color: #999">and</b></pre>',
     "color-contrast"),
    ('<pre style="color: #555">one</pre><div style="background: #777">'
     '<pre style="color: #555">two</pre></div>', "color-contrast"),
])
def test_axe_is_asked_everything(page, body, rule):
    page.set_content(PAGE % body)
    assert any(found.startswith(f"{rule}: ") for found in axe(page))


@pytest.mark.parametrize("head, found", [
    ("<mjx-assistive-mml><math><mi>x</mi></math></mjx-assistive-mml>", False), ("", True)])
def test_axe_is_not_asked_what_it_cannot_read(page, head, found):
    table = f"<table><tr><th>{head}</th><th>a</th></tr><tr><td>1</td><td>2</td></tr></table>"
    page.set_content(PAGE % table)
    assert any("empty-table-header" in words for words in axe(page)) == found


def test_axe_leaves_the_page_as_it_was(page):
    formula = ("<mjx-container><mjx-math><mjx-mi>x</mjx-mi></mjx-math><mjx-assistive-mml><math>"
               "<mi>x</mi></math></mjx-assistive-mml></mjx-container>")
    page.set_content(PAGE % f"{formula}{'<pre><b>a</b> <i>b</i></pre>' * 2}")
    before, small = page.content(), "document.querySelectorAll('mjx-mi, mi, pre *').length"
    assert axe(page) and page.content() == before
    assert page.evaluate(small) == 6
    assert page.evaluate(f"crawl.thinned(() => {small})") == 2
