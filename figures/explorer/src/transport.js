// What is seen rather than what is: the order of the products, the walk, heat, symbols, challenge.

import { nameOf } from "./arrays.js";
import { button, calm, icon, make } from "./dom.js";
import { choice, list, slider, together, toggle } from "./inputs.js";
import { SUMS } from "./names.js";
import { layerIn } from "./sums.js";

/** @typedef {import("./explorer.js").Explorer} Explorer */
/** @typedef {import("./inputs.js").Control} Control */
/** @typedef {import("./types").Column} Column */

const SPEEDS = [1, 2, 4, 8, 16];

/** Which sum the products are added up to. @param {Explorer} explorer @returns {Control} */
function order(explorer) {
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
    explorer.quiet(false);
  };
  const start = () => {
    clock.timer = window.setInterval(next, 1000 / clock.speed);
    explorer.quiet(true); // not every step is read out
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
  const press = (/** @type {any} */ name, /** @type {() => void} */ act) => {
    const made = button("", act);
    made.append(icon(name), make("span", {}, name));
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
      if (clock.timer) halt(), start();
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
    if (toggleButton.textContent !== name) toggleButton.replaceChildren(icon(name), make("span", {}, name));
    count.textContent =
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

/** Closed cells to be found, with a score. @param {Explorer} explorer @returns {Control} */
function challenge(explorer) {
  const grids = ["dx", "dw"].filter((name) => explorer.given.show.includes(name));
  const choices = [["", "off"], ...grids.map((name) => [name, name])].map(([value, words]) =>
    make("option", { value }, words),
  );
  const score = make("span", { class: "explorer-score" });
  const which = list(
    "challenge",
    choices,
    () => explorer.state.challenge,
    (of) => explorer.dispatch({ type: "challenge", of }),
  );
  const follow = () => {
    const {
      challenge: of,
      score: [right, tries],
      opened,
    } = explorer.state;
    which.follow();
    const cells = [...explorer.cells.keys()].filter((key) => nameOf(key) === of).length;
    score.textContent = of
      ? `${right} right of ${tries}, ${cells - opened.filter((key) => nameOf(key) === of).length} closed`
      : "";
  };
  return { element: make("div", { class: "explorer-option" }, which.element, score), follow };
}

/** @param {Explorer} explorer */
export function viewRow(explorer) {
  const { given } = explorer;
  const has = (/** @type {string} */ name) => given.controls.includes(name);
  const sums = given.show.filter((name) => ["y", "dw", "dx"].includes(name));
  /** @type {Control[]} */
  const all = [];
  const steps = has("steps") ? walk(explorer) : null;
  if (given.show.includes("table") || given.show.includes("lattice") || (steps && sums.length > 1))
    all.push(order(explorer));
  if (steps) all.push(steps);
  const view = (/** @type {"heat" | "symbols" | "drawing"} */ name, /** @type {string} */ words) =>
    toggle(
      words,
      () => explorer.state[name],
      () => explorer.dispatch({ type: "set", name, value: !explorer.state[name] }),
    );
  const toggles = [
    ...(has("heat") ? [view("heat", "heat")] : []),
    ...(has("symbols") ? [view("symbols", "symbols")] : []),
    ...(has("draw") ? [view("drawing", "draw on x")] : []),
  ];
  const legend = make(
    "span",
    { class: "explorer-legend", hidden: "" },
    make("i", { class: "explorer-minus" }),
    " negative, ",
    make("i", {}),
    " positive: the more colour, the larger",
  );
  if (toggles.length)
    all.push(
      together(make("div", { class: "explorer-buttons" }, ...toggles.map((one) => one.element), legend), toggles),
    );
  if (has("labels"))
    all.push(
      choice(
        "count from",
        [
          ["0", "0"],
          ["1", "1"],
        ],
        () => String(explorer.state.base),
        (value) => explorer.dispatch({ type: "set", name: "base", value: Number(value) }),
      ),
    );
  if (has("challenge")) all.push(challenge(explorer));
  const element = make("div", { class: "explorer-view" }, ...all.map((control) => control.element));
  const follow = () => {
    for (const control of all) control.follow();
    legend.hidden = !explorer.state.heat;
  };
  return { element, follow, halt: () => steps?.halt(), time: () => steps?.time() ?? 0 };
}
