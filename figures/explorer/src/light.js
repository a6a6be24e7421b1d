// Light what shares a product with the cell pointed at, and nothing else.

import { indexOf, keyOf, nameOf } from "./arrays.js";
import { inputsOf } from "./lattice.js";
import { COLUMN, MATRICES, THIRD } from "./names.js";
import { closed, entryOf, latticeKey, layerIn, pricesOf, rowsOf } from "./sums.js";
import { onAxis } from "./table.js";
import { tag } from "./words.js";

/** @typedef {import("./explorer.js").Explorer} Explorer */
/** @typedef {import("./types").Row} Row */

const STYLES = ["explorer-lit", "explorer-active", "explorer-by-out", "explorer-by-tap"];

/** @param {Explorer} explorer */
export function darken(explorer) {
  for (const td of explorer.lit) {
    td.classList.remove(...STYLES);
    td.removeAttribute("aria-current");
    delete td.dataset.tag;
  }
  explorer.lit.clear();
  for (const td of explorer.selected) td.removeAttribute("aria-selected");
  explorer.selected.clear();
}

/** @param {Explorer} explorer @param {string} key @param {string} style @param {string} [third] @param {string} [words] */
function mark(explorer, key, style, third, words) {
  const td = explorer.cells.get(key);
  if (!td) return;
  td.classList.add(style);
  explorer.lit.add(td);
  if (words === undefined) return;
  td.dataset.tag = words; // drawn by the stylesheet
  td.classList.add(`explorer-by-${third}`);
}

/** Small numbers name the third partner: the tap over an input or output cell, or the output.
 * @param {Explorer} explorer @param {Row} row @param {string} name */
function markRow(explorer, row, name) {
  const { state, given } = explorer;
  const [column, third] = [COLUMN[name], THIRD[COLUMN[name]]];
  for (const [cell, of] of Object.entries(COLUMN))
    if (third && of !== column && of !== third)
      mark(explorer, keyOf(cell, row[of]), "explorer-lit", third, tag(row[third], state, given));
    else mark(explorer, keyOf(cell, row[of]), "explorer-lit");
  mark(explorer, row.key ?? "", "explorer-lit");
  for (const matrix of Object.keys(MATRICES))
    if (given.show.includes(matrix)) mark(explorer, entryOf(layerIn(state, given), matrix, row), "explorer-lit");
}

/** Where the kernel sticks out: over the padding of x, or over outputs that do not exist.
 * @param {Explorer} explorer @param {string} key */
function markGhosts(explorer, key) {
  const { state, given } = explorer;
  const column = COLUMN[nameOf(key)];
  const third = THIRD[column];
  for (const row of layerIn(state, given).ghostGroups[column].get(indexOf(key).join(",")) ?? []) {
    const words = tag(row[third], state, given);
    if (column === "inp" && row.unborn) mark(explorer, keyOf("dy", row.out), "explorer-lit", third, words);
    else if (column !== "inp" && row.padding) mark(explorer, keyOf("x", row.inp), "explorer-lit", third, words);
  }
}

/** The lattice: the places of these rows, and the sums at their ends.
 * @param {Explorer} explorer @param {Row[]} rows @param {string} key */
function markLattice(explorer, rows, key) {
  const { state, given, twins, lattice } = explorer;
  if (!lattice) return;
  for (const row of rows) {
    mark(explorer, latticeKey(row, state, given), "explorer-lit");
    onAxis(row, state.axis, given.nd).forEach((n, k) => {
      const chip = twins.get(`${["y", "dw", "dx"][k]} ${n}`);
      if (!chip) return;
      chip.classList.add("explorer-lit");
      explorer.lit.add(chip);
    });
  }
  const chip = twins.get(key.replace(/\[(\d+)\]$/, " $1"));
  if (chip) {
    chip.classList.add("explorer-active");
    explorer.lit.add(chip);
  }
  const column = COLUMN[nameOf(key)];
  lattice.light(
    column === "inp" || nameOf(key) === "row" || nameOf(key) === "lattice" ? inputsOf(key, explorer) : new Set(),
  );
}

/** @param {Explorer} explorer @param {string} key the cell pointed at, stepped to or chosen */
export function light(explorer, key) {
  const { state, given, cells } = explorer;
  darken(explorer);
  const chosen = cells.get(state.pinned);
  if (chosen) {
    chosen.setAttribute("aria-selected", "true");
    explorer.selected.add(chosen);
  }
  const name = nameOf(key);
  const shut = !key || closed(key, state, given);
  const rows = shut ? [] : rowsOf(key, state, given);
  for (const row of rows) markRow(explorer, row, name);
  if (!shut && COLUMN[name]) markGhosts(explorer, key);
  if (!shut && name === "db")
    for (const at of pricesOf(layerIn(state, given), indexOf(key))) mark(explorer, keyOf("dy", at), "explorer-lit");
  markLattice(explorer, rows, key);
  if (key) mark(explorer, key, "explorer-active");
  return rows;
}
