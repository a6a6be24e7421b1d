// The grids and matrices: built for a layer, filled with values, never built anew under a pointer.

import { cellsOf, indexOf, keyOf, nameOf, written } from "./arrays.js";
import { make } from "./dom.js";
import { COLUMN, MATRICES, SUMS, TITLES } from "./names.js";
import { closed, entryOf, layerIn, sum, value } from "./sums.js";
import { grouped, ordered } from "./table.js";
import { label } from "./words.js";

/** @typedef {import("./explorer.js").Explorer} Explorer */

/** A titled panel. @param {Explorer} explorer @param {string} name @param {(Node | string)[]} children */
export function panel({ id }, name, ...children) {
  const words = make("span", { class: "explorer-what" }, ` ${/** @type {Record<string, string>} */ (TITLES)[name]}`);
  const title = make(
    "p",
    { class: "explorer-title", id: `${id}-${name}` },
    ...(/^(table|lattice)$/.test(name) ? [] : [make("b", {}, name)]),
    words,
  );
  return make(
    "div",
    { role: "group", class: `explorer-panel explorer-${name}`, "aria-labelledby": title.id },
    title,
    ...children,
  );
}

/** From the first to the last index of an axis that is drawn, ghosts included.
 * @param {Explorer} explorer @param {string} name @param {number} axis @returns {number[]} */
export function extent({ state, given }, name, axis) {
  const layer = layerIn(state, given);
  const column = COLUMN[name];
  const place = layer.shapes[column].length - given.nd + axis;
  const kind = name === "x" ? "padding" : name === "dy" && given.show.includes("dx") ? "unborn" : "";
  const ghosts = layer.ghosts.filter((row) => kind && row[/** @type {"padding" | "unborn"} */ (kind)]);
  const indices = [0, layer.shapes[column][place] - 1].concat(ghosts.map((row) => row[column][place]));
  const [first, last] = [indices.reduce((a, b) => Math.min(a, b)), indices.reduce((a, b) => Math.max(a, b))];
  return Array.from({ length: last - first + 1 }, (_, k) => first + k);
}

/** One cell. @param {Explorer} explorer @param {string} key @param {boolean} ghost */
function cell({ cells }, key, ghost) {
  const td = make("td", { role: "gridcell" }, make("span", { class: "explorer-value" }, ghost ? "0" : ""));
  td.value = td.firstChild;
  if (ghost) {
    td.classList.add("explorer-ghost");
    td.setAttribute("aria-label", "0, outside");
  } else {
    Object.assign(td.dataset, { key, lmSuppressShortcuts: "true" });
    td.tabIndex = -1;
  }
  cells.set(key, td);
  return td;
}

/** A table of cells; `at(row, column)` tells the key of each and whether it is a ghost.
 * @param {Explorer} explorer @param {string} name @param {(number | null)[]} rows @param {(number | null)[]} columns
 * @param {(row: any, column: any) => [string, boolean]} at */
export function plane(explorer, name, rows, columns, at) {
  const { base } = explorer.state;
  const corner = () => make("td", { class: "explorer-corner", role: "presentation" });
  const header = (/** @type {number | null} */ n, /** @type {string} */ scope) =>
    n === null
      ? corner()
      : make("th", { scope, role: `${scope === "col" ? "column" : "row"}header` }, String(n + base));
  const head =
    columns[0] === null ? [] : [make("tr", { role: "row" }, corner(), ...columns.map((n) => header(n, "col")))];
  const body = rows.map((row) =>
    make("tr", { role: "row" }, header(row, "row"), ...columns.map((column) => cell(explorer, ...at(row, column)))),
  );
  const thead = make("thead", { role: "rowgroup" }, ...head);
  const table = make(
    "table",
    { role: "grid", "aria-label": name },
    ...(head.length ? [thead] : []),
    make("tbody", { role: "rowgroup" }, ...body),
  );
  table.querySelector("[tabindex]")?.setAttribute("tabindex", "0");
  const lead = name.includes("[") ? [make("p", { class: "explorer-lead", "aria-hidden": "true" }, name)] : [];
  return make("div", { class: "explorer-plane" }, ...lead, table);
}

