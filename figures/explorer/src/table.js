// The table of products. Python sends one kernel map an axis; here their triples are paired.
// Which output, tap and input cell meet is never computed in these modules.

import { cellsOf, compare } from "./arrays.js";
import { COLUMNS, MATRICES } from "./names.js";

/** @typedef {import("./types").Axis} Axis */
/** @typedef {import("./types").AxisMap} AxisMap */
/** @typedef {import("./types").Given} Given */
/** @typedef {import("./types").Layer} Layer */
/** @typedef {import("./types").Row} Row */
/** @typedef {import("./types").Column} Column */

const LOWEST = -10; // the number that the digit "0" of a packed map stands for

/** @param {string} map */
export function unpacked(map) {
  const numbers = [...map].map((digit) => Number.parseInt(digit, 36) + LOWEST);
  const triples = [];
  for (let n = 1; n < numbers.length; n += 3) triples.push(numbers.slice(n, n + 3));
  return { outs: numbers[0], triples };
}

/** The rows of a table by the index in one of its columns.
 * @param {Row[]} rows @param {Column} column @returns {Map<string, Row[]>} */
export function grouped(rows, column) {
  const groups = new Map();
  for (const row of rows) {
    const key = row[column].join(",");
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(row);
  }
  return groups;
}

/** The map of each axis; a text where these options have none.
 * @param {Axis[]} axes @param {Given} given @returns {AxisMap[] | string} */
function mapsOf(axes, { maps }) {
  const read = [];
  for (const options of axes) {
    const key = options.join("/");
    const map = Object.hasOwn(maps, key) ? maps[key] : undefined;
    if (map === undefined) return "this combination lies outside the ranges of the controls";
    if (map.startsWith("!")) return map.slice(1);
    read.push({ size: Number(options[0]), kernel: Number(options[1]), ...unpacked(map) });
  }
  return read;
}

/** @param {Row[]} rows @param {AxisMap} axis @returns {Row[]} */
const crossed = (rows, { size, outs, triples }) =>
  rows.flatMap((row) =>
    triples.map(([p, r, i]) => ({
      out: [...row.out, p],
      tap: [...row.tap, r],
      inp: [...row.inp, i],
      padding: row.padding || i < 0 || i >= size,
      unborn: row.unborn || p < 0 || p >= outs,
    })),
  );

/** @template T @param {(column: Column) => T} of @returns {Record<Column, T>} */
const each = (of) => ({ out: of("out"), tap: of("tap"), inp: of("inp") });

/** @param {number[]} shape */
const area = (shape) => shape.reduce((a, b) => a * b, 1);

/** Rows, ghosts and shapes for these axes; a text where they do not go together.
 * @param {Axis[]} axes @param {Given} given @returns {Layer | string} */
function makeLayer(axes, given) {
  const maps = mapsOf(axes, given);
  if (typeof maps === "string") return maps;
  /** @type {Row[]} */
  let rows = given.channels.map(([out, tap, inp]) => ({ out, tap, inp, padding: false, unborn: false }));
  for (const axis of maps) rows = crossed(rows, axis);
  rows.sort((a, b) => compare(a.out, b.out) || compare(a.tap, b.tap));
  const real = rows.filter((row) => !row.padding && !row.unborn);
  if (real.length > given.mostRows)
    return `${real.length} products are more than the ${given.mostRows} that can be shown`;
  const lead = (/** @type {number} */ n) =>
    given.channels[0][n].map((_, k) => Math.max(...given.channels.map((c) => c[n][k])) + 1);
  const shapes = {
    out: [...lead(0), ...maps.map((axis) => axis.outs)],
    tap: [...lead(1), ...maps.map((axis) => axis.kernel)],
    inp: [...lead(2), ...maps.map((axis) => axis.size)],
  };
  for (const name of given.show.filter((panel) => MATRICES[panel])) {
    const entries = area(shapes.out) * area(shapes[MATRICES[name][0]]);
    if (entries > given.mostRows)
      return `${name} would have ${entries} entries, more than the ${given.mostRows} that can be shown`;
  }
  real.forEach((row, n) => (row.key = `row[${n}]`));
  // a row that is both, padding read by an output that does not exist, is nowhere drawn
  const ghosts = rows.filter((row) => row.padding !== row.unborn);
  const lines = each((column) => cellsOf(shapes[column]));
  return {
    rows: real,
    ghosts,
    shapes,
    filters: lead(0),
    maps,
    groups: each((column) => grouped(real, column)),
    ghostGroups: each((column) => grouped(ghosts, column)),
    lines,
    lineOf: each((column) => new Map(lines[column].map((at, n) => [at.join(","), n]))),
  };
}

/** @type {WeakMap<Axis[], {given: Given, layer: Layer | string}>} */
const made = new WeakMap();

/** The layer of these axes, made once. @param {Axis[]} axes @param {Given} given @returns {Layer | string} */
export function layerOf(axes, given) {
  const known = made.get(axes);
  if (known && known.given.maps === given.maps) return known.layer;
  const layer = makeLayer(axes, given);
  made.set(axes, { given, layer });
  return layer;
}

/** @type {WeakMap<Layer, Map<Column, Row[]>>} */
const sorted = new WeakMap();

/** The rows sorted by a column, ties in their order. @param {Layer} layer @param {Column} by @returns {Row[]} */
export function ordered(layer, by) {
  if (!sorted.has(layer)) sorted.set(layer, new Map());
  const orders = /** @type {Map<Column, Row[]>} */ (sorted.get(layer));
  const order = orders.get(by) ?? [...layer.rows].sort((a, b) => compare(a[by], b[by]));
  orders.set(by, order);
  return order;
}

/** Where a walk stops that goes on by whole groups: the number of rows before each stop, 0 first.
 * @param {Layer} layer @param {Column} by @param {string} unit */
export function stops(layer, by, unit) {
  const rows = ordered(layer, by);
  const ends = rows.map((_, n) => n + 1);
  if (unit === "product") return [0, ...ends];
  return [0, ...ends.filter((n) => n === rows.length || compare(rows[n][by], rows[n - 1][by]) !== 0)];
}

/** The number of the axis entry of a row: what the lattice of an axis shows.
 * @param {Row} row @param {number} axis @param {number} nd */
export const onAxis = (row, axis, nd) => COLUMNS.map((column) => row[column][row[column].length - nd + axis]);
