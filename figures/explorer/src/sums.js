// Values: the products of a table and what they add up to, cell by cell.

import { cellsOf, cropped, entry, indexOf, keyOf, nameOf } from "./arrays.js";
import { COLUMN, MATRICES, SUMS } from "./names.js";
import { grouped, layerOf, onAxis } from "./table.js";

/** @typedef {import("./types").Column} Column */
/** @typedef {import("./types").Given} Given */
/** @typedef {import("./types").Layer} Layer */
/** @typedef {import("./types").Nested} Nested */
/** @typedef {import("./types").Row} Row */
/** @typedef {import("./types").State} State */
/** @typedef {import("./types").Way} Way */

/** @type {WeakMap<object, {layer: Layer, arrays: Record<string, Nested>}>} */
const cut = new WeakMap();

/** x, w and dy as large as this layer takes them from the reserve.
 * @param {Layer} layer @param {State} state @returns {Record<string, Nested>} */
export function arraysOf(layer, state) {
  const known = cut.get(state.reserve);
  if (known?.layer === layer) return known.arrays;
  const arrays = Object.fromEntries(
    ["x", "w", "dy"].map((name) => [name, cropped(state.reserve[name], layer.shapes[COLUMN[name]])]),
  );
  cut.set(state.reserve, { layer, arrays });
  return arrays;
}

/** A state that is shown has a layer: only such a one is ever made.
 * @param {State} state @param {Given} given @returns {Layer} */
export const layerIn = (state, given) => /** @type {Layer} */ (layerOf(state.axes, given));

/** The two factors of a product. @param {Row} row @param {Column} column @param {Record<string, Nested>} arrays */
export const factorsOf = (row, column, arrays) =>
  SUMS[column].factors.map(([name, of]) => entry(arrays[name], row[of]));

/** @param {Row} row @param {Column} column @param {Record<string, Nested>} arrays */
export const product = (row, column, arrays) => factorsOf(row, column, arrays).reduce((a, b) => a * b);

/** @param {Row[]} rows @param {Column} column @param {Record<string, Nested>} arrays */
export function sum(rows, column, arrays) {
  const products = rows.map((row) => product(row, column, arrays));
  const total = products.reduce((a, b) => a + b, 0);
  const size = products.reduce((a, b) => a + Math.abs(b), 0);
  return Math.abs(total) < 1e-12 * size ? 0 : total; // what rounding leaves of a zero
}

/** The cells of dy that a bias adds up. @param {Layer} layer @param {number[]} filter */
export const pricesOf = (layer, filter) => layer.lines.out.filter((at) => filter.every((k, n) => at[n] === k));

/** The entry of a matrix that a row of the table fills. @param {Layer} layer @param {string} name @param {Row} row */
export const entryOf = (layer, name, row) =>
  keyOf(
    name,
    /** @type {Column[]} */ (["out", MATRICES[name][0]]).map(
      (column) => layer.lineOf[column].get(row[column].join(",")) ?? 0,
    ),
  );

/** The row that fills an entry, if one does. @param {Layer} layer @param {string} name @param {number[]} at */
export function rowAt(layer, name, at) {
  const out = layer.lines.out[at[0]]?.join(",");
  const across = layer.lines[MATRICES[name][0]][at[1]]?.join(",");
  return layer.groups.out.get(out ?? "")?.find((row) => row[MATRICES[name][0]].join(",") === across);
}

/** The key of a row in the lattice of one axis. @param {Row} row @param {State} state @param {Given} given */
export const latticeKey = (row, state, given) => keyOf("lattice", onAxis(row, state.axis, given.nd).slice(0, 2));

/** The products a cell takes part in. @param {string} key @param {State} state @param {Given} given @returns {Row[]} */
export function rowsOf(key, state, given) {
  const layer = layerIn(state, given);
  const [name, at] = [nameOf(key), indexOf(key)];
  if (name === "row") return layer.rows[at[0]] ? [layer.rows[at[0]]] : [];
  if (name === "lattice") return layer.rows.filter((row) => latticeKey(row, state, given) === key);
  if (MATRICES[name]) return [rowAt(layer, name, at)].filter((row) => row !== undefined);
  if (!COLUMN[name]) return [];
  return layer.groups[COLUMN[name]].get(at.join(",")) ?? [];
}

/** @param {string} key @param {State} state @param {Given} given @returns {number} */
export function value(key, state, given) {
  const layer = layerIn(state, given);
  const arrays = arraysOf(layer, state);
  const [name, at] = [nameOf(key), indexOf(key)];
  if (name === "db") return pricesOf(layer, at).reduce((total, cell) => total + entry(arrays.dy, cell), 0);
  if (arrays[name]) return entry(arrays[name], at);
  if (MATRICES[name]) {
    const row = rowAt(layer, name, at);
    return row ? entry(arrays[MATRICES[name][1]], row[MATRICES[name][2]]) : 0;
  }
  return sum(layer.groups[COLUMN[name]].get(at.join(",")) ?? [], COLUMN[name], arrays);
}

/** Is this cell's value still to be found? @param {string} key @param {State} state @param {Given} given */
export function closed(key, { opened, challenge }, { hide }) {
  const name = nameOf(key);
  const hidden = challenge === name || hide.includes(key) || hide.includes(name);
  return hidden && !opened.includes(key);
}

/** Does the layer have such a cell? @param {string} key @param {State} state @param {Given} given */
export function exists(key, state, given) {
  const layer = layerIn(state, given);
  const name = nameOf(key);
  if (!given.show.includes(name)) return false;
  const shape = name === "db" ? layer.filters : layer.shapes[COLUMN[name]];
  return Boolean(shape) && cellsOf(shape).some((at) => keyOf(name, at) === key);
}

/** A sum with taps labelled in a wrong order; NaN where that cannot be.
 * @param {string} key @param {Way} way @param {State} state @param {Given} given */
export function misread(key, { flip, swap }, state, given) {
  const layer = layerIn(state, given);
  const kernel = layer.maps.map((axis) => axis.kernel);
  if (swap && kernel[0] !== kernel[1]) return Number.NaN;
  const relabelled = (/** @type {number[]} */ tap) => {
    const lead = tap.slice(0, tap.length - kernel.length);
    const turned = tap
      .slice(-kernel.length)
      .map((r, axis) => (flip[axis] ? (given.wrong.order?.[kernel[axis]][r] ?? r) : r));
    return [...lead, ...(swap ? turned.reverse() : turned)];
  };
  const column = COLUMN[nameOf(key)];
  const rows = layer.rows.map((row) => ({ ...row, tap: relabelled(row.tap) }));
  return sum(grouped(rows, column).get(indexOf(key).join(",")) ?? [], column, arraysOf(layer, state));
}
