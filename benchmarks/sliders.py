"""From a key on a slider to the new picture: `live` beside `interact` + `plt.show()`.

    python benchmarks/sliders.py     median and p95 of both in one JupyterLab, ratios, a fast drag

Both draw the same figure with the same function. The clock runs in the page, from the key to the
load of the new image; the two take turns, so that a busy machine slows both. Every move is to a
position that was not shown before.
"""

import statistics
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from aims import aim
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/site/browser"))
from lab import Lab, drag, launch, write_notebook
from questions import Talk

ROUNDS, KEYS, VALUES = 4, 10, 60
REST, PAUSE = 3000, 300  # ms before a round and after a key
FRAME = 16.7  # ms
DRAGS = 5

CELLS = ['''
import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
from figures import live, scene

def build(fig):
    left, right = fig.subplots(1, 2)
    stairs, = left.plot([], [], drawstyle="steps-post")
    left.set(xlim=(0, 60), ylim=(0, 30), xlabel="H", ylabel="P")
    image = right.imshow(np.zeros((4, 6)), vmin=0, vmax=30)
    words = [right.text(j, i, "", ha="center", va="center") for i in range(4) for j in range(6)]
    return stairs, image, words

@scene(size=(7, 3), build=build)
def draw(fig, parts, H):
    stairs, image, words = parts
    cells = (np.arange(24).reshape(4, 6) * H) % 30
    stairs.set_data(np.arange(H + 1), np.arange(H + 1) // 2)
    image.set_data(cells)
    for word, cell in zip(words, cells.flat):
        word.set_text(cell)
    return f"H is {H}."
''', f'''
live(draw, alt="", H=range({VALUES}))
''', f'''
def redraw(H):
    draw(plt.figure(figsize=(7, 3)), H)
    plt.show()

ipywidgets.interact(redraw, H=ipywidgets.IntSlider(min=0, max={VALUES - 1}, value=0));
''']

CLOCK = """() => {
  const hear = (type, f) => document.addEventListener(type, f, true);  // load does not bubble
  hear("keydown", (event) => { window.pressed = event.timeStamp; window.took = null; });
  hear("load", (event) => {
    if (event.target.tagName === "IMG") window.took = performance.now() - window.pressed;
  });
}"""


def timed(page, control):
    control.focus()
    page.wait_for_timeout(REST)
    times = []
    for _ in range(KEYS):
        page.keyboard.press("ArrowRight")
        times.append(page.wait_for_function("window.took").json_value())
        page.wait_for_timeout(PAUSE)  # echoes of this move must not fall into the next
    return times


def first_display(page, number):
    """From running a cell to its first picture."""
    page.locator(".jp-Notebook .jp-CodeCell").nth(number).locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    took = page.wait_for_function("window.took").json_value()
    page.wait_for_timeout(REST)
    return took


def dragged(page, talk):
    """Across all values and back in half a second; whether the last position is then shown."""
    talk.clear()
    drag(page, page.locator(".live input"), back_to=20)
    at = page.locator(".live input").input_value()
    page.locator(f'.live img[alt="H is {at}."]').wait_for()
    return talk.most_pending


def marks(times):
    """Median and 95th percentile."""
    return statistics.median(times), sorted(times)[int(0.95 * len(times))]


@contextmanager
def in_lab(cells):
    """The page of a JupyterLab of its own in which these cells have run, and what it says."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = write_notebook(Path(folder, "benchmark.ipynb"), cells)
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 1400})
        talk = Talk(page)
        lab = Lab(Path(folder), page)
        try:
            lab.open(path)
            lab.run_all()
            page.evaluate(CLOCK)
            yield page, talk
        finally:
            lab.stop()
            browser.close()


def main():
    with in_lab(CELLS) as (page, talk):
        controls = {"live": page.locator(".live input"),
                    "interact": page.locator(".widget-slider .noUi-handle")}
        times = {name: [] for name in controls}
        for _ in range(ROUNDS):
            for name, control in controls.items():
                times[name] += timed(page, control)
        awaited = len(talk.wishes)
        first = {name: statistics.median(first_display(page, cell) for _ in range(3))
                 for cell, name in enumerate(controls, 1)}
        queued = max(dragged(page, talk) for _ in range(DRAGS))
    print("key to new picture, ms    median      p95")
    found = {name: marks(t) for name, t in times.items()}
    for name, (median, p95) in found.items():
        print(f"{name:24} {median:8.1f} {p95:8.1f}")
    ratios = [a / b for a, b in zip(found["live"], found["interact"], strict=True)]
    print(f"{DRAGS} fast drags end at their picture")
    aim("live, key to picture, median", found["live"][0], FRAME, "ms")
    aim("live, key to picture, 95 of 100", found["live"][1], 60, "ms")
    aim("live to interact, median", ratios[0], 0.1)
    aim("live to interact, 95 of 100", ratios[1], 0.2)
    aim(f"moves of {ROUNDS * KEYS} that waited for Python", awaited, 0)
    aim("questions under way in a fast drag", queued, 1)
    aim("first display, live to interact", first["live"] / first["interact"], 1)


if __name__ == "__main__":
    main()
