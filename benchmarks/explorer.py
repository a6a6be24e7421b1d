"""From a pointer or a key in the explorer to the end of its frame, beside `interact`.

    python benchmarks/explorer.py      median and p95 of both in one JupyterLab; the first display

The explorer: from the start of the event's handling to the end of the next frame's work (a message
posted from requestAnimationFrame). `interact` + `plt.show()`: from the key to the new image.
"""

from sliders import CELLS as SLIDERS
from sliders import in_lab, marks, timed

ROUNDS = 6
EXPLORER = """
import numpy as np
from figures import explore
image = np.arange(49).reshape(7, 7) * 7 % 10
explore(image, np.arange(1, 10).reshape(3, 3), show=("x", "w", "y", "dy", "dx", "dw", "table"))
"""
SHOWN = """async () => {
  const start = performance.now();
  const shown = () => document.querySelector('.explorer td[data-key]');
  while (!shown()) await new Promise(requestAnimationFrame);
  return performance.now() - start;
}"""
FRAMES = """async () => {
  const took = [];
  const cells = [...document.querySelectorAll('.explorer td[data-key]')];
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
    cell.dispatchEvent(new PointerEvent('pointerover', {bubbles: true, pointerType: 'mouse'}));
    const handled = performance.now() - start;
    await frame();  // the wait for the display is not counted
    took.push(handled + performance.now() - begun);
  }
  return took;
}"""


def main():
    with in_lab([EXPLORER, SLIDERS[0], SLIDERS[2]]) as page:
        shown = []
        for _ in range(3):  # the imports are done: what is left is the cell itself
            page.locator(".jp-CodeCell").first.locator(".cm-content").click()
            page.evaluate("document.querySelector('.explorer').remove()")
            page.keyboard.press("Control+Enter")
            shown.append(page.evaluate(SHOWN))
        handle = page.locator(".widget-slider .noUi-handle")
        times = {"explorer": [], "interact": []}
        for k in range(ROUNDS):
            times["explorer"] += page.evaluate(FRAMES)
            times["interact"] += timed(page, handle, ["ArrowRight", "ArrowLeft"][k % 2])
    print("event to painted frame, ms     median      p95")
    found = {name: marks(t) for name, t in times.items()}
    for name, (median, p95) in found.items():
        print(f"{name:26} {median:10.1f} {p95:8.1f}")
    ratios = [a / b for a, b in zip(found["explorer"], found["interact"], strict=True)]
    print(f"{'explorer / interact':26} {ratios[0]:10.3f} {ratios[1]:8.3f}   (aim: p95 16.7 ms)")
    print(f"running the cell to its first display: {max(shown):.0f} ms   (aim: 1000)")


if __name__ == "__main__":
    main()
