// The state of an explorer, plain and frozen, and what each action makes of it.
// reduce(state, action, given) gives the next state, or a text: why it stays as it is.

import { changed, close, entry, holds, indexOf, keyOf, laidInto, nameOf, read, shapeOf, written } from "./arrays.js";
import { COLUMN, isCell, OPTIONS, SUMS } from "./names.js";
import { closed, exists, layerIn, misread, value } from "./sums.js";
import { layerOf, stops } from "./table.js";
import { label } from "./words.js";

/** @typedef {import("./types").Action} Action */
/** @typedef {import("./types").Given} Given */
/** @typedef {import("./types").Nested} Nested */
/** @typedef {import("./types").State} State */

const freeze = (/** @type {State} */ state) => Object.freeze(state);

/** What an explorer opens with. @param {(name: string) => any} get a trait of the model @param {Given} given @returns {State} */
export function opening(get, given) {
  const { axes, reserve } = sized(get, {});
  const selected = get("selected");
  const first = COLUMN[nameOf(selected)];
  return freeze({
    axes,
    reserve,
    preset: "",
    pinned: selected,
    hovered: "",
    by: SUMS[first]?.name === nameOf(selected) ? first : "out", // in the order of its sum
    step: null,
    unit: "group",
    base: 0,
    opened: [],
    heat: false,
    symbols: false,
    drawing: false,
    axis: given.nd - 1,
    challenge: "",
    score: [0, 0],
    notice: "",
  });
}

/** Axes and reserve as Python has them: the arrays tell the sizes. @param {(name: string) => any} get @param {object} more */
export function sized(get, more) {
  const arrays = Object.fromEntries(["x", "w", "dy"].map((name) => [name, get(name)]));
  const nd = get("axes").length;
  const sizes = [shapeOf(arrays.x).slice(-nd), shapeOf(arrays.w).slice(-nd)];
  const axes = get("axes").map((/** @type {any[]} */ options, /** @type {number} */ k) => [
    sizes[0][k],
    sizes[1][k],
    ...options.slice(2),
  ]);
  return { axes, reserve: over(get("reserve"), arrays), ...more };
}

/** @param {Record<string, Nested>} reserve @param {Record<string, Nested | undefined>} arrays */
function over(reserve, arrays) {
  const next = { ...reserve };
  for (const [name, array] of Object.entries(arrays))
    if (array !== undefined) next[name] = laidInto(reserve[name], array);
  return next;
}

/** The state with other axes, where these go together; a choice that is gone is let go.
 * @param {State} state @param {Given} given @returns {State | string} */
export function adopted(state, given) {
  const layer = layerOf(state.axes, given);
  if (typeof layer === "string") return `Not possible: ${layer}. Nothing was changed.`;
  const gone = state.pinned && isCell(state.pinned) ? !exists(state.pinned, state, given) : Boolean(state.pinned);
  return { ...state, step: null, hovered: "", pinned: gone ? "" : state.pinned };
}

