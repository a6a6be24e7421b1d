"""An explorer on a bare page, and how a test reads what the page says."""

import json
import re
from pathlib import Path

import numpy as np

from convlib import conv1d, conv1d_backward, conv2d, conv2d_backward, kernel_map
from figures.explorer import CONTROLS, PANELS

ROOT = Path(__file__).parents[3]
X, W = np.arange(1, 26).reshape(5, 5) % 10, np.array([[1000, 100], [10, 1]])
MAIN = {"show": (*PANELS[:7], "table"), "controls": CONTROLS, "start": "dx[2,2]"}
COLUMN = {"y": "out", "dy": "out", "w": "tap", "dw": "tap", "x": "inp", "dx": "inp"}
FACTORS = {"y": (("x", "inp"), ("w", "tap")), "dw": (("dy", "out"), ("x", "inp")),
           "dx": (("dy", "out"), ("w", "tap"))}
HOST = """async ([source, css, state, theme]) => {
  const heard = {};
  window.model = {
    get: (name) => state[name],
    set: (name, value) => {
      const same = JSON.stringify(state[name]) === JSON.stringify(value);
      state[name] = value;
      if (!same) (heard[`change:${name}`] ?? []).forEach(f => f());
    },
    on: (name, f) => (heard[name] ??= []).push(f),
    off: (name, f) => { heard[name] = heard[name].filter(g => g !== f); },
    save_changes: () => { window.saved = (window.saved ?? 0) + 1; },
  };
  document.documentElement.dataset.theme = theme;
  document.body.style.background = theme === 'dark' ? '#121212' : '#fff';
  document.body.style.color = theme === 'dark' ? '#eee' : '#111';
  const code = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
  const { render } = (await import(code)).default;
  window.show = () => render({ model, el: document.querySelector("main") });
  window.away = window.show();
  const settled = () => !document.querySelector(".explorer-unsettled");
  while (!settled()) await new Promise(requestAnimationFrame);  // its first frame is not seen
}"""
# every grid's numbers by the key of the cell, or the words of the alert
READ = """() => Object.fromEntries([...document.querySelectorAll('.explorer-plane td[data-key]')]
    .map(td => [td.dataset.key, td.querySelector('.explorer-value').textContent]))"""
POINT = """key => {
  document.querySelector(`[data-key="${key}"]`)
    .dispatchEvent(new PointerEvent('pointerover', {bubbles: true, pointerType: 'mouse'}));
  return ['letters', 'numbers'].map(c => document.querySelector(`.explorer-${c}`).textContent);
}"""
LIT = """() => [...document.querySelectorAll('.explorer-lit, .explorer-active')]
    .map(td => [td.dataset.key ?? 'ghost', td.dataset.tag ?? ''])"""


def host(page, widget, theme="light"):
    """Render the widget's own JavaScript and CSS with the state that Python would send."""
    names = [name for name in widget.trait_names(sync=True)
             if not name.startswith("_") and name not in ("layout", "tabbable", "tooltip")]
    state = {name: getattr(widget, name) for name in names}
    state = {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in state.items()}
    folder = ROOT / "figures/explorer"
    page.set_content("<html lang='en'><head><title>explorer</title></head>"
                     "<body><main><h1>Explorer</h1></main></body></html>")
    code, css = ((folder / f"explorer{end}").read_text() for end in (".js", ".css"))
    page.evaluate(HOST, [code, css, json.loads(json.dumps(state)), theme])


def cell(page, key):
    return page.locator(f'[data-key="{key}"]')


def expected(x, w, dy, mirrored=False, **options):
    """Every cell of every grid as convlib has it: {"dx[1,1]": 4321, ...}."""
    flat = w.ndim in (1, 3)
    turned = np.flip(w, (-1,) if flat else (-2, -1)) if mirrored else w
    grads = (conv1d_backward if flat else conv2d_backward)(dy, x, turned, **options)
    dw = np.flip(grads.dw, (-1,) if flat else (-2, -1)) if mirrored else grads.dw
    arrays = {"x": x, "w": w, "dy": dy, "dx": grads.dx, "dw": dw, "db": grads.db,
              "y": (conv1d if flat else conv2d)(x, turned, **options)}
    return {name + ("[" + ",".join(map(str, at)) + "]" if at else ""): array[at]
            for name, array in ((n, np.asarray(a)) for n, a in arrays.items())
            for at in np.ndindex(array.shape)}


