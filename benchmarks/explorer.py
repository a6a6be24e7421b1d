"""From a pointer or a key in the explorer to the end of its frame, beside `interact`.

    python benchmarks/explorer.py      in JupyterLab and on the built site; with a slow processor
    python benchmarks/explorer.py bare   on a bare page: neither a lab nor a site is needed

The explorer: from the start of the event's handling to the end of the next frame's work (a message
posted from requestAnimationFrame), with table and lattice open. Every cell is pointed at six times:
the slowest cell is the one with the largest median, the slowest frame the largest time of all,
which the machine's other work may have made. How much of it: the same frames, as many of them,
while one cell stays pointed at, so that the explorer has nothing to do. `interact` + `plt.show()`:
from the key to the new image. Slow: Chromium's own throttling to a quarter.
"""

import sys
from pathlib import Path
from statistics import median

from aims import aim
from playwright.sync_api import sync_playwright
from sliders import CELLS as SLIDERS
from sliders import in_lab, launch, marks, timed

from figures.explorer import explore

ROUNDS = 6
BOUND = 50  # ms, at a quarter of the speed
REST = 3000  # ms, until JupyterLab has done with the cells that were run
SITE = Path(__file__).parents[1] / "_build/html/chapters/explorer.html"
EXPLORER = """
import numpy as np
from figures import explore
image = np.arange(49).reshape(7, 7) * 7 % 10
explore(image, np.arange(1, 10).reshape(3, 3), controls=("stride", "steps"),
        show=("x", "w", "y", "dy", "dx", "dw", "table", "lattice"))
"""
SHOWN = """async () => {
  const start = performance.now();
  const shown = () => document.querySelector('.explorer td[data-key]');
  while (!shown()) await new Promise(requestAnimationFrame);
  return performance.now() - start;
}"""
FRAMES = """async (resting) => {
  const took = [];
  const cells = [...document.querySelector('.explorer').querySelectorAll('td[data-key]')];
  let begun;
  const frame = () => new Promise((done) => requestAnimationFrame(() => {
    begun = performance.now();
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(0);
  }));
  for (const cell of cells) {
    await frame();
    const start = performance.now();
    (resting ? cells[0] : cell).dispatchEvent(
      new PointerEvent('pointerover', {bubbles: true, pointerType: 'mouse'}));
    const handled = performance.now() - start;
    await frame();  // the wait for the display is not counted
    took.push(handled + performance.now() - begun);
  }
  return took;
}"""


def hovered(page, name):
    """Print what pointing at each cell takes, at full speed and at a quarter of it."""
    devtools = page.context.new_cdp_session(page)
    page.evaluate(FRAMES)  # warm
    for rate, words in ((1, ""), (4, ", a quarter as fast")):
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": rate})
        rounds = [page.evaluate(FRAMES) for _ in range(ROUNDS)]
        times = [t for took in rounds for t in took]
        slowest = max(median(cell) for cell in zip(*rounds, strict=True))
        idle = [t for _ in range(ROUNDS) for t in page.evaluate(FRAMES, True)]
        print(f"{name + words:34} {marks(times)[0]:8.1f} {marks(times)[1]:8.1f} {slowest:8.1f}"
              f" {max(times):8.1f} {sum(t > BOUND for t in times):6} {max(idle):8.1f}")
        found, bound, of = ((marks(times)[1], 16.7, "95 of 100") if rate == 1
                            else (slowest, BOUND, "the slowest cell"))
        aim(f"pointing in {name}{words}, {of}", found, bound, "ms")
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 1})


def outside():
    """On a bare page, and on the site where it is built."""
    from explorers import host

    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        names = {}
        exec(EXPLORER.replace("\nexplore(", "\nwidget = explore("), {"explore": explore}, names)
        host(page, names["widget"])
        page.wait_for_selector(".explorer td[data-key]")
        hovered(page, "a bare page")
        if SITE.exists():
            page.goto(SITE.as_uri())
            page.wait_for_selector(".explorer td[data-key]")
            hovered(page, "the site's own page")
        browser.close()


def in_jupyterlab():
    with in_lab([EXPLORER, SLIDERS[0], SLIDERS[2]]) as (page, _):
        shown = []
        for _ in range(3):  # the imports are done: what is left is the cell itself
            page.locator(".jp-CodeCell").first.locator(".cm-content").click()
            page.evaluate("document.querySelector('.explorer').remove()")
            page.keyboard.press("Control+Enter")
            shown.append(page.evaluate(SHOWN))
        page.wait_for_timeout(REST)
        hovered(page, "JupyterLab")
        handle = page.locator(".widget-slider .noUi-handle")
        times = [t for _ in range(2) for t in timed(page, handle)]
        print(f"{'interact + plt.show()':34} {marks(times)[0]:8.1f} {marks(times)[1]:8.1f}")
    aim("an explorer's cell to its display", max(shown), 1000, "ms")


if __name__ == "__main__":
    print("event to painted frame, ms           median      p95     cell    frame  above     idle")
    outside()
    if "bare" not in sys.argv:
        in_jupyterlab()