/** @type {Record<string, (state: State, action: any, given: Given) => State | string>} */
const ACTIONS = {
  point: (state, { key }) => (key === state.hovered ? state : { ...state, hovered: key }),
  pin: (state, { key }) => ({ ...state, pinned: key, hovered: key }),
  set: (state, { name, value: now }) => ({ ...state, [name]: now }), // a view: heat, symbols, axis, unit, base
  sort: (state, { by }) => ({ ...state, by, step: state.step === null ? null : 0 }),
  notice: (state) => state,

  option(state, { name, axis, value: now }, given) {
    const place = OPTIONS.indexOf(name);
    const axes = state.axes.map((options, k) =>
      options.map((old, n) => (n === place && (axis === null || axis === k) ? now : old)),
    );
    return adopted({ ...state, axes }, given);
  },

  preset(state, { name }, given) {
    const preset = given.presets.find((one) => one.name === name);
    if (!preset) return `There is no example ${name}.`;
    const { sizes = {} } = preset;
    const resized = state.axes.map((options) => OPTIONS.map((option, n) => sizes[option] ?? options[n]));
    const axes = preset.axes.length ? preset.axes : resized;
    const reserve = over(state.reserve, { x: preset.x, w: preset.w, dy: preset.dy });
    return adopted({ ...state, axes, reserve, preset: name, opened: [], score: [0, 0] }, given);
  },

  // Walk on by whole groups or products; null shows all.
  step(state, { to, by }, given) {
    const ends = stops(layerIn(state, given), state.by, state.unit);
    const last = ends[ends.length - 1];
    const now = state.step ?? last;
    if (by > 0) return { ...state, step: (state.step === null ? ends[1] : ends.find((n) => n > now)) ?? last };
    if (by < 0) return { ...state, step: [...ends].reverse().find((n) => n < now) ?? 0 };
    return { ...state, step: to === null ? null : Math.max(0, Math.min(last, to)) };
  },

  put(state, { key, text }, given) {
    const number = read(text);
    const name = label(nameOf(key), indexOf(key), state);
    if (Number.isNaN(number)) return `${text} is not a number; ${name} stays ${written(value(key, state, given))}.`;
    if (Math.abs(number) > given.mostValue)
      return `${text} is more than ${given.mostValue}; ${name} stays ${written(value(key, state, given))}.`;
    return placed(state, key, number);
  },

  paint: (state, { key, value: now }) => placed(state, key, now),

  answer(state, { key, text }, given) {
    const name = label(nameOf(key), indexOf(key), state);
    const number = read(text);
    if (!Number.isFinite(number)) return `${text} is not a number; ${name} stays closed.`;
    const right = value(key, state, given);
    if (close(number, right) || written(number) === written(right))
      return {
        ...state,
        opened: [...state.opened, key],
        score: [state.score[0] + 1, state.score[1] + 1],
        notice: `${name} = ${written(number)} is right.`,
      };
    const known = state.axes[0][5] ? [] : (given.wrong.ways ?? []); // the words speak of cross-correlation
    const way = known.find((one) => one.of === nameOf(key) && close(number, misread(key, one, state, given)));
    const why = way ? `${way.words}.` : "Which products belong to it?";
    return {
      ...state,
      score: [state.score[0], state.score[1] + 1],
      notice: `${name} is not ${written(number)}. ${why}`,
    };
  },

  challenge: (state, { of }) => ({ ...state, challenge: of, opened: [], score: [0, 0], step: null, hovered: "" }),

  python: (state, { get }, given) => adopted({ ...state, ...sized(get, {}) }, given),

  selected: (state, { key }) => ({ ...state, pinned: key, hovered: "" }),

  reset: (state, _, { start }) => start ?? state,
};

/** @param {State} state @param {string} key @param {number} number @returns {State} */
export function placed(state, key, number) {
  const [name, at] = [nameOf(key), indexOf(key)];
  if (!state.reserve[name] || !holds(state.reserve[name], at) || entry(state.reserve[name], at) === number)
    return state;
  return { ...state, reserve: { ...state.reserve, [name]: changed(state.reserve[name], at, number) } };
}

/** The next state, or why there is none. @param {State} state @param {Action} action @param {Given} given @returns {State | string} */
export function reduce(state, action, given) {
  const { notice } = state; // stays while the reader looks around
  const quiet = { ...state, notice: action.type === "point" ? notice : action.type === "notice" ? action.text : "" };
  const next = ACTIONS[action.type](quiet, action, given);
  return typeof next === "string" ? next : freeze(next);
}

/** May this cell be typed into? @param {string} key @param {State} state @param {Given} given */
export const editable = (key, state, given) =>
  closed(key, state, given) || (given.controls.includes("edit") && ["x", "w", "dy"].includes(nameOf(key)));

/** The sum that a step's product goes to. @param {State} state @param {import("./types").Row} row */
export const sumOf = ({ by }, row) => keyOf(SUMS[by].name, row[by]);

/** Where a walk is: at the last product, or at the sum it completed; "" where nothing is walked.
 * @param {State} state @param {import("./types").Row[]} rows */
export function stepped(state, rows) {
  if (!state.step) return "";
  const row = rows[state.step - 1];
  return state.unit === "product" ? (row.key ?? "") : sumOf(state, row);
}
