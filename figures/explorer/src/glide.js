// The outline of what lies over a grid: the kernel over x for y, the kernel over dy for dx, dy over
// x for dw. While the walk goes on it glides; under a pointer, or where no motion is wanted, it jumps.

import { indexOf, keyOf, nameOf } from "./arrays.js";
import { calm, make } from "./dom.js";
import { COLUMN, SUMS } from "./names.js";
import { closed, layerIn } from "./sums.js";

/** @typedef {import("./explorer.js").Explorer} Explorer */

/** The cells that a sum's window covers in the grid it slides over, ghosts included.
 * @param {Explorer} explorer @param {string} key @returns {string[]} */
function window_({ state, given }, key) {
  const column = COLUMN[nameOf(key)];
  if (!column || SUMS[column].name !== nameOf(key) || closed(key, state, given)) return [];
  const layer = layerIn(state, given);
  const at = indexOf(key).join(",");
  const over = column === "inp" ? "dy" : "x";
  const ghosts = (layer.ghostGroups[column].get(at) ?? []).filter((row) =>
    column === "inp" ? row.unborn : row.padding,
  );
  return [...(layer.groups[column].get(at) ?? []), ...ghosts].map((row) => keyOf(over, row[COLUMN[over]]));
}

/** Where a cell stands in its plane, whatever the page's style sheets say of tables. @param {any} td @param {any} plane */
function box(td, plane) {
  const [cell, frame] = [td.getBoundingClientRect(), plane.getBoundingClientRect()];
  const zoom = frame.width / plane.offsetWidth || 1; // projected, or printed
  const [left, top] = [(cell.left - frame.left) / zoom + plane.scrollLeft, (cell.top - frame.top) / zoom];
  return [left, top, left + cell.width / zoom, top + cell.height / zoom];
}

/** @param {Explorer} explorer @param {string} key @param {number} time in ms; 0 jumps */
export function glide(explorer, key, time) {
  /** @type {Map<Element, number[]>} */
  const frames = new Map();
  for (const name of window_(explorer, key)) {
    const td = explorer.cells.get(name);
    if (!td) continue;
    const plane = td.closest(".explorer-plane");
    const [left, top, right, bottom] = box(td, plane);
    const [l, t, r, b] = frames.get(plane) ?? [left, top, right, bottom];
    frames.set(plane, [Math.min(l, left), Math.min(t, top), Math.max(r, right), Math.max(b, bottom)]);
  }
  for (const plane of explorer.panels.querySelectorAll(".explorer-plane")) {
    const frame = frames.get(plane);
    let outline = plane.querySelector(".explorer-outline");
    if (!frame && outline) outline.hidden = true;
    if (!frame) continue;
    const jump = !time || calm() || !outline || outline.hidden;
    if (!outline) plane.append((outline = make("div", { class: "explorer-outline", "aria-hidden": "true" })));
    const [left, top, right, bottom] = frame;
    outline.hidden = false;
    const style = {
      transitionDuration: jump ? "0s" : `${time}ms`,
      transform: `translate(${left - 3}px, ${top - 3}px)`,
      width: `${right - left + 6}px`,
      height: `${bottom - top + 6}px`,
    };
    for (const [name, text] of Object.entries(style)) if (outline.style[name] !== text) outline.style[name] = text;
  }
}

/** A sum that was completed ticks into its cell. @param {any} td */
export function tick(td) {
  if (!td || calm()) return;
  td.animate([{ transform: "scale(1.35)" }, { transform: "none" }], { duration: 260, easing: "ease-out" });
}
