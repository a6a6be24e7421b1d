// What is seen rather than what is: the walk, heat, symbols, drawing, challenge, in one row.

import { nameOf } from "./arrays.js";
import { make, steady } from "./dom.js";
import { choice, list, together, toggle } from "./inputs.js";
import { order, walk } from "./transport.js";

/** @typedef {import("./explorer.js").Explorer} Explorer */
/** @typedef {import("./inputs.js").Control} Control */

/** Closed cells to be found, with a score. @param {Explorer} explorer @returns {Control} */
function challenge(explorer) {
  const grids = ["dx", "dw"].filter((name) => explorer.given.show.includes(name));
  const choices = [["", "off"], ...grids.map((name) => [name, name])].map(([value, words]) =>
    make("option", { value }, words),
  );
  const score = steady(make("span", { class: "explorer-score" }), "88 right of 88, 88 closed");
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

/** The switch carries its legend: no place has to appear for it. @param {Control} control */
function heat(control) {
  const scale = make("i", { class: "explorer-scale" });
  control.element.append(make("span", { class: "explorer-legend", "aria-hidden": "true" }, "−", scale, "+"));
  control.element.title = "The larger a value, the stronger its tint; a negative one is hatched.";
  return control;
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
    ...(has("heat") ? [heat(view("heat", "heat"))] : []),
    ...(has("symbols") ? [view("symbols", "symbols")] : []),
    ...(has("draw") ? [view("drawing", "draw on x")] : []),
  ];
  if (toggles.length)
    all.push(together(make("div", { class: "explorer-buttons" }, ...toggles.map((one) => one.element)), toggles));
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
  const { follow } = together(element, all);
  return { element, follow, halt: () => steps?.halt(), time: () => steps?.time() ?? 0 };
}
