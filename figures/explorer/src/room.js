// The room an explorer has, and what follows from it: the size of a cell, where the table stands.

import { extent } from "./grids.js";
import { cellSize, height } from "./layout.js";
import { MATRICES } from "./names.js";
import { layerIn } from "./sums.js";

/** @typedef {import("./explorer.js").Explorer} Explorer */

const SIDE_GAP = 26;
const FOOT = 62; // undo, copy and the gaps between all of them

/** Rows and columns of all grids, ghosts included. @param {Explorer} explorer */
function grids(explorer) {
  const { state, given } = explorer;
  const layer = layerIn(state, given);
  const stacked = given.show.includes("dw");
  return given.show
    .filter((name) => name !== "table" && name !== "lattice" && !(name === "db" && stacked))
    .map((name) => {
      if (name === "db") return { rows: 1, columns: layer.filters[0] ?? 1 };
      if (MATRICES[name]) return { rows: layer.lines.out.length, columns: layer.lines[MATRICES[name][0]].length };
      const planes = layer.shapes[name === "x" || name === "dx" ? "inp" : /w/.test(name) ? "tap" : "out"]
        .slice(0, -given.nd)
        .reduce((a, b) => a * b, 1);
      const columns = extent(explorer, name, given.nd - 1).length;
      const across = Math.min(planes, 2); // planes of channels stand in pairs
      return {
        rows: (given.nd > 1 ? extent(explorer, name, 0).length : 1) * Math.ceil(planes / across),
        columns: columns * across,
      };
    });
}

/** The site's header stays above; what stands below it is free. JupyterLab has a frame of its own.
 * @param {Explorer} explorer @returns {[number, number]} the header's height, and the room below it */
function free({ root }) {
  const notebook = root.closest(".jp-WindowedPanel-outer, .jp-Notebook");
  if (notebook) return [0, notebook.clientHeight];
  const bars = [...document.querySelectorAll(".bd-header, .bd-header-article")];
  const sticky = bars.filter((bar) => /sticky|fixed/.test(getComputedStyle(bar).position));
  const header = Math.max(0, ...sticky.map((bar) => bar.getBoundingClientRect().height));
  return [header, innerHeight - header];
}

/** Measure once, then set the stylesheet's variables. @param {Explorer} explorer */
export function settle(explorer) {
  const { root, panels, side, controls, dock } = explorer;
  const width = root.clientWidth;
  if (!width) return false;
  const phone = width < 520;
  const under = explorer.view.element.offsetHeight;
  const around = controls.offsetHeight + dock.offsetHeight + under + FOOT;
  root.style.setProperty("--view", `${under}px`);
  root.style.setProperty("--above", `${controls.offsetHeight + 8}px`);
  const [header, high] = free(explorer);
  const room = Math.min(high, 1000) - around;
  root.style.setProperty("--top", `${header}px`);
  const all = grids(explorer);
  const panelWidths = [...side.children].map((one) => /** @type {HTMLElement} */ (one).offsetWidth);
  const needs = panelWidths.length ? Math.min(Math.max(...panelWidths), 460) + SIDE_GAP : 0;
  const sizes = phone ? [42, 40, 38, 36, 34, 32, 30, 28] : undefined;
  const narrow = needs ? cellSize(all, width - needs, room, sizes) : 0;
  const wide = cellSize(all, width, needs ? room * 0.6 : room, sizes);
  const fits = height(all, narrow, width - needs) <= room; // beside each other they may be a little smaller
  const beside = needs > 0 && width - needs > 300 && narrow >= (fits ? 28 : Math.min(wide, 34));
  const cell = beside ? narrow : wide;
  panels.classList.toggle("explorer-wide", beside);
  root.style.setProperty("--cell", `${cell}px`);
  root.style.setProperty("--line", `${Math.min(cell, 40)}px`);
  root.style.setProperty("--room", `${Math.max(200, Math.round(beside ? room + around - 70 : room * 0.5))}px`);
  root.classList.toggle("explorer-tall", root.offsetHeight > high + 4);
  return true;
}
