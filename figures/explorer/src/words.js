// What is said about a cell: [its sum in symbols, the same in numbers].

import { entry, factor, indexOf, keyOf, nameOf, written } from "./arrays.js";
import { COLUMN, MATRICES, SUMS, THIRD } from "./names.js";
import { arraysOf, closed, factorsOf, layerIn, pricesOf, product, rowsOf, value } from "./sums.js";
import { onAxis } from "./table.js";

/** @typedef {import("./types").Column} Column */
/** @typedef {import("./types").Given} Given */
/** @typedef {import("./types").Row} Row */
/** @typedef {import("./types").State} State */
/** @typedef {import("./types").Words} Words */

const MANY = 12; // products; a longer sum begins with its value
const HOW = "Point at a cell, or tab to a grid and use the arrow keys. Click or Enter pins a cell, Escape releases it.";

/** A cell's name as the reader counts. @param {string} name @param {number[]} at @param {State} state */
export const label = (name, at, { base }) =>
  keyOf(
    name,
    at.map((n) => n + base),
  );

/** An index in small: the axes of the image only. @param {number[]} at @param {State} state @param {Given} given */
export const tag = (at, { base }, { nd }) =>
  at
    .slice(-nd)
    .map((n) => n + base)
    .join(",");

/** @param {Row} row @param {Column} column @param {State} state */
export const term = (row, column, state) =>
  SUMS[column].factors.map(([name, of]) => label(name, row[of], state)).join("·");

/** The column of the sum in which a cell is seen at work. @param {string} name @param {State} state @returns {Column} */
export const goal = (name, { by }) =>
  /** @type {Record<string, Column>} */ ({ x: "out", w: "out", dy: "inp", db: "out", M_x: "out", M_w: "out" })[name] ??
  COLUMN[name] ??
  by;

/** "3·1 = 3" @param {Row} row @param {Column} column @param {State} state @param {Given} given */
export function multiplied(row, column, state, given) {
  const arrays = arraysOf(layerIn(state, given), state);
  return `${factorsOf(row, column, arrays).map(factor).join("·")} = ${written(product(row, column, arrays))}`;
}

/** @param {string} name @param {[string, string][]} terms @param {number} total @returns {Words} */
function added(name, terms, total) {
  if (!terms.length) return [`${name} = 0`, "No product of the table goes there."];
  const first = terms.length > MANY ? `${written(total)} = ` : "";
  return [
    `${name} = ${first}${terms.map(([symbols]) => symbols).join(" + ")}`,
    `= ${terms.map(([, numbers]) => numbers).join(" + ")} = ${written(total)}`,
  ];
}

/** A cell of x, w or dy is no sum: where it is used, and what it gives there.
 * @param {string} key @param {State} state @param {Given} given @returns {Words} */
function uses(key, state, given) {
  const [name, at] = [nameOf(key), indexOf(key)];
  const rows = rowsOf(key, state, given);
  const number = written(value(key, state, given));
  if (!rows.length) return [`${label(name, at, state)} = ${number}`, "No product of the table uses it."];
  const to = goal(name, state);
  const [other, of] = /** @type {[string, Column]} */ (name === "w" ? ["x", "inp"] : ["w", "tap"]);
  const gives = rows.map((row) => `${label(other, row[of], state)} for ${label(SUMS[to].name, row[to], state)}`);
  return [
    `${label(name, at, state)} = ${number} is multiplied by ${gives.join(", ")}`,
    rows.length === 1 ? "One product of the table uses it." : `${rows.length} products of the table use it.`,
  ];
}

/** @param {Row} row @param {State} state @param {Given} given @returns {Words} */
function rowWords(row, state, given) {
  const columns = /** @type {Column[]} */ (Object.keys(SUMS));
  const open = columns.filter(
    (column) =>
      (given.show.includes(SUMS[column].name) || column === state.by) &&
      !closed(keyOf(SUMS[column].name, row[column]), state, given),
  );
  const share = (/** @type {Column} */ column) =>
    `${label(SUMS[column].name, row[column], state)} gets ${term(row, column, state)}`;
  return [
    open.map(share).join("; ") || "This row leads to a closed cell.",
    open.map((column) => multiplied(row, column, state, given)).join("; "),
  ];
}