def sum_of(key, arrays, table):
    """The sum of a cell as the page must write it: letters, numbers."""
    name, index = key.split("[")
    index = tuple(map(int, index[:-1].split(",")))
    rows = [row for row in table.rows() if getattr(row, COLUMN[name]) == index]
    if not rows:
        return f"{key} = 0", "No product of the table goes there."
    def factor(value):
        return f"({value})" if value < 0 else f"{value}"
    letters = ["·".join(f"{f}[{','.join(map(str, getattr(row, of)))}]" for f, of in FACTORS[name])
               for row in rows]
    factors = [[arrays[f][getattr(row, of)] for f, of in FACTORS[name]] for row in rows]
    total = sum(a * b for a, b in factors)
    first = f"{total} = " if len(rows) > 12 else ""  # a long sum begins with its value
    terms = " + ".join(f"{factor(a)}·{factor(b)}" for a, b in factors)
    return (f"{key} = {first}{' + '.join(letters)}".replace("-", "−"),
            f"= {terms} = {total}".replace("-", "−"))


def shown(explorer):
    """{key: number} of every open cell of one explorer's grids."""
    texts = explorer.evaluate("""e => [...e.querySelectorAll('.explorer-plane td[data-key]')]
        .map(td => [td.dataset.key, td.querySelector('.explorer-value').textContent])""")
    return {key: number(text) for key, text in texts if not key.startswith("M_") and text != "?"}


SLIDERS = {"size": "input size", "kernel": "kernel size", "stride": "stride",
           "padding": "padding", "dilation": "dilation"}


def sweep(explorer, widget):
    """Move every control by keyboard over its range, one after the other, and compare the grids.

    widget: the same explorer in this process; it tells ranges, and numbers of grids that grow.
    """
    store = {name: np.array(array) for name, array in widget.reserve.items()}
    plain = dict(zip(("size", "kernel", "stride", "padding", "dilation"),
                     zip(*(axis[:5] for axis in widget.axes), strict=True), strict=True))

    def compare(mirrored=False, **changed):
        now = plain | {name: (value,) * len(widget.axes) for name, value in changed.items()}
        options = {name: now[name] for name in ("stride", "padding", "dilation")}
        x, w = (store[n][tuple(map(slice, now[s]))] for n, s in (("x", "size"), ("w", "kernel")))
        y_shape = kernel_map(x.shape, w.shape, **options).y_shape
        right = expected(x, w, store["dy"][tuple(map(slice, y_shape))], mirrored, **options)
        found = shown(explorer)
        assert found == {key: right[key] for key in found} and len(found) > len(right) / 2

    for name, label in SLIDERS.items():
        slider = explorer.get_by_label(label, exact=True)
        slider.press("Home")
        for value in widget.ranges[name]:
            compare(**{name: value})
            slider.press("ArrowRight")
        slider.press("Home")
        for _ in range(widget.ranges[name].index(plain[name][0])):
            slider.press("ArrowRight")
    explorer.get_by_label("true convolution").check()
    compare(mirrored=True)
    explorer.get_by_label("true convolution").press("ArrowLeft")
    compare()


def number(text):
    return float(text.replace("−", "-")) if re.fullmatch(r"−?[\d.]+", text) else text


__all__ = ["LIT", "POINT", "READ", "expected", "host", "number", "shown", "sum_of", "sweep"]


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def settled(page):
    """The three frames in which the explorer measures its room are over."""
    page.evaluate("""async () => {
        for (let n = 0; n < 4; n++) await new Promise(requestAnimationFrame); }""")
