// The order of the products, and the walk through them.

import { button, calm, icon, make, steady } from "./dom.js";
import { list, slider, together, toggle } from "./inputs.js";
import { SUMS } from "./names.js";
import { layerIn } from "./sums.js";

/** @typedef {import("./explorer.js").Explorer} Explorer */
/** @typedef {import("./inputs.js").Control} Control */
/** @typedef {import("./types").Column} Column */

const SPEEDS = [1, 2, 4, 8, 16];

/** Which sum the products are added up to. @param {Explorer} explorer @returns {Control} */
export function order(explorer) {
  const choices = Object.entries(SUMS).map(([column, { word }]) => {
    const now = () => explorer.state.by === column;
    return toggle(word, now, () => explorer.dispatch({ type: "sort", by: column }), "add up by ");
  });
  const words = make("span", { class: "explorer-word", "aria-hidden": "true" }, "add up by");
  const element = make(
    "div",
    { class: "explorer-buttons explorer-joined", role: "group", "aria-label": "order of the products" },
    words,
    ...choices.map((one) => one.element),
  );
  return together(element, choices);
}

/** Walk through the products in the present order; the grid they add up to fills as they come.
 * @param {Explorer} explorer */
export function walk(explorer) {
  const clock = { timer: 0, speed: 2 };
  const total = () => layerIn(explorer.state, explorer.given).rows.length;
  const at = () => explorer.state.step ?? total();
  const go = (/** @type {object} */ way) => explorer.dispatch({ type: "step", ...way });
  const halt = () => {
    clearInterval(clock.timer);
    clock.timer = 0;
    explorer.saying.quiet(false);
  };
  const start = () => {
    clearInterval(clock.timer);
    clock.timer = window.setInterval(next, 1000 / clock.speed);
    explorer.saying.quiet(true); // not every step is read out
  };
  const next = () => {
    if (at() >= total()) halt();
    else go({ by: 1 });
    follow();
  };
  const play = () => {
    if (clock.timer) halt();
    else {
      if (at() >= total()) go({ to: 0 });
      start();
      next();
    }
    follow();
  };
  const face = (/** @type {any} */ name) => [
    icon(name),
    steady(make("span", {}, name), name === "play" ? "pause" : name),
  ];
  const press = (/** @type {any} */ name, /** @type {() => void} */ act) => {
    const made = button("", act);
    made.append(...face(name));
    return made;
  };
  const stop = (/** @type {object} */ way) => () => (halt(), go(way));
  const toggleButton = press("play", play);
  const buttons = [
    press("restart", stop({ to: 0 })),
    press("back", stop({ by: -1 })),
    toggleButton,
    press("forward", stop({ by: 1 })),
    press("all", stop({ to: null })),
  ];
  const count = make("span", { class: "explorer-count" });
  const speed = slider(
    "steps per second",
    SPEEDS,
    () => clock.speed,
    (value) => {
      clock.speed = value;
      if (clock.timer) start();
      follow();
    },
  );
  const unit = list(
    "each step",
    [make("option", { value: "group" }, "one sum"), make("option", { value: "product" }, "one product")],
    () => explorer.state.unit,
    (value) => explorer.dispatch({ type: "set", name: "unit", value }),
  );
  const follow = () => {
    const name = clock.timer ? "pause" : "play";
    if (toggleButton.textContent !== name) toggleButton.replaceChildren(...face(name));
    steady(count, `${total()} of ${total()} products`).textContent =
      explorer.state.step === null ? `all ${total()} products` : `${explorer.state.step} of ${total()} products`;
    unit.element.querySelector("option").textContent = `one ${SUMS[explorer.state.by].word}`;
    for (const control of [speed, unit]) control.follow();
  };
  const element = make(
    "div",
    { class: "explorer-steps" },
    make("div", { class: "explorer-buttons", role: "group", "aria-label": "step through the products" }, ...buttons),
    count,
    unit.element,
    speed.element,
  );
  /** How long a glide may take. */
  const time = () => (clock.timer ? Math.min(450, 700 / clock.speed) : calm() ? 0 : 250);
  return { element, follow, halt, time };
}
