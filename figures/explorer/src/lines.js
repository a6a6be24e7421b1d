// The panel of the table: a line for each product. Sorted anew, the same lines travel.

import { compare, keyOf, written } from "./arrays.js";
import { calm, focusable, make } from "./dom.js";
import { panel } from "./grids.js";
import { COLUMNS, SUMS } from "./names.js";
import { closed, layerIn, product } from "./sums.js";
import { ordered } from "./table.js";
import { label, multiplied } from "./words.js";

/** @typedef {import("./explorer.js").Explorer} Explorer */
/** @typedef {import("./types").Row} Row */

const LEAST_LINES = 3;
const EDGES = 5; // pixels above and below the lines, as in the stylesheet
const MOST_LINES = 600; // beyond, only those of the current sum are written

/** @param {Explorer} explorer */
export function tablePanel(explorer) {
  const { state, given, cells } = explorer;
  const { rows } = layerIn(state, given);
  const few = rows.length <= MOST_LINES;
  /** @type {Map<Row, any>} */
  const lines = new Map();
  for (const row of few ? rows : []) {
    const index = COLUMNS.map((column) =>
      make("td", { role: "gridcell", class: `explorer-${column}` }, row[column].map((n) => n + state.base).join(",")),
    );
    const values = [0, 1].map(() => make("td", { role: "gridcell" }));
    const tr = make("tr", { role: "row", tabindex: "-1", "data-key": row.key, ...focusable }, ...index, ...values);
    lines.set(row, tr);
    cells.set(/** @type {string} */ (row.key), tr);
  }
  const heads = COLUMNS.map((column) =>
    make("th", { scope: "col", role: "columnheader", class: `explorer-${column}` }, SUMS[column].word),
  );
  const [factors, running] = ["product", "running sum"].map((text) =>
    make("th", { scope: "col", role: "columnheader" }, text),
  );
  const body = make("tbody", { role: "rowgroup" });
  const head = make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...heads, factors, running));
  const table = make("table", { role: "grid", "aria-label": "table of products" }, head, body);
  const scroll = make("div", { class: "explorer-scroll" });
  scroll.append(few ? table : `${rows.length} products: see the sum below as a table.`);
  const shown = { sorted: "", place: new Map() };

  /** Put the lines into the present order. @param {Row[]} order @param {string} by */
  function arrange(order, by) {
    if (shown.sorted === by) return;
    const travel = shown.sorted && !calm();
    shown.sorted = by;
    const focused = document.activeElement;
    const before = travel ? new Map([...body.children].map((tr, n) => [tr, n])) : new Map();
    body.append(...order.map((row) => lines.get(row)));
    if (focused instanceof HTMLElement && body.contains(focused)) focused.focus({ preventScroll: true });
    shown.place = new Map(order.map((row, n) => [row, n]));
    for (const tr of body.querySelectorAll('[tabindex="0"]')) tr.tabIndex = -1;
    body.firstChild.tabIndex = 0;
    const high = travel ? body.firstChild.offsetHeight : 0;
    [...body.children].forEach((tr, n) => {
      const way = (before.get(tr) ?? n) - n;
      if (way)
        tr.animate([{ transform: `translateY(${way * high}px)` }, { transform: "none" }], {
          duration: 900,
          easing: "ease-in-out",
        });
    });
  }

  /** @param {Explorer} now */
  function write({ state, given, arrays }) {
    if (!lines.size) return;
    const order = ordered(layerIn(state, given), state.by);
    arrange(order, state.by);
    const { name, factors: letters } = SUMS[state.by];
    factors.textContent = letters.map(([letter]) => letter).join("·");
    let total = 0;
    const longest = [0, 0];
    order.forEach((row, n) => {
      const same = (/** @type {Row | undefined} */ other) => other && compare(other[state.by], row[state.by]) === 0;
      const last = !same(order[n + 1]);
      const tr = lines.get(row);
      const hidden = closed(keyOf(name, row[state.by]), state, given);
      total = (same(order[n - 1]) ? total : 0) + product(row, state.by, arrays);
      const sum = label(name, row[state.by], state);
      const whole = hidden
        ? ["", last ? `${sum} = ?` : ""]
        : [multiplied(row, state.by, state, given), last ? `${sum} = ${written(total)}` : written(total)];
      const later = state.step !== null && n >= state.step;
      whole.forEach((text, k) => {
        tr.children[3 + k].textContent = later && !(hidden && last) ? "" : text;
        longest[k] = Math.max(longest[k], text.length); // what comes later keeps its room: nothing beside it moves
      });
      tr.children[4].classList.toggle("explorer-total", last);
      tr.classList.toggle("explorer-last", last);
    });
    // fixed columns: one line that is lit makes no other be measured again
    const wide = Math.max(...COLUMNS.map((column) => order[0][column].length)) * 2 - 1;
    const widths = [wide, wide, wide, ...longest].map((n, k) => `${Math.max(n, [6, 3.4, 5, 8, 11][k]) + 1.2}ch`);
    table.style.setProperty("--columns", widths.join(" "));
    table.style.setProperty("--folded", `${widths.slice(0, 3).join(" ")} 1fr`);
  }

  /** Bring the line of a product into sight. @param {Row} row */
  function reveal(row) {
    const high = body.firstChild?.offsetHeight ?? 0;
    if (lines.size) scroll.scrollTop = Math.max(0, (shown.place.get(row) ?? 0) - 2) * high;
  }

  /** How high it is with all its lines, and with as many whole ones as this room holds: half a line would look
   * like the end. @param {number} room */
  function high(room) {
    const [first, line] = [head.offsetHeight, body.firstChild?.offsetHeight ?? 0];
    const fit = Math.max(LEAST_LINES, Math.floor((room - first - EDGES) / (line || 1)));
    const all = first + body.children.length * line + 3;
    return { all, whole: all <= room + 1 ? all : first + fit * line + EDGES };
  }

  const element = panel(explorer, "table", scroll);
  return { element, scroll, write, reveal, high };
}
