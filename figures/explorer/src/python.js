// The state as the Python that shows it again.

import { seen, told } from "./links.js";
import { isCell, OPTIONS } from "./names.js";
import { arraysOf, layerIn } from "./sums.js";

/** @typedef {import("./types").Given} Given */
/** @typedef {import("./types").Nested} Nested */
/** @typedef {import("./types").State} State */

/** @param {Nested} array @param {string} indent @returns {string} */
function listed(array, indent) {
  if (!Array.isArray(array)) return String(array);
  if (!Array.isArray(array[0])) return `[${array.join(", ")}]`;
  return `[${array.map((part) => listed(part, `${indent} `)).join(`,\n${indent} `)}]`;
}

const quoted = (/** @type {string} */ text) => JSON.stringify(text);

/** @param {string[]} names */
const tuple = (names) => `(${names.map(quoted).join(", ")}${names.length === 1 ? "," : ""})`;

/** One option of all axes: a number, or a tuple. @param {(number|string)[]} values @param {string} name */
function option(values, name) {
  const pairs = values.map((value) => String(value).split("-"));
  const plain = pairs.map(([before, after]) => (after === undefined ? before : `(${before}, ${after})`));
  if (values.length === 1) return plain[0];
  if (new Set(plain).size === 1 && name !== "padding") return plain[0];
  const mixed = pairs.some((pair) => pair.length === 2);
  const all = mixed ? pairs.map(([before, after = before]) => `(${before}, ${after})`) : plain;
  return new Set(all).size === 1 && !mixed ? all[0] : `(${all.join(", ")})`;
}

/** @param {State} state @param {Given} given */
export function python(state, given) {
  const arrays = arraysOf(layerIn(state, given), state);
  const lines = ["x", "w", "dy"].map((name) => {
    const start = `${name} = np.array(`;
    return `${start}${listed(arrays[name], " ".repeat(start.length))})`;
  });
  const plain = { stride: "1", padding: "0", dilation: "1" };
  const call = Object.entries(plain)
    .map(([name, usual]) => [
      name,
      option(
        state.axes.map((axis) => axis[OPTIONS.indexOf(name)]),
        name,
      ),
      usual,
    ])
    .filter(([, text, usual]) => text !== usual)
    .map(([name, text]) => `${name}=${text}`);
  if (given.groups > 1) call.push(`groups=${given.groups}`);
  if (state.axes[0][5]) call.push("mirrored=True");
  const shown = [`show=${tuple(given.show)}`];
  if (given.controls.length) shown.push(`controls=${tuple(given.controls)}`);
  if (given.hide.length) shown.push(`hide=${tuple(given.hide)}`);
  if (state.pinned && isCell(state.pinned)) shown.push(`start=${quoted(state.pinned)}`);
  const view = Object.entries(seen(told(state, given)));
  if (view.length) shown.push(`state={${view.map((pair) => pair.map(quoted).join(": ")).join(", ")}}`);
  const head = ["import numpy as np", "from figures import explore", "", ...lines, ""];
  return [...head, `explore(${["x, w, dy", ...call].join(", ")},`, `        ${shown.join(",\n        ")})`, ""].join(
    "\n",
  );
}
