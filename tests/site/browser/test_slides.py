"""The lectures: each is paged through to its end, with every question answered on the way."""

import pytest
from crawl import OWN, SITE

pytestmark = pytest.mark.browser
DECKS = sorted(path.name for path in (SITE / "slides").glob("*.html"))
STARTED = "() => window.deck.then(() => Reveal.isReady())"
NOW = """() => { const slide = Reveal.getCurrentSlide(); return {
    at: Reveal.getSlidePastCount(), last: Reveal.isLastSlide() && !Reveal.availableFragments().next,
    words: slide.innerText.trim(), below: slide.scrollHeight - 720,
    aside: [...slide.querySelectorAll(':not(mjx-assistive-mml, mjx-assistive-mml *)')].filter(
        one => one.getBoundingClientRect().right > slide.getBoundingClientRect().right + 1).length,
    missing: [...slide.querySelectorAll('img')].filter(i => !i.naturalWidth || !i.alt).length,
    unset: slide.querySelectorAll('.math:not(:has(mjx-container))').length }; }"""


def test_each_chapter_has_a_lecture():
    chapters = {path.name for path in (SITE / "chapters").glob("[0-9A]*.html")}
    assert set(DECKS) == chapters and len(DECKS) > 12
    teachers = (SITE / "pages/for_teachers.html").read_text("utf-8")
    assert all(f"../slides/{name}" in teachers for name in DECKS)


@pytest.mark.parametrize("name", DECKS)
def test_a_lecture_from_its_first_slide_to_its_last(page, address, name):
    wrong = []
    page.on("request", lambda r: r.url.startswith(OWN) or wrong.append(f"asks {r.url}"))
    page.on("requestfailed", lambda r: wrong.append(f"does not get {r.url}"))
    page.on("pageerror", lambda error: wrong.append(f"stumbles: {error}"))
    page.on("console", lambda m: m.type != "error" or "favicon.ico" in m.location["url"]
            or wrong.append(f"complains: {m.text}"))
    page.set_viewport_size({"width": 1280, "height": 720})
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{address}/slides/{name}")
    assert page.evaluate(STARTED)
    seen = []
    for _ in range(100):
        page.wait_for_load_state("networkidle")
        seen.append(now := page.evaluate(NOW))
        wrong += [f"slide {now['at']}: {key} {now[key]}"
                  for key in ("missing", "unset", "below", "aside") if now[key] > 0]
        wrong += [] if now["words"] else [f"slide {now['at']} is empty"]
        if now["last"]:
            break
        page.keyboard.press("Space")
    assert seen[-1]["last"]
    slides = {now["at"] for now in seen}
    assert 8 <= len(slides) <= 20 and len(seen) > len(slides)  # fragments: the answers
    assert not wrong, "\n".join(wrong)