/** @param {Explorer} explorer @param {string} name */
function gridPanel(explorer, name) {
  const { state, given } = explorer;
  const layer = layerIn(state, given);
  if (name === "db") {
    const filters = cellsOf(layer.filters).map(([k]) => k ?? null);
    return panel(
      explorer,
      name,
      plane(explorer, name, [null], filters, (_, k) => [keyOf(name, k === null ? [] : [k]), false]),
    );
  }
  const shape = layer.shapes[COLUMN[name]];
  const columns = extent(explorer, name, given.nd - 1);
  const rows = given.nd > 1 ? extent(explorer, name, 0) : [null];
  const planes = cellsOf(shape.slice(0, shape.length - given.nd)).map((lead) =>
    plane(explorer, label(name, lead, state), rows, columns, (row, column) => {
      const at = [...lead, ...(row === null ? [] : [row]), column];
      return [keyOf(name, at), at.some((n, k) => n < 0 || n >= shape[k])];
    }),
  );
  return panel(explorer, name, make("div", { class: "explorer-planes" }, ...planes));
}

/** @param {Explorer} explorer @param {string} name */
function matrixPanel(explorer, name) {
  const { state, given, entries } = explorer;
  const layer = layerIn(state, given);
  const [column] = MATRICES[name];
  for (const row of layer.rows) entries.add(entryOf(layer, name, row));
  const numbers = (/** @type {number[][]} */ lines) => lines.map((_, n) => n);
  const box = plane(explorer, name, numbers(layer.lines.out), numbers(layer.lines[column]), (r, c) => [
    keyOf(name, [r, c]),
    false,
  ]);
  const [head, ...body] = box.querySelectorAll("tr");
  const text = (/** @type {number[]} */ at) => at.map((n) => n + state.base).join(",");
  layer.lines[column].forEach((at, n) => (head.children[n + 1].textContent = text(at)));
  layer.lines.out.forEach((at, n) => (body[n].firstChild.textContent = text(at)));
  for (const td of box.querySelectorAll("td[data-key]"))
    td.classList.toggle("explorer-empty", !entries.has(td.dataset.key));
  return panel(explorer, name, box);
}

/** All grids that are shown; the bias stands below the kernel's gradient. @param {Explorer} explorer @returns {HTMLElement[]} */
export function gridPanels(explorer) {
  const names = explorer.given.show.filter((name) => name !== "table" && name !== "lattice");
  const panels = new Map(names.map((name) => [name, (MATRICES[name] ? matrixPanel : gridPanel)(explorer, name)]));
  const [dw, db] = [panels.get("dw"), panels.get("db")];
  if (dw && db) {
    panels.set("dw", make("div", { class: "explorer-stack" }, dw, db));
    panels.delete("db");
  }
  return [...panels.values()];
}

/** Write all values; one size of type for each grid. @param {Explorer} explorer */
export function fill(explorer) {
  const { state, given, cells, entries } = explorer;
  const layer = layerIn(state, given);
  const done = state.step === null ? null : grouped(ordered(layer, state.by).slice(0, state.step), state.by);
  /** @type {Map<any, {td: any, now: number, whole: number, digits: number}[]>} */
  const tables = new Map();
  for (const [key, td] of cells) {
    const name = nameOf(key);
    if (!td.value || td.classList.contains("explorer-ghost")) continue;
    const filling = done && SUMS[state.by].name === name;
    const rows = filling ? (done.get(indexOf(key).join(",")) ?? []) : [];
    const [shut, outside] = [closed(key, state, given), MATRICES[name] && !entries.has(key)];
    const whole = shut || outside ? 0 : value(key, state, given); // when the walk is over
    const blank = outside || (filling && !rows.length);
    const now = shut || blank ? 0 : filling ? sum(rows, state.by, explorer.arrays) : whole;
    const text = shut ? "?" : blank ? "" : written(now);
    if (!td.value.firstElementChild && td.value.textContent !== text) td.value.textContent = text;
    const heard = shut ? ", closed" : text ? ` = ${text}` : ", empty";
    td.setAttribute("aria-label", label(name, indexOf(key), state) + heard);
    const table = td.closest("table");
    const digits = filling && !shut ? Math.max(text.length, written(whole).length) : text.length;
    tables.set(table, [...(tables.get(table) ?? []), { td, now, whole, digits }]);
  }
  for (const [table, all] of tables) {
    table.style.setProperty("--digits", String(Math.max(...all.map(({ digits }) => digits))));
    warm(all, state.heat);
  }
}

/** Heat: a value as a share of the grid's largest, a negative one marked. While a grid fills, the share
 * is that of the largest to come: no cell changes its tint because of another.
 * @param {{td: any, now: number, whole: number}[]} cells @param {boolean} heat */
function warm(cells, heat) {
  const most = Math.max(...cells.map(({ whole }) => Math.abs(whole))) || 1;
  for (const { td, now } of cells) {
    td.classList.toggle("explorer-minus", heat && now < 0);
    if (heat) td.style.setProperty("--heat", `${Math.min(100, Math.round((100 * Math.abs(now)) / most))}%`);
    else td.style.removeProperty("--heat");
  }
}
