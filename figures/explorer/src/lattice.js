// The lattice of one axis: outputs down, taps across. A row of it adds up to y, a column to dw,
// and the places that read one input lie on a diagonal, which adds up to dx.

import { keyOf, written } from "./arrays.js";
import { focusable, make, nextId, unseen } from "./dom.js";
import { panel } from "./grids.js";
import { closed, layerIn, product, rowsOf, value } from "./sums.js";

/** @typedef {import("./explorer.js").Explorer} Explorer */

const PITCH = { x: 46, y: 38, head: 40 }; // pixels, as in the stylesheet

/** @param {Explorer} explorer */
export function latticePanel(explorer) {
  const { state, given, cells, twins } = explorer;
  const layer = layerIn(state, given);
  const { outs, kernel, size, triples } = layer.maps[state.axis];
  const { base } = state;
  const input = new Map(triples.map(([p, r, i]) => [`${p},${r}`, i]));
  const flat = given.nd === 1 && !layer.shapes.inp[1];
  const [ps, rs] = [outs, kernel].map((n) => Array.from({ length: n }, (_, k) => k));

  /** A sum at the end of its row, column or diagonal. @param {string} name @param {number} n */
  const end = (name, n) => {
    const chip = make(
      "td",
      { class: `explorer-end explorer-${name}`, role: "gridcell" },
      make("b", {}, `${name}[${n + base}]`),
      make("span"),
    );
    if (flat) chip.dataset.twin = keyOf(name, [n]);
    twins.set(`${name} ${n}`, chip);
    return chip;
  };
  const place = (/** @type {number} */ p, /** @type {number} */ r) => {
    const i = /** @type {number} */ (input.get(`${p},${r}`));
    const key = keyOf("lattice", [p, r]);
    const outside = i < 0 || i >= size;
    const td = make(
      "td",
      { role: "gridcell", class: "explorer-place" },
      make("span"),
      make("small", {}, `i ${i + base}`.replace("-", "−")),
    );
    td.classList.toggle("explorer-ghost", outside);
    if (!outside) Object.assign(td, { tabIndex: -1 });
    if (!outside) Object.assign(td.dataset, { key, lmSuppressShortcuts: "true" });
    td.append(unseen(`output ${p + base}, tap ${r + base}${outside ? ", outside x" : ""}`));
    cells.set(key, td);
    return td;
  };
  const head = (/** @type {string} */ text, /** @type {string} */ scope) =>
    make("th", { scope, role: `${scope === "col" ? "column" : "row"}header` }, text);
  const corner = () => make("td", { role: "presentation", class: "explorer-corner" });
  const top = make(
    "tr",
    { role: "row" },
    corner(),
    ...rs.map((r) => head(`r ${r + base}`, "col")),
    head("row sum", "col"),
  );
  const body = ps.map((p) =>
    make("tr", { role: "row" }, head(`p ${p + base}`, "row"), ...rs.map((r) => place(p, r)), end("y", p)),
  );
  const foot = make("tr", { role: "row" }, head("sum", "row"), ...rs.map((r) => end("dw", r)), corner());
  const table = make(
    "table",
    { role: "grid", "aria-label": "lattice of products" },
    make("tbody", { role: "rowgroup" }, top, ...body, foot),
  );
  table.querySelector("[tabindex]")?.setAttribute("tabindex", "0");

  const lines = diagonals(outs, kernel, triples, size);
  const inputs = Array.from({ length: size }, (_, k) => k);
  const below = make(
    "table",
    { class: "explorer-diagonals", role: "grid", "aria-label": "sums of the diagonals" },
    make(
      "tbody",
      { role: "rowgroup" },
      make("tr", { role: "row" }, head("diagonal", "row"), ...inputs.map((n) => end("dx", n))),
    ),
  );
  const box = make(
    "div",
    { class: "explorer-lattice-box" },
    make("div", { class: "explorer-lattice-plane" }, table, lines.svg),
    below,
  );
  const element = panel(explorer, "lattice", ...(given.nd > 1 ? [axisChoice(explorer)] : []), box);

  /** @param {Explorer} now */
  function write({ state, given, arrays }) {
    const column = state.by;
    if (flat)
      for (const row of layer.rows) {
        const td = cells.get(keyOf("lattice", [row.out[0], row.tap[0]]));
        const sum = keyOf({ out: "y", tap: "dw", inp: "dx" }[column], row[column]);
        td.firstChild.textContent = closed(sum, state, given) ? "?" : written(product(row, column, arrays));
      }
    for (const [name, chip] of twins) {
      const key = name.replace(/ (\d+)$/, "[$1]");
      chip.lastChild.textContent = !flat ? "" : closed(key, state, given) ? "?" : written(value(key, state, given));
    }
  }

  /** Light the diagonals of these inputs. @param {Set<number>} lit */
  const light = (lit) => lines.paths.forEach((path, i) => path.classList.toggle("explorer-lit", lit.has(i)));

  return { element, write, light };
}

/** A line through the places of each input. @param {number} outs @param {number} kernel @param {number[][]} triples @param {number} size */
function diagonals(outs, kernel, triples, size) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const [wide, high] = [PITCH.head + (kernel + 2) * PITCH.x, (outs + 2) * PITCH.y];
  for (const [name, text] of Object.entries({
    width: wide,
    height: high,
    viewBox: `0 0 ${wide} ${high}`,
    "aria-hidden": "true",
  }))
    svg.setAttribute(name, String(text));
  const paths = new Map();
  for (let i = 0; i < size; i += 1) {
    const places = triples.filter(([p, , input]) => input === i && p >= 0 && p < outs).sort(([a], [b]) => a - b);
    if (!places.length) continue;
    const path = document.createElementNS(space, "polyline");
    const point = (/** @type {number[]} */ [p, r]) => `${PITCH.head + (r + 0.5) * PITCH.x},${(p + 1.5) * PITCH.y}`;
    path.setAttribute("points", places.map(point).join(" "));
    paths.set(i, path);
    svg.append(path);
  }
  return { svg, paths };
}

/** Which axis the lattice shows. @param {Explorer} explorer */
function axisChoice(explorer) {
  const id = nextId("explorer");
  const select = make(
    "select",
    { id, ...focusable },
    make("option", { value: 0 }, "height"),
    make("option", { value: 1 }, "width"),
  );
  select.value = explorer.state.axis;
  select.addEventListener("change", () =>
    explorer.dispatch({ type: "set", name: "axis", value: Number(select.value) }),
  );
  return make("div", { class: "explorer-slider" }, make("label", { for: id }, "axis"), select);
}

/** The inputs of one axis that a cell's products read. @param {string} key @param {Explorer} explorer */
export const inputsOf = (key, { state, given }) =>
  new Set(key ? rowsOf(key, state, given).map((row) => row.inp[row.inp.length - given.nd + state.axis]) : []);