/** @param {string} key @param {State} state @param {Given} given @returns {Words} */
function matrixWords(key, state, given) {
  const [name, at] = [nameOf(key), indexOf(key)];
  const layer = layerIn(state, given);
  const [column, array, of] = MATRICES[name];
  const out = label("y", layer.lines.out[at[0]], state);
  const goes = label(array === "x" ? "w" : "x", layer.lines[column][at[1]], state);
  const place = `${label(name, at, state)}, row of ${out}, column of ${goes}`;
  const [row] = rowsOf(key, state, given);
  if (!row) return [`${place}: empty`, `${out} does not read ${goes}.`];
  return [
    `${place}: ${label(array, row[of], state)}`,
    `= ${written(value(key, state, given))}; ${out} gets ${term(row, "out", state)} = ${multiplied(row, "out", state, given)}`,
  ];
}

/** A place of the lattice: which cells meet there. @param {string} key @param {State} state @param {Given} given @returns {Words} */
function latticeWords(key, state, given) {
  const rows = rowsOf(key, state, given);
  const place = label("lattice", indexOf(key), state);
  if (!rows.length) return [`${place} reads padding`, "A zero: no product of the table."];
  if (given.nd === 1 && rows.length === 1) {
    const [symbols, numbers] = rowWords(rows[0], state, given);
    return [`${place}: ${symbols}`, numbers];
  }
  const [p, r, i] = onAxis(rows[0], state.axis, given.nd).map((n) => n + state.base);
  const axis = given.nd === 1 ? "" : [" along the height", " along the width"][state.axis];
  return [
    `${place}: output ${p}, tap ${r} and input ${i} meet${axis}`,
    `${rows.length} products of the table have these three indices.`,
  ];
}

/** @param {string} key @param {State} state @param {Given} given @returns {Words} */
export function words(key, state, given) {
  const [name, at] = [nameOf(key), indexOf(key)];
  if (closed(key, state, given))
    return [
      `${label(name, at, state)} = ?`,
      "Which products belong to it? Type its value: press Enter on the cell, or click it twice.",
    ];
  const layer = layerIn(state, given);
  const arrays = arraysOf(layer, state);
  if (name === "db") {
    const terms = pricesOf(layer, at).map(
      (cell) => /** @type {[string, string]} */ ([label("dy", cell, state), factor(entry(arrays.dy, cell))]),
    );
    return added(label("db", at, state), terms, value(key, state, given));
  }
  if (MATRICES[name]) return matrixWords(key, state, given);
  if (name === "lattice") return latticeWords(key, state, given);
  if (name === "row") return rowWords(layer.rows[at[0]], state, given);
  const column = COLUMN[name];
  if (SUMS[column].name !== name) return uses(key, state, given);
  const terms = rowsOf(key, state, given).map(
    (row) =>
      /** @type {[string, string]} */ ([
        term(row, column, state),
        factorsOf(row, column, arrays).map(factor).join("·"),
      ]),
  );
  return added(label(name, at, state), terms, value(key, state, given));
}

/** Where no cell is spoken of: before the first step of a walk, or before anything. @param {State} state */
export const idle = ({ step }) => (step === null ? HOW : "No product is added up yet. Press play or forward.");

/** A sum's name, and the value of a long one, for where its numbers come first; "" of what is no sum.
 * @param {Words} words */
export function lead([symbols, numbers]) {
  if (!numbers.startsWith("= ")) return "";
  return symbols.match(/^\w+(\[[\d,]+\])?( = [−\d.e]+(?= = ))?(?= = )/)?.[0] ?? "";
}

/** What the small numbers are. @param {string} key @param {State} state @param {Given} given */
export function note(key, state, given) {
  const third = THIRD[COLUMN[nameOf(key)]];
  if (!third || closed(key, state, given) || !rowsOf(key, state, given).length) return "";
  return `Small numbers: the ${SUMS[third].word} that meets the cell.`;
}

/** The same products as lines of a small table; those of a closed cell are left out.
 * @param {string} key @param {State} state @param {Given} given @returns {string[][]} */
export function listOf(key, state, given) {
  if (!key || closed(key, state, given)) return [];
  const name = nameOf(key);
  const layer = layerIn(state, given);
  const { dy } = arraysOf(layer, state);
  if (name === "db")
    // a bias is one more tap, that always reads a 1
    return pricesOf(layer, indexOf(key)).map((at) => [
      tag(at, state, given),
      "b",
      "1",
      `${label("dy", at, state)}·1`,
      `${factor(entry(dy, at))}·1 = ${written(entry(dy, at))}`,
    ]);
  const column = goal(name, state);
  const open = rowsOf(key, state, given).filter((row) => !closed(keyOf(SUMS[column].name, row[column]), state, given));
  return open.map((row) => [
    ...[row.out, row.tap, row.inp].map((at) => at.map((n) => n + state.base).join(",")),
    term(row, column, state),
    multiplied(row, column, state, given),
  ]);
}
