// Mouse, touch, pen and keys on the cells.

import { nameOf } from "./arrays.js";
import { edit } from "./editing.js";
import { editable } from "./state.js";
import { closed, value } from "./sums.js";

/** @typedef {import("./explorer.js").Explorer} Explorer */

const MOVES = /** @type {Record<string, number[]>} */ ({
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
});
const INK = 9; // what drawing puts into a cell of x; where it stands already, 0

/** @param {Explorer} explorer */
export function listen(explorer) {
  const { panels } = explorer;
  const keyAt = (/** @type {any} */ target) => {
    const cell = target?.closest?.("[data-key],[data-twin]");
    return cell ? (cell.dataset.key ?? cell.dataset.twin) : "";
  };
  const point = (/** @type {string} */ key) =>
    key !== explorer.state.hovered && explorer.dispatch({ type: "point", key });
  let [resting, ink] = [false, /** @type {number | null} */ (null)];

  const over = (/** @type {any} */ event) => {
    const key = keyAt(event.target);
    if (ink !== null) return paint(key);
    const between = !key && event.target.closest("table"); // the gap of two cells is no place of its own
    if (event.pointerType !== "touch" && !between) point(key);
  };
  // where the keys scroll the page under a resting pointer, the keys go on pointing
  panels.addEventListener("keydown", () => (resting = true));
  panels.addEventListener("pointermove", (/** @type {any} */ event) => ((resting = false), over(event)));
  panels.addEventListener("pointerover", (/** @type {any} */ event) => resting || over(event));
  panels.addEventListener("pointerleave", () => point(keyAt(document.activeElement)));
  panels.addEventListener("focusin", (/** @type {any} */ event) => {
    const cell = event.target.closest("[data-key]");
    if (!cell) return;
    for (const other of cell.closest("table").querySelectorAll('[data-key][tabindex="0"]')) other.tabIndex = -1;
    cell.tabIndex = 0;
    point(cell.dataset.key);
  });
  // who turns to the walk has left the cell: a finger or the Tab key, too
  for (const event of ["pointerdown", "focusin"]) explorer.view.element.addEventListener(event, () => point(""));
  panels.addEventListener("focusout", (/** @type {any} */ event) => !panels.contains(event.relatedTarget) && point(""));
  panels.addEventListener("click", (/** @type {any} */ event) => {
    const key = keyAt(event.target);
    if (!key || event.target.tagName === "INPUT" || drawn(key)) return;
    if (key === explorer.state.pinned && editable(key, explorer.state, explorer.given)) return edit(explorer, key);
    explorer.dispatch({ type: "pin", key });
  });
  panels.addEventListener("keydown", (/** @type {any} */ event) =>
    press(explorer, event, (key) => drawn(key) && (begin(key), end(), true)),
  );

  // ---------------------------------------------------------------- drawing
  const drawn = (/** @type {string} */ key) => explorer.state.drawing && nameOf(key) === "x";
  const paint = (/** @type {string} */ key) =>
    drawn(key) && explorer.dispatch({ type: "paint", key, value: ink }, true);
  const begin = (/** @type {string} */ key) => {
    ink = value(key, explorer.state, explorer.given) === INK ? 0 : INK;
    paint(key);
  };
  const end = () => {
    if (ink !== null) explorer.commit();
    ink = null;
  };
  panels.addEventListener("pointerdown", (/** @type {any} */ event) => {
    const key = keyAt(event.target);
    if (!drawn(key)) return;
    event.target.releasePointerCapture?.(event.pointerId); // a finger, too, goes from cell to cell
    event.preventDefault();
    begin(key);
  });
  document.addEventListener("pointerup", end);
  document.addEventListener("pointercancel", end);
  return () => {
    document.removeEventListener("pointerup", end);
    document.removeEventListener("pointercancel", end);
  };
}

/** @param {Explorer} explorer @param {any} event @param {(key: string) => boolean} draw */
function press(explorer, event, draw) {
  const cell = event.target.closest("[data-key]");
  if (!cell || event.target.tagName === "INPUT" || event.ctrlKey || event.metaKey || event.altKey) return;
  const { key } = cell.dataset;
  const { state, given } = explorer;
  const may = editable(key, state, given);
  if (MOVES[event.key]) move(cell, MOVES[event.key]);
  else if (event.key === "Enter" && may && (key === state.pinned || closed(key, state, given))) edit(explorer, key);
  else if (event.key === " " && draw(key)) void 0;
  else if (event.key === "Enter" || event.key === " ") explorer.dispatch({ type: "pin", key });
  else if (event.key === "Escape") explorer.dispatch({ type: "pin", key: "" });
  else if (/^[-−\d.,]$/.test(event.key) && may) edit(explorer, key, event.key);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** @param {any} cell @param {number[]} way */
function move(cell, [down, right]) {
  const line = cell.tagName === "TR" ? cell : cell.parentElement;
  const next = down ? (down > 0 ? line.nextElementSibling : line.previousElementSibling) : line;
  const goal = cell.tagName === "TR" ? next : next?.children[[...line.children].indexOf(cell) + right];
  if (goal?.dataset.key) goal.focus();
}
