// A state as texts, for an address and for Python: only what differs from the start is told.

import { cellsOf, entry, keyOf, laidInto, read, shapeOf } from "./arrays.js";
import { OPTIONS, SUMS } from "./names.js";
import { adopted, placed } from "./state.js";
import { closed, exists, layerIn } from "./sums.js";
import { layerOf } from "./table.js";

/** @typedef {import("./types").Column} Column */
/** @typedef {import("./types").Given} Given */
/** @typedef {import("./types").State} State */
/** @typedef {import("./types").Texts} Texts */

const MOST_PAIRS = 1500; // more cells no explorer has
const MOST_LETTERS = 80; // of one value
const columns = /** @type {Column[]} */ (Object.keys(SUMS));

/** The numbers it opened with, an example laid over them: what was edited differs from these.
 * @param {Given} given @param {string} name of the example @returns {Record<string, any>} */
function ground(given, name) {
  const { reserve } = /** @type {State} */ (given.start);
  const preset = /** @type {any} */ (given.presets.find((one) => one.name === name) ?? {});
  return Object.fromEntries(
    ["x", "w", "dy"].map((array) => [array, preset[array] ? laidInto(reserve[array], preset[array]) : reserve[array]]),
  );
}

/** @param {State} state @param {Given} given @returns {Texts} */
function texts(state, given) {
  /** @type {Texts} */
  const all = { cell: /^(row|M_|lattice)/.test(state.pinned) ? "" : state.pinned };
  OPTIONS.forEach((name, n) => (all[name] = [...new Set(state.axes.map((axis) => axis[n]))].join(",")));
  all.sort = SUMS[state.by].word;
  all.by = state.unit;
  all.step = String(state.step ?? "");
  all.count = String(state.base);
  all.open = state.opened.join(";");
  all.heat = String(Number(state.heat));
  all.symbols = String(Number(state.symbols));
  all.axis = String(state.axis);
  all.challenge = state.challenge;
  all.numbers = state.preset;
  for (const [name, array] of Object.entries(ground(given, state.preset)))
    for (const at of cellsOf(shapeOf(array))) {
      const now = entry(state.reserve[name], at);
      if (now !== entry(array, at)) all[keyOf(name, at)] = String(now);
    }
  return all;
}

/** What differs from the start. @param {State} state @param {Given} given @returns {Texts} */
export function told(state, given) {
  const start = texts(/** @type {State} */ (given.start), given);
  return Object.fromEntries(Object.entries(texts(state, given)).filter(([name, text]) => text !== (start[name] ?? "")));
}

/** The state that these texts tell, and the names of those that are not possible here.
 * What they do not name is as it was at first, and that is always possible.
 * @param {Texts} changes @param {Given} given @returns {[State, string[]]} */
export function heard(changes, given) {
  const start = /** @type {State} */ (given.start);
  const names = Object.keys(changes);
  if (names.length > MOST_PAIRS) return [start, ["more than can be read"]];
  const opening = texts(start, given);
  /** @type {Texts} */
  const wanted = Object.fromEntries(
    [...new Set([...Object.keys(opening), ...names])].map((name) => [
      name,
      Object.hasOwn(changes, name) ? String(changes[name]).slice(0, MOST_LETTERS) : opening[name],
    ]),
  );
  const wrong = new Set(names);
  const may = (/** @type {string} */ name, /** @type {unknown} */ possible) =>
    (possible || !Object.hasOwn(changes, name)) && (wrong.delete(name), true);
  const whole = (/** @type {string} */ text, /** @type {number} */ most) => /^\d+$/.test(text) && Number(text) <= most;
  const has = (/** @type {string} */ control) => given.controls.includes(control);
  const flag = (/** @type {string} */ name) => may(name, has(name) && whole(wanted[name], 1)) && wanted[name] === "1";

  const preset = may(
    "numbers",
    given.presets.some(({ name }) => name === wanted.numbers),
  )
    ? wanted.numbers
    : "";
  /** @type {State} */
  let state = { ...start, preset, reserve: ground(given, preset), notice: "", hovered: "" };
  for (const key of [...wrong]) {
    const number = read(wanted[key]);
    if (!has("edit") || !/^(x|w|dy)\[/.test(key) || !(Math.abs(number) <= given.mostValue)) continue;
    const next = placed(state, key, number);
    if (next !== state) wrong.delete(key);
    state = next;
  }
  state = { ...state, base: may("count", has("labels") && whole(wanted.count, 1)) ? Number(wanted.count) : 0 };
  state = { ...state, heat: flag("heat"), symbols: flag("symbols") };
  state = { ...state, axis: may("axis", whole(wanted.axis, given.nd - 1)) ? Number(wanted.axis) : start.axis };
  const challenge = may("challenge", has("challenge") && /^(dx|dw)?$/.test(wanted.challenge));
  state = { ...state, challenge: challenge ? wanted.challenge : "" };

  const axes = state.axes.map((_, k) =>
    OPTIONS.map((name) => {
      const parts = wanted[name].split(",");
      const text = parts[k] ?? parts[0];
      return whole(text, 99) ? Number(text) : text;
    }),
  );
  if (typeof layerOf(axes, given) !== "string") {
    state = { ...state, axes };
    for (const name of OPTIONS) wrong.delete(name);
  }
  state = /** @type {State} */ (adopted(state, given));
  const sortable = given.show.includes("table") || has("steps");
  const column = columns.find((one) => SUMS[one].word === wanted.sort);
  if (may("sort", sortable && column) && column) state = { ...state, by: column };
  if (may("by", has("steps") && /^(group|product)$/.test(wanted.by))) state = { ...state, unit: wanted.by };
  const steps = may("step", has("steps") && whole(wanted.step, layerIn(state, given).rows.length));
  state = { ...state, step: steps && wanted.step ? Number(wanted.step) : null };
  const opened = wanted.open.split(";").filter(Boolean);
  if (
    may(
      "open",
      opened.every((key) => exists(key, state, given) && closed(key, state, given)),
    )
  )
    state = { ...state, opened };
  const cell = !wanted.cell || exists(wanted.cell, state, given);
  if (may("cell", cell)) state = { ...state, pinned: cell ? wanted.cell : "" };
  return [Object.freeze(state), [...wrong]];
}

const KNOWN = new Set([
  ...OPTIONS,
  "cell",
  "sort",
  "by",
  "step",
  "count",
  "open",
  "heat",
  "symbols",
  "axis",
  "challenge",
  "numbers",
]);

const VIEW = ["sort", "by", "step", "count", "open", "heat", "symbols", "axis", "challenge"];

/** Of these texts what is seen only: not the layer, not its numbers. @param {Texts} texts @returns {Texts} */
export const seen = (texts) =>
  Object.fromEntries(VIEW.filter((name) => Object.hasOwn(texts, name)).map((name) => [name, texts[name]]));

/** What was left out, without a word of the link's. @param {string[]} wrong */
export function leftOut(wrong) {
  if (!wrong.length) return "";
  const plain = wrong.filter((name) => KNOWN.has(name) || /^(x|w|dy)\[\d+(,\d+){0,3}\]$/.test(name));
  const other = wrong.length - plain.length;
  if (other) plain.push(other === 1 ? "something unknown" : `${other} unknown things`);
  return `Left out, because it is not possible here: ${plain.join(", ")}.`;
}
